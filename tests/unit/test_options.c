/* options: the command line as users write it, and what is said when it cannot be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/option_rows.h"
#include "command.h"
#include "options.h"

enum { MOST_WORDS = 12 };

/* Parses "rpcscope" and the words of a line set apart by blanks. */
static bool
parse(struct options *options, const char *line, struct error *error)
{
	static char copy[256];
	static char *argv[MOST_WORDS + 2];
	int argc = 0;
	argv[argc++] = (char[]){"rpcscope"};
	snprintf(copy, sizeof copy, "%s", line);
	char *rest = NULL;
	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	*error = (struct error){0};
	return options_parse(options, argc, argv, error);
}

static void
test_defaults(void **state)
{
	(void)state;
	struct options options;
	struct error error;
	assert_true(parse(&options, "a.pcap b.pcap", &error));
	assert_string_equal(options.command, "show");
	assert_ptr_equal(options.form, &output_line);
	assert_int_equal(options.time_form, TIME_OF_DAY);
	assert_int_equal(options.files.count, 2);
	assert_string_equal(options.files.at[1], "b.pcap");
	options_release(&options);
}

static void
test_everything(void **state)
{
	(void)state;
	struct options options;
	struct error error;
	assert_true(parse(&options,
			  "show -nqt r --xid 0x34A2a6a5 -c 5 --program=mountd --host ::1 "
			  "--errors -x",
			  &error) == false);
	assert_string_equal(error.text, "expected a capture file; see rpcscope --help");
	options_release(&options);
	assert_true(parse(&options,
			  "show a -nqt d --xid 0x34A2a6a5 -c 5 --program=mountd -r b -x",
			  &error));
	assert_ptr_equal(options.form, &output_hex);
	assert_int_equal(options.time_form, TIME_SINCE_LAST);
	assert_true(options.numeric && options.quiet && options.has_xid);
	assert_int_equal(options.xid, 0x34a2a6a5);
	assert_int_equal(options.count, 5);
	assert_string_equal(options.program, "mountd");
	assert_int_equal(options.files.count, 2);
	options_release(&options);
}

static void
test_file_named_like_a_command(void **state)
{
	(void)state;
	struct options options;
	struct error error;
	assert_true(parse(&options, "show show", &error));
	assert_int_equal(options.files.count, 1);
	assert_string_equal(options.files.at[0], "show");
	options_release(&options);
}

static void
test_mistakes(void **state)
{
	(void)state;
	static const struct {
		const char *line, *expected;
	} cases[] = {
		{"", "expected a capture file; see rpcscope --help"},
		{"-z a", "-z: no such option; see rpcscope --help"},
		{"mounst a.pcap", "mounst: no such command or file; see rpcscope --help"},
		{"--check a.x", "--check does not go with show"},
		{"mounts --states a", "--states does not go with mounts"},
		{"--xid 1 ports a", "--xid does not go with ports"},
		{"sessions -V a", "-V does not go with sessions"},
		{"specs -r a", "-r does not go with specs"},
		{"--colour a", "--colour: no such option; see rpcscope --help"},
		{"a -c", "-c: expected N after it"},
		{"a --xid", "--xid: expected X after it"},
		{"--json=1 a", "--json=1: takes no argument"},
		{"-c 0 a", "-c 0: expected a number of messages, 1 or more"},
		{"-c -1 a", "-c -1: expected a number of messages, 1 or more"},
		{"-c 99999999999999999999 a",
		 "-c 99999999999999999999: expected a number of messages, 1 or more"},
		{"-t x a", "-t x: expected a (time of day), r (since the first frame) or d "
			   "(since the message before)"},
		{"--xid 4294967296 a",
		 "--xid 4294967296: expected a 32-bit number, such as 883075749 or 0x34a2a6a5"},
		{"--xid 34a2 a",
		 "--xid 34a2: expected a 32-bit number, such as 883075749 or 0x34a2a6a5"},
		{"sessions --at noon a",
		 "--at noon: expected a time such as 2026-11-20T06:53:51.25Z, 06:53:51.25, "
		 "1795157631.25, or +2.5 since the first frame"},
		{"sessions --msl 0 a",
		 "--msl 0: expected seconds, more than 0 and at most 3600"},
		{"sessions --msl 3600.1 a",
		 "--msl 3600.1: expected seconds, more than 0 and at most 3600"},
		{"-V --json a", "-V, -x and --json exclude each other"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct options options;
		struct error error;
		assert_false(parse(&options, cases[i].line, &error));
		assert_string_equal(error.text, cases[i].expected);
		options_release(&options);
	}
}

/* Each option with each command: taken, or refused with both names, and never passed over. */
static void
test_options_of_commands(void **state)
{
	(void)state;
	static const char *const arguments[] = {['c'] = "1", ['t'] = "a", ['r'] = "a"};
	static const struct {
		const char *name, *argument;
	} named[] = {{"xid", "1"}, {"at", "+1"}, {"msl", "30"}, {"limit", "flows=1"}};
	for (unsigned command = 0; command < COMMANDS; command++) {
		for (size_t i = 0; i < OPTION_ROWS; i++) {
			const struct option_row *row = &option_rows[i];
			const char *argument = row->argument != NULL ? "nfs" : "";
			char line[128], expected[128], option[32];
			if (row->name == NULL)
				snprintf(option, sizeof option, "-%c", row->letter);
			else
				snprintf(option, sizeof option, "--%s", row->name);
			if (row->name == NULL && row->argument != NULL)
				argument = arguments[(unsigned char)row->letter];
			for (size_t k = 0; k < sizeof named / sizeof named[0]; k++)
				if (row->name != NULL && strcmp(row->name, named[k].name) == 0)
					argument = named[k].argument;
			snprintf(line, sizeof line, "%s %s %s%s", commands[command]->name,
				 option, argument,
				 commands[command]->words == NULL ? " a" : "");
			struct options options;
			struct error error;
			bool taken = parse(&options, line, &error);
			bool goes = row->commands & 1U << command;
			snprintf(expected, sizeof expected, "%s does not go with %s", option,
				 commands[command]->name);
			assert_int_equal(taken, goes);
			assert_string_equal(error.text, goes ? "" : expected);
			options_release(&options);
		}
	}
}

/* Each bound of memory has a name, which sets its own number and no other; --help has all. */
static void
test_limits(void **state)
{
	(void)state;
	struct text help;
	text_init(&help);
	options_help(&help);
	for (size_t i = 0; i < BOUND_ROWS; i++) {
		struct options options;
		struct error error;
		char line[64], row[64];
		uint32_t set[BOUND_ROWS];
		snprintf(line, sizeof line, "show --limit %s=70000 a", bound_rows[i].name);
		assert_true(parse(&options, line, &error));
		memcpy(set, &options.bounds, sizeof set);
		for (size_t k = 0; k < BOUND_ROWS; k++)
			assert_int_equal(set[k],
					 k * sizeof set[0] == bound_rows[i].place ? 70000 : 0);
		options_release(&options);
		snprintf(row, sizeof row, "\n  %-16s %9u  ", bound_rows[i].name,
			 bound_rows[i].usual);
		assert_non_null(strstr(text_string(&help), row));
	}
	text_release(&help);
}

/* What is wrong with a bound is said in a line: which one, what stood there, what is expected.
 */
static void
test_wrong_limits(void **state)
{
	(void)state;
	static const struct {
		const char *argument, *expected;
	} cases[] = {
		{"flows=0", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=abc", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=1x", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=-1", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=4294967296", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=99999999999999999999",
		 "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=0x10", "flows=N, N a decimal number from 1 to 4294967295"},
		{"flows=010", "flows=N, N a decimal number from 1 to 4294967295"},
		{"answered-tcp=0", "answered-tcp=N, N a decimal number from 1 to 4294967295"},
		{"record=65535", "record=N, N a decimal number from 65536 to 4294967295"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct options options;
		struct error error;
		char line[64], expected[128];
		snprintf(line, sizeof line, "show --limit %s a", cases[i].argument);
		snprintf(expected, sizeof expected, "--limit %s: expected %s",
			 cases[i].argument, cases[i].expected);
		assert_false(parse(&options, line, &error));
		assert_string_equal(error.text, expected);
		options_release(&options);
	}
	static const char *const names[] = {"flow=1", "flowss=1", "=1", "Flows=1"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct options options;
		struct error error;
		char line[64], expected[64];
		snprintf(line, sizeof line, "show --limit %s a", names[i]);
		snprintf(expected, sizeof expected, "--limit %s: expected flows, held, ",
			 names[i]);
		assert_false(parse(&options, line, &error));
		assert_int_equal(strncmp(error.text, expected, strlen(expected)), 0);
		options_release(&options);
	}
}

/* Every option of the contract that works today is in --help, and nothing else is. */
static void
test_help(void **state)
{
	(void)state;
	static const char *const expected[] = {
		"-r FILE",
		"-V",
		"-x",
		"--json",
		"-c N",
		"--program P",
		"--host H",
		"--xid X",
		"--errors",
		"--spec FILE.x",
		"-n",
		"--hosts FILE",
		"-t a|r|d",
		"--at TIME",
		"--transitions",
		"--states",
		"--msl SECONDS",
		"--limit NAME=N",
		"--check",
		"-q",
		"--version",
		"-h, --help",
	};
	struct text text;
	text_init(&text);
	options_help(&text);
	char *help = strdup(text_string(&text));
	assert_non_null(help);
	size_t rows = 0;
	for (char *line = strstr(help, "\n  -"); line != NULL; line = strstr(line + 1, "\n  -"))
		rows++;
	assert_int_equal(rows, sizeof expected / sizeof expected[0]);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		char row[64];
		snprintf(row, sizeof row, "\n  %s ", expected[i]);
		assert_non_null(strstr(help, row));
	}
	for (size_t i = 0; commands[i] != NULL; i++)
		assert_non_null(strstr(help, commands[i]->purpose));
	free(help);
	text_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_file_named_like_a_command),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_options_of_commands),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_wrong_limits),
		cmocka_unit_test(test_help),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
