/*
 * asides: what else is worth saying of a trial, besides what decided it: refusals that
 * were overcome, a slow mountd, locks that cannot work.
 */
#include "judge.h"

/* Did the server say that it has not that version, or nothing that speaks it? */
static bool
refuses_version(const struct fault *fault)
{
	switch (fault->id) {
	case FINDING_VERSION_MISMATCH:
	case FINDING_NFS4_MINOR_VERSION:
		return true;
	case FINDING_PROGRAM_UNAVAILABLE:
	case FINDING_AUTH_REJECTED: /* the first call of a version is refused as a whole */
		return fault->event->deed == DEED_PROBE || fault->event->deed == DEED_SETUP;
	default:
		return false;
	}
}

/* Was another version tried after it, and did it do what this one was refused? */
static bool
goes_lower(const struct trial *trial, const struct fault *fault)
{
	const struct call *refused = fault->event->call;
	const struct event *done = trial->first_use != NULL ? trial->first_use : trial->mnt;
	for (const struct event *event = fault->event + 1;
	     event < trial->events + trial->count && (done == NULL || event <= done); event++) {
		const struct call *call = event->call;
		if (call != NULL && call->program == PROGRAM_NFS && event_is_good(event) &&
		    (call->version != refused->version || call->minor != refused->minor))
			return true;
	}
	return false;
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
		if (trial->first_use != NULL && fault->event->time > trial->first_use->time)
			continue;
		if (call->program == PROGRAM_PORTMAPPER &&
		    fault->id == FINDING_VERSION_MISMATCH)
			trial_finding(trial, fault, FINDING_PORTMAP_VERSION_FALLBACK,
				      SEVERITY_NOTE);
		else if (call->program == PROGRAM_NFS && refuses_version(fault) &&
			 goes_lower(trial, fault))
			trial_finding(trial, fault, FINDING_NFS_VERSION_FALLBACK,
				      SEVERITY_NOTE);
	}
}

bool
trial_others_repeat(const struct trial *trial, uint32_t program)
{
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct contact_end *client = &event->contact->end[0];
		bool repeats =
			client->syns > 1 || (event->call != NULL && event->call->sends > 1);
		if (repeats && event_program(event) != program)
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
	bool others = trial_others_repeat(trial, PROGRAM_MOUNT);
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
