/*
 * uses: which events went well, and which of them only a mounted file system needs:
 * these show that the mount succeeded, though no packet says so.
 */
#include "judge.h"

enum { GETPORT = 3 /* also GETADDR */, MOUNT_MNT = 1, NFS_GETATTR = 1, NFS_FSINFO = 19 };

/* Does a success of that call come with a word of the program's own? */
static bool
has_word(const struct call *call)
{
	if (call->program == PROGRAM_PORTMAPPER)
		return call->procedure == GETPORT;
	return (call->program == PROGRAM_MOUNT && call->procedure == MOUNT_MNT) ||
	       (call->program == PROGRAM_NFS && call->procedure != 0);
}

/* The snap length took what decides of the answer. */
static bool
is_answer_unread(const struct call *call)
{
	bool word = call->program == PROGRAM_PORTMAPPER ? call->has_answer : call->has_result;
	if (call->replies == 0 || !call->cut)
		return false;
	return call->status == STATUS_UNKNOWN ||
	       (call->status == STATUS_SUCCESS && has_word(call) && !word);
}

bool
event_is_good(const struct event *event)
{
	const struct call *call = event->call;
	return call != NULL && call->replies != 0 && call->status == STATUS_SUCCESS &&
	       !call->reply_bad && !call->elsewhere && !call->incomplete && !call->answer_bad &&
	       (!call->has_result || call->result == 0) && !is_answer_unread(call);
}

/* Whom the portmapper was asked for is cut off. */
static bool
is_question_unread(const struct call *call)
{
	return call->program == PROGRAM_PORTMAPPER && call->procedure == GETPORT &&
	       call->call_cut && !call->asks;
}

bool
call_is_unread(const struct call *call)
{
	return deed_of(call) == DEED_UNREAD || is_question_unread(call) ||
	       is_answer_unread(call);
}

/* RFC 1094 section 2.2, RFC 1813 section 3.3 */
bool
call_is_first_use(const struct call *call)
{
	enum { STATFS = 17, FSSTAT = 18, PATHCONF = 20 };
	return call->procedure == NFS_GETATTR || call->procedure == FSSTAT ||
	       call->procedure == NFS_FSINFO || call->procedure == PATHCONF ||
	       (call->version == 2 && call->procedure == STATFS);
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
	const struct call *call = event->call;
	if (call->procedure != NFS_FSINFO || call->version != 3 || call->gss ||
	    trial->mnt == NULL || trial->mnt->call->flavor_count == 0)
		return false;
	const struct call *mnt = trial->mnt->call;
	for (unsigned i = 0; i < mnt->flavor_count; i++) {
		if (mnt->flavors[i] == call->flavor)
			return false;
	}
	return mnt->flavor_count < CALL_FLAVORS;
}

/* MNT gave one, or the capture lacks what it answered. */
static bool
trial_has_handle(const struct trial *trial)
{
	return trial->mnt == NULL || event_is_good(trial->mnt) ||
	       is_answer_unread(trial->mnt->call) ||
	       (trial->pair->gaps && trial->mnt->call->replies == 0);
}

bool
event_is_use(const struct trial *trial, const struct event *event)
{
	/* Only what is mounted is opened or listed, whatever the answer then is. */
	if (event->deed == DEED_USE)
		return event->call->replies != 0 && !event->call->reply_bad &&
		       (event->call->status == STATUS_SUCCESS ||
			event->call->status == STATUS_UNKNOWN);
	if (event->deed == DEED_NFS && is_answer_unread(event->call) && trial_has_handle(trial))
		return !call_is_first_use(event->call);
	if (!event_is_good(event))
		return false;
	if (event->deed == DEED_HIDDEN)
		return true;
	if (event->deed != DEED_NFS || is_allowance(trial, event))
		return false;
	/* of what the handle is cannot be told */
	if (call_is_first_use(event->call) && (event->call->cut || event->call->call_cut))
		return false;
	return trial_has_handle(trial);
}

bool
trial_spoke_unread(const struct trial *trial, const struct event *before)
{
	enum { BACK = 256 };
	const struct event *event = before;
	for (unsigned i = 0; trial->unread && i < BACK && event-- > trial->events; i++) {
		if (event->program != PROGRAM_NFS)
			continue;
		if (event->call != NULL ? call_is_unread(event->call) : event_is_unread(event))
			return true;
	}
	return false;
}
