/*
 * hash: the hash of a table's keys, to be compiled into its user where the size of
 * the key is a constant: then it is a handful of multiplications.
 *
 * XXH3 with the table's random seed: fast on short keys, and traffic that is made to
 * collide cannot know the seed.
 */
#ifndef RPCSCOPE_HASH_H
#define RPCSCOPE_HASH_H

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "table.h"

/* The same value as table_hash(). */
static inline uint64_t
hash_key(const struct table *table, const void *key, size_t size)
{
	return XXH3_64bits_withSeed(key, size, table->seed);
}

#endif
