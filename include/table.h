/*
 * table: a hash table whose entries also stand on an age list.
 *
 * Intrusive: a struct table_entry is the first member of what is kept. The
 * caller compares keys itself, walking table_first() .. table_next() over the
 * entries of one hash. The age list makes "drop the oldest" O(1) and gives an
 * order that does not depend on the hash. Hashes are keyed by a random seed
 * made at table_init(), so traffic cannot choose its buckets; nothing that is
 * printed depends on it.
 */
#ifndef RPCSCOPE_TABLE_H
#define RPCSCOPE_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_entry {
	struct table_entry *chain;         /* the next older one of the same bucket */
	struct table_entry *older, *newer; /* age list */
	uint64_t hash;
};

struct table {
	struct table_entry **buckets; /* the newest of each; NULL: none */
	size_t bucket_count;          /* a power of two, grows with the entries */
	size_t count;
	uint64_t seed;
	struct table_entry *oldest, *newest;
};

void table_init(struct table *table);
/* Frees the buckets; the entries are the caller's. */
void table_release(struct table *table);
uint64_t table_hash(const struct table *table, const void *octets, size_t size);
/* Adds it as the newest. */
void table_insert(struct table *table, struct table_entry *entry, uint64_t hash);
void table_remove(struct table *table, struct table_entry *entry);
void table_renew(struct table *table, struct table_entry *entry); /* see table_touch() */

/* That hash is to be searched for soon. */
static inline void
table_expect(const struct table *table, uint64_t hash)
{
	__builtin_prefetch(&table->buckets[hash & (table->bucket_count - 1)], 1);
}

/* From `entry` on, the first of that hash. Private to table.h. */
static inline struct table_entry *
table_search(struct table_entry *entry, uint64_t hash)
{
	while (entry != NULL && entry->hash != hash)
		entry = entry->chain;
	return entry;
}

/* The newest entry of that hash; NULL when there is none. */
static inline struct table_entry *
table_first(const struct table *table, uint64_t hash)
{
	return table_search(table->buckets[hash & (table->bucket_count - 1)], hash);
}

/* The next older one of the same hash. */
static inline struct table_entry *
table_next(const struct table_entry *entry)
{
	return table_search(entry->chain, entry->hash);
}

/* Makes it the newest. */
static inline void
table_touch(struct table *table, struct table_entry *entry)
{
	if (table->newest != entry)
		table_renew(table, entry);
}

#endif
