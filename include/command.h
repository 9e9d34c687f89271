/*
 * command: what rpcscope can be asked for. One row a command; main.c feeds the
 * pipeline, the command takes what comes out of it.
 */
#ifndef RPCSCOPE_COMMAND_H
#define RPCSCOPE_COMMAND_H

#include <stdbool.h>

#include "counts.h"
#include "decode.h"
#include "names.h"
#include "options.h"
#include "pipeline.h"
#include "text.h"

/* What every command works with; lives as long as the run. */
struct run {
	const struct options *options;
	const struct names *names;
	const struct decoder *decoder;
	struct counts *counts; /* the pipeline's, set before the first frame */
	struct text *text;     /* what is written here goes to standard output */
	bool color;
	size_t columns;         /* of the terminal that standard output is; 0: it is none */
	uint64_t most_messages; /* read no further than the frame with so many; 0: to the end */
	bool done;              /* set by a command that has seen enough */
	struct error remark;    /* of the command, for standard error; no mistake, no status */
};

struct command {
	const char *name;
	const char *purpose; /* for --help */
	/* What it takes instead of capture files, as --help calls it; NULL: capture files. */
	const char *words;
	/* Makes the command's state and says what it wants to hear. NULL with *error set when
	 * an option cannot be used. */
	void *(*begin)(struct run *run, struct sink *sink, struct error *error);
	/* The capture is over: prints what comes last and returns the exit status. */
	int (*finish)(void *state, const struct counts *counts);
	void (*free)(void *state);
	/* -c is the number of messages that it shows, and it looks to that itself; else main.c
	 * ends after so many messages of the capture. */
	bool counts_shown;
};

enum command_id {
	COMMAND_SHOW, /* the default */
	COMMAND_MOUNTS,
	COMMAND_SESSIONS,
	COMMAND_PORTS,
	COMMAND_EXPLAIN,
	COMMAND_SPECS,
	COMMANDS
};

/* The table, by enum command_id, ended by NULL. */
extern const struct command *const commands[COMMANDS + 1];

/* COMMANDS where there is none of that name. */
enum command_id command_number(const char *name);

/* NULL where there is none of that name. */
const struct command *command_find(const char *name);

#endif
