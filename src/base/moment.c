/*
 * moment: each form has a reader of its own, and the first that takes the whole
 * text wins. Digits of a second beyond the ninth are let go.
 */
#include "moment.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "limits.h"

#define DAY          (86400 * SECOND)
#define SECONDS_MOST 9000000000LL /* of an int64_t in ns, rounded down: the year 2255 */

/* Takes exactly so many digits. */
static bool
take_digits(const char **at, unsigned count, int64_t *number)
{
	*number = 0;
	for (unsigned i = 0; i < count; i++, (*at)++) {
		if (!isdigit((unsigned char)**at))
			return false;
		*number = *number * 10 + (**at - '0');
	}
	return true;
}

static bool
take_char(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

/* ".25", or nothing. */
static bool
take_fraction(const char **at, int64_t *nanoseconds)
{
	int64_t unit = SECOND / 10;
	*nanoseconds = 0;
	if (!take_char(at, '.'))
		return true;
	if (!isdigit((unsigned char)**at))
		return false;
	for (; isdigit((unsigned char)**at); (*at)++, unit /= 10)
		*nanoseconds += (**at - '0') * unit;
	return true;
}

bool
moment_parse_seconds(int64_t *nanoseconds, const char *text)
{
	int64_t seconds = 0, fraction;
	if (!isdigit((unsigned char)*text))
		return false;
	for (; isdigit((unsigned char)*text); text++) {
		seconds = seconds * 10 + (*text - '0');
		if (seconds > SECONDS_MOST)
			return false;
	}
	if (!take_fraction(&text, &fraction) || *text != '\0')
		return false;
	*nanoseconds = seconds * SECOND + fraction;
	return true;
}

/* "06:53:51.25" */
static bool
take_time_of_day(const char **at, int64_t *time)
{
	int64_t hour, minute, second, fraction;
	if (!take_digits(at, 2, &hour) || !take_char(at, ':') || !take_digits(at, 2, &minute) ||
	    !take_char(at, ':') || !take_digits(at, 2, &second) ||
	    !take_fraction(at, &fraction))
		return false;
	*time = (hour * 3600 + minute * 60 + second) * SECOND + fraction;
	return hour < 24 && minute < 60 && second <= 60;
}

/* Days from 1970-01-01 in the Gregorian calendar, counted from a year that begins in March. */
static int64_t
days_since_1970(int64_t year, int64_t month, int64_t day)
{
	int64_t from_march = (month + 9) % 12;
	int64_t years = year - (month <= 2);
	return years * 365 + years / 4 - years / 100 + years / 400 +
	       (from_march * 306 + 5) / 10 + day - 1 - 719468;
}

/* RFC 3339 section 5.6; the offset has to be Z. */
static bool
parse_rfc3339(int64_t *time, const char *text)
{
	int64_t year, month, day, of_day;
	if (!take_digits(&text, 4, &year) || !take_char(&text, '-') ||
	    !take_digits(&text, 2, &month) || !take_char(&text, '-') ||
	    !take_digits(&text, 2, &day))
		return false;
	if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
		return false;
	if (!take_time_of_day(&text, &of_day))
		return false;
	if (!take_char(&text, 'Z') && !take_char(&text, 'z'))
		return false;
	if (*text != '\0' || month < 1 || month > 12 || day < 1 || day > 31 || year < 1700 ||
	    year > 2250)
		return false;
	*time = days_since_1970(year, month, day) * DAY + of_day;
	return true;
}

static bool
parse_of_day(int64_t *time, const char *text)
{
	return take_time_of_day(&text, time) && *text == '\0';
}

static bool
parse_since_first(int64_t *time, const char *text)
{
	return *text == '+' && moment_parse_seconds(time, text + 1);
}

bool
moment_parse(struct moment *moment, const char *text)
{
	static const struct {
		enum moment_kind kind;
		bool (*parse)(int64_t *time, const char *text);
	} forms[] = {
		{MOMENT_ABSOLUTE, parse_rfc3339},
		{MOMENT_ABSOLUTE, moment_parse_seconds},
		{MOMENT_OF_DAY, parse_of_day},
		{MOMENT_SINCE_FIRST, parse_since_first},
	};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (!forms[i].parse(&moment->time, text))
			continue;
		moment->kind = forms[i].kind;
		return true;
	}
	return false;
}

int64_t
moment_resolve(const struct moment *moment, int64_t first)
{
	int64_t of_day = first % DAY;
	switch (moment->kind) {
	case MOMENT_OF_DAY:
		return first - (of_day < 0 ? of_day + DAY : of_day) + moment->time;
	case MOMENT_SINCE_FIRST:
		return moment->time > INT64_MAX - first && first > 0 ? INT64_MAX
								     : first + moment->time;
	default:
		return moment->time;
	}
}
