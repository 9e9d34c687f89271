/*
 * How it works: a sorted list with its last element known, because segments
 * behind a hole mostly come in order. One that overlaps others is held in the
 * parts between them. Each part has a copy of its packet's numbers and of the
 * places where the datagram's octets stood.
 */
#include "held.h"

#include <string.h>

static uint32_t
held_end(const struct held *held)
{
	return held->sequence + held->length;
}

/* What one held segment takes of LIMIT_HELD_OCTETS. */
static uint64_t
held_cost(const struct held *held)
{
	return sizeof *held + held->captured + held->piece_count * sizeof(struct extent);
}

struct segment
segment_after(struct segment segment, uint32_t count)
{
	uint32_t at_hand = count < segment.captured ? count : segment.captured;

	segment.sequence += count;
	segment.length -= count;
	segment.captured -= at_hand;
	segment.from += count;
	segment.octets += at_hand;
	return segment;
}

struct segment
segment_until(struct segment segment, uint32_t count)
{
	segment.length = count;
	if (segment.captured > count)
		segment.captured = count;
	return segment;
}

static struct held *
held_new(struct streams *streams, const struct segment *segment)
{
	const struct packet *packet = segment->packet;
	/* Where the headers are too long for packet_copy(), one piece says it all. */
	struct extent whole = {packet->frame.number, 0, packet->datagram_length,
			       (uint32_t)(packet->datagram - packet->frame.octets)};
	const struct extent *pieces = packet->pieces ? packet->pieces : &whole;
	size_t count = packet->pieces ? packet->piece_count : 1;
	size_t places = count * sizeof whole;
	size_t capacity = 0;
	struct held *held = spares_grow(&streams->held, NULL, &capacity,
					sizeof *held + places + segment->captured);
	uint8_t *octets = (uint8_t *)held->pieces + places;

	held->next = NULL;
	held->capacity = capacity;
	held->sequence = segment->sequence;
	held->length = segment->length;
	held->captured = segment->captured;
	held->from = segment->from;
	held->octets = octets;
	packet_copy(&held->copy, packet);
	held->piece_count = (uint32_t)count;
	memcpy(held->pieces, pieces, places);
	if (!held->copy.packet.datagram) {
		held->copy.packet.datagram = held->copy.head;
		held->copy.packet.datagram_captured = 0;
		held->copy.packet.pieces = held->pieces;
		held->copy.packet.piece_count = count;
	}
	if (segment->captured > 0)
		memcpy(octets, segment->octets, segment->captured);
	return held;
}

/* Puts one between *link and its predecessor. */
static void
put(struct streams *streams, struct stream *stream, struct held **link, struct held *held)
{
	held->next = *link;
	*link = held;
	if (!held->next)
		stream->held_last = held;
	stream->held_count++;
	stream->held_octets += held->length;
	streams->held_octets += held_cost(held);
}

bool
held_insert(struct streams *streams, struct stream *stream, struct segment segment)
{
	struct held **link = &stream->held;
	bool inserted = false;

	if (stream->held_last &&
	    !sequence_before(segment.sequence, held_end(stream->held_last)))
		link = &stream->held_last->next;
	while (segment.length > 0) {
		while (*link && !sequence_before(segment.sequence, held_end(*link)))
			link = &(*link)->next;
		uint32_t ahead = *link ? (*link)->sequence - segment.sequence : segment.length;
		if ((int32_t)ahead > 0) { /* octets before the next one held */
			uint32_t count = ahead < segment.length ? ahead : segment.length;
			struct segment part = segment_until(segment, count);
			struct held *held = held_new(streams, &part);
			put(streams, stream, link, held);
			link = &held->next;
			segment = segment_after(segment, count);
			inserted = true;
			continue;
		}
		uint32_t covered = held_end(*link) - segment.sequence;
		segment = segment_after(segment,
					covered < segment.length ? covered : segment.length);
	}
	return inserted;
}

void
held_remove(struct streams *streams, struct stream *stream)
{
	struct held *held = stream->held;

	stream->held = held->next;
	if (!held->next)
		stream->held_last = NULL;
	stream->held_count--;
	stream->held_octets -= held->length;
	streams->held_octets -= held_cost(held);
	spares_put(&streams->held, held, held->capacity);
}
