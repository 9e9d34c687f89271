/*
 * Captures that are worse than what was sent: packets in them twice, late, torn or not at all.
 * What the wire did is found, what the capture did is not taken for it.
 */
#include "verdict_rows.h"

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

/* -- captured badly -- */

/* Only what the client sends: also its answer to what the server called on its connection. */
static void
callback_heard_half(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	scene->deaf = true;
	tcp_accept(scene, &wire);
	null_call(scene, &wire, NFS, 4);
	struct octets reply = rpc_reply(scene, 0, NULL);
	reply.at[0] ^= 0x55;
	say(scene, &wire, true, &reply);
	pause_ms(scene, 5000);
	tcp_fin(scene, &wire, true);
}

static void
torn_twice(struct scene *scene)
{
	struct octets list = {.size = 4000};
	scene->twice = true;
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	scene->piece_lost = 1;
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, list);
	pause_ms(scene, 4000);
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
}

/* A piece of a reply is missing, and the client goes on: the capture lost it. */
static void
torn_by_capture(struct scene *scene)
{
	struct octets list = {.size = 4000};
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	scene->piece_lost = 1;
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, list);
	scene->piece_lost = 0;
	null_call(scene, &wire, MOUNTD, 3);
	pause_ms(scene, 4000);
	null_call(scene, &wire, MOUNTD, 3);
}

static void
mounted_twice(struct scene *scene)
{
	scene->twice = true;
	mount3(scene);
}

/* The RST stands before the SYN that it refuses. */
static void
refused_before_asked(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	move_on(&wire, true, 1);
	segment(scene, &wire, false, RST | ACK, NULL);
	move_on(&wire, true, UINT32_MAX);
	segment(scene, &wire, true, SYN, NULL);
	pause_ms(scene, 3000);
}

/* The answer stands before its question; what it says counts all the same. */
static void
answered_before_asked(struct scene *scene, uint32_t port)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, MOUNTD, 3, 17, 0), result = words(1, port);
	struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
	struct octets reply = rpc_reply(scene, 0, &result);
	udp(scene, &wire, false, &reply);
	udp(scene, &wire, true, &call);
}

static void
denied_before_asked(struct scene *scene)
{
	answered_before_asked(scene, 0);
}

static void
told_before_asked(struct scene *scene)
{
	answered_before_asked(scene, MOUNTD_PORT);
}

/* The SYN+ACK is not in the capture; the RST that ends the connection refuses nothing. */
static void
reset_without_syn_ack(struct scene *scene)
{
	struct wire wire = find_mountd(scene, TRANSPORT_TCP);
	segment(scene, &wire, true, SYN, NULL);
	move_on(&wire, true, 1);
	move_on(&wire, false, 1);
	segment(scene, &wire, true, ACK, NULL);
	null_call(scene, &wire, MOUNTD, 3);
	segment(scene, &wire, false, RST | ACK, NULL);
	pause_ms(scene, 3000);
}

/* A refusal, then silence: ICMP errors are limited. */
static void
refused_then_silent(struct scene *scene)
{
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	for (unsigned i = 0; i < 2; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
		ask(scene, &wire, MOUNTD, 3, 0, NULL, NULL);
		if (i == 0)
			icmp(scene, SERVER, 3, 3);
		pause_ms(scene, 4000);
	}
}

/* RFC 5665 section 5.2.3: no octet is above 255. */
static void
no_address(struct scene *scene)
{
	struct octets question = words(2, MOUNTD, 3), address = {0};
	put_string(&question, "udp");
	put_string(&question, "");
	put_string(&question, "");
	put_string(&address, "10.0.0.1.300.1");
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	ask_words(scene, &wire, PORTMAP, 4, 3, &question, address);
}

/* COMPOUNDs of which the snap length left the status only. */
static void
refused_unread(struct scene *scene)
{
	scene->snap = 110;
	struct wire wire = tcp_open(scene, 2049);
	for (unsigned i = 0; i < 20; i++)
		nfs4(scene, &wire, PUTROOTFH, LOOKUP, &(struct octets){.size = 80},
		     i < 19 ? 0 : 13);
	tcp_close(scene, &wire);
}

/* -- the table -- */

static const struct row rows[] = {
	SAYS(both_ends_8ms, "nfs3 mounted -"),
	SAYS(both_ends_45ms, "nfs3 mounted -"),
	SAYS(both_ends_30ms_v6, "nfs3 mounted -"),
	NOTE(callback_heard_half, CAPTURE_ONE_SIDED),
	NO(callback_heard_half, REPLY_MISMATCH),
	YES(torn_twice, UDP_FRAGMENT_LOST),
	NO(torn_by_capture, UDP_FRAGMENT_LOST),
	NO(mounted_twice, RETRANSMISSIONS),
	NO(mounted_twice, PACKET_LOSS),
	YES(refused_before_asked, SERVICE_REFUSED),
	YES(denied_before_asked, NOT_REGISTERED),
	NO(told_before_asked, NOT_REGISTERED),
	NO(reset_without_syn_ack, SERVICE_REFUSED),
	NOTE(reset_without_syn_ack, CAPTURE_GAPS),
	YES(refused_then_silent, SERVICE_REFUSED),
	NO(refused_unread, NFS_ERROR),
	NOTE(refused_unread, CAPTURE_CUT),
	YES(no_address, PORTMAP_BAD_ANSWER),
	SAYS(refused_unread,
	     "nfs4 incomplete -"), /* what cannot be told is not called a success */
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
