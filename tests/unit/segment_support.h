/*
 * Segments and RPC records for the tests of stream and record, and a sink that
 * keeps what it is given.
 */
#ifndef SEGMENT_SUPPORT_H
#define SEGMENT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record.h"

enum { HEADERS = 54, TCP_AT = 34, SEGMENT_MAX = 70000 };

/* A frame of one TCP segment over IPv4. */
struct sent {
	struct packet packet;
	uint8_t frame[HEADERS + SEGMENT_MAX];
};

/* Makes the packet and its frame, which has room for HEADERS + length octets. */
static inline void
segment_fill(struct packet *packet, uint8_t *frame, uint64_t number, uint32_t sequence,
	     unsigned flags, const uint8_t *octets, uint32_t length)
{
	memset(packet, 0, sizeof *packet);
	memset(frame, 0xee, HEADERS);
	if (length > 0)
		memcpy(frame + HEADERS, octets, length);
	packet->frame.number = number;
	packet->frame.time = (int64_t)number * 1000;
	packet->frame.octets = frame;
	packet->frame.captured = packet->frame.length = HEADERS + length;
	packet->transport = TRANSPORT_TCP;
	packet->datagram = frame + TCP_AT;
	packet->payload = HEADERS - TCP_AT;
	packet->datagram_captured = packet->datagram_length = packet->payload + length;
	packet->sequence = sequence;
	packet->flags = (uint8_t)flags;
}

static inline struct packet *
segment_make(struct sent *sent, uint64_t number, uint32_t sequence, unsigned flags,
	     const uint8_t *octets, uint32_t length)
{
	segment_fill(&sent->packet, sent->frame, number, sequence, flags, octets, length);
	return &sent->packet;
}

/* Only `captured` octets of its payload were captured. */
static inline struct packet *
segment_cut(struct packet *packet, uint32_t captured)
{
	packet->datagram_captured = packet->payload + captured;
	packet->frame.captured = HEADERS + captured;
	return packet;
}

struct got {
	uint8_t *octets;
	struct extent *extents;
	size_t extent_count;
	uint32_t captured, length, xid, fragments;
	uint64_t frame;
	unsigned flags;
};

struct collector {
	struct got *got;
	size_t count, capacity;
	unsigned malformed;
	uint64_t malformed_frame;
};

static inline void
collect(void *context, const struct record *record)
{
	struct collector *collector = context;

	assert_true(record->captured <= record->length);
	assert_true(record->captured > 0);
	assert_non_null(record->packet);
	if (collector->count == collector->capacity) {
		collector->capacity = collector->capacity * 2 + 16;
		collector->got =
			realloc(collector->got, collector->capacity * sizeof *collector->got);
		assert_non_null(collector->got);
	}
	struct got *got = &collector->got[collector->count++];
	*got = (struct got){
		.octets = malloc(record->captured),
		.extents = malloc((record->extent_count + 1) * sizeof *got->extents),
		.extent_count = record->extent_count,
		.captured = record->captured,
		.length = record->length,
		.fragments = record->fragments,
		.frame = record->packet->frame.number,
		.flags = record->flags,
	};
	assert_non_null(got->octets);
	assert_non_null(got->extents);
	memcpy(got->octets, record->octets, record->captured);
	if (record->extent_count > 0)
		memcpy(got->extents, record->extents,
		       record->extent_count * sizeof *got->extents);
	if (record->captured >= 4)
		got->xid = (uint32_t)got->octets[0] << 24 | (uint32_t)got->octets[1] << 16 |
			   (uint32_t)got->octets[2] << 8 | got->octets[3];
}

static inline void
collect_malformed(void *context, const struct packet *packet, const char *reason)
{
	struct collector *collector = context;

	assert_non_null(reason);
	collector->malformed++;
	collector->malformed_frame = packet ? packet->frame.number : 0;
}

static inline struct record_sink
collector_sink(struct collector *collector)
{
	return (struct record_sink){collect, collect_malformed, collector};
}

static inline void
collector_clear(struct collector *collector)
{
	for (size_t i = 0; i < collector->count; i++) {
		free(collector->got[i].octets);
		free(collector->got[i].extents);
	}
	free(collector->got);
	*collector = (struct collector){0};
}

/* Extents tile what is at hand of the record. */
static inline void
assert_tiled(const struct got *got)
{
	uint32_t at = 0;

	for (size_t i = 0; i < got->extent_count; i++) {
		assert_int_equal(got->extents[i].offset, at);
		assert_true(got->extents[i].length > 0);
		at += got->extents[i].length;
	}
	assert_int_equal(at, got->captured);
}

/* What came at that place; its extents tile it. */
static inline const struct got *
assert_collected(const struct collector *collector, size_t index, uint32_t xid, unsigned flags)
{
	assert_true(index < collector->count);
	const struct got *got = &collector->got[index];
	assert_int_equal(got->xid, xid);
	assert_int_equal(got->flags, flags);
	assert_tiled(got);
	return got;
}

static inline void
put_word(uint8_t *at, uint32_t word)
{
	at[0] = (uint8_t)(word >> 24);
	at[1] = (uint8_t)(word >> 16);
	at[2] = (uint8_t)(word >> 8);
	at[3] = (uint8_t)word;
}

enum { CALL_HEADER = 40, REPLY_HEADER = 24, MARK = 4 };

/* A call without its mark and with a body of that many octets; its length. */
static inline uint32_t
call_put(uint8_t *at, uint32_t xid, uint32_t body)
{
	const uint32_t words[] = {xid, 0, 2, 100003, 3, 1, 0, 0, 0, 0};

	for (size_t i = 0; i < 10; i++)
		put_word(at + 4 * i, words[i]);
	for (uint32_t i = 0; i < body; i++)
		at[CALL_HEADER + i] = (uint8_t)(xid * 31 + i * 7);
	return CALL_HEADER + body;
}

static inline uint32_t
reply_put(uint8_t *at, uint32_t xid, uint32_t body)
{
	const uint32_t words[] = {xid, 1, 0, 0, 0, 0};

	for (size_t i = 0; i < 6; i++)
		put_word(at + 4 * i, words[i]);
	for (uint32_t i = 0; i < body; i++)
		at[REPLY_HEADER + i] = (uint8_t)(xid * 31 + i * 7);
	return REPLY_HEADER + body;
}

/* The same with a mark, as one fragment. */
static inline uint32_t
call_marked(uint8_t *at, uint32_t xid, uint32_t body)
{
	uint32_t length = call_put(at + MARK, xid, body);

	put_word(at, 0x80000000U | length);
	return MARK + length;
}

static inline uint32_t
reply_marked(uint8_t *at, uint32_t xid, uint32_t body)
{
	uint32_t length = reply_put(at + MARK, xid, body);

	put_word(at, 0x80000000U | length);
	return MARK + length;
}

#endif
