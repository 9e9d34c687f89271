/*
 * How it works: each end has facts: its SYN and FIN, the highest octet it sent, the
 * highest that it acknowledged. A segment adds facts; then every event of the
 * table that follows from the facts happens, until none does. Facts do not depend
 * on how the octets were cut into segments. An end has received what it answers, and,
 * where the protocol asks for no answer, what was captured. What is missing in the
 * capture is implied by what acknowledges it; such transitions are inferred.
 */
#include "life_parts.h"
#include "limits.h"

static void
note_syn(struct life *life, const struct life_held *s, bool again)
{
	struct life_end *e = &life->end[s->from];
	bool copy = life_note_sent(e, s, again);

	if (again && !copy)
		life->syn_repeats[s->from]++;
	if (s->from != 0 || copy)
		return;
	if (life->syn_frame == 0 || s->frame < life->syn_frame)
		life->syn_frame = s->frame;
	if (s->frame > life->last_syn_frame)
		life->last_syn_frame = s->frame;
}

static void
begin_syn(struct life_end *e, uint32_t number)
{
	e->has_syn = true;
	e->syn = number;
}

/* A SYN without ACK: an active open. */
static void
take_syn(struct life *life, const struct life_held *s, const struct life_cause *cause)
{
	struct life_end *e = &life->end[s->from];
	bool again = e->syn_seen && e->syn == s->sequence;

	note_syn(life, s, again);
	if (life->joined)
		return;
	if (!e->has_syn || (e->state == TCP_SYN_SENT && e->syn != s->sequence)) {
		begin_syn(e, s->sequence);
		e->has_edge = false;
		life_step(life, s->from, TCP_SENDS_SYN, cause);
	} else if (!again && e->passive && e->syn == s->sequence) {
		/* Its SYN+ACK was captured first: both opened at once. */
		static const struct life_detour open = {
			.from = TCP_LISTEN,
			.to = TCP_SYN_RCVD,
			.start = TCP_CLOSED,
			.first = TCP_SENDS_SYN,
			.middle = TCP_SYN_SENT,
			.second = TCP_SENDS_SYN_ACK,
		};
		life_amend(life, s->from, &open, cause);
		e->passive = false;
	}
	e->syn_seen |= e->syn == s->sequence;
}

/* It has had a SYN before, and now sends SYN+ACK. */
static void
answer_again(struct life *life, const struct life_held *s, const struct life_cause *cause)
{
	static const struct life_detour crossing = {
		.from = TCP_SYN_SENT,
		.to = TCP_ESTABLISHED,
		.start = TCP_SYN_SENT,
		.first = TCP_SENDS_SYN_ACK,
		.middle = TCP_SYN_RCVD,
		.second = TCP_SYN_ACKED,
	};
	struct life_end *e = &life->end[s->from];

	/* Another number for the same SYN: SYN cookies, a listener that began anew. */
	if (s->sequence != e->syn && (e->state == TCP_SYN_RCVD || e->state == TCP_LISTEN)) {
		e->syn = s->sequence;
		e->has_edge = false;
	}
	if (s->sequence != e->syn)
		return;
	if (e->state == TCP_SYN_SENT || e->state == TCP_LISTEN)
		life_step(life, s->from, TCP_SENDS_SYN_ACK, cause);
	else if (e->syn_seen && !e->syn_ack_seen)
		life_amend(life, s->from, &crossing, cause);
}

/* Its SYN+ACK, captured or implied: a passive open. */
static void
answer_first(struct life *life, unsigned end, uint32_t number, const struct life_cause *cause)
{
	struct life_end *e = &life->end[end];

	if (e->state != TCP_CLOSED || life->joined)
		return;
	begin_syn(e, number);
	e->passive = true;
	e->state = TCP_LISTEN;
	life_step(life, end, TCP_SENDS_SYN_ACK, cause);
}

/* A SYN with ACK. False when it answers nothing of this connection. */
static bool
take_syn_ack(struct life *life, const struct life_held *s, struct life_cause *cause)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];
	uint32_t answered = s->acknowledgment - 1;

	if (o->has_syn && answered - o->syn >= LIFE_NEAR)
		return false;
	if (!o->has_syn && !life->joined) {
		cause->inferred = true;
		begin_syn(o, answered);
		life_step(life, !s->from, TCP_SENDS_SYN, cause);
		cause->inferred = false;
	}
	note_syn(life, s, e->syn_ack_seen && e->syn == s->sequence);
	if (e->has_syn)
		answer_again(life, s, cause);
	else
		answer_first(life, s->from, s->sequence, cause);
	e->syn_ack_seen = true;
	return true;
}

/* A segment without SYN. What does it say of a handshake that is not in the capture? */
static void
imply_opening(struct life *life, const struct life_held *s, struct life_cause *cause)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];
	bool ack = s->flags & TCP_ACK;

	if (!e->has_syn && !o->has_syn) {
		if (life->joined)
			return;
		cause->inferred = true;
		life_step(life, s->from, TCP_JOINED_MIDWAY, cause);
		life_step(life, !s->from, TCP_JOINED_MIDWAY, cause);
		cause->inferred = false;
		life->joined = true;
	} else if (e->state == TCP_SYN_SENT && !o->has_syn && ack) {
		cause->inferred = true;
		answer_first(life, !s->from, s->acknowledgment - 1, cause);
		cause->inferred = false; /* the ACK of it is there */
		o->has_acknowledged = true;
		o->acknowledged = e->syn + 1;
	} else if (o->state == TCP_SYN_SENT && !e->has_syn && ack) {
		cause->inferred = true;
		answer_first(life, s->from, s->sequence - 1, cause);
	}
	/* Who goes on after SYN+ACK, or has octets beyond the SYN, has had the last ACK. */
	bool beyond = ack && o->has_edge && life_after(s->acknowledgment, o->edge);
	if (e->state == TCP_SYN_RCVD && o->state == TCP_SYN_SENT && (!o->seen || beyond)) {
		cause->inferred = true;
		o->has_acknowledged = true;
		o->acknowledged = e->syn + 1;
	}
}

/* Its acknowledgment number. */
static void
take_ack(struct life *life, const struct life_held *s)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];
	uint32_t ack = s->acknowledgment;

	if (!o->has_edge || life_after(ack, o->edge)) {
		o->octet_missing = o->has_edge && ack - o->edge == 1;
		o->has_edge = true;
		o->edge = ack;
	}
	if (!e->has_acknowledged || life_after(ack, e->acknowledged))
		e->acknowledged = ack;
	e->has_acknowledged = true;
	if (!o->has_fin || !life_covers(e, o->fin) || !(life_after(ack, o->fin)))
		return;
	/* Before its own FIN? With data in the same segment it is as if it came in one of its
	 * own. What it sends after the FIN, below its number, is data repeated. */
	bool fin = s->flags & TCP_FIN;
	o->fin_acked_early |=
		e->has_fin ? !fin && s->length == 0 && !life_after(s->sequence, e->fin)
			   : !fin || s->length > 0;
}

static void
take_fin(struct life *life, const struct life_held *s, bool acked_before)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];

	e->has_fin = true;
	e->fin = life_edge(s) - 1;
	bool acks = o->has_fin && life_covers(e, o->fin);
	e->fin_answers_fin = acks && !acked_before && s->length == 0;
	if (life->closed_by == CLOSED_BY_NONE)
		life->closed_by = s->from ? CLOSED_BY_SECOND : CLOSED_BY_FIRST;
	else if (o->has_fin && !acks && life->closed_by < CLOSED_BY_BOTH)
		life->closed_by = CLOSED_BY_BOTH; /* the FINs crossed */
}

/* The octets that it sent. */
static void
take_octets(struct life *life, const struct life_held *s, bool acked_before)
{
	struct life_end *e = &life->end[s->from];
	uint32_t edge = life_edge(s);

	if (!e->has_edge || life_after(edge, e->edge))
		e->edge = edge;
	e->has_edge = true;
	if (edge != e->edge)
		return;
	if (s->length > 0)
		e->octet_missing = false;
	if (s->flags & TCP_FIN)
		life_note_sent(e, s, e->has_fin);
	if (s->flags & TCP_FIN && !e->has_fin)
		take_fin(life, s, acked_before);
}

/*
 * One octet was acknowledged that is not in the capture, by an end whose other end is not
 * in it either, or that closes: it was a FIN.
 */
static void
imply_fin(struct life *life, const struct life_held *s, bool had_fin, struct life_cause *cause)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];

	if (!o->octet_missing || o->has_fin || (o->seen && !e->has_fin) ||
	    !e->has_acknowledged || e->acknowledged != o->edge)
		return;
	cause->inferred = true;
	o->has_fin = true;
	o->fin = o->edge - 1;
	/* The FIN that comes with the ACK of it is the second. */
	if (life->closed_by == CLOSED_BY_NONE || (!had_fin && e->has_fin))
		life->closed_by = s->from ? CLOSED_BY_FIRST : CLOSED_BY_SECOND;
	/* After its own FIN: the FIN that it answers came with the ACK, as far as one knows. */
	if (!e->has_fin || s->sequence != e->fin + 1) {
		e->fin_answers_fin = e->has_fin && s->flags & TCP_FIN && s->length == 0;
		o->fin_acked_early = !e->fin_answers_fin;
		return;
	}
	if (life_covers(o, e->fin))
		return;
	o->has_acknowledged = o->fin_answers_fin = true;
	o->acknowledged = e->fin + 1;
}

/* Do the facts say that the event happened to that end? */
static bool
holds(const struct life *life, unsigned end, enum tcp_event event)
{
	const struct life_end *e = &life->end[end], *o = &life->end[!end];

	switch (event) {
	case TCP_ANSWERS_SYN_ACK:
		return o->has_syn && life_covers(e, o->syn);
	case TCP_SYN_ACKED:
		return life_covers(o, e->syn);
	case TCP_ACKS_FIN_ACK:
		return o->fin_answers_fin && life_covers(e, o->fin);
	case TCP_ACKS_FIN:
		return o->has_fin && life_covers(e, o->fin);
	case TCP_SENDS_FIN:
		return e->has_fin;
	case TCP_FIN_ACKED:
		/* An ACK that follows a FIN was received after that FIN: it waits for the
		 * answer to it. */
		return life_covers(o, e->fin) &&
		       (e->state != TCP_FIN_WAIT_1 || e->fin_acked_early);
	default:
		return false;
	}
}

/* Lets everything happen to an end that follows from the facts. */
static void
settle(struct life *life, unsigned end, const struct life_cause *cause)
{
	struct life_end *e = &life->end[end];

	for (size_t i = 0; i < tcp_rule_count; i++) {
		if (tcp_rules[i].from != e->state || !holds(life, end, tcp_rules[i].event))
			continue;
		e->late_ack |=
			tcp_rules[i].event == TCP_ACKS_FIN_ACK ||
			(e->state == TCP_SYN_RCVD && tcp_rules[i].event == TCP_SENDS_FIN);
		life_step(life, end, tcp_rules[i].event, cause);
		i = (size_t)-1; /* from the beginning, in the state it is in now */
	}
}

/* An ACK captured late shows a state that the other end was in for a moment. */
static void
amend_states(struct life *life, const struct life_held *s, const struct life_cause *cause)
{
	static const struct life_detour opened = {
		.from = TCP_SYN_RCVD,
		.to = TCP_FIN_WAIT_1,
		.start = TCP_SYN_RCVD,
		.first = TCP_SYN_ACKED,
		.middle = TCP_ESTABLISHED,
		.second = TCP_SENDS_FIN,
	};
	static const struct life_detour waited = {
		.from = TCP_FIN_WAIT_1,
		.to = TCP_TIME_WAIT,
		.start = TCP_FIN_WAIT_1,
		.first = TCP_FIN_ACKED,
		.middle = TCP_FIN_WAIT_2,
		.second = TCP_ACKS_FIN,
	};
	struct life_end *o = &life->end[!s->from];

	if (o->has_syn && s->acknowledgment - o->syn - 1 <= o->fin - o->syn - 1)
		life_amend(life, !s->from, &opened, cause);
	if (o->fin_acked_early)
		life_amend(life, !s->from, &waited, cause);
}

void
life_take(struct life *life, const struct life_held *s)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];
	struct life_cause cause = {.time = s->time, .frame = s->frame};
	bool acked_before = o->has_fin && life_covers(e, o->fin), had_fin = e->has_fin;

	e->seen = true;
	if (s->flags & TCP_RST) {
		life_take_rst(life, s, &cause);
		return;
	}
	life_note_window(e, s);
	life_revive(life, s);
	if (!(s->flags & TCP_SYN))
		imply_opening(life, s, &cause);
	else if (!(s->flags & TCP_ACK))
		take_syn(life, s, &cause);
	else if (!take_syn_ack(life, s, &cause))
		return;
	if (s->flags & TCP_ACK && !life_acks_unsent(life, s))
		take_ack(life, s);
	take_octets(life, s, acked_before);
	imply_fin(life, s, had_fin, &cause);
	if (o->late_ack && s->flags & TCP_ACK)
		amend_states(life, s, &cause);
	settle(life, s->from, &cause);
	settle(life, !s->from, &cause);
	/* RFC 9293 section 3.10.7.4: a FIN repeated, and answered, starts 2 MSL again. */
	if (e->state == TCP_TIME_WAIT && s->time > e->timer)
		e->timer = s->time;
}
