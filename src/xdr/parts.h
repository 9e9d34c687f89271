/*
 * parts: what the walker's files share: the cursor, and the few steps that every
 * field takes. Private to src/xdr.
 *
 * Three marks say that octets ran out:
 *
 * | mark        | set by                        | because             | read by       |
 * |-------------|-------------------------------|---------------------|---------------|
 * | FIELD_CUT   | walker_run_out(), add_rest(), | the capture ends in | outputs; no   |
 * |             | measure()                     | the field           | anomaly       |
 * | FIELD_SHORT | walker_run_out(), measure(),  | its record, or the  | outputs;      |
 * |             | read_count(); with an anomaly | opaque around, does | read_bytes()  |
 * | stopped     | walker_stop(), read_bytes()   | nothing behind it   | walk(),       |
 * |             |                               | can be told         | decode.c      |
 *
 * The flags belong to a field and stay on the tape; `stopped` belongs to the walk. An opaque
 * that is opened is a walk of its own: open_content() ends its `stopped` with it.
 */
#ifndef RPCSCOPE_XDR_PARTS_H
#define RPCSCOPE_XDR_PARTS_H

#include "limits.h"
#include "walk.h"

/* -- the cursor: libtirpc's, over [base, at_hand); spans are taken by moving it -- */

static inline void
cursor_begin(struct walker *walker, const struct tape *tape)
{
	static const uint8_t nothing[1];
	uint32_t size = tape->captured - walker->base;

	/* It is only read from; the prototype predates const. */
	xdrmem_create(&walker->cursor,
		      (char *)(size != 0 ? tape->octets + walker->base : nothing), size,
		      XDR_DECODE);
	walker->at = walker->base + XDR_GETPOS(&walker->cursor);
}

static inline bool
cursor_move(struct walker *walker, uint32_t offset)
{
	bool moved = XDR_SETPOS(&walker->cursor, offset - walker->base);

	if (moved)
		walker->at = offset;
	return moved;
}

static inline bool
cursor_word(struct walker *walker, uint32_t *word)
{
	long value = 0; /* xdr_u_int() without the question whether to read or to write */
	bool read = XDR_GETLONG(&walker->cursor, &value);

	*word = (uint32_t)value;
	if (read)
		walker->at += 4;
	return read;
}

/* -- what every field needs (walk.c) -- */

/* Reads one value of a type, whose shape stands behind the aliases it may go through. */
typedef bool reader(struct walker *walker, const struct spec_type *shape, uint16_t type,
		    uint16_t name);

/* Adds a field; its length and value are the caller's to set. */
static inline struct field *
walker_add(struct walker *walker, enum field_kind kind, uint16_t type, uint16_t name,
	   uint32_t offset)
{
	struct field *field = tape_next(walker->tape);

	field->name = name;
	field->type = type;
	field->kind = (uint8_t)kind;
	field->depth = walker->depth;
	field->flags = walker->opened > 0 ? FIELD_FROM_OPENER : 0;
	field->offset = offset;
	return field;
}

/* Nothing more can be read. Always false, so that a reader can return it. */
bool walker_stop(struct walker *walker, uint16_t flags, const char *reason);
/* Stops because the octets at hand are fewer, or the fields on the tape too many. */
bool walker_run_out(struct walker *walker, uint32_t octets, uint8_t kind);
/* Why a field of that kind of type cannot be read, in the words of the anomaly. */
const char *walker_ends_inside(const struct walker *walker, uint8_t kind);

/* May one more field be added, and are that many octets of it at hand? Stops if not. */
static inline bool
walker_ready(struct walker *walker, uint32_t octets, uint8_t kind)
{
	return (walker->tape->count + walker->depth < walker->field_limit &&
		walker->at_hand - walker->at >= octets) ||
	       walker_run_out(walker, octets, kind);
}

/* -- leaves (leaf.c) -- */

reader read_void, read_word, read_two_words, read_bool, read_enum, read_bytes;
/* Reads the word of a field of that kind of type. */
static inline bool
leaf_read(struct walker *walker, uint8_t kind, uint32_t *word)
{
	return walker_ready(walker, 4, kind) && cursor_word(walker, word);
}

/* Adds the leaf of the word just read. */
static inline struct field *
leaf_word(struct walker *walker, enum field_kind kind, uint16_t type, uint16_t name,
	  uint64_t value)
{
	struct field *field = walker_add(walker, kind, type, name, walker->at - 4);

	field->length = 4;
	field->u = value;
	return field;
}

/* Flags a number that its type does not have, and says so. */
void leaf_check_enum(struct walker *walker, struct field *field);
void leaf_check_bool(struct walker *walker, struct field *field);
/* A boolean of any sort; any other number than 0 is taken for true. */
bool leaf_bool(struct walker *walker, enum field_kind kind, uint16_t type, uint16_t name,
	       bool *value);

/* -- structs of fixed layout (fixed.c) -- */

/* All of such a struct at once; false where it may not be at hand as a whole: nothing was done.
 */
bool fixed_take(struct walker *walker, const struct spec_type *shape, uint16_t type,
		uint16_t name);

#endif
