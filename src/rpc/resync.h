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

/*
 * What comes next in each state, and where that leads:
 *
 *   MARK    a record mark, or the rest  BODY; TLS where a handshake begins instead
 *           of one
 *   BODY    octets of a fragment        MARK at its end
 *   SEARCH  a record, nobody knows      MARK or BODY where one begins; STARTS after
 *           where                       LIMIT_SEARCH_OCTETS in vain; TLS
 *   STARTS  a record at the start of    MARK, BODY, TLS; also the state of a direction that is
 *           a segment                   not RPC from its first octets on
 *   TLS     octets of TLS               there is no way back
 *   ENDED   nothing                     likewise
 *
 * From MARK and BODY it goes to SEARCH, or back to STARTS, where what comes can be no mark or
 * is not RPC, and where octets are missing beyond a fragment; from any state to ENDED with
 * record_end().
 *
 * What a reader (record.h) remembers beside: `midway`, there is a place before which nothing is
 * known, so that octets which cannot be read lead to SEARCH and do not make the direction
 * foreign; `resync`, the next record is the first after such octets (RECORD_RESYNC); `lost`,
 * the rest of this record is passed over by its marks, in TLS until a segment begins with a
 * header; `taken`, octets of this record so far, which count as skipped if it is never handed
 * on.
 */
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
