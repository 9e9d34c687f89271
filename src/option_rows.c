/*
 * option_rows: the one table of options: how each is written, which commands it goes
 * with, what --help says of it, and what it does to struct options. A row's function
 * reads the argument and says what it expected where it cannot.
 */
#include "option_rows.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "limits.h"
#include "text.h"

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
	words_add(&options->files, argument);
	return true;
}

static bool
apply_spec(struct options *options, char *argument, struct error *error)
{
	(void)error;
	words_add(&options->specs, argument);
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

/* As users of other tools write it: no sign, no 0x, and no 0 in front, which some read as
 * octal. */
static bool
read_decimal(const char *text, uint64_t most, uint64_t *number)
{
	return text[0] != '0' && strspn(text, "0123456789") == strlen(text) &&
	       read_number(text, most, number);
}

static bool
refuse_name(const char *argument, struct error *error)
{
	struct text names;
	text_init(&names);
	for (size_t i = 0; i < BOUND_ROWS; i++) {
		text_string_put(&names, i == 0 ? "" : i + 1 < BOUND_ROWS ? ", " : " or ");
		text_string_put(&names, bound_rows[i].name);
	}
	error_set(error,
		  "--limit %.100s: expected %s, = and a number above 0 (record, records: 65536 "
		  "or more)",
		  argument, text_string(&names));
	text_release(&names);
	return false;
}

static const struct bound_row *
find_bound(const char *name, size_t length)
{
	for (size_t i = 0; i < BOUND_ROWS; i++) {
		const char *other = bound_rows[i].name;
		if (strlen(other) == length && memcmp(other, name, length) == 0)
			return &bound_rows[i];
	}
	return NULL;
}

static bool
apply_limit(struct options *options, char *argument, struct error *error)
{
	size_t length = strcspn(argument, "=");
	const struct bound_row *row = find_bound(argument, length);
	uint64_t number = 0;
	if (row == NULL)
		return refuse_name(argument, error);
	if (argument[length] == '\0' ||
	    !read_decimal(argument + length + 1, UINT32_MAX, &number) || number < row->least)
		return error_set(
			error,
			"--limit %.100s: expected %s=N, N a decimal number from %" PRIu32
			" to %" PRIu32,
			argument, row->name, row->least, UINT32_MAX);
	uint32_t bound = (uint32_t)number;
	memcpy((char *)&options->bounds + row->place, &bound, sizeof bound);
	return true;
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

#define OF(name)      (1U << COMMAND_##name)
#define OF_CAPTURE    (OF(SHOW) | OF(MOUNTS) | OF(SESSIONS) | OF(PORTS))
#define OF_EVERYTHING (OF_CAPTURE | OF(EXPLAIN) | OF(SPECS))

const struct option_row option_rows[OPTION_ROWS] = {
	{'r', NULL, "FILE", OF_CAPTURE,
	 "read this capture, as a FILE argument; - is standard input", apply_file},
	{'V', NULL, NULL, OF(SHOW), "every field as an indented tree", apply_tree},
	{'x', NULL, NULL, OF(SHOW), "the octets with every word explained", apply_hex},
	{0, "json", NULL, OF_EVERYTHING, "one JSON object a line", apply_json},
	{'c', NULL, "N", OF_CAPTURE, "stop after N messages", apply_count},
	{0, "program", "P", OF_CAPTURE, "only what is about this program (name or number)",
	 apply_program},
	{0, "host", "H", OF_CAPTURE,
	 "only what is from or to this host (address, or a name from --hosts)", apply_host},
	{0, "xid", "X", OF(SHOW),
	 "only messages with this xid (decimal, or hexadecimal after 0x)", apply_xid},
	{0, "errors", NULL, OF(SHOW) | OF(MOUNTS), "only what went wrong", apply_errors},
	{0, "spec", "FILE.x", OF_CAPTURE | OF(SPECS),
	 "one more specification; may be repeated; a directory: every .x in it", apply_spec},
	{'n', NULL, NULL, OF_CAPTURE | OF(SPECS),
	 "no names: programs, procedures and hosts as numbers", apply_numeric},
	{0, "hosts", "FILE", OF_CAPTURE,
	 "host names from a file in hosts(5) form (no DNS query is ever made)", apply_hosts},
	{'t', NULL, "a|r|d", OF_CAPTURE,
	 "time of day in UTC, since the first frame, since the line before", apply_time},
	{0, "at", "TIME", OF(SESSIONS),
	 "the table of TCP states as netstat would have shown it then", apply_at},
	{0, "transitions", NULL, OF(SESSIONS), "one line a change of TCP state",
	 apply_transitions},
	{0, "states", NULL, OF(SESSIONS), "how many ends of connections are in each TCP state",
	 apply_states},
	{0, "msl", "SECONDS", OF(SESSIONS), "TIME_WAIT lasts twice as long (30: a minute)",
	 apply_msl},
	{0, "limit", "NAME=N", OF_CAPTURE, "keep at most N of what NAME stands for: see below",
	 apply_limit},
	{0, "check", NULL, OF(SPECS), "say of each FILE.x whether it can be used", apply_check},
	{'q', NULL, NULL, OF_EVERYTHING, "no progress on standard error", apply_quiet},
	{0, "version", NULL, OF_EVERYTHING, "print the version", apply_version},
	{'h', "help", NULL, OF_EVERYTHING, "print this help", apply_help},
};
