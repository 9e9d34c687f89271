/*
 * Lives of a TCP model, seen from a tap: every transition is a row of the table; the states
 * at the end (and, when nothing was lost or reset, all of them in turn) are the model's;
 * reordered, split and doubled, the segments give the same states. Any segments at all
 * break nothing.
 */
#include "../unit/life_support.h"
#include "tcp_model.h"

enum { LIVES = 1500, RANDOM = 300, MOST = 3 * MODEL_SEGMENTS, REACH = 12 };

/* Segments as captured. */
struct tape {
	struct model_segment at[MOST];
	size_t count;
};

static int
by_tap(const void *a, const void *b)
{
	const struct model_segment *left = a, *right = b;

	if (left->tap != right->tap)
		return left->tap < right->tap ? -1 : 1;
	return left->identification < right->identification ? -1 : 1;
}

static void
play(struct script *script, const struct tape *tape)
{
	for (size_t i = 0; i < tape->count; i++) {
		const struct model_segment *s = &tape->at[i];
		struct packet packet = {.transport = TRANSPORT_TCP};
		packet.frame.number = i + 1;
		packet.frame.time = script->now = s->tap * MS;
		packet.ip.identification = s->identification;
		packet.payload = 20;
		packet.datagram_length = packet.datagram_captured = 20 + s->length;
		packet.sequence = s->sequence;
		packet.acknowledgment = s->acknowledgment;
		packet.flags = (uint8_t)s->flags;
		life_segment(&script->life, &packet, s->from, MSL2);
	}
	life_end(&script->life, script->now, false, MSL2);
	life_check(&script->life, NULL);
}

/* The order of octets does not change, only where they are cut. */
static void
split(struct tape *tape, struct model *m)
{
	struct tape whole = *tape;

	tape->count = 0;
	for (size_t i = 0; i < whole.count; i++) {
		struct model_segment s = whole.at[i];
		while (s.length > 1 && tape->count + whole.count - i < MOST &&
		       model_random(m, 3) == 0) {
			struct model_segment part = s;
			part.length = 1 + model_random(m, s.length - 1);
			part.flags &= ~(unsigned)TCP_FIN;
			tape->at[tape->count++] = part;
			s.sequence += part.length;
			s.length -= part.length;
		}
		tape->at[tape->count++] = s;
	}
}

static bool
any_again(const struct tape *tape, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++)
		if (tape->at[i].again)
			return true;
	return false;
}

/*
 * Segments change places, not farther than REACH of them or 100 ms; times stay in order. Octets
 * sent again come no earlier than others: which of two equal FINs was first, nothing says.
 */
static void
reorder(struct tape *tape, struct model *m)
{
	int64_t times[MOST];
	size_t home[MOST];

	for (size_t i = 0; i < tape->count; i++) {
		times[i] = tape->at[i].tap;
		home[i] = i;
	}
	for (size_t i = 0; i + 1 < tape->count; i++) {
		size_t j = i + 1 + model_random(m, REACH / 2);
		if (j >= tape->count || model_random(m, 2) || times[j] - times[i] > 50 ||
		    j - home[i] > REACH || home[j] > i + REACH)
			continue;
		if (any_again(tape, i, j))
			continue;
		struct model_segment moved = tape->at[i];
		size_t from = home[i];
		if (times[j] - times[from] > 100 || times[home[j]] - times[i] > 100)
			continue;
		tape->at[i] = tape->at[j];
		tape->at[j] = moved;
		home[i] = home[j];
		home[j] = from;
	}
	for (size_t i = 0; i < tape->count; i++)
		tape->at[i].tap = times[i];
}

/* Captured twice. */
static void
duplicate(struct tape *tape, struct model *m)
{
	struct tape whole = *tape;

	tape->count = 0;
	for (size_t i = 0; i < whole.count; i++) {
		tape->at[tape->count++] = whole.at[i];
		if (model_random(m, 4) == 0 && tape->count + whole.count - i < MOST)
			tape->at[tape->count++] = whole.at[i];
	}
}

static void
print_tape(const struct tape *tape, const struct model *m)
{
	for (size_t i = 0; i < tape->count; i++) {
		const struct model_segment *s = &tape->at[i];
		print_error("%6lld %u %s%s%s%s seq %u ack %d len %u%s\n", (long long)s->tap,
			    s->from, s->flags & TCP_SYN ? "S" : "",
			    s->flags & TCP_FIN ? "F" : "", s->flags & TCP_RST ? "R" : "",
			    s->flags & TCP_ACK ? "." : "",
			    s->sequence - m->end[s->from].initial,
			    (int)(s->acknowledgment - m->end[!s->from].initial), s->length,
			    s->lost ? " lost" : "");
	}
}

static void
must_equal(const char *what, uint64_t seed, const struct tape *tape, const struct model *m,
	   unsigned end, const char *wanted, const char *got)
{
	if (strcmp(wanted, got) == 0)
		return;
	print_tape(tape, m);
	fail_msg("life %llu, end %u, %s:\n  wanted %s\n  got    %s", (unsigned long long)seed,
		 end, what, wanted, got);
}

/* A listener that nobody called has no state of its own in a capture. */
static enum tcp_state
without_listen(enum tcp_state state)
{
	return state == TCP_LISTEN ? TCP_CLOSED : state;
}

static void
equals_model(uint64_t seed, const struct tape *tape, const struct model *m,
	     const struct script *script)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct model_end *e = &m->end[i];
		char wanted[512], got[512];
		enum tcp_state last = (enum tcp_state)script->life.end[i].state;
		must_equal("at the end", seed, tape, m, i,
			   tcp_state_name(without_listen(e->state)),
			   tcp_state_name(without_listen(last)));
		if (m->loss > 0 || m->reset || m->early)
			continue;
		size_t used = (size_t)snprintf(
			wanted, sizeof wanted, "%s",
			tcp_state_name(e->states ? e->history[0] : TCP_CLOSED));
		for (unsigned j = 1; j < e->states; j++)
			used += (size_t)snprintf(wanted + used, sizeof wanted - used, " %s",
						 tcp_state_name(e->history[j]));
		life_text(&script->life, i, false, got, sizeof got);
		must_equal("in turn", seed, tape, m, i, wanted, got);
	}
}

static void
equals_changed(uint64_t seed, struct tape *tape, struct model *m, const struct script *before)
{
	static void (*const changes[])(struct tape *, struct model *) = {
		split, reorder, duplicate, split, duplicate, reorder};
	static const char *const names[] = {"split",         "reordered",       "doubled",
					    "split and all", "doubled and all", "all"};
	struct tape changed = *tape;

	for (unsigned c = 0; c < sizeof changes / sizeof *changes; c++) {
		struct script script = {.used = NULL};
		if (c < 4)
			changed = *tape;
		changes[c](&changed, m);
		play(&script, &changed);
		for (unsigned i = 0; i < 2; i++) {
			char wanted[512], got[512];
			life_text(&before->life, i, false, wanted, sizeof wanted);
			life_text(&script.life, i, false, got, sizeof got);
			must_equal(names[c], seed, &changed, m, i, wanted, got);
		}
		/* Which of two resets was first is lost when they change places. */
		if (c == 0 || c == 2 || before->life.closed_by < RESET_BY_FIRST)
			assert_int_equal(script.life.closed_by, before->life.closed_by);
		/* A copy that is moved away from its original is a repeat. */
		if (c < 5)
			assert_int_equal(script.life.syn_repeats[0],
					 before->life.syn_repeats[0]);
		life_release(&script.life);
	}
}

static void
test_lives_of_a_model(void **state)
{
	struct model *m = calloc(1, sizeof *m);
	struct tape *tape = calloc(1, sizeof *tape);
	unsigned overflows = 0, seen[TCP_STATES] = {0};

	(void)state;
	assert_non_null(m);
	assert_non_null(tape);
	for (uint64_t seed = 1; seed <= LIVES; seed++) {
		struct script script = {.used = NULL};
		model_run(m, seed);
		if (m->overflow || m->count == 0) {
			overflows++;
			continue;
		}
		tape->count = m->count;
		memcpy(tape->at, m->segments, m->count * sizeof *m->segments);
		qsort(tape->at, tape->count, sizeof *tape->at, by_tap);
		play(&script, tape);
		equals_model(seed, tape, m, &script);
		equals_changed(seed, tape, m, &script);
		for (size_t i = 0; i < script.life.transition_count; i++)
			seen[script.life.transitions[i].to]++;
		life_release(&script.life);
	}
	assert_true(overflows < LIVES / 20);
	for (int i = TCP_SYN_SENT; i < TCP_STATES; i++)
		assert_true(seen[i] > LIVES / 100);
	free(tape);
	free(m);
}

/* Segments of few numbers, so that they meet: no transition but the table's, no end of it. */
static void
test_anything_at_all(void **state)
{
	struct model m = {.random = 4711};
	struct tape *tape = calloc(1, sizeof *tape);

	(void)state;
	assert_non_null(tape);
	for (unsigned round = 0; round < RANDOM; round++) {
		struct script script = {.used = NULL};
		tape->count = 400;
		for (size_t i = 0; i < tape->count; i++)
			tape->at[i] = (struct model_segment){
				.from = model_random(&m, 2),
				.flags = model_random(&m, 64) &
					 (model_random(&m, 2) ? 63 : TCP_ACK),
				.sequence = model_random(&m, 8) - 4,
				.acknowledgment = model_random(&m, 20)
							  ? model_random(&m, 8) - 4
							  : model_random(&m, UINT32_MAX),
				.length = model_random(&m, 3),
				.identification = model_random(&m, 4),
				.tap = (int64_t)(i * model_random(&m, 60)),
			};
		play(&script, tape);
		for (unsigned end = 0; end < 2; end++)
			assert_true(life_state_at(&script.life, end, INT64_MAX) < TCP_STATES);
		life_release(&script.life);
	}
	free(tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives_of_a_model),
		cmocka_unit_test(test_anything_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
