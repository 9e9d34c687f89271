/*
 * options: one table of rows, each with what it does to struct options.
 *
 * getopt_long() reads the command line by arrays made from the table, so that
 * options and files may be mixed as users of GNU tools expect; --help prints the
 * same rows.
 */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "limits.h"
#include "memory.h"

struct row {
	char letter;          /* 0: has none */
	const char *name;     /* NULL: has none */
	const char *argument; /* NULL: takes none */
	const char *help;
	bool (*apply)(struct options *options, char *argument, struct error *error);
};

static void
add_word(struct words *words, char *word)
{
	words->at =
		memory_grow(words->at, &words->capacity, words->count + 1, sizeof *words->at);
	words->at[words->count++] = word;
}

/* A whole number up to `most`: decimal, or hexadecimal after 0x. */
static bool
read_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end = NULL;
	bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*number = strtoull(text, &end, hexadecimal ? 16 : 10);
	return errno == 0 && *end == '\0' && *number <= most;
}

static bool
apply_file(struct options *options, char *argument, struct error *error)
{
	(void)error;
	add_word(&options->files, argument);
	return true;
}

static bool
apply_spec(struct options *options, char *argument, struct error *error)
{
	(void)error;
	add_word(&options->specs, argument);
	return true;
}

static bool
set_form(struct options *options, const struct output_form *form, struct error *error)
{
	if (options->form != &output_line && options->form != form)
		return error_set(error, "-V, -x and --json exclude each other");
	options->form = form;
	return true;
}

static bool
apply_tree(struct options *options, char *argument, struct error *error)
{
	(void)argument;
	return set_form(options, &output_tree, error);
}

static bool
apply_hex(struct options *options, char *argument, struct error *error)
{
	(void)argument;
	return set_form(options, &output_hex, error);
}

static bool
apply_json(struct options *options, char *argument, struct error *error)
{
	(void)argument;
	return set_form(options, &output_json, error);
}

static bool
apply_count(struct options *options, char *argument, struct error *error)
{
	if (!read_number(argument, UINT64_MAX, &options->count) || options->count == 0)
		return error_set(error, "-c %s: expected a number of messages, 1 or more",
				 argument);
	return true;
}

static bool
apply_time(struct options *options, char *argument, struct error *error)
{
	static const char forms[] = {
		[TIME_OF_DAY] = 'a', [TIME_SINCE_FIRST] = 'r', [TIME_SINCE_LAST] = 'd'};
	for (size_t i = 0; i < sizeof forms; i++) {
		if (argument[0] == forms[i] && argument[1] == '\0') {
			options->time_form = (enum time_form)i;
			return true;
		}
	}
	return error_set(error,
			 "-t %s: expected a (time of day), r (since the first frame) "
			 "or d (since the message before)",
			 argument);
}

static bool
apply_xid(struct options *options, char *argument, struct error *error)
{
	uint64_t xid;
	if (!read_number(argument, UINT32_MAX, &xid))
		return error_set(
			error,
			"--xid %s: expected a 32-bit number, such as 883075749 or 0x34a2a6a5",
			argument);
	options->xid = (uint32_t)xid;
	options->has_xid = true;
	return true;
}

static bool
apply_program(struct options *options, char *argument, struct error *error)
{
	(void)error;
	options->program = argument;
	return true;
}

static bool
apply_host(struct options *options, char *argument, struct error *error)
{
	(void)error;
	options->host = argument;
	return true;
}

static bool
apply_hosts(struct options *options, char *argument, struct error *error)
{
	(void)error;
	options->hosts = argument;
	return true;
}

static bool
apply_errors(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->errors = true;
}

static bool
apply_numeric(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->numeric = true;
}

static bool
apply_quiet(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->quiet = true;
}

static bool
apply_at(struct options *options, char *argument, struct error *error)
{
	if (!moment_parse(&options->at, argument))
		return error_set(error,
				 "--at %s: expected a time such as 2026-11-20T06:53:51.25Z, "
				 "06:53:51.25, 1795157631.25, or +2.5 since the first frame",
				 argument);
	return true;
}

static bool
apply_transitions(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->transitions = true;
}

static bool
apply_states(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->states = true;
}

static bool
apply_msl(struct options *options, char *argument, struct error *error)
{
	enum { MSL_MOST = 3600 };
	if (!moment_parse_seconds(&options->msl, argument) || options->msl == 0 ||
	    options->msl > MSL_MOST * SECOND)
		return error_set(error,
				 "--msl %s: expected seconds, more than 0 and at most 3600",
				 argument);
	return true;
}

/* Each bound that has a name of its own. Of a record over several segments the header at least
 * has to fit, or it could not be told from anything else. */
static const struct {
	const char *name;
	size_t place; /* of its number in struct bounds */
	uint32_t least;
} limits[] = {
	{"flows", offsetof(struct bounds, flows), 1},
	{"calls", offsetof(struct bounds, calls), 1},
	{"namesakes", offsetof(struct bounds, namesakes), 1},
	{"sessions", offsetof(struct bounds, sessions), 1},
	{"servers", offsetof(struct bounds, servers), 1},
	{"answers", offsetof(struct bounds, answers), 1},
	{"questions", offsetof(struct bounds, questions), 1},
	{"contacts", offsetof(struct bounds, contacts), 1},
	{"facts", offsetof(struct bounds, facts), 1},
	{"held", offsetof(struct bounds, held), 1},
	{"records", offsetof(struct bounds, records), 65536},
	{"fragments", offsetof(struct bounds, fragments), 1},
};

static bool
apply_limit(struct options *options, char *argument, struct error *error)
{
	const char *equals = strchr(argument, '=');
	size_t length = equals != NULL ? (size_t)(equals - argument) : 0;
	uint64_t number = 0;
	for (size_t i = 0; i < sizeof limits / sizeof limits[0] && length > 0; i++) {
		if (strncmp(limits[i].name, argument, length) != 0 ||
		    limits[i].name[length] != '\0' ||
		    !read_number(equals + 1, UINT32_MAX, &number) || number < limits[i].least)
			continue;
		uint32_t bound = (uint32_t)number;
		memcpy((char *)&options->bounds + limits[i].place, &bound, sizeof bound);
		return true;
	}
	return error_set(error,
			 "--limit %s: expected flows, calls, namesakes, sessions, servers, "
			 "answers, questions, contacts, facts, held, records or fragments, = "
			 "and a number above 0 "
			 "(records: 65536 or more)",
			 argument);
}

static bool
apply_check(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->check = true;
}

static bool
apply_version(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->version = true;
}

static bool
apply_help(struct options *options, char *argument, struct error *error)
{
	(void)argument, (void)error;
	return options->help = true;
}

static const struct row rows[] = {
	{'r', NULL, "FILE", "read this capture, as a FILE argument; - is standard input",
	 apply_file},
	{'V', NULL, NULL, "every field as an indented tree", apply_tree},
	{'x', NULL, NULL, "the octets with every word explained", apply_hex},
	{0, "json", NULL, "one JSON object a line", apply_json},
	{'c', NULL, "N", "stop after N messages", apply_count},
	{0, "program", "P", "only messages of this program (name or number)", apply_program},
	{0, "host", "H", "only messages from or to this host (address, or a name from --hosts)",
	 apply_host},
	{0, "xid", "X", "only messages with this xid (decimal, or hexadecimal after 0x)",
	 apply_xid},
	{0, "errors", NULL, "only messages that say something went wrong", apply_errors},
	{0, "spec", "FILE.x",
	 "one more specification; may be repeated; a directory: every .x in it", apply_spec},
	{'n', NULL, NULL, "no names: programs, procedures and hosts as numbers", apply_numeric},
	{0, "hosts", "FILE",
	 "host names from a file in hosts(5) form (no DNS query is ever made)", apply_hosts},
	{'t', NULL, "a|r|d",
	 "time of day in UTC, since the first frame, since the message before", apply_time},
	{0, "at", "TIME",
	 "sessions: the table of TCP states as netstat would have shown it then", apply_at},
	{0, "transitions", NULL, "sessions: one line a change of TCP state", apply_transitions},
	{0, "states", NULL, "sessions: how many ends of connections are in each TCP state",
	 apply_states},
	{0, "msl", "SECONDS", "sessions: TIME_WAIT lasts twice as long (30: a minute)",
	 apply_msl},
	{0, "limit", "NAME=N",
	 "keep at most N of these: docs/output.md names what can be bounded", apply_limit},
	{0, "check", NULL, "specs: say of each FILE.x whether it can be used", apply_check},
	{'q', NULL, NULL, "no progress on standard error", apply_quiet},
	{0, "version", NULL, "print the version", apply_version},
	{'h', "help", NULL, "print this help", apply_help},
};

enum { ROWS = sizeof rows / sizeof rows[0], LONG_BASE = 256 };

static const struct row *
find_row(int code)
{
	if (code >= LONG_BASE && code < LONG_BASE + ROWS)
		return &rows[code - LONG_BASE];
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].letter != 0 && rows[i].letter == code)
			return &rows[i];
	}
	return NULL;
}

/* getopt_long()'s two descriptions of the table. */
static void
describe(char *letters, struct option *names)
{
	*letters++ = ':'; /* a missing argument is told apart */
	for (int i = 0; i < ROWS; i++) {
		if (rows[i].letter != 0)
			*letters++ = rows[i].letter;
		if (rows[i].letter != 0 && rows[i].argument != NULL)
			*letters++ = ':';
		if (rows[i].name != NULL)
			*names++ = (struct option){.name = rows[i].name,
						   .has_arg = rows[i].argument != NULL,
						   .val = LONG_BASE + i};
	}
	*letters = '\0';
	*names = (struct option){0};
}

static bool
take_option(struct options *options, int code, char **argv, struct error *error)
{
	/* getopt_long() leaves in optopt the letter, or the long option's value, or 0 for an
	 * unknown name. */
	const char *word = argv[optind - 1];
	const struct row *row = find_row(code == '?' || code == ':' ? optopt : code);
	if (code == ':')
		return error_set(error, "%s: expected %s after it", word,
				 row != NULL && row->argument != NULL ? row->argument
								      : "an argument");
	if (code == '?' && row != NULL && row->argument == NULL)
		return error_set(error, "%s: takes no argument", word);
	if (code == '?' && optopt != 0)
		return error_set(error, "-%c: no such option; see rpcscope --help", optopt);
	if (code == '?' || row == NULL)
		return error_set(error, "%s: no such option; see rpcscope --help", word);
	return row->apply(options, optarg, error);
}

/* A word that could only have been meant as a command: not like a path, and nothing is there.
 */
static bool
is_mistyped(const char *word)
{
	struct stat status;
	return strpbrk(word, "./") == NULL && strcmp(word, "-") != 0 &&
	       stat(word, &status) != 0 && errno == ENOENT;
}

static bool
take_words(struct options *options, int argc, char **argv, struct error *error)
{
	int first = optind;
	if (first < argc && command_find(argv[first]) != NULL)
		options->command = argv[first++];
	else if (first < argc && is_mistyped(argv[first]))
		return error_set(error, "%.100s: no such command or file; see rpcscope --help",
				 argv[first]);
	bool takes_files = command_find(options->command)->words == NULL;
	for (int i = first; i < argc; i++)
		add_word(takes_files ? &options->files : &options->words, argv[i]);
	return true;
}

bool
options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	char letters[2 * ROWS + 2];
	struct option names[ROWS + 1];
	*options = (struct options){.command = commands[0]->name, .form = &output_line};
	describe(letters, names);
	opterr = 0;
	optind = 0; /* begin anew, whatever was parsed before */
	int code;
	while ((code = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		if (!take_option(options, code, argv, error))
			return false;
	}
	if (!take_words(options, argc, argv, error))
		return false;
	bool takes_files = command_find(options->command)->words == NULL;
	if (takes_files && options->files.count == 0 && !options->help && !options->version)
		return error_set(error, "expected a capture file; see rpcscope --help");
	if (takes_files && options->check)
		return error_set(error, "--check: only specs takes it: rpcscope specs --check");
	if (!takes_files && options->files.count != 0)
		return error_set(error, "%s takes no capture file", options->command);
	return true;
}

void
options_release(struct options *options)
{
	free(options->files.at);
	free(options->words.at);
	free(options->specs.at);
	*options = (struct options){0};
}

static void
help_row(struct text *out, const struct row *row)
{
	size_t start = out->length;
	text_string_put(out, "  ");
	if (row->letter != 0)
		text_format(out, "-%c", row->letter);
	if (row->letter != 0 && row->name != NULL)
		text_string_put(out, ", ");
	if (row->name != NULL)
		text_format(out, "--%s", row->name);
	if (row->argument != NULL)
		text_format(out, " %s", row->argument);
	text_pad_to(out, start, 18);
	text_format(out, " %s\n", row->help);
}

static void
help_command(struct text *out, const struct command *command)
{
	size_t start = out->length;
	text_format(out, "  %s", command->name);
	if (command->words != NULL)
		text_format(out, " %s", command->words);
	text_pad_to(out, start, 18);
	text_format(out, " %s%s\n", command->purpose,
		    command == commands[0] ? " (the default)" : "");
}

void
options_help(struct text *out)
{
	text_string_put(out, "usage: rpcscope [COMMAND] [OPTION...] FILE...\n\n"
			     "Decodes ONC RPC and portmapper traffic from packet captures "
			     "(pcap, pcapng; also\n"
			     "compressed with gzip, xz or zstd). Several FILEs are one "
			     "capture, merged by time.\n\n"
			     "commands:\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		help_command(out, commands[i]);
	text_string_put(out, "\noptions:\n");
	for (size_t i = 0; i < ROWS; i++)
		help_row(out, &rows[i]);
	text_string_put(out, "\nexit status: 0 done; 1 mounts: an attempt failed, or a warning "
			     "stands;\n2 the command line, a file or the output could not be "
			     "used, or a capture is cut off\nin its middle\n");
}
