/*
 * make_storm FILE [LOOPS]: a capture of a user-space NFS client in a hurry.
 *
 * A loop is one mount: GETPORT for mountd, MNT, GETPORT for nfs, then 200 files
 * looked up, opened and read, over four TCP connections from reserved ports; every
 * twentieth loop also reads half a mebibyte. 344 ports are used in turn, so the
 * same ports come back every 86 loops as new connections with new sequence
 * numbers, and every new connection begins with the same xid. Prints what it has
 * made: "frames calls replies connections", on standard error when FILE is "-", which is
 * standard output. LOOPS is 1500 unless given: 3,085,709 frames, 1,515,600 calls and as
 * many replies over 6,000 connections.
 */
#include "wire.h"

#include <string.h>

enum {
	PORTMAP = 100000,
	NFS = 100003,
	MOUNTD = 100005,
	FIRST_PORT = 680,
	PORTS = 344,
	FILES = 200,
	BIG_EVERY = 20,
	BIG_READS = 8,
	BIG_SIZE = 65536,
	BIG_FILE = BIG_READS * BIG_SIZE,
	/* Big reads with an acknowledgment of their own: with so many, 1500 loops have as many
	 * frames as those of the client had that this one is made after. */
	ACKNOWLEDGED = 509,
	FIRST_XID = 0x1e1f0001,
	SMALL_SIZE = 64,
	SINCE = 1767225600, /* what is on the server was last changed then */
};

enum { REGULAR = 1, DIRECTORY = 2 }; /* ftype3: RFC 1813 section 2.5 */

struct storm {
	struct wire wire;
	struct connection connection;
	struct bytes bytes;
	uint64_t random;
	uint64_t calls, connections, big_reads;
	uint32_t xid;
};

static const struct host client = {{2, 0, 0, 0, 0, 0x21}, {192, 168, 56, 21}, false};
static const struct host server = {{2, 0, 0, 0, 0, 0x10}, {192, 168, 56, 10}, false};

/* Procedures of NFS version 3, and the bits that are used (RFC 1813 sections 3.3.4, 3.3.19). */
enum { GETATTR = 1, LOOKUP = 3, ACCESS = 4, READ = 6, FSINFO = 19, PATHCONF = 20 };
enum { ACCESS_READ = 0x01, FILESYSTEM = 0x1b };

/* Number 0 is the directory that is mounted, 1 to FILES are in it, the next is the big one. */
struct object {
	uint32_t number, size;
};

static const struct object root = {0, 4096}, big = {FILES + 1, BIG_FILE};

static struct object
small_file(unsigned number)
{
	return (struct object){number, SMALL_SIZE};
}

/* xorshift64*: the same sequence on every machine. */
static uint32_t
storm_random(struct storm *storm)
{
	uint64_t x = storm->random;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	storm->random = x;
	return (uint32_t)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

static void
storm_connect(struct storm *storm, uint16_t port)
{
	uint16_t from = (uint16_t)(FIRST_PORT + storm->connections++ % PORTS);
	uint32_t client_initial = storm_random(storm), server_initial = storm_random(storm);
	storm->connection.path = (struct path){&client, &server, from, port};
	storm->xid = FIRST_XID;
	wire_connect(&storm->wire, &storm->connection, client_initial, server_initial);
}

/* Begins a call; call_send() sends it and leaves the reply begun. */
static size_t
call_begin(struct storm *storm, uint32_t program, uint32_t version, uint32_t procedure)
{
	const struct call call = {storm->xid, program, version, procedure};
	bytes_reset(&storm->bytes);
	size_t mark = put_mark(&storm->bytes);
	if (program == PORTMAP)
		put_call(&storm->bytes, &call);
	else
		put_call_sys(&storm->bytes, &call);
	return mark;
}

static void
call_send(struct storm *storm, size_t mark)
{
	end_mark(&storm->bytes, mark);
	wire_send(&storm->wire, &storm->connection, CLIENT, &storm->bytes);
	bytes_reset(&storm->bytes);
	put_mark(&storm->bytes);
	put_accepted(&storm->bytes, storm->xid++, 0);
	storm->calls++;
}

static void
reply_send(struct storm *storm)
{
	end_mark(&storm->bytes, 0);
	wire_send(&storm->wire, &storm->connection, SERVER, &storm->bytes);
}

static void
null_call(struct storm *storm, uint32_t program, uint32_t version)
{
	call_send(storm, call_begin(storm, program, version, 0));
	reply_send(storm);
}

static void
storm_getport(struct storm *storm, uint32_t program, uint32_t port)
{
	storm_connect(storm, 111);
	null_call(storm, PORTMAP, 2);
	size_t mark = call_begin(storm, PORTMAP, 2, 3);
	put_words(&storm->bytes, (const uint32_t[]){program, 3, 6, 0}, 4);
	call_send(storm, mark);
	put32(&storm->bytes, port);
	reply_send(storm);
}

static void
put_handle(struct bytes *bytes, const struct object *object)
{
	uint8_t handle[28] = {1, 0, 6, 1, 0x5a, 0x17};
	handle[27] = (uint8_t)object->number;
	put_opaque(bytes, handle, sizeof handle);
}

/* fattr3 (RFC 1813 section 2.5): type, mode and links, then sizes, then times. */
static void
put_attributes(struct bytes *bytes, const struct object *object)
{
	static const uint32_t directory[] = {DIRECTORY, 0755, 2}, file[] = {REGULAR, 0644, 1};
	const uint32_t used = (object->size + 4095) / 4096 * 4096;
	put_words(bytes, object->number == 0 ? directory : file, 3);
	put_words(bytes, (const uint32_t[]){0, 0, 0, object->size, 0, used}, 6);
	put_words(bytes, (const uint32_t[]){0, 0, 0, 0x801, 0, 1234 + object->number}, 6);
	put_words(bytes, (const uint32_t[]){SINCE, 0, SINCE, 0, SINCE, 0}, 6);
}

/* post_op_attr (RFC 1813 section 2.6). */
static void
put_attributes_after(struct bytes *bytes, const struct object *object)
{
	put32(bytes, true);
	put_attributes(bytes, object);
}

static void
storm_mount(struct storm *storm)
{
	storm_connect(storm, 20048);
	null_call(storm, MOUNTD, 3);
	size_t mark = call_begin(storm, MOUNTD, 3, 1);
	put_string(&storm->bytes, "/srv/data");
	call_send(storm, mark);
	put32(&storm->bytes, 0);
	put_handle(&storm->bytes, &root);
	put_words(&storm->bytes, (const uint32_t[]){1, 1}, 2); /* AUTH_SYS */
	reply_send(storm);
}

/* A call that begins with a handle, as all of NFS do; NFS3_OK stands in the reply. */
static size_t
nfs_begin(struct storm *storm, uint32_t procedure, const struct object *object)
{
	size_t mark = call_begin(storm, NFS, 3, procedure);
	put_handle(&storm->bytes, object);
	return mark;
}

static void
nfs_send(struct storm *storm, size_t mark)
{
	call_send(storm, mark);
	put32(&storm->bytes, 0);
}

static void
nfs_getattr(struct storm *storm, const struct object *object)
{
	nfs_send(storm, nfs_begin(storm, GETATTR, object));
	put_attributes(&storm->bytes, object);
	reply_send(storm);
}

static void
nfs_lookup(struct storm *storm, const struct object *file)
{
	char name[16];
	snprintf(name, sizeof name, "f%u", file->number);
	size_t mark = nfs_begin(storm, LOOKUP, &root);
	put_string(&storm->bytes, name);
	nfs_send(storm, mark);
	put_handle(&storm->bytes, file);
	put_attributes_after(&storm->bytes, file);
	put32(&storm->bytes, false); /* none of the directory */
	reply_send(storm);
}

static void
nfs_access(struct storm *storm, const struct object *file)
{
	size_t mark = nfs_begin(storm, ACCESS, file);
	put32(&storm->bytes, ACCESS_READ);
	nfs_send(storm, mark);
	put_attributes_after(&storm->bytes, file);
	put32(&storm->bytes, ACCESS_READ);
	reply_send(storm);
}

static void
nfs_read(struct storm *storm, const struct object *file, uint32_t offset, uint32_t size)
{
	static const uint8_t content[BIG_SIZE] = {'s', 't', 'o', 'r', 'm'};
	size_t mark = nfs_begin(storm, READ, file);
	put_words(&storm->bytes, (const uint32_t[]){0, offset, size}, 3);
	nfs_send(storm, mark);
	put_attributes_after(&storm->bytes, file);
	put_words(&storm->bytes, (const uint32_t[]){size, offset + size == file->size}, 2);
	put_opaque(&storm->bytes, content, size);
	reply_send(storm);
}

/* FSINFO and PATHCONF, which a mount ends with (RFC 1813 sections 3.3.19, 3.3.20). */
static void
nfs_mount_end(struct storm *storm)
{
	const uint32_t most = 1 << 20;
	nfs_send(storm, nfs_begin(storm, FSINFO, &root));
	put_attributes_after(&storm->bytes, &root);
	put_words(&storm->bytes, (const uint32_t[]){most, most, 4096, most, most, 4096}, 6);
	put_words(&storm->bytes,
		  (const uint32_t[]){4096, INT32_MAX, UINT32_MAX, 0, 1, FILESYSTEM}, 6);
	reply_send(storm);
	nfs_send(storm, nfs_begin(storm, PATHCONF, &root));
	put_attributes_after(&storm->bytes, &root);
	put_words(&storm->bytes, (const uint32_t[]){32000, 255, true, true, false, true}, 6);
	reply_send(storm);
}

static void
big_read(struct storm *storm)
{
	for (uint32_t i = 0; i < BIG_READS; i++) {
		nfs_read(storm, &big, i * BIG_SIZE, BIG_SIZE);
		if (storm->big_reads++ < ACKNOWLEDGED)
			wire_acknowledge(&storm->wire, &storm->connection, CLIENT);
	}
}

static void
storm_loop(struct storm *storm, unsigned loop)
{
	struct wire *wire = &storm->wire;
	storm_getport(storm, MOUNTD, 20048);
	wire_reset(wire, &storm->connection, CLIENT);
	storm_mount(storm);
	wire_reset(wire, &storm->connection, CLIENT);
	storm_getport(storm, NFS, 2049);
	wire_finish(wire, &storm->connection, CLIENT);
	storm_connect(storm, 2049);
	null_call(storm, NFS, 3);
	nfs_getattr(storm, &root);
	nfs_mount_end(storm);
	for (unsigned number = 1; number <= FILES; number++) {
		const struct object file = small_file(number);
		nfs_lookup(storm, &file);
		nfs_getattr(storm, &file);
		nfs_lookup(storm, &file);
		nfs_access(storm, &file);
		nfs_read(storm, &file, 0, SMALL_SIZE);
	}
	if (loop % BIG_EVERY == 0)
		big_read(storm);
	wire_reset(wire, &storm->connection, CLIENT);
}

int
main(int argc, char **argv)
{
	static struct storm storm = {.random = 20260101};
	uint32_t loops = 1500;
	if (argc < 2 || argc > 3 || (argc == 3 && !wire_count(argv[2], &loops))) {
		fputs("usage: make_storm FILE [LOOPS]\n", stderr);
		return 2;
	}
	wire_open(&storm.wire, argv[1], WIRE_MICROSECONDS);
	storm.wire.time = 1767258000LL * 1000000000;
	storm.wire.step = 50000;
	for (uint32_t loop = 0; loop < loops; loop++)
		storm_loop(&storm, loop);
	wire_close(&storm.wire);
	fprintf(strcmp(argv[1], "-") == 0 ? stderr : stdout, "%llu %llu %llu %llu\n",
		(unsigned long long)storm.wire.frames, (unsigned long long)storm.calls,
		(unsigned long long)storm.calls, (unsigned long long)storm.connections);
	return 0;
}
