/*
 * sorted: where something stands, or would stand, among items in order: what bsearch() does not
 * say when there are several, or none.
 */
#ifndef RPCSCOPE_SORTED_H
#define RPCSCOPE_SORTED_H

#include <stddef.h>
#include <stdint.h>

/* How many of the items, `size` octets each, stand before `key`. compare(key, item) is as for
 * bsearch(). */
static inline size_t
sorted_place(const void *key, const void *items, size_t count, size_t size,
	     int (*compare)(const void *key, const void *item))
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(key, (const uint8_t *)items + middle * size) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
