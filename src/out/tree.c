/*
 * tree: every field of a message on a line of its own, indented by its depth.
 *
 * A loop over the tape with the header and the body: the offset in the record, the
 * name, the value and what it means. A structure that means one thing (a time) says so
 * and has its members below. Elements of arrays and lists have no name: their
 * place stands for it. What breaks a standard is marked at the field.
 */
#include "forms.h"
#include "limits.h"
#include "value_rows.h"

enum {
	INDENT = 2,
	DEPTHS = UINT8_MAX + 1,
};

static void
put_head(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	text_string_put(text, message->record->extent_count > 1 ? "frames " : "frame ");
	output_frames(output, message, ", ");
	text_string_put(text, "  ");
	if (output->time_form == TIME_OF_DAY)
		text_time_rfc3339(text, message->packet->frame.time);
	else
		output_time(output, message->packet->frame.time);
	text_string_put(text, "  ");
	text_string_put(text, output_transport(message));
	text_char(text, ' ');
	output_endpoints(output, message);
	text_string_put(text, "  ");
	text_unsigned(text, message->record->length);
	text_string_put(text, " octets");
	if (message->flow != NULL) {
		text_string_put(text, "  session ");
		text_unsigned(text, message->flow->session);
	}
	text_char(text, '\n');
}

/* "call portmapper v2 GETPORT (reply in 2)" */
static void
put_kind(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	if (message->quote != NULL) {
		output_quote(output, message->quote);
		text_string_put(text, " quoted ");
	}
	text_string_put(text, output_kind(message));
	if (message->has_procedure) {
		text_char(text, ' ');
		output_procedure(output, message, output->tape.procedure);
	}
	if (output_is_error(message)) {
		text_string_put(text, " ** ");
		output_status(output, message);
		text_string_put(text, " **");
	}
	output_relations(output, message);
	text_char(text, '\n');
}

/* The name of the field; the place of an element, counted for the opening it is in. */
static void
put_name(struct text *text, const struct tape *tape, const struct field *field,
	 uint32_t places[static DEPTHS])
{
	if (field->name != NAME_NONE) {
		text_string_put(text, spec_name(tape->spec, field->name));
		return;
	}
	text_char(text, '[');
	text_unsigned(text, places[field->depth]++);
	text_char(text, ']');
}

static void
put_field(struct output *output, const struct value_context *context, const struct field *field,
	  uint32_t places[static DEPTHS])
{
	struct text *text = output->text;
	text_string_put(text, "  ");
	text_hex(text, field->offset, 8);
	text_fill(text, ' ', INDENT + (size_t)field->depth * INDENT);
	put_name(text, &output->tape, field, places);
	size_t before = text->length;
	text_string_put(text, " = ");
	size_t value = text->length;
	value_text(text, context, field);
	if (field_is_leaf(field))
		value_note(text, context, field);
	else if (text->length == value) /* its members say it all */
		text_truncate(text, before);
	if (field_is_open(field) && field->depth < DEPTHS - 1)
		places[field->depth + 1] = 0;
	output_field_flags(output, field);
	text_char(text, '\n');
}

static void
put_anomaly(struct output *output, const struct anomaly *anomaly)
{
	text_string_put(output->text, "  ** ");
	output_anomaly(output, anomaly);
}

static void
tree_message(struct output *output, const struct message *message)
{
	uint32_t places[DEPTHS] = {0};
	output_decode(output, message, DECODE_HEADER | DECODE_BODY);
	struct value_context context = output_context(output, message);
	put_head(output, message);
	put_kind(output, message);
	for (size_t i = 0; i < output->tape.count; i++) {
		if (output->tape.fields[i].kind != FIELD_CLOSE)
			put_field(output, &context, &output->tape.fields[i], places);
	}
	if (output_is_cut(message->record)) {
		text_string_put(output->text, "  ** ");
		output_cut(output, message->record);
		text_string_put(output->text, " **\n");
	}
	output_anomalies(output, message, put_anomaly);
	text_char(output->text, '\n');
}

const struct output_form output_tree = {
	.name = "tree", .message = tree_message, .summary = output_summary_text};
