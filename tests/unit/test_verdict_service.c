/*
 * Findings at the ports of mountd and NFS, and of MNT: each with a capture that makes it
 * appear and one, close to it, that must not; and what works is quiet.
 */
#include "verdict_rows.h"

/* -- at the service's port -- */

static void
mountd_silent(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	syns(scene, &wire, 4);
}

/* The same, but nothing of the server is in the capture though the client got it. */
static void
mountd_unheard(struct scene *scene)
{
	scene->deaf = true;
	struct wire wire = open_mountd(scene);
	null_call(scene, &wire, MOUNTD, 3);
	pause_ms(scene, 9000);
	arp(scene, 1, CLIENT, CLIENT, SERVER);
}

static void
mountd_reset(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	tcp_refuse(scene, &wire);
}

static void
nfs_reset_v4(struct scene *scene)
{
	tcp_refused_at(scene, 2049);
}

/* Refused by one, then mounted. */
static void
refused_then_mounted(struct scene *scene)
{
	mountd_reset(scene);
	mount3(scene);
}

static void
mountd_prohibited(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	segment(scene, &wire, true, SYN, NULL);
	icmp(scene, SERVER, 3, 10);
}

static void
mountd_hung(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
	pause_ms(scene, 10000);
	tcp_fin(scene, &wire, true);
}

/* NULL was answered, MNT is not. */
static void
mnt_hung(struct scene *scene)
{
	struct octets path = string_of("/srv");
	probe(scene);
	struct wire wire = tcp_open(scene, MOUNTD_PORT);
	null_call(scene, &wire, MOUNTD, 3);
	ask(scene, &wire, MOUNTD, 3, 1, &path, NULL);
	pause_ms(scene, 30000);
	tcp_fin(scene, &wire, true);
}

/* The capture ends with the question. */
static void
mountd_not_yet(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
}

static void
refuse_probe(struct scene *scene, uint32_t accept_stat)
{
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	struct octets range = words(2, 1, 2);
	struct octets reply = rpc_reply(scene, accept_stat, accept_stat == 2 ? &range : NULL);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, &reply);
}

static void
no_program(struct scene *scene)
{
	refuse_probe(scene, 1);
}

static void
no_version(struct scene *scene)
{
	refuse_probe(scene, 2);
}

static void
no_procedure(struct scene *scene)
{
	refuse_probe(scene, 3);
}

static void
bad_arguments(struct scene *scene)
{
	refuse_probe(scene, 4);
}

static void
broken_service(struct scene *scene)
{
	refuse_probe(scene, 5);
}

/* rpcinfo asks for version 0 to be told which there are. */
static void
asks_for_versions(struct scene *scene)
{
	getport(scene, NFS, 0, 6, 2049);
	struct wire wire = tcp_open(scene, 2049);
	struct octets range = words(2, 3, 4);
	struct octets reply = rpc_reply(scene, 2, &range);
	ask(scene, &wire, NFS, 0, 0, NULL, &reply);
	null_call(scene, &wire, NFS, 3);
	null_call(scene, &wire, NFS, 4);
}

static void
mountd_denies(struct scene *scene)
{
	probe(scene);
	struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	struct octets path = {0}, reply = rpc_denied(scene, 5);
	put_string(&path, "/srv");
	ask(scene, &wire, MOUNTD, 3, 1, &path, &reply);
}

static void
mountd_closes(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
	tcp_fin(scene, &wire, false);
	tcp_fin(scene, &wire, true);
}

static void
mountd_resets_on_call(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
	segment(scene, &wire, false, RST, NULL);
}

/* The client closes, then the server, as it should be. */
static void
closed_in_order(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	null_call(scene, &wire, MOUNTD, 3);
	tcp_close(scene, &wire);
}

static void
speaks_http(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	struct octets text = {.at = "HTTP/1.0 400 Bad Request\r\n\r\n", .size = 28};
	tcp_accept(scene, &wire);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
	tcp_send(scene, &wire, false, &text);
	tcp_fin(scene, &wire, false);
}

static void
other_xid(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
	struct octets reply = rpc_reply(scene, 0, NULL);
	reply.at[0] ^= 0x55;
	say(scene, &wire, false, &reply);
	pause_ms(scene, 10000);
	tcp_fin(scene, &wire, true);
}

static void
half_a_reply(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
	struct octets reply = rpc_reply(scene, 0, NULL), record = marked(&reply);
	record.size = 16;
	tcp_send(scene, &wire, false, &record);
	pause_ms(scene, 10000);
	tcp_fin(scene, &wire, true);
}

/* -- MNT -- */

static void
denied(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 13, 0);
}

static void
denied_insecure(struct scene *scene)
{
	probe(scene);
	mnt(scene, 45678, 13, 0);
}

static void
no_path(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 2, 0);
}

static void
no_directory(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 20, 0);
}

static void
mountd_in_trouble(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 10006, 0);
}

static void
other_flavor(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 390003);
	pause_ms(scene, 2000);
	arp(scene, 1, SERVER, SERVER, CLIENT);
}

/* The capture ends with the answer. */
static void
cut_after_mnt(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
}

static void
a_file(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(1));
	tcp_close(scene, &nfs);
	pause_ms(scene, 1000);
}

static void
mounted(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	tcp_close(scene, &nfs);
}

static void
slow_mountd(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	struct octets call = rpc_call(scene, MOUNTD, 3, 0, 0, NULL);
	udp_in_vain(scene, &wire, &call, 3);
	struct octets reply = rpc_reply(scene, 0, NULL);
	udp(scene, &wire, false, &reply);
	mnt(scene, 900, 0, 1);
	nfs_use(scene);
}

/* -- the table -- */

static const struct row rows[] = {
	NO(mountd_denies, PORTMAP_AUTH_REJECTED),
	YES(mountd_silent, SERVICE_NO_ANSWER),
	NO(mountd_unheard, SERVICE_NO_ANSWER),
	NOTE(mountd_unheard, CAPTURE_ONE_SIDED),
	NO(mountd_silent, CAPTURE_ONE_SIDED),
	YES(mountd_reset, SERVICE_REFUSED),
	YES(nfs_reset_v4, SERVICE_REFUSED),
	NO(refused_then_mounted, SERVICE_REFUSED),
	YES(mountd_prohibited, SERVICE_FILTERED),
	YES(mountd_hung, SERVICE_HUNG),
	YES(mnt_hung, SERVICE_HUNG),
	NO(mountd_not_yet, SERVICE_HUNG),
	YES(no_program, PROGRAM_UNAVAILABLE),
	NO(no_version, PROGRAM_UNAVAILABLE),
	YES(no_version, VERSION_MISMATCH),
	NO(asks_for_versions, VERSION_MISMATCH),
	YES(no_procedure, PROCEDURE_UNAVAILABLE),
	NO(bad_arguments, PROCEDURE_UNAVAILABLE),
	YES(bad_arguments, GARBAGE_ARGS),
	NO(broken_service, GARBAGE_ARGS),
	YES(broken_service, SYSTEM_ERROR),
	NO(no_program, SYSTEM_ERROR),
	YES(mountd_denies, AUTH_REJECTED),
	NO(denied, AUTH_REJECTED),
	YES(mountd_closes, SERVICE_CLOSED),
	YES(mountd_resets_on_call, SERVICE_CLOSED),
	NO(closed_in_order, SERVICE_CLOSED),
	YES(speaks_http, NOT_RPC),
	NO(other_xid, NOT_RPC),
	YES(other_xid, REPLY_MISMATCH),
	NO(half_a_reply, REPLY_MISMATCH),
	YES(half_a_reply, REPLY_INCOMPLETE),
	NO(mountd_hung, REPLY_INCOMPLETE),
	YES(denied, MOUNT_ACCESS_DENIED),
	NO(denied_insecure, MOUNT_ACCESS_DENIED),
	YES(denied_insecure, MOUNT_INSECURE_PORT),
	NO(mounted, MOUNT_INSECURE_PORT), /* its probes come from unprivileged ports */
	YES(no_path, MOUNT_NO_SUCH_PATH),
	YES(no_directory, MOUNT_NOT_A_DIRECTORY),
	YES(a_file, MOUNT_NOT_A_DIRECTORY),
	NO(mounted, MOUNT_NOT_A_DIRECTORY),
	YES(mountd_in_trouble, MOUNT_SERVER_ERROR),
	NO(no_path, MOUNT_SERVER_ERROR),
	YES(other_flavor, MOUNT_FLAVOR_MISMATCH),
	NO(cut_after_mnt, MOUNT_FLAVOR_MISMATCH),
	YES(slow_mountd, MOUNT_SLOW),
	NO(mounted, MOUNT_SLOW),
	NO(mounted, NFS_VERSION_FALLBACK),
	NO(mountd_closes, GSS_FAILED),
	NO(closed_in_order, TCP_CLOSE_WAIT_STUCK),
	NO(closed_in_order, TCP_FIN_WAIT_2_STUCK),
	NO(closed_in_order, TCP_LAST_ACK_STUCK),
	NO(mounted, RETRANSMISSIONS),
	NO(mounted, CAPTURE_GAPS),
	NO(mounted, CAPTURE_CLOCK),
	NO(mounted, TCP_PORT_REUSE),
	NO(mounted, SERVER_STOPPED_ANSWERING),
	NO(mountd_silent, PACKET_LOSS),
	NO(mounted, CAPTURE_CUT),
	SAYS(mounted, "nfs3 mounted -"),
	SAYS(closed_in_order, "query answered -"),
	SAYS(asks_for_versions, "query answered -, nfs4 incomplete -"),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
