/*
 * clock: the capture's clock made to run evenly, for those who weigh times.
 *
 * A clock that is set while a capture is taken (NTP, a virtual machine that was stopped)
 * makes times between packets that never were. A step back shows by itself. A jump
 * forward shows only inside an exchange: what one frame sent, the very next answers, so
 * long after that it had been sent again several times. Any other long time may be a pause, and
 * is one. From a step on, all times are moved by as much, so that no time passed in it.
 */
#ifndef RPCSCOPE_CLOCK_H
#define RPCSCOPE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "capture.h"

struct packet;

struct clock_steps {
	uint32_t count;
	uint64_t frame; /* the first behind the first step */
	int64_t by;     /* ns of the first: below 0 it went back */
};

struct clock {
	bool begun;
	int64_t latest; /* of the frame before, as captured */
	int64_t shift;  /* added to the times of frames */
	struct clock_steps *steps;
};

/* The even time of the next frame; steps are noted in clock->steps. `before` is what the frame
 * before it carried: one without transport for nothing that asks. */
int64_t clock_even(struct clock *clock, const struct frame *frame, const struct packet *before);

#endif
