/*
 * Extension headers (RFC 8200 section 4) all begin with the next header's number
 * and, but for the fragment header, their own length; AH counts it in another
 * unit. ESP is none: what follows cannot be read. In IPv4 only AH stands between.
 */
#include "extension.h"

#include <netinet/in.h>

#include "limits.h"
#include "unusual.h"

enum { FRAGMENT_HEADER = 8 }; /* RFC 8200 section 4.5 */

static uint32_t
header_size(unsigned protocol, const uint8_t *header)
{
	if (protocol == IPPROTO_FRAGMENT)
		return FRAGMENT_HEADER;
	if (protocol == IPPROTO_AH) /* in words of 32 bits less two: RFC 4302 section 2.2 */
		return (header[1] + 2U) * 4;
	return (header[1] + 1U) * 8;
}

/* With offset 0 and no more to come the datagram is whole (RFC 6946): the walk goes on. */
static void
read_fragment(struct ip_view *view, const uint8_t *header)
{
	unsigned word = (unsigned)header[2] << 8 | header[3];
	view->identification = (uint32_t)header[4] << 24 | (uint32_t)header[5] << 16 |
			       (uint32_t)header[6] << 8 | header[7];
	view->fragment_offset = word & 0xfff8U;
	view->more_fragments = (word & 1) != 0;
	view->fragmented = view->more_fragments || view->fragment_offset != 0;
}

static enum ip_result
malformed(const char **reason, const char *text)
{
	*reason = text;
	return IP_MALFORMED;
}

/* One header; its first two octets tell its size. */
static enum ip_result
step(struct ip_view *view, const uint8_t *octets, uint32_t captured, uint32_t length,
     const char **reason)
{
	uint32_t at = view->header_length;
	unsigned protocol = view->protocol;
	if (length - at < 2)
		return malformed(reason, "IP packet ends inside an extension header");
	if (captured < at + 2)
		return IP_CUT;
	uint32_t size = header_size(protocol, octets + at);
	if (length - at < size)
		return malformed(reason, "extension header longer than its IP packet");
	if (captured < at + size)
		return IP_CUT;
	view->header_length += size;
	view->protocol = octets[at];
	if (protocol == IPPROTO_FRAGMENT)
		read_fragment(view, octets + at);
	return IP_OK;
}

UNUSUAL enum ip_result
extensions_walk(struct ip_view *view, const uint8_t *octets, uint32_t captured, uint32_t length,
		const char **reason)
{
	for (unsigned i = 0; extension_follows(view); i++) {
		if (i == LIMIT_IPV6_EXTENSIONS)
			return malformed(reason, "too many IP extension headers");
		enum ip_result result = step(view, octets, captured, length, reason);
		if (result != IP_OK || view->fragmented)
			return result;
	}
	return IP_OK;
}
