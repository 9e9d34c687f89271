/*
 * options: the command line, read with getopt_long() by arrays made from the table of
 * options, so that options and files may be mixed as users of GNU tools expect. An
 * option that does not go with the command is refused.
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "memory.h"
#include "option_rows.h"

enum { LONG_BASE = 256 }; /* of a long option: its row, beyond any letter */

void
words_add(struct words *words, char *word)
{
	words->at =
		memory_grow(words->at, &words->capacity, words->count + 1, sizeof *words->at);
	words->at[words->count++] = word;
}

static const struct option_row *
find_row(int code)
{
	if (code >= LONG_BASE && code < LONG_BASE + OPTION_ROWS)
		return &option_rows[code - LONG_BASE];
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		if (option_rows[i].letter != 0 && option_rows[i].letter == code)
			return &option_rows[i];
	}
	return NULL;
}

/* getopt_long()'s two descriptions of the table. */
static void
describe(char *letters, struct option *names)
{
	*letters++ = ':'; /* a missing argument is told apart */
	for (int i = 0; i < OPTION_ROWS; i++) {
		if (option_rows[i].letter != 0)
			*letters++ = option_rows[i].letter;
		if (option_rows[i].letter != 0 && option_rows[i].argument != NULL)
			*letters++ = ':';
		if (option_rows[i].name != NULL)
			*names++ = (struct option){.name = option_rows[i].name,
						   .has_arg = option_rows[i].argument != NULL,
						   .val = LONG_BASE + i};
	}
	*letters = '\0';
	*names = (struct option){0};
}

static bool
take_option(struct options *options, int code, char **argv, bool given[static OPTION_ROWS],
	    struct error *error)
{
	/* getopt_long() leaves in optopt the letter, or the long option's value, or 0 for an
	 * unknown name. */
	const char *word = argv[optind - 1];
	const struct option_row *row = find_row(code == '?' || code == ':' ? optopt : code);
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
	given[row - option_rows] = true;
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
		words_add(takes_files ? &options->files : &options->words, argv[i]);
	return true;
}

/* What does not concern the command is no silent wish: it is refused. */
static bool
check_options(const struct options *options, const bool given[static OPTION_ROWS],
	      struct error *error)
{
	unsigned command = 1U << command_number(options->command);
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		const struct option_row *row = &option_rows[i];
		if (!given[i] || (row->commands & command) != 0)
			continue;
		if (row->name != NULL)
			return error_set(error, "--%s does not go with %s", row->name,
					 options->command);
		return error_set(error, "-%c does not go with %s", row->letter,
				 options->command);
	}
	return true;
}

bool
options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	char letters[2 * OPTION_ROWS + 2];
	struct option names[OPTION_ROWS + 1];
	bool given[OPTION_ROWS] = {false};
	*options = (struct options){.command = commands[0]->name, .form = &output_line};
	describe(letters, names);
	opterr = 0;
	optind = 0; /* begin anew, whatever was parsed before */
	int code;
	while ((code = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		if (!take_option(options, code, argv, given, error))
			return false;
	}
	if (!take_words(options, argc, argv, error))
		return false;
	if (options->help || options->version)
		return true;
	if (!check_options(options, given, error))
		return false;
	if (command_find(options->command)->words == NULL && options->files.count == 0)
		return error_set(error, "expected a capture file; see rpcscope --help");
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
