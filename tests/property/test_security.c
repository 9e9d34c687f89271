/*
 * Random messages of every security flavor: the tape is whole whatever the octets
 * are, cut or short, mutated or not. And what stands inside the envelope of
 * RPCSEC_GSS is decoded as it would be without: for every procedure of every
 * built-in program, the same octets give the same leaves.
 */
#include "../unit/decode_support.h"

enum { SEED = 2203, ROUNDS = 300, MUTATIONS = 25, BODIES = 12 };

static uint32_t
any(struct fixture *fixture, uint32_t below)
{
	return random_below(&fixture->random, below);
}

/* Mostly small, so that counts, lengths and enumerations are believed. */
static void
put_some(struct fixture *fixture, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t word = (uint32_t)random_next(&fixture->random);

		put_word(fixture, word % 8 != 0 ? word >> 29 : word);
	}
}

/* -- any octets -- */

static void
check(struct fixture *fixture, uint32_t captured, uint32_t length, bool call)
{
	struct message *message = &fixture->message;
	const char *fault;

	fixture->record = (struct record){
		.octets = guarded_put(&fixture->guarded, fixture->octets, captured),
		.captured = captured,
		.length = length};
	message_parse(message, &fixture->record, true);
	if (!call) {
		answer(fixture, 100000, 2, any(fixture, 6));
		message->security = (struct security){
			.known = true,
			.flavor = 6,
			.gss = any(fixture, 8) != 0,
			.gss_proc = (uint8_t)any(fixture, 8),
			.service = (uint8_t)any(fixture, 5),
		};
	}
	decode_message(&fixture->decoder, message, DECODE_HEADER | DECODE_BODY, &fixture->tape);
	fault = tape_fault(&fixture->tape, 0, captured);
	if (fault == NULL) {
		decode_message(&fixture->decoder, message, DECODE_BODY, &fixture->tape);
		fault = tape_fault(&fixture->tape, message->body, captured);
	}
	if (fault == NULL && decode_body(&fixture->tape) != SIZE_MAX)
		fault = decode_body(&fixture->tape) < fixture->tape.count
				? NULL
				: "a body outside of the tape";
	if (fault != NULL)
		fail_msg("%u of %u octets, seed %d: %s", (unsigned)captured, (unsigned)length,
			 SEED, fault);
}

static void
put_auth(struct fixture *fixture, uint32_t flavor)
{
	uint32_t words = any(fixture, 9);

	PUT(fixture, flavor, words * 4 - (words != 0 ? any(fixture, 4) : 0));
	if (flavor != 6 || words < 6) {
		put_some(fixture, words);
		return;
	}
	PUT(fixture, 1 + any(fixture, 3), any(fixture, 8), 7, any(fixture, 5), words * 4 - 20);
	put_some(fixture, words - 5);
}

/* Envelopes of any sort, whose lengths are right more often than not. */
static void
put_body(struct fixture *fixture)
{
	uint32_t words = any(fixture, 20);

	put_word(fixture, words * 4 + (any(fixture, 4) == 0 ? any(fixture, 100) : 0));
	put_some(fixture, words);
	put_word(fixture, any(fixture, 3) * 4);
	put_some(fixture, any(fixture, 3));
}

static void
put_message(struct fixture *fixture, bool call)
{
	static const uint32_t flavors[] = {0, 1, 2, 3, 6, 6, 6, 7};
	uint32_t flavor = flavors[any(fixture, 8)];

	fixture->size = 0;
	if (call) {
		PUT(fixture, 1, CALL, 2, 100000, 2, any(fixture, 6));
		put_auth(fixture, flavor);
		put_auth(fixture, flavor);
	} else {
		PUT(fixture, 1, REPLY, MSG_ACCEPTED);
		put_auth(fixture, flavor);
		PUT(fixture, SUCCESS);
	}
	put_body(fixture);
}

static void
test_any_octets(void **state)
{
	struct fixture *fixture = *state;

	fixture->random.state = SEED;
	for (int round = 0; round < ROUNDS; round++) {
		bool call = any(fixture, 3) != 0;

		put_message(fixture, call);
		for (uint32_t at = 0; at <= fixture->size; at++) {
			check(fixture, at, fixture->size, call);
			check(fixture, at, at, call);
		}
		for (int i = 0; i < MUTATIONS; i++) {
			/* Not the message's type, which `call` knows. */
			uint32_t at = 8 + any(fixture, fixture->size - 8);

			fixture->octets[at] = (uint8_t)random_next(&fixture->random);
			check(fixture, fixture->size, fixture->size, call);
		}
	}
}

/* -- the same inside an envelope -- */

struct leaves {
	struct field at[2000];
	size_t count;
};

/* Leaves from that octet on up to the other, with their places counted from there. */
static void
take_leaves(struct leaves *leaves, const struct tape *tape, uint32_t from, uint32_t to)
{
	leaves->count = 0;
	for (size_t i = 0; i < tape->count; i++) {
		struct field field = tape->fields[i];

		if (!field_is_leaf(&field) || field.offset < from || field.offset >= to)
			continue;
		if (field.kind >= FIELD_OPAQUE && field.kind != FIELD_COUNT &&
		    field.kind != FIELD_FOLLOWS && field.kind != FIELD_LENGTH)
			field.bytes.at -= from;
		field.offset -= from;
		field.depth = 0;
		field.flags &= (uint16_t)~FIELD_FROM_OPENER;
		assert_true(leaves->count < sizeof leaves->at / sizeof leaves->at[0]);
		leaves->at[leaves->count++] = field;
	}
}

static void
begin_message(struct fixture *fixture, bool call)
{
	fixture->size = 0;
	if (call)
		PUT(fixture, 1, CALL, 2, 1, 1, 1, 0, 0, 0, 0);
	else
		PUT(fixture, 1, REPLY, MSG_ACCEPTED, 0, 0, SUCCESS);
}

static void
decode_as(struct fixture *fixture, const uint32_t procedure[static 3], bool gss,
	  struct leaves *leaves, uint32_t from, uint32_t to)
{
	struct message *message = &fixture->message;

	parse(fixture, fixture->size, fixture->size);
	answer(fixture, procedure[0], procedure[1], procedure[2]);
	message->has_inner = true;
	message->inner_program = 100000;
	message->inner_version = 2;
	message->inner_procedure = 3;
	message->security = (struct security){.known = true,
					      .flavor = gss ? 6 : 0,
					      .gss = gss,
					      .version = 1,
					      .service = GSS_INTEGRITY};
	decode(fixture, DECODE_BODY);
	take_leaves(leaves, &fixture->tape, from, to);
}

static bool
same_leaf(const struct field *a, const struct field *b)
{
	return a->kind == b->kind && a->type == b->type && a->name == b->name &&
	       a->flags == b->flags && a->offset == b->offset && a->length == b->length &&
	       a->u == b->u;
}

static void
compare(struct fixture *fixture, const uint32_t procedure[static 3], bool call)
{
	static struct leaves plain, inside;
	uint8_t body[160];
	uint32_t start, size = 4 * any(fixture, sizeof body / 4);

	begin_message(fixture, call);
	start = fixture->size;
	put_some(fixture, size / 4);
	memcpy(body, fixture->octets + start, size);
	decode_as(fixture, procedure, false, &plain, start, start + size);

	begin_message(fixture, call);
	PUT(fixture, 4 + size, 7);
	memcpy(fixture->octets + fixture->size, body, size);
	fixture->size += size;
	PUT(fixture, 4, 0x01020304);
	decode_as(fixture, procedure, true, &inside, start + 8, start + 8 + size);

	assert_int_equal(plain.count, inside.count);
	for (size_t i = 0; i < plain.count; i++) {
		if (!same_leaf(&plain.at[i], &inside.at[i]))
			fail_msg("%u %u %u %s, leaf %zu at %u, seed %d", (unsigned)procedure[0],
				 (unsigned)procedure[1], (unsigned)procedure[2],
				 call ? "call" : "reply", i, (unsigned)plain.at[i].offset,
				 SEED);
	}
}

static void
test_inside_as_without(void **state)
{
	struct fixture *fixture = *state;
	const struct spec *spec = fixture->spec;
	size_t compared = 0;

	fixture->random.state = SEED;
	for (size_t p = 0; p < spec->program_count; p++) {
		const struct spec_program *program = &spec->programs[p];

		for (uint32_t v = 0; v < program->count; v++) {
			const struct spec_version *version =
				&spec->versions[program->first + v];

			for (uint32_t i = 0; i < version->count * BODIES; i++) {
				const uint32_t procedure[3] = {
					program->number, version->number,
					spec->procedures[version->first + i / BODIES].number};

				compare(fixture, procedure, i % 2 != 0);
				compared++;
			}
		}
	}
	assert_true(compared > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_any_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_inside_as_without, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("security", tests, NULL, NULL);
}
