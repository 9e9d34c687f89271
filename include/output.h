/*
 * output: the forms that `show` prints messages in. One table of back ends; a
 * new form is a new file and a new row.
 */
#ifndef RPCSCOPE_OUTPUT_H
#define RPCSCOPE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "counts.h"
#include "decode.h"
#include "message.h"
#include "names.h"
#include "text.h"

enum time_form {
	TIME_OF_DAY,      /* -t a */
	TIME_SINCE_FIRST, /* -t r */
	TIME_SINCE_LAST,  /* -t d: since the message printed before */
};

enum {
	OUTPUT_ENDS = 16,
	OUTPUT_END_OCTETS = 48, /* an IPv6 address and a port have at most 45 */
};

/* An address and a port as they were written before: most lines are about the same few. */
struct output_end {
	struct endpoint end;
	size_t length; /* 0: none yet */
	char text[OUTPUT_END_OCTETS];
};

/* Everything a back end needs; `text` is where it writes. */
struct output {
	struct text *text;
	const struct names *names;
	const struct decoder *decoder;
	struct tape tape; /* a back end's to use for the message at hand */
	enum time_form time_form;
	bool color;          /* the output is a terminal that wants it */
	int64_t first, last; /* time of the first frame, of the message printed before */
	struct output_end ends[OUTPUT_ENDS]; /* by address and port, the last one of a place */
};

struct output_form {
	const char *name; /* "line", "tree", "hex", "json" */
	void (*message)(struct output *output, const struct message *message);
	void (*summary)(struct output *output, const struct counts *counts);
};

extern const struct output_form output_line, output_tree, output_hex, output_json;

/* Helpers that more than one form uses (output.c). */
/* The time of a message in the form asked for. */
void output_time(struct output *output, int64_t time);
/* "192.168.56.252.678 > 192.168.56.65.111" as tcpdump writes it. */
void output_endpoints(struct output *output, const struct message *message);
/* Every anomaly of the message and of its tape, each through the function. */
void output_anomalies(struct output *output, const struct message *message,
		      void (*print)(struct output *output, const struct anomaly *anomaly));
/* "107 frames, 48 messages: ..." and what was given up, for people. */
void output_summary_text(struct output *output, const struct counts *counts);
/* Only what was given up, in the same words; nothing where nothing was. */
void output_evicted_text(struct output *output, const struct counts *counts);

#endif
