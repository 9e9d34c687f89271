/*
 * record: whole RPC records out of octets in order.
 *
 * Record marking (RFC 5531 section 11): each fragment has four octets in front,
 * the top bit set on the last one. A record may have many fragments and a
 * segment many records; a mark may be split. A direction is taken for RPC
 * because its octets are (a sane mark, then message type 0 or 1, RPC version
 * 2), never because of its port. After a hole, or when joined in the middle, the
 * reader looks for the next record, at segment starts first.
 */
#ifndef RPCSCOPE_RECORD_H
#define RPCSCOPE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counts.h"
#include "packet.h"

enum record_flags {
	RECORD_CUT = 1,        /* the capture lacks octets of it: snap length or a hole */
	RECORD_UNFINISHED = 2, /* the stream ended inside it */
	RECORD_OVER_LIMIT =
		4,         /* over LIMIT_RECORD or LIMIT_GATHER_OCTETS: the rest was let go */
	RECORD_RESYNC = 8, /* the first after octets that could not be read */
};

/* What one UDP datagram or one TCP record carried, without record marks. */
struct record {
	const uint8_t *octets;
	uint32_t captured; /* octets at hand, from the start without a gap */
	uint32_t length;   /* octets by the sender's word; >= captured; what is known so far if
			      unfinished */
	const struct extent *extents; /* origin of the octets at hand */
	size_t extent_count;
	const struct packet *packet; /* the packet of the frame that completed it */
	uint32_t fragments;          /* record fragments; 0 for UDP */
	unsigned flags;              /* enum record_flags */
	const char *anomaly;         /* what is odd about its framing, or NULL */
};

/* Where records go; the record is valid during the call. */
struct record_sink {
	void (*record)(void *context, const struct record *record);
	/* Octets that are not RPC in a direction that had been RPC, or a mark that cannot be.
	 */
	void (*malformed)(void *context, const struct packet *packet, const char *reason);
	void *context;
};

struct record_reader;

/* Buffers that all readers share; zeroed is ready, record_store_release() when done. */
struct record_store {
	struct record_buffer *spare; /* to be used again, the last one given back first */
	uint32_t spares, spare_octets;
	uint64_t octets;                       /* what the buffers in use take, all together */
	uint32_t limit;                        /* of those; 0: LIMIT_GATHER_OCTETS */
	uint32_t record_limit;                 /* of one record; 0: LIMIT_RECORD */
	struct record_buffer *oldest, *newest; /* in use, by when octets last came */
	/*
	 * Called for the reader that waits longest when there is no more room, to
	 * record_evict() it with the sink of its direction. NULL: the newest octets are let
	 * go instead.
	 */
	void (*evict)(void *context, struct record_reader *reader);
	void *context;
};

/*
 * One direction of one TCP connection. Zeroed is ready for a direction whose
 * beginning is in the capture; record_join() for one whose is not.
 * record_reader_release() when done.
 */
struct record_reader {
	uint8_t state;    /* enum in resync.h: mark, body, searching, starts only, TLS, ended */
	bool rpc : 1;     /* a plausible record was seen in this direction */
	bool foreign : 1; /* its octets are not RPC, or were not to begin with */
	bool seen : 1;    /* it carried octets */
	bool midway : 1;  /* its beginning, or a record's, is not in the capture */
	bool resync : 1;  /* octets went unread since the last record */
	bool last : 1;    /* the fragment being read is the record's last */
	bool empty : 1;   /* the record has a fragment of no octets */
	bool judged : 1;  /* the record being gathered was found to be RPC */
	bool lost : 1;    /* the rest of this record is let go: octets of it are missing */
	bool handed : 1;  /* this record was handed on already */
	bool secured : 1; /* STARTTLS was agreed on: TLS may follow (pipeline's to set) */
	bool tls : 1;     /* it went over to TLS */
	uint8_t mark_octets; /* octets of the mark read so far */
	uint8_t mark[5];     /* of a record, or the header of a TLS record */
	uint32_t remaining;  /* octets of the fragment still to come */
	uint32_t fragments;
	uint32_t searched;    /* octets looked through since the last record */
	uint32_t tls_records; /* begun since then */
	uint32_t length;      /* octets of the record's fragments so far, by their marks */
	uint32_t taken;   /* octets of the record read so far, marks too, and not handed on */
	uint64_t skipped; /* octets that came to nothing: no record's, or of none handed on */
	uint64_t tail_starts; /* searching: bit n: a segment began at octet n of those carried
			       * over
			       */
	struct record_buffer *buffer; /* a record over several segments, or the octets carried
					 over while searching; NULL while there are none */
	struct record_store *store;   /* where its buffer comes from; NULL: from the heap */
	void *owner;                  /* for store->evict to know whose it is */
};

/* The direction's first octets are not in the capture: looks for a record to begin with. */
void record_join(struct record_reader *reader);
/* Octets that follow those pushed before. `from` is where they stand in the packet's payload.
 */
void record_push(struct record_reader *reader, const struct record_sink *sink,
		 const uint8_t *octets, uint32_t length, const struct packet *packet,
		 uint32_t from);
/* The length of a gap of which only that there is one is known: the marks are lost over it. */
#define RECORD_GAP_UNKNOWN UINT32_MAX
/* That many octets of the stream are missing here. */
void record_gap(struct record_reader *reader, const struct record_sink *sink, uint32_t length);
/* The stream is over (FIN, RST, eviction, end of the capture): hands on what is unfinished. */
void record_end(struct record_reader *reader, const struct record_sink *sink);
/*
 * The record being gathered gives way to others: hands on what is at hand of it; the rest
 * will be passed over by its marks.
 */
void record_evict(struct record_reader *reader, const struct record_sink *sink);
/*
 * Records that lie whole in these octets, which stand outside the order of the
 * stream: a retransmission of what was given up, or of what came before the
 * capture began.
 */
void record_loose(const struct record_sink *sink, const uint8_t *octets, uint32_t length,
		  const struct packet *packet, uint32_t from);
void record_reader_release(struct record_reader *reader);
void record_store_release(struct record_store *store);

/*
 * Do these first octets of a record (without its mark) look like an RPC call or
 * reply? `length` is the record's, `captured` what is at hand of it. Strict: for
 * octets of unknown nature, both transports.
 */
bool record_plausible(const uint8_t *octets, uint32_t captured, uint32_t length);

#endif
