/*
 * walks: whose an event of NFS 4 is. A client id (its session, its connections) is the home
 * of several mounts. Each begins with a walk from the root (RFC 7530 section 7.3): every
 * step starts at a handle that a step before has given, so that two walks at a time can be
 * told apart by their chains of handles. What belongs to no chain is of the client id.
 */
#include "numbers.h"
#include "strands.h"

/* From the root on: without a handle or a name only the lease time is asked for. */
static bool
begins_walk(const struct call *call)
{
	return deed_of(call) == DEED_ROOT &&
	       (call->path_length != 0 || call_has_operation(call, OP_GETFH));
}

/* A new client id that goes on with files, not with a walk: RFC 8881 section 8.4.2. */
static bool
is_recovery(const struct strands *strands, const struct contact *contact)
{
	const struct call *calls = strands->judge->facts->calls;
	bool uses = false;
	for (uint32_t i = contact->first_call; i != NO_CALL; i = calls[i].next) {
		if (!calls[i].known || calls[i].backward || calls[i].program != PROGRAM_NFS)
			continue;
		if (begins_walk(&calls[i]))
			return false;
		uses |= deed_of(&calls[i]) == DEED_USE;
	}
	return uses;
}

static uint32_t
new_home(struct strands *strands, const struct contact *contact)
{
	const struct call *lead = ties_lead(strands, contact);
	uint32_t base = strands->nfs4;
	uint32_t tied = lead != NULL ? ties_find(strands, lead->session) : NO_STRAND;
	if (tied != NO_STRAND)
		return tied;
	if (base == NO_STRAND)
		return strands_add(strands);
	/* only NULL: rpc.gssd makes contexts so (RFC 2203 section 5.2.2) beside the kernel */
	if (lead == NULL || !call_begins_client_id(lead))
		return base;
	return strands->at[base].used && is_recovery(strands, contact) ? base
								       : strands_add(strands);
}

static uint32_t
home_of(struct strands *strands, const struct event *event)
{
	uint32_t *home = ties_home(strands, event->contact);
	if (*home == NO_STRAND)
		*home = new_home(strands, event->contact);
	uint32_t found = strands->at[*home].home;
	ties_add(strands, event->call->session, found);
	strands->nfs4 = found;
	return found;
}

/* Handles of two clients may be the same. */
static uint64_t
key_of(uint32_t home, uint64_t handle)
{
	const uint64_t golden = 0x9e3779b97f4a7c15; /* spreads small numbers */
	return handle != 0 ? (handle ^ (home + 1) * golden) | 1 : 0;
}

/* -- the walks of one client id, the newest first, then the home itself -- */

static uint32_t
walk_at(const struct strand *home, uint32_t at)
{
	uint32_t known = home->walk_count < STRAND_WALKS ? home->walk_count : STRAND_WALKS;
	if (at < known)
		return home->walks[(home->walk_count - 1 - at) % STRAND_WALKS];
	return at == known ? home->home : NO_STRAND;
}

static bool
is_over(const struct strand *walk, const struct event *event)
{
	return walk->used || (walk->failed != 0 && event->time - walk->failed > PAUSE_IN_WALK);
}

static bool
is_at(const struct strand *walk, uint64_t handle)
{
	return walk->chain_count != 0 && walk->chain[walk->chain_count - 1] == handle;
}

static bool
has_been_at(const struct strand *walk, uint64_t handle)
{
	for (uint32_t i = 0; i < walk->chain_count; i++) {
		if (walk->chain[i] == handle)
			return true;
	}
	return false;
}

/* The walk that goes on from that handle. */
static uint32_t
find_walk(const struct strands *strands, uint32_t home, const struct event *event,
	  bool (*fits)(const struct strand *walk, uint64_t handle))
{
	uint64_t handle = event->call->handle;
	uint32_t walk;
	for (uint32_t i = 0; (walk = walk_at(&strands->at[home], i)) != NO_STRAND; i++) {
		if (handle != 0 && !is_over(&strands->at[walk], event) &&
		    fits(&strands->at[walk], handle))
			return walk;
	}
	return NO_STRAND;
}

static uint32_t
strand_of_root(struct strands *strands, uint32_t home, const struct event *event)
{
	uint32_t newest = walk_at(&strands->at[home], 0);
	const struct strand *walk = &strands->at[newest];
	if (!begins_walk(event->call))
		return home;
	if (!walk->named && !walk->used && walk->failed == 0)
		return newest;
	uint32_t begun = strands_add(strands);
	struct strand *at = &strands->at[home];
	strands->at[begun].home = home;
	at->walks[at->walk_count++ % STRAND_WALKS] = begun;
	return begun;
}

static uint32_t
strand_of_walk(const struct strands *strands, uint32_t home, const struct event *event)
{
	uint32_t found = find_walk(strands, home, event, is_at);
	if (found == NO_STRAND)
		found = find_walk(strands, home, event, has_been_at);
	if (found == NO_STRAND)
		found = ties_find(strands, key_of(home, event->call->handle));
	return found != NO_STRAND ? found : home;
}

static uint32_t
strand_of_use(const struct strands *strands, uint32_t home, const struct event *event)
{
	uint32_t found = find_walk(strands, home, event, is_at), walk;
	if (found == NO_STRAND)
		found = ties_find(strands, key_of(home, event->call->handle));
	for (uint32_t i = 0;
	     found == NO_STRAND && (walk = walk_at(&strands->at[home], i)) != NO_STRAND; i++) {
		if (strands->at[walk].used)
			found = walk;
	}
	return found != NO_STRAND ? found : home;
}

static void
come_to(struct strand *walk, uint64_t handle)
{
	if (walk->chain_count == STRAND_CHAIN) {
		for (uint32_t i = 1; i < STRAND_CHAIN; i++)
			walk->chain[i - 1] = walk->chain[i];
		walk->chain_count--;
	}
	walk->chain[walk->chain_count++] = handle;
}

static void
note_step(struct strands *strands, uint32_t home, uint32_t strand, const struct event *event)
{
	struct strand *at = &strands->at[strand];
	const struct call *call = event->call;
	bool walks = event->deed == DEED_ROOT || event->deed == DEED_WALK;
	at->used |= event->deed == DEED_USE && event_needs_mount(event);
	if (walks && call->replies != 0) {
		at->named |= call->path_length != 0;
		at->failed = call->result != 0 ? event->end : 0;
	}
	if (!event_is_good(event) || call->given == 0)
		return;
	uint64_t key = key_of(home, call->given);
	uint32_t owner = ties_find(strands, key);
	if (walks)
		come_to(at, call->given);
	if (owner == NO_STRAND || !strands->at[owner].used)
		ties_add(strands, key, strand);
}

uint32_t
walks_strand(struct strands *strands, const struct event *event)
{
	uint32_t home = home_of(strands, event), found = home;
	if (event->deed == DEED_ROOT)
		found = strand_of_root(strands, home, event);
	else if (event->deed == DEED_WALK ||
		 (event->deed == DEED_SETUP && event->call->handle != 0))
		found = strand_of_walk(strands, home, event);
	else if (event->deed == DEED_USE)
		found = strand_of_use(strands, home, event);
	note_step(strands, home, found, event);
	return found;
}
