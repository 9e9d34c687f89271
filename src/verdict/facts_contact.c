/*
 * facts_contact: the contacts, in the order in which they began. A flow has the address of its
 * own, so that no packet has to search for it.
 *
 * When there are too many, those of strangers give way: what is no RPC, and stands where none
 * was looked for; when these are few, also what carried nothing and is over, of hosts that have
 * no part in any RPC. A mount is found in most of what else a host does all day.
 */
#include "facts_store.h"

#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "limits.h"
#include "patience.h"
#include "sorted.h"

static int
compare_number(const void *key, const void *item)
{
	const uint64_t *number = key;
	const struct contact *contact = *(struct contact *const *)item;
	return *number < contact->number ? -1 : *number > contact->number;
}

size_t
contacts_place(const struct contact *const *contacts, size_t count, uint64_t number)
{
	return sorted_place(&number, contacts, count, sizeof(void *), compare_number);
}

struct contact *
facts_contact(const struct facts *facts, uint64_t number)
{
	size_t at = contacts_place((const struct contact *const *)facts->contacts,
				   facts->contact_count, number);
	bool found = at < facts->contact_count && facts->contacts[at]->number == number;
	return found ? facts->contacts[at] : NULL;
}

static struct contact *
new_contact(struct facts *facts, const struct packet *packet, const struct flow *flow)
{
	struct contact *contact = pool_get(&facts->contact_pool);
	*contact = (struct contact){
		.number = flow->session,
		.index = (uint32_t)facts->contact_count,
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
	contact->settled = false; /* the next packet says whether it is */
}

static bool
is_well_known(uint16_t port)
{
	return port == PORT_PORTMAPPER || port == PORT_NFS || port == PORT_KERBEROS;
}

/* Without a SYN or a call, the end with the well-known port is the server, unless the other
 * port is one that no client takes: bindresvport() begins at 512. */
static void
guess_client(struct contact *contact)
{
	enum { CLIENT_LEAST = 512 };
	uint16_t server = contact->server.port;
	if (is_well_known(contact->client.port) && !is_well_known(server) &&
	    server >= CLIENT_LEAST)
		facts_turn_round(contact);
}

bool
contact_is_knock(const struct contact *contact)
{
	enum { LOWEST = 600 }; /* RPC clients bind there and above: others have no reason to */
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	return contact->transport == TRANSPORT_TCP && client->syns != 0 && server->syns == 0 &&
	       client->data_frame == 0 && server->data_frame == 0 && contact->client_known &&
	       contact->client.port >= LOWEST && contact->client.port < PORT_RESERVED &&
	       contact->server.port >= PORT_RESERVED;
}

/* The ports that portmappers gave as answers, one bit each. */
struct ports {
	uint8_t bits[(UINT16_MAX + 1) / 8];
};

static void
note_answers(struct ports *ports, const struct facts *facts)
{
	memset(ports, 0, sizeof *ports);
	for (size_t i = 0; i < facts->call_count; i++)
		ports->bits[facts->calls[i].answer / 8] |=
			(uint8_t)(1 << facts->calls[i].answer % 8);
}

static bool
is_looked_for(const struct ports *ports, uint16_t port)
{
	return is_well_known(port) || ports->bits[port / 8] & 1 << port % 8;
}

/* Who may stay. */
struct crowd {
	struct ports ports;
	struct address *hosts; /* sorted: those of each contact with RPC, or where it belongs */
	size_t host_count;
	int64_t now;
};

/* It carries RPC, or stands where some is looked for. (Who sent a SYN may have any port.) */
static bool
belongs(const struct crowd *crowd, const struct contact *contact)
{
	return contact->rpc || is_looked_for(&crowd->ports, contact->server.port) ||
	       (!contact->client_known && is_looked_for(&crowd->ports, contact->client.port));
}

/* It carried enough to know that it is no RPC, and nobody was told to find some there. */
static bool
is_stranger(const struct crowd *crowd, const struct contact *contact)
{
	enum { ENOUGH = 16 };
	const struct contact_end *end = contact->end;
	bool foreign = end[0].foreign || end[1].foreign ||
		       (end[0].packets >= ENOUGH && end[1].packets >= ENOUGH);
	return foreign && !belongs(crowd, contact);
}

static int
compare_hosts(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct address));
}

static void
note_hosts(struct crowd *crowd, const struct facts *facts)
{
	crowd->hosts = memory_get(2 * facts->contact_count * sizeof *crowd->hosts);
	for (size_t i = 0; i < facts->contact_count; i++) {
		const struct contact *contact = facts->contacts[i];
		if (!belongs(crowd, contact))
			continue;
		crowd->hosts[crowd->host_count++] = contact->client.address;
		crowd->hosts[crowd->host_count++] = contact->server.address;
	}
	if (crowd->host_count != 0)
		qsort(crowd->hosts, crowd->host_count, sizeof *crowd->hosts, compare_hosts);
}

/* A connection that carried nothing and is over: closed, refused, or in vain for longer than
 * it takes to ask again. On a host that has a part in some RPC it may be what a mount failed
 * with; from a reserved port it may be a mount itself. */
static bool
is_idle(const struct crowd *crowd, const struct contact *contact)
{
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	bool over = client->rst_frame != 0 || server->rst_frame != 0 ||
		    (client->fin_frame != 0 && server->fin_frame != 0) ||
		    (server->packets == 0 && crowd->now - contact->last >= PATIENCE);
	return over && contact->transport == TRANSPORT_TCP && client->data_frame == 0 &&
	       server->data_frame == 0 && !belongs(crowd, contact) &&
	       !contact_is_knock(contact) &&
	       (crowd->host_count == 0 ||
		bsearch(&contact->server.address, crowd->hosts, crowd->host_count,
			sizeof *crowd->hosts, compare_hosts) == NULL);
}

static void
let_go(struct facts *facts, struct contact *contact)
{
	for (unsigned i = 0; i < 2; i++) {
		if (contact->end[i].holes != NULL)
			pool_put(&facts->hole_pool, contact->end[i].holes);
	}
	contact->number = 0; /* its flow may still point here: facts_of_flow() */
	pool_put(&facts->contact_pool, contact);
}

/* Calls name their contacts by place; strangers have none. */
static void
renumber_calls(struct facts *facts, const uint32_t *places)
{
	for (size_t i = 0; i < facts->call_count; i++)
		facts->calls[i].contact = places[facts->calls[i].contact];
}

static void
let_some_go(struct facts *facts, const struct crowd *crowd,
	    bool (*goes)(const struct crowd *crowd, const struct contact *contact))
{
	size_t count = facts->contact_count, kept = 0;
	uint32_t *places = memory_get(count * sizeof *places);
	for (size_t i = 0; i < count; i++) {
		struct contact *contact = facts->contacts[i];
		places[i] = contact->index = (uint32_t)kept;
		if (goes(crowd, contact))
			let_go(facts, contact);
		else
			facts->contacts[kept++] = contact;
	}
	facts->contact_count = kept;
	renumber_calls(facts, places);
	free(places);
}

/* True when there is room again for so many that the next look is far: each goes over all
 * contacts and calls, and one for every few new contacts would take the square of their number.
 */
static bool
let_strangers_go(struct facts *facts, int64_t now)
{
	enum { WORTH = 8 };
	struct crowd crowd = {.now = now};
	size_t count = facts->contact_count, worth = count - count / WORTH;
	note_answers(&crowd.ports, facts);
	let_some_go(facts, &crowd, is_stranger);
	if (facts->contact_count >= worth) {
		note_hosts(&crowd, facts);
		let_some_go(facts, &crowd, is_idle);
		free(crowd.hosts);
	}
	return facts->contact_count < worth;
}

/* A flow whose contact was let go has none any more. */
struct contact *
facts_contact_of(struct facts *facts, const struct packet *packet, struct flow *flow)
{
	struct contact *contact = facts_of_flow(flow);
	if (contact != NULL || flow->first_frame != packet->frame.number)
		return contact;
	if (facts->contact_count >= facts->contact_limit &&
	    !let_strangers_go(facts, packet->frame.time)) {
		facts_full(facts, "contacts");
		facts->omitted_contacts++;
		return NULL;
	}
	contact = new_contact(facts, packet, flow);
	facts->contacts = memory_grow(facts->contacts, &facts->contact_capacity,
				      facts->contact_count + 1, sizeof(struct contact *));
	facts->contacts[facts->contact_count++] = contact;
	facts->contacts_begun++;
	flow->note = contact;
	/* The first packet seen of a connection may be the answer (SYN+ACK). */
	if (contact->client_known && packet->flags & TCP_ACK &&
	    endpoint_equal(&packet->source, &contact->client))
		facts_turn_round(contact);
	if (!contact->client_known)
		guess_client(contact);
	return contact;
}
