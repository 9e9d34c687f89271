/*
 * rpcgen as a second, independent oracle. Random valid arguments and results, made
 * from a specification, are decoded by the code that rpcgen generates from the same
 * file, and encoded again: the same octets have to come out, and the walker has
 * to read from them what was put in. Where the program is built in under another
 * text, the octets of each have to suit the other as well.
 */
#include "rpcgen_support.h"

#include "../property/message_support.h"

#include <ctype.h>

enum {
	SEED = 4506,
	ROUNDS = 100,
	TRANSIENT = 0x40000000, /* from there on a number names no program: RFC 5531 8.4 */
};

struct fixture {
	struct spec *theirs, *ours; /* the file that rpcgen read; what is built in */
	struct tape tape;
	struct guarded guarded;
	struct encoder *encoder;
	uint8_t again[ENCODE_HARD];
	uint64_t messages, procedures, crossed;
	bool cross; /* octets made from what is built in */
};

static struct spec *
load(bool built_in)
{
	struct spec *spec = spec_new(NULL);
	struct error error = {{0}};

	if (built_in ? !spec_load_built_in(spec, &error)
		     : !spec_load_path(spec, rpcgen_path, &error))
		fail_msg("%s", error.text);
	return spec;
}

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	fixture->theirs = load(false);
	fixture->ours = load(true);
	tape_init(&fixture->tape);
	guarded_init(&fixture->guarded);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	guarded_release(&fixture->guarded);
	tape_release(&fixture->tape);
	spec_free(fixture->theirs);
	spec_free(fixture->ours);
	free(fixture);
	return 0;
}

/* -- rpcgen's side -- */

/* Its name for a procedure: NLM_TEST of version 1 is nlm_test_1_svc. */
static const struct rpcgen_table *
find_row(const char *procedure, uint32_t version)
{
	char name[160];

	snprintf(name, sizeof name, "%s_%u_svc", procedure, (unsigned)version);
	for (char *at = name; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return rpcgen_find(name);
}

/* Decodes the octets and encodes them again; what went wrong, or NULL. */
static const char *
go_round(struct fixture *fixture, xdrproc_t coder, unsigned value_size)
{
	struct encoder *encoder = fixture->encoder;
	void *value = calloc(1, value_size + 1); /* empty, as rpcgen wants it */
	const char *fault = NULL;
	XDR xdr;

	assert_non_null(value);
	xdrmem_create(&xdr, (char *)encoder->octets, encoder->size, XDR_DECODE);
	if (!coder(&xdr, value))
		fault = "rpcgen cannot decode it";
	else if (xdr_getpos(&xdr) != encoder->size)
		fault = "rpcgen decodes another number of octets";
	memset(fixture->again, 0xa5, sizeof fixture->again);
	xdrmem_create(&xdr, (char *)fixture->again, ENCODE_HARD, XDR_ENCODE);
	if (fault == NULL && !coder(&xdr, value))
		fault = "rpcgen cannot encode it";
	if (fault == NULL && (xdr_getpos(&xdr) != encoder->size ||
			      memcmp(fixture->again, encoder->octets, encoder->size) != 0))
		fault = "rpcgen encodes other octets";
	xdr_free(coder, value);
	free(value);
	return fault;
}

/* -- the walker's side -- */

static void
walk_octets(struct fixture *fixture, const struct spec *spec,
	    const struct spec_procedure *procedure, enum message_kind kind)
{
	const struct encoder *encoder = fixture->encoder;
	struct walker walker;

	tape_reset(&fixture->tape, spec,
		   guarded_put(&fixture->guarded, encoder->octets, encoder->size),
		   encoder->size, encoder->size);
	walker_init(&walker, &fixture->tape, 0, NULL);
	decode_procedure(&walker, procedure, kind);
	walk_rest(&walker, "octets left over");
}

/* The other text may know fewer numbers by name, and bounds that are its own. */
static const char *
cross_fault(const struct fixture *fixture)
{
	static const char *const allowed[] = {"value not in the enumeration",
					      "longer than the specification allows",
					      "more elements than the specification allows"};
	const struct tape *tape = &fixture->tape;
	const char *fault = tape_fault(tape, 0, fixture->encoder->size);

	for (size_t i = 0; fault == NULL && i < tape->anomaly_count; i++) {
		fault = tape->anomalies[i].reason;
		for (size_t k = 0; fault != NULL && k < COUNT_OF(allowed); k++)
			fault = strcmp(fault, allowed[k]) == 0 ? NULL : fault;
	}
	return fault;
}

/* -- both -- */

static void
check_octets(struct fixture *fixture, const struct subject *subject,
	     const struct rpcgen_table *row)
{
	const struct spec *other = fixture->cross ? fixture->theirs : fixture->ours;
	const struct spec_procedure *procedure =
		spec_find_procedure(other, subject->program->number, subject->version->number,
				    subject->procedure->number);
	bool call = subject->kind == MESSAGE_CALL;
	size_t at = 0;
	const char *fault = go_round(fixture, call ? row->argument : row->result,
				     call ? row->argument_size : row->result_size);

	if (fault == NULL) {
		walk_octets(fixture, fixture->encoder->spec, subject->procedure, subject->kind);
		fault = message_fault(fixture->encoder, &fixture->tape, &at);
	}
	if (fault == NULL && procedure != NULL && subject->program->number < TRANSIENT) {
		walk_octets(fixture, other, procedure, subject->kind);
		fault = cross_fault(fixture);
		fixture->crossed++;
	}
	if (fault != NULL)
		fail_at(fixture->encoder, subject, at, fault);
	fixture->messages++;
}

static void
check_subject(void *context, const struct subject *subject)
{
	struct fixture *fixture = context;
	const struct spec *theirs = fixture->theirs;
	const struct spec_procedure *procedure =
		spec_find_procedure(theirs, subject->program->number, subject->version->number,
				    subject->procedure->number);
	const struct rpcgen_table *row;

	if (procedure == NULL || (fixture->cross && subject->program->number >= TRANSIENT))
		return;
	row = find_row(spec_name(theirs, procedure->name), subject->version->number);
	if (row == NULL)
		fail_msg("rpcgen has no %s of version %u", spec_name(theirs, procedure->name),
			 (unsigned)subject->version->number);
	fixture->procedures += subject->kind == MESSAGE_CALL && fixture->encoder->small;
	for (int round = 0; round < ROUNDS;) {
		encoder_begin(fixture->encoder);
		encode_subject(fixture->encoder, subject);
		if (fixture->encoder->overflow)
			continue;
		check_octets(fixture, subject, row);
		round++;
	}
}

static void
check_spec(struct fixture *fixture, const struct spec *spec)
{
	fixture->encoder = encoder_new(spec, SEED);
	for (int narrow = 1; narrow >= rpcgen_narrow; narrow--) {
		fixture->encoder->small = narrow != 0;
		for (size_t i = 0; i < spec->program_count; i++)
			for_procedures(spec, &spec->programs[i], check_subject, fixture);
	}
	encoder_free(fixture->encoder);
	print_message("# %s: %llu messages of %llu procedures, %llu as another text has them\n",
		      rpcgen_path, (unsigned long long)fixture->messages,
		      (unsigned long long)fixture->procedures,
		      (unsigned long long)fixture->crossed);
}

static void
test_their_text(void **state)
{
	struct fixture *fixture = *state;

	check_spec(fixture, fixture->theirs);
	assert_true(fixture->procedures != 0);
}

static void
test_our_text(void **state)
{
	struct fixture *fixture = *state;

	fixture->cross = true;
	check_spec(fixture, fixture->ours);
	assert_true(fixture->procedures != 0);
}

/* Is a program of the file built in as well? */
static bool
is_built_in(void)
{
	struct spec *theirs = load(false), *ours = load(true);
	bool found = false;

	for (size_t i = 0; i < theirs->program_count; i++) {
		uint32_t number = theirs->programs[i].number;

		found = found ||
			(number < TRANSIENT && spec_find_program(ours, number) != NULL);
	}
	spec_free(theirs);
	spec_free(ours);
	return found;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_their_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_our_text, set_up, tear_down),
	};
	const struct CMUnitTest alone[] = {tests[0]};

	if (!is_built_in())
		return cmocka_run_group_tests_name("rpcgen", alone, NULL, NULL);
	return cmocka_run_group_tests_name("rpcgen", tests, NULL, NULL);
}
