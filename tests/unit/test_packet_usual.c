/*
 * The usual frame in one look (packet_usual()): what takes that way and what must not, each
 * held against the stages that every other frame goes through, also with every number of
 * octets at hand right in front of a page that cannot be read.
 */
#include "ip_support.h"

#include "link.h"
#include "packet.h"

enum { HEADERS = 54, IP_AT = 14, TCP_AT = 34, PAYLOAD = 40 };

static struct buffer buffer;
static struct guard guard;

static int
set_up(void **state)
{
	(void)state;
	guard = guard_make(1 << 12);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	guard_release(&guard);
	return 0;
}

/* Ethernet, IPv4 and TCP without options, PAYLOAD octets. */
static void
put_usual(void)
{
	buffer.size = 0;
	buffer.big_endian = true;
	put_fill(&buffer, 2, 12);
	put16(&buffer, 0x0800);
	put32(&buffer, 0x45000000U | (20 + 20 + PAYLOAD));
	put32(&buffer, 0xbeef0000);
	put32(&buffer, 0x3f060000);
	put32(&buffer, 0xc0a8380a);
	put32(&buffer, 0xe0a83815);
	put32(&buffer, 700U << 16 | 2049);
	put32(&buffer, 0xfffffff0);
	put32(&buffer, 0x81020304);
	put16(&buffer, 0x5000 | TCP_ACK | TCP_PSH);
	put16(&buffer, 0xf101);
	put32(&buffer, 0);
	put_fill(&buffer, 0x61, PAYLOAD);
}

static struct frame
frame_of(uint32_t captured)
{
	return (struct frame){.number = 7,
			      .link_type = LINK_ETHERNET,
			      .captured = captured,
			      .length = (uint32_t)buffer.size,
			      .octets = guard_place(&guard, buffer.at, captured)};
}

/* The way of any other frame; true: a TCP segment, in one piece. */
static bool
by_stages(struct packet *packet, const struct frame *frame)
{
	struct link_view link;
	const char *reason;
	if (!link_parse(&link, frame->link_type, frame->octets, frame->captured) ||
	    (link.ethertype != ETHERTYPE_IPV4 && link.ethertype != ETHERTYPE_IPV6_))
		return false;
	uint32_t at = link.payload;
	return packet_network(packet, frame->octets + at, frame->captured - at,
			      frame->length - at, &reason) == IP_OK &&
	       !packet->ip.fragmented && packet_transport(packet, &reason) == PACKET_TCP;
}

static void
assert_same(const struct packet *a, const struct packet *b)
{
	assert_int_equal(a->ip.version, b->ip.version);
	assert_int_equal(a->ip.protocol, b->ip.protocol);
	assert_int_equal(a->ip.hops, b->ip.hops);
	assert_int_equal(a->ip.fragmented, b->ip.fragmented);
	assert_int_equal(a->ip.more_fragments, b->ip.more_fragments);
	assert_int_equal(a->ip.identification, b->ip.identification);
	assert_int_equal(a->ip.fragment_offset, b->ip.fragment_offset);
	assert_int_equal(a->ip.header_length, b->ip.header_length);
	assert_int_equal(a->ip.captured, b->ip.captured);
	assert_int_equal(a->ip.length, b->ip.length);
	assert_int_equal(a->transport, b->transport);
	assert_true(endpoint_equal(&a->source, &b->source));
	assert_true(endpoint_equal(&a->destination, &b->destination));
	assert_ptr_equal(a->datagram, b->datagram);
	assert_int_equal(a->datagram_length, b->datagram_length);
	assert_int_equal(a->datagram_captured, b->datagram_captured);
	assert_int_equal(a->payload, b->payload);
	assert_int_equal(a->sequence, b->sequence);
	assert_int_equal(a->acknowledgment, b->acknowledgment);
	assert_int_equal(a->window, b->window);
	assert_int_equal(a->flags, b->flags);
}

/* Is it taken at once? Then all is as by the stages, else nothing is touched. */
static bool
is_taken(const struct frame *frame)
{
	static const struct packet untouched;
	struct packet packet = {.network = 0}, other = {.network = 0};
	if (!packet_usual(&packet, frame)) {
		assert_memory_equal(&packet, &untouched, sizeof packet);
		return false;
	}
	assert_true(by_stages(&other, frame));
	assert_same(&packet, &other);
	return true;
}

static void
test_what_is_usual(void **state)
{
	(void)state;
	static const struct {
		unsigned at, octet;
		bool usual;
	} changes[] = {
		{IP_AT + 1, 0xb8, true},   /* type of service */
		{IP_AT + 6, 0x40, true},   /* don't fragment */
		{IP_AT + 6, 0x80, true},   /* the bit without a meaning */
		{IP_AT + 8, 1, true},      /* time to live */
		{IP_AT + 3, 40, true},     /* no payload: what follows is padding */
		{IP_AT + 3, 60, true},     /* ... some of it */
		{IP_AT + 2, 1, true},      /* longer than the frame: cut */
		{TCP_AT + 12, 0x80, true}, /* options */
		{TCP_AT + 13, TCP_SYN, true},
		{TCP_AT + 13, TCP_RST | TCP_ACK, true},
		{12, 0x81, false}, /* 802.1Q */
		{12, 0x86, false},
		{13, 0x06, false},          /* ARP */
		{IP_AT, 0x46, false},       /* options */
		{IP_AT, 0x44, false},       /* too short a header */
		{IP_AT, 0x65, false},       /* version 6 */
		{IP_AT + 3, 0, false},      /* length 0: to the end of the frame */
		{IP_AT + 3, 39, false},     /* shorter than its headers */
		{IP_AT + 6, 0x20, false},   /* more fragments */
		{IP_AT + 6, 0x01, false},   /* a later one */
		{IP_AT + 7, 0x01, false},   /* ... near the beginning */
		{IP_AT + 9, UDP, false},    /* another protocol */
		{IP_AT + 9, AH, false},     /* an extension header */
		{TCP_AT + 12, 0x40, false}, /* data offset below 5 */
		{TCP_AT + 12, 0xf0, true},  /* ... up to the end */
	};
	for (size_t i = 0; i < COUNT(changes); i++) {
		put_usual();
		buffer.at[changes[i].at] = (uint8_t)changes[i].octet;
		for (uint32_t captured = 0; captured <= buffer.size; captured++) {
			struct frame frame = frame_of(captured);
			bool usual = changes[i].usual && captured >= HEADERS;
			assert_int_equal(is_taken(&frame), usual);
		}
	}
	put_usual();
	struct frame cooked = frame_of((uint32_t)buffer.size);
	cooked.link_type = 113;
	assert_false(is_taken(&cooked));
}

static void
test_data_offset_past_the_end(void **state)
{
	(void)state;
	put_usual();
	buffer.at[TCP_AT + 12] = 0x80;
	for (unsigned length = 0; length <= 20 + 20 + PAYLOAD; length++) {
		buffer.at[IP_AT + 3] = (uint8_t)length;
		struct frame frame = frame_of((uint32_t)buffer.size);
		assert_int_equal(is_taken(&frame), length >= 20 + 32);
	}
}

/* Octets that decide are made others; what the stages find to be usual has to be taken. */
static void
test_frames_at_random(void **state)
{
	(void)state;
	static const uint8_t places[] = {12, 13, 14, 16, 17, 20, 21, 23, 46};
	static const uint8_t likely[] = {0,    6,    8,    17,   20,   40,
					 0x20, 0x40, 0x45, 0x50, 0x81, 0xf0};
	uint64_t seed = 5;
	unsigned taken = 0, left = 0;
	for (int round = 0; round < 200000; round++) {
		put_usual();
		for (unsigned i = random_below(&seed, 4); i > 0; i--)
			buffer.at[places[random_below(&seed, COUNT(places))]] =
				likely[random_below(&seed, COUNT(likely))];
		struct frame frame = frame_of(HEADERS - 4 + random_below(&seed, 12));
		struct packet packet = {.network = 0};
		bool usual = by_stages(&packet, &frame) && frame.captured >= HEADERS &&
			     link_is_plain(frame.link_type, frame.octets, frame.captured) &&
			     packet.ip.version == 4 && packet.ip.header_length == 20 &&
			     (buffer.at[IP_AT + 2] | buffer.at[IP_AT + 3]) != 0;
		assert_int_equal(is_taken(&frame), usual);
		taken += usual;
		left += !usual;
	}
	assert_true(taken > 10000 && left > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_usual),
		cmocka_unit_test(test_data_offset_past_the_end),
		cmocka_unit_test(test_frames_at_random),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
