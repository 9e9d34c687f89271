/*
 * test_line_fit: a line that has less room than there is to say keeps what matters: every
 * operation of a COMPOUND, the one that failed with its status, names of files.
 */
#include "out_support.h"

#include "limits.h"

#define ACCEPTED "34a2a6a5 00000001 00000000 00000000 00000000 00000000 "
#define COMPOUND                                                                               \
	"34a2a6a5 00000000 00000002 000186a3 00000004 00000001 00000000 00000000 "             \
	"00000000 00000000 00000000 00000002 "

/* A line that has no more room than it may have. */
static const char *
line(void)
{
	const char *text = scene_print(&output_line);
	assert_true(strlen(text) <= LIMIT_LINE_COLUMNS);
	return strstr(text, "0x") + 11;
}

/* Results: operation and status each. */
static const char *
results(const uint32_t (*operations)[2], size_t count)
{
	static char hex[SCENE_OCTETS * 3];
	size_t length = (size_t)snprintf(hex, sizeof hex, ACCEPTED "%08x 00000000 %08x",
					 (unsigned)operations[count - 1][1], (unsigned)count);
	for (size_t i = 0; i < count; i++)
		length += (size_t)snprintf(hex + length, sizeof hex - length, " %08x %08x",
					   (unsigned)operations[i][0],
					   (unsigned)operations[i][1]);
	scene_record(hex, true);
	scene_answers(100003, 4, 1);
	scene.message.has_minor = true;
	scene.message.minor = 2;
	return line();
}

enum {
	PUTFH = 22,
	PUTROOTFH = 24,
	SAVEFH = 32,
	RESTOREFH = 31,
	CLONE = 71,
	NOTSUPP = 10004,
};

#define TAIL " (call in 1, 3.951 ms)\n"

static void
test_status_of_the_one_that_failed(void **state)
{
	static const uint32_t operations[][2] = {{PUTFH, 0},      {SAVEFH, 0}, {PUTFH, 0},
						 {SAVEFH, 0},     {PUTFH, 0},  {SAVEFH, 0},
						 {CLONE, NOTSUPP}};
	(void)state;
	assert_text(results(operations + 4, 3),
		    "nfs v4.2 COMPOUND ** NFS4ERR_NOTSUPP (10004) ** PUTFH SAVEFH "
		    "** CLONE NFS4ERR_NOTSUPP **" TAIL);
	/* The status once more would cost names. */
	assert_text(results(operations, 7),
		    "nfs v4.2 COMPOUND PUTFH SAVEFH PUTFH SAVEFH PUTFH SAVEFH "
		    "** CLONE NFS4ERR_NOTSUPP **" TAIL);
}

static void
test_hundreds_of_operations(void **state)
{
	enum { COUNT = 400 };
	static uint32_t operations[COUNT][2];
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		operations[i][0] = i & 1 ? SAVEFH : PUTROOTFH;
	operations[COUNT - 1][1] = NOTSUPP;
	assert_text(results(operations, COUNT),
		    "nfs v4.2 COMPOUND PUTROOTFH SAVEFH PUTROOTFH SAVEFH "
		    "... +395 more ** SAVEFH NFS4ERR_NOTSUPP **" TAIL);
	operations[COUNT - 1][1] = 0;
	assert_text(
		results(operations, COUNT),
		"nfs v4.2 COMPOUND NFS4_OK PUTROOTFH SAVEFH PUTROOTFH SAVEFH PUTROOTFH SAVEFH "
		"... +394 more" TAIL);
	/* The first of two that failed, wherever it stands. */
	operations[200][1] = operations[COUNT - 1][1] = NOTSUPP;
	assert_text(results(operations, COUNT),
		    "nfs v4.2 COMPOUND PUTROOTFH SAVEFH PUTROOTFH "
		    "... +396 more ** PUTROOTFH NFS4ERR_NOTSUPP **" TAIL);
}

/* Two addresses that leave no room at all: the status of what failed stands, the tail goes. */
static void
test_long_addresses(void **state)
{
	static const uint32_t operations[][2] = {{PUTFH, 0}, {RESTOREFH, 0}, {CLONE, NOTSUPP}};
	(void)state;
	results(operations, 3);
	address_parse(&scene.packet.source.address, "2001:db8:1111:2222:3333:4444:5555:6666");
	address_parse(&scene.packet.destination.address,
		      "2001:db8:1111:2222:3333:4444:5555:7777");
	scene.packet.frame.number = 123456789;
	const char *text = line();
	assert_non_null(strstr(text, "COMPOUND ... ** CLONE NFS4ERR_NOTSUPP **"));
	scene.message.repeat_of = scene.message.copy_of = 123456788;
	message_anomaly(&scene.message, "something is not as it should be in this message", 0);
	message_anomaly(&scene.message, "and something else is not as it should be either", 0);
	assert_non_null(strstr(line(), "** CLONE NFS4ERR_NOTSUPP **"));
}

/* Nothing to shorten: no results at all, and more in the tail than a line can hold. */
static void
test_nothing_to_say(void **state)
{
	static const char reason[] =
		"something in this message is not at all as it should have "
		"been, and it takes long to say";
	(void)state;
	scene_record(ACCEPTED, true);
	scene_answers(100003, 3, 0);
	message_anomaly(&scene.message, reason, 0);
	message_anomaly(&scene.message, reason, 4);
	assert_text(line(), "nfs v3 NULL (call in 1, 3.951 ms) [malformed: something in this "
			    "message is not at all as it should have been, and...\n");
}

/* Of two reasons the first stays. */
static void
test_first_reason(void **state)
{
	(void)state;
	scene_record(ACCEPTED, true);
	scene_answers(100003, 3, 0);
	message_anomaly(&scene.message, "a reason of forty columns, or a few more", 0);
	message_anomaly(&scene.message, "another one, for which there is no room", 4);
	assert_text(line(), "nfs v3 NULL (call in 1, 3.951 ms) [malformed: a reason of forty "
			    "columns, or a few more] [1 more]\n");
}

/* Names of files first, then other items evenly; a set of bits gets what is left. */
static void
test_what_gives_way(void **state)
{
#define LOOKUP_LONG                                                                            \
	"0000000f 00000028 61616161616161616161 61616161616161616161 61616161616161616161 "    \
	"61616161616161616161 "
#define ACCESS_ALL "00000003 000001ff "
	(void)state;
	scene_record(COMPOUND "00000002 " LOOKUP_LONG ACCESS_ALL, false);
	assert_text(line(),
		    "nfs v4.2 COMPOUND LOOKUP \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" "
		    "ACCESS read|lookup|modify|extend|delete...\n");
	scene_record(COMPOUND "00000003 " LOOKUP_LONG ACCESS_ALL LOOKUP_LONG, false);
	assert_text(line(),
		    "nfs v4.2 COMPOUND LOOKUP \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" "
		    "ACCESS ... LOOKUP \"aaaaaaaaaaaaaaaaaaaaaaaaa...\"\n");
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Any operations without results of their own: their names in order, or how many there are. */
static void
test_every_name(void **state)
{
	static const struct {
		uint32_t number;
		const char *name;
	} known[] = {{PUTFH, " PUTFH"},         {PUTROOTFH, " PUTROOTFH"}, {SAVEFH, " SAVEFH"},
		     {RESTOREFH, " RESTOREFH"}, {8, " DELEGRETURN"},       {30, " RENEW"}};
	enum { KNOWN = sizeof known / sizeof known[0], MOST = 24, ROUNDS = 3000 };
	uint32_t seed = 20261120, operations[MOST][2] = {{0}};
	size_t whole = 0;
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t count = 1 + next_random(&seed) % MOST, picks[MOST];
		for (size_t i = 0; i < count; i++) {
			picks[i] = next_random(&seed) % KNOWN;
			operations[i][0] = known[picks[i]].number;
			operations[i][1] = 0;
		}
		operations[count - 1][1] = next_random(&seed) & 1 ? NOTSUPP : 0;
		const char *at = results((const uint32_t(*)[2])operations, count);
		bool more = strstr(at, " ... +") != NULL;
		whole += !more;
		if (operations[count - 1][1] != 0)
			assert_non_null(strstr(at, " NFS4ERR_NOTSUPP **"));
		for (size_t i = 0; i < count && !more; i++) {
			at = strstr(at, known[picks[i]].name);
			assert_non_null(at);
			at++;
		}
	}
	assert_true(whole > ROUNDS / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_of_the_one_that_failed),
		cmocka_unit_test(test_hundreds_of_operations),
		cmocka_unit_test(test_long_addresses),
		cmocka_unit_test(test_nothing_to_say),
		cmocka_unit_test(test_first_reason),
		cmocka_unit_test(test_what_gives_way),
		cmocka_unit_test(test_every_name),
	};
	return cmocka_run_group_tests(tests, scene_begin, scene_end);
}
