/*
 * memory: allocation, arena, pool.
 *
 * The arena is one block that has grown to the largest need seen; blocks it has
 * outgrown live until the next reset, because pointers into them are still in
 * use. A pool hands out objects from chunks and keeps those given back on a list
 * through their first word.
 */
#include "memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALIGNMENT = 16,
	ARENA_START = 16 * 1024,
	POOL_CHUNK = 64 * 1024, /* octets asked of malloc() at a time */
};

struct arena_block {
	struct arena_block *next;
	uint8_t *at;
};

struct pool_chunk {
	struct pool_chunk *next;
	void *padding; /* keeps the objects aligned */
};

static _Noreturn void
out_of_memory(void)
{
	fprintf(stderr, "rpcscope: %s\n", strerror(ENOMEM));
	exit(2); /* 1 is for what a command found in the traffic */
}

void *
memory_get(size_t size)
{
	void *at = calloc(1, size != 0 ? size : 1);
	if (at == NULL)
		out_of_memory();
	return at;
}

void *
memory_resize(void *at, size_t size)
{
	void *moved = realloc(at, size != 0 ? size : 1);
	if (moved == NULL)
		out_of_memory();
	return moved;
}

void *
memory_grow(void *array, size_t *capacity, size_t needed, size_t size)
{
	if (needed <= *capacity && array != NULL)
		return array;
	size_t wanted = *capacity != 0 ? *capacity : 16;
	while (wanted < needed) {
		if (wanted > SIZE_MAX / 2)
			out_of_memory();
		wanted *= 2;
	}
	if (wanted > SIZE_MAX / size)
		out_of_memory();
	*capacity = wanted;
	return memory_resize(array, wanted * size);
}

void
arena_init(struct arena *arena)
{
	*arena = (struct arena){0};
}

static void
arena_free_outgrown(struct arena *arena)
{
	while (arena->full != NULL) {
		struct arena_block *block = arena->full;
		arena->full = block->next;
		free(block->at);
		free(block);
	}
}

void
arena_release(struct arena *arena)
{
	arena_free_outgrown(arena);
	free(arena->at);
	*arena = (struct arena){0};
}

static void
arena_outgrow(struct arena *arena, size_t size)
{
	if (arena->at != NULL) {
		struct arena_block *block = memory_get(sizeof *block);
		*block = (struct arena_block){.next = arena->full, .at = arena->at};
		arena->full = block;
	}
	size_t capacity = arena->capacity != 0 ? arena->capacity : ARENA_START;
	while (capacity < size) {
		if (capacity > SIZE_MAX / 2)
			out_of_memory();
		capacity *= 2;
	}
	arena->at = memory_resize(NULL, capacity);
	arena->capacity = capacity;
	arena->used = 0;
}

void *
arena_get(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - ALIGNMENT)
		out_of_memory();
	size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (rounded > arena->capacity - arena->used)
		arena_outgrow(arena, rounded > arena->capacity ? rounded : arena->capacity * 2);
	void *at = arena->at + arena->used;
	arena->used += rounded;
	return at;
}

void
pool_init(struct pool *pool, size_t object_size)
{
	size_t size = object_size > sizeof(void *) ? object_size : sizeof(void *);
	*pool = (struct pool){.size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT};
}

void
pool_release(struct pool *pool)
{
	while (pool->chunks != NULL) {
		struct pool_chunk *chunk = pool->chunks;
		pool->chunks = chunk->next;
		free(chunk);
	}
	*pool = (struct pool){.size = pool->size};
}

static void
pool_refill(struct pool *pool)
{
	size_t count = POOL_CHUNK / pool->size != 0 ? POOL_CHUNK / pool->size : 1;
	struct pool_chunk *chunk = memory_resize(NULL, sizeof *chunk + count * pool->size);
	chunk->next = pool->chunks;
	pool->chunks = chunk;
	uint8_t *objects = (uint8_t *)(chunk + 1);
	for (size_t i = count; i > 0; i--) {
		void *object = objects + (i - 1) * pool->size;
		memcpy(object, &pool->free, sizeof pool->free);
		pool->free = object;
	}
}

void *
pool_get(struct pool *pool)
{
	if (pool->free == NULL)
		pool_refill(pool);
	void *object = pool->free;
	memcpy(&pool->free, object, sizeof pool->free);
	memset(object, 0, pool->size);
	pool->used++;
	return object;
}

void
pool_put(struct pool *pool, void *object)
{
	memcpy(object, &pool->free, sizeof pool->free);
	pool->free = object;
	pool->used--;
}
