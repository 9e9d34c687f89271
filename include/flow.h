/*
 * flow: which TCP connection or UDP conversation a packet belongs to.
 *
 * A TCP flow is one incarnation of its 4-tuple: a SYN with another initial
 * sequence number, or data outside anything the closed connection can carry,
 * begins the next one (RFC 9293 section 3.6.1; RFC 6191). Reserved ports come back within
 * seconds, so this decides whether calls are lost. Every incarnation has a
 * session number of its own, counted from 1 in the order of their first packet.
 * Memory is for what a flow has shown so far: a SYN costs no streams.
 */
#ifndef RPCSCOPE_FLOW_H
#define RPCSCOPE_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "counts.h"
#include "memory.h"
#include "packet.h"
#include "stream.h"
#include "table.h"

enum flow_end { FLOW_FIRST, FLOW_SECOND }; /* indices of a flow's two ends */

struct session;

struct flow {
	struct table_entry entry; /* first: see table.h */
	uint64_t session;         /* number of this incarnation, from 1 */
	enum transport transport;
	struct endpoint end[2]; /* [0] sent the SYN; without one, the first packet */
	uint64_t first_frame;
	bool joined_midway : 1; /* no SYN was seen */
	bool reset : 1;         /* an RST ended it */
	bool rpc : 1;           /* carried at least one RPC message */
	/*
	 * The packet just found belongs to the incarnation before this one (an old duplicate,
	 * or captured twice): what it carries is no data of this flow.
	 */
	bool stale : 1;
	uint32_t touched;         /* private to flow.c: age of its place on the age list */
	struct stream *streams;   /* [2]; NULL: UDP, or TCP that carried nothing yet */
	struct flow_track *track; /* private to flow.c; NULL for UDP */
	/* session.c's: that of this incarnation, so that no packet has to search for it; NULL
	 * once it was told of, and where none are made. */
	struct session *kept;
	void *note; /* a sink's own, which keeps it with the flow; NULL with a new one */
};

struct flows {
	struct table table;
	struct pool pool, track_pool, stream_pool; /* flows; of TCP flows tracks, streams */
	struct streams streams;
	struct counts *counts;
	struct flow *latest; /* of the last packet; NULL when it is gone */
	uint64_t sessions;   /* session numbers given so far */
	uint32_t moves;      /* entries put in front of the age list so far; wraps */
	uint32_t limit;      /* flows held; LIMIT_FLOWS unless changed */
	/* Called before a flow is forgotten (new incarnation, eviction, end): its streams are
	 * not ended yet. */
	void (*retire)(void *context, struct flow *flow);
	/* Called when the record that this end is sending has to be handed on as it is, to
	 * record_evict() it: LIMIT_GATHER_OCTETS. May be NULL. */
	void (*evict)(void *context, struct flow *flow, enum flow_end from);
	void *context;
};

void flows_init(struct flows *flows, struct counts *counts,
		void (*retire)(void *context, struct flow *flow), void *context);
/* The flow of a UDP or TCP packet, made where there is none; *end is which end sent it. */
struct flow *flows_find(struct flows *flows, const struct packet *packet, enum flow_end *end);
/* The same without a trace: NULL where there is none; for packets that an ICMP error quotes. */
struct flow *flows_peek(const struct flows *flows, const struct packet *packet,
			enum flow_end *end);
/* Retires every flow, oldest first; at the end of the capture. */
void flows_finish(struct flows *flows);
void flows_release(struct flows *flows);

#endif
