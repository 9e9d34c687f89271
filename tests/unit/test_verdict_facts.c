/*
 * What the collectors write down: copies by the capture are one packet, checksums of
 * three kinds, calls with their repeats and late good replies, pieces, neighbours.
 */
#include "verdict_support.h"

static struct contact *
contact_to(const struct facts *facts, uint16_t port)
{
	for (size_t i = 0; i < facts->contact_count; i++) {
		if (facts->contacts[i]->server.port == port)
			return facts->contacts[i];
	}
	return NULL;
}

/* The same segment twice, as `-i any` gives it, is no repeat; one with a new IP id is. */
static void
test_copies(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_TCP, 111);
	segment(&scene, &wire, true, SYN, NULL);
	scene.identification--;
	segment(&scene, &wire, true, SYN, NULL);
	assert_int_equal(contact_to(scene.facts, 111)->end[0].syns, 1);
	pause_ms(&scene, 1000);
	segment(&scene, &wire, true, SYN, NULL);
	assert_int_equal(contact_to(scene.facts, 111)->end[0].syns, 2);
	scene_end(&scene);
}

static void
test_checksums(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	getport(&scene, NFS, 3, 17, 2049);
	assert_int_equal(scene.facts->good_checksums, 2);
	scene.corrupt = true;
	struct wire wire = new_wire(&scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 17, 0);
	ask(&scene, &wire, PORTMAP, 2, 3, &mapping, NULL);
	assert_int_equal(scene.facts->bad_checksums, 1);
	assert_int_equal(scene.facts->good_checksums, 2);
	scene_end(&scene);
}

/* The sum over the pseudo header alone is left to the network card: neither right nor wrong. */
static void
test_offload(void **state)
{
	uint8_t datagram[12] = {0, 1, 0, 111, 0, 12, 0, 0, 'd', 'a', 't', 'a'};
	struct packet packet = {.transport = TRANSPORT_UDP,
				.ip = {.version = 4},
				.datagram = datagram,
				.datagram_captured = sizeof datagram,
				.datagram_length = sizeof datagram};
	(void)state;
	datagram[7] = TRANSPORT_UDP + sizeof datagram; /* both addresses are 0 */
	assert_int_equal(checksum_verify(&packet), CHECKSUM_OFFLOADED);
	datagram[7]++;
	assert_int_equal(checksum_verify(&packet), CHECKSUM_BAD);
	datagram[6] = datagram[7] = 0;
	assert_int_equal(checksum_verify(&packet), CHECKSUM_UNKNOWN);
	packet.datagram_captured--;
	assert_int_equal(checksum_verify(&packet), CHECKSUM_UNKNOWN);
}

/* A call sent three times and answered once is one call. */
static void
test_repeats(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, MOUNTD, 3, 17, 0), port = words(1, 20048);
	struct octets call = rpc_call(&scene, PORTMAP, 2, 3, 0, &mapping);
	for (unsigned i = 0; i < 3; i++) {
		udp(&scene, &wire, true, &call);
		pause_ms(&scene, 1000);
	}
	struct octets reply = rpc_reply(&scene, 0, &port);
	udp(&scene, &wire, false, &reply);
	assert_int_equal(scene.facts->call_count, 1);
	const struct call *kept = &scene.facts->calls[0];
	assert_int_equal(kept->sends, 3);
	assert_int_equal(kept->replies, 1);
	assert_int_equal(kept->asked, MOUNTD);
	assert_true(kept->has_answer);
	assert_int_equal(kept->answer, 20048);
	assert_int_equal(call_sent_frame(kept, 2), 3);
	assert_int_equal(kept->reply_frame, 4);
	scene_end(&scene);
}

/* A corrupted reply gives way to the good one after it. */
static void
test_good_reply_counts(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, MOUNTD, 3, 17, 0);
	struct octets call = rpc_call(&scene, PORTMAP, 2, 3, 0, &mapping);
	struct octets wrong = words(1, 777), right = words(1, 20048);
	udp(&scene, &wire, true, &call);
	struct octets reply = rpc_reply(&scene, 0, &wrong);
	scene.corrupt = true;
	udp(&scene, &wire, false, &reply);
	assert_int_equal(scene.facts->calls[0].answer, 777);
	assert_true(scene.facts->calls[0].reply_bad);
	pause_ms(&scene, 1000);
	reply = rpc_reply(&scene, 0, &right);
	udp(&scene, &wire, false, &reply);
	assert_int_equal(scene.facts->calls[0].answer, 20048);
	assert_false(scene.facts->calls[0].reply_bad);
	scene_end(&scene);
}

/* Of a busy connection the ordinary calls are used again, what failed stays. */
static void
test_bulk(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire nfs = mount3(&scene);
	for (unsigned i = 0; i < LIMIT_FACTS_KEPT + 500; i++)
		nfs3(&scene, &nfs, 1, attributes(2));
	size_t before = scene.facts->call_count;
	for (unsigned i = 0; i < 500; i++)
		nfs3(&scene, &nfs, 1, attributes(2));
	assert_int_equal(scene.facts->call_count, before);
	nfs3(&scene, &nfs, 1, words(1, 70));
	nfs3(&scene, &nfs, 1, attributes(2));
	const struct finding *found =
		find_in(&scene_judge(&scene)->attempts[0].findings, FINDING_STALE_HANDLE);
	assert_non_null(found);
	assert_int_equal(found->frame_count, 1);
	scene_end(&scene);
}

static void
test_pieces(void **state)
{
	struct scene scene;
	struct octets list = {.size = 4000};
	(void)state;
	scene_begin(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_UDP, MOUNTD_PORT);
	ask_words(&scene, &wire, MOUNTD, 3, 5, NULL, list);
	assert_int_equal(scene.facts->piece_count, 1);
	assert_true(scene.facts->pieces[0].first);
	assert_int_equal(scene.facts->pieces[0].count, 3);
	assert_int_equal(scene.facts->pieces[0].octets, scene.facts->pieces[0].end);
	assert_int_equal(scene.facts->pieces[0].source_port, MOUNTD_PORT);
	scene_end(&scene);
}

/* Those that came together make room for others; those that never did end what is looked at. */
static void
test_no_room_for_pieces(void **state)
{
	struct scene scene;
	struct octets list = {.size = 4000};
	(void)state;
	scene_begin(&scene);
	scene.facts->piece_limit = 2;
	struct wire wire = new_wire(&scene, TRANSPORT_UDP, MOUNTD_PORT);
	for (unsigned i = 0; i < 9; i++) {
		ask_words(&scene, &wire, MOUNTD, 3, 5, NULL, list);
		pause_ms(&scene, 200);
	}
	assert_int_equal(scene.facts->piece_count, 2);
	assert_null(scene.facts->full);
	scene.piece_lost = 1;
	for (unsigned i = 0; i < 3; i++) {
		assert_null(scene.facts->full);
		ask_words(&scene, &wire, MOUNTD, 3, 5, NULL, list);
		pause_ms(&scene, 200);
	}
	assert_string_equal(scene.facts->full, "datagrams");
	assert_int_equal(scene.facts->piece_count, 2);
	scene_end(&scene);
}

/* A path that there is no room for is not known, rather than another's. */
static void
test_no_room_for_paths(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	scene.facts->octet_limit = 4;
	mount3(&scene);
	assert_string_equal(scene.facts->full, "paths");
	for (size_t i = 0; i < scene.facts->call_count; i++)
		assert_int_equal(scene.facts->calls[i].path_length, 0);
	assert_int_equal(scene_judge(&scene)->attempts[0].outcome, OUTCOME_INCOMPLETE);
	scene_end(&scene);
}

static void
test_neighbours(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	arp(&scene, 1, CLIENT, CLIENT, SERVER);
	pause_ms(&scene, 1000);
	arp(&scene, 1, CLIENT, CLIENT, SERVER);
	arp(&scene, 2, SERVER, SERVER, CLIENT);
	arp(&scene, 2, SERVER, OTHER, CLIENT);
	const struct neighbour *neighbour = facts_first_neighbour(scene.facts);
	assert_int_equal(scene.facts->neighbours.count, 1);
	assert_int_equal(neighbour->searches[0].requests, 2);
	assert_int_equal(neighbour->answers, 2);
	assert_int_equal(neighbour->hardware_count, 2);
	scene_end(&scene);
}

static uint32_t
requests_for(const struct scene *scene, uint32_t host)
{
	struct address address;
	const uint8_t octets[4] = {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8),
				   (uint8_t)host};
	address_from_ipv4(&address, octets);
	for (const struct neighbour *neighbour = facts_first_neighbour(scene->facts);
	     neighbour != NULL; neighbour = facts_next_neighbour(neighbour)) {
		if (address_equal(&neighbour->address, &address))
			return neighbour->searches[0].requests;
	}
	return 0;
}

/* Who answers, or was not asked for often, makes room for others; who is missed does not. */
static void
test_no_room_for_neighbours(void **state)
{
	enum { ROOM = 300, SCANNED = 2000, MISSED = 0xffff };
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	scene.facts->neighbour_limit = ROOM;
	for (unsigned i = 0; i < 3; i++) {
		arp(&scene, 1, CLIENT, CLIENT, MISSED);
		pause_ms(&scene, 1000);
	}
	for (uint32_t i = 0; i < SCANNED; i++) {
		arp(&scene, 1, CLIENT, CLIENT, 0x1000 + i);
		pause_ms(&scene, 1);
	}
	assert_null(scene.facts->full);
	assert_int_equal(scene.facts->neighbours.count, ROOM);
	assert_int_equal(scene.facts->omitted_neighbours, SCANNED + 1 - ROOM);
	assert_int_equal(requests_for(&scene, MISSED), 3);
	scene_end(&scene);
}

/* The client keeps asking, the server is silent, then speaks. */
static void
test_lull(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire nfs = mount3(&scene);
	struct octets data = words(2, 0x80000004, 1);
	for (unsigned i = 0; i < 4; i++) {
		segment(&scene, &nfs, true, PUSH, &data);
		pause_ms(&scene, 2000);
	}
	segment(&scene, &nfs, false, ACK, NULL);
	const struct contact *contact = scene.facts->contacts[scene.facts->contact_count - 1];
	assert_int_equal(contact->lull.sent, 4);
	assert_true(contact->lull.ended);
	assert_true(contact->lull.to - contact->lull.from > 7 * SECOND);
	scene_end(&scene);
}

/* An RST that the other end does not take is none: it bears a number outside the window, or
 * acknowledges what its SYN is not. */
static void
test_resets(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_TCP, 2049);
	segment(&scene, &wire, true, SYN, NULL);
	wire.client_sequence += 5000;
	segment(&scene, &wire, false, RST | ACK, NULL);
	wire.client_sequence -= 5000;
	const struct contact *contact = contact_to(scene.facts, 2049);
	assert_int_equal(contact->end[1].rst_frame, 0);
	tcp_accept(&scene, &wire);
	wire.server_sequence += 3000000;
	segment(&scene, &wire, false, RST, NULL);
	assert_int_equal(contact->end[1].rst_frame, 0);
	wire.server_sequence -= 3000000;
	segment(&scene, &wire, false, RST, NULL);
	assert_int_equal(contact->end[1].rst_frame, scene.frame);
	scene_end(&scene);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_offload),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_good_reply_counts),
		cmocka_unit_test(test_bulk),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_no_room_for_pieces),
		cmocka_unit_test(test_no_room_for_paths),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_no_room_for_neighbours),
		cmocka_unit_test(test_lull),
		cmocka_unit_test(test_resets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
