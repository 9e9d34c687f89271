/*
 * Captures that come compressed, through a pipe that is filled bit by bit, or both.
 */
#include "capture_support.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/wait.h>

static struct buffer buffer; /* large */

/* What is in `buffer`, compressed. */
static size_t
compress_buffer(uint8_t *to, size_t room, int (*filter)(struct archive *))
{
	size_t used = 0;
	struct archive *archive = archive_write_new();
	assert_int_equal(filter(archive), ARCHIVE_OK);
	assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
	assert_int_equal(archive_write_set_bytes_in_last_block(archive, 1), ARCHIVE_OK);
	assert_int_equal(archive_write_open_memory(archive, to, room, &used), ARCHIVE_OK);
	struct archive_entry *entry = archive_entry_new();
	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, buffer.at, buffer.size),
			 (la_ssize_t)buffer.size);
	archive_entry_free(entry);
	archive_write_close(archive);
	archive_write_free(archive);
	return used;
}

static int (*const filters[])(struct archive *) = {
	archive_write_add_filter_none,  archive_write_add_filter_gzip,
	archive_write_add_filter_xz,    archive_write_add_filter_zstd,
	archive_write_add_filter_bzip2,
};

static void
build_large(size_t frames, uint64_t seed)
{
	pcap_begin(&buffer, true, true, ETHERNET);
	for (uint32_t i = 0; i < frames; i++) {
		pcap_record(&buffer, i, i, 1000, 1000);
		for (size_t octet = 0; octet < 1000; octet++)
			buffer.at[buffer.size - 1 - octet] = (uint8_t)random_next(&seed);
	}
}

static uint8_t compressed[1 << 18];

static void
test_compressed_files(void **state)
{
	(void)state;
	build_large(200, 1);
	for (size_t i = 0; i < COUNT(filters); i++) {
		struct files files = {.count = 0};
		struct outcome outcome;
		add_octets(&files, compressed,
			   compress_buffer(compressed, sizeof compressed, filters[i]));
		read_files(&outcome, &files);
		assert_int_equal(outcome.count, 200);
		assert_int_equal(outcome.broken, 0);
		assert_frame(&outcome.frames[63], 63 * SECOND + 63, 1000, 1000);
	}
}

static void
test_compressed_nothing(void **state)
{
	(void)state;
	buffer.size = 0;
	size_t size =
		compress_buffer(compressed, sizeof compressed, archive_write_add_filter_gzip);
	check_refused(compressed, size, "empty file, expected a capture file");
}

/* Blocks of 64 KiB are decompressed at once; those before the damage are delivered. */
static void
test_compressed_and_cut(void **state)
{
	(void)state;
	build_large(200, 2);
	size_t size =
		compress_buffer(compressed, sizeof compressed, archive_write_add_filter_gzip);
	struct files files = {.count = 0};
	struct outcome outcome;
	add_octets(&files, compressed, size - 10);
	read_files(&outcome, &files);
	assert_true(outcome.count >= 192 && outcome.count <= 200);
	assert_int_equal(outcome.broken, 1);
	assert_non_null(strstr(outcome.error.text, "truncated gzip"));
	add_octets(&files, compressed, 20);
	read_files(&outcome, &files);
	assert_false(outcome.opened);
}

/* Reads octets as standard input through a pipe that a child fills bit by bit. */
static void
read_pipe(struct outcome *outcome, const uint8_t *octets, size_t size, size_t step)
{
	int ends[2], saved = dup(STDIN_FILENO);
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		for (size_t at = 0; at < size; at += step) {
			size_t part = size - at < step ? size - at : step;
			if (write(ends[1], octets + at, part) < 0)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	char dash[] = "-";
	read_paths(outcome, (char *[]){dash}, 1);
	dup2(saved, STDIN_FILENO);
	close(saved);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
test_standard_input(void **state)
{
	(void)state;
	struct outcome outcome;
	build_large(100, 3);
	for (size_t i = 0; i < COUNT(filters); i++) {
		size_t size = compress_buffer(compressed, sizeof compressed, filters[i]);
		read_pipe(&outcome, compressed, size, i % 2 == 0 ? 7 : 65536);
		assert_int_equal(outcome.count, 100);
		assert_int_equal(outcome.broken, 0);
		assert_frame(&outcome.frames[63], 63 * SECOND + 63, 1000, 1000);
	}
	build_pcapng(&buffer, true);
	read_pipe(&outcome, buffer.at, buffer.size, 1);
	assert_int_equal(outcome.count, 3);
	read_pipe(&outcome, buffer.at, buffer.size - 1, 3);
	assert_int_equal(outcome.count, 2);
	assert_string_equal(outcome.error.text, "standard input: cut off in the record after "
						"frame 2: the file ends inside a block");
	read_pipe(&outcome, buffer.at, 0, 1);
	assert_string_equal(outcome.error.text,
			    "standard input: empty file, expected a capture file");
}

/* Standard input may be a file that somebody has read a part of. */
static void
test_standard_input_from_the_middle(void **state)
{
	(void)state;
	struct files files = {.count = 0};
	struct outcome outcome;
	uint8_t copy[4096] = "something before";
	build_pcapng(&buffer, false);
	memcpy(copy + 16, buffer.at, buffer.size);
	int saved = dup(STDIN_FILENO);
	int descriptor = open(add_octets(&files, copy, 16 + buffer.size), O_RDONLY);
	assert_int_equal(lseek(descriptor, 16, SEEK_SET), 16);
	dup2(descriptor, STDIN_FILENO);
	char dash[] = "-";
	read_paths(&outcome, (char *[]){dash}, 1);
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(descriptor);
	remove_files(&files);
	assert_int_equal(outcome.count, 3);
	assert_int_equal(outcome.broken, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compressed_files),
		cmocka_unit_test(test_compressed_nothing),
		cmocka_unit_test(test_compressed_and_cut),
		cmocka_unit_test(test_standard_input),
		cmocka_unit_test(test_standard_input_from_the_middle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
