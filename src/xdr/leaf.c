/*
 * How it works: the readers of what has octets of its own. A number is one or
 * two words of the cursor. An opaque or a string is a span of octets, which is
 * measured against what the sender said and what is at hand, taken by moving the
 * cursor over it, and never copied. An opaque whose type has an opener becomes
 * a stream of its own, with its own end, so that no opener leaves its octets.
 */
#include "parts.h"

/* -- numbers: RFC 4506 sections 4.1 to 4.8 -- */

static const uint8_t field_of[SPEC_KINDS] = {
	[SPEC_INT] = FIELD_INT,       [SPEC_UINT] = FIELD_UINT,
	[SPEC_HYPER] = FIELD_HYPER,   [SPEC_UHYPER] = FIELD_UHYPER,
	[SPEC_FLOAT] = FIELD_FLOAT,   [SPEC_DOUBLE] = FIELD_DOUBLE,
	[SPEC_OPAQUE] = FIELD_OPAQUE, [SPEC_OPAQUE_VAR] = FIELD_OPAQUE,
	[SPEC_STRING] = FIELD_STRING, [SPEC_QUADRUPLE] = FIELD_QUADRUPLE,
};

bool
read_void(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	(void)shape, (void)type, (void)name;
	return !walker->stopped;
}

bool
read_word(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	uint32_t word;

	if (!leaf_read(walker, shape->kind, &word))
		return false;
	leaf_word(walker, field_of[shape->kind], type, name,
		  shape->kind == SPEC_INT ? (uint64_t)(int64_t)(int32_t)word : word);
	return true;
}

bool
read_two_words(struct walker *walker, const struct spec_type *shape, uint16_t type,
	       uint16_t name)
{
	uint32_t high, low;
	struct field *field;

	if (!walker_ready(walker, 8, shape->kind) || !cursor_word(walker, &high) ||
	    !cursor_word(walker, &low))
		return false;
	field = walker_add(walker, field_of[shape->kind], type, name, walker->at - 8);
	field->length = 8;
	field->u = (uint64_t)high << 32 | low;
	return true;
}

void
leaf_check_bool(struct walker *walker, struct field *field)
{
	if (field->u <= 1)
		return;
	field->flags |= FIELD_BAD_VALUE;
	tape_anomaly(walker->tape, "boolean neither 0 nor 1", field->offset);
}

bool
leaf_bool(struct walker *walker, enum field_kind kind, uint16_t type, uint16_t name,
	  bool *value)
{
	uint32_t word;
	struct field *field;

	if (!leaf_read(walker, kind == FIELD_BOOL ? SPEC_BOOL : SPEC_OPTIONAL, &word))
		return false;
	field = leaf_word(walker, kind, type, name, word);
	leaf_check_bool(walker, field);
	*value = word != 0;
	return true;
}

bool
read_bool(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	bool value;

	(void)shape;
	return leaf_bool(walker, FIELD_BOOL, type, name, &value);
}

/* RFC 4506 section 4.3: to encode any other number is an error; if all are known. */
void
leaf_check_enum(struct walker *walker, struct field *field)
{
	const struct spec *spec = walker->spec;

	if (spec_enum_name(spec, field->type, (int64_t)field->u) != NULL ||
	    spec_enum_name(spec, field->type, SPEC_NO_VALUE) != NULL)
		return;
	field->flags |= FIELD_BAD_VALUE;
	tape_anomaly(walker->tape, "value not in the enumeration", field->offset);
}

bool
read_enum(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	uint32_t word;

	if (!leaf_read(walker, shape->kind, &word))
		return false;
	leaf_check_enum(walker, leaf_word(walker, FIELD_ENUM, type, name,
					  (uint64_t)(int64_t)(int32_t)word));
	return true;
}

/* -- opaques and strings: RFC 4506 sections 4.9 to 4.11 -- */

/* Octets of the padding at hand that are not zero make it bad (RFC 4506 section 3). */
static uint16_t
check_padding(struct walker *walker, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		if (walker->tape->octets[i] != 0) {
			tape_anomaly(walker->tape, "padding is not zero", i);
			return FIELD_BAD_PADDING;
		}
	}
	return 0;
}

/*
 * Lets an opener have the content at the cursor, a stream of its own that ends
 * where the opaque does: what breaks in there does not stop the walk out here.
 *
 * So what says where that stream ends is put back, and `stopped` is cleared: read_bytes()
 * was not stopped, or it would not be here, and the length of the opaque tells where to go on.
 * What the opener moved is left as it is: the cursor (read_opened() sets it behind the
 * padding, or here it goes back for a leaf), the tape, and the depth, which whoever opened
 * a field has closed again.
 */
static bool
open_content(struct walker *walker, size_t opening, uint32_t length, opener *open)
{
	struct walker outer = *walker;
	uint32_t at = walker->at;
	bool done;

	walker->end = at + length;
	if (walker->at_hand > walker->end)
		walker->at_hand = walker->end;
	walker->opened++;
	done = open(walker, opening);
	if (done)
		walk_rest(walker, walker->stopped ? NULL : "octets left over in an opaque");
	else
		cursor_move(walker, at);
	walker->end = outer.end;
	walker->at_hand = outer.at_hand;
	walker->opened = outer.opened;
	walker->stopped = false;
	return done;
}

/* Octets of the opaque from there on as a padding field. */
static void
add_padding(struct walker *walker, uint32_t from, uint32_t to, uint16_t flags)
{
	struct field *field = walker_add(walker, FIELD_PADDING, TYPE_VOID, NAME_PADDING, from);

	field->flags |= flags & (FIELD_CUT | FIELD_BAD_PADDING);
	field->length = field->bytes.size = to - from;
	field->bytes.at = from;
}

/*
 * An opaque with an opener, as measured in *leaf; the cursor is past its length
 * word. False: nothing was added, it stays a leaf.
 */
static bool
read_opened(struct walker *walker, const struct field *leaf, uint32_t length, opener *open)
{
	uint32_t end = leaf->offset + leaf->length;
	uint32_t content_end = leaf->bytes.at + leaf->bytes.size;
	size_t index = walker->tape->count;
	struct field *field;

	field = walker_add(walker, FIELD_OPEN_OPAQUE, leaf->type, leaf->name, leaf->offset);
	field->flags |= leaf->flags & FIELD_CUT;
	walker->depth++;
	field = leaf_word(walker, FIELD_LENGTH, TYPE_UINT, NAME_LENGTH, length);
	field->flags |= leaf->flags & FIELD_OVER_LIMIT;
	if (!open_content(walker, index, length, open)) {
		walker->depth--;
		walker->tape->count = index;
		return false;
	}
	if (end > content_end)
		add_padding(walker, content_end, end, leaf->flags);
	cursor_move(walker, end);
	walk_close(walker, index);
	return true;
}

/* How much of the content and its padding there is, and what is wrong with it. */
static void
measure(struct walker *walker, const struct spec_type *shape, uint32_t length,
	struct field *leaf)
{
	uint32_t at = walker->at, left = walker->at_hand - at;
	uint64_t padded = ((uint64_t)length + 3) & ~(uint64_t)3;

	leaf->bytes.at = at;
	leaf->bytes.size = length < left ? length : left;
	leaf->length = at - leaf->offset + (padded < left ? (uint32_t)padded : left);
	/* A quadruple has sixteen octets by its kind; its type gives no size to exceed. */
	if (length > shape->size && shape->kind != SPEC_QUADRUPLE) {
		leaf->flags |= FIELD_OVER_LIMIT;
		tape_anomaly(walker->tape, "longer than the specification allows",
			     leaf->offset);
	}
	if (padded > walker->end - at) {
		leaf->flags |= FIELD_SHORT;
		tape_anomaly(walker->tape, walker_ends_inside(walker, shape->kind),
			     leaf->offset);
	}
	if (padded > left && walker->at_hand < walker->end)
		leaf->flags |= FIELD_CUT;
	leaf->flags |=
		check_padding(walker, at + leaf->bytes.size, leaf->offset + leaf->length);
}

bool
read_bytes(struct walker *walker, const struct spec_type *shape, uint16_t type, uint16_t name)
{
	struct field leaf = {.offset = walker->at, .type = type, .name = name}, *field;
	bool fixed = shape->kind == SPEC_OPAQUE || shape->kind == SPEC_QUADRUPLE;
	uint32_t length = shape->kind == SPEC_QUADRUPLE ? 16 : shape->size;
	opener *open = NULL;

	if (!walker_ready(walker, fixed ? 0 : 4, shape->kind) ||
	    (!fixed && !cursor_word(walker, &length)))
		return false;
	measure(walker, shape, length, &leaf);
	if (shape->kind == SPEC_OPAQUE_VAR && (leaf.flags & FIELD_SHORT) == 0 &&
	    leaf.bytes.size != 0 && walker->depth < LIMIT_DEPTH)
		open = opaque_opener(spec_opener(walker->spec, type));
	if (open == NULL || !read_opened(walker, &leaf, length, open)) {
		field = walker_add(walker, field_of[shape->kind], type, name, leaf.offset);
		field->flags |= leaf.flags;
		field->length = leaf.length;
		field->bytes = leaf.bytes;
		cursor_move(walker, leaf.offset + leaf.length);
	}
	if ((leaf.flags & (FIELD_SHORT | FIELD_CUT)) != 0)
		walker->stopped = true;
	return !walker->stopped;
}
