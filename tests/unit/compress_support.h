/*
 * compress_support: captures of equal frames, compressed with the libraries' writers.
 *
 * A writer that is flushed after a frame has written all that is needed to read that
 * frame, so the test knows without any reader which frames stand before a cut.
 */
#ifndef RPCSCOPE_TESTS_COMPRESS_SUPPORT_H
#define RPCSCOPE_TESTS_COMPRESS_SUPPORT_H

#include "capture_support.h"

#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum {
	LARGE_FRAME = 1000,
	LARGE_RECORD = 16 + LARGE_FRAME,
	LARGE_HEADER = 24,
	LARGE_COUNT = 200,
};

/* A capture of `count` frames of LARGE_FRAME octets, of which half can be compressed away. */
static inline void
build_large(struct buffer *buffer, uint32_t count, uint64_t seed)
{
	pcap_begin(buffer, true, true, ETHERNET);
	for (uint32_t i = 0; i < count; i++) {
		pcap_record(buffer, i, i, LARGE_FRAME, LARGE_FRAME);
		for (size_t octet = 0; octet < LARGE_FRAME; octet++)
			buffer->at[buffer->size - 1 - octet] = random_next(&seed) & 0x0f;
	}
}

struct packed {
	size_t size;
	size_t ends[LARGE_COUNT + 1]; /* where the writer was flushed: header, frames */
	uint8_t at[1 << 18];
	z_stream gzip;
	lzma_stream xz;
	ZSTD_CCtx *zstd;
};

enum packing { PACK_ON, PACK_FLUSH, PACK_FINISH };

static inline void
plain_begin(struct packed *packed)
{
	(void)packed;
}

static inline void
plain_put(struct packed *packed, const void *octets, size_t size, enum packing packing)
{
	(void)packing;
	assert_true(size <= sizeof packed->at - packed->size);
	memcpy(packed->at + packed->size, octets, size);
	packed->size += size;
}

static inline void
gzip_begin(struct packed *packed)
{
	memset(&packed->gzip, 0, sizeof packed->gzip);
	assert_int_equal(deflateInit2(&packed->gzip, 6, Z_DEFLATED, MAX_WBITS + 16, 8,
				      Z_DEFAULT_STRATEGY),
			 Z_OK);
}

static inline void
gzip_put(struct packed *packed, const void *octets, size_t size, enum packing packing)
{
	static const int flushes[] = {Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FINISH};
	uint8_t copy[sizeof packed->at];
	memcpy(copy, octets, size);
	z_stream *stream = &packed->gzip;
	stream->next_in = copy;
	stream->avail_in = (uInt)size;
	stream->next_out = packed->at + packed->size;
	stream->avail_out = (uInt)(sizeof packed->at - packed->size);
	int result = deflate(stream, flushes[packing]);
	assert_int_equal(result, packing == PACK_FINISH ? Z_STREAM_END : Z_OK);
	assert_int_equal(stream->avail_in, 0);
	packed->size = sizeof packed->at - stream->avail_out;
	if (packing == PACK_FINISH)
		deflateEnd(stream);
}

static inline void
xz_begin(struct packed *packed)
{
	packed->xz = (lzma_stream)LZMA_STREAM_INIT;
	assert_int_equal(lzma_easy_encoder(&packed->xz, 0, LZMA_CHECK_CRC64), LZMA_OK);
}

static inline void
xz_put(struct packed *packed, const void *octets, size_t size, enum packing packing)
{
	static const lzma_action actions[] = {LZMA_RUN, LZMA_SYNC_FLUSH, LZMA_FINISH};
	lzma_stream *stream = &packed->xz;
	stream->next_in = octets;
	stream->avail_in = size;
	stream->next_out = packed->at + packed->size;
	stream->avail_out = sizeof packed->at - packed->size;
	lzma_ret result;
	do
		result = lzma_code(stream, actions[packing]);
	while (result == LZMA_OK && (stream->avail_in > 0 || packing != PACK_ON));
	assert_int_equal(result, packing == PACK_ON ? LZMA_OK : LZMA_STREAM_END);
	packed->size = sizeof packed->at - stream->avail_out;
	if (packing == PACK_FINISH)
		lzma_end(stream);
}

static inline void
zstd_begin(struct packed *packed)
{
	packed->zstd = ZSTD_createCCtx();
	assert_non_null(packed->zstd);
	ZSTD_CCtx_setParameter(packed->zstd, ZSTD_c_checksumFlag, 1);
}

static inline void
zstd_put(struct packed *packed, const void *octets, size_t size, enum packing packing)
{
	static const ZSTD_EndDirective ends[] = {ZSTD_e_continue, ZSTD_e_flush, ZSTD_e_end};
	ZSTD_inBuffer in = {octets, size, 0};
	ZSTD_outBuffer out = {packed->at, sizeof packed->at, packed->size};
	size_t left;
	do
		left = ZSTD_compressStream2(packed->zstd, &out, &in, ends[packing]);
	while (!ZSTD_isError(left) && (in.pos < in.size || (left > 0 && packing != PACK_ON)));
	assert_false(ZSTD_isError(left));
	packed->size = out.pos;
	if (packing == PACK_FINISH)
		ZSTD_freeCCtx(packed->zstd);
}

struct packer {
	const char *name; /* also the command's */
	void (*begin)(struct packed *packed);
	void (*put)(struct packed *packed, const void *octets, size_t size,
		    enum packing packing);
};

static const struct packer packers[] = {
	{"gzip", gzip_begin, gzip_put},
	{"xz", xz_begin, xz_put},
	{"zstd", zstd_begin, zstd_put},
	{"plain", plain_begin, plain_put},
};

enum { COMPRESSIONS = COUNT(packers) - 1 }; /* the last one is none */

/* Adds a member with the octets in it. */
static inline void
pack_member(struct packed *packed, const struct packer *packer, const void *octets, size_t size)
{
	packer->begin(packed);
	packer->put(packed, octets, size, PACK_FINISH);
}

static inline void
pack(struct packed *packed, const struct packer *packer, const struct buffer *buffer)
{
	packed->size = 0;
	pack_member(packed, packer, buffer->at, buffer->size);
}

/* The same of a large capture, flushed after the header and after every frame. */
static inline void
pack_flushed(struct packed *packed, const struct packer *packer, const struct buffer *buffer)
{
	packed->size = 0;
	packer->begin(packed);
	packer->put(packed, buffer->at, LARGE_HEADER, PACK_FLUSH);
	packed->ends[0] = packed->size;
	for (size_t i = 0; i < LARGE_COUNT; i++) {
		packer->put(packed, buffer->at + LARGE_HEADER + i * LARGE_RECORD, LARGE_RECORD,
			    PACK_FLUSH);
		packed->ends[i + 1] = packed->size;
	}
	packer->put(packed, "", 0, PACK_FINISH);
}

#endif
