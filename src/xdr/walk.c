/*
 * How it works: a table has one function a kind of type; each reads its field
 * at the cursor and adds it to the tape. Only what contains other fields calls
 * back into the table, so the stack is as deep as the nesting, which LIMIT_DEPTH
 * bounds; lists are a loop (RFC 4506 section 4.19 builds them of optionals).
 *
 * Every function asks walker_ready() before it reads. When that says no, the octets
 * left are on the tape as FIELD_REST already and the walker has stopped; false
 * goes up through the callers, each of which closes what it opened. Octets end
 * twice: at `at_hand` the capture does, at `end` the sender's record.
 */
#include "walk.h"

#include "parts.h"

/*
 * Fields that may follow the last one that walker_ready() allowed. It holds room for the CLOSE
 * of every opening already (count + depth), so what is left is: the length word of an opaque,
 * which is added with its opening; then on the way out a rest and a padding for each opaque
 * that is being opened, because each goes on behind what broke inside; and the record's own
 * rest. The built-in specifications open five inside each other at most (integrity, CALLIT, a
 * notification, its attributes, a hint among them): 1 + 2 * 5 + 1 is 12. A user's may nest them
 * as deep as LIMIT_DEPTH; the tape then grows by two a level beyond its limit, and no more.
 */
enum { FIELDS_RESERVED = 16 };

/* -- what every field needs -- */

/* By kind of what was being read; second form: inside an opaque that an opener decodes. */
#define ENDS_INSIDE(what) "the record ends inside " what, "the opaque ends inside " what
static const char *const ends_inside[SPEC_KINDS][2] = {
	[SPEC_INT] = {ENDS_INSIDE("an integer")},
	[SPEC_UINT] = {ENDS_INSIDE("an integer")},
	[SPEC_HYPER] = {ENDS_INSIDE("a 64-bit integer")},
	[SPEC_UHYPER] = {ENDS_INSIDE("a 64-bit integer")},
	[SPEC_FLOAT] = {ENDS_INSIDE("a floating-point number")},
	[SPEC_DOUBLE] = {ENDS_INSIDE("a floating-point number")},
	[SPEC_QUADRUPLE] = {ENDS_INSIDE("a floating-point number")},
	[SPEC_BOOL] = {ENDS_INSIDE("a boolean")},
	[SPEC_ENUM] = {ENDS_INSIDE("an enumeration's value")},
	[SPEC_OPAQUE] = {ENDS_INSIDE("an opaque")},
	[SPEC_OPAQUE_VAR] = {ENDS_INSIDE("an opaque")},
	[SPEC_STRING] = {ENDS_INSIDE("a string")},
	[SPEC_ARRAY_VAR] = {ENDS_INSIDE("an array")},
	[SPEC_OPTIONAL] = {ENDS_INSIDE("an optional's boolean")},
};

static void
add_rest(struct walker *walker, uint16_t flags)
{
	uint32_t left = walker->at_hand - walker->at;
	struct field *rest;

	if (left == 0)
		return;
	if (walker->at_hand < walker->end)
		flags |= FIELD_CUT;
	rest = walker_add(walker, FIELD_REST, TYPE_VOID, NAME_REST, walker->at);
	rest->flags |= flags;
	rest->length = left;
	rest->bytes.at = walker->at;
	rest->bytes.size = left;
	cursor_move(walker, walker->at_hand);
}

bool
walker_stop(struct walker *walker, uint16_t flags, const char *reason)
{
	if (reason != NULL)
		tape_anomaly(walker->tape, reason, walker->at);
	add_rest(walker, flags);
	walker->stopped = true;
	return false;
}

bool
walker_run_out(struct walker *walker, uint32_t octets, uint8_t kind)
{
	if (walker->at_hand - walker->at >= octets)
		return walker_stop(walker, 0, "more fields than so few octets can mean");
	/* Is it the record's end or the capture's? */
	if (walker->end - walker->at < octets)
		return walker_stop(walker, FIELD_SHORT, walker_ends_inside(walker, kind));
	return walker_stop(walker, FIELD_CUT, NULL);
}

const char *
walker_ends_inside(const struct walker *walker, uint8_t kind)
{
	bool in_opaque = walker->opened > 0;

	return ends_inside[kind][in_opaque];
}

static bool step(struct walker *walker, uint16_t type, uint16_t name);

/* -- what contains other fields: RFC 4506 sections 4.12 to 4.19 -- */

static bool
walk_members(struct walker *walker, const struct spec_type *shape, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct spec_part *member = &walker->spec->parts[shape->first + i];

		if (!step(walker, member->type, member->name))
			return false;
	}
	return true;
}

/* A chain: items while their boolean says that one follows. By value, the first has none. */
static bool
walk_list(struct walker *walker, uint16_t item, bool by_value, uint16_t type, uint16_t name)
{
	const struct spec_type *shape = spec_resolve(walker->spec, item);
	size_t opening = walk_open(walker, FIELD_OPEN_LIST, type, name), index;
	bool follows = by_value, whole = opening != SIZE_MAX;

	if (whole && !by_value)
		whole = leaf_bool(walker, FIELD_FOLLOWS, TYPE_BOOL, NAME_FOLLOWS, &follows);
	while (whole && follows) {
		index = walk_open(walker, FIELD_OPEN_STRUCT, item, NAME_NONE);
		whole = index != SIZE_MAX && walk_members(walker, shape, shape->count - 1);
		walk_close(walker, index);
		whole = whole &&
			leaf_bool(walker, FIELD_FOLLOWS, TYPE_BOOL, NAME_FOLLOWS, &follows);
	}
	walk_close(walker, opening);
	return whole;
}

static bool
walk_struct(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	size_t opening;
	bool whole;

	if (shape->list)
		return walk_list(walker, type, true, type, name);
	if (shape->layout != 0 && fixed_take(walker, shape, type, name))
		return true;
	opening = walk_open(walker, FIELD_OPEN_STRUCT, type, name);
	whole = opening != SIZE_MAX && walk_members(walker, shape, shape->count);
	walk_close(walker, opening);
	return whole;
}

static bool
walk_optional(struct walker *walker, const struct spec_type *shape, uint16_t type,
	      uint16_t name)
{
	const struct spec_type *item = spec_resolve(walker->spec, shape->element);
	bool follows, whole;
	size_t opening;

	if (item->kind == SPEC_STRUCT && item->list)
		return walk_list(walker, shape->element, false, type, name);
	opening = walk_open(walker, FIELD_OPEN_OPTIONAL, type, name);
	whole = opening != SIZE_MAX &&
		leaf_bool(walker, FIELD_FOLLOWS, TYPE_BOOL, NAME_FOLLOWS, &follows) &&
		(!follows || step(walker, shape->element, NAME_NONE));
	walk_close(walker, opening);
	return whole;
}

static bool
walk_elements(struct walker *walker, const struct spec_type *shape, uint32_t count)
{
	const struct tape *tape = walker->tape;

	for (uint32_t i = 0; i < count; i++) {
		size_t before = tape->count;

		if (!step(walker, shape->element, NAME_NONE))
			return false;
		/*
		 * An element of nothing would loop as often as the count says, and read_count()
		 * cannot hold a count against octets where none are needed. The loader refuses
		 * such types (size.c), so this never happens; it stands for a spec made
		 * wrongly.
		 */
		if (tape->count == before)
			break;
	}
	return true;
}

static bool
walk_array(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	size_t opening = walk_open(walker, FIELD_OPEN_ARRAY, type, name);
	bool whole = opening != SIZE_MAX && walk_elements(walker, shape, shape->size);

	walk_close(walker, opening);
	return whole;
}

/*
 * The number of elements, believed only if the sender's octets could hold so many. An
 * element takes at least an octet, or its array was refused at load: see walk_elements().
 */
static bool
read_count(struct walker *walker, const struct spec_type *shape, uint32_t *count)
{
	uint32_t least = spec_resolve(walker->spec, shape->element)->minimum;
	struct field *field;

	if (!leaf_read(walker, shape->kind, count))
		return false;
	field = leaf_word(walker, FIELD_COUNT, TYPE_UINT, NAME_COUNT, *count);
	if (*count > shape->size) {
		field->flags |= FIELD_OVER_LIMIT;
		tape_anomaly(walker->tape, "more elements than the specification allows",
			     walker->at - 4);
	}
	if (*count <= (walker->end - walker->at) / (least != 0 ? least : 1))
		return true;
	field->flags |= FIELD_SHORT;
	return walker_stop(walker, FIELD_SHORT, "more elements than the octets left can hold");
}

static bool
walk_array_var(struct walker *walker, const struct spec_type *shape, uint16_t type,
	       uint16_t name)
{
	size_t opening = walk_open(walker, FIELD_OPEN_ARRAY, type, name);
	uint32_t count = 0;
	bool whole = opening != SIZE_MAX && read_count(walker, shape, &count) &&
		     walk_elements(walker, shape, count);

	walk_close(walker, opening);
	return whole;
}

/* The discriminant is read as the field that the last step() added. */
static bool
walk_arm(struct walker *walker, const struct spec_type *shape)
{
	struct field *field = &walker->tape->fields[walker->tape->count - 1];
	bool boolean = field->kind == FIELD_BOOL;
	const struct spec_part *arm = spec_find_part(
		walker->spec, shape, boolean ? field->u != 0 : (int64_t)field->u, NULL);

	if (arm != NULL)
		return step(walker, arm->type, arm->name);
	field->flags |= FIELD_BAD_VALUE;
	return walker_stop(walker, 0, "no such arm in the union");
}

static bool
walk_union(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	size_t opening = walk_open(walker, FIELD_OPEN_UNION, type, name);
	bool whole = opening != SIZE_MAX &&
		     step(walker, shape->element, shape->name_of_element) &&
		     walk_arm(walker, shape);

	walk_close(walker, opening);
	return whole;
}

/* What the specification does not say ends the decoding; the sender is not to blame for it. */
static bool
walk_unknown(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	(void)shape, (void)type, (void)name;
	return walker_stop(walker, 0, NULL);
}

/* Order of enum spec_kind. */
static reader *const readers[SPEC_KINDS] = {
	[SPEC_VOID] = read_void,
	[SPEC_INT] = read_word,
	[SPEC_UINT] = read_word,
	[SPEC_HYPER] = read_two_words,
	[SPEC_UHYPER] = read_two_words,
	[SPEC_FLOAT] = read_word,
	[SPEC_DOUBLE] = read_two_words,
	[SPEC_QUADRUPLE] = read_bytes,
	[SPEC_BOOL] = read_bool,
	[SPEC_UNKNOWN] = walk_unknown,
	[SPEC_ENUM] = read_enum,
	[SPEC_OPAQUE] = read_bytes,
	[SPEC_OPAQUE_VAR] = read_bytes,
	[SPEC_STRING] = read_bytes,
	[SPEC_STRUCT] = walk_struct,
	[SPEC_UNION] = walk_union,
	[SPEC_ARRAY] = walk_array,
	[SPEC_ARRAY_VAR] = walk_array_var,
	[SPEC_OPTIONAL] = walk_optional,
	[SPEC_ALIAS] = read_void, /* never: spec_resolve() has gone through it */
};

static bool
step(struct walker *walker, uint16_t type, uint16_t name)
{
	const struct spec_type *shape = spec_resolve(walker->spec, type);

	return readers[shape->kind](walker, shape, type, name);
}

/* -- from outside -- */

void
walker_init(struct walker *walker, struct tape *tape, uint32_t offset, const void *context)
{
	*walker = (struct walker){
		.spec = tape->spec,
		.tape = tape,
		.context = context,
		.end = tape->length,
		.at_hand = tape->captured,
		.base = offset < tape->captured ? offset : tape->captured,
		.field_limit = (size_t)tape->captured * LIMIT_FIELDS_PER_OCTET +
			       LIMIT_FIELDS_BASE - FIELDS_RESERVED,
	};
	cursor_begin(walker, tape);
}

uint32_t
walker_offset(const struct walker *walker)
{
	return walker->at;
}

bool
walk(struct walker *walker, uint16_t type, uint16_t name)
{
	return !walker->stopped && step(walker, type, name);
}

size_t
walk_open(struct walker *walker, enum field_kind kind, uint16_t type, uint16_t name)
{
	size_t opening;

	if (walker->depth >= LIMIT_DEPTH) {
		walker_stop(walker, 0, "nested too deeply");
		return SIZE_MAX;
	}
	if (!walker_ready(walker, 0, SPEC_STRUCT))
		return SIZE_MAX;
	opening = walker->tape->count;
	walker_add(walker, kind, type, name, walker->at);
	walker->depth++;
	return opening;
}

void
walk_close(struct walker *walker, size_t opening)
{
	if (opening == SIZE_MAX)
		return;
	walker->depth--;
	tape_close(walker->tape, opening, walker->at);
}

void
walk_rest(struct walker *walker, const char *reason)
{
	uint32_t at = walker->at;

	if (reason != NULL && at < walker->end)
		tape_anomaly(walker->tape, reason, at);
	add_rest(walker, 0);
}
