/*
 * error: the one line that a user's mistake or a broken file is told in.
 *
 * A function that can fail because of what the user gave it takes a
 * struct error and fills it once: the first error wins. Traffic never makes
 * an error (docs/design.md, rule 2).
 */
#ifndef RPCSCOPE_ERROR_H
#define RPCSCOPE_ERROR_H

#include <stdbool.h>

struct error {
	char text[512]; /* "" while nothing is wrong; never ends in a newline */
};

/* Writes the line unless one stands already. Returns false, so that a caller can return it. */
bool error_set(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
