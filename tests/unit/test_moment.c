/* moment: points in time as users write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "limits.h"
#include "moment.h"

/* 2026-11-20T06:53:51Z, as date -u -d @1795157631 says it. */
#define AT 1795157631

static void
test_forms(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum moment_kind kind;
		int64_t time;
	} cases[] = {
		{"2026-11-20T06:53:51Z", MOMENT_ABSOLUTE, AT * SECOND},
		{"2026-11-20 06:53:51.25z", MOMENT_ABSOLUTE, AT * SECOND + 250000000},
		{"1970-01-01T00:00:00.000000001Z", MOMENT_ABSOLUTE, 1},
		{"1969-12-31T23:59:59Z", MOMENT_ABSOLUTE, -SECOND},
		{"2000-02-29T00:00:00Z", MOMENT_ABSOLUTE, 951782400 * SECOND},
		{"2100-03-01T00:00:00Z", MOMENT_ABSOLUTE, 4107542400 * SECOND},
		{"1795157631.25", MOMENT_ABSOLUTE, AT * SECOND + 250000000},
		{"0", MOMENT_ABSOLUTE, 0},
		{"06:53:51.1234567891", MOMENT_OF_DAY, 24831 * SECOND + 123456789},
		{"+2.5", MOMENT_SINCE_FIRST, 2500000000},
		{"+0", MOMENT_SINCE_FIRST, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct moment moment = {.kind = MOMENT_NONE};
		if (!moment_parse(&moment, cases[i].text))
			fail_msg("%s is not read", cases[i].text);
		assert_int_equal(moment.kind, cases[i].kind);
		assert_int_equal(moment.time, cases[i].time);
	}
}

static void
test_mistakes(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"",
		"+",
		"noon",
		"-5",
		"1.",
		"1.x",
		"1e9",
		"99999999999",
		"06:53",
		"6:53:51",
		"24:00:00",
		"06:60:00",
		"06:53:51Z",
		"2026-11-20",
		"2026-11-20T06:53:51",
		"2026-13-20T06:53:51Z",
		"2026-11-20T06:53:51+01:00",
		"2026-11-20T06:53:51Zx",
		"+1 ",
		"9999-01-01T00:00:00Z",
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct moment moment = {.kind = MOMENT_NONE};
		if (moment_parse(&moment, cases[i]))
			fail_msg("\"%s\" is read as %d", cases[i], (int)moment.kind);
		assert_int_equal(moment.kind, MOMENT_NONE);
	}
}

static void
test_resolve(void **state)
{
	(void)state;
	const int64_t first = AT * SECOND + 5;
	const struct moment absolute = {MOMENT_ABSOLUTE, 7}, of_day = {MOMENT_OF_DAY, SECOND},
			    since = {MOMENT_SINCE_FIRST, SECOND};
	assert_int_equal(moment_resolve(&absolute, first), 7);
	assert_int_equal(moment_resolve(&of_day, first), (AT - 24831 + 1) * SECOND);
	assert_int_equal(moment_resolve(&since, first), first + SECOND);
	assert_int_equal(moment_resolve(&of_day, -1), -86400 * SECOND + SECOND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_resolve),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
