/*
 * How it works: what an open connection is made of, data in order and its ACKs, changes two
 * numbers here and goes no further. Every other segment is looked at as, or as the cause of,
 * a challenge ACK (life_challenge.c), then put in order
 * (life_order.c), its facts become events (life_evidence.c), and those become
 * transitions (life_history.c) by the table (life_rules.c). Time alone lets waiting
 * segments through and ends TIME_WAIT.
 */
#include "life.h"

#include <stdlib.h>

#include "life_parts.h"
#include "limits.h"
#include "unusual.h"

/* Times beyond it (146 years from 1970) are no clock's; sums of two within it do not overflow.
 */
#define FAR_TIME (INT64_MAX / 2)

static int64_t
bounded(int64_t time)
{
	return time < -FAR_TIME ? -FAR_TIME : time > FAR_TIME ? FAR_TIME : time;
}

static void
begin(struct life *life)
{
	life->begun = true;
	for (unsigned i = 0; i < 2; i++) {
		life->end[i].since = INT64_MIN;
		life->end[i].last = INT64_MIN;
	}
}

/* Is it open both ways, with nothing amiss, so that data and ACKs in order change no state? */
static bool
is_open(const struct life *life, unsigned from)
{
	const struct life_end *e = &life->end[from], *o = &life->end[!from];

	return e->state == TCP_ESTABLISHED && o->state == TCP_ESTABLISHED && !e->has_fin &&
	       !o->has_fin && life->held_count == 0 && e->has_edge && o->has_edge &&
	       e->has_acknowledged && !e->octet_missing && !o->octet_missing && e->seen &&
	       !e->provoked && !o->provoked;
}

/* Data or an ACK, in order, of an open connection: no state changes. */
static bool
is_usual(struct life_end *e, const struct life_end *o, const struct packet *packet)
{
	uint32_t sequence = packet->sequence, acknowledgment = packet->acknowledgment;

	if (!e->open || (packet->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_ACK ||
	    life_after(acknowledgment, o->edge) ||
	    (sequence != e->edge && life_after(sequence, e->edge)))
		return false;
	e->window = packet->window;
	if (life_after(acknowledgment, e->acknowledged))
		e->acknowledged = acknowledgment;
	sequence += packet_length(packet);
	if (life_after(sequence, e->edge))
		e->edge = sequence;
	return true;
}

/* RFC 9293 section 3.10.8. */
static void
end_time_wait(struct life *life, int64_t now, int64_t msl2)
{
	msl2 = bounded(msl2);
	for (unsigned i = 0; i < 2; i++) {
		struct life_end *e = &life->end[i];
		if (e->state != TCP_TIME_WAIT || now - e->timer < msl2)
			continue;
		struct life_cause cause = {.time = e->timer + msl2, .inferred = true};
		life_step(life, i, TCP_2MSL_OVER, &cause);
	}
}

/* Time has come to there: waiting segments are let through, TIME_WAIT runs out. */
static void
advance(struct life *life, int64_t now, int64_t msl2)
{
	if (life->held_count > 0)
		life_let_through(life, now - LIMIT_LIFE_WAIT);
	end_time_wait(life, now, msl2);
}

/* Any other segment. */
UNUSUAL static void
take_segment(struct life *life, const struct packet *packet, unsigned from, int64_t msl2)
{
	if (!life->begun)
		begin(life);
	struct life_held segment = {
		.time = bounded(packet->frame.time),
		.frame = packet->frame.number,
		.sequence = packet->sequence,
		.acknowledgment = packet->acknowledgment,
		.length = packet_length(packet),
		.identification = packet->ip.identification,
		.window = packet->window,
		.scale = (uint8_t)(packet->flags & TCP_SYN ? life_scale_of(packet) : 0),
		.flags = packet->flags,
		.from = (uint8_t)from,
	};
	advance(life, segment.time, msl2);
	if (!life_challenge(life, &segment))
		life_order(life, &segment);
	life->end[0].open = is_open(life, 0);
	life->end[1].open = is_open(life, 1);
}

void
life_segment(struct life *life, const struct packet *packet, unsigned from, int64_t msl2)
{
	struct life_end *first = &life->end[0], *second = &life->end[1];
	/* (two copies of it: an index would be worked out again for every look) */
	bool usual =
		from == 0 ? is_usual(first, second, packet) : is_usual(second, first, packet);
	if (!usual)
		take_segment(life, packet, from & 1, msl2);
}

void
life_end(struct life *life, int64_t now, bool reused, int64_t msl2)
{
	now = bounded(now);
	life_let_through(life, INT64_MAX);
	end_time_wait(life, now, msl2);
	life_give_up(life, now);
	for (unsigned i = 0; i < 2 && reused; i++) {
		struct life_cause cause = {.time = now, .inferred = true};
		life_step(life, i, TCP_REUSED, &cause);
	}
}

void
life_release(struct life *life)
{
	free(life->transitions);
	free(life->held);
	*life = (struct life){.begun = false};
}
