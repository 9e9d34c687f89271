/*
 * bounds: the limits that the command line can change, as --limit NAME=N. 0 is what
 * limits.h says. What is given up because of one is counted and told.
 */
#ifndef RPCSCOPE_BOUNDS_H
#define RPCSCOPE_BOUNDS_H

#include <stdint.h>

struct bounds {
	uint32_t flows;     /* connections and conversations held: LIMIT_FLOWS */
	uint32_t calls;     /* remembered, answered or not: LIMIT_PENDING_CALLS */
	uint32_t namesakes; /* of those, of one caller and xid: LIMIT_NAMESAKES */
	uint32_t sessions;  /* kept to the end: LIMIT_SESSIONS */
	uint32_t servers;   /* whose portmapper's answers are kept: LIMIT_SERVERS */
	uint32_t answers;   /* of one of them: LIMIT_BINDINGS */
	uint32_t questions; /* to portmappers: LIMIT_QUESTIONS */
	uint32_t contacts;  /* connections looked at for a verdict: LIMIT_FACTS_CONTACTS */
	uint32_t facts;     /* calls kept for a verdict: LIMIT_FACTS_CALLS */
	uint32_t held;      /* octets out of order: LIMIT_HELD_OCTETS */
	uint32_t records;   /* octets of records over several segments: LIMIT_GATHER_OCTETS */
	uint32_t fragments; /* octets of IP fragments: LIMIT_FRAGMENT_OCTETS */
};

static inline uint32_t
bound_or(uint32_t bound, uint32_t limit)
{
	return bound != 0 ? bound : limit;
}

#endif
