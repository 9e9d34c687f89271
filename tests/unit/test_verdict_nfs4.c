/*
 * Findings of NFS 4, of what helps it, and of security: each with a capture that makes it
 * appear and one, close to it, that must not; and what works is quiet.
 */
#include "verdict_rows.h"

/* -- NFS 4 -- */

static void
v4_no_path(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, &wire, 2);
	pause_ms(scene, 500);
}

/* A name that is not there, looked for later by a user. */
static void
v4_no_name(struct scene *scene)
{
	struct wire wire = mount4(scene);
	pause_ms(scene, 3000);
	lookup(scene, &wire, 2);
	pause_ms(scene, 500);
}

/* Another server has it: the client goes there. */
static void
v4_referral(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, &wire, 10019);
}

static void
v4_insecure(struct scene *scene)
{
	struct wire wire = setup4(scene, 45000);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 1);
}

static void
v4_wrong_security(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, &wire, 10016);
}

static void
v4_minor(struct scene *scene)
{
	struct wire wire = open_nfs4(scene);
	struct octets id = setclientid(45000);
	nfs4(scene, &wire, 0, SETCLIENTID, &id, 10021);
}

/* Refused, then 3 works. */
static void
v4_then_v3(struct scene *scene)
{
	v4_minor(scene);
	mount3(scene);
}

static void
v4_id_in_use(struct scene *scene)
{
	struct wire wire = open_nfs4(scene);
	struct octets id = setclientid(45000);
	nfs4(scene, &wire, 0, SETCLIENTID, &id, 10017);
}

static void
v4_nothing_after_setup(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	tcp_close(scene, &wire);
	pause_ms(scene, 2000);
	arp(scene, 1, CLIENT, CLIENT, SERVER);
}

static void
v4_mounted(struct scene *scene)
{
	mount4(scene);
}

static void
v4_answers(struct scene *scene, uint32_t status, unsigned times)
{
	struct wire wire = mount4(scene);
	for (unsigned i = 0; i < times; i++) {
		nfs4(scene, &wire, PUTROOTFH, READLINK, NULL, status);
		pause_ms(scene, 2000);
	}
}

static void
v4_grace(struct scene *scene)
{
	v4_answers(scene, 10013, 3);
}

static void
v4_delays(struct scene *scene)
{
	v4_answers(scene, 10008, 3);
}

static void
v4_one_delay(struct scene *scene)
{
	v4_answers(scene, 10008, 1);
}

static void
v4_stale(struct scene *scene)
{
	v4_answers(scene, 70, 1);
}

static void
v4_read_only(struct scene *scene)
{
	v4_answers(scene, 30, 2);
}

static void
v4_lost_ids(struct scene *scene)
{
	v4_answers(scene, 10022, 6);
}

/* The server does not know the client id; the client makes a new one. */
static void
v4_restart(struct scene *scene)
{
	struct wire wire = mount4(scene);
	struct octets id = setclientid(45000);
	nfs4(scene, &wire, PUTROOTFH, READLINK, NULL, 10022);
	confirm_id(scene, &wire, &id);
	read_link(scene, &wire);
}

static void
v4_away(struct scene *scene)
{
	struct wire wire = mount4(scene);
	pause_ms(scene, 200000);
	nfs4(scene, &wire, PUTROOTFH, READLINK, NULL, 10011);
}

static void
v4_no_callback(struct scene *scene)
{
	mount4(scene);
	struct wire wire = wire_back(CLIENT, 45000);
	syns(scene, &wire, 3);
}

static void
v4_callback(struct scene *scene)
{
	mount4(scene);
	struct wire wire = wire_back(CLIENT, 45000);
	tcp_accept(scene, &wire);
	null_call(scene, &wire, 0x40000000, 1);
}

/* -- helpers, security -- */

static void
no_lock_manager(struct scene *scene)
{
	mount3(scene);
	getport(scene, NLM, 4, 6, 0);
}

static void
lock_manager(struct scene *scene)
{
	mount3(scene);
	getport(scene, NLM, 4, 17, 33333);
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 33333);
	null_call(scene, &wire, NLM, 4);
}

static void
gss_closed(struct scene *scene)
{
	struct wire wire = open_nfs4(scene);
	struct octets token = string_of("token");
	struct octets call = rpc_call(scene, NFS, 4, 0, 6, &token);
	say(scene, &wire, true, &call);
	tcp_fin(scene, &wire, false);
}

static void
tls_not_there(struct scene *scene)
{
	struct wire wire = tcp_open(scene, 2049);
	struct octets call = rpc_call(scene, NFS, 4, 0, 7, NULL);
	say(scene, &wire, true, &call);
	struct octets reply = rpc_denied(scene, 1);
	say(scene, &wire, false, &reply);
	tcp_fin(scene, &wire, true);
}

static void
no_kdc(struct scene *scene)
{
	struct wire kdc = new_wire(scene, TRANSPORT_UDP, 88);
	struct octets request = {.at = {0x6a, 0x10}, .size = 18};
	struct wire wire = setup4(scene, 800);
	for (unsigned i = 0; i < 3; i++) {
		udp(scene, &kdc, true, &request);
		pause_ms(scene, 1000);
	}
	tcp_close(scene, &wire);
}

/* -- the table -- */

static const struct row rows[] = {
	YES(v4_insecure, MOUNT_INSECURE_PORT),
	YES(v4_no_path, MOUNT_NO_SUCH_PATH),
	NO(v4_no_name, MOUNT_NO_SUCH_PATH),
	NO(v4_referral, MOUNT_SERVER_ERROR),
	YES(v4_wrong_security, NFS4_WRONG_SECURITY),
	NO(v4_mounted, NFS4_WRONG_SECURITY),
	YES(v4_minor, NFS4_MINOR_VERSION),
	NO(v4_then_v3, NFS4_MINOR_VERSION),
	NOTE(v4_then_v3, NFS_VERSION_FALLBACK),
	YES(v4_grace, SERVER_IN_GRACE),
	NO(v4_delays, SERVER_IN_GRACE),
	YES(v4_id_in_use, CLIENT_ID_IN_USE),
	NO(v4_mounted, CLIENT_ID_IN_USE),
	YES(v4_lost_ids, CLIENT_ID_STALE),
	NO(v4_restart, CLIENT_ID_STALE),
	YES(v4_stale, STALE_HANDLE),
	NO(v4_read_only, STALE_HANDLE),
	YES(v4_delays, SERVER_DELAYS),
	NO(v4_one_delay, SERVER_DELAYS),
	YES(v4_read_only, NFS_ERROR),
	NO(v4_no_name, NFS_ERROR),
	YES(v4_restart, SERVER_RESTARTED),
	NO(v4_away, SERVER_RESTARTED),
	YES(v4_away, LEASE_EXPIRED),
	NO(v4_restart, LEASE_EXPIRED),
	YES(v4_no_callback, CALLBACK_BLOCKED),
	NO(v4_callback, CALLBACK_BLOCKED),
	YES(no_lock_manager, LOCK_SERVICE_UNREACHABLE),
	NO(lock_manager, LOCK_SERVICE_UNREACHABLE),
	YES(gss_closed, GSS_FAILED),
	YES(tls_not_there, TLS_REFUSED),
	NO(v4_minor, TLS_REFUSED),
	YES(no_kdc, KDC_UNREACHABLE),
	NO(v4_nothing_after_setup, KDC_UNREACHABLE),
	YES(v4_nothing_after_setup, NO_EVIDENCE),
	NO(v4_mounted, NO_EVIDENCE),
	SAYS(v4_mounted, "nfs4 mounted -"),
	SAYS(v4_callback, "nfs4 mounted -"),
	SAYS(lock_manager, "nfs3 mounted -"),
	SAYS(v4_then_v3, "nfs3 mounted -"),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
