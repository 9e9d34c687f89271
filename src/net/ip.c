/*
 * The fixed header gives the end of the packet: the shorter of what the header
 * says and, where it says nothing, of what the wire carried. One loop then goes
 * over the extension headers of both families (for IPv4 only AH is one) and stops
 * at a fragment's own octets, because what stands there is whole only after
 * reassembly. Octets behind the end are padding of the link and not counted.
 */
#include "ip.h"

#include <netinet/in.h>
#include <stddef.h>

#include "extension.h"
#include "limits.h"

enum {
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	MORE_FRAGMENTS = 0x2000, /* RFC 791 section 3.1 */
	OFFSET_MASK = 0x1fff,
};

static uint16_t
get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static enum ip_result
malformed(const char **reason, const char *text)
{
	*reason = text;
	return IP_MALFORMED;
}

/* Length word 0: segmentation offload left it to the hardware, or a jumbogram (RFC 2675). */
static uint32_t
to_the_end(uint32_t length)
{
	return length < LIMIT_FRAME ? length : LIMIT_FRAME;
}

/* `length` and `captured` are the packet's, as far as it goes; makes them the payload's. */
static enum ip_result
finish(struct ip_view *view, const uint8_t *octets, const char **reason)
{
	if (!view->fragmented && extension_follows(view)) {
		enum ip_result result =
			extensions_walk(view, octets, view->captured, view->length, reason);
		if (result != IP_OK)
			return result;
	}
	view->length -= view->header_length;
	view->captured -= view->header_length;
	return IP_OK;
}

static enum ip_result
parse_ipv4(struct ip_view *view, const uint8_t *octets, uint32_t captured, uint32_t length,
	   const char **reason)
{
	if (length < IPV4_HEADER)
		return malformed(reason, "packet shorter than an IPv4 header");
	if (captured < IPV4_HEADER)
		return IP_CUT;
	uint32_t header = (octets[0] & 0x0fU) * 4, total = get16(octets + 2);
	if (total == 0)
		total = to_the_end(length);
	if (header < IPV4_HEADER)
		return malformed(reason, "IPv4 header length below 20");
	if (total < header || length < header)
		return malformed(reason, "IPv4 total length shorter than its header");
	if (captured < header)
		return IP_CUT;
	unsigned fragment = get16(octets + 6);
	*view = (struct ip_view){
		.version = 4,
		.protocol = octets[9],
		.hops = octets[8],
		.fragmented = (fragment & (MORE_FRAGMENTS | OFFSET_MASK)) != 0,
		.more_fragments = (fragment & MORE_FRAGMENTS) != 0,
		.identification = get16(octets + 4),
		.fragment_offset = (fragment & OFFSET_MASK) * 8,
		.header_length = header,
		.captured = captured < total ? captured : total,
		.length = total,
	};
	return finish(view, octets, reason);
}

static enum ip_result
parse_ipv6(struct ip_view *view, const uint8_t *octets, uint32_t captured, uint32_t length,
	   const char **reason)
{
	if (length < IPV6_HEADER)
		return malformed(reason, "packet shorter than an IPv6 header");
	if (captured < IPV6_HEADER)
		return IP_CUT;
	uint32_t payload = get16(octets + 4);
	uint32_t end = payload == 0 ? to_the_end(length) : IPV6_HEADER + payload;
	*view = (struct ip_view){
		.version = 6,
		.protocol = octets[6],
		.hops = octets[7],
		.header_length = IPV6_HEADER,
		.captured = captured < end ? captured : end,
		.length = end,
	};
	return finish(view, octets, reason);
}

enum ip_result
ip_parse(struct ip_view *view, const uint8_t *octets, uint32_t captured, uint32_t length,
	 const char **reason)
{
	*reason = NULL;
	if (length < captured)
		length = captured;
	if (length == 0)
		return malformed(reason, "empty IP packet");
	if (captured == 0)
		return IP_CUT;
	switch (octets[0] >> 4) {
	case 4:
		return parse_ipv4(view, octets, captured, length, reason);
	case 6:
		return parse_ipv6(view, octets, captured, length, reason);
	default:
		return malformed(reason, "IP version neither 4 nor 6");
	}
}
