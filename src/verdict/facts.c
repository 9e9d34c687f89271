/*
 * facts: where what is collected is kept.
 *
 * Calls stand in one array, linked per contact. The number of a call is noted in the
 * exchange, which gives it again with every reply and repeat. Ordinary answered calls beyond
 * the first few of a contact are used again; what failed stays.
 */
#include "facts_store.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "unusual.h"

int64_t
facts_blur(const struct facts *facts)
{
	return facts->first % SECOND == 0 && facts->last % SECOND == 0 ? SECOND : 0;
}

/* What is in hand is judged as if the capture ended here: with some of what follows, but not
 * all, a mount would be found to lack what is only not kept. */
void
facts_full(struct facts *facts, const char *limit)
{
	if (facts->full != NULL)
		return;
	facts->full = limit;
	facts->last = facts->counts->last;
	facts->last_frame = facts->counts->frames;
}

bool
facts_keep(struct facts *facts, const void *octets, size_t count, uint32_t *at)
{
	if (facts->octet_count + count > facts->octet_limit) {
		facts_full(facts, "paths");
		return false;
	}
	facts->octets = memory_grow(facts->octets, &facts->octet_capacity,
				    facts->octet_count + count, 1);
	*at = (uint32_t)facts->octet_count;
	memcpy(facts->octets + *at, octets, count);
	facts->octet_count += count;
	return true;
}

static inline bool
has_evicted(const struct counts *counts)
{
	return (counts->evicted.flows | counts->evicted.calls | counts->evicted.records |
		counts->evicted.octets | counts->evicted.fragments | counts->evicted.parked) !=
	       0;
}

/* The bound that made the pipeline give up what a verdict needs; one did. */
UNUSUAL static const char *
limit_met(const struct counts *counts)
{
	const struct {
		uint64_t count;
		const char *limit;
	} bounds[] = {
		{counts->evicted.flows, "flows"},
		{counts->evicted.namesakes, "namesakes"},
		{counts->evicted.calls, "calls"},
		{counts->evicted.records, "records"},
		{counts->evicted.direction, "direction"},
		{counts->evicted.octets, "held"},
		{counts->evicted.fragments, "fragments"},
		{counts->evicted.parked, "parked"},
	};
	size_t i = 0;
	while (bounds[i].count == 0)
		i++;
	return bounds[i].limit;
}

/* What the pipeline gave up is missing here as well: a connection that was let go comes back
 * as another, a reply that came later is nobody's. */
static bool
is_full(struct facts *facts)
{
	if (facts->full == NULL && has_evicted(facts->counts))
		facts_full(facts, limit_met(facts->counts));
	return facts->full != NULL;
}

/* -- calls -- */

struct call *
facts_call_of(const struct facts *facts, const struct message *message, uint64_t frame)
{
	uint32_t number = message->note != NULL ? *message->note : 0;
	if (number == 0 || number > facts->call_count)
		return NULL;
	struct call *call = &facts->calls[number - 1];
	return call->frame == frame && call->xid == message->xid ? call : NULL;
}

static const struct call_more nothing_more;

struct call_more *
facts_call_more(struct facts *facts, struct call *call)
{
	if (call->more != &nothing_more)
		return (struct call_more *)call->more;
	struct call_more *more = pool_get(&facts->more_pool);
	call->more = more;
	return more;
}

/* NO_CALL: there is no room for more. */
UNUSUAL static uint32_t
more_room(struct facts *facts)
{
	if (facts->call_count >= facts->call_limit) {
		facts_full(facts, "facts");
		facts->omitted_calls++;
		return NO_CALL;
	}
	facts->calls = memory_grow(facts->calls, &facts->call_capacity, facts->call_count + 1,
				   sizeof *facts->calls);
	struct call *call = &facts->calls[facts->call_count];
	memory_clear(call, sizeof *call);
	call->next = NO_CALL;
	return (uint32_t)facts->call_count++;
}

struct call *
facts_new_call(struct facts *facts, struct contact *contact, const struct message *message)
{
	if (facts->spare_call == NO_CALL)
		facts->spare_call = more_room(facts);
	uint32_t at = facts->spare_call;
	if (at == NO_CALL)
		return NULL;
	struct call *call = &facts->calls[at];
	facts->spare_call = call->next;
	call->contact = contact->index;
	call->next = NO_CALL;
	call->frame = message->packet->frame.number;
	call->xid = message->xid;
	call->status = STATUS_UNKNOWN;
	call->more = &nothing_more;
	if (message->note != NULL)
		*message->note = at + 1;
	return call;
}

/* Takes it into the list of its contact, where the rules see it. */
void
facts_keep_call(struct facts *facts, struct contact *contact, struct call *call)
{
	uint32_t at = (uint32_t)(call - facts->calls);
	if (contact->first_call == NO_CALL)
		contact->first_call = at;
	else
		facts->calls[contact->last_call].next = at;
	contact->last_call = at;
	contact->kept++;
	call->kept = true;
}

/* -- the sink -- */

static void
take_counts(void *context, const struct counts *counts)
{
	((struct facts *)context)->counts = counts;
}

/* Of a call whose connection was looked at when there was room. */
UNUSUAL static void
omit_message(struct facts *facts, const struct message *message)
{
	if (message->kind == MESSAGE_CALL && message->flow != NULL)
		facts->omitted_calls += facts_of_flow(message->flow) != NULL;
}

/* (What the pipeline gave up is known by the packet; it came first.) */
STRAIGHT static void
take_message(void *context, const struct message *message)
{
	struct facts *facts = context;
	if (facts->full == NULL)
		facts_message(facts, message);
	else
		omit_message(facts, message);
}

/* What is not just the next segment of a settled connection. */
UNUSUAL static void
take_any_packet(struct facts *facts, const struct packet *packet, struct flow *flow,
		enum flow_end from)
{
	if (is_full(facts)) {
		facts->omitted_contacts += flow->first_frame == packet->frame.number;
		return;
	}
	struct contact *contact = facts_contact_of(facts, packet, flow);
	if (contact == NULL)
		return;
	if (contact->end[(unsigned)from ^ contact->client_end].last_frame == 0)
		facts_speaker(facts, packet);
	facts_packet(facts, contact, packet, flow, from);
}

STRAIGHT static void
take_packet(void *context, const struct packet *packet, struct flow *flow, enum flow_end from)
{
	struct facts *facts = context;
	struct contact *contact = facts_of_flow(flow);
	bool plain = contact != NULL && !flow->stale && facts->full == NULL &&
		     !has_evicted(facts->counts) &&
		     facts_plain_packet(facts, contact, packet,
					(unsigned)from ^ contact->client_end);
	if (!plain)
		take_any_packet(facts, packet, flow, from);
}

static void
take_icmp(void *context, const struct icmp_error *error, const struct packet *quoted,
	  const struct flow *flow, enum flow_end from)
{
	if (is_full(context))
		return;
	facts_note_spoke(context, &error->reporter);
	facts_icmp(error, quoted, flow, from);
}

static void
take_other(void *context, const struct packet *packet)
{
	if (is_full(context))
		return;
	facts_speaker(context, packet);
	facts_neighbour(context, packet);
	facts_cut_icmp(context, packet);
}

static void
take_fragment(void *context, const struct packet *packet)
{
	if (!is_full(context))
		facts_piece(context, packet);
}

static void
take_frame(void *context, const struct frame *frame, const struct link_view *link)
{
	if (!is_full(context))
		facts_hardware(context, frame, link);
}

/* The states at the end of the capture. */
static void
take_session(void *context, const struct session *session)
{
	const struct facts *facts = context;
	struct contact *contact = facts_contact(facts, session->number);
	if (contact == NULL || session->transport != TRANSPORT_TCP)
		return;
	if (session->flow != NULL)
		return; /* told early: what it is at the end nobody sees */
	for (unsigned i = 0; i < 2; i++) {
		unsigned flow_end = i ^ contact->client_end;
		if (facts->full && session->life.end[flow_end].since > facts->last)
			continue;
		contact->end[i].state = (uint8_t)life_state_seen(&session->life, flow_end,
								 &contact->end[i].state_since);
		contact->end[i].has_state = true;
	}
}

void
facts_listen(struct sink *sink, struct facts *facts)
{
	*sink = (struct sink){.begin = take_counts,
			      .message = take_message,
			      .packet = take_packet,
			      .icmp = take_icmp,
			      .other = take_other,
			      .fragment = take_fragment,
			      .frame = take_frame,
			      .session = take_session,
			      .context = facts,
			      .lives_only = true,
			      .even_clock = true};
}

void
facts_end(struct facts *facts, const struct counts *counts)
{
	facts->first = counts->first;
	facts->steps = counts->clock;
	if (is_full(facts))
		return;
	facts->last = counts->last;
	facts->last_frame = counts->frames;
}

struct facts *
facts_new(const struct decoder *decoder, const struct bounds *bounds)
{
	struct facts *facts = memory_get(sizeof *facts);
	facts->decoder = decoder;
	facts->contact_limit = bound_or(bounds->contacts, LIMIT_FACTS_CONTACTS);
	facts->call_limit = bound_or(bounds->facts, LIMIT_FACTS_CALLS);
	facts->host_limit = bound_or(bounds->hosts, LIMIT_FACTS_HOSTS);
	facts->neighbour_limit = bound_or(bounds->neighbours, LIMIT_FACTS_NEIGHBOURS);
	facts->piece_limit = bound_or(bounds->datagrams, LIMIT_FACTS_DATAGRAMS);
	facts->octet_limit = bound_or(bounds->paths, LIMIT_FACTS_OCTETS);
	facts->attempt_limit = bound_or(bounds->attempts, LIMIT_ATTEMPTS);
	facts->spare_call = NO_CALL;
	tape_init(&facts->tape);
	pool_init(&facts->contact_pool, sizeof(struct contact));
	pool_init(&facts->hole_pool, CONTACT_HOLES * sizeof(struct hole));
	pool_init(&facts->more_pool, sizeof(struct call_more));
	table_init(&facts->neighbours);
	pool_init(&facts->neighbour_pool, sizeof(struct neighbour));
	facts_speakers_begin(facts);
	return facts;
}

void
facts_free(struct facts *facts)
{
	if (facts == NULL)
		return;
	table_release(&facts->speakers);
	pool_release(&facts->contact_pool);
	pool_release(&facts->hole_pool);
	pool_release(&facts->more_pool);
	pool_release(&facts->speaker_pool);
	table_release(&facts->neighbours);
	pool_release(&facts->neighbour_pool);
	tape_release(&facts->tape);
	free(facts->contacts);
	free(facts->calls);
	free(facts->octets);
	free(facts->pieces);
	free(facts);
}

/* It stays clear but for what facts_message.c writes into every new call: most calls are
 * ordinary ones, which come and go. */
void
facts_drop_call(struct facts *facts, struct call *call, bool ordinary)
{
	if (!ordinary) {
		if (call->more != &nothing_more)
			pool_put(&facts->more_pool, (struct call_more *)call->more);
		memory_clear(call, sizeof *call);
	}
	call->frame = 0;
	call->sends = call->replies = 0;
	call->next = facts->spare_call;
	facts->spare_call = (uint32_t)(call - facts->calls);
}
