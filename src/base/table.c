/*
 * table: buckets whose entries are chained, from the newest on, and one list through all
 * entries from the oldest to the newest.
 *
 * There are at least twice as many buckets as entries: most searches end in the bucket itself,
 * without a look at an entry, and entries of a large table are mostly not in the
 * processor's cache. In a small table, which is, a second entry in a bucket costs most by
 * not being expected: it has eight times as many.
 */
#include "table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "hash.h"
#include "memory.h"
#include "unusual.h"

enum { FIRST_BUCKETS = 64 };

static uint64_t
random_seed(void)
{
	uint64_t seed;
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
		seed = (uint64_t)time(
			NULL); /* early boot: weaker, still not known to the traffic */
	return seed;
}

void
table_init(struct table *table)
{
	*table = (struct table){.bucket_count = FIRST_BUCKETS, .seed = random_seed()};
	table->buckets = memory_get(FIRST_BUCKETS * sizeof(struct table_entry *));
}

void
table_release(struct table *table)
{
	free(table->buckets);
	*table = (struct table){0};
}

uint64_t
table_hash(const struct table *table, const void *octets, size_t size)
{
	return hash_key(table, octets, size);
}

static void
age_append(struct table *table, struct table_entry *entry)
{
	entry->newer = NULL;
	entry->older = table->newest;
	if (table->newest != NULL)
		table->newest->newer = entry;
	else
		table->oldest = entry;
	table->newest = entry;
}

static void
age_remove(struct table *table, struct table_entry *entry)
{
	if (entry->older != NULL)
		entry->older->newer = entry->newer;
	else
		table->oldest = entry->newer;
	if (entry->newer != NULL)
		entry->newer->older = entry->older;
	else
		table->newest = entry->older;
}

static struct table_entry **
bucket_of(const struct table *table, uint64_t hash)
{
	return &table->buckets[hash & (table->bucket_count - 1)];
}

static void
chain_add(struct table *table, struct table_entry *entry)
{
	struct table_entry **bucket = bucket_of(table, entry->hash);
	entry->chain = *bucket;
	*bucket = entry;
}

/* A bucket becomes two, and what was chained in it stays in its order. */
UNUSUAL static void
grow(struct table *table)
{
	size_t count = table->bucket_count;
	struct table_entry **before = table->buckets;
	table->bucket_count = 2 * count;
	table->buckets = memory_get(table->bucket_count * sizeof(struct table_entry *));
	for (size_t i = 0; i < count; i++) {
		struct table_entry **end[2] = {&table->buckets[i], &table->buckets[i + count]};
		for (struct table_entry *entry = before[i]; entry != NULL;
		     entry = entry->chain) {
			bool upper = entry->hash & count;
			*end[upper] = entry;
			end[upper] = &entry->chain;
		}
		*end[0] = *end[1] = NULL;
	}
	free(before);
}

static bool
is_crowded(const struct table *table)
{
	enum { SMALL = 65536, SPARE = 8, SPARE_LARGE = 2 };
	size_t spare = table->bucket_count <= SMALL ? SPARE : SPARE_LARGE;
	return table->count >= table->bucket_count / spare;
}

void
table_insert(struct table *table, struct table_entry *entry, uint64_t hash)
{
	if (is_crowded(table))
		grow(table);
	entry->hash = hash;
	chain_add(table, entry);
	age_append(table, entry);
	table->count++;
}

void
table_remove(struct table *table, struct table_entry *entry)
{
	struct table_entry **at = bucket_of(table, entry->hash);
	while (*at != entry)
		at = &(*at)->chain;
	*at = entry->chain;
	age_remove(table, entry);
	table->count--;
}

void
table_renew(struct table *table, struct table_entry *entry)
{
	age_remove(table, entry);
	age_append(table, entry);
}
