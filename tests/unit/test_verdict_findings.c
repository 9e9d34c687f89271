/*
 * Each finding with a capture that makes it appear and one, close to it, that must
 * not: a table of both.
 */
#include "verdict_rows.h"

/* -- at port 111 -- */

static void
portmap_silent(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	arp_resolve(scene);
	syns(scene, &wire, 4);
}

/* One SYN in the last moment of the capture. */
static void
portmap_not_yet(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	segment(scene, &wire, true, SYN, NULL);
}

static void
portmap_udp_silent(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 17, 0);
	struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
	udp_in_vain(scene, &wire, &call, 3);
}

static void
portmap_reset(struct scene *scene)
{
	tcp_refused_at(scene, 111);
}

static void
portmap_port_unreachable(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 17, 0);
	ask(scene, &wire, PORTMAP, 2, 3, &mapping, NULL);
	icmp(scene, SERVER, 3, 3);
}

/* rpcinfo ends its connection with RST when it has its answer: no refusal. */
static void
portmap_reset_after_answer(struct scene *scene)
{
	struct wire wire = tcp_open(scene, 111);
	struct octets mapping = words(4, NFS, 3, 6, 0);
	ask_words(scene, &wire, PORTMAP, 2, 3, &mapping, words(1, 2049));
	segment(scene, &wire, true, RST, NULL);
}

static void
portmap_prohibited(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	segment(scene, &wire, true, SYN, NULL);
	icmp(scene, ROUTER, 3, 13);
	pause_ms(scene, 1000);
}

static void
portmap_accepts_only(struct scene *scene)
{
	struct wire wire = tcp_open(scene, 111);
	struct octets mapping = words(4, NFS, 3, 6, 0);
	ask(scene, &wire, PORTMAP, 2, 3, &mapping, NULL);
	pause_ms(scene, 10000);
	tcp_fin(scene, &wire, true);
}

static void
portmap_denies(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 6, 0);
	struct octets reply = rpc_denied(scene, 5);
	ask(scene, &wire, PORTMAP, 2, 3, &mapping, &reply);
}

/* rpcbind version 4 is refused, version 2 works. */
static void
portmap_old(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets range = words(2, 2, 2);
	struct octets reply = rpc_reply(scene, 2, &range);
	ask(scene, &wire, PORTMAP, 4, 3, NULL, &reply);
	getport(scene, NFS, 3, 6, 2049);
}

static void
not_there(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 0);
}

static void
no_port(struct scene *scene)
{
	probe(scene);
	getport(scene, MOUNTD, 3, 17, 70000);
}

/* Not by UDP, but by TCP, and the mount works. */
static void
there_by_tcp(struct scene *scene)
{
	getport(scene, MOUNTD, 3, 17, 0);
	mount3(scene);
}

static void
from_elsewhere(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 17, 0), port = words(1, 2049);
	ask(scene, &wire, PORTMAP, 2, 3, &mapping, NULL);
	struct octets reply = rpc_reply(scene, 0, &port);
	wire.server = OTHER;
	udp(scene, &wire, false, &reply);
	pause_ms(scene, 3000);
}

static void
answered(struct scene *scene)
{
	getport(scene, NFS, 3, 17, 2049);
}

static void
indirect(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets inner = words(4, MOUNTD, 3, 0, 0);
	ask(scene, &wire, PORTMAP, 2, 5, &inner, NULL);
	pause_ms(scene, 5000);
	arp(scene, 1, CLIENT, CLIENT, SERVER);
}

static void
indirect_answered(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets inner = words(4, MOUNTD, 3, 0, 0);
	ask_words(scene, &wire, PORTMAP, 2, 5, &inner, words(2, MOUNTD_PORT, 0));
}

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

/* -- connections -- */

static void
never_closes(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	null_call(scene, &wire, MOUNTD, 3);
	tcp_fin(scene, &wire, true);
	pause_ms(scene, 20000);
	getport(scene, MOUNTD, 3, 6, MOUNTD_PORT);
}

/* FINs of that end that nobody acknowledges. */
static void
repeat_fin(struct scene *scene, struct wire *wire, bool by_client)
{
	send_in_vain(scene, wire, by_client, FIN | ACK, NULL, 4, 1000);
	getport(scene, MOUNTD, 3, 6, MOUNTD_PORT);
}

static void
fin_in_vain(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	null_call(scene, &wire, MOUNTD, 3);
	repeat_fin(scene, &wire, true);
}

static void
last_ack_missing(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	null_call(scene, &wire, MOUNTD, 3);
	tcp_fin(scene, &wire, true);
	repeat_fin(scene, &wire, false);
}

/* Both FINs cross, and neither is acknowledged. */
static void
closing(struct scene *scene)
{
	struct wire wire = open_mountd(scene);
	null_call(scene, &wire, MOUNTD, 3);
	struct wire before = wire;
	segment(scene, &wire, true, FIN | ACK, NULL);
	segment(scene, &wire, false, FIN | ACK, NULL);
	move_on(&before, false, 1);
	segment(scene, &before, true, ACK, NULL);
	before.client_sequence = wire.client_sequence;
	repeat_fin(scene, &before, true);
}

static void
client_gone(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct octets note = words(4, 0x80000010, 0, 0, 0);
	send_in_vain(scene, &nfs, false, PUSH, &note, 6, 500);
}

/* Every call twice, and each is answered at once. */
static void
repeats(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct octets handle = {0}, result = attributes(2);
	put_opaque(&handle, "0123456789abcdef", 16);
	for (unsigned i = 0; i < 20; i++) {
		struct octets call = rpc_call(scene, NFS, 3, 1, 0, &handle);
		say(scene, &nfs, true, &call);
		pause_ms(scene, 100);
		say(scene, &nfs, true, &call);
		struct octets reply = rpc_reply(scene, 0, &result);
		say(scene, &nfs, false, &reply);
	}
}

/* A segment that the client acknowledges is not in the capture. */
static void
capture_loses(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	move_on(&nfs, false, 500);
	nfs3(scene, &nfs, 1, attributes(2));
}

static void
flood(struct scene *scene)
{
	for (unsigned i = 0; i < 60; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
		wire.client = (uint8_t)(100 + i);
		segment(scene, &wire, true, SYN, NULL);
	}
}

/* As many, but each is completed. */
static void
many_clients(struct scene *scene)
{
	for (unsigned i = 0; i < 60; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
		wire.client = (uint8_t)(100 + i);
		tcp_accept(scene, &wire);
		tcp_close(scene, &wire);
	}
}

static void
pile_up(struct scene *scene)
{
	for (unsigned i = 0; i < 300; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
		wire.client_port = (uint16_t)(700 + i);
		tcp_accept(scene, &wire);
		tcp_close(scene, &wire);
	}
}

static void
challenge(struct scene *scene)
{
	struct wire old = mount3(scene), wire = old;
	wire.client_sequence = 0x70000000;
	for (unsigned i = 0; i < 4; i++) {
		segment(scene, &wire, true, SYN, NULL);
		segment(scene, &old, false, ACK, NULL);
		pause_ms(scene, 1000LL << i);
	}
}

static void
reset_in_use(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct octets handle = file_handle();
	ask(scene, &nfs, NFS, 3, 1, &handle, NULL);
	segment(scene, &nfs, false, RST, NULL);
}

static void
gone_meanwhile(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct octets handle = {0};
	pause_ms(scene, 60000);
	put_opaque(&handle, "0123456789abcdef", 16);
	struct octets call = rpc_call(scene, NFS, 3, 1, 0, &handle), record = marked(&call);
	segment(scene, &nfs, true, PUSH, &record);
	segment(scene, &nfs, false, RST, NULL);
}

/* -- the way between -- */

static void
clock_set(struct scene *scene)
{
	probe(scene);
	pause_ms(scene, -5000);
	mount3(scene);
}

static void
stops(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct octets record = getattr_record(scene);
	send_in_vain(scene, &nfs, true, PUSH, &record, 5, 1000);
}

static void
narrow(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct octets handle = {0}, large = {.size = 1448};
	put_opaque(&handle, "0123456789abcdef", 16);
	ask(scene, &nfs, NFS, 3, 6, &handle, NULL);
	large.at[0] = 0x80;
	large.at[2] = 0x20;
	for (unsigned i = 0; i < 5; i++) {
		segment(scene, &nfs, false, ACK, &large);
		pause_ms(scene, 500LL << i);
		segment(scene, &nfs, true, ACK, NULL);
	}
}

static void
torn(struct scene *scene, bool lost)
{
	struct octets list = {.size = 4000};
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	scene->piece_lost = lost;
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, list);
	scene->piece_lost = 0;
	pause_ms(scene, 4000);
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
}

static void
pieces_lost(struct scene *scene)
{
	torn(scene, true);
}

static void
pieces_whole(struct scene *scene)
{
	torn(scene, false);
}

/* Every call is answered, but only after two seconds. */
static void
slow_calls(struct scene *scene)
{
	for (unsigned i = 0; i < 4; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
		struct octets mapping = words(4, i % 2 == 0 ? NFS : MOUNTD, 3, 17, 0);
		struct octets port = words(1, 2049);
		struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
		udp(scene, &wire, true, &call);
		pause_ms(scene, 1000);
		udp(scene, &wire, true, &call);
		pause_ms(scene, 1000);
		struct octets reply = rpc_reply(scene, 0, &port);
		udp(scene, &wire, false, &reply);
	}
}

static void
lossy(struct scene *scene)
{
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	for (unsigned i = 0; i < 8; i++) {
		struct wire wire =
			new_wire(scene, TRANSPORT_UDP, i % 2 == 0 ? 111 : MOUNTD_PORT);
		struct octets mapping = words(4, MOUNTD, 3, 17, 0),
			      port = words(1, MOUNTD_PORT);
		struct octets call = i % 2 == 0 ? rpc_call(scene, PORTMAP, 2, 3, 0, &mapping)
						: rpc_call(scene, MOUNTD, 3, 0, 0, NULL);
		udp(scene, &wire, true, &call);
		pause_ms(scene, 1000);
		udp(scene, &wire, true, &call);
		struct octets reply = rpc_reply(scene, 0, i % 2 == 0 ? &port : NULL);
		udp(scene, &wire, false, &reply);
	}
}

static void
unheard_replies(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 17, 0), port = words(1, 2049);
	struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
	for (unsigned i = 0; i < 3; i++) {
		udp(scene, &wire, true, &call);
		struct octets reply = rpc_reply(scene, 0, &port);
		udp(scene, &wire, false, &reply);
		pause_ms(scene, 3000);
	}
}

static void
nobody_there(struct scene *scene)
{
	for (unsigned i = 0; i < 4; i++) {
		arp(scene, 1, CLIENT, CLIENT, SERVER);
		pause_ms(scene, 1000);
	}
}

static void
somebody_there(struct scene *scene)
{
	arp(scene, 1, CLIENT, CLIENT, SERVER);
	pause_ms(scene, 1000);
	arp_resolve(scene);
}

static void
router_says_no(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	segment(scene, &wire, true, SYN, NULL);
	icmp(scene, ROUTER, 3, 1);
}

static void
two_hosts(struct scene *scene)
{
	arp_resolve(scene);
	arp(scene, 2, SERVER, OTHER, CLIENT);
	portmap_reset(scene);
}

/* The address moved to another host for good, long ago. */
static void
moved_host(struct scene *scene)
{
	arp_resolve(scene);
	mount3(scene);
	pause_ms(scene, 100000);
	arp(scene, 2, SERVER, OTHER, CLIENT);
}

static void
cut_short(struct scene *scene)
{
	scene->snap = 96;
	mount3(scene);
}

/* -- the table -- */

static const struct row rows[] = {
	YES(portmap_silent, PORTMAP_NO_ANSWER),
	YES(portmap_udp_silent, PORTMAP_NO_ANSWER),
	NO(portmap_not_yet, PORTMAP_NO_ANSWER),
	YES(portmap_reset, PORTMAP_REFUSED),
	YES(portmap_port_unreachable, PORTMAP_REFUSED),
	NO(portmap_reset_after_answer, PORTMAP_REFUSED),
	YES(portmap_prohibited, PORTMAP_FILTERED),
	NO(portmap_port_unreachable, PORTMAP_FILTERED),
	YES(portmap_accepts_only, PORTMAP_HUNG),
	NO(portmap_reset_after_answer, PORTMAP_HUNG),
	YES(portmap_denies, PORTMAP_AUTH_REJECTED),
	NO(mountd_denies, PORTMAP_AUTH_REJECTED),
	NOTE(portmap_old, PORTMAP_VERSION_FALLBACK),
	NO(answered, PORTMAP_VERSION_FALLBACK),
	YES(not_there, NOT_REGISTERED),
	NO(there_by_tcp, NOT_REGISTERED),
	YES(no_port, PORTMAP_BAD_ANSWER),
	NO(not_there, PORTMAP_BAD_ANSWER),
	YES(from_elsewhere, REPLY_FROM_OTHER_ADDRESS),
	NO(answered, REPLY_FROM_OTHER_ADDRESS),
	YES(indirect, INDIRECT_UNANSWERED),
	NO(indirect_answered, INDIRECT_UNANSWERED),
	YES(mountd_silent, SERVICE_NO_ANSWER),
	NO(mountd_unheard, SERVICE_NO_ANSWER),
	NOTE(mountd_unheard, CAPTURE_ONE_SIDED),
	NO(mountd_silent, CAPTURE_ONE_SIDED),
	YES(mountd_reset, SERVICE_REFUSED),
	YES(nfs_reset_v4, SERVICE_REFUSED),
	NO(refused_then_mounted, SERVICE_REFUSED),
	YES(mountd_prohibited, SERVICE_FILTERED),
	NO(router_says_no, SERVICE_FILTERED),
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
	YES(v4_insecure, MOUNT_INSECURE_PORT),
	NO(mounted, MOUNT_INSECURE_PORT), /* its probes come from unprivileged ports */
	YES(no_path, MOUNT_NO_SUCH_PATH),
	YES(v4_no_path, MOUNT_NO_SUCH_PATH),
	NO(v4_no_name, MOUNT_NO_SUCH_PATH),
	YES(no_directory, MOUNT_NOT_A_DIRECTORY),
	YES(a_file, MOUNT_NOT_A_DIRECTORY),
	NO(mounted, MOUNT_NOT_A_DIRECTORY),
	YES(mountd_in_trouble, MOUNT_SERVER_ERROR),
	NO(no_path, MOUNT_SERVER_ERROR),
	NO(v4_referral, MOUNT_SERVER_ERROR),
	YES(other_flavor, MOUNT_FLAVOR_MISMATCH),
	NO(cut_after_mnt, MOUNT_FLAVOR_MISMATCH),
	YES(slow_mountd, MOUNT_SLOW),
	NO(mounted, MOUNT_SLOW),
	YES(v4_wrong_security, NFS4_WRONG_SECURITY),
	NO(v4_mounted, NFS4_WRONG_SECURITY),
	YES(v4_minor, NFS4_MINOR_VERSION),
	NO(v4_then_v3, NFS4_MINOR_VERSION),
	NOTE(v4_then_v3, NFS_VERSION_FALLBACK),
	NO(mounted, NFS_VERSION_FALLBACK),
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
	NO(mountd_closes, GSS_FAILED),
	YES(tls_not_there, TLS_REFUSED),
	NO(v4_minor, TLS_REFUSED),
	YES(no_kdc, KDC_UNREACHABLE),
	NO(v4_nothing_after_setup, KDC_UNREACHABLE),
	YES(v4_nothing_after_setup, NO_EVIDENCE),
	NO(v4_mounted, NO_EVIDENCE),
	YES(never_closes, TCP_CLOSE_WAIT_STUCK),
	NO(closed_in_order, TCP_CLOSE_WAIT_STUCK),
	NOTE(never_closes, TCP_FIN_WAIT_2_STUCK),
	NO(closed_in_order, TCP_FIN_WAIT_2_STUCK),
	YES(fin_in_vain, TCP_FIN_WAIT_1_STUCK),
	NO(never_closes, TCP_FIN_WAIT_1_STUCK),
	YES(last_ack_missing, TCP_LAST_ACK_STUCK),
	NO(closed_in_order, TCP_LAST_ACK_STUCK),
	YES(closing, TCP_CLOSING_STUCK),
	NO(fin_in_vain, TCP_CLOSING_STUCK),
	YES(client_gone, TCP_HALF_OPEN),
	NO(stops, TCP_HALF_OPEN),
	YES(repeats, RETRANSMISSIONS),
	NO(mounted, RETRANSMISSIONS),
	NOTE(capture_loses, CAPTURE_GAPS),
	NO(mounted, CAPTURE_GAPS),
	NOTE(clock_set, CAPTURE_CLOCK),
	NO(mounted, CAPTURE_CLOCK),
	YES(flood, TCP_SYN_FLOOD),
	NO(many_clients, TCP_SYN_FLOOD),
	YES(pile_up, TCP_TIME_WAIT_PILEUP),
	NO(many_clients, TCP_TIME_WAIT_PILEUP),
	YES(challenge, TCP_PORT_REUSE),
	NO(mounted, TCP_PORT_REUSE),
	YES(reset_in_use, TCP_RESET),
	NO(portmap_reset_after_answer, TCP_RESET),
	YES(gone_meanwhile, TCP_HALF_OPEN),
	NO(reset_in_use, TCP_HALF_OPEN),
	YES(stops, SERVER_STOPPED_ANSWERING),
	NO(mounted, SERVER_STOPPED_ANSWERING),
	YES(narrow, PATH_MTU_BLACK_HOLE),
	NO(stops, PATH_MTU_BLACK_HOLE),
	YES(pieces_lost, UDP_FRAGMENT_LOST),
	NO(pieces_whole, UDP_FRAGMENT_LOST),
	YES(slow_calls, SLOW_PATH),
	NO(lossy, SLOW_PATH),
	YES(lossy, PACKET_LOSS),
	NO(mountd_silent, PACKET_LOSS),
	YES(unheard_replies, REPLIES_NOT_RECEIVED),
	NO(portmap_udp_silent, REPLIES_NOT_RECEIVED),
	YES(nobody_there, HOST_UNREACHABLE),
	YES(router_says_no, HOST_UNREACHABLE),
	NO(somebody_there, HOST_UNREACHABLE),
	YES(two_hosts, DUPLICATE_ADDRESS),
	NO(moved_host, DUPLICATE_ADDRESS),
	NOTE(cut_short, CAPTURE_CUT),
	NO(mounted, CAPTURE_CUT),
	/* A working mount has neither error nor warning. */
	SAYS(mounted, "nfs3 mounted -"),
	SAYS(v4_mounted, "nfs4 mounted -"),
	SAYS(answered, "nfs3 incomplete -"),
	SAYS(closed_in_order, "query answered -"),
	SAYS(asks_for_versions, "query answered -, nfs4 incomplete -"),
	SAYS(pieces_whole, "query answered -, query answered -"),
	SAYS(v4_callback, "nfs4 mounted -"),
	SAYS(lock_manager, "nfs3 mounted -"),
	SAYS(indirect_answered, "query answered -"),
	SAYS(many_clients, ""),
	SAYS(portmap_old, "query answered -"),
	SAYS(v4_then_v3, "nfs3 mounted -"),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
