/*
 * oracle_support: random values for libtirpc's encoders, and the tape held against them.
 *
 * While a value is encoded, what has to be on the tape is noted down: a number as
 * itself, octets by their content. Counts, booleans in front of list items,
 * length words and padding are not noted, and passed over on the tape.
 */
#ifndef RPCSCOPE_ORACLE_SUPPORT_H
#define RPCSCOPE_ORACLE_SUPPORT_H

#include "../unit/walk_support.h"

#include <rpc/rpc.h>

#include <rpc/pmap_prot.h>

#include "decode.h"

enum { VALUES = 4096, ENCODED = 32768, TEXTS = 65536, SEED = 20240611 };

struct expected {
	bool is_bytes;
	uint64_t number;
	const char *bytes;
	uint32_t size;
};

struct fixture {
	struct spec *spec;
	struct decoder decoder;
	struct tape tape;
	struct guarded guarded;
	struct random_source random;
	struct expected expected[VALUES];
	size_t expected_count;
	char texts[TEXTS]; /* memory for the strings of one value */
	size_t text_used;
	char octets[ENCODED];
	XDR encoder;
};

static inline int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	fixture->spec = load_with_built_in(&opener_hooks, NULL);
	decoder_init(&fixture->decoder, fixture->spec);
	tape_init(&fixture->tape);
	guarded_init(&fixture->guarded);
	fixture->random.state = SEED;
	*state = fixture;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	guarded_release(&fixture->guarded);
	tape_release(&fixture->tape);
	spec_free(fixture->spec);
	free(fixture);
	return 0;
}

/* -- random values, each noted down as it is made -- */

static inline void
begin(struct fixture *fixture)
{
	fixture->expected_count = 0;
	fixture->text_used = 0;
	/* xdr_callmsg() leaves the padding of credentials as it was in the buffer. */
	memset(fixture->octets, 0, ENCODED);
	xdrmem_create(&fixture->encoder, fixture->octets, ENCODED, XDR_ENCODE);
}

static inline void
expect_number(struct fixture *fixture, uint64_t number)
{
	assert_true(fixture->expected_count < VALUES);
	fixture->expected[fixture->expected_count++] = (struct expected){.number = number};
}

static inline void
expect_bytes(struct fixture *fixture, const char *bytes, uint32_t size)
{
	assert_true(fixture->expected_count < VALUES);
	fixture->expected[fixture->expected_count++] =
		(struct expected){.is_bytes = true, .bytes = bytes, .size = size};
}

static inline uint32_t
a_word(struct fixture *fixture)
{
	static const uint32_t odd[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
	uint32_t word = (uint32_t)random_next(&fixture->random);

	if (random_below(&fixture->random, 4) == 0)
		word = odd[random_below(&fixture->random, 5)];
	return word;
}

static inline uint32_t
a_number(struct fixture *fixture)
{
	uint32_t word = a_word(fixture);

	expect_number(fixture, word);
	return word;
}

static inline int
an_int(struct fixture *fixture)
{
	int word = (int)a_word(fixture);

	expect_number(fixture, (uint64_t)(int64_t)word);
	return word;
}

static inline char *
some_octets(struct fixture *fixture, uint32_t size, bool text)
{
	char *at = fixture->texts + fixture->text_used;

	fixture->text_used += size + 1;
	assert_true(fixture->text_used <= TEXTS);
	for (uint32_t i = 0; i < size; i++)
		at[i] = (char)(text ? 1 + random_below(&fixture->random, 255)
				    : random_below(&fixture->random, 256));
	at[size] = '\0';
	return at;
}

static inline char *
a_string(struct fixture *fixture)
{
	uint32_t size = random_below(&fixture->random, 30);
	char *string = some_octets(fixture, size, true);

	expect_bytes(fixture, string, size);
	return string;
}

/* -- what came back -- */

static inline bool
is_value(const struct field *field)
{
	return field_is_leaf(field) && field->kind != FIELD_COUNT &&
	       field->kind != FIELD_FOLLOWS && field->kind != FIELD_LENGTH &&
	       field->kind != FIELD_PADDING;
}

static inline bool
is_same(const struct tape *tape, const struct field *field, const struct expected *expected)
{
	if (!expected->is_bytes)
		return field->u == expected->number && field->kind != FIELD_OPAQUE &&
		       field->kind != FIELD_STRING && field->kind != FIELD_REST;
	return (field->kind == FIELD_OPAQUE || field->kind == FIELD_STRING) &&
	       field->bytes.size == expected->size &&
	       memcmp(tape->octets + field->bytes.at, expected->bytes, expected->size) == 0;
}

static inline void
compare(const struct fixture *fixture, const char *what, uint32_t from, uint32_t size)
{
	const struct tape *tape = &fixture->tape;
	const char *fault = tape_fault(tape, from, size);
	size_t next = 0;

	if (fault != NULL)
		fail_msg("%s, seed %d: %s", what, SEED, fault);
	if (tape->anomaly_count != 0)
		fail_msg("%s, seed %d: %s at %u", what, SEED, tape->anomalies[0].reason,
			 (unsigned)tape->anomalies[0].offset);
	for (size_t i = 0; i < tape->count; i++) {
		const struct field *field = &tape->fields[i];

		if (!is_value(field) || (field->kind == FIELD_OPAQUE && field->length == 0))
			continue;
		if (next == fixture->expected_count ||
		    !is_same(tape, field, &fixture->expected[next]))
			fail_msg("%s, seed %d: value %zu at octet %u differs", what, SEED, next,
				 (unsigned)field->offset);
		next++;
	}
	assert_int_equal(next, fixture->expected_count);
}

static inline struct pmap
a_mapping(struct fixture *fixture)
{
	struct pmap map;

	map.pm_prog = a_number(fixture);
	map.pm_vers = a_number(fixture);
	map.pm_prot = a_number(fixture);
	map.pm_port = a_number(fixture);
	return map;
}

static inline void
put_mapping(struct fixture *fixture)
{
	struct pmap map = a_mapping(fixture);

	assert_true(xdr_pmap(&fixture->encoder, &map));
}

#endif
