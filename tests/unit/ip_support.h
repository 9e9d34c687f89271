/*
 * ip_support: IP headers of both families and extension headers, built into a buffer.
 */
#ifndef RPCSCOPE_TESTS_IP_SUPPORT_H
#define RPCSCOPE_TESTS_IP_SUPPORT_H

#include "net_support.h"

enum { TCP = 6, UDP = 17, FRAGMENT = 44, ESP = 50, AH = 51, ICMP6 = 58, NO_NEXT = 59 };

static struct guard guard; /* what is parsed ends at it: to read on is a fault */

static inline int
guard_begin(void **state)
{
	(void)state;
	guard = guard_make(1 << 17);
	return 0;
}

static inline int
guard_end(void **state)
{
	(void)state;
	guard_release(&guard);
	return 0;
}

static inline void
put_ipv4(struct buffer *buffer, unsigned words, unsigned total, unsigned fragment,
	 unsigned protocol)
{
	buffer->size = 0;
	buffer->big_endian = true;
	put8(buffer, 0x40 | words);
	put8(buffer, 0);
	put16(buffer, total);
	put16(buffer, 0xbeef);
	put16(buffer, fragment);
	put8(buffer, 63);
	put8(buffer, protocol);
	put16(buffer, 0);
	put32(buffer, 0xc0a8380a);
	put32(buffer, 0xc0a83815);
	for (unsigned i = 5; i < words; i++)
		put32(buffer, 0x01010100);
}

static inline void
put_ipv6(struct buffer *buffer, unsigned payload, unsigned next)
{
	buffer->size = 0;
	buffer->big_endian = true;
	put32(buffer, 0x60000000);
	put16(buffer, payload);
	put8(buffer, next);
	put8(buffer, 62);
	for (unsigned i = 0; i < 32; i++)
		put8(buffer, i + 1);
}

/* An extension header of that many octets, its length word in units of `unit` less `less`. */
static inline void
put_extension(struct buffer *buffer, unsigned next, unsigned size, unsigned unit, unsigned less)
{
	put8(buffer, next);
	put8(buffer, size / unit - less);
	put_fill(buffer, 0, size - 2);
}

static inline void
put_fragment_header(struct buffer *buffer, unsigned next, unsigned offset, bool more,
		    uint32_t identification)
{
	put8(buffer, next);
	put8(buffer, 0);
	put16(buffer, offset | more);
	put32(buffer, identification);
}

#endif
