/*
 * address: IP addresses of both families in one form, and an address with a port.
 *
 * IPv4 stands as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2), so that both
 * families compare and hash as sixteen octets.
 */
#ifndef RPCSCOPE_ADDRESS_H
#define RPCSCOPE_ADDRESS_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct text;

struct address {
	uint8_t octets[16]; /* network order */
};

struct endpoint {
	struct address address;
	uint16_t port; /* host order */
};

/* Reads "192.168.56.10" or "fe80::1"; false when it is neither. */
bool address_parse(struct address *address, const char *text);
bool address_is_ipv4(const struct address *address);
/* Broadcast (255.255.255.255, or the last octet 255) or multicast: many hosts may answer. */
bool address_is_group(const struct address *address);
/* RFC 5952 form; IPv4 dotted. */
void address_text(struct text *out, const struct address *address);

/* As IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2), put together in one word: it is read as one
 * soon after, which would have to wait for several writes. */
static inline void
address_from_ipv4(struct address *address, const uint8_t octets[static 4])
{
	enum { SECOND_HALF = BYTE_ORDER == LITTLE_ENDIAN ? 32 : 0 };
	uint32_t number;
	memcpy(&number, octets, sizeof number);
	const uint64_t words[2] = {0, htobe64(UINT64_C(0xffff) << 32) | (uint64_t)number
										<< SECOND_HALF};
	memcpy(address->octets, words, sizeof words);
}

static inline void
address_from_ipv6(struct address *address, const uint8_t octets[static 16])
{
	memcpy(address->octets, octets, sizeof address->octets);
}

static inline bool
address_equal(const struct address *a, const struct address *b)
{
	uint64_t of_a[2], of_b[2];
	memcpy(of_a, a->octets, sizeof of_a);
	memcpy(of_b, b->octets, sizeof of_b);
	return ((of_a[0] ^ of_b[0]) | (of_a[1] ^ of_b[1])) == 0;
}

static inline bool
endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_equal(&a->address, &b->address);
}

#endif
