/* progress: the clock is looked at once in 16,384 frames, a few milliseconds apart. */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "limits.h"

enum { FRAMES_BETWEEN = 16384 };

static int64_t
now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

void
progress_begin(struct progress *progress, bool quiet)
{
	*progress = (struct progress){.wanted = !quiet && isatty(STDERR_FILENO) &&
						!isatty(STDOUT_FILENO)};
	if (progress->wanted)
		progress->next = now() + SECOND;
}

void
progress_frame(struct progress *progress, uint64_t frames)
{
	if (!progress->wanted || frames % FRAMES_BETWEEN != 0 || now() < progress->next)
		return;
	fprintf(stderr, "\r%llu frames", (unsigned long long)frames);
	progress->shown = true;
	progress->next = now() + SECOND;
}

void
progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
}
