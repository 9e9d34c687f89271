/*
 * value_whole: structures that mean one thing: a time, a state id, a set of attributes.
 *
 * The writer takes the opening and reads the few leaves behind it on the tape. A
 * structure that is not whole, because its octets ran out, is left to its members:
 * then nothing is written.
 */
#include <string.h>

#include "limits.h"
#include "uaddr.h"
#include "value_rows.h"

enum {
	NANOSECONDS = 1000000000,
};

/* The two leaves that an opening holds, if it holds just those. */
static bool
two_leaves(const struct value_context *context, const struct field *opening,
	   const struct field *leaves[static 2])
{
	const struct tape *tape = context->tape;
	size_t index = (size_t)(opening - tape->fields);
	if (!field_is_open(opening) || opening->end != index + 3)
		return false;
	leaves[0] = &tape->fields[index + 1];
	leaves[1] = &tape->fields[index + 2];
	return field_is_leaf(leaves[0]) && field_is_leaf(leaves[1]) &&
	       leaves[0]->kind != FIELD_REST && leaves[1]->kind != FIELD_REST;
}

/* Seconds and parts of one; false where they are no time that can be told. */
static bool
read_time(const struct value_context *context, const struct field *opening, int64_t *time)
{
	static const int64_t farthest = INT64_MAX / NANOSECONDS - 1;
	const struct field *leaves[2];
	if (!two_leaves(context, opening, leaves))
		return false;
	/* RFC 1094 section 2.3.4 counts microseconds. */
	bool micro = strcmp(spec_name(context->tape->spec, leaves[1]->name), "useconds") == 0;
	uint64_t unit = micro ? 1000 : 1;
	int64_t seconds = (int64_t)leaves[0]->u;
	if (seconds > farthest || seconds < -farthest || leaves[1]->u >= NANOSECONDS / unit)
		return false;
	*time = seconds * NANOSECONDS + (int64_t)(leaves[1]->u * unit);
	return true;
}

void
value_time_text(struct text *out, const struct value_context *context,
		const struct field *field)
{
	int64_t time;
	if (read_time(context, field, &time))
		text_time_rfc3339(out, time);
}

/* To the second: the rest is in a tree. */
static void
put_second(struct text *out, int64_t time)
{
	static const char rest[] = ".000000000Z";
	text_time_rfc3339(out, time);
	text_truncate(out, out->length - strlen(rest));
	text_char(out, 'Z');
}

void
value_time_line(struct text *out, const struct value_context *context,
		const struct field *field)
{
	int64_t time;
	if (!read_time(context, field, &time))
		return;
	value_line_name(out, context, field, NULL);
	put_second(out, time);
}

void
value_interval_text(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	int64_t time;
	if (read_time(context, field, &time))
		text_duration(out, time);
}

/* RFC 1813 section 2.6 (set_atime) and RFC 8881 section 3.3.3 (settime4). */
void
value_set_time_line(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	static const char server[] = "SET_TO_SERVER_TIME";
	const struct field *how = field + 1, *time = field + 2;
	int64_t nanoseconds;
	if (field->end < (size_t)(how - context->tape->fields) + 1 || how->kind != FIELD_ENUM)
		return;
	const char *name = value_plain_name(context, how);
	bool now = name != NULL && strncmp(name, server, strlen(server)) == 0;
	bool given = field_is_open(time) && read_time(context, time, &nanoseconds);
	if (!now && !given)
		return;
	value_line_name(out, context, field, NULL);
	if (now)
		text_string_put(out, "now");
	else
		put_second(out, nanoseconds);
}

/* -1 leaves a time as it is; what is no count of microseconds means the server's clock, as RFC
 * 1094 does not say, but clients and servers since SunOS have it. */
static const char *
set_time2_word(const struct value_context *context, const struct field *field)
{
	enum { OF_SERVER = 1000000 };
	const struct field *leaves[2];
	if (!two_leaves(context, field, leaves))
		return NULL;
	if ((uint32_t)leaves[0]->u == UINT32_MAX && (uint32_t)leaves[1]->u == UINT32_MAX)
		return "not set";
	return leaves[1]->u == OF_SERVER ? "now" : NULL;
}

void
value_set_time2_text(struct text *out, const struct value_context *context,
		     const struct field *field)
{
	const char *word = set_time2_word(context, field);
	if (word != NULL)
		text_string_put(out, word);
	else
		value_time_text(out, context, field);
}

void
value_set_time2_line(struct text *out, const struct value_context *context,
		     const struct field *field)
{
	const char *word = set_time2_word(context, field);
	if (word == NULL) {
		value_time_line(out, context, field);
	} else if (strcmp(word, "now") == 0) {
		value_line_name(out, context, field, NULL);
		text_string_put(out, word);
	}
}

static bool
is_filled(const uint8_t *octets, uint32_t size, uint8_t octet)
{
	for (uint32_t i = 0; i < size; i++) {
		if (octets[i] != octet)
			return false;
	}
	return true;
}

/* Special ones by name: RFC 8881 section 8.2.3. */
void
value_stateid_text(struct text *out, const struct value_context *context,
		   const struct field *field)
{
	const struct field *leaves[2];
	uint32_t size;
	if (!two_leaves(context, field, leaves) || leaves[1]->kind != FIELD_OPAQUE)
		return;
	const uint8_t *other = value_octets(context, leaves[1], &size);
	uint32_t sequence = (uint32_t)leaves[0]->u;
	bool zero = is_filled(other, size, 0), ones = is_filled(other, size, 0xff);
	if (zero && sequence <= 1) {
		text_string_put(out, sequence == 0 ? "anonymous" : "current");
	} else if ((zero || ones) && sequence == UINT32_MAX) {
		text_string_put(out, ones ? "bypass" : "invalid");
	} else {
		text_unsigned(out, sequence);
		text_char(out, ':');
		text_hex(out, value_hash(other, size), 8);
	}
}

void
value_stateid_line(struct text *out, const struct value_context *context,
		   const struct field *field)
{
	size_t start = out->length;
	text_string_put(out, "stateid ");
	size_t before = out->length;
	value_stateid_text(out, context, field);
	if (out->length == before)
		text_truncate(out, start);
}

void
value_netaddr_whole(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	const struct field *leaves[2];
	struct endpoint endpoint;
	uint32_t size;
	if (!two_leaves(context, field, leaves))
		return;
	const uint8_t *octets = value_octets(context, leaves[1], &size);
	value_line(out, context, leaves[0]);
	text_char(out, ' ');
	if (uaddr_parse(&endpoint, octets, size) != UADDR_INET) {
		value_quoted(out, context, leaves[1], QUOTED_IN_LINE);
		return;
	}
	address_text(out, &endpoint.address);
	text_string_put(out, " port ");
	text_unsigned(out, endpoint.port);
}
