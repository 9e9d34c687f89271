/*
 * exchange: calls joined with their replies; exchange_store.c keeps both.
 *
 * An entry is made by the first sight of a call, or by a reply that came before
 * its call. It remembers the frames of both, so that whatever comes later under
 * the same key is told apart: the same packet captured again (same IP
 * identification, at once), the call sent again, another answer to it, or the
 * xid used anew (RFC 5531 section 9 leaves xids to the caller).
 */
#include "exchange_store.h"

#include <rpc/rpc.h>

#include "limits.h"
#include "memory.h"
#include "unusual.h"

enum { DIGEST_OCTETS = 1024 };

static struct sight
sight_of(const struct packet *packet)
{
	return (struct sight){.frame = packet->frame.number,
			      .time = packet->frame.time,
			      .identification = packet->ip.identification};
}

/*
 * One packet captured twice (`-i any`, bridges, mirror ports): the same IP
 * identification within milliseconds. IPv6 has none outside fragments, and some
 * IPv4 stacks send 0: then it has to come within LIMIT_COPY_AGE_NAMELESS, in which
 * nobody has waited for an answer in vain.
 */
static bool
same_packet(const struct sight *before, const struct sight *now)
{
	if (before->frame == 0 || before->frame == now->frame ||
	    before->identification != now->identification)
		return false;
	int64_t apart = now->time - before->time;
	int64_t most = now->identification != 0 ? LIMIT_COPY_AGE : LIMIT_COPY_AGE_NAMELESS;
	return apart >= -most && apart <= most;
}

/*
 * Of the arguments only: a caller may stamp its credential anew each time it
 * sends. Their first octets tell, with the length, one call from another.
 */
static uint64_t
digest_of(const struct exchanges *exchanges, const struct message *message)
{
	uint32_t size = message->record->captured - message->body;
	return table_hash(&exchanges->tables[OVER_UDP], message->record->octets + message->body,
			  size < DIGEST_OCTETS ? size : DIGEST_OCTETS);
}

static bool
same_call(const struct exchange *exchange, const struct message *message, uint64_t digest)
{
	if (exchange->program != message->program || exchange->version != message->version ||
	    exchange->procedure != message->procedure ||
	    exchange->length != message->record->length)
		return false;
	/* A protected body holds a new sequence number each time it is sent (RFC 2203
	 * section 5.3.3.1). */
	return exchange->digest == digest || message->credential.flavor == RPCSEC_GSS;
}

static void
remember_call(struct exchange *exchange, const struct message *message, uint64_t digest)
{
	exchange->called = true;
	exchange->call = sight_of(message->packet);
	exchange->call_frame = message->packet->frame.number;
	exchange->call_time = message->packet->frame.time;
	exchange->program = message->program;
	exchange->version = message->version;
	exchange->procedure = message->procedure;
	exchange->length = message->record->length;
	exchange->digest = digest;
	exchange->security = message->security;
	exchange->has_inner = message->has_inner;
	exchange->inner_program = message->inner_program;
	exchange->inner_version = message->inner_version;
	exchange->inner_procedure = message->inner_procedure;
	exchange->has_minor = message->has_minor;
	exchange->minor = message->minor;
	exchange->callback = message->callback;
}

/* Is it so long ago that the same xid is of another call? One that waits on its connection is
 * the same, however long it waits: an xid is used anew only when it is answered. */
static bool
is_over(const struct exchange *exchange, const struct packet *packet)
{
	const struct sight *reply = &exchange->first_replier.sight;
	int64_t last = exchange->call.time;
	if (exchange->replier_count != 0 && (!exchange->called || reply->time > last))
		last = reply->time;
	bool waits = exchange->called && !exchange->answered;
	if (waits && packet->transport == TRANSPORT_TCP)
		return false;
	return packet->frame.time - last > (waits ? LIMIT_CALL_AGE : LIMIT_ANSWERED_AGE);
}

/* The xid is used anew: what stood under it is over. */
UNUSUAL static struct exchange *
begin_again(struct exchanges *exchanges, struct exchange *exchange,
	    const struct exchange_place *place, const struct message *message)
{
	exchange_forget(exchanges, exchange, TOO_OLD);
	return exchange_add(exchanges, place, message);
}

static void
join_call(struct exchanges *exchanges, struct message *message)
{
	struct exchange_place place;
	exchange_seek(exchanges, &place, message);
	uint64_t digest = digest_of(exchanges, message);
	struct exchange *exchange = exchange_find(exchanges, &place, message);
	struct sight now = sight_of(message->packet);

	if (exchange == NULL) {
		exchange = exchange_add(exchanges, &place, message);
	} else if (is_over(exchange, message->packet) ||
		   (exchange->called && !same_call(exchange, message, digest))) {
		exchange = begin_again(exchanges, exchange, &place, message);
	} else if (exchange->called) {
		if (same_packet(&exchange->call, &now)) {
			message->copy_of = exchange->call.frame;
			exchanges->counts->copies++;
		} else {
			message->repeat_of = exchange->call_frame;
			exchanges->counts->repeats++;
		}
		message->note = &exchange->note;
		message->security.resent = exchange->security.resent || message->copy_of == 0;
		exchange->call = now;
		exchange->security = message->security;
		exchange_touch(exchanges, exchange);
		return;
	} else {
		message->reply_frame = exchange->first_replier.frame; /* came before its call */
		message->waiting = exchange->place.parked;
		exchanges->counts->evicted.parked += exchange->place.no_room;
		exchange->answered = true;
		exchange_touch(exchanges, exchange);
	}
	exchanges->latest = exchange;
	message->note = &exchange->note;
	remember_call(exchange, message, digest);
}

/* The record of who answered from that address, after one that did; a new one where there is
 * none and room for it. */
UNUSUAL static struct replier *
replier_of(struct exchanges *exchanges, struct exchange *exchange,
	   const struct address *address)
{
	if (address_equal(&exchange->first_replier.address, address))
		return &exchange->first_replier;
	if (exchange->more == NULL)
		exchange->more = pool_get(&exchanges->replier_pool);
	unsigned known = exchange->replier_count - 1;
	for (unsigned i = 0; i < known; i++) {
		if (address_equal(&exchange->more[i].address, address))
			return &exchange->more[i];
	}
	return known < LIMIT_REPLIERS - 1 ? &exchange->more[known] : NULL;
}

static void
note_replier(struct exchanges *exchanges, struct exchange *exchange, struct message *message)
{
	struct sight now = sight_of(message->packet);
	const struct address *address = &message->packet->source.address;
	struct replier *replier = &exchange->first_replier;
	if (exchange->replier_count != 0)
		replier = replier_of(exchanges, exchange, address);
	if (replier == NULL)
		return;
	if (replier->frame == 0) {
		*replier = (struct replier){.address = *address, .frame = now.frame};
		exchange->replier_count++;
	} else if (same_packet(&replier->sight, &now)) {
		message->copy_of = replier->sight.frame;
		exchanges->counts->copies++;
	} else {
		message->repeat_of = replier->frame;
		exchanges->counts->repeats++;
	}
	replier->sight = now;
}

static void
learn_call(struct message *message, const struct exchange *exchange)
{
	message->call_frame = exchange->call_frame;
	message->elapsed = message->packet->frame.time - exchange->call_time;
	if (!endpoint_equal(&exchange->server, &message->packet->source))
		message->asked = &exchange->server;
	message->has_procedure = true;
	message->program = exchange->program;
	message->version = exchange->version;
	message->procedure = exchange->procedure;
	message->security = exchange->security;
	/* Only who asked for TLS is answered so (RFC 9289 section 4.1). */
	message->starttls = message->starttls && (!exchange->security.known ||
						  exchange->security.flavor == FLAVOR_TLS);
	message->has_inner = exchange->has_inner;
	message->inner_program = exchange->inner_program;
	message->inner_version = exchange->inner_version;
	message->inner_procedure = exchange->inner_procedure;
	message->has_minor = exchange->has_minor;
	message->minor = exchange->minor;
	message->callback = exchange->callback;
}

/* The last call's more often than not; NULL where it may be of a call that was given up: a new
 * one would make another such call go. */
static struct exchange *
exchange_of_reply(struct exchanges *exchanges, const struct message *message)
{
	struct exchange_place place;
	struct exchange *exchange = exchange_latest(exchanges, &place, message);
	if (exchange != NULL)
		return exchange;
	exchange_seek(exchanges, &place, message);
	exchange = exchange_find(exchanges, &place, message);
	if (exchange != NULL || place.crowded)
		return exchange;
	return exchange_add(exchanges, &place, message);
}

static void
join_reply(struct exchanges *exchanges, struct message *message)
{
	struct exchange *exchange = exchange_of_reply(exchanges, message);
	if (exchange == NULL) {
		exchanges->counts->unmatched_replies++;
		return;
	}
	message->note = &exchange->note;
	if (exchange->called) {
		learn_call(message, exchange);
		exchange->answered = true;
	} else if (exchange->place.parked == NULL) {
		message->place = &exchange->place;
	}
	note_replier(exchanges, exchange, message);
	exchange_touch(exchanges, exchange);
}

void
exchanges_join(struct exchanges *exchanges, struct message *message)
{
	exchange_forget_old(exchanges, message->packet->frame.time);
	exchanges->counts->messages++;
	if (message->kind == MESSAGE_CALL) {
		exchanges->counts->calls++;
		join_call(exchanges, message);
	} else {
		exchanges->counts->replies++;
		join_reply(exchanges, message);
	}
}

void
exchanges_explain(struct message *reply, const struct message *call)
{
	reply->note = call->note;
	reply->call_frame = call->packet->frame.number;
	reply->elapsed = reply->packet->frame.time - call->packet->frame.time;
	reply->has_procedure = call->has_procedure;
	reply->program = call->program;
	reply->version = call->version;
	reply->procedure = call->procedure;
	reply->security = call->security;
	reply->has_inner = call->has_inner;
	reply->inner_program = call->inner_program;
	reply->inner_version = call->inner_version;
	reply->inner_procedure = call->inner_procedure;
	reply->has_minor = call->has_minor;
	reply->minor = call->minor;
	reply->callback = call->callback;
}

void
exchanges_quote(struct exchanges *exchanges, struct message *message)
{
	struct exchange_place place;
	exchange_seek(exchanges, &place, message);
	const struct exchange *exchange = exchange_find(exchanges, &place, message);
	if (exchange == NULL || !exchange->called)
		return;
	if (message->kind == MESSAGE_CALL) {
		message->copy_of = exchange->call.frame;
		return;
	}
	learn_call(message, exchange);
	message->copy_of = exchange->first_replier.sight.frame;
}
