/*
 * value_attributes: what several members of NFS say together in a line: an owner and a group,
 * the rights that a server knows and those that it grants, the limits of a channel, flavors.
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

/*
 * RFC 8881 section 18.1.4: of the rights asked for, those that the server can tell of. What it
 * does not grant matters most, so it stands in front.
 */
void
value_supported_line(struct text *out, const struct value_context *context,
		     const struct field *field)
{
	struct field denied = *field;
	if (!is_beside(context, field + 1, value_access_line))
		return;
	denied.u &= ~field[1].u;
	if (denied.u == 0)
		return;
	text_string_put(out, "denied ");
	value_bits_line(out, context, &denied);
}

void
value_access_line(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	const struct field *supported = field - 1;
	bool denied = is_beside(context, supported, value_supported_line) &&
		      (supported->u & ~field->u) != 0;
	if (field->u == 0 && !value_in_call(context))
		text_string_put(out, denied ? "" : "nothing granted");
	else
		text_string_put(out, denied ? "granted " : "");
	if (field->u != 0)
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
	value_number(out, &field[REQUESTS]);
	text_string_put(out, " slots of ");
	value_number(out, &field[REQUEST]);
	text_char(out, '/');
	value_number(out, &field[RESPONSE]);
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

bool
value_of_caller(const struct value_context *context, const struct field *field)
{
	(void)field;
	return value_in_call(context);
}

/* CLONE and COPY have two (RFC 7862 sections 15.2 and 15.13). */
void
value_offset_line(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	const char *name = spec_name(context->tape->spec, field->name);
	if (strstr(name, "src_") != NULL)
		text_string_put(out, "source ");
	else if (strstr(name, "dst_") != NULL)
		text_string_put(out, "target ");
	value_plain_line(out, context, field, value_row(context, field)->word);
}

/* Kerberos V5 and its services (RFC 4121, RFC 2203 section 5.2.2); of other mechanisms the
 * flavor. */
static const char *
gss_flavor(const struct value_context *context, const struct field *info)
{
	static const uint8_t krb5[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02};
	static const char *const names[] = {NULL, "krb5", "krb5i", "krb5p"};
	enum { MECHANISM = 1, SERVICE = 3 };
	const struct tape *tape = context->tape;
	uint32_t size;
	if (!field_is_open(info) || info->end <= (size_t)(info - tape->fields) + SERVICE ||
	    info[MECHANISM].kind != FIELD_OPAQUE || !field_is_leaf(&info[SERVICE]))
		return NULL;
	const uint8_t *octets = value_octets(context, &info[MECHANISM], &size);
	bool known = size == sizeof krb5 && memcmp(octets, krb5, size) == 0;
	return known && info[SERVICE].u < sizeof names / sizeof names[0]
		       ? names[info[SERVICE].u]
		       : NULL;
}

/* "flavors krb5,AUTH_SYS": what SECINFO answers (RFC 8881 section 18.29.2); nothing of many. */
void
value_flavors_line(struct text *out, const struct value_context *context,
		   const struct field *field)
{
	enum { MOST = 8 };
	const struct tape *tape = context->tape;
	size_t start = out->length, count = 0;
	for (size_t i = (size_t)(field - tape->fields) + 1; i < field->end;
	     i = tape_skip(tape, i)) {
		const struct field *info = &tape->fields[i];
		if (info->kind != FIELD_OPEN_UNION || !field_is_leaf(info + 1))
			continue;
		const char *name = message_flavor_name((uint32_t)info[1].u);
		const char *mechanism = gss_flavor(context, info + 2);
		text_string_put(out, count == 0 ? "flavors " : ",");
		if (mechanism != NULL || name != NULL)
			text_string_put(out, mechanism != NULL ? mechanism : name);
		else
			text_unsigned(out, info[1].u);
		if (++count > MOST)
			break;
	}
	if (count > MOST)
		text_truncate(out, start);
}
