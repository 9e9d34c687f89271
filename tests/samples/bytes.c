/*
 * Octets being put together: network order (XDR, RFC 4506, and the headers are
 * both big-endian), then the RPC headers built from them (RFC 5531 section 9).
 */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

void
bytes_reset(struct bytes *bytes)
{
	bytes->length = 0;
}

void
put_octets(struct bytes *bytes, const void *octets, size_t count)
{
	if (count > sizeof bytes->at - bytes->length) {
		fputs("wire: a buffer is too small\n", stderr);
		exit(1);
	}
	if (count > 0)
		memcpy(bytes->at + bytes->length, octets, count);
	bytes->length += count;
}

void
put8(struct bytes *bytes, unsigned value)
{
	uint8_t octet = (uint8_t)value;
	put_octets(bytes, &octet, 1);
}

void
put16(struct bytes *bytes, unsigned value)
{
	uint8_t octets[2] = {(uint8_t)(value >> 8), (uint8_t)value};
	put_octets(bytes, octets, sizeof octets);
}

void
put32(struct bytes *bytes, uint32_t value)
{
	uint8_t octets[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
			     (uint8_t)(value >> 8), (uint8_t)value};
	put_octets(bytes, octets, sizeof octets);
}

void
put_words(struct bytes *bytes, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put32(bytes, words[i]);
}

void
put_opaque(struct bytes *bytes, const void *octets, size_t count)
{
	static const uint8_t zeros[3] = {0};
	put32(bytes, (uint32_t)count);
	put_octets(bytes, octets, count);
	put_octets(bytes, zeros, (4 - count % 4) % 4);
}

void
put_string(struct bytes *bytes, const char *string)
{
	put_opaque(bytes, string, strlen(string));
}

void
set16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* -- RPC -- */

void
put_call(struct bytes *bytes, const struct call *call)
{
	put_words(bytes,
		  (const uint32_t[]){call->xid, 0, 2, call->program, call->version,
				     call->procedure, 0, 0, 0, 0},
		  10);
}

void
put_call_sys(struct bytes *bytes, const struct call *call)
{
	put_words(bytes,
		  (const uint32_t[]){call->xid, 0, 2, call->program, call->version,
				     call->procedure, 1, 36, 0x5f5e100},
		  9);
	put_string(bytes, "client7"); /* RFC 5531 appendix A */
	put_words(bytes, (const uint32_t[]){0, 0, 2, 0, 10, 0, 0}, 7);
}

void
put_accepted(struct bytes *bytes, uint32_t xid, uint32_t status)
{
	put_words(bytes, (const uint32_t[]){xid, 1, 0, 0, 0, status}, 6);
}

size_t
put_mark(struct bytes *bytes)
{
	size_t mark = bytes->length;
	put32(bytes, 0);
	return mark;
}

void
end_mark(struct bytes *bytes, size_t mark)
{
	size_t length = bytes->length - mark - 4;
	set16(bytes->at + mark, (unsigned)(0x8000 | length >> 16));
	set16(bytes->at + mark + 2, (unsigned)(length & 0xffff));
}
