/*
 * life: the life cycle of a TCP connection: the state of each end, from what it
 * sent and what it must have received (RFC 9293 section 3.3.2, figure 5).
 *
 * A capture shows segments, not states, and from one place only. So an end is said
 * to have received what it answers: SYN_RCVD when it sends SYN+ACK, ESTABLISHED
 * when it acknowledges the SYN, CLOSE_WAIT when it acknowledges the FIN. What needs
 * no answer (an ACK, an RST) is taken as received. What the capture can only
 * imply (TIME_WAIT running out, an end giving up, an end whose segments are missing, a
 * connection joined midway) is marked as inferred.
 *
 * The passive end is in LISTEN until its SYN+ACK; its first transition says so. A SYN that
 * was never answered, or by an RST, leaves it CLOSED. An RST in SYN_RCVD takes it back
 * to LISTEN (RFC 9293 section 3.10.7.4).
 *
 * Segments captured out of order (within LIMIT_LIFE_HELD segments and
 * LIMIT_LIFE_WAIT) are put in order first: one that acknowledges octets which
 * are not in the capture yet waits for them, an RST for all that is under way. The
 * sequence of states then does not depend on the order or size of the segments.
 * What no number tells apart (a FIN and its repetition, both within that time, the
 * repetition captured first) is taken in the order of capture.
 * An RST counts where its receiver would take it: its number has to be in the receive window,
 * as far as the capture knows that (RFC 9293 section 3.10.7.4); and what it did is taken
 * back when its sender goes on with the connection.
 * So the state of an end is final only after life_end(), or LIMIT_LIFE_WAIT later.
 */
#ifndef RPCSCOPE_LIFE_H
#define RPCSCOPE_LIFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet.h"

enum tcp_state {
	TCP_CLOSED,
	TCP_LISTEN,
	TCP_SYN_SENT,
	TCP_SYN_RCVD,
	TCP_ESTABLISHED,
	TCP_FIN_WAIT_1,
	TCP_FIN_WAIT_2,
	TCP_CLOSING,
	TCP_TIME_WAIT,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_STATES
};

/* What happens to one end. */
enum tcp_event {
	TCP_SENDS_SYN,
	TCP_SENDS_SYN_ACK,   /* so it has received a SYN */
	TCP_ANSWERS_SYN_ACK, /* acknowledges the other's SYN: it has received it with the ACK of
				its own */
	TCP_SYN_ACKED,       /* the other end acknowledges its SYN */
	TCP_ACKS_FIN,        /* acknowledges the other's FIN: it has received it */
	TCP_ACKS_FIN_ACK,    /* the same, and that FIN came with the first ACK of its own */
	TCP_SENDS_FIN,
	TCP_FIN_ACKED, /* the other end acknowledges its FIN */
	TCP_SENDS_RST,
	TCP_RECEIVES_RST,
	TCP_LISTENER_RECEIVES_RST, /* the same, at an end that came from LISTEN */
	TCP_2MSL_OVER,
	TCP_GIVES_UP, /* its SYN or FIN is not repeated any more, and was not acknowledged */
	TCP_REUSED,   /* a new incarnation of its ports begins (RFC 6191) */
	TCP_JOINED_MIDWAY, /* its first segment in the capture is no SYN */
};

/* One row of the table of transitions. */
struct tcp_rule {
	enum tcp_state from;
	enum tcp_event event;
	enum tcp_state to;
	const char *source; /* the RFC and section that says so */
};

/* Every transition there is; any change of state in any capture is a row of it. */
extern const struct tcp_rule tcp_rules[];
extern const size_t tcp_rule_count;

struct transition {
	int64_t time;
	uint64_t frame;   /* the segment that shows it; 0 when none does (2 MSL) */
	uint8_t end;      /* enum flow_end */
	uint8_t from, to; /* enum tcp_state */
	uint8_t event;    /* enum tcp_event */
	bool inferred;
	int64_t after; /* ns spent in `from`; -1 when its beginning is not known */
};

/* Who ended it. */
enum closed_by {
	CLOSED_BY_NONE,
	CLOSED_BY_FIRST,
	CLOSED_BY_SECOND,
	CLOSED_BY_BOTH,
	RESET_BY_FIRST,
	RESET_BY_SECOND
};

struct life_end {
	uint8_t state; /* enum tcp_state */
	int64_t since; /* when it came into it; INT64_MIN when not known */
	/* private to life*.c from here */
	int64_t last; /* time of its last transition */
	union {
		int64_t timer; /* in TIME_WAIT: when 2 MSL began to run */
		int64_t due; /* while a SYN or FIN is not acknowledged: when it should have been
				repeated by */
	};
	bool open;    /* what it sends in order changes no state: see life.c */
	bool seen;    /* a segment of its own is in the capture */
	bool passive; /* came from LISTEN */
	bool has_syn, has_fin, has_edge, has_acknowledged;
	bool syn_seen, syn_ack_seen;
	bool fin_answers_fin; /* its FIN carries the first ACK of the other's, no data */
	bool fin_acked_early; /* its FIN was acknowledged before the other sent one */
	bool octet_missing;   /* just one octet before `edge` is not in the capture */
	bool late_ack;        /* a state is left out that a late ACK would show */
	bool fin_repeated;
	bool provoked;                /* it was sent what asks for a challenge ACK */
	uint8_t scale;                /* of its windows, as its SYN says; 0: not known */
	uint16_t window;              /* as it was last told, not scaled */
	uint32_t syn, fin;            /* sequence numbers of those */
	uint32_t edge;                /* after the highest octet sent, SYN and FIN counted */
	uint32_t acknowledged;        /* highest acknowledgment number it sent */
	uint32_t sent_identification; /* of the IP packet of its last SYN or FIN */
	int64_t sent_time;            /* of that */
};

/* The life of one incarnation. Zeroed is ready; life_release() when done. */
struct life {
	struct life_end end[2];
	struct transition *transitions; /* by time; at most LIMIT_TRANSITIONS; owned */
	size_t transition_count, transition_capacity;
	uint64_t untold; /* transitions over the bound */
	enum closed_by closed_by;
	uint32_t challenge_acks; /* ACKs that answer a SYN, an RST or an ACK which cannot be of
				    the connection (RFC 9293 3.10.7.4, RFC 5961) */
	uint32_t syn_repeats[2]; /* SYNs (SYN+ACKs) sent again; not those captured twice */
	uint64_t syn_frame, last_syn_frame; /* of end 0's SYNs */
	struct life_held *held;             /* segments waiting for their turn; private */
	size_t held_count, held_capacity;
	bool begun, gave_up, joined; /* private */
};

/* A segment of this incarnation, sent by that end. `msl2` is 2 MSL in ns. */
void life_segment(struct life *life, const struct packet *packet, unsigned from, int64_t msl2);
/* Ends the incarnation: at the end of the capture, or because the next one begins (reused). */
void life_end(struct life *life, int64_t now, bool reused, int64_t msl2);
void life_release(struct life *life);
/* A challenge ACK of that end came after the next incarnation had begun: it still holds this
 * one. False when its numbers are others, or the end was closed before. */
bool life_outlives(struct life *life, const struct packet *packet, unsigned from);

/* Would the other end take this RST, by what is known so far? */
bool life_takes_reset(const struct life *life, const struct packet *packet, unsigned from);
/* State of an end before it gave up unseen, if it did, and when it came into that. */
enum tcp_state life_state_seen(const struct life *life, unsigned end, int64_t *since);
/* State of an end at a moment: by the transitions. */
enum tcp_state life_state_at(const struct life *life, unsigned end, int64_t time);
/* "FIN_WAIT_1" */
const char *tcp_state_name(enum tcp_state state);

#endif
