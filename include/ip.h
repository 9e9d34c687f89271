/*
 * ip: an IPv4 (RFC 791) or IPv6 (RFC 8200) header with every extension header.
 *
 * Nothing is dropped for a bad checksum, and a total length of 0 (segmentation
 * offload on the capturing host) means "to the end of the frame".
 */
#ifndef RPCSCOPE_IP_H
#define RPCSCOPE_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"

struct ip_view {
	uint8_t version;  /* 4 or 6 */
	uint8_t protocol; /* of the payload: IPPROTO_TCP, IPPROTO_UDP, ... */
	uint8_t hops;     /* TTL or hop limit */
	bool fragmented;  /* a piece of a datagram, fields below */
	bool more_fragments;
	uint32_t identification;  /* IPv4: 16 bits, of whole datagrams too; IPv6: 0 without
				     fragment header */
	uint32_t fragment_offset; /* octets */
	uint32_t header_length;   /* IP header with options or extension headers */
	uint32_t captured;        /* payload octets at hand */
	uint32_t length;          /* payload octets by the header's own word */
};

enum ip_result {
	IP_OK,
	IP_CUT,       /* the frame ends inside the headers */
	IP_MALFORMED, /* the header contradicts itself; *reason says how */
};

/* `length` is what the wire carried from here on, `captured` what is at hand of it. */
enum ip_result ip_parse(struct ip_view *view, const uint8_t *octets, uint32_t captured,
			uint32_t length, const char **reason);

/* The addresses of a packet that ip_parse() has taken (RFC 791 section 3.1, RFC 8200 section
 * 3).
 */
static inline void
ip_addresses(const struct ip_view *view, const uint8_t *octets, struct address *source,
	     struct address *destination)
{
	enum { IPV4_ADDRESSES = 12, IPV6_ADDRESSES = 8 };
	if (view->version == 4) {
		address_from_ipv4(source, octets + IPV4_ADDRESSES);
		address_from_ipv4(destination, octets + IPV4_ADDRESSES + 4);
	} else {
		address_from_ipv6(source, octets + IPV6_ADDRESSES);
		address_from_ipv6(destination, octets + IPV6_ADDRESSES + 16);
	}
}

#endif
