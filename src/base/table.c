/*
 * table: buckets of chained entries, doubled when there are more entries than
 * buckets, and one list through all entries from the oldest to the newest.
 *
 * The hash is XXH3 with a random seed: fast on keys of 40 octets, and traffic
 * that is made to collide cannot know the seed.
 */
#include "table.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "memory.h"

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
table_hash(const struct table *table, const void *key, size_t size)
{
	return XXH3_64bits_withSeed(key, size, table->seed);
}

static struct table_entry **
bucket_of(const struct table *table, uint64_t hash)
{
	return &table->buckets[hash & (table->bucket_count - 1)];
}

struct table_entry *
table_first(const struct table *table, uint64_t hash)
{
	struct table_entry *entry = *bucket_of(table, hash);
	while (entry != NULL && entry->hash != hash)
		entry = entry->chain;
	return entry;
}

struct table_entry *
table_next(const struct table_entry *entry)
{
	struct table_entry *next = entry->chain;
	while (next != NULL && next->hash != entry->hash)
		next = next->chain;
	return next;
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

static void
grow(struct table *table)
{
	free(table->buckets);
	table->bucket_count *= 2;
	table->buckets = memory_get(table->bucket_count * sizeof(struct table_entry *));
	for (struct table_entry *entry = table->oldest; entry != NULL; entry = entry->newer) {
		struct table_entry **bucket = bucket_of(table, entry->hash);
		entry->chain = *bucket;
		*bucket = entry;
	}
}

void
table_insert(struct table *table, struct table_entry *entry, uint64_t hash)
{
	if (table->count >= table->bucket_count)
		grow(table);
	struct table_entry **bucket = bucket_of(table, hash);
	entry->hash = hash;
	entry->chain = *bucket;
	*bucket = entry;
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
table_touch(struct table *table, struct table_entry *entry)
{
	if (table->newest == entry)
		return;
	age_remove(table, entry);
	age_append(table, entry);
}
