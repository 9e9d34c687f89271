/*
 * checksum: the Internet checksum (RFC 1071) of a UDP or TCP packet that is whole
 * in its frame.
 *
 * A sender that leaves it to the network card puts in the sum over the pseudo
 * header only; so does a virtual machine. Such a packet says nothing. Nobody drops a
 * packet for what is found here: it only keeps a packet that its receiver certainly
 * dropped from deciding a verdict.
 */
#include "facts.h"

#include <arpa/inet.h>
#include <string.h>

enum { UDP_CHECKSUM = 6, TCP_CHECKSUM = 16 };

static uint32_t
add_octets(uint32_t sum, const uint8_t *octets, uint32_t count)
{
	uint64_t wide = 0, other = 0;
	uint32_t i = 0, word, next;
	/* Four at a time in the machine's order: RFC 1071 section 2(B) and (C). */
	for (; i + 8 <= count; i += 8) {
		memcpy(&word, octets + i, sizeof word);
		memcpy(&next, octets + i + 4, sizeof next);
		wide += word;
		other += next;
	}
	for (; i + 4 <= count; i += 4) {
		memcpy(&word, octets + i, sizeof word);
		wide += word;
	}
	wide += other;
	while (wide >> 16 != 0)
		wide = (wide & 0xffff) + (wide >> 16);
	wide = (uint64_t)ntohs((uint16_t)wide) + sum;
	for (; i + 1 < count; i += 2)
		wide += (uint32_t)octets[i] << 8 | octets[i + 1];
	if (i < count)
		wide += (uint32_t)octets[i] << 8;
	while (wide >> 16 != 0)
		wide = (wide & 0xffff) + (wide >> 16);
	return (uint32_t)wide;
}

/* RFC 9293 section 3.1; RFC 8200 section 8.1: the sums of IPv4 and IPv6 differ in addresses
 * only. */
static uint32_t
pseudo_header(const struct packet *packet)
{
	uint32_t skip = packet->ip.version == 4 ? 12 : 0;
	uint32_t sum = add_octets(0, packet->ip.source.octets + skip, 16 - skip);
	sum = add_octets(sum, packet->ip.destination.octets + skip, 16 - skip);
	uint8_t rest[8] = {(uint8_t)(packet->datagram_length >> 24),
			   (uint8_t)(packet->datagram_length >> 16),
			   (uint8_t)(packet->datagram_length >> 8),
			   (uint8_t)packet->datagram_length,
			   0,
			   0,
			   0,
			   (uint8_t)packet->transport};
	return add_octets(sum, rest, sizeof rest);
}

enum checksum
checksum_verify(const struct packet *packet)
{
	uint32_t at = packet->transport == TRANSPORT_UDP ? UDP_CHECKSUM : TCP_CHECKSUM;
	if (packet->pieces != NULL || packet->datagram_captured < packet->datagram_length ||
	    packet->datagram_length < at + 2)
		return CHECKSUM_UNKNOWN;
	uint32_t stored =
		(uint32_t)packet->datagram[at] << 8 | (uint32_t)packet->datagram[at + 1];
	if (stored == 0 && packet->transport == TRANSPORT_UDP)
		return CHECKSUM_UNKNOWN; /* RFC 768: none was made */
	uint32_t pseudo = pseudo_header(packet);
	if (add_octets(pseudo, packet->datagram, packet->datagram_length) == 0xffff)
		return CHECKSUM_GOOD;
	return stored == pseudo ? CHECKSUM_OFFLOADED : CHECKSUM_BAD;
}
