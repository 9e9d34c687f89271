/*
 * Random valid messages of every procedure of every built-in program: decoded, they
 * give the leaves that were put into them, in order, with their names, types and
 * values, tiling the message, and nothing to complain of. Every arm of every
 * union, every value of every enumeration and every attribute that a procedure
 * can lead to was there at the end.
 */
#include "message_support.h"

enum { SEED = 8881, ROUNDS = 150, COMPOUND_ROUNDS = 2000, NFS4_PROGRAM_NUMBER = 100003 };
enum { NFS4_CALLBACK_NUMBER = 0x40000000, PMAP_NUMBER = 100000 };

struct fixture {
	struct spec *spec;
	struct decoder decoder;
	struct tape tape;
	struct guarded guarded;
	struct encoder *encoder;
	uint64_t messages, leaves;
	struct subject inner; /* for the call inside CALLIT */
	bool *reached;        /* by type: some procedure leads to it */
};

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	fixture->spec = load_with_built_in(&opener_hooks, NULL);
	decoder_init(&fixture->decoder, fixture->spec);
	tape_init(&fixture->tape);
	guarded_init(&fixture->guarded);
	fixture->encoder = encoder_new(fixture->spec, SEED);
	fixture->reached = calloc(fixture->spec->type_count, sizeof *fixture->reached);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	free(fixture->reached);
	encoder_free(fixture->encoder);
	guarded_release(&fixture->guarded);
	tape_release(&fixture->tape);
	spec_free(fixture->spec);
	free(fixture);
	return 0;
}

static uint32_t
rounds_of(const struct subject *subject)
{
	bool compound = (subject->program->number == NFS4_PROGRAM_NUMBER &&
			 subject->version->number == 4) ||
			subject->program->number == NFS4_CALLBACK_NUMBER;

	return compound && subject->procedure->number != 0 ? COMPOUND_ROUNDS : ROUNDS;
}

/* Any procedure but the portmapper's, which would call on in turn. */
static void
choose_inner(struct fixture *fixture, enum message_kind kind)
{
	const struct spec *spec = fixture->spec;
	struct random_source *random = &fixture->encoder->random;
	struct subject *inner = &fixture->inner;

	do
		inner->program =
			&spec->programs[random_below(random, (uint32_t)spec->program_count)];
	while (inner->program->number == PMAP_NUMBER);
	inner->version = &spec->versions[inner->program->first +
					 random_below(random, inner->program->count)];
	inner->procedure = &spec->procedures[inner->version->first +
					     random_below(random, inner->version->count)];
	inner->kind = kind;
}

static void
decode(struct fixture *fixture, const struct subject *subject, const uint8_t *octets)
{
	const struct subject *inner = &fixture->inner;
	uint32_t size = fixture->encoder->size;
	struct record record = {.octets = guarded_put(&fixture->guarded, octets, size),
				.captured = size,
				.length = size};
	struct message message;

	message_parse(&message, &record, true);
	if (subject->kind == MESSAGE_REPLY) { /* as the exchange knows from the call */
		message.program = subject->program->number;
		message.version = subject->version->number;
		message.procedure = subject->procedure->number;
		message.has_procedure = true;
	}
	message.has_inner = true;
	message.inner_program = inner->program->number;
	message.inner_version = inner->version->number;
	message.inner_procedure = inner->procedure->number;
	decode_message(&fixture->decoder, &message, DECODE_HEADER | DECODE_BODY,
		       &fixture->tape);
}

static void
put_one(struct fixture *fixture, const struct subject *subject)
{
	do
		choose_inner(fixture, subject->kind);
	while (!put_message(fixture->encoder, subject, &fixture->inner));
}

static void
check_subject(void *context, const struct subject *subject)
{
	struct fixture *fixture = context;
	const char *fault;
	size_t at;

	for (uint32_t round = 0; round < rounds_of(subject); round++) {
		put_one(fixture, subject);
		decode(fixture, subject, fixture->encoder->octets);
		fault = message_fault(fixture->encoder, &fixture->tape, &at);
		if (fault != NULL)
			fail_at(fixture->encoder, subject, at, fault);
		fixture->messages++;
		fixture->leaves += at;
	}
}

/* -- what can be reached -- */

static void reach(struct fixture *fixture, uint16_t type);

static void
reach_contents(struct fixture *fixture, uint16_t type)
{
	const char *name = content_name(fixture->spec, type);

	for (size_t i = 0; i < COUNT_OF(by_layout); i++) {
		if (strcmp(by_layout[i].opaque, name) == 0)
			reach(fixture,
			      content_type(fixture->spec, type, "", by_layout[i].type));
	}
	for (size_t row = 0; row < COUNT_OF(by_bits); row++) {
		if (strcmp(by_bits[row].opaque, name) != 0)
			continue;
		for (size_t i = 0; i < by_bits[row].count; i++) {
			if (by_bits[row].types[i][0] != '\0')
				reach(fixture,
				      content_type(fixture->spec, type, by_bits[row].prefix,
						   by_bits[row].types[i]));
		}
	}
}

static void
reach(struct fixture *fixture, uint16_t type)
{
	const struct spec_type *shape = &fixture->spec->types[type];
	bool has_element = shape->kind == SPEC_UNION || shape->kind == SPEC_ARRAY ||
			   shape->kind == SPEC_ARRAY_VAR || shape->kind == SPEC_OPTIONAL ||
			   shape->kind == SPEC_ALIAS;

	if (fixture->reached[type])
		return;
	fixture->reached[type] = true;
	reach_contents(fixture, type);
	if (has_element)
		reach(fixture, shape->element);
	for (uint32_t i = 0;
	     (shape->kind == SPEC_STRUCT || shape->kind == SPEC_UNION) && i < shape->count; i++)
		reach(fixture, fixture->spec->parts[shape->first + i].type);
}

static void
reach_subject(void *context, const struct subject *subject)
{
	struct fixture *fixture = context;

	reach(fixture, subject->procedure->result);
	for (uint32_t i = 0; i < subject->procedure->count; i++)
		reach(fixture, fixture->spec->parts[subject->procedure->first + i].type);
}

/* A `default` that no valid discriminant is left for cannot be reached. */
static bool
is_reachable(struct fixture *fixture, const struct spec_type *shape,
	     const struct spec_part *part)
{
	int64_t value;

	return shape->kind != SPEC_UNION || !part->otherwise ||
	       choose_other(fixture->encoder, shape, &value);
}

static uint32_t
check_reached(struct fixture *fixture, const struct spec_type *shape)
{
	const struct spec *spec = fixture->spec;
	uint32_t parts = 0;

	for (uint32_t i = 0; i < shape->count; i++) {
		const struct spec_part *part = &spec->parts[shape->first + i];

		if (!is_reachable(fixture, shape, part))
			continue;
		parts++;
		if (fixture->encoder->hits[shape->first + i] == 0)
			fail_msg("%s: arm or value %s (%lld) was never there",
				 spec_name(spec, shape->name), spec_name(spec, part->name),
				 (long long)part->value);
	}
	return parts;
}

/* The opaques that are opened: every attribute, notification and layout was in one. */
static void
check_contents(const struct encoder *encoder)
{
	for (size_t row = 0; row < COUNT_OF(by_bits); row++) {
		for (size_t i = 0; i < by_bits[row].count; i++) {
			if (by_bits[row].types[i][0] != '\0' && encoder->bit_hits[row][i] == 0)
				fail_msg("%s: %s was never there", by_bits[row].opaque,
					 by_bits[row].types[i]);
		}
	}
	for (size_t row = 0; row < COUNT_OF(by_layout); row++) {
		if (encoder->layout_hits[row] == 0)
			fail_msg("%s was never there", by_layout[row].type);
	}
	assert_true(encoder->inner_hits > 100);
}

static void
test_every_procedure(void **state)
{
	struct fixture *fixture = *state;
	const struct spec *spec = fixture->spec;
	uint32_t parts = 0;

	for (size_t i = 0; i < spec->program_count; i++)
		for_procedures(spec, &spec->programs[i], check_subject, fixture);
	for (size_t i = 0; i < spec->program_count; i++)
		for_procedures(spec, &spec->programs[i], reach_subject, fixture);
	for (size_t i = TYPE_FIXED; i < spec->type_count; i++) {
		uint8_t kind = spec->types[i].kind;

		if (fixture->reached[i] && (kind == SPEC_UNION || kind == SPEC_ENUM))
			parts += check_reached(fixture, &spec->types[i]);
	}
	print_message("# %llu messages, %llu leaves, %llu opened opaques; %u arms and values\n",
		      (unsigned long long)fixture->messages,
		      (unsigned long long)fixture->leaves,
		      (unsigned long long)fixture->encoder->opened_total, (unsigned)parts);
	check_contents(fixture->encoder);
	assert_true(parts > 1000);
}

/* An opener that this test has no contents for would be tested by nobody. */
static void
test_every_opener_is_known(void **state)
{
	static const char *const others[] = {
		"auth_body", "callit_args", "callit_results", /* message_support.h */
		"gss_integ_body",                             /* test_security */
	};
	struct fixture *fixture = *state;
	const struct spec *spec = fixture->spec;

	for (size_t i = TYPE_FIXED; i < spec->type_count; i++) {
		const char *name = spec_name(spec, spec->types[i].name);
		bool known = spec->types[i].opener == 0 ||
			     find_bits(spec, (uint16_t)i) < COUNT_OF(by_bits);

		for (size_t k = 0; k < COUNT_OF(by_layout); k++)
			known = known || strcmp(by_layout[k].opaque, name) == 0;
		for (size_t k = 0; k < COUNT_OF(others); k++)
			known = known || strcmp(others[k], name) == 0;
		if (!known)
			fail_msg("no contents for %s", name);
	}
}

/* -- the comparison itself: another octet gives another tape, which it says -- */

static void
change_octets(void *context, const struct subject *subject)
{
	struct fixture *fixture = context;
	struct encoder *encoder = fixture->encoder;
	static const uint8_t masks[] = {0x01, 0x80, 0xff};
	uint8_t changed[ENCODE_HARD];
	size_t at;

	put_one(fixture, subject);
	decode(fixture, subject, encoder->octets);
	assert_null(message_fault(encoder, &fixture->tape, &at));
	memcpy(changed, encoder->octets, encoder->size);
	for (int i = 0; i < 3; i++) {
		uint32_t where = random_below(&encoder->random, encoder->size);

		changed[where] ^= masks[i];
		decode(fixture, subject, changed);
		if (message_fault(encoder, &fixture->tape, &at) == NULL)
			fail_at(encoder, subject, 0, "a changed octet is not seen");
		changed[where] ^= masks[i];
		fixture->messages++;
	}
}

static void
test_comparison_sees_every_octet(void **state)
{
	struct fixture *fixture = *state;
	const struct spec *spec = fixture->spec;

	for (size_t i = 0; i < spec->program_count; i++)
		for_procedures(spec, &spec->programs[i], change_octets, fixture);
	assert_true(fixture->messages > 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_procedure, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_every_opener_is_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_comparison_sees_every_octet, set_up,
						tear_down),
	};

	print_message("# seed %d\n", SEED);
	return cmocka_run_group_tests_name("programs", tests, NULL, NULL);
}
