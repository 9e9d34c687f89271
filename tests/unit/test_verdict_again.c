/*
 * Tries that follow each other, and packets that were captured again: each scene with the whole
 * of its verdict: per attempt its outcome and the finding that decides it. Beside each fault
 * stands one close to it that is none.
 */
#include "verdict_rows.h"

enum {
	SECOND_CLIENT = 22,
	NOENT = 2,
	STALE_CLIENTID = 10022,
	GETATTR = 9,
	ACCESS = 3,
	SEQUENCE = 53,
	EXCHANGE_ID = 42,
	CREATE_SESSION = 43,
	DESTROY_SESSION = 44,
	DESTROY_CLIENTID = 57,
	PUTFH = 22,
	LOCAL = 700 /* a reserved port */
};

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

/* -- NFS 4.1 and 4.2 -- */

/* One operation, with what came before it in its COMPOUND (0: nothing) but SEQUENCE. */
static void
session_call(struct scene *scene, struct wire *wire, uint32_t first, uint32_t operation,
	     const struct octets *arguments, const struct octets *answer, uint32_t status)
{
	bool bare = operation == EXCHANGE_ID || operation == CREATE_SESSION ||
		    operation >= DESTROY_CLIENTID || operation == DESTROY_SESSION;
	uint32_t count = (bare ? 0U : 1U) + (first != 0) + 1;
	struct octets call = words(3, 0, 2, count), result = words(3, status, 0, count);
	if (!bare) {
		put32(&call, SEQUENCE);
		put_all(&call, &(struct octets){.size = 32});
		put32(&result, SEQUENCE);
		put_all(&result, &(struct octets){.size = 40});
	}
	if (first != 0) {
		put32(&call, first);
		if (first == PUTFH)
			put_opaque(&call, "0123456789abcdef", 16);
		put32(&result, first);
		put32(&result, 0);
	}
	put32(&call, operation);
	if (arguments != NULL)
		put_all(&call, arguments);
	put32(&result, operation);
	put32(&result, status);
	if (answer != NULL)
		put_all(&result, answer);
	ask_words(scene, wire, NFS, 4, 1, &call, result);
}

static struct wire
session(struct scene *scene, uint16_t port)
{
	struct wire wire = open_nfs4_from(scene, CLIENT, port);
	struct octets owner = {.size = 8};
	put_string(&owner, "Linux NFSv4.2");
	put_all(&owner, &(struct octets){.size = 12});
	session_call(scene, &wire, 0, EXCHANGE_ID, &owner, &(struct octets){.size = 40}, 0);
	session_call(scene, &wire, 0, CREATE_SESSION, &(struct octets){.size = 84},
		     &(struct octets){.size = 80}, 0);
	session_call(scene, &wire, 0, PUTROOTFH, NULL, NULL, 0);
	return wire;
}

static void
leave(struct scene *scene, struct wire *wire)
{
	session_call(scene, wire, 0, DESTROY_SESSION, &(struct octets){.size = 16}, NULL, 0);
	session_call(scene, wire, 0, DESTROY_CLIENTID, &(struct octets){.size = 8}, NULL, 0);
	tcp_close(scene, wire);
}

static void
look(struct scene *scene, struct wire *wire, const char *name, uint32_t status)
{
	struct octets arguments = {0};
	put_string(&arguments, name);
	session_call(scene, wire, PUTFH, LOOKUP, &arguments, NULL, status);
}

/* ACCESS4_LOOKUP is 2: RFC 8881 section 18.1. */
static void
may(struct scene *scene, struct wire *wire, uint32_t granted)
{
	struct octets asked = words(1, 0x1f), answer = words(2, 0x1f, granted);
	session_call(scene, wire, PUTFH, ACCESS, &asked, &answer, 0);
}

static void
missing_then_right(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "wrong", NOENT);
	leave(scene, &wire);
	pause_ms(scene, 900);
	wire = session(scene, 801);
	look(scene, &wire, "right", 0);
	leave(scene, &wire);
}

static void
barred_on_the_way(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	may(scene, &wire, 0x1f);
	look(scene, &wire, "priv", 0);
	may(scene, &wire, 0);
	pause_ms(scene, 30);
	leave(scene, &wire);
}

static void
read_but_not_search(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "list", 0);
	may(scene, &wire, 1);
	leave(scene, &wire);
}

static void
search_but_not_read(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "x", 0);
	may(scene, &wire, 2);
	leave(scene, &wire);
}

static void
barred_after_the_mount(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "own", 0);
	pause_ms(scene, 600);
	may(scene, &wire, 0);
	pause_ms(scene, 100);
	leave(scene, &wire);
}

static void
barred_and_went_on(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "own", 0);
	may(scene, &wire, 0);
	session_call(scene, &wire, PUTFH, READLINK, NULL, NULL, 22);
	leave(scene, &wire);
}

static void
never_listed(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "data", 0);
	struct octets call = words(5, 0, 2, 1, READLINK, 0);
	ask(scene, &wire, NFS, 4, 1, &call, NULL);
}

/* -- captured again -- */

static void
work(struct scene *scene)
{
	struct wire wire = mount3(scene);
	for (unsigned i = 0; i < 12; i++)
		nfs3(scene, &wire, 1, attributes(2));
}

static void
both_ends_8ms(struct scene *scene)
{
	scene->echo_ms = 8;
	work(scene);
}

static void
both_ends_45ms(struct scene *scene)
{
	scene->echo_ms = 45;
	scene->stamps = true;
	work(scene);
}

static void
both_ends_30ms_v6(struct scene *scene)
{
	scene->echo_ms = 30;
	scene->stamps = scene->six = true;
	work(scene);
}

/* Each segment and call twice on the wire: another identification, another stamp. */
static void
twice_on_the_wire(struct scene *scene)
{
	for (unsigned i = 0; i < 4; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_TCP, i % 2 == 0 ? 2049 : 111);
		uint32_t program = i % 2 == 0 ? NFS : PORTMAP;
		tcp_accept(scene, &wire);
		for (unsigned c = 0; c < 6; c++) {
			uint32_t sequence = wire.client_sequence;
			null_call(scene, &wire, program, i % 2 == 0 ? 3 : 2);
			pause_ms(scene, 30);
			struct wire again = wire;
			again.client_sequence = sequence;
			struct octets octets = {.size = wire.client_sequence - sequence};
			segment(scene, &again, true, PUSH, &octets);
		}
	}
}

static void
twice_on_the_wire_v6(struct scene *scene)
{
	scene->six = scene->stamps = true;
	twice_on_the_wire(scene);
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
	SAYS(missing_then_right, "nfs4 failed mount-no-such-path, nfs4 mounted -"),
	SAYS(barred_on_the_way, "nfs4 failed nfs-error likely"),
	SAYS(read_but_not_search, "nfs4 failed nfs-error likely"),
	SAYS(search_but_not_read, "nfs4 mounted -"),
	SAYS(barred_after_the_mount, "nfs4 mounted -"),
	SAYS(barred_and_went_on, "nfs4 mounted -"),
	SAYS(never_listed, "nfs4 mounted -"),
	SAYS(both_ends_8ms, "nfs3 mounted -"),
	SAYS(both_ends_45ms, "nfs3 mounted -"),
	SAYS(both_ends_30ms_v6, "nfs3 mounted -"),
	SAYS(callback_to_inside_of_nat, "nfs4 mounted callback-blocked"),
	SAYS(connection_of_another_kind, "nfs4 mounted -"),
};

/* Of copies none is a retransmission, of what was sent again each is. */
static uint64_t
retransmits_of(play *scenario)
{
	struct scene *scene = calloc(1, sizeof *scene);
	assert_non_null(scene);
	scene_begin(scene);
	scenario(scene);
	scene_judge(scene);
	uint64_t retransmits = scene->facts->retransmits + scene->facts->repeats;
	scene_end(scene);
	free(scene);
	return retransmits;
}

static void
test_copies_are_not_sent_again(void **state)
{
	(void)state;
	assert_int_equal(retransmits_of(both_ends_8ms), 0);
	assert_int_equal(retransmits_of(both_ends_45ms), 0);
	assert_int_equal(retransmits_of(both_ends_30ms_v6), 0);
	assert_int_equal(retransmits_of(twice_on_the_wire), 24);
	assert_int_equal(retransmits_of(twice_on_the_wire_v6), 24);
}

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_copies_are_not_sent_again),
	};
	return RUN_ROWS(rows, others);
}
