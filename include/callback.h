/*
 * callback: which programs are NFS version 4 callbacks, because a client said so.
 *
 * A client chooses the number of its callback program and announces it: in SETCLIENTID with
 * the address to call (RFC 7530 section 16.33), in CREATE_SESSION and BACKCHANNEL_CTL for the
 * connections of the session (RFC 8881 sections 18.36 and 18.33). What is announced says how
 * a call is described, never whether one is seen. At most LIMIT_CALLBACKS, the oldest goes
 * first and is counted.
 */
#ifndef RPCSCOPE_CALLBACK_H
#define RPCSCOPE_CALLBACK_H

#include "bounds.h"
#include "counts.h"
#include "decode.h"

/* Numbers that a program may choose for itself (RFC 5531 section 8.4). */
enum { TRANSIENT_FIRST = 0x40000000, TRANSIENT_COUNT = 0x20000000 };

struct callbacks;

struct callbacks *callbacks_new(const struct decoder *decoder, struct counts *counts,
				const struct bounds *bounds);
void callbacks_free(struct callbacks *callbacks);
/* Of a call: remembers what it announces, sets message->callback if it was announced. */
void callbacks_take(struct callbacks *callbacks, struct message *message);

#endif
