/*
 * For every procedure of every built-in program, and for whole messages: whatever
 * the octets are, the tape is whole: leaves tile what is at hand, openings are
 * closed, no bound is passed. The octets end at a page that cannot be read.
 *
 * Three sorts of octets: random words, mostly small ones so that counts and
 * lengths are believed; mutations of octets that the type accepts, which are made
 * by going over the type itself; and every prefix of those, once as a record that
 * the capture cut and once as a record that ends there.
 */
#include "../unit/walk_support.h"

#include "decode.h"

enum { SEED = 7140, RANDOM_ROUNDS = 400, GROWN_ROUNDS = 20, MUTATIONS = 40, LARGEST = 4096 };

struct fixture {
	struct spec *spec;
	struct decoder decoder;
	struct tape tape;
	struct guarded guarded;
	struct random_source random;
	uint8_t octets[LARGEST];
	uint32_t size;
	struct message message; /* what openers see */
	uint64_t walks;
};

static int
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

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	guarded_release(&fixture->guarded);
	tape_release(&fixture->tape);
	spec_free(fixture->spec);
	free(fixture);
	return 0;
}

/* -- octets that a type accepts -- */

static void
put_word(struct fixture *fixture, uint32_t word)
{
	uint8_t *at = fixture->octets + fixture->size;

	if (fixture->size + 4 > LARGEST)
		return;
	at[0] = (uint8_t)(word >> 24);
	at[1] = (uint8_t)(word >> 16);
	at[2] = (uint8_t)(word >> 8);
	at[3] = (uint8_t)word;
	fixture->size += 4;
}

static void
put_octets(struct fixture *fixture, uint32_t count)
{
	for (uint32_t i = 0; i < (count + 3) / 4; i++)
		put_word(fixture,
			 i * 4 + 4 <= count ? (uint32_t)random_next(&fixture->random) : 0);
}

static uint32_t
a_size(struct fixture *fixture, uint32_t bound)
{
	uint32_t size = random_below(&fixture->random, 6);

	return size < bound ? size : bound;
}

static void grow(struct fixture *fixture, uint16_t type, unsigned depth);

static void
grow_many(struct fixture *fixture, uint16_t type, uint32_t count, unsigned depth)
{
	for (uint32_t i = 0; i < count && fixture->size < LARGEST; i++)
		grow(fixture, type, depth);
}

static void
grow_union(struct fixture *fixture, const struct spec_type *shape, unsigned depth)
{
	const struct spec_part *arm = &fixture->spec->parts[shape->first];

	arm += random_below(&fixture->random, shape->count);
	put_word(fixture, arm->otherwise ? 0x7ffffffeU : (uint32_t)arm->value);
	grow(fixture, arm->type, depth);
}

static void
grow_members(struct fixture *fixture, const struct spec_type *shape, unsigned depth)
{
	for (uint32_t i = 0; i < shape->count; i++)
		grow(fixture, fixture->spec->parts[shape->first + i].type, depth);
}

static void
grow_counted(struct fixture *fixture, const struct spec_type *shape, unsigned depth)
{
	uint32_t size = a_size(fixture, shape->size);

	put_word(fixture, size);
	if (shape->kind == SPEC_ARRAY_VAR)
		grow_many(fixture, shape->element, size, depth);
	else
		put_octets(fixture, size);
}

static void
grow_optional(struct fixture *fixture, const struct spec_type *shape, unsigned depth)
{
	bool follows = depth < 12 && random_below(&fixture->random, 4) != 0;

	put_word(fixture, follows);
	if (follows)
		grow(fixture, shape->element, depth);
}

static void
grow(struct fixture *fixture, uint16_t type, unsigned depth)
{
	const struct spec_type *shape = spec_resolve(fixture->spec, type);
	const struct spec_part *parts = &fixture->spec->parts[shape->first];

	depth++;
	switch (shape->kind) {
	case SPEC_VOID:
		break;
	case SPEC_HYPER:
	case SPEC_UHYPER:
	case SPEC_DOUBLE:
		put_octets(fixture, 8);
		break;
	case SPEC_QUADRUPLE:
		put_octets(fixture, 16);
		break;
	case SPEC_BOOL:
		put_word(fixture, random_below(&fixture->random, 2));
		break;
	case SPEC_ENUM:
		put_word(fixture,
			 (uint32_t)parts[random_below(&fixture->random, shape->count)].value);
		break;
	case SPEC_OPAQUE:
		put_octets(fixture, shape->size);
		break;
	case SPEC_OPAQUE_VAR:
	case SPEC_STRING:
	case SPEC_ARRAY_VAR:
		grow_counted(fixture, shape, depth);
		break;
	case SPEC_ARRAY:
		grow_many(fixture, shape->element, shape->size, depth);
		break;
	case SPEC_STRUCT:
		grow_members(fixture, shape, depth);
		break;
	case SPEC_UNION:
		grow_union(fixture, shape, depth);
		break;
	case SPEC_OPTIONAL:
		grow_optional(fixture, shape, depth);
		break;
	default:
		put_word(fixture, random_below(&fixture->random, 8));
	}
}

/* -- what has to hold -- */

struct subject {
	const struct spec_program *program;
	const struct spec_version *version;
	const struct spec_procedure *procedure;
	enum message_kind kind;
};

static void
walk_subject(struct fixture *fixture, const struct subject *subject, uint32_t size,
	     uint32_t length)
{
	struct decoding decoding = {&fixture->decoder, &fixture->message};
	struct tape *tape = &fixture->tape;
	struct walker walker;
	const char *fault;

	/* The call inside CALLIT is GETPORT's, so that the openers have work. */
	fixture->message = (struct message){.kind = subject->kind,
					    .has_inner = true,
					    .inner_program = 100000,
					    .inner_version = 2,
					    .inner_procedure = 3};
	tape_reset(tape, fixture->spec, guarded_put(&fixture->guarded, fixture->octets, size),
		   size, length);
	walker_init(&walker, tape, 0, &decoding);
	decode_procedure(&walker, subject->procedure, subject->kind);
	walk_rest(&walker, NULL);
	fault = tape_fault(tape, 0, size);
	if (walker.depth != 0)
		fault = "the walker did not come back up";
	if (fault != NULL)
		fail_msg("%u %u %u %s, %u of %u octets, seed %d: %s",
			 (unsigned)subject->program->number, (unsigned)subject->version->number,
			 (unsigned)subject->procedure->number,
			 subject->kind == MESSAGE_CALL ? "arguments" : "results",
			 (unsigned)size, (unsigned)length, SEED, fault);
	fixture->walks++;
}

static void
grow_subject(struct fixture *fixture, const struct subject *subject)
{
	const struct spec_procedure *procedure = subject->procedure;

	fixture->size = 0;
	if (subject->kind == MESSAGE_REPLY)
		grow(fixture, procedure->result, 0);
	for (uint32_t i = 0; subject->kind == MESSAGE_CALL && i < procedure->count; i++)
		grow(fixture, fixture->spec->parts[procedure->first + i].type, 0);
}

static void
check_random(struct fixture *fixture, const struct subject *subject)
{
	for (int round = 0; round < RANDOM_ROUNDS; round++) {
		uint32_t words = random_below(&fixture->random, 40);

		fixture->size = 0;
		for (uint32_t i = 0; i < words; i++) {
			uint32_t word = (uint32_t)random_next(&fixture->random);

			put_word(fixture, word % 8 != 0 ? word >> 29 : word);
		}
		words = words != 0 ? fixture->size - random_below(&fixture->random, 4) : 0;
		walk_subject(fixture, subject, words,
			     words + random_below(&fixture->random, 2) * 40);
	}
}

static void
check_grown(struct fixture *fixture, const struct subject *subject)
{
	uint32_t size;

	grow_subject(fixture, subject);
	size = fixture->size;
	walk_subject(fixture, subject, size, size);
	for (uint32_t at = 0; at <= size && at <= 400; at++) {
		walk_subject(fixture, subject, at, size);
		walk_subject(fixture, subject, at, at);
	}
	for (int i = 0; size != 0 && i < MUTATIONS; i++) {
		uint32_t at = random_below(&fixture->random, size);
		uint8_t before = fixture->octets[at];

		fixture->octets[at] = (uint8_t)random_next(&fixture->random);
		walk_subject(fixture, subject, size, size);
		walk_subject(fixture, subject, size, size + 64);
		fixture->octets[at] = i % 2 == 0 ? before : fixture->octets[at];
	}
}

static void
for_procedures(struct fixture *fixture,
	       void (*check)(struct fixture *fixture, const struct subject *subject))
{
	const struct spec *spec = fixture->spec;
	struct subject subject;

	for (size_t p = 0; p < spec->program_count; p++) {
		subject.program = &spec->programs[p];
		for (uint32_t v = 0; v < subject.program->count; v++) {
			subject.version = &spec->versions[subject.program->first + v];
			for (uint32_t i = 0; i < subject.version->count; i++) {
				subject.procedure =
					&spec->procedures[subject.version->first + i];
				subject.kind = MESSAGE_CALL;
				check(fixture, &subject);
				subject.kind = MESSAGE_REPLY;
				check(fixture, &subject);
			}
		}
	}
}

static void
test_random_octets(void **state)
{
	struct fixture *fixture = *state;

	for_procedures(fixture, check_random);
	assert_true(fixture->walks >= 28 * 2 * RANDOM_ROUNDS);
}

/* What grew from the type is taken without a complaint: else the other tests test little. */
static void
check_accepted(struct fixture *fixture, const struct subject *subject)
{
	do
		grow_subject(fixture, subject);
	while (fixture->size >= LARGEST - 64);
	walk_subject(fixture, subject, fixture->size, fixture->size);
	for (size_t i = 0; i < fixture->tape.count; i++)
		assert_true(fixture->tape.fields[i].kind != FIELD_REST ||
			    (fixture->tape.fields[i].flags & FIELD_FROM_OPENER) != 0);
}

static void
test_grown_octets(void **state)
{
	struct fixture *fixture = *state;

	for_procedures(fixture, check_accepted);
	for (int round = 0; round < GROWN_ROUNDS; round++)
		for_procedures(fixture, check_grown);
}

/* -- whole messages: header and body -- */

static void
check_message(struct fixture *fixture, uint32_t size, uint32_t length)
{
	struct record record = {.octets = guarded_put(&fixture->guarded, fixture->octets, size),
				.captured = size,
				.length = length};
	const char *fault;

	message_parse(&fixture->message, &record, true);
	if (fixture->message.kind == MESSAGE_REPLY) {
		fixture->message.program = 100000;
		fixture->message.version = 2 + random_below(&fixture->random, 3);
		fixture->message.procedure = random_below(&fixture->random, 13);
		fixture->message.has_procedure = true;
	}
	decode_message(&fixture->decoder, &fixture->message, DECODE_HEADER | DECODE_BODY,
		       &fixture->tape);
	fault = tape_fault(&fixture->tape, 0, size);
	if (fault != NULL)
		fail_msg("message of %u of %u octets, seed %d: %s", (unsigned)size,
			 (unsigned)length, SEED, fault);
	assert_true(fixture->message.body <= size);
	decode_message(&fixture->decoder, &fixture->message, DECODE_BODY, &fixture->tape);
	fault = tape_fault(&fixture->tape, fixture->message.body, size);
	if (fault != NULL)
		fail_msg("body of %u of %u octets, seed %d: %s", (unsigned)size,
			 (unsigned)length, SEED, fault);
}

static void
test_messages(void **state)
{
	struct fixture *fixture = *state;

	for (int round = 0; round < 400; round++) {
		fixture->size = 0;
		grow(fixture, fixture->decoder.header_type, 0);
		put_octets(fixture, random_below(&fixture->random, 60));
		if (round % 2 != 0) { /* version 2, the portmapper */
			fixture->octets[11] = 2;
			memcpy(fixture->octets + 12, "\0\1\206\240\0\0\0\2\0\0\0", 11);
		}
		for (uint32_t at = 0; at <= fixture->size; at++) {
			check_message(fixture, at, fixture->size);
			check_message(fixture, at, at);
		}
		for (int i = 0; i < MUTATIONS; i++) {
			fixture->octets[random_below(&fixture->random, fixture->size)] =
				(uint8_t)random_next(&fixture->random);
			check_message(fixture, fixture->size, fixture->size);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_grown_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_messages, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("tiles", tests, NULL, NULL);
}
