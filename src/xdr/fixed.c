/*
 * How it works: of a struct of fixed layout (spec_layout) all is known but the values, so
 * that its octets are taken at once and its fields written one behind the other, without a
 * question before each. Where they may not all be at hand, or the tape has no room for all,
 * nothing is done: the walk then goes the usual way, which finds out where it has to stop.
 */
#include "parts.h"

static const uint8_t field_of[SPEC_KINDS] = {
	[SPEC_INT] = FIELD_INT,       [SPEC_UINT] = FIELD_UINT,
	[SPEC_HYPER] = FIELD_HYPER,   [SPEC_UHYPER] = FIELD_UHYPER,
	[SPEC_FLOAT] = FIELD_FLOAT,   [SPEC_DOUBLE] = FIELD_DOUBLE,
	[SPEC_BOOL] = FIELD_BOOL,     [SPEC_ENUM] = FIELD_ENUM,
	[SPEC_OPAQUE] = FIELD_OPAQUE, [SPEC_STRUCT] = FIELD_OPEN_STRUCT,
	[SPEC_VOID] = FIELD_CLOSE,
};

static bool
has_room(const struct walker *walker, const struct spec_layout *layout)
{
	return walker->at_hand - walker->at >= layout->octets &&
	       walker->depth + layout->depth < LIMIT_DEPTH &&
	       walker->tape->count + layout->count + walker->depth + layout->depth <
		       walker->field_limit;
}

/* Of the leaf of a number: what the words there mean. */
static void
set_number(struct walker *walker, struct field *field, uint8_t kind, const int32_t *words)
{
	uint32_t word = IXDR_GET_U_INT32(words);

	switch (kind) {
	case SPEC_INT:
		field->u = (uint64_t)(int64_t)(int32_t)word;
		return;
	case SPEC_HYPER:
	case SPEC_UHYPER:
	case SPEC_DOUBLE:
		field->u = (uint64_t)word << 32 | IXDR_GET_U_INT32(words);
		return;
	case SPEC_BOOL:
		field->u = word;
		leaf_check_bool(walker, field);
		return;
	case SPEC_ENUM:
		field->u = (uint64_t)(int64_t)(int32_t)word;
		leaf_check_enum(walker, field);
		return;
	default:
		field->u = word;
		return;
	}
}

bool
fixed_take(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	const struct spec_layout *layout = &walker->spec->layouts[shape->layout];
	const struct spec_place *places = &walker->spec->places[layout->first];
	uint16_t flags = walker->opened > 0 ? FIELD_FROM_OPENER : 0;
	int32_t words[LAYOUT_OCTETS / 4];
	uint32_t base = (uint32_t)walker->tape->count;
	struct field *fields;

	if (!has_room(walker, layout) ||
	    !XDR_GETBYTES(&walker->cursor, (char *)words, layout->octets))
		return false;
	fields = tape_many(walker->tape, layout->count);
	for (uint32_t i = 0; i < layout->count; i++) {
		const struct spec_place *place = &places[i];
		struct field *field = &fields[i];

		field->name = place->name;
		field->type = place->type;
		field->kind = field_of[place->kind];
		field->depth = (uint8_t)(walker->depth + place->depth);
		field->flags = flags;
		field->offset = walker->at + place->offset;
		field->length = place->length;
		if (place->kind == SPEC_STRUCT)
			field->end = base + place->partner;
		else if (place->kind == SPEC_VOID)
			field->u = base + place->partner;
		else if (place->kind == SPEC_OPAQUE)
			field->bytes.at = field->offset, field->bytes.size = place->length;
		else
			set_number(walker, field, place->kind, &words[place->offset / 4]);
	}
	fields[0].type = fields[layout->count - 1].type = type;
	fields[0].name = fields[layout->count - 1].name = name;
	walker->at += layout->octets;
	return true;
}
