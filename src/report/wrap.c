/*
 * wrap: a line breaks at the last blank that fits, but for a blank between a number and
 * its unit. A word that is longer than a line stands in one of its own.
 */
#include "wrap.h"

enum { COLUMNS_LEAST = 40 }; /* in fewer nothing can be read */

size_t
wrap_columns(size_t terminal, size_t most)
{
	if (terminal == 0 || terminal >= most)
		return most;
	return terminal < COLUMNS_LEAST ? COLUMNS_LEAST : terminal;
}

static size_t
blank_after(const char *words, size_t at, size_t length)
{
	while (at < length && words[at] != ' ')
		at++;
	return at;
}

/* "ms", "s,": a unit, and what may stand behind it. */
static bool
is_unit(const char *word, size_t length)
{
	static const char *const units[] = {"ns", "us", "ms", "s", "min", "h", "octets"};
	while (length > 0 && strchr(",;.:)", word[length - 1]) != NULL)
		length--;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strlen(units[i]) == length && memcmp(units[i], word, length) == 0)
			return true;
	}
	return false;
}

size_t
wrap_unit(const char *words, size_t end, size_t length)
{
	if (end == 0 || end >= length || words[end - 1] < '0' || words[end - 1] > '9')
		return end;
	size_t next = blank_after(words, end + 1, length);
	return is_unit(words + end + 1, next - end - 1) ? next : end;
}

void
wrap_words(struct text *text, size_t column, size_t indent, size_t columns, const char *words,
	   size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t end = wrap_unit(words, blank_after(words, at, length), length);
		if (column + 1 + (end - at) > columns && column > indent) {
			while (text->at[text->length - 1] == ' ')
				text_truncate(text, text->length - 1);
			text_char(text, '\n');
			text_fill(text, ' ', indent);
			column = indent;
		} else if (at != 0) {
			text_char(text, ' ');
			column++;
		}
		text_put(text, words + at, end - at);
		column += end - at;
		at = end + 1;
	}
	text_char(text, '\n');
}

void
wrap_lines(struct text *text, size_t start, size_t indent, size_t columns)
{
	struct text lines;
	text_init(&lines);
	text_put(&lines, text->at + start, text->length - start);
	text_truncate(text, start);
	for (size_t at = 0; at < lines.length;) {
		const char *line = lines.at + at, *end = memchr(line, '\n', lines.length - at);
		size_t length = end != NULL ? (size_t)(end - line) : lines.length - at;
		at += length + 1;
		if (length <= columns || length <= indent) {
			text_put(text, line, length);
			text_char(text, '\n');
			continue;
		}
		text_put(text, line, indent);
		wrap_words(text, indent, indent, columns, line + indent, length - indent);
	}
	text_release(&lines);
}
