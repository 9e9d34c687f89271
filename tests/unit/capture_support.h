/*
 * capture_support: capture files built octet by octet in both byte orders, written to
 * temporary files and read back as a whole.
 */
#ifndef RPCSCOPE_TESTS_CAPTURE_SUPPORT_H
#define RPCSCOPE_TESTS_CAPTURE_SUPPORT_H

#include "net_support.h"

#include <stdio.h>

#include "capture.h"
#include "limits.h"

enum {
	ETHERNET = 1,
	COOKED = 113,
	UNKNOWN_LINK = 147,
	FILES = 4,
	FRAMES = 64,
};

/* Temporary files of one test. */
struct files {
	char names[FILES][40];
	char *paths[FILES];
	size_t count;
};

static inline const char *
add_octets(struct files *files, const void *octets, size_t size)
{
	char *name = files->names[files->count];
	snprintf(name, sizeof files->names[0], "/tmp/test_capture.XXXXXX");
	int descriptor = mkstemp(name);
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, octets, size), (ssize_t)size);
	close(descriptor);
	files->paths[files->count++] = name;
	return name;
}

static inline const char *
add_file(struct files *files, const struct buffer *buffer)
{
	return add_octets(files, buffer->at, buffer->size);
}

static inline void
remove_files(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		unlink(files->names[i]);
	files->count = 0;
}

/* Everything that a capture gave. */
struct outcome {
	bool opened;
	struct frame frames[FRAMES];
	size_t count, broken;
	uint8_t sum;        /* of all octets: each was read */
	struct error error; /* of the opening, or the last of CAPTURE_BROKEN */
};

/* Wants no more after every third frame. */
static inline bool
note_frame(void *context, const struct frame *frame)
{
	struct outcome *outcome = context;
	assert_int_equal(frame->number, outcome->count + 1);
	assert_true(frame->length >= frame->captured);
	for (uint32_t i = 0; i < frame->captured; i++)
		outcome->sum ^= frame->octets[i];
	if (outcome->count < FRAMES) {
		outcome->frames[outcome->count] = *frame;
		outcome->frames[outcome->count].octets = NULL; /* not valid later */
	}
	return ++outcome->count % 3 != 0;
}

/* One frame asked for, or all that are handed on until note_frame() has enough. */
static inline enum capture_result
read_on(struct capture *capture, struct outcome *outcome, bool each)
{
	if (each)
		return capture_each(capture, note_frame, outcome, &outcome->error);
	struct frame frame;
	enum capture_result result = capture_next(capture, &frame, &outcome->error);
	if (result == CAPTURE_FRAME)
		note_frame(outcome, &frame);
	return result;
}

static inline void
read_by(struct outcome *outcome, char *const *paths, size_t count, bool each)
{
	memset(outcome, 0, sizeof *outcome);
	struct capture *capture = capture_open(paths, count, &outcome->error);
	outcome->opened = capture != NULL;
	if (capture == NULL)
		return;
	enum capture_result result;
	while ((result = read_on(capture, outcome, each)) != CAPTURE_END) {
		if (result == CAPTURE_FRAME) {
			assert_true(!each || outcome->count % 3 == 0);
			continue;
		}
		assert_string_not_equal(outcome->error.text, "");
		assert_true(++outcome->broken < 10);
	}
	assert_int_equal(read_on(capture, outcome, each), CAPTURE_END);
	capture_close(capture);
}

static inline void
read_paths(struct outcome *outcome, char *const *paths, size_t count)
{
	read_by(outcome, paths, count, false);
}

/* However frames are had, they are the same. */
static inline void
read_files(struct outcome *outcome, struct files *files)
{
	struct outcome asked;
	read_by(&asked, files->paths, files->count, false);
	read_by(outcome, files->paths, files->count, true);
	assert_int_equal(outcome->opened, asked.opened);
	assert_int_equal(outcome->count, asked.count);
	assert_int_equal(outcome->broken, asked.broken);
	assert_int_equal(outcome->sum, asked.sum);
	assert_memory_equal(outcome->frames, asked.frames, sizeof asked.frames);
	assert_string_equal(outcome->error.text, asked.error.text);
	remove_files(files);
}

static inline void
pcap_begin(struct buffer *buffer, bool big_endian, bool nanoseconds, unsigned link_type)
{
	buffer->size = 0;
	buffer->big_endian = big_endian;
	put32(buffer, nanoseconds ? 0xa1b23c4dU : 0xa1b2c3d4U);
	put16(buffer, 2);
	put16(buffer, 4);
	put64(buffer, 0);
	put32(buffer, 65535);
	put32(buffer, link_type);
}

static inline void
pcap_record(struct buffer *buffer, uint32_t seconds, uint32_t fraction, uint32_t captured,
	    uint32_t length)
{
	put32(buffer, seconds);
	put32(buffer, fraction);
	put32(buffer, captured);
	put32(buffer, length);
	put_fill(buffer, 0x5a, captured);
}

/* Begins a block; the position goes to block_end(). */
static inline size_t
block_begin(struct buffer *buffer, uint32_t type)
{
	size_t at = buffer->size;
	put32(buffer, type);
	put32(buffer, 0);
	return at;
}

static inline void
block_end(struct buffer *buffer, size_t at)
{
	while (buffer->size % 4 != 0)
		put8(buffer, 0);
	uint32_t length = (uint32_t)(buffer->size - at + 4);
	put32(buffer, length);
	size_t end = buffer->size;
	buffer->size = at + 4;
	put32(buffer, length);
	buffer->size = end;
}

static inline void
section(struct buffer *buffer, bool big_endian)
{
	buffer->big_endian = big_endian;
	size_t at = block_begin(buffer, 0x0a0d0d0a);
	put32(buffer, 0x1a2b3c4d);
	put16(buffer, 1);
	put16(buffer, 0);
	put64(buffer, UINT64_MAX);
	put16(buffer, 4); /* shb_userappl */
	put16(buffer, 5);
	put(buffer, "tests\0\0\0", 8);
	put32(buffer, 0);
	block_end(buffer, at);
}

enum { NO_RESOLUTION = 256 };

static inline void
interface(struct buffer *buffer, unsigned link_type, uint32_t snap_length, unsigned resolution,
	  int64_t offset)
{
	size_t at = block_begin(buffer, 1);
	put16(buffer, link_type);
	put16(buffer, 0);
	put32(buffer, snap_length);
	put16(buffer, 2); /* if_name, of a length that needs padding */
	put16(buffer, 3);
	put(buffer, "lo0\0", 4);
	if (resolution != NO_RESOLUTION) {
		put16(buffer, 9);
		put16(buffer, 1);
		put8(buffer, resolution);
		put_fill(buffer, 0, 3);
	}
	if (offset != 0) {
		put16(buffer, 14);
		put16(buffer, 8);
		put64(buffer, (uint64_t)offset);
	}
	put32(buffer, 0);
	block_end(buffer, at);
}

static inline void
enhanced(struct buffer *buffer, uint32_t index, uint64_t units, uint32_t captured,
	 uint32_t length)
{
	size_t at = block_begin(buffer, 6);
	put32(buffer, index);
	put32(buffer, (uint32_t)(units >> 32));
	put32(buffer, (uint32_t)units);
	put32(buffer, captured);
	put32(buffer, length);
	put_fill(buffer, 0x5a, captured);
	block_end(buffer, at);
}

static inline void
assert_frame(const struct frame *frame, int64_t time, uint32_t captured, uint32_t length)
{
	assert_int_equal(frame->time, time);
	assert_int_equal(frame->captured, captured);
	assert_int_equal(frame->length, length);
}

/* The one line for a file that is refused. */
static inline void
check_refused(const void *octets, size_t size, const char *text)
{
	struct files files = {.count = 0};
	struct outcome outcome;
	char line[600];
	const char *name = add_octets(&files, octets, size);
	read_files(&outcome, &files);
	snprintf(line, sizeof line, "%s: %s", name, text);
	assert_false(outcome.opened);
	assert_string_equal(outcome.error.text, line);
}

/* Two sections of opposite byte order; interfaces that differ in link type and clock. */
static inline void
build_pcapng(struct buffer *buffer, bool big_endian)
{
	buffer->size = 0;
	section(buffer, big_endian);
	interface(buffer, ETHERNET, 0, NO_RESOLUTION, 0);
	interface(buffer, COOKED, 96, 9, 1000);
	enhanced(buffer, 1, 2000000001, 60, 61);
	size_t at = block_begin(buffer, 4); /* name resolution: passed over */
	put_fill(buffer, 9, 40);
	block_end(buffer, at);
	enhanced(buffer, 0, 5000001, 33, 33);
	section(buffer, !big_endian);
	interface(buffer, 101, 0, 0x80 | 20, 0);
	enhanced(buffer, 0, (UINT64_C(7) << 20) + (1 << 19), 20, 20);
}

/*
 * Reads every prefix of the buffer. `ends` are where a whole number of frames ends
 * (ends[0]: none yet), `clean` where a file may end without being cut.
 */
static inline void
check_prefixes(const struct buffer *buffer, const size_t *ends, size_t count,
	       const size_t *clean, size_t clean_count)
{
	for (size_t size = 0; size <= buffer->size; size++) {
		struct files files = {.count = 0};
		struct outcome outcome;
		const char *name = add_octets(&files, buffer->at, size);
		read_files(&outcome, &files);
		if (size < ends[0]) {
			assert_false(outcome.opened);
			assert_true(strncmp(outcome.error.text, name, strlen(name)) == 0);
			continue;
		}
		assert_true(outcome.opened);
		size_t frames = 0;
		while (frames + 1 < count && ends[frames + 1] <= size)
			frames++;
		bool whole = false;
		for (size_t i = 0; i < clean_count; i++)
			whole |= clean[i] == size;
		char place[40] = "in its first record";
		if (frames > 0)
			snprintf(place, sizeof place, "after frame %zu:", frames);
		if (outcome.count != frames || outcome.broken != !whole)
			fail_msg("%zu octets: %zu frames, %zu times broken", size,
				 outcome.count, outcome.broken);
		if (!whole)
			assert_non_null(strstr(outcome.error.text, place));
	}
}

#endif
