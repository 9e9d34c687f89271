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
	return quiet > QUIET && quiet > QUIET_TURNS * turn;
}

/* The list of flavors has none that a client without Kerberos could use. */
static bool
lacks_plain(const struct call *mnt)
{
	for (unsigned i = 0; i < mnt->flavor_count; i++) {
		if (mnt->more->flavors[i] == AUTH_NONE || mnt->more->flavors[i] == AUTH_SYS)
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
	return !kdcs_asked(trial->judge, trial->attempt) && event->program == PROGRAM_NFS &&
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
	if (!unmounted && !judge_outlasts(trial->judge, last->end))
		fault.confidence = POSSIBLE;
	if (!unmounted && !is_quiet_after(trial, mnt)) {
		if (plain || kdcs_asked(trial->judge, trial->attempt) || last->call == NULL ||
		    !is_closed_after(last))
			return false;
		fault.confidence = POSSIBLE;
	}
	/* who asks a KDC can use what is offered */
	bool fits = !plain && kdcs_asked(trial->judge, trial->attempt);
	enum finding_id id = mnt->call->flavor_count == 0 || fits
				     ? FINDING_NO_EVIDENCE
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
	bool quiet =
		is_quiet_after(trial, last) && (judge_outlasts(trial->judge, last->end) ||
						(last->call != NULL && is_closed_after(last)));
	bool probed = trial->probed_nfs && trial->probed_mountd && trial->mnt == NULL &&
		      trial_looks_like_mount(trial) && quiet;
	bool set_up = trial->setup_done && !trial->rooted && trial->mounted == NULL &&
		      (trial->left || quiet);
	/* a last call without an answer, or a beginning that is not there, may be the reason */
	bool whole = (last->call == NULL || last->call->replies != 0) &&
		     !trial->events[0].contact->joined_midway;
	if ((!probed && !set_up) || trial->pair->gaps || trial->unread || !whole)
		return false;
	return trial_finding(trial, &fault, FINDING_NO_EVIDENCE, SEVERITY_ERROR) != NULL;
}

/* Who is refused so, or hears nothing, tries another way or the same again. */
static bool
is_tried_again(enum finding_id id)
{
	static const enum finding_id ids[] = {
		FINDING_PORTMAP_NO_ANSWER,    FINDING_PORTMAP_REFUSED,
		FINDING_PORTMAP_FILTERED,     FINDING_PORTMAP_HUNG,
		FINDING_NOT_REGISTERED,       FINDING_PORTMAP_BAD_ANSWER,
		FINDING_SERVICE_NO_ANSWER,    FINDING_SERVICE_REFUSED,
		FINDING_SERVICE_FILTERED,     FINDING_SERVICE_HUNG,
		FINDING_SERVICE_CLOSED,       FINDING_PROGRAM_UNAVAILABLE,
		FINDING_VERSION_MISMATCH,     FINDING_AUTH_REJECTED,
		FINDING_NFS4_MINOR_VERSION,   FINDING_NFS4_WRONG_SECURITY,
		FINDING_SERVER_IN_GRACE,      FINDING_CLIENT_ID_IN_USE,
		FINDING_CLIENT_ID_STALE,      FINDING_SERVER_DELAYS,
		FINDING_REPLIES_NOT_RECEIVED, FINDING_HOST_UNREACHABLE,
	};
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		if (ids[i] == id)
			return true;
	}
	return false;
}

/* Did the client go on after it, and was that answered well, or not yet? */
static bool
went_on(const struct trial *trial, const struct event *after)
{
	const struct event *end = trial->events + trial->count;
	for (const struct event *event = after + 1; event < end; event++) {
		bool waits = event->call != NULL && event->call->replies == 0;
		if ((event_is_good(event) || waits) && event->deed != DEED_LEAVE &&
		    event->time > after->end)
			return true;
	}
	return false;
}

/* The same was said to several tries, or to tries that took longer than any wait. Silence only
 * goes on. */
static bool
was_told_again(const struct trial *trial, const struct fault *fault, int64_t last)
{
	const struct event *event = fault->event;
	bool said = event->contact->icmps != 0 || event->contact->end[1].packets != 0;
	int64_t first = event->time;
	unsigned tries = 0;
	for (size_t i = 0; i < trial->faults.count; i++) {
		const struct fault *earlier = &trial->faults.at[i];
		if (earlier->id != fault->id)
			continue;
		tries++;
		if (earlier->event->time < first)
			first = earlier->event->time;
	}
	return said && (last - first >= PATIENCE || tries >= ENOUGH_TRIES);
}

/* When the last of it was seen. */
static int64_t
last_of(const struct trial *trial, const struct fault *fault)
{
	const struct event *event = fault->event;
	int64_t last = event->call != NULL ? event->end : event->contact->last;
	return trial->attempt->end > last ? trial->attempt->end : last;
}

/* May the capture end before what the client did next, which could have overcome it? */
static bool
end_is_open(const struct trial *trial, const struct fault *fault)
{
	const struct judge *judge = trial->judge;
	const struct events *all = &trial->pair->events;
	int64_t last = last_of(trial, fault);
	return is_tried_again(fault->id) && !judge_outlasts(judge, last) &&
	       judge_has_clock(judge) &&
	       trial->events[trial->count - 1].frame == all->at[all->count - 1].frame &&
	       (went_on(trial, fault->event) || !was_told_again(trial, fault, last));
}

void
end_with_capture(const struct trial *trial, const struct fault *fault, struct finding *finding)
{
	const struct judge *judge = trial->judge;
	int64_t last = last_of(trial, fault);
	if (!end_is_open(trial, fault))
		return;
	bool goes_on = went_on(trial, fault->event);
	enum confidence most = goes_on ? POSSIBLE : LIKELY;
	if (finding->confidence < most)
		finding->confidence = most;
	text_string_put(&finding->sentence,
			goes_on ? "; the client then went on, and the capture ends "
				: "; the capture ends ");
	if (judge->facts->last - last >= SECOND / 1000) {
		say_time(&finding->sentence, judge->facts->last - last);
		text_string_put(&finding->sentence, " later");
	} else {
		text_string_put(&finding->sentence, "there");
	}
}

bool
end_is_awaited(const struct trial *trial)
{
	size_t i = trial->count;
	while (i > 0 && trial->events[i - 1].call == NULL)
		i--;
	return i > 0 && trial->events[i - 1].call->replies == 0;
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
