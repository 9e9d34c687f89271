/* base: text and its escapes, addresses, the hash table with its age list, arena and pool. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "error.h"
#include "memory.h"
#include "object.h"
#include "table.h"
#include "text.h"

static void
expect_text(struct text *text, const char *expected)
{
	assert_string_equal(text_string(text), expected);
	text_reset(text);
}

static void
test_numbers(void **state)
{
	(void)state;
	struct text text;
	text_init(&text);
	text_unsigned(&text, 0);
	text_char(&text, ' ');
	text_unsigned(&text, UINT64_MAX);
	text_char(&text, ' ');
	text_signed(&text, INT64_MIN);
	expect_text(&text, "0 18446744073709551615 -9223372036854775808");
	text_hex(&text, 0x34a2a6a5, 8);
	text_char(&text, ' ');
	text_hex(&text, 0, 1);
	text_char(&text, ' ');
	text_hex(&text, 0x1f, 4);
	expect_text(&text, "34a2a6a5 0 001f");
	text_octets(&text, (const uint8_t *)"\x00\xff\x10", 3);
	expect_text(&text, "00ff10");
	text_format(&text, "%s-%d", "a", 7);
	expect_text(&text, "a-7");
	text_release(&text);
}

static void
test_columns(void **state)
{
	(void)state;
	struct text text;
	text_init(&text);
	text_string_put(&text, "line\nab");
	text_pad_to(&text, 5, 4);
	text_char(&text, '|');
	text_pad_to(&text, 5, 2); /* already past it */
	text_char(&text, '|');
	expect_text(&text, "line\nab  ||");
	text_string_put(&text, "abcdef");
	text_truncate(&text, 2);
	text_truncate(&text, 5); /* cannot grow */
	expect_text(&text, "ab");
	text_release(&text);
}

static void
test_times(void **state)
{
	(void)state;
	struct text text;
	text_init(&text);
	text_time_rfc3339(&text, 73987654070784LL);
	expect_text(&text, "1970-01-01T20:33:07.654070784Z");
	text_time_rfc3339(&text, 1795158492645840000LL);
	expect_text(&text, "2026-11-20T07:08:12.645840000Z");
	text_time_rfc3339(&text, -1);
	expect_text(&text, "1969-12-31T23:59:59.999999999Z");
	text_time_rfc3339(&text, INT64_MIN);
	expect_text(&text, "1677-09-21T00:12:43.145224192Z");
	text_time_rfc3339(&text, INT64_MAX);
	expect_text(&text, "2262-04-11T23:47:16.854775807Z");
	text_time_rfc3339(&text, 951782400 * 1000000000LL);
	expect_text(&text, "2000-02-29T00:00:00.000000000Z"); /* a leap year, 1900 is none */
	text_time_rfc3339(&text, -2203891200 * 1000000000LL);
	expect_text(&text, "1900-03-01T00:00:00.000000000Z");
	text_time_rfc3339(&text, 978220800 * 1000000000LL);
	expect_text(&text, "2000-12-31T00:00:00.000000000Z");
	text_time_of_day(&text, 73987654070784LL, 6);
	expect_text(&text, "20:33:07.654070");
	text_time_of_day(&text, 73987654070784LL, 0);
	expect_text(&text, "20:33:07");
	text_seconds(&text, -1500000000LL, 3);
	expect_text(&text, "-1.500");
	text_seconds(&text, 0, 6);
	expect_text(&text, "0.000000");
	text_release(&text);
}

static void
test_durations(void **state)
{
	(void)state;
	static const struct {
		int64_t nanoseconds;
		const char *expected;
	} cases[] = {
		{3951104, "3.951 ms"},     {0, "0 ns"},
		{999, "999 ns"},           {870000, "870 us"},
		{2040000000, "2.040 s"},   {-3951104, "-3.951 ms"},
		{61000000000, "61.000 s"},
	};
	struct text text;
	text_init(&text);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		text_duration(&text, cases[i].nanoseconds);
		expect_text(&text, cases[i].expected);
	}
	text_release(&text);
}

static void
test_escapes(void **state)
{
	(void)state;
	static const struct {
		const char *octets;
		size_t count;
		const char *terminal, *json;
	} cases[] = {
		{"/srv/data", 9, "/srv/data", "/srv/data"},
		{"a\033[31m", 6, "a\\x1b[31m", "a\\\\x1b[31m"},
		{"nul\0x", 5, "nul\\x00x", "nul\\\\x00x"},
		{"quote\"", 6, "quote\"", "quote\\\""},
		{"back\\x1b", 8, "back\\\\x1b", "back\\\\\\\\x1b"},
		{"gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xc3", 1, "\\xc3", "\\\\xc3"},
		{"\xc0\x80", 2, "\\xc0\\x80", "\\\\xc0\\\\x80"},                 /* overlong */
		{"\xed\xa0\x80", 3, "\\xed\\xa0\\x80", "\\\\xed\\\\xa0\\\\x80"}, /* surrogate */
		{"\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80", "\\\\xf4\\\\x90\\\\x80\\\\x80"},
		{"\xc2\x9b", 2, "\\xc2\\x9b", "\\\\xc2\\\\x9b"}, /* C1 CSI */
		{"\xe2\x80\xae", 3, "\\xe2\\x80\\xae",
		 "\\\\xe2\\\\x80\\\\xae"}, /* right-to-left override */
		{"\x7f\xff", 2, "\\x7f\\xff", "\\\\x7f\\\\xff"},
		{"\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
	};
	struct text text, escaped;
	char member[80];
	text_init(&text);
	text_init(&escaped);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		text_escape(&text, cases[i].octets, cases[i].count);
		expect_text(&text, cases[i].terminal);
		text_escape_json(&text, cases[i].octets, cases[i].count);
		expect_text(&text, cases[i].json);
		/* The same comes of it where both follow one another. */
		text_reset(&escaped);
		text_escape(&escaped, cases[i].octets, cases[i].count);
		object_escaped(&text, "path", &escaped);
		snprintf(member, sizeof member, ",\"path\":\"%s\"", cases[i].json);
		expect_text(&text, member);
	}
	text_release(&escaped);
	text_release(&text);
}

static void
test_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool ipv4, group;
	} cases[] = {
		{"192.168.56.252", true, false}, {"224.0.0.1", true, true},
		{"192.168.56.255", true, true},  {"fe80::1", false, false},
		{"ff02::202", false, true},      {"::1", false, false},
	};
	struct text text;
	text_init(&text);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct address address;
		assert_true(address_parse(&address, cases[i].text));
		assert_int_equal(address_is_ipv4(&address), cases[i].ipv4);
		assert_int_equal(address_is_group(&address), cases[i].group);
		address_text(&text, &address);
		expect_text(&text, cases[i].text);
	}
	struct address address;
	assert_false(address_parse(&address, "192.168.56"));
	assert_false(address_parse(&address, "host.example"));
	text_release(&text);
}

static void
test_error(void **state)
{
	(void)state;
	struct error error = {0};
	assert_false(error_set(&error, "%s:%d: expected\n%s", "f.x", 3, "\033"));
	assert_string_equal(error.text, "f.x:3: expected??");
	error_set(&error, "second");
	assert_string_equal(error.text, "f.x:3: expected??");
}

struct item {
	struct table_entry entry;
	int value;
};

static struct item *
find(struct table *table, int value)
{
	struct table_entry *e = table_first(table, table_hash(table, &value, sizeof value));
	while (e != NULL && ((struct item *)e)->value != value)
		e = table_next(e);
	return (struct item *)e;
}

static void
test_table(void **state)
{
	(void)state;
	enum { ITEMS = 5000 };
	struct table table;
	table_init(&table);
	struct item *items = calloc(ITEMS, sizeof *items);
	assert_non_null(items);
	for (int i = 0; i < ITEMS; i++) {
		items[i].value = i;
		table_insert(&table, &items[i].entry, table_hash(&table, &i, sizeof i));
	}
	assert_int_equal(table.count, ITEMS);
	for (int i = 0; i < ITEMS; i++)
		assert_ptr_equal(find(&table, i), &items[i]);
	assert_null(find(&table, ITEMS));
	assert_ptr_equal(table.oldest, &items[0].entry);
	table_touch(&table, &items[0].entry);
	assert_ptr_equal(table.oldest, &items[1].entry);
	assert_ptr_equal(table.newest, &items[0].entry);
	for (int i = 0; i < ITEMS; i += 2)
		table_remove(&table, &items[i].entry);
	for (int i = 0; i < ITEMS; i++)
		assert_ptr_equal(find(&table, i), i % 2 == 0 ? NULL : &items[i]);
	int expected = 1; /* the age list keeps its order */
	for (struct table_entry *e = table.oldest; e != NULL; e = e->newer, expected += 2)
		assert_int_equal(((struct item *)e)->value, expected);
	assert_int_equal(expected, ITEMS + 1);
	table_release(&table);
	free(items);
}

static void
test_table_equal_hashes(void **state)
{
	(void)state;
	struct table table;
	table_init(&table);
	struct item items[3] = {{.value = 1}, {.value = 2}, {.value = 3}};
	for (int i = 0; i < 3; i++)
		table_insert(&table, &items[i].entry, 42);
	int seen = 0;
	for (struct table_entry *e = table_first(&table, 42); e != NULL; e = table_next(e))
		seen += ((struct item *)e)->value;
	assert_int_equal(seen, 6);
	table_release(&table);
}

static void
test_arena(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena);
	char *first = arena_get(&arena, 10);
	memset(first, 'a', 10);
	char *large = arena_get(&arena, 1 << 20);
	memset(large, 'b', 1 << 20);
	assert_int_equal((uintptr_t)first % 16, 0);
	assert_int_equal((uintptr_t)large % 16, 0);
	assert_int_equal(first[9], 'a'); /* the block it outgrew still lives */
	arena_release(&arena);
}

static void
test_pool(void **state)
{
	(void)state;
	struct pool pool;
	pool_init(&pool, 40);
	void *objects[3000];
	for (size_t i = 0; i < 3000; i++) {
		objects[i] = pool_get(&pool);
		for (size_t k = 0; k < 40; k++)
			assert_int_equal(((char *)objects[i])[k], 0);
		memset(objects[i], 0xff, 40);
	}
	assert_int_equal(pool.used, 3000);
	pool_put(&pool, objects[7]);
	assert_ptr_equal(pool_get(&pool), objects[7]); /* given back first, used first */
	pool_release(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_equal_hashes),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_pool),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
