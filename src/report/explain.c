/*
 * explain: what a finding means, from the table alone; no capture is read. Without
 * an id, the list of all. An id that does not exist is answered with those it is
 * most like: by what the two names share, else by edit distance.
 */
#include <string.h>

#include "command.h"
#include "finding.h"
#include "memory.h"
#include "report.h"
#include "report_words.h"

enum {
	NEAREST = 5,
	LONGEST_ID = 40,   /* of the table; test_findings holds it to that */
	LONGEST_WORD = 48, /* longer words are like no id */
	NOT_LIKE = 6,      /* edits that make another word of it */
	FARTHER = 2,       /* edits more than the nearest, and it is not meant */
};

/*
 * Edit distance (Levenshtein): insertions, deletions and replacements from one
 * word to the other, by one row of the matrix.
 */
static size_t
distance(const char *word, const char *id)
{
	size_t row[LONGEST_ID + 1];
	size_t width = strlen(id);
	for (size_t i = 0; i <= width; i++)
		row[i] = i;
	for (size_t line = 0; word[line] != '\0'; line++) {
		size_t diagonal = row[0];
		row[0] = line + 1;
		for (size_t i = 1; i <= width; i++) {
			size_t best = diagonal + (word[line] != id[i - 1]);
			diagonal = row[i];
			best = best < row[i] + 1 ? best : row[i] + 1;
			row[i] = best < row[i - 1] + 1 ? best : row[i - 1] + 1;
		}
	}
	return row[width];
}

/* How unlike they are: 0 where one name holds the other. */
static size_t
unlikeness(const char *word, const char *id)
{
	if (strlen(word) > LONGEST_WORD || strlen(id) > LONGEST_ID)
		return SIZE_MAX;
	if (strlen(word) > 2 && (strstr(id, word) != NULL || strstr(word, id) != NULL))
		return 0;
	return distance(word, id);
}

/* The ids that `word` is most like, the nearest first; how many there are. */
static size_t
find_nearest(const char *word, const char *nearest[NEAREST])
{
	size_t scores[NEAREST] = {0};
	size_t count = 0;
	for (int i = 0; i < FINDINGS; i++) {
		const char *id = finding_kind((enum finding_id)i)->id;
		size_t score = unlikeness(word, id);
		size_t at = count;
		while (at > 0 && scores[at - 1] > score)
			at--;
		if (score >= NOT_LIKE || at == NEAREST)
			continue;
		count += count < NEAREST;
		for (size_t k = count - 1; k > at; k--) {
			scores[k] = scores[k - 1];
			nearest[k] = nearest[k - 1];
		}
		scores[at] = score;
		nearest[at] = id;
	}
	while (count > 1 && scores[count - 1] > scores[0] + FARTHER)
		count--;
	return count;
}

static bool
complain(const char *word, struct error *error)
{
	const char *nearest[NEAREST];
	size_t count = find_nearest(word, nearest);
	struct text line;
	text_init(&line);
	text_escape(&line, word, strnlen(word, LONGEST_WORD));
	text_string_put(&line, strlen(word) > LONGEST_WORD ? "...: no such finding"
							   : ": no such finding");
	for (size_t i = 0; i < count; i++)
		text_format(&line, "%s%s", i == 0 ? "; near it: " : ", ", nearest[i]);
	if (count == 0)
		text_string_put(&line, "; rpcscope explain lists them");
	error_set(error, "%s", text_string(&line));
	text_release(&line);
	return false;
}

static void
list_all(struct text *out)
{
	for (int i = 0; i < FINDINGS; i++) {
		const struct finding_kind *kind = finding_kind((enum finding_id)i);
		text_format(out, "%-8s %-25s %s\n", severity_name(kind->severity), kind->id,
			    kind->title);
	}
}

static void
list_all_json(struct text *out)
{
	for (int i = 0; i < FINDINGS; i++)
		finding_explain_json(out, finding_kind((enum finding_id)i));
}

static bool
explain_words(struct run *run, bool json, struct error *error)
{
	const struct words *words = &run->options->words;
	for (size_t i = 0; i < words->count; i++) {
		const struct finding_kind *kind = finding_find(words->at[i]);
		if (kind == NULL)
			return complain(words->at[i], error);
		if (json) {
			finding_explain_json(run->text, kind);
			continue;
		}
		text_string_put(run->text, i == 0 ? "" : "\n");
		finding_explain(run->text, kind);
	}
	return true;
}

static void *
explain_begin(struct run *run, struct sink *sink, struct error *error)
{
	bool json = report_as_json(run);
	*sink = (struct sink){0};
	if (!explain_words(run, json, error))
		return NULL;
	if (run->options->words.count == 0)
		(json ? list_all_json : list_all)(run->text);
	run->done = true;
	return run;
}

static int
explain_finish(void *state, const struct counts *counts)
{
	(void)state, (void)counts;
	return 0;
}

/* The state is the run, which is not the command's own. */
static void
explain_free(void *state)
{
	(void)state;
}

const struct command explain_command = {
	.name = "explain",
	.purpose = "a finding: what it means, its causes, how to tell them apart, the fix",
	.words = "[ID...]",
	.begin = explain_begin,
	.finish = explain_finish,
	.free = explain_free,
};
