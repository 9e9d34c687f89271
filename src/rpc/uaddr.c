/*
 * uaddr: an address, and a port as its two octets in decimal behind it.
 *
 * Read from the end: the last two numbers are the port, what stands before them is
 * an IPv4 or IPv6 address. rpcbind may leave a scope ("%eth0") in an IPv6 address.
 * Local transports have the path of their socket there.
 */
#include "uaddr.h"

#include <string.h>

/* Takes ".N", N an octet in decimal without spare zeros, off the end of the text. */
static bool
take_number(const char *text, size_t *length, unsigned *number)
{
	size_t end = *length, start = end;
	while (start > 0 && text[start - 1] >= '0' && text[start - 1] <= '9' && end - start < 4)
		start--;
	if (start == end || start == 0 || text[start - 1] != '.' || end - start > 3 ||
	    (text[start] == '0' && end - start > 1))
		return false;
	*number = 0;
	for (size_t i = start; i < end; i++)
		*number = *number * 10 + (unsigned)(text[i] - '0');
	*length = start - 1;
	return *number <= 255;
}

enum uaddr_kind
uaddr_parse(struct endpoint *endpoint, const void *octets, uint32_t size)
{
	char text[80]; /* an IPv6 address has 45 characters, a scope 16, a port 8 */
	unsigned high, low;
	size_t length = size;
	if (size == 0)
		return UADDR_EMPTY;
	if (memchr(octets, '\0', size) != NULL)
		return UADDR_INVALID;
	if (*(const char *)octets == '/')
		return UADDR_LOCAL;
	if (size >= sizeof text)
		return UADDR_INVALID;
	memcpy(text, octets, size);
	if (!take_number(text, &length, &low) || !take_number(text, &length, &high))
		return UADDR_INVALID;
	text[length] = '\0';
	char *scope = strchr(text, '%');
	if (scope != NULL)
		*scope = '\0';
	if (!address_parse(&endpoint->address, text))
		return UADDR_INVALID;
	endpoint->port = (uint16_t)(high << 8 | low);
	return UADDR_INET;
}
