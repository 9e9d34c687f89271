/*
 * waits: what a command had to wait for before it worked: a fault that a later try
 * overcame, but not at once. The next version or transport follows a refusal without
 * a pause, and that is no trouble; who waits for seconds, or types the command again,
 * has met one. Whether it was one command or two no packet says.
 */
#include "judge.h"

#define WAIT (3 * SECOND)

/* Did what failed work then? */
static bool
is_remedied(const struct fault *fault, const struct event *event)
{
	const struct event *failed = fault->event;
	const struct call *call = event->call;
	if (call == NULL || call->replies == 0)
		return false;
	if (fault->level == LEVEL_REACH)
		return call->program == event_program(failed) && !call->elsewhere &&
		       !call->incomplete;
	if (!event_is_good(event))
		return false;
	if (fault->level == LEVEL_CALL)
		return call->program == event_program(failed) && event->deed == failed->deed;
	if (failed->deed != DEED_ASK)
		return event->deed == failed->deed;
	return event->program == failed->program &&
	       (event->deed != DEED_ASK || (call->has_answer && call->answer != 0));
}

static const struct event *
remedy_of(const struct trial *trial, const struct fault *fault)
{
	enum { AHEAD = 256 };
	const struct event *end = trial->events + trial->count;
	for (const struct event *event = fault->event + 1;
	     event < end && event < fault->event + AHEAD; event++) {
		if (event->time > fault->event->time && is_remedied(fault, event))
			return event;
	}
	return NULL;
}

/* Was it in the way of the mount, or of what was asked? */
static bool
is_in_the_way(const struct trial *trial, const struct fault *fault)
{
	const struct event *event = fault->event;
	if (!fault->overcome || event->deed == DEED_UMNT || event->deed == DEED_LEAVE ||
	    program_is_helper(event->program) || program_is_helper(event_program(event)))
		return false;
	if (trial->first_use != NULL && event->time > trial->first_use->time)
		return false;
	bool aside = event->deed == DEED_EXPORT || event->deed == DEED_PORTMAP ||
		     event->deed == DEED_INDIRECT || event->deed == DEED_OTHER;
	if (aside && trial->attempt->kind != ATTEMPT_QUERY)
		return false;
	/* mount-slow says it of mountd */
	return event_program(event) != PROGRAM_MOUNT ||
	       !findings_have(&trial->attempt->findings, FINDING_MOUNT_SLOW);
}

void
aside_waits(struct trial *trial)
{
	const struct facts *facts = trial->judge->facts;
	if (trial->pair->gaps || facts_blur(facts) != 0)
		return;
	for (size_t i = 0; i < trial->faults.count; i++) {
		const struct fault *fault = &trial->faults.at[i];
		if (!is_in_the_way(trial, fault) ||
		    findings_have(&trial->attempt->findings, fault->id))
			continue;
		const struct event *remedy = remedy_of(trial, fault);
		if (remedy == NULL || remedy->time - fault->event->time < WAIT ||
		    (fault->level == LEVEL_REACH &&
		     trial_others_repeat(trial, event_program(fault->event))))
			continue;
		struct finding *finding =
			trial_finding(trial, fault, fault->id, SEVERITY_WARNING);
		trial_evidence(trial, fault, finding);
		text_string_put(&finding->sentence, "; a try ");
		say_time(&finding->sentence, remedy->time - fault->event->time);
		text_string_put(&finding->sentence, " later went through");
		finding_frame(finding, remedy->call->reply_frame);
	}
}
