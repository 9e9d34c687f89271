/*
 * option_rows: what the parsing of the command line and --help share: the table of options.
 */
#ifndef RPCSCOPE_OPTION_ROWS_H
#define RPCSCOPE_OPTION_ROWS_H

#include "options.h"

enum { OPTION_ROWS = 22 };

struct option_row {
	char letter;          /* 0: has none */
	const char *name;     /* NULL: has none */
	const char *argument; /* NULL: takes none */
	unsigned commands;    /* it goes with: a bit of enum command_id each */
	const char *help;
	bool (*apply)(struct options *options, char *argument, struct error *error);
};

extern const struct option_row option_rows[OPTION_ROWS];

/* Adds a word of the command line. */
void words_add(struct words *words, char *word);

#endif
