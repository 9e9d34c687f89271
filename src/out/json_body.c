/*
 * json_body: what a tape holds as members of a JSON object.
 *
 * It follows the tape: structures are objects, arrays and lists are arrays, an
 * optional is null or its value, a union has its discriminant and then the members
 * of its arm. Nesting is bounded by the walker's LIMIT_DEPTH. Two members of one
 * object never bear the same name: the names used so far stand on a small stack; an
 * arm with one of them is an object of its own, and any other second one gets a number.
 */
#include "decode.h"
#include "forms.h"
#include "value_rows.h"

enum { NAMES = 512 }; /* on the stack; members beyond it are not told apart */

struct body_writer {
	struct text *text;
	struct value_context context;
	uint16_t names[NAMES];
	size_t object, used; /* names of the object being written: [object, used) */
};

static void put_value(struct body_writer *writer, size_t index);

/* How often the object has that name already. */
static unsigned
count_name(const struct body_writer *writer, uint16_t name)
{
	unsigned count = 0;
	for (size_t i = writer->object; i < writer->used; i++)
		count += writer->names[i] == name;
	return count;
}

static void
put_member_name(struct body_writer *writer, const struct field *field)
{
	struct text *text = writer->text;
	unsigned before = count_name(writer, field->name);
	if (text->at[text->length - 1] != '{')
		text_char(text, ',');
	text_char(text, '"');
	text_string_put(text, spec_name(writer->context.tape->spec, field->name));
	if (before > 0) {
		text_char(text, '_');
		text_unsigned(text, before + 1);
	}
	text_string_put(text, "\":");
	if (writer->used < NAMES)
		writer->names[writer->used++] = field->name;
}

/* Fields that are about the encoding and no part of the value. */
static bool
is_silent(const struct field *field)
{
	return field->kind == FIELD_COUNT || field->kind == FIELD_FOLLOWS ||
	       field->kind == FIELD_LENGTH || field->kind == FIELD_PADDING;
}

/*
 * Does the object have a name already that a member of the arm bears? By the specification, so
 * that what is cut short has the same shape.
 */
static bool
has_name_of(const struct body_writer *writer, const struct field *arm)
{
	const struct spec *spec = writer->context.tape->spec;
	const struct spec_type *shape = spec_resolve(spec, arm->type);
	if (shape->kind == SPEC_UNION)
		return count_name(writer, shape->name_of_element) > 0;
	for (uint32_t i = 0; shape->kind == SPEC_STRUCT && i < shape->count; i++) {
		if (count_name(writer, spec->parts[shape->first + i].name) > 0)
			return true;
	}
	return false;
}

/* What stands in an opening, as members of the object being written. */
static void
put_members(struct body_writer *writer, size_t opening)
{
	const struct tape *tape = writer->context.tape;
	bool in_union = tape->fields[opening].kind == FIELD_OPEN_UNION;
	for (size_t i = opening + 1; i < tape->fields[opening].end; i = tape_skip(tape, i)) {
		const struct field *field = &tape->fields[i];
		bool arm = in_union && i > opening + 1;
		if (is_silent(field))
			continue;
		if (arm &&
		    (field->kind == FIELD_OPEN_STRUCT || field->kind == FIELD_OPEN_UNION) &&
		    !has_name_of(writer, field)) {
			put_members(writer, i);
			continue;
		}
		put_member_name(writer, field);
		put_value(writer, i);
	}
}

static void
put_object(struct body_writer *writer, size_t opening)
{
	size_t object = writer->object, used = writer->used;
	writer->object = used;
	text_char(writer->text, '{');
	put_members(writer, opening);
	text_char(writer->text, '}');
	writer->object = object;
	writer->used = used;
}

static void
put_array(struct body_writer *writer, size_t opening)
{
	const struct tape *tape = writer->context.tape;
	bool first = true;
	text_char(writer->text, '[');
	for (size_t i = opening + 1; i < tape->fields[opening].end; i = tape_skip(tape, i)) {
		if (is_silent(&tape->fields[i]))
			continue;
		if (!first)
			text_char(writer->text, ',');
		first = false;
		put_value(writer, i);
	}
	text_char(writer->text, ']');
}

/* The one thing in an optional, or in an opaque that an opener decoded; an object of its own
 * when there is something left behind it. */
static void
put_content(struct body_writer *writer, size_t opening, const char *nothing)
{
	const struct tape *tape = writer->context.tape;
	size_t only = SIZE_MAX, count = 0;
	for (size_t i = opening + 1; i < tape->fields[opening].end; i = tape_skip(tape, i)) {
		if (is_silent(&tape->fields[i]))
			continue;
		only = i;
		count++;
	}
	bool members = value_row(&writer->context, &tape->fields[opening])->members;
	if (count == 0)
		text_string_put(writer->text, nothing);
	else if (count == 1 && !members)
		put_value(writer, only);
	else
		put_object(writer, opening);
}

static void
put_value(struct body_writer *writer, size_t index)
{
	const struct field *field = &writer->context.tape->fields[index];
	switch (field->kind) {
	case FIELD_OPEN_STRUCT:
	case FIELD_OPEN_UNION:
		put_object(writer, index);
		return;
	case FIELD_OPEN_ARRAY:
		if (value_json_is_whole(&writer->context, field))
			value_json(writer->text, &writer->context, field);
		else
			put_array(writer, index);
		return;
	case FIELD_OPEN_LIST:
		put_array(writer, index);
		return;
	case FIELD_OPEN_OPTIONAL:
		put_content(writer, index, "null");
		return;
	case FIELD_OPEN_OPAQUE:
		put_content(writer, index, "\"\"");
		return;
	default:
		value_json(writer->text, &writer->context, field);
		return;
	}
}

static void
begin(struct body_writer *writer, struct text *text, const struct value_context *context)
{
	writer->text = text;
	writer->context = *context;
	writer->object = writer->used = 0;
}

void
json_members(struct text *text, const struct value_context *context, size_t opening)
{
	struct body_writer writer;
	begin(&writer, text, context);
	put_members(&writer, opening);
}

void
json_body(struct text *text, const struct value_context *context)
{
	const struct tape *tape = context->tape;
	size_t body = decode_body(tape), envelope = decode_envelope(tape);
	struct body_writer writer;
	begin(&writer, text, context);
	text_char(text, '{');
	for (size_t i = 0; i < tape->count; i = tape_skip(tape, i)) {
		const struct field *field = &tape->fields[i];
		if (field_is_open(field)) {
			if (i == body || (i == envelope && body == SIZE_MAX))
				put_members(&writer, i);
			else if (i == envelope)
				put_members(&writer, body);
		} else if (!is_silent(field)) {
			put_member_name(&writer, field);
			put_value(&writer, i);
		}
	}
	text_char(text, '}');
}
