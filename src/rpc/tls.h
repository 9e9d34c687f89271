/*
 * tls: a direction that went over from RPC to TLS (RFC 9289): its records are
 * counted by their headers (RFC 8446 section 5.1), and nothing in them is looked
 * at. There is no way back. Private to src/rpc.
 */
#ifndef RPCSCOPE_TLS_H
#define RPCSCOPE_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"
#include "resync.h"

enum { TLS_HEADER = 5, TLS_BEGINNING = 4 };

/*
 * Do these TLS_BEGINNING octets, where a record mark should stand, begin TLS? They
 * can be no mark (LIMIT_RECORD_SANE). Until STARTTLS is seen only a handshake does,
 * in a direction that speaks RPC: the two directions may be captured out of step.
 */
bool tls_begins(const struct record_reader *reader, const uint8_t *octets);
/* The octets of the mark read so far are the first of TLS. */
void tls_enter(struct record_reader *reader);
void tls_push(struct record_reader *reader, struct piece *piece);
/* That many octets are missing. */
void tls_gap(struct record_reader *reader, uint32_t length);

#endif
