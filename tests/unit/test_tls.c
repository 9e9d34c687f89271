/*
 * From RPC to TLS on one connection (RFC 9289): the probe and STARTTLS, then
 * records that are counted and nothing else, in any segments, with holes, and out
 * of step; and TLS that nobody agreed on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "raw_support.h"

enum { MOST = 4000 };

struct wire {
	struct pipeline *pipeline;
	uint64_t frame;
	uint32_t next[2]; /* sequence numbers */
	unsigned messages, malformed, starttls, anomalies;
};

static void
hear(void *context, const struct message *message)
{
	struct wire *wire = context;

	wire->messages++;
	wire->malformed += message->kind == MESSAGE_MALFORMED;
	wire->anomalies += message->anomaly_count;
	wire->starttls += message->starttls;
}

/* Of the payload only that much is captured. */
static void
send_cut(struct wire *wire, int from, uint32_t sequence, uint8_t flags, const void *octets,
	 uint32_t count, uint32_t captured)
{
	static uint8_t at[RAW_TCP + MOST];

	assert_true(count <= MOST);
	put_ip(at, (unsigned)from, 6, RAW_TCP + count, 2049);
	put32(at + RAW_IP + 4, sequence);
	put32(at + RAW_IP + 8, wire->next[!from]);
	at[RAW_IP + 12] = 0x50;
	at[RAW_IP + 13] = flags;
	if (count != 0)
		memcpy(at + RAW_TCP, octets, count);
	wire->frame++;
	raw_frame(wire->pipeline, at, wire->frame, (int64_t)wire->frame * 1000000,
		  RAW_TCP + count, RAW_TCP + captured);
}

static void
send_at(struct wire *wire, int from, uint32_t sequence, uint8_t flags, const void *octets,
	uint32_t count)
{
	send_cut(wire, from, sequence, flags, octets, count, count);
}

static void
send_next(struct wire *wire, int from, const void *octets, uint32_t count)
{
	send_at(wire, from, wire->next[from], 0x18, octets, count);
	wire->next[from] += count;
}

static void
begin(struct wire *wire)
{
	struct sink sink = {.message = hear, .context = wire};

	*wire = (struct wire){.next = {5000, 90000}};
	wire->pipeline = pipeline_new(&sink, &(struct pipeline_options){0});
	send_at(wire, FROM_CLIENT, 4999, 0x02, NULL, 0);
	send_at(wire, FROM_SERVER, 89999, 0x12, NULL, 0);
}

/* So many messages were heard, and so much TLS was counted. */
static struct counts
end(struct wire *wire, unsigned messages, unsigned connections, unsigned records)
{
	struct counts counts;

	pipeline_finish(wire->pipeline, true);
	counts = *pipeline_counts(wire->pipeline);
	pipeline_free(wire->pipeline);
	assert_int_equal(wire->malformed, 0);
	assert_int_equal(wire->anomalies, 0);
	assert_int_equal(counts.malformed, 0);
	assert_int_equal(wire->messages, messages);
	assert_int_equal(counts.tls.connections, connections);
	assert_int_equal(counts.tls.records, records);
	return counts;
}

static void
send_call(struct wire *wire, uint32_t xid, uint32_t flavor)
{
	const uint32_t words[] = {0x80000000U + 40, xid, 0, 2, 100003, 4, 0, flavor, 0, 0, 0};
	uint8_t call[sizeof words];

	put_words(call, words, sizeof words / sizeof words[0]);
	send_next(wire, FROM_CLIENT, call, sizeof call);
}

static const uint32_t yes[] = {0x80000000U + 32, 1, 1, 0, 0, 8, 0x53544152, 0x54544c53, 0};

static void
send_yes(struct wire *wire)
{
	uint8_t reply[sizeof yes];

	put_words(reply, yes, sizeof yes / sizeof yes[0]);
	send_next(wire, FROM_SERVER, reply, sizeof reply);
}

/* A connection on which TLS was asked for and agreed to. */
static void
begin_tls(struct wire *wire)
{
	begin(wire);
	send_call(wire, 1, 7);
	send_yes(wire);
}

/* A TLS record with that many octets of what might as well be RPC. */
static uint32_t
put_tls(uint8_t *at, uint8_t type, uint32_t count)
{
	at[0] = type;
	put16(at + 1, 0x0303);
	put16(at + 3, count);
	for (uint32_t i = 0; i < count; i++)
		at[5 + i] = (uint8_t)(0x80 >> i % 9);
	return 5 + count;
}

static void
send_tls(struct wire *wire, int from, uint8_t type, uint32_t count)
{
	uint8_t record[MOST];

	send_next(wire, from, record, put_tls(record, type, count));
}

static void
test_probe_and_tls(void **state)
{
	struct wire wire;
	struct counts counts;

	(void)state;
	begin_tls(&wire);
	send_tls(&wire, FROM_CLIENT, 22, 300);
	send_tls(&wire, FROM_SERVER, 22, 1200);
	for (int i = 0; i < 10; i++) {
		send_tls(&wire, FROM_CLIENT, 23, 200);
		send_tls(&wire, FROM_SERVER, 23, (uint32_t)i * 100);
	}
	send_tls(&wire, FROM_CLIENT, 21, 2);
	counts = end(&wire, 2, 1, 23);
	assert_int_equal(wire.starttls, 1);
	assert_int_equal(counts.messages, 2);
	assert_int_equal(counts.not_rpc, 0);
}

/* Records over segments and segments over records, down to single octets. */
static void
test_any_segments(void **state)
{
	static uint8_t stream[8 * 600];

	(void)state;
	for (uint32_t size = 1; size <= 700; size = size * 3 / 2 + 1) {
		struct wire wire;
		struct counts counts;
		uint32_t length = 0;

		begin(&wire);
		send_call(&wire, 1, 7);
		put_words(stream, yes, sizeof yes / sizeof yes[0]);
		length = sizeof yes;
		for (uint32_t i = 0; i < 8; i++)
			length += put_tls(stream + length, 23, i * 77);
		for (uint32_t at = 0; at < length; at += size)
			send_next(&wire, FROM_SERVER, stream + at,
				  length - at < size ? length - at : size);
		counts = end(&wire, 2, 1, 8);
		assert_int_equal(counts.not_rpc, 0);
	}
}

/* The capture has the client's hello before the server's yes. */
static void
test_out_of_step(void **state)
{
	struct wire wire;

	(void)state;
	begin(&wire);
	send_call(&wire, 1, 7);
	send_tls(&wire, FROM_CLIENT, 22, 300);
	send_yes(&wire);
	send_tls(&wire, FROM_SERVER, 22, 1200);
	end(&wire, 2, 1, 2);
}

/* Holes: inside a record it is only that long, over a header the place is lost and found. */
static void
test_holes(void **state)
{
	struct wire wire;
	struct counts counts;

	(void)state;
	begin_tls(&wire);
	send_tls(&wire, FROM_CLIENT, 22, 300);
	wire.next[FROM_CLIENT] += 999; /* between two records, for all we know */
	send_tls(&wire, FROM_CLIENT, 23, 100);
	send_tls(&wire, FROM_CLIENT, 23, 100);
	counts = end(&wire, 2, 1, 3);
	assert_int_equal(counts.gaps, 1);

	/* The first of TLS is in the hole. */
	begin_tls(&wire);
	wire.next[FROM_SERVER] += 1000;
	send_tls(&wire, FROM_SERVER, 23, 100);
	send_tls(&wire, FROM_SERVER, 23, 100);
	end(&wire, 2, 1, 2);
}

/* Cut by the capture inside its records: what their headers say is enough to go on. */
static void
test_cut(void **state)
{
	static uint8_t record[MOST];
	struct wire wire;

	(void)state;
	begin_tls(&wire);
	for (int i = 0; i < 5; i++) {
		uint32_t count = put_tls(record, 23, 1000);

		count += put_tls(record + count, 23, 100); /* in what is not captured */
		send_cut(&wire, FROM_SERVER, wire.next[FROM_SERVER], 0x18, record, 900, 96);
		wire.next[FROM_SERVER] += 900;
		send_next(&wire, FROM_SERVER, record + 900, count - 900);
	}
	end(&wire, 2, 1, 10);
}

/* The question is not in the capture: the answer is believed, the rest is as ever. */
static void
test_unseen_question(void **state)
{
	struct wire wire;
	struct counts counts;

	(void)state;
	begin(&wire);
	wire.next[FROM_CLIENT] += 44;
	send_yes(&wire);
	send_tls(&wire, FROM_CLIENT, 22, 300);
	send_tls(&wire, FROM_CLIENT, 23, 300);
	counts = end(&wire, 1, 1, 2);
	assert_int_equal(counts.not_rpc, 0);
}

/* After a yes that nobody takes up, RPC goes on. */
static void
test_rpc_goes_on(void **state)
{
	struct wire wire;

	(void)state;
	begin_tls(&wire);
	send_call(&wire, 2, 0);
	end(&wire, 3, 0, 0);
}

/* Not asked for: the words mean nothing, and neither do octets that only look like it. */
static void
test_yes_to_another_question(void **state)
{
	struct wire wire;
	struct counts counts;

	(void)state;
	begin(&wire);
	send_call(&wire, 1, 0);
	send_yes(&wire);
	send_tls(&wire, FROM_SERVER, 23, 100);
	pipeline_finish(wire.pipeline, true);
	counts = *pipeline_counts(wire.pipeline);
	pipeline_free(wire.pipeline);
	assert_int_equal(wire.starttls, 0);
	assert_int_equal(counts.tls.connections, 0);
	assert_int_equal(counts.malformed, 1);
}

/* TLS from the first octet on is no RPC, and silent. */
static void
test_tls_from_the_start(void **state)
{
	struct wire wire;
	struct counts counts;

	(void)state;
	begin(&wire);
	send_tls(&wire, FROM_CLIENT, 22, 300);
	send_tls(&wire, FROM_SERVER, 22, 1200);
	for (int i = 0; i < 10; i++) {
		send_tls(&wire, FROM_CLIENT, 23, 200);
		send_tls(&wire, FROM_SERVER, 23, 1300);
	}
	counts = end(&wire, 0, 0, 0);
	assert_int_equal(counts.not_rpc, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe_and_tls),
		cmocka_unit_test(test_any_segments),
		cmocka_unit_test(test_out_of_step),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_unseen_question),
		cmocka_unit_test(test_rpc_goes_on),
		cmocka_unit_test(test_yes_to_another_question),
		cmocka_unit_test(test_tls_from_the_start),
	};

	return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
