/*
 * verdict_frames: frames with right checksums: Ethernet, ARP, IPv4 and IPv6, UDP, TCP, ICMP,
 * between one client, one server and a router.
 */
#ifndef RPCSCOPE_TESTS_VERDICT_FRAMES_H
#define RPCSCOPE_TESTS_VERDICT_FRAMES_H

#include "verdict_scene.h"

enum { CLIENT = 21, SERVER = 10, ROUTER = 1, OTHER = 11 }; /* last octets of 10.0.x.x */
enum { FIN = TCP_FIN, SYN = TCP_SYN, RST = TCP_RST, ACK = TCP_ACK, PUSH = TCP_PSH | TCP_ACK };

/* One connection or conversation. */
struct wire {
	uint8_t protocol;
	uint16_t client, server;
	uint16_t client_port, server_port;
	uint32_t client_sequence, server_sequence;
};

/* -- headers -- */

static inline void
put_hardware(struct octets *octets, uint16_t host)
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

/* The client asks where the server is, and it answers. */
static inline void
arp_resolve(struct scene *scene)
{
	arp(scene, 1, CLIENT, CLIENT, SERVER);
	arp(scene, 2, SERVER, SERVER, CLIENT);
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
send_ip_piece(struct scene *scene, uint8_t protocol, uint16_t from, uint16_t to,
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
send_ip(struct scene *scene, uint8_t protocol, uint16_t from, uint16_t to,
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
put_address6(struct octets *octets, uint16_t host)
{
	put32(octets, 0xfd000000);
	put32(octets, 0);
	put32(octets, 0);
	put32(octets, host);
}

static inline void
send_ip6(struct scene *scene, uint8_t protocol, uint16_t from, uint16_t to,
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
	uint16_t from = by_client ? wire->client : wire->server,
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

static inline struct wire
tcp_open(struct scene *scene, uint16_t server_port)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, server_port);
	tcp_accept(scene, &wire);
	return wire;
}

static inline void
tcp_refuse(struct scene *scene, struct wire *wire)
{
	segment(scene, wire, true, SYN, NULL);
	move_on(wire, true, 1);
	segment(scene, wire, false, RST | ACK, NULL);
}

static inline void
tcp_refused_at(struct scene *scene, uint16_t server_port)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, server_port);
	tcp_refuse(scene, &wire);
}

/* The same segment so often, each time after twice as long; nothing comes of it. */
static inline void
send_in_vain(struct scene *scene, const struct wire *wire, bool by_client, unsigned flags,
	     const struct octets *payload, unsigned count, int64_t first_ms)
{
	for (unsigned i = 0; i < count; i++) {
		segment(scene, wire, by_client, flags, payload);
		pause_ms(scene, first_ms << i);
	}
}

/* SYNs at 0, 1, 3, 7, ... s that nobody answers. */
static inline void
syns(struct scene *scene, const struct wire *wire, unsigned count)
{
	send_in_vain(scene, wire, true, SYN, NULL, count, 1000);
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

#endif
