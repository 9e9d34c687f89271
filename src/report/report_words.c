/*
 * report_words: how commands begin to write, and what several of them say in the same words: an
 * endpoint, a program, what came of an opening, an answer of a portmapper and what is odd in
 * it.
 */
#include "report_words.h"

#include <inttypes.h>

bool
report_as_json(const struct run *run)
{
	return run->options->form == &output_json;
}

struct output
report_output(const struct run *run)
{
	return (struct output){.text = run->text,
			       .names = run->names,
			       .decoder = run->decoder,
			       .time_form = run->options->time_form,
			       .color = run->color,
			       .last = INT64_MIN};
}

void
report_endpoint(struct output *output, const struct endpoint *endpoint)
{
	names_host_text(output->names, output->text, &endpoint->address);
	text_char(output->text, '.');
	text_unsigned(output->text, endpoint->port);
}

void
report_program(struct output *output, uint32_t program, uint32_t version, bool callback)
{
	const char *name = names_program_of(output->names, program, callback);
	if (name != NULL)
		text_string_put(output->text, name);
	else
		text_format(output->text, "program %" PRIu32, program);
	text_format(output->text, " v%" PRIu32, version);
}

const char *
report_opening(uint8_t opening)
{
	static const char *const words[] = {
		[OPENING_UNKNOWN] = NULL,
		[OPENING_ANSWERED] = NULL,
		[OPENING_SILENT] = "never answered",
		[OPENING_REFUSED] = "refused",
		[OPENING_FILTERED] = "filtered",
		[OPENING_UNREACHABLE] = "unreachable",
		[OPENING_CHALLENGED] = "answered by an ACK of an older connection",
	};
	return words[opening];
}

bool
report_told_elsewhere(const struct binding *binding)
{
	return !address_equal(&binding->told_by, &binding->server);
}

void
report_wrong(struct text *text, const struct binding *binding,
	     void (*put)(struct text *text, const void *octets, size_t count))
{
	const char *said = binding->wrong_text;
	size_t size = binding->wrong_size;
	switch ((enum binding_wrong)binding->wrong) {
	case BINDING_RIGHT:
		break;
	case BINDING_NO_PORT:
		text_string_put(text, "port ");
		put(text, said, size);
		text_string_put(text, ": not a port");
		break;
	case BINDING_NO_TRANSPORT:
		text_string_put(text, "protocol ");
		put(text, said, size);
		text_string_put(text, ": neither TCP nor UDP");
		break;
	case BINDING_NO_ADDRESS:
		text_char(text, '"');
		put(text, said, size);
		text_string_put(text, size == BINDING_WRONG_MOST ? "...\"" : "\"");
		text_string_put(text, ": not a universal address");
		break;
	}
}

/* "GETPORT told 192.168.56.21 in frame 9 (asked in 8): mountd v3 tcp port 20048" */
void
report_answer(struct output *output, const struct binding *binding)
{
	struct text *text = output->text;
	text_format(text, "%s told ", binding->learned_from);
	names_host_text(output->names, text, &binding->client);
	text_format(text, " in frame %" PRIu64 " (asked in %" PRIu64, binding->frame,
		    binding->call_frame);
	if (report_told_elsewhere(binding)) {
		text_string_put(text, " of ");
		names_host_text(output->names, text, &binding->told_by);
	}
	text_string_put(text, "): ");
	report_program(output, binding->program, binding->version, false);
	text_format(text, " %s", binding->netid);
	if (binding->registered) {
		text_format(text, " port %u", binding->port);
	} else if (binding->wrong != BINDING_RIGHT) {
		text_string_put(text, " ** ");
		report_wrong(text, binding, text_escape_quoted);
		text_string_put(text, " **");
	} else
		text_string_put(text, " ** not registered **");
}
