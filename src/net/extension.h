/*
 * extension: headers between the IP header and the transport's. Private to src/net.
 */
#ifndef RPCSCOPE_NET_EXTENSION_H
#define RPCSCOPE_NET_EXTENSION_H

#include <netinet/in.h>
#include <stdbool.h>

#include "ip.h"

enum {
	PROTOCOL_MOBILITY = 135, /* RFC 6275 section 6.1.1 */
	PROTOCOL_HIP = 139,      /* RFC 7401 section 5.1 */
	PROTOCOL_SHIM6 = 140,    /* RFC 5533 section 5.1 */
};

/* Is the next header an extension header? In IPv4 only AH is one. Inline because every packet
 * is asked. */
static inline bool
extension_follows(const struct ip_view *view)
{
	switch (view->protocol) {
	case IPPROTO_AH:
		return true;
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
	case IPPROTO_FRAGMENT:
	case PROTOCOL_MOBILITY:
	case PROTOCOL_HIP:
	case PROTOCOL_SHIM6:
		return view->version != 4;
	default:
		return false;
	}
}

/*
 * Walks the extension headers that stand at view->header_length of a packet of
 * `length` octets, `captured` of them at hand; view->protocol names the first.
 * Leaves the protocol of what follows and moves view->header_length up to it.
 * Stops behind the fragment header of a fragment.
 */
enum ip_result extensions_walk(struct ip_view *view, const uint8_t *octets, uint32_t captured,
			       uint32_t length, const char **reason);

#endif
