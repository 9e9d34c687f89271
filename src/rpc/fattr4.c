/*
 * How it works: the name of the opaque's type and "_content" is the name of a union
 * in the specification. Its arms are looked up by number. The
 * numbers are taken off the tape: a bitmap is the array that closed just in front
 * of the opaque, a discriminant is the nearest field of the union's discriminant type.
 */
#include "fattr4.h"

#include <stdio.h>

enum {
	NAME_OCTETS = 128, /* of the name of such a union */
	STEPS_BACK = 32,   /* a layout type stands at most 13 fields in front of a body */
	WORD_BITS = 32,
};

static const struct spec_type *
find_content(const struct spec *spec, const char *type)
{
	char name[NAME_OCTETS];
	int length = snprintf(name, sizeof name, "%s_content", type);

	if (length < 0 || (size_t)length >= sizeof name)
		return NULL;
	const struct spec_type *content = spec_resolve(spec, spec_find_type(spec, name));
	return content->kind == SPEC_UNION ? content : NULL;
}

/* The union for an opaque's type, which may be another name for the one that is opened. */
static const struct spec_type *
content_of(const struct spec *spec, uint16_t type)
{
	while (spec->types[type].opener == 0 && spec->types[type].kind == SPEC_ALIAS)
		type = spec->types[type].element;
	return find_content(spec, spec_name(spec, spec->types[type].name));
}

static const struct spec_part *
find_arm(const struct spec *spec, const struct spec_type *content, uint32_t number)
{
	const struct spec_part *arm = spec_find_part(spec, content, number, NULL);

	return arm != NULL && !arm->otherwise ? arm : NULL;
}

const struct spec_part *
fattr4_arm(const struct spec *spec, const char *type, uint32_t number)
{
	const struct spec_type *content = find_content(spec, type);

	return content != NULL ? find_arm(spec, content, number) : NULL;
}

/* The bits of one word; false once there is nothing more to read. */
static bool
walk_bits(struct walker *walker, const struct spec_type *content, uint32_t first, uint32_t word)
{
	for (uint32_t bit = 0; word != 0; bit++, word >>= 1) {
		const struct spec_part *arm;

		if ((word & 1) == 0)
			continue;
		arm = find_arm(walker->spec, content, first + bit);
		if (arm == NULL) {
			walk_rest(walker, "a bit whose meaning is not known");
			return false;
		}
		if (!walk(walker, arm->type, arm->name))
			return false;
	}
	return true;
}

bool
fattr4_open_bits(struct walker *walker, size_t opening)
{
	const struct tape *tape = walker->tape;
	const struct spec_type *content = content_of(walker->spec, tape->fields[opening].type);
	size_t end = opening - (opening != 0), first;

	if (content == NULL || tape->fields[end].kind != FIELD_CLOSE)
		return false;
	first = (size_t)tape->fields[end].u + 1;
	if (tape->fields[first - 1].kind != FIELD_OPEN_ARRAY ||
	    tape->fields[first].kind != FIELD_COUNT)
		return false;
	for (size_t i = first + 1; i < end; i++) {
		/* The tape moves when it grows: its fields are not held on to. */
		const struct field *word = &walker->tape->fields[i];
		uint32_t number = (uint32_t)(i - first - 1) * WORD_BITS;

		if (word->kind != FIELD_UINT ||
		    !walk_bits(walker, content, number, (uint32_t)word->u))
			break;
	}
	return true;
}

bool
fattr4_open_body(struct walker *walker, size_t opening)
{
	const struct tape *tape = walker->tape;
	const struct spec_type *content = content_of(walker->spec, tape->fields[opening].type);

	for (size_t i = opening, steps = 0; content != NULL && i-- > 0 && steps < STEPS_BACK;
	     steps++) {
		const struct field *field = &tape->fields[i];

		if (field->type != content->element || !field_is_leaf(field))
			continue;
		const struct spec_part *arm =
			find_arm(walker->spec, content, (uint32_t)field->u);
		if (arm == NULL)
			return false;
		walk(walker, arm->type, arm->name);
		return true;
	}
	return false;
}
