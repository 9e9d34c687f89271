/*
 * test_json: the objects of --json, word for word, and that they are JSON whatever the
 * octets are.
 */
#include "out_support.h"

static const char extra[] =
	"typedef opaque octets<>;"
	"enum color { RED = 0, BLUE = 5 };"
	"struct node { unsigned int weight; struct node *next; };"
	"typedef struct node *nodes;"
	"struct inner { color hue; int same; };"
	"struct all { int i; unsigned int u; hyper h; unsigned hyper v; bool yes; "
	"color c;"
	"  opaque fixed[3]; octets bytes; string s<>; int numbers<>; inner *perhaps;"
	"  float f; double d; };"
	"union answer switch (color hue) {"
	"  case RED: inner arm; case BLUE: int number; default: void; };"
	"program TEST { version ONE {"
	"  all TESTPROC_ALL(all) = 1;"
	"  answer TESTPROC_UNION(int, string) = 2;"
	"  nodes TESTPROC_LIST(void) = 3;"
	"} = 1; } = 0x20000099;";

static const char *
json(void)
{
	return scene_print(&output_json);
}

/* From that member on, without the closing brace and newline of the object. */
static const char *
json_from(const char *member)
{
	static char copy[4096];
	const char *at = strstr(json(), member);
	assert_non_null(at);
	assert_true(strlen(at) < sizeof copy);
	strcpy(copy, at);
	copy[strlen(copy) - 2] = '\0';
	return copy;
}

static void
test_worked_example(void **state)
{
	(void)state;
	scene_frame(1, CALL_TIME, CALL_FRAME);
	assert_text(
		json(),
		"{\"type\":\"message\",\"kind\":\"call\",\"frame\":1,\"frames\":[1],"
		"\"time\":\"1970-01-01T20:33:07.654070784Z\",\"transport\":\"udp\","
		"\"src\":{\"addr\":\"192.168.56.252\",\"port\":678},"
		"\"dst\":{\"addr\":\"192.168.56.65\",\"port\":111},\"session\":1,"
		"\"xid\":883074725,\"program\":100000,\"program_name\":\"portmapper\","
		"\"version\":2,\"procedure\":3,\"procedure_name\":\"GETPORT\",\"length\":56,"
		"\"auth\":{\"flavor\":\"AUTH_NONE\"},"
		"\"body\":{\"prog\":100005,\"vers\":3,\"prot\":17,\"port\":0}}\n");
	scene_frame(2, REPLY_TIME, REPLY_FRAME);
	scene_answers(100000, 2, 3);
	assert_text(
		json(),
		"{\"type\":\"message\",\"kind\":\"reply\",\"frame\":2,\"frames\":[2],"
		"\"time\":\"1970-01-01T20:33:07.658021888Z\",\"transport\":\"udp\","
		"\"src\":{\"addr\":\"192.168.56.65\",\"port\":111},"
		"\"dst\":{\"addr\":\"192.168.56.252\",\"port\":678},\"session\":1,"
		"\"xid\":883074725,\"program\":100000,\"program_name\":\"portmapper\","
		"\"version\":2,\"procedure\":3,\"procedure_name\":\"GETPORT\",\"length\":28,"
		"\"call_frame\":1,\"elapsed_ns\":3951104,\"status\":\"success\","
		"\"body\":{\"port\":4143}}\n");
}

#define ACCEPTED "34a2a6a5 00000001 00000000 00000000 00000000 "
#define DENIED   "34a2a6a5 00000001 00000001 "
#define CALL(procedure)                                                                        \
	"34a2a6a5 00000000 00000002 20000099 00000001 " procedure                              \
	" 00000000 00000000 00000000 00000000 "

static void
test_every_kind_of_value(void **state)
{
	(void)state;
	scene_record(CALL("00000001") "fffffffe fffffffe ffffffff fffffffe ffffffff fffffffe "
				      "00000001 00000005 01020300 00000002 beef0000 "
				      "00000006 61225c0a ff620000 00000002 00000001 ffffffff "
				      "00000001 00000000 00000007 3fc00000 7ff00000 00000000",
		     false);
	assert_text(json_from("\"body\""),
		    "\"body\":{\"i\":-2,\"u\":4294967294,\"h\":\"-2\","
		    "\"v\":\"18446744073709551614\",\"yes\":true,\"c\":\"BLUE\","
		    "\"fixed\":\"010203\",\"bytes\":\"beef\","
		    "\"s\":\"a\\\"\\\\\\\\\\\\x0a\\\\xffb\",\"numbers\":[1,-1],"
		    "\"perhaps\":{\"hue\":\"RED\",\"same\":7},\"f\":1.5,\"d\":\"inf\"}");
}

static void
test_null_optional_and_unknown_enum(void **state)
{
	(void)state;
	scene_record(CALL("00000001") "00000000 00000000 00000000 00000000 00000000 00000000 "
				      "00000000 00000009 01020300 00000000 "
				      "00000000 00000000 "
				      "00000000 00000000 00000000 00000000",
		     false);
	const char *body = json_from("\"body\"");
	assert_non_null(strstr(body, "\"yes\":false,\"c\":9,"));
	assert_non_null(strstr(body, "\"bytes\":\"\",\"s\":\"\",\"numbers\":[],"
				     "\"perhaps\":null,\"f\":0,\"d\":0}"));
}

static void
test_union_has_its_arm_inline(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000000 00000000 00000005 00000007", true);
	scene_answers(0x20000099, 1, 2);
	/* The arm has a member named as the discriminant: it is an object of its own. */
	assert_text(json_from("\"status\""),
		    "\"status\":\"success\"," /* a color is no status */
		    "\"body\":{\"hue\":\"RED\",\"arm\":{\"hue\":\"BLUE\",\"same\":7}}");
	scene_record(ACCEPTED "00000000 00000005 00000009", true);
	scene_answers(0x20000099, 1, 2);
	assert_text(json_from("\"body\""), "\"body\":{\"hue\":\"BLUE\",\"number\":9}");
	scene_record(CALL("00000002") "00000005 00000001 61000000", false);
	assert_text(json_from("\"body\""), "\"body\":{\"arg1\":5,\"arg2\":\"a\"}");
}

static void
test_list_and_rest(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000000 00000001 00000007 00000001 00000008 00000000 0badf00d",
		     true);
	scene_answers(0x20000099, 1, 3);
	assert_text(
		json_from("\"body\""),
		"\"body\":{\"result\":[{\"weight\":7},{\"weight\":8}],\"rest\":\"0badf00d\"},"
		"\"anomalies\":[\"octets left over after the results at octet 44\"]");
	scene_record(CALL("00000063") "0badf00d", false);
	assert_text(json_from("\"body\""), "\"body\":{\"rest\":\"0badf00d\"}");
}

static void
test_failures(void **state)
{
	(void)state;
	scene_record(ACCEPTED "00000002 00000002 00000003", true);
	scene_answers(100000, 2, 3);
	assert_text(json_from("\"status\""),
		    "\"status\":\"prog_mismatch\",\"low\":2,\"high\":3");
	scene_record(DENIED "00000001 00000001", true);
	assert_text(json_from("\"length\""),
		    "\"length\":20,\"status\":\"auth_error\",\"auth_stat\":\"AUTH_BADCRED\"");
	assert_null(strstr(json(), "\"program\""));
	scene_record(DENIED "00000001 00000063", true);
	assert_non_null(strstr(json(), "\"auth_stat\":99}"));
}

static void
test_credentials(void **state)
{
	(void)state;
	scene_record("34a2a6a5 00000000 00000002 000186a0 00000002 00000000 00000001 00000020 "
		     "00000001 00000003 61626300 00000000 00000005 00000002 00000006 00000007"
		     "00000000 00000000",
		     false);
	assert_text(json_from("\"auth\""),
		    "\"auth\":{\"flavor\":\"AUTH_SYS\",\"stamp\":1,\"machinename\":\"abc\","
		    "\"uid\":0,\"gid\":5,\"gids\":[6,7]},\"body\":{}");
	/* AUTH_TLS asks with an empty credential, STARTTLS is the answer (RFC 9289). */
	scene_record("34a2a6a5 00000001 00000000 00000000 00000008 53544152 54544c53 00000000",
		     true);
	assert_non_null(strstr(json(), ",\"verf\":{\"flavor\":\"AUTH_NONE\",\"length\":8,"
				       "\"octets\":\"5354415254544c53\"}"));
	scene_record("34a2a6a5 00000000 00000002 000186a0 00000002 00000000 0000002a 00000002 "
		     "beef0000 00000000 00000000",
		     false);
	assert_non_null(strstr(json(), "\"auth\":{\"flavor\":42,\"length\":2,"
				       "\"octets\":\"beef\"}"));
}

static void
test_inner_call(void **state)
{
	(void)state;
	scene_frame(2, REPLY_TIME, REPLY_FRAME);
	scene.message.has_inner = true;
	scene.message.inner_program = 100000;
	scene.message.inner_version = 2;
	scene.message.inner_procedure = 4;
	assert_non_null(strstr(json(), ",\"inner\":{\"program\":100000,"
				       "\"program_name\":\"portmapper\",\"version\":2,"
				       "\"procedure\":4,\"procedure_name\":\"DUMP\"}"));
}

static void
test_frames_and_relations(void **state)
{
	static const struct extent extents[] = {
		{.frame = 9, .offset = 0, .length = 8},
		{.frame = 7, .offset = 8, .length = 8},
		{.frame = 9, .offset = 16, .length = 4},
	};
	(void)state;
	scene_frame(9, REPLY_TIME, REPLY_FRAME);
	scene.record.extents = extents;
	scene.record.extent_count = 3;
	scene.message.repeat_of = 3;
	scene.message.copy_of = 4;
	assert_non_null(strstr(json(), "\"frame\":9,\"frames\":[7,9],"));
	assert_non_null(strstr(json(), "\"repeat_of\":3,\"copy_of\":4"));
}

static void
test_quoted_by_an_icmp_error(void **state)
{
	struct icmp_error error = {.version = 4, .type = 3, .code = 3};
	(void)state;
	scene_frame(8, CALL_TIME, CALL_FRAME);
	address_parse(&error.reporter, "192.168.56.65");
	scene.message.quote = &error;
	assert_non_null(strstr(json(), ",\"quoted_by\":{\"addr\":\"192.168.56.65\","
				       "\"icmp_type\":3,\"icmp_code\":3,"
				       "\"reason\":\"port unreachable\"},\"xid\":"));
}

static void
test_malformed_and_cut(void **state)
{
	(void)state;
	scene_record("34a2a6a5 00000007 00000000", true);
	assert_text(json(),
		    "{\"type\":\"malformed\",\"frame\":2,\"frames\":[2],"
		    "\"time\":\"1970-01-01T20:33:07.658021888Z\",\"transport\":\"udp\","
		    "\"src\":{\"addr\":\"192.168.56.65\",\"port\":111},"
		    "\"dst\":{\"addr\":\"192.168.56.252\",\"port\":678},\"session\":1,"
		    "\"length\":12,\"anomalies\":[\"message type is neither CALL (0) nor REPLY "
		    "(1) at octet 4\"]}\n");
	scene_frame(1, CALL_TIME, CALL_FRAME);
	scene_message(42, 44, 56);
	assert_text(json_from("\"body\""), "\"body\":{\"prog\":100005},"
					   "\"anomalies\":[\"cut: 44 of 56 octets captured\"]");
}

/* -- a reader of JSON, strict enough to find a missing comma or a raw control octet -- */

static const char *check_value(const char *at);

static const char *
check_string(const char *at)
{
	assert_int_equal(*at, '"');
	for (at++; *at != '"'; at++) {
		assert_true((uint8_t)*at >= ' ');
		if (*at == '\\') {
			at++;
			assert_non_null(strchr("\"\\", *at));
		}
	}
	return at + 1;
}

static const char *
check_sequence(const char *at, char last)
{
	at++;
	if (*at == last)
		return at + 1;
	for (;;) {
		if (last == '}') {
			at = check_string(at);
			assert_int_equal(*at, ':');
			at++;
		}
		at = check_value(at);
		if (*at == last)
			return at + 1;
		assert_int_equal(*at, ',');
		at++;
	}
}

static const char *
check_value(const char *at)
{
	static const char *const words[] = {"true", "false", "null"};
	if (*at == '"')
		return check_string(at);
	if (*at == '{' || *at == '[')
		return check_sequence(at, *at == '{' ? '}' : ']');
	for (size_t i = 0; i < 3; i++) {
		if (strncmp(at, words[i], strlen(words[i])) == 0)
			return at + strlen(words[i]);
	}
	size_t length = strspn(at, "-+.eE0123456789");
	assert_true(length > 0);
	return at + length;
}

/* With an AUTH_SYS credential of whatever follows. */
#define GETADDR_CALL "34a2a6a5 00000000 00000002 000186a0 00000004 00000003 00000001 00000040 "

static void
test_always_json(void **state)
{
	static const char *const starts[] = {CALL("00000001"), CALL("00000002"),
					     ACCEPTED "00000000 ", GETADDR_CALL};
	uint64_t seed = 20260728;
	(void)state;
	for (uint32_t round = 0; round < 8000; round++) {
		scene_record(starts[round % 4], round % 4 == 2);
		uint32_t head = scene.record.length, size = round / 4 % 200;
		for (uint32_t i = 0; i < size; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			/* Mostly small words, so that lengths are believable. */
			uint8_t octet = (uint8_t)(seed >> 56);
			scene.octets[64 + head + i] = i % 4 == 3         ? octet % 9
						      : (seed >> 40) % 9 ? 0
									 : octet;
		}
		scene_message(64, head + size, head + size + (round % 5 == 0));
		if (scene.message.kind == MESSAGE_REPLY)
			scene_answers(0x20000099, 1, 1 + round / 4 % 3);
		const char *text = json();
		assert_text(check_value(text), "\n");
	}
}

static void
test_summary(void **state)
{
	(void)state;
	struct counts counts = {.files = 1,
				.frames = 2,
				.octets = 168,
				.first = CALL_TIME,
				.last = REPLY_TIME,
				.messages = 3,
				.calls = 4,
				.replies = 5,
				.unanswered = 6,
				.unmatched_replies = 7,
				.repeats = 8,
				.copies = 9,
				.quoted = 20,
				.not_rpc = 10,
				.not_ip = 11,
				.cut = 12,
				.gaps = 13,
				.lost_octets = 14,
				.malformed = 15,
				.evicted = {.flows = 16,
					    .calls = 17,
					    .datagrams = 18,
					    .octets = 19,
					    .bindings = 21,
					    .questions = 29,
					    .callbacks = 28,
					    .sessions = 22,
					    .records = 23,
					    .namesakes = 30,
					    .direction = 31,
					    .answered = 32,
					    .answered_tcp = 33,
					    .parked = 34,
					    .fragments = 35,
					    .attempts = 36,
					    .hosts = 38,
					    .neighbours = 39,
					    .changes = 37,
					    .rows = 40,
					    .sources = 41,
					    .unfollowed = 42},
				.other_ip = 24,
				.tls = {.connections = 25, .records = 26},
				.skipped = 27};
	text_reset(&scene.text);
	output_json.summary(&scene.output, &counts);
	assert_text(text_string(&scene.text),
		    "{\"type\":\"summary\",\"files\":1,\"frames\":2,\"octets\":168,"
		    "\"first\":\"1970-01-01T20:33:07.654070784Z\","
		    "\"last\":\"1970-01-01T20:33:07.658021888Z\","
		    "\"time_steps\":{\"back\":0,\"forward\":0},\"messages\":3,\"calls\":4,"
		    "\"replies\":5,\"unanswered\":6,\"unmatched_replies\":7,\"repeats\":8,"
		    "\"copies\":9,\"quoted\":20,\"not_rpc\":10,\"not_ip\":11,\"other_ip\":24,"
		    "\"tls\":{\"connections\":25,\"records\":26},\"cut\":12,\"gaps\":13,"
		    "\"lost_octets\":14,\"skipped\":27,"
		    "\"evicted\":{\"flows\":16,\"calls\":17,\"datagrams\":18,"
		    "\"octets\":19,\"records\":23,\"bindings\":21,\"questions\":29,"
		    "\"callbacks\":28,\"sessions\":22,\"namesakes\":30,"
		    "\"direction\":31,\"answered\":32,\"answered_tcp\":33,"
		    "\"parked\":34,\"fragments\":35,\"attempts\":36,"
		    "\"hosts\":38,\"neighbours\":39,\"changes\":37,"
		    "\"rows\":40,\"sources\":41,\"unfollowed\":42},"
		    "\"malformed\":15}\n");
	counts = (struct counts){0};
	text_reset(&scene.text);
	output_json.summary(&scene.output, &counts);
	assert_non_null(strstr(text_string(&scene.text), "\"first\":null,\"last\":null,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worked_example),
		cmocka_unit_test(test_every_kind_of_value),
		cmocka_unit_test(test_null_optional_and_unknown_enum),
		cmocka_unit_test(test_union_has_its_arm_inline),
		cmocka_unit_test(test_list_and_rest),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_credentials),
		cmocka_unit_test(test_inner_call),
		cmocka_unit_test(test_frames_and_relations),
		cmocka_unit_test(test_quoted_by_an_icmp_error),
		cmocka_unit_test(test_malformed_and_cut),
		cmocka_unit_test(test_always_json),
		cmocka_unit_test(test_summary),
	};
	specification = extra;
	return cmocka_run_group_tests(tests, scene_begin, scene_end);
}
