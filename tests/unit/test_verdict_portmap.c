/*
 * Findings at port 111: each with a capture that makes it
 * appear and one, close to it, that must not; and what works is quiet.
 */
#include "verdict_rows.h"

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

/* An attempt that waits for an answer lasts as long as it waits. */
static void
test_attempt_lasts(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, portmap_accepts_only);
	const struct attempt *attempt = &scene.verdict->attempts[0];
	assert_true(attempt->end - attempt->start >= 10 * SECOND);
	scene_end(&scene);
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
	NO(portmap_reset_after_answer, TCP_RESET),
	NO(portmap_udp_silent, REPLIES_NOT_RECEIVED),
	SAYS(portmap_accepts_only, "nfs3 failed portmap-hung"),
	SAYS(answered, "nfs3 incomplete -"),
	SAYS(indirect_answered, "query answered -"),
	SAYS(portmap_old, "query answered -"),
};

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_attempt_lasts),
	};
	return RUN_ROWS(rows, others);
}
