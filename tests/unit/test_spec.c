/*
 * test_spec: the graph that the loader makes of specifications: of tests/specs/good, of the
 * built-in ones, of files that use each other's names.
 */
#include "spec_support.h"
#include <dirent.h>

#include <unistd.h>

static const struct spec_part *
part_named(const struct spec *spec, const struct spec_type *type, const char *name)
{
	for (uint32_t i = 0; i < type->count; i++)
		if (strcmp(spec_name(spec, spec->parts[type->first + i].name), name) == 0)
			return &spec->parts[type->first + i];
	fail_msg("no part %s", name);
	return NULL;
}

static const struct spec_type *
member_type(const struct spec *spec, const struct spec_type *type, const char *name)
{
	return spec_resolve(spec, part_named(spec, type, name)->type);
}

static void
test_fixed(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	assert_string_equal(spec_name(spec, NAME_NONE), "");
	assert_string_equal(spec_name(spec, NAME_ARGUMENTS), "arguments");
	assert_string_equal(spec_name(spec, NAME_ARG), "arg");
	for (unsigned i = 0; i < TYPE_FIXED; i++)
		assert_int_equal(spec->types[i].kind, i);
	assert_int_equal(spec->types[TYPE_QUADRUPLE].minimum, 16);
	assert_int_equal(type_named(spec, "u_int")->element, TYPE_UINT);
	assert_int_equal(spec_find_type(spec, "no_such_type"), TYPE_VOID);
	assert_int_equal(spec_find_type(spec, ""), TYPE_VOID);
	assert_null(spec_find_program(spec, 100000));
	assert_null(spec_find_procedure(spec, 100000, 2, 3));
	spec_free(spec);
	spec_free(NULL);
}

static struct spec *
load_file(const char *path)
{
	struct error error;
	struct spec *spec = spec_new(NULL);
	error.text[0] = '\0';
	if (!spec_load_path(spec, path, &error))
		fail_msg("%s", error.text);
	return spec;
}

static void
test_rpcgen_types(void **state)
{
	struct spec *spec = load_file("tests/specs/good/written_for_rpcgen.x");
	const struct spec_type *station = type_named(spec, "station");
	const struct spec_type *list = type_named(spec, "station_list");
	(void)state;
	assert_int_equal(station->kind, SPEC_STRUCT);
	assert_int_equal(station->count, 16);
	assert_false(station->list);
	assert_true(list->list);
	const struct spec_type *code = member_type(spec, station, "code");
	assert_int_equal(code->kind, SPEC_ARRAY);
	assert_int_equal(code->size, 3);
	assert_int_equal(code->element, TYPE_INT);
	assert_int_equal(member_type(spec, station, "height")->kind, SPEC_INT);
	assert_int_equal(member_type(spec, station, "check")->kind, SPEC_UINT);
	assert_int_equal(member_type(spec, station, "since")->kind, SPEC_UINT);
	assert_int_equal(member_type(spec, station, "records")->kind, SPEC_UINT);
	assert_int_equal(member_type(spec, station, "total")->kind, SPEC_HYPER);
	assert_int_equal(member_type(spec, station, "word")->kind, SPEC_UINT);
	assert_int_equal(member_type(spec, station, "name")->size, 65);
	assert_int_equal(member_type(spec, station, "remark")->size, SPEC_UNBOUNDED);
	assert_int_equal(member_type(spec, station, "key")->minimum, 64);
	assert_int_equal(member_type(spec, station, "owner")->kind, SPEC_OPAQUE_VAR);
	assert_int_equal(member_type(spec, station, "version")->kind, SPEC_ENUM);
	assert_int_equal(member_type(spec, station, "seen")->minimum, 8);
	/* 12 + 4 + 4 + 4 + 4 + 8 + 16 + 4 + 4 + 64 + 4 + 4 + 12 + 4 + 4 + 8 */
	assert_int_equal(station->minimum, 160);
	spec_free(spec);
}

static void
test_rpcgen_unions(void **state)
{
	struct spec *spec = load_file("tests/specs/good/written_for_rpcgen.x");
	const struct spec_type *rest = member_type(spec, type_named(spec, "station"), "rest");
	const struct spec_type *reply = type_named(spec, "reply");
	const struct spec_part *arms = spec->parts + rest->first;
	(void)state;
	assert_int_equal(rest->kind, SPEC_UNION);
	assert_string_equal(spec_name(spec, rest->name_of_element), "program");
	assert_int_equal(rest->count, 4);
	assert_int_equal(arms[0].value, 'a');
	assert_int_equal(arms[1].value, 24);
	assert_int_equal(arms[2].value, -127);
	assert_int_equal(arms[2].type, arms[0].type);
	assert_int_equal(arms[2].name, arms[0].name);
	assert_true(arms[3].otherwise && !arms[2].otherwise);
	assert_int_equal(arms[3].type, TYPE_VOID);
	assert_int_equal(rest->minimum, 4);
	assert_true(spec->parts[reply->first + 1].value == 0xffffffff);
	assert_int_equal(member_type(spec, reply, "samples")->size, 3);
	spec_free(spec);
}

static void
test_rpcgen_enums(void **state)
{
	struct spec *spec = load_file("tests/specs/good/written_for_rpcgen.x");
	uint16_t sky = spec_find_type(spec, "sky"), signs = spec_find_type(spec, "signs");
	(void)state;
	assert_string_equal(spec_enum_name(spec, sky, 0), "CLEAR");
	assert_string_equal(spec_enum_name(spec, sky, 8), "CLOUDY");
	assert_string_equal(spec_enum_name(spec, sky, 9), "RAIN");
	assert_string_equal(spec_enum_name(spec, sky, 'w'), "SNOW");
	assert_null(spec_enum_name(spec, sky, 10));
	assert_null(spec_enum_name(spec, TYPE_INT, 0));
	assert_string_equal(spec_enum_name(spec, signs, -1), "NEGATIVE"); /* the first */
	assert_string_equal(spec_enum_name(spec, signs, 0), "ZERO");
	spec_free(spec);
}

/* Of several files that have it, the one loaded last. */
static const struct spec_version *
version_of(const struct spec *spec, uint32_t number, uint32_t version)
{
	for (size_t p = spec->program_count; p-- > 0;) {
		const struct spec_program *program = &spec->programs[p];
		for (uint32_t i = 0; program->number == number && i < program->count; i++) {
			const struct spec_version *at = &spec->versions[program->first + i];
			if (at->number == version)
				return at;
		}
	}
	return NULL;
}

static void
test_rpcgen_programs(void **state)
{
	struct spec *spec = load_file("tests/specs/good/written_for_rpcgen.x");
	const struct spec_program *program = spec_find_program(spec, 0x20000099);
	const struct spec_procedure *report = spec_find_procedure(spec, 0x20000099, 1, 3);
	(void)state;
	assert_non_null(program);
	assert_false(program->built_in);
	assert_string_equal(spec_name(spec, program->name), "WEATHERPROG");
	assert_string_equal(spec_name(spec, spec->sources[program->source].name),
			    "tests/specs/good/written_for_rpcgen.x");
	assert_int_equal(program->count, 2);
	const struct spec_version *version = version_of(spec, 0x20000099, 1);
	assert_int_equal(version->count, 4);
	for (uint32_t i = 1; i < version->count; i++)
		assert_true(spec->procedures[version->first + i - 1].number <
			    spec->procedures[version->first + i].number);
	assert_string_equal(spec_name(spec, report->short_name), "REPORT");
	assert_int_equal(report->count, 3);
	const struct spec_part *arguments = spec->parts + report->first;
	assert_string_equal(spec_name(spec, arguments[0].name), "arg1");
	assert_string_equal(spec_name(spec, arguments[1].name), "who");
	assert_int_equal(spec_resolve(spec, arguments[2].type)->size, 16);
	assert_int_equal(spec_find_procedure(spec, 0x20000099, 1, 2)->count, 0);
	assert_string_equal(
		spec_name(spec, spec_find_procedure(spec, 0x20000099, 1, 7)->short_name),
		"LIST");
	const struct spec_procedure *null = spec_find_procedure(spec, 0x20000099, 2, 0);
	assert_int_equal(null->result, TYPE_UINT);
	assert_int_equal(spec->parts[null->first].name, NAME_ARG);
	assert_int_equal(spec_resolve(spec, spec->parts[null->first].type)->size, 8);
	assert_null(spec_find_procedure(spec, 0x20000099, 1, 1));
	assert_null(version_of(spec, 0x20000099, 3));
	spec_free(spec);
}

static void
test_short_names(void **state)
{
	static const char *const names[][2] = {
		{"PMAPPROC_GETPORT", "GETPORT"},
		{"NFSPROC3_NULL", "NULL"},
		{"RPCBPROC_GETADDR", "GETADDR"},
		{"MOUNTPROC_MNT", "MNT"},
		{"A_PROC_B_PROC12_CD", "CD"},
		{"KEY_SET", "KEY_SET"},
		{"PROC_", "PROC_"},
		{"PROCESS", "PROCESS"},
		{"REMOTE_PROC_OPEN_IT", "OPEN_IT"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char text[200];
		struct spec *spec = spec_new(NULL);
		snprintf(text, sizeof text,
			 "program P { version V { void %s(void) = 1; } = 2; } = 3;",
			 names[i][0]);
		load_good(spec, text);
		const struct spec_procedure *procedure = spec_find_procedure(spec, 3, 2, 1);
		assert_string_equal(spec_name(spec, procedure->name), names[i][0]);
		assert_string_equal(spec_name(spec, procedure->short_name), names[i][1]);
		spec_free(spec);
	}
}

/* A file sees the names of those before it, its own come first, and nobody's change. */
static void
test_several_files(void **state)
{
	struct error error;
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "const N = 3; typedef int thing[N]; typedef thing first;"
			"program A { version V { thing P(void) = 0; } = 1;"
			"version W { void Q(void) = 0; } = 2; } = 77;");
	load_good(spec, "typedef thing early; const M = N; typedef opaque o[N];"
			"const N = 5; struct thing { hyper h; }; typedef thing later;"
			"program B { version V { thing P(thing) = 0; } = 1; } = 77;");
	assert_int_equal(spec_resolve(spec, spec_find_type(spec, "first"))->kind, SPEC_ARRAY);
	assert_int_equal(spec_resolve(spec, spec_find_type(spec, "first"))->size, 3);
	assert_int_equal(spec_resolve(spec, spec_find_type(spec, "early"))->kind, SPEC_STRUCT);
	assert_int_equal(spec_resolve(spec, spec_find_type(spec, "later"))->kind, SPEC_STRUCT);
	assert_int_equal(type_named(spec, "o")->size, 5);
	assert_int_equal(type_named(spec, "thing")->kind, SPEC_STRUCT);
	assert_string_equal(spec_name(spec, spec_find_program(spec, 77)->name), "B");
	assert_int_equal(spec_resolve(spec, spec_find_procedure(spec, 77, 1, 0)->result)->kind,
			 SPEC_STRUCT);
	assert_string_equal(spec_name(spec, version_of(spec, 77, 2)->name), "W");
	/* a third file uses the second's, and a wrong fourth changes nothing */
	load_good(spec, "struct use { thing t; first f; };");
	assert_int_equal(type_named(spec, "use")->minimum, 20);
	assert_false(load(spec,
			  "struct thing { int a; }; program C { version V { void "
			  "P(void) = 0; } = 1; } = 77; oops",
			  &error));
	assert_string_equal(spec_name(spec, spec_find_program(spec, 77)->name), "B");
	assert_int_equal(type_named(spec, "thing")->minimum, 8);
	spec_free(spec);
}

static uint8_t
meaning_of(const char *name)
{
	return strcmp(name, "rpcport") == 0 ? 7 : strcmp(name, "port_t") == 0 ? 8 : 0;
}

static uint8_t
opener_of(const char *name)
{
	return strcmp(name, "auth_body") == 0 ? 9 : 0;
}

static void
test_hooks(void **state)
{
	struct spec_hooks hooks = {.meaning = meaning_of, .opener = opener_of};
	struct spec *spec = spec_new(&hooks);
	(void)state;
	load_good(spec, "typedef unsigned rpcport; typedef rpcport a; typedef a b;"
			"typedef rpcport port_t; typedef opaque auth_body<4>;"
			"typedef auth_body c; struct s { b x; c y; opaque z<>; };");
	const struct spec_type *s = type_named(spec, "s");
	assert_int_equal(spec_meaning(spec, part_named(spec, s, "x")->type), 7);
	assert_int_equal(spec_meaning(spec, spec_find_type(spec, "port_t")), 8);
	assert_int_equal(spec_opener(spec, part_named(spec, s, "y")->type), 9);
	assert_int_equal(spec_opener(spec, part_named(spec, s, "z")->type), 0);
	assert_int_equal(spec_meaning(spec, TYPE_UINT), 0);
	spec_free(spec);
}

static void
test_lists(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "struct a { int x; a *next; };"
			"typedef struct b *b_ptr; typedef b_ptr b_alias;"
			"struct b { int x; b_alias next; };"
			"struct c { c *next; int x; };"
			"struct d { int x; a *next; };"
			"struct e { int x; e next<>; };"
			"struct f { f *only; };"
			"struct g { int x; g_again *next; }; typedef g g_again;");
	assert_true(type_named(spec, "a")->list);
	assert_true(type_named(spec, "b")->list);
	assert_false(type_named(spec, "c")->list);
	assert_false(type_named(spec, "d")->list);
	assert_false(type_named(spec, "e")->list);
	assert_true(type_named(spec, "f")->list);
	assert_true(type_named(spec, "g")->list);
	spec_free(spec);
}

/* -- the specifications built in -- */

/* The type of that name in that file, whatever the files loaded after it call so. */
static uint16_t
type_of_file(const struct spec *spec, const char *file, const char *name)
{
	for (uint16_t i = TYPE_FIXED; i < spec->type_count; i++) {
		const struct spec_type *type = &spec->types[i];
		if (strcmp(spec_name(spec, type->name), name) == 0 &&
		    strcmp(spec_name(spec, spec->sources[type->source].name), file) == 0)
			return i;
	}
	fail_msg("%s has no type %s", file, name);
	return TYPE_VOID;
}

static void
test_built_in(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	struct error error = {.text = ""};
	if (!spec_load_built_in(spec, &error))
		fail_msg("%s", error.text);
	assert_string_equal(
		spec_name(spec, spec_find_procedure(spec, 100000, 2, 3)->short_name),
		"GETPORT");
	assert_int_equal(version_of(spec, 100000, 2)->count, 6);
	assert_int_equal(version_of(spec, 100000, 3)->count, 9);
	assert_int_equal(version_of(spec, 100000, 4)->count, 13);
	assert_true(spec_find_program(spec, 100000)->built_in);
	assert_true(type_named(spec, "pmaplist")->list);
	assert_true(type_named(spec, "rp__list")->list);
	assert_int_equal(type_named(spec, "rpc_msg")->minimum, 4 + 4 + 4 + 8);
	assert_int_equal(type_named(spec, "call_body")->minimum, 16 + 8 + 8);
	assert_int_equal(type_named(spec, "mapping")->minimum, 16);
	assert_int_equal(type_named(spec, "authsys_parms")->minimum, 20);
	assert_int_equal(type_named(spec, "rpcb_stat_byvers")->minimum,
			 3 * (13 * 4 + 4 + 4 + 4 + 4));
	assert_string_equal(spec_enum_name(spec, type_of_file(spec, "rpc.x", "auth_stat"), 14),
			    "RPCSEC_GSS_CTXPROBLEM");
	assert_string_equal(spec_enum_name(spec, type_of_file(spec, "rpc.x", "auth_flavor"), 6),
			    "RPCSEC_GSS");
	spec_free(spec);
}

/* -- files by path -- */

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
remove_files(const char *folder)
{
	static const char *const names[] = {"a.x", "b.x", "c.x", "loop.x", "large.x"};
	char path[200];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static bool
load_path(struct spec *spec, const char *folder, const char *name, struct error *error)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	error->text[0] = '\0';
	return spec_load_path(spec, path, error);
}

static void
test_paths(void **state)
{
	struct error error;
	char folder[] = "/tmp/test_spec.XXXXXX";
	struct spec *spec = spec_new(NULL);
	size_t before = spec->source_count;
	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_false(load_path(spec, folder, "", &error));
	assert_non_null(strstr(error.text, "no file NAME.x in it"));
	assert_false(load_path(spec, folder, "missing.x", &error));
	assert_non_null(strstr(error.text, "missing.x: No such file"));
	write_file(folder, "a.x",
		   "%#include <here/c.h>\n#include \"loop.x\"\ntypedef in_c in_a;");
	write_file(folder, "b.x", "typedef in_a in_b;\n");
	write_file(folder, "c.x", "typedef int in_c;\n");
	write_file(folder, "loop.x", "#include \"a.x\"\n#include \"loop.x\"\nconst L = 1;\n");
	assert_true(load_path(spec, folder, "a.x", &error));
	assert_int_equal(spec->source_count - before, 3); /* c, loop, a */
	assert_true(load_path(spec, folder, "", &error)); /* b is new */
	assert_int_equal(spec->source_count - before, 4);
	assert_int_not_equal(spec_find_type(spec, "in_b"), TYPE_VOID);
	assert_true(load_path(spec, folder, "b.x", &error)); /* asked for: loaded again */
	assert_int_equal(spec->source_count - before, 5);
	spec_free(spec);

	spec = spec_new(NULL); /* what was included goes too */
	write_file(folder, "a.x", "#include \"c.x\"\noops\n");
	assert_false(load_path(spec, folder, "a.x", &error));
	assert_non_null(strstr(error.text, "a.x:2:1: expected a definition, found \"oops\""));
	assert_int_equal(spec_find_type(spec, "in_c"), TYPE_VOID);
	assert_int_equal(spec->source_count, before);
	assert_true(load_path(spec, folder, "c.x", &error));
	assert_int_not_equal(spec_find_type(spec, "in_c"), TYPE_VOID);
	write_file(folder, "large.x", "const A = 1;\n");
	char path[200];
	snprintf(path, sizeof path, "%s/large.x", folder);
	assert_int_equal(truncate(path, LIMIT_SPEC_OCTETS + 1), 0);
	error.text[0] = '\0';
	assert_false(spec_load_path(spec, path, &error));
	assert_non_null(strstr(error.text, "expected at most 8388608 octets"));
	spec_free(spec);
	remove_files(folder);
}

/* Where nothing else has any, there is no array of procedures. */
static void
test_no_procedures(void **state)
{
	struct spec *spec = spec_new(NULL);
	(void)state;
	load_good(spec, "program P { version V { } = 1; } = 5;");
	assert_non_null(version_of(spec, 5, 1));
	assert_null(spec_find_procedure(spec, 5, 1, 0));
	spec_free(spec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed),           cmocka_unit_test(test_rpcgen_types),
		cmocka_unit_test(test_rpcgen_unions),   cmocka_unit_test(test_rpcgen_enums),
		cmocka_unit_test(test_rpcgen_programs), cmocka_unit_test(test_short_names),
		cmocka_unit_test(test_several_files),   cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_lists),           cmocka_unit_test(test_built_in),
		cmocka_unit_test(test_paths),           cmocka_unit_test(test_no_procedures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
