/*
 * incarnation: does a TCP packet belong to the connection its 4-tuple is known
 * by, or does it begin the next one? Private to src/net.
 */
#ifndef RPCSCOPE_INCARNATION_H
#define RPCSCOPE_INCARNATION_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"

/* What is known of one direction's sequence numbers. */
struct flow_side {
	uint32_t initial;          /* of its SYN, seen or told by the SYN+ACK */
	uint32_t low;              /* of the first packet that was not a SYN */
	uint32_t edge;             /* after the highest octet seen */
	uint32_t previous_initial; /* the same of the incarnation before */
	uint32_t previous_edge;
	bool has_initial : 1, has_low : 1, has_edge : 1;
	bool has_previous_initial : 1, has_previous_edge : 1;
	bool refused : 1; /* an RST acknowledged `initial` before anything came: no has_initial
			   */
	bool syn : 1;     /* a SYN was seen, with or without ACK */
	bool fin : 1;
};

/* Both directions; [0] belongs to the flow's end[0]. */
struct flow_track {
	int64_t syn_time; /* of the first SYN */
	uint32_t syn_identification;
	bool has_previous : 1;
	bool closed : 1; /* reset, or a FIN from both ends */
	bool data : 1;   /* anything but SYNs was seen */
	struct flow_side side[2];
};

enum incarnation {
	INCARNATION_SAME,
	INCARNATION_STALE, /* of the one before */
	INCARNATION_NEXT,  /* begins a new one */
};

/*
 * Nearly every segment of an open connection begins just where its end had come to. It is of
 * this incarnation then, whatever the one before was, and moves that place only: true when it
 * was such a segment, and nothing else is to be done.
 */
static inline bool
incarnation_goes_on(struct flow_track *track, const struct packet *packet, unsigned from)
{
	struct flow_side *side = from == 0 ? &track->side[0] : &track->side[1];
	if (packet->flags & (TCP_SYN | TCP_FIN | TCP_RST) || track->closed ||
	    !(side->has_edge && side->has_low) || packet->sequence != side->edge)
		return false;
	side->edge += packet_length(packet);
	return true;
}

enum incarnation incarnation_of(const struct flow_track *track, const struct packet *packet,
				unsigned from);
/* Takes the numbers of a packet of this incarnation; true when it is an RST that ends it. */
bool incarnation_follow(struct flow_track *track, const struct packet *packet, unsigned from);
/* Makes a track for the incarnation after `before`, whose ends may be the other way round. */
void incarnation_succeed(struct flow_track *track, const struct flow_track *before,
			 bool swapped);

#endif
