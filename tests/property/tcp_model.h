/*
 * tcp_model: two ends of a TCP connection by RFC 9293 section 3.10, a network with delay
 * and loss between them, and a tap in the middle that writes down every segment.
 *
 * One tick is a millisecond. Segments are lost after the tap, never an RST. The ends
 * open, send, close and abort at random moments.
 */
#ifndef RPCSCOPE_TEST_TCP_MODEL_H
#define RPCSCOPE_TEST_TCP_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "life.h"

enum { MODEL_SEGMENTS = 800, MODEL_STATES = 16, MODEL_TICKS = 20000 };

struct model_segment {
	unsigned from, flags;
	uint32_t sequence, acknowledgment, length, identification;
	int64_t tap, arrival; /* ticks */
	bool lost, again;     /* again: octets that were sent before */
};

struct model_end {
	enum tcp_state state;
	enum tcp_state history[MODEL_STATES]; /* from the first */
	unsigned states;
	bool passive, fin_wanted, fin_sent;
	uint32_t initial, una, next, written; /* written: after the last octet to send */
	uint32_t expected;
	int64_t sent_at;               /* of the oldest segment not acknowledged */
	int64_t opens, closes, aborts; /* ticks; -1: never */
};

struct model {
	uint64_t random;
	struct model_end end[2];
	struct model_segment segments[MODEL_SEGMENTS];
	unsigned count;
	int64_t now, delay[2], to_tap[2]; /* by sender */
	unsigned loss;                    /* percent */
	bool early, reset, overflow;
	uint32_t identification;
};

static inline uint32_t
model_random(struct model *m, uint32_t below)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 7;
	m->random ^= m->random << 17;
	return (uint32_t)((m->random >> 20) % below);
}

static inline void
model_state(struct model_end *e, enum tcp_state state)
{
	if (e->states == 0)
		e->history[e->states++] = e->state;
	if (e->states < MODEL_STATES)
		e->history[e->states++] = state;
	e->state = state;
}

static inline void
model_send(struct model *m, unsigned from, unsigned flags, uint32_t sequence, uint32_t length)
{
	struct model_end *e = &m->end[from];

	if (m->count == MODEL_SEGMENTS) {
		m->overflow = true;
		return;
	}
	m->segments[m->count++] = (struct model_segment){
		.from = from,
		.flags = flags,
		.sequence = sequence,
		.acknowledgment = flags & TCP_ACK ? e->expected : 0,
		.length = length,
		.identification = ++m->identification,
		.tap = m->now + m->to_tap[from],
		.arrival = m->now + m->delay[from],
		.again = sequence - e->next > UINT32_MAX / 2 && (length > 0 || flags & TCP_FIN),
		.lost = !(flags & TCP_RST) && model_random(m, 100) < m->loss,
	};
}

/* Sends from `una` on again, or what is new. */
static inline void
model_output(struct model *m, unsigned from, bool again)
{
	struct model_end *e = &m->end[from];
	uint32_t at = again ? e->una : e->next;

	if (e->state == TCP_SYN_SENT || e->state == TCP_SYN_RCVD) {
		if (again && e->una == e->initial)
			model_send(m, from,
				   e->state == TCP_SYN_SENT ? TCP_SYN : TCP_SYN | TCP_ACK,
				   e->initial, 0);
		if (!(e->fin_wanted && !e->fin_sent && e->state == TCP_SYN_RCVD))
			return;
	}
	if (again && at == e->initial)
		at++;
	if (at == e->una)
		e->sent_at = m->now;
	while (at - e->written > UINT32_MAX / 2 || (at == e->written && e->fin_wanted)) {
		uint32_t length = e->written - at;
		if (length > 100)
			length = 100;
		bool fin = e->fin_wanted && at + length == e->written;
		model_send(m, from, fin ? TCP_FIN | TCP_ACK : TCP_ACK, at, length);
		at += length + fin;
		if (at - e->next < UINT32_MAX / 2)
			e->next = at;
		if (fin && !e->fin_sent) {
			e->fin_sent = true;
			model_state(e,
				    e->state == TCP_CLOSE_WAIT ? TCP_LAST_ACK : TCP_FIN_WAIT_1);
		}
		if (fin)
			break;
	}
}

static inline void
model_open(struct model *m, unsigned from)
{
	struct model_end *e = &m->end[from];

	model_state(e, TCP_SYN_SENT);
	e->next = e->initial + 1;
	e->sent_at = m->now;
	model_send(m, from, TCP_SYN, e->initial, 0);
}

static inline void
model_reset(struct model *m, unsigned from, uint32_t sequence, unsigned flags)
{
	m->reset = true;
	model_send(m, from, TCP_RST | flags, sequence, 0);
}

/* SYN-SENT and LISTEN: sections 3.10.7.2 and 3.10.7.3. */
static inline void
model_receive_syn(struct model *m, unsigned to, const struct model_segment *s)
{
	struct model_end *e = &m->end[to];
	bool ack = s->flags & TCP_ACK, good = ack && s->acknowledgment == e->initial + 1;

	if (s->flags & TCP_RST) {
		if (e->state == TCP_SYN_SENT && good)
			model_state(e, TCP_CLOSED);
		return;
	}
	if (ack && !good) {
		model_reset(m, to, s->acknowledgment, 0);
		return;
	}
	if (!(s->flags & TCP_SYN))
		return;
	e->expected = s->sequence + 1;
	e->sent_at = m->now;
	if (ack) {
		e->una = s->acknowledgment;
		model_state(e, TCP_ESTABLISHED);
		model_send(m, to, TCP_ACK, e->next, 0);
	} else {
		e->next = e->initial + 1;
		model_state(e, TCP_SYN_RCVD);
		model_send(m, to, TCP_SYN | TCP_ACK, e->initial, 0);
	}
}

/* The ACK: section 3.10.7.4, fifth. */
static inline void
model_receive_ack(struct model_end *e, const struct model_segment *s)
{
	if (s->acknowledgment - e->una - 1 < e->next - e->una)
		e->una = s->acknowledgment;
	if (e->state == TCP_SYN_RCVD && e->una != e->initial)
		model_state(e, TCP_ESTABLISHED);
	if (!e->fin_sent || e->una != e->written + 1)
		return;
	bool both = e->state == TCP_FIN_WAIT_1 && s->flags & TCP_FIN && s->length == 0 &&
		    s->sequence == e->expected; /* acknowledged and closed at once */
	if (both || e->state == TCP_CLOSING)
		model_state(e, TCP_TIME_WAIT);
	else if (e->state == TCP_FIN_WAIT_1)
		model_state(e, TCP_FIN_WAIT_2);
	else if (e->state == TCP_LAST_ACK)
		model_state(e, TCP_CLOSED);
}

static inline void
model_receive_fin(struct model_end *e)
{
	e->expected++;
	if (e->state == TCP_ESTABLISHED || e->state == TCP_SYN_RCVD)
		model_state(e, TCP_CLOSE_WAIT);
	else if (e->state == TCP_FIN_WAIT_1)
		model_state(e, TCP_CLOSING);
	else if (e->state == TCP_FIN_WAIT_2)
		model_state(e, TCP_TIME_WAIT);
}

static inline void
model_receive(struct model *m, unsigned to, struct model_segment s)
{
	struct model_end *e = &m->end[to];

	if (e->state == TCP_CLOSED) {
		if (!(s.flags & TCP_RST) && s.flags & TCP_ACK)
			model_reset(m, to, s.acknowledgment, 0);
		else if (!(s.flags & TCP_RST)) {
			e->expected = s.sequence + s.length + 1;
			model_reset(m, to, 0, TCP_ACK);
		}
		return;
	}
	if (e->state == TCP_LISTEN || e->state == TCP_SYN_SENT) {
		if (e->state == TCP_SYN_SENT || (s.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
			model_receive_syn(m, to, &s);
		return;
	}
	bool syn = s.flags & TCP_SYN, fin = s.flags & TCP_FIN;
	uint32_t old = e->expected - s.sequence;
	if (s.flags & TCP_RST) {
		/* In the window is enough: RFC 5961's challenge could be lost. */
		if (0 - old < 1 << 20)
			model_state(e, e->state == TCP_SYN_RCVD && e->passive ? TCP_LISTEN
									      : TCP_CLOSED);
		return;
	}
	/* What it has already is cut off; what lies beyond a hole is not kept. */
	uint32_t takes = s.length + syn + fin;
	if (old > 1 << 20 || (old > 0 && old >= takes)) {
		if (takes > 0)
			model_send(m, to, TCP_ACK, e->next, 0);
		if (s.flags & TCP_ACK && old <= 1 << 20)
			model_receive_ack(e, &s);
		return;
	}
	if (old > 0) {
		s.length -= old - syn < s.length ? old - syn : s.length;
		s.sequence = e->expected;
	}
	if (s.flags & TCP_ACK)
		model_receive_ack(e, &s);
	e->expected += s.length;
	if (fin) {
		if (e->state == TCP_TIME_WAIT)
			e->expected++;
		else
			model_receive_fin(e);
	}
	if (s.length + fin > 0)
		model_send(m, to, TCP_ACK, e->next, 0);
}

static inline void
model_act(struct model *m, unsigned i)
{
	struct model_end *e = &m->end[i];
	bool open = e->state == TCP_ESTABLISHED || e->state == TCP_CLOSE_WAIT;

	if (e->opens == m->now && e->state == TCP_CLOSED)
		model_open(m, i);
	if (e->aborts >= 0 && m->now >= e->aborts &&
	    (open || e->state == TCP_FIN_WAIT_1 || e->state == TCP_FIN_WAIT_2 ||
	     e->state == TCP_SYN_RCVD)) {
		model_reset(m, i, e->next, TCP_ACK);
		model_state(e, TCP_CLOSED);
		e->aborts = -1;
		return;
	}
	if (open && !e->fin_wanted && model_random(m, 40) == 0 && m->now < 2000) {
		e->written += 1 + model_random(m, 250);
		model_output(m, i, false);
	}
	bool may = open || (m->early && e->state == TCP_SYN_RCVD);
	if (e->closes >= 0 && m->now >= e->closes && may && !e->fin_wanted) {
		e->fin_wanted = true;
		model_output(m, i, false);
	}
	if (e->state != TCP_CLOSED && e->una != e->next && m->now - e->sent_at >= 300) {
		e->sent_at = m->now;
		model_output(m, i, true);
	}
}

static inline bool
model_is_quiet(const struct model *m, unsigned delivered)
{
	for (unsigned i = 0; i < 2; i++)
		if (m->end[i].state != TCP_CLOSED && m->end[i].una != m->end[i].next)
			return false;
	return delivered == m->count && m->now > 2500;
}

/* A life from `seed`. */
static inline void
model_run(struct model *m, uint64_t seed)
{
	*m = (struct model){.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
	bool both = model_random(m, 8) == 0;

	m->loss = model_random(m, 2) ? 0 : 5 + model_random(m, 20);
	m->early = model_random(m, 8) == 0;
	for (unsigned i = 0; i < 2; i++) {
		struct model_end *e = &m->end[i];
		uint32_t latency = 1 + model_random(m, 40);
		m->delay[i] = latency;
		m->to_tap[i] = model_random(m, latency + 1);
		e->initial = model_random(m, UINT32_MAX);
		e->una = e->next = e->initial;
		e->written = e->initial + 1;
		e->opens = i == 0 || both ? (int64_t)model_random(m, 20) : -1;
		e->passive = e->opens < 0;
		e->state = !e->passive || model_random(m, 20) == 0 ? TCP_CLOSED : TCP_LISTEN;
		e->closes = model_random(m, 5) ? (int64_t)model_random(m, 1500) : -1;
		e->aborts = model_random(m, 8) ? -1 : (int64_t)model_random(m, 1500);
	}
	/* Often both at nearly the same time. */
	if (model_random(m, 4) == 0 && m->end[0].closes >= 0)
		m->end[1].closes = m->end[0].closes + model_random(m, 10);
	bool done[MODEL_SEGMENTS] = {false};
	unsigned delivered = 0, first = 0;
	for (; m->now < MODEL_TICKS && !model_is_quiet(m, delivered); m->now++) {
		for (unsigned i = first; i < m->count; i++) {
			if (done[i] || m->segments[i].arrival > m->now)
				continue;
			done[i] = true;
			delivered++;
			if (!m->segments[i].lost)
				model_receive(m, !m->segments[i].from, m->segments[i]);
		}
		while (first < m->count && done[first])
			first++;
		model_act(m, 0);
		model_act(m, 1);
	}
}

#endif
