/*
 * explanation: a row of the table of findings, for people and for scripts.
 *
 * For people: a line with id and severity, then a section a question, wrapped at
 * 80 columns. What stands between backquotes is a command; a line is never broken
 * inside it, so that it can be copied, unless it alone is too long.
 */
#include <string.h>

#include "finding.h"
#include "object.h"
#include "wrap.h"

enum { COLUMNS = 80, INDENT = 2 };

/* Where the next word ends: at a blank outside backquotes, or at the end. */
static const char *
word_end(const char *word, const char *end)
{
	bool quoted = false;
	const char *at = word;
	while (at < end && (quoted || *at != ' ')) {
		if (*at == '`')
			quoted = !quoted;
		at++;
	}
	return word + wrap_unit(word, (size_t)(at - word), (size_t)(end - word));
}

/* Words up to `end`, each line indented; the first line has begun and is `column` long. */
static void
put_wrapped(struct text *out, const char *from, const char *end, size_t indent)
{
	size_t column = indent;
	while (from < end) {
		const char *stop = word_end(from, end);
		size_t length = (size_t)(stop - from);
		if (length > COLUMNS - indent) { /* a quotation too long for any line */
			const char *blank = memchr(from, ' ', length);
			length = blank != NULL ? (size_t)(blank - from) : length;
		}
		if (column > indent && column + 1 + length > COLUMNS) {
			text_char(out, '\n');
			text_fill(out, ' ', indent);
			column = indent;
		}
		if (column > indent) {
			text_char(out, ' ');
			column++;
		}
		text_put(out, from, length);
		column += length;
		from += length + (from[length] == ' ');
	}
	text_char(out, '\n');
}

/* One paragraph for every line of `content`, behind a mark. */
static void
put_section(struct text *out, const char *heading, const char *content, const char *mark)
{
	text_format(out, "\n%s\n", heading);
	while (true) {
		const char *end = strchrnul(content, '\n');
		text_fill(out, ' ', INDENT);
		text_string_put(out, mark);
		put_wrapped(out, content, end, INDENT + strlen(mark));
		if (*end == '\0')
			return;
		content = end + 1;
	}
}

void
finding_explain(struct text *out, const struct finding_kind *kind)
{
	text_format(out, "%s (%s)\n", kind->id, severity_name(kind->severity));
	text_fill(out, ' ', INDENT);
	put_wrapped(out, kind->title, kind->title + strlen(kind->title), INDENT);
	put_section(out, "What it means", kind->meaning, "");
	put_section(out, "What to do", kind->remedy, "");
	put_section(out, "Causes, the most frequent first", kind->causes, "- ");
	put_section(out, "How to tell them apart", kind->tell_apart, "- ");
	put_section(out, "What is printed then", kind->prints, "");
	put_section(out, "Source", kind->source, "");
}

static void
put_list(struct text *out, const char *key, const char *list)
{
	object_key(out, key);
	text_char(out, '[');
	while (true) {
		const char *end = strchrnul(list, '\n');
		object_quoted_octets(out, list, (size_t)(end - list));
		if (*end == '\0')
			break;
		text_char(out, ',');
		list = end + 1;
	}
	text_char(out, ']');
}

void
finding_explain_json(struct text *out, const struct finding_kind *kind)
{
	object_begin(out, "explanation");
	object_string(out, "id", kind->id);
	object_string(out, "severity", severity_name(kind->severity));
	object_string(out, "title", kind->title);
	object_string(out, "meaning", kind->meaning);
	object_string(out, "cause", kind->cause);
	put_list(out, "causes", kind->causes);
	put_list(out, "tell_apart", kind->tell_apart);
	object_string(out, "remedy", kind->remedy);
	put_list(out, "prints", kind->prints);
	object_string(out, "source", kind->source);
	object_end(out);
}
