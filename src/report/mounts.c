/*
 * mounts: why did the mount fail: the verdict in the first line, then what was
 * tried, step by step, then evidence and remedy. Everything is decided in
 * src/verdict; here it is only printed.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "facts.h"
#include "memory.h"
#include "mounts_json.h"
#include "output.h"
#include "report.h"
#include "report_words.h"
#include "select.h"
#include "verdict.h"
#include "wrap.h"

enum {
	STEPS_SHOWN = 14,    /* of a mount that has more: the first and the last */
	STEPS_FIRST = 4,     /* of these the first */
	STEP_COLUMNS = 68,   /* of a step's text */
	TEXT_COLUMNS = 96,   /* of a line with sentences */
	EVIDENCE_SHOWN = 12, /* frames named to people */
};

struct mounts {
	struct run *run;
	struct facts *facts;
	struct output output;
	struct selection selection;
	bool json;
};

static void
mounts_free(void *state)
{
	struct mounts *mounts = state;
	selection_release(&mounts->selection);
	facts_free(mounts->facts);
	free(mounts);
}

static void *
mounts_begin(struct run *run, struct sink *sink, struct error *error)
{
	struct mounts *mounts = memory_get(sizeof *mounts);
	mounts->run = run;
	mounts->facts = facts_new(run->decoder, &run->options->bounds);
	mounts->json = report_as_json(run);
	mounts->output = report_output(run);
	facts_listen(sink, mounts->facts);
	if (selection_init(&mounts->selection, run->options, run->names, error))
		return mounts;
	mounts_free(mounts);
	return NULL;
}

static const char *
color_of(const struct mounts *mounts, enum severity severity)
{
	static const char *const colors[] = {
		[SEVERITY_ERROR] = "\033[1;31m",
		[SEVERITY_WARNING] = "\033[1;33m",
		[SEVERITY_NOTE] = "\033[36m",
	};
	return mounts->run->color ? colors[severity] : "";
}

static const char *
plain(const struct mounts *mounts)
{
	return mounts->run->color ? "\033[0m" : "";
}

static size_t
columns_of(const struct mounts *mounts)
{
	return wrap_columns(mounts->run->columns, TEXT_COLUMNS);
}

static void
put_labelled(const struct mounts *mounts, const char *label, const char *words)
{
	enum { LABEL = 10 };
	struct text *text = mounts->run->text;
	size_t start = text->length;
	text_format(text, "  %s", label);
	text_pad_to(text, start, LABEL);
	wrap_words(text, LABEL, LABEL, columns_of(mounts), words, strlen(words));
}

static void
put_evidence(struct text *text, const struct finding *finding)
{
	if (finding->frame_count == 0)
		return;
	text_string_put(text, "  proof   frame");
	text_string_put(text, finding->frame_count == 1 ? " " : "s ");
	for (size_t i = 0; i < finding->frame_count && i < EVIDENCE_SHOWN; i++)
		text_format(text, "%s%llu", i == 0 ? "" : ", ",
			    (unsigned long long)finding->frames[i]);
	if (finding->frame_count > EVIDENCE_SHOWN)
		text_string_put(text, ", ...");
	text_format(text, " (%s)\n", confidence_name(finding->confidence));
}

static void
put_finding(const struct mounts *mounts, const struct finding *finding, bool whole)
{
	struct text *text = mounts->run->text;
	const struct finding_kind *kind = finding_kind(finding->id);
	size_t start = text->length;
	text_format(text, "%s%s%s: ", color_of(mounts, finding->severity), kind->id,
		    plain(mounts));
	size_t column = text->length - start;
	if (mounts->run->color)
		column -= strlen(color_of(mounts, finding->severity)) + strlen(plain(mounts));
	wrap_words(text, column, 2, columns_of(mounts), finding->sentence.at,
		   finding->sentence.length);
	put_evidence(text, finding);
	if (!whole)
		return;
	put_labelled(mounts, "cause", kind->cause);
	put_labelled(mounts, "remedy", kind->remedy);
}

/* To the millisecond where it is the time of day: steps are told from there. */
static void
put_start(const struct mounts *mounts, struct text *text, int64_t time)
{
	struct output output = mounts->output;
	output.text = text;
	if (output.time_form == TIME_OF_DAY)
		text_time_of_day(text, time, 3);
	else
		output_time(&output, time);
}

/* "mount of 192.168.56.10:/srv/data by 192.168.56.21, NFS 3, ..." */
static void
say_attempt(const struct mounts *mounts, struct text *text, const struct attempt *attempt)
{
	static const char *const kinds[] = {[ATTEMPT_NFS3] = ", NFS 3",
					    [ATTEMPT_NFS4] = ", NFS 4",
					    [ATTEMPT_NFS2] = ", NFS 2",
					    [ATTEMPT_QUERY] = ""};
	const struct names *names = mounts->run->names;
	int64_t end = attempt->ready != 0 ? attempt->ready : attempt->end;
	text_string_put(text, attempt->kind == ATTEMPT_QUERY ? "query of " : "mount of ");
	names_host_text(names, text, &attempt->server);
	if (attempt->path.length != 0) {
		text_char(text, ':');
		text_put(text, attempt->path.at, attempt->path.length);
	}
	text_string_put(text, " by ");
	names_host_text(names, text, &attempt->client);
	text_string_put(text, kinds[attempt->kind]);
	text_string_put(text, ", ");
	put_start(mounts, text, attempt->start);
	text_string_put(text, ", took ");
	text_duration(text, end - attempt->start);
}

static void
put_head(const struct mounts *mounts, const struct attempt *attempt)
{
	static const struct {
		const char *word;
		enum severity severity;
	} heads[] = {
		[OUTCOME_MOUNTED] = {"MOUNTED", SEVERITY_NOTE},
		[OUTCOME_FAILED] = {"FAILED", SEVERITY_ERROR},
		[OUTCOME_INCOMPLETE] = {"INCOMPLETE", SEVERITY_WARNING},
		[OUTCOME_ANSWERED] = {"ANSWERED", SEVERITY_NOTE},
	};
	struct text *text = mounts->run->text;
	const char *word = heads[attempt->outcome].word;
	struct text words;
	text_init(&words);
	say_attempt(mounts, &words, attempt);
	text_format(text, "%s%s%s ", color_of(mounts, heads[attempt->outcome].severity), word,
		    plain(mounts));
	wrap_words(text, strlen(word) + 1, 2, columns_of(mounts), words.at, words.length);
	text_release(&words);
}

static void
put_step(const struct mounts *mounts, const struct attempt *attempt, const struct step *step)
{
	static const char *const marks[] = {[STEP_OK] = "ok",
					    [STEP_FAILED] = "FAILED",
					    [STEP_NO_ANSWER] = "no answer",
					    [STEP_RETRIED] = "retried"};
	struct text *text = mounts->run->text;
	size_t start = text->length;
	text_string_put(text, "  +");
	text_seconds(text, step->time - attempt->start, 3);
	text_pad_to(text, start, 12);
	size_t most = STEP_COLUMNS - (TEXT_COLUMNS - columns_of(mounts));
	size_t shown = step->text.length;
	if (shown > most) {
		shown = most - 3;
		while (shown > 0 && (step->text.at[shown] & 0xc0) == 0x80)
			shown--; /* not inside a UTF-8 character */
	}
	text_put(text, step->text.at, shown);
	if (shown < step->text.length)
		text_string_put(text, "...");
	text_pad_to(text, start, 12 + most + 1);
	if (step->result != STEP_OK && mounts->run->color)
		text_string_put(text, color_of(mounts, SEVERITY_WARNING));
	text_string_put(text, marks[step->result]);
	if (step->result != STEP_OK)
		text_string_put(text, plain(mounts));
	if (step->times > 1)
		text_format(text, " x%u", step->times);
	text_char(text, '\n');
}

static void
put_steps(const struct mounts *mounts, const struct attempt *attempt)
{
	struct text *text = mounts->run->text;
	size_t hidden =
		attempt->step_count > STEPS_SHOWN ? attempt->step_count - STEPS_SHOWN : 0;
	for (size_t i = 0; i < attempt->step_count; i++) {
		if (hidden != 0 && i == STEPS_FIRST) {
			text_string_put(text, "  ...       ");
			text_count(text, hidden, "more step\n", "more steps\n");
			i += hidden;
		}
		put_step(mounts, attempt, &attempt->steps[i]);
	}
	if (attempt->later != 0) {
		text_string_put(text, "  then      ");
		text_count(text, attempt->later, "more call\n", "more calls\n");
	}
}

static void
put_attempt(const struct mounts *mounts, const struct attempt *attempt)
{
	put_head(mounts, attempt);
	if (attempt->findings.count != 0)
		put_finding(mounts, &attempt->findings.at[0],
			    attempt->findings.at[0].severity != SEVERITY_NOTE);
	else if (attempt->outcome == OUTCOME_INCOMPLETE)
		text_string_put(
			mounts->run->text,
			"  the capture does not show how it ended: it ends too early, or "
			"lacks packets\n");
	put_steps(mounts, attempt);
	for (size_t i = 1; i < attempt->findings.count; i++)
		put_finding(mounts, &attempt->findings.at[i], false);
	text_char(mounts->run->text, '\n');
}

/* How much was looked at, where a bound ended that: nobody may take it for the whole. */
static void
put_omitted(const struct mounts *mounts, const struct verdict *verdict, bool nothing)
{
	uint64_t connections = verdict->omitted.connections, calls = verdict->omitted.calls;
	size_t looked_at = verdict->omitted.contacts;
	struct text words;
	text_init(&words);
	text_string_put(&words, nothing ? "no mount attempt, and nothing found wrong, in"
					: "looked at: only");
	text_string_put(&words, " the first ");
	if (looked_at != 1)
		text_format(&words, "%zu ", looked_at);
	text_format(&words, "connection%s, up to frame %llu", looked_at == 1 ? "" : "s",
		    (unsigned long long)verdict->omitted.frame);
	if (connections != 0) {
		text_string_put(&words, ": ");
		text_count(&words, connections, "connection", "connections");
	}
	if (calls != 0) {
		text_string_put(&words, connections != 0 ? " and " : ": ");
		text_count(&words, calls, "call", "calls");
	}
	if (connections + calls != 0)
		text_string_put(&words, connections + calls == 1 ? " more was not looked at"
								 : " more were not looked at");
	text_format(&words, "; see --limit %s", verdict->omitted.limit);
	wrap_words(mounts->run->text, 0, 2, columns_of(mounts), words.at, words.length);
	text_release(&words);
}

static void
verdict_text(struct mounts *mounts, const struct verdict *verdict)
{
	struct text *text = mounts->run->text;
	mounts->output.first = mounts->output.last = mounts->facts->first;
	for (size_t i = 0; i < verdict->attempt_count; i++) {
		put_attempt(mounts, &verdict->attempts[i]);
		mounts->output.last = verdict->attempts[i].start;
	}
	for (size_t i = 0; i < verdict->findings.count; i++) {
		put_finding(mounts, &verdict->findings.at[i],
			    verdict->findings.at[i].severity != SEVERITY_NOTE);
		text_char(text, '\n');
	}
	bool nothing = verdict->attempt_count == 0 && verdict->findings.count == 0;
	if (verdict->omitted.limit != NULL)
		put_omitted(mounts, verdict, nothing);
	else if (nothing)
		text_string_put(text, "no mount attempt, and nothing found wrong\n");
}

static int
mounts_finish(void *state, const struct counts *counts)
{
	struct mounts *mounts = state;
	struct facts *facts = mounts->facts;
	facts_end(facts, counts);
	const struct selection *selection = &mounts->selection;
	const struct verdict_wish wish = {
		.host = selection->has_host ? &selection->host : NULL,
		.program = selection->has_program ? &selection->program : NULL,
		.errors = selection->errors};
	struct verdict *verdict = verdict_new(facts, mounts->run->names);
	verdict_keep(verdict, &wish);
	mounts->run->counts->evicted.attempts = verdict->omitted.attempts;
	mounts->run->counts->evicted.hosts = facts->omitted_hosts;
	mounts->run->counts->evicted.neighbours = facts->omitted_neighbours;
	if (mounts->json) {
		mounts_json(mounts->run->text, verdict);
		output_json.summary(&mounts->output, counts);
	} else {
		verdict_text(mounts, verdict);
		output_evicted_text(&mounts->output, counts);
	}
	int status = verdict->trouble;
	verdict_free(verdict);
	return status;
}

const struct command mounts_command = {
	.name = "mounts",
	.purpose = "each mount attempt, step by step, and why it failed",
	.begin = mounts_begin,
	.finish = mounts_finish,
	.free = mounts_free,
};
