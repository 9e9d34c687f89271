/*
 * verdict_support: small captures made frame by frame and judged: Ethernet, IPv4,
 * UDP, TCP and RPC with right checksums, one client, one server and a router.
 */
#ifndef RPCSCOPE_TESTS_VERDICT_SUPPORT_H
#define RPCSCOPE_TESTS_VERDICT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "decode.h"
#include "facts.h"
#include "limits.h"
#include "names.h"
#include "pipeline.h"
#include "spec.h"
#include "value.h"
#include "verdict.h"
#include "walk.h"

enum { CLIENT = 21, SERVER = 10, ROUTER = 1, OTHER = 11 }; /* last octets of 10.0.0.x */
enum { FIN = TCP_FIN, SYN = TCP_SYN, RST = TCP_RST, ACK = TCP_ACK, PUSH = TCP_PSH | TCP_ACK };
enum { NFS = 100003, MOUNTD = 100005, NLM = 100021, PORTMAP = 100000, STATUS_MONITOR = 100024 };
enum { MOUNTD_PORT = 20048 };

struct octets {
	uint8_t at[9000];
	uint32_t size;
};

/* One connection or conversation. */
struct wire {
	uint8_t protocol, client, server;
	uint16_t client_port, server_port;
	uint32_t client_sequence, server_sequence;
};

struct scene {
	struct spec *spec;
	struct decoder decoder;
	struct names *names;
	struct facts *facts;
	struct pipeline *pipeline;
	struct verdict *verdict;
	int64_t time;
	uint64_t frame;
	uint16_t identification, port;
	uint32_t xid;
	bool corrupt;        /* spoil the next packet */
	bool twice;          /* each frame is captured again at once */
	bool deaf;           /* packets of the server are not captured */
	uint32_t snap;       /* octets captured of a frame; 0: all */
	uint32_t piece_lost; /* datagrams go in pieces, the second of which is lost */
	bool six;            /* IPv6: no identification */
	bool stamps;         /* TCP time stamps (RFC 7323) */
	uint32_t echo_ms;    /* each frame is captured again so much later; 0: it is not */
	struct echo {
		int64_t time;
		struct octets frame;
	} echoes[80]; /* that are still to come */
	unsigned echo_count;
	struct octets last; /* the last IP packet of the client: ICMP quotes it */
};

static inline void
scene_begin(struct scene *scene)
{
	struct error error = {0};
	struct spec_hooks hooks = {.meaning = value_meaning, .opener = opaque_number};
	struct sink sink = {0};
	*scene = (struct scene){.time = 1700000000 * SECOND, .port = 40000, .xid = 0x1000};
	scene->spec = spec_new(&hooks);
	assert_true(spec_load_built_in(scene->spec, &error));
	decoder_init(&scene->decoder, scene->spec);
	scene->names = names_new(scene->spec, false);
	scene->facts = facts_new(&scene->decoder, &(struct bounds){0});
	facts_listen(&sink, scene->facts);
	scene->pipeline =
		pipeline_new(&sink, &(struct pipeline_options){.decoder = &scene->decoder});
}

/* What was captured a second time until then. */
static inline void
send_echoes(struct scene *scene, int64_t until)
{
	unsigned sent = 0;
	for (; sent < scene->echo_count && scene->echoes[sent].time <= until; sent++) {
		const struct octets *frame = &scene->echoes[sent].frame;
		struct frame captured = {
			.number = ++scene->frame,
			.time = scene->echoes[sent].time,
			.link_type = 1,
			.captured = frame->size,
			.length = frame->size,
			.octets = frame->at,
		};
		pipeline_frame(scene->pipeline, &captured);
	}
	scene->echo_count -= sent;
	memmove(scene->echoes, scene->echoes + sent, scene->echo_count * sizeof(struct echo));
}

static inline const struct verdict *
scene_judge(struct scene *scene)
{
	send_echoes(scene, INT64_MAX);
	const struct counts *counts = pipeline_counts(scene->pipeline);
	pipeline_finish(scene->pipeline, true);
	facts_end(scene->facts, counts);
	scene->verdict = verdict_new(scene->facts, scene->names);
	return scene->verdict;
}

static inline void
scene_end(struct scene *scene)
{
	verdict_free(scene->verdict);
	pipeline_free(scene->pipeline);
	facts_free(scene->facts);
	names_free(scene->names);
	spec_free(scene->spec);
}

static inline void
pause_ms(struct scene *scene, int64_t milliseconds)
{
	scene->time += milliseconds * (SECOND / 1000);
}

/* -- octets -- */

static inline void
put8(struct octets *octets, uint32_t value)
{
	assert_true(octets->size < sizeof octets->at);
	octets->at[octets->size++] = (uint8_t)value;
}

static inline void
put16(struct octets *octets, uint32_t value)
{
	put8(octets, value >> 8);
	put8(octets, value);
}

static inline void
put32(struct octets *octets, uint32_t value)
{
	put16(octets, value >> 16);
	put16(octets, value);
}

static inline void
put_opaque(struct octets *octets, const void *content, uint32_t size)
{
	put32(octets, size);
	for (uint32_t i = 0; i < size; i++)
		put8(octets, ((const uint8_t *)content)[i]);
	while (octets->size % 4 != 0)
		put8(octets, 0);
}

static inline void
put_string(struct octets *octets, const char *string)
{
	put_opaque(octets, string, (uint32_t)strlen(string));
}

static inline void
put_all(struct octets *octets, const struct octets *from)
{
	for (uint32_t i = 0; i < from->size; i++)
		put8(octets, from->at[i]);
}

/* -- frames -- */

static inline void
send_frame(struct scene *scene, const struct octets *frame)
{
	send_echoes(scene, scene->time);
	struct frame captured = {
		.number = ++scene->frame,
		.time = scene->time,
		.link_type = 1,
		.captured = scene->snap != 0 && scene->snap < frame->size ? scene->snap
									  : frame->size,
		.length = frame->size,
		.octets = frame->at,
	};
	pipeline_frame(scene->pipeline, &captured);
	if (scene->twice) {
		captured.number = ++scene->frame;
		captured.time += 20000;
		pipeline_frame(scene->pipeline, &captured);
	}
	if (scene->echo_ms != 0) {
		assert_true(scene->echo_count < sizeof scene->echoes / sizeof scene->echoes[0]);
		scene->echoes[scene->echo_count++] =
			(struct echo){scene->time + scene->echo_ms * (SECOND / 1000), *frame};
	}
	pause_ms(scene, 1);
}

static inline void
put_hardware(struct octets *octets, uint8_t host)
{
	put32(octets, 0x02000000);
	put16(octets, host);
}

static inline void
arp(struct scene *scene, unsigned operation, uint8_t from, uint8_t hardware, uint32_t target)
{
	struct octets frame = {0};
	put_hardware(&frame, operation == 1 ? 0xff : (uint8_t)target);
	put_hardware(&frame, hardware);
	put16(&frame, 0x0806);
	put16(&frame, 1);
	put16(&frame, 0x0800);
	put16(&frame, 0x0604);
	put16(&frame, operation);
	put_hardware(&frame, hardware);
	put32(&frame, 0x0a000000U | from);
	put_hardware(&frame, operation == 1 ? 0 : (uint8_t)target);
	put32(&frame, 0x0a000000U | target);
	send_frame(scene, &frame);
}

static inline uint16_t
sum_of(uint32_t sum, const uint8_t *octets, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		sum += i % 2 == 0 ? (uint32_t)octets[i] << 8 : octets[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static inline void
send_ip_piece(struct scene *scene, uint8_t protocol, uint8_t from, uint8_t to,
	      const uint8_t *payload, uint32_t size, uint32_t offset, bool more)
{
	struct octets frame = {0}, packet = {0};
	put8(&packet, 0x45);
	put8(&packet, 0);
	put16(&packet, 20 + size);
	put16(&packet, scene->identification);
	put16(&packet, (more ? 0x2000U : 0) | offset / 8);
	put8(&packet, 64);
	put8(&packet, protocol);
	put16(&packet, 0);
	put32(&packet, 0x0a000000U | from);
	put32(&packet, 0x0a000000U | to);
	uint16_t sum = sum_of(0, packet.at, 20);
	packet.at[10] = (uint8_t)(sum >> 8);
	packet.at[11] = (uint8_t)sum;
	for (uint32_t i = 0; i < size; i++)
		put8(&packet, payload[i]);
	if (from == CLIENT)
		scene->last = packet;
	put_hardware(&frame, to);
	put_hardware(&frame, from);
	put16(&frame, 0x0800);
	put_all(&frame, &packet);
	send_frame(scene, &frame);
}

static inline void
send_ip(struct scene *scene, uint8_t protocol, uint8_t from, uint8_t to,
	const struct octets *payload)
{
	enum { PIECE = 1480 };
	scene->identification++;
	if (scene->deaf && from == SERVER) {
		pause_ms(scene, 1);
		return;
	}
	if (payload->size <= PIECE || protocol == TRANSPORT_TCP) {
		send_ip_piece(scene, protocol, from, to, payload->at, payload->size, 0, false);
		return;
	}
	for (uint32_t at = 0, piece = 0; at < payload->size; at += PIECE, piece++) {
		uint32_t size = payload->size - at < PIECE ? payload->size - at : PIECE;
		if (piece == 1 && scene->piece_lost != 0)
			continue;
		send_ip_piece(scene, protocol, from, to, payload->at + at, size, at,
			      at + size < payload->size);
	}
}

/* fd00::x in place of 10.0.0.x. */
static inline void
put_address6(struct octets *octets, uint8_t host)
{
	put32(octets, 0xfd000000);
	put32(octets, 0);
	put32(octets, 0);
	put32(octets, host);
}

static inline void
send_ip6(struct scene *scene, uint8_t protocol, uint8_t from, uint8_t to,
	 const struct octets *payload)
{
	struct octets frame = {0};
	put_hardware(&frame, to);
	put_hardware(&frame, from);
	put16(&frame, 0x86dd);
	put32(&frame, 0x60000000);
	put16(&frame, payload->size);
	put8(&frame, protocol);
	put8(&frame, 64);
	put_address6(&frame, from);
	put_address6(&frame, to);
	put_all(&frame, payload);
	send_frame(scene, &frame);
}

/* The transport header with its checksum, and the payload. */
static inline void
finish_datagram(struct scene *scene, const struct wire *wire, bool by_client,
		struct octets *datagram, uint32_t checksum_at)
{
	uint8_t from = by_client ? wire->client : wire->server,
		to = by_client ? wire->server : wire->client;
	uint32_t network = scene->six ? 0xfd00U : 0x0a00U;
	uint32_t pseudo = 2 * network + from + to + wire->protocol + datagram->size;
	uint16_t sum = sum_of(pseudo, datagram->at, datagram->size);
	if (scene->corrupt)
		sum = (uint16_t)(sum + 0x0101);
	datagram->at[checksum_at] = (uint8_t)(sum >> 8);
	datagram->at[checksum_at + 1] = (uint8_t)sum;
	scene->corrupt = false;
	if (scene->six)
		send_ip6(scene, wire->protocol, from, to, datagram);
	else
		send_ip(scene, wire->protocol, from, to, datagram);
}

static inline void
udp(struct scene *scene, const struct wire *wire, bool by_client, const struct octets *payload)
{
	struct octets datagram = {0};
	put16(&datagram, by_client ? wire->client_port : wire->server_port);
	put16(&datagram, by_client ? wire->server_port : wire->client_port);
	put16(&datagram, 8 + payload->size);
	put16(&datagram, 0);
	put_all(&datagram, payload);
	finish_datagram(scene, wire, by_client, &datagram, 6);
}

/* A segment as it is; sequence numbers are the caller's to move on. */
static inline void
segment(struct scene *scene, const struct wire *wire, bool by_client, unsigned flags,
	const struct octets *payload)
{
	struct octets datagram = {0};
	put16(&datagram, by_client ? wire->client_port : wire->server_port);
	put16(&datagram, by_client ? wire->server_port : wire->client_port);
	put32(&datagram, by_client ? wire->client_sequence : wire->server_sequence);
	put32(&datagram, !(flags & ACK) ? 0
			 : by_client    ? wire->server_sequence
					: wire->client_sequence);
	put16(&datagram, (scene->stamps ? 0x8000U : 0x5000U) | flags);
	put16(&datagram, 64240);
	put32(&datagram, 0);
	if (scene->stamps) {
		put32(&datagram, 0x0101080a);
		put32(&datagram, (uint32_t)(scene->time / (SECOND / 1000)));
		put32(&datagram, 0);
	}
	if (payload != NULL)
		put_all(&datagram, payload);
	finish_datagram(scene, wire, by_client, &datagram, 16);
}

static inline struct wire
new_wire(struct scene *scene, enum transport transport, uint16_t server_port)
{
	scene->port++;
	return (struct wire){.protocol = (uint8_t)transport,
			     .client = CLIENT,
			     .server = SERVER,
			     .client_port = scene->port,
			     .server_port = server_port,
			     .client_sequence = scene->port * 100000U,
			     .server_sequence = scene->port * 77777U};
}

static inline void
move_on(struct wire *wire, bool by_client, uint32_t octets)
{
	*(by_client ? &wire->client_sequence : &wire->server_sequence) += octets;
}

static inline void
tcp_accept(struct scene *scene, struct wire *wire)
{
	segment(scene, wire, true, SYN, NULL);
	move_on(wire, true, 1);
	segment(scene, wire, false, SYN | ACK, NULL);
	move_on(wire, false, 1);
	segment(scene, wire, true, ACK, NULL);
}

static inline void
tcp_send(struct scene *scene, struct wire *wire, bool by_client, const struct octets *payload)
{
	segment(scene, wire, by_client, PUSH, payload);
	move_on(wire, by_client, payload->size);
	segment(scene, wire, !by_client, ACK, NULL);
}

static inline void
tcp_fin(struct scene *scene, struct wire *wire, bool by_client)
{
	segment(scene, wire, by_client, FIN | ACK, NULL);
	move_on(wire, by_client, 1);
	segment(scene, wire, !by_client, ACK, NULL);
}

static inline void
tcp_close(struct scene *scene, struct wire *wire)
{
	tcp_fin(scene, wire, true);
	tcp_fin(scene, wire, false);
}

/* SYNs at 0, 1, 3, 7, ... s that nobody answers. */
static inline void
syns(struct scene *scene, const struct wire *wire, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		segment(scene, wire, true, SYN, NULL);
		pause_ms(scene, 1000LL << i);
	}
}

/* An ICMP error about the client's last packet. */
static inline void
icmp(struct scene *scene, uint8_t reporter, unsigned type, unsigned code)
{
	struct octets error = {0};
	put8(&error, type);
	put8(&error, code);
	put16(&error, 0);
	put32(&error, 0);
	for (uint32_t i = 0; i < scene->last.size && i < 64; i++)
		put8(&error, scene->last.at[i]);
	send_ip(scene, 1, reporter, CLIENT, &error);
}

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

/* NFS is asked for, probed, and so is mountd, as mount.nfs does it. */
static inline void
probe(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = new_wire(scene, TRANSPORT_TCP, 2049);
	tcp_accept(scene, &nfs);
	null_call(scene, &nfs, NFS, 3);
	tcp_close(scene, &nfs);
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	struct wire mountd = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	null_call(scene, &mountd, MOUNTD, 3);
}

/* MNT from that port with that status; flavors of a success: one. */
static inline void
mnt(struct scene *scene, uint16_t port, uint32_t status, uint32_t flavor)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	wire.client_port = port;
	struct octets path = {0};
	put_string(&path, "/srv/data");
	struct octets result = {0};
	put32(&result, status);
	if (status == 0) {
		put_opaque(&result, "0123456789abcdef", 16);
		put32(&result, 1);
		put32(&result, flavor);
	}
	ask_words(scene, &wire, MOUNTD, 3, 1, &path, result);
}

/* A call of NFS 3 with a file handle and nothing else. */
static inline void
nfs3(struct scene *scene, struct wire *wire, uint32_t procedure, struct octets result)
{
	struct octets handle = {0};
	put_opaque(&handle, "0123456789abcdef", 16);
	ask_words(scene, wire, NFS, 3, procedure, &handle, result);
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

/* A whole mount of version 3; the connection stays open. */
static inline struct wire
mount3(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(2));
	return nfs;
}

/* -- NFS 4.0 -- */

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

static inline struct octets
setclientid(uint16_t callback_port)
{
	struct octets arguments = words(2, 1, 2);
	char address[32];
	put_string(&arguments, "Linux NFSv4.0");
	put32(&arguments, 0x40000000);
	put_string(&arguments, "tcp");
	snprintf(address, sizeof address, "10.0.0.%d.%d.%d", CLIENT, callback_port >> 8,
		 callback_port & 0xff);
	put_string(&arguments, address);
	put32(&arguments, 1);
	return arguments;
}

static inline void
lookup(struct scene *scene, struct wire *wire, uint32_t status)
{
	struct octets name = {0};
	put_string(&name, "srv");
	nfs4(scene, wire, PUTROOTFH, LOOKUP, &name, status);
}

/* Up to the client id and the root. */
static inline struct wire
setup4(struct scene *scene, uint16_t port)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	wire.client_port = port;
	struct octets id = setclientid(45000), confirm = {.size = 16};
	tcp_accept(scene, &wire);
	null_call(scene, &wire, NFS, 4);
	nfs4(scene, &wire, 0, SETCLIENTID, &id, 0);
	nfs4(scene, &wire, 0, CONFIRM, &confirm, 0);
	return wire;
}

static inline struct wire
mount4(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, &wire, 0);
	nfs4(scene, &wire, PUTROOTFH, READLINK, NULL, 22); /* only what is mounted is read */
	return wire;
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
deciding_of(const struct verdict *verdict)
{
	for (size_t a = 0; a <= verdict->attempt_count; a++) {
		const struct findings *findings = a < verdict->attempt_count
							  ? &verdict->attempts[a].findings
							  : &verdict->findings;
		for (size_t i = 0; i < findings->count; i++) {
			if (findings->at[i].severity != SEVERITY_NOTE)
				return &findings->at[i];
		}
	}
	return NULL;
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
