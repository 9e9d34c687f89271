/*
 * life_parts: what the parts of life share. life_order.c puts the segments of a
 * connection in order, life_evidence.c draws events from them, life_history.c turns
 * events into transitions by the table of life_rules.c, life.c is the way in.
 */
#ifndef RPCSCOPE_LIFE_PARTS_H
#define RPCSCOPE_LIFE_PARTS_H

#include "life.h"

/* A window's worth of octets: what is within it of a known number can be its connection's. */
#define LIFE_NEAR (UINT32_C(1) << 22)

/* What a SYN says of the scale of windows (RFC 7323 section 2.2): SCALE_SHIFT + n for a shift
 * of n. */
enum life_scale { SCALE_UNKNOWN, SCALE_ABSENT, SCALE_SHIFT, SCALE_MOST = SCALE_SHIFT + 14 };

/* What of a segment the states depend on. */
struct life_held {
	int64_t time;
	uint64_t frame;
	uint32_t sequence, acknowledgment;
	uint32_t length; /* octets of data */
	uint32_t identification;
	uint16_t window;
	uint8_t scale; /* of a SYN: enum life_scale */
	uint8_t flags, from;
	bool answered; /* an RST that may have been answered by a challenge ACK */
	bool first;    /* of several with that answer */
};

/* What a transition is put down to. */
struct life_cause {
	int64_t time;
	uint64_t frame;
	bool inferred;
};

/* Is number `a` after `b`, and not by so much that it is before it (RFC 9293 section 3.4)? RFC
 * 7323 section 2.3: no window is larger than 2^30. */
static inline bool
life_after(uint32_t a, uint32_t b)
{
	return a - b - 1 < UINT32_C(1) << 30;
}

/* Has that end acknowledged the octet of that number? */
static inline bool
life_covers(const struct life_end *end, uint32_t number)
{
	return end->has_acknowledged && end->acknowledged - number - 1 < UINT32_C(1) << 31;
}

/* After the last number that it takes; SYN and FIN take one each. */
static inline uint32_t
life_edge(const struct life_held *segment)
{
	return segment->sequence + segment->length + ((segment->flags & TCP_SYN) != 0) +
	       ((segment->flags & TCP_FIN) != 0);
}

/* NULL when nothing happens at that event in that state. */
const struct tcp_rule *tcp_rule_find(enum tcp_state from, enum tcp_event event);

/* The event happens to an end; false when its state has no row for it. */
bool life_step(struct life *life, unsigned end, enum tcp_event event,
	       const struct life_cause *cause);
/*
 * Late evidence: the transition from -> to of that end, when it is no older than
 * LIMIT_LIFE_WAIT, went through `middle` (and began in `start`).
 */
struct life_detour {
	enum tcp_state from, to, start, middle;
	enum tcp_event first, second;
};
void life_amend(struct life *life, unsigned end, const struct life_detour *detour,
		const struct life_cause *cause);

/* The next segment in order. */
void life_take(struct life *life, const struct life_held *segment);

/* life_reset.c: an RST whose turn has come; what it needs to be judged by. */
void life_take_rst(struct life *life, const struct life_held *segment,
		   const struct life_cause *cause);
void life_note_window(struct life_end *end, const struct life_held *segment);
enum life_scale life_scale_of(const struct packet *syn);
/* Takes back what an RST did, where its sender goes on as only an open connection can. */
void life_revive(struct life *life, const struct life_held *segment);

/* life_challenge.c: counts challenge ACKs; true for one of an older connection, which is
 * nothing of this one. */
bool life_challenge(struct life *life, const struct life_held *segment);
/* Is it an RST that was answered so, and out of place even now? */
bool life_refuses(const struct life *life, const struct life_held *segment);
/* Is it an ACK of octets that an end which is in the capture has not sent? */
bool life_acks_unsent(const struct life *life, const struct life_held *segment);
/* life_patience.c: its SYN or FIN, for the first time or again; true when it is only captured
 * twice. */
bool life_note_sent(struct life_end *end, const struct life_held *segment, bool again);
/* At the end: ends whose SYN or FIN should have been repeated by now are CLOSED. */
void life_give_up(struct life *life, int64_t now);

/* Takes the segment, or keeps it until its turn. */
void life_order(struct life *life, const struct life_held *segment);
/* Lets through what was captured at `until` or before, and what must go before that. */
void life_let_through(struct life *life, int64_t until);

#endif
