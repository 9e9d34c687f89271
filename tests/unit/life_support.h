/* life_support: segments of one connection, and what came of them as text. */
#ifndef RPCSCOPE_TEST_LIFE_SUPPORT_H
#define RPCSCOPE_TEST_LIFE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "life.h"
#include "limits.h"

#define MS       1000000LL
#define MSL2     (60 * SECOND)
#define INITIAL0 UINT32_C(0xfffffff0) /* wraps after a few octets */
#define INITIAL1 UINT32_C(0x3fffff00)

/* Numbers count from the initial ones. */
struct seen {
	unsigned from, flags;
	uint32_t sequence, acknowledgment, length;
	int64_t ms;
};

struct script {
	struct life life;
	uint64_t frame;
	uint32_t identification;
	int64_t now;
	bool *used; /* rows of the table; NULL: not counted */
};

static inline struct packet
life_packet(struct script *script, const struct seen *seen)
{
	uint32_t initial[2] = {INITIAL0, INITIAL1};
	struct packet packet = {.transport = TRANSPORT_TCP};

	packet.frame.number = ++script->frame;
	packet.frame.time = script->now = seen->ms * MS;
	packet.ip.identification = ++script->identification;
	packet.payload = 20;
	packet.datagram_length = packet.datagram_captured = 20 + seen->length;
	packet.sequence = initial[seen->from] + seen->sequence;
	packet.flags = (uint8_t)seen->flags;
	packet.window = 64000;
	if (seen->flags & TCP_ACK)
		packet.acknowledgment = initial[!seen->from] + seen->acknowledgment;
	return packet;
}

static inline void
life_play(struct script *script, const struct seen *seen, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct packet packet = life_packet(script, &seen[i]);
		life_segment(&script->life, &packet, seen[i].from, MSL2);
	}
}

/* The row of the table that a transition is; fails where there is none. */
static inline size_t
life_row(const struct transition *t)
{
	for (size_t i = 0; i < tcp_rule_count; i++)
		if (tcp_rules[i].from == t->from && tcp_rules[i].event == t->event &&
		    tcp_rules[i].to == t->to)
			return i;
	fail_msg("%s -> %s is no row", tcp_state_name(t->from), tcp_state_name(t->to));
	return 0;
}

/* What holds of any list of transitions: rows, a chain at either end, times in order. */
static inline void
life_check(const struct life *life, bool *used)
{
	const struct transition *last[2] = {NULL, NULL};
	int64_t time = INT64_MIN;

	assert_true(life->transition_count <= LIMIT_TRANSITIONS);
	for (size_t i = 0; i < life->transition_count; i++) {
		const struct transition *t = &life->transitions[i], *before = last[t->end];
		size_t row = life_row(t);
		if (used)
			used[row] = true;
		assert_true(t->time >= time);
		time = t->time;
		if (before) {
			assert_int_equal(t->from, before->to);
			if (before->event != TCP_JOINED_MIDWAY)
				assert_int_equal(t->after, t->time - before->time);
			else
				assert_int_equal(t->after, -1);
		} else {
			assert_int_equal(t->after, -1);
			assert_true(t->from == TCP_CLOSED || t->from == TCP_LISTEN);
		}
		last[t->end] = t;
	}
	for (unsigned i = 0; i < 2 && life->untold == 0; i++)
		if (last[i])
			assert_int_equal(life->end[i].state, last[i]->to);
}

/* "CLOSED SYN_SENT ESTABLISHED*": the states of an end; * where inferred and `stars`. */
static inline void
life_text(const struct life *life, unsigned end, bool stars, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < life->transition_count && used < size; i++) {
		const struct transition *t = &life->transitions[i];
		if (t->end != end)
			continue;
		if (used == 0)
			used = (size_t)snprintf(text, size, "%s", tcp_state_name(t->from));
		if (used < size)
			used += (size_t)snprintf(text + used, size - used, " %s%s",
						 tcp_state_name(t->to),
						 stars && t->inferred ? "*" : "");
	}
	if (used == 0)
		snprintf(text, size, "%s", tcp_state_name(life->end[end].state));
}

#endif
