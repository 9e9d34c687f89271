/*
 * encode_support: random valid messages of any procedure, made from the loaded
 * specification: the walker's inverse, written without a look at it.
 *
 * encode() puts a value of a type into the octets and notes every leaf. Unions take
 * their arms in turn and enumerations their values, so that after some rounds all
 * of them were there; `hits` counts them.
 */
#ifndef RPCSCOPE_ENCODE_SUPPORT_H
#define RPCSCOPE_ENCODE_SUPPORT_H

#include "encoder_support.h"

/* -- content_support.h -- */

/* All bits that have a meaning for an opaque of that type; false: it has none. */
static bool content_bits(const struct spec *spec, uint16_t type, uint32_t bits[ENCODE_WORDS]);
/* Is it known what an opaque of that type holds, here? */
static bool content_known(const struct encoder *encoder, uint16_t type);
static void content_fill(struct encoder *encoder, uint16_t type);

/* -- types -- */

static inline void encode(struct encoder *encoder, uint16_t type, uint16_t name);

static inline void
encode_enum(struct encoder *encoder, const struct spec_type *shape, uint16_t type,
	    uint16_t name)
{
	const struct spec_part *value = part_of(encoder, shape, take_turn(encoder, shape));

	hit(encoder, value);
	encode_number(encoder, FIELD_ENUM, type, name, (uint32_t)value->value);
	if (strcmp(spec_name(encoder->spec, shape->name), "layouttype4") == 0)
		encoder->layout = (uint64_t)value->value;
}

static inline void
encode_union(struct encoder *encoder, const struct spec_type *shape)
{
	static const uint8_t kinds[SPEC_KINDS] = {[SPEC_INT] = FIELD_INT,
						  [SPEC_UINT] = FIELD_UINT,
						  [SPEC_BOOL] = FIELD_BOOL,
						  [SPEC_ENUM] = FIELD_ENUM};
	const struct spec_type *number = spec_resolve(encoder->spec, shape->element);
	const struct spec_part *arm = part_of(encoder, shape, take_turn(encoder, shape));
	int64_t value = arm->value;

	if (arm->otherwise && !choose_other(encoder, shape, &value)) {
		arm = part_of(encoder, shape, 0);
		value = arm->value;
	}
	hit(encoder, arm);
	for (uint32_t i = 0; number->kind == SPEC_ENUM && i < number->count; i++) {
		if (part_of(encoder, number, i)->value == value)
			hit(encoder, part_of(encoder, number, i));
	}
	encode_number(encoder, kinds[number->kind], shape->element, shape->name_of_element,
		      (uint32_t)value);
	encode(encoder, arm->type, arm->name);
}

/* What is in the opaque, by its opener, or nobody's. */
static inline void
encode_opened(struct encoder *encoder, uint16_t type, uint16_t name)
{
	uint32_t start = encoder->size, size, at;
	size_t first = encoder->count;

	encode_number(encoder, FIELD_LENGTH, TYPE_UINT, NAME_LENGTH, 0);
	encoder->opened++;
	content_fill(encoder, type);
	encoder->opened--;
	size = encoder->size - start - 4;
	if (size == 0) { /* nothing to open */
		encoder->count = first;
		expect(encoder, FIELD_OPAQUE, type, name, start)->at = start + 4;
		return;
	}
	encoder->opened_total++;
	encoder->expected[first].u = size;
	at = encoder->size;
	encoder->size = start;
	encode_word(encoder, size);
	encoder->size = at;
}

static inline void
encode_bytes(struct encoder *encoder, const struct spec_type *shape, uint16_t type,
	     uint16_t name)
{
	bool text = shape->kind == SPEC_STRING;
	bool fixed = shape->kind == SPEC_OPAQUE || shape->kind == SPEC_QUADRUPLE;
	uint32_t start = encoder->size, size = shape->kind == SPEC_QUADRUPLE ? 16 : shape->size;
	struct expected *leaf;

	if (!fixed) {
		size = choose_size(encoder, size, 1);
		encode_word(encoder, size);
	}
	encode_span(encoder, size, text);
	leaf = expect(encoder,
		      text                            ? FIELD_STRING
		      : shape->kind == SPEC_QUADRUPLE ? FIELD_QUADRUPLE
						      : FIELD_OPAQUE,
		      type, name, start);
	leaf->at = start + (fixed ? 0 : 4);
	leaf->size = size;
}

static inline void
encode_two_words(struct encoder *encoder, enum field_kind kind, uint16_t type, uint16_t name)
{
	uint32_t high = choose_word(encoder), low = choose_word(encoder);

	encode_word(encoder, high);
	encode_word(encoder, low);
	expect(encoder, kind, type, name, encoder->size - 8)->u = (uint64_t)high << 32 | low;
}

static inline void
encode_many(struct encoder *encoder, uint16_t type, uint32_t count)
{
	for (uint32_t i = 0; i < count && !encoder->overflow; i++)
		encode(encoder, type, NAME_NONE);
}

static inline void
encode_array_var(struct encoder *encoder, const struct spec_type *shape)
{
	uint32_t least = spec_resolve(encoder->spec, shape->element)->minimum;
	uint32_t count = choose_size(encoder, shape->size, least < 4 ? 4 : least);

	encode_number(encoder, FIELD_COUNT, TYPE_UINT, NAME_COUNT, count);
	encode_many(encoder, shape->element, count);
}

static inline void
encode_optional(struct encoder *encoder, const struct spec_type *shape)
{
	bool list = spec_resolve(encoder->spec, shape->element)->list;
	bool follows = !is_full(encoder) &&
		       encoder->depth < (list ? encoder->longest : ENCODE_DEPTH) &&
		       random_below(&encoder->random, encoder->longest) != 0;

	encode_number(encoder, FIELD_FOLLOWS, TYPE_BOOL, NAME_FOLLOWS, follows);
	if (follows)
		encode(encoder, shape->element, NAME_NONE);
}

/* A bitmap, some of the bits that the opaque behind it has a meaning for. */
static inline void
encode_bitmap(struct encoder *encoder, const struct spec_part *member,
	      const uint32_t all[ENCODE_WORDS])
{
	uint32_t words = 1 + random_below(&encoder->random, ENCODE_WORDS);
	uint32_t rare = random_below(&encoder->random, 3);

	memset(encoder->bits, 0, sizeof encoder->bits);
	encode_number(encoder, FIELD_COUNT, TYPE_UINT, NAME_COUNT, words);
	for (uint32_t i = 0; i < words; i++) {
		uint32_t word = (uint32_t)random_next(&encoder->random) & all[i];

		for (uint32_t j = 0; j < rare || (is_full(encoder) && j < 8); j++)
			word &= (uint32_t)random_next(&encoder->random);
		encoder->bits[i] = word;
		encode_number(encoder, FIELD_UINT,
			      spec_resolve(encoder->spec, member->type)->element, NAME_NONE,
			      word);
	}
}

static inline void
encode_members(struct encoder *encoder, const struct spec_type *shape)
{
	uint32_t bits[ENCODE_WORDS];

	for (uint32_t i = 0; i < shape->count && !encoder->overflow; i++) {
		const struct spec_part *member = part_of(encoder, shape, i);

		if (i + 1 < shape->count && content_bits(encoder->spec, member[1].type, bits))
			encode_bitmap(encoder, member, bits);
		else
			encode(encoder, member->type, member->name);
	}
}

static inline void
encode(struct encoder *encoder, uint16_t type, uint16_t name)
{
	const struct spec_type *shape = spec_resolve(encoder->spec, type);

	encoder->depth++;
	switch (shape->kind) {
	case SPEC_VOID:
		break;
	case SPEC_INT:
		encode_number(encoder, FIELD_INT, type, name, choose_word(encoder));
		break;
	case SPEC_UINT:
		encode_number(encoder, FIELD_UINT, type, name, choose_word(encoder));
		break;
	case SPEC_FLOAT:
		encode_number(encoder, FIELD_FLOAT, type, name, choose_word(encoder));
		break;
	case SPEC_BOOL:
		encode_number(encoder, FIELD_BOOL, type, name,
			      random_below(&encoder->random, 2));
		break;
	case SPEC_HYPER:
		encode_two_words(encoder, FIELD_HYPER, type, name);
		break;
	case SPEC_UHYPER:
		encode_two_words(encoder, FIELD_UHYPER, type, name);
		break;
	case SPEC_DOUBLE:
		encode_two_words(encoder, FIELD_DOUBLE, type, name);
		break;
	case SPEC_ENUM:
		encode_enum(encoder, shape, type, name);
		break;
	case SPEC_STRUCT:
		encode_members(encoder, shape);
		break;
	case SPEC_UNION:
		encode_union(encoder, shape);
		break;
	case SPEC_ARRAY:
		encode_many(encoder, shape->element, shape->size);
		break;
	case SPEC_ARRAY_VAR:
		encode_array_var(encoder, shape);
		break;
	case SPEC_OPTIONAL:
		encode_optional(encoder, shape);
		break;
	default:
		if (shape->kind == SPEC_OPAQUE_VAR && content_known(encoder, type))
			encode_opened(encoder, type, name);
		else
			encode_bytes(encoder, shape, type, name);
	}
	encoder->depth--;
}

/* The arguments or the results of a procedure. */
static inline void
encode_subject(struct encoder *encoder, const struct subject *subject)
{
	const struct spec_procedure *procedure = subject->procedure;

	if (subject->kind == MESSAGE_REPLY)
		encode(encoder, procedure->result, NAME_RESULT);
	for (uint32_t i = 0; subject->kind == MESSAGE_CALL && i < procedure->count; i++) {
		const struct spec_part *argument = &encoder->spec->parts[procedure->first + i];

		encode(encoder, argument->type,
		       argument->name != NAME_NONE ? argument->name : NAME_ARG);
	}
}

#endif
