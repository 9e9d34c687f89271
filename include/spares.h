/*
 * spares: arrays that grow by doubling, given back to be used again.
 *
 * Where many arrays come and go, each as large as what it holds: what was outgrown or is done
 * with is kept, by its size, so that the next one asks for no memory. As an array is never
 * larger than memory_grow() would make it, what is charged for it does not depend on what
 * there was before.
 */
#ifndef RPCSCOPE_SPARES_H
#define RPCSCOPE_SPARES_H

#include <stddef.h>

enum {
	SPARES_SIZES = 15,         /* of 16 items, of 32 ... */
	SPARES_OCTETS = 256 << 10, /* kept of each size; an array larger than that never is */
};

struct spares {
	size_t size; /* octets an item */
	struct {
		void *first; /* linked through their first word */
		size_t count;
	} kept[SPARES_SIZES];
};

void spares_init(struct spares *spares, size_t item_size);
void spares_release(struct spares *spares);
/* Grows an array (NULL: none yet) so that it holds at least `needed` items. */
__attribute__((returns_nonnull)) void *spares_grow(struct spares *spares, void *array,
						   size_t *capacity, size_t needed);
/* Gives it back; NULL is none. */
void spares_put(struct spares *spares, void *array, size_t capacity);

#endif
