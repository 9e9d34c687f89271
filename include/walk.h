/*
 * walk: the one XDR decoder. Goes over octets with a type, leaves a tape.
 *
 * The cursor is libtirpc's (xdrmem). The walker stops at the first octet that
 * it cannot read: the field is flagged, what is left becomes one FIELD_REST, an
 * anomaly says why, and every opening is closed, so the tape is always whole.
 * Bounds (limits.h): depth, fields per octet, and an array's count is held
 * against the octets left before it is believed. Lists are a loop.
 */
#ifndef RPCSCOPE_WALK_H
#define RPCSCOPE_WALK_H

#include <rpc/xdr.h>
#include <stdbool.h>
#include <stdint.h>

#include "spec.h"
#include "tape.h"

struct walker {
	const struct spec *spec;
	struct tape *tape;
	const void *context; /* the openers' own: a struct decoding (decode.h), or NULL */
	XDR cursor;
	uint32_t at;        /* where the cursor stands, so that it need not be asked */
	uint32_t base;      /* offset in the record where the cursor began */
	uint32_t end;       /* where the octets being decoded end, by their sender's word */
	uint32_t at_hand;   /* the same, by the capture: <= end */
	size_t field_limit; /* of the tape's count */
	uint8_t depth;
	uint8_t opened; /* how many opaques being opened the cursor is inside of */
	bool stopped;   /* an octet could not be read; nothing more is decoded */
};

/* Over the tape's record, from that offset to its end. */
void walker_init(struct walker *walker, struct tape *tape, uint32_t offset,
		 const void *context);
uint32_t walker_offset(const struct walker *walker);
/* Decodes one value of that type under that name. False once the walker has stopped. */
bool walk(struct walker *walker, uint16_t type, uint16_t name);
/*
 * Opens and closes a field that no type describes (arguments, results). SIZE_MAX once the
 * walker has stopped, for its depth too; closing that does nothing.
 */
size_t walk_open(struct walker *walker, enum field_kind kind, uint16_t type, uint16_t name);
void walk_close(struct walker *walker, size_t opening);
/* What is left up to the end as one FIELD_REST, with an anomaly when there is a reason; nothing
 * when nothing is left. Octets that are left but not at hand are worth the anomaly only. */
void walk_rest(struct walker *walker, const char *reason);

/*
 * An opener decodes the content of an opaque of a certain type (matched by type
 * name, opaque.h). It is entered with the walker standing at the content's first
 * octet and walker->end at its last; what it leaves becomes FIELD_REST. False
 * says "not mine after all": nothing was added, and the opaque stays a leaf.
 * An empty opaque, and one that is longer than its record, are not opened.
 */
typedef bool opener(struct walker *walker, size_t opening);

/* The opener of that number (spec_type.opener); opaque.c has the table. */
opener *opaque_opener(uint8_t number);
/* spec_hooks.opener: number of the row for a type name, 0 for none. */
uint8_t opaque_number(const char *type_name);

#endif
