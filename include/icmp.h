/*
 * icmp: an ICMP error (RFC 792) or ICMPv6 error (RFC 4443) and the packet it quotes.
 *
 * The quote is the beginning of the packet that could not be delivered: at least
 * its IP header and eight octets, mostly more (RFC 1812 section 4.3.2.3, RFC 4443
 * section 2.4). It belongs to the flow that it quotes, not to that of its sender.
 */
#ifndef RPCSCOPE_ICMP_H
#define RPCSCOPE_ICMP_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"

struct icmp_error {
	uint8_t version; /* 4 or 6 */
	uint8_t type, code;
	struct address reporter; /* who sent it */
};

/*
 * Reads a packet whose ip.protocol is ICMP or ICMPv6. False when it is no error,
 * or the quote has no UDP or TCP header. Otherwise *quoted is the quoted packet
 * with its transport header read: addresses and ports are the quoted ones, the
 * frame is the error's, and the payload is what of it the error brought along.
 */
bool icmp_parse(struct icmp_error *error, struct packet *quoted, const struct packet *packet);
/* "port unreachable", "communication administratively prohibited", ... */
const char *icmp_name(const struct icmp_error *error);

#endif
