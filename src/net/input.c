/*
 * Up to two layers stand between the descriptor and the FILE: a peek at the raw
 * octets, which finds a compressed file by its magic, and behind decompress.h a
 * peek at the content, which finds the capture format. What a peek took is given
 * again to whoever reads next, so a pipe loses nothing. A FILE is made of the
 * layers with fopencookie(); a plain regular file is only sought back.
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decompress.h"
#include "memory.h"

enum {
	INPUT_BUFFER = 64 << 10
}; /* of the FILE: fewer system calls than st_blksize, and the cache holds it */

/* First octets of a stream, read ahead and given again. */
struct peek {
	uint8_t octets[INPUT_HEAD];
	size_t size, given;
};

struct input {
	int descriptor; /* -1 once the FILE owns it */
	const char *name;
	FILE *file;
	struct decompress *decompress; /* NULL: not compressed */
	struct peek raw, content;
	char failure[160];
	uint8_t *buffer;
};

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
read_raw(void *context, void *to, size_t size)
{
	struct input *input = context;
	size_t got = peek_give(&input->raw, to, size);
	return got > 0 ? (ssize_t)got : read_descriptor(input, to, size);
}

static ssize_t
read_decompressed(struct input *input, void *to, size_t size)
{
	ssize_t got = decompress_read(input->decompress, to, size);
	const char *why = decompress_failure(input->decompress);
	if (got < 0 && why != NULL)
		snprintf(input->failure, sizeof input->failure, "%s", why);
	return got;
}

/* The cookie's read function: the content from its first octet. */
static ssize_t
read_content(void *cookie, char *to, size_t size)
{
	struct input *input = cookie;
	size_t got = peek_give(&input->content, to, size);
	if (got > 0)
		return (ssize_t)got;
	return input->decompress != NULL ? read_decompressed(input, to, size)
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
decompress_begin(struct input *input, const struct decompressor *decompressor,
		 struct error *error)
{
	if (decompressor->open == NULL)
		return error_set(error,
				 "%s: not a capture file but %s data, expected pcap or pcapng, "
				 "as it is or compressed with gzip, xz or zstd",
				 input->name, decompressor->name);
	const struct decompress_source source = {read_raw, input};
	input->decompress = decompress_open(decompressor, &source);
	peek_fill(input, &input->content, read_decompressed);
	if (input->failure[0] != '\0') /* no capture is as short as what was peeked at */
		return error_set(error, "%s: cannot be decompressed: %s", input->name,
				 input->failure);
	return true;
}

/* A plain regular file needs none of the layers: its descriptor goes back to where it was. */
static FILE *
file_open(struct input *input, bool seekable)
{
	FILE *file = NULL;
	if (input->decompress == NULL && seekable &&
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
		__fsetlocking(file, FSETLOCKING_BYCALLER);
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
	const struct decompressor *decompressor =
		decompressor_find(input->raw.octets, input->raw.size);
	if (decompressor != NULL) {
		if (!decompress_begin(input, decompressor, error))
			return false;
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
	decompress_close(input->decompress);
	if (input->descriptor >= 0)
		close(input->descriptor);
	free(input->buffer);
	free(input);
}
