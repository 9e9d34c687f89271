/*
 * facts_message: calls and replies. A reply names its call, a repeat the call's
 * first sending; what the capture took twice says so itself. A reply whose checksum
 * is wrong counts only until a good one comes.
 *
 * Nearly all calls of a capture say nothing about a mount, and go through in few steps:
 *
 *   settled      of a contact: TCP, both ends have said something, and nothing is open or
 *                missing (facts_segment.c); no TLS
 *   kept_before  of a contact: how many of its calls were kept before the last mount began
 *                on it; those kept since are counted against the bound
 *   filled       of a contact: that bound was met by calls of NFS 2 or 3; no more of them is
 *                looked into until the next setup
 *   plain        a call or reply at which nothing is to be noted but its time and number: on a
 *                settled contact, sent once; of calls, NFS 2 or 3 on one that is filled, too
 *   ordinary     a call that was not kept, was sent once and went well: its place is free
 *                again with its reply, whichever way that came
 */
#include "facts_store.h"

#include "flow.h"
#include "limits.h"
#include "numbers.h"
#include "unusual.h"

/* The packet at hand was looked at already. */
static bool
is_bad(const struct facts *facts, const struct message *message)
{
	const struct packet *packet = message->packet;
	enum checksum sum = packet->frame.number == facts->summed_frame
				    ? facts->summed
				    : checksum_verify(packet);
	return sum == CHECKSUM_BAD;
}

/* The operation that says what a COMPOUND is for: the first, behind SEQUENCE the second; 0: it
 * is not to be seen. */
static uint32_t
leading_operation(const struct message *message)
{
	enum { SEQUENCE_WORDS = 9, TAG_MOST = 1024 };
	const uint8_t *octets = message->record->octets;
	uint32_t at = message->body, end = message->record->captured;
	if (message->security.gss || at > end || end - at < 4)
		return 0;
	uint32_t tag = word_at(octets + at);
	at += 4 + (tag + 3) / 4 * 4 + 8; /* minor version, number of operations */
	if (tag > TAG_MOST || at > end || end - at < 4)
		return 0;
	uint32_t operation = word_at(octets + at);
	if (operation != OP_SEQUENCE)
		return operation;
	at += 4 * SEQUENCE_WORDS;
	return at <= end && end - at >= 4 ? word_at(octets + at) : operation;
}

/* Another mount on a connection that serves older ones, or the end of one. */
static bool
is_setup(const struct message *message)
{
	static const uint8_t operations[] = {
		24 /* PUTROOTFH */, 35 /* SETCLIENTID */, 42 /* EXCHANGE_ID */,
		44 /* DESTROY_SESSION */, 57 /* DESTROY_CLIENTID */
	};
	if (message->version != 4 || message->procedure == 0)
		return false;
	uint32_t operation = leading_operation(message);
	for (size_t i = 0; i < sizeof operations; i++) {
		if (operations[i] == operation)
			return true;
	}
	return false;
}

/* Setup programs are always looked into; of NFS the first calls of a contact, those of a
 * mount first of all, and the first from each setup on. */
static bool
wants_body(const struct facts *facts, struct contact *contact, const struct message *message)
{
	if (message->program != PROGRAM_NFS && message->program != PROGRAM_NFS_ACL)
		return true;
	if (message->program == PROGRAM_NFS && is_setup(message)) {
		contact->kept_before = contact->kept;
		contact->filled = false;
	}
	uint32_t most = facts->call_count < LIMIT_FACTS_AMPLE ? LIMIT_FACTS_KEPT
			: message->version == 4               ? LIMIT_FACTS_FIRST_4
							      : LIMIT_FACTS_FIRST;
	return contact->kept - contact->kept_before < most;
}

enum { TRANSIENT = 0x40000000 }; /* RFC 5531 section 8.4: callbacks are there and above */

/* Who calls a service is the client; who calls a transient program may be the server. */
static void
note_direction(struct contact *contact, const struct message *message)
{
	unsigned from = (unsigned)message->from ^ contact->client_end;
	if (contact->client_known || !message->has_procedure || message->program >= TRANSIENT)
		return;
	contact->client_known = true;
	if (from == (message->kind == MESSAGE_CALL ? 1 : 0))
		facts_turn_round(contact);
}

/* Does the capture lack octets of it? */
static inline bool
is_cut(const struct message *message)
{
	return (message->record->flags & RECORD_CUT) != 0 ||
	       message->record->captured < message->record->length;
}

static inline void
set_last_sending(struct call *call, const struct message *message)
{
	call->sends++;
	call->last_frame = message->packet->frame.number;
	call->last_time = message->packet->frame.time;
}

static void
add_repeat(struct facts *facts, struct call *call, const struct message *message)
{
	if (call->sends < CALL_SENDS)
		facts_call_more(facts, call)->resent_frames[call->sends - 1] =
			message->packet->frame.number;
	set_last_sending(call, message);
	call->sends_after += call->replies != 0;
}

/* What its message says of a call. */
static inline void
describe_call(struct call *call, const struct contact *contact, const struct message *message)
{
	call->time = message->packet->frame.time;
	call->idle = contact->last_reply_time != 0 ? call->time - contact->last_reply_time : -1;
	call->known = message->has_procedure;
	call->program = message->program;
	call->version = message->version;
	call->procedure = message->procedure;
	call->backward = ((unsigned)message->from ^ contact->client_end) == 1;
	call->source_port = message->packet->source.port;
	call->flavor = message->credential.flavor > UINT8_MAX
			       ? UINT8_MAX
			       : (uint8_t)message->credential.flavor;
	call->gss = message->security.gss;
	call->gss_proc = message->security.gss_proc;
	call->operations_read = OPERATIONS_SKIPPED;
	set_last_sending(call, message);
}

static void
begin_call(struct facts *facts, struct contact *contact, const struct message *message)
{
	struct call *call = facts_new_call(facts, contact, message);
	if (call == NULL)
		return;
	describe_call(call, contact, message);
	call->call_bad = is_bad(facts, message);
	call->call_cut = is_cut(message);
	/* Captured before its call; one that waits (park.h) follows at once. */
	if (message->reply_frame != 0 && message->waiting == NULL) {
		call->reply_frame = message->reply_frame;
		call->reply_time = call->time;
		call->replies = 1;
		call->status = STATUS_SUCCESS;
	}
	if (!wants_body(facts, contact, message)) {
		contact->filled |= message->program == PROGRAM_NFS && message->version < 4 &&
				   contact->client_known && !call->backward;
		return;
	}
	call->operations_read = OPERATIONS_WHOLE;
	facts_keep_call(facts, contact, call);
	facts_read_call(facts, message, call);
}

UNUSUAL static void
take_call(struct facts *facts, struct contact *contact, const struct message *message)
{
	if (message->copy_of != 0)
		return;
	note_direction(contact, message);
	bool backward = ((unsigned)message->from ^ contact->client_end) == 1;
	if (contact->program == 0 && !backward && message->has_procedure) {
		contact->program = message->program;
		contact->version = message->version;
	}
	if (message->repeat_of != 0) {
		struct call *call = facts_call_of(facts, message, message->repeat_of);
		contact->repeats++;
		facts->repeats++;
		if (call != NULL)
			add_repeat(facts, call, message);
		return;
	}
	contact->calls++;
	begin_call(facts, contact, message);
}

/* The status word of an NFS result, without a look at the rest. */
static bool
is_plain_success(const struct message *message)
{
	const uint8_t *octets = message->record->octets;
	uint32_t at = message->body;
	if (message->status != STATUS_SUCCESS)
		return false;
	if (message->security.gss)
		return false;
	if (message->procedure == 0 || message->record->captured < at + 4)
		return true;
	return word_at(octets + at) == 0;
}

/* A call of a mount in use that went well at once: nothing of it is needed any more. */
static bool
is_ordinary(const struct call *call, const struct message *message)
{
	return !call->kept && call->sends == 1 && !message->starttls &&
	       is_plain_success(message);
}

static void
note_refusal(struct call_more *more, const struct message *message)
{
	more->low = message->low;
	more->high = message->high;
	more->auth_stat = message->auth_stat;
	more->answerer = message->packet->source.address;
}

static void
set_reply(struct facts *facts, struct contact *contact, struct call *call,
	  const struct message *message)
{
	const struct packet *packet = message->packet;
	call->reply_frame = packet->frame.number;
	call->reply_time = packet->frame.time;
	call->reply_bad = is_bad(facts, message);
	call->status = (uint8_t)message->status;
	call->starttls = message->starttls;
	contact->tls |= message->starttls;
	contact->settled &= !contact->tls;
	call->incomplete = (message->record->flags & RECORD_UNFINISHED) != 0;
	call->cut = (message->record->flags & RECORD_CUT) != 0 ||
		    (!call->incomplete && message->record->captured < message->record->length);
	call->elsewhere = packet->transport == TRANSPORT_UDP && !call->backward &&
			  !address_equal(&packet->source.address, &contact->server.address) &&
			  !address_is_group(&contact->server.address);
	if (message->status != STATUS_SUCCESS || call->elsewhere)
		note_refusal(facts_call_more(facts, call), message);
	if (!call->kept && is_plain_success(message))
		return; /* an ordinary NFS call that was sent again */
	facts_read_reply(facts, message, call);
}

/*
 * A call of a mount in use, sent for the first time, on a connection of which enough was kept
 * and on which nothing is missing. Nearly all calls of a capture are such.
 */
static inline bool
is_plain_call(const struct facts *facts, const struct contact *contact,
	      const struct message *message)
{
	return contact->filled && contact->settled && facts->spare_call != NO_CALL &&
	       message->program == PROGRAM_NFS && message->version < 4 &&
	       (unsigned)message->from == contact->client_end && message->note != NULL &&
	       (message->copy_of | message->repeat_of | message->reply_frame) == 0 &&
	       !is_cut(message);
}

static inline void
take_plain_call(struct facts *facts, struct contact *contact, const struct message *message)
{
	struct call *call = facts_new_call(facts, contact, message);
	describe_call(call, contact, message);
	contact->calls++;
}

/* Its one reply, which over TCP comes on the same connection; NULL: it is not. */
static inline struct call *
plain_call_of(const struct facts *facts, const struct contact *contact,
	      const struct message *message)
{
	if (!contact->settled || message->copy_of != 0 || message->call_frame == 0 ||
	    (unsigned)message->from == contact->client_end)
		return NULL;
	struct call *call = facts_call_of(facts, message, message->call_frame);
	bool plain = call != NULL && call->replies == 0 && is_ordinary(call, message);
	return plain ? call : NULL;
}

static inline void
take_plain_reply(struct facts *facts, struct contact *contact, const struct message *message,
		 struct call *call)
{
	contact->last_reply_time = message->packet->frame.time;
	contact->last_reply_frame = message->packet->frame.number;
	contact->replies++;
	facts_drop_call(facts, call, true);
}

/* It may answer what went to another contact. */
static void
count_reply(struct contact *contact, struct contact *asked)
{
	asked->replies++;
	if (contact == asked)
		return;
	contact->replies++;
	contact->borrowed++;
}

UNUSUAL static void
take_reply(struct facts *facts, struct contact *contact, const struct message *message)
{
	bool of_client = ((unsigned)message->from ^ contact->client_end) == 0;
	if (message->copy_of != 0)
		return;
	/* It answers what the server called on this connection (RFC 8881 section 2.10.3.1),
	 * and says nothing of the server's answers, whether that call is in the capture or not.
	 */
	if (of_client && contact->client_known && message->call_frame == 0)
		return;
	struct call *call = facts_call_of(facts, message, message->call_frame);
	int64_t before = contact->last_reply_time;
	contact->last_reply_time = message->packet->frame.time;
	contact->last_reply_frame = message->packet->frame.number;
	if (message->call_frame == 0) {
		if (contact->unmatched++ == 0)
			contact->unmatched_frame = message->packet->frame.number;
		return;
	}
	if (call == NULL)
		return;
	if (before != 0 && contact->last_reply_time - before > call->idle)
		call->idle = contact->last_reply_time - before;
	struct contact *asked = facts->contacts[call->contact];
	bool first = call->replies++ == 0;
	if (!first && !call->reply_bad && !call->incomplete)
		return; /* the first good one counts */
	if (first)
		count_reply(contact, asked);
	if (first && is_ordinary(call, message)) {
		facts_drop_call(facts, call, true);
		return;
	}
	set_reply(facts, asked, call, message);
	bool failed = call->status != STATUS_SUCCESS || (call->has_result && call->result != 0);
	if (call->kept)
		return;
	if (failed)
		facts_keep_call(facts, asked, call);
	else if (call->sends == 1)
		facts_drop_call(facts, call, false);
}

static inline void
take_any_reply(struct facts *facts, struct contact *contact, const struct message *message)
{
	struct call *call = plain_call_of(facts, contact, message);
	if (call != NULL)
		take_plain_reply(facts, contact, message, call);
	else
		take_reply(facts, contact, message);
}

STRAIGHT void
facts_message(struct facts *facts, const struct message *message)
{
	if (message->quote != NULL || message->kind == MESSAGE_MALFORMED ||
	    message->flow == NULL)
		return;
	struct contact *contact = facts_of_flow(message->flow);
	if (contact == NULL)
		return;
	contact->rpc = true;
	if (message->kind == MESSAGE_REPLY)
		take_any_reply(facts, contact, message);
	else if (is_plain_call(facts, contact, message))
		take_plain_call(facts, contact, message);
	else
		take_call(facts, contact, message);
}
