/*
 * decompress: gzip, xz and zstd undone as the octets come.
 *
 * Members, streams and frames that follow each other are one content. All that
 * stands before a cut or before damage is given, and only then the failure.
 * Memory is bounded, whatever the data asks for. Private to src/net.
 */
#ifndef RPCSCOPE_NET_DECOMPRESS_H
#define RPCSCOPE_NET_DECOMPRESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Octets not taken yet, room not filled yet, and why a step failed. */
struct decompress_step {
	const uint8_t *in;
	uint8_t *out;
	size_t in_left, out_left;
	const char *why;
};

enum decompress_result {
	DECOMPRESS_ON,  /* took and gave what it could */
	DECOMPRESS_END, /* of a member; it is ready for the next one */
	DECOMPRESS_FAILED,
};

/* A row of the table of compressions. */
struct decompressor {
	const char *name;
	const char *magic;
	size_t magic_size;
	void *(*open)(void); /* NULL: known only so that it can be named */
	enum decompress_result (*read)(void *state, struct decompress_step *step);
	void (*close)(void *state);
};

/* Where the compressed octets come from: 0 at their end, -1 with errno. */
struct decompress_source {
	ssize_t (*read)(void *context, void *to, size_t size);
	void *context;
};

struct decompress;

/* The row whose magic the octets begin with, NULL when there is none. */
const struct decompressor *decompressor_find(const uint8_t *head, size_t size);
/* The row must have an open. decompress_close() it. */
struct decompress *decompress_open(const struct decompressor *decompressor,
				   const struct decompress_source *source);
/* At most `size` octets, as soon as there are any. 0 at the end, -1 with errno at a failure,
 * again at every further call. */
ssize_t decompress_read(struct decompress *decompress, void *to, size_t size);
/* "gzip data cut off"; NULL when it was the source that failed, or nothing did. */
const char *decompress_failure(const struct decompress *decompress);
void decompress_close(struct decompress *decompress); /* NULL is fine */

#endif
