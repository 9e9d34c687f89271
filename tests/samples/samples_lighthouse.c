/*
 * A sample of a program that rpcscope does not know: samples/lighthouse.x describes it. A
 * keeper asks rpcbind where the service is, looks at lights, changes one, and is refused; each
 * kind of type that the language has is in a call or a reply. Over TCP, one record a message.
 */
#include "samples.h"

#include <string.h>

enum {
	LIGHTHOUSE = 0x2ea51de5,
	LIGHTHOUSE_PORT = 7575,
	GETPORT = 3,
	LOOK = 1,
	NEAR = 2,
	SET = 3,
	WATCH = 4,
	WEATHER = 5,
	FLASHING = 1,
	MORSE = 2,
	NO_SUCH_LIGHT = 2,
	NOT_THE_KEEPER = 13,
	FOG = 70,
};

static const uint8_t north_head[8] = {0x4c, 0x48, 0, 0, 0, 0, 0, 1};
static const uint8_t old_mole[8] = {0x4c, 0x48, 0, 0, 0, 0, 0, 2};

/* An exchange in the making: what is put goes into one record. */
struct talk {
	struct wire *wire;
	struct connection connection;
	struct bytes bytes;
	size_t mark;
	uint32_t xid;
};

static struct bytes *
begin_call(struct talk *talk, uint32_t version, uint32_t procedure)
{
	bytes_reset(&talk->bytes);
	talk->mark = put_mark(&talk->bytes);
	put_call_sys(&talk->bytes, &(struct call){++talk->xid, LIGHTHOUSE, version, procedure});
	return &talk->bytes;
}

static struct bytes *
begin_reply(struct talk *talk, uint32_t status)
{
	bytes_reset(&talk->bytes);
	talk->mark = put_mark(&talk->bytes);
	put_accepted(&talk->bytes, talk->xid, status);
	return &talk->bytes;
}

static void
end(struct talk *talk, int from)
{
	end_mark(&talk->bytes, talk->mark);
	wire_send(talk->wire, &talk->connection, from, &talk->bytes);
}

static void
put64(struct bytes *bytes, uint64_t value)
{
	put32(bytes, (uint32_t)(value >> 32));
	put32(bytes, (uint32_t)value);
}

/* IEEE 754, as RFC 4506 sections 4.6 and 4.7 have it. */
static void
put_float(struct bytes *bytes, float value)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	put32(bytes, bits);
}

static void
put_double(struct bytes *bytes, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	put64(bytes, bits);
}

static void
ask_port(struct wire *wire)
{
	const struct path path = {&client4, &server4, 40010, RPCBIND_PORT};
	const struct path back = path_back(&path);
	struct bytes bytes = {0};
	put_call(&bytes, &(struct call){0x8000, PORTMAP, 2, GETPORT});
	put_words(&bytes, (const uint32_t[]){LIGHTHOUSE, 2, TCP, 0}, 4);
	wire_udp(wire, &path, &bytes);
	bytes_reset(&bytes);
	put_accepted(&bytes, 0x8000, 0);
	put32(&bytes, LIGHTHOUSE_PORT);
	wire_udp(wire, &back, &bytes);
}

/* The rest of struct light behind its name. */
static void
put_north_head(struct bytes *bytes)
{
	put32(bytes, 0640);
	put_double(bytes, 54.67875);
	put_double(bytes, 13.43125);
	put_words(bytes, (const uint32_t[]){FLASHING, 3}, 2);
	put_float(bytes, 20);
	put_words(bytes, (const uint32_t[]){3, 0, 10, 170, 1, 170, 205, 2, 205, 250}, 10);
	put_words(bytes, (const uint32_t[]){1767195000, 500000000}, 2);
	put32(bytes, 1);
	put_string(bytes, "Old Mole");
}

static void
look(struct talk *talk)
{
	put_string(begin_call(talk, 2, LOOK), "North Head");
	end(talk, CLIENT);
	struct bytes *reply = begin_reply(talk, 0);
	put32(reply, 0);
	put_octets(reply, north_head, sizeof north_head);
	put_string(reply, "North Head");
	put_north_head(reply);
	end(talk, SERVER);

	put_string(begin_call(talk, 2, LOOK), "Old Mole");
	end(talk, CLIENT);
	reply = begin_reply(talk, 0);
	put32(reply, 0);
	put_octets(reply, old_mole, sizeof old_mole);
	put_string(reply, "Old Mole");
	put32(reply, 0600);
	put_double(reply, 54.5);
	put_double(reply, -13.625);
	put32(reply, MORSE);
	put_string(reply, "U");
	put_words(reply, (const uint32_t[]){0, 1767195060, 0, 0}, 4);
	end(talk, SERVER);

	put_string(begin_call(talk, 2, LOOK), "Nowhere");
	end(talk, CLIENT);
	put32(begin_reply(talk, 0), NO_SUCH_LIGHT);
	end(talk, SERVER);

	put_string(begin_call(talk, 2, LOOK), "South Head");
	end(talk, CLIENT);
	reply = begin_reply(talk, 0);
	put32(reply, FOG);
	put64(reply, UINT64_C(8000000000));
	end(talk, SERVER);
}

static void
near(struct talk *talk)
{
	struct bytes *call = begin_call(talk, 2, NEAR);
	put_octets(call, north_head, sizeof north_head);
	put32(call, 24);
	end(talk, CLIENT);
	struct bytes *reply = begin_reply(talk, 0);
	put_words(reply, (const uint32_t[]){0, 1}, 2);
	put_string(reply, "Old Mole");
	put64(reply, UINT64_C(0) - UINT64_C(12964000));
	put32(reply, 1);
	put_string(reply, "South Head");
	put64(reply, UINT64_C(40744000));
	put32(reply, 0);
	end(talk, SERVER);
}

static void
change(struct talk *talk)
{
	struct bytes *call = begin_call(talk, 2, SET);
	put_octets(call, north_head, sizeof north_head);
	put_words(call, (const uint32_t[]){0660, 1767258060, 0}, 3);
	end(talk, CLIENT);
	put32(begin_reply(talk, 0), NOT_THE_KEEPER);
	end(talk, SERVER);

	call = begin_call(talk, 1, WATCH);
	put_octets(call, old_mole, sizeof old_mole);
	put_words(call, (const uint32_t[]){0x20000321, 1, 40011}, 3);
	put_string(call, "tcp");
	put_string(call, "192.168.56.21.156.75");
	put32(call, 1);
	end(talk, CLIENT);
	put32(begin_reply(talk, 0), 0);
	end(talk, SERVER);
}

/* Two arguments, as rpcgen -N has them; then what no file describes. */
static void
weather(struct talk *talk)
{
	static const uint8_t sky[21] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
	struct bytes *call = begin_call(talk, 2, WEATHER);
	put_octets(call, north_head, sizeof north_head);
	put_words(call, (const uint32_t[]){1767258000, 0}, 2);
	end(talk, CLIENT);
	struct bytes *reply = begin_reply(talk, 0);
	put_words(reply, (const uint32_t[]){(uint32_t)-15, 2, 38, 7}, 4);
	put_opaque(reply, sky, sizeof sky);
	put32(reply, 0);
	end(talk, SERVER);

	call = begin_call(talk, 2, 99);
	put32(call, 7);
	end(talk, CLIENT);
	begin_reply(talk, 3); /* PROC_UNAVAIL */
	end(talk, SERVER);
}

void
sample_lighthouse(struct wire *wire)
{
	struct talk talk = {.wire = wire,
			    .connection.path = {&client4, &server4, 40011, LIGHTHOUSE_PORT},
			    .xid = 0x8000};
	wire->step = 700000;
	ask_port(wire);
	wire_connect(wire, &talk.connection, 0x3000, 0x4000);
	look(&talk);
	near(&talk);
	change(&talk);
	weather(&talk);
	wire_finish(wire, &talk.connection, CLIENT);
}
