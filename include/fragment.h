/*
 * fragment: IP fragments of both families put together into datagrams.
 *
 * Any order, duplicates, overlap (the first octets seen stay, as RFC 791's
 * example does not demand otherwise; other octets are counted as malformed), loss
 * (LIMIT_FRAGMENT_AGE, LIMIT_FRAGMENT_OCTETS: oldest first out), and fragments
 * that the snap length cut: the datagram then ends at the first octet missing.
 * RFC 791 section 3.2, RFC 8200 section 4.5, RFC 5722, RFC 815.
 */
#ifndef RPCSCOPE_FRAGMENT_H
#define RPCSCOPE_FRAGMENT_H

#include <stdbool.h>

#include "counts.h"
#include "packet.h"

struct fragments;

/* `limit`: octets held in all; LIMIT_FRAGMENT_OCTETS as a rule. */
struct fragments *fragments_new(struct counts *counts, uint32_t limit);
void fragments_free(struct fragments *fragments);

/*
 * Takes a packet whose ip.fragmented is set and whose datagram points at the
 * fragment's payload. True when that completed a datagram: the packet's
 * datagram, its lengths and pieces then describe the whole, valid until the
 * next call. A piece's `offset` is in the datagram.
 */
bool fragments_push(struct fragments *fragments, struct packet *packet);

/* Counts what never came together; call once at the end of the capture. */
void fragments_finish(struct fragments *fragments);

#endif
