/*
 * Fragments in every situation that fragment.h names, one test each: order, overlap,
 * contradiction, snap length, age, bounds, and captures that hold everything twice.
 */
#include "fragment_support.h"

static void
test_in_order(void **state)
{
	struct world *world = *state;
	assert_false(push(world, 0, 1480, true));
	assert_false(push(world, 1480, 2960, true));
	assert_true(push(world, 2960, 3001, false));
	check_datagram(world, 3001, 3001);
	assert_int_equal(world->packet.piece_count, 3);
	assert_int_equal(world->packet.frame.number, 3);
	assert_int_equal(world->packet.ip.protocol, 17);
	fragments_finish(world->fragments);
	assert_counts(world, 0, 0);
}

static void
test_last_first(void **state)
{
	struct world *world = *state;
	assert_false(push(world, 2960, 3001, false));
	assert_false(push(world, 1480, 2960, true));
	assert_true(push(world, 0, 1480, true));
	check_datagram(world, 3001, 3001);
}

static void
test_keys_are_kept_apart(void **state)
{
	struct world *world = *state;
	assert_false(push(world, 0, 8, true));
	world->identification = 2;
	assert_false(push(world, 8, 16, false));
	world->protocol = 6;
	assert_false(push(world, 0, 8, true));
	world->version = 6; /* here the protocol is no part of the key, see below */
	assert_false(push(world, 0, 8, true));
	world->version = 4;
	world->protocol = 17;
	assert_true(push(world, 0, 8, true));
	check_datagram(world, 16, 16);
	fragments_finish(world->fragments);
	assert_counts(world, 0, 3);
}

/* RFC 8200 section 4.5: the first fragment's next header counts. */
static void
test_ipv6_protocol_of_the_first(void **state)
{
	struct world *world = *state;
	world->version = 6;
	world->identification = 0x89abcdef;
	world->protocol = 60;
	assert_false(push(world, 8, 20, false));
	world->protocol = 17;
	assert_true(push(world, 0, 8, true));
	assert_int_equal(world->packet.ip.protocol, 17);
	world->protocol = 17;
	assert_false(push(world, 0, 8, true));
	world->protocol = 60;
	assert_true(push(world, 8, 20, false));
	assert_int_equal(world->packet.ip.protocol, 17);
}

static void
test_overlap(void **state)
{
	struct world *world = *state;
	uint8_t other[64] = {0};
	assert_false(push(world, 16, 32, true));
	assert_false(push(world, 0, 24, true)); /* the same octets: nothing wrong */
	assert_counts(world, 0, 0);
	struct shard shard = {8, 48, 40, true};
	memcpy(other, world->datagram + 8, 40);
	other[0] ^= 1; /* had come, so it does not count; what is new does */
	assert_false(push_octets(world, &shard, other));
	assert_counts(world, 1, 0);
	assert_true(push(world, 40, 61, false));
	check_datagram(world, 61, 61);
	assert_counts(world, 1, 0);
}

static void
test_ends_that_contradict(void **state)
{
	struct world *world = *state;
	assert_false(push(world, 16, 30, false));
	assert_false(push(world, 16, 31, false)); /* another end */
	assert_false(push(world, 24, 32, true));  /* behind the end */
	assert_counts(world, 2, 0);
	assert_true(push(world, 0, 16, true));
	check_datagram(world, 30, 30);
	world->identification = 2;
	assert_false(push(world, 16, 32, true));
	assert_false(push(world, 8, 20, false)); /* an end before what came */
	assert_counts(world, 3, 0);
}

static void
test_fragments_that_cannot_be(void **state)
{
	struct world *world = *state;
	assert_false(push(world, 0, 9, true));         /* not a multiple of eight */
	assert_false(push(world, 8, 8, true));         /* nothing, and more to come */
	struct shard shard = {65528, 65536, 8, false}; /* longer than a datagram can be */
	assert_false(push_octets(world, &shard, world->datagram));
	shard = (struct shard){0, UINT32_MAX, 8, false};
	assert_false(push_octets(world, &shard, world->datagram));
	fragments_finish(world->fragments);
	assert_counts(world, 4, 0);
	assert_false(push(world, 65528, 65535, false));
	for (uint32_t at = 0; at < 65520; at += 8190 / 8 * 8)
		push(world, at, at + 8184 < 65528 ? at + 8184 : 65528, true);
	check_datagram(world, 65535, 65535);
}

static void
test_snap_length(void **state)
{
	struct world *world = *state;
	struct shard shards[] = {
		{0, 1480, 1480, true}, {1480, 2960, 62, true}, {2960, 3000, 40, false}};
	assert_false(push_octets(world, &shards[2], world->datagram + 2960));
	assert_false(push_octets(world, &shards[1], world->datagram + 1480));
	assert_true(push_octets(world, &shards[0], world->datagram));
	check_datagram(world, 1542, 3000);
	world->identification = 2; /* the first one is cut */
	shards[0].captured = 61;
	assert_false(push_octets(world, &shards[0], world->datagram));
	assert_false(push_octets(world, &shards[1], world->datagram + 1480));
	assert_true(push_octets(world, &shards[2], world->datagram + 2960));
	check_datagram(world, 61, 3000);
	world->identification = 3; /* nothing at hand at all */
	shards[0].captured = shards[1].captured = shards[2].captured = 0;
	assert_false(push_octets(world, &shards[0], world->datagram));
	assert_false(push_octets(world, &shards[1], world->datagram));
	assert_true(push_octets(world, &shards[2], world->datagram));
	check_datagram(world, 0, 3000);
	assert_int_equal(world->packet.piece_count, 0);
	fragments_finish(world->fragments);
	assert_counts(world, 0, 0);
}

/* Octets behind the cut were never at hand: a copy of them is no contradiction. */
static void
test_snap_length_and_copy(void **state)
{
	struct world *world = *state;
	struct shard shard = {0, 1480, 62, true};
	assert_false(push_octets(world, &shard, world->datagram));
	assert_false(push(world, 0, 1480, true));
	assert_true(push(world, 1480, 1500, false));
	check_datagram(world, 62, 1500);
	assert_counts(world, 0, 0);
}

static void
test_age(void **state)
{
	struct world *world = *state;
	assert_false(push(world, 0, 8, true));
	world->time += LIMIT_FRAGMENT_AGE;
	world->identification = 2;
	assert_false(push(world, 0, 8, true));
	assert_counts(world, 0, 0);
	world->time += 1;
	world->identification = 1;
	assert_false(push(world, 8, 16, false)); /* the first one has gone */
	assert_counts(world, 0, 1);
	world->identification = 2;
	assert_true(push(world, 8, 16, false));
	fragments_finish(world->fragments);
	assert_counts(world, 0, 2);
}

/* Times that jump about, as far as they can, do no harm. */
static void
test_times_that_jump(void **state)
{
	struct world *world = *state;
	static const int64_t times[] = {0, INT64_C(4300000000000000000),
					-INT64_C(4300000000000000000), 5};
	for (size_t i = 0; i < COUNT(times); i++) {
		world->time = times[i];
		world->identification = (uint32_t)i;
		assert_false(push(world, 0, 8, true));
		assert_true(push(world, 8, 16, false));
	}
}

static void
test_memory_is_bounded(void **state)
{
	struct world *world = *state;
	enum { SENT = 3000, SIZE = 4096 };
	for (uint32_t i = 0; i < SENT; i++) {
		world->identification = i;
		assert_false(push(world, 0, SIZE, true));
	}
	uint64_t kept = SENT - world->counts.evicted.datagrams;
	assert_true(kept * SIZE <= LIMIT_FRAGMENT_OCTETS);
	assert_true(kept * SIZE * 2 > LIMIT_FRAGMENT_OCTETS); /* and used */
	world->identification = (uint32_t)(SENT - kept);      /* the oldest that stayed */
	assert_true(push(world, SIZE, SIZE + 1, false));
	world->identification = (uint32_t)(SENT - kept - 1); /* the youngest that went */
	assert_false(push(world, SIZE, SIZE + 1, false));
	fragments_finish(world->fragments);
	assert_int_equal(world->counts.evicted.datagrams, SENT);
	/* (the one that came back made one more go; the others only waited to the end) */
	assert_int_equal(world->counts.evicted.fragments, SENT - kept + 1);
}

/* Captured on two interfaces, one after the other: both copies are whole. */
static void
test_copy_as_a_whole(void **state)
{
	struct world *world = *state;
	for (int i = 0; i < 2; i++) {
		assert_false(push(world, 0, 16, true));
		assert_true(push(world, 16, 20, false));
		check_datagram(world, 20, 20);
	}
	fragments_finish(world->fragments);
	assert_counts(world, 0, 0);
}

/* Each fragment twice: what is left of the second copy was not lost. */
static void
test_copy_fragment_by_fragment(void **state)
{
	struct world *world = *state;
	assert_false(push(world, 0, 16, true));
	assert_false(push(world, 0, 16, true));
	assert_true(push(world, 16, 20, false));
	world->time += LIMIT_COPY_AGE;
	assert_false(push(world, 16, 20, false));
	fragments_finish(world->fragments);
	assert_counts(world, 0, 0);
	world->time += 1; /* but later it is another datagram's */
	assert_false(push(world, 16, 20, false));
	fragments_finish(world->fragments);
	assert_counts(world, 0, 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_in_order),
		TEST(test_last_first),
		TEST(test_keys_are_kept_apart),
		TEST(test_ipv6_protocol_of_the_first),
		TEST(test_overlap),
		TEST(test_ends_that_contradict),
		TEST(test_fragments_that_cannot_be),
		TEST(test_snap_length),
		TEST(test_snap_length_and_copy),
		TEST(test_age),
		TEST(test_times_that_jump),
		TEST(test_memory_is_bounded),
		TEST(test_copy_as_a_whole),
		TEST(test_copy_fragment_by_fragment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
