/*
 * The whole pipeline: the same RPC messages, however the network carried them,
 * come out the same. Random messages are sent over UDP and TCP, IPv4 and IPv6,
 * whole, in IP fragments or TCP segments of any size, in any order, and doubled;
 * what the sink hears has to be the same set each time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../unit/random_support.h"
#include "../unit/raw_support.h"

enum {
	ROUNDS = 60,
	MESSAGES = 24,
	MOST_BODY = 9000,
	MOST_FRAMES = 20000,
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	IPV6_FRAGMENT = 8,
	TCP_HEADER = 20,
};

static uint64_t seed;

static uint32_t
any(uint32_t below)
{
	return random_below(&seed, below);
}

struct octets {
	uint8_t *at;
	uint32_t count;
};

struct frames {
	struct octets at[MOST_FRAMES];
	uint32_t count;
};

/* What is heard of one message: enough to know it again. */
struct heard {
	uint32_t xid, kind, length;
	uint64_t sum;
};

struct hearing {
	struct heard at[4 * MESSAGES];
	uint32_t count;
};

/* A call to, or a successful reply from, a program that nobody specifies. */
static struct octets
random_message(uint32_t xid)
{
	uint32_t body = any(3) == 0 ? any(MOST_BODY) & ~3U : any(64) & ~3U;
	bool call = any(2) == 0;
	struct octets message = {.count = (call ? 40 : 24) + body};
	message.at = calloc(1, message.count);
	assert_non_null(message.at);
	put32(message.at, xid);
	put32(message.at + 4, call ? 0 : 1);
	if (call) {
		put32(message.at + 8, 2);
		put32(message.at + 12, 200099);
		put32(message.at + 16, 1);
		put32(message.at + 20, any(20));
	}
	for (uint32_t i = message.count - body; i < message.count; i++)
		message.at[i] = (uint8_t)any(256);
	return message;
}

/* An IP packet, or a fragment of one, as a raw-IP frame. */
static void
add_frame(struct frames *frames, bool ipv6, uint8_t protocol, uint16_t id,
	  const uint8_t *datagram, uint32_t total, uint32_t from, uint32_t count)
{
	bool whole = from == 0 && count == total;
	uint32_t header = ipv6 ? IPV6_HEADER + (whole ? 0 : IPV6_FRAGMENT) : IPV4_HEADER;
	struct octets frame = {.count = header + count};
	frame.at = calloc(1, frame.count);
	assert_non_null(frame.at);
	assert_true(frames->count < MOST_FRAMES);
	bool more = from + count < total;
	if (ipv6) {
		frame.at[0] = 0x60;
		put16(frame.at + 4, frame.count - IPV6_HEADER);
		frame.at[6] = whole ? protocol : 44;
		frame.at[7] = 64;
		frame.at[8] = frame.at[24] = 0xfd;
		frame.at[23] = 1;
		frame.at[39] = 2;
		if (!whole) {
			frame.at[40] = protocol;
			put16(frame.at + 42, from | (more ? 1 : 0));
			put32(frame.at + 44, id);
		}
	} else {
		frame.at[0] = 0x45;
		put16(frame.at + 2, frame.count);
		put16(frame.at + 4, id);
		put16(frame.at + 6, from / 8 | (more ? 0x2000 : 0));
		frame.at[8] = 64;
		frame.at[9] = protocol;
		memcpy(frame.at + 12, (const uint8_t[]){10, 0, 0, 1, 10, 0, 0, 2}, 8);
	}
	memcpy(frame.at + header, datagram + from, count);
	frames->at[frames->count++] = frame;
}

/* One datagram: whole, or in fragments of random size. */
static void
send_datagram(struct frames *frames, bool ipv6, uint8_t protocol, uint16_t id,
	      const uint8_t *datagram, uint32_t total, bool fragment)
{
	for (uint32_t from = 0; from < total;) {
		uint32_t count = fragment ? (1 + any(200)) * 8 : total;
		if (count > total - from)
			count = total - from;
		add_frame(frames, ipv6, protocol, id, datagram, total, from, count);
		from += count;
	}
}

static void
send_udp(struct frames *frames, const struct octets *messages, bool ipv6, bool fragment)
{
	for (uint32_t i = 0; i < MESSAGES; i++) {
		uint32_t total = 8 + messages[i].count;
		uint8_t *datagram = calloc(1, total);
		assert_non_null(datagram);
		put16(datagram, 700);
		put16(datagram + 2, 20048);
		put16(datagram + 4, total);
		memcpy(datagram + 8, messages[i].at, messages[i].count);
		send_datagram(frames, ipv6, 17, (uint16_t)(i + 1), datagram, total, fragment);
		free(datagram);
	}
}

static void
send_segment(struct frames *frames, bool ipv6, uint32_t sequence, uint8_t flags,
	     const uint8_t *octets, uint32_t count, bool fragment)
{
	uint32_t total = TCP_HEADER + count;
	uint8_t *segment = calloc(1, total);
	assert_non_null(segment);
	put16(segment, 700);
	put16(segment + 2, 20048);
	put32(segment + 4, sequence);
	segment[12] = 0x50;
	segment[13] = flags;
	if (count != 0)
		memcpy(segment + TCP_HEADER, octets, count);
	send_datagram(frames, ipv6, 6, (uint16_t)frames->count, segment, total, fragment);
	free(segment);
}

/* All messages as one stream with random record fragments, in random segments. */
static void
send_tcp(struct frames *frames, const struct octets *messages, bool ipv6, bool split,
	 bool fragment)
{
	static uint8_t stream[MESSAGES * (MOST_BODY + 64) * 2];
	uint32_t length = 0;
	for (uint32_t i = 0; i < MESSAGES; i++) {
		for (uint32_t from = 0; from < messages[i].count;) {
			uint32_t left = messages[i].count - from;
			uint32_t count = split && any(4) == 0 ? 1 + any(left) : left;
			put32(stream + length, count | (count == left ? 0x80000000U : 0));
			memcpy(stream + length + 4, messages[i].at + from, count);
			length += 4 + count;
			from += count;
		}
	}
	uint32_t initial = 0U - any(length + 1); /* the numbers wrap inside the stream */
	send_segment(frames, ipv6, initial - 1, 0x02, NULL, 0, false);
	for (uint32_t from = 0; from < length;) {
		uint32_t count = split ? 1 + any(3000) : 1400;
		if (count > length - from)
			count = length - from;
		send_segment(frames, ipv6, initial + from, 0x10, stream + from, count,
			     fragment);
		from += count;
	}
}

/* Frames after the first change places within a window, and some come twice. */
static void
shuffle(struct frames *frames, uint32_t window)
{
	uint32_t count = frames->count;
	for (uint32_t i = 0; i < count / 8; i++) {
		struct octets copy = frames->at[1 + any(count - 1)];
		uint8_t *at = malloc(copy.count);
		assert_non_null(at);
		memcpy(at, copy.at, copy.count);
		copy.at = at;
		frames->at[frames->count++] = copy;
	}
	for (uint32_t i = 1; i < frames->count; i++) {
		uint32_t reach = frames->count - i < window ? frames->count - i : window;
		uint32_t k = i + any(reach);
		struct octets other = frames->at[k];
		frames->at[k] = frames->at[i];
		frames->at[i] = other;
	}
}

static void
hear(void *context, const struct message *message)
{
	struct hearing *hearing = context;
	if (message->copy_of != 0 || message->repeat_of != 0)
		return; /* what was doubled */
	struct heard heard = {
		.xid = message->xid, .kind = message->kind, .length = message->record->length};
	assert_int_equal(message->record->captured, message->record->length);
	for (uint32_t i = 0; i < message->record->captured; i++)
		heard.sum = heard.sum * 31 + message->record->octets[i];
	assert_true(hearing->count < sizeof hearing->at / sizeof hearing->at[0]);
	hearing->at[hearing->count++] = heard;
}

static int
heard_order(const void *a, const void *b)
{
	const struct heard *left = a, *right = b;
	return (left->xid > right->xid) - (left->xid < right->xid);
}

/* Runs the frames through a pipeline of their own and frees them. */
static void
play(struct frames *frames, struct hearing *hearing)
{
	*hearing = (struct hearing){.count = 0};
	struct sink sink = {.message = hear, .context = hearing};
	struct pipeline *pipeline = pipeline_new(&sink, &(struct pipeline_options){0});
	for (uint32_t i = 0; i < frames->count; i++) {
		struct frame frame = {.number = i + 1,
				      .time = 1000000LL * i,
				      .link_type = DLT_RAW,
				      .captured = frames->at[i].count,
				      .length = frames->at[i].count,
				      .octets = frames->at[i].at};
		pipeline_frame(pipeline, &frame);
		free(frames->at[i].at);
	}
	pipeline_finish(pipeline, true);
	assert_int_equal(pipeline_counts(pipeline)->malformed, 0);
	assert_int_equal(pipeline_counts(pipeline)->not_rpc, 0);
	assert_int_equal(pipeline_counts(pipeline)->gaps, 0);
	pipeline_free(pipeline);
	qsort(hearing->at, hearing->count, sizeof hearing->at[0], heard_order);
	frames->count = 0;
}

static void
expect_all(const struct hearing *hearing, const struct octets *messages)
{
	assert_int_equal(hearing->count, MESSAGES);
	for (uint32_t i = 0; i < MESSAGES; i++) {
		struct heard expected = {.xid = i + 1,
					 .kind = messages[i].at[7] == 0 ? MESSAGE_CALL
									: MESSAGE_REPLY,
					 .length = messages[i].count};
		for (uint32_t k = 0; k < messages[i].count; k++)
			expected.sum = expected.sum * 31 + messages[i].at[k];
		assert_int_equal(hearing->at[i].xid, expected.xid);
		assert_int_equal(hearing->at[i].kind, expected.kind);
		assert_int_equal(hearing->at[i].length, expected.length);
		assert_int_equal(hearing->at[i].sum, expected.sum);
	}
}

static void
test_any_way_gives_the_same_messages(void **state)
{
	(void)state;
	static struct frames frames;
	static struct hearing hearing;
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		struct octets messages[MESSAGES];
		seed = 0x9e3779b97f4a7c15ULL * round;
		print_message("# round %u\n", round);
		for (uint32_t i = 0; i < MESSAGES; i++)
			messages[i] = random_message(i + 1);
		for (unsigned way = 0; way < 16; way++) {
			bool ipv6 = way & 1, tcp = way & 2, pieces = way & 4,
			     disorder = way & 8;
			if (tcp)
				send_tcp(&frames, messages, ipv6, pieces,
					 pieces && any(2) == 0);
			else
				send_udp(&frames, messages, ipv6, pieces);
			if (disorder)
				shuffle(&frames, tcp ? 30 : 200);
			play(&frames, &hearing);
			expect_all(&hearing, messages);
		}
		for (uint32_t i = 0; i < MESSAGES; i++)
			free(messages[i].at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_way_gives_the_same_messages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
