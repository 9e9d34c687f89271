/*
 * text: a growing buffer and plain number formatting.
 *
 * Numbers do not go through printf: a line of output holds a dozen of them, and
 * millions of lines are usual. Escapes are in escape.c.
 */
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "limits.h"
#include "memory.h"

static const char hex_digits[] = "0123456789abcdef";

void
text_init(struct text *text)
{
	*text = (struct text){.descriptor = -1};
}

void
text_release(struct text *text)
{
	free(text->at);
	text_init(text);
}

void
text_reset(struct text *text)
{
	text->length = 0;
}

void
text_truncate(struct text *text, size_t length)
{
	if (length < text->length)
		text->length = length;
}

void
text_grow(struct text *text, size_t count)
{
	text->at = memory_grow(text->at, &text->capacity, text->length + count, 1);
}

const char *
text_string(struct text *text)
{
	*text_reserve(text, 1) = '\0';
	return text->at;
}

void
text_fill(struct text *text, char c, size_t count)
{
	if (count == 0)
		return;
	memset(text_reserve(text, count), c, count);
	text->length += count;
}

void
text_pad_to(struct text *text, size_t line_start, size_t column)
{
	size_t used = text->length - line_start;
	if (used < column)
		text_fill(text, ' ', column - used);
}

/* Decimal with leading zeros: two digits a division. Inline, because the number of digits is
 * mostly a constant. Returns what is behind. */
static inline char *
put_digits(char *at, uint64_t value, unsigned digits)
{
	static const char pairs[] = "0001020304050607080910111213141516171819"
				    "2021222324252627282930313233343536373839"
				    "4041424344454647484950515253545556575859"
				    "6061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";
	unsigned i = digits;
	for (; i >= 2; i -= 2) {
		memcpy(at + i - 2, pairs + 2 * (value % 100), 2);
		value /= 100;
	}
	if (i > 0)
		at[0] = (char)('0' + value % 10);
	return at + digits;
}

static inline void
text_digits(struct text *text, uint64_t value, unsigned digits)
{
	put_digits(text_reserve(text, digits), value, digits);
	text->length += digits;
}

/* Most numbers of a capture have few digits: comparisons are cheaper than divisions. */
static unsigned
count_digits(uint64_t value)
{
	unsigned count = 1;
	for (; value >= 10000; value /= 10000)
		count += 4;
	return count + (value >= 10) + (value >= 100) + (value >= 1000);
}

void
text_unsigned(struct text *text, uint64_t value)
{
	enum { MOST = 20 };
	char *at = text_reserve(text, MOST);
	unsigned count = 1;
	if (value < 10) {
		*at = (char)('0' + value);
	} else {
		count = count_digits(value);
		put_digits(at, value, count);
	}
	text->length += count;
}

void
text_signed(struct text *text, int64_t value)
{
	if (value < 0)
		text_char(text, '-');
	text_unsigned(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
text_count(struct text *text, uint64_t count, const char *one, const char *many)
{
	text_unsigned(text, count);
	text_char(text, ' ');
	text_string_put(text, count == 1 ? one : many);
}

void
text_hex(struct text *text, uint64_t value, unsigned digits)
{
	enum { MOST = 16 };
	unsigned count = digits < 1 ? 1 : digits < MOST ? digits : MOST;
	while (count < MOST && value >> (4 * count) != 0)
		count++;
	char *at = text_reserve(text, count);
	for (unsigned i = count; i > 0; value >>= 4)
		at[--i] = hex_digits[value & 15];
	text->length += count;
}

void
text_octets(struct text *text, const uint8_t *octets, size_t count)
{
	char *at = text_reserve(text, 2 * count);
	for (size_t i = 0; i < count; i++) {
		at[2 * i] = hex_digits[octets[i] >> 4];
		at[2 * i + 1] = hex_digits[octets[i] & 15];
	}
	text->length += 2 * count;
}

void
text_format(struct text *text, const char *format, ...)
{
	va_list list, again;
	va_start(list, format);
	va_copy(again, list);
	int needed = vsnprintf(NULL, 0, format, list);
	if (needed > 0) {
		size_t room = (size_t)needed + 1;
		vsnprintf(text_reserve(text, room), room, format, again);
		text->length += (size_t)needed;
	}
	va_end(again);
	va_end(list);
}

/* Whole seconds, rounded down, and the nanoseconds above them. */
static int64_t
split_seconds(int64_t time, uint32_t *nanoseconds)
{
	int64_t seconds = time / SECOND;
	int64_t rest = time % SECOND;
	if (rest < 0) {
		rest += SECOND;
		seconds--;
	}
	*nanoseconds = (uint32_t)rest;
	return seconds;
}

static void
text_fraction(struct text *text, uint32_t nanoseconds, unsigned digits)
{
	static const uint32_t divisor[] = {1000000000, 100000000, 10000000, 1000000, 100000,
					   10000,      1000,      100,      10,      1};
	if (digits == 0)
		return;
	text_char(text, '.');
	text_digits(text, nanoseconds / divisor[digits > 9 ? 9 : digits],
		    digits > 9 ? 9 : digits);
}

/* The date that many days after 1970-01-01: years begin in March, so that the leap day is the
 * last one, and 400 of them have always as many days. */
static char *
put_date(char *at, int64_t days)
{
	enum { ERA_DAYS = 146097, DAYS_BEFORE_1970 = 719468, YEAR_DAYS = 365 };
	uint64_t since = (uint64_t)(days + DAYS_BEFORE_1970), era = since / ERA_DAYS;
	uint32_t day = (uint32_t)(since % ERA_DAYS);
	uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / YEAR_DAYS;
	day -= YEAR_DAYS * year + year / 4 - year / 100;
	uint32_t month = (5 * day + 2) / 153; /* from March on, 153 days in five months */
	at = put_digits(at, era * 400 + year + (month >= 10), 4);
	*at++ = '-';
	at = put_digits(at, month < 10 ? month + 3 : month - 9, 2);
	*at++ = '-';
	return put_digits(at, day - (153 * month + 2) / 5 + 1, 2);
}

enum { DAY_SECONDS = 86400 };

/* Days since 1970, rounded down, and the seconds above them. */
static int64_t
split_days(int64_t seconds, uint32_t *rest)
{
	int64_t days = seconds / DAY_SECONDS, above = seconds % DAY_SECONDS;
	*rest = (uint32_t)(above < 0 ? above + DAY_SECONDS : above);
	return days - (above < 0);
}

static char *
put_clock(char *at, uint32_t second)
{
	at = put_digits(at, second / 3600, 2);
	*at++ = ':';
	at = put_digits(at, second / 60 % 60, 2);
	*at++ = ':';
	return put_digits(at, second % 60, 2);
}

void
text_time_rfc3339(struct text *text, int64_t time)
{
	enum { LENGTH = sizeof "1970-01-01T00:00:00.000000000Z" - 1 };
	uint32_t nanoseconds, second;
	int64_t days = split_days(split_seconds(time, &nanoseconds), &second);
	char *at = put_date(text_reserve(text, LENGTH), days);
	*at++ = 'T';
	at = put_clock(at, second);
	*at++ = '.';
	at = put_digits(at, nanoseconds, 9);
	*at = 'Z';
	text->length += LENGTH;
}

void
text_time_of_day(struct text *text, int64_t time, unsigned digits)
{
	enum { LENGTH = sizeof "00:00:00" - 1 };
	uint32_t nanoseconds, second;
	split_days(split_seconds(time, &nanoseconds), &second);
	put_clock(text_reserve(text, LENGTH), second);
	text->length += LENGTH;
	text_fraction(text, nanoseconds, digits);
}

void
text_duration(struct text *text, int64_t nanoseconds)
{
	static const struct {
		int64_t unit;
		unsigned digits; /* after the point */
		const char *name;
	} scales[] = {{SECOND, 3, " s"}, {1000000, 3, " ms"}, {1000, 0, " us"}, {1, 0, " ns"}};
	if (nanoseconds < 0)
		text_char(text, '-');
	int64_t length = nanoseconds < 0 ? -nanoseconds : nanoseconds;
	size_t scale = 0;
	while (length < scales[scale].unit && scales[scale].unit > 1)
		scale++;
	text_unsigned(text, (uint64_t)(length / scales[scale].unit));
	if (scales[scale].digits != 0) {
		text_char(text, '.');
		text_digits(text,
			    (uint64_t)(length % scales[scale].unit * 1000 / scales[scale].unit),
			    scales[scale].digits);
	}
	text_string_put(text, scales[scale].name);
}

void
text_seconds(struct text *text, int64_t nanoseconds, unsigned digits)
{
	if (nanoseconds < 0)
		text_char(text, '-');
	int64_t length = nanoseconds < 0 ? -nanoseconds : nanoseconds;
	text_unsigned(text, (uint64_t)(length / SECOND));
	text_fraction(text, (uint32_t)(length % SECOND), digits);
}

/* Everything, or errno in `failure`. */
static void
write_all(struct text *text)
{
	size_t written = 0;
	while (written < text->length && text->failure == 0) {
		ssize_t count =
			write(text->descriptor, text->at + written, text->length - written);
		if (count >= 0)
			written += (size_t)count;
		else if (errno != EINTR)
			text->failure = errno;
	}
}

bool
text_drain(struct text *text, size_t least)
{
	if (text->descriptor >= 0 && text->length != 0 && text->length >= least) {
		write_all(text);
		text_reset(text);
	}
	return text->failure == 0;
}
