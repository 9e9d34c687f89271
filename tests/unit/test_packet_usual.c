/*
 * The usual frame in one look (packet_usual()): what takes that way and what must not, each
 * held against the stages that every other frame goes through, also with every number of
 * octets at hand right in front of a page that cannot be read.
 */
#include "ip_support.h"

#include "link.h"
#include "packet.h"

enum { IP_AT = 14, TCP_AT = 34, TCP_AT_IPV6 = 54, TCP_HEADER = 20, PAYLOAD = 40 };

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

static void
put_link(unsigned type)
{
	buffer.size = 0;
	buffer.big_endian = true;
	put_fill(&buffer, 2, 12);
	put16(&buffer, type);
}

/* Without options, PAYLOAD octets. */
static void
put_segment(void)
{
	put32(&buffer, 700U << 16 | 2049);
	put32(&buffer, 0xfffffff0);
	put32(&buffer, 0x81020304);
	put16(&buffer, 0x5000 | TCP_ACK | TCP_PSH);
	put16(&buffer, 0xf101);
	put32(&buffer, 0);
	put_fill(&buffer, 0x61, PAYLOAD);
}

static void
put_usual_ipv4(void)
{
	put_link(ETHERTYPE_IPV4);
	put32(&buffer, 0x45000000U | (20 + TCP_HEADER + PAYLOAD));
	put32(&buffer, 0xbeef0000);
	put32(&buffer, 0x3f060000);
	put32(&buffer, 0xc0a8380a);
	put32(&buffer, 0xe0a83815);
	put_segment();
}

static void
put_usual_ipv6(void)
{
	put_link(ETHERTYPE_IPV6_);
	put32(&buffer, 0x60000000);
	put32(&buffer, (TCP_HEADER + PAYLOAD) << 16 | TCP << 8 | 0x3f);
	put_fill(&buffer, 0xfd, 16);
	put_fill(&buffer, 0xfe, 16);
	put_segment();
}

struct family {
	bool (*look)(struct packet *packet, const struct frame *frame);
	void (*put)(void);
	int type;
	unsigned version;
	unsigned tcp;      /* where its header stands */
	unsigned length;   /* where the low octet of its length stands, */
	unsigned counted;  /* and how much of the IP header is in that */
	uint8_t places[9]; /* octets that decide */
};

static const struct family ipv4 = {
	.look = packet_usual,
	.put = put_usual_ipv4,
	.type = ETHERTYPE_IPV4,
	.version = 4,
	.tcp = TCP_AT,
	.length = IP_AT + 3,
	.counted = 20,
	.places = {12, 13, 14, 16, 17, 20, 21, 23, 46},
};

static const struct family ipv6 = {
	.look = packet_usual_ipv6,
	.put = put_usual_ipv6,
	.type = ETHERTYPE_IPV6_,
	.version = 6,
	.tcp = TCP_AT_IPV6,
	.length = IP_AT + 5,
	.places = {12, 13, 14, 15, 18, 19, 20, 21, 66},
};

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
is_taken(const struct family *family, const struct frame *frame)
{
	static const struct packet untouched;
	struct packet packet = {.network = 0}, other = {.network = 0};
	if (!family->look(&packet, frame)) {
		assert_memory_equal(&packet, &untouched, sizeof packet);
		return false;
	}
	assert_true(by_stages(&other, frame));
	assert_same(&packet, &other);
	return true;
}

struct change {
	unsigned at, octet;
	bool usual;
};

static void
assert_changes(const struct family *family, const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		family->put();
		buffer.at[changes[i].at] = (uint8_t)changes[i].octet;
		for (uint32_t captured = 0; captured <= buffer.size; captured++) {
			struct frame frame = frame_of(captured);
			bool usual = changes[i].usual && captured >= family->tcp + TCP_HEADER;
			assert_int_equal(is_taken(family, &frame), usual);
		}
	}
	family->put();
	struct frame cooked = frame_of((uint32_t)buffer.size);
	cooked.link_type = 113;
	assert_false(is_taken(family, &cooked));
}

static void
test_what_is_usual(void **state)
{
	(void)state;
	static const struct change changes[] = {
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
	assert_changes(&ipv4, changes, COUNT(changes));
}

static void
test_what_is_usual_in_ipv6(void **state)
{
	(void)state;
	static const struct change changes[] = {
		{IP_AT, 0x6f, true},            /* traffic class */
		{IP_AT + 1, 0xff, true},        /* flow label */
		{IP_AT + 7, 1, true},           /* hop limit */
		{IP_AT + 5, 20, true},          /* no payload: what follows is padding */
		{IP_AT + 5, 40, true},          /* ... some of it */
		{IP_AT + 4, 1, true},           /* longer than the frame: cut */
		{TCP_AT_IPV6 + 12, 0x80, true}, /* options */
		{TCP_AT_IPV6 + 13, TCP_SYN, true},
		{12, 0x81, false}, /* 802.1Q */
		{12, 0x08, false},
		{13, 0x00, false},
		{IP_AT, 0x45, false},            /* version 4 */
		{IP_AT + 5, 0, false},           /* length 0: to the end of the frame */
		{IP_AT + 5, 19, false},          /* shorter than its TCP header */
		{IP_AT + 6, UDP, false},         /* another protocol */
		{IP_AT + 6, AH, false},          /* extension headers */
		{IP_AT + 6, 0, false},           /* ... hop-by-hop options */
		{IP_AT + 6, FRAGMENT, false},    /* ... of a fragment */
		{TCP_AT_IPV6 + 12, 0x40, false}, /* data offset below 5 */
		{TCP_AT_IPV6 + 12, 0xf0, true},  /* ... up to the end */
	};
	assert_changes(&ipv6, changes, COUNT(changes));
}

static void
assert_data_offset(const struct family *family)
{
	family->put();
	buffer.at[family->tcp + 12] = 0x80;
	for (unsigned length = 0; length <= family->counted + TCP_HEADER + PAYLOAD; length++) {
		buffer.at[family->length] = (uint8_t)length;
		struct frame frame = frame_of((uint32_t)buffer.size);
		assert_int_equal(is_taken(family, &frame), length >= family->counted + 32);
	}
}

static void
test_data_offset_past_the_end(void **state)
{
	(void)state;
	assert_data_offset(&ipv4);
	assert_data_offset(&ipv6);
}

/* Octets that decide are made others; what the stages find to be usual has to be taken. */
static void
assert_at_random(const struct family *family)
{
	static const uint8_t likely[] = {0,    6,    8,    17,   20,   40,   FRAGMENT,
					 0x20, 0x40, 0x45, 0x50, 0x60, 0x81, 0xf0};
	unsigned headers = family->tcp + TCP_HEADER;
	uint64_t seed = 5;
	unsigned taken = 0, left = 0;
	for (int round = 0; round < 200000; round++) {
		family->put();
		for (unsigned i = random_below(&seed, 4); i > 0; i--)
			buffer.at[family->places[random_below(&seed, COUNT(family->places))]] =
				likely[random_below(&seed, COUNT(likely))];
		struct frame frame = frame_of(headers - 4 + random_below(&seed, 12));
		struct packet packet = {.network = 0};
		bool usual = by_stages(&packet, &frame) && frame.captured >= headers &&
			     (buffer.at[12] << 8 | buffer.at[13]) == family->type &&
			     packet.ip.version == family->version &&
			     packet.ip.header_length == family->tcp - IP_AT &&
			     (buffer.at[family->length - 1] | buffer.at[family->length]) != 0;
		assert_int_equal(is_taken(family, &frame), usual);
		taken += usual;
		left += !usual;
	}
	assert_true(taken > 10000 && left > 10000);
}

static void
test_frames_at_random(void **state)
{
	(void)state;
	assert_at_random(&ipv4);
	assert_at_random(&ipv6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_usual),
		cmocka_unit_test(test_what_is_usual_in_ipv6),
		cmocka_unit_test(test_data_offset_past_the_end),
		cmocka_unit_test(test_frames_at_random),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
