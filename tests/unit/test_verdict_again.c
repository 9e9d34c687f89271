/*
 * Tries that follow each other, resets between them, several mounts, callbacks: each scene
 * with the whole of its verdict. Beside each fault stands one close to it that is none.
 */
#include "verdict_rows.h"

enum { SECOND_CLIENT = 22, NOENT = 2, STALE_CLIENTID = 10022, GETATTR = 9, PUTFH = 22 };

/* -- what a mount waited for -- */

static void
portmapper_up_late(struct scene *scene)
{
	for (unsigned i = 0; i < 3; i++) {
		tcp_refused_at(scene, 111);
		pause_ms(scene, 1800);
	}
	mount3(scene);
}

static void
portmapper_by_udp_at_once(struct scene *scene)
{
	tcp_refused_at(scene, 111);
	mount3(scene);
}

static void
mountd_port_opened(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	syns(scene, &wire, 4);
	mount3(scene);
}

static void
mountd_syn_lost_among_others(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = new_wire(scene, TRANSPORT_TCP, 2049);
	segment(scene, &nfs, true, SYN, NULL);
	pause_ms(scene, 1000);
	tcp_accept(scene, &nfs);
	null_call(scene, &nfs, NFS, 3);
	tcp_close(scene, &nfs);
	mountd_port_opened(scene);
}

static void
mountd_registered_late(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	getport(scene, MOUNTD, 3, 17, 0);
	pause_ms(scene, 6000);
	mount3(scene);
}

static void
mountd_by_tcp_only(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	getport(scene, MOUNTD, 3, 17, 0);
	getport(scene, MOUNTD, 3, 6, MOUNTD_PORT);
	mount3(scene);
}

static void
nfsd_up_late_v4(struct scene *scene)
{
	tcp_refused_at(scene, 2049);
	pause_ms(scene, 2000);
	tcp_refused_at(scene, 2049);
	pause_ms(scene, 4000);
	mount4(scene);
}

static void
nfsd_up_at_once_v4(struct scene *scene)
{
	tcp_refused_at(scene, 2049);
	pause_ms(scene, 1000);
	mount4(scene);
}

static void
exported_late_v4(struct scene *scene)
{
	struct wire wire = open_nfs4(scene);
	struct octets id = setclientid(45000);
	for (unsigned i = 0; i < 3; i++) {
		struct octets operations = words(1, SETCLIENTID);
		put_all(&operations, &id);
		struct octets call = compound(1, &operations), denied = rpc_denied(scene, 1);
		ask(scene, &wire, NFS, 4, 1, &call, &denied);
	}
	tcp_close(scene, &wire);
	pause_ms(scene, 5000);
	mount4(scene);
}

static void
portmapper_silent_at_first(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 6, 0);
	ask(scene, &wire, PORTMAP, 2, 3, &mapping, NULL);
	pause_ms(scene, 5000);
	mount3(scene);
}

/* The list comes at the third try: a query waits as a mount does. */
static void
list_waited_for(struct scene *scene)
{
	for (unsigned i = 0; i < 2; i++) {
		tcp_refused_at(scene, 111);
		pause_ms(scene, 2500);
	}
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, words(1, 0));
}

static void
one_of_two_waits(struct scene *scene)
{
	struct wire waits = new_wire(scene, TRANSPORT_TCP, 2049);
	waits.client = SECOND_CLIENT;
	tcp_refuse(scene, &waits);
	mount4(scene);
	pause_ms(scene, 4000);
	struct wire wire = open_nfs4_from(scene, SECOND_CLIENT, 0);
	struct octets id = client_id(9, "Linux NFSv4.0", "10.0.0.22.175.201");
	confirm_id(scene, &wire, &id);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	read_link(scene, &wire);
}

/* -- resets -- */

static void
reset_after(struct scene *scene, int64_t idle, int64_t away, bool closed)
{
	struct wire wire = mount3(scene);
	nfs3(scene, &wire, 1, attributes(2));
	pause_ms(scene, idle);
	if (closed)
		tcp_fin(scene, &wire, true);
	segment(scene, &wire, false, RST | ACK, NULL);
	if (away == 0)
		return;
	pause_ms(scene, away);
	wire.client_sequence += 1000000;
	wire.server_sequence += 1000000;
	tcp_accept(scene, &wire);
	nfs3(scene, &wire, 1, attributes(2));
}

static void
reset_between_calls(struct scene *scene)
{
	reset_after(scene, 150, 500, false);
}

static void
reset_when_idle(struct scene *scene)
{
	reset_after(scene, 30000, 500, false);
}

static void
reset_and_not_missed(struct scene *scene)
{
	reset_after(scene, 150, 0, false);
}

static void
reset_after_closing(struct scene *scene)
{
	reset_after(scene, 150, 500, true);
}

static void
reset_between_calls_v4(struct scene *scene)
{
	struct wire wire = mount4(scene);
	pause_ms(scene, 3000);
	segment(scene, &wire, false, RST, NULL);
	pause_ms(scene, 3000);
	struct wire again = new_wire(scene, TRANSPORT_TCP, 2049);
	again.client_port = 801;
	tcp_accept(scene, &again);
	read_link(scene, &again);
}

/* -- several mounts -- */

static void
walk4(struct scene *scene, struct wire *wire, unsigned names, uint32_t status)
{
	nfs4(scene, wire, 0, PUTROOTFH, NULL, 0);
	for (unsigned i = 0; i < names; i++) {
		struct octets operations = words(1, PUTFH), result = words(3, 0, 0, 0);
		bool last = i + 1 == names;
		put_opaque(&operations, "0123456789abcdef", 16);
		put32(&operations, LOOKUP);
		put_string(&operations, last ? "end" : "on");
		struct octets call = compound(2, &operations);
		if (last && status != 0)
			result = words(7, status, 0, 2, PUTFH, 0, LOOKUP, status);
		ask_words(scene, wire, NFS, 4, 1, &call, result);
	}
}

static void
three_walks(struct scene *scene, unsigned names)
{
	struct wire wire = setup4(scene, 800);
	walk4(scene, &wire, names, 0);
	pause_ms(scene, 90);
	walk4(scene, &wire, names, NOENT);
	pause_ms(scene, 90);
	walk4(scene, &wire, names, 0);
	read_link(scene, &wire);
}

static void
second_path_missing(struct scene *scene)
{
	three_walks(scene, 2);
}

static void
second_path_missing_far_on(struct scene *scene)
{
	three_walks(scene, 50);
}

static void
root_twice(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	walk4(scene, &wire, 2, 0);
	read_link(scene, &wire);
}

static void
version3_then_4(struct scene *scene)
{
	mount3(scene);
	pause_ms(scene, 2000);
	mount4(scene);
}

static void
version3_then_a_probe(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct wire wire = open_nfs4(scene);
	tcp_close(scene, &wire);
	nfs3(scene, &nfs, 1, attributes(2));
}

static void
more_connections(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	for (unsigned i = 0; i < 2; i++) {
		getport(scene, NFS, 3, 6, 2049);
		struct wire more = nfs_connect(scene);
		nfs3(scene, &more, 1, attributes(2));
	}
	nfs3(scene, &nfs, 1, attributes(2));
}

static void
mounted_again_v3(struct scene *scene)
{
	mount3(scene);
	pause_ms(scene, 100);
	mount3(scene);
}

static void
server_forgot(struct scene *scene)
{
	struct octets lease = {.size = 8}, id = setclientid(45000);
	struct wire wire = mount4(scene);
	pause_ms(scene, 6000);
	nfs4(scene, &wire, 0, RENEW, &lease, STALE_CLIENTID);
	confirm_id(scene, &wire, &id);
	nfs4(scene, &wire, PUTROOTFH, GETATTR, &(struct octets){.size = 4}, 0);
	read_link(scene, &wire);
}

/* -- callbacks -- */

/* The client behind a NAT names 10.0.0.77 (its own address there). */
static void
behind_nat(struct scene *scene, uint16_t called)
{
	struct octets id = client_id(1, "Linux NFSv4.0", "10.0.0.77.175.200"); /* 45000 */
	struct wire wire = open_nfs4(scene);
	confirm_id(scene, &wire, &id);
	struct wire back = wire_back(77, called);
	syns(scene, &back, 3);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	read_link(scene, &wire);
}

static void
callback_to_inside_of_nat(struct scene *scene)
{
	behind_nat(scene, 45000);
}

/* Nobody named that port: whatever it is, it is no callback. */
static void
connection_of_another_kind(struct scene *scene)
{
	behind_nat(scene, 45001);
}

/* -- the table -- */

static const struct row rows[] = {
	SAYS(portmapper_up_late, "nfs3 mounted portmap-refused"),
	SAYS(portmapper_by_udp_at_once, "nfs3 mounted -"),
	SAYS(mountd_port_opened, "nfs3 mounted service-no-answer"),
	SAYS(mountd_syn_lost_among_others, "nfs3 mounted -"),
	SAYS(mountd_registered_late, "nfs3 mounted not-registered"),
	SAYS(mountd_by_tcp_only, "nfs3 mounted -"),
	SAYS(nfsd_up_late_v4, "nfs4 mounted service-refused"),
	SAYS(nfsd_up_at_once_v4, "nfs4 mounted -"),
	SAYS(exported_late_v4, "nfs4 mounted auth-rejected"),
	SAYS(portmapper_silent_at_first, "nfs3 mounted portmap-no-answer"),
	SAYS(list_waited_for, "query answered portmap-refused"),
	SAYS(one_of_two_waits, "nfs4 mounted service-refused, nfs4 mounted -"),
	SAYS(reset_between_calls, "nfs3 mounted tcp-reset"),
	SAYS(reset_between_calls_v4, "nfs4 mounted tcp-reset"),
	SAYS(reset_when_idle, "nfs3 mounted -"),
	SAYS(reset_and_not_missed, "nfs3 mounted -"),
	SAYS(reset_after_closing, "nfs3 mounted -"),
	SAYS(second_path_missing,
	     "nfs4 mounted -, nfs4 failed mount-no-such-path, nfs4 mounted -"),
	SAYS(second_path_missing_far_on,
	     "nfs4 mounted -, nfs4 failed mount-no-such-path, nfs4 mounted -"),
	SAYS(root_twice, "nfs4 mounted -"),
	SAYS(version3_then_4, "nfs3 mounted -, nfs4 mounted -"),
	SAYS(version3_then_a_probe, "nfs3 mounted -"),
	SAYS(more_connections, "nfs3 mounted -"),
	SAYS(mounted_again_v3, "nfs3 mounted -, nfs3 mounted -"),
	SAYS(server_forgot, "nfs4 mounted server-restarted likely"),
	SAYS(callback_to_inside_of_nat, "nfs4 mounted callback-blocked"),
	SAYS(connection_of_another_kind, "nfs4 mounted -"),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
