/*
 * The walker: each kind of type, what is wrong with its octets, and where they end.
 * A case is a type of the specification below, octets in hexadecimal and the tape
 * that they have to become, as walk_support.h writes it.
 */
#include "walk_support.h"

#include <unistd.h>

static const char specification[] =
	"%#include <elsewhere.h>\n"
	"enum color { RED = 0, GREEN = 1, BLUE = -2 };\n"
	"struct numbers { int i; unsigned int u; hyper h; unsigned hyper v; float f; double "
	"d;\n"
	"                 quadruple q; bool b; color c; };\n"
	"typedef opaque fixed[5];\n"
	"typedef opaque open<>;\n"
	"typedef opaque narrow<3>;\n"
	"typedef string text<>;\n"
	"typedef string short_text<4>;\n"
	"struct pair { int a; text s; };\n"
	"typedef int three[3];\n"
	"typedef int many<>;\n"
	"typedef int few<2>;\n"
	"typedef pair pairs<>;\n"
	"typedef int *maybe;\n"
	"struct item { int value; item *next; };\n"
	"typedef item *chain;\n"
	"struct holder { item first; int last; };\n"
	"union choice switch (int how) { case 1: int number; case 2: text words;\n"
	"                                case 3: void; };\n"
	"union either switch (bool yes) { case TRUE: int number; case FALSE: void; };\n"
	"union painted switch (color hue) { case RED: int red; default: hyper other; };\n"
	"union uchoice switch (unsigned int how) { case 4294967295: int big; };\n"
	"struct tree { tree *left; tree *right; int value; };\n"
	"struct bush { int value; bush *left; bush *right; };\n"
	"struct wrapped { many numbers; int after; };\n"
	"struct leaning { int a; elsewhere b; int c; };\n"
	"typedef opaque sized[ELSEWHERE];\n"
	"struct bounded { int n<ELSEWHERE>; string s<ELSEWHERE>; sized rest_of_it; };\n"
	"typedef elsewhere elsewheres<>;\n"
	"union hung switch (int how) { case 1: int number; case ELSEWHERE: void;\n"
	"                              case 2: case OTHER_PLACE: int second; };\n"
	"union fallen switch (int how) { case ELSEWHERE: void; default: int other; };\n"
	"union outside switch (elsewhere how) { case ELSEWHERE: int a; default: void; };\n"
	"union branch switch (bool more) { case TRUE: twin both; case FALSE: int leaf; };\n"
	"struct twin { branch a; branch b[1]; };\n"
	"enum partly { NEAR = 1, FAR = ELSEWHERE, FARTHER };\n";

struct fixture {
	struct spec *spec;
	struct tape tape;
	struct text text;
	struct guarded guarded;
};

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	fixture->spec = spec_new(NULL);
	load_more(fixture->spec, specification);
	tape_init(&fixture->tape);
	text_init(&fixture->text);
	guarded_init(&fixture->guarded);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	guarded_release(&fixture->guarded);
	text_release(&fixture->text);
	tape_release(&fixture->tape);
	spec_free(fixture->spec);
	free(fixture);
	return 0;
}

static uint32_t
from_hex(const char *hex, uint8_t *octets)
{
	uint32_t count = 0;
	unsigned octet;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		assert_int_equal(sscanf(hex, "%2x", &octet), 1);
		octets[count++] = (uint8_t)octet;
		hex++;
	}
	return count;
}

struct example {
	const char *type, *octets, *tape, *anomaly;
	uint32_t missing; /* octets that the record has and the capture does not */
};

/* Walks the example's octets and whatever follows them as the rest. */
static void
check(struct fixture *fixture, const struct example *example)
{
	uint8_t octets[512];
	uint32_t size = from_hex(example->octets, octets);
	struct tape *tape = &fixture->tape;
	uint16_t type = spec_find_type(fixture->spec, example->type);
	struct walker walker;
	const char *fault;

	assert_int_not_equal(type, TYPE_VOID);
	tape_reset(tape, fixture->spec, guarded_put(&fixture->guarded, octets, size), size,
		   size + example->missing);
	walker_init(&walker, tape, 0, NULL);
	walk(&walker, type, NAME_NONE);
	if (!walker.stopped)
		walk_rest(&walker, NULL);
	fault = tape_fault(tape, 0, size);
	if (fault != NULL)
		fail_msg("%s %s: %s", example->type, example->octets, fault);
	render(&fixture->text, tape);
	if (strcmp(text_string(&fixture->text), example->tape) != 0)
		fail_msg("%s %s:\n  is   %s\n  not  %s", example->type, example->octets,
			 text_string(&fixture->text), example->tape);
	if (example->anomaly == NULL)
		assert_int_equal(tape->anomaly_count, 0);
	else
		assert_true(tape->anomaly_count > 0);
	if (example->anomaly != NULL)
		assert_string_equal(tape->anomalies[0].reason, example->anomaly);
}

#define CHECK_ALL(state, examples)                                                             \
	do {                                                                                   \
		for (size_t i = 0; i < sizeof(examples) / sizeof(examples)[0]; i++)            \
			check(*(state), &(examples)[i]);                                       \
	} while (0)

static void
test_numbers(void **state)
{
	static const struct example examples[] = {
		{"numbers",
		 "fffffffe 80000001 ffffffffffffffff 8000000000000000 3f800000 3ff0000000000000"
		 "000102030405060708090a0b0c0d0e0f 00000001 fffffffe",
		 "{ i=i-2 u=u2147483649 h=h-1 v=U9223372036854775808 f=f3f800000 "
		 "d=d3ff0000000000000 q=q000102030405060708090a0b0c0d0e0f b=b1 c=e-2 }",
		 NULL, 0},
		{"numbers",
		 "00000000 00000000 0000000000000000 0000000000000000 00000000 "
		 "0000000000000000 00000000000000000000000000000000 00000007 00000005",
		 "{ i=i0 u=u0 h=h0 v=U0 f=f0 d=d0 q=q00000000000000000000000000000000 b=b7!V "
		 "c=e5!V }",
		 "boolean neither 0 nor 1", 0},
		{"color", "00000002", "=e2!V", "value not in the enumeration", 0},
		{"numbers", "00000001 0000", "{ i=i1 rest=R0000!S }",
		 "the record ends inside an integer", 0},
		{"numbers", "00000001 0000", "{ i=i1 rest=R0000!C }", NULL, 2},
		{"numbers", "00000001 0000", "{ i=i1 rest=R0000!CS }",
		 "the record ends inside an integer", 1},
		{"numbers", "00000001 00000002 00000000 00", "{ i=i1 u=u2 rest=R0000000000!C }",
		 NULL, 99},
		{"numbers", "00000001", "{ i=i1 }", "the record ends inside an integer", 0},
		{"numbers", "", "{ }", NULL, 4},
	};

	CHECK_ALL(state, examples);
}

static void
test_octets(void **state)
{
	static const struct example examples[] = {
		{"fixed", "0102030405 000000 00000009", "=x0102030405 rest=R00000009", NULL, 0},
		{"fixed", "0102030405 000100", "=x0102030405!P", "padding is not zero", 0},
		{"fixed", "010203", "=x010203!C", NULL, 5},
		{"fixed", "0102030405", "=x0102030405!S", "the record ends inside an opaque",
		 0},
		{"open", "00000000", "=x", NULL, 0},
		{"open", "00000003 aabbcc00", "=xaabbcc", NULL, 0},
		{"open", "00000003 aabbccff", "=xaabbcc!P", "padding is not zero", 0},
		{"open", "00000003 aabb", "=xaabb!S", "the record ends inside an opaque", 0},
		{"open", "00000003 aabb", "=xaabb!C", NULL, 2},
		{"open", "00000003 aabbcc", "=xaabbcc!C", NULL, 1},
		{"open", "00000005 aabb", "=xaabb!CS", "the record ends inside an opaque", 3},
		{"open", "ffffffff 00", "=x00!S", "the record ends inside an opaque", 0},
		{"open", "fffffffd", "=x!S", "the record ends inside an opaque", 0},
		{"open", "0000", "rest=R0000!C", NULL, 2},
		{"narrow", "00000004 aabbccdd", "=xaabbccdd!L",
		 "longer than the specification allows", 0},
		{"text", "00000005 68656c6c 6f000000", "=shello", NULL, 0},
		{"short_text", "00000005 68656c6c 6f000000", "=shello!L",
		 "longer than the specification allows", 0},
	};

	CHECK_ALL(state, examples);
}

static void
test_arrays(void **state)
{
	static const struct example examples[] = {
		{"three", "00000001 00000002 00000003", "[ =i1 =i2 =i3 }", NULL, 0},
		{"three", "00000001 00000002 00", "[ =i1 =i2 rest=R00!S }",
		 "the record ends inside an integer", 0},
		{"many", "00000000", "[ count=#0 }", NULL, 0},
		{"many", "00000002 00000005 ffffffff", "[ count=#2 =i5 =i-1 }", NULL, 0},
		{"many", "00000003 00000005 ffffffff",
		 "[ count=#3!S rest=R00000005ffffffff!S }",
		 "more elements than the octets left can hold", 0},
		{"many", "00000003 00000005 ffffffff", "[ count=#3 =i5 =i-1 }", NULL, 4},
		{"many", "ffffffff 00000005", "[ count=#4294967295!S rest=R00000005!S }",
		 "more elements than the octets left can hold", 0},
		{"few", "00000003 00000001 00000002 00000003", "[ count=#3!L =i1 =i2 =i3 }",
		 "more elements than the specification allows", 0},
		{"pairs", "00000001 00000007 00000001 78000000", "[ count=#1 { a=i7 s=sx } }",
		 NULL, 0},
		{"pairs", "00000002 00000007 00000001 78000000",
		 "[ count=#2!S rest=R000000070000000178000000!S }",
		 "more elements than the octets left can hold", 0},
		{"wrapped", "00000001 00000007 00000008",
		 "{ numbers[ count=#1 =i7 } after=i8 }", NULL, 0},
	};

	CHECK_ALL(state, examples);
}

static void
test_optionals(void **state)
{
	static const struct example examples[] = {
		{"maybe", "00000000", "? follows=?0 }", NULL, 0},
		{"maybe", "00000001 00000005", "? follows=?1 =i5 }", NULL, 0},
		{"maybe", "00000002 00000005", "? follows=?2!V =i5 }",
		 "boolean neither 0 nor 1", 0},
		{"maybe", "000000", "? rest=R000000!S }",
		 "the record ends inside an optional's boolean", 0},
		{"tree", "00000001 00000000 00000000 00000001 00000000 00000002",
		 "{ left? follows=?1 { left? follows=?0 } right? follows=?0 } value=i1 } } "
		 "right? follows=?0 } value=i2 }",
		 NULL, 0},
		/* A list by its last member, a nested list by the other. */
		{"bush", "00000001 00000001 00000002 00000000 00000000 00000000",
		 "( { value=i1 left( follows=?1 { value=i2 left( follows=?0 } } follows=?0 } } "
		 "follows=?0 }",
		 NULL, 0},
	};

	CHECK_ALL(state, examples);
}

static void
test_lists(void **state)
{
	static const struct example examples[] = {
		{"chain", "00000000", "( follows=?0 }", NULL, 0},
		{"chain", "00000001 00000005 00000001 00000006 00000000",
		 "( follows=?1 { value=i5 } follows=?1 { value=i6 } follows=?0 }", NULL, 0},
		{"chain", "00000001 00000005 00000001 0000",
		 "( follows=?1 { value=i5 } follows=?1 { rest=R0000!S } }",
		 "the record ends inside an integer", 0},
		{"item", "00000005 00000001 00000006 00000000",
		 "( { value=i5 } follows=?1 { value=i6 } follows=?0 }", NULL, 0},
		{"holder", "00000005 00000001 00000006 00000000 00000007",
		 "{ first( { value=i5 } follows=?1 { value=i6 } follows=?0 } last=i7 }", NULL,
		 0},
	};

	CHECK_ALL(state, examples);
}

static void
test_unions(void **state)
{
	static const struct example examples[] = {
		{"choice", "00000001 00000005", "< how=i1 number=i5 }", NULL, 0},
		{"choice", "00000002 00000002 68690000", "< how=i2 words=shi }", NULL, 0},
		{"choice", "00000003", "< how=i3 }", NULL, 0},
		{"choice", "00000009 00000005", "< how=i9!V rest=R00000005 }",
		 "no such arm in the union", 0},
		{"choice", "00000009 0000", "< how=i9!V rest=R0000!C }",
		 "no such arm in the union", 6},
		{"choice", "0000", "< rest=R0000!S }", "the record ends inside an integer", 0},
		{"either", "00000001 00000005", "< yes=b1 number=i5 }", NULL, 0},
		{"either", "00000000", "< yes=b0 }", NULL, 0},
		{"either", "00000003 00000005", "< yes=b3!V number=i5 }",
		 "boolean neither 0 nor 1", 0},
		{"painted", "00000000 00000005", "< hue=e0 red=i5 }", NULL, 0},
		{"painted", "fffffffe 0000000000000005", "< hue=e-2 other=h5 }", NULL, 0},
		{"painted", "00000063 0000000000000005", "< hue=e99!V other=h5 }",
		 "value not in the enumeration", 0},
		{"uchoice", "ffffffff 00000005", "< how=u4294967295 big=i5 }", NULL, 0},
	};

	CHECK_ALL(state, examples);
}

/* A list is a loop: 10,000 items are no deeper than one. */
/* What hangs on names that no file defines ends the decoding; nobody is to blame for it. */
static void
test_unknown(void **state)
{
	static const struct example examples[] = {
		{"leaning", "00000007 00000001 00000002", "{ a=i7 rest=R0000000100000002 }",
		 NULL, 0},
		{"leaning", "00000007", "{ a=i7 }", NULL, 0},
		{"leaning", "0000", "{ rest=R0000!S }", "the record ends inside an integer", 0},
		{"sized", "0102", "rest=R0102", NULL, 0},
		{"bounded", "00000001 00000005 00000002 68690000 aabb",
		 "{ n[ count=#1 =i5 } s=shi rest=Raabb }", NULL, 0},
		{"elsewheres", "00000002 00000001 00000002",
		 "[ count=#2 rest=R0000000100000002 }", NULL, 0},
		{"hung", "00000001 00000005", "< how=i1 number=i5 }", NULL, 0},
		{"hung", "00000002 00000005", "< how=i2 second=i5 }", NULL, 0},
		{"hung", "00000003 00000005", "< how=i3 rest=R00000005 }", NULL, 0},
		{"hung", "00000003", "< how=i3 }", NULL, 0},
		{"fallen", "00000003 00000005", "< how=i3 rest=R00000005 }", NULL, 0},
		{"branch", "00000001 00000000 00000005 00000000 00000006",
		 "< more=b1 both{ a< more=b0 leaf=i5 } b[ < more=b0 leaf=i6 } } } }", NULL, 0},
		{"outside", "00000003 00000005", "< rest=R0000000300000005 }", NULL, 0},
		{"partly", "00000001", "=e1", NULL, 0},
		{"partly", "00000002", "=e2", NULL, 0},
	};

	CHECK_ALL(state, examples);
}

static void
test_long_list(void **state)
{
	enum { ITEMS = 8000 };
	struct fixture *fixture = *state;
	uint8_t *octets = calloc(ITEMS + 1, 8);
	uint32_t size = ITEMS * 8 + 4;
	struct walker walker;

	for (size_t i = 0; i < ITEMS; i++)
		octets[i * 8 + 3] = 1;
	tape_reset(&fixture->tape, fixture->spec, guarded_put(&fixture->guarded, octets, size),
		   size, size);
	free(octets);
	walker_init(&walker, &fixture->tape, 0, NULL);
	assert_true(walk(&walker, spec_find_type(fixture->spec, "chain"), NAME_NONE));
	assert_int_equal(fixture->tape.count, 2 + 1 + ITEMS * 4);
	assert_null(tape_fault(&fixture->tape, 0, size));
	assert_int_equal(fixture->tape.anomaly_count, 0);
}

/* A tree that leans to the left: the walk ends at LIMIT_DEPTH and says so. */
static void
check_depth(struct fixture *fixture, const char *type)
{
	enum { WORDS = 2 * LIMIT_DEPTH };
	uint8_t octets[4 * WORDS] = {0};
	struct walker walker;
	unsigned deepest = 0;

	for (size_t i = 0; i < WORDS; i++)
		octets[i * 4 + 3] = 1;
	tape_reset(&fixture->tape, fixture->spec,
		   guarded_put(&fixture->guarded, octets, sizeof octets), sizeof octets,
		   sizeof octets);
	walker_init(&walker, &fixture->tape, 0, NULL);
	assert_false(walk(&walker, spec_find_type(fixture->spec, type), NAME_NONE));
	assert_true(walker.stopped);
	assert_int_equal(walker.depth, 0);
	assert_null(tape_fault(&fixture->tape, 0, sizeof octets));
	assert_string_equal(fixture->tape.anomalies[0].reason, "nested too deeply");
	for (size_t i = 0; i < fixture->tape.count; i++) {
		if (fixture->tape.fields[i].depth > deepest)
			deepest = fixture->tape.fields[i].depth;
	}
	assert_int_equal(deepest, LIMIT_DEPTH);
}

static void
test_depth(void **state)
{
	check_depth(*state, "tree");
	check_depth(*state, "branch");
}

/* The loader refuses elements of no size; the walker does not trust that it did. */
static void
test_elements_of_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct spec_type types[] = {
		[TYPE_UINT] = {.kind = SPEC_UINT},
		[TYPE_BOOL + 1] = {.kind = SPEC_STRUCT},
		{.kind = SPEC_ARRAY_VAR, .element = TYPE_BOOL + 1, .size = SPEC_UNBOUNDED},
		{.kind = SPEC_ARRAY, .element = TYPE_BOOL + 1, .size = UINT32_MAX},
		{.kind = SPEC_ARRAY, .element = TYPE_VOID, .size = UINT32_MAX},
	};
	struct spec spec = {.types = types, .names = fixture->spec->names};
	static const uint8_t octets[] = {0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4};
	struct walker walker;

	alarm(5); /* four thousand million times nothing takes longer */
	for (uint16_t type = TYPE_BOOL + 2; type < TYPE_BOOL + 5; type++) {
		tape_reset(&fixture->tape, &spec, octets, sizeof octets, sizeof octets);
		walker_init(&walker, &fixture->tape, 0, NULL);
		walk(&walker, type, NAME_NONE);
		walk_rest(&walker, NULL);
		assert_null(tape_fault(&fixture->tape, 0, sizeof octets));
	}
	alarm(0);
}

static void
test_find(void **state)
{
	struct fixture *fixture = *state;
	static const struct example example = {
		"numbers", "00000001 00000002 00000000 00000003 00000000 00000004 00000000",
		"{ i=i1 u=u2 h=h3 v=U4 f=f0 }", NULL, 99};
	const struct tape *tape = &fixture->tape;

	check(fixture, &example);
	assert_int_equal(tape_find(tape, 0, "v"), 4);
	assert_int_equal(tape->fields[tape_find(tape, 0, "u")].u, 2);
	assert_int_equal(tape_find(tape, 0, "d"), SIZE_MAX);
	assert_int_equal(tape_find(tape, 1, "u"), SIZE_MAX);
	assert_int_equal(tape_find(tape, SIZE_MAX - 1, "u"), SIZE_MAX);
	assert_int_equal(tape_skip(tape, 0), tape->count);
	assert_int_equal(tape_skip(tape, 1), 2);
}

static void
test_anomalies_are_bounded(void **state)
{
	struct fixture *fixture = *state;

	tape_reset(&fixture->tape, fixture->spec, NULL, 0, 0);
	for (uint32_t i = 0; i < 100; i++)
		tape_anomaly(&fixture->tape, "odd", i);
	assert_int_equal(fixture->tape.anomaly_count, TAPE_ANOMALIES);
	assert_int_equal(fixture->tape.anomalies[TAPE_ANOMALIES - 1].offset,
			 TAPE_ANOMALIES - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_arrays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_optionals, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lists, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_long_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_depth, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_elements_of_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_find, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_anomalies_are_bounded, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
