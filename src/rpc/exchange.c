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

#include "limits.h"
#include "memory.h"
#include "table.h"

enum { DIGEST_OCTETS = 1024 };

/* What is hashed and compared. */
struct key {
	struct address caller; /* UDP */
	uint64_t session;      /* TCP: the connection */
	uint32_t xid;
	uint16_t caller_port; /* UDP */
	uint8_t caller_end;   /* TCP: which end calls */
	uint8_t zero;         /* no padding: keys are hashed and compared as octets */
};

/* The packet in which something was last seen, to know the same packet captured again. */
struct sight {
	uint64_t frame;
	int64_t time;
	uint32_t identification;
	uint32_t interface;
	uint8_t hops;
};

struct replier {
	struct address address;
	struct sight sight;
	uint64_t frame; /* of its first answer */
};

struct exchange {
	struct table_entry entry; /* first: see table.h */
	struct key key;
	uint16_t server_port; /* that was called, or answered */
	bool called;
	struct sight call;   /* the last sight of the call */
	uint64_t call_frame; /* the first */
	int64_t call_time;
	uint32_t program, version, procedure;
	uint32_t length;
	uint64_t digest; /* of the call's octets: the same call again, or the xid anew */
	bool has_inner;
	uint32_t inner_program, inner_version, inner_procedure;
	bool answered;
	int64_t reply_time;
	unsigned replier_count;
	struct replier first_replier;
	struct replier *more; /* LIMIT_REPLIERS - 1 of them, for a broadcast's other answers */
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

/* Forgets an exchange; what never met its other half is counted now. */
static void
forget(struct exchanges *exchanges, struct exchange *exchange)
{
	if (exchange->called && !exchange->answered)
		exchanges->counts->unanswered++;
	if (!exchange->called)
		exchanges->counts->unmatched_replies += exchange->replier_count;
	table_remove(&exchanges->table, &exchange->entry);
	free(exchange->more);
	pool_put(&exchanges->pool, exchange);
}

/* An answered call was only kept to know its repeats: nothing is lost with it. */
static void
evict(struct exchanges *exchanges, struct exchange *exchange)
{
	if (!exchange->called || !exchange->answered)
		exchanges->counts->evicted.calls++;
	forget(exchanges, exchange);
}

void
exchanges_finish(struct exchanges *exchanges)
{
	while (exchanges->table.oldest != NULL)
		forget(exchanges, (struct exchange *)exchanges->table.oldest);
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

static struct key
key_of(const struct message *message)
{
	struct key key = {.xid = message->xid};
	bool call = message->kind == MESSAGE_CALL;
	const struct packet *packet = message->packet;
	const struct endpoint *caller = call ? &packet->source : &packet->destination;
	if (packet->transport == TRANSPORT_TCP) {
		key.session = message->flow != NULL ? message->flow->session : 0;
		key.caller_end = (uint8_t)(call ? message->from : !message->from);
	} else {
		key.caller = caller->address;
		key.caller_port = caller->port;
	}
	return key;
}

static_assert(sizeof(struct key) == 32, "no padding in what is compared as octets");

static bool
key_equal(const struct key *a, const struct key *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static uint16_t
server_port_of(const struct message *message)
{
	const struct packet *packet = message->packet;
	return message->kind == MESSAGE_CALL ? packet->destination.port : packet->source.port;
}

/*
 * The exchange of that key and server port. A reply may also come from a port
 * that was not called (rpcbind answers CALLIT from a second socket): where no
 * exchange has its port, the newest call of the key is taken.
 */
static struct exchange *
look_up(const struct exchanges *exchanges, const struct key *key, uint64_t hash,
	const struct message *message)
{
	uint16_t port = server_port_of(message);
	struct exchange *other = NULL;
	for (struct table_entry *e = table_first(&exchanges->table, hash); e != NULL;
	     e = table_next(e)) {
		struct exchange *exchange = (struct exchange *)e;
		if (!key_equal(&exchange->key, key))
			continue;
		if (exchange->server_port == port)
			return exchange;
		if (other == NULL && exchange->called && message->kind == MESSAGE_REPLY)
			other = exchange;
	}
	return other;
}

static struct exchange *
add(struct exchanges *exchanges, const struct key *key, uint64_t hash,
    const struct message *message)
{
	if (exchanges->table.count >= exchanges->limit)
		evict(exchanges, (struct exchange *)exchanges->table.oldest);
	struct exchange *exchange = pool_get(&exchanges->pool);
	exchange->key = *key;
	exchange->server_port = server_port_of(message);
	table_insert(&exchanges->table, &exchange->entry, hash);
	return exchange;
}

static int64_t
last_seen(const struct exchange *exchange)
{
	return exchange->reply_time > exchange->call.time ? exchange->reply_time
							  : exchange->call.time;
}

/* The age list is in the order of last use, so the old ones stand at its head. */
static void
forget_old(struct exchanges *exchanges, int64_t now)
{
	struct exchange *oldest = (struct exchange *)exchanges->table.oldest;
	while (oldest != NULL && now - last_seen(oldest) > LIMIT_CALL_AGE) {
		forget(exchanges, oldest);
		oldest = (struct exchange *)exchanges->table.oldest;
	}
}

static struct sight
sight_of(const struct packet *packet)
{
	return (struct sight){.frame = packet->frame.number,
			      .time = packet->frame.time,
			      .identification = packet->ip.identification,
			      .interface = packet->frame.interface,
			      .hops = packet->ip.hops};
}

/*
 * One packet captured twice (`-i any`, bridges, mirror ports): the same IP
 * identification within milliseconds. IPv6 has none outside fragments, and some
 * IPv4 stacks send 0: then only another interface or hop count tells.
 */
static bool
same_packet(const struct sight *before, const struct sight *now)
{
	if (before->frame == 0 || before->frame == now->frame)
		return false;
	int64_t apart = now->time - before->time;
	if (apart < -LIMIT_COPY_AGE || apart > LIMIT_COPY_AGE)
		return false;
	if (before->identification != now->identification)
		return false;
	return now->identification != 0 || before->interface != now->interface ||
	       before->hops != now->hops;
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
	forget(exchanges, exchange);
	return add(exchanges, key, hash, message);
}

static void
join_call(struct exchanges *exchanges, struct message *message)
{
	struct key key = key_of(message);
	uint64_t hash = table_hash(&exchanges->table, &key, sizeof key);
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
		exchange->call = now;
		table_touch(&exchanges->table, &exchange->entry);
		return;
	} else {
		message->reply_frame = exchange->first_replier.frame; /* came before its call */
		exchange->answered = true;
	}
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
	message->has_inner = exchange->has_inner;
	message->inner_program = exchange->inner_program;
	message->inner_version = exchange->inner_version;
	message->inner_procedure = exchange->inner_procedure;
}

static void
join_reply(struct exchanges *exchanges, struct message *message)
{
	struct key key = key_of(message);
	uint64_t hash = table_hash(&exchanges->table, &key, sizeof key);
	struct exchange *exchange = look_up(exchanges, &key, hash, message);
	if (exchange == NULL)
		exchange = add(exchanges, &key, hash, message);
	if (exchange->called) {
		learn_call(message, exchange);
		exchange->answered = true;
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
exchanges_quote(const struct exchanges *exchanges, struct message *message)
{
	struct key key = key_of(message);
	uint64_t hash = table_hash(&exchanges->table, &key, sizeof key);
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
