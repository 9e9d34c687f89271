/*
 * Structs of fixed layout: which have one, and that a walk which takes them at once leaves the
 * tape of one that goes from field to field, whatever the octets are, wherever they end, and
 * whatever bound is near. The other walk is that over a second spec whose layouts are taken
 * away.
 */
#include "walk_support.h"

enum { SEED = 1813, ROUNDS = 12, BEHIND = 8 };

static const char specification[] =
	"%#include <elsewhere.h>\n"
	"enum color { RED = 0, GREEN = 1, BLUE = -2 };\n"
	"enum partly { NEAR = 1, FAR = ELSEWHERE };\n"
	"typedef unsigned hyper large;\n"
	"typedef large larger;\n"
	"struct inner { larger a; opaque b[12]; };\n"
	"typedef inner inner_too;\n"
	"struct all { int i; unsigned int u; hyper h; larger v; float f; double d; bool b;\n"
	"             color c; partly p; inner n; inner_too m; opaque o[4]; };\n"
	"struct in_all { all first; int last; };\n"
	"struct only_inner { inner n; };\n"
	"struct eight { int a; int b; int c; int d; int e; int f; int g; int h; };\n"
	"struct sixty { eight a; eight b; eight c; eight d; eight e; eight f; int g; int h; "
	"};\n"
	"struct sixty_two { eight a; eight b; eight c; eight d; eight e; eight f; eight g; };\n"
	"struct too_many { sixty s; };\n"
	"struct too_long { opaque o[248]; hyper h; };\n"
	"struct padded { opaque o[5]; };\n"
	"struct counted { int n<>; };\n"
	"struct named { string s<>; };\n"
	"struct chained { int i; chained *next; };\n"
	"union either switch (bool yes) { case TRUE: int n; case FALSE: void; };\n"
	"struct chosen { either e; };\n"
	"struct exact { quadruple q; };\n"
	"struct outside { elsewhere e; };\n";

struct fixture {
	struct spec *specs[2]; /* with and without layouts */
	struct tape tapes[2];
	struct guarded guarded;
	struct random_source random;
	uint8_t octets[LAYOUT_OCTETS + BEHIND];
	uint64_t walks;
};

/* Where a walk stands when it comes to the struct. */
struct setting {
	uint32_t size, length;
	uint8_t depth, opened;
	size_t field_limit;
};

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	for (int i = 0; i < 2; i++) {
		fixture->specs[i] = load_with_built_in(NULL, specification);
		tape_init(&fixture->tapes[i]);
	}
	for (size_t i = 0; i < fixture->specs[1]->type_count; i++)
		fixture->specs[1]->types[i].layout = 0;
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
	for (int i = 0; i < 2; i++) {
		tape_release(&fixture->tapes[i]);
		spec_free(fixture->specs[i]);
	}
	free(fixture);
	return 0;
}

static void
test_which(void **state)
{
	static const struct {
		const char *name;
		unsigned count, octets, depth;
	} rows[] = {
		{"inner", 4, 20, 1},      {"all", 20, 92, 2},     {"in_all", 23, 96, 3},
		{"only_inner", 6, 20, 2}, {"eight", 10, 32, 1},   {"sixty", 64, 200, 2},
		{"too_many", 0, 0, 0},    {"too_long", 0, 0, 0},  {"padded", 0, 0, 0},
		{"counted", 0, 0, 0},     {"named", 0, 0, 0},     {"chained", 0, 0, 0},
		{"chosen", 0, 0, 0},      {"exact", 0, 0, 0},     {"outside", 0, 0, 0},
		{"fattr3", 27, 84, 2},    {"sixty_two", 0, 0, 0},
	};
	const struct fixture *fixture = *state;
	const struct spec *spec = fixture->specs[0];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint16_t type = spec_find_type(spec, rows[i].name);
		const struct spec_layout *layout = &spec->layouts[spec->types[type].layout];
		if (type == TYPE_VOID || layout->count != rows[i].count ||
		    layout->octets != rows[i].octets || layout->depth != rows[i].depth)
			fail_msg("%s: %u fields, %u octets, %u deep", rows[i].name,
				 layout->count, layout->octets, layout->depth);
	}
}

static void
walk_one(struct fixture *fixture, int which, uint16_t type, const struct setting *setting)
{
	struct tape *tape = &fixture->tapes[which];
	struct walker walker;

	tape_reset(tape, fixture->specs[which],
		   guarded_put(&fixture->guarded, fixture->octets, setting->size),
		   setting->size, setting->length);
	walker_init(&walker, tape, 0, NULL);
	walker.depth = setting->depth;
	walker.opened = setting->opened;
	if (setting->field_limit != 0)
		walker.field_limit = setting->field_limit;
	walk(&walker, type, NAME_RESULT);
	walk_rest(&walker, "left over");
	assert_int_equal(walker.depth, setting->depth);
	fixture->walks++;
}

static bool
same_field(const struct field *a, const struct field *b)
{
	bool same = a->name == b->name && a->type == b->type && a->kind == b->kind &&
		    a->depth == b->depth && a->flags == b->flags && a->offset == b->offset &&
		    a->length == b->length;

	return same && (field_is_open(a) ? a->end == b->end : a->u == b->u);
}

static void
check_setting(struct fixture *fixture, uint16_t type, const struct setting *setting)
{
	const struct tape *a = &fixture->tapes[0], *b = &fixture->tapes[1];
	const char *name = spec_name(fixture->specs[0], fixture->specs[0]->types[type].name);

	walk_one(fixture, 0, type, setting);
	walk_one(fixture, 1, type, setting);
	if (a->count != b->count || a->anomaly_count != b->anomaly_count)
		fail_msg("%s, %u of %u octets: %zu and %zu fields", name,
			 (unsigned)setting->size, (unsigned)setting->length, a->count,
			 b->count);
	for (size_t i = 0; i < a->count; i++) {
		if (!same_field(&a->fields[i], &b->fields[i]))
			fail_msg("%s, %u of %u octets: field %zu", name,
				 (unsigned)setting->size, (unsigned)setting->length, i);
	}
	for (size_t i = 0; i < a->anomaly_count; i++) {
		assert_string_equal(a->anomalies[i].reason, b->anomalies[i].reason);
		assert_int_equal(a->anomalies[i].offset, b->anomalies[i].offset);
	}
}

/* Mostly small numbers, so that enumerations and booleans have them as often as not. */
static void
fill(struct fixture *fixture)
{
	for (size_t i = 0; i < sizeof fixture->octets; i++) {
		uint64_t number = random_next(&fixture->random);
		fixture->octets[i] = (uint8_t)(number % 16 == 0 ? number >> 8
					       : i % 4 == 3     ? number >> 62
								: 0);
	}
}

static void
check_type(struct fixture *fixture, uint16_t type)
{
	const struct spec *spec = fixture->specs[0];
	const struct spec_layout *layout = &spec->layouts[spec->types[type].layout];
	uint32_t whole = layout->octets + BEHIND;

	fill(fixture);
	for (uint32_t size = 0; size <= whole; size++) {
		check_setting(fixture, type, &(struct setting){.size = size, .length = size});
		check_setting(fixture, type,
			      &(struct setting){.size = size, .length = whole, .opened = 1});
	}
	for (unsigned depth = LIMIT_DEPTH - layout->depth - 2; depth <= LIMIT_DEPTH; depth++)
		check_setting(fixture, type,
			      &(struct setting){
				      .size = whole, .length = whole, .depth = (uint8_t)depth});
	for (size_t limit = 1; limit <= layout->count + layout->depth + 2U; limit++)
		check_setting(fixture, type,
			      &(struct setting){
				      .size = whole, .length = whole, .field_limit = limit});
}

static void
test_same_tape(void **state)
{
	struct fixture *fixture = *state;
	const struct spec *spec = fixture->specs[0];

	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < spec->type_count; i++) {
			if (spec->types[i].layout != 0)
				check_type(fixture, (uint16_t)i);
		}
	}
	assert_true(fixture->walks > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_which, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_same_tape, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("fixed", tests, NULL, NULL);
}
