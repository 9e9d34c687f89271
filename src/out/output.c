/*
 * output: what more than one form needs: times, endpoints, names of procedures
 * and states, anomalies. The summary is in output_summary.c.
 */
#include "output.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "memory.h"

void
output_time(struct output *output, int64_t time)
{
	switch (output->time_form) {
	case TIME_OF_DAY:
		text_time_of_day(output->text, time, 6);
		return;
	case TIME_SINCE_FIRST:
		text_seconds(output->text, time - output->first, 6);
		return;
	case TIME_SINCE_LAST:
		text_seconds(output->text, time - output->last, 6);
		return;
	}
}

/* Host name or address, a dot, the port. The names are the user's own; still escaped. */
static void
write_endpoint(struct output *output, const struct endpoint *end)
{
	const char *host = names_host(output->names, &end->address);
	size_t length = host != NULL ? strlen(host) : 0;
	if (host == NULL)
		address_text(output->text, &end->address);
	else
		text_escape(output->text, host, length < HOST_COLUMNS ? length : HOST_COLUMNS);
	text_char(output->text, '.');
	text_unsigned(output->text, end->port);
}

static void
endpoint(struct output *output, const struct endpoint *end)
{
	struct text *text = output->text;
	unsigned place = (end->port ^ end->address.octets[15]) % OUTPUT_ENDS;
	struct output_end *known = &output->ends[place];
	size_t start = text->length;
	if (known->length != 0 && endpoint_equal(&known->end, end)) {
		/* Of a size that the compiler knows: quicker than only what counts. */
		memcpy(text_reserve(text, sizeof known->text), known->text, sizeof known->text);
		text->length += known->length;
		return;
	}
	write_endpoint(output, end);
	size_t length = text->length - start;
	if (length > sizeof known->text)
		return;
	*known = (struct output_end){.end = *end, .length = length};
	memcpy(known->text, text->at + start, length);
}

void
output_endpoints(struct output *output, const struct message *message)
{
	endpoint(output, &message->packet->source);
	text_string_put(output->text, " > ");
	endpoint(output, &message->packet->destination);
}

/* Not if the user's specification says that it is something else. */
static bool
is_compound(const struct output *output, const struct spec_procedure *procedure)
{
	const struct spec *spec = output->decoder->spec;
	return procedure != NULL &&
	       strcmp(spec_name(spec, procedure->short_name), "COMPOUND") == 0;
}

static void
name_or_number(struct text *text, const char *name, const char *word, uint32_t number)
{
	if (name != NULL) {
		text_string_put(text, name);
		return;
	}
	text_string_put(text, word);
	text_unsigned(text, number);
}

void
output_procedure(struct output *output, const struct message *message,
		 const struct spec_procedure *procedure)
{
	struct text *text = output->text;
	name_or_number(text, names_message_program(output->names, message), "program ",
		       message->program);
	text_string_put(text, " v");
	text_unsigned(text, message->version);
	if (message->has_minor && is_compound(output, procedure)) {
		text_char(text, '.');
		text_unsigned(text, message->minor);
	}
	text_char(text, ' ');
	name_or_number(text,
		       names_found_procedure(output->names, procedure, message->procedure),
		       "procedure ", message->procedure);
}

struct message
output_inner(const struct message *message)
{
	return (struct message){.has_procedure = true,
				.program = message->inner_program,
				.version = message->inner_version,
				.procedure = message->inner_procedure};
}

const char *
output_kind(const struct message *message)
{
	static const char *const names[] = {
		[MESSAGE_CALL] = "call",
		[MESSAGE_REPLY] = "reply",
		[MESSAGE_MALFORMED] = "malformed",
	};
	return names[message->kind];
}

const char *
output_transport(const struct message *message)
{
	return message->packet->transport == TRANSPORT_TCP ? "tcp" : "udp";
}

static void
put_range(struct text *text, const char *what, const struct message *message)
{
	if (!message->has_range)
		return;
	text_string_put(text, what);
	text_unsigned(text, message->low);
	text_string_put(text, " to ");
	text_unsigned(text, message->high);
}

static void
put_auth_stat(struct text *text, uint32_t auth_stat)
{
	const char *name = message_auth_stat_name(auth_stat);
	text_char(text, ' ');
	if (name != NULL)
		text_string_put(text, name);
	else
		text_unsigned(text, auth_stat);
}

void
output_status(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	if (message->status == STATUS_UNKNOWN) {
		text_string_put(text, "no such reply state");
		return;
	}
	/* The documents write them in capitals. */
	for (const char *at = message_status_name(message->status); *at != '\0'; at++)
		text_char(text, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
	if (message->status == STATUS_PROG_MISMATCH)
		put_range(text, ": versions ", message);
	else if (message->status == STATUS_RPC_MISMATCH)
		put_range(text, ": RPC versions ", message);
	else if (message->status == STATUS_AUTH_ERROR)
		put_auth_stat(text, message->auth_stat);
}

bool
output_is_error(const struct message *message)
{
	if (message->kind != MESSAGE_REPLY || message->status == STATUS_SUCCESS)
		return false;
	/* A reply that the capture cut before its state is no error. */
	return message->status != STATUS_UNKNOWN ||
	       message->record->captured == message->record->length;
}

bool
output_is_cut(const struct record *record)
{
	return record->captured < record->length || record->flags & RECORD_UNFINISHED;
}

void
output_cut(struct output *output, const struct record *record)
{
	bool unfinished = record->flags & RECORD_UNFINISHED;
	text_string_put(output->text, unfinished ? "unfinished: " : "cut: ");
	text_unsigned(output->text, record->captured);
	if (record->captured < record->length) {
		text_string_put(output->text, " of ");
		text_unsigned(output->text, record->length);
	}
	text_string_put(output->text, unfinished ? " octets came before the stream ended"
						 : " octets captured");
}

void
output_quote(struct output *output, const struct icmp_error *error)
{
	text_string_put(output->text, "** ");
	text_string_put(output->text, icmp_name(error));
	text_string_put(output->text, ", says ");
	address_text(output->text, &error->reporter);
	text_string_put(output->text, " **");
}

static bool
same(const struct anomaly *a, const struct anomaly *b)
{
	return a->offset == b->offset && strcmp(a->reason, b->reason) == 0;
}

/* The header is read twice, by the fast path and by the walker: both may say the same. */
static bool
told_already(const struct message *message, const struct anomaly *anomaly)
{
	for (unsigned i = 0; i < message->anomaly_count; i++) {
		if (same(&message->anomalies[i], anomaly))
			return true;
	}
	return false;
}

void
output_anomaly(struct output *output, const struct anomaly *anomaly)
{
	text_string_put(output->text, anomaly->reason);
	text_string_put(output->text, " (at ");
	text_hex(output->text, anomaly->offset, 8);
	text_string_put(output->text, ") **\n");
}

void
output_anomalies(struct output *output, const struct message *message,
		 void (*print)(struct output *output, const struct anomaly *anomaly))
{
	for (unsigned i = 0; i < message->anomaly_count; i++)
		print(output, &message->anomalies[i]);
	for (size_t i = 0; i < output->tape.anomaly_count; i++) {
		if (!told_already(message, &output->tape.anomalies[i]))
			print(output, &output->tape.anomalies[i]);
	}
}

void
output_field_flags(struct output *output, const struct field *field)
{
	static const struct {
		uint16_t flag;
		const char *words;
	} rows[] = {
		{FIELD_CUT, "** cut: the capture ends in it **"},
		{FIELD_SHORT, "** the record ends in it **"},
		{FIELD_BAD_PADDING, "** padding is not zero **"},
		{FIELD_OVER_LIMIT, "** longer than the specification allows **"},
		{FIELD_BAD_VALUE, "** no such value **"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!(field->flags & rows[i].flag))
			continue;
		text_char(output->text, ' ');
		text_string_put(output->text, rows[i].words);
	}
}

void
output_decode(struct output *output, const struct message *message, unsigned parts)
{
	decode_message(output->decoder, message, parts, &output->tape);
}

struct value_context
output_context(const struct output *output, const struct message *message)
{
	return (struct value_context){
		.names = output->names, .tape = &output->tape, .message = message};
}

/* Opens the tail's parenthesis, or goes on in it. */
static void
tail_item(struct text *text, bool *open, const char *words)
{
	text_string_put(text, *open ? ", " : " (");
	text_string_put(text, words);
	*open = true;
}

void
output_relations(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	bool open = false;
	if (message->call_frame != 0) {
		tail_item(text, &open, "call in ");
		text_unsigned(text, message->call_frame);
		text_string_put(text, ", ");
		text_duration(text, message->elapsed);
	} else if (message->kind == MESSAGE_REPLY && message->quote == NULL) {
		tail_item(text, &open, "call not seen");
	} else if (message->reply_frame != 0) {
		tail_item(text, &open, "reply in ");
		text_unsigned(text, message->reply_frame);
	}
	if (message->repeat_of != 0) {
		tail_item(text, &open, "repeat of ");
		text_unsigned(text, message->repeat_of);
	}
	if (message->copy_of != 0) {
		tail_item(text, &open,
			  message->quote != NULL ? "sent in " : "captured before in ");
		text_unsigned(text, message->copy_of);
	}
	if (open)
		text_char(text, ')');
}

static int
by_number(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return (left > right) - (left < right);
}

static bool
is_ascending(const struct record *record)
{
	for (size_t i = 1; i < record->extent_count; i++) {
		if (record->extents[i].frame < record->extents[i - 1].frame)
			return false;
	}
	return true;
}

/* Puts a number unless it was the last one. */
static void
put_frame(struct text *text, uint64_t *last, uint64_t frame, const char *separator)
{
	if (frame == *last)
		return;
	if (*last != 0)
		text_string_put(text, separator);
	text_unsigned(text, frame);
	*last = frame;
}

void
output_frames(struct output *output, const struct message *message, const char *separator)
{
	const struct record *record = message->record;
	uint64_t last = 0;
	if (record->extent_count == 0) {
		text_unsigned(output->text, message->packet->frame.number);
		return;
	}
	if (is_ascending(record)) {
		for (size_t i = 0; i < record->extent_count; i++)
			put_frame(output->text, &last, record->extents[i].frame, separator);
		return;
	}
	/* Segments came out of order. */
	uint64_t *frames = memory_get(record->extent_count * sizeof *frames);
	for (size_t i = 0; i < record->extent_count; i++)
		frames[i] = record->extents[i].frame;
	qsort(frames, record->extent_count, sizeof *frames, by_number);
	for (size_t i = 0; i < record->extent_count; i++)
		put_frame(output->text, &last, frames[i], separator);
	free(frames);
}
