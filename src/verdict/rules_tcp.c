/*
 * rules_tcp: connections that are torn down or never made, and many connections
 * together.
 */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

/* -- one connection -- */

void
tell_port_reuse(const struct judge *judge, const struct contact *contact,
		struct finding *finding)
{
	const struct contact_end *client = &contact->end[0];
	struct text *text = &finding->sentence;
	say_host(text, judge, &contact->client.address);
	text_format(text, " connected again from port %u; ", contact->client.port);
	say_service(text, judge, contact);
	text_string_put(text, " or a firewall still held the old connection of these ports: ");
	if (contact->challenge_acks != 0)
		text_format(text, "%u of %u SYNs got a challenge ACK in place of SYN+ACK",
			    contact->challenge_acks, client->syns);
	else if (contact->end[1].rst_frame != 0)
		text_string_put(text, "RST, while other ports get through");
	else
		text_format(text, "%u SYNs in vain, while other ports get through",
			    client->syns);
	finding_frame(finding, client->syn_frame);
	finding_frame(finding, contact->challenge_frame);
	finding_frame(finding, contact->last_challenge_frame);
	finding_frame(finding, contact->end[1].rst_frame);
	finding_frame(finding, client->rst_frame);
	finding_frame(finding, client->last_syn_frame);
}

/* An old connection of the same ports is met. */
static void
find_reuse(struct judge *judge, struct pair *pair)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		/* one that is over at once is how it should be: RFC 5961 section 4.2 */
		const struct contact *contact = pair->contacts[i];
		const struct contact_end *client = &contact->end[0];
		bool delayed = client->last_syn_time - client->syn_time >= DELAYED;
		if (!delayed ||
		    (contact->challenge_acks == 0 && !contact_is_reused(pair, contact)))
			continue;
		struct finding *finding =
			verdict_warn(judge, FINDING_TCP_PORT_REUSE, &pair->client,
				     &pair->server, contact->start, contact->last);
		if (finding != NULL)
			tell_port_reuse(judge, contact, finding);
		return;
	}
}

static bool
has_outstanding(const struct judge *judge, const struct contact *contact, uint64_t before)
{
	for (uint32_t at = contact->first_call; at != NO_CALL;
	     at = judge->facts->calls[at].next) {
		const struct call *call = &judge->facts->calls[at];
		if (call->frame < before && call->replies == 0 && !call->backward)
			return true;
	}
	return false;
}

/* Its work was not done: the client connected again at once, and went on. */
static bool
came_back(const struct pair *pair, size_t reset)
{
	const struct contact *contact = pair->contacts[reset];
	int64_t time = contact->end[1].rst_time;
	for (size_t i = reset + 1; i < pair->contact_count && i - reset < LIMIT_NEXT_CONTACTS;
	     i++) {
		const struct contact *other = pair->contacts[i];
		if (other->transport == TRANSPORT_TCP && other->replies != 0 &&
		    other->start > time && other->start - time < IDLE &&
		    other->server.port == contact->server.port)
			return true;
	}
	return false;
}

/* While calls were waiting, or between two; an idle one may be given up as it pleases. */
static bool
is_cut_off(const struct judge *judge, const struct pair *pair, size_t reset)
{
	const struct contact *contact = pair->contacts[reset];
	const struct contact_end *server = &contact->end[1];
	if (has_outstanding(judge, contact, server->rst_frame))
		return true;
	return contact->program == PROGRAM_NFS && contact->replies > 1 &&
	       server->fin_frame == 0 && server->rst_time - contact->last_reply_time < IDLE &&
	       came_back(pair, reset);
}

/* Reset in use: calls were waiting, or the other end knew nothing of the connection. */
static void
find_reset(struct judge *judge, struct pair *pair)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		const struct contact_end *server = &contact->end[1], *client = &contact->end[0];
		if (contact->transport != TRANSPORT_TCP || contact->replies == 0 ||
		    server->rst_frame == 0 || client->fin_frame != 0 ||
		    contact->challenge_acks != 0 || !is_cut_off(judge, pair, i))
			continue;
		int64_t idle = server->rst_time - contact->last_reply_time;
		enum finding_id id = idle > IDLE ? FINDING_TCP_HALF_OPEN : FINDING_TCP_RESET;
		struct finding *finding = verdict_warn(judge, id, &pair->client, &pair->server,
						       server->rst_time, server->rst_time);
		if (finding == NULL)
			return;
		say_service(&finding->sentence, judge, contact);
		text_string_put(
			&finding->sentence,
			id == FINDING_TCP_RESET
				? " reset the connection in the middle of work, "
				: " knew no connection any more when it was used again, ");
		say_time(&finding->sentence, idle);
		text_string_put(&finding->sentence, " after its last reply");
		finding_frame(finding, contact->last_reply_frame);
		finding_frame(finding, client->last_frame);
		finding_frame(finding, server->rst_frame);
		return;
	}
}

/* -- many connections -- */

static int
compare_ports(const void *a, const void *b)
{
	const struct contact *left = *(const struct contact *const *)a,
			     *right = *(const struct contact *const *)b;
	int order = memcmp(&left->server.address, &right->server.address,
			   sizeof left->server.address);
	if (order == 0)
		order = (int)left->server.port - (int)right->server.port;
	if (order == 0)
		order = memcmp(&left->client.address, &right->client.address,
			       sizeof left->client.address);
	if (order == 0)
		order = left->number < right->number ? -1 : 1;
	return order;
}

static bool
is_half_made(const struct contact *contact)
{
	return contact->end[0].syns != 0 && !contact->end[0].sent_ack &&
	       contact->end[0].rst_frame == 0 && contact->end[1].rst_frame == 0 &&
	       contact->icmps == 0;
}

/* Connections to one port of one server. */
struct crowd {
	const struct contact **contacts;
	size_t count;
	uint64_t half, clients; /* never completed, and by how many addresses */
	uint64_t closed,
		reserved; /* by the client, so in TIME_WAIT there; from reserved ports */
};

static void
weigh_crowd(struct crowd *crowd)
{
	const struct address *last = NULL;
	for (size_t i = 0; i < crowd->count; i++) {
		const struct contact *contact = crowd->contacts[i];
		const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
		if (is_half_made(contact)) {
			crowd->half++;
			crowd->clients +=
				last == NULL || !address_equal(last, &contact->client.address);
			last = &contact->client.address;
		}
		bool waits = client->fin_frame != 0 && client->fin_acked &&
			     (server->fin_frame == 0 || client->fin_frame < server->fin_frame);
		crowd->closed += waits;
		crowd->reserved += waits && contact->client.port < PORT_RESERVED;
	}
}

static void
tell_flood(struct judge *judge, const struct crowd *crowd)
{
	struct finding *finding =
		findings_add(&judge->verdict->findings, FINDING_TCP_SYN_FLOOD);
	finding->severity = SEVERITY_WARNING;
	text_format(&finding->sentence, "%llu connections from %llu addresses to ",
		    (unsigned long long)crowd->half, (unsigned long long)crowd->clients);
	say_service(&finding->sentence, judge, crowd->contacts[0]);
	text_string_put(&finding->sentence, " were begun and never completed");
	for (size_t i = 0; i < crowd->count; i++) {
		if (is_half_made(crowd->contacts[i]))
			finding_frame(finding, crowd->contacts[i]->first_frame);
	}
}

static void
tell_pileup(struct judge *judge, const struct crowd *crowd, int64_t span)
{
	const struct contact *first = crowd->contacts[0],
			     *last = crowd->contacts[crowd->count - 1];
	struct finding *finding =
		findings_add(&judge->verdict->findings, FINDING_TCP_TIME_WAIT_PILEUP);
	finding->severity = SEVERITY_WARNING;
	say_host(&finding->sentence, judge, &first->client.address);
	text_format(&finding->sentence, " closed %llu connections to ",
		    (unsigned long long)crowd->closed);
	say_service(&finding->sentence, judge, first);
	text_string_put(&finding->sentence, " within ");
	say_time(&finding->sentence, span);
	text_format(&finding->sentence,
		    ", %llu from reserved ports: each keeps its port in TIME_WAIT",
		    (unsigned long long)crowd->reserved);
	finding_frame(finding, first->end[0].fin_frame);
	finding_frame(finding, last->end[0].fin_frame);
}

static void
judge_crowd(struct judge *judge, const struct contact **contacts, size_t count)
{
	enum { MANY = 30, CLIENTS = 10, RESERVED = 150, ANY = 1000 };
	struct crowd crowd = {.contacts = contacts, .count = count};
	int64_t span = contacts[count - 1]->start - contacts[0]->start;
	weigh_crowd(&crowd);
	if (crowd.half >= MANY && crowd.clients >= CLIENTS && crowd.half * 2 > count)
		tell_flood(judge, &crowd);
	if ((crowd.reserved >= RESERVED || crowd.closed >= ANY) && span < PILE_TIME)
		tell_pileup(judge, &crowd, span);
}

/* Also connections that nothing else is known of: a flood carries no RPC. */
static void
find_many(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	const struct contact **all = memory_get((facts->contact_count + 1) * sizeof(void *));
	size_t count = 0;
	for (size_t i = 0; i < facts->contact_count; i++) {
		const struct contact *contact = facts->contacts[i];
		if (contact->transport == TRANSPORT_TCP && contact_concerns(judge, contact))
			all[count++] = contact;
	}
	if (count != 0)
		qsort(all, count, sizeof(void *), compare_ports);
	for (size_t i = 0, run = 0; i < count; i = run) {
		while (run < count && all[run]->server.port == all[i]->server.port &&
		       address_equal(&all[run]->server.address, &all[i]->server.address))
			run++;
		judge_crowd(judge, &all[i], run - i);
	}
	free(all);
}

void
rules_tcp(struct judge *judge)
{
	for (size_t i = 0; i < judge->pair_count; i++) {
		find_reuse(judge, &judge->pairs[i]);
		rules_stuck(judge, &judge->pairs[i]);
		find_reset(judge, &judge->pairs[i]);
	}
	find_many(judge);
}
