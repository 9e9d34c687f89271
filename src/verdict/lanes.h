/*
 * lanes: which events of a pair went on at the same time, one command beside another;
 * private to src/verdict.
 */
#ifndef RPCSCOPE_LANES_H
#define RPCSCOPE_LANES_H

#include "judge.h"

/* The pair's events, lane after lane, each in order of time. */
struct lanes {
	struct events *at; /* [count]; they point into `events` */
	size_t count;
	struct event *events;
};

void lanes_make(struct lanes *lanes, const struct judge *judge, const struct pair *pair);
void lanes_free(struct lanes *lanes);

#endif
