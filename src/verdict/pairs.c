/*
 * pairs: who talked to whom. Contacts that concern RPC are sorted by client,
 * server and time; each run of the same two hosts is a pair, and what they did in
 * order of time are its events.
 */
#include "judge.h"
#include "numbers.h"

#include <stdlib.h>
#include <string.h>

uint32_t
pairs_program(const struct judge *judge, const struct contact *contact)
{
	if (contact->program != 0)
		return contact->program;
	if (contact->server.port == PORT_PORTMAPPER)
		return PROGRAM_PORTMAPPER;
	uint32_t program = answers_program(judge, contact);
	if (program == 0 && contact->server.port == PORT_NFS)
		return PROGRAM_NFS;
	return program;
}

/* Nothing but packets that their receivers dropped: even its addresses may be wrong. */
static bool
is_corrupt(const struct judge *judge, const struct contact *contact)
{
	const struct facts *facts = judge->facts;
	uint64_t bad = contact->end[0].bad_checksums + contact->end[1].bad_checksums;
	return bad != 0 && bad == contact->end[0].packets + contact->end[1].packets &&
	       facts->good_checksums > 4 * facts->bad_checksums;
}

/* Nothing but replies, from another place, to what was asked elsewhere. */
static bool
is_borrowed(const struct contact *contact)
{
	return contact->borrowed != 0 && contact->calls == 0 && contact->unmatched == 0;
}

bool
contact_concerns(const struct judge *judge, const struct contact *contact)
{
	if (is_corrupt(judge, contact) || is_borrowed(contact))
		return false;
	return contact->rpc || contact_is_knock(contact) || pairs_program(judge, contact) != 0;
}

/* -- events -- */

static void
add_event(struct events *events, const struct event *event)
{
	events->at = memory_grow(events->at, &events->capacity, events->count + 1,
				 sizeof *events->at);
	events->at[events->count++] = *event;
}

/* RFC 1813 section 6.1: the server calls back when it has the lock. */
static bool
is_promise(const struct call *call)
{
	return call->program == PROGRAM_NLM && call->replies != 0 && call->has_result &&
	       call->result == NLM_BLOCKED;
}

/* The capture lacks what the server said to LOCK: it may have been that promise. */
static bool
is_unread_lock(const struct call *call)
{
	return call->program == PROGRAM_NLM && call->procedure == NLM_LOCK &&
	       (call->replies == 0 || (!call->has_result && call->cut));
}

/* When a lock was first promised for later, or may have been. */
static void
note_blocked(struct pair *pair, const struct call *call)
{
	if (pair->blocked != 0 || (!is_promise(call) && !is_unread_lock(call)))
		return;
	pair->blocked = call->replies != 0 ? call->reply_time : call->time;
	pair->blocked_unread = !is_promise(call);
}

static int64_t
end_of_call(const struct call *call, int64_t order)
{
	return call->replies != 0 ? call->reply_time + order * (int64_t)call->reply_frame
				  : call->last_time + order * (int64_t)call->last_frame;
}

static void
add_events(struct judge *judge, struct pair *pair, const struct contact *contact)
{
	bool called = false;
	int64_t before = INT64_MIN / 2;
	/* many calls at one time: a nanosecond a frame keeps their order */
	int64_t order = facts_blur(judge->facts) != 0;
	for (uint32_t i = contact->first_call; i != NO_CALL; i = judge->facts->calls[i].next) {
		const struct call *call = &judge->facts->calls[i];
		if (call->backward || !call->known)
			continue;
		called = true;
		note_blocked(pair, call);
		int64_t time = call->time;
		/* octets in order, packets not: the stream's order stands */
		if (time < before && before - time < SWAPPED &&
		    contact->transport == TRANSPORT_TCP)
			time = before + 1;
		before = time;
		add_event(&pair->events,
			  &(struct event){
				  .time = time + order * (int64_t)call->frame,
				  .end = end_of_call(call, order),
				  .frame = call->frame,
				  .contact = contact,
				  .call = call,
				  .deed = deed_of(call),
				  .program = call->asks && !call->indirect ? call->asked
									   : call->program,
			  });
	}
	if (!called)
		add_event(
			&pair->events,
			&(struct event){
				.time = contact->start + order * (int64_t)contact->first_frame,
				.end = contact->last + order * (int64_t)contact->last_frame,
				.frame = contact->first_frame,
				.contact = contact,
				.deed = DEED_OPEN,
				.program = pairs_program(judge, contact),
			});
}

static int
compare_events(const void *a, const void *b)
{
	const struct event *left = a, *right = b;
	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return left->frame < right->frame ? -1 : left->frame > right->frame;
}

/* -- pairs -- */

static int
compare_contacts(const void *a, const void *b)
{
	const struct contact *left = *(struct contact *const *)a,
			     *right = *(struct contact *const *)b;
	int order = memcmp(&left->client.address, &right->client.address,
			   sizeof left->client.address);
	if (order == 0)
		order = memcmp(&left->server.address, &right->server.address,
			       sizeof left->server.address);
	if (order == 0)
		order = left->number < right->number ? -1 : 1;
	return order;
}

bool
contact_has_gap(const struct contact *contact, unsigned end)
{
	const struct contact_end *this = &contact->end[end], *other = &contact->end[!end];
	if (contact->transport != TRANSPORT_TCP)
		return false;
	for (uint32_t i = 0; i < this->hole_count; i++) {
		/* acknowledged, but not in the capture: the capture lost it */
		if (this->has_acked && (int32_t)(this->acked - this->holes[i].from) > 0)
			return true;
	}
	/* A connection goes on behind a SYN or SYN+ACK that is not there. */
	bool begun = this->syns == 0 && other->syns != 0 && other->sent_ack &&
		     contact->challenge_acks == 0 && this->packets != 0;
	return this->unseen || begun;
}

/* Does the client acknowledge, or act on, what the capture has nothing of? */
static void
judge_sides(struct pair *pair)
{
	uint64_t seen = 0;
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		seen += contact->end[1].packets;
		pair->gaps |= contact_has_gap(contact, 0) || contact_has_gap(contact, 1);
		if (contact->end[0].sent_ack && contact->end[1].packets == 0 &&
		    pair->one_sided_frame == 0)
			pair->one_sided_frame = contact->end[0].last_frame;
	}
	pair->server_silent = seen == 0;
	for (size_t i = 1; i < pair->events.count && seen == 0; i++) {
		const struct event *before = &pair->events.at[i - 1], *event = before + 1;
		/* It goes to a port that it was never told: the answer is not in the capture.
		 */
		if (before->deed == DEED_ASK && before->call->sends == 1 &&
		    event->program == before->program && event->deed != DEED_ASK &&
		    event->time - before->time < NEARBY && pair->one_sided_frame == 0)
			pair->one_sided_frame = event->frame;
	}
	pair->one_sided = seen == 0 && pair->one_sided_frame != 0;
}

static bool
is_bare_knock(const struct judge *judge, const struct contact *contact)
{
	return contact_is_knock(contact) && pairs_program(judge, contact) == 0;
}

/* Beside calls that say what they are, a knock may be anything that they led to: left out. */
static size_t
drop_knocks(const struct judge *judge, const struct contact **contacts, size_t count)
{
	size_t kept = 0, knocks = 0;
	for (size_t i = 0; i < count; i++)
		knocks += is_bare_knock(judge, contacts[i]);
	if (knocks == count)
		return count;
	for (size_t i = 0; i < count; i++) {
		if (!is_bare_knock(judge, contacts[i]))
			contacts[kept++] = contacts[i];
	}
	return kept;
}

static void
add_pair(struct judge *judge, const struct contact **contacts, size_t count)
{
	judge->pairs = memory_grow(judge->pairs, &judge->pair_capacity, judge->pair_count + 1,
				   sizeof *judge->pairs);
	struct pair *pair = &judge->pairs[judge->pair_count++];
	*pair = (struct pair){.client = contacts[0]->client.address,
			      .server = contacts[0]->server.address,
			      .contacts = contacts,
			      .contact_count = drop_knocks(judge, contacts, count)};
	services_make(pair);
	for (size_t i = 0; i < pair->contact_count; i++)
		add_events(judge, pair, contacts[i]);
	if (pair->events.count != 0)
		qsort(pair->events.at, pair->events.count, sizeof *pair->events.at,
		      compare_events);
	judge_sides(pair);
}

/* Does the pair have NFS or mountd in it? */
static bool
mounts(const struct judge *judge, const struct pair *pair)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		uint32_t program = pairs_program(judge, pair->contacts[i]);
		if (program == PROGRAM_NFS || program == PROGRAM_MOUNT)
			return true;
	}
	return false;
}

/* Is it a server that calls a client, at the address that the client named? */
static bool
calls_back(const struct judge *judge, const struct pair *pair)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct pair *owner = called_back_owner(judge, pair->contacts[i]);
		if (owner != NULL && owner != pair)
			return true;
	}
	return false;
}

static int
compare_addresses(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct address));
}

/* Nothing but connections from reserved ports to ports that nobody named. */
static bool
only_knocks(const struct judge *judge, const struct pair *pair)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		if (!is_bare_knock(judge, pair->contacts[i]))
			return false;
	}
	return true;
}

/* A host that others mount from, and that knocks at ports nobody named, calls back clients
 * whose SETCLIENTID the capture lacks, or has in part. */
static void
judge_knocks(struct judge *judge)
{
	struct address *servers = memory_get((judge->pair_count + 1) * sizeof *servers);
	size_t count = 0;
	for (size_t i = 0; i < judge->pair_count; i++) {
		if (mounts(judge, &judge->pairs[i]))
			servers[count++] = judge->pairs[i].server;
	}
	if (count != 0)
		qsort(servers, count, sizeof *servers, compare_addresses);
	for (size_t i = 0; i < judge->pair_count && count != 0; i++) {
		struct pair *pair = &judge->pairs[i];
		if (!pair->serves && only_knocks(judge, pair))
			pair->serves = bsearch(&pair->client, servers, count, sizeof *servers,
					       compare_addresses) != NULL;
	}
	free(servers);
}

/* A server that calls its client back is no client of its own. */
static void
judge_roles(struct judge *judge)
{
	for (size_t i = 0; i < judge->pair_count; i++) {
		struct pair *pair = &judge->pairs[i];
		const struct pair *reverse = pairs_reverse(judge, pair);
		bool client = reverse != NULL && reverse != pair && mounts(judge, reverse);
		pair->serves = (client || calls_back(judge, pair)) && !mounts(judge, pair);
	}
}

void
pairs_make(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	const struct contact **all = memory_get((facts->contact_count + 1) * sizeof(void *));
	size_t count = 0;
	judge->contacts = all;
	answers_make(judge);
	for (size_t i = 0; i < facts->contact_count; i++) {
		if (contact_concerns(judge, facts->contacts[i]))
			all[count++] = facts->contacts[i];
	}
	if (count != 0)
		qsort(all, count, sizeof(void *), compare_contacts);
	for (size_t i = 0, run = 0; i < count; i = run) {
		while (run < count &&
		       address_equal(&all[i]->client.address, &all[run]->client.address) &&
		       address_equal(&all[i]->server.address, &all[run]->server.address))
			run++;
		add_pair(judge, &all[i], run - i);
	}
	called_back_make(judge);
	judge_roles(judge);
	judge_knocks(judge);
	clients_make(judge);
}

void
pairs_free(struct judge *judge)
{
	for (size_t i = 0; i < judge->pair_count; i++) {
		free(judge->pairs[i].events.at);
		services_free(&judge->pairs[i]);
	}
	free(judge->pairs);
	free(judge->contacts);
	answers_free(judge);
	called_back_free(judge);
	clients_free(judge);
}
