/* park: a reply captured before its call waits for it, for a moment, through the whole
 * pipeline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "limits.h"
#include "raw_support.h"

enum { CALL_SIZE = 56, REPLY_SIZE = 28, MOST = 400 };

struct heard {
	uint64_t frame, call_frame;
	int64_t elapsed;
	uint32_t program;
	bool call, has_procedure;
};

struct world {
	struct pipeline *pipeline;
	uint64_t frames;
	struct heard heard[MOST];
	unsigned count;
};

static void
hear(void *context, const struct message *message)
{
	struct world *world = context;
	assert_true(world->count < MOST);
	world->heard[world->count++] = (struct heard){
		.frame = message->packet->frame.number,
		.call_frame = message->call_frame,
		.elapsed = message->elapsed,
		.program = message->program,
		.call = message->kind == MESSAGE_CALL,
		.has_procedure = message->has_procedure,
	};
}

static int
set_up(void **state)
{
	static struct world world;
	world = (struct world){.count = 0};
	struct sink sink = {.message = hear, .context = &world};
	world.pipeline = pipeline_new(&sink, &(struct pipeline_options){0});
	*state = &world;
	return 0;
}

static int
tear_down(void **state)
{
	pipeline_free(((struct world *)*state)->pipeline);
	return 0;
}

/* A GETPORT call from port 700, or the reply to it, in a raw IP frame. */
static void
send_message(struct world *world, bool call, uint32_t xid, int64_t time)
{
	const uint32_t question[] = {xid, 0, 2, 100000, 2, 3}, answer[] = {xid, 1};
	uint8_t frame[RAW_UDP + CALL_SIZE] = {0};
	uint32_t size = RAW_UDP + (call ? CALL_SIZE : REPLY_SIZE);
	put_ip(frame, call ? FROM_CLIENT : FROM_SERVER, 17, size, 111);
	put16(frame + RAW_IP + 4, size - RAW_IP);
	if (call)
		put_words(frame + RAW_UDP, question, 6);
	else
		put_words(frame + RAW_UDP, answer, 2);
	raw_frame(world->pipeline, frame, ++world->frames, time, size, size);
}

static void
test_call_comes_in_time(void **state)
{
	struct world *world = *state;
	send_message(world, false, 7, SECOND);
	assert_int_equal(world->count, 0);
	send_message(world, true, 7, SECOND + 1000);
	assert_int_equal(world->count, 2);
	assert_true(world->heard[0].call);
	assert_int_equal(world->heard[1].frame, 1);
	assert_int_equal(world->heard[1].call_frame, 2);
	assert_int_equal(world->heard[1].elapsed, -1000);
	assert_int_equal(world->heard[1].program, 100000);
}

static void
test_call_does_not_come(void **state)
{
	struct world *world = *state;
	send_message(world, false, 7, SECOND);
	send_message(world, true, 8, SECOND + LIMIT_PARK_AGE + 1);
	assert_int_equal(world->count, 2);
	assert_int_equal(world->heard[0].frame, 1); /* it waited no longer */
	assert_false(world->heard[0].has_procedure);
	pipeline_finish(world->pipeline, true);
	assert_int_equal(pipeline_counts(world->pipeline)->unmatched_replies, 1);
}

static void
test_end_of_the_capture(void **state)
{
	struct world *world = *state;
	send_message(world, false, 7, SECOND);
	pipeline_finish(world->pipeline, true);
	assert_int_equal(world->count, 1);
	assert_false(world->heard[0].has_procedure);
}

static void
test_no_more_than_there_is_room_for(void **state)
{
	struct world *world = *state;
	for (uint32_t xid = 1; xid <= LIMIT_PARKED + 10; xid++)
		send_message(world, false, xid, SECOND);
	assert_int_equal(world->count, 10);
	send_message(world, true, 1, SECOND);
	assert_int_equal(world->heard[11].call_frame, LIMIT_PARKED + 11);
	/* Something is lost only where the call comes of one that could not wait. */
	const struct counts *counts = pipeline_counts(world->pipeline);
	assert_int_equal(counts->evicted.parked, 0);
	send_message(world, true, LIMIT_PARKED + 10, SECOND);
	assert_int_equal(counts->evicted.parked, 1);
	pipeline_finish(world->pipeline, true);
	assert_int_equal(world->count, LIMIT_PARKED + 12);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_call_comes_in_time),
		TEST(test_call_does_not_come),
		TEST(test_end_of_the_capture),
		TEST(test_no_more_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
