/*
 * steps: what a trial did, for people: one line a call, calls of the same kind in a
 * row together. What comes after the mount is only counted.
 */
#include <string.h>

#include "judge.h"
#include "numbers.h"
#include "sorted.h"

enum { STEPS_MOST = 40 };

static void
put_operations(struct text *text, const struct call *call)
{
	text_format(text, " 4.%u", call->minor);
	for (unsigned i = 0; i < call->op_count && i < 4; i++) {
		if (call->ops[i] == OP_SEQUENCE && call->op_count > 1)
			continue;
		text_char(text, ' ');
		text_string_put(text, say_operation(call->ops[i]));
	}
}

static void
put_question(struct text *text, const struct trial *trial, const struct call *call)
{
	text_char(text, ' ');
	say_program(text, trial->judge->names, call->asked);
	text_format(text, " v%u", call->asked_version);
	if (call->asked_transport != 0)
		text_format(text, " %s", say_transport((enum transport)call->asked_transport));
	if (call->has_answer && call->answer != 0)
		text_format(text, ": port %u", call->answer);
	else if (call->has_answer)
		text_string_put(text, ": not registered");
	else if (call->answer_bad)
		text_string_put(text, call->version == 2 ? ": no port" : ": no address");
}

static void
put_outcome(struct text *text, const struct call *call)
{
	if (call->replies == 0)
		return;
	if (call->status != STATUS_SUCCESS && call->status != STATUS_UNKNOWN) {
		text_format(text, ": %s",
			    message_status_name((enum message_status)call->status));
		if (call->status == STATUS_PROG_MISMATCH)
			text_format(text, " %u to %u", call->more->low, call->more->high);
		if (call->status == STATUS_AUTH_ERROR &&
		    message_auth_stat_name(call->more->auth_stat) != NULL)
			text_format(text, " %s", message_auth_stat_name(call->more->auth_stat));
	} else if (call->has_result && call->result != 0) {
		text_format(text, ": %s",
			    call->result_name != NULL ? call->result_name : "failed");
	}
}

static bool
is_cut_off(const struct trial *trial, const struct event *event)
{
	return event_is_unread(event) && trial->judge->facts->snapped != 0;
}

static void
put_step(struct text *text, const struct trial *trial, const struct event *event)
{
	const struct judge *judge = trial->judge;
	const struct call *call = event->call;
	if (call == NULL) {
		text_string_put(text, "connect to ");
		say_service(text, judge, event->contact);
		if (is_cut_off(trial, event))
			text_string_put(text, ": what was said is cut off");
		return;
	}
	say_program(text, judge->names, call->program);
	if (call->program == PROGRAM_NFS && call->version == 4 && call->op_count != 0) {
		put_operations(text, call);
	} else {
		const char *procedure = names_procedure(judge->names, call->program,
							call->version, call->procedure);
		text_format(text, " v%u ", call->version);
		if (procedure != NULL)
			text_string_put(text, procedure);
		else
			text_format(text, "%u", call->procedure);
	}
	if (call->asks)
		put_question(text, trial, call);
	if (call->path_length != 0) {
		text_char(text, ' ');
		say_path(text, judge->facts, call);
	}
	if (event->deed != DEED_ASK)
		text_format(text, " %s %u", say_transport(event->contact->transport),
			    event->contact->server.port);
	put_outcome(text, call);
}

static int
compare_event(const void *key, const void *item)
{
	const struct event *event = ((const struct fault *)item)->event;
	return (const struct event *)key < event ? -1 : (const struct event *)key > event;
}

/* Faults stand in the order of their events; NULL for none. */
static const struct fault *
fault_at(const struct trial *trial, const struct event *event)
{
	size_t low = sorted_place(event, trial->faults.at, trial->faults.count,
				  sizeof *trial->faults.at, compare_event);
	bool found = low < trial->faults.count && trial->faults.at[low].event == event;
	return found ? &trial->faults.at[low] : NULL;
}

/* A refusal without an RPC reply; NULL for none. */
static const char *
word_of(const struct fault *fault)
{
	switch (fault->id) {
	case FINDING_PORTMAP_REFUSED:
	case FINDING_SERVICE_REFUSED:
		return "refused";
	case FINDING_PORTMAP_FILTERED:
	case FINDING_SERVICE_FILTERED:
		return "prohibited";
	case FINDING_HOST_UNREACHABLE:
		return "unreachable";
	default:
		return NULL;
	}
}

/* NFS said no, to something else than a look for a name that may be there or not. */
static bool
is_refused(const struct call *call)
{
	enum { NOENT = 2, EXIST = 17, MOVED = 10019 };
	return call->program == PROGRAM_NFS && call->replies != 0 && call->has_result &&
	       call->result != 0 && call->result != NOENT && call->result != EXIST &&
	       call->result != MOVED;
}

static enum step_result
result_of(const struct trial *trial, const struct event *event)
{
	const struct fault *fault = fault_at(trial, event);
	if (fault != NULL && word_of(fault) != NULL)
		return STEP_FAILED;
	if (fault != NULL) {
		bool silent = event->call == NULL ? event->contact->end[1].packets == 0
						  : event->call->replies == 0;
		return silent ? STEP_NO_ANSWER : STEP_FAILED;
	}
	if (event->call != NULL && event->call->replies == 0)
		return STEP_NO_ANSWER;
	if (event->call != NULL && is_refused(event->call))
		return STEP_FAILED;
	if (event->call != NULL && event->call->sends > 1)
		return STEP_RETRIED;
	return STEP_OK;
}

static void
add_frame(struct step *step, uint64_t frame)
{
	if (frame == 0 || step->frame_count == STEP_FRAMES)
		return;
	if (step->frame_count != 0 && step->frames[step->frame_count - 1] >= frame)
		return;
	step->frames[step->frame_count++] = frame;
}

static void
add_step(struct trial *trial, const struct event *event)
{
	struct attempt *attempt = trial->attempt;
	struct step step = {.time = event->time,
			    .elapsed = -1,
			    .result = result_of(trial, event),
			    .times = 1};
	text_init(&step.text);
	put_step(&step.text, trial, event);
	const struct fault *fault = fault_at(trial, event);
	if (fault != NULL && word_of(fault) != NULL)
		text_format(&step.text, ": %s", word_of(fault));
	add_frame(&step, event->frame);
	if (event->call != NULL && event->call->replies != 0) {
		step.elapsed = event->call->reply_time - event->call->time;
		add_frame(&step, event->call->reply_frame);
	} else if (event->call == NULL) {
		add_frame(&step, event->contact->end[1].syn_frame);
		add_frame(&step, event->contact->end[1].rst_frame);
		add_frame(&step, event->contact->icmp_frame);
	}
	struct step *last =
		attempt->step_count != 0 ? &attempt->steps[attempt->step_count - 1] : NULL;
	if (last != NULL && last->result == step.result &&
	    last->text.length == step.text.length &&
	    memcmp(last->text.at, step.text.at, step.text.length) == 0) {
		last->times++;
		text_release(&step.text);
		return;
	}
	attempt->steps = memory_grow(attempt->steps, &attempt->step_capacity,
				     attempt->step_count + 1, sizeof *attempt->steps);
	attempt->steps[attempt->step_count++] = step;
}

/* Is the event worth a line? Of what comes after the mount only what went wrong is. */
static bool
is_shown(const struct trial *trial, const struct event *event)
{
	const struct event *mounted = trial->first_use;
	bool use = event->deed == DEED_NFS || event->deed == DEED_USE ||
		   event->deed == DEED_WALK || event->deed == DEED_OTHER ||
		   event->deed == DEED_HIDDEN || event->deed == DEED_UNREAD;
	bool before = mounted == NULL || event->time <= mounted->time;
	bool midway = mounted != NULL && event->deed == DEED_NFS && trial->mnt == NULL;
	const struct call *call = event->call;
	bool odd = call != NULL && (call->replies == 0 || call->sends > 1 ||
				    (call->has_result && call->result != 0));
	return (before && !midway) || !use || odd;
}

void
steps_make(struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		if (event->deed == DEED_OPEN && result_of(trial, event) == STEP_OK &&
		    !is_cut_off(trial, event))
			continue;
		if (trial->attempt->step_count >= STEPS_MOST || !is_shown(trial, event))
			trial->attempt->later++;
		else
			add_step(trial, event);
	}
	if (trial->first_use != NULL && trial->attempt->outcome == OUTCOME_MOUNTED)
		trial->attempt->ready = trial->first_use->end;
}
