/*
 * extension: headers between the IP header and the transport's. Private to src/net.
 */
#ifndef RPCSCOPE_NET_EXTENSION_H
#define RPCSCOPE_NET_EXTENSION_H

#include <netinet/in.h>

#include "ip.h"

/* Can there be any? Of IPv4 only AH is one. */
static inline bool
extensions_possible(const struct ip_view *view)
{
	return view->version != 4 || view->protocol == IPPROTO_AH;
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
