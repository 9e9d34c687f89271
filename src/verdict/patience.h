/*
 * patience: every time that the rules weigh, with where it comes from; private to
 * src/verdict. What is known of mount.nfs and rpcinfo is nfs-utils 2.6 and
 * libtirpc 1.3, of the kernel Linux 6.
 *
 * A silence counts only when the capture goes on for longer than a client is known to
 * wait before it asks again; a time between two packets only when the capture's clock
 * ran evenly between them (facts_clock.c).
 */
#ifndef RPCSCOPE_PATIENCE_H
#define RPCSCOPE_PATIENCE_H

#include "limits.h"

/*
 * Unanswered for so long: given up on. RFC 6298 section 2 lets TCP ask again after 1 s, and
 * after 2 s more; RPC over UDP after 1.1 s (Linux) or 1 to 3 s (libtirpc).
 */
#define PATIENCE (5 * SECOND / 2)
/* So many sendings of one thing say the same, however fast they were. */
enum { ENOUGH_TRIES = 3 };

/* In use, then silent while TCP asked again after 1 s and 3 s: the server is not busy, but
 * away. */
#define SILENCE (5 * SECOND)

/* Half closed for longer than this is told: a close takes milliseconds, an application may be
 * busy for a second ... */
#define STUCK (2 * SECOND)
/* ... but that it never closes is sure only when it had this long. */
#define STUCK_FOR_SURE (30 * SECOND)

/* mount.nfs ends milliseconds after it knows that it cannot go on: nothing came for that long,
 * and for four times what a turn takes. */
#define QUIET       (SECOND / 8)
#define QUIET_TURNS 4

/* mount.nfs asks for mountd as soon as NFS has answered; people and rpcinfo take longer. */
#define AT_ONCE (SECOND / 5)
/* The kernel walks a path without a pause; a user who looks for a name takes longer. */
#define PAUSE_IN_WALK (SECOND / 5)
/* Who mounts something does not give it back sooner. */
#define BRIEF SECOND
/* mount.nfs waits at most 30 s between its tries: what comes later is another command. */
#define PAUSE (60 * SECOND)

/* MNT took long for people: mount.nfs sends it again after 3 s (UDP). */
#define SLOW_MNT (3 * SECOND)
/* Slower than the first repeat of everything: 1 s. */
#define SLOW_TURN (9 * SECOND / 10)

/* A SYN that met an old connection is over at once (RFC 5961 section 4.2); with its first two
 * repeats lost it takes 3 s. */
#define DELAYED (3 * SECOND)
/* Not used for so long: a reset tells that the connection was gone before. */
#define IDLE (10 * SECOND)
/* RFC 9293 section 3.4.2: 2 MSL */
#define PILE_TIME (240 * SECOND)

/* RFC 7530 section 9.5 leaves the lease to the server: 90 s on Linux; the shortest in use is
 * longer than most silences ... */
#define LEASE (60 * SECOND)
/* ... and one this short may have ended where the server is known to live on. */
#define SHORT_LEASE (5 * SECOND)

/* An address that is another host's so soon was moved, not given anew after a repair. */
#define MOVING (10 * SECOND)

/* Octets that come later than this were sent again: the shortest repeat of TCP is 0.2 s. */
#define LATE_HOLE (SECOND / 10)
/* Packets that changed places on their way are not farther apart. */
#define SWAPPED (SECOND / 100)
/* Fragments of one datagram leave together; what is not there by then was lost. */
#define TORN (SECOND / 2)
/* Two events so close belong together: the first repeat of nearly everything is 1 s away. */
#define NEARBY SECOND

#endif
