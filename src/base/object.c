/*
 * object: members stand in the order in which they are put. Every value that is a string
 * is either escaped here or made of characters that need no escape.
 */
#include "object.h"

#include <string.h>

void
object_begin(struct text *text, const char *type)
{
	text_string_put(text, "{\"type\":\"");
	text_string_put(text, type);
	text_char(text, '"');
}

void
object_end(struct text *text)
{
	text_string_put(text, "}\n");
}

void
object_signed(struct text *text, const char *key, int64_t number)
{
	object_key(text, key);
	text_signed(text, number);
}

void
object_ordinal(struct text *text, const char *key, uint64_t number)
{
	object_key(text, key);
	if (number != 0)
		text_unsigned(text, number);
	else
		text_string_put(text, "null");
}

void
object_bool(struct text *text, const char *key, bool value)
{
	object_key(text, key);
	text_string_put(text, value ? "true" : "false");
}

void
object_quoted_octets(struct text *text, const void *octets, size_t count)
{
	text_char(text, '"');
	text_escape_json(text, octets, count);
	text_char(text, '"');
}

void
object_quoted(struct text *text, const char *string)
{
	object_quoted_octets(text, string, strlen(string));
}

void
object_string(struct text *text, const char *key, const char *string)
{
	object_key(text, key);
	if (string != NULL)
		object_quoted(text, string);
	else
		text_string_put(text, "null");
}

void
object_text(struct text *text, const char *key, const struct text *value)
{
	object_key(text, key);
	object_quoted_octets(text, value->at, value->length);
}

void
object_escaped(struct text *text, const char *key, const struct text *value)
{
	size_t from = 0;
	object_key(text, key);
	text_char(text, '"');
	for (size_t i = 0; i < value->length; i++) {
		if (value->at[i] != '\\')
			continue;
		text_escape_json(text, value->at + from, i - from);
		text_string_put(text, "\\\\"); /* one, as JSON writes it */
		from = i + 1;
	}
	if (from < value->length)
		text_escape_json(text, value->at + from, value->length - from);
	text_char(text, '"');
}

void
object_address(struct text *text, const char *key, const struct address *address)
{
	object_key(text, key);
	text_char(text, '"');
	address_text(text, address);
	text_char(text, '"');
}

void
object_endpoint(struct text *text, const char *key, const struct endpoint *endpoint)
{
	object_key(text, key);
	text_string_put(text, "{\"addr\":\"");
	address_text(text, &endpoint->address);
	text_string_put(text, "\",\"port\":");
	text_unsigned(text, endpoint->port);
	text_char(text, '}');
}

void
object_time(struct text *text, const char *key, int64_t time)
{
	object_key(text, key);
	text_char(text, '"');
	text_time_rfc3339(text, time);
	text_char(text, '"');
}
