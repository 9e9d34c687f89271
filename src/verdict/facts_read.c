/*
 * facts_read: what the rules need to know of the bodies of messages, read from the
 * tape by the names that the specifications use. A member that is cut off or not
 * there is not known; nothing is guessed.
 */
#include "facts_store.h"

#include <rpc/auth.h>
#include <string.h>

#include "flow.h"
#include "limits.h"
#include "numbers.h"
#include "security.h"
#include "spec.h"
#include "uaddr.h"

enum { PMAP_VERSION = 2, PORT_MOST = 65535 };

static const struct field *
field_of(const struct tape *tape, size_t within, const char *name)
{
	size_t at = within != SIZE_MAX ? tape_find(tape, within, name) : SIZE_MAX;
	return at != SIZE_MAX ? &tape->fields[at] : NULL;
}

static bool
read_number(const struct tape *tape, size_t within, const char *name, uint32_t *number)
{
	const struct field *field = field_of(tape, within, name);
	if (field == NULL || (field->kind != FIELD_UINT && field->kind != FIELD_ENUM &&
			      field->kind != FIELD_INT))
		return false;
	*number = (uint32_t)field->u;
	return true;
}

static void
read_path(struct facts *facts, const struct field *field, struct call *call)
{
	enum { PATH_MOST = 1024 };
	if (field == NULL || (field->kind != FIELD_STRING && field->kind != FIELD_OPAQUE) ||
	    field->flags & FIELD_CUT) /* half a name is another name */
		return;
	uint32_t size = field->bytes.size < PATH_MOST ? field->bytes.size : PATH_MOST;
	if (facts_keep(facts, facts->tape.octets + field->bytes.at, size, &call->path))
		call->path_length = size;
}

/* A hash of the file handle: the first opaque of NFS 2 and 3 arguments, of what MNT gives, and
 * of PUTFH and GETFH; 0 for none. */
static uint64_t
handle_of(const struct facts *facts, size_t body)
{
	const struct tape *tape = &facts->tape;
	for (size_t i = body; i < tape->fields[body].end; i++) {
		const struct field *field = &tape->fields[i];
		if (field->kind != FIELD_OPAQUE)
			continue;
		if (field->bytes.size < 8)
			return 0;
		return table_hash(&facts->speakers, tape->octets + field->bytes.at,
				  field->bytes.size) |
		       1;
	}
	return 0;
}

/* -- portmapper (RFC 1833) -- */

static void
read_question(struct facts *facts, const struct message *message, struct call *call,
	      size_t body)
{
	const struct tape *tape = &facts->tape;
	bool rpcb = message->version > PMAP_VERSION;
	bool asks = message->procedure == PMAP_GETPORT ||
		    (message->version == 4 && (message->procedure == RPCB_GETVERSADDR ||
					       message->procedure == RPCB_GETADDRLIST));
	if (!asks && !call->indirect)
		return;
	const char *program = rpcb && !call->indirect ? "r_prog" : "prog";
	const char *version = rpcb && !call->indirect ? "r_vers" : "vers";
	call->asks = read_number(tape, body, program, &call->asked);
	read_number(tape, body, version, &call->asked_version);
	uint32_t protocol = 0;
	if (!rpcb && asks)
		read_number(tape, body, "prot", &protocol);
	else if (asks) /* the transport of the question decides (RFC 1833 section 2.2.1) */
		protocol = (uint32_t)message->flow->transport;
	call->asked_transport =
		protocol == TRANSPORT_UDP || protocol == TRANSPORT_TCP ? (uint8_t)protocol : 0;
}

static void
read_place(struct facts *facts, const struct message *message, struct call *call, size_t body)
{
	const struct tape *tape = &facts->tape;
	const struct field *field;
	if (!call->asks || call->indirect)
		return;
	if (message->version == PMAP_VERSION) {
		uint32_t port = 0;
		bool known = read_number(tape, body, "port", &port);
		call->has_answer = known && port <= PORT_MOST;
		call->answer_bad = known && port > PORT_MOST;
		if (call->has_answer)
			call->answer = (uint16_t)port;
		return;
	}
	field = field_of(tape, body, "r_addr");
	if (field == NULL || field->kind != FIELD_STRING ||
	    field->flags & (FIELD_CUT | FIELD_SHORT))
		return;
	struct endpoint place = {0};
	enum uaddr_kind kind =
		uaddr_parse(&place, tape->octets + field->bytes.at, field->bytes.size);
	call->has_answer = kind == UADDR_INET || kind == UADDR_EMPTY;
	call->answer_bad = kind == UADDR_INVALID;
	if (kind == UADDR_INET) {
		call->answer = place.port;
		facts_call_more(facts, call)->answer_host = place.address;
	}
}

/* -- mountd -- */

static void
read_flavors(struct facts *facts, struct call *call, size_t body)
{
	const struct tape *tape = &facts->tape;
	size_t at = body != SIZE_MAX ? tape_find(tape, body, "auth_flavors") : SIZE_MAX;
	if (at == SIZE_MAX || tape->fields[at].kind != FIELD_OPEN_ARRAY)
		return;
	for (size_t i = at + 1; i < tape->fields[at].end; i++) {
		const struct field *field = &tape->fields[i];
		if (field->kind != FIELD_UINT && field->kind != FIELD_INT &&
		    field->kind != FIELD_ENUM)
			continue;
		if (call->flavor_count < CALL_FLAVORS)
			facts_call_more(facts, call)->flavors[call->flavor_count++] =
				(uint32_t)field->u;
	}
}

/* -- NFS 4 COMPOUND -- */

/* The operation that an element of argarray or resarray is about. */
static uint32_t
operation_of(const struct tape *tape, size_t element)
{
	const struct field *first = &tape->fields[element + 1];
	return first->kind == FIELD_ENUM ? (uint32_t)first->u : 0;
}

static void
read_callback(struct facts *facts, struct call *call, size_t element)
{
	const struct tape *tape = &facts->tape;
	const struct field *field = field_of(tape, element, "na_r_addr");
	struct endpoint place = {0};
	if (field != NULL && field->kind == FIELD_STRING &&
	    uaddr_parse(&place, tape->octets + field->bytes.at, field->bytes.size) ==
		    UADDR_INET)
		facts_call_more(facts, call)->callback = place;
}

static uint64_t
hash_of(const struct facts *facts, const struct field *field)
{
	if (field == NULL || (field->kind != FIELD_OPAQUE && field->kind != FIELD_STRING))
		return 0;
	return table_hash(&facts->speakers, facts->tape.octets + field->bytes.at,
			  field->bytes.size) |
	       1;
}

/* Who the client says it is, and since which start: RFC 7530 9.1.1, RFC 8881 section 2.4. */
static void
read_owner(struct facts *facts, struct call *call, size_t element, uint32_t op)
{
	struct call_more *more = facts_call_more(facts, call);
	bool session = op == OP_EXCHANGE_ID;
	more->owner =
		hash_of(facts, field_of(&facts->tape, element, session ? "co_ownerid" : "id"));
	more->verifier = hash_of(
		facts, field_of(&facts->tape, element, session ? "co_verifier" : "verifier"));
}

static void
read_operations(struct facts *facts, struct call *call, size_t body)
{
	const struct tape *tape = &facts->tape;
	uint32_t minor = 0;
	size_t array = body != SIZE_MAX ? tape_find(tape, body, "argarray") : SIZE_MAX;
	read_number(tape, body, "minorversion", &minor);
	call->minor = minor > UINT8_MAX ? UINT8_MAX : (uint8_t)minor;
	if (array == SIZE_MAX)
		return;
	size_t end = tape->fields[array].end;
	const struct field *count = &tape->fields[array + 1];
	uint64_t missing = count->kind == FIELD_COUNT ? count->u : UINT64_MAX;
	for (size_t i = array + 1; i < end; i = tape_skip(tape, i)) {
		if (tape->fields[i].kind != FIELD_OPEN_UNION)
			continue;
		uint32_t op = operation_of(tape, i);
		if (op == 0) /* cut before its number */
			break;
		missing--;
		if (call->op_count < CALL_OPS)
			call->ops[call->op_count++] = op > UINT8_MAX ? UINT8_MAX : (uint8_t)op;
		if (op == OP_PUTFH && call->handle == 0)
			call->handle = handle_of(facts, i);
		if (op == OP_SEQUENCE)
			call->session = hash_of(facts, field_of(tape, i, "sa_sessionid"));
		if (op == OP_LOOKUP)
			read_path(facts, field_of(tape, i, "objname"), call);
		if (op == OP_SETCLIENTID)
			read_callback(facts, call, i);
		if (op == OP_SETCLIENTID || op == OP_EXCHANGE_ID)
			read_owner(facts, call, i, op);
	}
	if (missing == 0)
		call->operations_read = OPERATIONS_WHOLE;
}

/* RFC 7530 section 16.1: of what was asked for and is supported, what is granted. */
static bool
is_barred(const struct tape *tape, size_t element)
{
	enum { ACCESS4_LOOKUP = 2 };
	uint32_t supported, access;
	return read_number(tape, element, "supported", &supported) &&
	       read_number(tape, element, "access", &access) &&
	       (supported & ~access & ACCESS4_LOOKUP) != 0;
}

static void
read_result_operations(struct facts *facts, struct call *call, size_t body)
{
	const struct tape *tape = &facts->tape;
	size_t array = body != SIZE_MAX ? tape_find(tape, body, "resarray") : SIZE_MAX;
	if (array == SIZE_MAX)
		return;
	for (size_t i = array + 1; i < tape->fields[array].end; i = tape_skip(tape, i)) {
		if (tape->fields[i].kind != FIELD_OPEN_UNION)
			continue;
		uint32_t op = operation_of(tape, i);
		if (call->result != 0)
			call->failed_op = op > UINT8_MAX ? UINT8_MAX : (uint8_t)op;
		if (op == OP_ACCESS)
			call->barred = is_barred(tape, i);
		if (op == OP_GETFH && call->result == 0)
			call->given = handle_of(facts, i);
	}
}

static void
read_file_type(const struct tape *tape, struct call *call, size_t body)
{
	uint32_t type;
	if (body == SIZE_MAX)
		return;
	/* fattr3 (RFC 1813 section 2.6), then FATTR4_TYPE by the name it has in nfs4.x */
	if ((call->version == 3 && read_number(tape, body, "type", &type)) ||
	    (call->version == 4 && read_number(tape, body, "fattr4_type", &type)) ||
	    (call->version == 4 && read_number(tape, body, "type", &type)))
		call->file_type = type <= 8 ? (uint8_t)type : 0;
}

/* -- both -- */

void
facts_read_call(struct facts *facts, const struct message *message, struct call *call)
{
	if (facts_read_handle(facts, message, call))
		return;
	decode_message(facts->decoder, message, DECODE_BODY, &facts->tape);
	size_t body = decode_body(&facts->tape);
	call->indirect = call->program == PROGRAM_PORTMAPPER &&
			 (call->procedure == PMAP_CALLIT ||
			  (call->version == 4 && call->procedure == RPCB_INDIRECT));
	bool compound = call->program == PROGRAM_NFS && call->version == 4 &&
			call->procedure == NFS_COMPOUND;
	if (compound)
		call->operations_read =
			call->call_cut || security_form(message) == SECURITY_PLAIN
				? OPERATIONS_CUT
				: OPERATIONS_HIDDEN;
	if (body == SIZE_MAX)
		return;
	if (call->program == PROGRAM_PORTMAPPER)
		read_question(facts, message, call, body);
	if (call->program == PROGRAM_MOUNT &&
	    (call->procedure == MOUNT_MNT || call->procedure == MOUNT_UMNT))
		read_path(facts, field_of(&facts->tape, body, "dirpath"), call);
	if (compound)
		read_operations(facts, call, body);
	if (call->program == PROGRAM_NFS && call->version < 4)
		call->handle = handle_of(facts, body);
}

static void
read_status(struct facts *facts, struct call *call, size_t body)
{
	const struct tape *tape = &facts->tape;
	size_t status = decode_result_status(tape);
	if (call->program == PROGRAM_NLM)
		status = tape_find(tape, body, "stat");
	if (status == SIZE_MAX || tape->fields[status].kind != FIELD_ENUM)
		return;
	const struct field *field = &tape->fields[status];
	call->has_result = true;
	call->result = (uint32_t)field->u;
	call->result_name = spec_enum_name(tape->spec, field->type, (int64_t)(int32_t)field->u);
}

void
facts_read_reply(struct facts *facts, const struct message *message, struct call *call)
{
	const struct tape *tape = &facts->tape;
	if (facts_read_success(message, call))
		return;
	decode_message(facts->decoder, message, DECODE_BODY, &facts->tape);
	size_t body = decode_body(tape);
	if (call->gss && call->gss_proc != GSS_DATA)
		read_number(tape, 0, "gss_major", &facts_call_more(facts, call)->gss_major);
	if (body == SIZE_MAX || message->status != STATUS_SUCCESS)
		return;
	if (call->gss && call->gss_proc != GSS_DATA) {
		read_number(tape, body, "gss_major", &facts_call_more(facts, call)->gss_major);
		return;
	}
	if (call->program == PROGRAM_PORTMAPPER) {
		read_place(facts, message, call, body);
		return;
	}
	read_status(facts, call, body);
	if (call->program == PROGRAM_MOUNT && call->procedure == MOUNT_MNT) {
		read_flavors(facts, call, body);
		call->handle = handle_of(facts, body);
	}
	if (call->program == PROGRAM_NFS && call->version == 4)
		read_result_operations(facts, call, body);
	if (call->program == PROGRAM_NFS)
		read_file_type(tape, call, body);
}
