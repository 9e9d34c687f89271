/*
 * resync: how the record reader finds the next record in octets of unknown
 * place, and what of the reader it uses for that. Private to src/rpc/record*.c
 * and src/rpc/resync.c.
 */
#ifndef RPCSCOPE_RESYNC_H
#define RPCSCOPE_RESYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

enum reader_state {
	READER_MARK,   /* a record mark comes next, or the rest of one */
	READER_BODY,   /* octets of a fragment come next */
	READER_SEARCH, /* the place of the next record is not known */
	READER_STARTS, /* the same, and only starts of segments are looked at */
	READER_ENDED,
	READER_TLS, /* TLS from here on: see tls.h */
};

/* What is left of the octets that were pushed. */
struct piece {
	const uint8_t *octets;
	uint32_t length, from;
	const struct packet *packet;
	bool start; /* nothing of the segment was taken yet */
};

static inline void
piece_skip(struct piece *piece, uint32_t count)
{
	piece->octets += count;
	piece->length -= count;
	piece->from += count;
	piece->start = false;
}

/* No more of it than that. */
static inline struct piece
piece_until(struct piece piece, uint32_t length)
{
	piece.length = length;
	return piece;
}

/* Looks for a record; takes what precedes it, or all of the piece. */
void resync_search(struct record_reader *reader, struct piece *piece);
/*
 * Nothing follows the octets carried over: takes them for the beginning of a
 * record if they can be, or drops them.
 */
void resync_settle(struct record_reader *reader);

/* In record.c: a mark is whole. False when it cannot be one. */
bool reader_fragment(struct record_reader *reader, uint32_t mark);
/* In record_whole.c: hands on a record that the piece is, without its mark. */
void reader_emit_whole(const struct record_sink *sink, struct piece piece, unsigned flags);

#endif
