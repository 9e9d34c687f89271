/*
 * exchange_store: exchanges stand in two tables, one of each transport, by who may answer the
 * call. Those of one key (a caller may ask many servers under one xid) are told apart by their
 * server. What is answered is kept only to know its repeats and goes first; what waits goes
 * when nobody would wait for it any more, or oldest first when there is no room.
 */
#include "exchange_store.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "limits.h"
#include "unusual.h"

enum { TRANSPORT_SHIFT = 48 }; /* in what is left of a key */

enum { VERY_SERVER = 3 }; /* the best that fitness() says */

struct exchanges *
exchanges_new(struct counts *counts, const struct bounds *bounds)
{
	struct exchanges *exchanges = memory_get(sizeof *exchanges);
	exchanges->counts = counts;
	exchanges->limit = bound_or(bounds->calls, LIMIT_PENDING_CALLS);
	exchanges->namesakes = bound_or(bounds->namesakes, LIMIT_NAMESAKES);
	exchanges->answered[OVER_UDP] = bound_or(bounds->answered, LIMIT_ANSWERED_CALLS);
	exchanges->answered[OVER_TCP] = bound_or(bounds->answered_tcp, LIMIT_ANSWERED_TCP);
	for (int i = 0; i < EXCHANGE_TABLES; i++)
		table_init(&exchanges->tables[i]);
	pool_init(&exchanges->pool, sizeof(struct exchange));
	pool_init(&exchanges->replier_pool, (LIMIT_REPLIERS - 1) * sizeof(struct replier));
	return exchanges;
}

static struct table *
table_of(struct exchanges *exchanges, const struct exchange_key *key)
{
	bool tcp = key->rest >> TRANSPORT_SHIFT == TRANSPORT_TCP;
	return &exchanges->tables[tcp ? OVER_TCP : OVER_UDP];
}

static struct exchange *
oldest_in(const struct table *table)
{
	return (struct exchange *)(void *)table->oldest;
}

void
exchange_touch(struct exchanges *exchanges, struct exchange *exchange)
{
	exchange->seen = exchanges->clock;
	table_touch(table_of(exchanges, &exchange->key), &exchange->entry);
}

void
exchange_forget(struct exchanges *exchanges, struct exchange *exchange, enum exchange_end why)
{
	struct counts *counts = exchanges->counts;
	bool unanswered = exchange->called && !exchange->answered;
	counts->unanswered += why == TOO_OLD && unanswered;
	counts->evicted.calls += why == NO_ROOM && unanswered;
	if (why != STOPPED && !exchange->called)
		counts->unmatched_replies += exchange->replier_count;
	table_remove(table_of(exchanges, &exchange->key), &exchange->entry);
	if (exchanges->latest == exchange)
		exchanges->latest = NULL;
	if (exchange->place.parked != NULL)
		exchange->place.parked->place = NULL;
	if (exchange->more != NULL)
		pool_put(&exchanges->replier_pool, exchange->more);
	pool_put(&exchanges->pool, exchange);
}

void
exchanges_finish(struct exchanges *exchanges, bool whole)
{
	for (int i = 0; i < EXCHANGE_TABLES; i++) {
		while (exchanges->tables[i].oldest != NULL)
			exchange_forget(exchanges, oldest_in(&exchanges->tables[i]),
					whole ? TOO_OLD : STOPPED);
	}
}

void
exchanges_free(struct exchanges *exchanges)
{
	if (exchanges == NULL)
		return;
	for (int i = 0; i < EXCHANGE_TABLES; i++)
		table_release(&exchanges->tables[i]);
	pool_release(&exchanges->replier_pool);
	pool_release(&exchanges->pool);
	free(exchanges);
}

static inline void
make_key(struct exchange_key *key, const struct message *message)
{
	const struct packet *packet = message->packet;
	bool call = message->kind == MESSAGE_CALL;
	key->rest = (uint64_t)packet->transport << TRANSPORT_SHIFT | message->xid;
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

/* Addresses that fold into one are rare, and told apart by the whole key. Both
 * tables are hashed with the seed of one: no secret is lost by that. */
static uint64_t
hash_of(const struct exchanges *exchanges, const struct exchange_key *key)
{
	const uint64_t folded[2] = {key->caller[0] ^ key->caller[1], key->rest};
	return hash_key(&exchanges->tables[OVER_UDP], folded, sizeof folded);
}

static bool
key_equal(const struct exchange_key *a, const struct exchange_key *b)
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
		return VERY_SERVER;
	if (message->kind == MESSAGE_CALL || !exchange->called)
		return 0;
	return exchange->server.port == server->port ? 2 : 1;
}

struct exchange *
exchange_latest(const struct exchanges *exchanges, struct exchange_place *place,
		const struct message *message)
{
	struct exchange *latest = exchanges->latest;
	make_key(&place->key, message);
	bool same = latest != NULL && key_equal(&latest->key, &place->key) &&
		    endpoint_equal(&latest->server, server_of(message));
	return same ? latest : NULL;
}

void
exchange_seek(struct exchanges *exchanges, struct exchange_place *place,
	      const struct message *message)
{
	make_key(&place->key, message);
	place->hash = hash_of(exchanges, &place->key);
	place->crowded = false;
	place->table = table_of(exchanges, &place->key);
	table_expect(place->table, place->hash);
}

struct exchange *
exchange_find(struct exchanges *exchanges, struct exchange_place *place,
	      const struct message *message)
{
	struct exchange *best = NULL;
	unsigned most = 0;
	for (struct table_entry *e = table_first(place->table, place->hash); e != NULL;
	     e = table_next(e)) {
		struct exchange *exchange = (struct exchange *)e;
		bool same = key_equal(&exchange->key, &place->key);
		unsigned fits = same ? fitness(exchange, message) : 0;
		exchanges->steps++;
		place->crowded |= same && exchange->crowded;
		if (fits > most) {
			best = exchange;
			most = fits;
		}
	}
	if (best == NULL || most == VERY_SERVER)
		return best;
	return place->crowded || exchanges->clock < exchanges->doubtful ? NULL : best;
}

/* There is no room for it. An answered call was only kept to know its repeats. */
static void
give_up(struct exchanges *exchanges, struct exchange *exchange)
{
	struct counts *counts = exchanges->counts;
	bool tcp = exchange->key.rest >> TRANSPORT_SHIFT == TRANSPORT_TCP;
	if (exchange->answered)
		*(tcp ? &counts->evicted.answered_tcp : &counts->evicted.answered) += 1;
	exchange_forget(exchanges, exchange, NO_ROOM);
}

/*
 * One caller may use one xid for ever so many servers: the oldest such exchange gives way,
 * so that no search among them is long.
 */
UNUSUAL static void
keep_namesakes(struct exchanges *exchanges, struct exchange *newest)
{
	struct table_entry *oldest = &newest->entry;
	uint32_t count = 1;
	for (; table_next(oldest) != NULL; count++)
		oldest = table_next(oldest);
	if (count <= exchanges->namesakes)
		return;
	uint64_t before = exchanges->counts->evicted.calls;
	give_up(exchanges, (struct exchange *)oldest);
	exchanges->counts->evicted.namesakes += exchanges->counts->evicted.calls - before;
	/* (behind the first that knows it all do) */
	for (struct table_entry *e = &newest->entry;
	     e != NULL && !((struct exchange *)e)->crowded; e = table_next(e))
		((struct exchange *)e)->crowded = true;
}

/* The one not seen for longest; there is one. */
static struct exchange *
oldest_of_all(const struct exchanges *exchanges)
{
	struct exchange *udp = oldest_in(&exchanges->tables[OVER_UDP]);
	struct exchange *tcp = oldest_in(&exchanges->tables[OVER_TCP]);
	if (udp == NULL || tcp == NULL)
		return udp == NULL ? tcp : udp;
	return udp->seen < tcp->seen ? udp : tcp;
}

/* The reply to a call that waited may come yet, and must not be taken for another's: over UDP,
 * where who answers is not always who was asked. */
UNUSUAL static void
give_up_oldest(struct exchanges *exchanges)
{
	struct exchange *oldest = oldest_of_all(exchanges);
	if (oldest->called && !oldest->answered)
		exchanges->doubtful = exchanges->clock + LIMIT_CALL_AGE;
	give_up(exchanges, oldest);
}

/*
 * Makes room for one more. Answered calls are kept only to know their repeats,
 * so they go first: the oldest that still waits for its answer is passed over
 * (made the newest) while it is answered ones that fill the table.
 */
static void
make_room(struct exchanges *exchanges, struct table *table)
{
	bool tcp = table == &exchanges->tables[OVER_TCP];
	size_t count = exchanges->tables[OVER_UDP].count + exchanges->tables[OVER_TCP].count;
	struct exchange *oldest = oldest_in(table);
	if (count != 0 && count >= exchanges->limit)
		give_up_oldest(exchanges);
	else if (table->count < exchanges->answered[tcp ? OVER_TCP : OVER_UDP])
		return;
	else if (oldest->answered)
		give_up(exchanges, oldest);
	else
		table_touch(table, &oldest->entry);
}

struct exchange *
exchange_add(struct exchanges *exchanges, const struct exchange_place *place,
	     const struct message *message)
{
	make_room(exchanges, place->table);
	struct exchange *exchange = pool_get(&exchanges->pool);
	exchange->key = place->key;
	exchange->server = *server_of(message);
	exchange->seen = exchanges->clock;
	table_insert(place->table, &exchange->entry, place->hash);
	if (table_next(&exchange->entry) != NULL)
		keep_namesakes(exchanges, exchange);
	return exchange;
}

/* How long it is of use: a call until nobody would wait for its answer, an answered one for its
 * repeats. */
static int64_t
lifetime(const struct exchange *exchange)
{
	return exchange->called && !exchange->answered ? LIMIT_CALL_AGE : LIMIT_ANSWERED_AGE;
}

/* Nobody grows old while a capture pauses, or when its clock is set: calls are forgotten for
 * the sake of memory, which only what is captured can take. */
static void
go_on(struct exchanges *exchanges, int64_t now)
{
	int64_t passed = now - exchanges->latest_time;
	exchanges->latest_time = now;
	if (passed > 0)
		exchanges->clock += passed < LIMIT_CLOCK_STEP ? passed : LIMIT_CLOCK_STEP;
}

/* The age list is about in the order of last use, so the old ones stand at its head. */
UNUSUAL static void
forget_old(struct exchanges *exchanges, const struct table *table)
{
	struct exchange *oldest = oldest_in(table);
	while (oldest != NULL && exchanges->clock - oldest->seen > lifetime(oldest)) {
		exchange_forget(exchanges, oldest, TOO_OLD);
		oldest = oldest_in(table);
	}
}

void
exchange_forget_old(struct exchanges *exchanges, int64_t now)
{
	go_on(exchanges, now);
	if (exchanges->clock < exchanges->due)
		return;
	exchanges->due = exchanges->clock + SECOND;
	for (int i = 0; i < EXCHANGE_TABLES; i++)
		forget_old(exchanges, &exchanges->tables[i]);
}
