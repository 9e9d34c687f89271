/*
 * strands: the events of a pair by what ties them together, so that two mounts at one time
 * can be told apart. mount.nfs asks, knocks and calls MNT one after the other; NFS 2 and 3
 * go on with the handle that MNT gave, NFS 4 by its client id (walks.c). What nothing ties
 * belongs to the newest that it fits, as if it were alone. Strands say nothing of where a
 * command ends: several that came one after the other may stand in one.
 */
#include "strands.h"

#include <stdlib.h>
#include <string.h>

#include "cut.h"

enum { FSINFO = 19, OP_RENEW = 30, OP_SEQUENCE = 53 };

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

static bool
same_path(const struct strands *strands, const struct call *a, const struct call *b)
{
	const uint8_t *octets = strands->judge->facts->octets;
	return a->path_length == b->path_length &&
	       memcmp(octets + a->path, octets + b->path, a->path_length) == 0;
}

/* -- mount.nfs, umount.nfs, showmount, rpcinfo -- */

/* Does the command go on with that event? */
static bool
goes_on(const struct strands *strands, uint32_t strand, const struct event *event)
{
	const struct strand *at = strand != NO_STRAND ? &strands->at[strand] : NULL;
	return at != NULL && !at->done && !at->used && event->time - at->last <= PAUSE;
}

static bool
is_mount_of(const struct strands *strands, uint32_t strand, const struct call *call)
{
	return strand != NO_STRAND && strands->at[strand].mnt != NULL &&
	       same_path(strands, strands->at[strand].mnt, call);
}

static uint32_t
strand_of_mnt(struct strands *strands, const struct event *event)
{
	if (goes_on(strands, strands->command, event) &&
	    (strands->at[strands->command].mnt == NULL ||
	     is_mount_of(strands, strands->command, event->call)))
		return strands->command;
	return strands_add(strands);
}

/* What was asked before UMNT is part of the mount that it ends. */
static uint32_t
strand_of_umnt(struct strands *strands, const struct event *event)
{
	enum { SEARCHED = 64 };
	for (uint32_t i = (uint32_t)strands->count, left = SEARCHED; i-- > 0 && left-- > 0;) {
		if (!is_mount_of(strands, i, event->call) || !strands->at[i].granted)
			continue;
		uint32_t asked = strands->command;
		if (asked != i && goes_on(strands, asked, event) &&
		    strands->at[asked].mnt == NULL)
			strands->at[asked].into = i;
		return i;
	}
	return goes_on(strands, strands->command, event) ? strands->command
							 : strands_add(strands);
}

static void
note_command(struct strand *strand, const struct event *event)
{
	const struct call *call = event->call;
	bool answered = call != NULL && call->replies != 0;
	if (event->deed == DEED_MNT) {
		strand->mnt = call;
		strand->granted = event_is_good(event);
		strand->done = answered && !strand->granted;
	}
	if (event->deed == DEED_UMNT || (event->deed == DEED_EXPORT && !strand->granted))
		strand->done |= answered;
}

static uint32_t
strand_of_command(struct strands *strands, const struct event *event)
{
	uint32_t *home = ties_home(strands, event->contact), found;
	if (event->deed == DEED_MNT)
		found = strand_of_mnt(strands, event);
	else if (event->deed == DEED_UMNT)
		found = strand_of_umnt(strands, event);
	else if (event->deed == DEED_EXPORT && *home != NO_STRAND)
		found = *home; /* libnfs asks for the exports where it called MNT */
	else if (goes_on(strands, strands->command, event))
		found = strands->command;
	else
		found = strands_add(strands);
	*home = strands->command = found;
	note_command(&strands->at[found], event);
	if (event->deed == DEED_MNT && strands->at[found].granted)
		ties_add(strands, event->call->handle, found);
	return found;
}

/* -- NFS 2 and 3 -- */

static uint32_t
strand_of_handle(struct strands *strands, const struct event *event, uint64_t handle)
{
	uint32_t home = *ties_home(strands, event->contact), command = strands->command;
	if (home != NO_STRAND && handle != 0 && strands->at[home].mnt != NULL &&
	    strands->at[home].mnt->handle == handle)
		return home;
	uint32_t tied = ties_find(strands, handle);
	if (tied != NO_STRAND)
		return tied;
	/* the handle is not known: FSINFO is called first, for what MNT gave just now */
	bool waits = goes_on(strands, command, event) && strands->at[command].mnt != NULL;
	if (waits && (home == NO_STRAND || event->call->procedure == FSINFO))
		return command;
	if (home != NO_STRAND)
		return home;
	if (strands->nfs3 != NO_STRAND)
		return strands->nfs3;
	return goes_on(strands, command, event) ? command : strands_add(strands);
}

static uint32_t
strand_of_files(struct strands *strands, const struct event *event)
{
	uint32_t found = strand_of_handle(strands, event, event->call->handle);
	if (event_is_good(event)) {
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
		return strand_of_command(strands, event);
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
		return strand_of_command(strands, event);
	if (goes_on(strands, strands->command, event))
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
	return strands->before != NO_STRAND ? strands->before
					    : strand_of_command(strands, event);
}

/* -- all -- */

static uint32_t
strand_of(struct strands *strands, size_t i)
{
	const struct event *event = &strands->pair->events.at[i];
	const struct call *call = event->call;
	if (call == NULL)
		return strand_of_open(strands, event);
	if (program_is_helper(event->program) || program_is_helper(call->program))
		return strand_of_helper(strands, event);
	if (call->program == PROGRAM_NFS && call->version == 4)
		return walks_strand(strands, event);
	if (event->deed == DEED_NFS || call->program == PROGRAM_NFS_ACL)
		return strand_of_files(strands, event);
	if (event->deed == DEED_PROBE && call->program == PROGRAM_NFS)
		return strand_of_knock(strands, event);
	if (event->deed == DEED_ASK && event->program == PROGRAM_NFS &&
	    strands->nfs3 != NO_STRAND && cut_is_rebind(&strands->pair->events, i))
		return strands->nfs3;
	return strand_of_command(strands, event);
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
	if (event->time < strand->start)
		strand->start = event->time;
	if (event->time > strand->end)
		strand->end = event->time;
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
