/*
 * Link headers built by hand, each also cut at every octet right in front of a page
 * that cannot be read, and octets at random under every link type.
 */
#include "net_support.h"

#include "link.h"

enum { EN10MB = 1, SLL = 113, SLL2 = 276, RAW = 12, RAW_101 = 101, NULL_ = 0, LOOP = 108 };

static struct buffer buffer;

static void
begin(void)
{
	buffer.size = 0;
	buffer.big_endian = true;
}

static void
ethernet(unsigned type)
{
	begin();
	put(&buffer, "\x01\x02\x03\x04\x05\x06\x11\x12\x13\x14\x15\x16", 12);
	put16(&buffer, type);
}

static void
snap(uint32_t oui, unsigned type)
{
	put8(&buffer, 0xaa);
	put8(&buffer, 0xaa);
	put8(&buffer, 0x03);
	put8(&buffer, oui >> 16);
	put16(&buffer, oui & 0xffff);
	put16(&buffer, type);
}

/* The whole buffer is the link header; every shorter one is refused. */
static struct link_view
check(int link_type, unsigned ethertype)
{
	struct guard guard = guard_make(4096);
	struct link_view view;
	for (size_t size = 0; size < buffer.size; size++)
		if (link_parse(&view, link_type, guard_place(&guard, buffer.at, size),
			       (uint32_t)size))
			fail_msg("%zu octets of %zu are enough", size, buffer.size);
	const uint8_t *octets = guard_place(&guard, buffer.at, buffer.size);
	assert_true(link_parse(&view, link_type, octets, (uint32_t)buffer.size));
	assert_int_equal(view.payload, buffer.size);
	assert_int_equal(view.ethertype, ethertype);
	guard_release(&guard);
	return view;
}

static void
test_ethernet(void **state)
{
	(void)state;
	static const unsigned types[] = {0x0800, 0x0806, 0x86dd, 0x88cc, 0x0600};
	for (size_t i = 0; i < COUNT(types); i++) {
		ethernet(types[i]);
		struct link_view view = check(EN10MB, types[i]);
		assert_int_equal(view.destination, 0);
		assert_int_equal(view.source, 6);
		assert_int_equal(view.address_length, 6);
		assert_int_equal(view.tag_count, 0);
	}
}

static void
test_vlan_tags(void **state)
{
	(void)state;
	static const unsigned types[] = {0x88a8, 0x8100, 0x9100, 0x9200};
	for (unsigned tags = 1; tags <= LIMIT_VLAN_TAGS; tags++) {
		ethernet(types[0]);
		for (unsigned i = 1; i <= tags; i++) {
			put16(&buffer, 0xa000 + i);
			put16(&buffer, i < tags ? types[i] : 0x86dd);
		}
		struct link_view view = check(EN10MB, 0x86dd);
		assert_int_equal(view.tag_count, tags);
		for (unsigned i = 0; i < tags; i++)
			assert_int_equal(view.tags[i], 0xa001 + i);
	}
}

/* What stands behind more tags than that is not looked at. */
static void
test_too_many_vlan_tags(void **state)
{
	(void)state;
	ethernet(0x8100);
	for (unsigned i = 0; i < LIMIT_VLAN_TAGS; i++) {
		put16(&buffer, i);
		put16(&buffer, 0x8100);
	}
	struct link_view view = check(EN10MB, 0x8100);
	assert_int_equal(view.tag_count, LIMIT_VLAN_TAGS);
}

static void
test_llc_and_snap(void **state)
{
	(void)state;
	ethernet(100);
	snap(0, 0x0800);
	check(EN10MB, 0x0800);
	ethernet(100);
	snap(0xf8, 0x86dd);
	check(EN10MB, 0x86dd);
	ethernet(0x8100); /* a tag in front of a length */
	put16(&buffer, 5);
	put16(&buffer, 100);
	snap(0, 0x0800);
	check(EN10MB, 0x0800);
	struct link_view view;
	ethernet(100);
	snap(0x00000c, 0x2000); /* Cisco's own */
	assert_true(link_parse(&view, EN10MB, buffer.at, (uint32_t)buffer.size));
	assert_int_equal(view.ethertype, 0);
	ethernet(38);
	put(&buffer, "\x42\x42\x03", 3); /* spanning tree */
	assert_true(link_parse(&view, EN10MB, buffer.at, (uint32_t)buffer.size));
	assert_int_equal(view.ethertype, 0);
}

static void
sll(unsigned protocol, unsigned address_length)
{
	begin();
	put16(&buffer, 0);
	put16(&buffer, 1);
	put16(&buffer, address_length);
	put(&buffer, "\x11\x12\x13\x14\x15\x16\0\0", 8);
	put16(&buffer, protocol);
}

static void
test_linux_sll(void **state)
{
	(void)state;
	sll(0x0800, 6);
	struct link_view view = check(SLL, 0x0800);
	assert_int_equal(view.source, 6);
	assert_int_equal(view.destination, -1);
	assert_int_equal(view.address_length, 6);
	sll(0x0800, 0);
	view = check(SLL, 0x0800);
	assert_int_equal(view.source, -1);
	sll(0x86dd, 20); /* longer than there is room for */
	view = check(SLL, 0x86dd);
	assert_int_equal(view.address_length, 8);
	sll(0x8100, 6);
	put16(&buffer, 9);
	put16(&buffer, 0x0800);
	view = check(SLL, 0x0800);
	assert_int_equal(view.tags[0], 9);
	sll(4, 6);
	snap(0, 0x0800);
	check(SLL, 0x0800);
	sll(1, 6); /* a protocol of Linux's own */
	check(SLL, 0);
}

static void
test_linux_sll2(void **state)
{
	(void)state;
	begin();
	put16(&buffer, 0x86dd);
	put16(&buffer, 0);
	put32(&buffer, 3);
	put16(&buffer, 1);
	put8(&buffer, 4);
	put8(&buffer, 6);
	put(&buffer, "\x11\x12\x13\x14\x15\x16\0\0", 8);
	struct link_view view = check(SLL2, 0x86dd);
	assert_int_equal(view.source, 12);
	assert_int_equal(view.destination, -1);
	buffer.at[0] = 0x81;
	buffer.at[1] = 0;
	put16(&buffer, 2);
	put16(&buffer, 0x0800);
	view = check(SLL2, 0x0800);
	assert_int_equal(view.tag_count, 1);
}

static void
test_families(void **state)
{
	(void)state;
	static const struct {
		uint32_t family;
		unsigned ethertype;
	} families[] = {{2, 0x0800},  {10, 0x86dd}, {24, 0x86dd}, {28, 0x86dd},
			{30, 0x86dd}, {7, 0},       {0, 0},       {0x0202, 0}};
	for (size_t i = 0; i < COUNT(families); i++) {
		for (int big_endian = 0; big_endian < 2; big_endian++) {
			buffer.size = 0;
			buffer.big_endian = big_endian;
			put32(&buffer, families[i].family);
			struct link_view view = check(NULL_, families[i].ethertype);
			assert_int_equal(view.source, -1);
			assert_int_equal(view.destination, -1);
			check(LOOP, big_endian ? families[i].ethertype : 0);
		}
	}
}

static void
test_raw(void **state)
{
	(void)state;
	static const struct {
		int link_type;
		uint8_t octet;
		unsigned ethertype;
	} cases[] = {{RAW, 0x45, 0x0800},     {RAW, 0x60, 0x86dd},     {RAW, 0x50, 0},
		     {RAW_101, 0x45, 0x0800}, {RAW_101, 0x6f, 0x86dd}, {228, 0x45, 0x0800},
		     {229, 0x60, 0x86dd}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct link_view view;
		assert_false(link_parse(&view, cases[i].link_type, &cases[i].octet, 0));
		assert_true(link_parse(&view, cases[i].link_type, &cases[i].octet, 1));
		assert_int_equal(view.payload, 0);
		assert_int_equal(view.ethertype, cases[i].ethertype);
		assert_int_equal(view.source, -1);
	}
}

static void
test_known_and_named(void **state)
{
	(void)state;
	static const int known[] = {NULL_, EN10MB, RAW, RAW_101, LOOP, SLL, 228, 229, SLL2};
	for (size_t i = 0; i < COUNT(known); i++)
		assert_true(link_known(known[i]));
	assert_false(link_known(147));
	assert_false(link_known(-1));
	assert_string_equal(link_name(EN10MB), "EN10MB");
	assert_string_equal(link_name(RAW_101), "RAW");
	assert_string_equal(link_name(54321), "no name");
	struct link_view view;
	ethernet(0x0800);
	assert_false(link_parse(&view, 147, buffer.at, (uint32_t)buffer.size));
}

static void
test_octets_at_random(void **state)
{
	(void)state;
	static const int types[] = {NULL_, EN10MB, RAW, LOOP, SLL, SLL2};
	static const uint8_t likely[] = {0x81, 0x00, 0x88, 0xa8, 0xaa, 0x03, 0x08, 0x04};
	struct guard guard = guard_make(4096);
	uint64_t seed = 77;
	for (int round = 0; round < 100000; round++) {
		uint8_t octets[40];
		uint32_t size = random_below(&seed, sizeof octets + 1);
		for (size_t i = 0; i < sizeof octets; i++)
			octets[i] = random_below(&seed, 4) ? likely[random_below(&seed, 8)]
							   : (uint8_t)random_next(&seed);
		struct link_view view;
		if (link_parse(&view, types[(size_t)round % COUNT(types)],
			       guard_place(&guard, octets, size), size))
			assert_true(view.payload <= size);
	}
	guard_release(&guard);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ethernet),
		cmocka_unit_test(test_vlan_tags),
		cmocka_unit_test(test_too_many_vlan_tags),
		cmocka_unit_test(test_llc_and_snap),
		cmocka_unit_test(test_linux_sll),
		cmocka_unit_test(test_linux_sll2),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_known_and_named),
		cmocka_unit_test(test_octets_at_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
