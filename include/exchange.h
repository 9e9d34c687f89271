/*
 * exchange: calls joined with their replies.
 *
 * Over TCP the key is the flow's incarnation, the direction and the xid; over
 * UDP the caller's address and port and the xid. Of several exchanges with one
 * key the server decides: a call is another one when it goes to another server;
 * a reply may come from another address or port than was asked, and one
 * broadcast call has many replies. An unanswered call is remembered for
 * LIMIT_CALL_AGE (steps of the clock and pauses not counted), an answered one, so that repeats
 * and duplicate replies are known, for LIMIT_ANSWERED_AGE (when many come LIMIT_ANSWERED_CALLS
 * of them, over TCP LIMIT_ANSWERED_TCP), and of one key LIMIT_NAMESAKES. A reply seen before
 * its call waits for it in the same way.
 */
#ifndef RPCSCOPE_EXCHANGE_H
#define RPCSCOPE_EXCHANGE_H

#include "bounds.h"
#include "counts.h"
#include "message.h"

struct exchanges;

struct exchanges *exchanges_new(struct counts *counts, const struct bounds *bounds);
void exchanges_free(struct exchanges *exchanges);
/*
 * Joins the message with what is known and sets its exchange members, and for a
 * reply the program, version and procedure of its call. Counts it.
 */
void exchanges_join(struct exchanges *exchanges, struct message *message);
/* What a reply learns from its call, where that came after it. */
void exchanges_explain(struct message *reply, const struct message *call);
/* The same for a message that an ICMP error quotes: says what it is a copy of, changes and
 * counts nothing. */
void exchanges_quote(struct exchanges *exchanges, struct message *message);
/* At the end: counts the calls never answered and the replies without a call, if the capture
 * was read to its end (`whole`). */
void exchanges_finish(struct exchanges *exchanges, bool whole);

#endif
