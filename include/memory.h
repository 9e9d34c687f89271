/*
 * memory: allocation that does not fail, an arena, and pools of equal objects.
 *
 * Running out of memory is the machine's error: one line to standard error and
 * exit status 2. Nothing in the steady state allocates per packet or message.
 */
#ifndef RPCSCOPE_MEMORY_H
#define RPCSCOPE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

__attribute__((returns_nonnull)) void *memory_get(size_t size); /* zeroed; free() it */
/* Zeroes what is of a size known to the compiler: piece by piece, because for all of it the
 * compiler would take an instruction that is slow to start, and the library's function has to
 * find out what the compiler knows. */
static inline void
memory_clear(void *at, size_t size)
{
	enum { PIECE = 64 };
	uint8_t *octets = at;
#pragma GCC unroll 16
	for (; size >= PIECE; size -= PIECE, octets += PIECE)
		memset(octets, 0, PIECE);
	memset(octets, 0, size);
}
__attribute__((returns_nonnull)) void *memory_resize(void *at,
						     size_t size); /* realloc(), or exit */
/* Grows an array of `size`-octet items so that it holds at least `needed`; doubles. */
__attribute__((returns_nonnull)) void *memory_grow(void *array, size_t *capacity, size_t needed,
						   size_t size);

/* Bump allocation, all given back at once by arena_release(). */
struct arena {
	uint8_t *at; /* the last and largest block */
	size_t used, capacity;
	struct arena_block *full; /* blocks outgrown */
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena);
__attribute__((returns_nonnull)) void *arena_get(struct arena *arena,
						 size_t size); /* aligned to 16, not zeroed */

/* Objects of one size, given back to be used again; memory goes back at pool_release(). */
struct pool {
	size_t size; /* octets an object */
	void *free;  /* given back, linked through their first word */
	struct pool_chunk *chunks;
	size_t used; /* objects handed out now */
};

void pool_init(struct pool *pool, size_t object_size);
void pool_release(struct pool *pool);
__attribute__((returns_nonnull)) void *pool_get(struct pool *pool); /* zeroed */
void pool_put(struct pool *pool, void *object);

#endif
