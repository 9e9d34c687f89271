/*
 * packet: what one look at a frame's headers found, and where octets came from.
 *
 * A struct packet travels with its payload through the stages. Its octets
 * belong to the capture or to the fragment stage and live until the next frame;
 * a stage that keeps it longer copies it with packet_copy().
 */
#ifndef RPCSCOPE_PACKET_H
#define RPCSCOPE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "capture.h"
#include "ip.h"

enum transport { TRANSPORT_UDP = 17, TRANSPORT_TCP = 6 };

/* TCP control bits (RFC 9293 section 3.1). */
enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20
};

/* `length` octets that stand at `offset` of a record (or datagram) came from a frame. */
struct extent {
	uint64_t frame;
	uint32_t offset; /* in the record */
	uint32_t length;
	uint32_t frame_offset; /* in the frame */
};

struct packet {
	struct frame frame; /* the frame that completed it */
	uint32_t network;   /* where the IP header stands in the frame */
	struct ip_view ip;
	enum transport transport;
	struct endpoint source, destination;
	/* The UDP or TCP header and what follows: in the frame, or put together from fragments.
	 */
	const uint8_t *datagram;
	uint32_t datagram_length, datagram_captured;
	uint32_t payload; /* where the payload begins in the datagram */
	/* Origin of the datagram's octets, in order; NULL when all of it stands in the frame.
	 */
	const struct extent *pieces;
	size_t piece_count;
	/* TCP only */
	uint32_t sequence, acknowledgment;
	uint16_t window;
	uint8_t flags;
};

static inline const uint8_t *
packet_payload(const struct packet *packet)
{
	return packet->datagram + packet->payload;
}

/* Payload octets at hand. */
static inline uint32_t
packet_captured(const struct packet *packet)
{
	return packet->datagram_captured > packet->payload
		       ? packet->datagram_captured - packet->payload
		       : 0;
}

/* Payload octets on the wire. */
static inline uint32_t
packet_length(const struct packet *packet)
{
	return packet->datagram_length -
	       packet->payload; /* which is in it: packet_transport() */
}

/* Did the capture keep less of it than the wire carried? */
static inline bool
packet_is_cut(const struct packet *packet)
{
	return packet->datagram_captured < packet->datagram_length;
}

enum packet_result {
	PACKET_UDP,
	PACKET_TCP,
	PACKET_OTHER,     /* another protocol above IP (ICMP, ...) */
	PACKET_CUT,       /* the capture ends inside the transport header */
	PACKET_MALFORMED, /* the transport header contradicts itself */
};

/*
 * The headers of what nearly every frame is, in one look: an Ethernet header without tags
 * (link_is_plain()), an IPv4 header without options, and a TCP header, all at hand. Sets what
 * packet_network() and packet_transport() would set; any other frame is for those: false, and
 * nothing is set. No other link is known here: what was captured on all interfaces at once
 * (Linux's "any") or without Ethernet goes the longer way.
 */
bool packet_usual(struct packet *packet, const struct frame *frame);
/* The same of IPv6 without extension headers. */
bool packet_usual_ipv6(struct packet *packet, const struct frame *frame);

/*
 * Reads the IP header of `octets`, as ip_parse() does, and sets ip, the addresses of source and
 * destination, and the datagram, which is that packet's payload.
 */
enum ip_result packet_network(struct packet *packet, const uint8_t *octets, uint32_t captured,
			      uint32_t length, const char **reason);

/*
 * Reads the UDP (RFC 768) or TCP (RFC 9293) header of packet->datagram and
 * fills what follows it in the struct and the ports. packet_network() comes first.
 */
enum packet_result packet_transport(struct packet *packet, const char **reason);

/* Makes of a packet with no transport header one whose ports and transport members are all
 * zero. */
static inline void
packet_no_transport(struct packet *packet)
{
	packet->transport = 0;
	packet->source.port = packet->destination.port = 0;
	packet->payload = packet->sequence = packet->acknowledgment = 0;
	packet->window = 0;
	packet->flags = 0;
}

enum { PACKET_HEAD = 192 }; /* octets of a frame's headers kept by packet_copy() */

/*
 * A packet kept past its frame: its numbers, and the first octets of its frame. Its
 * captured lengths say what of frame and datagram stands in `head` (none of a
 * datagram put together); the lengths on the wire stay. Not to be moved in memory.
 */
struct packet_copy {
	struct packet packet; /* packet.frame.octets points at head */
	uint8_t head[PACKET_HEAD];
};

void packet_copy(struct packet_copy *copy, const struct packet *packet);

/* Where payload octets stand in the frame of a packet that was not put together. */
static inline void
extent_set(struct extent *extent, uint32_t offset, const struct packet *packet, uint32_t from,
	   uint32_t length)
{
	uint32_t at = (uint32_t)(packet->datagram - packet->frame.octets);
	extent->frame = packet->frame.number;
	extent->offset = offset;
	extent->length = length;
	extent->frame_offset = at + packet->payload + from;
}

/* Extents of one record or message, in order of offset; grown, and reset to be used again. */
struct extents {
	struct extent *at;
	size_t count, capacity;
};

/*
 * Says that payload octets [from, from + length) of the packet stand at
 * `offset` of the record; joins with the last extent where they touch.
 */
void extents_add(struct extents *extents, uint32_t offset, const struct packet *packet,
		 uint32_t from, uint32_t length);
void extents_release(struct extents *extents);

#endif
