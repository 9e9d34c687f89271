/*
 * value_auth: what the rows of value_rpc.c say of the types of security flavors: status codes
 * of RPCSEC_GSS (RFC 2203), encrypted bodies, the answer of a server that will speak TLS
 * (RFC 9289).
 */
#include "security.h"
#include "value_rows.h"

void
value_starttls_note(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	(void)context, (void)field;
	text_string_put(out, ": TLS begins behind this message");
}

/* Nobody but the two ends can say more of it. */
void
value_encrypted_text(struct text *out, const struct value_context *context,
		     const struct field *field)
{
	text_string_put(out, "encrypted, ");
	text_count(out, value_declared_size(context, field), "octet", "octets");
}

void
value_major_name(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	const char *name = security_major_name((uint32_t)field->u);
	(void)context;
	if (name != NULL)
		text_string_put(out, name);
}

/* Calling and routine errors stand in the upper half (RFC 2744 section 3.9.1). */
bool
value_major_failed(const struct value_context *context, const struct field *field)
{
	(void)context;
	return field->u >> 16 != 0;
}

void
value_major_line(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	bool failed = value_major_failed(context, field);
	text_string_put(out, failed ? "** " : "");
	size_t start = out->length;
	value_major_name(out, context, field);
	if (out->length == start) {
		text_string_put(out, "major status ");
		text_hex(out, field->u, 8);
	}
	text_string_put(out, failed ? " **" : "");
}
