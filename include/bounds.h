/*
 * bounds: the limits that the command line can change, as --limit NAME=N. 0 is what
 * limits.h says. What is given up because of one is counted and told.
 */
#ifndef RPCSCOPE_BOUNDS_H
#define RPCSCOPE_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

struct bounds {
	uint32_t flows;     /* connections and conversations held: LIMIT_FLOWS */
	uint32_t held;      /* octets out of order: LIMIT_HELD_OCTETS */
	uint32_t direction; /* of those, of one direction: LIMIT_HELD_DIRECTION */
	uint32_t record;    /* octets kept of one: LIMIT_RECORD */
	uint32_t records;   /* octets of records over several segments: LIMIT_GATHER_OCTETS */
	uint32_t fragments; /* octets of IP fragments: LIMIT_FRAGMENT_OCTETS */

	uint32_t calls;        /* remembered, answered or not: LIMIT_PENDING_CALLS */
	uint32_t namesakes;    /* of those, of one caller and xid: LIMIT_NAMESAKES */
	uint32_t answered;     /* over UDP, from where they go early: LIMIT_ANSWERED_CALLS */
	uint32_t answered_tcp; /* the same over TCP: LIMIT_ANSWERED_TCP */
	uint32_t parked;       /* replies that wait for their call: LIMIT_PARKED */
	uint32_t callbacks;    /* announced programs: LIMIT_CALLBACKS */

	uint32_t sessions;  /* kept to the end: LIMIT_SESSIONS */
	uint32_t servers;   /* whose portmapper's answers are kept: LIMIT_SERVERS */
	uint32_t answers;   /* of one of them: LIMIT_BINDINGS */
	uint32_t questions; /* to portmappers: LIMIT_QUESTIONS */

	uint32_t contacts;   /* connections looked at for a verdict: LIMIT_FACTS_CONTACTS */
	uint32_t facts;      /* calls kept for a verdict: LIMIT_FACTS_CALLS */
	uint32_t hosts;      /* that spoke: LIMIT_FACTS_HOSTS */
	uint32_t neighbours; /* looked for on the link: LIMIT_FACTS_NEIGHBOURS */
	uint32_t datagrams;  /* in pieces: LIMIT_FACTS_DATAGRAMS */
	uint32_t paths;      /* octets of them: LIMIT_FACTS_OCTETS */
	uint32_t attempts;   /* judged: LIMIT_ATTEMPTS */

	uint32_t rows;       /* of the table of `ports`: LIMIT_ROWS */
	uint32_t sources;    /* answers told in them: LIMIT_SOURCES */
	uint32_t changes;    /* of state, in order of time: LIMIT_CHANGES */
	uint32_t unfollowed; /* octets that tell of such answers: LIMIT_UNFOLLOWED */
};

/* A name of --limit. */
struct bound_row {
	const char *name;
	size_t place; /* of its number in struct bounds */
	uint32_t usual, least;
	const char *what; /* is kept at most */
};

enum { BOUND_ROWS = sizeof(struct bounds) / sizeof(uint32_t) };

extern const struct bound_row bound_rows[BOUND_ROWS];

static inline uint32_t
bound_or(uint32_t bound, uint32_t limit)
{
	return bound != 0 ? bound : limit;
}

#endif
