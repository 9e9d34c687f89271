/*
 * table: an open-addressed array of slots, a slot for each hash in it, and one list
 * through all entries from the oldest to the newest.
 *
 * A slot holds the hash beside the entry, because the entries of a large table are
 * mostly not in the processor's cache: a search touches none but those of its hash.
 * At most three eighths of the slots are in use; a search goes on from slot to slot to the
 * first free one, so taking a slot out moves those behind it up. Entries of equal
 * hash, mostly those of one key, are chained from the newest on.
 */
#include "table.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "hash.h"
#include "memory.h"

enum { FIRST_SLOTS = 64 };

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
	*table = (struct table){.slot_count = FIRST_SLOTS, .seed = random_seed()};
	table->slots = memory_get(FIRST_SLOTS * sizeof *table->slots);
}

void
table_release(struct table *table)
{
	free(table->slots);
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

static void
grow(struct table *table)
{
	struct table_slot *before = table->slots;
	size_t count = table->slot_count;
	table->slot_count *= 2;
	table->slots = memory_get(table->slot_count * sizeof *table->slots);
	for (size_t i = 0; i < count; i++) {
		if (before[i].newest != NULL)
			*table_slot(table, before[i].hash) = before[i];
	}
	free(before);
}

void
table_insert(struct table *table, struct table_entry *entry, uint64_t hash)
{
	if (table->count >= table->slot_count / 8 * 3)
		grow(table);
	struct table_slot *slot = table_slot(table, hash);
	entry->hash = hash;
	entry->chain = slot->newest;
	*slot = (struct table_slot){hash, entry};
	age_append(table, entry);
	table->count++;
}

/* Makes the slot free, and fills the gap from behind with what was put there for lack of it. */
static void
slot_free(struct table *table, struct table_slot *slot)
{
	size_t mask = table->slot_count - 1, gap = (size_t)(slot - table->slots);
	for (size_t i = (gap + 1) & mask; table->slots[i].newest != NULL; i = (i + 1) & mask) {
		size_t home = table->slots[i].hash & mask;
		if (((i - home) & mask) < ((i - gap) & mask))
			continue; /* a search for it begins behind the gap */
		table->slots[gap] = table->slots[i];
		gap = i;
	}
	table->slots[gap].newest = NULL;
}

void
table_remove(struct table *table, struct table_entry *entry)
{
	struct table_slot *slot = table_slot(table, entry->hash);
	struct table_entry **at = &slot->newest;
	while (*at != NULL && *at != entry)
		at = &(*at)->chain;
	if (*at != NULL)
		*at = entry->chain;
	if (slot->newest == NULL)
		slot_free(table, slot);
	age_remove(table, entry);
	table->count--;
}

void
table_renew(struct table *table, struct table_entry *entry)
{
	age_remove(table, entry);
	age_append(table, entry);
}

void
table_foresee(const struct table *table)
{
	const struct table_entry *oldest = table->oldest;
	if (oldest == NULL)
		return;
	table_expect(table, oldest->hash);
	if (oldest->newer != NULL)
		__builtin_prefetch(oldest->newer, 1);
}
