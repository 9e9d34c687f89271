/*
 * Captures of pcap files, files that are refused, and several files merged. Prefixes of
 * every length check that everything before the cut is delivered.
 */
#include "capture_support.h"

static struct buffer buffer; /* large */

static void
test_pcap_orders_and_units(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		bool nanoseconds = kind & 1;
		struct files files = {.count = 0};
		struct outcome outcome;
		pcap_begin(&buffer, kind & 2, nanoseconds, ETHERNET);
		pcap_record(&buffer, 1, 999999, 60, 1514);
		pcap_record(&buffer, 4294967295U, 7, 3, 2); /* after 2038; a length that lies */
		pcap_record(&buffer, 0, 0, 0, 0);
		add_file(&files, &buffer);
		read_files(&outcome, &files);
		assert_int_equal(outcome.count, 3);
		assert_int_equal(outcome.broken, 0);
		int64_t unit = nanoseconds ? 1 : 1000;
		assert_frame(&outcome.frames[0], SECOND + 999999 * unit, 60, 1514);
		assert_frame(&outcome.frames[1], 4294967295 * SECOND + 7 * unit, 3, 3);
		assert_frame(&outcome.frames[2], 0, 0, 0);
		assert_int_equal(outcome.frames[0].link_type, ETHERNET);
		assert_int_equal(outcome.frames[0].interface, 0);
	}
}

static void
test_pcap_cut_anywhere(void **state)
{
	(void)state;
	size_t ends[4];
	pcap_begin(&buffer, false, true, ETHERNET);
	for (unsigned i = 0; i < COUNT(ends); i++) {
		ends[i] = buffer.size;
		if (i + 1 < COUNT(ends))
			pcap_record(&buffer, i, i, 10 + i, 100);
	}
	check_prefixes(&buffer, ends, COUNT(ends), ends, COUNT(ends));
}

static void
test_pcap_absurd_length(void **state)
{
	(void)state;
	struct files files = {.count = 0};
	struct outcome outcome;
	pcap_begin(&buffer, true, false, ETHERNET);
	pcap_record(&buffer, 1, 1, 20, 20);
	size_t at = buffer.size;
	pcap_record(&buffer, 1, 1, 20, 20);
	memset(buffer.at + at + 8, 0xff, 4);
	add_file(&files, &buffer);
	read_files(&outcome, &files);
	assert_int_equal(outcome.count, 1);
	assert_int_equal(outcome.broken, 1);
	assert_non_null(strstr(outcome.error.text, ": cut off in the record after frame 1: "));
}

static void
test_refused_files(void **state)
{
	(void)state;
	check_refused("", 0, "empty file, expected a capture file");
	check_refused("a", 1, "not a capture file, expected pcap or pcapng");
	check_refused("once upon a time there was", 26,
		      "not a capture file, expected pcap or pcapng");
	check_refused("snoop\0\0\0\0\0\0\2\0\0\0\4", 16,
		      "snoop files are not supported yet, expected pcap or pcapng");
	check_refused("iptrace 2.0 and so on", 21,
		      "iptrace files are not supported yet, expected pcap or pcapng");
	pcap_begin(&buffer, false, false, UNKNOWN_LINK);
	check_refused(buffer.at, buffer.size, "link type 147 (no name) is not supported");
	pcap_begin(&buffer, false, false, 105);
	check_refused(buffer.at, buffer.size, "link type 105 (IEEE802_11) is not supported");
	buffer.size = 0;
	section(&buffer, false);
	buffer.at[8] = 0;
	check_refused(buffer.at, buffer.size,
		      "not a readable pcapng file: a section header without byte order");
}

static void
test_refused_paths(void **state)
{
	(void)state;
	static const struct {
		const char *path, *text;
	} cases[] = {
		{"/tmp", "/tmp: is a directory, expected a capture file"},
		{"/dev/null", "/dev/null: empty file, expected a capture file"},
		{"/nonexistent/a.pcap", "/nonexistent/a.pcap: No such file or directory"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct outcome outcome;
		char path[64];
		snprintf(path, sizeof path, "%s", cases[i].path);
		read_paths(&outcome, (char *[]){path}, 1);
		assert_false(outcome.opened);
		assert_string_equal(outcome.error.text, cases[i].text);
	}
}

static void
test_files_merged_by_time(void **state)
{
	(void)state;
	static const struct {
		int64_t time;
		uint32_t interface, captured;
	} expected[] = {
		{1000, 1, 20}, {2000, 0, 10}, {2000, 1, 21}, {3000, 2, 30}, {3001, 2, 31},
		{5000, 0, 11}, {4000, 0, 12}, {6000, 1, 22}, {9000, 0, 13},
	};
	struct files files = {.count = 0};
	struct outcome outcome;
	pcap_begin(&buffer, false, false, ETHERNET);
	pcap_record(&buffer, 0, 2, 10, 10);
	pcap_record(&buffer, 0, 5, 11, 11);
	pcap_record(&buffer, 0, 4, 12, 12); /* a file's own order stays */
	pcap_record(&buffer, 0, 9, 13, 13);
	add_file(&files, &buffer);
	pcap_begin(&buffer, true, true, ETHERNET);
	pcap_record(&buffer, 0, 1000, 20, 20);
	pcap_record(&buffer, 0, 2000, 21, 21);
	pcap_record(&buffer, 0, 6000, 22, 22);
	pcap_record(&buffer, 0, 7000, 23, 23);
	buffer.size -= 5; /* cut */
	add_file(&files, &buffer);
	buffer.size = 0;
	section(&buffer, true);
	interface(&buffer, COOKED, 0, 9, 0);
	enhanced(&buffer, 0, 3000, 30, 30);
	enhanced(&buffer, 0, 3001, 31, 31);
	add_file(&files, &buffer);
	read_files(&outcome, &files);
	assert_int_equal(outcome.count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		assert_frame(&outcome.frames[i], expected[i].time, expected[i].captured,
			     expected[i].captured);
		assert_int_equal(outcome.frames[i].interface, expected[i].interface);
	}
	assert_int_equal(outcome.broken, 1);
	assert_non_null(strstr(outcome.error.text, "cut off in the record after frame 8: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap_orders_and_units),
		cmocka_unit_test(test_pcap_cut_anywhere),
		cmocka_unit_test(test_pcap_absurd_length),
		cmocka_unit_test(test_refused_files),
		cmocka_unit_test(test_refused_paths),
		cmocka_unit_test(test_files_merged_by_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
