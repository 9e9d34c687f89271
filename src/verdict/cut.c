/*
 * cut: the rules are those of mount.nfs and the kernel: a mount goes on through
 * retries and from NFS 4.2 down to 3 until it is mounted or refused for good; then
 * the next question to the portmapper, the next MNT or the next client id begins
 * another. What an unmount asks belongs to the mount that it ends.
 */
#include "cut.h"

#include <string.h>

enum { LOOK_AHEAD = 40, OP_EXCHANGE_ID = 42, OP_SETCLIENTID = 35 };

static bool
is_concluded(const struct cutter *cutter)
{
	return cutter->mounted || cutter->refused || cutter->listed;
}

/* What the questions about mountd that begin here lead to; DEED_OTHER for nothing. */
static enum deed
look_ahead(const struct pair *pair, size_t from)
{
	for (size_t i = from; i < pair->events.count && i < from + LOOK_AHEAD; i++) {
		const struct event *event = &pair->events.at[i];
		if (event->deed == DEED_MNT || event->deed == DEED_UMNT ||
		    event->deed == DEED_EXPORT)
			return event->deed;
		if (event->deed == DEED_ASK && event->program == PROGRAM_NFS)
			return DEED_MNT;
	}
	return DEED_OTHER;
}

static bool
same_path(const struct judge *judge, const struct call *a, const struct call *b)
{
	const uint8_t *octets = judge->facts->octets;
	return a->path_length == b->path_length &&
	       (a->path_length == 0 ||
		memcmp(octets + a->path, octets + b->path, a->path_length) == 0);
}

static bool
begins_client_id(const struct event *event)
{
	for (unsigned i = 0; i < event->call->op_count; i++) {
		if (event->call->ops[i] == OP_EXCHANGE_ID ||
		    event->call->ops[i] == OP_SETCLIENTID)
			return true;
	}
	return false;
}

static bool
begins_by_mountd(const struct cutter *cutter, const struct pair *pair, size_t i)
{
	if (!is_concluded(cutter))
		return false;
	return look_ahead(pair, i) != DEED_UMNT;
}

static bool
begins_by_question(const struct cutter *cutter, const struct pair *pair, size_t i)
{
	const struct event *event = &pair->events.at[i];
	switch (event->program) {
	case PROGRAM_NLM:
	case PROGRAM_STATUS:
	case PROGRAM_RQUOTA:
		return false;
	case PROGRAM_MOUNT:
		return begins_by_mountd(cutter, pair, i);
	default:
		return is_concluded(cutter);
	}
}

/* The handle that MNT gave is used before another is asked for. */
static bool
uses_handle(const struct pair *pair, size_t from)
{
	for (size_t i = from; i < pair->events.count && i < from + LOOK_AHEAD; i++) {
		enum deed deed = pair->events.at[i].deed;
		if (deed == DEED_NFS || deed == DEED_MNT)
			return deed == DEED_NFS;
	}
	return false;
}

/* No command begins so: a connection, a handle, a session, a root are what came before. */
static bool
goes_on(const struct cutter *cutter, const struct pair *pair, size_t i)
{
	const struct event *event = &pair->events.at[i];
	if (!is_concluded(cutter) && i > 0 && event[-1].contact == event->contact &&
	    event->contact->transport == TRANSPORT_TCP)
		return true;
	if (cutter->mnt_ok && !cutter->mounted && uses_handle(pair, i))
		return true;
	switch (event->deed) {
	case DEED_NFS:
	case DEED_WALK:
	case DEED_USE:
	case DEED_HIDDEN:
	case DEED_UNREAD:
	case DEED_LEAVE:
		return cutter->mnt_ok || cutter->v4;
	case DEED_SETUP:
		return cutter->v4 && !begins_client_id(event);
	default:
		return false;
	}
}

bool
cut_here(const struct cutter *cutter, const struct judge *judge, const struct pair *pair,
	 size_t i)
{
	const struct event *event = &pair->events.at[i];
	bool nfs = event->program == PROGRAM_NFS;
	if (!cutter->any)
		return false;
	if (event->time - cutter->last > PAUSE && !goes_on(cutter, pair, i) &&
	    (!cutter->mounted || event->deed == DEED_ASK || event->deed == DEED_MNT))
		return true;
	switch (event->deed) {
	case DEED_ASK:
		return begins_by_question(cutter, pair, i);
	case DEED_PORTMAP:
	case DEED_INDIRECT:
		return is_concluded(cutter);
	case DEED_MNT:
		return is_concluded(cutter) ||
		       (cutter->mnt != NULL && !same_path(judge, cutter->mnt, event->call));
	case DEED_EXPORT:
		return cutter->mounted || cutter->refused;
	case DEED_PROBE:
		if (event->program == PROGRAM_MOUNT)
			return begins_by_mountd(cutter, pair, i);
		if (event->program == PROGRAM_PORTMAPPER)
			return cutter->mounted && look_ahead(pair, i) == DEED_MNT;
		return nfs && ((cutter->left && cutter->mounted) ||
			       (cutter->v3 && !cutter->v4 && event->call->version == 4 &&
				!cutter->mounted && !cutter->other));
	case DEED_SETUP:
		return begins_client_id(event) &&
		       ((cutter->left && cutter->mounted) || (cutter->v3 && !cutter->v4));
	case DEED_ROOT:
		return cutter->used || (cutter->v3 && !cutter->v4);
	case DEED_OPEN:
		return nfs && cutter->left && cutter->mounted;
	default:
		return false;
	}
}

static void
after_mnt(struct cutter *cutter, const struct call *call)
{
	cutter->v3 = true;
	cutter->mnt = call;
	if (call->replies != 0 && call->status == STATUS_SUCCESS) {
		cutter->mnt_ok = !call->has_result || call->result == 0;
		cutter->refused = !cutter->mnt_ok;
	}
}

void
cut_after(struct cutter *cutter, const struct event *event)
{
	const struct call *call = event->call;
	bool good = call != NULL && call->replies != 0 && call->status == STATUS_SUCCESS &&
		    (!call->has_result || call->result == 0);
	if (event->end > cutter->last || !cutter->any)
		cutter->last = event->end;
	cutter->any = true;
	if (call == NULL)
		return;
	switch (event->deed) {
	case DEED_ASK:
		cutter->asked_nfs |= event->program == PROGRAM_NFS;
		cutter->v3 |= event->program == PROGRAM_NFS;
		cutter->other |=
			event->program != PROGRAM_NFS && event->program != PROGRAM_MOUNT;
		break;
	case DEED_MNT:
		after_mnt(cutter, call);
		break;
	case DEED_EXPORT: /* libnfs asks for it between MNT and the first use */
		cutter->listed |= call->replies != 0 && !cutter->mnt_ok;
		break;
	case DEED_UMNT:
		cutter->listed = call->replies != 0;
		break;
	case DEED_NFS:
		cutter->v3 = true;
		cutter->mounted |= good;
		break;
	case DEED_PROBE:
		if (event->program == PROGRAM_NFS)
			*(call->version == 4 ? &cutter->v4 : &cutter->v3) = true;
		break;
	case DEED_SETUP:
		cutter->v4 = true;
		break;
	case DEED_ROOT:
		cutter->v4 = true;
		cutter->rooted |= good;
		cutter->left = false;
		break;
	case DEED_WALK:
		cutter->refused = call->result != 0 && call->replies != 0;
		break;
	case DEED_UNREAD:
		cutter->v4 = true;
		break;
	case DEED_USE:
	case DEED_HIDDEN:
		cutter->v4 = true;
		cutter->used |= good;
		cutter->mounted |= good;
		break;
	case DEED_LEAVE:
		cutter->left = true;
		cutter->mounted |= cutter->rooted && !cutter->refused;
		cutter->refused = false; /* a lower version may follow */
		break;
	default:
		break;
	}
}
