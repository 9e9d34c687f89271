/*
 * raw_support: frames of raw IPv4 (DLT_RAW) between a client, 10.0.0.1, and a server,
 * 10.0.0.2, put together in place: headers first, then what the caller puts behind them.
 * Without checksums: nothing in the pipeline looks at them.
 */
#ifndef RPCSCOPE_TESTS_RAW_SUPPORT_H
#define RPCSCOPE_TESTS_RAW_SUPPORT_H

#include <stdint.h>
#include <string.h>

#include <pcap/dlt.h>

#include "pipeline.h"

enum { FROM_CLIENT = 0, FROM_SERVER = 1 };
enum { RAW_IP = 20, RAW_UDP = RAW_IP + 8, RAW_TCP = RAW_IP + 20 };

static inline void
put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void
put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static inline void
put_words(uint8_t *at, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put32(at + 4 * i, words[i]);
}

/* The header of a packet of that size in all, and the ports that UDP and TCP begin with: the
 * payload comes after it, for it clears the place. */
static inline void
put_ip(uint8_t *at, unsigned from, uint8_t protocol, uint32_t size, unsigned server_port)
{
	memset(at, 0, RAW_TCP);
	at[0] = 0x45;
	put16(at + 2, size);
	at[8] = 64;
	at[9] = protocol;
	put32(at + 12, 0x0a000001U + from);
	put32(at + 16, 0x0a000002U - from);
	put16(at + RAW_IP, from == FROM_CLIENT ? 700 : server_port);
	put16(at + RAW_IP + 2, from == FROM_CLIENT ? server_port : 700);
}

/* Hands the packet over as it is, with that number. */
static inline void
raw_frame_as_is(struct pipeline *pipeline, const uint8_t *at, uint64_t number, int64_t time,
		uint32_t length, uint32_t captured)
{
	const struct frame frame = {.number = number,
				    .time = time,
				    .link_type = DLT_RAW,
				    .captured = captured,
				    .length = length,
				    .octets = at};

	pipeline_frame(pipeline, &frame);
}

/* The same with the number as its IP identification as well. */
static inline void
raw_frame(struct pipeline *pipeline, uint8_t *at, uint64_t number, int64_t time,
	  uint32_t length, uint32_t captured)
{
	put16(at + 4, (uint32_t)number & 0xffff);
	raw_frame_as_is(pipeline, at, number, time, length, captured);
}

#endif
