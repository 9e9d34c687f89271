/* names: programs by the table and by specifications, hosts by a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"

static const char user_spec[] =
	"program LIGHTS_PROG { version LIGHTS_V1 {"
	" void LIGHTSPROC_NULL(void) = 0; int SWITCH(int) = 1; } = 1; } = 0x20000099;";

static struct spec *
load(void)
{
	struct error error = {0};
	struct spec *spec = spec_new(NULL);
	assert_true(
		spec_load_text(spec, "lights.x", user_spec, strlen(user_spec), false, &error));
	return spec;
}

static void
test_programs(void **state)
{
	(void)state;
	struct spec *spec = load();
	struct names *names = names_new(spec, false);
	assert_string_equal(names_program(names, 100000), "portmapper");
	assert_string_equal(names_program(names, 100005), "mountd");
	assert_string_equal(names_program(names, 0x20000099), "LIGHTS_PROG");
	assert_null(names_program(names, 0x20000098));
	static const struct {
		const char *name;
		uint32_t number;
	} cases[] = {{"mountd", 100005},  {"mount", 100005},          {"NFS", 100003},
		     {"rpcbind", 100000}, {"portmap", 100000},        {"100021", 100021},
		     {"0x186a5", 100005}, {"lights_prog", 0x20000099}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t number = 0;
		assert_true(names_program_number(names, cases[i].name, &number));
		assert_int_equal(number, cases[i].number);
	}
	uint32_t number;
	assert_false(names_program_number(names, "nosuch", &number));
	assert_false(names_program_number(names, "4294967296", &number));
	assert_false(names_program_number(names, "-1", &number));
	names_free(names);
	spec_free(spec);
}

/* Numbers that end alike, as far as anything can go by that. */
static void
test_numbers_that_end_alike(void **state)
{
	(void)state;
	struct error error = {0};
	struct spec *spec = spec_new(NULL);
	enum { FIRST = 100003, STEP = 1 << 16, COUNT = 5 };
	for (unsigned i = 1; i <= COUNT; i++) {
		char text[100];
		int length =
			snprintf(text, sizeof text,
				 "program P%u { version V { void N(void) = 0; } = 1; } = %u;",
				 i, (unsigned)(FIRST + i * STEP));
		assert_true(spec_load_text(spec, "p.x", text, (size_t)length, false, &error));
	}
	struct names *names = names_new(spec, false);
	for (unsigned i = 1; i <= COUNT; i++) {
		const char name[] = {'P', (char)('0' + i), '\0'};
		uint32_t number = FIRST + i * STEP;
		assert_string_equal(names_program(names, number), name);
		assert_int_equal(spec_find_program(spec, number)->number, number);
		assert_non_null(spec_find_procedure(spec, number, 1, 0));
	}
	assert_string_equal(names_program(names, FIRST), "nfs");
	assert_null(spec_find_program(spec, FIRST));
	assert_null(names_program(names, FIRST + (COUNT + 1) * STEP));
	assert_null(spec_find_procedure(spec, FIRST + (COUNT + 1) * STEP, 1, 0));
	names_free(names);
	spec_free(spec);
}

/* What the user says goes before the table and rpc(5); of two files the last one does. */
static void
test_names_of_the_user(void **state)
{
	static const char first[] =
		"program MYNFS { version V { void N(void) = 0; } = 3; } = 100003;";
	static const char last[] =
		"program OURNFS { version V { void N(void) = 0; } = 4; } = 100003;";
	(void)state;
	struct error error = {0};
	struct spec *spec = spec_new(NULL);
	assert_true(spec_load_built_in(spec, &error));
	struct names *names = names_new(spec, false);
	assert_string_equal(names_program(names, 100003), "nfs");
	names_free(names);
	assert_true(spec_load_text(spec, "first.x", first, strlen(first), false, &error));
	assert_true(spec_load_text(spec, "last.x", last, strlen(last), false, &error));
	names = names_new(spec, false);
	assert_string_equal(names_program(names, 100003), "OURNFS");
	assert_string_equal(names_program(names, 100005), "mountd");
	uint32_t number = 0;
	assert_true(names_program_number(names, "ournfs", &number));
	assert_int_equal(number, 100003);
	assert_true(names_program_number(names, "nfs", &number));
	assert_int_equal(number, 100003);
	names_free(names);
	spec_free(spec);
}

static void
test_procedures(void **state)
{
	(void)state;
	struct spec *spec = load();
	struct names *names = names_new(spec, false);
	assert_string_equal(names_procedure(names, 0x20000099, 1, 0), "NULL");
	assert_string_equal(names_procedure(names, 0x20000099, 1, 1), "SWITCH");
	assert_string_equal(names_procedure(names, 200099, 2, 0), "NULL"); /* of any program */
	assert_null(names_procedure(names, 0x20000099, 2, 1));
	names_free(names);
	names = names_new(spec, true);
	assert_null(names_program(names, 100000));
	assert_null(names_procedure(names, 0x20000099, 1, 0));
	names_free(names);
	spec_free(spec);
}

static bool
load_hosts(struct names *names, const char *content, struct error *error)
{
	char path[] = "/tmp/rpcscope-hosts-XXXXXX";
	int descriptor = mkstemp(path);
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, content, strlen(content)), strlen(content));
	close(descriptor);
	bool good = names_load_hosts(names, path, error);
	unlink(path);
	return good;
}

static void
test_hosts(void **state)
{
	(void)state;
	struct error error = {0};
	struct names *names = names_new(NULL, false);
	assert_true(
		load_hosts(names,
			   "# comment\n\n192.168.56.65\tas0000e1.patent.ibm.com as # x\r\n"
			   "fe80::1%lo0 router\n192.168.56.65 second\n10.0.0.1 evil\033[31m\n",
			   &error));
	struct address address;
	address_parse(&address, "192.168.56.65");
	assert_string_equal(names_host(names, &address), "as0000e1.patent.ibm.com");
	address_parse(&address, "fe80::1");
	assert_string_equal(names_host(names, &address), "router");
	address_parse(&address, "10.0.0.1");
	assert_string_equal(names_host(names, &address), "evil?[31m");
	address_parse(&address, "10.0.0.2");
	assert_null(names_host(names, &address));
	assert_true(names_host_address(names, "ROUTER", &address));
	assert_true(names_host_address(names, "as", &address)); /* an alias */
	assert_false(names_host_address(names, "x", &address)); /* a comment */
	names_free(names);
}

static void
test_bad_hosts(void **state)
{
	(void)state;
	struct error error = {0};
	struct names *names = names_new(NULL, false);
	assert_false(load_hosts(names, "10.0.0.1 good\n10.0.0 bad\n", &error));
	assert_non_null(strstr(error.text, ":2: expected an address and a name"));
	error = (struct error){0};
	assert_false(names_load_hosts(names, "/nonexistent/hosts", &error));
	assert_string_equal(error.text, "/nonexistent/hosts: No such file or directory");
	names_free(names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),
		cmocka_unit_test(test_numbers_that_end_alike),
		cmocka_unit_test(test_names_of_the_user),
		cmocka_unit_test(test_procedures),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_bad_hosts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
