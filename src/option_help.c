/*
 * option_help: --help, from the table of commands and the table of options.
 */
#include "command.h"
#include "option_rows.h"

/* "sessions: " before an option that not every command on a capture takes. */
static void
help_commands(struct text *out, const struct option_row *row)
{
	bool all = true, first = true;
	for (size_t i = 0; commands[i] != NULL; i++)
		all &= commands[i]->words != NULL || (row->commands & 1U << i) != 0;
	for (size_t i = 0; commands[i] != NULL && !all; i++) {
		if ((row->commands & 1U << i) == 0)
			continue;
		text_format(out, "%s%s", first ? "" : ", ", commands[i]->name);
		first = false;
	}
	if (!all)
		text_string_put(out, ": ");
}

static void
help_row(struct text *out, const struct option_row *row)
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
	text_char(out, ' ');
	help_commands(out, row);
	text_format(out, "%s\n", row->help);
}

static void
help_bound(struct text *out, const struct bound_row *row)
{
	size_t start = out->length;
	text_format(out, "  %s", row->name);
	text_pad_to(out, start, 18);
	text_format(out, " %9u  %s\n", row->usual, row->what);
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
	for (size_t i = 0; i < OPTION_ROWS; i++)
		help_row(out, &option_rows[i]);
	text_string_put(
		out, "\nwhat --limit bounds: NAME, the usual N, what that is (more is given up "
		     "and counted):\n");
	for (size_t i = 0; i < BOUND_ROWS; i++)
		help_bound(out, &bound_rows[i]);
	text_string_put(out, "\nexit status: 0 done; 1 mounts: an attempt failed, or a warning "
			     "stands;\n2 the command line, a file or the output could not be "
			     "used, or a capture is cut off\nin its middle\n");
}
