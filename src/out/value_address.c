/*
 * value_address: what the rows of value_rpc.c say of universal addresses, transports and
 * owners, the strings of rpcbind (RFC 1833 section 2.1, RFC 5665 section 5).
 */
#include "uaddr.h"
#include "value_rows.h"

static enum uaddr_kind
read_uaddr(const struct value_context *context, const struct field *field,
	   struct endpoint *endpoint)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	/* A piece of an address is none: it may lack digits of its port. */
	if (!value_is_bytes(field) || (field->flags & (FIELD_CUT | FIELD_SHORT)))
		return UADDR_INVALID;
	return uaddr_parse(endpoint, octets, size);
}

bool
value_uaddr_failed(const struct value_context *context, const struct field *field)
{
	enum uaddr_kind kind = read_uaddr(context, field, &(struct endpoint){.port = 0});
	return !value_in_call(context) && field->flags == 0 &&
	       (kind == UADDR_EMPTY || kind == UADDR_INVALID);
}

static void
put_endpoint(struct text *out, const struct endpoint *endpoint)
{
	address_text(out, &endpoint->address);
	text_string_put(out, " port ");
	text_unsigned(out, endpoint->port);
}

void
value_uaddr_text(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	struct endpoint endpoint;
	enum uaddr_kind kind = read_uaddr(context, field, &endpoint);
	value_quoted(out, context, field, QUOTED_IN_TREE);
	if (kind == UADDR_INVALID && field->flags == 0)
		text_string_put(out, " (not a universal address)");
	if (kind != UADDR_INET)
		return;
	text_string_put(out, " (");
	put_endpoint(out, &endpoint);
	text_char(out, ')');
}

void
value_uaddr_line(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	struct endpoint endpoint;
	enum uaddr_kind kind = read_uaddr(context, field, &endpoint);
	if (kind == UADDR_EMPTY) {
		if (!value_in_call(context))
			text_string_put(out, "** not registered (empty address) **");
	} else if (value_in_call(context)) {
		text_string_put(out, "at ");
		value_quoted(out, context, field, QUOTED_IN_LINE);
	} else if (kind == UADDR_INET) {
		put_endpoint(out, &endpoint);
	} else {
		bool bad = kind == UADDR_INVALID && field->flags == 0;
		text_string_put(out, bad ? "** " : "");
		value_quoted(out, context, field, QUOTED_IN_LINE);
		text_string_put(out, bad ? " is not a universal address **" : "");
	}
}

void
value_uaddr_explain(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	struct endpoint endpoint;
	enum uaddr_kind kind = read_uaddr(context, field, &endpoint);
	value_quoted(out, context, field, QUOTED_OCTETS);
	switch (kind) {
	case UADDR_EMPTY:
		text_string_put(out, value_in_call(context) ? ": no address given"
							    : ": not registered");
		break;
	case UADDR_INET:
		text_string_put(out, ": address ");
		put_endpoint(out, &endpoint);
		break;
	case UADDR_LOCAL:
		text_string_put(out, ": a local socket");
		break;
	case UADDR_INVALID:
		text_string_put(out, field->flags != 0 ? "" : ": not a universal address");
		break;
	}
}

void
value_netid_line(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	if (size == 0)
		return;
	/* A netid is a short word (RFC 5665 section 5.1); anything else is quoted. */
	bool word = size <= 16;
	for (uint32_t i = 0; word && i < size; i++)
		word = (octets[i] >= 'a' && octets[i] <= 'z') ||
		       (octets[i] >= '0' && octets[i] <= '9');
	if (word)
		text_put(out, octets, size);
	else
		value_quoted(out, context, field, QUOTED_IN_LINE);
}

void
value_owner_line(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	uint32_t size;
	value_octets(context, field, &size);
	if (size == 0)
		return;
	text_string_put(out, "owner ");
	value_quoted(out, context, field, QUOTED_IN_LINE);
}
