/*
 * strands: the events of a pair by what ties them together, so that two mounts at one time
 * can be told apart. mount.nfs asks, knocks and calls MNT one after the other; NFS 2 and 3
 * go on with the handle that MNT gave, NFS 4 by its client id (walks.c). What nothing ties
 * belongs to the newest that it fits, as if it were alone. Strands say nothing of where a
 * command ends: several that came one after the other may stand in one.
 */
#include "strands.h"

#include "cut.h"
#include "numbers.h"
#include <stdlib.h>

uint32_t
strands_add(struct strands *strands)
{
	strands->at = memory_grow(strands->at, &strands->capacity, strands->count + 1,
				  sizeof *strands->at);
	uint32_t strand = (uint32_t)strands->count++;
	strands->at[strand] = (struct strand){.start = INT64_MAX,
					      .end = INT64_MIN,
					      .last = INT64_MIN,
					      .into = NO_STRAND,
					      .home = strand};
	return strand;
}

/* -- NFS 2 and 3 -- */

static uint32_t
strand_of_handle(struct strands *strands, const struct event *event, uint64_t handle)
{
	uint32_t home = *ties_home(strands, event->contact), command = strands->command;
	uint32_t tied = ties_find(strands, handle);
	bool same = home != NO_STRAND && handle != 0 && strands->at[home].mnt != NULL &&
		    strands->at[home].mnt->handle == handle;
	/* of two mounts of one path the one that uses this connection, once both are in use */
	if (tied != NO_STRAND)
		return same && strands->at[tied].used ? home : tied;
	/* the handle is not known: FSINFO is called first, for what MNT gave just now */
	bool waits =
		commands_goes_on(strands, command, event) && strands->at[command].mnt != NULL;
	if (waits && (home == NO_STRAND || event->call->procedure == NFS_FSINFO))
		return command;
	if (home != NO_STRAND)
		return home;
	if (strands->nfs3 != NO_STRAND)
		return strands->nfs3;
	return commands_goes_on(strands, command, event) ? command : strands_add(strands);
}

static uint32_t
strand_of_files(struct strands *strands, const struct event *event)
{
	uint32_t found = strand_of_handle(strands, event, event->call->handle);
	if (event->deed == DEED_NFS && event_needs_mount(event)) {
		strands->at[found].used = true;
		strands->nfs3 = found;
	}
	*ties_home(strands, event->contact) = found;
	return found;
}

/* NULL of NFS 2 or 3: of mount.nfs, or of the kernel on the connection that it goes on with. */
static uint32_t
strand_of_knock(struct strands *strands, const struct event *event)
{
	const struct call *lead = ties_lead(strands, event->contact);
	uint32_t home = *ties_home(strands, event->contact);
	if (home != NO_STRAND)
		return home;
	if (lead == NULL || lead->program != PROGRAM_NFS)
		return commands_strand(strands, event);
	return *ties_home(strands, event->contact) =
		       strand_of_handle(strands, event, lead->handle);
}

/* -- connections without calls, and services beside -- */

static uint32_t
strand_of_open(struct strands *strands, const struct event *event)
{
	const struct contact *contact = event->contact;
	bool made = contact->end[1].syns != 0 && contact->end[1].rst_frame == 0;
	/* what is mounted is reached while this connection fails: it is not made for that */
	bool apart = !made && strands->heard > event->time;
	if (event->program != PROGRAM_NFS && event->program != 0)
		return commands_strand(strands, event);
	if (commands_goes_on(strands, strands->command, event))
		return strands->command;
	if (strands->before == NO_STRAND || apart)
		return strands_add(strands);
	return strands->before;
}

static uint32_t
strand_of_helper(struct strands *strands, const struct event *event)
{
	if (strands->nfs3 != NO_STRAND)
		return strands->nfs3;
	return strands->before != NO_STRAND ? strands->before : commands_strand(strands, event);
}

/* rpcinfo calls NULL of NFS 4 and nothing else; the kernel does so where it has a mount. */
static bool
is_probe_alone(const struct strands *strands, const struct event *event)
{
	uint32_t base = strands->nfs4;
	return event->deed == DEED_PROBE && !event->call->gss &&
	       event->call->flavor != FLAVOR_TLS &&
	       ties_lead(strands, event->contact) == NULL &&
	       (base == NO_STRAND || !strands->at[base].used);
}

/* -- all -- */

/* Does the question that the event asks come to MNT? */
static bool
leads_to_mnt(const struct events *events, size_t i)
{
	enum { AHEAD = 40 };
	for (size_t at = i + 1; at < events->count && at < i + AHEAD; at++) {
		enum deed deed = events->at[at].deed;
		if (deed == DEED_MNT)
			return true;
		if (deed == DEED_UMNT || deed == DEED_NFS || deed == DEED_EXPORT)
			return false;
	}
	return false;
}

static uint32_t
strand_of(struct strands *strands, size_t i)
{
	const struct event *event = &strands->pair->events.at[i];
	const struct events *events = &strands->pair->events;
	const struct call *call = event->call;
	bool asks = event->deed == DEED_ASK;
	strands->rebinds = asks && event->program == PROGRAM_NFS && cut_is_rebind(events, i);
	strands->mounts = asks && leads_to_mnt(events, i);
	strands->leads_to =
		asks || event->deed == DEED_PROBE ? cut_leads_to(events, i) : DEED_OTHER;
	if (program_is_helper(event->program) || program_is_helper(event_program(event)))
		return strand_of_helper(strands, event);
	if (call == NULL)
		return strand_of_open(strands, event);
	if (call->program == PROGRAM_NFS && call->version == 4) {
		if (!is_probe_alone(strands, event))
			return walks_strand(strands, event);
		/* where a mount is in use, a NULL that leads nowhere is no attempt of its own
		 */
		if (strands->nfs3 != NO_STRAND && event_is_good(event))
			return strands->nfs3;
	}
	if (event->deed == DEED_NFS || call->program == PROGRAM_NFS_ACL)
		return strand_of_files(strands, event);
	if (event->deed == DEED_PROBE && call->program == PROGRAM_NFS && call->version != 4)
		return strand_of_knock(strands, event);
	if (strands->rebinds && strands->nfs3 != NO_STRAND &&
	    !(commands_goes_on(strands, strands->command, event) &&
	      strands->at[strands->command].granted))
		return strands->nfs3;
	return commands_strand(strands, event);
}

/* Without it the mount could not be: not the lease's renewal, nor the way out. */
static bool
is_essential(const struct event *event)
{
	const struct call *call = event->call;
	bool beat = event->deed == DEED_SETUP && call->op_count == 1 &&
		    (call->ops[0] == OP_RENEW || call->ops[0] == OP_SEQUENCE);
	return !beat && event->deed != DEED_LEAVE;
}

static void
note_span(struct strands *strands, struct strand *strand, const struct event *event)
{
	const struct contact *contact = event->contact;
	if (strand->used && contact->program == PROGRAM_NFS &&
	    contact->last_reply_time > strands->heard)
		strands->heard = contact->last_reply_time;
	if (event->end > strand->last)
		strand->last = event->end;
	if (!is_essential(event))
		return;
	if (commands_begin(strands, event) < strand->start)
		strand->start = commands_begin(strands, event);
	int64_t end = event->call != NULL && event->call->replies != 0 ? commands_end(event)
								       : event->time;
	if (end > strand->end)
		strand->end = end;
	/* of a long use only the first calls are kept */
	if (strand->used && contact->calls > contact->kept &&
	    contact->last_reply_time > strand->end)
		strand->end = contact->last_reply_time;
}

void
strands_make(struct strands *strands, const struct judge *judge, const struct pair *pair)
{
	*strands = (struct strands){.judge = judge,
				    .pair = pair,
				    .command = NO_STRAND,
				    .nfs3 = NO_STRAND,
				    .nfs4 = NO_STRAND,
				    .before = NO_STRAND};
	strands->of = memory_get((pair->events.count + 1) * sizeof *strands->of);
	ties_make(strands);
	for (size_t i = 0; i < pair->events.count; i++) {
		uint32_t found = strand_of(strands, i);
		strands->of[i] = strands->before = found;
		note_span(strands, &strands->at[found], &pair->events.at[i]);
	}
	/* what went before UMNT */
	for (size_t i = 0; i < strands->count; i++) {
		struct strand *at = &strands->at[i];
		struct strand *into = at->into != NO_STRAND ? &strands->at[at->into] : at;
		into->start = at->start < into->start ? at->start : into->start;
		into->end = at->end > into->end ? at->end : into->end;
	}
}

uint32_t
strands_of(const struct strands *strands, size_t event)
{
	uint32_t strand = strands->of[event];
	uint32_t into = strands->at[strand].into;
	return into != NO_STRAND ? into : strand;
}

void
strands_free(struct strands *strands)
{
	ties_free(strands);
	free(strands->of);
	free(strands->at);
}
