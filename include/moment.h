/*
 * moment: a point in time as a user writes it: RFC 3339 UTC, seconds since 1970, the time
 * of day of the capture's first day, or seconds since its first frame.
 */
#ifndef RPCSCOPE_MOMENT_H
#define RPCSCOPE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

enum moment_kind {
	MOMENT_NONE,
	MOMENT_ABSOLUTE,    /* 2026-11-20T06:53:51.25Z, 1795157631.25 */
	MOMENT_OF_DAY,      /* 06:53:51.25 */
	MOMENT_SINCE_FIRST, /* +2.5 */
};

struct moment {
	enum moment_kind kind;
	int64_t time; /* ns */
};

/* False when it is none of these. */
bool moment_parse(struct moment *moment, const char *text);
/* ns since 1970, of a capture whose first frame has that time. */
int64_t moment_resolve(const struct moment *moment, int64_t first);
/* "12", "0.25": seconds as ns; false for anything else, or more than a hundred years. */
bool moment_parse_seconds(int64_t *nanoseconds, const char *text);

#endif
