/*
 * Frames are built from the front: link header, IP header with a hole for its
 * checksum, transport header, payload; the checksums (RFC 1071) are filled in
 * last. One frame is in memory at a time.
 */
#include "wire.h"

enum {
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_FRAGMENT = 44,
	SEGMENT = 1448, /* octets of payload in a segment: 1500 less the headers with options */
};

static uint32_t
sum_words(const uint8_t *octets, size_t length, uint32_t sum)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		sum += (uint32_t)octets[i] << 8 | octets[i + 1];
	if (length % 2 != 0)
		sum += (uint32_t)octets[length - 1] << 8;
	return sum;
}

static uint16_t
fold(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Over the pseudo header and the whole datagram (RFC 768, RFC 9293 section 3.1). */
static uint16_t
transport_checksum(const struct path *path, unsigned protocol, const uint8_t *octets,
		   size_t length)
{
	size_t size = path->from->ipv6 ? 16 : 4;
	uint32_t sum = sum_words(path->from->ip, size, 0);
	sum = sum_words(path->to->ip, size, sum);
	sum += protocol + (uint32_t)length;
	uint16_t checksum = fold(sum_words(octets, length, sum));
	return checksum == 0 && protocol == PROTOCOL_UDP ? 0xffff : checksum;
}

static void
put_link(struct bytes *frame, const struct wire *wire, const struct path *path)
{
	unsigned type = path->from->ipv6 ? 0x86dd : 0x0800;
	if (wire->link_type[wire->interface] == LINK_SLL) {
		put16(frame, 0); /* to us */
		put16(frame, 1); /* ARPHRD_ETHER */
		put16(frame, 6);
		put_octets(frame, path->from->mac, 6);
		put16(frame, 0);
		put16(frame, type);
		return;
	}
	put_octets(frame, path->to->mac, 6);
	put_octets(frame, path->from->mac, 6);
	if (wire->vlan != 0) {
		put16(frame, 0x8100);
		put16(frame, wire->vlan);
	}
	put16(frame, type);
}

static void
put_ipv4(struct bytes *frame, const struct wire *wire, const struct path *path,
	 unsigned protocol, size_t length, unsigned fragment)
{
	size_t start = frame->length;
	put8(frame, 0x45);
	put8(frame, 0);
	put16(frame, (unsigned)(20 + length));
	put16(frame, wire->ip_id);
	put16(frame, fragment);
	put8(frame, wire->ttl);
	put8(frame, protocol);
	put16(frame, 0);
	put_octets(frame, path->from->ip, 4);
	put_octets(frame, path->to->ip, 4);
	set16(frame->at + start + 10, fold(sum_words(frame->at + start, 20, 0)));
}

static void
put_ipv6(struct bytes *frame, const struct wire *wire, const struct path *path,
	 unsigned next_header, size_t length)
{
	put32(frame, 6U << 28);
	put16(frame, (unsigned)length);
	put8(frame, next_header);
	put8(frame, wire->ttl);
	put_octets(frame, path->from->ip, 16);
	put_octets(frame, path->to->ip, 16);
}

/* A whole datagram or segment in one frame. */
static void
send_whole(struct wire *wire, const struct path *path, unsigned protocol,
	   const struct bytes *datagram)
{
	static struct bytes frame;
	bytes_reset(&frame);
	put_link(&frame, wire, path);
	if (path->from->ipv6)
		put_ipv6(&frame, wire, path, protocol, datagram->length);
	else
		put_ipv4(&frame, wire, path, protocol, datagram->length, 0);
	put_octets(&frame, datagram->at, datagram->length);
	wire_frame(wire, frame.at, frame.length);
	wire->ip_id++;
}

struct path
path_back(const struct path *path)
{
	return (struct path){.from = path->to,
			     .to = path->from,
			     .from_port = path->to_port,
			     .to_port = path->from_port};
}

static void
put_udp(struct bytes *datagram, const struct path *path, const struct bytes *payload)
{
	put16(datagram, path->from_port);
	put16(datagram, path->to_port);
	put16(datagram, (unsigned)(8 + payload->length));
	put16(datagram, 0);
	put_octets(datagram, payload->at, payload->length);
	set16(datagram->at + 6,
	      transport_checksum(path, PROTOCOL_UDP, datagram->at, datagram->length));
}

void
wire_udp(struct wire *wire, const struct path *path, const struct bytes *payload)
{
	static struct bytes datagram;
	bytes_reset(&datagram);
	put_udp(&datagram, path, payload);
	send_whole(wire, path, PROTOCOL_UDP, &datagram);
}

static void
send_fragment(struct wire *wire, const struct path *path, const struct bytes *datagram,
	      size_t offset, size_t size)
{
	static struct bytes frame;
	size_t left = datagram->length - offset, length = left > size ? size : left;
	bool more = left > size;
	bytes_reset(&frame);
	put_link(&frame, wire, path);
	if (path->from->ipv6) {
		put_ipv6(&frame, wire, path, PROTOCOL_FRAGMENT, 8 + length);
		put8(&frame, PROTOCOL_UDP);
		put8(&frame, 0);
		put16(&frame, (unsigned)offset | more); /* RFC 8200 section 4.5 */
		put32(&frame, 0x52000000U | wire->ip_id);
	} else {
		put_ipv4(&frame, wire, path, PROTOCOL_UDP, length,
			 (unsigned)(offset / 8) | (more ? 0x2000 : 0));
	}
	put_octets(&frame, datagram->at + offset, length);
	wire_frame(wire, frame.at, frame.length);
}

void
wire_udp_fragments(struct wire *wire, const struct path *path, const struct bytes *payload,
		   size_t size, const unsigned *order, size_t count)
{
	static struct bytes datagram;
	bytes_reset(&datagram);
	put_udp(&datagram, path, payload);
	for (size_t i = 0; i < count; i++)
		if (order[i] * size < datagram.length)
			send_fragment(wire, path, &datagram, order[i] * size, size);
	wire->ip_id++;
}

/* -- TCP -- */

void
wire_segment(struct wire *wire, const struct connection *connection, int from,
	     uint32_t sequence, unsigned flags, const uint8_t *octets, size_t length)
{
	static struct bytes segment;
	struct path path = from == CLIENT ? connection->path : path_back(&connection->path);
	uint32_t acknowledgment = flags & ACK ? connection->sequence[!from] : 0;
	bytes_reset(&segment);
	put16(&segment, path.from_port);
	put16(&segment, path.to_port);
	put32(&segment, sequence);
	put32(&segment, acknowledgment);
	put16(&segment, 5U << 12 | flags);
	put16(&segment, flags & RST ? 0 : 64240);
	put32(&segment, 0); /* checksum, urgent pointer */
	put_octets(&segment, octets, length);
	set16(segment.at + 16,
	      transport_checksum(&path, PROTOCOL_TCP, segment.at, segment.length));
	send_whole(wire, &path, PROTOCOL_TCP, &segment);
}

void
wire_connect(struct wire *wire, struct connection *connection, uint32_t client_initial,
	     uint32_t server_initial)
{
	wire_segment(wire, connection, CLIENT, client_initial, SYN, NULL, 0);
	connection->sequence[CLIENT] = client_initial + 1;
	wire_segment(wire, connection, SERVER, server_initial, SYN | ACK, NULL, 0);
	connection->sequence[SERVER] = server_initial + 1;
	wire_acknowledge(wire, connection, CLIENT);
}

unsigned
wire_send(struct wire *wire, struct connection *connection, int from,
	  const struct bytes *payload)
{
	unsigned segments = 0;
	for (size_t at = 0; at < payload->length; at += SEGMENT, segments++) {
		size_t left = payload->length - at, length = left > SEGMENT ? SEGMENT : left;
		unsigned flags = left > SEGMENT ? ACK : ACK | PSH;
		wire_segment(wire, connection, from, connection->sequence[from], flags,
			     payload->at + at, length);
		connection->sequence[from] += (uint32_t)length;
	}
	return segments;
}

void
wire_acknowledge(struct wire *wire, const struct connection *connection, int from)
{
	wire_segment(wire, connection, from, connection->sequence[from], ACK, NULL, 0);
}

void
wire_finish(struct wire *wire, struct connection *connection, int from)
{
	wire_segment(wire, connection, from, connection->sequence[from], FIN | ACK, NULL, 0);
	connection->sequence[from]++;
	wire_segment(wire, connection, !from, connection->sequence[!from], FIN | ACK, NULL, 0);
	connection->sequence[!from]++;
	wire_acknowledge(wire, connection, from);
}

void
wire_reset(struct wire *wire, struct connection *connection, int from)
{
	wire_segment(wire, connection, from, connection->sequence[from], RST | ACK, NULL, 0);
}
