/*
 * trials: one command's events judged: every fault in them, which of these a later
 * event overcame, how it ended, and the findings that follow from that, the last
 * fault that nothing overcame first.
 */
#include <stdlib.h>

#include "cut.h"
#include "judge.h"
#include "lanes.h"

enum { PROGRAMS = 12 };

/* The last time that a program answered, for whole programs at once. */
struct last {
	uint32_t program;
	int64_t reply, success, registered;
};

struct lasts {
	struct last at[PROGRAMS];
	size_t count;
	int64_t mounted, mnt, session;
};

static struct last *
last_of(struct lasts *lasts, uint32_t program)
{
	for (size_t i = 0; i < lasts->count; i++) {
		if (lasts->at[i].program == program)
			return &lasts->at[i];
	}
	struct last *last = &lasts->at[lasts->count < PROGRAMS ? lasts->count++ : PROGRAMS - 1];
	*last = (struct last){program, INT64_MIN, INT64_MIN, INT64_MIN};
	return last;
}

/* What a client does when it gives up overcomes nothing. */
static bool
is_farewell(const struct event *event)
{
	const struct call *call = event->call;
	return event->deed == DEED_LEAVE ||
	       (call != NULL && call->gss && call->gss_proc == GSS_DESTROY);
}

static void
note_event(struct trial *trial, const struct event *event, struct lasts *lasts)
{
	const struct call *call = event->call;
	bool good = call != NULL && event_is_good(event);
	struct last *last = last_of(lasts, call != NULL ? call->program : event->program);
	if ((call != NULL && call->replies != 0 && !call->elsewhere && !call->incomplete) ||
	    event_is_unread(event))
		last->reply = event->end;
	if (event_is_unread(event))
		last->success = event->end;
	if (good && !is_farewell(event))
		last->success = event->end;
	if (event->deed == DEED_ASK) {
		trial->asked_nfs |= event->program == PROGRAM_NFS;
		if (good && (!call->has_answer || call->answer != 0))
			last_of(lasts, event->program)->registered = event->end;
	}
	if (event->deed == DEED_PROBE && good) {
		trial->probed_nfs |= event->program == PROGRAM_NFS;
		trial->probed_mountd |= event->program == PROGRAM_MOUNT;
	}
	if (event->deed == DEED_MNT && good)
		lasts->mnt = event->end;
	if (event->deed == DEED_SETUP && good) {
		trial->setup_done = true;
		lasts->session = event->end;
	}
	trial->left |= event->deed == DEED_LEAVE;
	mounted_note(trial, event);
	if (trial->mounted != NULL)
		lasts->mounted = trial->mounted->end;
}

static void
add_fault(struct trial *trial, const struct fault *fault)
{
	struct faults *faults = &trial->faults;
	faults->at = memory_grow(faults->at, &faults->capacity, faults->count + 1,
				 sizeof *faults->at);
	faults->at[faults->count++] = *fault;
}

static bool
is_overcome(const struct trial *trial, const struct fault *fault, struct lasts *lasts)
{
	const struct event *event = fault->event;
	int64_t since = event->time;
	uint32_t program = event->call != NULL ? event->call->program : event->program;
	if (trial->mounted != NULL && lasts->mounted > since)
		return true;
	switch (fault->level) {
	case LEVEL_REACH:
		return last_of(lasts, program)->reply > since;
	case LEVEL_CALL:
		if (event->deed == DEED_INDIRECT)
			return false;
		return last_of(lasts, program)->success > since;
	case LEVEL_RESULT:
		break;
	}
	if (event->deed == DEED_ASK)
		return last_of(lasts, event->program)->registered > since ||
		       last_of(lasts, event->program)->success > since;
	if (fault->id == FINDING_TLS_FAILED)
		return last_of(lasts, program)->success > event->end;
	if (fault->id == FINDING_GSS_FAILED || fault->id == FINDING_TLS_REFUSED)
		return false;
	if (event->deed == DEED_SETUP)
		return lasts->session > since || lasts->mnt > since;
	return lasts->mnt > since;
}

/* A walk that failed decides only when nothing but the way out follows. */
static bool
is_last_word(const struct trial *trial, const struct fault *fault)
{
	if (fault->event->deed != DEED_WALK)
		return true;
	/* the kernel walks without a pause; a user who looks for a name takes longer */
	if (fault->event > trial->events && trial->rooted &&
	    fault->event->time - fault->event[-1].end > PAUSE_IN_WALK)
		return false;
	enum { AHEAD = 256 };
	const struct event *end = trial->events + trial->count;
	for (const struct event *event = fault->event + 1;
	     event < end && event < fault->event + AHEAD; event++) {
		if (event->deed == DEED_WALK && event_is_good(event))
			return false;
		if (event->deed == DEED_ROOT || event->deed == DEED_LEAVE)
			return true;
	}
	return true;
}

static void
find_faults(struct trial *trial)
{
	struct lasts lasts = {.mounted = INT64_MIN, .mnt = INT64_MIN, .session = INT64_MIN};
	struct fault fault;
	for (size_t i = 0; i < trial->count; i++) {
		note_event(trial, &trial->events[i], &lasts);
		if (fault_of_event(trial, &trial->events[i], &fault) &&
		    is_last_word(trial, &fault))
			add_fault(trial, &fault);
	}
	mounted_end(trial);
	if (trial->mounted != NULL)
		lasts.mounted = trial->mounted->end;
	for (size_t i = 0; i < trial->faults.count; i++)
		trial->faults.at[i].overcome = is_overcome(trial, &trial->faults.at[i], &lasts);
}

struct finding *
trial_finding(struct trial *trial, const struct fault *fault, enum finding_id id,
	      enum severity severity)
{
	if (findings_have(&trial->attempt->findings, id))
		return NULL;
	struct finding *finding = findings_add(&trial->attempt->findings, id);
	finding->severity = severity;
	finding->confidence = fault->confidence;
	fault_tell(trial, fault, finding);
	return finding;
}

/* Evidence: the same fault in earlier tries. */
void
trial_evidence(const struct trial *trial, const struct fault *decided, struct finding *finding)
{
	for (size_t i = 0; i < trial->faults.count; i++) {
		const struct fault *fault = &trial->faults.at[i];
		if (fault == decided || fault->id != decided->id ||
		    (fault->id == FINDING_NOT_REGISTERED &&
		     fault->event->program != decided->event->program))
			continue;
		finding_frame(finding, fault->event->frame);
		if (fault->event->call != NULL)
			finding_frame(finding, fault->event->call->reply_frame);
		else
			finding_frame(finding, fault->event->contact->end[1].rst_frame);
		finding_frame(finding, fault->event->contact->icmp_frame);
	}
}

/* A fault that nothing overcame; failed security comes before what it led to. */
static bool
end_by_fault(struct trial *trial)
{
	const struct fault *fault = trial_deciding(trial);
	if (fault == NULL || trial->mounted != NULL || trial_spoke_unread(trial, fault->event))
		return false;
	bool security = fault->id == FINDING_GSS_FAILED || fault->id == FINDING_TLS_REFUSED ||
			fault->id == FINDING_TLS_FAILED;
	if (!security && end_by_security(trial))
		return true;
	struct finding *finding = trial_finding(trial, fault, fault->id, SEVERITY_ERROR);
	if (finding != NULL) {
		trial_evidence(trial, fault, finding);
		end_with_capture(trial, fault, finding);
	}
	return true;
}

/* What may have overcome its fault, or shows what it was and how it ended, is in the capture,
 * but behind the bound of what is looked at. */
static bool
goes_on_unseen(const struct trial *trial)
{
	return trial->is_last && judge_is_near_bound(trial->judge, trial->attempt->end) &&
	       !mounted_for_good(trial);
}

static void
conclude(struct trial *trial)
{
	struct attempt *attempt = trial->attempt;
	bool query = attempt->kind == ATTEMPT_QUERY, mounted = trial->mounted != NULL;
	bool open = goes_on_unseen(trial);
	bool failed = !open && (end_by_fault(trial) || end_at_file(trial) ||
				(!mounted && (end_of_mnt(trial) || end_by_security(trial) ||
					      end_without_evidence(trial))));
	if (failed)
		attempt->outcome = OUTCOME_FAILED;
	else if (mounted && !query && !open)
		attempt->outcome = OUTCOME_MOUNTED;
	else if (query && !trial->unread && !open && !end_is_awaited(trial))
		attempt->outcome = OUTCOME_ANSWERED;
	else
		attempt->outcome = OUTCOME_INCOMPLETE;
	if (mounted && !failed)
		aside_slow(trial);
	if (!failed)
		aside_waits(trial);
	aside_helpers(trial);
	aside_notes(trial);
}

/* An unanswered call lasts until the last packet of its connection. */
static int64_t
end_of(const struct event *event)
{
	const struct contact *contact = event->contact;
	bool waits = event->call != NULL && event->call->replies == 0 &&
		     contact->transport == TRANSPORT_TCP &&
		     contact->last_reply_time <= event->call->time;
	return waits && contact->last > event->end ? contact->last : event->end;
}

/* The connection that the first call needed was not made at the first SYN. */
static int64_t
start_of(const struct judge *judge, const struct event *first)
{
	const struct contact *contact = first->contact;
	bool opens = first->call != NULL && contact->first_call != NO_CALL &&
		     &judge->facts->calls[contact->first_call] == first->call &&
		     contact->end[0].syns > 1;
	return opens && contact->start < first->time ? contact->start : first->time;
}

/* Nothing was done and nothing found: SYNs of a flood, pieces of something else. */
static bool
is_empty(const struct attempt *attempt)
{
	return attempt->step_count == 0 && attempt->later == 0 &&
	       attempt->findings.count == 0 && attempt->outcome != OUTCOME_MOUNTED;
}

static void
note_program(struct attempt *attempt, uint32_t program)
{
	for (unsigned i = 0; i < attempt->program_count; i++) {
		if (attempt->programs[i] == program)
			return;
	}
	if (program != 0 && attempt->program_count < ATTEMPT_PROGRAMS)
		attempt->programs[attempt->program_count++] = program;
}

static void
note_programs(struct attempt *attempt, const struct event *event)
{
	note_program(attempt, event->program);
	if (event->call != NULL)
		note_program(attempt, event->call->program);
}

/* The same client walks from the root again, for another mount. */
static bool
is_followed(const struct pair *pair, const struct event *events, size_t count)
{
	enum { AHEAD = 256 };
	const struct event *last = &events[count - 1];
	size_t low = events_from(&pair->events, last->time + 1);
	for (size_t i = low; i < pair->events.count && i < low + AHEAD; i++) {
		const struct event *event = &pair->events.at[i];
		if (event->deed == DEED_ROOT && event->contact == last->contact)
			return true;
	}
	return false;
}

static struct attempt *
attempt_add(struct judge *judge, const struct pair *pair, const struct event *events,
	    size_t count)
{
	struct verdict *verdict = judge->verdict;
	verdict->attempts = memory_grow(verdict->attempts, &verdict->attempt_capacity,
					verdict->attempt_count + 1, sizeof *verdict->attempts);
	struct attempt *attempt = &verdict->attempts[verdict->attempt_count++];
	*attempt = (struct attempt){.client = pair->client,
				    .server = pair->server,
				    .start = start_of(judge, &events[0]),
				    .end = events[0].end,
				    .first_frame = events[0].frame,
				    .last_frame = events[0].frame};
	text_init(&attempt->path);
	for (size_t i = 0; i < count; i++) {
		int64_t end = end_of(&events[i]);
		if (end > attempt->end)
			attempt->end = end;
		attempt->last_frame = events[i].frame;
		note_programs(attempt, &events[i]);
	}
	return attempt;
}

static void
judge_trial(struct judge *judge, struct pair *pair, const struct event *events, size_t count,
	    bool is_last)
{
	struct verdict *verdict = judge->verdict;
	if (verdict->attempt_count >= judge->facts->attempt_limit) {
		verdict->omitted.attempts++;
		return;
	}
	struct attempt *attempt = attempt_add(judge, pair, events, count);
	struct trial trial = {.judge = judge,
			      .pair = pair,
			      .attempt = attempt,
			      .events = events,
			      .count = count,
			      .is_last = is_last,
			      .followed = is_followed(pair, events, count)};
	attempt->kind = trial_kind(&trial);
	find_faults(&trial);
	if (trial_only_asks(&trial))
		attempt->kind = ATTEMPT_QUERY;
	trial_path(&trial);
	conclude(&trial);
	steps_make(&trial);
	free(trial.faults.at);
	if (is_empty(attempt)) {
		attempt_release(attempt);
		verdict->attempt_count--;
	}
}

static void
cut_lane(struct judge *judge, struct pair *pair, const struct events *lane)
{
	struct cutter cutter;
	size_t from = 0;
	cut_begin(&cutter, judge, pair, lane, 0);
	for (size_t i = 0; i < lane->count; i++) {
		if (cut_here(&cutter, i)) {
			judge_trial(judge, pair, &lane->at[from], i - from, false);
			cut_begin(&cutter, judge, pair, lane, i);
			from = i;
		}
		cut_after(&cutter, i);
	}
	if (from < lane->count)
		judge_trial(judge, pair, &lane->at[from], lane->count - from, true);
}

void
trials_make(struct judge *judge, struct pair *pair)
{
	struct lanes lanes;
	lanes_make(&lanes, judge, pair);
	for (size_t i = 0; i < lanes.count; i++)
		cut_lane(judge, pair, &lanes.at[i]);
	lanes_free(&lanes);
}
