/*
 * A capture read ahead by a thread is the same, frame by frame, as one that is not: across
 * the ends of batches, with frames longer than a batch, with files that break off, and when
 * it is closed before its end.
 */
#include "capture_support.h"

#include "reader.h"

enum { MANY = 6000, LONG_FRAME = 200000 };

/* Lengths that fill batches by their octets, by their number, and alone. */
static uint32_t
length_of(unsigned i)
{
	if (i % 1999 == 7)
		return LONG_FRAME;
	return i < MANY / 2 ? i % 7 : i % 1500;
}

static const char *
write_capture(struct files *files, unsigned count, long less)
{
	static struct buffer header;
	static uint8_t octets[LONG_FRAME];
	pcap_begin(&header, false, true, ETHERNET);
	const char *name = add_file(files, &header);
	FILE *file = fopen(name, "ab");
	assert_non_null(file);
	for (unsigned i = 0; i < count; i++) {
		uint32_t length = length_of(i), head[4] = {i, i, length, length};
		memset(octets, (int)i, length);
		assert_int_equal(fwrite(head, sizeof head, 1, file), 1);
		assert_int_equal(fwrite(octets, 1, length, file), length);
	}
	assert_int_equal(fflush(file), 0);
	assert_int_equal(ftruncate(fileno(file), ftell(file) - less), 0);
	fclose(file);
	return name;
}

/* Both readings go side by side. */
static void
check_same(struct files *files, unsigned frames, unsigned broken, uint32_t trial)
{
	struct error error;
	struct capture *captures[2];
	struct reader *readers[2];
	for (int i = 0; i < 2; i++) {
		captures[i] = capture_open(files->paths, files->count, &error);
		assert_non_null(captures[i]);
		readers[i] = reader_open(captures[i], i == 1 ? trial : 0);
	}
	enum capture_result result = CAPTURE_FRAME;
	while (result != CAPTURE_END) {
		const struct frame *plain, *ahead;
		struct error errors[2] = {{""}, {""}};
		result = reader_next(readers[0], &plain, &errors[0]);
		assert_int_equal(reader_next(readers[1], &ahead, &errors[1]), result);
		assert_string_equal(errors[0].text, errors[1].text);
		broken -= result == CAPTURE_BROKEN;
		if (result != CAPTURE_FRAME)
			continue;
		frames--;
		assert_int_equal(plain->number, ahead->number);
		assert_int_equal(plain->time, ahead->time);
		assert_int_equal(plain->interface, ahead->interface);
		assert_int_equal(plain->link_type, ahead->link_type);
		assert_int_equal(plain->length, ahead->length);
		assert_int_equal(plain->captured, ahead->captured);
		if (plain->captured != 0)
			assert_memory_equal(plain->octets, ahead->octets, plain->captured);
	}
	const struct frame *none;
	assert_int_equal(reader_next(readers[1], &none, &error), CAPTURE_END);
	assert_int_equal(frames, 0);
	assert_int_equal(broken, 0);
	for (int i = 0; i < 2; i++) {
		reader_close(readers[i]);
		capture_close(captures[i]);
	}
	remove_files(files);
}

static void
test_same(void **state)
{
	struct files files = {.count = 0};
	(void)state;
	/* The thread begins with the first frame, within a batch, at its end, and not at all.
	 */
	const uint32_t trials[] = {1, 2, 7, 512, MANY - 1, MANY, MANY + 1};
	for (size_t i = 0; i < COUNT(trials); i++) {
		write_capture(&files, MANY, 0);
		check_same(&files, MANY, 0, trials[i]);
	}
	write_capture(&files, 0, 0);
	check_same(&files, 0, 0, 1);
}

/* One file is cut in its last record, another goes on after it. */
static void
test_broken(void **state)
{
	struct files files = {.count = 0};
	(void)state;
	write_capture(&files, MANY / 2, 1);
	write_capture(&files, MANY, 0);
	check_same(&files, MANY / 2 - 1 + MANY, 1, 1);
}

static void
test_closed_early(void **state)
{
	(void)state;
	for (unsigned wanted = 0; wanted < MANY; wanted = 2 * wanted + 1) {
		struct files files = {.count = 0};
		struct error error;
		const struct frame *frame;
		write_capture(&files, MANY, 0);
		struct capture *capture = capture_open(files.paths, 1, &error);
		struct reader *reader = reader_open(capture, 1);
		for (unsigned i = 0; i < wanted; i++)
			assert_int_equal(reader_next(reader, &frame, &error), CAPTURE_FRAME);
		reader_close(reader);
		capture_close(capture);
		remove_files(&files);
	}
}

/* Who reads a pipe would wait for a batch to fill. */
static void
test_not_for_pipes(void **state)
{
	struct files files = {.count = 0};
	struct error error;
	(void)state;
	write_capture(&files, 3, 0);
	struct capture *capture = capture_open(files.paths, 1, &error);
	assert_true(capture_stored(capture));
	capture_close(capture);
	int ends[2];
	char name[32];
	char *paths[] = {name};
	assert_int_equal(pipe(ends), 0);
	snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
	static struct buffer buffer;
	pcap_begin(&buffer, false, false, ETHERNET);
	assert_int_equal(write(ends[1], buffer.at, buffer.size), (ssize_t)buffer.size);
	close(ends[1]);
	capture = capture_open(paths, 1, &error);
	assert_non_null(capture);
	assert_false(capture_stored(capture));
	assert_false(reader_useful(capture));
	capture_close(capture);
	close(ends[0]);
	remove_files(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_closed_early),
		cmocka_unit_test(test_not_for_pipes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
