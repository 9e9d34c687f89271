/*
 * verdict_nfs4: what captures of mounts of version 4.0 are made of (RFC 7530).
 */
#ifndef RPCSCOPE_TESTS_VERDICT_NFS4_H
#define RPCSCOPE_TESTS_VERDICT_NFS4_H

#include "verdict_support.h"

static inline struct octets
compound(uint32_t count, const struct octets *operations)
{
	struct octets arguments = words(3, 0, 0, count);
	put_all(&arguments, operations);
	return arguments;
}

/* Operations that take no arguments and succeed, then one with that status. */
static inline void
nfs4(struct scene *scene, struct wire *wire, uint32_t first, uint32_t operation,
     const struct octets *arguments, uint32_t status)
{
	struct octets operations = {0}, result = {0};
	if (first != 0)
		put32(&operations, first);
	put32(&operations, operation);
	if (arguments != NULL)
		put_all(&operations, arguments);
	struct octets call = compound(first != 0 ? 2 : 1, &operations);
	put32(&result, status);
	put32(&result, 0);
	put32(&result, first != 0 ? 2 : 1);
	if (first != 0) {
		put32(&result, first);
		put32(&result, 0);
	}
	put32(&result, operation);
	put32(&result, status);
	if (operation == 35 && status == 0)
		put_all(&result, &(struct octets){.size = 16});
	ask_words(scene, wire, NFS, 4, 1, &call, result);
}

enum { PUTROOTFH = 24, LOOKUP = 15, SETCLIENTID = 35, CONFIRM = 36, RENEW = 30, READLINK = 27 };

/* What SETCLIENTID is asked with; `address` is where the client wants to be called back. */
static inline struct octets
client_id(uint32_t verifier, const char *owner, const char *address)
{
	struct octets arguments = words(2, verifier, 2);
	put_string(&arguments, owner);
	put32(&arguments, 0x40000000);
	put_string(&arguments, "tcp");
	put_string(&arguments, address);
	put32(&arguments, 1);
	return arguments;
}

static inline struct octets
setclientid(uint16_t callback_port)
{
	char address[32];
	snprintf(address, sizeof address, "10.0.0.%d.%d.%d", CLIENT, callback_port >> 8,
		 callback_port & 0xff);
	return client_id(1, "Linux NFSv4.0", address);
}

static inline void
confirm_id(struct scene *scene, struct wire *wire, const struct octets *id)
{
	nfs4(scene, wire, 0, SETCLIENTID, id, 0);
	nfs4(scene, wire, 0, CONFIRM, &(struct octets){.size = 16}, 0);
}

static inline void
lookup(struct scene *scene, struct wire *wire, uint32_t status)
{
	struct octets name = string_of("srv");
	nfs4(scene, wire, PUTROOTFH, LOOKUP, &name, status);
}

/* Something that only a mounted file system needs: of no link it gives EINVAL. */
static inline void
read_link(struct scene *scene, struct wire *wire)
{
	nfs4(scene, wire, PUTROOTFH, READLINK, NULL, 22);
}

/* A connection of that client from that port (0: any) that begins as NFS 4 does. */
static inline struct wire
open_nfs4_from(struct scene *scene, uint16_t client, uint16_t port)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	wire.client = client;
	if (port != 0)
		wire.client_port = port;
	tcp_accept(scene, &wire);
	null_call(scene, &wire, NFS, 4);
	return wire;
}

static inline struct wire
open_nfs4(struct scene *scene)
{
	return open_nfs4_from(scene, CLIENT, 0);
}

/* Up to the client id and the root. */
static inline struct wire
setup4(struct scene *scene, uint16_t port)
{
	struct wire wire = open_nfs4_from(scene, CLIENT, port);
	struct octets id = setclientid(45000);
	confirm_id(scene, &wire, &id);
	return wire;
}

/* From the root to the path, and a first use. */
static inline void
walk_and_use(struct scene *scene, struct wire *wire)
{
	nfs4(scene, wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, wire, 0);
	read_link(scene, wire);
}

static inline struct wire
mount4(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	walk_and_use(scene, &wire);
	return wire;
}

/* The server's connection to a client that it calls back. */
static inline struct wire
wire_back(uint8_t client, uint16_t port)
{
	return (struct wire){.protocol = TRANSPORT_TCP,
			     .client = SERVER,
			     .server = client,
			     .client_port = 999,
			     .server_port = port,
			     .client_sequence = 77,
			     .server_sequence = 99};
}

#endif
