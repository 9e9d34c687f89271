/*
 * One loop over a table of compressions. It keeps a block of compressed octets
 * and a block of plain ones, and lets the row's read function go from one to the
 * other a step at a time: what a step gave is handed out before the next step is
 * made, so a step that fails takes nothing along. A member that ends may be
 * followed by another one, or by zeros, with which tapes and xz pad. The end
 * inside a member is a cut.
 */
#define ZLIB_CONST
#include "decompress.h"

#include <errno.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "limits.h"
#include "memory.h"

enum {
	BLOCK_IN = 64 << 10,
	BLOCK_OUT = 128 << 10, /* RFC 8878 section 3.1.1.2.4: the longest zstd block */
	GZIP_ONLY = 16,        /* asks inflateInit2() for RFC 1952 */
	ZSTD_BLOCK_HEADER = 3, /* RFC 8878 section 3.1.1.2 */
};

static const char too_large[] = "needs more than 256 MiB of memory";
static const char no_memory[] = "needs more memory than there is";
static const char damaged[] = "damaged";

struct decompress {
	const struct decompressor *decompressor;
	struct decompress_source source;
	void *state;
	const uint8_t *next_in, *next_out;
	size_t in_left, out_left;
	bool ended;  /* the source */
	bool inside; /* a member has begun */
	bool full;   /* the last step filled its room: there may be more without new octets */
	bool done, failed;
	int error; /* errno of the source's failure, else EIO */
	char failure[160];
	uint8_t in[BLOCK_IN], out[BLOCK_OUT];
};

/* -- gzip ------------------------------------------------------------------------------- */

static void *
gzip_open(void)
{
	z_stream *stream = memory_get(sizeof *stream);
	if (inflateInit2(stream, MAX_WBITS + GZIP_ONLY) == Z_OK)
		return stream;
	free(stream);
	return NULL;
}

static enum decompress_result
gzip_read(void *state, struct decompress_step *step)
{
	z_stream *stream = state;
	stream->next_in = step->in;
	stream->avail_in = (uInt)step->in_left;
	stream->next_out = step->out;
	stream->avail_out = (uInt)step->out_left;
	int result = inflate(stream, Z_SYNC_FLUSH);
	step->in = stream->next_in;
	step->in_left = stream->avail_in;
	step->out = stream->next_out;
	step->out_left = stream->avail_out;
	switch (result) {
	case Z_OK:
	case Z_BUF_ERROR: /* nothing to do for want of octets */
		return DECOMPRESS_ON;
	case Z_STREAM_END:
		inflateReset(stream);
		return DECOMPRESS_END;
	case Z_MEM_ERROR:
		step->why = no_memory;
		return DECOMPRESS_FAILED;
	default:
		step->why = damaged;
		return DECOMPRESS_FAILED;
	}
}

static void
gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

/* -- xz --------------------------------------------------------------------------------- */

static bool
xz_begin(lzma_stream *stream)
{
	return lzma_stream_decoder(stream, UINT64_C(1) << LIMIT_DECOMPRESSOR_LOG, 0) == LZMA_OK;
}

static void *
xz_open(void)
{
	lzma_stream *stream = memory_get(sizeof *stream);
	*stream = (lzma_stream)LZMA_STREAM_INIT;
	if (xz_begin(stream))
		return stream;
	free(stream);
	return NULL;
}

static enum decompress_result
xz_read(void *state, struct decompress_step *step)
{
	lzma_stream *stream = state;
	stream->next_in = step->in;
	stream->avail_in = step->in_left;
	stream->next_out = step->out;
	stream->avail_out = step->out_left;
	lzma_ret result = lzma_code(stream, LZMA_RUN);
	step->in = stream->next_in;
	step->in_left = stream->avail_in;
	step->out = stream->next_out;
	step->out_left = stream->avail_out;
	step->why = damaged;
	switch (result) {
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* nothing to do for want of octets */
		return DECOMPRESS_ON;
	case LZMA_STREAM_END:
		step->why = no_memory;
		return xz_begin(stream) ? DECOMPRESS_END : DECOMPRESS_FAILED;
	case LZMA_MEM_ERROR:
		step->why = no_memory;
		return DECOMPRESS_FAILED;
	case LZMA_MEMLIMIT_ERROR:
		step->why = too_large;
		return DECOMPRESS_FAILED;
	case LZMA_OPTIONS_ERROR:
		step->why = "uses a filter that is not supported";
		return DECOMPRESS_FAILED;
	default:
		return DECOMPRESS_FAILED;
	}
}

static void
xz_close(void *state)
{
	lzma_end(state);
	free(state);
}

/* -- zstd ------------------------------------------------------------------------------- */

struct zstd {
	ZSTD_DStream *stream;
	size_t hint; /* the rest of the block at hand and the header of the next one */
};

static void *
zstd_open(void)
{
	ZSTD_DStream *stream = ZSTD_createDStream();
	if (stream == NULL)
		return NULL;
	struct zstd *zstd = memory_get(sizeof *zstd);
	zstd->stream = stream;
	zstd->hint = ZSTD_initDStream(stream);
	ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, LIMIT_DECOMPRESSOR_LOG);
	return zstd;
}

static const char *
zstd_why(ZSTD_ErrorCode code)
{
	switch (code) {
	case ZSTD_error_frameParameter_windowTooLarge:
		return too_large;
	case ZSTD_error_memory_allocation:
		return no_memory;
	case ZSTD_error_dictionary_wrong:
		return "needs a dictionary, which is not supported";
	default:
		return damaged;
	}
}

/* A call that fails does not tell how much it gave before. So none is let past the end of a
 * block, and BLOCK_OUT has room for a whole one: what follows it fails in a call of its own. */
static enum decompress_result
zstd_read(void *state, struct decompress_step *step)
{
	struct zstd *zstd = state;
	size_t size = zstd->hint;
	if (size > ZSTD_BLOCK_HEADER)
		size -= ZSTD_BLOCK_HEADER;
	if (size > step->in_left)
		size = step->in_left;
	ZSTD_inBuffer in = {step->in, size, 0};
	ZSTD_outBuffer out = {step->out, step->out_left, 0};
	size_t result = ZSTD_decompressStream(zstd->stream, &out, &in);
	if (ZSTD_isError(result)) {
		step->why = zstd_why(ZSTD_getErrorCode(result));
		return DECOMPRESS_FAILED;
	}
	step->in += in.pos;
	step->in_left -= in.pos;
	step->out += out.pos;
	step->out_left -= out.pos;
	zstd->hint = result > 0 ? result : ZSTD_initDStream(zstd->stream);
	return result > 0 ? DECOMPRESS_ON : DECOMPRESS_END;
}

static void
zstd_close(void *state)
{
	struct zstd *zstd = state;
	ZSTD_freeDStream(zstd->stream);
	free(zstd);
}

/* -- the table -------------------------------------------------------------------------- */

/* RFC 1952 section 2.3.1; xz file format 1.2.1 section 2.1.1.1; RFC 8878 sections 3.1.1 and
 * 3.1.2 (the first of its skippable frames is what parallel compressors begin with); and two
 * that captures are met in but that are not undone. */
static const struct decompressor decompressors[] = {
	{"gzip", "\x1f\x8b", 2, gzip_open, gzip_read, gzip_close},
	{"xz",
	 "\xfd"
	 "7zXZ\0",
	 6, xz_open, xz_read, xz_close},
	{"zstd", "\x28\xb5\x2f\xfd", 4, zstd_open, zstd_read, zstd_close},
	{"zstd", "\x50\x2a\x4d\x18", 4, zstd_open, zstd_read, zstd_close},
	{.name = "bzip2", .magic = "BZh", .magic_size = 3},
	{.name = "lz4", .magic = "\x04\x22\x4d\x18", .magic_size = 4},
};

const struct decompressor *
decompressor_find(const uint8_t *head, size_t size)
{
	for (size_t i = 0; i < sizeof decompressors / sizeof *decompressors; i++) {
		const struct decompressor *row = &decompressors[i];
		if (size >= row->magic_size && memcmp(head, row->magic, row->magic_size) == 0)
			return row;
	}
	return NULL;
}

/* -- the loop --------------------------------------------------------------------------- */

struct decompress *
decompress_open(const struct decompressor *decompressor, const struct decompress_source *source)
{
	struct decompress *decompress = memory_get(sizeof *decompress);
	decompress->decompressor = decompressor;
	decompress->source = *source;
	decompress->state = decompressor->open();
	return decompress;
}

static void
decompress_fail(struct decompress *decompress, const char *why)
{
	decompress->failed = true;
	decompress->error = EIO;
	snprintf(decompress->failure, sizeof decompress->failure, "%s data %s",
		 decompress->decompressor->name, why);
}

/* Gets more compressed octets when there are none left. */
static void
decompress_load(struct decompress *decompress)
{
	if (decompress->in_left > 0 || decompress->ended || decompress->full)
		return;
	ssize_t got =
		decompress->source.read(decompress->source.context, decompress->in, BLOCK_IN);
	if (got < 0) {
		decompress->failed = true;
		decompress->error = errno;
		return;
	}
	decompress->ended = got == 0;
	decompress->next_in = decompress->in;
	decompress->in_left = (size_t)got;
}

/* Passes over what pads members; no member begins with a zero. */
static void
decompress_skip(struct decompress *decompress)
{
	while (decompress->in_left > 0 && *decompress->next_in == 0) {
		decompress->next_in++;
		decompress->in_left--;
	}
	decompress->inside = decompress->in_left > 0;
	decompress->done = !decompress->inside && decompress->ended;
}

static void
decompress_step(struct decompress *decompress)
{
	struct decompress_step step = {
		.in = decompress->next_in,
		.in_left = decompress->in_left,
		.out = decompress->out,
		.out_left = BLOCK_OUT,
	};
	enum decompress_result result =
		decompress->decompressor->read(decompress->state, &step);
	bool was_full = decompress->full;
	bool stuck = step.in_left == decompress->in_left && step.out_left == BLOCK_OUT;
	decompress->next_in = step.in;
	decompress->in_left = step.in_left;
	decompress->next_out = decompress->out;
	decompress->out_left = BLOCK_OUT - step.out_left;
	decompress->full = step.out_left == 0;
	if (result == DECOMPRESS_FAILED)
		decompress_fail(decompress, step.why);
	else if (stuck && !was_full)
		decompress_fail(decompress, decompress->ended ? "cut off" : damaged);
	else if (result == DECOMPRESS_END)
		decompress->inside = false;
}

ssize_t
decompress_read(struct decompress *decompress, void *to, size_t size)
{
	if (decompress->state == NULL && !decompress->failed)
		decompress_fail(decompress, no_memory);
	while (decompress->out_left == 0 && !decompress->failed && !decompress->done) {
		decompress_load(decompress);
		if (!decompress->failed && !decompress->inside)
			decompress_skip(decompress);
		if (!decompress->failed && decompress->inside)
			decompress_step(decompress);
	}
	if (decompress->out_left == 0) {
		errno = decompress->error;
		return decompress->failed ? -1 : 0;
	}
	if (size > decompress->out_left)
		size = decompress->out_left;
	memcpy(to, decompress->next_out, size);
	decompress->next_out += size;
	decompress->out_left -= size;
	return (ssize_t)size;
}

const char *
decompress_failure(const struct decompress *decompress)
{
	return decompress->failure[0] != '\0' ? decompress->failure : NULL;
}

void
decompress_close(struct decompress *decompress)
{
	if (decompress == NULL)
		return;
	if (decompress->state != NULL)
		decompress->decompressor->close(decompress->state);
	free(decompress);
}
