/*
 * make_bulk KIND FILE [COUNT]: the large captures of the benchmark beside the storm,
 * each of one kind of traffic, the same octets on every machine:
 *
 *   large        READ and WRITE of 64 KiB over TCP, records over 46 segments
 *   connections  COUNT connections that are all open at the same time, a call on each
 *   syns         COUNT SYNs of as many connections, never answered
 *   fragments    READ of 8 KiB over UDP, replies in six IP fragments
 *   compounds    NFSv4.1: a mount, then COMPOUNDs of SEQUENCE, PUTFH, GETATTR, on one
 *                connection
 *
 * Prints how many frames it has made, on standard error when FILE is "-", which is
 * standard output.
 */
#include "wire.h"

#include <string.h>

enum { NFS = 100003, READ = 6, WRITE = 7, COMPOUND = 1, FIRST_XID = 0x2e2f0001 };
enum { LARGE = 65536, SMALL = 8192, FRAGMENT = 1480, FIRST_PORT = 700, PORTS = 320 };

struct bulk {
	struct wire wire;
	struct bytes bytes;
	uint32_t xid;
};

static const struct host server = {{2, 0, 0, 0, 0, 0x10}, {192, 168, 56, 10}, false};
static const uint8_t handle[28] = {1, 0, 6, 1, 0x5a, 0x17};
static const uint8_t content[LARGE] = {'b', 'u', 'l', 'k'};

/* A client of its own address for every 320 connections. */
static struct host
client_of(uint32_t number)
{
	uint32_t host = number / PORTS + 1;
	return (struct host){{2, 0, 0, 0, 1, 0x21},
			     {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host},
			     false};
}

static struct path
path_of(const struct host *client, uint32_t number)
{
	return (struct path){client, &server, (uint16_t)(FIRST_PORT + number % PORTS), 2049};
}

static void
begin_call(struct bulk *bulk, uint32_t version, uint32_t procedure)
{
	const struct call call = {bulk->xid, NFS, version, procedure};
	put_call_sys(&bulk->bytes, &call);
}

static void
put_file(struct bulk *bulk, uint64_t offset, uint32_t size)
{
	put_opaque(&bulk->bytes, handle, sizeof handle);
	put_words(&bulk->bytes,
		  (const uint32_t[]){(uint32_t)(offset >> 32), (uint32_t)offset, size}, 3);
}

/* post_op_attr of a regular file of 4 TiB, which no offset here reaches (RFC 1813 section 2.6).
 */
static void
put_attributes(struct bytes *bytes)
{
	put_words(bytes, (const uint32_t[]){1, 1, 0644, 1, 0, 0, 1024, 0, 1024, 0}, 10);
	put_words(bytes, (const uint32_t[]){0, 0, 0, 0x801, 0, 1234, 1, 0, 1, 0, 1, 0}, 12);
}

/* The record at hand goes over TCP; both ends begin their records so. */
static void
send_record(struct bulk *bulk, struct connection *connection, int from)
{
	end_mark(&bulk->bytes, 0);
	wire_send(&bulk->wire, connection, from, &bulk->bytes);
	bytes_reset(&bulk->bytes);
	put_mark(&bulk->bytes);
}

static void
large_read(struct bulk *bulk, struct connection *connection, uint64_t offset)
{
	begin_call(bulk, 3, READ);
	put_file(bulk, offset, LARGE);
	send_record(bulk, connection, CLIENT);
	put_accepted(&bulk->bytes, bulk->xid++, 0);
	put32(&bulk->bytes, 0);
	put_attributes(&bulk->bytes);
	put_words(&bulk->bytes, (const uint32_t[]){LARGE, 0}, 2);
	put_opaque(&bulk->bytes, content, LARGE);
	send_record(bulk, connection, SERVER);
	wire_acknowledge(&bulk->wire, connection, CLIENT);
}

static void
large_write(struct bulk *bulk, struct connection *connection, uint64_t offset)
{
	begin_call(bulk, 3, WRITE);
	put_file(bulk, offset, LARGE);
	put32(&bulk->bytes, 0); /* UNSTABLE */
	put_opaque(&bulk->bytes, content, LARGE);
	send_record(bulk, connection, CLIENT);
	wire_acknowledge(&bulk->wire, connection, SERVER);
	put_accepted(&bulk->bytes, bulk->xid++, 0);
	put_words(&bulk->bytes, (const uint32_t[]){0, 0}, 2); /* no pre-operation attributes */
	put_attributes(&bulk->bytes);
	put_words(&bulk->bytes, (const uint32_t[]){LARGE, 0, 1, 2}, 4);
	send_record(bulk, connection, SERVER);
}

static void
make_large(struct bulk *bulk, uint32_t count)
{
	const struct host client = client_of(0);
	struct connection connection = {.path = path_of(&client, 0)};
	wire_connect(&bulk->wire, &connection, 1000, 2000);
	put_mark(&bulk->bytes);
	for (uint32_t i = 0; i < count; i++) {
		if (i % 2 == 0)
			large_read(bulk, &connection, (uint64_t)i * LARGE);
		else
			large_write(bulk, &connection, (uint64_t)i * LARGE);
	}
	wire_finish(&bulk->wire, &connection, CLIENT);
}

static void
make_connections(struct bulk *bulk, uint32_t count)
{
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < count; i++) {
			const struct host client = client_of(i);
			struct connection connection = {.path = path_of(&client, i),
							.sequence = {i + 1, ~i + 1}};
			if (round == 0) {
				wire_connect(&bulk->wire, &connection, i, ~i);
				continue;
			}
			bytes_reset(&bulk->bytes);
			put_mark(&bulk->bytes);
			begin_call(bulk, 3, 0);
			send_record(bulk, &connection, CLIENT);
			put_accepted(&bulk->bytes, bulk->xid++, 0);
			send_record(bulk, &connection, SERVER);
		}
	}
}

static void
make_syns(struct bulk *bulk, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct host client = client_of(i);
		const struct connection connection = {.path = path_of(&client, i)};
		wire_segment(&bulk->wire, &connection, CLIENT, i * 64000U, SYN, NULL, 0);
	}
}

static void
make_fragments(struct bulk *bulk, uint32_t count)
{
	static const unsigned order[] = {0, 1, 2, 3, 4, 5};
	const struct host client = client_of(0);
	const struct path path = path_of(&client, 0), back = path_back(&path);
	for (uint32_t i = 0; i < count; i++) {
		bytes_reset(&bulk->bytes);
		begin_call(bulk, 3, READ);
		put_file(bulk, i % 128 * SMALL, SMALL);
		wire_udp(&bulk->wire, &path, &bulk->bytes);
		bytes_reset(&bulk->bytes);
		put_accepted(&bulk->bytes, bulk->xid++, 0);
		put32(&bulk->bytes, 0);
		put_attributes(&bulk->bytes);
		put_words(&bulk->bytes, (const uint32_t[]){SMALL, 0}, 2);
		put_opaque(&bulk->bytes, content, SMALL);
		wire_udp_fragments(&bulk->wire, &back, &bulk->bytes, FRAGMENT, order,
				   sizeof order / sizeof order[0]);
	}
}

/* -- NFS 4.1: the numbers of operations stand in RFC 8881 section 16.2.3 -- */

static const uint8_t session[16] = {0x5e, 0x55};

static void
begin_compound(struct bulk *bulk, uint32_t operations)
{
	begin_call(bulk, 4, COMPOUND);
	put_words(&bulk->bytes, (const uint32_t[]){0, 1, operations}, 3);
}

static void
begin_compound_reply(struct bulk *bulk, uint32_t operations)
{
	put_accepted(&bulk->bytes, bulk->xid++, 0);
	put_words(&bulk->bytes, (const uint32_t[]){0, 0, operations}, 3);
}

/* A COMPOUND that begins with SEQUENCE (RFC 8881 section 18.46). */
static void
begin_sequence(struct bulk *bulk, uint32_t operations, uint32_t sequence)
{
	begin_compound(bulk, operations);
	put32(&bulk->bytes, 53);
	put_octets(&bulk->bytes, session, sizeof session);
	put_words(&bulk->bytes, (const uint32_t[]){sequence, 0, 0, 0}, 4);
}

static void
begin_sequence_reply(struct bulk *bulk, uint32_t operations, uint32_t sequence)
{
	begin_compound_reply(bulk, operations);
	put_words(&bulk->bytes, (const uint32_t[]){53, 0}, 2);
	put_octets(&bulk->bytes, session, sizeof session);
	put_words(&bulk->bytes, (const uint32_t[]){sequence, 0, 0, 0, 0}, 5);
}

/* RFC 8881 section 18.35. */
static void
exchange_id(struct bulk *bulk, struct connection *connection)
{
	struct bytes *bytes = &bulk->bytes;
	begin_compound(bulk, 1);
	put_words(bytes, (const uint32_t[]){42, 0x5eed, 1}, 3); /* verifier of the client */
	put_string(bytes, "client7");
	put_words(bytes, (const uint32_t[]){0, 0, 0},
		  3); /* flags, SP4_NONE, no implementation */
	send_record(bulk, connection, CLIENT);
	begin_compound_reply(bulk, 1);
	put_words(bytes, (const uint32_t[]){42, 0, 0, 7, 1}, 5);   /* client id 7, sequence 1 */
	put_words(bytes, (const uint32_t[]){0x10000, 0, 0, 0}, 4); /* not for pNFS; SP4_NONE */
	put_string(bytes, "server1");                              /* its owner, its scope */
	put_string(bytes, "server1");
	put32(bytes, 0);
	send_record(bulk, connection, SERVER);
}

/* channel_attrs4 of the fore channel and of the back channel. */
static void
put_channels(struct bytes *bytes)
{
	for (uint32_t channel = 0; channel < 2; channel++)
		put_words(bytes, (const uint32_t[]){0, 1 << 20, 1 << 20, 4096, 8, 1, 0}, 7);
}

/* RFC 8881 section 18.36. */
static void
create_session(struct bulk *bulk, struct connection *connection)
{
	struct bytes *bytes = &bulk->bytes;
	begin_compound(bulk, 1);
	put_words(bytes, (const uint32_t[]){43, 0, 7, 1, 0}, 5);
	put_channels(bytes);
	put_words(bytes, (const uint32_t[]){0x40000000, 1, 0}, 3); /* callbacks: AUTH_NONE */
	send_record(bulk, connection, CLIENT);
	begin_compound_reply(bulk, 1);
	put_words(bytes, (const uint32_t[]){43, 0}, 2);
	put_octets(bytes, session, sizeof session);
	put_words(bytes, (const uint32_t[]){1, 0}, 2);
	put_channels(bytes);
	send_record(bulk, connection, SERVER);
}

/* RFC 8881 section 18.51. */
static void
reclaim_complete(struct bulk *bulk, struct connection *connection, uint32_t sequence)
{
	begin_sequence(bulk, 2, sequence);
	put_words(&bulk->bytes, (const uint32_t[]){58, 0}, 2);
	send_record(bulk, connection, CLIENT);
	begin_sequence_reply(bulk, 2, sequence);
	put_words(&bulk->bytes, (const uint32_t[]){58, 0}, 2);
	send_record(bulk, connection, SERVER);
}

/* PUTROOTFH, GETFH, GETATTR: what is mounted is the root. */
static void
look_at_root(struct bulk *bulk, struct connection *connection, uint32_t sequence)
{
	struct bytes *bytes = &bulk->bytes;
	begin_sequence(bulk, 4, sequence);
	put_words(bytes, (const uint32_t[]){24, 10, 9, 1, 0x1a}, 5); /* type, change, size */
	send_record(bulk, connection, CLIENT);
	begin_sequence_reply(bulk, 4, sequence);
	put_words(bytes, (const uint32_t[]){24, 0, 10, 0}, 4);
	put_opaque(bytes, handle, sizeof handle);
	put_words(bytes, (const uint32_t[]){9, 0, 1, 0x1a, 20, 2, 0, 7, 0, 4096}, 10);
	send_record(bulk, connection, SERVER);
}

/* READDIR of the root, which has nothing in it (RFC 8881 section 18.23): first use of the
 * mount. */
static void
list_root(struct bulk *bulk, struct connection *connection, uint32_t sequence)
{
	struct bytes *bytes = &bulk->bytes;
	begin_sequence(bulk, 3, sequence);
	put32(bytes, 22);
	put_opaque(bytes, handle, sizeof handle);
	put_words(bytes, (const uint32_t[]){26, 0, 0, 0, 0, 8192, 32768, 0}, 8);
	send_record(bulk, connection, CLIENT);
	begin_sequence_reply(bulk, 3, sequence);
	put_words(bytes, (const uint32_t[]){22, 0, 26, 0, 0, 1, false, true}, 8);
	send_record(bulk, connection, SERVER);
}

/* SEQUENCE, PUTFH, GETATTR (RFC 8881 sections 18.46, 18.19, 18.7). */
static void
look_again(struct bulk *bulk, struct connection *connection, uint32_t sequence)
{
	struct bytes *bytes = &bulk->bytes;
	begin_sequence(bulk, 3, sequence);
	put32(bytes, 22);
	put_opaque(bytes, handle, sizeof handle);
	put_words(bytes, (const uint32_t[]){9, 2, 0x18, 0}, 4); /* change, size */
	send_record(bulk, connection, CLIENT);
	begin_sequence_reply(bulk, 3, sequence);
	put_words(bytes, (const uint32_t[]){22, 0}, 2);
	put_words(bytes, (const uint32_t[]){9, 0, 2, 0x18, 0, 16, 0, 7, 0, 4096}, 10);
	send_record(bulk, connection, SERVER);
}

static void
make_compounds(struct bulk *bulk, uint32_t count)
{
	const struct host client = client_of(0);
	struct connection connection = {.path = path_of(&client, 0)};
	wire_connect(&bulk->wire, &connection, 1000, 2000);
	put_mark(&bulk->bytes);
	exchange_id(bulk, &connection);
	create_session(bulk, &connection);
	reclaim_complete(bulk, &connection, 1);
	look_at_root(bulk, &connection, 2);
	list_root(bulk, &connection, 3);
	for (uint32_t i = 0; i < count; i++)
		look_again(bulk, &connection, i + 4);
	wire_finish(&bulk->wire, &connection, CLIENT);
}

static const struct {
	const char *name;
	void (*make)(struct bulk *bulk, uint32_t count);
	uint32_t count;
} kinds[] = {
	{"large", make_large, 8000},           {"connections", make_connections, 200000},
	{"syns", make_syns, 1000000},          {"fragments", make_fragments, 60000},
	{"compounds", make_compounds, 750000},
};

int
main(int argc, char **argv)
{
	static struct bulk bulk = {.xid = FIRST_XID};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && argc >= 3; i++) {
		uint32_t count = kinds[i].count;
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		if (argc > 4 || (argc == 4 && !wire_count(argv[3], &count)))
			break;
		wire_open(&bulk.wire, argv[2], WIRE_MICROSECONDS);
		bulk.wire.time = 1767258000LL * 1000000000;
		bulk.wire.step = 10000;
		kinds[i].make(&bulk, count);
		wire_close(&bulk.wire);
		fprintf(strcmp(argv[2], "-") == 0 ? stderr : stdout, "%llu\n",
			(unsigned long long)bulk.wire.frames);
		return 0;
	}
	fputs("usage: make_bulk large|connections|syns|fragments|compounds FILE [COUNT]\n",
	      stderr);
	return 2;
}
