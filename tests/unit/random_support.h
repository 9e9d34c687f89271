/* random_support: random numbers that come again on every machine. */
#ifndef RPCSCOPE_TESTS_RANDOM_SUPPORT_H
#define RPCSCOPE_TESTS_RANDOM_SUPPORT_H

#include <stdint.h>

/* xorshift64*: the seed must not be 0. */
static inline uint32_t
random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * UINT64_C(2685821657736338717)) >> 32);
}

static inline uint32_t
random_below(uint64_t *state, uint32_t bound)
{
	return random_next(state) % bound;
}

#endif
