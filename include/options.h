/*
 * options: the command line. Parsing and --help come from the same table.
 */
#ifndef RPCSCOPE_OPTIONS_H
#define RPCSCOPE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bounds.h"
#include "error.h"
#include "moment.h"
#include "output.h"

/* Words of the command line, in order; they point into argv. */
struct words {
	char **at;
	size_t count, capacity;
};

struct options {
	const char *command; /* "show" when none was given */
	struct words files;  /* FILE arguments and -r */
	struct words words;  /* arguments of a command that takes no files */
	struct words specs;  /* --spec */
	const struct output_form *form;
	enum time_form time_form;
	struct bounds bounds; /* --limit */
	uint64_t count;       /* -c: stop after that many messages; 0: no limit */
	bool numeric;         /* -n */
	bool quiet;           /* -q */
	bool help, version;
	const char *hosts; /* --hosts */
	/* Which messages: */
	const char *program; /* --program, a name or a number */
	const char *host;    /* --host, a name or an address */
	bool has_xid;
	uint32_t xid; /* --xid */
	bool errors;  /* --errors */
	/* sessions */
	struct moment at; /* --at */
	bool transitions; /* --transitions */
	bool states;      /* --states */
	int64_t msl;      /* --msl, in ns; 0: the default */
	/* specs */
	bool check; /* --check */
};

/* False with *error set when the command line cannot be used. options_release() in any case. */
bool options_parse(struct options *options, int argc, char **argv, struct error *error);
void options_release(struct options *options);
/* What --help prints. */
void options_help(struct text *out);

#endif
