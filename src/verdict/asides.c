/*
 * asides: what else is worth saying of a trial, besides what decided it: refusals that
 * were overcome, a slow mountd, locks that cannot work.
 */
#include "judge.h"

/* What only asks the client to wait, or to begin anew, is no refusal of the version. */
static bool
is_refusal(enum finding_id id)
{
	return id != FINDING_CLIENT_ID_STALE && id != FINDING_SERVER_DELAYS &&
	       id != FINDING_SERVER_IN_GRACE && id != FINDING_CLIENT_ID_IN_USE;
}

/* Refusals that a later try overcame. */
void
aside_notes(struct trial *trial)
{
	for (size_t i = 0; i < trial->faults.count; i++) {
		const struct fault *fault = &trial->faults.at[i];
		const struct call *call = fault->event->call;
		if (!fault->overcome || call == NULL || call->replies == 0)
			continue;
		if (call->program == PROGRAM_PORTMAPPER &&
		    fault->id == FINDING_VERSION_MISMATCH)
			trial_finding(trial, fault, FINDING_PORTMAP_VERSION_FALLBACK,
				      SEVERITY_NOTE);
		else if (call->program == PROGRAM_NFS &&
			 (fault->id == FINDING_VERSION_MISMATCH ||
			  fault->id == FINDING_NFS4_MINOR_VERSION ||
			  (fault->event->deed == DEED_SETUP && is_refusal(fault->id))))
			trial_finding(trial, fault, FINDING_NFS_VERSION_FALLBACK,
				      SEVERITY_NOTE);
	}
}

/* Did another service need several sendings too? Then the path is slow, not mountd. */
static bool
others_repeat(const struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct contact_end *client = &event->contact->end[0];
		bool asked = event->call != NULL ? event->call->sends > 1 : client->syns > 1;
		if (asked && (event->call == NULL || event->call->program != PROGRAM_MOUNT) &&
		    (event->call != NULL || event->program != PROGRAM_MOUNT))
			return true;
	}
	return false;
}

/* MNT was answered, but late or after several tries. */
void
aside_slow(struct trial *trial)
{
	enum { TRIES = 3 };
	unsigned silent = 0;
	bool others = others_repeat(trial);
	struct fault slow = {.confidence = LIKELY};
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct call *call = event->call;
		if (call == NULL || call->program != PROGRAM_MOUNT ||
		    (event->deed != DEED_MNT && event->deed != DEED_PROBE) ||
		    event->time > trial->mounted->time)
			continue;
		bool late = call->replies != 0 && call->reply_time - call->time > SLOW_MNT &&
			    (call->sends == 1 || !others);
		bool repeated = call->replies != 0 && call->sends >= TRIES;
		silent += call->replies == 0 && (!trial->pair->gaps || call->sends > 1);
		if (late || ((repeated || silent >= TRIES) && !others))
			slow.event = event;
	}
	if (slow.event != NULL)
		trial_finding(trial, &slow, FINDING_MOUNT_SLOW, SEVERITY_WARNING);
}

/* The client tried again, and its answer may be in a gap of the capture, or times are missing.
 */
static bool
went_on(const struct trial *trial, const struct fault *fault)
{
	enum { AHEAD = 256 };
	const struct event *end = trial->events + trial->count;
	const struct facts *facts = trial->judge->facts;
	if ((!trial->pair->gaps && facts->last > facts->first) || fault->level != LEVEL_REACH)
		return false;
	for (const struct event *event = fault->event + 1;
	     event < end && event < fault->event + AHEAD; event++) {
		if (event->call != NULL && event->program == fault->event->program)
			return true;
	}
	return false;
}

void
aside_helpers(struct trial *trial)
{
	for (size_t i = 0; i < trial->faults.count; i++) {
		const struct fault *fault = &trial->faults.at[i];
		const struct call *call = fault->event->call;
		uint32_t program = fault->event->program;
		if (fault->overcome ||
		    (program != PROGRAM_NLM && program != PROGRAM_STATUS &&
		     (call == NULL || call->program != PROGRAM_NLM)) ||
		    went_on(trial, fault))
			continue;
		trial_finding(trial, fault, FINDING_LOCK_SERVICE_UNREACHABLE, SEVERITY_WARNING);
	}
}

/* -- what it was, and how it ended -- */
