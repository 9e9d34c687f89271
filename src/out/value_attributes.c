/*
 * value_attributes: what several members of NFS say together in a line: an owner and a group,
 * the rights that a server knows and those that it grants, the limits of a channel.
 *
 * The writer of the first member looks at its neighbour on the tape and speaks for both; that
 * of the second is silent then.
 */
#include <string.h>

#include "value_rows.h"

/* The neighbour, if it is a leaf whose row has that writer. */
static bool
is_beside(const struct value_context *context, const struct field *neighbour,
	  value_writer *line)
{
	return (size_t)(neighbour - context->tape->fields) < context->tape->count &&
	       field_is_leaf(neighbour) && value_row(context, neighbour)->line == line;
}

static bool
is_unset(const struct field *field)
{
	return field->kind == FIELD_UINT && field->u == UINT32_MAX; /* RFC 1094 section 2.3.6 */
}

/* A number, or a name: bare where it can be told from what is around it (RFC 8881 section 5.9).
 */
static void
put_identity(struct text *out, const struct value_context *context, const struct field *field)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._@$-";
	uint32_t size;
	if (!value_is_bytes(field)) {
		value_number(out, field);
		return;
	}
	const uint8_t *octets = value_octets(context, field, &size);
	bool bare = size > 0 && size <= QUOTED_IN_LINE;
	for (uint32_t i = 0; bare && i < size; i++)
		bare = memchr(plain, octets[i], sizeof plain - 1) != NULL;
	if (bare)
		text_put(out, octets, size);
	else
		value_quoted(out, context, field, QUOTED_IN_LINE);
}

static void
put_alone(struct text *out, const struct value_context *context, const struct field *field)
{
	if (is_unset(field))
		return;
	value_line_name(out, context, field, NULL);
	put_identity(out, context, field);
}

/* Do these two stand beside each other, and both say something? */
static bool
are_pair(const struct value_context *context, const struct field *uid, const struct field *gid)
{
	return is_beside(context, uid, value_uid_line) &&
	       is_beside(context, gid, value_gid_line) && !is_unset(uid) && !is_unset(gid);
}

void
value_uid_line(struct text *out, const struct value_context *context, const struct field *field)
{
	if (!are_pair(context, field, field + 1)) {
		put_alone(out, context, field);
		return;
	}
	put_identity(out, context, field);
	text_char(out, ':');
	put_identity(out, context, field + 1);
}

void
value_gid_line(struct text *out, const struct value_context *context, const struct field *field)
{
	if (!are_pair(context, field - 1, field))
		put_alone(out, context, field);
}

/* RFC 8881 section 18.1.4: of the rights asked for, those that the server can tell of. */
void
value_supported_line(struct text *out, const struct value_context *context,
		     const struct field *field)
{
	struct field denied = *field;
	if (!is_beside(context, field + 1, value_access_line))
		return;
	denied.u &= ~field[1].u;
	if (denied.u != 0) {
		text_string_put(out, "denied ");
		value_bits_line(out, context, &denied);
	}
	if (denied.u != 0 && field[1].u != 0)
		text_string_put(out, " granted ");
	if (field[1].u != 0)
		value_bits_line(out, context, field + 1);
}

void
value_access_line(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	if (is_beside(context, field - 1, value_supported_line))
		return;
	if (field->u == 0 && !value_in_call(context))
		text_string_put(out, "nothing granted");
	else
		value_bits_line(out, context, field);
}

/* RFC 8881 section 18.36.3; the fore channel, which carries the client's calls. */
void
value_channel_line(struct text *out, const struct value_context *context,
		   const struct field *field)
{
	enum { REQUEST = 2, RESPONSE = 3, REQUESTS = 6, BEHIND = 7 };
	const struct tape *tape = context->tape;
	size_t opening = (size_t)(field - tape->fields);
	if (field->end < opening + BEHIND ||
	    strstr(spec_name(tape->spec, field->name), "fore") == NULL)
		return;
	for (size_t i = 1; i < BEHIND; i++) {
		if (field[i].kind != FIELD_UINT)
			return;
	}
	text_string_put(out, "fore ");
	value_number(out, &field[REQUESTS]);
	text_string_put(out, " slots ");
	value_number(out, &field[REQUEST]);
	text_char(out, '/');
	value_number(out, &field[RESPONSE]);
	text_string_put(out, " octets");
}

/* Attributes stand where they are those of a file handle in front; others come with anything.
 */
bool
value_has_no_handle(const struct value_context *context, const struct field *field)
{
	const struct field *first = context->tape->fields, *before = field;
	while (before > first && before[-1].kind == FIELD_CLOSE)
		before--;
	return before == first || !is_beside(context, before - 1, value_handle_line);
}
