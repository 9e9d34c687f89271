/*
 * ports: the table that `rpcinfo -p` prints, from what portmappers said on the
 * wire. An answer is a source of a row; equal rows are one row, and equal sources
 * one source with a count. As JSON every answer is an object of its own.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "memory.h"
#include "object.h"
#include "output.h"
#include "ports_rows.h"
#include "report.h"
#include "report_words.h"
#include "select.h"
#include "wrap.h"

enum { SOURCE_COLUMN = 46 };

struct ports {
	struct run *run;
	struct output output;
	struct selection selection;
	struct port_rows rows;
	bool json;
};

static bool
is_selected(const struct selection *selection, const struct binding *binding)
{
	bool host = !selection->has_host || address_equal(&binding->server, &selection->host) ||
		    address_equal(&binding->told_by, &selection->host) ||
		    address_equal(&binding->client, &selection->host);
	return host && (!selection->has_program || binding->program == selection->program);
}

static void
put_invalid(struct text *text, const struct binding *binding)
{
	struct text words;
	if (binding->wrong == BINDING_RIGHT)
		return;
	text_init(&words);
	report_wrong(&words, binding, text_put);
	object_text(text, "invalid", &words);
	text_release(&words);
}

static void
put_json(const struct ports *ports, const struct binding *binding)
{
	struct text *text = ports->output.text;
	object_begin(text, "binding");
	object_address(text, "server", &binding->server);
	object_string(text, "transport", names_protocol(binding->transport));
	object_string(text, "netid", *binding->netid == '-' ? NULL : binding->netid);
	object_number(text, "port", binding->port);
	object_number(text, "program", binding->program);
	object_string(text, "program_name",
		      names_program(ports->output.names, binding->program));
	object_number(text, "version", binding->version);
	object_string(text, "learned_from", binding->learned_from);
	if (report_told_elsewhere(binding))
		object_address(text, "told_by", &binding->told_by);
	object_address(text, "client", &binding->client);
	object_number(text, "call_frame", binding->call_frame);
	object_number(text, "frame", binding->frame);
	object_time(text, "time", binding->time);
	object_bool(text, "registered", binding->registered);
	put_invalid(text, binding);
	object_ordinal(text, "session", binding->session);
	if (binding->session != 0)
		object_signed(text, "delay_ns", binding->session_delay);
	object_number(text, "sessions", binding->sessions);
	if (binding->elsewhere != 0) {
		object_number(text, "elsewhere", binding->elsewhere);
		object_number(text, "elsewhere_port", binding->elsewhere_port);
	}
	if (binding->repeats != 0)
		object_number(text, "repeats", binding->repeats);
	object_end(text);
	text_drain(text, LIMIT_OUTPUT_BUFFER);
}

static void
take_binding(void *context, const struct binding *binding)
{
	struct ports *ports = context;
	if (!is_selected(&ports->selection, binding))
		return;
	if (ports->json)
		put_json(ports, binding);
	else
		port_rows_add(&ports->rows, ports->run->counts, binding);
}

/* -- the table -- */

static void
put_outcome(struct ports *ports, const struct port_source *source)
{
	struct text *text = ports->output.text;
	const struct binding *first = &source->first;
	if (first->wrong != BINDING_RIGHT) {
		text_string_put(text, ": ** ");
		report_wrong(text, first, text_escape_quoted);
		text_string_put(text, " **");
	} else if (!first->registered) {
		text_string_put(text, strcmp(first->learned_from, "UNSET") == 0
					      ? ": taken off"
					      : ": ** not registered **");
	} else if (source->session_count == 0) {
		text_string_put(text, ": none followed");
	} else {
		text_string_put(text,
				source->sessions_total == 1 ? ": session " : ": sessions ");
		for (unsigned i = 0; i < source->session_count; i++)
			text_format(text, "%s%" PRIu64, i == 0 ? "" : ", ",
				    source->sessions[i]);
		if (source->sessions_total > source->session_count)
			text_format(text, " and %" PRIu64 " more",
				    source->sessions_total - source->session_count);
		text_string_put(text, source->answers == 1 ? " after " : ", the first after ");
		text_duration(text, source->delay);
		const char *trouble = report_opening(source->opening);
		if (trouble != NULL)
			text_format(text, ", ** %s **", trouble);
	}
	if (source->elsewhere != 0)
		text_format(text, ", the client went to port %u (session %" PRIu64 ")",
			    source->elsewhere_port, source->elsewhere);
}

static void
put_source(struct ports *ports, const struct port_source *source)
{
	struct output *output = &ports->output;
	struct text *text = output->text;
	const struct binding *first = &source->first;
	text_format(text, "%s in frame %" PRIu64 " by ", first->learned_from, first->frame);
	names_host_text(output->names, text, &first->client);
	text_string_put(text, " at ");
	output->last = output->first;
	output_time(output, first->time);
	if (report_told_elsewhere(first)) {
		text_string_put(text, ", told by ");
		names_host_text(output->names, text, &first->told_by);
	}
	if (source->answers > 1)
		text_format(text, ", %" PRIu64 " times", source->answers);
	put_outcome(ports, source);
	text_char(text, '\n');
}

static void
put_row(struct ports *ports, const struct port_row *row)
{
	struct text *text = ports->output.text;
	const struct binding *first = &row->sources->first;
	const char *name = names_program(ports->output.names, first->program);
	size_t start = text->length;
	text_format(text, "%10" PRIu32 "%5" PRIu32 "%6s", first->program, first->version,
		    first->netid);
	if (first->registered)
		text_format(text, "%7u", first->port);
	else
		text_format(text, "%7s", "-");
	text_format(text, "  %s", name != NULL ? name : "-");
	for (const struct port_source *source = row->sources; source != NULL;
	     source = source->next) {
		text_char(text, ' ');
		text_pad_to(text, start, SOURCE_COLUMN);
		if (row->before != NULL && source == row->sources)
			text_format(text, "(port %u before) ",
				    row->before->sources->first.port);
		put_source(ports, source);
		start = text->length;
	}
}

static void
put_server(struct ports *ports, const struct port_server *server)
{
	struct text *text = ports->output.text;
	names_host_text(ports->output.names, text, &server->address);
	text_string_put(text, "\n   program vers proto   port  service       learned\n");
	size_t columns = wrap_columns(ports->run->columns, LIMIT_LINE_COLUMNS),
	       start = text->length;
	for (const struct port_row *row = server->rows; row != NULL; row = row->next)
		put_row(ports, row);
	if (ports->run->columns != 0)
		wrap_lines(text, start,
			   columns / 2 < SOURCE_COLUMN ? columns / 2 : SOURCE_COLUMN, columns);
	text_char(text, '\n');
	text_drain(text, LIMIT_OUTPUT_BUFFER);
}

/* -- the command -- */

static void
ports_free(void *state)
{
	struct ports *ports = state;
	selection_release(&ports->selection);
	port_rows_release(&ports->rows);
	free(ports);
}

static void *
ports_begin(struct run *run, struct sink *sink, struct error *error)
{
	struct ports *ports = memory_get(sizeof *ports);
	ports->run = run;
	ports->json = report_as_json(run);
	ports->output = report_output(run);
	port_rows_init(&ports->rows, &run->options->bounds);
	*sink = (struct sink){.binding = take_binding, .context = ports};
	if (selection_init(&ports->selection, run->options, run->names, error))
		return ports;
	ports_free(ports);
	return NULL;
}

static int
ports_finish(void *state, const struct counts *counts)
{
	struct ports *ports = state;
	ports->output.first = counts->first;
	if (ports->json) {
		output_json.summary(&ports->output, counts);
		return 0;
	}
	for (const struct port_server *server = ports->rows.servers; server != NULL;
	     server = server->next)
		put_server(ports, server);
	if (ports->rows.servers == NULL)
		text_string_put(ports->output.text,
				"no portmapper said where anything is in this capture\n");
	output_summary_text(&ports->output, counts);
	return 0;
}

const struct command ports_command = {
	.name = "ports",
	.purpose =
		"what portmappers said is where: rpcinfo -p from the wire, and what followed",
	.begin = ports_begin,
	.finish = ports_finish,
	.free = ports_free,
};
