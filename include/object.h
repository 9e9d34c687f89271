/*
 * object: a JSON object (RFC 8259) member by member, each with its comma in front, so that
 * "type" has to be there first.
 */
#ifndef RPCSCOPE_OBJECT_H
#define RPCSCOPE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "text.h"

/* {"type":"session" */
void object_begin(struct text *text, const char *type);
/* } and the end of the line. */
void object_end(struct text *text);

/* ,"key": with nothing behind it. Inline so that the length of a literal is a constant. */
static inline void
object_key(struct text *text, const char *key)
{
	text_string_put(text, ",\"");
	text_string_put(text, key);
	text_string_put(text, "\":");
}

static inline void
object_number(struct text *text, const char *key, uint64_t number)
{
	object_key(text, key);
	text_unsigned(text, number);
}

/* ,"key":{"first":5 with the object left open: its other members, and a } at its end. */
static inline void
object_inside(struct text *text, const char *key, const char *first, uint64_t number)
{
	object_key(text, key);
	text_string_put(text, "{\"");
	text_string_put(text, first);
	text_string_put(text, "\":");
	text_unsigned(text, number);
}

void object_signed(struct text *text, const char *key, int64_t number);
/* Null for 0: of frames and sessions, which are counted from 1. */
void object_ordinal(struct text *text, const char *key, uint64_t number);
void object_bool(struct text *text, const char *key, bool value);
/* Octets between quotation marks, without a key. */
void object_quoted_octets(struct text *text, const void *octets, size_t count);
/* A string likewise. */
void object_quoted(struct text *text, const char *string);
/* A string, or null. */
void object_string(struct text *text, const char *key, const char *string);
/* What a text holds, which is not ended by a NUL. */
void object_text(struct text *text, const char *key, const struct text *value);
/* The same of what went through text_escape() already: its backslashes do not become two again.
 */
void object_escaped(struct text *text, const char *key, const struct text *value);
void object_address(struct text *text, const char *key, const struct address *address);
void object_endpoint(struct text *text, const char *key, const struct endpoint *endpoint);
void object_time(struct text *text, const char *key, int64_t time);

#endif
