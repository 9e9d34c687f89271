/*
 * mapping: fields are found by the names that portmap.x and rpcbind.x give them. A
 * field that the octets ran out before is not there, so a message that is cut
 * gives what it has.
 */
#include "mapping.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "uaddr.h"

enum { PORT_MOST = 65535 };

/* RFC 5665 section 5.1; for an IP protocol, the netid of its IPv4 form. */
static const struct {
	const char *netid;
	enum transport transport;
} netids[] = {
	{"udp", TRANSPORT_UDP},
	{"tcp", TRANSPORT_TCP},
	{"udp6", TRANSPORT_UDP},
	{"tcp6", TRANSPORT_TCP},
};

enum { NETIDS = sizeof netids / sizeof netids[0] };

void
mapping_protocol(struct mapping *mapping, uint64_t protocol, bool ipv6)
{
	for (size_t i = ipv6 ? NETIDS / 2 : 0; i < NETIDS; i++) {
		if ((uint64_t)netids[i].transport != protocol)
			continue;
		mapping->transport = netids[i].transport;
		mapping->netid = netids[i].netid;
		return;
	}
}

static void
set_wrong(struct mapping *mapping, enum binding_wrong wrong, const void *octets, size_t size)
{
	size = size < sizeof mapping->wrong_text ? size : sizeof mapping->wrong_text;
	mapping->wrong = (uint8_t)wrong;
	mapping->wrong_size = (uint8_t)size;
	memcpy(mapping->wrong_text, octets, size);
}

static void
set_wrong_number(struct mapping *mapping, enum binding_wrong wrong, uint32_t number)
{
	char digits[16];
	int size = snprintf(digits, sizeof digits, "%" PRIu32, number);
	set_wrong(mapping, wrong, digits, (size_t)size);
}

/* The field of that name in the opening; NULL where the octets ran out before it. */
static const struct field *
field_of(const struct tape *tape, size_t within, const char *name)
{
	size_t at = tape_find(tape, within, name);
	return at != SIZE_MAX ? &tape->fields[at] : NULL;
}

static bool
number_of(const struct tape *tape, size_t within, const char *name, uint32_t *number)
{
	const struct field *field = field_of(tape, within, name);
	if (field == NULL || field->kind != FIELD_UINT)
		return false;
	*number = (uint32_t)field->u;
	return true;
}

void
mapping_netid(const struct tape *tape, size_t within, const char *name, struct mapping *mapping)
{
	const struct field *field = field_of(tape, within, name);
	if (field == NULL || field->kind != FIELD_STRING)
		return;
	const char *octets = (const char *)tape->octets + field->bytes.at;
	for (size_t i = 0; i < NETIDS; i++) {
		if (strlen(netids[i].netid) != field->bytes.size ||
		    memcmp(netids[i].netid, octets, field->bytes.size) != 0)
			continue;
		mapping->transport = netids[i].transport;
		mapping->netid = netids[i].netid;
	}
	if (field->bytes.size == 0)
		mapping->netid = "*";
}

bool
mapping_uaddr(const struct tape *tape, size_t within, const char *name, struct mapping *mapping)
{
	const struct field *field = field_of(tape, within, name);
	if (field == NULL || field->kind != FIELD_STRING ||
	    field->flags & (FIELD_CUT | FIELD_SHORT))
		return false;
	enum uaddr_kind kind =
		uaddr_parse(&mapping->place, tape->octets + field->bytes.at, field->bytes.size);
	mapping->has_place = kind == UADDR_INET;
	if (kind == UADDR_INVALID)
		set_wrong(mapping, BINDING_NO_ADDRESS, tape->octets + field->bytes.at,
			  field->bytes.size);
	return kind != UADDR_LOCAL;
}

bool
mapping_port(const struct tape *tape, size_t within, struct mapping *mapping)
{
	uint32_t port;
	if (!number_of(tape, within, "port", &port))
		return false;
	if (port > PORT_MOST)
		set_wrong_number(mapping, BINDING_NO_PORT, port);
	else
		mapping->place.port = (uint16_t)port;
	return true;
}

bool
mapping_v2(const struct tape *tape, size_t within, struct mapping *mapping)
{
	uint32_t protocol;
	if (!number_of(tape, within, "prog", &mapping->program) ||
	    !number_of(tape, within, "vers", &mapping->version) ||
	    !number_of(tape, within, "prot", &protocol))
		return false;
	mapping_protocol(mapping, protocol, false);
	if (!mapping_port(tape, within, mapping))
		return false;
	/* rpcbind lists its local transports under a protocol of its own, and port 0. */
	if (mapping->netid == NULL && mapping->place.port != 0)
		set_wrong_number(mapping, BINDING_NO_TRANSPORT, protocol);
	return true;
}

bool
mapping_v3(const struct tape *tape, size_t within, struct mapping *mapping)
{
	if (!number_of(tape, within, "r_prog", &mapping->program) ||
	    !number_of(tape, within, "r_vers", &mapping->version))
		return false;
	mapping_netid(tape, within, "r_netid", mapping);
	return mapping_uaddr(tape, within, "r_addr", mapping);
}
