/*
 * fuzz_capture: octets as a capture file, through every stage, and every message
 * printed in all four forms, into memory. Whatever they are: no error but one
 * line, no octet read that is not there, every form ends its lines.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture.h"
#include "decode.h"
#include "names.h"
#include "output.h"
#include "pipeline.h"
#include "spec.h"
#include "value.h"
#include "walk.h"

static const struct output_form *const forms[] = {&output_line, &output_tree, &output_hex,
						  &output_json};
enum { FORMS = sizeof forms / sizeof forms[0], FRAMES_MAX = 20000 };

struct run {
	struct text text;
	struct output output[FORMS];
	struct counts *counts;
};

static void
check_printed(struct text *text)
{
	if (text->length > 0 && text->at[text->length - 1] != '\n')
		abort();
	text_reset(text);
}

static void
print_message(void *context, const struct message *message)
{
	struct run *run = context;
	for (size_t i = 0; i < FORMS; i++) {
		run->output[i].first = run->counts->first;
		forms[i]->message(&run->output[i], message);
		check_printed(&run->text);
	}
}

static void
feed(struct capture *capture, struct pipeline *pipeline)
{
	struct frame frame;
	struct error error = {0};
	for (unsigned i = 0; i < FRAMES_MAX; i++) {
		enum capture_result result = capture_next(capture, &frame, &error);
		if (result == CAPTURE_END)
			return;
		if (result == CAPTURE_FRAME)
			pipeline_frame(pipeline, &frame);
		else if (error.text[0] == '\0')
			abort();
	}
}

static void
decode(struct capture *capture, const struct decoder *decoder, const struct names *names)
{
	struct run run = {0};
	const struct sink sink = {.message = print_message, .context = &run};
	const struct pipeline_options options = {0};
	struct pipeline *pipeline = pipeline_new(&sink, &options);
	run.counts = pipeline_counts(pipeline);
	text_init(&run.text);
	for (size_t i = 0; i < FORMS; i++) {
		run.output[i] =
			(struct output){.text = &run.text, .names = names, .decoder = decoder};
		tape_init(&run.output[i].tape);
	}
	feed(capture, pipeline);
	pipeline_finish(pipeline, true);
	for (size_t i = 0; i < FORMS; i++) {
		forms[i]->summary(&run.output[i], run.counts);
		check_printed(&run.text);
		tape_release(&run.output[i].tape);
	}
	text_release(&run.text);
	pipeline_free(pipeline);
}

/* The octets as a file; its descriptor. */
static int
file_of(const uint8_t *octets, size_t size)
{
	int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
	if (descriptor < 0 || write(descriptor, octets, size) != (ssize_t)size)
		abort();
	return descriptor;
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	static struct spec *spec; /* loaded once: it is only read */
	static struct names *names;
	static struct decoder decoder;
	char path[64];
	char *const paths[] = {path}; /* the capture goes on using them */
	struct error error = {0};
	if (!spec) {
		const struct spec_hooks hooks = {.meaning = value_meaning,
						 .opener = opaque_number};
		spec = spec_new(&hooks);
		if (!spec_load_built_in(spec, &error))
			abort();
		names = names_new(spec, false);
		decoder_init(&decoder, spec);
	}
	int descriptor = file_of(octets, size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
	struct capture *capture = capture_open(paths, 1, &error);
	if (!capture && error.text[0] == '\0')
		abort();
	if (capture) {
		decode(capture, &decoder, names);
		capture_close(capture);
	}
	close(descriptor);
	return 0;
}
