/*
 * counts: what the summary tells. One struct, shared by every stage; each
 * stage adds to its own members only. Whatever is given up is counted here.
 */
#ifndef RPCSCOPE_COUNTS_H
#define RPCSCOPE_COUNTS_H

#include <stdint.h>

#include "clock.h"

struct counts {
	uint64_t files, frames, octets; /* octets on the wire, not octets captured */
	int64_t first, last; /* time of the first and last frame, ns since 1970 UTC */
	int64_t latest;      /* time of the frame before */
	struct {
		uint64_t back;    /* frames whose time is over a second before the last one's */
		uint64_t forward; /* ... over ten minutes after it: a step, or a pause */
	} steps;
	struct clock_steps clock; /* where a sink wants times to go on evenly: those undone */
	uint64_t messages, calls, replies;
	uint64_t unanswered;        /* calls never answered */
	uint64_t unmatched_replies; /* replies whose call was not seen, or evicted */
	uint64_t repeats;           /* calls sent again, replies answered again */
	uint64_t copies;            /* messages that are one packet captured twice */
	uint64_t quoted;            /* messages that an ICMP error quotes; not among messages */
	uint64_t not_rpc;  /* datagrams, and TCP directions, whose octets are not RPC */
	uint64_t not_ip;   /* frames that carry no IP (ARP, LLDP, ...) */
	uint64_t other_ip; /* IP packets that are neither UDP nor TCP nor an error about them */
	uint64_t cut;      /* messages that the snap length or a hole cut short */
	uint64_t gaps;     /* holes in TCP streams that were never filled */
	uint64_t lost_octets; /* octets in those holes */
	uint64_t skipped;     /* octets of TCP directions that speak RPC, but no record's */
	uint64_t malformed;   /* messages and packets that break their standard */
	struct {
		uint64_t connections; /* that went over from RPC to TLS (RFC 9289) */
		uint64_t records;     /* of TLS in them, both directions */
	} tls;
	struct {
		uint64_t flows;     /* connections and conversations, oldest first */
		uint64_t calls;     /* calls that waited for their reply, which then has none */
		uint64_t namesakes; /* of those: too many of one caller and xid */
		/* Calls that were only remembered to know their repeats, by transport. */
		uint64_t answered, answered_tcp;
		uint64_t parked;    /* replies that could not wait for their call, which came */
		uint64_t datagrams; /* IP datagrams whose fragments never all came */
		uint64_t fragments; /* of those: given up for want of room, not for their age */
		uint64_t octets;    /* out-of-order octets handed on before their turn */
		uint64_t direction; /* of those: too many of one direction, as after a hole */
		uint64_t records;  /* over several segments, handed on before they were whole */
		uint64_t bindings; /* answers of portmappers */
		uint64_t questions;  /* to portmappers that waited for their answer */
		uint64_t callbacks;  /* callback programs that NFS clients announced */
		uint64_t sessions;   /* told of before the end, so without what came later */
		uint64_t attempts;   /* mount attempts that are not told */
		uint64_t hosts;      /* times that a host which spoke was not remembered */
		uint64_t neighbours; /* hosts looked for on the link and forgotten, or times
					that one was not remembered */
		uint64_t changes;    /* of state that were told before their turn */
		/* Of the text of a command; what its JSON says is not bounded by these. */
		uint64_t rows;       /* answers of portmappers: they need one more */
		uint64_t sources;    /* the same: their row is told, but not that they say so */
		uint64_t unfollowed; /* answers that nobody followed and that are not listed */
	} evicted;
};

#endif
