/*
 * link: from a frame to the network packet in it. One table, a row a link type.
 *
 * Ethernet (also 802.3/LLC SNAP), 802.1Q and QinQ tags, Linux SLL and SLL2, raw
 * IP, NULL and LOOP. Numbers: https://www.tcpdump.org/linktypes.html.
 */
#ifndef RPCSCOPE_LINK_H
#define RPCSCOPE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "limits.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP_ = 0x0806,
	ETHERTYPE_IPV6_ = 0x86dd,
};

enum {
	LINK_ETHERNET = 1, /* DLT_EN10MB */
	LINK_PLAIN = 14,   /* octets of its header without tags */
};

/* What the header in front of the network packet said. Offsets are in the frame. */
struct link_view {
	uint32_t payload;               /* where the network packet begins */
	uint16_t ethertype;             /* of the network packet; 0 when there is none */
	int16_t source, destination;    /* where the hardware addresses stand, -1 for none */
	uint8_t address_length;         /* octets of one hardware address */
	uint8_t tag_count;              /* 802.1Q and QinQ tags */
	uint16_t tags[LIMIT_VLAN_TAGS]; /* tag control information: priority, DEI, VLAN id */
};

/* Is there a row for that link type? */
bool link_known(int link_type);
/* "EN10MB", as libpcap names it; "no name" when it has none. */
const char *link_name(int link_type);
/* False when the frame ends inside its link header, or the link type has no row. */
bool link_parse(struct link_view *view, int link_type, const uint8_t *octets,
		uint32_t captured);

/* Is it what nearly every frame is: Ethernet with IP right behind its addresses, at LINK_PLAIN?
 * Nothing else of its header is wanted then. */
static inline bool
link_is_plain(int link_type, const uint8_t *octets, uint32_t captured)
{
	if (link_type != LINK_ETHERNET || captured < LINK_PLAIN)
		return false;
	unsigned type = (unsigned)octets[LINK_PLAIN - 2] << 8 | octets[LINK_PLAIN - 1];
	return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6_;
}

#endif
