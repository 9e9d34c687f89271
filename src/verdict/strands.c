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

#define GIVEN_UP (SECOND / 2) /* over UDP mount.nfs sends every second, then goes on */

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

/* The first call on a connection began with the SYN. */
static int64_t
begin_of(const struct strands *strands, const struct event *event)
{
	const struct contact *contact = event->contact;
	if (facts_blur(strands->judge->facts) != 0)
		return event->time;
	bool first = event->call == NULL ||
		     (contact->first_call != NO_CALL &&
		      &strands->judge->facts->calls[contact->first_call] == event->call);
	return first && contact->end[0].syns != 0 && contact->start < event->time
		       ? contact->start
		       : event->time;
}

/* When the client had its answer, or gave up: what comes later, or to a closed connection, is
 * no answer to it any more. */
static int64_t
end_of(const struct event *event)
{
	const struct contact_end *client = &event->contact->end[0];
	int64_t end = event->end;
	if (event->call != NULL && event->contact->transport == TRANSPORT_UDP &&
	    end > event->call->last_time + GIVEN_UP)
		end = event->call->last_time + GIVEN_UP;
	if (client->fin_frame != 0 && client->fin_time > event->time && client->fin_time < end)
		end = client->fin_time;
	if (client->rst_frame != 0 && client->rst_time > event->time && client->rst_time < end)
		end = client->rst_time;
	return end;
}

/* Is the command still at work? */
static bool
is_open(const struct strands *strands, uint32_t strand, const struct event *event)
{
	const struct strand *at = strand != NO_STRAND ? &strands->at[strand] : NULL;
	return at != NULL && !at->done && !at->used && event->time - at->last <= PAUSE;
}

/* May the command go on with that event? It never does two things at a time. */
static bool
goes_on(const struct strands *strands, uint32_t strand, const struct event *event)
{
	return is_open(strands, strand, event) &&
	       strands->at[strand].busy <= begin_of(strands, event);
}

static uint64_t
question_of(const struct event *event)
{
	const struct call *call = event->call;
	return (uint64_t)call->asked << 32 | (uint64_t)call->asked_version << 16 |
	       (uint64_t)call->version << 8 | call->asked_transport;
}

/* Is that its next step: a question not yet answered, or the port that it was told? */
static bool
is_next(const struct strands *strands, const struct strand *strand, const struct event *event)
{
	if (event->deed != DEED_ASK)
		return strand->port == 0 || event->program == PROGRAM_PORTMAPPER ||
		       strand->port == event->contact->server.port;
	if (strand->granted)
		return !strands->mounts; /* the kernel asks once more */
	for (uint32_t i = 0; i < strand->question_count && i < STRAND_ASKED; i++) {
		if (strand->questions[i] == question_of(event))
			return false;
	}
	return true;
}

static uint32_t
new_command(struct strands *strands)
{
	uint32_t strand = strands_add(strands);
	strands->commands[strands->command_count++ % COMMANDS] = strand;
	return strand;
}

/* The command whose next step that is, the last that went on before others. */
static uint32_t
find_command(struct strands *strands, const struct event *event)
{
	if (goes_on(strands, strands->command, event) &&
	    is_next(strands, &strands->at[strands->command], event))
		return strands->command;
	for (uint32_t i = 0; i < COMMANDS && i < strands->command_count; i++) {
		uint32_t at = strands->commands[(strands->command_count - 1 - i) % COMMANDS];
		if (goes_on(strands, at, event) && is_next(strands, &strands->at[at], event))
			return at;
	}
	return new_command(strands);
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
	uint32_t found = NO_STRAND;
	for (uint32_t i = 0; i < COMMANDS && i < strands->command_count; i++) {
		uint32_t at = strands->commands[(strands->command_count - 1 - i) % COMMANDS];
		if (goes_on(strands, at, event) && is_mount_of(strands, at, event->call))
			return at;
		if (found == NO_STRAND && goes_on(strands, at, event) &&
		    strands->at[at].mnt == NULL && is_next(strands, &strands->at[at], event))
			found = at;
	}
	return found != NO_STRAND ? found : new_command(strands);
}

/* What was asked before UMNT is part of the mount that it ends. */
static uint32_t
strand_of_umnt(struct strands *strands, const struct event *event)
{
	enum { SEARCHED = 64 };
	uint32_t asked = strands->command, mount = strands->nfs3;
	for (uint32_t i = (uint32_t)strands->count, left = SEARCHED; i-- > 0 && left-- > 0;) {
		if (is_mount_of(strands, i, event->call) && strands->at[i].granted) {
			mount = i;
			break;
		}
	}
	if (mount == NO_STRAND)
		return find_command(strands, event);
	if (asked != mount && strands->at[asked].unmounts) {
		strands->at[asked].into = mount;
		strands->at[asked].done = true;
	}
	return mount;
}

static uint32_t
strand_before_umnt(struct strands *strands, const struct event *event)
{
	if (goes_on(strands, strands->command, event) && strands->at[strands->command].unmounts)
		return strands->command;
	uint32_t found = new_command(strands);
	strands->at[found].unmounts = true;
	return found;
}

static void
note_command(struct strand *strand, const struct event *event)
{
	const struct call *call = event->call;
	bool answered = call != NULL && call->replies != 0;
	strand->busy = end_of(event);
	if (event->deed == DEED_ASK && event_is_good(event) && call->answer != 0) {
		strand->port = call->answer;
		strand->questions[strand->question_count++ % STRAND_ASKED] = question_of(event);
	}
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
	bool unmounts = event->program == PROGRAM_MOUNT && event->deed != DEED_UMNT &&
			strands->leads_to == DEED_UMNT && strands->nfs3 != NO_STRAND;
	bool here = *home != NO_STRAND && is_open(strands, *home, event) &&
		    (event->deed != DEED_MNT || strands->at[*home].mnt == NULL ||
		     is_mount_of(strands, *home, event->call));
	if (here)
		found = *home;
	else if (event->deed == DEED_MNT)
		found = strand_of_mnt(strands, event);
	else if (event->deed == DEED_UMNT)
		found = strand_of_umnt(strands, event);
	else if (unmounts)
		found = strand_before_umnt(strands, event);
	else if (*home != NO_STRAND && event->deed == DEED_EXPORT)
		found = *home; /* libnfs asks for the exports where it called MNT */
	else
		found = find_command(strands, event);
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
	uint32_t tied = ties_find(strands, handle);
	bool same = home != NO_STRAND && handle != 0 && strands->at[home].mnt != NULL &&
		    strands->at[home].mnt->handle == handle;
	/* of two mounts of one path the one that uses this connection, once both are in use */
	if (tied != NO_STRAND)
		return same && strands->at[tied].used ? home : tied;
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
	if (call->program == PROGRAM_NFS && call->version == 4 &&
	    !is_probe_alone(strands, event))
		return walks_strand(strands, event);
	if (event->deed == DEED_NFS || call->program == PROGRAM_NFS_ACL)
		return strand_of_files(strands, event);
	if (event->deed == DEED_PROBE && call->program == PROGRAM_NFS && call->version != 4)
		return strand_of_knock(strands, event);
	if (strands->rebinds && strands->nfs3 != NO_STRAND &&
	    !(goes_on(strands, strands->command, event) &&
	      strands->at[strands->command].granted))
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
	if (begin_of(strands, event) < strand->start)
		strand->start = begin_of(strands, event);
	int64_t end =
		event->call != NULL && event->call->replies != 0 ? end_of(event) : event->time;
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
