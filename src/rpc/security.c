/*
 * How it works: a table says which type of rpc.x the octets of a credential or a
 * verifier have, by flavor and place. A type that is one opaque is a leaf that
 * takes all of them; any other is walked. A body's form follows from what
 * message.h read of the call's credential and exchange.h brought to the reply:
 * the envelope is walked by its type, and the opaque in it that holds the
 * procedure's own data has an opener, which goes on as decode.c would.
 */
#include "security.h"

#include <assert.h>
#include <rpc/rpc.h>
#include <string.h>

#include "decode.h"

static const char *const type_names[] = {
	[SECURITY_AUTH_SYS] = "authsys_parms",
	[SECURITY_SHORTHAND] = "auth_shorthand",
	[SECURITY_DH_CREDENTIAL] = "authdh_cred",
	[SECURITY_DH_CALL] = "authdh_call_verf",
	[SECURITY_DH_REPLY] = "authdh_reply_verf",
	[SECURITY_STARTTLS] = "starttls",
	[SECURITY_GSS_CREDENTIAL] = "rpc_gss_cred_t",
	[SECURITY_GSS_MIC] = "gss_mic",
	[SECURITY_GSS_INIT] = "rpc_gss_init_arg",
	[SECURITY_GSS_INIT_RESULT] = "rpc_gss_init_res",
	[SECURITY_GSS_DATA] = "rpc_gss_data_t",
	[SECURITY_GSS_INTEGRITY] = "rpc_gss_integ_data",
	[SECURITY_GSS_PRIVACY] = "rpc_gss_priv_data",
	[SECURITY_GSS_BIND] = "rgss2_bind_chan_verf_args",
	[SECURITY_GSS_BIND_RESULT] = "rgss2_bind_chan_verf_res",
	[SECURITY_GSS_CREATE] = "rgss3_create_args",
	[SECURITY_GSS_CREATE_RESULT] = "rgss3_create_res",
	[SECURITY_GSS_LIST] = "rgss3_list_args",
	[SECURITY_GSS_LIST_RESULT] = "rgss3_list_res",
};
static_assert(sizeof type_names / sizeof *type_names == SECURITY_TYPES, "a name a type");

void
security_find_types(uint16_t types[static SECURITY_TYPES], const struct spec *spec)
{
	for (size_t i = 0; i < SECURITY_TYPES; i++)
		types[i] = decoder_find_type(spec, type_names[i]);
}

static const struct message *
message_of(const struct walker *walker)
{
	const struct decoding *decoding = walker->context;

	return decoding != NULL ? decoding->message : NULL;
}

static uint16_t
type_of(const struct walker *walker, enum security_type type)
{
	const struct decoding *decoding = walker->context;

	return decoding->decoder->security[type];
}

/* -- credentials and verifiers -- */

enum place { CREDENTIAL, CALL_VERIFIER, REPLY_VERIFIER, ELSEWHERE };

static const struct {
	uint32_t flavor;
	enum place place;
	enum security_type type;
} contents[] = {
	{AUTH_NONE, REPLY_VERIFIER, SECURITY_STARTTLS},
	{AUTH_SYS, CREDENTIAL, SECURITY_AUTH_SYS},
	{AUTH_SHORT, CREDENTIAL, SECURITY_SHORTHAND},
	{AUTH_SHORT, REPLY_VERIFIER, SECURITY_SHORTHAND},
	{AUTH_DES, CREDENTIAL, SECURITY_DH_CREDENTIAL},
	{AUTH_DES, CALL_VERIFIER, SECURITY_DH_CALL},
	{AUTH_DES, REPLY_VERIFIER, SECURITY_DH_REPLY},
	{RPCSEC_GSS, CREDENTIAL, SECURITY_GSS_CREDENTIAL},
	{RPCSEC_GSS, CALL_VERIFIER, SECURITY_GSS_MIC},
	{RPCSEC_GSS, REPLY_VERIFIER, SECURITY_GSS_MIC},
};

static enum place
place_of(const struct message *message, uint32_t offset)
{
	bool call = message->kind == MESSAGE_CALL;

	if (call && offset == message->credential.body)
		return CREDENTIAL;
	if (offset != message->verifier.body)
		return ELSEWHERE;
	return call ? CALL_VERIFIER : REPLY_VERIFIER;
}

/* Binding a channel has its arguments and results in the verifiers (RFC 5403 section 3.1). */
static enum security_type
content_type(const struct message *message, enum security_type type)
{
	const struct security *security = &message->security;

	if (type != SECURITY_GSS_MIC || !security->gss ||
	    security->gss_proc != GSS_BIND_CHANNEL)
		return type;
	return message->kind == MESSAGE_CALL ? SECURITY_GSS_BIND : SECURITY_GSS_BIND_RESULT;
}

/* What is left in the opaque being opened, also of what is not at hand: nobody is to blame. */
static void
take_rest(struct walker *walker)
{
	walk_rest(walker, NULL);
	walker->stopped = true; /* in the opaque only */
}

/* All that is in the opaque as one leaf of that type. */
static void
walk_whole(struct walker *walker, uint16_t type)
{
	size_t before = walker->tape->count;
	struct field *leaf;

	take_rest(walker);
	if (walker->tape->count == before)
		return;
	leaf = &walker->tape->fields[before];
	leaf->kind = FIELD_OPAQUE;
	leaf->type = type;
	leaf->name = walker->spec->types[type].name;
}

static bool
walk_content(struct walker *walker, enum security_type content)
{
	uint16_t type = type_of(walker, content);

	if (type == TYPE_VOID)
		return false;
	if (spec_resolve(walker->spec, type)->kind == SPEC_OPAQUE_VAR)
		walk_whole(walker, type);
	else
		walk(walker, type, walker->spec->types[type].name);
	return true;
}

bool
security_open_auth(struct walker *walker, size_t opening)
{
	const struct message *message = message_of(walker);
	const struct auth_view *auth;
	enum place place;

	(void)opening;
	if (message == NULL)
		return false;
	place = place_of(message, walker_offset(walker));
	if (place == ELSEWHERE)
		return false;
	auth = place == CREDENTIAL ? &message->credential : &message->verifier;
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
		if (contents[i].flavor != auth->flavor || contents[i].place != place)
			continue;
		if (contents[i].type == SECURITY_STARTTLS && !message->starttls)
			return false;
		return walk_content(walker, content_type(message, contents[i].type));
	}
	return false;
}

/* -- bodies -- */

/* By the service, once there is a context. */
static enum security_form
service_form(uint8_t service)
{
	switch (service) {
	case GSS_NONE:
	case GSS_CHANNEL_PROT: /* the channel below protects it (RFC 5403 section 3.3) */
		return SECURITY_PLAIN;
	case GSS_INTEGRITY:
		return SECURITY_INTEGRITY;
	case GSS_PRIVACY:
		return SECURITY_PRIVACY;
	default:
		return SECURITY_UNCLEAR;
	}
}

enum security_form
security_form(const struct message *message)
{
	const struct security *security = &message->security;

	if (!security->known || security->flavor != RPCSEC_GSS)
		return SECURITY_PLAIN;
	if (!security->gss)
		return SECURITY_UNCLEAR;
	switch (security->gss_proc) {
	case GSS_INIT:
	case GSS_CONTINUE_INIT:
		return SECURITY_CONTEXT; /* whatever the service (RFC 2203 section 5.2.2) */
	case GSS_DESTROY:
	case GSS_BIND_CHANNEL:
		/* No data: some leave out the envelope, which RFC 2203 section 5.4 is silent
		 * about. */
		return message->body >= message->record->length
			       ? SECURITY_PLAIN
			       : service_form(security->service);
	case GSS_DATA:
	case GSS_CREATE:
	case GSS_LIST:
		return service_form(security->service);
	default:
		return SECURITY_UNCLEAR;
	}
}

/* Under the name of the body: what another type than the procedure's describes. */
static bool
walk_as_body(struct walker *walker, enum security_type call, enum security_type reply)
{
	bool is_call = message_of(walker)->kind == MESSAGE_CALL;
	uint16_t type = type_of(walker, is_call ? call : reply);

	if (type == TYPE_VOID)
		return false;
	walk(walker, type, is_call ? NAME_ARGUMENTS : NAME_RESULTS);
	return true;
}

/* What is protected, or needs no protection. */
static bool
walk_data(struct walker *walker, const struct spec_procedure *procedure)
{
	const struct message *message = message_of(walker);

	if (message->security.gss && message->security.gss_proc == GSS_CREATE)
		return walk_as_body(walker, SECURITY_GSS_CREATE, SECURITY_GSS_CREATE_RESULT);
	if (message->security.gss && message->security.gss_proc == GSS_LIST)
		return walk_as_body(walker, SECURITY_GSS_LIST, SECURITY_GSS_LIST_RESULT);
	if (procedure == NULL)
		return false;
	decode_procedure(walker, procedure, message->kind);
	return true;
}

static bool
walk_integrity(struct walker *walker)
{
	uint16_t type = type_of(walker, SECURITY_GSS_INTEGRITY);
	uint32_t at = walker_offset(walker);
	const struct field *data;
	size_t index = walker->tape->count + 1;

	if (type == TYPE_VOID)
		return false;
	walk(walker, type, walker->spec->types[type].name);
	/* An empty opaque is not opened. */
	data = index < walker->tape->count ? &walker->tape->fields[index] : NULL;
	if (data != NULL && data->kind == FIELD_OPAQUE && data->length == 4 &&
	    (data->flags & (FIELD_CUT | FIELD_SHORT)) == 0)
		tape_anomaly(walker->tape, "protected data without a sequence number", at);
	return true;
}

bool
security_walk_body(struct walker *walker, const struct spec_procedure *procedure)
{
	switch (security_form(message_of(walker))) {
	case SECURITY_CONTEXT:
		return walk_as_body(walker, SECURITY_GSS_INIT, SECURITY_GSS_INIT_RESULT);
	case SECURITY_INTEGRITY:
		return walk_integrity(walker);
	case SECURITY_PRIVACY:
		return walk_as_body(walker, SECURITY_GSS_PRIVACY, SECURITY_GSS_PRIVACY);
	case SECURITY_UNCLEAR:
		walk_rest(walker, "the credential does not tell how the body is protected");
		return true;
	default:
		return walk_data(walker, procedure);
	}
}

/*
 * The number under the checksum is the credential's (RFC 2203 section 5.3.2.2), in a reply that
 * of the request (section 5.3.3.4.2): otherwise somebody put a body under another header.
 */
static void
check_seq_num(struct walker *walker, const struct message *message)
{
	struct field *seq_num = &walker->tape->fields[walker->tape->count - 1];
	bool call = message->kind == MESSAGE_CALL;
	const struct security *security = &message->security;

	if (!security->gss || seq_num->kind != FIELD_UINT || seq_num->u == security->seq_num ||
	    (!call && security->resent))
		return;
	seq_num->flags |= FIELD_BAD_VALUE;
	tape_anomaly(walker->tape,
		     call ? "sequence number is not the credential's"
			  : "sequence number is not the call's",
		     seq_num->offset);
}

bool
security_open_integrity(struct walker *walker, size_t opening)
{
	const struct message *message = message_of(walker);
	const struct spec_procedure *procedure = NULL;
	const struct spec_type *data;
	const struct spec_part *seq_num;

	(void)opening;
	if (message == NULL || walker_offset(walker) != message->body + 4 ||
	    security_form(message) != SECURITY_INTEGRITY ||
	    type_of(walker, SECURITY_GSS_DATA) == TYPE_VOID)
		return false;
	data = &walker->spec->types[type_of(walker, SECURITY_GSS_DATA)];
	seq_num = &walker->spec->parts[data->first];
	if (message->has_procedure)
		procedure = decode_find_procedure(walker->spec, message);
	if (!walk(walker, seq_num->type, seq_num->name))
		return true;
	check_seq_num(walker, message);
	if (!walk_data(walker, procedure))
		take_rest(walker); /* nothing says what they are */
	return true;
}

/* -- names -- */

const char *
security_major_name(uint32_t major)
{
	static const char *const calling[] = {
		NULL,
		"GSS_S_CALL_INACCESSIBLE_READ",
		"GSS_S_CALL_INACCESSIBLE_WRITE",
		"GSS_S_CALL_BAD_STRUCTURE",
	};
	static const char *const routine[] = {
		NULL,
		"GSS_S_BAD_MECH",
		"GSS_S_BAD_NAME",
		"GSS_S_BAD_NAMETYPE",
		"GSS_S_BAD_BINDINGS",
		"GSS_S_BAD_STATUS",
		"GSS_S_BAD_SIG",
		"GSS_S_NO_CRED",
		"GSS_S_NO_CONTEXT",
		"GSS_S_DEFECTIVE_TOKEN",
		"GSS_S_DEFECTIVE_CREDENTIAL",
		"GSS_S_CREDENTIALS_EXPIRED",
		"GSS_S_CONTEXT_EXPIRED",
		"GSS_S_FAILURE",
		"GSS_S_BAD_QOP",
		"GSS_S_UNAUTHORIZED",
		"GSS_S_UNAVAILABLE",
		"GSS_S_DUPLICATE_ELEMENT",
		"GSS_S_NAME_NOT_MN",
	};
	static const char *const supplementary[] = {
		[0] = "GSS_S_COMPLETE",        [1] = "GSS_S_CONTINUE_NEEDED",
		[2] = "GSS_S_DUPLICATE_TOKEN", [4] = "GSS_S_OLD_TOKEN",
		[8] = "GSS_S_UNSEQ_TOKEN",     [16] = "GSS_S_GAP_TOKEN",
	};
	uint32_t call = major >> 24, error = major >> 16 & 0xff, more = major & 0xffff;

	if ((call != 0) + (error != 0) + (more != 0) > 1)
		return NULL;
	if (call != 0)
		return call < sizeof calling / sizeof *calling ? calling[call] : NULL;
	if (error != 0)
		return error < sizeof routine / sizeof *routine ? routine[error] : NULL;
	return more < sizeof supplementary / sizeof *supplementary ? supplementary[more] : NULL;
}
