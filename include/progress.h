/*
 * progress: how far a long input has been read, for a person who waits.
 *
 * Shown on standard error only when that is a terminal, standard output is not
 * the same screen, and more than a second has gone by.
 */
#ifndef RPCSCOPE_PROGRESS_H
#define RPCSCOPE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool wanted, shown;
	int64_t next; /* monotonic clock, ns: when to show it again */
};

void progress_begin(struct progress *progress, bool quiet);
/* Called for every frame; looks at the clock only now and then. */
void progress_frame(struct progress *progress, uint64_t frames);
/* Wipes what was shown. */
void progress_end(struct progress *progress);

#endif
