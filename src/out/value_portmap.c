/*
 * value_portmap: what the rows of value_rpc.c say of two things in which the place matters: the
 * call inside a CALLIT, BCAST or INDIRECT, whose program looks like that of the call around it,
 * and the statistics of rpcbind, which are arrays without names (RFC 1833 section 2.2.1).
 */
#include <inttypes.h>

#include "decode.h"
#include "value_rows.h"

enum {
	RPCBIND = 100000,
	FIRST_VERSION = 2, /* statistics are of versions 2, 3 and 4 */
	VERSIONS = 3,
	PROCEDURES = 13,
};

/* Does it stand beside the call inside, and not in it? */
static bool
is_beside_call(const struct value_context *context, const struct field *field)
{
	const struct message *message = context->message;
	return message != NULL && message->has_inner && field->offset >= message->body &&
	       (field->flags & FIELD_FROM_OPENER) == 0;
}

bool
value_is_of_inner(const struct value_context *context, const struct field *field,
		  enum message_kind kind)
{
	return is_beside_call(context, field) && context->message->kind == kind;
}

void
value_inner_note(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	if (value_is_of_inner(context, field, MESSAGE_CALL))
		text_string_put(out, " of the call inside");
}

/* Which version's statistics it stands in, counted from 0; VERSIONS where it is in none. */
static uint32_t
find_version(const struct tape *tape, size_t index)
{
	size_t body = decode_body(tape);
	uint32_t version = 0;
	/* The results are one array of three structures. */
	if (body == SIZE_MAX || body + 2 >= tape->count ||
	    tape->fields[body + 1].kind != FIELD_OPEN_ARRAY)
		return VERSIONS;
	for (size_t i = body + 2; version < VERSIONS && i < tape->count; version++) {
		if (!field_is_open(&tape->fields[i]))
			return VERSIONS;
		if (index > i && index < tape->fields[i].end)
			return version;
		i = tape_skip(tape, i);
	}
	return VERSIONS;
}

/* ": version 4 GETADDR", of a number of calls, by its place in the array. */
void
value_calls_note(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	const struct tape *tape = context->tape;
	size_t index = (size_t)(field - tape->fields), first = index;
	uint32_t version = find_version(tape, index);
	while (first > 0 && index - first < PROCEDURES && field_is_leaf(&tape->fields[first]))
		first--;
	if (version == VERSIONS || tape->fields[first].kind != FIELD_OPEN_ARRAY)
		return;
	uint32_t procedure = (uint32_t)(index - first - 1);
	const char *name =
		names_procedure(context->names, RPCBIND, FIRST_VERSION + version, procedure);
	text_format(out, ": of version %" PRIu32, FIRST_VERSION + version);
	if (name != NULL)
		text_format(out, " %s", name);
	else
		text_format(out, " procedure %" PRIu32, procedure);
}
