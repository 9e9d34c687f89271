/*
 * verdict: what the facts of a capture mean: the mount attempts, step by step, and
 * what was found wrong, the deciding finding first.
 *
 * Made once, at the end of the capture, from facts that then must not change and
 * have to live as long. Sentences have gone through text_escape().
 */
#ifndef RPCSCOPE_VERDICT_H
#define RPCSCOPE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts.h"
#include "finding.h"
#include "names.h"
#include "text.h"

enum attempt_kind { ATTEMPT_NFS3, ATTEMPT_NFS4, ATTEMPT_NFS2, ATTEMPT_QUERY };

enum attempt_outcome {
	OUTCOME_MOUNTED,
	OUTCOME_FAILED,
	OUTCOME_INCOMPLETE, /* the capture does not say */
	OUTCOME_ANSWERED,   /* a query */
};

enum step_result { STEP_OK, STEP_FAILED, STEP_NO_ANSWER, STEP_RETRIED };

enum { STEP_FRAMES = 4 };

struct step {
	uint64_t frames[STEP_FRAMES]; /* ascending */
	unsigned frame_count;
	int64_t time, elapsed; /* elapsed: to the answer; -1: none */
	enum step_result result;
	uint32_t times; /* how often in a row */
	struct text text;
};

struct findings {
	struct finding *at;
	size_t count, capacity;
};

enum { ATTEMPT_PROGRAMS = 8 };

/* What one mount command (or query tool) did to one server. */
struct attempt {
	enum attempt_kind kind;
	enum attempt_outcome outcome;
	struct address client, server;
	struct text path; /* escaped; empty when it is not known */
	int64_t start, end;
	int64_t ready; /* when it was mounted; 0: it was not, or nobody saw */
	uint64_t first_frame, last_frame;
	struct step *steps;
	size_t step_count, step_capacity;
	uint64_t later;           /* calls after the mount that are not among the steps */
	struct findings findings; /* the deciding one first */
	uint32_t programs[ATTEMPT_PROGRAMS]; /* that it called, asked for or went to */
	uint32_t program_count;
};

struct verdict {
	struct attempt *attempts; /* in order of start */
	size_t attempt_count, attempt_capacity;
	struct findings findings; /* that belong to no attempt */
	struct {
		uint64_t connections, calls, attempts; /* that came behind a limit */
		const char *limit; /* the bound that ended it; NULL: it was all looked at */
		size_t contacts;   /* looked at before, */
		uint64_t frame;    /* up to there */
	} omitted;
	bool trouble; /* an attempt failed, or a warning stands */
};

struct verdict *verdict_new(const struct facts *facts, const struct names *names);
void verdict_free(struct verdict *verdict);

/* Which attempts and findings the user wants to see. */
struct verdict_wish {
	const struct address *host; /* client or server; NULL: any */
	const uint32_t *program;    /* that an attempt is about; NULL: any */
	bool errors;                /* only those that failed, or have a warning */
};

/* Lets go of all others, and says whether there is trouble among what stays. A finding that
 * belongs to no attempt is about no program; of which hosts, is not always known: then it
 * stays. */
void verdict_keep(struct verdict *verdict, const struct verdict_wish *wish);

const char *attempt_kind_name(enum attempt_kind kind);          /* "nfs3" */
const char *attempt_outcome_name(enum attempt_outcome outcome); /* "mounted" */
const char *step_result_name(enum step_result result);          /* "no answer" */

#endif
