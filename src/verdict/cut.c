/*
 * cut: the rules are those of mount.nfs and the kernel: a mount goes on through
 * retries and from NFS 4.2 down to 3 until it is mounted or refused for good; then
 * the next question to the portmapper, the next MNT or the next client id begins
 * another. What an unmount asks belongs to the mount that it ends.
 */
#include "cut.h"
#include "numbers.h"

#include <string.h>

enum { LOOK_AHEAD = 40 };

static bool
is_mounted(const struct cutter *cutter)
{
	return cutter->so_far.mounted != NULL;
}

static bool
is_concluded(const struct cutter *cutter)
{
	return is_mounted(cutter) || cutter->refused || cutter->listed;
}

enum deed
cut_leads_to(const struct events *events, size_t from)
{
	for (size_t i = from; i < events->count && i < from + LOOK_AHEAD; i++) {
		const struct event *event = &events->at[i];
		if (event->deed == DEED_MNT || event->deed == DEED_UMNT ||
		    event->deed == DEED_EXPORT)
			return event->deed;
		if (event->deed == DEED_ASK && event->program == PROGRAM_NFS)
			return DEED_MNT;
	}
	return DEED_OTHER;
}

bool
cut_same_path(const struct judge *judge, const struct call *a, const struct call *b)
{
	const uint8_t *octets = judge->facts->octets;
	return a->path_length == b->path_length &&
	       (a->path_length == 0 ||
		memcmp(octets + a->path, octets + b->path, a->path_length) == 0);
}

/* The client id that a NULL call, or a connection, leads to at once; NULL for none. */
static const struct event *
coming_client_id(const struct events *events, size_t from)
{
	enum { STEPS = 8 };
	for (size_t i = from; i < events->count && i < from + STEPS; i++) {
		const struct event *event = &events->at[i];
		if (event->deed == DEED_SETUP && call_begins_client_id(event->call))
			return event;
	}
	return NULL;
}

/* The kernel asks where NFS is for each connection that it adds, or makes again: it then goes
 * on with calls; a command asks for mountd. */
bool
cut_is_rebind(const struct events *events, size_t from)
{
	const struct call *call = events->at[from].call;
	if (call->replies == 0 || !call->has_answer || call->answer == 0)
		return false;
	for (size_t i = from + 1; i < events->count && i < from + LOOK_AHEAD; i++) {
		const struct event *event = &events->at[i];
		if (event->deed == DEED_NFS || event->program == PROGRAM_NFS_ACL)
			return true;
		if (event->program != PROGRAM_NFS)
			return false;
	}
	return false;
}

/* After a mount that was left, or refused: a lower version is the same command's next try. */
static bool
begins_after_leaving(const struct cutter *cutter, size_t i)
{
	const struct event *setup = coming_client_id(cutter->events, i);
	if (cutter->so_far.mnt != NULL && cutter->refused && !cutter->granted && setup != NULL)
		return true; /* nobody goes from NFS 3 back to 4 */
	if (!cutter->left || cutter->recovers)
		return false;
	return is_mounted(cutter) ||
	       (cutter->denied && setup != NULL && setup->call->minor >= cutter->minor);
}

static bool
begins_by_probe(const struct cutter *cutter, size_t i)
{
	bool first = cutter->v3 && !cutter->v4 && cutter->events->at[i].call->version == 4;
	return begins_after_leaving(cutter, i) ||
	       (first && (is_mounted(cutter) ? coming_client_id(cutter->events, i) != NULL
					     : !cutter->other));
}

static bool
begins_by_mountd(const struct cutter *cutter, size_t i)
{
	if (!is_concluded(cutter))
		return false;
	return cut_leads_to(cutter->events, i) != DEED_UMNT;
}

static bool
begins_by_question(const struct cutter *cutter, size_t i)
{
	const struct event *event = &cutter->events->at[i];
	switch (event->program) {
	case PROGRAM_NLM:
	case PROGRAM_STATUS:
	case PROGRAM_RQUOTA:
		return false;
	case PROGRAM_MOUNT:
		return begins_by_mountd(cutter, i);
	case PROGRAM_NFS:
		return is_concluded(cutter) &&
		       !(is_mounted(cutter) && cut_is_rebind(cutter->events, i));
	default:
		return is_concluded(cutter);
	}
}

/* The handle that MNT gave is used before another is asked for. */
static bool
uses_handle(const struct events *events, size_t from)
{
	for (size_t i = from; i < events->count && i < from + LOOK_AHEAD; i++) {
		enum deed deed = events->at[i].deed;
		if (deed == DEED_NFS || deed == DEED_MNT)
			return deed == DEED_NFS;
	}
	return false;
}

/* No command begins so: a connection, a handle, a session, a root are what came before. */
static bool
goes_on(const struct cutter *cutter, size_t i)
{
	const struct event *event = &cutter->events->at[i];
	if (!is_concluded(cutter) && i > 0 && event[-1].contact == event->contact &&
	    event->contact->transport == TRANSPORT_TCP)
		return true;
	if (cutter->granted && !is_mounted(cutter) && uses_handle(cutter->events, i))
		return true;
	switch (event->deed) {
	case DEED_NFS:
	case DEED_WALK:
	case DEED_USE:
	case DEED_HIDDEN:
	case DEED_UNREAD:
	case DEED_LEAVE:
		return cutter->granted || cutter->v4;
	case DEED_SETUP:
		return cutter->v4 && !call_begins_client_id(event->call);
	default:
		return false;
	}
}

static bool
begins_after_pause(const struct cutter *cutter, size_t i)
{
	const struct event *event = &cutter->events->at[i];
	return event->time - cutter->last > PAUSE && !goes_on(cutter, i) &&
	       (!is_mounted(cutter) || event->deed == DEED_ASK || event->deed == DEED_MNT);
}

bool
cut_here(const struct cutter *cutter, size_t i)
{
	const struct event *event = &cutter->events->at[i];
	const struct event *mnt = cutter->so_far.mnt;
	bool nfs = event->program == PROGRAM_NFS;
	if (!cutter->any)
		return false;
	if (begins_after_pause(cutter, i))
		return true;
	switch (event->deed) {
	case DEED_ASK:
		return begins_by_question(cutter, i);
	case DEED_PORTMAP:
	case DEED_INDIRECT:
		return is_concluded(cutter);
	case DEED_MNT:
		return is_concluded(cutter) ||
		       (mnt != NULL &&
			!cut_same_path(cutter->so_far.judge, mnt->call, event->call));
	case DEED_EXPORT:
		return is_mounted(cutter) || cutter->refused;
	case DEED_PROBE:
		if (event->program == PROGRAM_MOUNT)
			return begins_by_mountd(cutter, i);
		if (event->program == PROGRAM_PORTMAPPER)
			return is_mounted(cutter) &&
			       cut_leads_to(cutter->events, i) == DEED_MNT;
		return nfs && begins_by_probe(cutter, i);
	case DEED_SETUP:
		return call_begins_client_id(event->call) &&
		       (begins_after_leaving(cutter, i) || (cutter->v3 && !cutter->v4));
	case DEED_ROOT:
		if (cutter->recovers)
			return false;
		/* (some clients begin each look-up at the root) */
		return cutter->used || (cutter->v3 && !cutter->v4) ||
		       (cutter->walked && event->call->path_length == 0);
	case DEED_OPEN:
		return nfs && begins_after_leaving(cutter, i);
	default:
		return false;
	}
}

/* RFC 7530 section 9.6.3, RFC 8881 section 8.4.2: what the client had there is gone. */
static bool
is_lost(const struct call *call)
{
	static const uint32_t results[] = {NFS4ERR_EXPIRED, NFS4ERR_STALE_CLIENTID,
					   NFS4ERR_STALE_STATEID, NFS4ERR_BADSESSION,
					   NFS4ERR_DEADSESSION};
	for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
		if (call->program == PROGRAM_NFS && call->version == 4 && call->replies != 0 &&
		    call->has_result && call->result == results[i])
			return true;
	}
	return false;
}

static void
after_mnt(struct cutter *cutter, const struct call *call)
{
	cutter->v3 = true;
	if (call->replies != 0 && call->status == STATUS_SUCCESS) {
		cutter->granted = !call->has_result || call->result == 0;
		cutter->refused = !cutter->granted;
	}
}

void
cut_begin(struct cutter *cutter, struct judge *judge, struct pair *pair,
	  const struct events *events, size_t i)
{
	*cutter = (struct cutter){.events = events,
				  .so_far = {.judge = judge,
					     .pair = pair,
					     .events = events->at + i,
					     .count = events->count - i}};
}

static void
note_recovery(struct cutter *cutter, const struct event *event, bool good)
{
	bool probe = event->deed == DEED_PROBE && event->program == PROGRAM_NFS;
	if (is_lost(event->call))
		cutter->recovers = true;
	else if (good && (event->deed == DEED_WALK || probe))
		cutter->recovers = false;
}

static void
after_nfs4(struct cutter *cutter, const struct event *event, bool good)
{
	const struct call *call = event->call;
	switch (event->deed) {
	case DEED_SETUP:
		cutter->v4 = true;
		if (call_begins_client_id(event->call))
			cutter->minor = call->minor;
		break;
	case DEED_ROOT:
		cutter->v4 = true;
		cutter->walked = call->path_length != 0;
		cutter->left = false;
		break;
	case DEED_WALK:
		cutter->refused = call->result != 0 && call->replies != 0;
		cutter->walked |= cutter->so_far.rooted && call->path_length != 0;
		break;
	case DEED_UNREAD:
		cutter->v4 = true;
		break;
	case DEED_USE:
	case DEED_HIDDEN:
		cutter->v4 = true;
		cutter->used |= good;
		break;
	case DEED_LEAVE:
		cutter->left = true;
		cutter->walked = false;
		cutter->denied |= cutter->refused; /* DESTROY_CLIENTID leaves again */
		cutter->refused = false;           /* a lower version may follow */
		break;
	default:
		break;
	}
}

void
cut_after(struct cutter *cutter, size_t i)
{
	const struct event *event = &cutter->events->at[i];
	const struct call *call = event->call;
	bool good = call != NULL && call->replies != 0 && call->status == STATUS_SUCCESS &&
		    (!call->has_result || call->result == 0);
	if (event->end > cutter->last || !cutter->any)
		cutter->last = event->end;
	cutter->any = true;
	mounted_note(&cutter->so_far, event);
	if (call == NULL)
		return;
	note_recovery(cutter, event, good);
	switch (event->deed) {
	case DEED_ASK:
		cutter->v3 |= event->program == PROGRAM_NFS;
		cutter->other |=
			event->program != PROGRAM_NFS && event->program != PROGRAM_MOUNT;
		break;
	case DEED_MNT:
		after_mnt(cutter, call);
		break;
	case DEED_EXPORT: /* libnfs asks for it between MNT and the first use */
		cutter->listed |= call->replies != 0 && !cutter->granted;
		break;
	case DEED_UMNT:
		cutter->listed = call->replies != 0;
		break;
	case DEED_NFS:
		cutter->v3 = true;
		break;
	case DEED_PROBE:
		if (event->program == PROGRAM_NFS)
			*(call->version == 4 ? &cutter->v4 : &cutter->v3) = true;
		break;
	default:
		after_nfs4(cutter, event, good);
		break;
	}
}
