/*
 * gather: the buffer in which a record over several segments is put together.
 *
 * A reader has one only while it is inside such a record, so that idle
 * connections hold nothing; a few are kept in the store to be used again, the large
 * ones by records that are as large. One record keeps at most LIMIT_RECORD octets: beyond that
 * octets are let go and `over` is set. All of them together keep LIMIT_GATHER_OCTETS: beyond
 * that the one to which octets came longest ago is evicted.
 */
#ifndef RPCSCOPE_GATHER_H
#define RPCSCOPE_GATHER_H

#include "limits.h"
#include "packet.h"
#include "record.h"

enum {
	GATHER_SPARES = 16,             /* buffers kept to be used again ... */
	GATHER_SPARES_OCTETS = 4 << 20, /* ... all together: three of NFS's usual 1 MiB */
	GATHER_SPARE_COMMON = 64 << 10, /* such as any record may take: a larger one is charged
					   to the store whole, however little comes */
};

struct record_buffer {
	struct record_reader *reader;        /* whose it is */
	struct record_buffer *older, *newer; /* in the store; `older` among the spares, too */
	uint8_t *octets;
	uint32_t used, capacity;
	uint32_t charge; /* counted in store->octets */
	bool over;       /* octets were let go */
	struct extents extents;
	struct packet_copy latest; /* of the highest frame that gave octets or marks; 0: none */
};

/* Octets at hand. */
static inline uint32_t
gather_used(const struct record_reader *reader)
{
	return reader->buffer ? reader->buffer->used : 0;
}

/* Appends payload octets of the packet, which stand at `from` in it. */
void gather_add(struct record_reader *reader, const uint8_t *octets, uint32_t length,
		const struct packet *packet, uint32_t from);
/* Octets of the record's mark came with this packet: it takes part in completing it. */
void gather_note(struct record_reader *reader, const struct packet *packet);
/* Forgets the first octets. */
void gather_trim(struct record_reader *reader, uint32_t count);
/* Gives the buffer back. */
void gather_drop(struct record_reader *reader);

#endif
