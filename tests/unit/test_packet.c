/*
 * Transport headers (packet.h) built by hand, also with every number of octets at
 * hand right in front of a page that cannot be read; copies, and extents.
 */
#include "ip_support.h"

#include "ip.h"
#include "packet.h"

static struct buffer buffer;

/* The transport header of an unfragmented packet in `buffer`, with so much at hand. */
static enum packet_result
transport_of(struct packet *packet, uint32_t captured, const char **reason)
{
	const uint8_t *octets = guard_place(&guard, buffer.at, captured);
	memset(packet, 0, sizeof *packet);
	packet->frame.number = 5;
	packet->frame.octets = octets;
	packet->frame.captured = captured;
	packet->frame.length = (uint32_t)buffer.size;
	if (packet_network(packet, octets, captured, (uint32_t)buffer.size, reason) != IP_OK)
		return PACKET_CUT;
	return packet_transport(packet, reason);
}

static void
udp(unsigned length, size_t payload)
{
	put_ipv4(&buffer, 5, (unsigned)(28 + payload), 0, UDP);
	put16(&buffer, 800);
	put16(&buffer, 111);
	put16(&buffer, length);
	put16(&buffer, 0);
	for (size_t i = 0; i < payload; i++)
		put8(&buffer, (unsigned)i & 0xff);
}

static void
test_udp(void **state)
{
	(void)state;
	static const struct {
		unsigned length, payload;
	} cases[] = {{48, 40}, {0, 40}, {20, 12}, {8, 0}, {49, 40}, {65535, 40}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct packet packet;
		const char *reason;
		udp(cases[i].length, 40);
		for (uint32_t captured = 0; captured <= buffer.size; captured++) {
			enum packet_result result = transport_of(&packet, captured, &reason);
			assert_int_equal(result, captured < 28 ? PACKET_CUT : PACKET_UDP);
			if (result == PACKET_CUT)
				continue;
			uint32_t behind = captured - 28;
			assert_int_equal(packet_length(&packet), cases[i].payload);
			assert_int_equal(packet_captured(&packet),
					 behind < cases[i].payload ? behind : cases[i].payload);
		}
		assert_int_equal(packet.source.port, 800);
		assert_int_equal(packet.destination.port, 111);
		assert_int_equal(packet.source.address.octets[15], 10);
		assert_int_equal(packet.transport, TRANSPORT_UDP);
		assert_ptr_equal(packet_payload(&packet), packet.frame.octets + 28);
	}
}

static void
check_transport_malformed(const char *why)
{
	struct packet packet;
	const char *reason;
	assert_int_equal(transport_of(&packet, (uint32_t)buffer.size, &reason),
			 PACKET_MALFORMED);
	assert_string_equal(reason, why);
}

static void
test_udp_malformed(void **state)
{
	(void)state;
	udp(7, 40);
	check_transport_malformed("UDP length below 8");
	put_ipv4(&buffer, 5, 27, 0, UDP);
	put_fill(&buffer, 0, 7);
	check_transport_malformed("UDP datagram shorter than its header");
}

static void
tcp(unsigned words, size_t options, size_t payload)
{
	put_ipv4(&buffer, 5, (unsigned)(40 + options + payload), 0, TCP);
	put16(&buffer, 2049);
	put16(&buffer, 700);
	put32(&buffer, 0xfffffff0);
	put32(&buffer, 0x01020304);
	put8(&buffer, words << 4);
	put8(&buffer, TCP_ACK | TCP_PSH);
	put16(&buffer, 501);
	put32(&buffer, 0);
	put_fill(&buffer, 1, options);
	put_fill(&buffer, 2, payload);
}

static void
test_tcp(void **state)
{
	(void)state;
	struct packet packet;
	const char *reason;
	tcp(8, 12, 30);
	for (uint32_t captured = 0; captured <= buffer.size; captured++) {
		enum packet_result result = transport_of(&packet, captured, &reason);
		assert_int_equal(result, captured < 40 ? PACKET_CUT : PACKET_TCP);
		if (result == PACKET_CUT)
			continue;
		/* Cut options do not keep the flow from its sequence numbers. */
		assert_int_equal(packet.sequence, 0xfffffff0);
		assert_int_equal(packet_length(&packet), 30);
		assert_int_equal(packet_captured(&packet), captured > 52 ? captured - 52 : 0);
	}
	assert_int_equal(packet.acknowledgment, 0x01020304);
	assert_int_equal(packet.flags, TCP_ACK | TCP_PSH);
	assert_int_equal(packet.window, 501);
	assert_int_equal(packet.source.port, 2049);
	assert_int_equal(packet.destination.port, 700);
	assert_int_equal(packet.payload, 32);
}

static void
test_tcp_malformed(void **state)
{
	(void)state;
	tcp(4, 0, 10);
	check_transport_malformed("TCP data offset below 5");
	tcp(8, 0, 11);
	check_transport_malformed("TCP data offset past the end of the segment");
	put_ipv4(&buffer, 5, 39, 0, TCP);
	put_fill(&buffer, 0, 19);
	check_transport_malformed("TCP segment shorter than its header");
}

static void
test_other_protocols(void **state)
{
	(void)state;
	struct packet packet;
	const char *reason;
	put_ipv4(&buffer, 5, 21, 0, 1);
	put_fill(&buffer, 0, 1);
	assert_int_equal(transport_of(&packet, 21, &reason), PACKET_OTHER);
	put_ipv6(&buffer, 0, NO_NEXT);
	assert_int_equal(transport_of(&packet, 40, &reason), PACKET_OTHER);
}

/* What a fragmented datagram of IPv6 brings along: destination options, then UDP. */
static void
test_extensions_inside_a_datagram(void **state)
{
	(void)state;
	buffer.size = 0;
	put_extension(&buffer, UDP, 16, 8, 1);
	put16(&buffer, 800);
	put16(&buffer, 111);
	put16(&buffer, 8 + 6);
	put16(&buffer, 0);
	put_fill(&buffer, 3, 10); /* four octets more than UDP's length */
	for (uint32_t captured = 0; captured <= buffer.size; captured++) {
		struct packet packet = {.ip = {.version = 6, .protocol = 60}};
		const char *reason;
		packet.datagram = guard_place(&guard, buffer.at, captured);
		packet.datagram_captured = captured;
		packet.datagram_length = (uint32_t)buffer.size;
		enum packet_result result = packet_transport(&packet, &reason);
		assert_int_equal(result, captured < 24 ? PACKET_CUT : PACKET_UDP);
		if (result == PACKET_CUT)
			continue;
		assert_int_equal(packet.ip.protocol, UDP);
		assert_int_equal(packet.payload, 24);
		assert_int_equal(packet_length(&packet), 6);
	}
}

static void
test_headers_at_random(void **state)
{
	(void)state;
	static const uint8_t likely[] = {0, 43, FRAGMENT, AH, 60, UDP, TCP, 135};
	uint64_t seed = 99;
	for (int round = 0; round < 100000; round++) {
		struct packet packet;
		const char *reason;
		unsigned size = 40 + random_below(&seed, 60);
		if (round & 1)
			put_ipv6(&buffer, random_below(&seed, 80),
				 likely[random_below(&seed, 8)]);
		else
			put_ipv4(&buffer, 5, random_below(&seed, 100), 0,
				 likely[random_below(&seed, 8)]);
		while (buffer.size < size)
			put8(&buffer, random_below(&seed, 3) ? likely[random_below(&seed, 8)]
							     : random_next(&seed) & 0xff);
		uint32_t captured = random_below(&seed, (uint32_t)buffer.size + 1);
		enum packet_result result = transport_of(&packet, captured, &reason);
		if (result != PACKET_UDP && result != PACKET_TCP)
			continue;
		assert_true(packet.datagram_captured <= captured - packet.ip.header_length);
		assert_true(packet.datagram_captured <= packet.datagram_length);
		assert_true(packet.payload <= packet.datagram_length);
	}
}

static void
test_copy(void **state)
{
	(void)state;
	struct packet packet;
	struct packet_copy copy;
	const char *reason;
	udp(8 + 300, 300);
	assert_int_equal(transport_of(&packet, (uint32_t)buffer.size, &reason), PACKET_UDP);
	packet_copy(&copy, &packet);
	memset(guard.pages, 0, (size_t)(guard.wall - guard.pages)); /* the frame is gone */
	assert_memory_equal(copy.head, buffer.at, PACKET_HEAD);
	assert_ptr_equal(copy.packet.frame.octets, copy.head);
	assert_int_equal(copy.packet.frame.captured, PACKET_HEAD);
	assert_int_equal(copy.packet.frame.number, 5);
	assert_int_equal(copy.packet.source.port, 800);
	assert_int_equal(packet_length(&copy.packet), 300);
	assert_int_equal(packet_captured(&copy.packet), PACKET_HEAD - 28);
	assert_memory_equal(packet_payload(&copy.packet), buffer.at + 28, PACKET_HEAD - 28);
	udp(8, 0);
	assert_int_equal(transport_of(&packet, 28, &reason), PACKET_UDP);
	packet_copy(&copy, &packet);
	assert_int_equal(copy.packet.frame.captured, 28);
	assert_memory_equal(copy.head, buffer.at, 28);
	/* The datagram of fragments is not in the frame. */
	struct extent piece = {1, 0, 8, 34};
	packet.pieces = &piece;
	packet.piece_count = 1;
	packet_copy(&copy, &packet);
	assert_null(copy.packet.pieces);
	assert_int_equal(packet_captured(&copy.packet), 0);
}

static void
assert_extent(const struct extent *extent, uint64_t frame, uint32_t offset, uint32_t length,
	      uint32_t frame_offset)
{
	assert_int_equal(extent->frame, frame);
	assert_int_equal(extent->offset, offset);
	assert_int_equal(extent->length, length);
	assert_int_equal(extent->frame_offset, frame_offset);
}

static void
test_extents_in_a_frame(void **state)
{
	(void)state;
	struct packet packet;
	struct extents extents = {.at = NULL};
	const char *reason;
	tcp(5, 0, 100);
	assert_int_equal(transport_of(&packet, (uint32_t)buffer.size, &reason), PACKET_TCP);
	extents_add(&extents, 0, &packet, 4, 0);
	assert_int_equal(extents.count, 0);
	extents_add(&extents, 0, &packet, 4, 16);
	extents_add(&extents, 16, &packet, 20, 10); /* touches in both: one extent */
	assert_int_equal(extents.count, 1);
	extents_add(&extents, 26, &packet, 34, 6); /* a record mark in between */
	assert_int_equal(extents.count, 2);
	packet.frame.number = 6;
	extents_add(&extents, 32, &packet, 40, 60); /* another frame */
	assert_int_equal(extents.count, 3);
	assert_extent(&extents.at[0], 5, 0, 26, 44);
	assert_extent(&extents.at[1], 5, 26, 6, 74);
	assert_extent(&extents.at[2], 6, 32, 60, 80);
	extents_release(&extents);
	assert_null(extents.at);
	assert_int_equal(extents.count, 0);
}

static const struct extent pieces[] = {
	{1, 0, 16, 34}, {3, 16, 8, 34}, {3, 24, 8, 42}, {2, 32, 24, 38}, {4, 56, 5, 34}};

/* Where the pieces say that octet of the datagram is: [frame, offset in it]. */
static void
find_octet(uint32_t octet, uint64_t place[static 2])
{
	size_t i = 0;
	while (pieces[i].offset + pieces[i].length <= octet)
		i++;
	place[0] = pieces[i].frame;
	place[1] = pieces[i].frame_offset + (octet - pieces[i].offset);
}

/* The extents begin at 1000 and map octet by octet to where the pieces say. */
static void
check_extents(const struct extents *extents, uint32_t octet, uint32_t length)
{
	uint32_t at = 0;
	for (size_t i = 0; i < extents->count; i++) {
		const struct extent *extent = &extents->at[i];
		assert_int_equal(extent->offset, 1000 + at);
		assert_true(extent->length > 0);
		for (uint32_t j = 0; j < extent->length; j++, at++) {
			uint64_t place[2];
			find_octet(octet + at, place);
			assert_int_equal(extent->frame, place[0]);
			assert_int_equal(extent->frame_offset + j, place[1]);
		}
	}
	assert_int_equal(at, length);
}

static void
test_extents_through_pieces(void **state)
{
	(void)state;
	static const uint8_t octets[61];
	struct packet packet = {.datagram = octets,
				.datagram_captured = 61,
				.datagram_length = 61,
				.payload = 8,
				.pieces = pieces,
				.piece_count = COUNT(pieces)};
	struct extents extents = {.at = NULL};
	for (uint32_t from = 0; from < 53; from++) {
		for (uint32_t length = 1; from + length <= 53; length++) {
			extents.count = 0;
			extents_add(&extents, 1000, &packet, from, length);
			check_extents(&extents, 8 + from, length);
		}
	}
	extents.count = 0;
	extents_add(&extents, 0, &packet, 0, 53); /* the second and third piece are one */
	assert_int_equal(extents.count, 4);
	extents_release(&extents);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_udp_malformed),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_tcp_malformed),
		cmocka_unit_test(test_other_protocols),
		cmocka_unit_test(test_extensions_inside_a_datagram),
		cmocka_unit_test(test_headers_at_random),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_extents_in_a_frame),
		cmocka_unit_test(test_extents_through_pieces),
	};
	return cmocka_run_group_tests(tests, guard_begin, guard_end);
}
