/*
 * Datagrams cut into fragments at random, which come in any order, more than once,
 * overlapping and cut by the snap length: what is put together has to be the datagram,
 * and its pieces have to tile it and lead back to the same octets in the frames.
 */
#include "fragment_support.h"

#include <time.h>

static void
shuffle(struct shard *shards, size_t count, uint64_t *seed)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = random_below(seed, (uint32_t)i);
		struct shard shard = shards[i - 1];
		shards[i - 1] = shards[other];
		shards[other] = shard;
	}
}

/* Cuts a datagram at random; some parts come twice, some overlap. */
static size_t
make_shards(struct shard *shards, uint32_t length, uint64_t *seed)
{
	size_t count = 0;
	uint32_t widest = 1 + random_below(seed, 300);
	for (uint32_t at = 0; at < length;) {
		uint32_t end = at + (1 + random_below(seed, widest)) * 8;
		if (end >= length || length - end > LIMIT_DATAGRAM)
			end = length;
		uint32_t begin = at;
		if (random_below(seed, 4) == 0) /* reaches back over what came before it */
			begin -= random_below(seed, at / 8 + 1) % 64 * 8;
		shards[count++] = (struct shard){begin, end, end - begin, end < length};
		if (random_below(seed, 4) == 0) {
			shards[count] = shards[count - 1];
			count++;
		}
		at = end;
	}
	return count;
}

enum { NOT_YET, AT_HAND, MISSING };

/* The model: every octet belongs to the first shard that brings it. */
static void
model_take(uint8_t *model, const struct shard *shard)
{
	for (uint32_t at = shard->begin; at < shard->end; at++)
		if (model[at] == NOT_YET)
			model[at] = at - shard->begin < shard->captured ? AT_HAND : MISSING;
}

static void
check_random_datagram(struct world *world, uint64_t *seed)
{
	static struct shard shards[MANY];
	static uint8_t model[65536];
	uint32_t length = 9 + random_below(seed, random_below(seed, 2) ? 65527 : 3000);
	size_t count = make_shards(shards, length, seed);
	if (count < 2)
		return;
	memset(model, NOT_YET, sizeof model);
	shuffle(shards, count, seed);
	bool snapped = random_below(seed, 3) == 0, given = false;
	for (size_t i = 0; i < count && !given; i++) {
		struct shard *shard = &shards[i];
		if (snapped && random_below(seed, 4) == 0)
			shard->captured = random_below(seed, shard->captured + 1);
		given = push_octets(world, shard, world->datagram + shard->begin);
		model_take(model, shard);
		assert_int_equal(given, memchr(model, NOT_YET, length) == NULL);
	}
	assert_true(given);
	const uint8_t *missing = memchr(model, MISSING, length);
	check_datagram(world, missing != NULL ? (uint32_t)(missing - model) : length, length);
}

static void
test_random_datagrams(void **state)
{
	struct world *world = *state;
	for (uint64_t round = 1; round <= 300; round++) {
		uint64_t seed = round * UINT64_C(0x9e3779b97f4a7c15);
		uint64_t first = seed;
		world->identification = (uint32_t)round;
		world->version = round % 2 ? 4 : 6;
		check_random_datagram(world, &seed);
		if (world->counts.malformed != 0)
			fail_msg("seed %llu", (unsigned long long)first);
		forget_frames(world);
	}
}

/* 8192 fragments of eight octets, in the worst order, each twice: linear, so it is quick. */
static void
test_tiny_fragments(void **state)
{
	struct world *world = *state;
	static struct shard shards[8192];
	uint64_t seed = 31;
	for (uint32_t i = 0; i < COUNT(shards); i++) {
		uint32_t end = i + 1 < COUNT(shards) ? i * 8 + 8 : LIMIT_DATAGRAM;
		shards[i] = (struct shard){i * 8, end, end - i * 8, i + 1 < COUNT(shards)};
	}
	shuffle(shards, COUNT(shards), &seed);
	clock_t start = clock();
	for (size_t i = 0; i < COUNT(shards); i++) {
		const struct shard *shard = &shards[i];
		push_octets(world, shard, world->datagram + shard->begin);
		if (i + 1 < COUNT(shards))
			push_octets(world, shard, world->datagram + shard->begin);
	}
	check_datagram(world, LIMIT_DATAGRAM, LIMIT_DATAGRAM);
	assert_int_equal(world->packet.piece_count, COUNT(shards));
	assert_true(clock() - start < CLOCKS_PER_SEC);
	assert_counts(world, 0, 0);
}

/* Fragments without sense: nothing faults, and no datagram reaches past its end. */
static void
test_fragments_at_random(void **state)
{
	struct world *world = *state;
	uint64_t seed = 1234;
	for (int round = 0; round < 30000; round++) {
		uint32_t begin = random_below(&seed, 40) * 8;
		uint32_t length = random_below(&seed, 200);
		struct shard shard = {begin, begin + length, random_below(&seed, length + 1),
				      random_below(&seed, 2) != 0};
		world->identification = random_below(&seed, 4);
		world->time += random_below(&seed, 1000000000);
		if (push_octets(world, &shard, world->datagram + random_below(&seed, 600)))
			assert_true(world->packet.datagram_captured <=
				    world->packet.datagram_length);
		if (world->frames.count == MANY)
			forget_frames(world);
	}
	assert_true(world->counts.malformed > 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random_datagrams),
		TEST(test_tiny_fragments),
		TEST(test_fragments_at_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
