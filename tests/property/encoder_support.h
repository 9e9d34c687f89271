/*
 * encoder_support: what random messages are made with (encode_support.h): octets,
 * a note of every leaf that has to be on the tape for them, and choices. Once a
 * message is ENCODE_SOFT octets long, what may be empty is chosen to be empty.
 */
#ifndef RPCSCOPE_ENCODER_SUPPORT_H
#define RPCSCOPE_ENCODER_SUPPORT_H

#include "../unit/walk_support.h"

#include "decode.h"

enum {
	ENCODE_SOFT = 6000, /* octets; from then on everything is as short as can be */
	ENCODE_HARD = GUARDED_OCTETS, /* a message that gets this long is given up */
	ENCODE_LEAVES = ENCODE_HARD,
	ENCODE_DEPTH = 30, /* no optional item deeper than that, except in a list */
	ENCODE_WORDS = 4,  /* of a bitmap */
	CONTENT_ROWS = 8,  /* at most, of the tables of content_support.h */
	NAME_ANY = UINT16_MAX,
	TYPE_ANY = UINT16_MAX,
};

/* A leaf that has to be on the tape. */
struct expected {
	uint8_t kind;
	bool from_opener;
	uint16_t name, type;
	uint32_t offset, length;
	uint32_t at, size; /* of octets */
	uint64_t u;        /* of a number */
};

struct subject {
	const struct spec_program *program;
	const struct spec_version *version;
	const struct spec_procedure *procedure;
	enum message_kind kind;
};

struct encoder {
	const struct spec *spec;
	struct random_source random;
	uint8_t octets[ENCODE_HARD + 16];
	uint32_t size;
	struct expected expected[ENCODE_LEAVES];
	size_t count;
	uint32_t *turns; /* by type: whose turn it is */
	uint32_t *hits;  /* by part: how often an arm or a value was used */
	bool small;      /* integers from 0 to 127, for encoders that narrow them */
	bool overflow;
	unsigned depth, opened;
	uint32_t longest; /* list of this message; a few are long */

	/* What opaques with an opener go by (content_support.h). */
	uint32_t bits[ENCODE_WORDS];
	uint64_t layout;
	const struct subject *inner;
	uint64_t opened_total;
	uint32_t bit_hits[CONTENT_ROWS][ENCODE_WORDS * 32], layout_hits[CONTENT_ROWS];
	uint32_t inner_hits;
};

static inline struct encoder *
encoder_new(const struct spec *spec, uint64_t seed)
{
	struct encoder *encoder = calloc(1, sizeof *encoder);

	assert_non_null(encoder);
	encoder->spec = spec;
	encoder->random.state = seed;
	encoder->turns = calloc(spec->type_count + 1, sizeof *encoder->turns);
	encoder->hits = calloc(spec->part_count + 1, sizeof *encoder->hits);
	assert_true(encoder->turns != NULL && encoder->hits != NULL);
	return encoder;
}

static inline void
encoder_free(struct encoder *encoder)
{
	free(encoder->turns);
	free(encoder->hits);
	free(encoder);
}

static inline void
encoder_begin(struct encoder *encoder)
{
	encoder->size = 0;
	encoder->count = 0;
	encoder->depth = 0;
	encoder->opened = 0;
	encoder->overflow = false;
	encoder->longest = random_below(&encoder->random, 16) == 0 ? 200 : 5;
}

/* -- octets -- */

static inline void
encode_word(struct encoder *encoder, uint32_t word)
{
	uint8_t *at = encoder->octets + encoder->size;

	if (encoder->size + 4 > ENCODE_HARD || encoder->count + 4 > ENCODE_LEAVES) {
		encoder->overflow = true;
		return;
	}
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(word >> (24 - 8 * i));
	encoder->size += 4;
}

static inline struct expected *
expect(struct encoder *encoder, enum field_kind kind, uint16_t type, uint16_t name,
       uint32_t offset)
{
	struct expected *leaf = &encoder->expected[encoder->count];

	if (encoder->count + 1 < ENCODE_LEAVES)
		encoder->count++;
	*leaf = (struct expected){.kind = (uint8_t)kind,
				  .type = type,
				  .name = name,
				  .offset = offset,
				  .length = encoder->size - offset,
				  .from_opener = encoder->opened != 0};
	return leaf;
}

static inline void
encode_number(struct encoder *encoder, enum field_kind kind, uint16_t type, uint16_t name,
	      uint32_t word)
{
	bool has_sign = kind == FIELD_INT || kind == FIELD_ENUM;

	encode_word(encoder, word);
	expect(encoder, kind, type, name, encoder->size - 4)->u =
		has_sign ? (uint64_t)(int64_t)(int32_t)word : word;
}

static inline void
encode_span(struct encoder *encoder, uint32_t size, bool text)
{
	for (uint32_t i = 0; i < size; i += 4) {
		uint32_t word = (uint32_t)random_next(&encoder->random);

		if (text) /* no octet is 0 */
			word = (word & 0x7f7f7f7f) | 0x01010101;
		if (size - i < 4)
			word &= ~(0xffffffffU >> 8 * (size - i));
		encode_word(encoder, word);
	}
}

/* -- choices -- */

static inline bool
is_full(const struct encoder *encoder)
{
	return encoder->size >= ENCODE_SOFT;
}

/* A size up to the bound: mostly small, at times none, the largest, or one short of it. */
static inline uint32_t
choose_size(struct encoder *encoder, uint32_t bound, uint32_t octets_each)
{
	uint32_t room = is_full(encoder) ? 0 : ENCODE_SOFT - encoder->size, size;

	switch (random_below(&encoder->random, 20)) {
	case 0:
		return 0;
	case 1:
		size = bound;
		break;
	case 2:
		size = bound - (bound != 0);
		break;
	case 3:
		size = random_below(&encoder->random, 200);
		break;
	default:
		size = random_below(&encoder->random, 7);
	}
	if (size > bound)
		size = bound;
	return (uint64_t)size * octets_each <= room ? size : 0;
}

static inline uint32_t
choose_word(struct encoder *encoder)
{
	static const uint32_t edges[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
	uint32_t word = (uint32_t)random_next(&encoder->random);

	if (encoder->small)
		return word % 128;
	return word % 5 == 0 ? edges[word / 5 % 5] : word;
}

static inline const struct spec_part *
part_of(const struct encoder *encoder, const struct spec_type *shape, uint32_t index)
{
	return &encoder->spec->parts[shape->first + index];
}

static inline void
hit(struct encoder *encoder, const struct spec_part *part)
{
	encoder->hits[part - encoder->spec->parts]++;
}

static inline uint32_t
take_turn(struct encoder *encoder, const struct spec_type *shape)
{
	uint32_t *turn = &encoder->turns[shape - encoder->spec->types];

	/* A step aside now and then, so that turns do not run side by side. */
	if (random_below(&encoder->random, 8) == 0)
		*turn += random_below(&encoder->random, shape->count);
	return (*turn)++ % shape->count;
}

static inline bool
has_case(const struct encoder *encoder, const struct spec_type *shape, int64_t value)
{
	for (uint32_t i = 0; i < shape->count; i++) {
		const struct spec_part *arm = part_of(encoder, shape, i);

		if (!arm->otherwise && arm->value == value)
			return true;
	}
	return false;
}

/* A discriminant that goes to `default`; false where every valid one has an arm. */
static inline bool
choose_other(struct encoder *encoder, const struct spec_type *shape, int64_t *value)
{
	const struct spec_type *number = spec_resolve(encoder->spec, shape->element);
	uint32_t start;

	if (number->kind != SPEC_ENUM && number->kind != SPEC_BOOL) {
		do
			*value = (int64_t)random_below(&encoder->random, 1 << 30);
		while (has_case(encoder, shape, *value));
		return true;
	}
	if (number->kind == SPEC_BOOL) {
		*value = has_case(encoder, shape, 0);
		return !has_case(encoder, shape, *value);
	}
	start = take_turn(encoder, number);
	for (uint32_t i = 0; i < number->count; i++) {
		const struct spec_part *one =
			part_of(encoder, number, (start + i) % number->count);

		*value = one->value;
		if (!has_case(encoder, shape, *value))
			return true;
	}
	return false;
}

#endif
