/*
 * cut: where the events of one command end and those of the next begin; private to
 * src/verdict.
 */
#ifndef RPCSCOPE_CUT_H
#define RPCSCOPE_CUT_H

#include "judge.h"

/*
 * What is known of the trial so far. Each flag stands by the deed that sets it, and what it
 * is asked for:
 *
 *   deed         sets                                clears           the next is cut by
 *   ASK          v3 (for NFS), other                                  concluded
 *   PROBE        v3 or v4 (of NFS)                   recovers         see begins_by_probe()
 *   MNT          v3, granted or refused                               concluded, another path
 *   EXPORT       listed, unless MNT was granted                       mounted, refused
 *   UMNT         listed
 *   SETUP        v4, minor                                            left, v3 without v4
 *   ROOT         v4, walked                          left             used, walked
 *   WALK         refused or not, walked              recovers
 *   USE          v4, used
 *   LEAVE        left, denied (it was refused)       walked, refused
 *   any          recovers (the server lost its state)                 a pause
 *
 * Concluded is what is mounted, refused or listed; mounted is what mounted.c says.
 */
struct cutter {
	struct trial so_far; /* as mounted.c knows it */
	const struct events *events;
	bool any;
	bool v3, v4;   /* of NFS: tried */
	bool other;    /* other programs were asked for: rpcinfo */
	bool granted;  /* by MNT */
	bool refused;  /* by MNT, or by the last step of a walk */
	bool denied;   /* it was when the client left */
	bool listed;   /* a list was given, or it was unmounted: done */
	bool walked;   /* names were looked up, from the root */
	bool used;     /* by NFS 4 */
	bool left;     /* the session, or client id, was given up */
	bool recovers; /* the server does not know the client any more: it makes itself known */
	uint8_t minor; /* of the last client id */
	int64_t last;
};

/* The trial begins with the event at `i`. */
void cut_begin(struct cutter *cutter, struct judge *judge, struct pair *pair,
	       const struct events *events, size_t i);
/* Does the event at `i` begin the next trial? */
bool cut_here(const struct cutter *cutter, size_t i);
/* The event at `i` belongs to this one. */
void cut_after(struct cutter *cutter, size_t i);
/* Do both calls name the same path, or neither one? */
bool cut_same_path(const struct judge *judge, const struct call *a, const struct call *b);
/* Is that question for NFS the kernel's, for a connection of a mount that is in use? */
bool cut_is_rebind(const struct events *events, size_t i);
/* What the questions about mountd that begin at `from` lead to; DEED_OTHER for nothing. */
enum deed cut_leads_to(const struct events *events, size_t from);

#endif
