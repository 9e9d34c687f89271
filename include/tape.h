/*
 * tape: a decoded message as a flat array of fields in wire order.
 *
 * Fields that contain others stand as an OPEN and a CLOSE; the OPEN carries the
 * index of its CLOSE, so a subtree is skipped in one step. The leaves (all but
 * OPEN and CLOSE) tile the octets: no gap, no overlap, in order. Every output
 * reads this array; none reads the octets of a body in another way.
 *
 * Names: a member, an arm and a discriminant have their own. The elements of an
 * array, the items of a list and the item of an optional have none (NAME_NONE).
 *
 * Lists: an optional of a struct that ends in an optional of itself (spec_type.list)
 * is one FIELD_OPEN_LIST, however long; each item is a FIELD_OPEN_STRUCT of that
 * struct without its last member, which is the FIELD_FOLLOWS of the next item. Such
 * a struct by value is a FIELD_OPEN_LIST too, but nothing stands in front of its
 * first item.
 *
 * Octets that run out: an opaque or a string keeps what there is of it as a leaf
 * with a flag (bytes.size less than its length). Of any other field what there is
 * becomes the FIELD_REST, named "rest", with the flag; with no octet left there
 * is no field at all. So a leaf of a number always is whole.
 */
#ifndef RPCSCOPE_TAPE_H
#define RPCSCOPE_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spec.h"

enum field_kind {
	/* openings */
	FIELD_OPEN_STRUCT, /* also a procedure's arguments or results as a whole */
	FIELD_OPEN_UNION,  /* first leaf: the discriminant; then the arm's field, if not void */
	FIELD_OPEN_ARRAY,  /* FIELD_COUNT first when of variable size; then the elements */
	FIELD_OPEN_OPTIONAL, /* FIELD_FOLLOWS, then the item if it was 1 */
	FIELD_OPEN_LIST,     /* (FIELD_FOLLOWS 1, item)*, FIELD_FOLLOWS 0 */
	FIELD_OPEN_OPAQUE,   /* an opaque that an opener decoded: FIELD_LENGTH, what is in it,
				FIELD_REST if the opener left octets, FIELD_PADDING if any */
	FIELD_CLOSE,         /* u: index of its opening */
	/* leaves */
	FIELD_INT, /* u holds the sign-extended value */
	FIELD_UINT,
	FIELD_HYPER,
	FIELD_UHYPER,
	FIELD_FLOAT, /* u holds the octets as a big-endian number */
	FIELD_DOUBLE,
	FIELD_QUADRUPLE, /* bytes */
	FIELD_BOOL,      /* u: the number on the wire; any but 0 counts as true */
	FIELD_ENUM,      /* u sign-extended */
	FIELD_OPAQUE,    /* bytes: the content, without length word and padding */
	FIELD_STRING,    /* bytes */
	FIELD_COUNT,     /* number of elements */
	FIELD_FOLLOWS,   /* boolean in front of an optional or a list item */
	FIELD_LENGTH,    /* length word of an opened opaque */
	FIELD_PADDING,   /* octets that fill up to a multiple of four */
	FIELD_REST,      /* octets that could not be decoded, or that nothing describes */
	FIELD_KINDS
};

enum field_flags {
	FIELD_CUT = 1,          /* the capture ends inside it: bytes.size octets are at hand */
	FIELD_SHORT = 2,        /* the record ends inside it */
	FIELD_BAD_PADDING = 4,  /* the padding is not zero */
	FIELD_OVER_LIMIT = 8,   /* longer than the specification allows */
	FIELD_BAD_VALUE = 16,   /* no such enum value, boolean not 0 or 1, no such arm */
	FIELD_FROM_OPENER = 32, /* inside an opaque that an opener decoded */
};

struct field {
	uint16_t name; /* id in the spec */
	uint16_t type; /* id in the spec: the outermost, as declared */
	uint8_t kind, depth;
	uint16_t flags;
	uint32_t offset; /* in the record */
	uint32_t length; /* with length word and padding; OPEN: of everything in it */
	union {
		uint64_t u;
		struct {
			uint32_t at, size; /* content: offset in the record, octets at hand */
		} bytes;
		uint32_t end; /* OPEN: index of its CLOSE */
	};
};

/* Something that breaks the standard or the specification; constant text and a place. */
struct anomaly {
	const char *reason;
	uint32_t offset; /* in the record */
};

enum { TAPE_ANOMALIES = 8 };

struct tape {
	const struct spec *spec;
	const uint8_t *octets;     /* the record's */
	uint32_t captured, length; /* of the record */
	/* What describes its procedure, if its body was asked for; or NULL. */
	const struct spec_procedure *procedure;
	struct field *fields;
	size_t count, capacity;
	struct anomaly anomalies[TAPE_ANOMALIES];
	size_t anomaly_count; /* at most TAPE_ANOMALIES; more are let go */
};

void tape_init(struct tape *tape);
void tape_release(struct tape *tape);
/* Empties it for the octets of another record; keeps its memory. */
void tape_reset(struct tape *tape, const struct spec *spec, const uint8_t *octets,
		uint32_t captured, uint32_t length);
/* Adds a field and returns its index. */
size_t tape_add(struct tape *tape, const struct field *field);
/* Makes room for that many more fields. */
void tape_grow(struct tape *tape, size_t count) __attribute__((cold, noinline));
/* Closes the opening at that index: sets its end and length, adds the CLOSE. */
void tape_close(struct tape *tape, size_t opening, uint32_t offset);
void tape_anomaly(struct tape *tape, const char *reason, uint32_t offset);

static inline bool
field_is_open(const struct field *field)
{
	return field->kind < FIELD_CLOSE;
}

static inline bool
field_is_leaf(const struct field *field)
{
	return field->kind > FIELD_CLOSE;
}

/* The next fields, so many. */
static inline struct field *
tape_many(struct tape *tape, size_t count)
{
	if (tape->capacity - tape->count < count)
		tape_grow(tape, count);
	tape->count += count;
	return &tape->fields[tape->count - count];
}

/*
 * The next field, to be written in place: a field that is built elsewhere and
 * copied stalls on its own small stores, which cost more than all the rest.
 */
static inline struct field *
tape_next(struct tape *tape)
{
	return tape_many(tape, 1);
}

/* Index of what follows the field (past its CLOSE for an opening). */
static inline size_t
tape_skip(const struct tape *tape, size_t index)
{
	const struct field *field = &tape->fields[index];
	return field_is_open(field) ? (size_t)field->end + 1 : index + 1;
}

/* First field with that name inside the opening at `within`, directly or deeper; SIZE_MAX for
 * none. */
size_t tape_find(const struct tape *tape, size_t within, const char *name);

#endif
