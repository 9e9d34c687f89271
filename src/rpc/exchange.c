/*
 * exchange: a table of the calls seen, keyed by who may answer them.
 *
 * An entry is made by the first sight of a call, or by a reply that came before
 * its call. It remembers the frames of both, so that whatever comes later under
 * the same key is told apart: the same packet captured again (same IP
 * identification, at once), the call sent again, another answer to it, or the
 * xid used anew (RFC 5531 section 9 leaves xids to the caller).
 */
#include "exchange.h"

#include <assert.h>
#include <rpc/rpc.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "limits.h"
#include "memory.h"
#include "park.h"
#include "table.h"

enum { DIGEST_OCTETS = 1024 };

/* What is hashed and compared: whole words, written as they are read. */
struct key {
	uint64_t caller[2]; /* UDP: its address; TCP: the connection's number, 0 */
	uint64_t rest;      /* xid; UDP: the caller's port, TCP: which end calls; transport */
};
static_assert(sizeof(struct key) == 24, "padding would be hashed");

/* The packet in which something was last seen, to know the same packet captured again. */
struct sight {
	uint64_t frame;
	int64_t time;
	uint32_t identification;
};

struct replier {
	struct address address;
	struct sight sight;
	uint64_t frame; /* of its first answer */
};

/* What a search and forgetting look at stands first: the rest of an old one is mostly not in
 * the processor's cache. */
struct exchange {
	struct table_entry entry; /* first: see table.h */
	struct key key;
	bool called, answered, has_inner;
	uint8_t replier_count;
	uint32_t note; /* the sink's */
	uint32_t length;
	struct parked *parked; /* the reply that came before the call, while it waits */
	struct replier *more;  /* LIMIT_REPLIERS - 1 of them, for a broadcast's other answers */
	struct endpoint server; /* that was called, or answered */
	uint32_t program, version, procedure;
	uint64_t digest;     /* of the call's octets: the same call again, or the xid anew */
	struct sight call;   /* the last sight of the call */
	uint64_t call_frame; /* the first */
	int64_t call_time, reply_time;
	struct security security;
	uint32_t inner_program, inner_version, inner_procedure;
	struct replier first_replier;
};

struct exchanges {
	struct table table;
	struct pool pool;
	struct counts *counts;
	uint32_t limit;
};

struct exchanges *
exchanges_new(struct counts *counts, uint32_t limit)
{
	struct exchanges *exchanges = memory_get(sizeof *exchanges);
	exchanges->counts = counts;
	exchanges->limit = limit;
	table_init(&exchanges->table);
	pool_init(&exchanges->pool, sizeof(struct exchange));
	return exchanges;
}

/* Why an exchange is forgotten: what it lacked is counted by that. */
enum reason {
	TOO_OLD, /* or the capture is over: it will never be complete */
	NO_ROOM,
	STOPPED, /* the user wanted to see no more */
};

static void
forget(struct exchanges *exchanges, struct exchange *exchange, enum reason why)
{
	struct counts *counts = exchanges->counts;
	bool unanswered = exchange->called && !exchange->answered;
	if (why == TOO_OLD) {
		counts->unanswered += unanswered;
		counts->unmatched_replies += exchange->called ? 0 : exchange->replier_count;
	} else if (why == NO_ROOM) {
		/* An answered call was only kept to know its repeats. */
		counts->evicted.calls += unanswered || !exchange->called;
	}
	table_remove(&exchanges->table, &exchange->entry);
	if (exchange->parked != NULL)
		exchange->parked->place = NULL;
	if (exchange->more != NULL)
		free(exchange->more);
	pool_put(&exchanges->pool, exchange);
}

void
exchanges_finish(struct exchanges *exchanges, bool whole)
{
	while (exchanges->table.oldest != NULL)
		forget(exchanges, (struct exchange *)exchanges->table.oldest,
		       whole ? TOO_OLD : STOPPED);
}

void
exchanges_free(struct exchanges *exchanges)
{
	if (exchanges == NULL)
		return;
	for (struct table_entry *e = exchanges->table.oldest; e != NULL; e = e->newer)
		free(((struct exchange *)e)->more);
	table_release(&exchanges->table);
	pool_release(&exchanges->pool);
	free(exchanges);
}

static inline void
make_key(struct key *key, const struct message *message)
{
	const struct packet *packet = message->packet;
	bool call = message->kind == MESSAGE_CALL;
	key->rest = (uint64_t)packet->transport << 48 | message->xid;
	if (packet->transport == TRANSPORT_TCP) {
		unsigned end = call ? message->from : !message->from;
		key->caller[0] = message->flow != NULL ? message->flow->session : 0;
		key->caller[1] = 0;
		key->rest |= (uint64_t)end << 32;
		return;
	}
	const struct endpoint *caller = call ? &packet->source : &packet->destination;
	memcpy(key->caller, caller->address.octets, sizeof key->caller);
	key->rest |= (uint64_t)caller->port << 32;
}

/*
 * Callers count their xids up, in the order of octets of the wire or of their own.
 * Four xids that follow each other stand side by side in the table: the calls of one
 * moment then need less of the processor's cache.
 */
static uint64_t
hash_of(const struct exchanges *exchanges, const struct key *key)
{
	enum { LOW = 3, BOTH = LOW << 24 | LOW };
	struct key group = {{key->caller[0], key->caller[1]}, key->rest & ~(uint64_t)BOTH};
	uint64_t within = (key->rest ^ key->rest >> 24) & LOW;
	return (hash_key(&exchanges->table, &group, sizeof group) & ~(uint64_t)LOW) | within;
}

static bool
key_equal(const struct key *a, const struct key *b)
{
	return a->caller[0] == b->caller[0] && a->caller[1] == b->caller[1] &&
	       a->rest == b->rest;
}

static const struct endpoint *
server_of(const struct message *message)
{
	const struct packet *packet = message->packet;
	return message->kind == MESSAGE_CALL ? &packet->destination : &packet->source;
}

/*
 * How well does a server fit an exchange? A call has to go to the very one. A
 * reply may come from another address of the server, or of many servers when the
 * call was a broadcast, and even from another port (rpcbind answers CALLIT from a
 * second socket).
 */
static unsigned
fitness(const struct exchange *exchange, const struct message *message)
{
	const struct endpoint *server = server_of(message);
	if (endpoint_equal(&exchange->server, server))
		return 3;
	if (message->kind == MESSAGE_CALL || !exchange->called)
		return 0;
	return exchange->server.port == server->port ? 2 : 1;
}

/* The exchange of that key whose server fits best, the newest of several. */
static struct exchange *
look_up(const struct exchanges *exchanges, const struct key *key, uint64_t hash,
	const struct message *message)
{
	struct exchange *best = NULL;
	unsigned most = 0;
	for (struct table_entry *e = table_first(&exchanges->table, hash); e != NULL;
	     e = table_next(e)) {
		struct exchange *exchange = (struct exchange *)e;
		unsigned fits = key_equal(&exchange->key, key) ? fitness(exchange, message) : 0;
		if (fits > most) {
			best = exchange;
			most = fits;
		}
	}
	return best;
}

/*
 * Makes room for one more. Answered calls are kept only to know their repeats,
 * so they go first: the oldest that still waits for its answer is passed over
 * (made the newest) while it is answered ones that fill the table.
 */
static void
make_room(struct exchanges *exchanges)
{
	struct table *table = &exchanges->table;
	struct exchange *oldest = (struct exchange *)table->oldest;
	bool full = table->count >= exchanges->limit;
	bool many = table->count >= LIMIT_ANSWERED_CALLS;
	if (full || (many && oldest->answered))
		forget(exchanges, oldest, NO_ROOM);
	else if (many)
		table_touch(table, &oldest->entry);
	if (table->count >= LIMIT_ANSWERED_CALLS / 2)
		table_foresee(table);
}

static struct exchange *
add(struct exchanges *exchanges, const struct key *key, uint64_t hash,
    const struct message *message)
{
	make_room(exchanges);
	struct exchange *exchange = pool_get(&exchanges->pool);
	exchange->key = *key;
	exchange->server = *server_of(message);
	table_insert(&exchanges->table, &exchange->entry, hash);
	return exchange;
}

static int64_t
last_seen(const struct exchange *exchange)
{
	return exchange->reply_time > exchange->call.time ? exchange->reply_time
							  : exchange->call.time;
}

/* How long it is of use: a call until nobody would wait for its answer, an answered one for its
 * repeats. */
static int64_t
lifetime(const struct exchange *exchange)
{
	return exchange->called && !exchange->answered ? LIMIT_CALL_AGE : LIMIT_ANSWERED_AGE;
}

/* The age list is about in the order of last use, so the old ones stand at its head. */
static void
forget_old(struct exchanges *exchanges, int64_t now)
{
	struct exchange *oldest = (struct exchange *)exchanges->table.oldest;
	while (oldest != NULL && now - last_seen(oldest) > lifetime(oldest)) {
		forget(exchanges, oldest, TOO_OLD);
		oldest = (struct exchange *)exchanges->table.oldest;
	}
}

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
 * IPv4 stacks send 0: then it has to come within one millisecond, in which nobody
 * has waited for an answer in vain.
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
	return table_hash(&exchanges->table, message->record->octets + message->body,
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
}

/* The xid is used anew: what stood under it is over. */
static struct exchange *
begin_again(struct exchanges *exchanges, struct exchange *exchange, const struct key *key,
	    uint64_t hash, const struct message *message)
{
	forget(exchanges, exchange, TOO_OLD);
	return add(exchanges, key, hash, message);
}

static void
join_call(struct exchanges *exchanges, struct message *message)
{
	struct key key;
	make_key(&key, message);
	uint64_t hash = hash_of(exchanges, &key);
	table_expect(&exchanges->table, hash);
	uint64_t digest = digest_of(exchanges, message);
	struct exchange *exchange = look_up(exchanges, &key, hash, message);
	struct sight now = sight_of(message->packet);

	if (exchange == NULL) {
		exchange = add(exchanges, &key, hash, message);
	} else if (exchange->called && !same_call(exchange, message, digest)) {
		exchange = begin_again(exchanges, exchange, &key, hash, message);
	} else if (exchange->called) {
		if (same_packet(&exchange->call, &now)) {
			message->copy_of = exchange->call.frame;
			exchanges->counts->copies++;
		} else {
			message->repeat_of = exchange->call_frame;
			exchanges->counts->repeats++;
		}
		message->note = &exchange->note;
		exchange->call = now;
		exchange->security = message->security;
		table_touch(&exchanges->table, &exchange->entry);
		return;
	} else {
		message->reply_frame = exchange->first_replier.frame; /* came before its call */
		message->waiting = exchange->parked;
		exchange->answered = true;
	}
	message->note = &exchange->note;
	remember_call(exchange, message, digest);
	table_touch(&exchanges->table, &exchange->entry);
}

/* The record of who answered from that address; a new one where there is none and room for it.
 */
static struct replier *
replier_of(struct exchange *exchange, const struct address *address)
{
	if (exchange->replier_count == 0 ||
	    address_equal(&exchange->first_replier.address, address))
		return &exchange->first_replier;
	if (exchange->more == NULL)
		exchange->more = memory_get((LIMIT_REPLIERS - 1) * sizeof *exchange->more);
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
	struct replier *replier = replier_of(exchange, &message->packet->source.address);
	if (replier == NULL)
		return;
	if (replier->frame == 0) {
		*replier = (struct replier){.address = message->packet->source.address,
					    .frame = now.frame};
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
}

static void
join_reply(struct exchanges *exchanges, struct message *message)
{
	struct key key;
	make_key(&key, message);
	uint64_t hash = hash_of(exchanges, &key);
	struct exchange *exchange = look_up(exchanges, &key, hash, message);
	if (exchange == NULL)
		exchange = add(exchanges, &key, hash, message);
	message->note = &exchange->note;
	if (exchange->called) {
		learn_call(message, exchange);
		exchange->answered = true;
	} else if (exchange->parked == NULL) {
		message->place = &exchange->parked;
	}
	note_replier(exchanges, exchange, message);
	exchange->reply_time = message->packet->frame.time;
	table_touch(&exchanges->table, &exchange->entry);
}

void
exchanges_join(struct exchanges *exchanges, struct message *message)
{
	forget_old(exchanges, message->packet->frame.time);
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
}

void
exchanges_quote(const struct exchanges *exchanges, struct message *message)
{
	struct key key;
	make_key(&key, message);
	uint64_t hash = hash_of(exchanges, &key);
	const struct exchange *exchange = look_up(exchanges, &key, hash, message);
	if (exchange == NULL || !exchange->called)
		return;
	if (message->kind == MESSAGE_CALL) {
		message->copy_of = exchange->call.frame;
		return;
	}
	learn_call(message, exchange);
	message->copy_of = exchange->first_replier.sight.frame;
}
