/*
 * life_reset: which RST ends a connection. One whose number is outside the receive window is
 * dropped, one that is not at the next octet asks for a challenge ACK (RFC 9293 section
 * 3.10.7.4, RFC 5961 section 3.2); without that answer it is taken, for the receiver may be
 * older than the rule, or the capture may lack octets before it. The window is known
 * where both SYNs are in the capture, for they have its scale (RFC 7323 section 2.2); else
 * anything near counts. Whoever sent an RST has no connection any more. If it goes on all the
 * same, another sent the RST in its name, and nobody took it.
 */
#include "life_parts.h"

enum life_scale
life_scale_of(const struct packet *syn)
{
	enum { FIXED = 20, END = 0, PADDING = 1, WINDOW_SCALE = 3 };
	const uint8_t *octets = syn->datagram;
	uint32_t end =
		syn->payload < syn->datagram_captured ? syn->payload : syn->datagram_captured;

	for (uint32_t at = FIXED; at < end && octets[at] != END;) {
		if (octets[at] == PADDING) {
			at++;
			continue;
		}
		if (at + 1 >= end || octets[at + 1] < 2)
			break;
		if (octets[at] == WINDOW_SCALE && at + 2 < end) {
			unsigned scale = SCALE_SHIFT + (unsigned)octets[at + 2];
			return scale < SCALE_MOST ? (enum life_scale)scale : SCALE_MOST;
		}
		at += octets[at + 1];
	}
	return end < syn->payload ? SCALE_UNKNOWN : SCALE_ABSENT;
}

void
life_note_window(struct life_end *e, const struct life_held *s)
{
	/* A SYN sent again may lack the option: then the answer to it does, too. */
	if (s->flags & TCP_SYN && s->scale > e->scale)
		e->scale = s->scale;
	if (!e->has_acknowledged || !life_after(e->acknowledged, s->acknowledgment))
		e->window = s->window;
}

/* Is the number in the window in which that end receives? It is wider than it says while a SYN,
 * whose window has no scale, is its last word. */
static bool
is_in_window(const struct life_end *e, const struct life_end *o, uint32_t number)
{
	uint32_t window = LIFE_NEAR, ahead = number - o->acknowledged;
	bool scaled = e->scale >= SCALE_SHIFT && o->scale >= SCALE_SHIFT;

	if (e->scale != SCALE_UNKNOWN && o->scale != SCALE_UNKNOWN)
		window = (uint32_t)o->window << (scaled ? o->scale - SCALE_SHIFT : 0);
	/* What was sent had a place in it, though the capture may lack who said so. */
	if (e->has_edge && life_after(e->edge, o->acknowledged + window))
		window = e->edge - o->acknowledged;
	return ahead == 0 || ahead < window;
}

/* Would the receiver take the RST (RFC 9293 section 3.10.7.3 and .4)? */
static bool
is_acceptable(const struct life_end *e, const struct life_end *o, const struct life_held *s)
{
	if (o->state == TCP_SYN_SENT) {
		uint32_t sent = o->has_edge ? o->edge - o->syn - 1 : 0;
		return s->flags & TCP_ACK && s->acknowledgment - o->syn - 1 <= sent;
	}
	return !o->has_acknowledged || (e->has_edge && s->sequence == e->edge) ||
	       is_in_window(e, o, s->sequence);
}

/* In SYN-SENT an end refuses an ACK that is not its own (figure 9), and stays; it refuses a
 * SYN+ACK that is only when it is gone. */
static bool
stays_opening(const struct life_end *e, const struct life_end *o, const struct life_held *s)
{
	return e->state == TCP_SYN_SENT &&
	       !(s->sequence == e->syn + 1 && life_covers(o, e->syn));
}

void
life_take_rst(struct life *life, const struct life_held *s, const struct life_cause *cause)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];
	bool both_closed = e->has_fin && o->has_fin, changed = false;
	bool waits = stays_opening(e, o, s);

	if (life_refuses(life, s)) {
		life->challenge_acks += s->first;
		return;
	}
	if (waits && o->state != TCP_SYN_SENT)
		return;
	if (is_acceptable(e, o, s)) {
		bool listener = o->state == TCP_SYN_RCVD && o->passive;
		changed = !waits && life_step(life, s->from, TCP_SENDS_RST, cause);
		changed |= life_step(life, !s->from,
				     listener ? TCP_LISTENER_RECEIVES_RST : TCP_RECEIVES_RST,
				     cause);
		/* All that is known of the connection. */
		changed |= !e->has_syn && !o->has_syn && !life->joined;
	}
	if (changed && !both_closed && life->closed_by < RESET_BY_FIRST)
		life->closed_by = s->from ? RESET_BY_SECOND : RESET_BY_FIRST;
}

bool
life_takes_reset(const struct life *life, const struct packet *packet, unsigned from)
{
	const struct life_held segment = {.sequence = packet->sequence,
					  .acknowledgment = packet->acknowledgment,
					  .flags = packet->flags};

	from &= 1;
	return is_acceptable(&life->end[from], &life->end[!from], &segment);
}

/* Does it send new octets, or acknowledge some that came since? */
static bool
goes_on(const struct life_end *e, const struct life_end *o, const struct life_held *s)
{
	uint32_t ahead = life_edge(s) - e->edge, acked = s->acknowledgment - e->acknowledged;

	if ((s->flags & (TCP_SYN | TCP_ACK)) != TCP_ACK || !e->has_edge || !o->has_edge ||
	    !e->has_acknowledged || s->sequence - e->edge >= LIFE_NEAR ||
	    life_after(s->acknowledgment, o->edge))
		return false;
	return ahead - 1 < LIFE_NEAR || acked - 1 < LIFE_NEAR;
}

/* The last transition of that end; NULL where there is none, or it is not told. */
static struct transition *
last_of(struct life *life, unsigned end)
{
	for (size_t i = life->transition_count; i-- > 0;) {
		struct transition *t = &life->transitions[i];
		if (t->end == end)
			return t->to == life->end[end].state ? t : NULL;
	}
	return NULL;
}

static bool
is_reset(const struct transition *t)
{
	return t->event == TCP_SENDS_RST || t->event == TCP_RECEIVES_RST ||
	       t->event == TCP_LISTENER_RECEIVES_RST;
}

static void
take_back(struct life *life, struct transition *t)
{
	struct transition *last = &life->transitions[life->transition_count - 1];
	unsigned end = t->end;

	life->end[end].state = t->from;
	life->end[end].since = t->after < 0 ? INT64_MIN : t->time - t->after;
	for (; t < last; t++)
		*t = t[1];
	life->transition_count--;
}

void
life_revive(struct life *life, const struct life_held *s)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];

	if (e->state != TCP_CLOSED || !goes_on(e, o, s))
		return;
	struct transition *sent = last_of(life, s->from);
	if (!sent || sent->event != TCP_SENDS_RST)
		return;
	take_back(life, sent);
	struct transition *received = last_of(life, !s->from);
	if (received && is_reset(received))
		take_back(life, received);
	life->closed_by = !e->has_fin && !o->has_fin ? CLOSED_BY_NONE
			  : life->end[0].has_fin     ? CLOSED_BY_FIRST
						     : CLOSED_BY_SECOND;
}

bool
life_outlives(struct life *life, const struct packet *packet, unsigned from)
{
	const struct life_end *e = &life->end[from & 1];
	struct transition *last = last_of(life, from & 1);

	if (!last || last->event != TCP_REUSED || !e->has_edge ||
	    packet->sequence - e->edge + LIFE_NEAR >= 2 * LIFE_NEAR)
		return false;
	take_back(life, last);
	return true;
}
