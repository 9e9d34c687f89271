/*
 * Where the fields of a struct stand, if nothing in it depends on the octets: each struct that
 * is not too large is gone through once, with the structs in it, and what the walker would add
 * to the tape is noted. All types have their sizes by now, so that no struct holds itself.
 */
#include "load.h"

/* A layout while it is made: its fields are the last ones in spec.places. */
struct draft {
	struct spec *spec;
	size_t first;
	uint32_t octets;
	uint8_t depth, deepest;
};

/* The octets of a leaf of that type; 0 where the sender decides how many there are. */
static uint32_t
leaf_octets(const struct spec_type *type)
{
	switch (type->kind) {
	case SPEC_INT:
	case SPEC_UINT:
	case SPEC_FLOAT:
	case SPEC_BOOL:
	case SPEC_ENUM:
		return 4;
	case SPEC_HYPER:
	case SPEC_UHYPER:
	case SPEC_DOUBLE:
		return 8;
	case SPEC_OPAQUE: /* if it needs no padding, which can be wrong */
		return type->size % 4 == 0 ? type->size : 0;
	default:
		return 0;
	}
}

static struct spec_place *
add_place(struct draft *draft, uint8_t kind, uint32_t length)
{
	struct spec *spec = draft->spec;
	spec->places = memory_grow(spec->places, &spec->place_capacity, spec->place_count + 1,
				   sizeof *spec->places);
	struct spec_place *place = &spec->places[spec->place_count++];
	*place = (struct spec_place){.kind = kind,
				     .depth = draft->depth,
				     .offset = (uint8_t)draft->octets,
				     .length = (uint8_t)length};
	if (draft->deepest < draft->depth)
		draft->deepest = draft->depth;
	return place;
}

static bool
add_leaf(struct draft *draft, const struct spec_part *member, const struct spec_type *shape)
{
	uint32_t octets = leaf_octets(shape);
	if (octets == 0 || octets > LAYOUT_OCTETS - draft->octets ||
	    draft->spec->place_count - draft->first >= LAYOUT_FIELDS)
		return false;
	struct spec_place *place = add_place(draft, shape->kind, octets);
	place->name = member->name;
	place->type = member->type;
	draft->octets += octets;
	return true;
}

static bool
add_struct(struct draft *draft, const struct spec_part *as, const struct spec_type *shape)
{
	struct spec *spec = draft->spec;
	size_t opening = spec->place_count;
	uint32_t octets = draft->octets;
	if (shape->list || opening - draft->first >= LAYOUT_FIELDS)
		return false;
	add_place(draft, SPEC_STRUCT, 0);
	draft->depth++;
	for (uint32_t i = 0; i < shape->count; i++) {
		const struct spec_part *member = &spec->parts[shape->first + i];
		const struct spec_type *inner = spec_resolve(spec, member->type);
		if (!(inner->kind == SPEC_STRUCT ? add_struct(draft, member, inner)
						 : add_leaf(draft, member, inner)))
			return false;
	}
	draft->depth--;
	size_t closing = spec->place_count;
	if (closing - draft->first >= LAYOUT_FIELDS)
		return false;
	add_place(draft, SPEC_VOID, 0);
	struct spec_place *open = &spec->places[opening], *close = &spec->places[closing];
	open->name = close->name = as->name;
	open->type = close->type = as->type;
	open->length = (uint8_t)(draft->octets - octets);
	open->partner = (uint8_t)(closing - draft->first);
	close->partner = (uint8_t)(opening - draft->first);
	return true;
}

void
layout_all(struct load *load)
{
	static const struct spec_part itself = {.name = NAME_NONE, .type = TYPE_VOID};
	struct spec *spec = load->spec;
	for (size_t i = load->mark.types; i < spec->type_count; i++) {
		struct spec_type *type = &spec->types[i];
		struct draft draft = {.spec = spec, .first = spec->place_count};
		if (type->kind != SPEC_STRUCT || !add_struct(&draft, &itself, type)) {
			spec->place_count = draft.first;
			continue;
		}
		spec->layouts = memory_grow(spec->layouts, &spec->layout_capacity,
					    spec->layout_count + 1, sizeof *spec->layouts);
		type->layout = (uint16_t)spec->layout_count;
		spec->layouts[spec->layout_count++] = (struct spec_layout){
			.first = (uint32_t)draft.first,
			.count = (uint8_t)(spec->place_count - draft.first),
			.depth = draft.deepest,
			.octets = (uint8_t)draft.octets};
	}
}
