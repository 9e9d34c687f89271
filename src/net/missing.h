/*
 * missing: the holes that a stream has given up, and what still comes for them. Private to
 * src/net/stream.c and src/net/missing.c.
 */
#ifndef RPCSCOPE_NET_MISSING_H
#define RPCSCOPE_NET_MISSING_H

#include "stream.h"

/* Remembers a hole that was given up; the oldest is forgotten. */
void missing_add(struct stream *stream, uint32_t from, uint32_t to);
/* Octets [from, to) of the range have come after all: keeps what is still missing. */
void missing_fill(struct stream *stream, unsigned index, uint32_t from, uint32_t to);
void missing_remove(struct stream *stream, unsigned index);

#endif
