/*
 * held: one direction's segments that came before their turn, in order of
 * sequence and without overlap (what was held first stays). Private to src/net.
 */
#ifndef RPCSCOPE_HELD_H
#define RPCSCOPE_HELD_H

#include "packet.h"
#include "stream.h"

struct held {
	struct held *next;
	size_t capacity; /* octets of the array of streams->held that this stands in */
	uint32_t sequence;
	uint32_t length, captured; /* octets on the wire; at hand */
	uint32_t from;             /* where they stand in the packet's payload */
	struct packet_copy copy;
	const uint8_t *octets;
	uint32_t piece_count;
	struct extent pieces[]; /* where the datagram stood; then come the octets */
};

/* A run of octets of a packet's payload. */
struct segment {
	uint32_t sequence;
	uint32_t length, captured;
	uint32_t from;
	const uint8_t *octets;
	const struct packet *packet;
};

/* Leaves the first `count` octets of the segment out. */
struct segment segment_after(struct segment segment, uint32_t count);
/* Only the first `count` octets of it. */
struct segment segment_until(struct segment segment, uint32_t count);

/* Holds a copy of what no held segment has yet; false when there is no such octet. */
bool held_insert(struct streams *streams, struct stream *stream, struct segment segment);
/* Frees the first one. */
void held_remove(struct streams *streams, struct stream *stream);

#endif
