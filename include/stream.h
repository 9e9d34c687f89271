/*
 * stream: one direction's TCP segments into octets in order, or holes.
 *
 * Sequence numbers wrap (RFC 9293 section 3.4); overlap and retransmission with
 * other octets: the first seen stay. Segments out of order are held, within
 * LIMIT_HELD_DIRECTION and LIMIT_HELD_OCTETS. A hole is given up when the bound
 * is hit, when the receiver has acknowledged past it and LIMIT_HOLE_AGE has gone
 * by, or at the end; a segment that comes for it later is still read, loose.
 * Keep-alive and zero-window probes are old octets and vanish here.
 */
#ifndef RPCSCOPE_STREAM_H
#define RPCSCOPE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "counts.h"
#include "limits.h"
#include "record.h"
#include "spares.h"

struct stream_range {
	uint32_t from, to; /* sequence numbers, [from, to) */
};

/* One direction. Zeroed is ready; stream_release() when done. */
struct stream {
	bool started : 1;  /* `next` is known, and the reader has its store */
	bool from_syn : 1; /* it began with a SYN in the capture */
	bool finished : 1; /* a FIN has a place in it: `fin` */
	bool ended : 1;    /* read to its FIN, or stream_end() was called */
	bool counted : 1;  /* its end is in the counts */
	bool far_seen : 1; /* the last segment was nowhere near `next`: `far_next` */
	uint8_t missing_count;
	uint32_t initial;             /* sequence number of the first octet */
	uint32_t next;                /* sequence number of the next octet in order */
	uint32_t last;                /* sequence number of the last segment, ... */
	uint32_t last_identification; /* ... its IP packet's and its time: to know its copy */
	int64_t last_time;
	uint32_t fin;                  /* sequence number of the FIN */
	uint32_t far_next;             /* sequence number after that far segment */
	int64_t hole_since;            /* time when the hole at `next` was first noticed */
	struct held *held, *held_last; /* segments after a hole, in order */
	uint32_t held_count, held_octets;
	uint32_t retransmits; /* segments all of whose octets, or whose FIN, were sent before;
				 SYNs, keep-alives and packets captured twice are not counted
			       */
	uint32_t gaps;        /* holes given up */
	/*
	 * Holes given up, newest last: all before `next`, so that no segment can be held for
	 * one. What comes for them is read loose, and never held.
	 */
	struct stream_range missing[LIMIT_MISSING_RANGES];
	struct record_reader reader;
};

/* What all streams share. */
struct streams {
	struct counts *counts;
	uint64_t held_octets;     /* in all streams, with what it takes to hold them */
	uint32_t held_limit;      /* of those; 0: LIMIT_HELD_OCTETS */
	uint32_t direction_limit; /* the same of one stream; 0: LIMIT_HELD_DIRECTION */
	struct spares held;       /* what held segments are kept in */
	struct record_store store;
};

/* Their other bounds are the caller's to set. */
void streams_init(struct streams *streams, struct counts *counts);
/* A SYN or SYN+ACK: the first octet has the number after it. */
void stream_begin(struct streams *streams, struct stream *stream, uint32_t syn_sequence);
/*
 * A segment with its payload, its FIN and its time; packet->sequence as it is on
 * the wire (data of a SYN stand one after it). Octets of an RST are not data.
 */
void stream_push(struct streams *streams, struct stream *stream, const struct record_sink *sink,
		 const struct packet *packet);
/* The other end has acknowledged up to there at that time. */
void stream_acknowledged(struct streams *streams, struct stream *stream,
			 const struct record_sink *sink, uint32_t acknowledgment, int64_t time);
/* Nothing more comes: gives up every hole, hands on what is held, ends the record reader. */
void stream_end(struct streams *streams, struct stream *stream, const struct record_sink *sink);
void stream_release(struct streams *streams, struct stream *stream);
void streams_release(struct streams *streams);

/* a < b in sequence space. */
static inline bool
sequence_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

#endif
