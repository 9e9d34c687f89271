/*
 * value_plain: what is said of a field whose type has no row of its own.
 *
 * A switch over the field's kind for each form. Numbers come from the field,
 * strings and opaques from the record's octets, always within what is at hand,
 * and never without text_escape().
 */
#include "value_rows.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
value_is_bytes(const struct field *field)
{
	switch (field->kind) {
	case FIELD_OPAQUE:
	case FIELD_STRING:
	case FIELD_PADDING:
	case FIELD_REST:
	case FIELD_QUADRUPLE:
		return true;
	default:
		return false;
	}
}

static bool
is_signed(const struct field *field)
{
	return field->kind == FIELD_INT || field->kind == FIELD_ENUM ||
	       field->kind == FIELD_HYPER;
}

const uint8_t *
value_octets(const struct value_context *context, const struct field *field, uint32_t *size)
{
	const struct tape *tape = context->tape;
	bool counted = field->kind == FIELD_OPAQUE || field->kind == FIELD_STRING ||
		       field->kind == FIELD_QUADRUPLE;
	/* Padding and rest have no content apart from the octets that they stand for. */
	uint32_t at = counted ? field->bytes.at : field->offset;
	uint32_t wanted = counted ? field->bytes.size : field->length;
	if (at > tape->captured)
		at = tape->captured;
	*size = wanted < tape->captured - at ? wanted : tape->captured - at;
	return tape->octets + at;
}

bool
value_has_length_word(const struct value_context *context, const struct field *field)
{
	enum { WORD = 4 };
	return (field->kind == FIELD_STRING || field->kind == FIELD_OPAQUE) &&
	       field->bytes.at == field->offset + WORD &&
	       field->bytes.at <= context->tape->captured;
}

uint32_t
value_declared_size(const struct value_context *context, const struct field *field)
{
	if (!value_has_length_word(context, field))
		return field->bytes.size;
	const uint8_t *word = context->tape->octets + field->offset;
	return (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 |
	       word[3];
}

void
value_quoted(struct text *out, const struct value_context *context, const struct field *field,
	     uint32_t limit)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	uint32_t shown = size;
	if (size > limit) {
		shown = limit;
		/* Not in the middle of a UTF-8 sequence (RFC 3629), which has at most four. */
		for (int i = 0; i < 3 && shown > 0 && (octets[shown] & 0xc0) == 0x80; i++)
			shown--;
	}
	text_char(out, '"');
	text_escape_quoted(out, octets, shown);
	text_string_put(out, shown < size ? "...\"" : "\"");
}

static void
octet_count(struct text *out, uint64_t count)
{
	text_count(out, count, "octet", "octets");
}

void
value_octets_text(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	octet_count(out, size);
	if (size == 0)
		return;
	text_string_put(out, ": ");
	text_octets(out, octets, size < OPAQUE_OCTETS ? size : OPAQUE_OCTETS);
	if (size > OPAQUE_OCTETS)
		text_string_put(out, "...");
}

/*
 * RFC 4506 sections 4.6 and 4.7: IEEE 754, most significant octet first. As many digits as it
 * takes to tell the number from its neighbours.
 */
static void
floating(struct text *out, const struct field *field)
{
	bool single = field->kind == FIELD_FLOAT;
	int digits = single ? FLT_DIG : DBL_DIG,
	    most = single ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
	uint32_t bits = (uint32_t)field->u;
	char number[40];
	float small;
	double value;
	memcpy(&small, &bits, sizeof small);
	memcpy(&value, &field->u, sizeof value);
	if (single)
		value = (double)small;
	do {
		snprintf(number, sizeof number, "%.*g", digits, value);
		double back = single ? (double)strtof(number, NULL) : strtod(number, NULL);
		if (back == value)
			break;
	} while (++digits <= most);
	text_string_put(out, number);
}

void
value_number(struct text *out, const struct field *field)
{
	if (field->kind == FIELD_FLOAT || field->kind == FIELD_DOUBLE)
		floating(out, field);
	else if (is_signed(field))
		text_signed(out, (int64_t)field->u);
	else
		text_unsigned(out, field->u);
}

const char *
value_plain_name(const struct value_context *context, const struct field *field)
{
	if (field->kind == FIELD_ENUM)
		return spec_enum_name(context->tape->spec, field->type, (int64_t)field->u);
	if (field->kind == FIELD_BOOL && field->u <= 1)
		return field->u ? "TRUE" : "FALSE";
	return NULL;
}

void
value_plain_text(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	const char *name = value_plain_name(context, field);
	if (field->kind == FIELD_STRING) {
		value_quoted(out, context, field, QUOTED_IN_TREE);
	} else if (value_is_bytes(field)) {
		value_octets_text(out, context, field);
	} else if (name == NULL) {
		value_number(out, field);
	} else {
		text_string_put(out, name);
		text_string_put(out, " (");
		value_number(out, field);
		text_char(out, ')');
	}
}

/* The word for it, or its name unless it is one that the walker made up; and a blank. */
void
value_line_name(struct text *out, const struct value_context *context,
		const struct field *field, const char *word)
{
	static const bool made_up[NAME_FIXED] = {
		[NAME_NONE] = true,   [NAME_ARGUMENTS] = true, [NAME_RESULTS] = true,
		[NAME_RESULT] = true, [NAME_ARG] = true,
	};
	if (word == NULL)
		word = field->name < NAME_FIXED && made_up[field->name]
			       ? ""
			       : spec_name(context->tape->spec, field->name);
	if (*word == '\0')
		return;
	text_string_put(out, word);
	text_char(out, ' ');
}

void
value_plain_line(struct text *out, const struct value_context *context,
		 const struct field *field, const char *word)
{
	const char *name = value_plain_name(context, field);
	switch (field->kind) {
	case FIELD_COUNT:
	case FIELD_FOLLOWS:
	case FIELD_LENGTH:
	case FIELD_PADDING:
		return;
	case FIELD_STRING:
		value_quoted(out, context, field, QUOTED_IN_LINE);
		return;
	case FIELD_REST:
		octet_count(out, field->length);
		text_string_put(out, " not decoded");
		return;
	case FIELD_OPAQUE:
	case FIELD_QUADRUPLE:
		if (field->bytes.size == 0)
			return;
		value_line_name(out, context, field, word);
		octet_count(out, field->bytes.size);
		return;
	case FIELD_ENUM:
		if (name == NULL)
			break;
		text_string_put(out, name);
		return;
	default:
		break;
	}
	value_line_name(out, context, field, word);
	if (name != NULL)
		text_string_put(out, name);
	else
		value_number(out, field);
}

/* "credential flavor" needs to know the opening that it stands in. The one that
 * contains a field is the last one before it with a smaller depth; header structs are
 * short, so a few steps find it. */
void
value_owner(struct text *out, const struct value_context *context, const struct field *field)
{
	enum { STEPS = 8 };
	const struct tape *tape = context->tape;
	if (context->message == NULL || field->offset >= context->message->body)
		return;
	size_t index = (size_t)(field - tape->fields);
	for (int i = 0; i < STEPS && index > 0; i++) {
		const struct field *before = &tape->fields[--index];
		if (!field_is_open(before) || before->depth >= field->depth)
			continue;
		const char *name = spec_name(tape->spec, before->name);
		if (strcmp(name, "cred") == 0)
			text_string_put(out, "credential ");
		else if (strcmp(name, "verf") == 0)
			text_string_put(out, "verifier ");
		else
			continue;
		return;
	}
}

static void
explain_follows(struct text *out, const struct value_context *context,
		const struct field *field)
{
	const struct tape *tape = context->tape;
	size_t index = (size_t)(field - tape->fields);
	bool optional = index > 0 && tape->fields[index - 1].kind == FIELD_OPEN_OPTIONAL;
	text_unsigned(out, field->u);
	if (field->u > 1)
		text_string_put(out, ": neither 0 nor 1");
	else if (optional)
		text_string_put(out, field->u ? ": it follows" : ": it is left out");
	else
		text_string_put(out, field->u ? ": an entry follows" : ": the list ends");
}

static void
explain_count(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct tape *tape = context->tape;
	size_t index = (size_t)(field - tape->fields);
	text_count(out, field->u, "element", "elements");
	if (index == 0 || tape->fields[index - 1].name < NAME_FIXED)
		return;
	text_string_put(out, " of ");
	text_string_put(out, spec_name(tape->spec, tape->fields[index - 1].name));
}

/* "credential length 24", "length 16 of args": of an opaque that was opened. */
static void
explain_length(struct text *out, const struct value_context *context, const struct field *field)
{
	const struct tape *tape = context->tape;
	size_t index = (size_t)(field - tape->fields), start = out->length;
	value_owner(out, context, field);
	bool owned = out->length > start;
	text_string_put(out, "length ");
	text_unsigned(out, field->u);
	if (owned || index == 0 || tape->fields[index - 1].name < NAME_FIXED)
		return;
	text_string_put(out, " of ");
	text_string_put(out, spec_name(tape->spec, tape->fields[index - 1].name));
}

bool
value_structure_explain(struct text *out, const struct value_context *context,
			const struct field *field)
{
	switch (field->kind) {
	case FIELD_FOLLOWS:
		explain_follows(out, context, field);
		return true;
	case FIELD_COUNT:
		explain_count(out, context, field);
		return true;
	case FIELD_LENGTH:
		explain_length(out, context, field);
		return true;
	case FIELD_PADDING:
		text_string_put(out, "padding up to a multiple of four");
		return true;
	case FIELD_REST:
		octet_count(out, field->length);
		text_string_put(out, " not decoded");
		return true;
	default:
		return false;
	}
}

/* The octets behind the flavor of a credential or a verifier, not what is in them. */
static bool
is_auth_body(const struct value_context *context, const struct field *field)
{
	return field > context->tape->fields && field_is_leaf(field - 1) &&
	       value_row(context, field - 1)->owned;
}

void
value_bytes_explain(struct text *out, const struct value_context *context,
		    const struct field *field, const char *title)
{
	if (field->kind == FIELD_STRING) {
		text_string_put(out, title);
		text_char(out, ' ');
		value_quoted(out, context, field, QUOTED_OCTETS);
		return;
	}
	size_t before = out->length;
	if (is_auth_body(context, field))
		value_owner(out, context, field);
	if (out->length == before && field->bytes.size > 0) {
		text_string_put(out, title);
		text_string_put(out, ", ");
		octet_count(out, field->bytes.size);
		return;
	}
	if (out->length == before) {
		text_string_put(out, title);
		text_char(out, ' ');
	}
	text_string_put(out, "length ");
	text_unsigned(out, field->bytes.size);
	text_string_put(out, field->bytes.size == 0 ? ": no octets" : ": the octets follow");
}
