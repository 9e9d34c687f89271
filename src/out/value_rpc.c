/*
 * value_rpc: the rows for the types that RPC itself, the portmapper and rpcbind
 * are made of (RFC 5531, RFC 1833), as src/spec/rpc.x, portmap.x and rpcbind.x
 * name them.
 *
 * A row's functions add to the text or leave it as it is. They know the field,
 * the tape around it and the message, so a version or a procedure finds the
 * program that it belongs to.
 */
#include <assert.h>
#include <string.h>

#include "decode.h"
#include "limits.h"
#include "value_rows.h"

enum {
	PORTMAPPER = 100000, /* RFC 1833 section 3 */
	FIRST_BAD_PORT = 65536,
};

bool
value_in_call(const struct value_context *context)
{
	return context->message != NULL && context->message->kind == MESSAGE_CALL;
}

static bool
in_header(const struct value_context *context, const struct field *field)
{
	return context->message != NULL && field->offset < context->message->body;
}

static void
put_optional(struct text *out, const char *string)
{
	if (string != NULL)
		text_string_put(out, string);
}

/* Does the message ask the portmapper where something is? Then a port in it means nothing. */
static bool
is_query(const struct value_context *context)
{
	/* GETPORT and GETADDR are 3, GETVERSADDR 9, GETADDRLIST 11 (RFC 1833). */
	const struct message *message = context->message;
	return value_in_call(context) && message->program == PORTMAPPER &&
	       (message->procedure == 3 || message->procedure == 9 || message->procedure == 11);
}

/* The value of a field of that type among the few in front of this one, beside it. */
static bool
beside(const struct value_context *context, const struct field *field, const char *type,
       uint32_t *value)
{
	enum { STEPS = 4 };
	const struct tape *tape = context->tape;
	size_t index = (size_t)(field - tape->fields);
	for (int i = 0; i < STEPS && index > 0; i++) {
		const struct field *before = &tape->fields[--index];
		if (before->depth != field->depth || !field_is_leaf(before))
			return false;
		const struct value_row *row = value_row(context, before);
		if (row->type == NULL || strcmp(row->type, type) != 0)
			continue;
		*value = (uint32_t)before->u;
		return true;
	}
	return false;
}

static void
program_name(struct text *out, const struct value_context *context, const struct field *field)
{
	put_optional(out,
		     names_program_of(context->names, (uint32_t)field->u,
				      in_header(context, field) && context->message->callback));
}

/* Whatever number a client gives its callbacks, it is this one's specification. */
static void
callback_name(struct text *out, const struct value_context *context, const struct field *field)
{
	(void)field;
	put_optional(out, names_program_of(context->names, NFS_CALLBACK, true));
}

static void
callback_line(struct text *out, const struct value_context *context, const struct field *field)
{
	size_t start = out->length;
	if (field->u == NFS_CALLBACK)
		callback_name(out, context, field);
	if (out->length > start)
		return;
	text_string_put(out, "program ");
	text_unsigned(out, field->u);
}

static void
procedure_name(struct text *out, const struct value_context *context, const struct field *field)
{
	uint32_t program, version;
	if (in_header(context, field) && context->message->callback)
		put_optional(out, names_message_procedure(context->names, context->message));
	else if (beside(context, field, "rpcprog", &program) &&
		 beside(context, field, "rpcvers", &version))
		put_optional(out, names_procedure(context->names, program, version,
						  (uint32_t)field->u));
}

/* In capitals, as the documents write it: UDP, TCP. */
static void
protocol_name(struct text *out, const struct value_context *context, const struct field *field)
{
	(void)context;
	const char *name = names_protocol((uint32_t)field->u);
	for (; name != NULL && *name != '\0'; name++)
		text_char(out,
			  *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name);
}

static void
flavor_name(struct text *out, const struct value_context *context, const struct field *field)
{
	/* Pseudo flavors, as MOUNT lists them: RFC 2623 section 2.2.1; krb5 is 390003. */
	static const char *const pseudo[] = {"krb5", "krb5i", "krb5p"};
	enum { FIRST_PSEUDO = 390003 };
	uint32_t flavor = (uint32_t)field->u;
	(void)context;
	if (flavor >= FIRST_PSEUDO && flavor - FIRST_PSEUDO < sizeof pseudo / sizeof pseudo[0])
		text_string_put(out, pseudo[flavor - FIRST_PSEUDO]);
	else
		put_optional(out, message_flavor_name(flavor));
}

static void
auth_stat_name(struct text *out, const struct value_context *context, const struct field *field)
{
	(void)context;
	put_optional(out, message_auth_stat_name((uint32_t)field->u));
}

static void
time_name(struct text *out, const struct value_context *context, const struct field *field)
{
	static const char fraction[] = ".000000000Z";
	(void)context;
	text_time_rfc3339(out, (int64_t)(uint32_t)field->u * SECOND);
	text_truncate(out, out->length - strlen(fraction));
	text_char(out, 'Z');
}

void
value_root_name(struct text *out, const struct value_context *context,
		const struct field *field)
{
	(void)context;
	if (field->u == 0)
		text_string_put(out, "root");
}

static void
xid_note(struct text *out, const struct value_context *context, const struct field *field)
{
	(void)field;
	text_string_put(out, value_in_call(context) ? ": the reply bears the same"
						    : ": the same as the call's");
}

/* In PROG_MISMATCH and RPC_MISMATCH, low and high stand in the header of the reply. */
static void
version_note(struct text *out, const struct value_context *context, const struct field *field)
{
	const char *name = spec_name(context->tape->spec, field->name);
	if (!in_header(context, field)) {
		text_string_put(out, is_query(context) ? " asked for" : "");
		value_inner_note(out, context, field);
		return;
	}
	if (strcmp(name, "low") == 0)
		text_string_put(out, ": the lowest there is");
	else if (strcmp(name, "high") == 0)
		text_string_put(out, ": the highest there is");
}

static void
port_note(struct text *out, const struct value_context *context, const struct field *field)
{
	if (is_query(context) || (value_in_call(context) && field->u == 0))
		text_string_put(out, ": not used in a request");
	else if (field->u == 0)
		text_string_put(out, ": not registered");
	else if (field->u >= FIRST_BAD_PORT)
		text_string_put(out, ": there is no such port");
	else if (value_is_of_inner(context, field, MESSAGE_REPLY))
		text_string_put(out, ": where to reach the program called inside");
	else if (!value_in_call(context))
		text_string_put(out, ": where to reach the service");
}

/* "mountd", or "program 100099". */
static void
program_line(struct text *out, const struct value_context *context, const struct field *field)
{
	size_t start = out->length;
	program_name(out, context, field);
	if (out->length > start)
		return;
	text_string_put(out, "program ");
	text_unsigned(out, field->u);
}

static void
version_line(struct text *out, const struct value_context *context, const struct field *field)
{
	(void)context;
	text_char(out, 'v');
	text_unsigned(out, field->u);
}

static void
procedure_line(struct text *out, const struct value_context *context, const struct field *field)
{
	size_t start = out->length;
	procedure_name(out, context, field);
	if (out->length > start)
		return;
	text_string_put(out, "procedure ");
	text_unsigned(out, field->u);
}

static void
protocol_line(struct text *out, const struct value_context *context, const struct field *field)
{
	(void)context;
	const char *name = names_protocol((uint32_t)field->u);
	text_string_put(out, name != NULL ? name : "protocol ");
	if (name == NULL)
		text_unsigned(out, field->u);
}

static void
port_line(struct text *out, const struct value_context *context, const struct field *field)
{
	if (value_in_call(context) && (field->u == 0 || is_query(context)))
		return;
	if (field->u == 0) {
		text_string_put(out, "** not registered (port 0) **");
		return;
	}
	bool bad = field->u >= FIRST_BAD_PORT;
	text_string_put(out, bad ? "** port " : "port ");
	text_unsigned(out, field->u);
	text_string_put(out, bad ? ": there is no such port **" : "");
}

static bool
port_failed(const struct value_context *context, const struct field *field)
{
	return !value_in_call(context) && (field->u == 0 || field->u >= FIRST_BAD_PORT);
}

static void
time_line(struct text *out, const struct value_context *context, const struct field *field)
{
	time_name(out, context, field);
}

static bool
done_failed(const struct value_context *context, const struct field *field)
{
	(void)context;
	return field->u == 0;
}

/* "registered", "** not registered **" */
static void
done_line(struct text *out, const struct value_context *context, const struct field *field)
{
	bool failed = done_failed(context, field);
	text_string_put(out, failed ? "** not " : "");
	text_string_put(out, value_title(context, field));
	text_string_put(out, failed ? " **" : "");
}

const struct value_row value_rpc_rows[] = {
	/* [0] is "none". */
	[1] = {.type = "rpcxid", .title = "xid", .note = xid_note, .hexadecimal = true},
	{.type = "rpcversion", .title = "RPC version", .note = version_note},
	{.type = "rpcprog",
	 .title = "program",
	 .name = program_name,
	 .note = value_inner_note,
	 .line = program_line},
	{.type = "cbprog", .title = "program", .name = callback_name, .line = callback_line},
	{.type = "rpcvers",
	 .title = "program version",
	 .note = version_note,
	 .line = version_line},
	{.type = "rpcproc",
	 .title = "procedure",
	 .name = procedure_name,
	 .note = value_inner_note,
	 .line = procedure_line},
	{.type = "rpcprot", .title = "protocol", .name = protocol_name, .line = protocol_line},
	{.type = "rpcport",
	 .title = "port",
	 .note = port_note,
	 .line = port_line,
	 .failed = port_failed},
	{.type = "uaddr",
	 .text = value_uaddr_text,
	 .line = value_uaddr_line,
	 .explain = value_uaddr_explain,
	 .failed = value_uaddr_failed},
	{.type = "done", .line = done_line, .failed = done_failed},
	{.type = "netid", .title = "netid", .line = value_netid_line},
	{.type = "rpcowner", .title = "owner", .line = value_owner_line},
	{.type = "unixtime", .title = "time", .name = time_name, .line = time_line},
	{.type = "msg_type", .title = "message type"},
	{.type = "reply_stat", .title = "reply state"},
	{.type = "accept_stat", .title = "accept state"},
	{.type = "reject_stat", .title = "reject state"},
	{.type = "auth_stat", .title = "authentication state", .name = auth_stat_name},
	{.type = "auth_flavor", .title = "flavor", .name = flavor_name, .owned = true},
	{.type = "auth_stamp", .title = "stamp"},
	{.type = "uid", .title = "uid", .name = value_root_name},
	{.type = "gid", .title = "gid", .name = value_root_name},
	{.type = "starttls", .title = "STARTTLS", .note = value_starttls_note},
	{.type = "auth_shorthand", .title = "shorthand for a credential"},
	{.type = "dh_block", .title = "encrypted with DES"},
	{.type = "dh_window", .title = "window, encrypted with DES"},
	{.type = "gss_seq_num", .title = "sequence number", .hidden = true},
	{.type = "gss_handle",
	 .title = "context handle",
	 .word = "context",
	 .text = value_hash_text,
	 .line = value_hash_line},
	{.type = "gss_token", .title = "token of the mechanism", .word = "token"},
	{.type = "gss_mic", .title = "MIC (message integrity code)", .hidden = true},
	{.type = "gss_private",
	 .text = value_encrypted_text,
	 .line = value_encrypted_text,
	 .explain = value_encrypted_text},
	{.type = "gss_major",
	 .title = "major status",
	 .name = value_major_name,
	 .line = value_major_line,
	 .failed = value_major_failed},
	{.type = "gss_minor",
	 .title = "minor status",
	 .word = "minor",
	 .line = value_unless_zero},
	{.type = "gss_window", .title = "window of sequence numbers", .word = "window"},
	{.type = "nc_semantics", .title = "semantics"},
	{.type = "nc_family", .title = "protocol family"},
	{.type = "nc_protocol", .title = "protocol"},
	{.type = "stat_calls", .title = "number of calls", .note = value_calls_note},
	{.type = "stat_set", .title = "SET that succeeded:"},
	{.type = "stat_unset", .title = "UNSET that succeeded:"},
	{.type = "stat_success", .title = "successes"},
	{.type = "stat_failure", .title = "failures"},
	{.type = "stat_indirect", .title = "by INDIRECT"},
};

const size_t value_rpc_count = sizeof value_rpc_rows / sizeof value_rpc_rows[0] - 1;

static_assert(sizeof value_rpc_rows / sizeof value_rpc_rows[0] <= UINT8_MAX,
	      "spec_type.meaning has eight bits");
