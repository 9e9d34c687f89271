/*
 * Datagrams under way (datagram.h) by their key, on an age list. All memory that
 * they hold is added up; the oldest goes first when it is too much, or too old.
 *
 * Keys of datagrams just finished are remembered for LIMIT_COPY_AGE: a capture of
 * several interfaces brings their fragments again. A whole set of them is given
 * again; what is left of one that is not whole was not lost.
 */
#include "fragment.h"

#include <stdlib.h>
#include <string.h>

#include "datagram.h"
#include "limits.h"
#include "memory.h"
#include "table.h"

struct finished {
	struct table_entry entry; /* first: see table.h */
	struct datagram_key key;
	int64_t time;
};

struct fragments {
	struct counts *counts;
	size_t limit; /* of `held` */
	struct table table, finished;
	struct pool pool, finished_pool;
	struct datagram_store store;
	size_t held;           /* octets, of all datagrams in the table */
	struct datagram *done; /* given to the caller by the last call */
};

struct fragments *
fragments_new(struct counts *counts, uint32_t limit)
{
	struct fragments *fragments = memory_get(sizeof *fragments);
	fragments->counts = counts;
	fragments->limit = limit;
	table_init(&fragments->table);
	table_init(&fragments->finished);
	pool_init(&fragments->pool, sizeof(struct datagram));
	pool_init(&fragments->finished_pool, sizeof(struct finished));
	datagram_store_init(&fragments->store);
	return fragments;
}

static void
datagram_free(struct fragments *fragments, struct datagram *datagram)
{
	datagram_release(datagram);
	pool_put(&fragments->pool, datagram);
}

static void
drop_done(struct fragments *fragments)
{
	if (fragments->done != NULL)
		datagram_free(fragments, fragments->done);
	fragments->done = NULL;
}

static void
datagram_remove(struct fragments *fragments, struct datagram *datagram)
{
	fragments->held -= datagram_size(datagram);
	table_remove(&fragments->table, &datagram->entry);
}

/* It never came together; `room`: it had to make room for others. */
static void
datagram_evict(struct fragments *fragments, struct datagram *datagram, bool room)
{
	if (!datagram->is_copy) {
		fragments->counts->evicted.datagrams++;
		fragments->counts->evicted.fragments += room;
	}
	datagram_remove(fragments, datagram);
	datagram_free(fragments, datagram);
}

void
fragments_finish(struct fragments *fragments)
{
	while (fragments->table.oldest != NULL)
		datagram_evict(fragments, (struct datagram *)fragments->table.oldest, false);
}

void
fragments_free(struct fragments *fragments)
{
	struct table_entry *entry;
	if (fragments == NULL)
		return;
	drop_done(fragments);
	while ((entry = fragments->table.oldest) != NULL) {
		datagram_remove(fragments, (struct datagram *)entry);
		datagram_free(fragments, (struct datagram *)entry);
	}
	table_release(&fragments->table);
	table_release(&fragments->finished);
	pool_release(&fragments->pool);
	pool_release(&fragments->finished_pool);
	datagram_store_release(&fragments->store);
	free(fragments);
}

static void
finished_drop_oldest(struct fragments *fragments)
{
	struct finished *oldest = (struct finished *)fragments->finished.oldest;
	table_remove(&fragments->finished, &oldest->entry);
	pool_put(&fragments->finished_pool, oldest);
}

static struct finished *
finished_find(const struct fragments *fragments, const struct datagram_key *key, uint64_t hash)
{
	struct table_entry *entry = table_first(&fragments->finished, hash);
	for (; entry != NULL; entry = table_next(entry)) {
		struct finished *finished = (struct finished *)entry;
		if (memcmp(&finished->key, key, sizeof *key) == 0)
			return finished;
	}
	return NULL;
}

static void
finished_add(struct fragments *fragments, const struct datagram_key *key, int64_t time)
{
	uint64_t hash = table_hash(&fragments->finished, key, sizeof *key);
	struct finished *finished = finished_find(fragments, key, hash);
	if (finished != NULL) {
		finished->time = time;
		table_touch(&fragments->finished, &finished->entry);
		return;
	}
	if (fragments->finished.count == LIMIT_FINISHED_DATAGRAMS)
		finished_drop_oldest(fragments);
	finished = pool_get(&fragments->finished_pool);
	finished->key = *key;
	finished->time = time;
	table_insert(&fragments->finished, &finished->entry, hash);
}

static bool
is_finished(const struct fragments *fragments, const struct datagram_key *key)
{
	return finished_find(fragments, key,
			     table_hash(&fragments->finished, key, sizeof *key)) != NULL;
}

static void
expire(struct fragments *fragments, int64_t now)
{
	struct datagram *oldest;
	while ((oldest = (struct datagram *)fragments->table.oldest) != NULL &&
	       now - oldest->start > LIMIT_FRAGMENT_AGE)
		datagram_evict(fragments, oldest, false);
	struct finished *finished;
	while ((finished = (struct finished *)fragments->finished.oldest) != NULL &&
	       now - finished->time > LIMIT_COPY_AGE)
		finished_drop_oldest(fragments);
}

static struct datagram_key
packet_key(const struct packet *packet)
{
	const struct ip_view *ip = &packet->ip;
	return (struct datagram_key){
		.source = packet->source.address,
		.destination = packet->destination.address,
		.identification = ip->identification,
		.protocol = ip->version == 4 ? ip->protocol : 0,
		.version = ip->version,
	};
}

static struct datagram *
datagram_make(struct fragments *fragments, const struct datagram_key *key, uint64_t hash,
	      const struct packet *packet)
{
	struct datagram *datagram = pool_get(&fragments->pool);
	datagram_init(datagram, &fragments->store);
	datagram->key = *key;
	datagram->start = packet->frame.time;
	datagram->is_copy = is_finished(fragments, key);
	datagram->protocol = packet->ip.protocol;
	table_insert(&fragments->table, &datagram->entry, hash);
	fragments->held += datagram_size(datagram);
	return datagram;
}

/* The datagram of that packet, made where there is none. */
static struct datagram *
datagram_find(struct fragments *fragments, const struct packet *packet)
{
	struct datagram_key key = packet_key(packet);
	uint64_t hash = table_hash(&fragments->table, &key, sizeof key);
	struct table_entry *entry = table_first(&fragments->table, hash);
	for (; entry != NULL; entry = table_next(entry)) {
		struct datagram *datagram = (struct datagram *)entry;
		if (memcmp(&datagram->key, &key, sizeof key) != 0)
			continue;
		if (packet->frame.time - datagram->start <= LIMIT_FRAGMENT_AGE)
			return datagram;
		datagram_evict(fragments, datagram, false);
		break;
	}
	return datagram_make(fragments, &key, hash, packet);
}

/* RFC 791 section 3.2: all but the last are a multiple of eight octets. */
static bool
packet_sane(const struct packet *packet)
{
	uint32_t length = packet->datagram_length, begin = packet->ip.fragment_offset;
	if (length > LIMIT_DATAGRAM || begin > LIMIT_DATAGRAM - length)
		return false;
	return !packet->ip.more_fragments || (length > 0 && length % DATAGRAM_UNIT == 0);
}

static void
datagram_give(struct fragments *fragments, struct datagram *datagram, struct packet *packet)
{
	datagram_remove(fragments, datagram);
	finished_add(fragments, &datagram->key, packet->frame.time);
	fragments->done = datagram;
	datagram_sort(datagram);
	packet->ip.protocol = datagram->protocol;
	packet->datagram = datagram->octets;
	packet->datagram_length = datagram->length;
	packet->datagram_captured =
		datagram->cut < datagram->length ? datagram->cut : datagram->length;
	packet->pieces = datagram->pieces;
	packet->piece_count = datagram->piece_count;
}

bool
fragments_push(struct fragments *fragments, struct packet *packet)
{
	drop_done(fragments);
	expire(fragments, packet->frame.time);
	if (!packet_sane(packet)) {
		fragments->counts->malformed++;
		return false;
	}
	struct datagram *datagram = datagram_find(fragments, packet);
	size_t before = datagram_size(datagram);
	if (!datagram_take(datagram, packet))
		fragments->counts->malformed++;
	fragments->held += datagram_size(datagram) - before;
	if (datagram_whole(datagram)) {
		datagram_give(fragments, datagram, packet);
		return true;
	}
	while (fragments->held > fragments->limit)
		datagram_evict(fragments, (struct datagram *)fragments->table.oldest, true);
	return false;
}
