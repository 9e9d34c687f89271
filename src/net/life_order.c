/*
 * How it works: a segment's turn has come when all that its end sent before it, and all that
 * it acknowledges, has been taken. Until then it waits with others, few enough to
 * look at them all. When one has waited too long, or too many do, what it waits
 * for is missing: the one goes that no other waiting segment has to precede. An
 * RST always waits: it is the last thing to happen, whatever was under way.
 */
#include <stdlib.h>
#include <string.h>

#include "life_parts.h"
#include "limits.h"
#include "memory.h"

static bool
is_ready(const struct life *life, const struct life_held *s)
{
	const struct life_end *e = &life->end[s->from], *o = &life->end[!s->from];

	if (s->flags & TCP_RST)
		return false;
	if (!(s->flags & TCP_SYN) && (!e->has_edge || life_after(s->sequence, e->edge)))
		return false;
	/* An end that is not in the capture is not waited for more than once. */
	if (!(s->flags & TCP_ACK) || (life->gave_up && !o->seen))
		return true;
	return o->has_edge && !life_after(s->acknowledgment, o->edge);
}

/* Was `a` sent before `b`, by what they say? */
static bool
precedes(const struct life_held *a, const struct life_held *b)
{
	if ((a->flags ^ b->flags) & TCP_RST)
		return b->flags & TCP_RST;
	uint32_t end = life_edge(a);
	if (a->from != b->from)
		return b->flags & TCP_ACK && end != a->sequence &&
		       (b->acknowledgment == end || life_after(b->acknowledgment, end));
	if (a->sequence != b->sequence)
		return life_after(b->sequence, a->sequence);
	if (end != life_edge(b))
		return life_after(life_edge(b), end);
	return life_after(b->acknowledgment, a->acknowledgment);
}

/* One that nothing waiting has to precede; in numbers that contradict each other, any. */
static size_t
first_held(const struct life *life)
{
	size_t best = 0;

	for (unsigned pass = 0; pass < 3; pass++) {
		size_t before = best;
		for (size_t i = 0; i < life->held_count; i++)
			if (precedes(&life->held[i], &life->held[best]))
				best = i;
		if (best == before)
			break;
	}
	return best;
}

static void
take_held(struct life *life, size_t at)
{
	struct life_held segment = life->held[at];

	life->held_count--;
	memmove(&life->held[at], &life->held[at + 1],
		(life->held_count - at) * sizeof *life->held);
	life_take(life, &segment);
}

/* An open connection may need the room again, and again. */
static void
give_back_room(struct life *life)
{
	if (life->end[0].state == TCP_ESTABLISHED && life->end[1].state == TCP_ESTABLISHED)
		return;
	free(life->held);
	life->held = NULL;
	life->held_capacity = 0;
}

/* Takes those whose turn has come now. */
static void
drain(struct life *life)
{
	for (size_t i = 0; i < life->held_count;) {
		if (is_ready(life, &life->held[i])) {
			take_held(life, i);
			i = 0;
		} else {
			i++;
		}
	}
	if (life->held_count == 0)
		give_back_room(life);
}

static void
force(struct life *life)
{
	life->gave_up = true;
	take_held(life, first_held(life));
	drain(life);
}

static void
hold(struct life *life, const struct life_held *segment)
{
	life->held = memory_grow(life->held, &life->held_capacity, life->held_count + 1,
				 sizeof *life->held);
	life->held[life->held_count++] = *segment;
	if (life->held_count >= LIMIT_LIFE_HELD)
		force(life);
}

void
life_order(struct life *life, const struct life_held *segment)
{
	if (!is_ready(life, segment)) {
		hold(life, segment);
		return;
	}
	life_take(life, segment);
	if (life->held_count > 0)
		drain(life);
}

/* When the one was captured that waits longest. */
static int64_t
oldest(const struct life *life)
{
	int64_t time = INT64_MAX;

	for (size_t i = 0; i < life->held_count; i++)
		time = life->held[i].time < time ? life->held[i].time : time;
	return time;
}

void
life_let_through(struct life *life, int64_t until)
{
	while (life->held_count > 0 && oldest(life) <= until)
		force(life);
}
