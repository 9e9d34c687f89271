/*
 * uses: which events went well, and which of them only a mounted file system needs:
 * these show that the mount succeeded, though no packet says so.
 */
#include "judge.h"

uint32_t
event_program(const struct event *event)
{
	return event->call != NULL ? event->call->program : event->program;
}

bool
program_is_helper(uint32_t program)
{
	return program == PROGRAM_NLM || program == PROGRAM_STATUS || program == PROGRAM_RQUOTA;
}

bool
event_is_good(const struct event *event)
{
	const struct call *call = event->call;
	return call != NULL && call->replies != 0 && call->status == STATUS_SUCCESS &&
	       !call->reply_bad && !call->elsewhere && !call->incomplete &&
	       (!call->has_result || call->result == 0);
}

bool
call_is_unread(const struct call *call)
{
	return call->program == PROGRAM_NFS && call->version == 4 && call->procedure != 0 &&
	       call->op_count == 0 && call->call_cut;
}

bool
event_is_unread(const struct event *event)
{
	const struct contact_end *client = &event->contact->end[0],
				 *server = &event->contact->end[1];
	return event->deed == DEED_OPEN && client->octets != 0 && server->octets != 0 &&
	       !server->foreign;
}

/* RFC 2623 section 2.3.2: FSINFO is answered to a flavor that the export does not allow. */
static bool
is_allowance(const struct trial *trial, const struct event *event)
{
	enum { FSINFO = 19 };
	const struct call *call = event->call;
	if (call->procedure != FSINFO || call->version != 3 || call->gss ||
	    trial->mnt == NULL || trial->mnt->call->flavor_count == 0)
		return false;
	const struct call *mnt = trial->mnt->call;
	for (unsigned i = 0; i < mnt->flavor_count; i++) {
		if (mnt->flavors[i] == call->flavor)
			return false;
	}
	return mnt->flavor_count < CALL_FLAVORS;
}

/* A handle that had worked does not any more: what it is of was there, and then removed. */
static bool
is_worn_out(const struct trial *trial, const struct event *event)
{
	enum { AHEAD = 256, NFS4ERR_STALE = 70 };
	const struct call *call = event->call;
	if (event->deed != DEED_WALK || call->replies == 0 || call->reply_bad ||
	    !call->has_result || call->result != NFS4ERR_STALE || call->handle == 0)
		return false;
	for (const struct event *before = event;
	     before-- > trial->events && before + AHEAD > event;) {
		if (before->call != NULL && before->call->handle == call->handle &&
		    event_is_good(before))
			return true;
	}
	return false;
}

bool
event_is_use(const struct trial *trial, const struct event *event)
{
	enum { SETUP_PACKETS = 6 };
	if (event_is_unread(event) && event->program == PROGRAM_NFS)
		return trial->judge->facts->snapped &&
		       event->contact->end[1].packets > SETUP_PACKETS;
	/* Only what is mounted is opened or listed, whatever the answer then is. */
	if (event->deed == DEED_USE && event->call->replies == 0)
		return trial->rooted && event->call->op_count != 0;
	if (event->deed == DEED_USE)
		return event->call->replies != 0 && !event->call->reply_bad &&
		       (event->call->status == STATUS_SUCCESS ||
			event->call->status == STATUS_UNKNOWN);
	if (is_worn_out(trial, event))
		return trial->rooted;
	if (!event_is_good(event))
		return false;
	if (event->deed != DEED_NFS || is_allowance(trial, event))
		return false;
	/* (a handle that works was given, though the capture lacks the answer) */
	return trial->mnt == NULL || event_is_good(trial->mnt) ||
	       (trial->pair->gaps && trial->mnt->call->replies == 0);
}

/*
 * The client may not look up names in a directory on the way, and gives up: what follows at
 * once is the way out, another mount, or nothing. After a mount the same answer is to a
 * user, who took longer to ask.
 */
bool
event_is_barred(const struct trial *trial, const struct event *event)
{
	const struct event *end = trial->events + trial->count, *next = event + 1;
	if (event->deed != DEED_WALK || !event->call->barred || !event_is_good(event) ||
	    trial->pair->gaps)
		return false;
	for (const struct event *before = event; before > trial->events; before--) {
		if (before->time - before[-1].end > PAUSE_IN_WALK)
			return false;
		if (before[-1].call == NULL || before[-1].call->path_length != 0)
			break;
	}
	if (next < end)
		return next->deed == DEED_LEAVE && next->time - event->end < SECOND;
	return trial->followed || trial->judge->facts->last - event->end > PATIENCE ||
	       (event->contact->end[0].fin_frame > event->call->reply_frame &&
		event->contact->end[0].fin_time - event->end < SECOND);
}
