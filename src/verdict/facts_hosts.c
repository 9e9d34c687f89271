/*
 * facts_hosts: what is below the transports: who looked for whom on the link, ICMP
 * errors, datagrams in pieces. Each is a short list, searched from its newest on, because
 * what is looked for was mostly seen lately; where it is full, what tells nothing gives way.
 */
#include <netinet/in.h>
#include <string.h>

#include "facts_store.h"
#include "flow.h"
#include "limits.h"
#include "patience.h"

/* -- ARP (RFC 826) and neighbour discovery (RFC 4861) -- */

enum {
	ARP_LENGTH = 28,
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
	NEIGHBOUR_SOLICITATION = 135,
	NEIGHBOUR_ADVERTISEMENT = 136,
	NEIGHBOUR_LENGTH = 24,
	OPTION_TARGET_ADDRESS = 2,
	SOLICITED = 0x40, /* RFC 4861 section 4.4 */
	SEARCHED = 256,   /* of a list, from its end */
};

/* There is one host, or it was not asked for often enough to be missed: no rule asks for it. */
static bool
tells_nothing(const struct neighbour *neighbour)
{
	return neighbour->hardware_count < 2 &&
	       (neighbour->answers != 0 || neighbour->requests < ENOUGH_TRIES);
}

/* Room for another: at the end, or of one that is not searched any more and tells nothing. NULL
 * where there is none. */
static struct neighbour *
room_for_neighbour(struct facts *facts)
{
	if (facts->neighbour_count < facts->neighbour_limit) {
		facts->neighbours =
			memory_grow(facts->neighbours, &facts->neighbour_capacity,
				    facts->neighbour_count + 1, sizeof *facts->neighbours);
		facts->neighbour_next = ++facts->neighbour_count;
		return &facts->neighbours[facts->neighbour_count - 1];
	}
	for (size_t i = SEARCHED; i < facts->neighbour_count; i++) {
		if (facts->neighbour_next >= facts->neighbour_count)
			facts->neighbour_next = 0;
		struct neighbour *neighbour = &facts->neighbours[facts->neighbour_next++];
		if (tells_nothing(neighbour))
			return neighbour;
	}
	facts_full(facts, "neighbours");
	return NULL;
}

static struct neighbour *
neighbour_of(struct facts *facts, const struct address *address)
{
	size_t count = facts->neighbour_count < SEARCHED ? facts->neighbour_count : SEARCHED;
	size_t at = facts->neighbour_next;
	for (; count > 0; count--) {
		at = (at > 0 ? at : facts->neighbour_count) - 1;
		if (address_equal(&facts->neighbours[at].address, address))
			return &facts->neighbours[at];
	}
	struct neighbour *neighbour = room_for_neighbour(facts);
	if (neighbour != NULL)
		*neighbour = (struct neighbour){.address = *address};
	return neighbour;
}

static void
note_request(struct facts *facts, const struct address *target, const struct address *asker,
	     const struct frame *frame)
{
	struct neighbour *neighbour = neighbour_of(facts, target);
	if (neighbour == NULL ||
	    (neighbour->requests != 0 && frame->time - neighbour->last_time < LIMIT_COPY_AGE))
		return;
	if (neighbour->requests++ == 0) {
		neighbour->first_frame = frame->number;
		neighbour->first_time = frame->time;
		neighbour->asker = *asker;
	}
	neighbour->last_frame = frame->number;
	neighbour->last_time = frame->time;
}

/* `hardware` NULL: it did not say (RFC 4861 section 4.4). */
static void
note_hardware(struct facts *facts, const struct address *address, const uint8_t hardware[6],
	      const struct frame *frame, bool asked)
{
	struct neighbour *neighbour = neighbour_of(facts, address);
	if (neighbour == NULL)
		return;
	neighbour->answers++;
	if (hardware == NULL)
		return;
	uint32_t i = 0;
	while (i < neighbour->hardware_count &&
	       memcmp(neighbour->hardware[i], hardware, 6) != 0)
		i++;
	if (i == HARDWARE_ADDRESSES)
		return;
	if (i == neighbour->hardware_count) {
		memcpy(neighbour->hardware[i], hardware, 6);
		neighbour->hardware_frame[i] = frame->number;
		neighbour->hardware_first_time[i] = frame->time;
		neighbour->hardware_count++;
	}
	neighbour->hardware_asked[i] |= asked;
	neighbour->hardware_last[i] = frame->number;
	neighbour->hardware_time[i] = frame->time;
}

void
facts_hardware(struct facts *facts, const struct frame *frame, const struct link_view *link)
{
	static const uint8_t head[6] = {0, 1, 8, 0, 6, 4}; /* Ethernet, IPv4 */
	static const uint8_t nobody[4] = {0};
	static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	if (link->ethertype != ETHERTYPE_ARP_ || frame->captured < link->payload + ARP_LENGTH)
		return;
	const uint8_t *arp = frame->octets + link->payload;
	if (memcmp(arp, head, sizeof head) != 0 || memcmp(arp + 14, nobody, 4) == 0)
		return; /* another kind, or a probe (RFC 5227) */
	struct address sender, target;
	address_from_ipv4(&sender, arp + 14);
	address_from_ipv4(&target, arp + 24);
	if (arp[7] == ARP_REQUEST && !address_equal(&sender, &target))
		note_request(facts, &target, &sender, frame);
	/* (RFC 5227 section 3: an announcement names itself) */
	if (arp[7] == ARP_REPLY)
		note_hardware(facts, &sender, arp + 8, frame,
			      !address_equal(&sender, &target) &&
				      memcmp(arp + 18, everybody, 6) != 0);
}

void
facts_neighbour(struct facts *facts, const struct packet *packet)
{
	static const struct address nobody = {{0}};
	const uint8_t *icmp = packet->datagram;
	if (packet->ip.version != 6 || packet->ip.protocol != IPPROTO_ICMPV6 ||
	    packet->pieces != NULL || packet->datagram_captured < NEIGHBOUR_LENGTH)
		return;
	struct address target;
	address_from_ipv6(&target, icmp + 8);
	if (icmp[0] == NEIGHBOUR_SOLICITATION &&
	    !address_equal(&packet->source.address, &nobody)) /* else a probe: RFC 4862 5.4.2 */
		note_request(facts, &target, &packet->source.address, &packet->frame);
	if (icmp[0] == NEIGHBOUR_ADVERTISEMENT) {
		bool option = packet->datagram_captured >= NEIGHBOUR_LENGTH + 8 &&
			      icmp[NEIGHBOUR_LENGTH] == OPTION_TARGET_ADDRESS;
		note_hardware(facts, &target, option ? icmp + NEIGHBOUR_LENGTH + 2 : NULL,
			      &packet->frame, (icmp[4] & SOLICITED) != 0);
	}
}

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
facts_icmp(struct facts *facts, const struct icmp_error *error, const struct packet *quoted,
	   const struct flow *flow, enum flow_end flow_from)
{
	struct contact *contact = flow != NULL ? facts_contact(facts, flow->session) : NULL;
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
	size_t end = facts->contact_count > SEARCHED ? facts->contact_count - SEARCHED : 0;
	for (size_t i = facts->contact_count; i-- > end;) {
		struct contact *contact = facts->contacts[i];
		if (contact == NULL || (uint8_t)contact->transport != protocol)
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
	size_t count = facts->piece_count < SEARCHED ? facts->piece_count : SEARCHED;
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
