/*
 * exchange: calls joined with their replies.
 *
 * Over TCP the key is the flow's incarnation, the direction and the xid; over
 * UDP the caller's address and port, the port it called and the xid, because a
 * reply may come from another address than was asked, and one broadcast call
 * has many replies. A call is remembered until LIMIT_CALL_AGE after its last sight, its
 * answered state included, so that repeats and duplicate replies are known.
 * A reply seen before its call waits for it in the same way.
 */
#ifndef RPCSCOPE_EXCHANGE_H
#define RPCSCOPE_EXCHANGE_H

#include "counts.h"
#include "message.h"

struct exchanges;

struct exchanges *exchanges_new(struct counts *counts, uint32_t limit);
void exchanges_free(struct exchanges *exchanges);
/*
 * Joins the message with what is known and sets its exchange members, and for a
 * reply the program, version and procedure of its call. Counts it.
 */
void exchanges_join(struct exchanges *exchanges, struct message *message);
/* The same for a message that an ICMP error quotes: says what it is a copy of, changes and
 * counts nothing. */
void exchanges_quote(const struct exchanges *exchanges, struct message *message);
/* Counts the calls that were never answered and the replies without a call; at the end. */
void exchanges_finish(struct exchanges *exchanges);

#endif
