/*
 * message: the fixed words of an RPC header, read directly.
 *
 * A cursor that knows how much is at hand gives words, several under one look at the
 * bounds, and, once it has run out, zeros and `short_of`; so each part below reads
 * straight on and the end is judged once. What is UNUSUAL gets it by value: the processor's
 * registers hold it then. Names and sizes: RFC 5531 section 9.
 */
#include "message.h"

#include <rpc/rpc.h>
#include <string.h>

#include "limits.h"
#include "memory.h"
#include "unusual.h"

struct words {
	const uint8_t *octets;
	uint32_t at, captured;
	bool short_of; /* a word was asked for that is not at hand */
};

static uint32_t
run_out(struct words *words)
{
	words->short_of = true;
	words->at = words->captured;
	return 0;
}

/* Room for words that follow each other, read under one look at the bounds: those of a message
 * that ends in them, and zeros. */
struct spare {
	uint8_t octets[16];
};

static inline uint32_t
word(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Of a message that ends within the words. */
UNUSUAL static const uint8_t *
spare_words(struct spare *spare, const uint8_t *octets, uint32_t left)
{
	memset(spare->octets, 0, sizeof spare->octets);
	if (left >= 4)
		memcpy(spare->octets, octets, left & ~3U);
	return spare->octets;
}

/* Takes `count` words, at most four. */
static inline const uint8_t *
take_words(struct words *words, uint32_t count, struct spare *spare)
{
	const uint8_t *at = words->octets + words->at;
	uint32_t left = words->captured - words->at;
	if (left < 4 * count) {
		run_out(words);
		return spare_words(spare, at, left);
	}
	words->at += 4 * count;
	return at;
}

static inline uint32_t
next_word(struct words *words)
{
	if (words->captured - words->at < 4)
		return run_out(words);
	words->at += 4;
	return word(words->octets + words->at - 4);
}

UNUSUAL void
message_anomaly(struct message *message, const char *reason, uint32_t offset)
{
	if (message->anomaly_count < MESSAGE_ANOMALIES)
		message->anomalies[message->anomaly_count++] =
			(struct anomaly){.reason = reason, .offset = offset};
}

/* A credential or verifier: flavor, length, octets padded to four (RFC 5531 section 8.2). */
static void
read_auth(struct words *words, struct message *message, struct auth_view *auth)
{
	struct spare spare;
	const uint8_t *head = take_words(words, 2, &spare);
	auth->flavor = word(head);
	auth->length = word(head + 4);
	auth->body = words->at;
	if (words->short_of)
		return;
	if (auth->length > LIMIT_AUTH_OCTETS)
		message_anomaly(message, "credential or verifier longer than 400 octets",
				words->at - 4);
	uint64_t padded = ((uint64_t)auth->length + 3) & ~UINT64_C(3);
	if (padded > words->captured - words->at) {
		run_out(words);
		return;
	}
	auth->present = true;
	words->at += (uint32_t)padded;
}

static uint8_t
small_word(struct words *words)
{
	uint32_t word = next_word(words);
	return word < UINT8_MAX ? (uint8_t)word : UINT8_MAX;
}

/* The same five words in all three versions (RFC 2203 section 5, RFC 5403, RFC 7861). */
UNUSUAL static void
read_gss(const struct message *message, struct security *security)
{
	const struct auth_view *credential = &message->credential;
	struct words words = {.octets = message->record->octets,
			      .at = credential->body,
			      .captured = credential->body + credential->length};
	security->version = small_word(&words);
	security->gss_proc = small_word(&words);
	security->seq_num = next_word(&words);
	security->service = small_word(&words);
	security->has_handle = next_word(&words) != 0;
	security->gss = !words.short_of && security->version >= 1 && security->version <= 3;
}

static void
read_security(struct message *message)
{
	struct security *security = &message->security;
	if (!message->credential.present)
		return;
	security->known = true;
	security->flavor = message->credential.flavor;
	if (security->flavor == RPCSEC_GSS)
		read_gss(message, security);
}

/*
 * The procedures that carry another call: portmapper v2 CALLIT, rpcbind v3
 * CALLIT, v4 BCAST and INDIRECT (RFC 1833 sections 2.1 and 3.2). Their arguments
 * begin with the program, version and procedure to call.
 */
static bool
is_indirect(const struct message *message)
{
	static const struct {
		uint32_t version, procedure;
	} indirect[] = {{2, 5}, {3, 5}, {4, 5}, {4, 10}};
	if (message->program != 100000)
		return false;
	for (size_t i = 0; i < sizeof indirect / sizeof indirect[0]; i++) {
		if (message->version == indirect[i].version &&
		    message->procedure == indirect[i].procedure)
			return true;
	}
	return false;
}

/* Goes on to the arguments; false where they are encrypted, or there are none. */
static bool
enter_arguments(struct words *words, const struct security *security)
{
	if (security->flavor != RPCSEC_GSS)
		return true;
	if (security->gss_proc != GSS_DATA || security->service > GSS_INTEGRITY)
		return false;
	for (int i = 0; security->service == GSS_INTEGRITY && i < 2; i++)
		next_word(words); /* length and sequence number (RFC 2203 5.3.2.2) */
	return true;
}

UNUSUAL static void
read_inner(struct words inner, struct message *message)
{
	if (!enter_arguments(&inner, &message->security))
		return;
	message->inner_program = next_word(&inner);
	message->inner_version = next_word(&inner);
	message->inner_procedure = next_word(&inner);
	message->has_inner = !inner.short_of;
}

/* COMPOUND of NFS version 4 (RFC 8881 section 16.2.1): the minor version is behind a tag. */
static bool
is_compound(const struct message *message)
{
	return message->program == 100003 && message->version == 4 && message->procedure == 1;
}

/*
 * Does SETCLIENTID, BACKCHANNEL_CTL or CREATE_SESSION stand first, but for what clients put in
 * front of them (RFC 7530 section 16.33, RFC 8881 sections 18.33 and 18.36)?
 */
static bool
is_announcement(struct words *operations)
{
	enum {
		LOOKED_AT = 4,
		SEQUENCE_OCTETS = 32,
		PUTPUBFH = 23,
		PUTROOTFH = 24,
		SETCLIENTID = 35,
		BACKCHANNEL_CTL = 40,
		CREATE_SESSION = 43,
		SEQUENCE = 53
	};
	next_word(operations); /* how many there are */
	for (int i = 0; i < LOOKED_AT; i++) {
		uint32_t operation = next_word(operations);
		if (operation == SETCLIENTID || operation == BACKCHANNEL_CTL ||
		    operation == CREATE_SESSION)
			return true;
		if (operation == SEQUENCE &&
		    operations->captured - operations->at >= SEQUENCE_OCTETS)
			operations->at += SEQUENCE_OCTETS;
		else if (operation != PUTROOTFH && operation != PUTPUBFH)
			return false;
	}
	return false;
}

UNUSUAL static void
read_minor(struct words arguments, struct message *message)
{
	if (!enter_arguments(&arguments, &message->security))
		return;
	uint32_t length = next_word(&arguments), left = arguments.captured - arguments.at;
	if (arguments.short_of || length > left || ((length + 3) & ~3U) > left)
		return;
	arguments.at += (length + 3) & ~3U;
	message->minor = next_word(&arguments);
	message->has_minor = !arguments.short_of;
	message->announces = is_announcement(&arguments);
}

static void
read_call(struct words *words, struct message *message)
{
	struct spare spare;
	const uint8_t *head = take_words(words, 4, &spare);
	message->rpc_version = word(head);
	message->program = word(head + 4);
	message->version = word(head + 8);
	message->procedure = word(head + 12);
	message->has_procedure = !words->short_of;
	if (message->rpc_version != RPC_MSG_VERSION && message->has_procedure)
		message_anomaly(message, "RPC version is not 2", 8);
	read_auth(words, message, &message->credential);
	read_security(message);
	read_auth(words, message, &message->verifier);
	if (!words->short_of && is_indirect(message))
		read_inner(*words, message);
	else if (!words->short_of && is_compound(message))
		read_minor(*words, message);
}

/* accept_stat and reject_stat stand apart on the wire and together in message_status. */
static const enum message_status accepted[] = {
	[SUCCESS] = STATUS_SUCCESS,
	[PROG_UNAVAIL] = STATUS_PROG_UNAVAIL,
	[PROG_MISMATCH] = STATUS_PROG_MISMATCH,
	[PROC_UNAVAIL] = STATUS_PROC_UNAVAIL,
	[GARBAGE_ARGS] = STATUS_GARBAGE_ARGS,
	[SYSTEM_ERR] = STATUS_SYSTEM_ERR,
};

UNUSUAL static struct words
read_range(struct words words, struct message *message)
{
	message->low = next_word(&words);
	message->high = next_word(&words);
	message->has_range = !words.short_of;
	return words;
}

/* The server's yes to AUTH_TLS (RFC 9289 section 4.1): an AUTH_NONE verifier that is not empty.
 */
static bool
is_starttls(const struct message *message)
{
	static const char yes[] = {'S', 'T', 'A', 'R', 'T', 'T', 'L', 'S'};
	const struct auth_view *verifier = &message->verifier;
	return message->status == STATUS_SUCCESS && verifier->present &&
	       verifier->flavor == AUTH_NONE && verifier->length == sizeof yes &&
	       memcmp(message->record->octets + verifier->body, yes, sizeof yes) == 0;
}

static void
read_accepted(struct words *words, struct message *message)
{
	read_auth(words, message, &message->verifier);
	uint32_t at = words->at;
	uint32_t status = next_word(words);
	if (words->short_of)
		return;
	if (status >= sizeof accepted / sizeof accepted[0]) {
		message_anomaly(message, "no such accept_stat", at);
		return;
	}
	message->status = accepted[status];
	message->starttls = is_starttls(message);
	if (message->status == STATUS_PROG_MISMATCH)
		*words = read_range(*words, message);
}

UNUSUAL static struct words
read_denied(struct words words, struct message *message)
{
	uint32_t at = words.at;
	uint32_t status = next_word(&words);
	if (words.short_of)
		return words;
	if (status == RPC_MISMATCH) {
		message->status = STATUS_RPC_MISMATCH;
		return read_range(words, message);
	}
	if (status == AUTH_ERROR) {
		message->status = STATUS_AUTH_ERROR;
		message->auth_stat = next_word(&words);
	} else {
		message_anomaly(message, "no such reject_stat", at);
	}
	return words;
}

static void
read_reply(struct words *words, struct message *message)
{
	message->status = STATUS_UNKNOWN;
	uint32_t status = next_word(words);
	if (words->short_of)
		return;
	if (status == MSG_ACCEPTED)
		read_accepted(words, message);
	else if (status == MSG_DENIED)
		*words = read_denied(*words, message);
	else
		message_anomaly(message, "no such reply_stat", 8);
}

/* What the record itself has to say. */
static void
note_record(struct message *message, const struct record *record, bool short_of)
{
	bool to_blame =
		record->captured == record->length && !(record->flags & RECORD_UNFINISHED);
	if (short_of && to_blame)
		message_anomaly(message, "the record ends inside its RPC header",
				record->captured);
	if (record->anomaly != NULL)
		message_anomaly(message, record->anomaly, 0);
}

bool
message_parse(struct message *message, const struct record *record, bool known)
{
	if (!known && !record_plausible(record->octets, record->captured, record->length))
		return false;
	memory_clear(&message->flow, /* nobody reads the anomalies */
		     offsetof(struct message, anomalies) - offsetof(struct message, flow));
	message->record = record;
	message->packet = record->packet;
	struct words words = {.octets = record->octets, .captured = record->captured};
	struct spare spare;
	const uint8_t *head = take_words(&words, 2, &spare);
	message->xid = word(head);
	uint32_t type = word(head + 4);
	if (!words.short_of && type == CALL) {
		message->kind = MESSAGE_CALL;
		read_call(&words, message);
	} else if (!words.short_of && type == REPLY) {
		message->kind = MESSAGE_REPLY;
		read_reply(&words, message);
	} else {
		message->kind = MESSAGE_MALFORMED;
		message_anomaly(message,
				words.short_of
					? "too short for an RPC message"
					: "message type is neither CALL (0) nor REPLY (1)",
				4);
		words.short_of = false;
	}
	message->body = words.short_of ? record->captured : words.at;
	note_record(message, record, words.short_of);
	return true;
}

bool
message_lacks_starttls(const struct message *message)
{
	return message->kind == MESSAGE_REPLY && message->status == STATUS_SUCCESS &&
	       message->security.known && message->security.flavor == FLAVOR_TLS &&
	       !message->starttls;
}
