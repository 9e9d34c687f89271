/*
 * mounted: the one place that says what counts as mounted, though no packet says so: a call
 * that only a mounted file system needs; a walk to the path that was then left in order, or
 * kept while another mount began. It is asked event by event, by what cuts trials as by what
 * judges them, so that both mean the same.
 */
#include "judge.h"
#include "numbers.h"

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
		if (mnt->more->flavors[i] == call->flavor)
			return false;
	}
	return mnt->flavor_count < CALL_FLAVORS;
}

/* A handle that had worked does not any more: what it is of was there, and then removed. */
static bool
is_worn_out(const struct trial *trial, const struct event *event)
{
	enum { AHEAD = 256 };
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
event_needs_mount(const struct event *event)
{
	/* Only what is mounted is opened or listed, whatever the answer then is. */
	if (event->deed == DEED_USE)
		return event->call->replies != 0 && !event->call->reply_bad &&
		       (event->call->status == STATUS_SUCCESS ||
			event->call->status == STATUS_UNKNOWN);
	if (event->deed == DEED_HIDDEN)
		return event_is_good(event);
	if (event->deed != DEED_NFS)
		return false;
	/* What an unread answer says of the handle, or of what it is of, cannot be told; that
	 * more than that was asked shows that it was mounted. */
	if (call_lacks_answer(event->call))
		return !call_is_first_use(event->call);
	if (call_is_first_use(event->call) && (event->call->cut || event->call->call_cut))
		return false;
	return event_is_good(event);
}

/* MNT gave one, or the capture lacks what it answered. */
static bool
has_handle(const struct trial *trial)
{
	return trial->mnt == NULL || event_is_good(trial->mnt) ||
	       call_lacks_answer(trial->mnt->call) ||
	       (trial->pair->gaps && trial->mnt->call->replies == 0);
}

/* Does the event show that the file system is mounted? */
static bool
is_use(const struct trial *trial, const struct event *event)
{
	const struct call *call = event->call;
	if (call == NULL) /* DEED_OPEN: nothing was asked yet */
		return false;
	if (event->deed == DEED_USE && call->replies == 0)
		return trial->rooted && call->op_count != 0;
	if (is_worn_out(trial, event))
		return trial->rooted;
	if (!event_needs_mount(event))
		return false;
	if (event->deed == DEED_USE || event->deed == DEED_HIDDEN)
		return true;
	return !is_allowance(trial, event) && has_handle(trial);
}

/* What was walked to, and then left in order or kept while another mount began. */
static void
note_arrival(struct trial *trial)
{
	const struct event *walk = trial->last_walk;
	if (trial->rooted && walk != NULL && event_is_good(walk) &&
	    walk->call->file_type != 1 && !event_is_barred(trial, walk) && !trial->unread)
		trial->mounted = walk;
}

/* Encrypted, and over as fast as a refusal: it may have been one. */
static void
note_farewell(struct trial *trial, const struct event *event)
{
	note_arrival(trial);
	if (!trial->hidden || event->time - trial->first_use->time >= BRIEF)
		return;
	trial->mounted = NULL;
	trial->first_use = NULL;
	trial->hidden = false;
	trial->unread = true;
}

void
mounted_note(struct trial *trial, const struct event *event)
{
	if (event->deed == DEED_MNT)
		trial->mnt = event;
	if (event->deed == DEED_ROOT)
		trial->rooted |= event_is_good(event);
	if (event->deed == DEED_ROOT || event->deed == DEED_WALK)
		trial->last_walk = event;
	trial->unread |= event->call != NULL
				 ? call_is_unread(event->call)
				 : event_is_unread(event) && trial->judge->facts->snapped != 0;
	if (event->deed == DEED_LEAVE)
		note_farewell(trial, event);
	if (is_use(trial, event)) {
		trial->hidden =
			event->deed == DEED_HIDDEN && (trial->mounted == NULL || trial->hidden);
		trial->mounted = event;
	}
	if (trial->first_use == NULL)
		trial->first_use = trial->mounted;
}

void
mounted_end(struct trial *trial)
{
	if (!trial->followed || trial->mounted != NULL)
		return;
	note_arrival(trial);
	trial->first_use = trial->mounted;
}

/* Was it more than the root of the mount that was asked about, or is that a directory? */
static bool
is_of_directory(const struct trial *trial, const struct event *event)
{
	const struct event *mnt = trial->mnt;
	if (event->deed == DEED_USE || (event->deed == DEED_NFS && mnt == NULL))
		return true;
	return event->deed == DEED_NFS && event->time > mnt->time &&
	       (event->call->file_type == 2 || mnt->call->handle == 0 ||
		event->call->handle != mnt->call->handle);
}

bool
mounted_for_good(const struct trial *trial)
{
	if (trial->mounted == NULL)
		return false;
	if (trial->hidden)
		return trial->judge->facts->last - trial->first_use->time >= BRIEF;
	for (size_t i = 0; i < trial->count; i++) {
		if (is_of_directory(trial, &trial->events[i]))
			return true;
	}
	return false;
}

/* Is there an attempt of the pair that got as far as being mounted, or use without one? */
bool
pair_in_use(const struct judge *judge, const struct pair *pair)
{
	const struct attempt *attempts = judge->verdict->attempts + pair->attempt_from;
	for (size_t i = 0; i < pair->attempt_count; i++) {
		if (attempts[i].outcome == OUTCOME_MOUNTED)
			return true;
	}
	return false;
}
