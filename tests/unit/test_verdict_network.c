/*
 * Findings of connections, of the way between the hosts, and of the capture itself: each with a
 * capture that makes it appear and one, close to it, that must not; and what works is quiet.
 */
#include "verdict_rows.h"

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
	tcp_refused_at(scene, 111);
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
	NO(router_says_no, SERVICE_FILTERED),
	YES(never_closes, TCP_CLOSE_WAIT_STUCK),
	NOTE(never_closes, TCP_FIN_WAIT_2_STUCK),
	YES(fin_in_vain, TCP_FIN_WAIT_1_STUCK),
	NO(never_closes, TCP_FIN_WAIT_1_STUCK),
	YES(last_ack_missing, TCP_LAST_ACK_STUCK),
	YES(closing, TCP_CLOSING_STUCK),
	NO(fin_in_vain, TCP_CLOSING_STUCK),
	YES(client_gone, TCP_HALF_OPEN),
	NO(stops, TCP_HALF_OPEN),
	YES(repeats, RETRANSMISSIONS),
	NOTE(capture_loses, CAPTURE_GAPS),
	NOTE(clock_set, CAPTURE_CLOCK),
	YES(flood, TCP_SYN_FLOOD),
	NO(many_clients, TCP_SYN_FLOOD),
	YES(pile_up, TCP_TIME_WAIT_PILEUP),
	NO(many_clients, TCP_TIME_WAIT_PILEUP),
	YES(challenge, TCP_PORT_REUSE),
	YES(reset_in_use, TCP_RESET),
	YES(gone_meanwhile, TCP_HALF_OPEN),
	NO(reset_in_use, TCP_HALF_OPEN),
	YES(stops, SERVER_STOPPED_ANSWERING),
	YES(narrow, PATH_MTU_BLACK_HOLE),
	NO(stops, PATH_MTU_BLACK_HOLE),
	YES(pieces_lost, UDP_FRAGMENT_LOST),
	NO(pieces_whole, UDP_FRAGMENT_LOST),
	YES(slow_calls, SLOW_PATH),
	NO(lossy, SLOW_PATH),
	YES(lossy, PACKET_LOSS),
	YES(unheard_replies, REPLIES_NOT_RECEIVED),
	YES(nobody_there, HOST_UNREACHABLE),
	YES(router_says_no, HOST_UNREACHABLE),
	NO(somebody_there, HOST_UNREACHABLE),
	YES(two_hosts, DUPLICATE_ADDRESS),
	NO(moved_host, DUPLICATE_ADDRESS),
	NOTE(cut_short, CAPTURE_CUT),
	SAYS(pieces_whole, "query answered -, query answered -"),
	SAYS(many_clients, ""),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
