/*
 * deciding: which fault of a trial decides: the last that nothing overcame, unless it is
 * only the silence behind a refusal, or belongs to a helper.
 */
#include "judge.h"

/* Silence (the refusal was lost, or ICMP errors are limited: RFC 1812 section 4.3.2.8) does not
 * take back what the same port had said. */
static bool
same_place(const struct fault *said, const struct fault *silence)
{
	const struct contact *before = said->event->contact, *now = silence->event->contact;
	bool refused =
		said->id == FINDING_SERVICE_REFUSED || said->id == FINDING_PORTMAP_REFUSED ||
		said->id == FINDING_SERVICE_FILTERED || said->id == FINDING_PORTMAP_FILTERED;
	bool silent = silence->id == FINDING_SERVICE_NO_ANSWER ||
		      silence->id == FINDING_PORTMAP_NO_ANSWER;
	/* (rpcbind listens on both transports, or on none) */
	bool alike = before->transport == now->transport || said->id == FINDING_PORTMAP_REFUSED;
	return refused && silent && alike && before->server.port == now->server.port;
}

static bool
had_refused(const struct trial *trial, size_t silence)
{
	for (size_t i = silence; i-- > 0 && i + LIMIT_NEXT_FAULTS > silence;) {
		if (!trial->faults.at[i].overcome &&
		    same_place(&trial->faults.at[i], &trial->faults.at[silence]))
			return true;
	}
	return false;
}

const struct fault *
trial_deciding(const struct trial *trial)
{
	const struct fault *last = NULL;
	for (size_t i = 0; i < trial->faults.count; i++) {
		const struct fault *fault = &trial->faults.at[i];
		if (fault->overcome || program_is_helper(fault->event->program) ||
		    (fault->event->deed == DEED_UMNT) ||
		    (fault->event->call != NULL &&
		     program_is_helper(fault->event->call->program)))
			continue;
		if (trial->mounted != NULL && fault->event->time > trial->mounted->time)
			continue;
		/* what was said outlives what was not: a closing session's silence is no cause
		 */
		if (last != NULL && last->level == LEVEL_RESULT &&
		    fault->level == LEVEL_REACH && last->event->deed != DEED_ASK &&
		    fault->event->program == PROGRAM_NFS)
			continue;
		if (had_refused(trial, i))
			continue;
		last = fault;
	}
	return last;
}
