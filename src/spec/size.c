/*
 * How many octets a value takes at least (RFC 4506: everything is a multiple of four), and what
 * is refused because of it: a type that holds itself by value has no size, unless that is in
 * an arm of a union, where another arm ends it (the walker bounds the depth); elements without
 * octets could be counted without end; a value that is larger than any record cannot be
 * received. Depth first over what a type holds by value, each type once, the depth bounded; a
 * sum stops at LIMIT_RECORD, so no chain of arrays of arrays can overflow it.
 */
#include <stdlib.h>

#include "load.h"

enum state { UNKNOWN, OPEN, KNOWN };

struct sizing {
	struct load *load;
	uint8_t *state; /* by type id from the mark on: of its size */
	uint8_t *depth; /* how deep it goes by value */
	uint8_t *open;  /* how deep the way down was when it was opened */
	unsigned arm;   /* how deep the innermost arm on the way down is; 0 none */
};

static bool size_type(struct sizing *sizing, uint16_t id, unsigned depth);

static struct position
position_of(const struct load *load, uint16_t id)
{
	return load->type_at[id - load->mark.types];
}

static const char *
type_name(const struct load *load, uint16_t id)
{
	const struct spec_type *type = &load->spec->types[id];
	return type->name ? spec_name(load->spec, type->name) : "a type without a name";
}

/* Of a type that `id` holds by value. */
static bool
size_of(struct sizing *sizing, uint16_t id, uint16_t held, unsigned depth, uint64_t *size)
{
	const struct load *load = sizing->load;
	if (!size_type(sizing, held, depth + 1))
		return false;
	if (held >= load->mark.types) {
		uint8_t *own = &sizing->depth[id - load->mark.types];
		uint8_t below = sizing->depth[held - load->mark.types];
		if (*own < below + 1)
			*own = (uint8_t)(below + 1);
	}
	*size = load->spec->types[held].minimum;
	return true;
}

static bool
size_struct(struct sizing *sizing, uint16_t id, unsigned depth, uint64_t *minimum)
{
	const struct spec *spec = sizing->load->spec;
	for (uint32_t i = 0; i < spec->types[id].count; i++) {
		uint64_t size;
		if (!size_of(sizing, id, spec->parts[spec->types[id].first + i].type, depth,
			     &size))
			return false;
		*minimum += size;
	}
	return true;
}

/* The discriminant and the smallest arm. */
static bool
size_union(struct sizing *sizing, uint16_t id, unsigned depth, uint64_t *minimum)
{
	const struct spec *spec = sizing->load->spec;
	uint64_t least = UINT64_MAX, size;
	unsigned outer = sizing->arm;
	sizing->arm = depth + 1;
	for (uint32_t i = 0; i < spec->types[id].count; i++) {
		if (!size_of(sizing, id, spec->parts[spec->types[id].first + i].type, depth,
			     &size))
			return false;
		least = size < least ? size : least;
	}
	sizing->arm = outer;
	if (!size_of(sizing, id, spec->types[id].element, depth, &size))
		return false;
	*minimum = size + least;
	return true;
}

static bool
size_array(struct sizing *sizing, uint16_t id, unsigned depth, uint64_t *minimum)
{
	const struct spec_type *type = &sizing->load->spec->types[id];
	uint64_t size;
	if (!size_of(sizing, id, type->element, depth, &size))
		return false;
	*minimum = size * type->size; /* both below 2^32 */
	return true;
}

static bool
size_kind(struct sizing *sizing, uint16_t id, unsigned depth, uint64_t *minimum)
{
	const struct spec_type *type = &sizing->load->spec->types[id];
	*minimum = 4;
	switch ((enum spec_kind)type->kind) {
	case SPEC_OPAQUE:
		*minimum = ((uint64_t)type->size + 3) / 4 * 4;
		return true;
	case SPEC_STRUCT:
		*minimum = 0;
		return size_struct(sizing, id, depth, minimum);
	case SPEC_UNION:
		return size_union(sizing, id, depth, minimum);
	case SPEC_ARRAY:
		return size_array(sizing, id, depth, minimum);
	case SPEC_ALIAS:
		return size_of(sizing, id, type->element, depth, minimum);
	default: /* a length, a count, a "follows" or a word; fixed types are sized already */
		return true;
	}
}

/* `depth` is that of the way down to it: what it holds is at most as deep as the limit. */
static bool
size_type(struct sizing *sizing, uint16_t id, unsigned depth)
{
	struct load *load = sizing->load;
	uint64_t minimum;
	if (id < load->mark.types || sizing->state[id - load->mark.types] == KNOWN)
		return true;
	uint8_t *state = &sizing->state[id - load->mark.types];
	if (*state == OPEN && sizing->open[id - load->mark.types] < sizing->arm)
		return true; /* with the minimum that it has so far */
	if (*state == OPEN)
		return lexer_error(
			&load->lexer, position_of(load, id),
			"expected a type of finite size, found %.40s, which holds itself",
			type_name(load, id));
	if (depth > LIMIT_DEPTH)
		return lexer_error(&load->lexer, position_of(load, id),
				   "expected at most %d types inside each other, found more",
				   LIMIT_DEPTH);
	*state = OPEN;
	sizing->open[id - load->mark.types] = (uint8_t)depth;
	if (load->spec->types[id].kind == SPEC_UNION)
		load->spec->types[id].minimum = 4; /* its discriminant: for its own arms */
	if (!size_kind(sizing, id, depth, &minimum))
		return false;
	*state = KNOWN;
	if (sizing->depth[id - load->mark.types] > LIMIT_DEPTH)
		return lexer_error(&load->lexer, position_of(load, id),
				   "expected at most %d types inside each other, found more",
				   LIMIT_DEPTH);
	if (minimum > LIMIT_RECORD)
		return lexer_error(&load->lexer, position_of(load, id),
				   "expected a type of at most %d octets, found one of at "
				   "least %llu",
				   LIMIT_RECORD, (unsigned long long)minimum);
	load->spec->types[id].minimum = (uint32_t)minimum;
	return true;
}

static bool
check_elements(struct load *load, uint16_t id)
{
	const struct spec_type *type = &load->spec->types[id];
	bool array = type->kind == SPEC_ARRAY || type->kind == SPEC_ARRAY_VAR;
	return !array || load->spec->types[type->element].minimum > 0 ||
	       lexer_error(&load->lexer, position_of(load, id),
			   "expected elements of at least one octet, found %.40s of none",
			   type_name(load, type->element));
}

static void
find_shapes(struct load *load)
{
	struct spec_type *types = load->spec->types;
	for (size_t i = load->mark.types; i < load->spec->type_count; i++) {
		uint16_t shape = (uint16_t)i;
		while (types[shape].kind == SPEC_ALIAS)
			shape = types[shape].element;
		types[i].shape = shape;
	}
}

/* A chain: struct x { ...; x *next; }, the pointer also by a name of its own. */
static bool
is_list(const struct spec *spec, uint16_t id)
{
	const struct spec_type *type = &spec->types[id];
	if (type->kind != SPEC_STRUCT || type->count == 0)
		return false;
	const struct spec_type *last =
		spec_resolve(spec, spec->parts[type->first + type->count - 1].type);
	return last->kind == SPEC_OPTIONAL && spec_resolve(spec, last->element) == type;
}

bool
size_all(struct load *load)
{
	struct spec *spec = load->spec;
	size_t count = spec->type_count - load->mark.types;
	uint8_t *scratch = memory_get(count * 3 + 1);
	struct sizing sizing = {.load = load,
				.state = scratch,
				.depth = scratch + count,
				.open = scratch + 2 * count};
	bool good = true;
	for (size_t i = 0; good && i < count; i++)
		good = size_type(&sizing, (uint16_t)(load->mark.types + i), 0);
	for (size_t i = 0; good && i < count; i++)
		good = check_elements(load, (uint16_t)(load->mark.types + i));
	if (good)
		find_shapes(load); /* none is its own now */
	for (size_t i = load->mark.types; good && i < spec->type_count; i++)
		spec->types[i].list = is_list(spec, (uint16_t)i);
	free(scratch);
	return good;
}
