/*
 * line: one line a message, after tcpdump's manner.
 *
 * A line is head (frame, time, endpoints, kind, xid), procedure, what went
 * wrong, a summary of the body, tail (the call, repeats, anomalies). The summary
 * is a loop over the tape: value_line() says what a leaf looks like, or that it
 * does not matter here; arrays and lists are counts. When the line is too long
 * the summary gives way, never the tail: it is cut out of the middle at the end.
 */
#include <string.h>

#include "forms.h"
#include "limits.h"

enum {
	ITEMS = 8,       /* of a body, in its summary */
	ELEMENTS = 4,    /* of an array of numbers, said one by one */
	TOLD = 2,        /* anomalies said in full */
	FRAME_WIDTH = 5, /* columns for the frame number, while it fits */
	KIND_WIDTH = 6,
};

#define RED   "\033[1;31m"
#define PLAIN "\033[0m"

static void
put_frame(struct text *text, uint64_t frame)
{
	size_t digits = 1;
	for (uint64_t rest = frame; rest >= 10; rest /= 10)
		digits++;
	if (digits < FRAME_WIDTH)
		text_fill(text, ' ', FRAME_WIDTH - digits);
	text_unsigned(text, frame);
}

static void
put_head(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	put_frame(text, message->packet->frame.number);
	text_char(text, ' ');
	output_time(output, message->packet->frame.time);
	text_char(text, ' ');
	text_string_put(text, output_transport(message));
	text_char(text, ' ');
	output_endpoints(output, message);
	text_string_put(text, ": ");
	if (message->quote != NULL) {
		output_quote(output, message->quote);
		text_string_put(text, " quoted ");
	}
	if (message->kind == MESSAGE_MALFORMED)
		return;
	size_t kind = text->length;
	text_string_put(text, output_kind(message));
	text_pad_to(text, kind, KIND_WIDTH);
	text_string_put(text, "0x");
	text_hex(text, message->xid, 8);
}

static void
put_procedure(struct output *output, uint32_t program, uint32_t version, uint32_t procedure)
{
	struct text *text = output->text;
	text_char(text, ' ');
	output_program(output, program);
	text_string_put(text, " v");
	text_unsigned(text, version);
	text_char(text, ' ');
	output_procedure_of(output, program, version, procedure);
}

/* Elements of an array, or items of a list. */
static uint64_t
count_elements(const struct tape *tape, size_t opening)
{
	uint64_t count = 0;
	for (size_t i = opening + 1; i < tape->fields[opening].end; i = tape_skip(tape, i)) {
		uint8_t kind = tape->fields[i].kind;
		if (kind == FIELD_COUNT)
			return tape->fields[i].u;
		if (kind != FIELD_FOLLOWS && kind != FIELD_REST)
			count++;
	}
	return count;
}

/* A few numbers say more than how many they are: security flavors, for one. */
static bool
put_short_array(struct text *text, const struct value_context *context, size_t opening)
{
	const struct tape *tape = context->tape;
	size_t first = opening + 1, end = tape->fields[opening].end;
	if (first < end && tape->fields[first].kind == FIELD_COUNT)
		first++;
	if (first == end || end - first > ELEMENTS)
		return false;
	for (size_t i = first; i < end; i++) {
		uint8_t kind = tape->fields[i].kind;
		if (kind != FIELD_INT && kind != FIELD_UINT && kind != FIELD_ENUM)
			return false;
	}
	text_string_put(text, spec_name(tape->spec, tape->fields[opening].name));
	for (size_t i = first; i < end; i++) {
		text_char(text, i == first ? ' ' : ',');
		value_text(text, context, &tape->fields[i]);
	}
	return true;
}

static void
put_array(struct text *text, const struct value_context *context, size_t opening)
{
	const struct tape *tape = context->tape;
	const struct field *field = &tape->fields[opening];
	if (field->kind == FIELD_OPEN_ARRAY && put_short_array(text, context, opening))
		return;
	uint64_t count = count_elements(tape, opening);
	if (field->name >= NAME_FIXED) {
		text_string_put(text, spec_name(tape->spec, field->name));
		text_char(text, ' ');
	}
	text_unsigned(text, count);
	text_string_put(text, count == 1 ? " entry" : " entries");
}

/* A result's own status that is not success stands out like RPC's. */
static void
put_result_status(struct text *text, const struct value_context *context,
		  const struct field *field)
{
	if (field->u == 0) {
		value_line(text, context, field);
		return;
	}
	text_string_put(text, "** ");
	value_text(text, context, field);
	text_string_put(text, " **");
}

/* Openings that are looked into; false for those that are said as a count. */
static bool
is_looked_into(const struct field *field)
{
	return field_is_open(field) && field->kind != FIELD_OPEN_ARRAY &&
	       field->kind != FIELD_OPEN_LIST;
}

/* One leaf, array or list; false when it does not matter in a line. */
static bool
put_item(struct text *text, const struct value_context *context, size_t index, size_t status)
{
	const struct field *field = &context->tape->fields[index];
	size_t before = text->length;
	text_char(text, ' ');
	if (field_is_open(field))
		put_array(text, context, index);
	else if (index == status)
		put_result_status(text, context, field);
	else
		value_line(text, context, field);
	if (text->length > before + 1)
		return true;
	text_truncate(text, before);
	return false;
}

static void
put_fields(struct text *text, const struct value_context *context, size_t body)
{
	const struct tape *tape = context->tape;
	size_t status = decode_result_status(tape), next;
	unsigned items = 0;
	for (size_t i = body + 1; i < tape->fields[body].end; i = next) {
		const struct field *field = &tape->fields[i];
		next = is_looked_into(field) ? i + 1 : tape_skip(tape, i);
		/* What stands in an opened opaque is a message of its own. */
		if (field->kind == FIELD_OPEN_OPAQUE && text->at[text->length - 1] != ':')
			text_char(text, ':');
		if (is_looked_into(field) || field->kind == FIELD_CLOSE)
			continue;
		if (items == ITEMS) {
			text_string_put(text, " ...");
			return;
		}
		items += put_item(text, context, i, status);
	}
	if (text->at[text->length - 1] == ':')
		text_truncate(text, text->length - 1);
}

static void
put_body(struct output *output, const struct message *message)
{
	struct value_context context = output_context(output, message);
	const struct tape *tape = &output->tape;
	size_t body = decode_body(tape);
	if (body != SIZE_MAX) {
		put_fields(output->text, &context, body);
		return;
	}
	/* Octets that no specification describes. */
	for (size_t i = 0; i < tape->count; i++) {
		if (tape->fields[i].length == 0)
			continue;
		text_string_put(output->text, ", ");
		text_unsigned(output->text, tape->fields[i].length);
		text_string_put(output->text, " octets");
		return;
	}
}

static void
put_anomalies(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	size_t count = message->anomaly_count + output->tape.anomaly_count;
	unsigned told = 0;
	for (; told < message->anomaly_count && told < TOLD; told++) {
		text_string_put(text, " [malformed: ");
		text_string_put(text, message->anomalies[told].reason);
		text_char(text, ']');
	}
	for (size_t i = 0; told < TOLD && i < output->tape.anomaly_count; i++, told++) {
		text_string_put(text, " [malformed: ");
		text_string_put(text, output->tape.anomalies[i].reason);
		text_char(text, ']');
	}
	if (count <= told)
		return;
	text_string_put(text, " [");
	text_unsigned(text, count - told);
	text_string_put(text, " more]");
}

static void
put_tail(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	output_relations(output, message);
	if (output_is_cut(message->record)) {
		text_string_put(text, " [");
		output_cut(output, message->record);
		text_char(text, ']');
	}
	put_anomalies(output, message);
}

/* Takes what is too long out of [from, to), which the tail follows. */
static void
cut_summary(struct text *text, size_t start, size_t from, size_t to)
{
	static const char dots[] = "...";
	size_t length = text->length - start;
	if (length < LIMIT_LINE_COLUMNS)
		return;
	size_t excess = length - LIMIT_LINE_COLUMNS + 1 + strlen(dots);
	size_t keep = to - from > excess ? to - excess : from;
	/* Not in the middle of a UTF-8 sequence. */
	while (keep > from && ((uint8_t)text->at[keep] & 0xc0) == 0x80)
		keep--;
	if (to - keep > strlen(dots)) {
		size_t tail = text->length - to;
		memcpy(text->at + keep, dots, strlen(dots));
		memmove(text->at + keep + strlen(dots), text->at + to, tail);
		text_truncate(text, keep + strlen(dots) + tail);
	}
	if (text->length - start < LIMIT_LINE_COLUMNS)
		return;
	text_truncate(text, start + LIMIT_LINE_COLUMNS - 1 - strlen(dots));
	while (text->length > start && ((uint8_t)text->at[text->length] & 0xc0) == 0x80)
		text_truncate(text, text->length - 1);
	text_string_put(text, dots);
}

/* What stands between two stars is red on a terminal that has colours. */
static void
color_alarms(struct text *text, size_t start)
{
	char line[LIMIT_LINE_COLUMNS + 1];
	size_t length = text->length - start;
	bool red = false;
	if (length >= sizeof line)
		return;
	memcpy(line, text->at + start, length);
	text_truncate(text, start);
	for (size_t i = 0; i < length; i++) {
		bool stars = i + 1 < length && line[i] == '*' && line[i + 1] == '*';
		if (stars && !red)
			text_string_put(text, RED);
		text_char(text, line[i]);
		if (!stars)
			continue;
		text_char(text, line[++i]);
		if (red)
			text_string_put(text, PLAIN);
		red = !red;
	}
	if (red)
		text_string_put(text, PLAIN);
}

static void
put_call_or_reply(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	if (message->has_procedure)
		put_procedure(output, message->program, message->version, message->procedure);
	if (message->has_inner && message->kind == MESSAGE_REPLY)
		put_procedure(output, message->inner_program, message->inner_version,
			      message->inner_procedure);
	if (output_is_error(message)) {
		text_string_put(text, " ** ");
		output_status(output, message);
		text_string_put(text, " **");
	}
}

static void
line_message(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	size_t start = text->length;
	output_decode(output, message, DECODE_BODY);
	put_head(output, message);
	if (message->kind == MESSAGE_MALFORMED) {
		text_string_put(text, "** no RPC message ** ");
		text_unsigned(text, message->record->length);
		text_string_put(text, " octets");
	} else {
		put_call_or_reply(output, message);
	}
	size_t summary = text->length;
	if (message->kind != MESSAGE_MALFORMED && !output_is_error(message))
		put_body(output, message);
	size_t tail = text->length;
	put_tail(output, message);
	cut_summary(text, start, summary, tail);
	if (output->color)
		color_alarms(text, start);
	text_char(text, '\n');
}

const struct output_form output_line = {
	.name = "line", .message = line_message, .summary = output_summary_text};
