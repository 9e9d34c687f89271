/*
 * What is an attempt and what is not, how far it goes, and rules that look at several
 * connections: each with a capture close to it where they must keep silent.
 */
#include "verdict_rows.h"

static void
opened_only(struct scene *scene)
{
	tcp_open(scene, 111);
	pause_ms(scene, 500);
}

/* rpcinfo: a list, then a ping. */
static void
rpcinfo(struct scene *scene)
{
	struct wire wire = tcp_open(scene, 111);
	ask_words(scene, &wire, PORTMAP, 2, 4, NULL, words(1, 0));
	tcp_close(scene, &wire);
	struct wire nfs = open_nfs4(scene);
	tcp_close(scene, &nfs);
}

static void
ping_of_v4(struct scene *scene)
{
	open_nfs4(scene);
}

static void
list_exports(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, words(1, 0));
}

/* libnfs: MNT, EXPORT, then NFS. */
static void
exports_amid(struct scene *scene)
{
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	mnt(scene, 900, 0, 1);
	list_exports(scene);
	getport(scene, NFS, 3, 6, 2049);
	nfs_use(scene);
}

/* showmount, then a mount. */
static void
exports_before(struct scene *scene)
{
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	list_exports(scene);
	mount3(scene);
}

static void
test_path_of_mount(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, exports_amid);
	assert_string_equal(text_string(&scene.verdict->attempts[0].path), "/srv/data");
	scene_end(&scene);
}

/* The same packet, with and without a wrong checksum, to a host that nobody asked. */
static void
stray(struct scene *scene, bool corrupt)
{
	mount3(scene);
	mount3(scene);
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 17, 0);
	struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
	wire.server = OTHER;
	scene->corrupt = corrupt;
	udp(scene, &wire, true, &call);
}

static void
astray(struct scene *scene)
{
	stray(scene, false);
}

static void
astray_and_corrupt(struct scene *scene)
{
	stray(scene, true);
}

/* The reply comes from another host. */
static void
second_socket(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111), other = wire;
	struct octets mapping = words(4, NFS, 3, 17, 0);
	struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
	struct octets port = words(1, 2049), reply = rpc_reply(scene, 0, &port);
	udp(scene, &wire, true, &call);
	other.server = OTHER;
	udp(scene, &other, false, &reply);
}

static void
test_asked_is_the_server(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, second_socket);
	assert_int_equal(scene.verdict->attempts[0].server.octets[15], SERVER);
	scene_end(&scene);
}

/* -- findings -- */

static void
knocks(struct scene *scene, uint16_t from)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2050);
	wire.client_port = from;
	tcp_refuse(scene, &wire);
}

static void
knock(struct scene *scene)
{
	knocks(scene, 853);
}

static void
knock_from_above(struct scene *scene)
{
	knocks(scene, 35353);
}

/* Mounted; then the server refuses, as often as said. */
static void
refusals(struct scene *scene, unsigned count, bool back)
{
	struct wire nfs = mount3(scene);
	tcp_close(scene, &nfs);
	for (unsigned i = 0; i < count; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
		pause_ms(scene, 3000);
		tcp_refuse(scene, &wire);
	}
	if (!back)
		return;
	nfs_use(scene);
}

static void
refused_in_use(struct scene *scene)
{
	refusals(scene, 4, false);
}

static void
refused_for_a_while(struct scene *scene)
{
	refusals(scene, 4, true);
}

/* The client repeats an acknowledged call, the server its reply, `times` each. */
static void
repeats(struct scene *scene, unsigned times)
{
	struct wire nfs = tcp_open(scene, 2049);
	struct octets call = rpc_call(scene, NFS, 4, 0, 0, NULL), none = {0};
	struct octets reply = rpc_reply(scene, 0, &none);
	call = marked(&call);
	reply = marked(&reply);
	struct wire start = nfs;
	segment(scene, &start, true, PUSH, &call);
	move_on(&nfs, true, call.size);
	segment(scene, &nfs, false, PUSH, &reply);
	for (unsigned i = 0; i < times; i++) {
		pause_ms(scene, 400LL << i);
		segment(scene, &start, true, PUSH, &call);
		segment(scene, &nfs, false, PUSH, &reply);
	}
	if (times == 1) { /* it got through in the end */
		move_on(&nfs, false, reply.size);
		segment(scene, &nfs, true, ACK, NULL);
	}
}

static void
deaf_client(struct scene *scene)
{
	repeats(scene, 5);
}

static void
deaf_for_a_moment(struct scene *scene)
{
	repeats(scene, 1);
}

/* MNT gives that flavor only, and nothing follows but a look for NFS. */
static void
left_after_mnt(struct scene *scene, uint32_t flavor)
{
	probe(scene);
	mnt(scene, 900, 0, flavor);
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = nfs_connect(scene);
	null_call(scene, &nfs, NFS, 3);
	pause_ms(scene, 2000);
	tcp_close(scene, &nfs);
}

static void
kerberos_only(struct scene *scene)
{
	left_after_mnt(scene, 390003);
}

/* A flavor that everybody has: why it ends there is not known. */
static void
plain_export(struct scene *scene)
{
	left_after_mnt(scene, 1);
}

/* The server counts on as if it had sent a large reply, which never comes. */
static void
counts_on(struct scene *scene, bool comes)
{
	struct wire nfs = mount3(scene);
	struct octets handle = file_handle();
	ask(scene, &nfs, NFS, 3, 1, &handle, NULL);
	move_on(&nfs, false, 1448);
	for (unsigned i = 0; i < 4; i++) {
		pause_ms(scene, 1500);
		segment(scene, &nfs, false, ACK, NULL);
	}
	if (comes) /* the capture missed it: the client has it */
		segment(scene, &nfs, true, ACK, NULL);
}

static void
large_reply_vanishes(struct scene *scene)
{
	counts_on(scene, false);
}

static void
large_reply_not_captured(struct scene *scene)
{
	counts_on(scene, true);
}

static const struct row rows[] = {
	SAYS(opened_only, ""),
	SAYS(rpcinfo, "query answered -"),
	SAYS(ping_of_v4, "nfs4 incomplete -"),
	SAYS(exports_amid, "nfs3 mounted -"),
	SAYS(exports_before, "query answered -, nfs3 mounted -"),
	SAYS(astray, "nfs3 mounted -, nfs3 mounted -, nfs3 incomplete -"),
	SAYS(astray_and_corrupt, "nfs3 mounted -, nfs3 mounted -"),
	SAYS(second_socket, "nfs3 failed reply-from-other-address"),
	NO(second_socket, CAPTURE_ONE_SIDED),
	YES(knock, SERVICE_REFUSED),
	NO(knock_from_above, SERVICE_REFUSED),
	YES(refused_in_use, SERVICE_REFUSED),
	NO(refused_for_a_while, SERVICE_REFUSED),
	YES(deaf_client, REPLIES_NOT_RECEIVED),
	NO(deaf_for_a_moment, REPLIES_NOT_RECEIVED),
	YES(kerberos_only, MOUNT_FLAVOR_MISMATCH),
	NO(plain_export, MOUNT_FLAVOR_MISMATCH),
	YES(large_reply_vanishes, PATH_MTU_BLACK_HOLE),
	NO(large_reply_not_captured, PATH_MTU_BLACK_HOLE),
};

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_path_of_mount),
		cmocka_unit_test(test_asked_is_the_server),
	};
	return RUN_ROWS(rows, others);
}
