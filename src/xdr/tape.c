/*
 * How it works: one growing array of fields, doubled when full and kept from
 * record to record, so that the steady state does not allocate. An opening is
 * added with no end; closing it fills in its length and the index of its CLOSE.
 * Anomalies have a small fixed array: the first few say what is wrong, and a
 * hostile record does not get to say it a million times.
 */
#include "tape.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { TAPE_FIRST_CAPACITY = 256 };

void
tape_init(struct tape *tape)
{
	memset(tape, 0, sizeof *tape);
}

void
tape_release(struct tape *tape)
{
	free(tape->fields);
	tape_init(tape);
}

void
tape_reset(struct tape *tape, const struct spec *spec, const uint8_t *octets, uint32_t captured,
	   uint32_t length)
{
	tape->spec = spec;
	tape->octets = octets;
	tape->captured = captured;
	tape->length = length;
	tape->procedure = NULL;
	tape->count = 0;
	tape->anomaly_count = 0;
	if (tape->capacity == 0)
		tape->fields = memory_grow(tape->fields, &tape->capacity, TAPE_FIRST_CAPACITY,
					   sizeof *tape->fields);
}

void
tape_grow(struct tape *tape, size_t count)
{
	tape->fields = memory_grow(tape->fields, &tape->capacity, tape->count + count,
				   sizeof *tape->fields);
}

size_t
tape_add(struct tape *tape, const struct field *field)
{
	*tape_next(tape) = *field;
	return tape->count - 1;
}

void
tape_close(struct tape *tape, size_t opening, uint32_t offset)
{
	struct field *close = tape_next(tape), *open = &tape->fields[opening];

	close->name = open->name;
	close->type = open->type;
	close->kind = FIELD_CLOSE;
	close->depth = open->depth;
	close->flags = open->flags;
	close->offset = offset;
	close->length = 0;
	close->u = opening;
	open->length = offset - open->offset;
	open->end = (uint32_t)(tape->count - 1);
}

void
tape_anomaly(struct tape *tape, const char *reason, uint32_t offset)
{
	if (tape->anomaly_count < TAPE_ANOMALIES)
		tape->anomalies[tape->anomaly_count++] = (struct anomaly){reason, offset};
}

size_t
tape_find(const struct tape *tape, size_t within, const char *name)
{
	size_t end = within < tape->count ? tape_skip(tape, within) : within;

	for (size_t i = within + 1; i < end; i++) {
		const struct field *field = &tape->fields[i];

		if (field->kind != FIELD_CLOSE &&
		    strcmp(spec_name(tape->spec, field->name), name) == 0)
			return i;
	}
	return SIZE_MAX;
}
