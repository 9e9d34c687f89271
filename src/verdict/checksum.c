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

/* Words of 32 bits in the machine's order, which changes only the order of the octets of the
 * sum; what they carry is taken in at the end (RFC 1071 section 2(B) and (C)). */
static inline uint64_t
add_octets(uint64_t sum, const uint8_t *octets, size_t count)
{
	size_t words = count / sizeof(uint32_t), rest = count % sizeof(uint32_t);
	uint32_t word;
	for (size_t i = 0; i < words; i++) {
		memcpy(&word, octets + i * sizeof word, sizeof word);
		sum += word;
	}
	if (rest == 0)
		return sum;
	word = 0;
	memcpy(&word, octets + words * sizeof word, rest);
	return sum + word;
}

/* Down to the 16 bits of the field, in the order of this machine. */
static uint16_t
fold(uint64_t sum)
{
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	return (uint16_t)sum;
}

/* RFC 9293 section 3.1; RFC 8200 section 8.1: the sums of IPv4 and IPv6 differ in addresses
 * only. */
static uint64_t
pseudo_header(const struct packet *packet)
{
	uint64_t sum = (uint64_t)htonl(packet->datagram_length) + htonl(packet->transport);
	if (packet->ip.version == 4) {
		sum = add_octets(sum, packet->source.address.octets + 12, 4);
		return add_octets(sum, packet->destination.address.octets + 12, 4);
	}
	sum = add_octets(sum, packet->source.address.octets, 16);
	return add_octets(sum, packet->destination.address.octets, 16);
}

enum checksum
checksum_verify(const struct packet *packet)
{
	uint32_t at = packet->transport == TRANSPORT_UDP ? UDP_CHECKSUM : TCP_CHECKSUM;
	if (packet->pieces != NULL || packet->datagram_captured < packet->datagram_length ||
	    packet->datagram_length < at + 2)
		return CHECKSUM_UNKNOWN;
	uint16_t stored;
	memcpy(&stored, packet->datagram + at, sizeof stored);
	if (stored == 0 && packet->transport == TRANSPORT_UDP)
		return CHECKSUM_UNKNOWN; /* RFC 768: none was made */
	uint64_t pseudo = pseudo_header(packet);
	if (fold(add_octets(pseudo, packet->datagram, packet->datagram_length)) == UINT16_MAX)
		return CHECKSUM_GOOD;
	return stored == fold(pseudo) ? CHECKSUM_OFFLOADED : CHECKSUM_BAD;
}
