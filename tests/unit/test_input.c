/*
 * Captures that come compressed, through a pipe that is filled bit by bit, or both.
 */
#include "compress_support.h"

#include <fcntl.h>
#include <sys/wait.h>

static struct buffer buffer; /* large */
static struct packed packed;

static void
test_compressed_files(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 1);
	for (size_t i = 0; i < COUNT(packers); i++) {
		struct files files = {.count = 0};
		struct outcome outcome;
		pack(&packed, &packers[i], &buffer);
		add_octets(&files, packed.at, packed.size);
		read_files(&outcome, &files);
		assert_int_equal(outcome.count, LARGE_COUNT);
		assert_int_equal(outcome.broken, 0);
		assert_frame(&outcome.frames[63], 63 * SECOND + 63, 1000, 1000);
	}
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
	build_large(&buffer, 100, 3);
	for (size_t i = 0; i < COUNT(packers); i++) {
		pack(&packed, &packers[i], &buffer);
		read_pipe(&outcome, packed.at, packed.size, i % 2 == 0 ? 7 : 65536);
		assert_int_equal(outcome.count, 100);
		assert_int_equal(outcome.broken, 0);
		assert_frame(&outcome.frames[63], 63 * SECOND + 63, 1000, 1000);
	}
	for (size_t i = 0; i < COMPRESSIONS; i++) {
		pack(&packed, &packers[i], &buffer);
		read_pipe(&outcome, packed.at, packed.size - 1, 1000);
		assert_int_equal(outcome.count, 100);
		assert_int_equal(outcome.broken, 1);
		assert_non_null(strstr(outcome.error.text, "data cut off"));
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
		cmocka_unit_test(test_standard_input),
		cmocka_unit_test(test_standard_input_from_the_middle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
