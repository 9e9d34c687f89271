/*
 * pcapng files in both byte orders: blocks, clocks, interfaces; cut at every octet,
 * with lengths that contradict each other, and with random damage.
 */
#include "capture_support.h"

static struct buffer buffer; /* large */

static void
test_octets_are_the_packets(void **state)
{
	(void)state;
	struct files files = {.count = 0};
	struct error error = {""};
	struct frame frame;
	uint8_t packet[61];
	for (size_t i = 0; i < sizeof packet; i++)
		packet[i] = (uint8_t)(i * 7);
	buffer.size = 0;
	section(&buffer, true);
	interface(&buffer, ETHERNET, 0, NO_RESOLUTION, 0);
	size_t at = buffer.size;
	enhanced(&buffer, 0, 1, sizeof packet, sizeof packet);
	memcpy(buffer.at + at + 28, packet, sizeof packet);
	add_file(&files, &buffer);
	struct capture *capture = capture_open(files.paths, 1, &error);
	assert_non_null(capture);
	assert_int_equal(capture_next(capture, &frame, &error), CAPTURE_FRAME);
	assert_int_equal(frame.captured, sizeof packet);
	assert_memory_equal(frame.octets, packet, sizeof packet);
	capture_close(capture);
	remove_files(&files);
}

static void
test_pcapng_sections_and_interfaces(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct files files = {.count = 0};
		struct outcome outcome;
		build_pcapng(&buffer, big_endian);
		add_file(&files, &buffer);
		read_files(&outcome, &files);
		assert_int_equal(outcome.count, 3);
		assert_int_equal(outcome.broken, 0);
		assert_frame(&outcome.frames[0], 1002 * SECOND + 1, 60, 61);
		assert_int_equal(outcome.frames[0].link_type, COOKED);
		assert_int_equal(outcome.frames[0].interface, 1);
		assert_frame(&outcome.frames[1], 5 * SECOND + 1000, 33, 33);
		assert_int_equal(outcome.frames[1].link_type, ETHERNET);
		assert_int_equal(outcome.frames[1].interface, 0);
		assert_frame(&outcome.frames[2], 7 * SECOND + SECOND / 2, 20, 20);
		assert_int_equal(outcome.frames[2].link_type, 12); /* DLT_RAW */
		assert_int_equal(outcome.frames[2].interface, 2);
	}
}

static void
test_pcapng_simple_and_obsolete_blocks(void **state)
{
	(void)state;
	struct files files = {.count = 0};
	struct outcome outcome;
	buffer.size = 0;
	section(&buffer, false);
	interface(&buffer, ETHERNET, 40, NO_RESOLUTION, 0);
	interface(&buffer, COOKED, 0, NO_RESOLUTION, 0);
	size_t at = block_begin(&buffer, 2); /* obsolete packet block, with an option */
	put16(&buffer, 1);
	put16(&buffer, 77);
	put32(&buffer, 0);
	put32(&buffer, 3000000);
	put32(&buffer, 5);
	put32(&buffer, 50);
	put_fill(&buffer, 1, 8);
	put32(&buffer, 0);
	block_end(&buffer, at);
	at = block_begin(&buffer, 3); /* simple, cut by the snap length */
	put32(&buffer, 100);
	put_fill(&buffer, 2, 40);
	block_end(&buffer, at);
	at = block_begin(&buffer, 3); /* simple, whole */
	put32(&buffer, 21);
	put_fill(&buffer, 2, 21);
	block_end(&buffer, at);
	add_file(&files, &buffer);
	read_files(&outcome, &files);
	assert_int_equal(outcome.count, 3);
	assert_int_equal(outcome.broken, 0);
	assert_frame(&outcome.frames[0], 3 * SECOND, 5, 50);
	assert_int_equal(outcome.frames[0].link_type, COOKED);
	assert_frame(&outcome.frames[1], 3 * SECOND, 40, 100);
	assert_int_equal(outcome.frames[1].link_type, ETHERNET);
	assert_frame(&outcome.frames[2], 3 * SECOND, 21, 21);
}

static void
test_pcapng_clocks(void **state)
{
	(void)state;
	static const int64_t far = INT64_C(1) << 32; /* s: times are held within that */
	static const struct {
		unsigned resolution;
		uint64_t units;
		int64_t offset, time;
	} clocks[] = {
		{0, 12, 0, 12 * SECOND},
		{3, 12345, 0, 12345000000},
		{9, UINT64_C(1700000000123456789), 0, 1700000000123456789},
		{12, UINT64_C(1234567890123), 0, 1234567890},
		{19, UINT64_MAX, 0, 1844674407},
		{20, UINT64_MAX, 0, 184467440},
		{28, UINT64_MAX, 0, 1},
		{40, UINT64_MAX, 0, 0},
		{127, UINT64_MAX, 0, 0},
		{0x80, 3, 0, 3 * SECOND},
		{0x80 | 1, 3, 0, 3 * SECOND / 2},
		{0x80 | 32, (UINT64_C(5) << 32) + (UINT64_C(1) << 30), 0, 5250000000},
		{0x80 | 34, (UINT64_C(1) << 34) - 1, 0, 999999999},
		{0x80 | 60, UINT64_C(1) << 59, 0, SECOND / 2},
		{0x80 | 64, UINT64_C(1) << 63, 0, SECOND / 2},
		{0x80 | 127, UINT64_MAX, 0, 0},
		{0, UINT64_MAX, 0, far * SECOND},
		{0, 5, INT64_MAX, far * SECOND},
		{0, 5, INT64_MIN, -far * SECOND},
		{6, 1500000, -2, -SECOND / 2},
	};
	for (size_t i = 0; i < COUNT(clocks); i++) {
		struct files files = {.count = 0};
		struct outcome outcome;
		buffer.size = 0;
		section(&buffer, i % 2);
		interface(&buffer, ETHERNET, 0, clocks[i].resolution, clocks[i].offset);
		enhanced(&buffer, 0, clocks[i].units, 4, 4);
		add_file(&files, &buffer);
		read_files(&outcome, &files);
		assert_int_equal(outcome.count, 1);
		if (outcome.frames[0].time != clocks[i].time)
			fail_msg("clock %zu: %lld, expected %lld", i,
				 (long long)outcome.frames[0].time, (long long)clocks[i].time);
	}
}

static void
test_pcapng_cut_anywhere(void **state)
{
	(void)state;
	size_t ends[3], clean[4];
	buffer.size = 0;
	section(&buffer, true);
	ends[0] = clean[0] = buffer.size;
	interface(&buffer, ETHERNET, 0, 9, 0);
	clean[1] = buffer.size;
	enhanced(&buffer, 0, 1, 13, 13);
	ends[1] = clean[2] = buffer.size;
	enhanced(&buffer, 0, 2, 14, 14);
	ends[2] = clean[3] = buffer.size;
	check_prefixes(&buffer, ends, COUNT(ends), clean, COUNT(clean));
}

/* One word of a good file is overwritten; what came before is delivered. */
static void
check_damage(size_t at, uint32_t value, size_t frames, const char *text)
{
	struct files files = {.count = 0};
	struct outcome outcome;
	size_t size = buffer.size;
	buffer.size = at;
	put32(&buffer, value);
	buffer.size = size;
	add_file(&files, &buffer);
	read_files(&outcome, &files);
	assert_true(outcome.opened);
	assert_int_equal(outcome.count, frames);
	assert_int_equal(outcome.broken, 1);
	if (strstr(outcome.error.text, text) == NULL)
		fail_msg("%s", outcome.error.text);
}

static size_t
build_two_packets(void)
{
	buffer.size = 0;
	section(&buffer, false);
	interface(&buffer, ETHERNET, 0, 9, 0);
	enhanced(&buffer, 0, 1, 13, 13);
	size_t at = buffer.size;
	enhanced(&buffer, 0, 2, 14, 14);
	return at;
}

static void
test_pcapng_lengths_that_contradict(void **state)
{
	(void)state;
	size_t at = build_two_packets();
	check_damage(at + 4, 44, 1, "whose two lengths differ");
	build_two_packets();
	check_damage(buffer.size - 4, 44, 1, "whose two lengths differ");
	static const uint32_t impossible[] = {0, 8, 11, 49, 0x1000004, UINT32_MAX};
	for (size_t i = 0; i < COUNT(impossible); i++) {
		at = build_two_packets();
		check_damage(at + 4, impossible[i], 1, "impossible length");
	}
	at = build_two_packets();
	check_damage(at + 8, 1, 1, "interface that is not described");
	at = build_two_packets();
	check_damage(at + 20, 17, 1, "longer than its block");
	at = build_two_packets();
	check_damage(at + 20, UINT32_MAX, 1, "longer than its block");
	at = build_two_packets();
	check_damage(at, 0x0a0d0d0a, 1, "without byte order");
}

static void
test_unknown_interface_is_told_once(void **state)
{
	(void)state;
	struct files files = {.count = 0};
	struct outcome outcome;
	buffer.size = 0;
	section(&buffer, false);
	interface(&buffer, ETHERNET, 0, 9, 0);
	interface(&buffer, UNKNOWN_LINK, 0, 9, 0);
	enhanced(&buffer, 0, 1, 10, 10);
	enhanced(&buffer, 1, 2, 11, 11);
	enhanced(&buffer, 1, 3, 12, 12);
	enhanced(&buffer, 0, 4, 13, 13);
	for (size_t copies = 1; copies <= 2; copies++) { /* alone, and merged */
		for (size_t i = 0; i < copies; i++)
			add_file(&files, &buffer);
		read_files(&outcome, &files);
		assert_int_equal(outcome.broken, copies);
		assert_int_equal(outcome.count, 4 * copies);
		assert_non_null(strstr(outcome.error.text,
				       "interface 1 has link type 147 (no name), which is not "
				       "supported"));
		for (uint32_t i = 0; i < 4 * copies; i++)
			assert_frame(&outcome.frames[i], 1 + i / (uint32_t)copies,
				     10 + i / (uint32_t)copies, 10 + i / (uint32_t)copies);
	}
}

/* Random damage: no fault, at most one line, and an end. */
static void
test_damaged_at_random(void **state)
{
	(void)state;
	uint64_t seed = 4242;
	for (int round = 0; round < 1500; round++) {
		struct files files = {.count = 0};
		struct outcome outcome;
		build_pcapng(&buffer, round & 1);
		for (uint32_t i = random_below(&seed, 6); i < 6; i++)
			buffer.at[random_below(&seed, (uint32_t)buffer.size)] =
				(uint8_t)(random_below(&seed, 2) ? random_next(&seed) : 0xff);
		add_file(&files, &buffer);
		read_files(&outcome, &files);
		if (outcome.count > 3 || outcome.broken > 3)
			fail_msg("round %d: %zu frames", round, outcome.count);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_octets_are_the_packets),
		cmocka_unit_test(test_pcapng_sections_and_interfaces),
		cmocka_unit_test(test_pcapng_simple_and_obsolete_blocks),
		cmocka_unit_test(test_pcapng_clocks),
		cmocka_unit_test(test_pcapng_cut_anywhere),
		cmocka_unit_test(test_pcapng_lengths_that_contradict),
		cmocka_unit_test(test_unknown_interface_is_told_once),
		cmocka_unit_test(test_damaged_at_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
