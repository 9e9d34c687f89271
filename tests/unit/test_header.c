/*
 * RPC headers: as tapes, the credential of AUTH_SYS opened, and message_parse(),
 * which reads the header's words directly, against the walker on rpc.x.
 */
#include "decode_support.h"

enum { ROUNDS = 3000 };

static void
test_header(void **state)
{
	struct fixture *fixture = *state;
	const struct tape *tape = &fixture->tape;

	begin_call(fixture, 555555, 1, 1);
	PUT(fixture, 5, 6);
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_HEADER | DECODE_BODY);
	assert_string_equal(spec_name(fixture->spec, tape->fields[0].name), "rpc_msg");
	assert_int_equal(tape->fields[0].length, 40);
	assert_int_equal(decode_body(tape), tape_skip(tape, 0));
	assert_int_equal(tape->anomaly_count, 0);
	decode(fixture, DECODE_HEADER);
	assert_int_equal(tape_skip(tape, 0), tape->count);
}

static void
test_auth_sys(void **state)
{
	struct fixture *fixture = *state;
	struct tape *tape = &fixture->tape;
	size_t opened;

	fixture->size = 0;
	PUT(fixture, 1, CALL, 2, 555555, 1, 0, AUTH_SYS, 32, 99, 3, 0x61626300, 1000, 100, 2,
	    10, 20, 0, 0);
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_HEADER | DECODE_BODY);
	assert_int_equal(tape->anomaly_count, 0);
	opened = tape_find(tape, 0, "authsys_parms");
	assert_int_not_equal(opened, SIZE_MAX);
	assert_int_equal(tape->fields[opened].kind, FIELD_OPEN_STRUCT);
	assert_int_equal(tape->fields[opened].flags, FIELD_FROM_OPENER);
	assert_int_equal(tape->fields[opened - 1].kind, FIELD_LENGTH);
	assert_int_equal(tape->fields[opened - 1].u, 32);
	assert_int_equal(tape->fields[opened - 2].kind, FIELD_OPEN_OPAQUE);
	assert_int_equal(tape->fields[opened - 2].flags, 0);
	assert_int_equal(tape->fields[opened + 1].u, 99);
	assert_int_equal(tape->fields[opened + 2].bytes.size, 3);
	assert_int_equal(tape->fields[opened + 3].u, 1000);

	/* A machine name that ends outside: the credential breaks off, the call goes on. */
	fixture->octets[39] = 77;
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_HEADER | DECODE_BODY);
	assert_int_equal(tape->anomaly_count, 1);
	assert_string_equal(tape->anomalies[0].reason, "the opaque ends inside a string");
	assert_int_not_equal(decode_body(tape), SIZE_MAX);

	/* AUTH_SYS with nothing in it, as a verifier may be, has nothing to open. */
	fixture->octets[39] = 3;
	fixture->octets[fixture->size - 5] = AUTH_SYS;
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_HEADER | DECODE_BODY);
	assert_int_equal(tape->anomaly_count, 0);
	opened = tape_find(tape, 0, "verf");
	assert_int_not_equal(opened, SIZE_MAX);
	assert_int_equal(tape->fields[opened + 1].u, AUTH_SYS);
	assert_int_equal(tape->fields[opened + 2].kind, FIELD_OPAQUE);

	/* Another flavor keeps its octets. */
	fixture->octets[27] = AUTH_KERB;
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_HEADER | DECODE_BODY);
	assert_int_equal(tape_find(tape, 0, "authsys_parms"), SIZE_MAX);
	assert_int_equal(tape->anomaly_count, 0);
}

/* -- message_parse() against the walker on rpc.x -- */

static void
put_auth(struct fixture *fixture)
{
	uint32_t size = random_below(&fixture->random, 5) == 0
				? random_below(&fixture->random, 420)
				: random_below(&fixture->random, 9);

	PUT(fixture, random_below(&fixture->random, 8), size);
	for (uint32_t i = 0; i < size; i += 4)
		put_word(fixture, i + 4 <= size ? (uint32_t)random_next(&fixture->random) : 0);
}

static void
put_header(struct fixture *fixture)
{
	fixture->size = 0;
	put_word(fixture, (uint32_t)random_next(&fixture->random));
	if (random_below(&fixture->random, 2) == 0) {
		PUT(fixture, CALL, 2, random_below(&fixture->random, 9) + 99999,
		    random_below(&fixture->random, 6), random_below(&fixture->random, 14));
		put_auth(fixture);
		put_auth(fixture);
	} else if (random_below(&fixture->random, 3) != 0) {
		PUT(fixture, REPLY, MSG_ACCEPTED);
		put_auth(fixture);
		put_word(fixture, random_below(&fixture->random, 7));
	} else {
		PUT(fixture, REPLY, MSG_DENIED, random_below(&fixture->random, 3));
	}
	for (uint32_t i = random_below(&fixture->random, 6); i > 0; i--)
		put_word(fixture, random_below(&fixture->random, 16));
}

/* Values of the header's leaves in order; opaques, and what opened ones hold, are left out. */
static size_t
header_words(const struct tape *tape, const struct field **words, size_t most)
{
	size_t count = 0, end = tape_skip(tape, 0);

	for (size_t i = 0; i < end && count < most; i++) {
		const struct field *field = &tape->fields[i];

		if (field_is_leaf(field) && field->kind != FIELD_OPAQUE &&
		    field->kind != FIELD_REST && field->kind != FIELD_LENGTH &&
		    field->kind != FIELD_PADDING && (field->flags & FIELD_FROM_OPENER) == 0)
			words[count++] = field;
	}
	return count;
}

static void
compare_call(const struct message *message, const struct field **words, size_t count)
{
	if (!message->verifier.present)
		return;
	assert_int_equal(count, 8);
	assert_int_equal(words[2]->u, message->rpc_version);
	assert_int_equal(words[3]->u, message->program);
	assert_int_equal(words[4]->u, message->version);
	assert_int_equal(words[5]->u, message->procedure);
	assert_int_equal((uint32_t)words[6]->u, message->credential.flavor);
	assert_int_equal(words[6]->offset + 8, message->credential.body);
	assert_int_equal((uint32_t)words[7]->u, message->verifier.flavor);
	assert_int_equal(words[7]->offset + 8, message->verifier.body);
}

/* Where the words of each status stand: reply_stat is the third, then flavor and accept_stat.
 */
static void
compare_reply(const struct message *message, const struct field **words, size_t count)
{
	bool denied =
		message->status == STATUS_RPC_MISMATCH || message->status == STATUS_AUTH_ERROR;

	if (message->status == STATUS_UNKNOWN)
		return;
	assert_in_range(count, 4, 8);
	assert_int_equal(words[2]->u, denied ? MSG_DENIED : MSG_ACCEPTED);
	if (message->status == STATUS_AUTH_ERROR && count > 4)
		assert_int_equal((uint32_t)words[4]->u, message->auth_stat);
	if (!denied)
		assert_int_equal(words[4]->u, message->status); /* the same numbers */
	if (message->has_range) {
		assert_int_equal(words[count - 2]->u, message->low);
		assert_int_equal(words[count - 1]->u, message->high);
	}
}

/* Is the header whole, by the walker's word? Then both have to end it at one place. */
static void
compare_ends(const struct fixture *fixture)
{
	const struct tape *tape = &fixture->tape;
	const struct message *message = &fixture->message;
	const struct field *end = &tape->fields[tape->fields[0].end];
	size_t body = tape_skip(tape, 0);
	bool whole = message->kind == MESSAGE_CALL ? message->verifier.present
						   : message->kind == MESSAGE_REPLY &&
							     message->status != STATUS_UNKNOWN;

	if (whole && body == tape->count && find_kind(tape, FIELD_REST) == SIZE_MAX)
		assert_int_equal(end->offset, message->body);
	if (message->kind == MESSAGE_CALL && !whole)
		assert_int_equal(end->offset, fixture->record.captured);
}

static void
test_against_fast_path(void **state)
{
	struct fixture *fixture = *state;
	const struct field *words[8];
	size_t whole = 0;

	for (int round = 0; round < ROUNDS; round++) {
		uint32_t captured;

		put_header(fixture);
		if (round % 3 == 1)
			fixture->octets[random_below(&fixture->random, fixture->size)] =
				(uint8_t)random_next(&fixture->random);
		captured = round % 3 == 2 ? random_below(&fixture->random, fixture->size)
					  : fixture->size;
		parse(fixture, captured, fixture->size);
		decode(fixture, DECODE_HEADER);
		if (fixture->message.kind == MESSAGE_MALFORMED) {
			assert_true(captured == 0 ||
				    fixture->tape.fields[0].kind == FIELD_REST);
			continue;
		}
		size_t count = header_words(&fixture->tape, words, 8);

		if (count > 0)
			assert_int_equal(words[0]->u, fixture->message.xid);
		if (fixture->message.kind == MESSAGE_CALL)
			compare_call(&fixture->message, words, count);
		else if (fixture->message.kind == MESSAGE_REPLY)
			compare_reply(&fixture->message, words, count);
		compare_ends(fixture);
		whole += fixture->message.verifier.present;
	}
	assert_true(whole > ROUNDS / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_header, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_auth_sys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_against_fast_path, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
