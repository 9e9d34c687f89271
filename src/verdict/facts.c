/*
 * facts: where what is collected is kept.
 *
 * Contacts stand in an array by the number of their session, calls in one array,
 * linked per contact. A call is found again by the frame and xid of its first
 * sending, which every reply and repeat names. Ordinary answered calls beyond the
 * first few of a contact are used again; what failed stays.
 */
#include "facts_store.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"

/* A host that sent something. */
struct speaker {
	struct table_entry entry; /* first: see table.h */
	struct address address;
};

struct contact *
facts_contact(const struct facts *facts, uint64_t number)
{
	return number != 0 && number <= facts->contact_count ? facts->contacts[number - 1]
							     : NULL;
}

int64_t
facts_blur(const struct facts *facts)
{
	return facts->first % SECOND == 0 && facts->last % SECOND == 0 ? SECOND : 0;
}

static struct speaker *
find_speaker(const struct facts *facts, const struct address *address, uint64_t hash)
{
	for (struct table_entry *entry = table_first(&facts->speakers, hash); entry != NULL;
	     entry = table_next(entry)) {
		struct speaker *speaker = (struct speaker *)entry;
		if (address_equal(&speaker->address, address))
			return speaker;
	}
	return NULL;
}

bool
facts_speaks(const struct facts *facts, const struct address *address)
{
	return find_speaker(facts, address,
			    table_hash(&facts->speakers, address, sizeof *address)) != NULL;
}

/* Once a flow and direction is enough; more cost a look-up each. */
static void
note_speaker(struct facts *facts, const struct address *address)
{
	uint64_t hash = table_hash(&facts->speakers, address, sizeof *address);
	if (facts->speakers.count >= LIMIT_FACTS_HOSTS ||
	    find_speaker(facts, address, hash) != NULL)
		return;
	struct speaker *speaker = pool_get(&facts->speaker_pool);
	speaker->address = *address;
	table_insert(&facts->speakers, &speaker->entry, hash);
}

uint32_t
facts_keep(struct facts *facts, const void *octets, size_t count)
{
	if (facts->octet_count + count > LIMIT_FACTS_OCTETS)
		return 0;
	facts->octets = memory_grow(facts->octets, &facts->octet_capacity,
				    facts->octet_count + count, 1);
	uint32_t at = (uint32_t)facts->octet_count;
	memcpy(facts->octets + at, octets, count);
	facts->octet_count += count;
	return at;
}

static struct contact *
new_contact(struct facts *facts, const struct packet *packet, const struct flow *flow)
{
	struct contact *contact = pool_get(&facts->contact_pool);
	*contact = (struct contact){
		.number = flow->session,
		.transport = flow->transport,
		.client = flow->end[0],
		.server = flow->end[1],
		.joined_midway = flow->transport == TRANSPORT_TCP && !(packet->flags & TCP_SYN),
		.client_known =
			flow->transport == TRANSPORT_TCP && (packet->flags & TCP_SYN) != 0,
		.first_frame = packet->frame.number,
		.start = packet->frame.time,
		.first_call = NO_CALL,
		.last_call = NO_CALL,
	};
	return contact;
}

void
facts_turn_round(struct contact *contact)
{
	struct endpoint client = contact->client;
	struct contact_end end = contact->end[0];
	contact->client = contact->server;
	contact->server = client;
	contact->end[0] = contact->end[1];
	contact->end[1] = end;
	contact->client_end = !contact->client_end;
}

/* Without a SYN or a call, the end with the well-known port is the server. */
static void
guess_client(struct contact *contact)
{
	uint16_t client = contact->client.port, server = contact->server.port;
	bool known = client == PORT_PORTMAPPER || client == PORT_NFS || client == PORT_KERBEROS;
	if (known && server != PORT_PORTMAPPER && server != PORT_NFS && server != PORT_KERBEROS)
		facts_turn_round(contact);
}

static struct contact *
contact_of(struct facts *facts, const struct packet *packet, const struct flow *flow)
{
	struct contact *contact = facts_contact(facts, flow->session);
	if (contact != NULL)
		return contact;
	if (flow->session > LIMIT_FACTS_CONTACTS) {
		facts->omitted++;
		return NULL;
	}
	if (flow->session > facts->contact_count) {
		size_t old = facts->contact_capacity;
		facts->contacts = memory_grow(facts->contacts, &facts->contact_capacity,
					      flow->session, sizeof(struct contact *));
		memset(facts->contacts + old, 0,
		       (facts->contact_capacity - old) * sizeof(struct contact *));
		facts->contact_count = flow->session;
	}
	contact = new_contact(facts, packet, flow);
	facts->contacts[flow->session - 1] = contact;
	/* The first packet seen of a connection may be the answer (SYN+ACK). */
	if (contact->client_known && packet->flags & TCP_ACK &&
	    endpoint_equal(&packet->source, &contact->client))
		facts_turn_round(contact);
	if (!contact->client_known)
		guess_client(contact);
	return contact;
}

/* -- calls -- */

struct call_entry {
	struct table_entry entry; /* first: see table.h */
	uint32_t call;
};

struct call_key {
	uint64_t frame;
	uint64_t xid;
};

static struct call_entry *
find_entry(struct facts *facts, uint64_t frame, uint32_t xid, uint64_t *hash)
{
	struct call_key key = {frame, xid};
	*hash = table_hash(&facts->call_table, &key, sizeof key);
	for (struct table_entry *at = table_first(&facts->call_table, *hash); at != NULL;
	     at = table_next(at)) {
		struct call_entry *entry = (struct call_entry *)at;
		const struct call *call = &facts->calls[entry->call];
		if (call->frame == frame && call->xid == xid)
			return entry;
	}
	return NULL;
}

struct call *
facts_find_call(struct facts *facts, uint64_t frame, uint32_t xid)
{
	uint64_t hash;
	struct call_entry *entry = find_entry(facts, frame, xid, &hash);
	return entry != NULL ? &facts->calls[entry->call] : NULL;
}

struct call *
facts_new_call(struct facts *facts, struct contact *contact, uint64_t frame, uint32_t xid)
{
	uint64_t hash;
	if (facts->call_count >= LIMIT_FACTS_CALLS && facts->spare_call == NO_CALL) {
		facts->omitted++;
		return NULL;
	}
	uint32_t at = facts->spare_call;
	if (at != NO_CALL) {
		facts->spare_call = facts->calls[at].next;
	} else {
		facts->calls = memory_grow(facts->calls, &facts->call_capacity,
					   facts->call_count + 1, sizeof *facts->calls);
		at = (uint32_t)facts->call_count++;
	}
	facts->calls[at] = (struct call){
		.contact = (uint32_t)(contact->number - 1),
		.next = NO_CALL,
		.frame = frame,
		.xid = xid,
		.status = STATUS_UNKNOWN,
	};
	struct call_entry *entry = find_entry(facts, frame, xid, &hash);
	if (entry == NULL) {
		entry = pool_get(&facts->entry_pool);
		entry->call = at;
		table_insert(&facts->call_table, &entry->entry, hash);
	}
	return &facts->calls[at];
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
take_message(void *context, const struct message *message)
{
	facts_message(context, message);
}

static void
take_packet(void *context, const struct packet *packet, const struct flow *flow,
	    enum flow_end from)
{
	struct facts *facts = context;
	if (contact_of(facts, packet, flow) == NULL)
		return;
	if (flow->packets[from] <= 1)
		note_speaker(facts, &packet->source.address);
	facts_packet(facts, packet, flow, from);
}

static void
take_icmp(void *context, const struct icmp_error *error, const struct packet *quoted,
	  const struct flow *flow, enum flow_end from)
{
	note_speaker(context, &error->reporter);
	facts_icmp(context, error, quoted, flow, from);
}

static void
take_other(void *context, const struct packet *packet)
{
	note_speaker(context, &packet->ip.source);
	facts_neighbour(context, packet);
	facts_cut_icmp(context, packet);
}

static void
take_fragment(void *context, const struct packet *packet)
{
	facts_piece(context, packet);
}

static void
take_frame(void *context, const struct frame *frame, const struct link_view *link)
{
	facts_hardware(context, frame, link);
}

/* The states at the end of the capture. */
static void
take_session(void *context, const struct session *session)
{
	struct contact *contact = facts_contact(context, session->number);
	if (contact == NULL || session->transport != TRANSPORT_TCP)
		return;
	for (unsigned i = 0; i < 2; i++) {
		unsigned flow_end = i ^ contact->client_end;
		contact->end[i].state = session->life.end[flow_end].state;
		contact->end[i].state_since = session->life.end[flow_end].since;
		contact->end[i].has_state = true;
	}
}

void
facts_listen(struct sink *sink, struct facts *facts)
{
	*sink = (struct sink){.message = take_message,
			      .packet = take_packet,
			      .icmp = take_icmp,
			      .other = take_other,
			      .fragment = take_fragment,
			      .frame = take_frame,
			      .session = take_session,
			      .context = facts};
}

struct facts *
facts_new(const struct decoder *decoder)
{
	struct facts *facts = memory_get(sizeof *facts);
	facts->decoder = decoder;
	facts->spare_call = NO_CALL;
	tape_init(&facts->tape);
	pool_init(&facts->contact_pool, sizeof(struct contact));
	pool_init(&facts->entry_pool, sizeof(struct call_entry));
	pool_init(&facts->speaker_pool, sizeof(struct speaker));
	table_init(&facts->call_table);
	table_init(&facts->speakers);
	return facts;
}

void
facts_free(struct facts *facts)
{
	if (facts == NULL)
		return;
	table_release(&facts->call_table);
	table_release(&facts->speakers);
	pool_release(&facts->contact_pool);
	pool_release(&facts->entry_pool);
	pool_release(&facts->speaker_pool);
	tape_release(&facts->tape);
	free(facts->contacts);
	free(facts->calls);
	free(facts->octets);
	free(facts->neighbours);
	free(facts->pieces);
	free(facts);
}

/* An ordinary call that nobody needs any more. */
void
facts_drop_call(struct facts *facts, struct call *call)
{
	uint64_t hash;
	struct call_entry *entry = find_entry(facts, call->frame, call->xid, &hash);
	if (entry != NULL) {
		table_remove(&facts->call_table, &entry->entry);
		pool_put(&facts->entry_pool, entry);
	}
	call->frame = 0;
	call->next = facts->spare_call;
	facts->spare_call = (uint32_t)(call - facts->calls);
}
