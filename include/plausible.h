/*
 * plausible: do octets look like the beginning of an RPC record?
 *
 * The answer comes in three steps because a header may be split over segments:
 * no octet at hand contradicts it yet, but too few are at hand to be sure. An
 * answer "no" is final, whatever follows.
 */
#ifndef RPCSCOPE_PLAUSIBLE_H
#define RPCSCOPE_PLAUSIBLE_H

#include <stdbool.h>
#include <stdint.h>

enum plausible { PLAUSIBLE_NO, PLAUSIBLE_MAYBE, PLAUSIBLE_YES };

enum {
	PLAUSIBLE_TYPE = 8,    /* octets up to the message type, with it */
	PLAUSIBLE_LEAST = 12,  /* octets a record cut short is judged by at least */
	PLAUSIBLE_ENOUGH = 32, /* octets that are always enough for a yes or a no */
};

/* Of a record mark: the last fragment (RFC 5531 section 11). */
#define RECORD_LAST 0x80000000U

static inline uint32_t
plausible_word(const uint8_t *octets)
{
	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	       (uint32_t)octets[2] << 8 | octets[3];
}

/*
 * The first octets of a record without its mark, `captured` at hand of `length`.
 * `complete`: `length` is the whole record's, not only what is known so far.
 */
enum plausible plausible_header(const uint8_t *octets, uint32_t captured, uint32_t length,
				bool complete);
/*
 * A record mark and what follows, `size` octets at hand. `anywhere`: the place is
 * not special (not the start of a segment), so the mark has to be a last fragment's.
 */
enum plausible plausible_mark(const uint8_t *octets, uint32_t size, bool anywhere);

#endif
