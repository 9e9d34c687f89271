/*
 * park: replies that came before their call, waiting for it.
 *
 * Captures put together from several processors or files have replies a moment
 * before their calls. Such a reply cannot be decoded yet: a copy of it waits for
 * LIMIT_PARK_AGE, LIMIT_PARKED replies and LIMIT_PARKED_OCTETS times that at the most, and
 * is then handed on, with its call or without. One that there is no room for goes on at
 * once; only where its call comes after all is anything lost by that.
 */
#ifndef RPCSCOPE_PARK_H
#define RPCSCOPE_PARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bounds.h"
#include "memory.h"
#include "message.h"
#include "spares.h"

struct parked;

/* In the exchange of a reply that came before its call. */
struct parking_place {
	struct parked *parked; /* the reply, while it waits */
	bool no_room;          /* for it: it did not wait */
};

struct parked {
	struct parked *newer;
	struct parking_place *place; /* NULL when its exchange is forgotten */
	struct message message;      /* whole: its record, packet and octets are copies */
	struct record record;
	struct packet_copy packet;
	struct extents extents;
	uint8_t *octets;
	size_t capacity; /* of the octets */
};

struct parking {
	struct parked *oldest, *newest;
	size_t count, octets;
	size_t most;      /* replies; LIMIT_PARKED unless changed */
	struct pool pool; /* of struct parked; what they hold comes from the spares */
	struct spares octet_spares, extent_spares;
};

void parking_init(struct parking *parking, const struct bounds *bounds);
/* While the exchanges are still there, which those in it point to. */
void parking_release(struct parking *parking);

/* Copies the reply and leaves it at message->place. False when there is no room for it, which
 * is noted there. */
bool park(struct parking *parking, const struct message *message);
/* Takes it out; the caller frees it with parked_free(). */
void unpark(struct parking *parking, struct parked *parked);
void parked_free(struct parking *parking, struct parked *parked);

#endif
