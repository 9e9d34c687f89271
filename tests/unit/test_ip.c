/*
 * IP headers (ip.h) built by hand. Each packet is also parsed with every number of
 * octets at hand right in front of a page that cannot be read: all it may say then
 * is that it is cut.
 */
#include "ip_support.h"

#include "ip.h"
#include "limits.h"

static struct buffer buffer;

static enum ip_result
parse(struct ip_view *view, const char **reason)
{
	uint32_t size = (uint32_t)buffer.size;
	return ip_parse(view, guard_place(&guard, buffer.at, size), size, size, reason);
}

/* Parses it whole and with every prefix at hand: IP_CUT inside the headers, then the rest. */
static struct ip_view
check(void)
{
	struct ip_view view, part;
	const char *reason;
	uint32_t size = (uint32_t)buffer.size;
	assert_int_equal(parse(&view, &reason), IP_OK);
	assert_null(reason);
	for (uint32_t captured = 0; captured < size; captured++) {
		const uint8_t *octets = guard_place(&guard, buffer.at, captured);
		enum ip_result result = ip_parse(&part, octets, captured, size, &reason);
		if (captured < view.header_length) {
			assert_int_equal(result, IP_CUT);
			continue;
		}
		assert_int_equal(result, IP_OK);
		uint32_t behind = captured - view.header_length;
		assert_int_equal(part.captured,
				 behind < view.captured ? behind : view.captured);
		assert_int_equal(part.length, view.length);
		assert_int_equal(part.protocol, view.protocol);
	}
	return view;
}

static void
check_malformed(const char *why)
{
	struct ip_view view;
	const char *reason;
	assert_int_equal(parse(&view, &reason), IP_MALFORMED);
	assert_string_equal(reason, why);
}

static void
test_ipv4(void **state)
{
	(void)state;
	put_ipv4(&buffer, 5, 20 + 9, 0x4000, UDP);
	put_fill(&buffer, 7, 9);
	struct ip_view view = check();
	assert_int_equal(view.version, 4);
	assert_int_equal(view.protocol, UDP);
	assert_int_equal(view.hops, 63);
	assert_int_equal(view.identification, 0xbeef);
	assert_false(view.fragmented);
	assert_int_equal(view.header_length, 20);
	assert_int_equal(view.captured, 9);
	assert_int_equal(view.length, 9);
	struct address source, destination;
	ip_addresses(&view, buffer.at, &source, &destination);
	assert_true(address_is_ipv4(&source));
	assert_memory_equal(source.octets + 12, "\xc0\xa8\x38\x0a", 4);
	assert_memory_equal(destination.octets + 12, "\xc0\xa8\x38\x15", 4);
	put_ipv4(&buffer, 15, 60 + 4, 0, TCP);
	put_fill(&buffer, 7, 4);
	view = check();
	assert_int_equal(view.header_length, 60);
	assert_int_equal(view.length, 4);
}

static void
test_ipv4_lengths(void **state)
{
	(void)state;
	put_ipv4(&buffer, 5, 24, 0, UDP); /* Ethernet's padding behind it */
	put_fill(&buffer, 0, 26);
	struct ip_view view = check();
	assert_int_equal(view.length, 4);
	assert_int_equal(view.captured, 4);
	put_ipv4(&buffer, 5, 0, 0, TCP); /* segmentation offload */
	put_fill(&buffer, 0, 5000);
	struct ip_view offload = check();
	assert_int_equal(offload.length, 5000);
	assert_int_equal(offload.captured, 5000);
	put_ipv4(&buffer, 5, 1000, 0, UDP); /* more than the wire carried */
	put_fill(&buffer, 0, 10);
	view = check();
	assert_int_equal(view.length, 980);
	assert_int_equal(view.captured, 10);
	put_ipv4(&buffer, 5, 20, 0, UDP);
	view = check();
	assert_int_equal(view.length, 0);
	/* A wire length without sense does not become a payload without end. */
	const char *reason;
	put_ipv4(&buffer, 5, 0, 0, UDP);
	assert_int_equal(ip_parse(&view, buffer.at, 20, UINT32_MAX, &reason), IP_OK);
	assert_int_equal(view.length, LIMIT_FRAME - 20);
}

static void
test_ipv4_fragments(void **state)
{
	(void)state;
	put_ipv4(&buffer, 5, 28, 0x2000, UDP);
	put_fill(&buffer, 0, 8);
	struct ip_view view = check();
	assert_true(view.fragmented && view.more_fragments);
	assert_int_equal(view.fragment_offset, 0);
	put_ipv4(&buffer, 5, 28, 0x1fff,
		 AH); /* not walked: the header is in another fragment */
	put_fill(&buffer, 0xff, 8);
	view = check();
	assert_true(view.fragmented);
	assert_false(view.more_fragments);
	assert_int_equal(view.fragment_offset, 65528);
	assert_int_equal(view.protocol, AH);
	assert_int_equal(view.header_length, 20);
}

static void
test_ipv4_malformed(void **state)
{
	(void)state;
	buffer.size = 0;
	check_malformed("empty IP packet");
	put_ipv4(&buffer, 4, 20, 0, UDP);
	check_malformed("IPv4 header length below 20");
	put_ipv4(&buffer, 6, 23, 0, UDP);
	check_malformed("IPv4 total length shorter than its header");
	put_ipv4(&buffer, 6, 100, 0, UDP);
	buffer.size = 22;
	check_malformed("IPv4 total length shorter than its header");
	buffer.size = 19;
	check_malformed("packet shorter than an IPv4 header");
	buffer.at[0] = 0x55;
	check_malformed("IP version neither 4 nor 6");
}

static void
test_ipv6(void **state)
{
	(void)state;
	put_ipv6(&buffer, 11, UDP);
	put_fill(&buffer, 0, 20);
	struct ip_view view = check();
	assert_int_equal(view.version, 6);
	assert_int_equal(view.hops, 62);
	assert_int_equal(view.protocol, UDP);
	assert_int_equal(view.header_length, 40);
	assert_int_equal(view.length, 11);
	assert_int_equal(view.captured, 11);
	assert_int_equal(view.identification, 0);
	struct address source, destination;
	ip_addresses(&view, buffer.at, &source, &destination);
	assert_int_equal(source.octets[0], 1);
	assert_int_equal(destination.octets[0], 17);
	put_ipv6(&buffer, 0, TCP); /* offload */
	put_fill(&buffer, 0, 3000);
	view = check();
	assert_int_equal(view.length, 3000);
	buffer.size = 39;
	check_malformed("packet shorter than an IPv6 header");
}

static void
test_ipv6_every_extension(void **state)
{
	(void)state;
	put_ipv6(&buffer, 8 + 24 + 16 + 24 + 8 + 8 + 16 + 8 + 5, 0);
	put_extension(&buffer, 43, 8, 8, 1);        /* hop-by-hop */
	put_extension(&buffer, 60, 24, 8, 1);       /* routing */
	put_extension(&buffer, AH, 16, 8, 1);       /* destination options */
	put_extension(&buffer, 135, 24, 4, 2);      /* AH */
	put_extension(&buffer, 139, 8, 8, 1);       /* mobility */
	put_extension(&buffer, 140, 8, 8, 1);       /* HIP */
	put_extension(&buffer, FRAGMENT, 16, 8, 1); /* shim6 */
	put_fragment_header(&buffer, UDP, 0, false, 0x12345678);
	put_fill(&buffer, 0, 5);
	struct ip_view view = check();
	assert_int_equal(view.protocol, UDP);
	assert_int_equal(view.header_length, 40 + 112);
	assert_int_equal(view.length, 5);
	assert_false(view.fragmented); /* an atomic fragment is whole */
	assert_int_equal(view.identification, 0x12345678);
}

/* Behind a fragment's header stands a part of something: it is not walked. */
static void
test_ipv6_fragment(void **state)
{
	(void)state;
	put_ipv6(&buffer, 8 + 8 + 16, 0);
	put_extension(&buffer, FRAGMENT, 8, 8, 1);
	put_fragment_header(&buffer, 60, 1448, true, 77);
	put_fill(&buffer, 0xff, 16);
	struct ip_view view = check();
	assert_true(view.fragmented && view.more_fragments);
	assert_int_equal(view.fragment_offset, 1448);
	assert_int_equal(view.identification, 77);
	assert_int_equal(view.protocol, 60);
	assert_int_equal(view.header_length, 56);
	assert_int_equal(view.length, 16);
}

static void
test_opaque_payloads(void **state)
{
	(void)state;
	static const unsigned protocols[] = {ESP, NO_NEXT, ICMP6, 253};
	for (size_t i = 0; i < COUNT(protocols); i++) {
		put_ipv6(&buffer, 12, protocols[i]);
		put_fill(&buffer, 0xff, 12);
		struct ip_view view = check();
		assert_int_equal(view.protocol, protocols[i]);
		assert_int_equal(view.header_length, 40);
	}
	put_ipv4(&buffer, 5, 20 + 24 + 3, 0,
		 AH); /* AH is in IPv4 too, destination options are not */
	put_extension(&buffer, 60, 24, 4, 2);
	put_fill(&buffer, 0xff, 3);
	struct ip_view view = check();
	assert_int_equal(view.protocol, 60);
	assert_int_equal(view.header_length, 44);
}

static void
test_extensions_malformed(void **state)
{
	(void)state;
	put_ipv6(&buffer, 1, 60);
	put_fill(&buffer, 0, 1);
	check_malformed("IP packet ends inside an extension header");
	put_ipv6(&buffer, 16, 60);
	put_extension(&buffer, UDP, 24, 8, 1);
	check_malformed("extension header longer than its IP packet");
	put_ipv6(&buffer, 4, FRAGMENT);
	put_fill(&buffer, 0, 4);
	check_malformed("extension header longer than its IP packet");
	put_ipv6(&buffer, LIMIT_IPV6_EXTENSIONS * 8 + 8, 60);
	for (unsigned i = 1; i < LIMIT_IPV6_EXTENSIONS; i++)
		put_extension(&buffer, 60, 8, 8, 1);
	put_extension(&buffer, UDP, 8, 8, 1);
	put_fill(&buffer, 0, 8);
	assert_int_equal(check().protocol, UDP);
	buffer.at[buffer.size - 16] = 60;
	check_malformed("too many IP extension headers");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv4_lengths),
		cmocka_unit_test(test_ipv4_fragments),
		cmocka_unit_test(test_ipv4_malformed),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_ipv6_every_extension),
		cmocka_unit_test(test_ipv6_fragment),
		cmocka_unit_test(test_opaque_payloads),
		cmocka_unit_test(test_extensions_malformed),
	};
	return cmocka_run_group_tests(tests, guard_begin, guard_end);
}
