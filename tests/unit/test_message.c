/* message: every form of call and reply of RFC 5531 section 9, whole and cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "message.h"

/* Octets of a message written as words. */
struct octets {
	uint8_t at[1024];
	uint32_t count;
};

static struct octets
words(size_t count, const uint32_t *values)
{
	struct octets octets = {.count = (uint32_t)(4 * count)};
	for (size_t i = 0; i < count; i++) {
		for (unsigned k = 0; k < 4; k++)
			octets.at[4 * i + k] = (uint8_t)(values[i] >> (24 - 8 * k));
	}
	return octets;
}

#define WORDS(...)                                                                             \
	words(sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), (uint32_t[]){__VA_ARGS__})

static struct record
record_of(const struct octets *octets, uint32_t captured)
{
	static const struct packet packet;
	return (struct record){.octets = octets->at,
			       .captured = captured,
			       .length = octets->count,
			       .packet = &packet};
}

static bool
parse(struct message *message, const struct octets *octets, bool known)
{
	static struct record record;
	record = record_of(octets, octets->count);
	return message_parse(message, &record, known);
}

static void
test_call(void **state)
{
	(void)state;
	struct octets octets =
		WORDS(0x34a2a6a5, 0, 2, 100000, 2, 3, 0, 0, 0, 0, 100005, 3, 17, 0);
	struct message message;
	assert_true(parse(&message, &octets, false));
	assert_int_equal(message.kind, MESSAGE_CALL);
	assert_int_equal(message.xid, 0x34a2a6a5);
	assert_true(message.has_procedure);
	assert_int_equal(message.program, 100000);
	assert_int_equal(message.version, 2);
	assert_int_equal(message.procedure, 3);
	assert_int_equal(message.body, 40);
	assert_int_equal(message.anomaly_count, 0);
	assert_false(message.has_inner);
}

static void
test_call_with_credential(void **state)
{
	(void)state;
	/* AUTH_SYS of 21 octets: padded to 24 */
	struct octets octets =
		WORDS(1, 0, 2, 100003, 3, 1, 1, 21, 0, 1, 0x61000000, 0, 0, 0, 0, 0, 7);
	struct message message;
	assert_true(parse(&message, &octets, false));
	assert_int_equal(message.credential.flavor, 1);
	assert_int_equal(message.credential.length, 21);
	assert_int_equal(message.credential.body, 32);
	assert_true(message.credential.present);
	assert_int_equal(message.body, 64);
}

static void
test_indirect_call(void **state)
{
	(void)state;
	static const struct {
		uint32_t version, procedure;
		bool inner;
	} cases[] = {{2, 5, true},  {3, 5, true},  {4, 5, true},
		     {4, 10, true}, {2, 3, false}, {3, 10, false}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct octets octets = WORDS(9, 0, 2, 100000, cases[i].version,
					     cases[i].procedure, 0, 0, 0, 0, 100005, 3, 5, 0);
		struct message message;
		assert_true(parse(&message, &octets, false));
		assert_int_equal(message.has_inner, cases[i].inner);
		if (cases[i].inner) {
			assert_int_equal(message.inner_program, 100005);
			assert_int_equal(message.inner_version, 3);
			assert_int_equal(message.inner_procedure, 5);
		}
	}
}

/* Of a COMPOUND: behind a tag, and behind what integrity puts in front. */
static void
test_minor_version(void **state)
{
	(void)state;
	struct octets plain =
		WORDS(9, 0, 2, 100003, 4, 1, 0, 0, 0, 0, 5, 0x61616161, 0x61000000, 2, 0);
	struct octets protected =
		WORDS(9, 0, 2, 100003, 4, 1, 6, 20, 1, 0, 7, 2, 0, 0, 0, 16, 7, 0, 1, 0, 0);
	struct octets encrypted =
		WORDS(9, 0, 2, 100003, 4, 1, 6, 20, 1, 0, 7, 3, 0, 0, 0, 16, 7, 0, 1, 0, 0);
	struct octets long_tag = WORDS(9, 0, 2, 100003, 4, 1, 0, 0, 0, 0, 0xffffffff, 0, 0, 0);
	struct octets padded_away = WORDS(9, 0, 2, 100003, 4, 1, 0, 0, 0, 0, 1);
	struct octets other = WORDS(9, 0, 2, 100003, 3, 1, 0, 0, 0, 0, 0, 2, 0);
	struct message message;
	assert_true(parse(&message, &plain, false));
	assert_true(message.has_minor);
	assert_int_equal(message.minor, 2);
	assert_true(parse(&message, &protected, false));
	assert_true(message.has_minor);
	assert_int_equal(message.minor, 1);
	assert_true(parse(&message, &encrypted, false));
	assert_false(message.has_minor);
	assert_true(parse(&message, &long_tag, false));
	assert_false(message.has_minor);
	assert_true(parse(&message, &padded_away, false));
	assert_false(message.has_minor);
	assert_true(parse(&message, &other, false));
	assert_false(message.has_minor);
}

static void
test_accepted_replies(void **state)
{
	(void)state;
	static const struct {
		uint32_t accept_stat;
		enum message_status status;
	} cases[] = {
		{1, STATUS_PROG_UNAVAIL},
		{3, STATUS_PROC_UNAVAIL},
		{4, STATUS_GARBAGE_ARGS},
		{5, STATUS_SYSTEM_ERR},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct octets octets = WORDS(5, 1, 0, 0, 0, cases[i].accept_stat);
		struct message message;
		assert_true(parse(&message, &octets, false));
		assert_int_equal(message.kind, MESSAGE_REPLY);
		assert_int_equal(message.status, cases[i].status);
		assert_false(message.has_range);
		assert_false(message.has_procedure);
		assert_int_equal(message.body, 24);
	}
	struct octets success = WORDS(5, 1, 0, 0, 0, 0, 4143);
	struct message message;
	assert_true(parse(&message, &success, false));
	assert_int_equal(message.status, STATUS_SUCCESS);
	assert_int_equal(message.body, 24);
}

static void
test_replies_with_range(void **state)
{
	(void)state;
	struct octets program = WORDS(5, 1, 0, 0, 0, 2, 3, 4);
	struct octets rpc = WORDS(5, 1, 1, 0, 2, 2);
	struct message message;
	assert_true(parse(&message, &program, false));
	assert_int_equal(message.status, STATUS_PROG_MISMATCH);
	assert_true(message.has_range);
	assert_int_equal(message.low, 3);
	assert_int_equal(message.high, 4);
	assert_int_equal(message.body, 32);
	assert_true(parse(&message, &rpc, false));
	assert_int_equal(message.status, STATUS_RPC_MISMATCH);
	assert_true(message.has_range);
	assert_int_equal(message.low, 2);
	assert_int_equal(message.body, 24);
}

static void
test_verifier_before_status(void **state)
{
	(void)state;
	/* a reply verifier of 5 octets (padded to 8) stands between reply_stat and accept_stat
	 */
	struct octets octets = WORDS(5, 1, 0, 6, 5, 0x01020304, 0x05000000, 3);
	struct message message;
	assert_true(parse(&message, &octets, false));
	assert_int_equal(message.status, STATUS_PROC_UNAVAIL);
	assert_int_equal(message.verifier.flavor, 6);
	assert_int_equal(message.verifier.length, 5);
}

static void
test_auth_error_has_no_verifier(void **state)
{
	(void)state;
	for (uint32_t stat = 0; stat <= 14; stat++) {
		struct octets octets = WORDS(5, 1, 1, 1, stat);
		struct message message;
		assert_true(parse(&message, &octets, false));
		assert_int_equal(message.status, STATUS_AUTH_ERROR);
		assert_int_equal(message.auth_stat, stat);
		assert_false(message.has_range);
		assert_non_null(message_auth_stat_name(stat));
	}
	assert_string_equal(message_auth_stat_name(5), "AUTH_TOOWEAK");
	assert_string_equal(message_auth_stat_name(13), "RPCSEC_GSS_CREDPROBLEM");
	assert_null(message_auth_stat_name(15));
}

static void
test_malformed_on_known_flow(void **state)
{
	(void)state;
	struct octets type = WORDS(5, 7, 0, 0, 0, 0);
	struct octets version = WORDS(5, 0, 3, 100000, 2, 0, 0, 0, 0, 0);
	struct octets reply_stat = WORDS(5, 1, 9, 0, 0, 0);
	struct octets accept_stat = WORDS(5, 1, 0, 0, 0, 9);
	struct octets reject_stat = WORDS(5, 1, 1, 9, 0);
	struct octets *cases[] = {&type, &version, &reply_stat, &accept_stat, &reject_stat};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message message;
		assert_false(
			parse(&message, cases[i], false)); /* nothing says that it is RPC */
		assert_true(parse(&message, cases[i], true));
		assert_int_equal(message.anomaly_count, 1);
		assert_int_equal(message.kind == MESSAGE_MALFORMED, i == 0);
	}
}

static void
test_cut_and_short(void **state)
{
	(void)state;
	struct octets octets = WORDS(5, 0, 2, 100003, 3, 1, 1, 20, 0, 0, 0, 0, 0, 0, 0, 1, 2);
	struct record record =
		record_of(&octets, 26); /* a snap length of 96 leaves that much */
	struct message message;
	assert_true(message_parse(&message, &record, false));
	assert_true(message.has_procedure);
	assert_int_equal(message.procedure, 1);
	assert_int_equal(message.body, 26);
	assert_int_equal(message.anomaly_count,
			 0); /* the capture is cut, the sender is not to blame */
	record = record_of(&octets, 26);
	record.length = 26;
	assert_true(message_parse(&message, &record, true));
	assert_int_equal(message.anomaly_count, 1);
	assert_string_equal(message.anomalies[0].reason,
			    "the record ends inside its RPC header");
}

/* Every prefix of every form, ending at a page that must not be touched. */
static void
test_prefixes_at_guard_page(void **state)
{
	(void)state;
	struct octets forms[] = {
		WORDS(5, 0, 2, 100000, 2, 5, 1, 20, 0, 0, 0, 0, 0, 0, 0, 100005, 3, 1, 0),
		WORDS(5, 1, 0, 6, 5, 0, 0, 2, 1, 2),
		WORDS(5, 1, 1, 0, 2, 2),
		WORDS(5, 1, 1, 1, 3),
		WORDS(5, 9, 1, 1, 3),
	};
	long page = sysconf(_SC_PAGESIZE);
	uint8_t *pages = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(mprotect(pages + page, (size_t)page, PROT_NONE), 0);
	static const struct packet packet;
	for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
		for (uint32_t captured = 0; captured <= forms[f].count; captured++) {
			uint8_t *at = pages + page - captured;
			memcpy(at, forms[f].at, captured);
			struct record record = {.octets = at,
						.captured = captured,
						.length = forms[f].count,
						.packet = &packet};
			struct message message;
			message_parse(&message, &record, false);
			assert_true(message_parse(&message, &record, true));
			assert_true(message.body <= captured);
			record.length = captured;
			assert_true(message_parse(&message, &record, true));
		}
	}
	munmap(pages, 2 * (size_t)page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_call_with_credential),
		cmocka_unit_test(test_indirect_call),
		cmocka_unit_test(test_minor_version),
		cmocka_unit_test(test_accepted_replies),
		cmocka_unit_test(test_replies_with_range),
		cmocka_unit_test(test_verifier_before_status),
		cmocka_unit_test(test_auth_error_has_no_verifier),
		cmocka_unit_test(test_malformed_on_known_flow),
		cmocka_unit_test(test_cut_and_short),
		cmocka_unit_test(test_prefixes_at_guard_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
