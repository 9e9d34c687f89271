/*
 * correlate_support: what the tests of bindings and sessions share: a pipeline fed with
 * frames that are made here, RPC messages by the word, and what came out of it.
 */
#ifndef RPCSCOPE_CORRELATE_SUPPORT_H
#define RPCSCOPE_CORRELATE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/dlt.h>

#include "decode.h"
#include "limits.h"
#include "pipeline.h"
#include "spec.h"
#include "walk.h"

enum {
	CLIENT = 21, /* last octet of 192.168.56.x */
	OTHER = 22,
	SERVER = 10,
	SECOND_ADDRESS = 11,
	PORTMAP = 111,
	MOST_TOLD = 600,
	FRAME_MOST = 4096,
};

#define MILLISECOND (SECOND / 1000)

struct world {
	struct spec *spec;
	struct decoder decoder;
	struct pipeline *pipeline;
	uint64_t frame;
	int64_t now;
	uint32_t xid;
	uint16_t identification;
	bool six;
	bool again; /* send the next frame with the IP identification of the one before */
	uint8_t octets[FRAME_MOST];
	size_t size;
	/* What the sink was told, copied. */
	struct session sessions[MOST_TOLD];
	struct binding answers[MOST_TOLD]; /* of each session: its answer at that time */
	size_t session_count;
	struct binding bindings[MOST_TOLD];
	size_t binding_count;
	size_t heard;
};

static inline void
world_session(void *context, const struct session *session)
{
	struct world *world = context;
	assert_true(world->session_count < MOST_TOLD);
	if (session->answer != NULL)
		world->answers[world->session_count] = *session->answer;
	world->sessions[world->session_count++] = *session;
}

static inline void
world_binding(void *context, const struct binding *binding)
{
	struct world *world = context;
	assert_true(world->binding_count < MOST_TOLD);
	world->bindings[world->binding_count++] = *binding;
}

static inline void
world_heard(void *context, struct binding *binding)
{
	struct world *world = context;
	assert_non_null(binding);
	world->heard++;
}

static inline void
world_begin(struct world *world, uint32_t session_limit)
{
	const struct sink sink = {.session = world_session,
				  .binding = world_binding,
				  .answer = world_heard,
				  .context = world};
	const struct pipeline_options options = {.decoder = &world->decoder,
						 .bounds = {.sessions = session_limit}};
	pipeline_free(world->pipeline);
	world->pipeline = pipeline_new(&sink, &options);
}

static inline int
world_set_up(void **state)
{
	static const struct spec_hooks hooks = {NULL, opaque_number};
	struct world *world = calloc(1, sizeof *world);
	struct error error = {{0}};
	assert_non_null(world);
	world->spec = spec_new(&hooks);
	if (!spec_load_built_in(world->spec, &error))
		fail_msg("%s", error.text);
	decoder_init(&world->decoder, world->spec);
	world->now = 1700000000 * SECOND;
	world_begin(world, 0);
	*state = world;
	return 0;
}

static inline int
world_tear_down(void **state)
{
	struct world *world = *state;
	pipeline_free(world->pipeline);
	spec_free(world->spec);
	free(world);
	return 0;
}

/* -- octets -- */

static inline void
put8(struct world *world, unsigned value)
{
	assert_true(world->size < FRAME_MOST);
	world->octets[world->size++] = (uint8_t)value;
}

static inline void
put16(struct world *world, unsigned value)
{
	put8(world, value >> 8 & 0xff);
	put8(world, value & 0xff);
}

static inline void
put32(struct world *world, uint32_t value)
{
	put16(world, value >> 16);
	put16(world, value & 0xffff);
}

static inline void
put_host(struct world *world, unsigned host)
{
	if (world->six) {
		put32(world, 0xfd560000);
		put32(world, 0);
		put32(world, 0);
		put32(world, host);
	} else {
		put32(world, host == 255 ? 0xffffffff : 0xc0a83800 + host);
	}
}

static inline struct address
host_address(const struct world *world, unsigned host)
{
	struct address address;
	char text[32];
	snprintf(text, sizeof text, world->six ? "fd56::%x" : "192.168.56.%u", host);
	assert_true(address_parse(&address, text));
	return address;
}

/* An IP packet with that payload, without checksums: nothing here looks at them. */
static inline void
send_ip(struct world *world, unsigned from, unsigned to, uint8_t protocol,
	const uint8_t *payload, size_t size)
{
	world->size = 0;
	if (!world->again)
		world->identification++;
	world->again = false;
	if (world->six) {
		put32(world, 0x60000000);
		put16(world, (unsigned)size);
		put8(world, protocol);
		put8(world, 64);
	} else {
		put16(world, 0x4500);
		put16(world, (unsigned)size + 20);
		put16(world, world->identification);
		put16(world, 0);
		put8(world, 64);
		put8(world, protocol);
		put16(world, 0);
	}
	put_host(world, from);
	put_host(world, to);
	assert_true(world->size + size <= FRAME_MOST);
	memcpy(world->octets + world->size, payload, size);
	world->size += size;
	world->now += MILLISECOND;
	const struct frame frame = {.number = ++world->frame,
				    .time = world->now,
				    .link_type = DLT_RAW,
				    .octets = world->octets,
				    .captured = (uint32_t)world->size,
				    .length = (uint32_t)world->size};
	pipeline_frame(world->pipeline, &frame);
}

/* Words and strings of an RPC message; the mark of a record in front is set by send_tcp(). */
struct words {
	uint8_t at[2048];
	size_t size;
};

static inline void
word(struct words *words, uint32_t value)
{
	assert_true(words->size + 4 <= sizeof words->at);
	for (int shift = 24; shift >= 0; shift -= 8)
		words->at[words->size++] = (uint8_t)(value >> shift);
}

static inline void
string(struct words *words, const char *text)
{
	size_t length = strlen(text);
	word(words, (uint32_t)length);
	assert_true(words->size + length + 4 <= sizeof words->at);
	memcpy(words->at + words->size, text, length);
	words->size += length;
	while (words->size % 4 != 0)
		words->at[words->size++] = 0;
}

static inline struct words
call_words(uint32_t xid, uint32_t program, uint32_t version, uint32_t procedure)
{
	struct words words = {.size = 0};
	const uint32_t header[] = {xid, 0, 2, program, version, procedure, 0, 0, 0, 0};
	for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
		word(&words, header[i]);
	return words;
}

static inline struct words
reply_words(uint32_t xid)
{
	struct words words = {.size = 0};
	const uint32_t header[] = {xid, 1, 0, 0, 0, 0};
	for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
		word(&words, header[i]);
	return words;
}

static inline void
send_udp(struct world *world, unsigned from, unsigned from_port, unsigned to, unsigned to_port,
	 const struct words *words)
{
	uint8_t datagram[2100];
	const unsigned header[] = {from_port, to_port, (unsigned)words->size + 8, 0};
	for (size_t i = 0; i < 4; i++) {
		datagram[2 * i] = (uint8_t)(header[i] >> 8);
		datagram[2 * i + 1] = (uint8_t)header[i];
	}
	memcpy(datagram + 8, words->at, words->size);
	send_ip(world, from, to, TRANSPORT_UDP, datagram, words->size + 8);
}

/* A segment; `words` may be NULL. */
static inline void
send_tcp(struct world *world, unsigned from, unsigned from_port, unsigned to, unsigned to_port,
	 unsigned flags, uint32_t sequence, uint32_t acknowledgment, const struct words *words)
{
	uint8_t octets[2200];
	size_t size = 0;
	const uint32_t header[] = {from_port << 16 | to_port, sequence, acknowledgment,
				   0x50000000 | flags << 16 | 0x2000, 0};
	for (size_t i = 0; i < 5; i++)
		for (int shift = 24; shift >= 0; shift -= 8)
			octets[size++] = (uint8_t)(header[i] >> shift);
	if (words != NULL) {
		uint32_t mark = 0x80000000U | (uint32_t)words->size;
		for (int shift = 24; shift >= 0; shift -= 8)
			octets[size++] = (uint8_t)(mark >> shift);
		memcpy(octets + size, words->at, words->size);
		size += words->size;
	}
	send_ip(world, from, to, TRANSPORT_TCP, octets, size);
}

/* -- whole conversations -- */

/* A UDP call and its reply, on ports of the client's choice. */
static inline void
exchange_udp(struct world *world, unsigned client, unsigned client_port, unsigned server,
	     unsigned server_port, const struct words *call, const struct words *reply)
{
	send_udp(world, client, client_port, server, server_port, call);
	send_udp(world, server, server_port, client, client_port, reply);
}

/* The portmapper's GETPORT over UDP. */
static inline void
getport(struct world *world, unsigned client, uint32_t program, uint32_t version,
	enum transport transport, uint32_t port)
{
	struct words call = call_words(++world->xid, 100000, 2, 3);
	word(&call, program);
	word(&call, version);
	word(&call, transport);
	word(&call, 0);
	struct words reply = reply_words(world->xid);
	word(&reply, port);
	exchange_udp(world, client, 700, SERVER, PORTMAP, &call, &reply);
}

/* A call of procedure `procedure` and an empty reply over UDP. */
static inline void
talk_udp(struct world *world, unsigned client, unsigned client_port, unsigned server_port,
	 uint32_t program, uint32_t version, uint32_t procedure)
{
	struct words call = call_words(++world->xid, program, version, procedure);
	struct words reply = reply_words(world->xid);
	exchange_udp(world, client, client_port, SERVER, server_port, &call, &reply);
}

struct connection {
	unsigned client, client_port, server_port;
	uint32_t sequence[2]; /* next of the client, of the server */
};

static inline struct connection
open_tcp(struct world *world, unsigned client, unsigned client_port, unsigned server_port)
{
	struct connection c = {client,
			       client_port,
			       server_port,
			       {1000 + world->xid * 65536, 5000 + world->xid * 65536}};
	world->xid++;
	send_tcp(world, client, client_port, SERVER, server_port, TCP_SYN, c.sequence[0]++, 0,
		 NULL);
	send_tcp(world, SERVER, server_port, client, client_port, TCP_SYN | TCP_ACK,
		 c.sequence[1]++, c.sequence[0], NULL);
	send_tcp(world, client, client_port, SERVER, server_port, TCP_ACK, c.sequence[0],
		 c.sequence[1], NULL);
	return c;
}

/* A segment of the connection by its client (0) or server (1). */
static inline void
send_on(struct world *world, struct connection *c, unsigned side, unsigned flags,
	const struct words *words)
{
	unsigned from = side == 0 ? c->client : SERVER, to = side == 0 ? SERVER : c->client;
	unsigned from_port = side == 0 ? c->client_port : c->server_port;
	unsigned to_port = side == 0 ? c->server_port : c->client_port;
	send_tcp(world, from, from_port, to, to_port, flags, c->sequence[side],
		 flags & TCP_ACK ? c->sequence[!side] : 0, words);
	if (words != NULL)
		c->sequence[side] += (uint32_t)words->size + 4;
	if (flags & (TCP_SYN | TCP_FIN))
		c->sequence[side]++;
}

static inline void
talk_on(struct world *world, struct connection *c, uint32_t program, uint32_t version,
	uint32_t procedure)
{
	struct words call = call_words(++world->xid, program, version, procedure);
	struct words reply = reply_words(world->xid);
	send_on(world, c, 0, TCP_ACK | TCP_PSH, &call);
	send_on(world, c, 1, TCP_ACK | TCP_PSH, &reply);
}

static inline void
close_tcp(struct world *world, struct connection *c)
{
	send_on(world, c, 0, TCP_FIN | TCP_ACK, NULL);
	send_on(world, c, 1, TCP_FIN | TCP_ACK, NULL);
	send_on(world, c, 0, TCP_ACK, NULL);
}

/* An ICMP destination unreachable about the frame sent last. */
static inline void
send_icmp(struct world *world, unsigned from, unsigned to, uint8_t code)
{
	uint8_t error[1500] = {3, code};
	assert_true(world->size + 8 <= sizeof error);
	memcpy(error + 8, world->octets, world->size);
	send_ip(world, from, to, 1, error, world->size + 8);
}

static inline const struct session *
session_at(const struct world *world, uint64_t number)
{
	for (size_t i = 0; i < world->session_count; i++) {
		if (world->sessions[i].number == number)
			return &world->sessions[i];
	}
	fail_msg("no session %llu", (unsigned long long)number);
	return NULL;
}

/* The answer that the session was linked to. */
static inline const struct binding *
answer_of(const struct world *world, uint64_t number)
{
	return &world->answers[session_at(world, number) - world->sessions];
}

#endif
