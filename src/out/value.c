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

#include "object.h"
#include "value_rows.h"

uint8_t
value_meaning(const char *type_name)
{
	for (size_t i = 1; i <= value_rpc_count; i++) {
		if (value_rpc_rows[i].type[0] == type_name[0] &&
		    strcmp(value_rpc_rows[i].type, type_name) == 0)
			return (uint8_t)i;
	}
	size_t number = value_nfs_number(type_name);
	return (uint8_t)(number != 0 ? value_rpc_count + number : 0);
}

/* Numbers go on from one table to the other. */
const struct value_row *
value_row_of(uint8_t number)
{
	if (number <= value_rpc_count)
		return &value_rpc_rows[number]; /* of 0 it is empty */
	number = (uint8_t)(number - value_rpc_count);
	return &value_nfs_rows[number <= value_nfs_count ? number : 0];
}

const struct value_row *
value_row(const struct value_context *context, const struct field *field)
{
	return value_row_of(spec_meaning(context->tape->spec, field->type));
}

bool
value_status_failed(const struct spec *spec, const struct field *field)
{
	return field->kind == FIELD_ENUM &&
	       spec_status_failed(spec, field->type, (int64_t)field->u);
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

/* Are there words for the opening as a whole, so that a line need not look into it? */
bool
value_json_is_whole(const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	return row->whole && row->json != NULL;
}

/* Kinds whose words are about the encoding, whatever the type of what they count. */
static bool
is_structure(const struct field *field)
{
	return field->kind >= FIELD_COUNT;
}

static const char unnamed[] = "element";

/* Elements of arrays have no name of their own, but maybe a type with one. */
const char *
value_title(const struct value_context *context, const struct field *field)
{
	const struct spec *spec = context->tape->spec;
	const char *type = spec_name(spec, spec->types[field->type].name);
	if (field->name != NAME_NONE)
		return spec_name(spec, field->name);
	return *type != '\0' ? type : unnamed;
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
	if (field_is_open(field)) {
		if (row->whole && row->text != NULL)
			row->text(out, context, field);
	} else if (row->text != NULL && !row->whole && !is_structure(field)) {
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
	if (is_structure(field))
		value_plain_line(out, context, field, NULL);
	else if (row->hidden)
		return;
	else if (row->line != NULL && row->whole == field_is_open(field))
		row->line(out, context, field);
	else if (!field_is_open(field))
		value_plain_line(out, context, field, row->word);
}

/* The first leaf of a structure that means one thing says what that is. */
static void
whole_note(struct text *out, const struct value_context *context, const struct field *field)
{
	if (field == context->tape->fields || !field_is_open(field - 1))
		return;
	const struct value_row *row = value_row(context, field - 1);
	size_t start = out->length;
	if (!row->whole || row->text == NULL)
		return;
	text_string_put(out, ": ");
	row->text(out, context, field - 1);
	if (out->length == start + 2)
		text_truncate(out, start);
}

/*
 * The length word, where what is said of the content does not tell it: of text that is cut for
 * the page, and of whatever is not as long as it says.
 */
static void
length_note(struct text *out, const struct value_context *context, const struct field *field)
{
	bool wrong = field->flags & (FIELD_CUT | FIELD_SHORT | FIELD_OVER_LIMIT);
	bool quoted = field->kind == FIELD_STRING ||
		      value_row(context, field)->explain == value_utf8_explain;
	if (!value_has_length_word(context, field))
		return;
	uint32_t size = value_declared_size(context, field);
	if (!wrong && !(quoted && size > QUOTED_OCTETS))
		return;
	text_string_put(out, ", length ");
	text_unsigned(out, size);
	if (!wrong)
		return;
	text_string_put(out, " (");
	text_hex(out, size, 8);
	text_char(out, ')');
}

void
value_explain(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	if (value_structure_explain(out, context, field))
		return;
	if (row->explain != NULL) {
		row->explain(out, context, field);
		length_note(out, context, field);
		return;
	}
	const char *title = row->title != NULL ? row->title : value_title(context, field);
	if (row->owned)
		value_owner(out, context, field);
	if (value_is_bytes(field)) {
		value_bytes_explain(out, context, field, title);
		length_note(out, context, field);
	} else {
		text_string_put(out, title);
		/* Else it would read like the element's place. */
		text_string_put(out, title == unnamed ? ": " : " ");
		put_number(out, field, row);
		put_name(out, context, field, row, " = ", "");
	}
	if (row->note != NULL)
		row->note(out, context, field);
	whole_note(out, context, field);
}

bool
value_is_failure(const struct value_context *context, const struct field *field)
{
	const struct value_row *row = value_row(context, field);
	if (row->status)
		return value_status_failed(context->tape->spec, field);
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

void
value_utf8_json(struct text *out, const struct value_context *context,
		const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	object_quoted_octets(out, octets, size);
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
	if (row->json != NULL && !is_structure(field) && row->whole == field_is_open(field)) {
		row->json(out, context, field);
	} else if (row->members && value_is_bytes(field) && field->length <= 4) {
		text_string_put(out, "{}"); /* nothing was there to be opened */
	} else if (field->kind == FIELD_STRING) {
		value_utf8_json(out, context, field);
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
