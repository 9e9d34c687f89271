/*
 * Bodies as tapes: arguments and results of each form, the calls inside CALLIT and
 * INDIRECT, what is left over, what is cut.
 */
#include "decode_support.h"

/* The body alone, as walk_support.h writes it. */
static void
check_body(struct fixture *fixture, const char *expected, const char *anomaly)
{
	decode(fixture, DECODE_BODY);
	render(&fixture->text, &fixture->tape);
	assert_string_equal(text_string(&fixture->text), expected);
	assert_anomaly(&fixture->tape, anomaly);
}

static void
check_call(struct fixture *fixture, const char *expected, const char *anomaly)
{
	parse(fixture, fixture->size, fixture->size);
	check_body(fixture, expected, anomaly);
}

static void
check_reply(struct fixture *fixture, uint32_t procedure, const char *expected,
	    const char *anomaly)
{
	parse(fixture, fixture->size, fixture->size);
	answer(fixture, 555555, 1, procedure);
	check_body(fixture, expected, anomaly);
}

/* -- bodies -- */

static void
test_arguments(void **state)
{
	struct fixture *fixture = *state;

	begin_call(fixture, 555555, 1, 0);
	check_call(fixture, "arguments{ }", NULL);
	begin_call(fixture, 555555, 1, 1);
	PUT(fixture, 5, 6);
	check_call(fixture, "arguments{ x=i5 y=i6 }", NULL);
	begin_call(fixture, 555555, 1, 2);
	PUT(fixture, 7);
	check_call(fixture, "arguments{ arg=u7 }", NULL);
	begin_call(fixture, 555555, 1, 3);
	PUT(fixture, 7, 8, 9, 2, 0x68690000);
	check_call(fixture, "arguments{ arg1=i7 arg2{ x=i8 y=i9 } arg3=shi }", NULL);
	begin_call(fixture, 555555, 1, 4);
	PUT(fixture, 1, 8, 0);
	check_call(fixture, "arguments{ arg( follows=?1 { value=i8 } follows=?0 } }", NULL);
}

static void
test_results(void **state)
{
	struct fixture *fixture = *state;

	begin_reply(fixture);
	check_reply(fixture, 0, "results{ }", NULL);
	assert_int_equal(decode_result_status(&fixture->tape), SIZE_MAX);
	begin_reply(fixture);
	PUT(fixture, 0, 5, 6);
	check_reply(fixture, 1, "results< stat=e0 where{ x=i5 y=i6 } }", NULL);
	assert_int_equal(decode_body(&fixture->tape), 0);
	assert_int_equal(decode_result_status(&fixture->tape), 1);
	begin_reply(fixture);
	PUT(fixture, 13);
	check_reply(fixture, 1, "results< stat=e13 }", NULL);
	assert_int_equal(decode_result_status(&fixture->tape), 1);
	begin_reply(fixture);
	PUT(fixture, 13);
	check_reply(fixture, 2, "results{ result=i13 }", NULL);
	assert_int_equal(decode_result_status(&fixture->tape), SIZE_MAX);
	begin_reply(fixture);
	PUT(fixture, 1, 13, 0);
	check_reply(fixture, 3, "results{ result( follows=?1 { value=i13 } follows=?0 } }",
		    NULL);
	begin_reply(fixture);
	PUT(fixture, 13);
	check_reply(fixture, 4, "results{ result=e13 }", NULL);
	assert_int_equal(decode_result_status(&fixture->tape), 1);
}

static void
test_left_over(void **state)
{
	struct fixture *fixture = *state;

	begin_call(fixture, 555555, 1, 0);
	PUT(fixture, 1);
	check_call(fixture, "arguments{ } rest=R00000001",
		   "octets left over after the arguments");
	begin_reply(fixture);
	PUT(fixture, 13, 14);
	check_reply(fixture, 2, "results{ result=i13 } rest=R0000000e",
		    "octets left over after the results");
	fixture->size = 0;
	PUT(fixture, 1, REPLY, MSG_DENIED, AUTH_ERROR, AUTH_TOOWEAK, 99);
	parse(fixture, fixture->size, fixture->size);
	check_body(fixture, "rest=R00000063", "octets left over after the reply");
}

/* Nothing says what the octets are: no anomaly. */
static void
test_unknown(void **state)
{
	struct fixture *fixture = *state;

	begin_call(fixture, 555555, 2, 1);
	PUT(fixture, 5, 6);
	check_call(fixture, "rest=R0000000500000006", NULL);
	assert_int_equal(decode_body(&fixture->tape), SIZE_MAX);
	begin_call(fixture, 555556, 1, 1);
	check_call(fixture, "", NULL);
	begin_reply(fixture); /* its call was not seen */
	PUT(fixture, 5);
	parse(fixture, fixture->size, fixture->size);
	check_body(fixture, "rest=R00000005", NULL);
}

static void
test_short_and_cut(void **state)
{
	struct fixture *fixture = *state;

	begin_call(fixture, 555555, 1, 1);
	PUT(fixture, 5);
	check_call(fixture, "arguments{ x=i5 }", "the record ends inside an integer");
	parse(fixture, fixture->size, fixture->size + 4);
	check_body(fixture, "arguments{ x=i5 }", NULL);
	parse(fixture, fixture->size - 1, fixture->size + 4);
	check_body(fixture, "arguments{ rest=R000000!C }", NULL);
	parse(fixture, 33, fixture->size + 4); /* inside the verifier */
	check_body(fixture, "", NULL);
	decode(fixture, DECODE_HEADER | DECODE_BODY);
	assert_int_equal(fixture->tape.anomaly_count, 0);
}

/* -- the call inside a call -- */

static void
begin_callit(struct fixture *fixture, uint32_t version, uint32_t procedure,
	     uint32_t inner_program, uint32_t size)
{
	begin_call(fixture, 100000, version, procedure);
	PUT(fixture, inner_program, 1, 1, size);
}

static void
test_callit(void **state)
{
	struct fixture *fixture = *state;
	const struct tape *tape = &fixture->tape;
	static const uint32_t procedures[][2] = {{2, 5}, {3, 5}, {4, 5}, {4, 10}};
	size_t opened;

	for (size_t i = 0; i < 4; i++) {
		begin_callit(fixture, procedures[i][0], procedures[i][1], 555555, 8);
		PUT(fixture, 5, 6);
		parse(fixture, fixture->size, fixture->size);
		decode(fixture, DECODE_BODY);
		assert_int_equal(tape->anomaly_count, 0);
		opened = find_kind(tape, FIELD_OPEN_OPAQUE);
		assert_int_not_equal(opened, SIZE_MAX);
		assert_int_equal(tape->fields[opened + 2].name, NAME_ARGUMENTS);
		assert_int_equal(tape->fields[opened + 2].flags, FIELD_FROM_OPENER);
		assert_int_equal(tape->fields[tape_find(tape, opened, "y")].u, 6);
		assert_int_equal(decode_body(tape), 0);
	}
}

static void
test_callit_broken(void **state)
{
	struct fixture *fixture = *state;
	const struct tape *tape = &fixture->tape;

	/* Shorter than the inner arguments, longer, with padding, without specification. */
	begin_callit(fixture, 2, 5, 555555, 6);
	PUT(fixture, 5, 0x00060000);
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_BODY);
	assert_string_equal(tape->anomalies[0].reason, "the opaque ends inside an integer");
	assert_int_not_equal(find_kind(tape, FIELD_PADDING), SIZE_MAX);

	begin_callit(fixture, 2, 5, 555555, 12);
	PUT(fixture, 5, 6, 7);
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_BODY);
	assert_string_equal(tape->anomalies[0].reason, "octets left over in an opaque");
	assert_int_equal(tape->fields[find_kind(tape, FIELD_REST)].length, 4);

	begin_callit(fixture, 2, 5, 555556, 8);
	PUT(fixture, 5, 6);
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_BODY);
	assert_int_equal(find_kind(tape, FIELD_OPEN_OPAQUE), SIZE_MAX);
	assert_int_not_equal(find_kind(tape, FIELD_OPAQUE), SIZE_MAX);
	assert_int_equal(tape->anomaly_count, 0);

	/* Longer than the record: its length is no end to go by. */
	begin_callit(fixture, 2, 5, 555555, 40);
	PUT(fixture, 5, 6);
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_BODY);
	assert_int_equal(find_kind(tape, FIELD_OPEN_OPAQUE), SIZE_MAX);
	assert_string_equal(tape->anomalies[0].reason, "the record ends inside an opaque");

	/* Cut by the capture: what is at hand is decoded, and nobody is blamed. */
	begin_callit(fixture, 2, 5, 555555, 8);
	PUT(fixture, 5, 6);
	parse(fixture, fixture->size - 2, fixture->size);
	decode(fixture, DECODE_BODY);
	assert_int_equal(tape->anomaly_count, 0);
	assert_int_equal(tape->fields[tape_find(tape, 0, "x")].u, 5);
	assert_true(tape->fields[find_kind(tape, FIELD_OPEN_OPAQUE)].flags & FIELD_CUT);
}

/* What is inside the call inside is not known from the message: it stays an opaque. */
static void
test_callit_in_callit(void **state)
{
	struct fixture *fixture = *state;
	const struct tape *tape = &fixture->tape;
	size_t opened = 0;

	begin_call(fixture, 100000, 2, 5);
	PUT(fixture, 100000, 2, 5, 24, 555555, 1, 1, 8, 5, 6);
	parse(fixture, fixture->size, fixture->size);
	decode(fixture, DECODE_BODY);
	assert_int_equal(tape->anomaly_count, 0);
	for (size_t i = 0; i < tape->count; i++)
		opened += tape->fields[i].kind == FIELD_OPEN_OPAQUE;
	assert_int_equal(opened, 1);
	assert_int_not_equal(find_kind(tape, FIELD_OPAQUE), SIZE_MAX);
}

static void
test_callit_results(void **state)
{
	struct fixture *fixture = *state;
	const struct tape *tape = &fixture->tape;
	size_t opened;

	begin_reply(fixture);
	PUT(fixture, 2049, 4, 13);
	parse(fixture, fixture->size, fixture->size);
	answer(fixture, 100000, 2, 5);
	decode(fixture, DECODE_BODY);
	assert_int_equal(find_kind(tape, FIELD_OPEN_OPAQUE), SIZE_MAX);
	fixture->message.has_inner = true;
	fixture->message.inner_program = 555555;
	fixture->message.inner_version = 1;
	fixture->message.inner_procedure = 1;
	decode(fixture, DECODE_BODY);
	opened = find_kind(tape, FIELD_OPEN_OPAQUE);
	assert_int_not_equal(opened, SIZE_MAX);
	assert_int_equal(tape->fields[opened + 2].name, NAME_RESULTS);
	assert_int_equal(tape->fields[opened + 3].kind, FIELD_ENUM);
	assert_int_equal(tape->fields[opened + 3].u, 13);
	assert_int_equal(tape->anomaly_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_arguments, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_results, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_left_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_short_and_cut, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_callit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_callit_broken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_callit_in_callit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_callit_results, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
