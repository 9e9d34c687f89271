/*
 * Compressed captures that are cut off, damaged, put together from members, or that ask
 * for too much.
 */
#include "compress_support.h"

static struct buffer buffer; /* a large capture */
static struct packed packed;

/* What reading a compressed capture gave. */
struct reading {
	bool opened;
	size_t count, equal; /* frames; those before the first that is not as in `buffer` */
	size_t broken;
	struct error error;
};

static void
read_octets(struct reading *reading, const void *octets, size_t size)
{
	struct files files = {.count = 0};
	add_octets(&files, octets, size);
	memset(reading, 0, sizeof *reading);
	struct capture *capture = capture_open(files.paths, 1, &reading->error);
	reading->opened = capture != NULL;
	struct frame frame;
	enum capture_result result;
	while (capture != NULL &&
	       (result = capture_next(capture, &frame, &reading->error)) != CAPTURE_END) {
		if (result == CAPTURE_BROKEN) {
			assert_true(++reading->broken < 3);
			continue;
		}
		const uint8_t *plain =
			buffer.at + LARGE_HEADER + reading->count * LARGE_RECORD + 16;
		if (reading->equal == reading->count && reading->count < LARGE_COUNT &&
		    frame.captured == LARGE_FRAME &&
		    memcmp(frame.octets, plain, LARGE_FRAME) == 0)
			reading->equal++;
		reading->count++;
	}
	capture_close(capture);
	remove_files(&files);
}

static void
assert_error(const struct reading *reading, const struct packer *packer, const char *text)
{
	char wanted[100];
	snprintf(wanted, sizeof wanted, ": %s data %s", packer->name, text);
	if (strstr(reading->error.text, wanted) == NULL)
		fail_msg("no \"%s\" in \"%s\"", wanted, reading->error.text);
}

/* How many frames the writer had flushed before `size` octets. */
static size_t
frames_before(size_t size)
{
	size_t frames = 0;
	while (frames < LARGE_COUNT && packed.ends[frames + 1] <= size)
		frames++;
	return frames;
}

/* Every frame that had been flushed before the cut is given, and no more than one besides. */
static void
check_cut(const struct packer *packer, size_t size)
{
	struct reading reading;
	read_octets(&reading, packed.at, size);
	size_t frames = frames_before(size);
	if (!reading.opened) {
		assert_true(size < packed.ends[0]);
		return;
	}
	if (reading.count < frames || reading.count > frames + 1)
		fail_msg("%s cut at %zu: %zu frames of %zu", packer->name, size, reading.count,
			 frames);
	assert_int_equal(reading.equal, reading.count);
	assert_int_equal(reading.broken, 1);
	assert_error(&reading, packer, "cut off");
}

static void
test_cut_between_flushes(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 11);
	for (size_t i = 0; i < COMPRESSIONS; i++) {
		pack_flushed(&packed, &packers[i], &buffer);
		for (size_t part = 1; part < 16; part++)
			check_cut(&packers[i], packed.size * part / 16);
		for (size_t size = packed.ends[3]; size <= packed.ends[4]; size += 7)
			check_cut(&packers[i], size);
		for (size_t left = 1; left < 30; left++)
			check_cut(&packers[i], packed.size - left);
	}
}

/* How many whole frames the command gets out of the file; 0 when there is no such command. */
static size_t
frames_of_command(const struct packer *packer, size_t size)
{
	struct files files = {.count = 0};
	char command[300], block[4096];
	snprintf(command, sizeof command, "%s -dc <%s 2>/dev/null", packer->name,
		 add_octets(&files, packed.at, size));
	FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c): its own names */
	assert_non_null(pipe);
	size_t all = 0, got;
	while ((got = fread(block, 1, sizeof block, pipe)) > 0)
		all += got;
	pclose(pipe);
	remove_files(&files);
	return all < LARGE_HEADER ? 0 : (all - LARGE_HEADER) / LARGE_RECORD;
}

/* Nothing is flushed here: what is to be had is what the commands of that name get. */
static void
test_cut_anywhere(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 12);
	for (size_t i = 0; i < COMPRESSIONS; i++) {
		pack(&packed, &packers[i], &buffer);
		for (size_t part = 1; part < 16; part++) {
			struct reading reading;
			size_t size = packed.size * part / 16;
			read_octets(&reading, packed.at, size);
			size_t frames = frames_of_command(&packers[i], size);
			if (reading.count < frames)
				fail_msg("%s cut at %zu: %zu frames, the command has %zu",
					 packers[i].name, size, reading.count, frames);
			assert_int_equal(reading.equal, reading.count);
			assert_int_equal(reading.broken, reading.opened);
			assert_error(&reading, &packers[i], "cut off");
		}
	}
}

/* Deflate in blocks of some ten thousand octets; nearly everything before the cut is there. */
static void
test_cut_gzip_loses_next_to_nothing(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 13);
	pack(&packed, &packers[0], &buffer);
	for (size_t part = 2; part < 16; part++) {
		struct reading reading;
		read_octets(&reading, packed.at, packed.size * part / 16);
		assert_true(reading.count + 2 >= LARGE_COUNT * part / 16);
	}
}

/* 7 begins a block of a reserved type in deflate and in zstd, and is no control octet of
 * LZMA2: found at once, with the frame before it just given. */
static void
test_damaged_block(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 14);
	for (size_t i = 0; i < COMPRESSIONS; i++) {
		pack_flushed(&packed, &packers[i], &buffer);
		for (size_t frames = 1; frames < LARGE_COUNT; frames += 13) {
			struct reading reading;
			uint8_t *at = &packed.at[packed.ends[frames]], before = *at;
			*at = 7;
			read_octets(&reading, packed.at, packed.size);
			*at = before;
			assert_int_equal(reading.count, frames);
			assert_int_equal(reading.equal, frames);
			assert_int_equal(reading.broken, 1);
			assert_error(&reading, &packers[i], "damaged");
		}
	}
}

/* Whatever is damaged, the frames flushed before it are given. */
static void
test_damaged_anywhere(void **state)
{
	(void)state;
	uint64_t seed = 15;
	build_large(&buffer, LARGE_COUNT, 15);
	for (size_t i = 0; i < COMPRESSIONS; i++) {
		pack_flushed(&packed, &packers[i], &buffer);
		for (size_t round = 0; round < 60; round++) {
			struct reading reading;
			size_t at = random_below(&seed, (uint32_t)packed.size);
			uint8_t before = packed.at[at];
			packed.at[at] ^= (uint8_t)(1 + random_below(&seed, 255));
			read_octets(&reading, packed.at, packed.size);
			packed.at[at] = before;
			if (at < packed.ends[0])
				continue;
			if (reading.equal < frames_before(at))
				fail_msg("%s, octet %zu: %zu frames of %zu", packers[i].name,
					 at, reading.equal, frames_before(at));
			assert_int_equal(reading.broken, 1);
		}
	}
}

static void
test_check_sum(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 16);
	pack(&packed, &packers[0], &buffer);
	packed.at[packed.size - 5] ^= 1;
	struct reading reading;
	read_octets(&reading, packed.at, packed.size);
	assert_int_equal(reading.equal, LARGE_COUNT);
	assert_error(&reading, &packers[0], "damaged");
	pack(&packed, &packers[2], &buffer);
	packed.at[packed.size - 1] ^= 1;
	read_octets(&reading, packed.at, packed.size);
	assert_int_equal(reading.equal, LARGE_COUNT);
	assert_error(&reading, &packers[2], "damaged");
}

/* Members of all lengths, an empty one among them, padded with zeros. */
static void
pack_members(const struct packer *packer)
{
	static const uint8_t zeros[8];
	packed.size = 0;
	for (size_t at = 0, size = 1; at < buffer.size; at += size, size *= 3) {
		if (size > buffer.size - at)
			size = buffer.size - at;
		pack_member(&packed, packer, buffer.at + at, size);
		if (size == 9)
			pack_member(&packed, packer, "", 0);
		if (size == 27)
			plain_put(&packed, zeros, sizeof zeros, PACK_ON);
	}
}

static void
test_members(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 17);
	for (size_t i = 0; i < COMPRESSIONS; i++) {
		struct reading reading;
		pack_members(&packers[i]);
		read_octets(&reading, packed.at, packed.size);
		assert_int_equal(reading.equal, LARGE_COUNT);
		assert_int_equal(reading.broken, 0);
		plain_put(&packed, "\0\0\0\0", 4, PACK_ON);
		read_octets(&reading, packed.at, packed.size);
		assert_int_equal(reading.equal, LARGE_COUNT);
		assert_int_equal(reading.broken, 0);
		plain_put(&packed, "This is no member.", 18, PACK_ON);
		read_octets(&reading, packed.at, packed.size);
		assert_int_equal(reading.equal, LARGE_COUNT);
		assert_int_equal(reading.broken, 1);
		assert_error(&reading, &packers[i], "damaged");
	}
}

/* RFC 8878 section 3.1.2: a frame to be passed over, here before the first one and after. */
static void
test_skippable_frames(void **state)
{
	(void)state;
	static const uint8_t skipped[] = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 9, 9, 9, 9};
	build_large(&buffer, LARGE_COUNT, 18);
	packed.size = 0;
	plain_put(&packed, skipped, sizeof skipped, PACK_ON);
	pack_member(&packed, &packers[2], buffer.at, 1000);
	plain_put(&packed, skipped, sizeof skipped, PACK_ON);
	pack_member(&packed, &packers[2], buffer.at + 1000, buffer.size - 1000);
	plain_put(&packed, skipped, sizeof skipped, PACK_ON);
	struct reading reading;
	read_octets(&reading, packed.at, packed.size);
	assert_int_equal(reading.equal, LARGE_COUNT);
	assert_int_equal(reading.broken, 0);
	read_octets(&reading, packed.at, packed.size - 1);
	assert_int_equal(reading.equal, LARGE_COUNT);
	assert_int_equal(reading.broken, 1);
	assert_error(&reading, &packers[2], "cut off");
}

/* Headers that ask for 1 GiB: zstd's window descriptor (RFC 8878 section 3.1.1.1.2), and the
 * dictionary size of LZMA2 in a block header (xz file format 1.2.1 sections 3.1 and 5.3.1). */
static void
test_too_much_memory(void **state)
{
	(void)state;
	static const uint8_t window[] = {0x28,           0xb5, 0x2f, 0xfd, 0,
					 (30 - 10) << 3, 0x0b, 0,    0,    'x'};
	static const char refused[] = "cannot be decompressed: %s data needs more than 256 MiB "
				      "of memory";
	char text[100];
	snprintf(text, sizeof text, refused, "zstd");
	check_refused(window, sizeof window, text);
	build_large(&buffer, 1, 19);
	pack(&packed, &packers[1], &buffer);
	uint8_t *block = packed.at + LZMA_STREAM_HEADER_SIZE;
	assert_int_equal(block[0], 2);    /* 12 octets */
	assert_int_equal(block[2], 0x21); /* LZMA2 */
	block[4] = 36;
	uint32_t sum = lzma_crc32(block, 8, 0);
	for (unsigned i = 0; i < 4; i++)
		block[8 + i] = (uint8_t)(sum >> 8 * i);
	snprintf(text, sizeof text, refused, "xz");
	check_refused(packed.at, packed.size, text);
}

/* 256 MiB is allowed, and what is small is not charged for it. */
static void
test_largest_window(void **state)
{
	(void)state;
	build_large(&buffer, LARGE_COUNT, 20);
	packed.size = 0;
	zstd_begin(&packed);
	ZSTD_CCtx_setParameter(packed.zstd, ZSTD_c_windowLog, 28);
	zstd_put(&packed, buffer.at, buffer.size, PACK_FLUSH);
	zstd_put(&packed, "", 0, PACK_FINISH);
	struct reading reading;
	read_octets(&reading, packed.at, packed.size);
	assert_int_equal(reading.equal, LARGE_COUNT);
	assert_int_equal(reading.broken, 0);
}

static void
test_refused(void **state)
{
	(void)state;
	check_refused("BZh91AY&SY", 10,
		      "not a capture file but bzip2 data, expected pcap or pcapng, "
		      "as it is or compressed with gzip, xz or zstd");
	check_refused("\x04\x22\x4d\x18@@\xc0", 7,
		      "not a capture file but lz4 data, expected pcap or pcapng, "
		      "as it is or compressed with gzip, xz or zstd");
	check_refused("\x1f\x8b", 2, "cannot be decompressed: gzip data cut off");
	check_refused("\x1f\x8b\x09\0\0\0\0\0\0\0\0", 11,
		      "cannot be decompressed: gzip data damaged");
	for (size_t i = 0; i < COMPRESSIONS; i++) {
		buffer.size = 0;
		pack(&packed, &packers[i], &buffer);
		check_refused(packed.at, packed.size, "empty file, expected a capture file");
		put(&buffer, "This is no capture file.", 24);
		pack(&packed, &packers[i], &buffer);
		check_refused(packed.at, packed.size,
			      "not a capture file, expected pcap or pcapng");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_between_flushes),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_cut_gzip_loses_next_to_nothing),
		cmocka_unit_test(test_damaged_block),
		cmocka_unit_test(test_damaged_anywhere),
		cmocka_unit_test(test_check_sum),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_skippable_frames),
		cmocka_unit_test(test_too_much_memory),
		cmocka_unit_test(test_largest_window),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
