/*
 * value: the four ways to print a field, each put together from a row of the
 * table (value_rpc.c) and, where the row is silent, from the field's kind
 * (value_plain.c).
 *
 * A row is found by the name of the field's type, once, when the specification
 * is loaded: spec_type.meaning is its number. To teach the program a type, add a
 * row; no output changes.
 */
#include "value.h"

#include <assert.h>
#include <string.h>

#include "value_rows.h"

uint8_t
value_meaning(const char *type_name)
{
	for (size_t i = 1; i <= value_rpc_count; i++) {
		if (strcmp(value_rpc_rows[i].type, type_name) == 0)
			return (uint8_t)i;
	}
	return 0;
}

const struct value_row *
value_row(const struct value_context *context, const struct field *field)
{
	static const struct value_row empty;
	uint8_t number = spec_meaning(context->tape->spec, field->type);
	return number > 0 && number <= value_rpc_count ? &value_rpc_rows[number] : &empty;
}

/* " = NAME", " (NAME)": nothing at all when there is no name. */
static void
put_name(struct text *out, const struct value_context *context, const struct field *field,
	 const struct value_row *row, const char *before, const char *after)
{
	size_t start = out->length;
	text_string_put(out, before);
	size_t name = out->length;
	const char *plain = value_plain_name(context, field);
	if (row->name != NULL)
		row->name(out, context, field);
	else if (plain != NULL)
		text_string_put(out, plain);
	if (out->length == name)
		text_truncate(out, start);
	else
		text_string_put(out, after);
}

static void
put_number(struct text *out, const struct field *field, const struct value_row *row)
{
	if (row->hexadecimal)
		text_hex(out, field->u, 8);
	else
		value_number(out, field);
}

/* Kinds whose words are about the encoding, whatever the type of what they count. */
static bool
is_structure(const struct field *field)
{
	return field->kind >= FIELD_COUNT;
}

/* Elements of arrays have no name of their own, but maybe a type with one. */
const char *
value_title(const struct value_context *context, const struct field *field)
{
	const struct spec *spec = context->tape->spec;
	const char *type = spec_name(spec, spec->types[field->type].name);
	if (field->name != NAME_NONE)
		return spec_name(spec, field->name);
	return *type != '\0' ? type : "element";
}

void
value_note(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	if (row->note != NULL && !is_structure(field))
		row->note(out, context, field);
}

void
value_text(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	if (row->text != NULL && !is_structure(field)) {
		row->text(out, context, field);
	} else if (is_structure(field) || value_is_bytes(field) || field->kind == FIELD_ENUM) {
		value_plain_text(out, context, field);
	} else {
		put_number(out, field, row);
		put_name(out, context, field, row, " (", ")");
	}
}

void
value_line(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	if (row->line != NULL && !is_structure(field))
		row->line(out, context, field);
	else
		value_plain_line(out, context, field);
}

void
value_explain(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	if (value_structure_explain(out, context, field))
		return;
	if (row->explain != NULL) {
		row->explain(out, context, field);
		return;
	}
	const char *title = row->title != NULL ? row->title : value_title(context, field);
	if (row->owned)
		value_owner(out, context, field);
	if (value_is_bytes(field)) {
		value_bytes_explain(out, context, field, title);
	} else {
		text_string_put(out, title);
		text_char(out, ' ');
		put_number(out, field, row);
		put_name(out, context, field, row, " = ", "");
	}
	if (row->note != NULL)
		row->note(out, context, field);
}

bool
value_is_failure(const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	return row->failed != NULL && !is_structure(field) && row->failed(context, field);
}

static void
json_hex(struct text *out, const struct value_context *context, const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	text_char(out, '"');
	text_octets(out, octets, size);
	text_char(out, '"');
}

static void
json_string(struct text *out, const struct value_context *context, const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	text_char(out, '"');
	text_escape_json(out, octets, size);
	text_char(out, '"');
}

/* JSON has neither infinities nor NaN (RFC 8259 section 6): those are strings. */
static void
json_floating(struct text *out, const struct field *field)
{
	size_t start = out->length;
	text_char(out, '"');
	value_number(out, field);
	char last = out->at[out->length - 1];
	if (last >= '0' && last <= '9') {
		memmove(out->at + start, out->at + start + 1, out->length - start - 1);
		text_truncate(out, out->length - 1);
	} else {
		text_char(out, '"');
	}
}

void
value_json(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	const char *name = value_plain_name(context, field);
	if (row->json != NULL && !is_structure(field)) {
		row->json(out, context, field);
	} else if (field->kind == FIELD_STRING) {
		json_string(out, context, field);
	} else if (value_is_bytes(field)) {
		json_hex(out, context, field);
	} else if (field->kind == FIELD_FLOAT || field->kind == FIELD_DOUBLE) {
		json_floating(out, field);
	} else if (field->kind == FIELD_BOOL && field->u <= 1) {
		text_string_put(out, field->u ? "true" : "false");
	} else if (field->kind == FIELD_HYPER || field->kind == FIELD_UHYPER || name != NULL) {
		text_char(out, '"');
		if (name != NULL)
			text_string_put(out, name);
		else
			value_number(out, field);
		text_char(out, '"');
	} else {
		value_number(out, field);
	}
}
