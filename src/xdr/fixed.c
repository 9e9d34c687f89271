/*
 * How it works: of a struct of fixed layout (spec_layout) all is known but the values, so
 * that its octets are taken at once and its fields written one behind the other, without a
 * question before each. Where they may not all be at hand, or the tape has no room for all,
 * nothing is done: the walk then goes the usual way, which finds out where it has to stop.
 */
#include "parts.h"

/* Every struct that is open needs a field to close it, here as in walker_ready(): hence a field
 * more for each level that is entered. */
static bool
has_room(const struct walker *walker, const struct spec_layout *layout)
{
	return walker->at_hand - walker->at >= layout->octets &&
	       walker->depth + layout->depth < LIMIT_DEPTH &&
	       walker->tape->count + layout->count + walker->depth + layout->depth <
		       walker->field_limit;
}

/* What the words there mean. */
static void
set_value(struct walker *walker, struct field *field, uint8_t kind, const int32_t *words)
{
	uint32_t word = IXDR_GET_U_INT32(words);

	field->u = word;
	switch (kind) {
	case SPEC_INT:
		field->kind = FIELD_INT;
		field->u = (uint64_t)(int64_t)(int32_t)word;
		return;
	case SPEC_UINT:
		field->kind = FIELD_UINT;
		return;
	case SPEC_FLOAT:
		field->kind = FIELD_FLOAT;
		return;
	case SPEC_HYPER:
	case SPEC_UHYPER:
	case SPEC_DOUBLE:
		field->kind = kind == SPEC_UHYPER  ? FIELD_UHYPER
			      : kind == SPEC_HYPER ? FIELD_HYPER
						   : FIELD_DOUBLE;
		field->u = (uint64_t)word << 32 | IXDR_GET_U_INT32(words);
		return;
	case SPEC_BOOL:
		field->kind = FIELD_BOOL;
		leaf_check_bool(walker, field);
		return;
	case SPEC_ENUM:
		field->kind = FIELD_ENUM;
		field->u = (uint64_t)(int64_t)(int32_t)word;
		leaf_check_enum(walker, field);
		return;
	default:
		field->kind = FIELD_OPAQUE;
		field->bytes.at = field->offset;
		field->bytes.size = field->length;
		return;
	}
}

bool
fixed_take(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	const struct spec_layout layout = walker->spec->layouts[shape->layout];
	const struct spec_place *place = &walker->spec->places[layout.first];
	uint32_t base = (uint32_t)walker->tape->count, at = walker->at;
	uint16_t flags = walker->opened > 0 ? FIELD_FROM_OPENER : 0;
	uint8_t depth = walker->depth;
	int32_t words[LAYOUT_OCTETS / 4];
	struct field *first, *behind;

	if (!has_room(walker, &layout) ||
	    !XDR_GETBYTES(&walker->cursor, (char *)words, layout.octets))
		return false;
	first = tape_many(walker->tape, layout.count);
	behind = first + layout.count;
	for (struct field *field = first; field < behind; field++, place++) {
		field->name = place->name;
		field->type = place->type;
		field->depth = (uint8_t)(depth + place->depth);
		field->flags = flags;
		field->offset = at + place->offset;
		field->length = place->length;
		if (place->kind == SPEC_STRUCT) {
			field->kind = FIELD_OPEN_STRUCT;
			field->end = base + place->partner;
		} else if (place->kind == SPEC_VOID) {
			field->kind = FIELD_CLOSE;
			field->u = base + place->partner;
		} else {
			set_value(walker, field, place->kind, &words[place->offset / 4]);
		}
	}
	first[0].type = behind[-1].type = type;
	first[0].name = behind[-1].name = name;
	walker->at += layout.octets;
	return true;
}
