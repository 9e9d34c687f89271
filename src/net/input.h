/*
 * input: a file, a pipe or standard input as a FILE of what is in it.
 *
 * The first octets are looked at without being lost, and gzip, xz and zstd are
 * undone on the way. A plain regular file becomes an ordinary FILE on its
 * descriptor, so that it costs nothing. Private to src/net.
 */
#ifndef RPCSCOPE_NET_INPUT_H
#define RPCSCOPE_NET_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"

enum { INPUT_HEAD = 16 }; /* octets looked at: the longest magic has 11 */

struct input;

/* NULL with *error set. input_close() it after its FILE. */
struct input *input_open(const char *path, struct error *error);
/* Its FILE; whoever reads it closes it, once. */
FILE *input_file(const struct input *input);
/* "FILE" as messages name it. */
const char *input_name(const struct input *input);
/* The content's first octets, decompressed, at most INPUT_HEAD; they are still to be read. */
const uint8_t *input_head(const struct input *input, size_t *size);
/* Why reading failed: the decompressor's or the machine's word, NULL when it did not fail. */
const char *input_failure(const struct input *input);
void input_close(struct input *input);

#endif
