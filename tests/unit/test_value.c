/*
 * test_value: what each meaning looks like in each of the four ways, and universal
 * addresses good and bad.
 */
#include "out_support.h"

typedef void way(struct text *out, const struct value_context *context,
		 const struct field *field);

/* The field of that name in the message's body, in that way. */
static const char *
say(way *print, const char *name)
{
	struct tape *tape = &scene.output.tape;
	decode_message(&scene.decoder, &scene.message, DECODE_HEADER | DECODE_BODY, tape);
	struct value_context context = {scene.names, tape, &scene.message};
	size_t body = decode_body(tape);
	assert_int_not_equal(body, SIZE_MAX);
	size_t index = tape_find(tape, body, name);
	assert_int_not_equal(index, SIZE_MAX);
	text_reset(&scene.text);
	print(&scene.text, &context, &tape->fields[index]);
	return text_string(&scene.text);
}

/* The last field of that name, and the leaf at that place of the record. */
static const char *
say_last(way *print, const char *name)
{
	struct tape *tape = &scene.output.tape;
	decode_message(&scene.decoder, &scene.message, DECODE_HEADER | DECODE_BODY, tape);
	struct value_context context = {scene.names, tape, &scene.message};
	size_t index = tape->count;
	do
		assert_int_not_equal(index, 0);
	while (strcmp(spec_name(tape->spec, tape->fields[--index].name), name) != 0);
	text_reset(&scene.text);
	print(&scene.text, &context, &tape->fields[index]);
	return text_string(&scene.text);
}

static const char *
say_at(way *print, uint32_t offset)
{
	struct tape *tape = &scene.output.tape;
	decode_message(&scene.decoder, &scene.message, DECODE_HEADER | DECODE_BODY, tape);
	struct value_context context = {scene.names, tape, &scene.message};
	size_t index = 0;
	while (!field_is_leaf(&tape->fields[index]) || tape->fields[index].offset != offset)
		assert_int_not_equal(++index, tape->count);
	text_reset(&scene.text);
	print(&scene.text, &context, &tape->fields[index]);
	return text_string(&scene.text);
}

struct saying {
	const char *name, *text, *line, *explain, *json;
};

static void
check(const struct saying *sayings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_text(say(value_text, sayings[i].name), sayings[i].text);
		assert_text(say(value_line, sayings[i].name), sayings[i].line);
		assert_text(say(value_explain, sayings[i].name), sayings[i].explain);
		assert_text(say(value_json, sayings[i].name), sayings[i].json);
	}
}

#define CHECK(sayings) check(sayings, sizeof sayings / sizeof sayings[0])

#define CALL(version, procedure)                                                               \
	"34a2a6a5 00000000 00000002 000186a0 " version procedure                               \
	" 00000000 00000000 00000000 00000000 "
#define SUCCESS "34a2a6a5 00000001 00000000 00000000 00000000 00000000 "

static void
test_mapping(void **state)
{
	static const struct saying asked[] = {
		{"prog", "100005 (mountd)", "mountd", "program 100005 = mountd", "100005"},
		{"vers", "3", "v3", "program version 3 asked for", "3"},
		{"prot", "17 (UDP)", "udp", "protocol 17 = UDP", "17"},
		{"port", "4143", "", "port 4143: not used in a request", "4143"},
	};
	static const struct saying set[] = {
		{"prog", "100099", "program 100099", "program 100099", "100099"},
		{"vers", "3", "v3", "program version 3", "3"},
		{"prot", "99", "protocol 99", "protocol 99", "99"},
		{"port", "4143", "port 4143", "port 4143", "4143"},
	};
	(void)state;
	scene_record(CALL("00000002", "00000003") "000186a5 00000003 00000011 0000102f", false);
	CHECK(asked);
	scene_record(CALL("00000002", "00000001") "00018703 00000003 00000063 0000102f", false);
	CHECK(set);
}

static void
test_port_in_a_reply(void **state)
{
	static const struct {
		const char *record;
		struct saying saying;
	} cases[] = {
		{SUCCESS "0000102f",
		 {"port", "4143", "port 4143", "port 4143: where to reach the service",
		  "4143"}},
		{SUCCESS "00000000",
		 {"port", "0", "** not registered (port 0) **", "port 0: not registered", "0"}},
		{SUCCESS "00010000",
		 {"port", "65536", "** port 65536: there is no such port **",
		  "port 65536: there is no such port", "65536"}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		scene_record(cases[i].record, true);
		scene_answers(100000, 2, 3);
		check(&cases[i].saying, 1);
	}
}

static void
test_rpcb(void **state)
{
	static const struct saying asked[] = {
		{"r_prog", "100005 (mountd)", "mountd", "program 100005 = mountd", "100005"},
		{"r_vers", "3", "v3", "program version 3 asked for", "3"},
		{"r_netid", "\"tcp\"", "tcp", "netid \"tcp\"", "\"tcp\""},
		{"r_addr", "\"\"", "", "\"\": no address given", "\"\""},
		{"r_owner", "\"root\"", "owner \"root\"", "owner \"root\"", "\"root\""},
	};
	(void)state;
	scene_record(CALL("00000004", "00000003") "000186a5 00000003 00000003 74637000 "
						  "00000000 00000004 726f6f74",
		     false);
	CHECK(asked);
}

static void
reply_address(const char *address)
{
	char hex[2400] = SUCCESS;
	size_t length = strlen(address), at = strlen(hex);
	at += (size_t)sprintf(hex + at, "%08zx ", length);
	for (size_t i = 0; i < (length + 3) / 4 * 4; i++)
		at += (size_t)sprintf(hex + at, "%02x",
				      i < length ? (unsigned)(uint8_t)address[i] : 0U);
	scene_record(hex, true);
	scene_answers(100000, 4, 3);
}

static void
test_universal_addresses(void **state)
{
	static const struct {
		const char *address, *line, *explained;
	} cases[] = {
		{"192.168.56.10.78.80", "192.168.56.10 port 20048",
		 ": address 192.168.56.10 port 20048"},
		{"0.0.0.0.0.111", "0.0.0.0 port 111", ": address 0.0.0.0 port 111"},
		{"fe80::1.78.80", "fe80::1 port 20048", ": address fe80::1 port 20048"},
		{"fe80::1%eth0.78.80", "fe80::1 port 20048", ": address fe80::1 port 20048"},
		{"::.0.111", ":: port 111", ": address :: port 111"},
		{"/run/rpcbind.sock", "\"/run/rpcbind.sock\"", ": a local socket"},
		{"", "** not registered (empty address) **", ": not registered"},
		{"192.168.56.10.78", "** \"192.168.56.10.78\" is not a universal address **",
		 ": not a universal address"},
		{"192.168.56.10.78.256",
		 "** \"192.168.56.10.78.256\" is not a universal address **",
		 ": not a universal address"},
		{"192.168.56.10.78.080",
		 "** \"192.168.56.10.78.080\" is not a universal address **",
		 ": not a universal address"},
		{"192.168.56.10..80", "** \"192.168.56.10..80\" is not a universal address **",
		 ": not a universal address"},
		{".1.2", "** \".1.2\" is not a universal address **",
		 ": not a universal address"},
		{"1.2", "** \"1.2\" is not a universal address **",
		 ": not a universal address"},
		{"99999999999999999999.1",
		 "** \"99999999999999999999.1\" is not a universal address **",
		 ": not a universal address"},
		{"a\033[31m.1.2", "** \"a\\x1b[31m.1.2\" is not a universal address **",
		 ": not a universal address"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		reply_address(cases[i].address);
		assert_text(say(value_line, "r_addr"), cases[i].line);
		const char *explained = say(value_explain, "r_addr");
		size_t tail = strlen(cases[i].explained);
		assert_true(strlen(explained) > tail);
		assert_text(explained + strlen(explained) - tail, cases[i].explained);
	}
}

static void
test_long_address_is_cut_in_dumps_only(void **state)
{
	char address[1025] = "";
	(void)state;
	memset(address, 'a', 1024);
	reply_address(address);
	assert_int_equal(strlen(say(value_json, "r_addr")), 1026);
	assert_int_equal(strspn(say(value_text, "r_addr") + 1, "a"), 1024);
	assert_non_null(strstr(say(value_explain, "r_addr"), "aaa...\""));
	assert_int_equal(strspn(say(value_explain, "r_addr") + 1, "a"), 96);
}

/* Cut inside a character of two octets: the whole character goes. */
static void
test_quoted_keeps_utf8_whole(void **state)
{
	char address[202] = "a";
	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(address, "\303\251");
	reply_address(address);
	assert_null(strstr(say(value_explain, "r_addr"), "\\x"));
	assert_non_null(strstr(say(value_explain, "r_addr"), "\303\251...\""));
}

static void
test_call_inside(void **state)
{
	static const struct saying sayings[] = {
		{"proc", "4 (DUMP)", "DUMP", "procedure 4 = DUMP of the call inside", "4"},
	};
	(void)state;
	scene_record(CALL("00000002", "00000005") "000186a0 00000002 00000004 00000000", false);
	CHECK(sayings);
	scene_record(CALL("00000002", "00000005") "00018703 00000002 00000004 00000000", false);
	assert_text(say(value_line, "proc"), "procedure 4");
	assert_text(say(value_explain, "proc"), "procedure 4 of the call inside");
	/* What it is called with has its own program and version: they are not beside it. */
	scene_record(CALL("00000002", "00000005") "000186a0 00000002 00000003 00000010"
						  "000186a5 00000003 00000011 00000000",
		     false);
	assert_text(say(value_explain, "length"), "length 16 of args");
	assert_text(say(value_explain, "port"), "port 0: not used in a request");
	assert_text(say_last(value_explain, "vers"), "program version 3");
	scene_record(SUCCESS "0000006f 00000004 00004e50", true);
	scene_answers(100000, 2, 5);
	scene.message.has_inner = true;
	scene.message.inner_program = 100000;
	scene.message.inner_version = 2;
	scene.message.inner_procedure = 3;
	assert_text(say(value_explain, "port"),
		    "port 111: where to reach the program called inside");
	assert_text(say_last(value_explain, "port"), "port 20048: where to reach the service");
}

/* Statistics of rpcbind: three times thirteen numbers without names, and lists between them. */
static void
test_statistics(void **state)
{
	static const char lists[] = "00000002 00000001 00000000 00000000";
	static const char counts[] = "00000000 00000001 00000002 00000003 00000004 00000005 "
				     "00000006 00000007 00000008 00000009 0000000a 0000000b "
				     "0000000c";
	static const char *const expected[] = {
		"number of calls 0: of version 2 NULL",
		"number of calls 3: of version 2 GETPORT",
		"number of calls 12: of version 2 procedure 12",
		"number of calls 3: of version 3 GETADDR",
		"number of calls 0: of version 4 NULL",
		"number of calls 12: of version 4 GETSTAT",
	};
	static const struct {
		unsigned version, procedure;
	} places[] = {{0, 0}, {0, 3}, {0, 12}, {1, 3}, {2, 0}, {2, 12}};
	char record[1000];
	(void)state;
	snprintf(record, sizeof record, "%s%s%s%s%s%s%s", SUCCESS, counts, lists, counts, lists,
		 counts, lists);
	scene_record(record, true);
	scene_answers(100000, 4, 12);
	assert_text(say(value_explain, "setinfo"), "SET that succeeded: 2");
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		uint32_t offset = 24 + (places[i].version * (13 + 4) + places[i].procedure) * 4;
		assert_text(say_at(value_explain, offset), expected[i]);
	}
}

/* What a length word says, where it is not told by the value. */
static void
test_length_words(void **state)
{
	char record[1000] = CALL("00000003", "00000003") "000186a5 00000003 000000c8";
	(void)state;
	for (int i = 0; i < 200; i++)
		strcat(record, "61");
	strcat(record, "00000000 00000000");
	scene_record(record, false);
	const char *said = say(value_explain, "r_netid");
	assert_text(said + strlen(said) - strlen("...\", length 200"), "...\", length 200");
	scene_record(CALL("00000003", "00000003") "000186a5 00000003 ffffffff 61626364", false);
	assert_text(say(value_explain, "r_netid"),
		    "netid \"abcd\", length 4294967295 (ffffffff)");
	scene_record(CALL("00000003", "00000003") "000186a5 00000003 00000003 61626300", false);
	assert_text(say(value_explain, "r_netid"), "netid \"abc\"");
}

static void
test_time(void **state)
{
	static const struct saying sayings[] = {
		{"time", "86400 (1970-01-02T00:00:00Z)", "1970-01-02T00:00:00Z",
		 "time 86400 = 1970-01-02T00:00:00Z", "86400"},
	};
	(void)state;
	scene_record(SUCCESS "00015180", true);
	scene_answers(100000, 3, 6);
	CHECK(sayings);
}

static void
test_list_words(void **state)
{
	(void)state;
	scene_record(SUCCESS "00000001 000186a5 00000001 00000011 0000102f 00000000", true);
	scene_answers(100000, 2, 4);
	assert_text(say(value_explain, "follows"), "1: an entry follows");
	assert_text(say(value_explain, "port"), "port 4143: where to reach the service");
	scene_record(SUCCESS "00000000", true);
	scene_answers(100000, 2, 4);
	assert_text(say(value_explain, "follows"), "0: the list ends");
}

static void
test_mismatch_words(void **state)
{
	static const char *const expected[] = {"program version 2: the lowest there is",
					       "program version 4: the highest there is"};
	static const char *const names[] = {"low", "high"};
	struct tape *tape = &scene.output.tape;
	(void)state;
	scene_record("34a2a6a5 00000001 00000000 00000000 00000000 00000002 00000002 00000004",
		     true);
	decode_message(&scene.decoder, &scene.message, DECODE_HEADER, tape);
	struct value_context context = {scene.names, tape, &scene.message};
	for (int i = 0; i < 2; i++) {
		size_t index = tape_find(tape, 0, names[i]);
		assert_int_not_equal(index, SIZE_MAX);
		text_reset(&scene.text);
		value_explain(&scene.text, &context, &tape->fields[index]);
		assert_text(text_string(&scene.text), expected[i]);
	}
}

/* Every row is found by its name, and by nothing else. */
static void
test_meanings(void **state)
{
	(void)state;
	assert_int_equal(value_meaning("nothing of the kind"), 0);
	assert_int_equal(value_meaning(""), 0);
	assert_int_not_equal(value_meaning("rpcport"), 0);
	assert_int_not_equal(value_meaning("rpcport"), value_meaning("rpcprog"));
	/* The type of a type with a meaning has it too. */
	uint16_t type = spec_find_type(scene.spec, "rpcport_t");
	assert_int_not_equal(type, TYPE_VOID);
	assert_int_equal(spec_meaning(scene.spec, type), value_meaning("rpcport"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_port_in_a_reply),
		cmocka_unit_test(test_rpcb),
		cmocka_unit_test(test_universal_addresses),
		cmocka_unit_test(test_long_address_is_cut_in_dumps_only),
		cmocka_unit_test(test_quoted_keeps_utf8_whole),
		cmocka_unit_test(test_call_inside),
		cmocka_unit_test(test_statistics),
		cmocka_unit_test(test_length_words),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_list_words),
		cmocka_unit_test(test_mismatch_words),
		cmocka_unit_test(test_meanings),
	};
	return cmocka_run_group_tests(tests, scene_begin, scene_end);
}
