/*
 * Once everything has the size that the traffic needs, no packet and no message asks for
 * memory: malloc() and its like are counted here. Calls and replies of many exchanges go
 * over one connection and, the other half, by UDP: small ones; with replies of 64 KiB in
 * segments, also out of order, and of 8 KiB in fragments; with replies captured before their
 * calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "limits.h"
#include "raw_support.h"
#include "spec.h"

#ifdef __SANITIZE_ADDRESS__
#define COUNTED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COUNTED 0
#endif
#endif
#ifndef COUNTED
#define COUNTED 1
#endif

static unsigned long asked; /* how often memory was asked for */

#if COUNTED
/* glibc's own, under the names that it has for programs with a malloc() of their own. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);

void *
malloc(size_t size)
{
	asked++;
	return __libc_malloc(size);
}

void *
calloc(size_t nmemb, size_t size)
{
	asked++;
	return __libc_calloc(nmemb, size);
}

void *
realloc(void *ptr, size_t size)
{
	asked++;
	return __libc_realloc(ptr, size);
}
#endif

enum { WARM = 3 * LIMIT_ANSWERED_CALLS, EXCHANGES = 10000, FRAME = 1500, NFS_PORT = 2049 };
enum { CALL_SIZE = 40, REPLY_SIZE = 24 };
enum { LARGE_TCP = (64 << 10) + 128, LARGE_UDP = (8 << 10) + 128 }; /* of READ, with headers */
enum { SEGMENT = FRAME - RAW_TCP, PIECE = FRAME - RAW_IP, LARGE_EVERY = 16 };

struct world {
	struct pipeline *pipeline;
	uint64_t frames, messages;
	uint32_t sequence[2];
	uint8_t large[4 + LARGE_TCP]; /* a reply with its mark, or its UDP header */
};

static void
count_message(void *context, const struct message *message)
{
	struct world *world = context;
	(void)message;
	world->messages++;
}

static void
count_session(void *context, const struct session *session)
{
	(void)context, (void)session;
}

/* A call of NFS's NULL, or the reply to it; RFC 5531 section 9. */
static void
put_message(uint8_t *at, uint32_t xid, unsigned from)
{
	const uint32_t call[CALL_SIZE / 4] = {xid, 0, 2, 100003, 3};
	const uint32_t answer[REPLY_SIZE / 4] = {xid, 1};
	if (from == FROM_CLIENT)
		put_words(at, call, CALL_SIZE / 4);
	else
		put_words(at, answer, REPLY_SIZE / 4);
}

/* The packet that stands there. */
static void
send_packet(struct world *world, uint8_t *at, uint32_t size, uint32_t identification)
{
	world->frames++;
	put16(at + 4, identification & 0xffff);
	raw_frame_as_is(world->pipeline, at, world->frames,
			SECOND + (int64_t)world->frames * 20000, size, size);
}

static void
send_segment(struct world *world, unsigned from, const uint8_t *octets, uint32_t length)
{
	uint8_t at[FRAME];
	uint8_t *header = at + RAW_IP;
	put_ip(at, from, 6, RAW_TCP + length, NFS_PORT);
	put32(header + 4, world->sequence[from]);
	put32(header + 8, world->sequence[!from]);
	header[12] = 0x50;
	header[13] = TCP_ACK | TCP_PSH;
	memcpy(at + RAW_TCP, octets, length);
	world->sequence[from] += length;
	send_packet(world, at, RAW_TCP + length, (uint32_t)world->frames);
}

/* The second segment before the first. */
static void
send_swapped(struct world *world, unsigned from, const uint8_t *octets)
{
	world->sequence[from] += SEGMENT;
	send_segment(world, from, octets + SEGMENT, SEGMENT);
	world->sequence[from] -= 2 * SEGMENT;
	send_segment(world, from, octets, SEGMENT);
	world->sequence[from] += SEGMENT;
}

/* A message of that length over TCP. Of some the mark lies across two segments, of others two
 * segments changed places. */
static void
send_tcp(struct world *world, uint32_t xid, unsigned from, uint32_t length)
{
	bool large = 4 + length > 2 * SEGMENT, swapped = large && xid / LARGE_EVERY % 4 < 2;
	uint32_t size = 4 + length, step = large && !swapped ? 2 : SEGMENT;
	put32(world->large, 0x80000000 | length);
	put_message(world->large + 4, xid, from);
	uint32_t at = 0;
	if (swapped) {
		send_swapped(world, from, world->large);
		at = 2 * SEGMENT;
	}
	while (at < size) {
		step = size - at < step ? size - at : step;
		send_segment(world, from, world->large + at, step);
		at += step;
		step = SEGMENT;
	}
}

/* The same by UDP, in as many fragments as it takes. */
static void
send_udp(struct world *world, uint32_t xid, unsigned from, uint32_t length)
{
	uint32_t size = RAW_UDP - RAW_IP + length, identification = (uint32_t)world->frames;
	uint8_t at[FRAME];
	put_ip(at, from, 17, 0, NFS_PORT);
	memcpy(world->large, at + RAW_IP, 4);
	put32(world->large + 4, size << 16);
	put_message(world->large + RAW_UDP - RAW_IP, xid, from);
	for (uint32_t begin = 0; begin < size; begin += PIECE) {
		uint32_t piece = size - begin < PIECE ? size - begin : PIECE;
		put_ip(at, from, 17, RAW_IP + piece, NFS_PORT);
		put16(at + 6, begin / 8 | (begin + piece < size ? 0x2000 : 0));
		memcpy(at + RAW_IP, world->large + begin, piece);
		send_packet(world, at, RAW_IP + piece, identification);
	}
}

static void
send_one(struct world *world, uint32_t xid, unsigned from, bool large)
{
	bool tcp = xid % 2 == 0;
	uint32_t length = from == FROM_CLIENT ? CALL_SIZE : REPLY_SIZE;
	if (large && from == FROM_SERVER)
		length = tcp ? LARGE_TCP : LARGE_UDP;
	if (tcp)
		send_tcp(world, xid, from, length);
	else
		send_udp(world, xid, from, length);
}

static void
exchanges(struct world *world, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		unsigned early = i / 2 % 4 == 0 ? FROM_SERVER : FROM_CLIENT;
		bool large = i / 2 % LARGE_EVERY == 1;
		send_one(world, first + i, early, large);
		send_one(world, first + i, !early, large);
	}
}

static void
no_memory_per_packet(void **state)
{
	struct world world = {.sequence = {1000, 2000}};
	(void)state;
	struct spec *spec = spec_new(NULL);
	struct decoder decoder;
	decoder_init(&decoder, spec);
	const struct sink sink = {
		.message = count_message, .session = count_session, .context = &world};
	const struct pipeline_options options = {.decoder = &decoder};
	world.pipeline = pipeline_new(&sink, &options);
	exchanges(&world, 1, WARM);
	unsigned long before = asked;
	exchanges(&world, 1 + WARM, EXCHANGES);
	unsigned long after = asked;
	pipeline_finish(world.pipeline, true);
	assert_int_equal(world.messages, 2 * (WARM + EXCHANGES));
	assert_int_equal(pipeline_counts(world.pipeline)->replies, WARM + EXCHANGES);
	pipeline_free(world.pipeline);
	spec_free(spec);
	assert_true(before > 0 || !COUNTED);
	assert_int_equal(after - before, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_memory_per_packet)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
