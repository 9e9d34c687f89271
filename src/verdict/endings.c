/*
 * endings: how a trial ended where no packet says it: the client went no further
 * after answers that were all good. Only what follows, or does not, tells why.
 */
#include "judge.h"

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

bool
end_of_mnt(struct trial *trial)
{
	struct fault fault = {.event = trial->mnt, .confidence = LIKELY};
	if (trial->mnt == NULL || !event_is_good(trial->mnt) || trial->mounted != NULL ||
	    trial->mnt->call->cut)
		return false;
	bool unmounted = false;
	for (const struct event *event = trial->mnt + 1; event < trial->events + trial->count;
	     event++) {
		if (event->program != PROGRAM_MOUNT)
			return false; /* it goes on */
		unmounted |= event->deed == DEED_UMNT;
	}
	if (!unmounted && !is_quiet_after(trial, trial->mnt))
		return false;
	if (trial->mnt->call->flavor_count == 0)
		return trial_finding(trial, &fault, FINDING_NO_EVIDENCE, SEVERITY_ERROR) !=
		       NULL;
	return trial_finding(trial, &fault, FINDING_MOUNT_FLAVOR_MISMATCH, SEVERITY_ERROR) !=
	       NULL;
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
	if (file == NULL || directory)
		return false;
	return trial_finding(trial, &fault, FINDING_MOUNT_NOT_A_DIRECTORY, SEVERITY_ERROR) !=
	       NULL;
}

/* mount.nfs asks for mountd as soon as NFS has answered; other tools do not. */
static bool
looks_like_mount(const struct trial *trial)
{
	const struct event *nfs = NULL;
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		if (event->deed == DEED_PROBE && event->program == PROGRAM_NFS)
			nfs = event;
		if (event->deed == DEED_ASK && event->program == PROGRAM_MOUNT && nfs != NULL &&
		    event->time - nfs->end < SECOND / 5)
			return true;
	}
	return false;
}

bool
end_without_evidence(struct trial *trial)
{
	const struct event *last = &trial->events[trial->count - 1];
	struct fault fault = {.event = last, .confidence = POSSIBLE};
	bool probed = trial->probed_nfs && trial->probed_mountd && trial->mnt == NULL &&
		      looks_like_mount(trial) && is_quiet_after(trial, last);
	bool set_up = trial->setup_done && !trial->rooted && trial->mounted == NULL &&
		      (trial->left || is_quiet_after(trial, last));
	if (!probed && !set_up)
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
