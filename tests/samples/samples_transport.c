/*
 * Samples of how messages come in pieces: records in fragments over segments
 * (RFC 5531 section 11), datagrams in fragments, frames of several link types
 * in one file. What is said in them is always a portmapper's mapping or list.
 */
#include "samples.h"

#include <string.h>

enum { GETPORT = 3, DUMP = 4 };

static void
put_getport_record(struct bytes *bytes, uint32_t xid, uint32_t protocol)
{
	size_t mark = put_mark(bytes);
	put_call(bytes, &(struct call){xid, PORTMAP, 2, GETPORT});
	put_words(bytes, (const uint32_t[]){MOUNTD, 3, protocol, 0}, 4);
	end_mark(bytes, mark);
}

static void
put_port_record(struct bytes *bytes, uint32_t xid, uint32_t port)
{
	size_t mark = put_mark(bytes);
	put_accepted(bytes, xid, 0);
	put32(bytes, port);
	end_mark(bytes, mark);
}

static void
put_dump_call(struct bytes *bytes, uint32_t xid)
{
	size_t mark = put_mark(bytes);
	put_call(bytes, &(struct call){xid, PORTMAP, 2, DUMP});
	end_mark(bytes, mark);
}

/* The same octets as one record of many fragments: 5, 0, 61, 61, ... octets. */
static void
put_fragmented(struct bytes *stream, const struct bytes *record)
{
	size_t at = 0;
	for (unsigned i = 0; at < record->length; i++) {
		size_t left = record->length - at, length = i == 0 ? 5 : i == 1 ? 0 : 61;
		if (length > left)
			length = left;
		put32(stream, (uint32_t)length | (length == left ? UINT32_C(0x80000000) : 0));
		put_octets(stream, record->at + at, length);
		at += length;
	}
}

/* Octets [from, to) of the stream as one segment of the server. */
static void
piece(struct wire *wire, const struct connection *connection, const struct bytes *stream,
      size_t from, size_t to)
{
	wire_segment(wire, connection, SERVER, connection->sequence[SERVER] + (uint32_t)from,
		     ACK | PSH, stream->at + from, to - from);
}

/* A DUMP whose reply is one record of many fragments, over segments out of order. */
static void
many_fragments(struct wire *wire, struct connection *connection)
{
	struct bytes call = {0}, reply = {0}, stream = {0};
	put_dump_call(&call, 0x5001);
	wire_send(wire, connection, CLIENT, &call);
	put_accepted(&reply, 0x5001, 0);
	put_pmaplist(&reply, 24);
	put_fragmented(&stream, &reply);
	piece(wire, connection, &stream, 0, 2); /* the mark itself is split */
	piece(wire, connection, &stream, 200, 350);
	piece(wire, connection, &stream, 2, 120);
	piece(wire, connection, &stream, 2, 120); /* retransmission */
	piece(wire, connection, &stream, 350, stream.length);
	piece(wire, connection, &stream, 100, 220); /* overlaps at both ends */
	connection->sequence[SERVER] += (uint32_t)stream.length;
	wire_acknowledge(wire, connection, CLIENT);
}

/* Two calls in one segment, the first half of a third; their replies likewise. */
static void
many_records(struct wire *wire, struct connection *connection)
{
	struct bytes bytes = {0};
	put_getport_record(&bytes, 0x5002, UDP);
	put_getport_record(&bytes, 0x5003, TCP);
	put_getport_record(&bytes, 0x5004, UDP);
	size_t half = bytes.length - 30;
	wire_segment(wire, connection, CLIENT, connection->sequence[CLIENT], ACK | PSH,
		     bytes.at, half);
	wire_segment(wire, connection, CLIENT, connection->sequence[CLIENT] + (uint32_t)half,
		     ACK | PSH, bytes.at + half, bytes.length - half);
	connection->sequence[CLIENT] += (uint32_t)bytes.length;
	bytes_reset(&bytes);
	put_port_record(&bytes, 0x5002, 20048);
	put_port_record(&bytes, 0x5003, 20048);
	put_port_record(&bytes, 0x5004, 20048);
	wire_send(wire, connection, SERVER, &bytes);
}

/* The same client port again, the same xid: another connection, another call. */
static void
port_again(struct wire *wire, struct connection *connection)
{
	static const uint8_t old_octet = 0;
	struct bytes bytes = {0};
	wire->time += 2000000000;
	wire_connect(wire, connection, 0x1000, 0x2000);
	put_getport_record(&bytes, 0x5002, TCP);
	wire_send(wire, connection, CLIENT, &bytes);
	wire_segment(wire, connection, CLIENT, connection->sequence[CLIENT] - 1, ACK,
		     &old_octet, 1); /* keep-alive probe: no data */
	bytes_reset(&bytes);
	put_port_record(&bytes, 0x5002, 0);
	wire_send(wire, connection, SERVER, &bytes);
	wire_reset(wire, connection, CLIENT);
}

void
sample_tcp_records(struct wire *wire)
{
	struct connection connection = {.path = {&client4, &server4, 800, RPCBIND_PORT}};
	wire->step = 400000;
	/* Both sequence numbers pass 2^32 on the way. */
	wire_connect(wire, &connection, UINT32_C(0xffffffe0), UINT32_C(0xffffff80));
	many_fragments(wire, &connection);
	many_records(wire, &connection);
	wire_finish(wire, &connection, CLIENT);
	port_again(wire, &connection);
}

/* -- datagrams -- */

static void
ask_dump(struct wire *wire, const struct path *path, const struct call *call)
{
	struct bytes bytes = {0};
	put_call(&bytes, call);
	wire_udp(wire, path, &bytes);
}

void
sample_fragments(struct wire *wire)
{
	enum { SMALL = 552, LARGE = 1232 }; /* for links of 576 (IPv4) and 1280 octets (IPv6) */
	const struct path path4 = {&client4, &server4, 40002, RPCBIND_PORT};
	const struct path path6 = {&client6, &server6, 40008, RPCBIND_PORT};
	const struct path back4 = path_back(&path4), back6 = path_back(&path6);
	struct bytes bytes = {0};
	wire->step = 300000;
	ask_dump(wire, &path4, &(struct call){0x6001, PORTMAP, 2, DUMP});
	put_accepted(&bytes, 0x6001, 0);
	put_pmaplist(&bytes, 96);
	wire_udp_fragments(wire, &back4, &bytes, SMALL, (const unsigned[]){3, 1, 0, 1, 2}, 5);
	ask_dump(wire, &path6, &(struct call){0x6002, PORTMAP, 3, DUMP});
	bytes_reset(&bytes);
	put_accepted(&bytes, 0x6002, 0);
	put_rpcblist(&bytes, 48);
	wire_udp_fragments(wire, &back6, &bytes, LARGE, (const unsigned[]){2, 1, 0}, 3);
	/* The second piece is lost: nothing can be read, and the summary says so. */
	ask_dump(wire, &path4, &(struct call){0x6003, PORTMAP, 2, DUMP});
	bytes_reset(&bytes);
	put_accepted(&bytes, 0x6003, 0);
	put_pmaplist(&bytes, 60);
	wire_udp_fragments(wire, &back4, &bytes, SMALL, (const unsigned[]){0, 2}, 2);
}

/* One exchange seen at two interfaces: tagged Ethernet, and Linux cooked of another host. */
void
sample_links(struct wire *wire)
{
	const struct path path4 = {&client4, &server4, 40003, RPCBIND_PORT};
	const struct path path6 = {&client6, &server6, 40009, RPCBIND_PORT};
	const struct path *const paths[] = {&path4, &path6};
	uint32_t ethernet = wire_interface(wire, "eth0.7", LINK_ETHERNET, false);
	uint32_t cooked = wire_interface(wire, "any", LINK_SLL, true);
	wire->step = 1234567;
	for (uint32_t i = 0; i < 4; i++) {
		const struct path *path = paths[i / 2], back = path_back(path);
		struct bytes bytes = {0};
		wire->interface = i % 2 == 0 ? ethernet : cooked;
		wire->vlan = 7;
		put_call(&bytes, &(struct call){0x7001 + i, PORTMAP, 2, GETPORT});
		put_words(&bytes, (const uint32_t[]){MOUNTD, 3, UDP, 0}, 4);
		wire_udp(wire, path, &bytes);
		bytes_reset(&bytes);
		put_accepted(&bytes, 0x7001 + i, 0);
		put32(&bytes, 20048);
		wire_udp(wire, &back, &bytes);
	}
}
