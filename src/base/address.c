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

static void
ipv4_text(struct text *out, const uint8_t octets[static 4])
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			text_char(out, '.');
		text_unsigned(out, octets[i]);
	}
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
