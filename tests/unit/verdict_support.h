/*
 * verdict_support: what captures of mounts are made of: calls of RPC, the steps of a mount of
 * version 3, and looking at what was found.
 */
#ifndef RPCSCOPE_TESTS_VERDICT_SUPPORT_H
#define RPCSCOPE_TESTS_VERDICT_SUPPORT_H

#include "verdict_frames.h"

enum { NFS = 100003, MOUNTD = 100005, NLM = 100021, PORTMAP = 100000, STATUS_MONITOR = 100024 };
enum { MOUNTD_PORT = 20048 };

/* -- RPC (RFC 5531) -- */

static inline struct octets
rpc_call(struct scene *scene, uint32_t program, uint32_t version, uint32_t procedure,
	 uint32_t flavor, const struct octets *arguments)
{
	struct octets call = {0};
	put32(&call, ++scene->xid);
	put32(&call, 0);
	put32(&call, 2);
	put32(&call, program);
	put32(&call, version);
	put32(&call, procedure);
	put32(&call, flavor);
	if (flavor == 6) { /* RFC 2203: INIT */
		put32(&call, 20);
		put32(&call, 1);
		put32(&call, 1);
		put32(&call, 0);
		put32(&call, 1);
		put32(&call, 0);
	} else {
		put32(&call, 0);
	}
	put32(&call, 0);
	put32(&call, 0);
	if (arguments != NULL)
		put_all(&call, arguments);
	return call;
}

static inline struct octets
rpc_reply(const struct scene *scene, uint32_t accept_stat, const struct octets *result)
{
	struct octets reply = {0};
	put32(&reply, scene->xid);
	put32(&reply, 1);
	put32(&reply, 0);
	put32(&reply, 0);
	put32(&reply, 0);
	put32(&reply, accept_stat);
	if (result != NULL)
		put_all(&reply, result);
	return reply;
}

static inline struct octets
rpc_denied(const struct scene *scene, uint32_t auth_stat)
{
	struct octets reply = {0};
	put32(&reply, scene->xid);
	put32(&reply, 1);
	put32(&reply, 1);
	put32(&reply, 1);
	put32(&reply, auth_stat);
	return reply;
}

static inline struct octets
words(unsigned count, ...)
{
	struct octets octets = {0};
	va_list list;
	va_start(list, count);
	for (unsigned i = 0; i < count; i++)
		put32(&octets, va_arg(list, uint32_t));
	va_end(list);
	return octets;
}

static inline struct octets
marked(const struct octets *message)
{
	struct octets record = {0};
	put32(&record, 0x80000000U | message->size);
	put_all(&record, message);
	return record;
}

static inline void
say(struct scene *scene, struct wire *wire, bool by_client, const struct octets *message)
{
	if (wire->protocol == TRANSPORT_UDP) {
		udp(scene, wire, by_client, message);
		return;
	}
	struct octets record = marked(message);
	tcp_send(scene, wire, by_client, &record);
}

/* A datagram so often, every three seconds. */
static inline void
udp_in_vain(struct scene *scene, const struct wire *wire, const struct octets *call,
	    unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		udp(scene, wire, true, call);
		pause_ms(scene, 3000);
	}
}

/* The capture goes on for that long: somebody else says something then. */
static inline void
later(struct scene *scene, int64_t milliseconds)
{
	pause_ms(scene, milliseconds);
	arp(scene, 1, ROUTER, ROUTER, OTHER);
}

/* -- what mounts are made of -- */

/* A call; `result` NULL: nothing comes back. */
static inline void
ask(struct scene *scene, struct wire *wire, uint32_t program, uint32_t version,
    uint32_t procedure, const struct octets *arguments, const struct octets *reply)
{
	struct octets call = rpc_call(scene, program, version, procedure, 0, arguments);
	say(scene, wire, true, &call);
	if (reply == NULL)
		return;
	struct octets whole = *reply;
	whole.at[0] = (uint8_t)(scene->xid >> 24);
	whole.at[1] = (uint8_t)(scene->xid >> 16);
	whole.at[2] = (uint8_t)(scene->xid >> 8);
	whole.at[3] = (uint8_t)scene->xid;
	say(scene, wire, false, &whole);
}

/* A call answered with SUCCESS and these results. */
static inline void
ask_words(struct scene *scene, struct wire *wire, uint32_t program, uint32_t version,
	  uint32_t procedure, const struct octets *arguments, struct octets result)
{
	struct octets reply = rpc_reply(scene, 0, &result);
	ask(scene, wire, program, version, procedure, arguments, &reply);
}

static inline void
null_call(struct scene *scene, struct wire *wire, uint32_t program, uint32_t version)
{
	ask_words(scene, wire, program, version, 0, NULL, (struct octets){0});
}

static inline void
getport(struct scene *scene, uint32_t program, uint32_t version, uint32_t protocol,
	uint32_t port)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, program, version, protocol, 0);
	ask_words(scene, &wire, PORTMAP, 2, 3, &mapping, words(1, port));
}

/* The portmapper says where mountd is, and the client goes there. */
static inline struct wire
find_mountd(struct scene *scene, enum transport transport)
{
	getport(scene, MOUNTD, 3, transport, MOUNTD_PORT);
	return new_wire(scene, transport, MOUNTD_PORT);
}

static inline struct wire
open_mountd(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	tcp_accept(scene, &wire);
	return wire;
}

/* NFS is asked for, probed, and so is mountd, as mount.nfs does it. */
static inline void
probe(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = tcp_open(scene, 2049);
	null_call(scene, &nfs, NFS, 3);
	tcp_close(scene, &nfs);
	struct wire mountd = find_mountd(scene, TRANSPORT_UDP);
	null_call(scene, &mountd, MOUNTD, 3);
}

static inline struct octets
string_of(const char *string)
{
	struct octets octets = {0};
	put_string(&octets, string);
	return octets;
}

static inline struct octets
file_handle(void)
{
	return string_of("0123456789abcdef");
}

/* What MNT answers; flavors of a success: one. */
static inline struct octets
mnt_result(uint32_t status, uint32_t flavor)
{
	struct octets result = words(1, status), handle = file_handle();
	if (status == 0) {
		put_all(&result, &handle);
		put32(&result, 1);
		put32(&result, flavor);
	}
	return result;
}

/* MNT from that port with that status. */
static inline void
mnt(struct scene *scene, uint16_t port, uint32_t status, uint32_t flavor)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	struct octets path = string_of("/srv/data");
	wire.client_port = port;
	ask_words(scene, &wire, MOUNTD, 3, 1, &path, mnt_result(status, flavor));
}

/* A call of NFS 3 with a file handle and nothing else. */
static inline void
nfs3(struct scene *scene, struct wire *wire, uint32_t procedure, struct octets result)
{
	struct octets handle = file_handle();
	ask_words(scene, wire, NFS, 3, procedure, &handle, result);
}

/* GETATTR, as it goes into a segment. */
static inline struct octets
getattr_record(struct scene *scene)
{
	struct octets handle = file_handle();
	struct octets call = rpc_call(scene, NFS, 3, 1, 0, &handle);
	return marked(&call);
}

/* GETATTR's result: attributes of a file (1) or a directory (2). */
static inline struct octets
attributes(uint32_t type)
{
	struct octets result = words(2, 0, type);
	for (unsigned i = 0; i < 20; i++)
		put32(&result, i);
	return result;
}

/* The kernel's NFS connection after MNT; its port is reserved. */
static inline struct wire
nfs_connect(struct scene *scene)
{
	struct wire nfs = new_wire(scene, TRANSPORT_TCP, 2049);
	nfs.client_port = (uint16_t)(700 + scene->frame % 200);
	tcp_accept(scene, &nfs);
	null_call(scene, &nfs, NFS, 3);
	return nfs;
}

/* ... with the first call on it. */
static inline struct wire
nfs_use(struct scene *scene)
{
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(2));
	return nfs;
}

/* A whole mount of version 3; the connection stays open. */
static inline struct wire
mount3(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
	return nfs_use(scene);
}

/* -- looking at the verdict -- */

static inline const struct finding *
find_in(const struct findings *findings, enum finding_id id)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->at[i].id == id)
			return &findings->at[i];
	}
	return NULL;
}

/* The first error or warning; NULL for none. */
static inline const struct finding *
first_trouble(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->at[i].severity != SEVERITY_NOTE)
			return &findings->at[i];
	}
	return NULL;
}

/* Of the attempts in their order, then of what belongs to none. */
static inline const struct finding *
deciding_of(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->attempt_count; i++) {
		const struct finding *found = first_trouble(&verdict->attempts[i].findings);
		if (found != NULL)
			return found;
	}
	return first_trouble(&verdict->findings);
}

static inline const struct finding *
any_of(const struct verdict *verdict, enum finding_id id)
{
	const struct finding *found = find_in(&verdict->findings, id);
	for (size_t a = 0; a < verdict->attempt_count && found == NULL; a++)
		found = find_in(&verdict->attempts[a].findings, id);
	return found;
}

#endif
