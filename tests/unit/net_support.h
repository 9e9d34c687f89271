/*
 * net_support: what the tests of the net stages share: octets that grow, a page
 * behind which nothing can be read, and random numbers that come again.
 */
#ifndef RPCSCOPE_TESTS_NET_SUPPORT_H
#define RPCSCOPE_TESTS_NET_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "random_support.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct buffer {
	bool big_endian; /* of put16() and so on; network order is big-endian */
	size_t size;
	uint8_t at[1 << 18];
};

static inline void
put(struct buffer *buffer, const void *octets, size_t count)
{
	assert_true(count <= sizeof buffer->at - buffer->size);
	if (count > 0)
		memcpy(buffer->at + buffer->size, octets, count);
	buffer->size += count;
}

static inline void
put_fill(struct buffer *buffer, uint8_t octet, size_t count)
{
	assert_true(count <= sizeof buffer->at - buffer->size);
	memset(buffer->at + buffer->size, octet, count);
	buffer->size += count;
}

static inline void
put_number(struct buffer *buffer, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++) {
		unsigned shift = (buffer->big_endian ? size - 1 - i : i) * 8;
		put(buffer, &(uint8_t){(uint8_t)(value >> shift)}, 1);
	}
}

static inline void
put8(struct buffer *buffer, unsigned value)
{
	put_number(buffer, value, 1);
}

static inline void
put16(struct buffer *buffer, unsigned value)
{
	put_number(buffer, value, 2);
}

static inline void
put32(struct buffer *buffer, uint32_t value)
{
	put_number(buffer, value, 4);
}

static inline void
put64(struct buffer *buffer, uint64_t value)
{
	put_number(buffer, value, 8);
}

/* Pages, the last of which may not be touched. */
struct guard {
	uint8_t *pages, *wall;
	size_t size;
};

static inline struct guard
guard_make(size_t room)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct guard guard = {.size = (room + page - 1) / page * page + page};
	void *pages = mmap(NULL, guard.size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(pages != MAP_FAILED);
	guard.pages = pages;
	guard.wall = guard.pages + guard.size - page;
	assert_int_equal(mprotect(guard.wall, page, PROT_NONE), 0);
	return guard;
}

/* The octets, the last of them right before the wall. */
static inline const uint8_t *
guard_place(const struct guard *guard, const void *octets, size_t size)
{
	assert_true(size <= (size_t)(guard->wall - guard->pages));
	if (size > 0)
		memcpy(guard->wall - size, octets, size);
	return guard->wall - size;
}

static inline void
guard_release(const struct guard *guard)
{
	munmap(guard->pages, guard->size);
}

#endif
