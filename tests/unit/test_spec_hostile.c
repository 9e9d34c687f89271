/*
 * test_spec_hostile: what the loader refuses. tests/specs/bad/NAME.x begin with a comment that
 * is the error they have to give; long texts are made here. Whatever is refused leaves nothing
 * in the spec.
 */
#include "spec_support.h"

#include <dirent.h>

/* The comment on the file's first line, behind the file's path. */
static void
expected_error(const char *path, char *expected, size_t size)
{
	char line[400];
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	assert_memory_equal(line, "// ", 3);
	snprintf(expected, size, "%s:%s", path, line + 3);
}

static void
test_bad_files(void **state)
{
	struct error error;
	static const char folder[] = "tests/specs/bad";
	struct spec *spec = spec_new(NULL);
	size_t before[7], after[7], files = 0;
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	(void)state;
	assert_non_null(directory);
	lengths(spec, before);
	while ((entry = readdir(directory)) != NULL) {
		char path[300], expected[800];
		if (!strstr(entry->d_name, ".x"))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		expected_error(path, expected, sizeof expected);
		error.text[0] = '\0';
		assert_false(spec_load_path(spec, path, &error));
		assert_string_equal(error.text, expected);
		lengths(spec, after);
		assert_memory_equal(before, after, sizeof before);
		files++;
	}
	closedir(directory);
	assert_true(files > 35);
	assert_int_equal(spec_find_type(spec, "node"), TYPE_VOID);
	load_good(spec, "struct node { int x; };"); /* the spec still works */
	assert_int_not_equal(spec_find_type(spec, "node"), TYPE_VOID);
	spec_free(spec);
}

/* -- hostile texts -- */

static void
refuse(struct text *text, const char *expected)
{
	struct error error;
	struct spec *spec = spec_new(NULL);
	size_t before[7], after[7];
	lengths(spec, before);
	assert_false(load_text(spec, text->at, text->length, &error));
	if (!strstr(error.text, expected))
		assert_string_equal(error.text, expected);
	lengths(spec, after);
	assert_memory_equal(before, after, sizeof before);
	spec_free(spec);
}

static void
repeat(struct text *text, const char *what, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		text_string_put(text, what);
}

static void
test_nesting(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	text_string_put(&text, "const A = ");
	repeat(&text, "(", 10000);
	refuse(&text, "t.x:1:75: expected at most 64 brackets or signs inside each other, "
		      "found more");
	text_reset(&text);
	text_string_put(&text, "const A = ");
	repeat(&text, "-", 10000);
	refuse(&text, "brackets or signs inside each other");
	text_reset(&text);
	repeat(&text, "struct a { ", 10000);
	refuse(&text, "expected at most 64 brackets inside each other, found more");
	text_reset(&text);
	repeat(&text, "#if 1\n", 10000);
	refuse(&text, "t.x:65:1: expected at most 64 conditionals inside each other, found "
		      "more");
	text_release(&text);
}

static void
test_deep_types(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	for (unsigned i = 0; i < 60000; i++)
		text_format(&text, "typedef a%u a%u;\n", i + 1, i);
	text_string_put(&text, "typedef int a60000;");
	refuse(&text, "expected at most 64 types inside each other, found more");
	text_reset(&text);
	text_string_put(&text, "typedef int a0;\n");
	for (unsigned i = 0; i < 60000; i++)
		text_format(&text, "struct a%u { a%u x; };\n", i + 1, i);
	refuse(&text, "expected at most 64 types inside each other, found more");
	text_release(&text);
}

/* Twice the size of the one before: 2^60 octets in sixty lines. */
static void
test_doubling(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	text_string_put(&text, "typedef int a0;\n");
	for (unsigned i = 0; i < 60; i++)
		text_format(&text, "struct a%u { a%u x; a%u y; };\n", i + 1, i, i);
	refuse(&text, "expected a type of at most 4194304 octets, found one of at least "
		      "8388608");
	text_release(&text);
}

static void
test_too_many(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	for (unsigned i = 0; i < 70000; i++)
		text_format(&text, "const a%u = %u;\n", i, i);
	refuse(&text, "expected at most 65535 names, found more");
	text_reset(&text);
	text_string_put(&text, "struct s {\n");
	for (unsigned i = 0; i < 70000; i++)
		text_string_put(&text, "int a[1];\n");
	refuse(&text, "expected at most 65535 types, found more");
	text_release(&text);
}

/* Much of what is allowed: large, and done in an instant. */
static void
test_much(void **state)
{
	struct spec *spec = spec_new(NULL);
	struct text text;
	(void)state;
	text_init(&text);
	for (unsigned i = 0; i < 20000; i++)
		text_format(&text, "const a%u = a%u;\n", i, i + 1); /* backwards */
	text_string_put(&text,
			"const a20000 = 5; typedef int x[a0]; union u switch (int i) {\n");
	for (unsigned i = 0; i < 50000; i++)
		text_format(&text, "case %u:\n", i * 7919 % 50000);
	text_string_put(&text, "int x; };\n");
	load_good(spec, text_string(&text));
	assert_int_equal(type_named(spec, "x")->size, 5);
	assert_int_equal(type_named(spec, "u")->count, 50000);
	text_release(&text);
	spec_free(spec);
}

/* What is looked up for every word on the wire takes no more steps than halving does. */
static void
test_look_up(void **state)
{
	enum { VALUES = 60000, HALVINGS = 16 };
	struct spec *spec = spec_new(NULL);
	struct text text;
	(void)state;
	text_init(&text);
	text_string_put(&text, "enum e {\n");
	for (unsigned i = 0; i < VALUES; i++)
		text_format(&text, "e%u = %u,\n", i, i * 7919 % VALUES * 3);
	text_string_put(&text, "again = 3, below = -5 };\nunion u switch (int i) {\n");
	for (unsigned i = 0; i < VALUES; i++)
		text_format(&text, "case %u:\n", i * 7919 % VALUES * 3);
	text_string_put(&text, "int x; default: void; };\n");
	load_good(spec, text_string(&text));
	const struct spec_type *e = type_named(spec, "e"), *u = type_named(spec, "u");
	for (unsigned i = 0; i < VALUES; i++) {
		char name[16];
		unsigned steps = 0;
		snprintf(name, sizeof name, "e%u", i);
		int64_t value = i * 7919 % VALUES * 3;
		const struct spec_part *part = spec_find_part(spec, e, value, &steps);
		assert_string_equal(spec_name(spec, part->name), name); /* not "again" */
		assert_int_equal(spec_find_part(spec, u, value, &steps)->value, value);
		assert_null(spec_find_part(spec, e, value + 1, &steps));
		assert_true(spec_find_part(spec, u, value + 1, &steps)->otherwise);
		assert_true(steps <= 4 * HALVINGS);
	}
	assert_string_equal(spec_enum_name(spec, spec_find_type(spec, "e"), -5), "below");
	text_release(&text);
	spec_free(spec);
}

static void
test_no_text(void **state)
{
	struct error error;
	struct text text;
	struct spec *spec = spec_new(NULL);
	(void)state;
	text_init(&text);
	text_string_put(&text, " \n\n ");
	refuse(&text, "t.x:3:2: expected a definition, found the end of the file");
	text_reset(&text);
	text_put(&text, "const A = 1;\nx\0y", 16);
	refuse(&text, "t.x:2:2: expected text, found the octet 0x00");
	text_release(&text);
	assert_false(load(spec, "", &error));
	assert_string_equal(error.text,
			    "t.x:1:1: expected a definition, found the end of the file");
	load_good(spec, "%#include <only.h>\n");
	load_good(spec, "#define A 1\n");
	assert_false(load(spec, "first mistake; second mistake", &error));
	struct error kept = error;
	assert_false(spec_load_text(spec, "u.x", "oops", 4, false, &error));
	assert_string_equal(error.text, kept.text); /* the first one stays */
	spec_free(spec);
}

/* Every prefix of a good file, in memory that ends where it does: an error line, or loaded. */
static void
test_prefixes(void **state)
{
	FILE *file = fopen("tests/specs/good/written_for_rpcgen.x", "r");
	char text[8192];
	(void)state;
	assert_non_null(file);
	size_t size = fread(text, 1, sizeof text, file), good = 0;
	fclose(file);
	assert_true(size > 1000 && size < sizeof text);
	struct spec *spec = spec_new(NULL);
	for (size_t length = 0; length <= size; length++) {
		char *copy = test_malloc(length + 1);
		memcpy(copy + 1, text, length);
		struct error error;
		bool loaded = load_text(spec, copy + 1, length, &error);
		assert_int_equal(loaded, error.text[0] == '\0');
		assert_null(strchr(error.text, '\n'));
		assert_true(loaded || strncmp(error.text, "t.x:", 4) == 0);
		good += loaded;
		test_free(copy);
	}
	assert_true(good > 0 && good < size / 4);
	spec_free(spec);
}

static uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Overwrites, takes out or doubles a few octets. */
static size_t
change(char *text, size_t size, size_t room, uint64_t *random)
{
	size_t at = random_next(random) % size, length = 1 + random_next(random) % 12;
	length = length < size - at ? length : size - at;
	switch (random_next(random) % 3) {
	case 0:
		memmove(text + at, text + random_next(random) % (size - length), length);
		return size;
	case 1:
		memmove(text + at, text + at + length, size - at - length);
		return size - length;
	default:
		if (size + length > room)
			return size;
		memmove(text + at + length, text + at, size - at);
		return size + length;
	}
}

/* A good file with small mistakes: loaded, or refused with one line and nothing left of it. */
static void
test_mistakes(void **state)
{
	enum { ROUNDS = 2500, ROUNDS_A_SPEC = 200 };
	const uint64_t seed = 20240229;
	char original[8192], text[8192 + 64];
	FILE *file = fopen("tests/specs/good/written_for_rpcgen.x", "r");
	struct spec *spec = NULL;
	size_t before[7], after[7], good = 0;
	(void)state;
	assert_non_null(file);
	size_t original_size = fread(original, 1, sizeof original, file);
	fclose(file);
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t random = seed + round;
		size_t size = original_size;
		memcpy(text, original, size);
		for (uint64_t edits = 1 + random_next(&random) % 2; edits > 0; edits--)
			size = change(text, size, sizeof text, &random);
		if (round % ROUNDS_A_SPEC == 0) {
			spec_free(spec);
			spec = spec_new(NULL);
		}
		lengths(spec, before);
		struct error error;
		bool loaded = load_text(spec, text, size, &error);
		lengths(spec, after);
		if (loaded != (error.text[0] == '\0') || strchr(error.text, '\n') ||
		    (!loaded && memcmp(before, after, sizeof before) != 0))
			fail_msg("round %u of seed %llu", round, (unsigned long long)seed);
		good += loaded;
	}
	assert_true(good > ROUNDS / 20 && good < ROUNDS);
	spec_free(spec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_files),  cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_deep_types), cmocka_unit_test(test_doubling),
		cmocka_unit_test(test_too_many),   cmocka_unit_test(test_much),
		cmocka_unit_test(test_no_text),    cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_mistakes),   cmocka_unit_test(test_look_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
