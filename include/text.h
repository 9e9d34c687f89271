/*
 * text: output that grows, and the only ways in which octets become characters.
 *
 * Everything printed is built in a struct text and leaves through text_flush().
 * Octets from the wire go through one of the escapes, never through text_put().
 * Memory: the caller owns the struct; text_release() frees what it grew.
 */
#ifndef RPCSCOPE_TEXT_H
#define RPCSCOPE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	char *at; /* not terminated; text_string() terminates it */
	size_t length, capacity;
	bool ascii; /* its reader's locale is not UTF-8: text_escape() escapes all but ASCII */
	int descriptor; /* what text_drain() writes to; -1 for none */
	int failure;    /* errno of the first write that failed; nothing is written after it */
};

void text_init(struct text *text);
void text_release(struct text *text);
/* Empties it and keeps its memory. */
void text_reset(struct text *text);
/* Cuts it back to an earlier length. */
void text_truncate(struct text *text, size_t length);
/* The content as a C string, valid until the next change. */
const char *text_string(struct text *text);

/* Room for that many more characters; see text_reserve(). */
void text_grow(struct text *text, size_t count) __attribute__((cold, noinline));

/* Room for that many more; returns where they go. */
static inline char *
text_reserve(struct text *text, size_t count)
{
	if (text->capacity - text->length < count)
		text_grow(text, count);
	return text->at + text->length;
}

static inline void
text_put(struct text *text, const void *characters, size_t count)
{
	if (count == 0)
		return;
	memcpy(text_reserve(text, count), characters, count);
	text->length += count;
}

static inline void
text_char(struct text *text, char c)
{
	*text_reserve(text, 1) = c;
	text->length++;
}

/* Inline so that the length of a literal is a constant. */
static inline void
text_string_put(struct text *text, const char *string)
{
	text_put(text, string, strlen(string));
}

void text_fill(struct text *text, char c, size_t count);
/* Blanks up to that column of the line that began at line_start; at least none. */
void text_pad_to(struct text *text, size_t line_start, size_t column);
void text_unsigned(struct text *text, uint64_t value);
void text_signed(struct text *text, int64_t value);
/* "1 frame", "2 frames": the number and its word, which is `one` for 1 and else `many`. */
void text_count(struct text *text, uint64_t count, const char *one, const char *many);
/* Lower-case hexadecimal, at least that many digits. */
void text_hex(struct text *text, uint64_t value, unsigned digits);
/* Octets as lower-case hexadecimal without separators. */
void text_octets(struct text *text, const uint8_t *octets, size_t count);
void text_format(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Octets from the wire for a terminal: UTF-8 stays, control octets (C0, DEL,
 * C1, bidirectional marks), the backslash and what is not UTF-8 become \xNN.
 */
void text_escape(struct text *text, const void *octets, size_t count);
/* The same for what stands between quotation marks: those inside it become \". */
void text_escape_quoted(struct text *text, const void *octets, size_t count);
/* The same inside a JSON string, without the quotes: what is not UTF-8 stands as \\xNN. */
void text_escape_json(struct text *text, const void *octets, size_t count);

/* "1970-01-01T20:33:07.654070784Z" (RFC 3339, nine digits) from ns since 1970 UTC. */
void text_time_rfc3339(struct text *text, int64_t time);
/* "20:33:07.654070784": the time of day in UTC, that many digits of a second (0 to 9). */
void text_time_of_day(struct text *text, int64_t time, unsigned digits);
/* "2.040 s", "3.951 ms", "870 us", "12 ns": a length of time for people. */
void text_duration(struct text *text, int64_t nanoseconds);
/* "12.345678": seconds with that many digits, the sign in front. */
void text_seconds(struct text *text, int64_t nanoseconds, unsigned digits);

/*
 * Writes everything to the descriptor once it holds `least` octets, and empties
 * it. False when that could not be done, now or earlier: see `failure`.
 */
bool text_drain(struct text *text, size_t least);

#endif
