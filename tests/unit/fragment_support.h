/*
 * fragment_support: a datagram of random octets, fragments of it pushed as frames that
 * stay, and the check of what came together.
 */
#ifndef RPCSCOPE_TESTS_FRAGMENT_SUPPORT_H
#define RPCSCOPE_TESTS_FRAGMENT_SUPPORT_H

#include "net_support.h"

#include "fragment.h"
#include "limits.h"

enum { HEADER = 34, MANY = 16400 }; /* octets in front of a fragment; frames of one test */

/* Frames live as long as the test, so that extents can be looked up. */
struct frames {
	uint8_t *at[MANY];
	uint32_t size[MANY];
	size_t count;
};

/* A fragment to be sent. */
struct shard {
	uint32_t begin, end, captured; /* of `end - begin` */
	bool more;
};

struct world {
	struct counts counts;
	struct fragments *fragments;
	struct frames frames;
	uint8_t datagram[65536];
	uint32_t identification;
	uint8_t version;
	uint8_t protocol;
	int64_t time;
	struct packet packet; /* of the last push */
};

static inline int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	world->fragments = fragments_new(&world->counts, LIMIT_FRAGMENT_OCTETS);
	world->version = 4;
	world->protocol = 17;
	world->identification = 1;
	uint64_t seed = 5;
	for (size_t i = 0; i < sizeof world->datagram; i++)
		world->datagram[i] = (uint8_t)random_next(&seed);
	*state = world;
	return 0;
}

static inline void
forget_frames(struct world *world)
{
	for (size_t i = 0; i < world->frames.count; i++)
		free(world->frames.at[i]);
	world->frames.count = 0;
}

static inline int
tear_down(void **state)
{
	struct world *world = *state;
	fragments_free(world->fragments);
	forget_frames(world);
	free(world);
	return 0;
}

/* Each frame is an allocation of its own exact size: a read too far is seen by a sanitizer. */
static inline bool
push_octets(struct world *world, const struct shard *shard, const uint8_t *octets)
{
	struct frames *frames = &world->frames;
	assert_true(frames->count < MANY);
	uint32_t size = HEADER + shard->captured;
	uint8_t *frame = malloc(size);
	assert_non_null(frame);
	memset(frame, 0xee, HEADER);
	memcpy(frame + HEADER, octets, shard->captured);
	frames->at[frames->count] = frame;
	frames->size[frames->count++] = size;
	world->packet = (struct packet){
		.frame = {.number = frames->count,
			  .time = world->time,
			  .interface = (uint32_t)frames->count % 3,
			  .captured = size,
			  .length = HEADER + shard->end - shard->begin,
			  .octets = frame},
		.ip = {.version = world->version,
		       .protocol = world->protocol,
		       .identification = world->identification,
		       .fragmented = true,
		       .more_fragments = shard->more,
		       .fragment_offset = shard->begin,
		       .captured = shard->captured,
		       .length = shard->end - shard->begin},
		.datagram = frame + HEADER,
		.datagram_captured = shard->captured,
		.datagram_length = shard->end - shard->begin,
	};
	return fragments_push(world->fragments, &world->packet);
}

static inline bool
push(struct world *world, uint32_t begin, uint32_t end, bool more)
{
	struct shard shard = {begin, end, end - begin, more};
	return push_octets(world, &shard, world->datagram + begin);
}

/* The last push gave the datagram: its octets up to `captured`, and pieces that tile them. */
static inline void
check_datagram(const struct world *world, uint32_t captured, uint32_t length)
{
	const struct packet *packet = &world->packet;
	assert_int_equal(packet->datagram_length, length);
	assert_int_equal(packet->datagram_captured, captured);
	assert_memory_equal(packet->datagram, world->datagram, captured);
	assert_non_null(packet->pieces);
	uint32_t at = 0;
	for (size_t i = 0; i < packet->piece_count; i++) {
		const struct extent *piece = &packet->pieces[i];
		assert_int_equal(piece->offset, at);
		assert_true(piece->length > 0);
		assert_true(piece->frame >= 1 && piece->frame <= world->frames.count);
		size_t frame = (size_t)piece->frame - 1;
		assert_true(piece->frame_offset >= HEADER);
		assert_true(piece->frame_offset + piece->length <= world->frames.size[frame]);
		assert_memory_equal(world->frames.at[frame] + piece->frame_offset,
				    world->datagram + at, piece->length);
		at += piece->length;
	}
	assert_int_equal(at, captured);
}

static inline void
assert_counts(const struct world *world, uint64_t malformed, uint64_t evicted)
{
	assert_int_equal(world->counts.malformed, malformed);
	assert_int_equal(world->counts.evicted.datagrams, evicted);
}

#endif
