/*
 * facts_hosts: what is below the transports: ICMP errors, datagrams in pieces. What is looked
 * for was mostly seen lately, so the search begins with the newest.
 */
#include <netinet/in.h>
#include <string.h>

#include "facts_store.h"
#include "flow.h"
#include "limits.h"

/* -- ICMP errors -- */

static void
note_error(struct contact *contact, const struct icmp_error *error, const struct frame *frame,
	   bool of_server)
{
	bool needed = (error->version == 4 && error->type == 3 && error->code == 4) ||
		      (error->version == 6 && error->type == 2);
	if (needed)
		return;
	if (of_server) {
		if (contact->back_icmp.version == 0)
			contact->back_icmp = *error;
		return;
	}
	if (contact->icmps++ == 0) {
		contact->icmp = *error;
		contact->icmp_frame = frame->number;
	}
	contact->last_icmp_frame = frame->number;
}

void
facts_icmp(const struct icmp_error *error, const struct packet *quoted, const struct flow *flow,
	   enum flow_end flow_from)
{
	struct contact *contact = flow != NULL ? facts_of_flow(flow) : NULL;
	if (contact != NULL)
		note_error(contact, error, &quoted->frame,
			   ((unsigned)flow_from ^ contact->client_end) == 1);
}

/* A port of 0 is one that was cut off. */
static bool
is_place(const struct endpoint *quoted, const struct endpoint *place)
{
	return address_equal(&quoted->address, &place->address) &&
	       (quoted->port == 0 || quoted->port == place->port);
}

/* The newest contact that such a packet was of; *back: of its server. */
static struct contact *
find_contact(const struct facts *facts, uint8_t protocol, const struct endpoint *source,
	     const struct endpoint *destination, bool *back)
{
	size_t count = facts->contact_count;
	size_t end = count > LIMIT_NEXT_CONTACTS ? count - LIMIT_NEXT_CONTACTS : 0;
	for (size_t i = count; i-- > end;) {
		struct contact *contact = facts->contacts[i];
		if ((uint8_t)contact->transport != protocol)
			continue;
		*back = endpoint_equal(source, &contact->server);
		if ((endpoint_equal(source, &contact->client) &&
		     is_place(destination, &contact->server)) ||
		    (*back && is_place(destination, &contact->client)))
			return contact;
	}
	return NULL;
}

void
facts_cut_icmp(struct facts *facts, const struct packet *packet)
{
	enum { HEADER = 8, PORT = 2, PORTS = 4 };
	struct icmp_error error = {.version = packet->ip.version,
				   .reporter = packet->source.address};
	struct ip_view quoted;
	const char *reason;
	bool icmp =
		packet->ip.protocol == IPPROTO_ICMP || packet->ip.protocol == IPPROTO_ICMPV6;
	if (!icmp || packet->pieces != NULL || packet->datagram_captured <= HEADER)
		return;
	error.type = packet->datagram[0];
	error.code = packet->datagram[1];
	if (icmp_name(&error) == NULL ||
	    ip_parse(&quoted, packet->datagram + HEADER, packet->datagram_captured - HEADER,
		     packet->datagram_length - HEADER, &reason) != IP_OK ||
	    quoted.captured < PORT || quoted.fragment_offset != 0)
		return;
	const uint8_t *ports = packet->datagram + HEADER + quoted.header_length;
	struct endpoint source = {.port = (uint16_t)(ports[0] << 8 | ports[1])};
	struct endpoint destination = {.port = 0};
	ip_addresses(&quoted, packet->datagram + HEADER, &source.address, &destination.address);
	if (quoted.captured >= PORTS)
		destination.port = (uint16_t)(ports[2] << 8 | ports[3]);
	bool back;
	struct contact *contact =
		find_contact(facts, quoted.protocol, &source, &destination, &back);
	if (contact != NULL)
		note_error(contact, &error, &packet->frame, back);
}

/* -- datagrams in pieces -- */

/* Was it there before? A datagram that is sent again has another identification. */
static bool
is_copied_piece(struct pieces *pieces, uint32_t offset)
{
	for (uint32_t i = 0; i < pieces->count && i < PIECES_PLACES; i++) {
		if (pieces->places[i] == offset / 8)
			return true;
	}
	pieces->places[pieces->count++ % PIECES_PLACES] = (uint16_t)(offset / 8);
	return false;
}

static struct pieces *
find_pieces(const struct facts *facts, const struct packet *packet)
{
	size_t count = facts->piece_count < LIMIT_OPEN_DATAGRAMS ? facts->piece_count
								 : LIMIT_OPEN_DATAGRAMS;
	size_t at = facts->piece_next;
	for (; count > 0; count--) {
		at = (at > 0 ? at : facts->piece_count) - 1;
		struct pieces *pieces = &facts->pieces[at];
		if (pieces->identification == packet->ip.identification &&
		    packet->frame.time - pieces->last_time < LIMIT_FRAGMENT_AGE &&
		    address_equal(&pieces->source, &packet->source.address) &&
		    address_equal(&pieces->destination, &packet->destination.address))
			return pieces;
	}
	return NULL;
}

bool
facts_are_whole(const struct pieces *pieces)
{
	return pieces->first && pieces->end != 0 && pieces->octets >= pieces->end;
}

/* Room for another: at the end, or of one that came together, and of which no copies are to
 * come any more. NULL where there is none. */
static struct pieces *
room_for_pieces(struct facts *facts, int64_t now)
{
	if (facts->piece_count < facts->piece_limit) {
		facts->pieces = memory_grow(facts->pieces, &facts->piece_capacity,
					    facts->piece_count + 1, sizeof *facts->pieces);
		facts->piece_next = ++facts->piece_count;
		return &facts->pieces[facts->piece_count - 1];
	}
	for (size_t i = 0; i < facts->piece_count; i++) {
		if (facts->piece_next >= facts->piece_count)
			facts->piece_next = 0;
		struct pieces *pieces = &facts->pieces[facts->piece_next++];
		if (facts_are_whole(pieces) && now - pieces->last_time > LIMIT_COPY_AGE)
			return pieces;
	}
	facts_full(facts, "datagrams");
	return NULL;
}

void
facts_piece(struct facts *facts, const struct packet *packet)
{
	const struct ip_view *ip = &packet->ip;
	if (ip->protocol != IPPROTO_UDP)
		return;
	struct pieces *pieces = find_pieces(facts, packet);
	if (pieces == NULL) {
		pieces = room_for_pieces(facts, packet->frame.time);
		if (pieces == NULL)
			return;
		*pieces = (struct pieces){.source = packet->source.address,
					  .destination = packet->destination.address,
					  .identification = ip->identification,
					  .frame = packet->frame.number,
					  .time = packet->frame.time};
	}
	if (is_copied_piece(pieces, ip->fragment_offset))
		return;
	pieces->last_frame = packet->frame.number;
	pieces->last_time = packet->frame.time;
	pieces->octets += ip->length;
	if (!ip->more_fragments)
		pieces->end = ip->fragment_offset + ip->length;
	if (ip->fragment_offset == 0 && ip->captured >= 4) {
		pieces->first = true;
		pieces->source_port =
			(uint16_t)(packet->datagram[0] << 8 | packet->datagram[1]);
		pieces->destination_port =
			(uint16_t)(packet->datagram[2] << 8 | packet->datagram[3]);
	}
}
