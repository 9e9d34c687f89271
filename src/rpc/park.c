/*
 * A list in order of arrival, short enough to be searched from its head. What a reply took
 * goes back to the parking when it is handed on: a capture whose replies come first has
 * them one after the other.
 */
#include "park.h"

#include <string.h>

#include "limits.h"
#include "unusual.h"

void
parking_init(struct parking *parking, const struct bounds *bounds)
{
	*parking = (struct parking){.most = bound_or(bounds->parked, LIMIT_PARKED)};
	pool_init(&parking->pool, sizeof(struct parked));
	spares_init(&parking->octet_spares, 1);
	spares_init(&parking->extent_spares, sizeof(struct extent));
}

/* A copy that outlives the frame: all that the message points at. */
static struct parked *
copy(struct parking *parking, const struct message *message)
{
	const struct record *record = message->record;
	struct parked *parked = pool_get(&parking->pool);
	parked->octets =
		spares_grow(&parking->octet_spares, NULL, &parked->capacity, record->captured);
	memcpy(parked->octets, record->octets, record->captured);
	packet_copy(&parked->packet, message->packet);
	parked->extents.at = spares_grow(&parking->extent_spares, NULL,
					 &parked->extents.capacity, record->extent_count);
	if (record->extent_count != 0)
		memcpy(parked->extents.at, record->extents,
		       record->extent_count * sizeof *record->extents);
	parked->record = *record;
	parked->record.octets = parked->octets;
	parked->record.extents = parked->extents.at;
	parked->record.packet = &parked->packet.packet;
	parked->message = *message;
	parked->message.record = &parked->record;
	parked->message.packet = &parked->packet.packet;
	parked->message.place = NULL;
	parked->message.note = NULL; /* its exchange may go before it */
	parked->place = message->place;
	return parked;
}

UNUSUAL bool
park(struct parking *parking, const struct message *message)
{
	size_t octets = message->record->captured;
	if (parking->count >= parking->most ||
	    octets > parking->most * LIMIT_PARKED_OCTETS - parking->octets) {
		message->place->no_room = true;
		return false;
	}
	struct parked *parked = copy(parking, message);
	parked->place->parked = parked;
	if (parking->newest != NULL)
		parking->newest->newer = parked;
	else
		parking->oldest = parked;
	parking->newest = parked;
	parking->count++;
	parking->octets += octets;
	return true;
}

void
unpark(struct parking *parking, struct parked *parked)
{
	struct parked *before = NULL;
	for (struct parked *at = parking->oldest; at != parked; at = at->newer)
		before = at;
	if (before != NULL)
		before->newer = parked->newer;
	else
		parking->oldest = parked->newer;
	if (parking->newest == parked)
		parking->newest = before;
	parking->count--;
	parking->octets -= parked->record.captured;
	if (parked->place != NULL)
		parked->place->parked = NULL;
	parked->place = NULL;
}

void
parked_free(struct parking *parking, struct parked *parked)
{
	spares_put(&parking->octet_spares, parked->octets, parked->capacity);
	spares_put(&parking->extent_spares, parked->extents.at, parked->extents.capacity);
	pool_put(&parking->pool, parked);
}

void
parking_release(struct parking *parking)
{
	while (parking->oldest != NULL) {
		struct parked *oldest = parking->oldest;
		unpark(parking, oldest);
		parked_free(parking, oldest);
	}
	pool_release(&parking->pool);
	spares_release(&parking->octet_spares);
	spares_release(&parking->extent_spares);
}
