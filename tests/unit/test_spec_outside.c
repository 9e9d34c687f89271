/*
 * test_spec_outside: what a file leaves to others. Names that only a file not loaded defines,
 * which are taken and noted where there is an #include; and macros, which are the
 * preprocessor's.
 */
#include "spec_support.h"

static void
check_absent(const struct spec *spec, size_t index, const char *name, unsigned line,
	     unsigned column)
{
	assert_true(index < spec->absent_count);
	assert_string_equal(spec_name(spec, spec->absent[index].name), name);
	assert_int_equal(spec->absent[index].line, line);
	assert_int_equal(spec->absent[index].column, column);
}

static void
test_absent_names(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "%#include <far.h>\n"
			"struct s { far_t a; far_t *b; opaque c<FAR>; opaque d[FAR]; };\n"
			"const NEAR = FARTHER;\n"
			"typedef int many<NEAR>;\n"
			"typedef far_t other;\n");
	assert_int_equal(spec->absent_count, 3);
	check_absent(spec, 0, "FAR", 2, 40);
	check_absent(spec, 1, "FARTHER", 4, 18);
	check_absent(spec, 2, "far_t", 2, 12);
	assert_int_equal(type_named(spec, "many")->size, SPEC_UNBOUNDED);
	assert_int_equal(spec_resolve(spec, spec_find_type(spec, "other"))->kind, SPEC_UNKNOWN);
	assert_int_equal(spec_find_type(spec, "far_t"), TYPE_VOID);
	const struct spec_part *parts = spec->parts + type_named(spec, "s")->first;
	assert_int_equal(spec_resolve(spec, parts[0].type)->kind, SPEC_UNKNOWN);
	assert_int_equal(spec_resolve(spec, parts[1].type)->kind, SPEC_OPTIONAL);
	assert_int_equal(spec_resolve(spec, parts[2].type)->size, SPEC_UNBOUNDED);
	assert_int_equal(spec_resolve(spec, parts[3].type)->kind, SPEC_UNKNOWN);
	spec_free(spec);
}

/* A file loaded before may define them; where it is loaded later, it is too late. */
static void
test_defined_before(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "typedef hyper far_t; const FAR = 12;");
	load_good(spec, "#include \"far.h\"\nstruct s { far_t a; opaque d[FAR]; };");
	assert_int_equal(spec->absent_count, 0);
	assert_int_equal(type_named(spec, "s")->minimum, 20);
	spec_free(spec);
}

static void
test_absent_arms(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "#ifdef RPC_HDR\n%#include <far.h>\n#endif\n"
			"union u switch (unsigned how) {\n"
			"case 1: int a; case FAR: int b; case 2: int c; };\n");
	const struct spec_type *type = type_named(spec, "u");
	const struct spec_part *arms = spec->parts + type->first;
	assert_int_equal(type->count, 3);
	assert_int_equal(arms[0].value, 1);
	assert_int_equal(arms[1].value, 2);
	assert_true(arms[2].otherwise);
	assert_int_equal(arms[2].type, TYPE_UNKNOWN);
	check_absent(spec, 0, "FAR", 5, 21);
	spec_free(spec);
}

/* An expression with such a name is as unknown as the name. */
static void
test_absent_expressions(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec,
		  "%#include <far.h>\n"
		  "#define TWICE (FAR * 2)\n#define MORE (1 + TWICE)\n"
		  "typedef opaque a[TWICE]; typedef int b<MORE>; typedef opaque c[-FAR + 1];\n"
		  "enum e { A = TWICE, B, C = 7 };\n");
	assert_int_equal(spec->absent_count, 1);
	assert_int_equal(type_named(spec, "a")->kind, SPEC_UNKNOWN);
	assert_int_equal(type_named(spec, "b")->size, SPEC_UNBOUNDED);
	assert_int_equal(type_named(spec, "c")->kind, SPEC_UNKNOWN);
	const struct spec_part *values = spec->parts + type_named(spec, "e")->first;
	assert_true(values[0].value == SPEC_NO_VALUE && values[1].value == SPEC_NO_VALUE);
	assert_int_equal(values[2].value, 7);
	spec_free(spec);
}

/* Not without an #include, not what the file gets wrong itself, not a number of the program. */
static void
test_still_refused(void **state)
{
	static const char *const texts[][2] = {
		{"typedef far_t x;", "t.x:1:9: expected a type, found \"far_t\""},
		{"#include <far.h>\nconst A = B; const B = A; typedef int x<A>;",
		 "expected a number, found \"A\", which no constant defines"},
		{"#include <far.h>\nconst A = \"a\"; typedef int x<A>;",
		 "expected a number, found \"A\", which no constant defines"},
		{"#include <far.h>\nprogram P { version V { void A(void) = 1; } = 1; } = FAR;",
		 "t.x:2:54: expected a number, found \"FAR\", which no constant defines"},
		{"#include <far.h>\ntypedef far_t x;\nstruct {", "t.x:3:8: expected a name"},
	};
	struct spec *spec = spec_new(NULL);
	struct error error;
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(load(spec, texts[i][0], &error));
		if (!strstr(error.text, texts[i][1]))
			assert_string_equal(error.text, texts[i][1]);
		assert_int_equal(spec->absent_count, 0);
	}
	spec_free(spec);
}

static void
test_macros(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "#define EXPORT\n#define WORD unsigned hyper\n"
			"#define PAIR WORD a; /* one\n */ WORD \\\n b;\n"
			"#define TEXT \"/* no comment\"\n"
			"#define self self\n"
			"#define ADD(x) ((x) + 1)\n"
			"EXPORT struct s { PAIR EXPORT WORD c; };\n"
			"struct self { self *next; };\n");
	assert_int_equal(type_named(spec, "s")->count, 3);
	assert_int_equal(type_named(spec, "s")->minimum, 24);
	spec_free(spec);
}

static void
test_macro_positions(void **state)
{
	struct spec *spec = spec_new(NULL);
	struct error error;
	(void)state;
	assert_false(
		load(spec, "#define BODY int a; oops! int b;\n\nstruct s { BODY };", &error));
	assert_string_equal(error.text, "t.x:3:12: expected a name, found \"!\"");
	assert_false(load(spec, "#define BODY int a; int\nstruct s {\n BODY }; ", &error));
	assert_string_equal(error.text, "t.x:3:7: expected a name, found \"}\"");
	assert_false(load(spec, "#define ADD(x) x\nconst A = ADD (1);", &error));
	assert_string_equal(error.text,
			    "t.x:2:11: expected text without macros that take arguments "
			    "(expand them with cpp), found \"ADD\"");
	load_good(spec, "#define ADD(x) x\nstruct ADD { int a; };"); /* no "(": a name */
	spec_free(spec);
}

/* Ten of ten of ten of ... */
static void
test_macros_multiply(void **state)
{
	struct spec *spec = spec_new(NULL);
	struct error error;
	struct text text;
	(void)state;
	text_init(&text);
	text_string_put(&text, "#define A0 int x;\n");
	for (unsigned i = 1; i < 15; i++) {
		text_format(&text, "#define A%u", i);
		for (unsigned k = 0; k < 10; k++)
			text_format(&text, " A%u", i - 1);
		text_char(&text, '\n');
	}
	text_string_put(&text, "struct s { A14 };");
	assert_false(load_text(spec, text.at, text.length, &error));
	assert_string_equal(
		error.text,
		"t.x:16:12: expected macros of at most 8388608 octets in all, found "
		"more");
	text_reset(&text);
	for (unsigned i = 1; i < 20; i++)
		text_format(&text, "#define A%u A%u ;\n", i, i - 1);
	text_string_put(&text, "struct s { A19 };");
	assert_false(load_text(spec, text.at, text.length, &error));
	assert_string_equal(error.text, "t.x:20:12: expected at most 16 macros inside each "
					"other, found more");
	text_release(&text);
	spec_free(spec);
}

/* What stands in a line for the C compiler, or in what a conditional leaves out, may define it.
 */
static void
test_passed_over(void **state)
{
	static const char *const texts[] = {
		"%typedef unsigned int foo_id;\nstruct s { foo_id i; };",
		"#ifdef RPC_SVC\ntypedef int foo_id;\n#endif\nstruct s { foo_id i; };",
		"#if 0\n#define FOO 7\n#endif\nstruct s { opaque x[FOO]; };",
		"#if 0\nconst FOO = 7;\n#endif\nstruct s { opaque x[FOO + 1]; };",
	};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct spec *spec = spec_new(NULL);
		load_good(spec, texts[i]);
		assert_int_equal(spec->absent_count, 1);
		const struct spec_type *s = type_named(spec, "s");
		assert_int_equal(spec_resolve(spec, spec->parts[s->first].type)->kind,
				 SPEC_UNKNOWN);
		spec_free(spec);
	}
}

/* A name that stands nowhere else is a mistake as before. */
static void
test_misspelt(void **state)
{
	struct spec *spec = spec_new(NULL);
	struct error error;
	(void)state;
	assert_false(
		load(spec, "%typedef unsigned int foo_id;\nstruct s { fo_id i; };", &error));
	assert_string_equal(
		error.text,
		"t.x:2:12: expected a type, found \"fo_id\", which nothing defines");
	assert_false(load(spec, "#ifdef RPC_HDR\nconst A = 1;\n#endif\nstruct s { int i[B]; };",
			  &error));
	assert_string_equal(error.text, "t.x:4:18: expected a number, found \"B\", which no "
					"constant defines");
	assert_int_equal(spec->absent_count, 0);
	spec_free(spec);
}

/* What rpcgen writes into the header counts where it is needed, and only there. */
static void
test_header(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "#ifdef RPC_HDR\n#define A 5\n#endif\nstruct a { opaque x<A>; };");
	load_good(spec, "#ifdef RPC_HDR\nconst B = 6;\n#endif\nstruct b { opaque x[B]; };");
	load_good(spec, "#if RPC_HDR || RPC_XDR\nstruct in { hyper y; };\n#endif\n"
			"%#include <far.h>\nstruct c { in x; };");
	load_good(spec, "#ifdef RPC_HDR\nconst D = 1;\n#else\nconst D = 2;\n#endif\n"
			"typedef int d[D];");
	assert_int_equal(spec->absent_count, 0);
	assert_int_equal(spec->types[spec->parts[type_named(spec, "a")->first].type].size, 5);
	assert_int_equal(type_named(spec, "b")->minimum, 8);
	assert_int_equal(type_named(spec, "c")->minimum, 8);
	assert_int_equal(type_named(spec, "d")->size, 2); /* nothing was missing */
	spec_free(spec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_absent_names),
		cmocka_unit_test(test_defined_before),
		cmocka_unit_test(test_absent_arms),
		cmocka_unit_test(test_absent_expressions),
		cmocka_unit_test(test_still_refused),
		cmocka_unit_test(test_macros),
		cmocka_unit_test(test_macro_positions),
		cmocka_unit_test(test_macros_multiply),
		cmocka_unit_test(test_passed_over),
		cmocka_unit_test(test_misspelt),
		cmocka_unit_test(test_header),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
