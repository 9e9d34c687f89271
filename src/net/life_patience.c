/*
 * life_patience: a SYN or FIN that nobody acknowledges is sent again after a time that doubles
 * (RFC 6298 section 5.5), until its end gives up and the connection is CLOSED (RFC 9293
 * sections 3.8.3 and 3.10.8). No packet says so. What can be seen is that the next
 * repetition was due and did not come; that is when it gave up, at the latest.
 *
 * It is implied only where nothing else explains the silence: a SYN that nothing answered,
 * a SYN+ACK or FIN that was repeated first and is so known not to have been acknowledged.
 * FIN_WAIT_2, CLOSE_WAIT and ESTABLISHED send nothing by themselves: they stay as last seen.
 */
#include "life_parts.h"
#include "limits.h"

/* RFC 6298 section 2.1: 1 s to the first repetition; RFC 1122 section 4.2.3.1 said 3 s. */
#define FIRST_INTERVAL (3 * SECOND)
#define LATENESS       SECOND /* of a timer */

/* Moments ago, and the same IP packet: captured twice, not sent twice. */
static bool
is_copy(const struct life_end *e, const struct life_held *s)
{
	return s->identification == e->sent_identification &&
	       s->time - e->sent_time < LIMIT_COPY_AGE &&
	       e->sent_time - s->time < LIMIT_COPY_AGE;
}

bool
life_note_sent(struct life_end *e, const struct life_held *s, bool again)
{
	bool copy = again && is_copy(e, s);
	int64_t interval = FIRST_INTERVAL;

	if (!copy && again && s->time - e->sent_time > interval)
		interval = s->time - e->sent_time;
	if (!copy && s->flags & TCP_FIN)
		e->fin_repeated |= again;
	if (!copy && e->state != TCP_TIME_WAIT)
		e->due = s->time + 2 * interval + LATENESS;
	e->sent_identification = s->identification;
	e->sent_time = s->time;
	return copy;
}

static bool
has_given_up(const struct life *life, unsigned end)
{
	const struct life_end *e = &life->end[end], *o = &life->end[!end];

	switch (e->state) {
	case TCP_SYN_SENT:
		return e->syn_seen && !o->has_syn;
	case TCP_SYN_RCVD:
		return life->syn_repeats[end] > 0;
	case TCP_FIN_WAIT_1:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		return e->fin_repeated && o->seen;
	default:
		return false;
	}
}

void
life_give_up(struct life *life, int64_t now)
{
	for (unsigned i = 0; i < 2; i++) {
		struct life_cause cause = {.time = life->end[i].due, .inferred = true};
		if (has_given_up(life, i) && now >= cause.time)
			life_step(life, i, TCP_GIVES_UP, &cause);
	}
}

enum tcp_state
life_state_seen(const struct life *life, unsigned end, int64_t *since)
{
	const struct life_end *e = &life->end[end & 1];

	*since = e->since;
	for (size_t i = life->transition_count; i-- > 0 && e->state == TCP_CLOSED;) {
		const struct transition *t = &life->transitions[i];
		if (t->end != (end & 1))
			continue;
		if (t->event != TCP_GIVES_UP)
			break;
		*since = t->after < 0 ? INT64_MIN : t->time - t->after;
		return (enum tcp_state)t->from;
	}
	return (enum tcp_state)e->state;
}
