/*
 * wrap: text for people in lines of a width; private to src/report. A number and its unit stay
 * in one line.
 */
#ifndef RPCSCOPE_WRAP_H
#define RPCSCOPE_WRAP_H

#include "text.h"

/* The columns of a line: `most`, or those of the terminal where it has fewer (0: no terminal).
 */
size_t wrap_columns(size_t terminal, size_t most);
/* Where a word that ends at `end` has to stay in one line with what follows: the end of both.
 */
size_t wrap_unit(const char *words, size_t end, size_t length);
/*
 * Words up to column `columns` of each line; the lines after the first are indented. The line
 * that has begun is `column` long. Ends the last one.
 */
void wrap_words(struct text *text, size_t column, size_t indent, size_t columns,
		const char *words, size_t length);
/* The lines from `start` on again, those that are too long broken: behind their first `indent`
 * columns, which stay as they are. */
void wrap_lines(struct text *text, size_t start, size_t indent, size_t columns);

#endif
