/*
 * uaddr: universal addresses (RFC 5665 section 5.2.3).
 */
#ifndef RPCSCOPE_UADDR_H
#define RPCSCOPE_UADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"

enum uaddr_kind {
	UADDR_INVALID,
	UADDR_EMPTY, /* rpcbind's way to say "not registered" */
	UADDR_INET,  /* IPv4 or IPv6 */
	UADDR_LOCAL, /* the path of a local socket */
};

/* Reads "192.168.56.10.78.80", "fe80::1%eth0.78.80" or a path; *endpoint is set for UADDR_INET.
 */
enum uaddr_kind uaddr_parse(struct endpoint *endpoint, const void *octets, uint32_t size);

#endif
