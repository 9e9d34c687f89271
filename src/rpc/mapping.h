/*
 * mapping: a program's version and where it is, read from the tape of a portmapper's
 * question or answer; private to src/rpc.
 */
#ifndef RPCSCOPE_MAPPING_H
#define RPCSCOPE_MAPPING_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "binding.h"
#include "packet.h"
#include "tape.h"

struct mapping {
	uint32_t program, version;
	const char *netid; /* NULL: none that is known; "*": every one */
	enum transport transport;
	struct endpoint place; /* port 0: nowhere */
	bool has_place;        /* place has an address too */
	uint8_t wrong;         /* enum binding_wrong: there is no place */
	uint8_t wrong_size;
	char wrong_text[BINDING_WRONG_MOST];
};

/* Sets netid and transport from an IP protocol; neither for one that is not known. */
void mapping_protocol(struct mapping *mapping, uint64_t protocol, bool ipv6);
/* The same from the netid of that name in the opening. */
void mapping_netid(const struct tape *tape, size_t within, const char *name,
		   struct mapping *mapping);
/* The place from a universal address, or that it is none. False for what is no place on a
 * network, or is cut. */
bool mapping_uaddr(const struct tape *tape, size_t within, const char *name,
		   struct mapping *mapping);
/* Its port alone, or that it is none; false where it is cut. */
bool mapping_port(const struct tape *tape, size_t within, struct mapping *mapping);
/* struct mapping of version 2, struct rpcb of versions 3 and 4 (RFC 1833). */
bool mapping_v2(const struct tape *tape, size_t within, struct mapping *mapping);
bool mapping_v3(const struct tape *tape, size_t within, struct mapping *mapping);

#endif
