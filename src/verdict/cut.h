/*
 * cut: where the events of one command end and those of the next begin; private to
 * src/verdict.
 */
#ifndef RPCSCOPE_CUT_H
#define RPCSCOPE_CUT_H

#include "judge.h"

/* What is known of the trial so far. */
struct cutter {
	bool any, v3, v4, asked_nfs, mounted, mnt_ok, refused, listed, left, used, rooted,
		walked,   /* looked for names, from the root */
		recovers, /* the server does not know the client any more: it makes itself known
			   */
		denied,   /* the walk failed, and the client left */
		other;
	uint8_t minor; /* of the last client id */
	const struct call *mnt;
	int64_t last;
};

#define PAUSE (60 * SECOND) /* mount.nfs waits at most 30 s between its tries */

/* Does the event at `i` begin the next trial? */
bool cut_here(const struct cutter *cutter, const struct judge *judge,
	      const struct events *events, size_t i);
/* Is that question for NFS the kernel's, for a connection of a mount that is in use? */
bool cut_is_rebind(const struct events *events, size_t i);
/* What the questions about mountd that begin at `from` lead to; DEED_OTHER for nothing. */
enum deed cut_leads_to(const struct events *events, size_t from);
void cut_after(struct cutter *cutter, const struct event *event);

#endif
