/*
 * How it works: an event is looked up in the table of transitions; what it leads to
 * is added to the list, which is kept by time: the times of one end never
 * go back, but a segment that had to wait shows what came before another end's
 * later transitions. Evidence that was captured late splits a transition in two.
 */
#include <assert.h>

#include "life_parts.h"
#include "limits.h"
#include "memory.h"

/* Puts the transition at that place where its time belongs. */
static void
sort_in(struct life *life, size_t at)
{
	struct transition *list = life->transitions, moved = list[at];

	for (; at > 0 && list[at - 1].time > moved.time && list[at - 1].end != moved.end; at--)
		list[at] = list[at - 1];
	list[at] = moved;
}

static bool
has_room(struct life *life)
{
	if (life->transition_count >= LIMIT_TRANSITIONS) {
		life->untold++;
		return false;
	}
	life->transitions = memory_grow(life->transitions, &life->transition_capacity,
					life->transition_count + 1, sizeof *life->transitions);
	return true;
}

bool
life_step(struct life *life, unsigned end, enum tcp_event event, const struct life_cause *cause)
{
	struct life_end *e = &life->end[end];
	const struct tcp_rule *rule = tcp_rule_find(e->state, event);

	if (!rule)
		return false;
	int64_t time = cause->time > e->last ? cause->time : e->last;
	if (has_room(life)) {
		life->transitions[life->transition_count++] = (struct transition){
			.time = time,
			.frame = cause->frame,
			.end = (uint8_t)end,
			.from = (uint8_t)rule->from,
			.to = (uint8_t)rule->to,
			.event = (uint8_t)event,
			.inferred = cause->inferred || !e->seen,
			.after = e->since == INT64_MIN ? -1 : time - e->since,
		};
		sort_in(life, life->transition_count - 1);
	}
	e->state = (uint8_t)rule->to;
	/* When it came to ESTABLISHED was before the capture. */
	e->since = event == TCP_JOINED_MIDWAY ? INT64_MIN : time;
	e->last = time;
	if (rule->to == TCP_TIME_WAIT)
		e->timer = time;
	return true;
}

/* The place of that transition; the count of all when there is none. */
static size_t
find(const struct life *life, unsigned end, const struct life_detour *detour, int64_t since)
{
	for (size_t i = life->transition_count; i-- > 0;) {
		const struct transition *t = &life->transitions[i];
		if (t->end == end && t->from == detour->from && t->to == detour->to)
			return t->time >= since ? i : life->transition_count;
	}
	return life->transition_count;
}

void
life_amend(struct life *life, unsigned end, const struct life_detour *detour,
	   const struct life_cause *cause)
{
	size_t at = find(life, end, detour, cause->time - LIMIT_LIFE_WAIT);

	assert(tcp_rule_find(detour->start, detour->first)->to == detour->middle);
	assert(tcp_rule_find(detour->middle, detour->second)->to == detour->to);
	if (at == life->transition_count || !has_room(life))
		return;
	struct transition *list = life->transitions, whole = list[at];
	for (size_t i = life->transition_count++; i > at + 1; i--)
		list[i] = list[i - 1];
	int64_t earliest = whole.after < 0 ? INT64_MIN : whole.time - whole.after;
	int64_t time = cause->time > earliest ? cause->time : earliest;
	time = time < whole.time ? time : whole.time;
	list[at].from = (uint8_t)detour->start;
	list[at].to = list[at + 1].from = (uint8_t)detour->middle;
	list[at + 1] = whole;
	list[at + 1].from = (uint8_t)detour->middle;
	list[at + 1].event = (uint8_t)detour->second;
	list[at + 1].after = whole.time - time;
	list[at].event = (uint8_t)detour->first;
	list[at].frame = cause->frame;
	list[at].time = time;
	list[at].after = whole.after < 0 ? -1 : whole.after - list[at + 1].after;
	sort_in(life, at);
}

enum tcp_state
life_state_at(const struct life *life, unsigned end, int64_t time)
{
	enum tcp_state state = TCP_STATES;

	end &= 1;
	for (size_t i = 0; i < life->transition_count; i++) {
		const struct transition *t = &life->transitions[i];
		if (t->end != end)
			continue;
		if (state == TCP_STATES)
			state = (enum tcp_state)t->from;
		if (t->time <= time)
			state = (enum tcp_state)t->to;
	}
	return state == TCP_STATES ? (enum tcp_state)life->end[end].state : state;
}
