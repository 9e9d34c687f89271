/*
 * uses: which events went well, which cannot be read, and which bar the way: what the
 * rules ask of single events.
 */
#include "judge.h"
#include "numbers.h"

uint32_t
event_program(const struct event *event)
{
	return event->call != NULL ? event->call->program : event->program;
}

bool
program_is_helper(uint32_t program)
{
	return program == PROGRAM_NLM || program == PROGRAM_STATUS || program == PROGRAM_RQUOTA;
}

/* Does a success of that call come with a word of the program's own? */
static bool
has_word(const struct call *call)
{
	if (call->program == PROGRAM_PORTMAPPER)
		return call->procedure == PMAP_GETPORT;
	return (call->program == PROGRAM_MOUNT && call->procedure == MOUNT_MNT) ||
	       (call->program == PROGRAM_NFS && call->procedure != 0);
}

bool
call_has_operation(const struct call *call, uint8_t op)
{
	for (unsigned i = 0; i < call->op_count; i++) {
		if (call->ops[i] == op)
			return true;
	}
	return false;
}

bool
call_begins_client_id(const struct call *call)
{
	return call_has_operation(call, OP_SETCLIENTID) ||
	       call_has_operation(call, OP_EXCHANGE_ID);
}

bool
call_lacks_answer(const struct call *call)
{
	bool word = call->program == PROGRAM_PORTMAPPER ? call->has_answer : call->has_result;
	if (call->replies == 0 || !call->cut)
		return false;
	return call->status == STATUS_UNKNOWN ||
	       (call->status == STATUS_SUCCESS && has_word(call) && !word);
}

bool
event_is_good(const struct event *event)
{
	const struct call *call = event->call;
	return call != NULL && call->replies != 0 && call->status == STATUS_SUCCESS &&
	       !call->reply_bad && !call->elsewhere && !call->incomplete && !call->answer_bad &&
	       (!call->has_result || call->result == 0) && !call_lacks_answer(call);
}

/* Whom the portmapper was asked for is cut off. */
static bool
is_question_unread(const struct call *call)
{
	return call->program == PROGRAM_PORTMAPPER && call->procedure == PMAP_GETPORT &&
	       call->call_cut && !call->asks;
}

bool
call_is_unread(const struct call *call)
{
	return deed_of(call) == DEED_UNREAD || is_question_unread(call) ||
	       call_lacks_answer(call);
}

/* RFC 1094 section 2.2, RFC 1813 section 3.3 */
bool
call_is_first_use(const struct call *call)
{
	enum { STATFS = 17, FSSTAT = 18, PATHCONF = 20 };
	return call->procedure == NFS_GETATTR || call->procedure == FSSTAT ||
	       call->procedure == NFS_FSINFO || call->procedure == PATHCONF ||
	       (call->version == 2 && call->procedure == STATFS);
}

bool
event_is_unread(const struct event *event)
{
	const struct contact_end *client = &event->contact->end[0],
				 *server = &event->contact->end[1];
	return event->deed == DEED_OPEN && client->data_frame != 0 && server->data_frame != 0 &&
	       !server->foreign;
}

bool
trial_spoke_unread(const struct trial *trial, const struct event *before)
{
	enum { BACK = 256 };
	const struct event *event = before;
	for (unsigned i = 0; trial->unread && i < BACK && event-- > trial->events; i++) {
		if (event->program != PROGRAM_NFS)
			continue;
		if (event->call != NULL ? call_is_unread(event->call) : event_is_unread(event))
			return true;
	}
	return false;
}

/*
 * The client may not look up names in a directory on the way, and gives up: what follows at
 * once is the way out, another mount, or nothing. After a mount the same answer is to a
 * user, who took longer to ask.
 */
bool
event_is_barred(const struct trial *trial, const struct event *event)
{
	const struct event *end = trial->events + trial->count, *next = event + 1;
	if (event->deed != DEED_WALK || !event->call->barred || !event_is_good(event) ||
	    trial->pair->gaps)
		return false;
	for (const struct event *before = event; before > trial->events; before--) {
		if (before->time - before[-1].end > PAUSE_IN_WALK)
			return false;
		if (before[-1].call == NULL || before[-1].call->path_length != 0)
			break;
	}
	if (next < end)
		return next->deed == DEED_LEAVE && next->time - event->end < NEARBY;
	return trial->followed || judge_outlasts(trial->judge, event->end) ||
	       (event->contact->end[0].fin_frame > event->call->reply_frame &&
		event->contact->end[0].fin_time - event->end < NEARBY);
}
