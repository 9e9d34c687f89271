/*
 * endings: how a trial ended where no packet says it: the client went no further
 * after answers that were all good. Only what follows, or does not, tells why.
 */
#include "judge.h"

#include <rpc/auth.h>

/* How long nothing came after the last event, and was that long? */
static bool
is_quiet_after(const struct trial *trial, const struct event *event)
{
	int64_t quiet = trial->judge->facts->last - event->end;
	int64_t turn = event->end - event->time;
	const struct event *next = event + 1;
	if (next < trial->events + trial->count && next->deed != DEED_LEAVE &&
	    next->deed != DEED_UMNT && next->deed != DEED_OPEN)
		return false;
	return quiet > SECOND / 8 && quiet > 4 * turn;
}

/* The list of flavors has none that a client without Kerberos could use. */
static bool
lacks_plain(const struct call *mnt)
{
	for (unsigned i = 0; i < mnt->flavor_count; i++) {
		if (mnt->flavors[i] == AUTH_NONE || mnt->flavors[i] == AUTH_SYS)
			return false;
	}
	return mnt->flavor_count != 0;
}

/* Closed in order by the client, which has what it wanted, or gives up. */
static bool
is_closed_after(const struct event *event)
{
	const struct contact_end *client = &event->contact->end[0];
	return event->contact->transport == TRANSPORT_TCP &&
	       client->fin_frame > event->call->reply_frame && client->fin_acked;
}

/* The client looked for NFS, but never used it nor made a security context. */
static bool
only_probes(const struct trial *trial, const struct event *event)
{
	return !trial->judge->facts->kerberos && event->program == PROGRAM_NFS &&
	       (event->deed == DEED_ASK ||
		(event->deed == DEED_PROBE && !event->call->gss && event_is_good(event)));
}

bool
end_of_mnt(struct trial *trial)
{
	const struct event *mnt = trial->mnt;
	struct fault fault = {.event = mnt, .confidence = LIKELY};
	if (mnt == NULL || trial->pair->gaps || !event_is_good(mnt) || trial->mounted != NULL ||
	    mnt->call->cut || trial->unread)
		return false;
	bool unmounted = false, plain = !lacks_plain(mnt->call);
	const struct event *last = mnt;
	for (const struct event *event = mnt + 1; event < trial->events + trial->count;
	     event++) {
		if (event->program != PROGRAM_MOUNT && (plain || !only_probes(trial, event)))
			return false; /* it goes on */
		unmounted |= event->deed == DEED_UMNT;
		last = event;
	}
	if (!unmounted && !is_quiet_after(trial, mnt)) {
		if (plain || trial->judge->facts->kerberos || last->call == NULL ||
		    !is_closed_after(last))
			return false;
		fault.confidence = POSSIBLE;
	}
	enum finding_id id = mnt->call->flavor_count == 0 ? FINDING_NO_EVIDENCE
							  : FINDING_MOUNT_FLAVOR_MISMATCH;
	return trial_finding(trial, &fault, id, SEVERITY_ERROR) != NULL;
}

/* The object that the handle or the walk led to is a regular file. */
bool
end_at_file(struct trial *trial)
{
	const struct event *file = NULL;
	bool directory = false;
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		if (event->call == NULL || event->deed == DEED_USE)
			directory |= event->deed == DEED_USE;
		else if (event->deed == DEED_NFS && trial->mnt != NULL &&
			 event->time > trial->mnt->time) {
			bool handle = trial->mnt->call->handle != 0 &&
				      event->call->handle == trial->mnt->call->handle;
			if (handle && event->call->file_type == 1)
				file = event;
			directory |= !handle || event->call->file_type == 2;
		} else if ((event->deed == DEED_WALK || event->deed == DEED_ROOT) &&
			   event->call->file_type != 0) {
			file = event->call->file_type == 1 ? event : NULL;
		}
	}
	struct fault fault = {.event = file, .confidence = LIKELY};
	if (file == NULL || directory || trial->pair->gaps || trial->unread)
		return false;
	return trial_finding(trial, &fault, FINDING_MOUNT_NOT_A_DIRECTORY, SEVERITY_ERROR) !=
	       NULL;
}

bool
end_without_evidence(struct trial *trial)
{
	const struct event *last = &trial->events[trial->count - 1];
	struct fault fault = {.event = last, .confidence = POSSIBLE};
	bool probed = trial->probed_nfs && trial->probed_mountd && trial->mnt == NULL &&
		      trial_looks_like_mount(trial) && is_quiet_after(trial, last);
	bool set_up = trial->setup_done && !trial->rooted && trial->mounted == NULL &&
		      (trial->left || is_quiet_after(trial, last));
	if ((!probed && !set_up) || trial->pair->gaps || trial->unread)
		return false;
	return trial_finding(trial, &fault, FINDING_NO_EVIDENCE, SEVERITY_ERROR) != NULL;
}

bool
end_by_security(struct trial *trial)
{
	for (size_t i = trial->faults.count; i-- > 0;) {
		const struct fault *fault = &trial->faults.at[i];
		if (fault->id != FINDING_GSS_FAILED && fault->id != FINDING_TLS_REFUSED)
			continue;
		struct finding *finding =
			trial_finding(trial, fault, fault->id, SEVERITY_ERROR);
		if (finding != NULL)
			trial_evidence(trial, fault, finding);
		return finding != NULL;
	}
	return false;
}
