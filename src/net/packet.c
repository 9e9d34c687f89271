/*
 * The transport header stands at the front of packet->datagram, or behind the
 * extension headers that a fragmented datagram brought with it. Nothing is copied
 * but by packet_copy(), for a packet that outlives its frame: extents_add() computes
 * extents from where the datagram's octets stand, which is one place in the frame or,
 * for a datagram put together, the pieces, found by bisection.
 *
 * packet_usual() and packet_usual_ipv6() know Ethernet without tags only; other links,
 * tagged frames, options and extension headers go by packet_network().
 */
#include "packet.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "extension.h"
#include "link.h"
#include "memory.h"
#include "unusual.h"

enum { UDP_HEADER = 8, TCP_HEADER = 20, IPV4_HEADER = 20, IPV6_HEADER = 40 };

static uint16_t
get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t
get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static enum packet_result
malformed(const char **reason, const char *text)
{
	*reason = text;
	return PACKET_MALFORMED;
}

static void
read_ports(struct packet *packet, const uint8_t *header)
{
	packet->source.port = get16(header);
	packet->destination.port = get16(header + 2);
}

/* Length 0 is a jumbogram's (RFC 2675 section 4) or offload's; more than IP carried cannot be.
 */
static enum packet_result
read_udp(struct packet *packet, uint32_t at, const char **reason)
{
	if (packet->datagram_length - at < UDP_HEADER)
		return malformed(reason, "UDP datagram shorter than its header");
	if (packet->datagram_captured < at + UDP_HEADER)
		return PACKET_CUT;
	const uint8_t *header = packet->datagram + at;
	uint32_t length = get16(header + 4);
	if (length != 0 && length < UDP_HEADER)
		return malformed(reason, "UDP length below 8");
	packet->transport = TRANSPORT_UDP;
	packet->payload = at + UDP_HEADER;
	read_ports(packet, header);
	if (length != 0 && length < packet->datagram_length - at)
		packet->datagram_length = at + length;
	if (packet->datagram_captured > packet->datagram_length)
		packet->datagram_captured = packet->datagram_length;
	return PACKET_UDP;
}

static void
read_segment(struct packet *packet, const uint8_t *header)
{
	packet->transport = TRANSPORT_TCP;
	read_ports(packet, header);
	packet->sequence = get32(header + 4);
	packet->acknowledgment = get32(header + 8);
	packet->flags = header[13];
	packet->window = get16(header + 14);
}

/* A segment whose options the capture cut still says all that the flow needs. */
static enum packet_result
read_tcp(struct packet *packet, uint32_t at, const char **reason)
{
	if (packet->datagram_length - at < TCP_HEADER)
		return malformed(reason, "TCP segment shorter than its header");
	if (packet->datagram_captured < at + TCP_HEADER)
		return PACKET_CUT;
	const uint8_t *header = packet->datagram + at;
	uint32_t size = (header[12] >> 4) * 4U;
	if (size < TCP_HEADER)
		return malformed(reason, "TCP data offset below 5");
	if (size > packet->datagram_length - at)
		return malformed(reason, "TCP data offset past the end of the segment");
	packet->payload = at + size;
	read_segment(packet, header);
	return PACKET_TCP;
}

/* Version, header length, fragmentation and protocol stand in two words with what may be
 * anything: type of service, time to live, "don't fragment" (RFC 791 section 3.1). */
static bool
is_usual_ipv4(const struct frame *frame)
{
	enum { LEAST = LINK_PLAIN + IPV4_HEADER + TCP_HEADER };
	const uint8_t *ethernet = frame->octets;
	return frame->link_type == LINK_ETHERNET && frame->captured >= LEAST &&
	       (get32(ethernet + LINK_PLAIN - 2) & 0xffffff00) == 0x08004500 &&
	       (get32(ethernet + LINK_PLAIN + 6) & 0x3fff00ff) == IPPROTO_TCP;
}

/* Traffic class and flow label may be anything (RFC 8200 section 3). */
static bool
is_usual_ipv6(const struct frame *frame)
{
	enum { LEAST = LINK_PLAIN + IPV6_HEADER + TCP_HEADER };
	const uint8_t *ethernet = frame->octets;
	return frame->link_type == LINK_ETHERNET && frame->captured >= LEAST &&
	       (get32(ethernet + LINK_PLAIN - 2) & 0xfffff000) == 0x86dd6000 &&
	       ethernet[LINK_PLAIN + 6] == IPPROTO_TCP;
}

/* Octets of the TCP header behind an IP header in a packet of that length; 0 where they cannot
 * be. */
static uint32_t
usual_size(const struct frame *frame, uint32_t header, uint32_t length)
{
	uint32_t size = (frame->octets[LINK_PLAIN + header + 12] >> 4) * 4U;
	return size < TCP_HEADER || length < header + size ? 0 : size;
}

/* packet->ip has been set. */
static void
read_usual(struct packet *packet, const uint8_t *ip, uint32_t size)
{
	packet->datagram = ip + packet->ip.header_length;
	packet->datagram_captured = packet->ip.captured;
	packet->datagram_length = packet->ip.length;
	packet->payload = size;
	ip_addresses(&packet->ip, ip, &packet->source.address, &packet->destination.address);
	read_segment(packet, packet->datagram);
}

bool
packet_usual(struct packet *packet, const struct frame *frame)
{
	if (!is_usual_ipv4(frame))
		return false;
	const uint8_t *ip = frame->octets + LINK_PLAIN;
	uint32_t length = get16(ip + 2), captured = frame->captured - LINK_PLAIN;
	uint32_t size = usual_size(frame, IPV4_HEADER, length);
	if (size == 0)
		return false;
	packet->ip = (struct ip_view){
		.version = 4,
		.protocol = IPPROTO_TCP,
		.hops = ip[8],
		.identification = get16(ip + 4),
		.header_length = IPV4_HEADER,
		.captured = (captured < length ? captured : length) - IPV4_HEADER,
		.length = length - IPV4_HEADER,
	};
	read_usual(packet, ip, size);
	return true;
}

bool
packet_usual_ipv6(struct packet *packet, const struct frame *frame)
{
	if (!is_usual_ipv6(frame))
		return false;
	const uint8_t *ip = frame->octets + LINK_PLAIN;
	uint32_t length = IPV6_HEADER + get16(ip + 4), captured = frame->captured - LINK_PLAIN;
	uint32_t size = usual_size(frame, IPV6_HEADER, length);
	if (size == 0)
		return false;
	packet->ip = (struct ip_view){
		.version = 6,
		.protocol = IPPROTO_TCP,
		.hops = ip[7],
		.header_length = IPV6_HEADER,
		.captured = (captured < length ? captured : length) - IPV6_HEADER,
		.length = length - IPV6_HEADER,
	};
	read_usual(packet, ip, size);
	return true;
}

enum ip_result
packet_network(struct packet *packet, const uint8_t *octets, uint32_t captured, uint32_t length,
	       const char **reason)
{
	enum ip_result result = ip_parse(&packet->ip, octets, captured, length, reason);
	if (result != IP_OK)
		return result;
	ip_addresses(&packet->ip, octets, &packet->source.address,
		     &packet->destination.address);
	packet->datagram = octets + packet->ip.header_length;
	packet->datagram_captured = packet->ip.captured;
	packet->datagram_length = packet->ip.length;
	return result;
}

/* Extension headers behind IPv6's fragment header, or AH in IPv4, are in the datagram. */
UNUSUAL static enum ip_result
skip_extensions(struct packet *packet, uint32_t *at, const char **reason)
{
	struct ip_view view = packet->ip;
	view.header_length = 0;
	view.fragmented = false;
	enum ip_result result =
		extensions_walk(&view, packet->datagram, packet->datagram_captured,
				packet->datagram_length, reason);
	*at = view.header_length;
	packet->ip.protocol = view.protocol;
	return result == IP_OK && view.fragmented ? IP_CUT : result;
}

enum packet_result
packet_transport(struct packet *packet, const char **reason)
{
	uint32_t at = 0;
	*reason = NULL;
	enum ip_result result = IP_OK;
	if (extension_follows(&packet->ip))
		result = skip_extensions(packet, &at, reason);
	if (result != IP_OK)
		return result == IP_CUT ? PACKET_CUT : PACKET_MALFORMED;
	switch (packet->ip.protocol) {
	case IPPROTO_UDP:
		return read_udp(packet, at, reason);
	case IPPROTO_TCP:
		return read_tcp(packet, at, reason);
	default:
		return PACKET_OTHER;
	}
}

void
packet_copy(struct packet_copy *copy, const struct packet *packet)
{
	struct packet *kept = &copy->packet;
	*kept = *packet;
	if (kept->frame.captured > PACKET_HEAD)
		kept->frame.captured = PACKET_HEAD;
	if (kept->frame.captured > 0)
		memcpy(copy->head, packet->frame.octets, kept->frame.captured);
	kept->frame.octets = copy->head;
	kept->datagram = NULL;
	kept->datagram_captured = 0;
	kept->pieces = NULL;
	kept->piece_count = 0;
	if (packet->datagram == NULL || packet->pieces != NULL)
		return;
	size_t at = (size_t)(packet->datagram - packet->frame.octets);
	if (at >= kept->frame.captured)
		return;
	size_t left = kept->frame.captured - at;
	kept->datagram = copy->head + at;
	kept->datagram_captured =
		packet->datagram_captured < left ? packet->datagram_captured : (uint32_t)left;
}

static void
extents_put(struct extents *extents, const struct extent *extent)
{
	struct extent *last = extents->count > 0 ? &extents->at[extents->count - 1] : NULL;
	if (last != NULL && last->frame == extent->frame &&
	    last->offset + last->length == extent->offset &&
	    last->frame_offset + last->length == extent->frame_offset) {
		last->length += extent->length;
		return;
	}
	if (extents->count == extents->capacity || extents->at == NULL)
		extents->at = memory_grow(extents->at, &extents->capacity, extents->count + 1,
					  sizeof *extents->at);
	extents->at[extents->count++] = *extent;
}

/* Index of the first piece that ends behind that octet of the datagram. */
static size_t
piece_at(const struct packet *packet, uint32_t octet)
{
	size_t low = 0, high = packet->piece_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct extent *piece = &packet->pieces[middle];
		if (piece->offset + piece->length > octet)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

UNUSUAL void
extents_add(struct extents *extents, uint32_t offset, const struct packet *packet,
	    uint32_t from, uint32_t length)
{
	uint32_t begin = packet->payload + from, end = begin + length;
	if (length == 0 || packet->datagram == NULL)
		return;
	if (packet->pieces == NULL) {
		struct extent extent;
		extent_set(&extent, offset, packet, from, length);
		extents_put(extents, &extent);
		return;
	}
	for (size_t i = piece_at(packet, begin); i < packet->piece_count; i++) {
		const struct extent *piece = &packet->pieces[i];
		if (piece->offset >= end)
			return;
		uint32_t first = piece->offset > begin ? piece->offset : begin;
		uint32_t last = piece->offset + piece->length;
		if (last > end)
			last = end;
		extents_put(extents,
			    &(struct extent){piece->frame, offset + (first - begin),
					     last - first,
					     piece->frame_offset + (first - piece->offset)});
	}
}

void
extents_release(struct extents *extents)
{
	free(extents->at);
	*extents = (struct extents){.at = NULL};
}
