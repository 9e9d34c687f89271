/* park: a list in order of arrival, short enough to be searched from its head. */
#include "park.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "memory.h"
#include "unusual.h"

/* A copy that outlives the frame: all that the message points at. */
static struct parked *
copy(const struct message *message)
{
	const struct record *record = message->record;
	struct parked *parked = memory_get(sizeof *parked + record->captured);
	memcpy(parked->octets, record->octets, record->captured);
	packet_copy(&parked->packet, message->packet);
	parked->extents.at = memory_grow(NULL, &parked->extents.capacity, record->extent_count,
					 sizeof *parked->extents.at);
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
	if (parking->count >= LIMIT_PARKED || octets > LIMIT_PARKED_OCTETS - parking->octets)
		return false;
	struct parked *parked = copy(message);
	*parked->place = parked;
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
		*parked->place = NULL;
	parked->place = NULL;
}

void
parked_free(struct parked *parked)
{
	extents_release(&parked->extents);
	free(parked);
}
