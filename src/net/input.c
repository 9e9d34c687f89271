/*
 * Up to two layers stand between the descriptor and the FILE: a peek at the raw
 * octets, which finds a compressed file by its magic, and behind libarchive a
 * peek at the content, which finds the capture format. What a peek took is given
 * again to whoever reads next, so a pipe loses nothing. A FILE is made of the
 * layers with fopencookie(); a plain regular file is only sought back.
 *
 * Of libarchive's filters only those that work inside the process are turned on:
 * the others start programs by what a file says of itself.
 */
#include "input.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

enum {
	INPUT_BLOCK = 64 << 10,   /* octets handed to libarchive at once */
	INPUT_BUFFER = 256 << 10, /* of the FILE: fewer system calls than st_blksize */
};

/* First octets of a stream, read ahead and given again. */
struct peek {
	uint8_t octets[INPUT_HEAD];
	size_t size, given;
};

struct input {
	int descriptor; /* -1 once the FILE owns it */
	const char *name;
	FILE *file;
	struct archive *archive; /* NULL: not compressed */
	const uint8_t *next;     /* decompressed, not yet given: libarchive's */
	size_t left;
	struct peek raw, content;
	char failure[160];
	uint8_t *block, *buffer;
};

struct magic {
	const char *octets;
	size_t size;
};

/* RFC 1952, bzip2, xz file format 1.2.1, LZ4 frame format, RFC 8878 sections 3.1.1 and 3.1.2
 * (the first of its skippable frames is what parallel compressors begin with). */
static const struct magic compressed[] = {
	{"\x1f\x8b", 2},
	{"BZh", 3},
	{"\xfd"
	 "7zXZ\0",
	 6},
	{"\x04\x22\x4d\x18", 4},
	{"\x28\xb5\x2f\xfd", 4},
	{"\x50\x2a\x4d\x18", 4},
};

static bool
is_compressed(const struct peek *peek)
{
	for (size_t i = 0; i < sizeof compressed / sizeof *compressed; i++) {
		const struct magic *magic = &compressed[i];
		if (peek->size >= magic->size &&
		    memcmp(peek->octets, magic->octets, magic->size) == 0)
			return true;
	}
	return false;
}

static size_t
peek_give(struct peek *peek, void *to, size_t size)
{
	size_t left = peek->size - peek->given;
	if (size > left)
		size = left;
	memcpy(to, peek->octets + peek->given, size);
	peek->given += size;
	return size;
}

static ssize_t
read_descriptor(struct input *input, void *to, size_t size)
{
	ssize_t got;
	do
		got = read(input->descriptor, to, size);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		snprintf(input->failure, sizeof input->failure, "%s", strerror(errno));
	return got;
}

static ssize_t
read_raw(struct input *input, void *to, size_t size)
{
	size_t got = peek_give(&input->raw, to, size);
	return got > 0 ? (ssize_t)got : read_descriptor(input, to, size);
}

static la_ssize_t
archive_block(struct archive *archive, void *context, const void **block)
{
	struct input *input = context;
	ssize_t got = read_raw(input, input->block, INPUT_BLOCK);
	*block = input->block;
	if (got < 0)
		archive_set_error(archive, errno, "%s", input->failure);
	return got;
}

/* By blocks: archive_read_data() would throw away what it decompressed before damaged data. */
static ssize_t
read_archive(struct input *input, void *to, size_t size)
{
	while (input->left == 0) {
		la_int64_t offset;
		const void *block;
		int result =
			archive_read_data_block(input->archive, &block, &input->left, &offset);
		input->next = block;
		if (result == ARCHIVE_EOF)
			return 0;
		if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
			continue;
		const char *why = archive_error_string(input->archive);
		snprintf(input->failure, sizeof input->failure, "%s",
			 why != NULL ? why : "damaged compressed data");
		input->left = 0;
		errno = EIO;
		return -1;
	}
	if (size > input->left)
		size = input->left;
	memcpy(to, input->next, size);
	input->next += size;
	input->left -= size;
	return (ssize_t)size;
}

/* The cookie's read function: the content from its first octet. */
static ssize_t
read_content(void *cookie, char *to, size_t size)
{
	struct input *input = cookie;
	size_t got = peek_give(&input->content, to, size);
	if (got > 0)
		return (ssize_t)got;
	return input->archive != NULL ? read_archive(input, to, size)
				      : read_raw(input, to, size);
}

/* Fills a peek as far as the stream goes. A failure shows again when it is read on. */
static void
peek_fill(struct input *input, struct peek *peek,
	  ssize_t (*from)(struct input *input, void *to, size_t size))
{
	while (peek->size < INPUT_HEAD) {
		ssize_t got = from(input, peek->octets + peek->size, INPUT_HEAD - peek->size);
		if (got <= 0)
			return;
		peek->size += (size_t)got;
	}
}

static bool
archive_begin(struct input *input)
{
	struct archive *archive = archive_read_new();
	if (archive == NULL)
		return false;
	input->archive = archive;
	input->block = memory_get(INPUT_BLOCK);
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_lz4(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
	struct archive_entry *entry;
	int result = archive_read_open(archive, input, NULL, archive_block, NULL);
	if (result == ARCHIVE_OK)
		result = archive_read_next_header(archive, &entry);
	if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
		peek_fill(input, &input->content, read_archive);
	else if (result != ARCHIVE_EOF)
		snprintf(input->failure, sizeof input->failure, "%s",
			 archive_error_string(archive));
	return input->failure[0] == '\0' || input->content.size > 0;
}

/* A plain regular file needs none of the layers: its descriptor goes back to where it was. */
static FILE *
file_open(struct input *input, bool seekable)
{
	FILE *file = NULL;
	if (input->archive == NULL && seekable &&
	    lseek(input->descriptor, -(off_t)input->raw.size, SEEK_CUR) >= 0) {
		file = fdopen(input->descriptor, "r");
		if (file != NULL)
			input->descriptor = -1;
	} else {
		const cookie_io_functions_t functions = {.read = read_content};
		file = fopencookie(input, "r", functions);
	}
	if (file != NULL) {
		input->buffer = memory_get(INPUT_BUFFER);
		setvbuf(file, (char *)input->buffer, _IOFBF, INPUT_BUFFER);
	}
	return file;
}

static bool
descriptor_open(struct input *input, const char *path, struct stat *status, struct error *error)
{
	bool standard = strcmp(path, "-") == 0;
	input->name = standard ? "standard input" : path;
	input->descriptor = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
				     : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->descriptor < 0 || fstat(input->descriptor, status) < 0)
		return error_set(error, "%s: %s", input->name, strerror(errno));
	if (S_ISDIR(status->st_mode))
		return error_set(error, "%s: is a directory, expected a capture file",
				 input->name);
	return true;
}

static bool
content_open(struct input *input, const struct stat *status, struct error *error)
{
	peek_fill(input, &input->raw, read_descriptor);
	if (input->failure[0] != '\0')
		return error_set(error, "%s: %s", input->name, input->failure);
	if (is_compressed(&input->raw)) {
		if (!archive_begin(input))
			return error_set(error, "%s: cannot be decompressed: %s", input->name,
					 input->failure);
	} else {
		input->content = input->raw;
		input->raw.given = input->raw.size;
	}
	input->file = file_open(input, S_ISREG(status->st_mode));
	if (input->file == NULL)
		return error_set(error, "%s: %s", input->name, strerror(errno));
	return true;
}

struct input *
input_open(const char *path, struct error *error)
{
	struct input *input = memory_get(sizeof *input);
	struct stat status = {0};
	input->descriptor = -1;
	if (descriptor_open(input, path, &status, error) && content_open(input, &status, error))
		return input;
	input_close(input);
	return NULL;
}

FILE *
input_file(const struct input *input)
{
	return input->file;
}

const char *
input_name(const struct input *input)
{
	return input->name;
}

const uint8_t *
input_head(const struct input *input, size_t *size)
{
	*size = input->content.size;
	return input->content.octets;
}

const char *
input_failure(const struct input *input)
{
	return input->failure[0] != '\0' ? input->failure : NULL;
}

void
input_close(struct input *input)
{
	if (input->archive != NULL)
		archive_read_free(input->archive);
	if (input->descriptor >= 0)
		close(input->descriptor);
	free(input->block);
	free(input->buffer);
	free(input);
}
