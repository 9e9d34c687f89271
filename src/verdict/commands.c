/*
 * commands: whose an event of mount.nfs, umount.nfs, showmount or rpcinfo is. Each does one
 * thing after the other: what begins before a step is over is of another command. MNT names
 * the path, the portmapper's answer the port that is called next.
 */
#include "strands.h"

#include "cut.h"

#define GIVEN_UP (SECOND / 2) /* over UDP mount.nfs sends every second, then goes on */

/* The first call on a connection began with the SYN. */
int64_t
commands_begin(const struct strands *strands, const struct event *event)
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
int64_t
commands_end(const struct event *event)
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
bool
commands_goes_on(const struct strands *strands, uint32_t strand, const struct event *event)
{
	return is_open(strands, strand, event) &&
	       strands->at[strand].busy <= commands_begin(strands, event);
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
	if (commands_goes_on(strands, strands->command, event) &&
	    is_next(strands, &strands->at[strands->command], event))
		return strands->command;
	for (uint32_t i = 0; i < COMMANDS && i < strands->command_count; i++) {
		uint32_t at = strands->commands[(strands->command_count - 1 - i) % COMMANDS];
		if (commands_goes_on(strands, at, event) &&
		    is_next(strands, &strands->at[at], event))
			return at;
	}
	return new_command(strands);
}

static bool
is_mount_of(const struct strands *strands, uint32_t strand, const struct call *call)
{
	return strand != NO_STRAND && strands->at[strand].mnt != NULL &&
	       cut_same_path(strands->judge, strands->at[strand].mnt, call);
}

static uint32_t
strand_of_mnt(struct strands *strands, const struct event *event)
{
	uint32_t found = NO_STRAND;
	for (uint32_t i = 0; i < COMMANDS && i < strands->command_count; i++) {
		uint32_t at = strands->commands[(strands->command_count - 1 - i) % COMMANDS];
		if (commands_goes_on(strands, at, event) &&
		    is_mount_of(strands, at, event->call))
			return at;
		if (found == NO_STRAND && commands_goes_on(strands, at, event) &&
		    strands->at[at].mnt == NULL && is_next(strands, &strands->at[at], event))
			found = at;
	}
	return found != NO_STRAND ? found : new_command(strands);
}

/* What was asked before UMNT is part of the mount that it ends. */
static uint32_t
strand_of_umnt(struct strands *strands, const struct event *event)
{
	uint32_t asked = strands->command, mount = strands->nfs3;
	for (uint32_t i = (uint32_t)strands->count, left = LIMIT_NEXT_STRANDS;
	     i-- > 0 && left-- > 0;) {
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
	if (commands_goes_on(strands, strands->command, event) &&
	    strands->at[strands->command].unmounts)
		return strands->command;
	uint32_t found = new_command(strands);
	strands->at[found].unmounts = true;
	return found;
}

static void
note_command(struct strand *strand, const struct event *event)
{
	const struct call *call = event->call;
	strand->busy = commands_end(event);
	if (call == NULL) /* DEED_OPEN: nothing was asked yet */
		return;
	bool answered = call->replies != 0;
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

uint32_t
commands_strand(struct strands *strands, const struct event *event)
{
	uint32_t *home = ties_home(strands, event->contact), found;
	bool unmounts = event->program == PROGRAM_MOUNT && event->deed != DEED_UMNT &&
			strands->leads_to == DEED_UMNT && strands->nfs3 != NO_STRAND;
	bool here = *home != NO_STRAND && is_open(strands, *home, event) &&
		    (event->deed != DEED_MNT || strands->at[*home].mnt == NULL ||
		     is_mount_of(strands, *home, event->call));
	/* libnfs asks for the exports where it called MNT. */
	bool lists = event->deed == DEED_EXPORT && *home != NO_STRAND && !unmounts;
	if (here || lists)
		found = *home;
	else if (event->deed == DEED_MNT)
		found = strand_of_mnt(strands, event);
	else if (event->deed == DEED_UMNT)
		found = strand_of_umnt(strands, event);
	else if (unmounts)
		found = strand_before_umnt(strands, event);
	else
		found = find_command(strands, event);
	*home = strands->command = found;
	note_command(&strands->at[found], event);
	if (event->deed == DEED_MNT && strands->at[found].granted)
		ties_add(strands, event->call->handle, found);
	return found;
}
