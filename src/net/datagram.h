/*
 * datagram: one IP datagram that is being put together from fragments. It costs
 * memory for its octets up to the farthest seen, its pieces and a bit a unit.
 * Private to src/net; fragment.c keeps them by their keys.
 */
#ifndef RPCSCOPE_NET_DATAGRAM_H
#define RPCSCOPE_NET_DATAGRAM_H

#include <stdbool.h>

#include "limits.h"
#include "packet.h"
#include "spares.h"
#include "table.h"

/* Hashed and compared as octets: no padding. */
struct datagram_key {
	struct address source, destination;
	uint32_t identification;
	uint16_t
		protocol; /* IPv6: 0, only the first fragment's counts (RFC 8200 section 4.5) */
	uint16_t version;
};

_Static_assert(sizeof(struct datagram_key) == 40, "padding in a key");

enum { DATAGRAM_UNIT = 8 }; /* octets that a fragment's offset counts in */

/* Where the arrays of all datagrams come from and go back to. */
struct datagram_store {
	struct spares octets, pieces;
};

struct datagram {
	struct table_entry entry; /* first: see table.h */
	struct datagram_key key;
	int64_t start;    /* time of the first fragment seen */
	bool is_copy;     /* of a datagram just finished */
	bool ends;        /* the last fragment came: `length` is known */
	uint8_t protocol; /* IPv6: of the first fragment */
	uint32_t length;
	uint32_t reach; /* end of the fragment that reaches farthest */
	uint32_t cut;   /* first octet not at hand, UINT32_MAX for none */
	uint32_t units; /* bits set in `come` */
	struct datagram_store *store;
	uint8_t *octets;
	size_t capacity;
	struct extent *pieces; /* in order of arrival, until datagram_sort() */
	size_t piece_count, piece_capacity;
	uint64_t come[LIMIT_DATAGRAM_PIECES / 64];
};

/* Zeroed is ready but for this. */
static inline void
datagram_init(struct datagram *datagram, struct datagram_store *store)
{
	datagram->store = store;
	datagram->cut = UINT32_MAX;
}

void datagram_store_init(struct datagram_store *store);
void datagram_store_release(struct datagram_store *store);

void datagram_release(struct datagram *datagram);
/* Octets of memory that it holds. */
size_t datagram_size(const struct datagram *datagram);
/*
 * Takes a fragment that reaches no farther than LIMIT_DATAGRAM. False when it
 * contradicts what came before: that stays.
 */
bool datagram_take(struct datagram *datagram, const struct packet *packet);
/* Have all fragments come (if not all their octets, for the snap length)? */
bool datagram_whole(const struct datagram *datagram);
/* Brings the pieces in order; none stays that is behind the first octet missing. */
void datagram_sort(struct datagram *datagram);

#endif
