/*
 * main: reads the command line, wires capture, pipeline and command together,
 * and chooses the exit status: 2 for what the user gave or the machine lacks, 1
 * for what a command found, 0 otherwise.
 */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "capture.h"
#include "command.h"
#include "decode.h"
#include "limits.h"
#include "names.h"
#include "options.h"
#include "pipeline.h"
#include "progress.h"
#include "spec.h"
#include "text.h"
#include "unusual.h"
#include "value.h"
#include "walk.h"

enum { EXIT_USER = 2 };

static int
complain(const struct error *error)
{
	fprintf(stderr, "rpcscope: %s\n", error->text);
	return EXIT_USER;
}

/*
 * Writes what has been printed so far. False when that cannot be done: *error is
 * then set, unless a reader went away (head, less), which ends the run quietly.
 */
static bool
flush(struct text *text, size_t least, struct error *error)
{
	if (text_drain(text, least))
		return true;
	if (text->failure == EPIPE)
		return false;
	return error_set(error, "standard output: %s", strerror(text->failure));
}

/* Text that leaves through standard output, in characters that its locale can show. */
static void
open_output(struct text *text)
{
	text_init(text);
	text->descriptor = STDOUT_FILENO;
	setlocale(LC_CTYPE, "");
	text->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && isatty(STDOUT_FILENO);
}

static bool
wants_color(void)
{
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
	const char *terminal = getenv("TERM");
	return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') &&
	       (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

/* COLUMNS, where it is set, else what the terminal says. */
static size_t
terminal_columns(void)
{
	struct winsize size = {0};
	const char *columns = getenv("COLUMNS");
	if (!isatty(STDOUT_FILENO))
		return 0;
	unsigned long wanted = columns != NULL ? strtoul(columns, NULL, 10) : 0;
	if (wanted != 0)
		return wanted;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool
load_specs(struct spec *spec, const struct options *options, struct error *error)
{
	if (!spec_load_built_in(spec, error))
		return false;
	for (size_t i = 0; i < options->specs.count; i++) {
		if (!spec_load_path(spec, options->specs.at[i], error))
			return false;
	}
	return true;
}

/* What a frame goes through. */
struct feeding {
	struct pipeline *pipeline;
	struct run *run;
	struct progress progress;
	size_t least; /* octets of output that are worth writing */
	bool failed;  /* to write; *error says why, if it is to be told */
	struct error *error;
};

UNUSUAL static bool
write_out(struct feeding *feeding)
{
	feeding->failed = !flush(feeding->run->text, feeding->least, feeding->error);
	return !feeding->failed;
}

static bool
feed_frame(void *context, const struct frame *frame)
{
	struct feeding *feeding = context;
	struct run *run = feeding->run;
	pipeline_frame(feeding->pipeline, frame);
	if (run->most_messages != 0 && run->counts->messages >= run->most_messages)
		run->done = true;
	progress_frame(&feeding->progress, frame->number);
	if (run->text->length >= feeding->least && !write_out(feeding))
		return false;
	return !run->done;
}

/*
 * Every frame through the pipeline. A file that breaks off is told at once and
 * remembered in *broken; the other files go on.
 */
static bool
feed(struct capture *capture, struct pipeline *pipeline, struct run *run, bool *broken,
     struct error *error)
{
	struct feeding feeding = {.pipeline = pipeline,
				  .run = run,
				  .least = isatty(STDOUT_FILENO) ? 0 : LIMIT_OUTPUT_BUFFER,
				  .error = error};
	struct error trouble = {0};
	progress_begin(&feeding.progress, run->options->quiet);
	while (!run->done &&
	       capture_each(capture, feed_frame, &feeding, &trouble) == CAPTURE_BROKEN) {
		complain(&trouble);
		*broken = true;
	}
	if (!feeding.failed)
		progress_end(&feeding.progress);
	return !feeding.failed;
}

/* The command over the capture; the exit status. */
static int
run_command(const struct command *command, struct run *run, struct capture *capture)
{
	struct error error = {0};
	struct sink sink = {0};
	void *state = command->begin(run, &sink, &error);
	if (state == NULL)
		return complain(&error);
	const struct pipeline_options pipeline_options = {.bounds = run->options->bounds,
							  .decoder = run->decoder,
							  .msl2 = 2 * run->options->msl,
							  .until = run->options->at};
	struct pipeline *pipeline = pipeline_new(&sink, &pipeline_options);
	run->counts = pipeline_counts(pipeline);
	run->counts->files = run->options->files.count;
	bool broken = false;
	int status = 0;
	if (feed(capture, pipeline, run, &broken, &error)) {
		pipeline_finish(pipeline, !run->done);
		status = command->finish(state, run->counts);
		flush(run->text, 0, &error);
	}
	if (run->remark.text[0] != '\0')
		complain(&run->remark);
	if (error.text[0] != '\0')
		status = complain(&error);
	pipeline_free(pipeline);
	command->free(state);
	return broken ? EXIT_USER : status;
}

/* With specifications, names and capture at hand. */
static int
run_files(const struct options *options, const struct spec *spec, struct names *names)
{
	struct error error = {0};
	if (options->hosts != NULL && !names_load_hosts(names, options->hosts, &error))
		return complain(&error);
	struct capture *capture = capture_open(options->files.at, options->files.count, &error);
	if (capture == NULL)
		return complain(&error);
	struct decoder decoder;
	decoder_init(&decoder, spec);
	struct text text;
	open_output(&text);
	struct run run = {.options = options,
			  .names = names,
			  .decoder = &decoder,
			  .text = &text,
			  .color = wants_color(),
			  .columns = terminal_columns()};
	const struct command *command = command_find(options->command);
	if (!command->counts_shown)
		run.most_messages = options->count;
	int status = run_command(command, &run, capture);
	text_release(&text);
	capture_close(capture);
	return status;
}

static int
run_options(const struct options *options)
{
	struct error error = {0};
	struct spec_hooks hooks = {.meaning = value_meaning, .opener = opaque_number};
	struct spec *spec = spec_new(&hooks);
	int status;
	if (load_specs(spec, options, &error)) {
		struct names *names = names_new(spec, options->numeric);
		status = run_files(options, spec, names);
		names_free(names);
	} else {
		status = complain(&error);
	}
	spec_free(spec);
	return status;
}

/* --help and --version */
static int
tell(const struct options *options)
{
	struct text text;
	open_output(&text);
	if (options->help)
		options_help(&text);
	else
		text_string_put(&text, "rpcscope " RPCSCOPE_VERSION "\n");
	struct error error = {0};
	flush(&text, 0, &error);
	text_release(&text);
	return error.text[0] == '\0' ? 0 : complain(&error);
}

int
main(int argc, char **argv)
{
	struct options options;
	struct error error = {0};
	int status;
	if (!options_parse(&options, argc, argv, &error))
		status = complain(&error);
	else if (options.help || options.version)
		status = tell(&options);
	else
		status = run_options(&options);
	options_release(&options);
	return status;
}
