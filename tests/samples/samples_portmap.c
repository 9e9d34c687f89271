/*
 * Samples of what the portmapper (version 2, RFC 1833 section 3) and rpcbind
 * (versions 3 and 4, section 2) say. Each function builds call and reply word by
 * word and sends them as UDP datagrams, a millisecond or so apart.
 */
#include "samples.h"

#include <string.h>

enum {
	GETPORT = 3,
	GETADDR = 3,
	DUMP = 4,
	CALLIT = 5,
	BCAST = 5,
	GETVERSADDR = 9,
	INDIRECT = 10
};

const struct host client4 = {{2, 0, 0, 0, 0, 0x21}, {192, 168, 56, 21}, false};
const struct host server4 = {{2, 0, 0, 0, 0, 0x10}, {192, 168, 56, 10}, false};
const struct host client6 = {
	{2, 0, 0, 0, 0, 0x21}, {0xfd, 0x56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x21}, true};
const struct host server6 = {
	{2, 0, 0, 0, 0, 0x10}, {0xfd, 0x56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10}, true};

static const struct path to_server4 = {&client4, &server4, 40000, RPCBIND_PORT};
static const struct path to_server6 = {&client6, &server6, 40006, RPCBIND_PORT};

static void
send_back(struct wire *wire, const struct path *path, const struct bytes *reply)
{
	struct path back = path_back(path);
	wire_udp(wire, &back, reply);
}

/* A call with AUTH_NONE and those words as its arguments. */
static void
ask(struct wire *wire, const struct path *path, const struct call *call, const uint32_t *words,
    size_t count)
{
	struct bytes bytes = {0};
	put_call(&bytes, call);
	put_words(&bytes, words, count);
	wire_udp(wire, path, &bytes);
}

/* An accepted reply with those words after the accept_stat. */
static void
answer(struct wire *wire, const struct path *path, uint32_t xid, uint32_t status,
       const uint32_t *words, size_t count)
{
	struct bytes bytes = {0};
	put_accepted(&bytes, xid, status);
	put_words(&bytes, words, count);
	send_back(wire, path, &bytes);
}

void
sample_portmap_mountd(struct wire *wire)
{
	static const struct host patgate = {
		{0x02, 0x60, 0x8c, 0x2c, 0x97, 0xec}, {192, 168, 56, 252}, false};
	static const struct host as0000e1 = {
		{0x02, 0x60, 0x8c, 0xf5, 0x35, 0x92}, {192, 168, 56, 65}, false};
	const struct path path = {&patgate, &as0000e1, 678, RPCBIND_PORT};
	const struct call call = {0x34a2a6a5, PORTMAP, 2, GETPORT};
	wire->ttl = 30;
	wire->ip_id = 16174;
	wire->time = 73987654070784; /* 20:33:07.654070784; the day is not recorded */
	ask(wire, &path, &call, (const uint32_t[]){MOUNTD, 3, UDP, 0}, 4);
	wire->ip_id = 51339;
	wire->time = 73987658021888;
	answer(wire, &path, call.xid, 0, (const uint32_t[]){4143}, 1);
}

/* -- rpcbind -- */

static void
put_rpcb(struct bytes *bytes, uint32_t program, uint32_t version, const char *netid,
	 const char *address)
{
	put32(bytes, program);
	put32(bytes, version);
	put_string(bytes, netid);
	put_string(bytes, address);
	put_string(bytes, "superuser");
}

void
put_rpcblist(struct bytes *bytes, unsigned count)
{
	static const char *const netids[] = {"udp", "tcp", "udp6", "tcp6"};
	static const char *const addresses[] = {"0.0.0.0.78.80", "0.0.0.0.78.80", "::.78.80",
						"::.78.80"};
	for (unsigned i = 0; i < count; i++) {
		put32(bytes, 1);
		put_rpcb(bytes, MOUNTD, 1 + i / 4 % 3, netids[i % 4], addresses[i % 4]);
	}
	put32(bytes, 0);
}

void
put_pmaplist(struct bytes *bytes, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_words(
			bytes,
			(const uint32_t[]){1, MOUNTD, 1 + i / 2 % 3, i % 2 ? TCP : UDP, 20048},
			5);
	put32(bytes, 0);
}

static void
ask_rpcb(struct wire *wire, const struct path *path, const struct call *call, const char *netid,
	 const char *address)
{
	struct bytes bytes = {0};
	put_call(&bytes, call);
	put32(&bytes, MOUNTD);
	put32(&bytes, 3);
	put_string(&bytes, netid);
	put_string(&bytes, address);
	put_string(&bytes, "");
	wire_udp(wire, path, &bytes);
}

static void
answer_address(struct wire *wire, const struct path *path, uint32_t xid, const char *address)
{
	struct bytes bytes = {0};
	put_accepted(&bytes, xid, 0);
	put_string(&bytes, address);
	send_back(wire, path, &bytes);
}

/* Version 4, then 3, then 2: how a client of today finds a portmapper of old. */
static void
fall_back(struct wire *wire)
{
	const uint32_t only_two[] = {2, 2};
	const struct path *path = &to_server4;
	ask_rpcb(wire, path, &(struct call){0x1001, PORTMAP, 4, GETADDR}, "udp",
		 "192.168.56.10.0.111");
	answer(wire, path, 0x1001, 2, only_two, 2);
	ask_rpcb(wire, path, &(struct call){0x1002, PORTMAP, 3, GETADDR}, "udp",
		 "192.168.56.10.0.111");
	answer(wire, path, 0x1002, 2, only_two, 2);
	ask(wire, path, &(struct call){0x1003, PORTMAP, 2, GETPORT},
	    (const uint32_t[]){MOUNTD, 3, UDP, 0}, 4);
	answer(wire, path, 0x1003, 0, (const uint32_t[]){20048}, 1);
}

static void
put_entry(struct bytes *bytes, const char *address, const char *netid, uint32_t semantics,
	  const char *family, const char *protocol)
{
	put32(bytes, 1);
	put_string(bytes, address);
	put_string(bytes, netid);
	put32(bytes, semantics);
	put_string(bytes, family);
	put_string(bytes, protocol);
}

/* GETADDRLIST and GETSTAT have the longest results of rpcbind 4. */
static void
lists(struct wire *wire)
{
	enum { GETADDRLIST = 11, GETSTAT = 12 };
	const struct path *path = &to_server6;
	struct bytes bytes = {0};
	ask_rpcb(wire, path, &(struct call){0x2003, PORTMAP, 4, GETADDRLIST}, "udp6", "");
	put_accepted(&bytes, 0x2003, 0);
	put_entry(&bytes, "::.78.80", "udp6", 1, "inet6", "udp");
	put_entry(&bytes, "::.78.80", "tcp6", 3, "inet6", "tcp");
	put32(&bytes, 0);
	send_back(wire, path, &bytes);

	ask(wire, path, &(struct call){0x2004, PORTMAP, 4, GETSTAT}, NULL, 0);
	bytes_reset(&bytes);
	put_accepted(&bytes, 0x2004, 0);
	for (uint32_t version = 0; version < 3; version++) { /* one rpcb_stat each of 2, 3, 4 */
		for (uint32_t i = 0; i < 13; i++)
			put32(&bytes, i == GETADDR ? 7 + version : 0);
		put_words(&bytes, (const uint32_t[]){2, 1, 1}, 3); /* SETs, UNSETs, GETADDRs */
		put_words(&bytes, (const uint32_t[]){MOUNTD, 3, 6, 1}, 4);
		put_string(&bytes, "udp6");
		put_words(&bytes, (const uint32_t[]){0, 0}, 2); /* no more, no CALLITs */
	}
	send_back(wire, path, &bytes);
}

void
sample_rpcbind_getaddr(struct wire *wire)
{
	enum { GETTIME = 6 };
	struct bytes bytes = {0};
	wire->step = 1500000;
	fall_back(wire);
	ask_rpcb(wire, &to_server6, &(struct call){0x2001, PORTMAP, 4, GETADDR}, "udp6",
		 "fd56::10.0.111");
	answer_address(wire, &to_server6, 0x2001, "fd56::10.78.80");
	ask_rpcb(wire, &to_server6, &(struct call){0x2002, PORTMAP, 4, GETVERSADDR}, "udp6",
		 "");
	answer_address(wire, &to_server6, 0x2002, ""); /* not registered */
	lists(wire);
	ask(wire, &to_server6, &(struct call){0x2005, PORTMAP, 3, DUMP}, NULL, 0);
	put_accepted(&bytes, 0x2005, 0);
	put_rpcblist(&bytes, 4);
	send_back(wire, &to_server6, &bytes);
	ask(wire, &to_server6, &(struct call){0x2006, PORTMAP, 3, GETTIME}, NULL, 0);
	answer(wire, &to_server6, 0x2006, 0, (const uint32_t[]){1767258000}, 1);
}

/* -- calls inside calls -- */

static void
put_inner(struct bytes *bytes, const uint32_t *words, size_t count)
{
	put32(bytes, (uint32_t)(4 * count));
	put_words(bytes, words, count);
}

/* Three hosts answer one broadcast; a reply has no program of its own, only the xid tells. */
static void
broadcast_v2(struct wire *wire)
{
	static const struct host everyone = {
		{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, {192, 168, 56, 255}, false};
	const struct path path = {&client4, &everyone, 40001, RPCBIND_PORT};
	struct bytes bytes = {0};
	put_call(&bytes, &(struct call){0x3001, PORTMAP, 2, CALLIT});
	put_words(&bytes, (const uint32_t[]){PORTMAP, 2, GETPORT}, 3);
	put_inner(&bytes, (const uint32_t[]){MOUNTD, 3, UDP, 0}, 4);
	wire_udp(wire, &path, &bytes);
	for (uint8_t i = 0; i < 3; i++) {
		struct host replier = server4;
		const struct path back = {&replier, &client4, RPCBIND_PORT, 40001};
		replier.mac[5] = replier.ip[3] = (uint8_t)(10 + i);
		bytes_reset(&bytes);
		put_accepted(&bytes, 0x3001, 0);
		put32(&bytes, RPCBIND_PORT);
		put_inner(&bytes, (const uint32_t[]){i == 2 ? 0 : 20048U}, 1);
		wire_udp(wire, &back, &bytes);
	}
}

/* The same over IPv6: BCAST to the multicast group of rpcbind (RFC 1833 section 2.2.1). */
static void
broadcast_v4(struct wire *wire)
{
	static const struct host group = {{0x33, 0x33, 0, 0, 2, 2},
					  {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2},
					  true};
	const struct path path = {&client6, &group, 40007, RPCBIND_PORT};
	struct bytes bytes = {0};
	put_call(&bytes, &(struct call){0x3002, PORTMAP, 4, BCAST});
	put_words(&bytes, (const uint32_t[]){MOUNTD, 3, 0}, 3);
	put_inner(&bytes, NULL, 0);
	wire_udp(wire, &path, &bytes);
	for (uint8_t i = 0; i < 2; i++) {
		struct host replier = server6;
		const struct path back = {&replier, &client6, RPCBIND_PORT, 40007};
		replier.mac[5] = replier.ip[15] = (uint8_t)(0x10 + i);
		bytes_reset(&bytes);
		put_accepted(&bytes, 0x3002, 0);
		put_string(&bytes, i == 0 ? "fd56::10.78.80" : "fd56::11.78.80");
		put_inner(&bytes, NULL, 0);
		wire_udp(wire, &back, &bytes);
	}
}

void
sample_callit(struct wire *wire)
{
	struct bytes bytes = {0};
	wire->step = 2500000;
	broadcast_v2(wire);
	broadcast_v4(wire);
	/* CALLIT of a program that is not there: the protocol keeps silent. */
	put_call(&bytes, &(struct call){0x3003, PORTMAP, 2, CALLIT});
	put_words(&bytes, (const uint32_t[]){100099, 1, 0}, 3);
	put_inner(&bytes, NULL, 0);
	wire_udp(wire, &to_server4, &bytes);
	/* INDIRECT of the same: the error comes back. */
	bytes_reset(&bytes);
	put_call(&bytes, &(struct call){0x3004, PORTMAP, 4, INDIRECT});
	put_words(&bytes, (const uint32_t[]){100099, 1, 0}, 3);
	put_inner(&bytes, NULL, 0);
	wire_udp(wire, &to_server4, &bytes);
	answer(wire, &to_server4, 0x3004, 1, NULL, 0);
}

/* -- errors -- */

static void
accepted_forms(struct wire *wire)
{
	const uint32_t mapping[] = {MOUNTD, 3, TCP, 0};
	const struct path *path = &to_server4;
	ask(wire, path, &(struct call){0x4000, PORTMAP, 2, GETPORT}, mapping, 4);
	answer(wire, path, 0x4000, 0, (const uint32_t[]){0}, 1); /* not registered */
	ask(wire, path, &(struct call){0x4001, 100099, 1, 0}, NULL, 0);
	answer(wire, path, 0x4001, 1, NULL, 0); /* PROG_UNAVAIL */
	ask(wire, path, &(struct call){0x4002, PORTMAP, 5, GETPORT}, mapping, 4);
	answer(wire, path, 0x4002, 2, (const uint32_t[]){2, 4}, 2); /* PROG_MISMATCH */
	ask(wire, path, &(struct call){0x4003, PORTMAP, 2, 77}, NULL, 0);
	answer(wire, path, 0x4003, 3, NULL, 0); /* PROC_UNAVAIL */
	ask(wire, path, &(struct call){0x4004, PORTMAP, 2, GETPORT}, mapping, 2);
	answer(wire, path, 0x4004, 4, NULL, 0); /* GARBAGE_ARGS: two words are missing */
	ask(wire, path, &(struct call){0x4005, PORTMAP, 2, DUMP}, NULL, 0);
	answer(wire, path, 0x4005, 5, NULL, 0); /* SYSTEM_ERR */
}

static void
denied_forms(struct wire *wire)
{
	static const uint32_t stats[] = {1, 2, 3, 4, 5, 6, 7, 13}; /* AUTH_BADCRED and on */
	const struct path *path = &to_server4;
	struct path back = path_back(path);
	struct bytes bytes = {0};
	put_words(&bytes, (const uint32_t[]){0x4010, 0, 3, PORTMAP, 2, 0, 0, 0, 0, 0}, 10);
	wire_udp(wire, path, &bytes); /* a call of RPC version 3 */
	bytes_reset(&bytes);
	put_words(&bytes, (const uint32_t[]){0x4010, 1, 1, 0, 2, 2}, 6); /* RPC_MISMATCH */
	wire_udp(wire, &back, &bytes);
	for (uint32_t i = 0; i < sizeof stats / sizeof stats[0]; i++) {
		bytes_reset(&bytes);
		put_call_sys(&bytes, &(struct call){0x4020 + i, PORTMAP, 2, 0});
		wire_udp(wire, path, &bytes);
		bytes_reset(&bytes);
		put_words(&bytes, (const uint32_t[]){0x4020 + i, 1, 1, 1, stats[i]}, 5);
		wire_udp(wire, &back, &bytes);
	}
}

void
sample_portmap_errors(struct wire *wire)
{
	const uint32_t mapping[] = {NFS, 3, TCP, 0};
	const struct call call = {0x4030, PORTMAP, 2, GETPORT};
	const struct path *path = &to_server4;
	wire->step = 800000;
	accepted_forms(wire);
	denied_forms(wire);
	/* Asked twice, answered twice, and an answer that nobody asked for. */
	ask(wire, path, &call, mapping, 4);
	wire->time += 3000000000;
	ask(wire, path, &call, mapping, 4);
	answer(wire, path, call.xid, 0, (const uint32_t[]){2049}, 1);
	answer(wire, path, call.xid, 0, (const uint32_t[]){2049}, 1);
	answer(wire, path, 0x4031, 0, (const uint32_t[]){2049}, 1);
	ask(wire, path, &(struct call){0x4032, PORTMAP, 2, GETPORT}, mapping,
	    4); /* no answer */
}
