/* address: IPv4 as IPv4-mapped IPv6, so that one comparison serves both families. */
#include "address.h"

#include <arpa/inet.h>

#include "text.h"

static const uint8_t mapped_prefix[12] = {
	[10] = 0xff, [11] = 0xff}; /* RFC 4291 section 2.5.5.2 */

bool
address_parse(struct address *address, const char *text)
{
	uint8_t octets[16];
	if (inet_pton(AF_INET, text, octets) == 1) {
		address_from_ipv4(address, octets);
		return true;
	}
	if (inet_pton(AF_INET6, text, octets) == 1) {
		address_from_ipv6(address, octets);
		return true;
	}
	return false;
}

bool
address_is_ipv4(const struct address *address)
{
	return memcmp(address->octets, mapped_prefix, sizeof mapped_prefix) == 0;
}

bool
address_is_group(const struct address *address)
{
	if (!address_is_ipv4(address))
		return address->octets[0] == 0xff; /* RFC 4291 section 2.7 */
	uint8_t first = address->octets[12];
	/* RFC 5771; the netmask is not on the wire, so a last octet of 255 is taken for a
	 * broadcast. */
	return (first >= 224 && first <= 239) || address->octets[15] == 255;
}

/* Two addresses stand on every line: straight into the text, one check for room. */
static void
ipv4_text(struct text *out, const uint8_t octets[static 4])
{
	char *begin = text_reserve(out, INET_ADDRSTRLEN), *at = begin;
	for (int i = 0; i < 4; i++) {
		unsigned octet = octets[i];
		if (i > 0)
			*at++ = '.';
		if (octet >= 100)
			*at++ = (char)('0' + octet / 100);
		if (octet >= 10)
			*at++ = (char)('0' + octet / 10 % 10);
		*at++ = (char)('0' + octet % 10);
	}
	out->length += (size_t)(at - begin);
}

void
address_text(struct text *out, const struct address *address)
{
	if (address_is_ipv4(address)) {
		ipv4_text(out, address->octets + 12);
		return;
	}
	char buffer[INET6_ADDRSTRLEN];
	text_string_put(out, inet_ntop(AF_INET6, address->octets, buffer, sizeof buffer));
}
