/*
 * Where the room of the verdict ends and the capture goes on, what may yet have ended otherwise
 * is incomplete; what nothing could change any more stands. And what is searched for is found
 * among many others.
 */
#include "../../src/verdict/facts_store.h"
#include "verdict_rows.h"

static void
room_ends(struct scene *scene)
{
	facts_full(scene->facts, "contacts");
}

/* MNT gave a handle, and nothing says yet what it is of. */
static void
of_something(struct scene *scene)
{
	enum { FSINFO = 19 };
	struct octets result = words(2, 0, 0);
	probe(scene);
	mnt(scene, 900, 0, 0);
	struct wire nfs = nfs_connect(scene);
	put_all(&result, &(struct octets){.size = 48});
	nfs3(scene, &nfs, FSINFO, result);
}

static void
of_something_then_no_room(struct scene *scene)
{
	of_something(scene);
	room_ends(scene);
}

static void
of_something_long_before(struct scene *scene)
{
	of_something(scene);
	pause_ms(scene, 61000);
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	room_ends(scene);
}

static void
of_a_directory(struct scene *scene)
{
	mount3(scene);
	room_ends(scene);
}

static void
of_a_directory_midway(struct scene *scene)
{
	nfs_use(scene);
	room_ends(scene);
}

static void
in_use_v4(struct scene *scene)
{
	mount4(scene);
	room_ends(scene);
}

/* The command may have gone on to mount something. */
static void
list(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, words(2, 0, 0));
}

static void
list_then_no_room(struct scene *scene)
{
	list(scene);
	room_ends(scene);
}

/* A cause below the services is found all the same, but it may have been overcome. */
static void
list_torn(struct scene *scene)
{
	struct octets exports = {.size = 4000};
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	scene->piece_lost = 1;
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, exports);
	scene->piece_lost = 0;
	pause_ms(scene, 4000);
	arp_resolve(scene);
}

static void
list_torn_then_no_room(struct scene *scene)
{
	list_torn(scene);
	room_ends(scene);
}

/* -- among many -- */

enum { MANY = 300 };

static void
torn_among_many(struct scene *scene)
{
	struct octets octets = {.size = 4000};
	scene->piece_lost = 1;
	for (unsigned i = 0; i < MANY; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_UDP, 9999);
		wire.client = OTHER;
		udp(scene, &wire, false, &octets);
	}
	list_torn(scene);
}

/* The port had answered before the many that did not. */
static void
hung_behind_many(struct scene *scene)
{
	struct octets path = string_of("/srv");
	struct wire probe = find_mountd(scene, TRANSPORT_UDP);
	null_call(scene, &probe, MOUNTD, 3);
	struct octets call = rpc_call(scene, MOUNTD, 3, 1, 0, &path);
	for (unsigned i = 0; i < MANY; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
		udp(scene, &wire, true, &call);
	}
	struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	udp_in_vain(scene, &wire, &call, 3);
}

/* The SYN that met an old connection, before the many that met none. */
static void
reused_before_many(struct scene *scene)
{
	struct wire old = nfs_use(scene), again = new_wire(scene, TRANSPORT_TCP, PORT_NFS);
	again.client_port = old.client_port;
	tcp_close(scene, &old);
	pause_ms(scene, 1000);
	segment(scene, &again, true, SYN, NULL);
	nfs_use(scene);
	pause_ms(scene, 1000);
	syns(scene, &again, 3);
	for (unsigned i = 0; i < MANY; i++) {
		struct wire wire = tcp_open(scene, PORT_NFS);
		tcp_close(scene, &wire);
	}
}

static const struct row rows[] = {
	SAYS(of_something, "nfs3 mounted -"),
	SAYS(of_something_then_no_room, "nfs3 incomplete -"),
	SAYS(of_something_long_before, "nfs3 mounted -, query incomplete -"),
	SAYS(of_a_directory, "nfs3 mounted -"),
	SAYS(of_a_directory_midway, "nfs3 mounted -"),
	SAYS(in_use_v4, "nfs4 mounted -"),
	SAYS(list, "query answered -"),
	SAYS(list_then_no_room, "query incomplete -"),
	SAYS(list_torn, "query failed udp-fragment-lost"),
	SAYS(list_torn_then_no_room, "query incomplete udp-fragment-lost"),
	YES(torn_among_many, UDP_FRAGMENT_LOST),
	YES(reused_before_many, TCP_PORT_REUSE),
	YES(hung_behind_many, SERVICE_HUNG),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
