/*
 * Once everything has the size that the traffic needs, no packet and no message asks for
 * memory: malloc() and its like are counted here. Calls and replies of ten thousand
 * exchanges go over one connection and, the other half, by UDP.
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

enum { WARM = 3 * LIMIT_ANSWERED_CALLS, EXCHANGES = 10000, FRAME = 200, NFS_PORT = 2049 };
enum { CALL_SIZE = 40, REPLY_SIZE = 24 };

struct world {
	struct pipeline *pipeline;
	uint64_t frames, messages;
	uint32_t sequence[2];
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

/* One direction's message in one packet. */
static void
send_one(struct world *world, uint32_t xid, unsigned from, bool tcp)
{
	uint8_t at[FRAME];
	uint32_t head = tcp ? RAW_TCP + 4 : RAW_UDP;
	uint32_t length = from == FROM_CLIENT ? CALL_SIZE : REPLY_SIZE, size = head + length;
	uint8_t *header = at + RAW_IP;
	put_ip(at, from, tcp ? 6 : 17, size, NFS_PORT);
	put_message(at + head, xid, from);
	if (tcp) {
		put32(header + 4, world->sequence[from]);
		put32(header + 8, world->sequence[!from]);
		header[12] = 0x50;
		header[13] = TCP_ACK | TCP_PSH;
		put32(header + 20, 0x80000000 | length);
		world->sequence[from] += length + 4;
	} else {
		put16(header + 4, size - RAW_IP);
	}
	world->frames++;
	raw_frame(world->pipeline, at, world->frames, SECOND + (int64_t)world->frames * 20000,
		  size, size);
}

static void
exchanges(struct world *world, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		bool tcp = i % 2 == 0;
		send_one(world, first + i, 0, tcp);
		send_one(world, first + i, 1, tcp);
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
