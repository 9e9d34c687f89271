/*
 * park: replies that came before their call, waiting for it.
 *
 * Captures put together from several processors or files have replies a moment
 * before their calls. Such a reply cannot be decoded yet: a copy of it waits for
 * LIMIT_PARK_AGE, LIMIT_PARKED replies and LIMIT_PARKED_OCTETS at the most, and
 * is then handed on, with its call or without.
 */
#ifndef RPCSCOPE_PARK_H
#define RPCSCOPE_PARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"

struct parked {
	struct parked *newer;
	struct parked *
		*place; /* what points here from its exchange; NULL when that is forgotten */
	struct message message; /* whole: its record, packet and octets are copies */
	struct record record;
	struct packet_copy packet;
	struct extents extents;
	uint8_t octets[];
};

struct parking {
	struct parked *oldest, *newest;
	size_t count, octets;
};

/* Copies the reply and leaves it at *message->place. False when there is no room for it. */
bool park(struct parking *parking, const struct message *message);
/* Takes it out; the caller frees it with parked_free(). */
void unpark(struct parking *parking, struct parked *parked);
void parked_free(struct parked *parked);

#endif
