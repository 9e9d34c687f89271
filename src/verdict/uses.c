/*
 * uses: which events went well, which cannot be read, and which bar the way: what the
 * rules ask of single events.
 */
#include "judge.h"

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

bool
event_is_good(const struct event *event)
{
	const struct call *call = event->call;
	return call != NULL && call->replies != 0 && call->status == STATUS_SUCCESS &&
	       !call->reply_bad && !call->elsewhere && !call->incomplete &&
	       (!call->has_result || call->result == 0);
}

bool
call_is_unread(const struct call *call)
{
	return call->program == PROGRAM_NFS && call->version == 4 && call->procedure != 0 &&
	       call->op_count == 0 && call->call_cut;
}

bool
event_is_unread(const struct event *event)
{
	const struct contact_end *client = &event->contact->end[0],
				 *server = &event->contact->end[1];
	return event->deed == DEED_OPEN && client->octets != 0 && server->octets != 0 &&
	       !server->foreign;
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
		return next->deed == DEED_LEAVE && next->time - event->end < SECOND;
	return trial->followed || trial->judge->facts->last - event->end > PATIENCE ||
	       (event->contact->end[0].fin_frame > event->call->reply_frame &&
		event->contact->end[0].fin_time - event->end < SECOND);
}
