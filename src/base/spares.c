/*
 * A list for each capacity that memory_grow() gives: 16 items doubled so many times. The last
 * given back is the first used again, as it may still be in the processor's cache.
 */
#include "spares.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { SMALLEST = 16 }; /* items of the first array, as memory_grow() makes it */

void
spares_init(struct spares *spares, size_t item_size)
{
	*spares = (struct spares){.size = item_size};
}

void
spares_release(struct spares *spares)
{
	for (size_t i = 0; i < SPARES_SIZES; i++) {
		while (spares->kept[i].first != NULL) {
			void *array = spares->kept[i].first;
			memcpy(&spares->kept[i].first, array, sizeof(void *));
			free(array);
		}
	}
	*spares = (struct spares){.size = spares->size};
}

/* Which list is for arrays that hold so many; SPARES_SIZES when they are larger than all. */
static size_t
list_of(size_t needed)
{
	size_t list = 0;
	while (list < SPARES_SIZES && (size_t)SMALLEST << list < needed)
		list++;
	return list;
}

/* An array kept that holds at least so many; NULL for none. */
static void *
spares_take(struct spares *spares, size_t *capacity, size_t needed)
{
	size_t list = list_of(needed);
	if (list == SPARES_SIZES || spares->kept[list].first == NULL)
		return NULL;
	void *array = spares->kept[list].first;
	memcpy(&spares->kept[list].first, array, sizeof(void *));
	spares->kept[list].count--;
	*capacity = (size_t)SMALLEST << list;
	return array;
}

void *
spares_grow(struct spares *spares, void *array, size_t *capacity, size_t needed)
{
	if (array != NULL && needed <= *capacity)
		return array;
	size_t larger;
	void *other = spares_take(spares, &larger, needed);
	if (other == NULL)
		return memory_grow(array, capacity, needed, spares->size);
	if (array != NULL)
		memcpy(other, array, *capacity * spares->size);
	spares_put(spares, array, *capacity);
	*capacity = larger;
	return other;
}

void
spares_put(struct spares *spares, void *array, size_t capacity)
{
	size_t list = list_of(capacity);
	if (array == NULL)
		return;
	if (list == SPARES_SIZES ||
	    (spares->kept[list].count + 1) * capacity * spares->size > SPARES_OCTETS) {
		free(array);
		return;
	}
	memcpy(array, &spares->kept[list].first, sizeof(void *));
	spares->kept[list].first = array;
	spares->kept[list].count++;
}
