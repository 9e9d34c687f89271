/*
 * line_array: an array or a list in a line: how many elements it has, or, where a few numbers
 * say more than that, which ones. What an element is called is in the row of its type.
 */
#include "forms.h"
#include "value_rows.h"

enum { ELEMENTS = 4 /* of an array of numbers, said one by one */ };

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

/* What a number is called says it all; without a name it is the number. */
static void
put_element(struct text *text, const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	size_t start = text->length;
	if (row->name != NULL)
		row->name(text, context, field);
	else if (value_plain_name(context, field) != NULL)
		text_string_put(text, value_plain_name(context, field));
	if (text->length == start)
		value_number(text, field);
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
		put_element(text, context, &tape->fields[i]);
	}
	return true;
}

const struct value_row *
line_elements(const struct value_context *context, const struct field *opening)
{
	const struct spec *spec = context->tape->spec;
	uint8_t number = spec_meaning(spec, opening->type);
	const struct spec_type *shape = spec_resolve(spec, opening->type);
	if (number == 0 && (shape->kind == SPEC_OPTIONAL || shape->kind == SPEC_ARRAY ||
			    shape->kind == SPEC_ARRAY_VAR))
		number = spec_meaning(spec, shape->element);
	return value_row_of(number);
}

/* "1 entry", "2 entries" */
static void
put_count(struct text *text, uint64_t count, const char *what)
{
	size_t length = strlen(what);
	bool many = count != 1, changes = many && length > 0 && what[length - 1] == 'y';
	text_unsigned(text, count);
	text_char(text, ' ');
	text_put(text, what, changes ? length - 1 : length);
	text_string_put(text, changes ? "ies" : many ? "s" : "");
}

void
line_array(struct text *text, const struct value_context *context, size_t opening)
{
	const struct tape *tape = context->tape;
	const struct field *field = &tape->fields[opening];
	const struct value_row *row = line_elements(context, field);
	size_t start = text->length;
	if (row->hidden)
		return;
	if (row->elements != NULL)
		row->elements(text, context, field);
	if (text->length > start ||
	    (field->kind == FIELD_OPEN_ARRAY && put_short_array(text, context, opening)))
		return;
	uint64_t count = count_elements(tape, opening);
	if (count == 0 && row->whole)
		return; /* an optional one that is not there */
	if (row->counted != NULL) {
		put_count(text, count, row->counted);
		return;
	}
	if (field->name >= NAME_FIXED) {
		text_string_put(text, spec_name(tape->spec, field->name));
		text_char(text, ' ');
	}
	put_count(text, count, "entry");
}
