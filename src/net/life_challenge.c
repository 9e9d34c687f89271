/*
 * life_challenge: challenge ACKs. An end that holds a connection answers what cannot be of it
 * by a mere ACK of what it has and expects: a SYN (RFC 9293 section 3.10.7.4, RFC 5961
 * section 4.2), an RST in its window that is not at the next octet (RFC 5961 section 3.2),
 * an ACK of octets that were never sent (section 5.2). Answers are limited in rate (section
 * 7), so several may have one answer, or none: what is counted are the ACKs. The RST that
 * is answered so has ended nothing; but it is only known to be misplaced when its turn has
 * come, for what was sent before it may be captured after it.
 */
#include "life_parts.h"

static bool
is_mere_ack(const struct life_held *s)
{
	return (s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK &&
	       s->length == 0;
}

/* Of a connection that is not in the capture: the other end's SYN met it. */
static bool
holds_older(const struct life *life, const struct life_held *s)
{
	const struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];

	return is_mere_ack(s) && !e->has_syn && !e->seen && o->state == TCP_SYN_SENT &&
	       s->acknowledgment - o->syn - 1 >= LIFE_NEAR;
}

static bool
is_synchronized(const struct life_end *end)
{
	return end->state >= TCP_ESTABLISHED && end->has_edge && end->has_acknowledged;
}

/* An RST that the receiver takes as it is stands where its next octet is due. */
static bool
is_exact(const struct life_end *e, const struct life_end *o, const struct life_held *s)
{
	return s->sequence == e->edge || s->sequence == o->acknowledged;
}

/* Does the segment ask its receiver for a challenge ACK? */
static bool
provokes(const struct life *life, const struct life_held *s)
{
	const struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];

	if (!is_synchronized(o) || !is_synchronized(e))
		return false;
	if (s->flags & TCP_RST)
		return !is_exact(e, o, s);
	if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return e->syn_seen && s->identification != e->sent_identification;
	return life_acks_unsent(life, s);
}

bool
life_acks_unsent(const struct life *life, const struct life_held *s)
{
	const struct life_end *o = &life->end[!s->from];

	return (s->flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK && o->seen &&
	       is_synchronized(o) && s->acknowledgment - o->edge - 1 >= LIFE_NEAR &&
	       life_after(s->acknowledgment, o->edge);
}

/* Marks the RSTs that wait and can be meant; false when there are none. */
static bool
answer_rsts(struct life *life, unsigned from)
{
	bool found = false;

	for (size_t i = 0; i < life->held_count; i++) {
		struct life_held *s = &life->held[i];
		if (s->from != from || !(s->flags & TCP_RST) ||
		    is_exact(&life->end[from], &life->end[!from], s))
			continue;
		s->first = !s->answered && !found;
		s->answered = found = true;
	}
	return found;
}

bool
life_refuses(const struct life *life, const struct life_held *s)
{
	return s->answered && !is_exact(&life->end[s->from], &life->end[!s->from], s);
}

static bool
answers(const struct life *life, const struct life_held *s)
{
	const struct life_end *e = &life->end[s->from];

	return e->provoked && is_mere_ack(s) && s->sequence == e->edge &&
	       s->acknowledgment == e->acknowledged;
}

bool
life_challenge(struct life *life, const struct life_held *s)
{
	struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];
	bool older = holds_older(life, s);

	if (older || (answers(life, s) && !answer_rsts(life, !s->from)))
		life->challenge_acks++;
	e->provoked = false;
	o->provoked = provokes(life, s);
	return older;
}
