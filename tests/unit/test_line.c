/*
 * test_line: the one-line form, word for word, and that it stays one line of bounded
 * width whatever the octets are.
 */
#include "out_support.h"

#include "limits.h"

static const char extra[] =
	"enum color { RED = 0, BLUE = 5 };"
	"typedef opaque octets<>;"
	"struct node { unsigned int weight; struct node *next; };"
	"typedef struct node *nodes;"
	"struct many { int a; int b; int c; int d; int e; int f; int g; int h; int i; "
	"};"
	"union answer switch (color hue) { case RED: int flavors<>; default: void; };"
	"program TEST { version ONE {"
	"  void TESTPROC_NULL(void) = 0;"
	"  answer TESTPROC_PAINT(string) = 1;"
	"  nodes TESTPROC_WEIGH(many) = 2;"
	"  hyper TESTPROC_SUM(color, bool, octets) = 3;"
	"} = 1; } = 0x20000099;";

static const char *
line(void)
{
	return scene_print(&output_line);
}

/* The line after "...: call  0x34a2a6a5 " or "...: reply 0x34a2a6a5 ". */
static const char *
line_end(void)
{
	const char *at = strstr(line(), "0x");
	assert_non_null(at);
	return at + 11;
}

static void
test_worked_example(void **state)
{
	(void)state;
	scene_frame(1, CALL_TIME, CALL_FRAME);
	assert_text(line(), "    1 20:33:07.654070 udp 192.168.56.252.678 > 192.168.56.65.111: "
			    "call  0x34a2a6a5 portmapper v2 GETPORT mountd v3 udp\n");
	scene_frame(2, REPLY_TIME, REPLY_FRAME);
	scene_answers(100000, 2, 3);
	assert_text(line(), "    2 20:33:07.658021 udp 192.168.56.65.111 > 192.168.56.252.678: "
			    "reply 0x34a2a6a5 portmapper v2 GETPORT port 4143 "
			    "(call in 1, 3.951 ms)\n");
}

static void
test_times(void **state)
{
	(void)state;
	scene_frame(123456, REPLY_TIME, REPLY_FRAME);
	scene.output.first = CALL_TIME - SECOND;
	scene.output.last = CALL_TIME;
	scene.output.time_form = TIME_SINCE_FIRST;
	assert_memory_equal(line(), "123456 1.003951 udp ", 20);
	scene.output.time_form = TIME_SINCE_LAST;
	assert_memory_equal(line(), "123456 0.003951 udp ", 20);
	scene.output.time_form = TIME_OF_DAY;
}

#define ACCEPTED "34a2a6a5 00000001 00000000 00000000 00000000 "
#define DENIED   "34a2a6a5 00000001 00000001 "

static void
test_errors(void **state)
{
	static const struct {
		const char *record, *line;
	} cases[] = {
		{ACCEPTED "00000001", "** PROG_UNAVAIL **"},
		{ACCEPTED "00000002 00000002 00000003", "** PROG_MISMATCH: versions 2 to 3 **"},
		{ACCEPTED "00000003", "** PROC_UNAVAIL **"},
		{ACCEPTED "00000004", "** GARBAGE_ARGS **"},
		{ACCEPTED "00000005", "** SYSTEM_ERR **"},
		{DENIED "00000000 00000002 00000002",
		 "** RPC_MISMATCH: RPC versions 2 to 2 **"},
		{DENIED "00000001 00000001", "** AUTH_ERROR AUTH_BADCRED **"},
		{DENIED "00000001 00000063", "** AUTH_ERROR 99 **"},
		{ACCEPTED "00000000 00000000", "** not registered (port 0) **"},
		{ACCEPTED "00000000 00010000", "** port 65536: there is no such port **"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char expected[200];
		scene_record(cases[i].record, true);
		scene_answers(100000, 2, 3);
		snprintf(expected, sizeof expected,
			 "portmapper v2 GETPORT %s (call in 1, 3.951 ms)\n", cases[i].line);
		assert_text(line_end(), expected);
	}
}

/* RPCSEC_GSS (RFC 2203): what is done to a context, how a body is protected. */
static void
test_security(void **state)
{
#define NFS3(procedure) "34a2a6a5 00000000 00000002 000186a3 00000003 " procedure
#define MIC             "00000006 00000004 6d696321"
	static const struct {
		const char *record, *line;
	} cases[] = {
		{NFS3("00000000") "00000006 00000014 00000001 00000001 00000000 00000001 "
				  "00000000"
				  "00000000 00000000 00000004 746f6b65",
		 "nfs v3 NULL GSS INIT token 4 octets\n"},
		{NFS3("00000000") "00000006 00000018 00000001 00000002 00000000 00000001 "
				  "00000004"
				  "68616e64 00000000 00000000 00000004 746f6b65",
		 "nfs v3 NULL GSS CONTINUE_INIT context 2762428f token 4 octets\n"},
		{NFS3("00000000") "00000006 00000018 00000001 00000003 00000007 00000001 "
				  "00000004"
				  "68616e64" MIC,
		 "nfs v3 NULL GSS DESTROY context 2762428f [gss seq 7]\n"},
		{NFS3("00000001") "00000006 00000018 00000001 00000000 00000029 00000002 "
				  "00000004"
				  "68616e64" MIC "0000000c 00000029 00000004 66696c65"
				  "00000004 6d696321",
		 "nfs v3 GETATTR fh 8c9f3610/4 [gss integrity seq 41]\n"},
		{NFS3("00000001") "00000006 00000018 00000001 00000000 0000002a 00000003 "
				  "00000004"
				  "68616e64" MIC "00000008 01020304 05060708",
		 "nfs v3 GETATTR encrypted, 8 octets [gss privacy seq 42]\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		scene_record(cases[i].record, false);
		assert_text(line_end(), cases[i].line);
	}
	/* The answer to an INIT: a handle, two states, a window, a token. */
	scene_record(ACCEPTED "00000000 00000004 68616e64 000d0000 00000005 00000080 00000000",
		     true);
	scene_answers(100003, 3, 0);
	scene.message.security = (struct security){
		.flavor = 6, .version = 1, .gss_proc = GSS_INIT, .known = true, .gss = true};
	assert_text(line_end(), "nfs v3 NULL GSS INIT context 2762428f ** GSS_S_FAILURE ** "
				"gss_minor 5 window 128 (call in 1, 3.951 ms)\n");
}

/* The question for TLS and its answers (RFC 9289 section 4.1). */
static void
test_tls_probe(void **state)
{
	(void)state;
	scene_record(NFS3("00000000") "00000007 00000000 00000000 00000000", false);
	assert_text(line_end(), "nfs v3 NULL AUTH_TLS probe\n");
	scene_record(ACCEPTED "00000000", true);
	scene_answers(100003, 3, 0);
	scene.message.security = (struct security){.flavor = FLAVOR_TLS, .known = true};
	assert_text(line_end(), "nfs v3 NULL ** no STARTTLS: TLS is not offered ** "
				"(call in 1, 3.951 ms)\n");
	scene_record("34a2a6a5 00000001 00000000 00000000 00000008 53544152 54544c53 00000000",
		     true);
	scene_answers(100003, 3, 0);
	scene.message.security = (struct security){.flavor = FLAVOR_TLS, .known = true};
	assert_text(line_end(), "nfs v3 NULL STARTTLS (call in 1, 3.951 ms)\n");
	scene_record(DENIED "00000001 00000001", true);
	scene_answers(100003, 3, 0);
	scene.message.security = (struct security){.flavor = FLAVOR_TLS, .known = true};
	assert_text(line_end(), "nfs v3 NULL ** AUTH_ERROR AUTH_BADCRED ** "
				"(call in 1, 3.951 ms)\n");
}

/* What is cut out of a long line leaves the stars of a failure in pairs, and the colour off. */
static void
test_long_failure(void **state)
{
	char reason[LIMIT_LINE_COLUMNS];
	(void)state;
	for (size_t length = 1; length < sizeof reason; length++) {
		memset(reason, 'r', length);
		reason[length - 1] = '\0';
		scene_record(ACCEPTED "00000002 00000002 00000003", true);
		scene_answers(100000, 2, 3);
		message_anomaly(&scene.message, reason, 0);
		const char *printed = line();
		unsigned stars = 0;
		for (const char *at = printed; (at = strstr(at, "**")) != NULL; at += 2)
			stars++;
		assert_int_equal(stars, 2);
		assert_true(strlen(printed) <= LIMIT_LINE_COLUMNS);
		scene.output.color = true;
		printed = line();
		const char *red = strstr(printed, "\033[1;31m");
		assert_non_null(red);
		assert_non_null(strstr(red, "\033[0m"));
		scene.output.color = false;
	}
}

static void
test_colour_only_where_it_is_wanted(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000001", true);
	scene_answers(100000, 2, 3);
	scene.output.color = true;
	assert_text(line_end(), "portmapper v2 GETPORT \033[1;31m** PROG_UNAVAIL **\033[0m "
				"(call in 1, 3.951 ms)\n");
	scene.output.color = false;
	assert_null(strchr(line(), '\033'));
}

static void
test_unknown_state_and_cut_reply(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000009", true);
	assert_non_null(strstr(line(), "** no such reply state ** (call not seen) "
				       "[malformed: no such accept_stat]"));
	scene_message(64, 20, 28);
	assert_text(line_end(), "(call not seen) [cut: 20 of 28 octets captured]\n");
}

static void
test_relations(void **state)
{
	(void)state;
	scene_frame(14, CALL_TIME, CALL_FRAME);
	scene.message.repeat_of = 12;
	scene.message.copy_of = 13;
	assert_text(line_end(), "portmapper v2 GETPORT mountd v3 udp "
				"(repeat of 12, captured before in 13)\n");
}

static void
test_cut_call(void **state)
{
	(void)state;
	scene_frame(1, CALL_TIME, CALL_FRAME);
	scene_message(42, 44, 56);
	assert_text(line_end(), "portmapper v2 GETPORT mountd "
				"[cut: 44 of 56 octets captured]\n");
}

static void
test_malformed(void **state)
{
	(void)state;
	scene_record("34a2a6a5 00000007 00000000", true);
	assert_text(line(), "    2 20:33:07.658021 udp 192.168.56.65.111 > 192.168.56.252.678: "
			    "** no RPC message ** 12 octets "
			    "[malformed: message type is neither CALL (0) nor REPLY (1)]\n");
}

#define CALL(procedure)                                                                        \
	"34a2a6a5 00000000 00000002 20000099 00000001 " procedure                              \
	" 00000000 00000000 00000000 00000000 "

static void
test_any_program(void **state)
{
	(void)state;
	scene_record(CALL("00000000"), false);
	assert_text(line_end(), "TEST v1 NULL\n");
	scene_record(CALL("00000001") "00000005 61221b5c 7a000000", false);
	assert_text(line_end(), "TEST v1 PAINT \"a\\\"\\x1b\\\\z\"\n");
	scene_record(CALL("00000003") "00000005 00000001 00000003 01020300", false);
	assert_text(line_end(), "TEST v1 SUM BLUE arg2 TRUE arg3 3 octets\n");
	scene_record(CALL("00000002") "00000001 00000002 ffffffff 00000004 00000005 00000006"
				      "00000007 00000008 00000009",
		     false);
	assert_text(line_end(), "TEST v1 WEIGH a 1 b 2 c -1 d 4 e 5 f 6 g 7 h 8 ...\n");
	scene_record(CALL("00000009") "00000001", false);
	assert_text(line_end(), "TEST v1 procedure 9, 4 octets\n");
}

static void
test_results(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000000 00000000 00000002 00000001 00000006", true);
	scene_answers(0x20000099, 1, 1);
	assert_text(line_end(), "TEST v1 PAINT RED flavors 1,6 (call in 1, 3.951 ms)\n");
	scene_record(ACCEPTED "00000000 00000005", true);
	scene_answers(0x20000099, 1, 1);
	assert_text(line_end(), "TEST v1 PAINT BLUE (call in 1, 3.951 ms)\n"); /* a kind */
	scene_record(ACCEPTED "00000000 00000001 00000007 00000001 00000008 00000000", true);
	scene_answers(0x20000099, 1, 2);
	assert_text(line_end(), "TEST v1 WEIGH 2 entries (call in 1, 3.951 ms)\n");
	scene_record(ACCEPTED "00000000 ffffffff fffffffe", true);
	scene_answers(0x20000099, 1, 3);
	assert_text(line_end(), "TEST v1 SUM -2 (call in 1, 3.951 ms)\n");
}

static void
test_quoted_by_an_icmp_error(void **state)
{
	struct icmp_error error = {.version = 4, .type = 3, .code = 3};
	(void)state;
	scene_frame(8, CALL_TIME, CALL_FRAME);
	address_parse(&error.reporter, "192.168.56.1");
	scene.message.quote = &error;
	scene.message.copy_of = 7;
	const char *at = strstr(line(), ": ** ");
	assert_non_null(at);
	assert_text(at, ": ** port unreachable, says 192.168.56.1 ** "
			"quoted call  0x34a2a6a5 portmapper v2 GETPORT mountd v3 udp "
			"(sent in 7)\n");
}

static void
test_dump_is_counted(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000000"
			      "00000001 000186a5 00000001 00000011 0000102f"
			      "00000001 000186a5 00000003 00000011 0000102f 00000000",
		     true);
	scene_answers(100000, 2, 4);
	assert_text(line_end(), "portmapper v2 DUMP 2 entries (call in 1, 3.951 ms)\n");
}

static void
test_callit(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000000 0000102f 00000000", true);
	scene_answers(100000, 2, 5);
	scene.message.has_inner = true;
	scene.message.inner_program = 100005;
	scene.message.inner_version = 3;
	scene.message.inner_procedure = 77;
	assert_non_null(strstr(line(), "portmapper v2 CALLIT mountd v3 procedure 77 "
				       "port 4143"));
}

/* Any octets at all make one line without control octets, below the limit. */
static void
test_always_one_line(void **state)
{
	uint64_t seed = 20260727;
	(void)state;
	for (int round = 0; round < 4000; round++) {
		scene_record(round & 1 ? CALL("00000001") : CALL("00000002"), false);
		uint32_t size = (uint32_t)round % 300;
		for (uint32_t i = 0; i < size; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			scene.octets[64 + 40 + i] = (uint8_t)(seed >> 56);
		}
		/* A believable length of the string, so that it is read. */
		memset(scene.octets + 64 + 40, 0, 3);
		scene_message(64, 40 + size, 40 + size + (uint32_t)round % 3);
		const char *text = line();
		size_t length = strlen(text);
		assert_true(length <= LIMIT_LINE_COLUMNS);
		assert_int_equal(text[length - 1], '\n');
		for (size_t i = 0; i + 1 < length; i++) {
			if ((uint8_t)text[i] < ' ' || text[i] == 0x7f)
				fail_msg("round %d: %s", round, text);
		}
	}
}

static void
test_long_string_gives_way_to_the_tail(void **state)
{
	char hex[1000] = CALL("00000001") "00000096";
	(void)state;
	for (int i = 0; i < 152; i++)
		strcat(hex, i < 150 ? "61" : "00");
	scene_record(hex, false);
	scene.message.repeat_of = 12;
	assert_non_null(strstr(line(), "PAINT \"aaaaaaaa"));
	assert_non_null(strstr(line(), "aaa...\" (repeat of 12)\n"));
	/* With padding that is wrong the tail is longer than the line has room for. */
	scene.octets[64 + 44 + 151] = 1;
	assert_non_null(strstr(line(), "aaa...\" (repeat of 12) "
				       "[malformed: padding is not zero]\n"));
	assert_int_equal(strlen(line()), LIMIT_LINE_COLUMNS);
}

static void
test_summary(void **state)
{
	(void)state;
	struct counts counts = {.frames = 107, .messages = 48, .calls = 24, .replies = 24};
	text_reset(&scene.text);
	output_line.summary(&scene.output, &counts);
	assert_text(text_string(&scene.text),
		    "107 frames, 48 messages: 24 calls, 24 replies\n");
	counts = (struct counts){.frames = 1,
				 .messages = 1,
				 .calls = 1,
				 .unanswered = 1,
				 .repeats = 2,
				 .gaps = 1,
				 .lost_octets = 1448,
				 .malformed = 3,
				 .evicted = {.calls = 12}};
	text_reset(&scene.text);
	output_line.summary(&scene.output, &counts);
	assert_text(text_string(&scene.text),
		    "1 frame, 1 message: 1 call, 0 replies; 1 never answered, 2 repeats, "
		    "3 malformed, 12 calls evicted, 1 gap of 1448 octets\n");
	counts = (struct counts){.frames = 151, .not_ip = 147, .other_ip = 4};
	text_reset(&scene.text);
	output_line.summary(&scene.output, &counts);
	assert_text(text_string(&scene.text),
		    "151 frames, 0 messages: 0 calls, 0 replies; 147 not IP, "
		    "4 of other IP protocols\n");
	/* Much that is wrong takes more than one line. */
	memset(&counts, 1, sizeof counts);
	text_reset(&scene.text);
	output_line.summary(&scene.output, &counts);
	const char *said = text_string(&scene.text);
	assert_non_null(strstr(said, ",\n    "));
	for (const char *end; (end = strchr(said, '\n')) != NULL; said = end + 1)
		assert_true(end - said < LIMIT_LINE_COLUMNS);
	/* Beside messages only what is most of the capture. */
	counts = (struct counts){.frames = 9,
				 .messages = 1,
				 .calls = 1,
				 .not_ip = 4,
				 .other_ip = 5,
				 .skipped = 1,
				 .tls = {1, 2},
				 .evicted = {.records = 1}};
	text_reset(&scene.text);
	output_line.summary(&scene.output, &counts);
	assert_text(text_string(&scene.text),
		    "9 frames, 1 message: 1 call, 0 replies; 1 connection went over to TLS, "
		    "2 records of TLS, 5 of other IP protocols, 1 octet between records "
		    "skipped, 1 record handed on before it was whole\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worked_example),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_security),
		cmocka_unit_test(test_tls_probe),
		cmocka_unit_test(test_long_failure),
		cmocka_unit_test(test_colour_only_where_it_is_wanted),
		cmocka_unit_test(test_unknown_state_and_cut_reply),
		cmocka_unit_test(test_relations),
		cmocka_unit_test(test_cut_call),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_any_program),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_quoted_by_an_icmp_error),
		cmocka_unit_test(test_dump_is_counted),
		cmocka_unit_test(test_callit),
		cmocka_unit_test(test_always_one_line),
		cmocka_unit_test(test_long_string_gives_way_to_the_tail),
		cmocka_unit_test(test_summary),
	};
	specification = extra;
	return cmocka_run_group_tests(tests, scene_begin, scene_end);
}
