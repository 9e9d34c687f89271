/*
 * out_support: what the tests of the output forms share: a message made of the octets
 * of a frame (or of an RPC record alone), and the text that a form makes of it.
 */
#ifndef RPCSCOPE_OUT_SUPPORT_H
#define RPCSCOPE_OUT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "link.h"
#include "load_support.h"
#include "output.h"
#include "value.h"

enum { SCENE_OCTETS = 4096, ETHERNET = 1 /* DLT_EN10MB */ };

/* The worked example: both frames, Ethernet header to the last octet. */
#define CALL_FRAME                                                                             \
	"02608cf53592 02608c2c97ec 0800"                                                       \
	"45000054 3f2e0000 1e116add c0a838fc c0a83841 02a6006f 00402120" CALL_RECORD
#define CALL_RECORD                                                                            \
	"34a2a6a5 00000000 00000002 000186a0 00000002 00000003 00000000 00000000"              \
	"00000000 00000000 000186a5 00000003 00000011 00000000"
#define REPLY_FRAME                                                                            \
	"02608c2c97ec 02608cf53592 0800"                                                       \
	"45000038 c88b0000 1e11e19b c0a83841 c0a838fc 006f02a6 00241e8b" REPLY_RECORD
#define REPLY_RECORD "34a2a6a5 00000001 00000000 00000000 00000000 00000000 0000102f"

#define CALL_TIME  73987654070784LL /* 20:33:07.654070784 */
#define REPLY_TIME 73987658021888LL

/* Everything that a message needs to be printed. */
struct scene {
	struct spec *spec;
	struct names *names;
	struct decoder decoder;
	struct text text;
	struct output output;

	uint8_t octets[SCENE_OCTETS];
	uint32_t size;
	struct packet packet;
	struct extent extent;
	struct record record;
	struct flow flow;
	struct message message;
};

/* Of all tests of a program; `specification` is what the program needs beside the built-in
 * ones, in the RPC language, or NULL. */
static struct scene scene;
static const char *specification;

static inline uint32_t
scene_digits(uint8_t *octets, const char *hex)
{
	uint32_t count = 0;
	for (; *hex != '\0'; hex++) {
		unsigned octet;
		if (*hex == ' ')
			continue;
		assert_true(count < SCENE_OCTETS);
		assert_int_equal(sscanf(hex, "%2x", &octet), 1);
		octets[count++] = (uint8_t)octet;
		hex++;
	}
	return count;
}

static inline int
scene_begin(void **state)
{
	static const struct spec_hooks hooks = {value_meaning, opaque_number};
	(void)state;
	scene.spec = load_with_built_in(&hooks, specification);
	scene.names = names_new(scene.spec, false);
	decoder_init(&scene.decoder, scene.spec);
	text_init(&scene.text);
	scene.output = (struct output){
		.text = &scene.text, .names = scene.names, .decoder = &scene.decoder};
	tape_init(&scene.output.tape);
	return 0;
}

static inline int
scene_end(void **state)
{
	(void)state;
	tape_release(&scene.output.tape);
	text_release(&scene.text);
	names_free(scene.names);
	spec_free(scene.spec);
	return 0;
}

/* The message of a record that stands at `payload` of the scene's octets. */
static inline void
scene_message(uint32_t payload, uint32_t captured, uint32_t length)
{
	scene.extent = (struct extent){.frame = scene.packet.frame.number,
				       .length = captured,
				       .frame_offset = payload};
	scene.record = (struct record){
		.octets = scene.octets + payload,
		.captured = captured,
		.length = length,
		.extents = &scene.extent,
		.extent_count = 1,
		.packet = &scene.packet,
		.flags = captured < length ? RECORD_CUT : 0,
	};
	scene.flow = (struct flow){.session = 1, .transport = scene.packet.transport};
	assert_true(message_parse(&scene.message, &scene.record, true));
	scene.message.flow = &scene.flow;
}

/* A whole Ethernet frame with UDP in it, through the stages that read headers. */
static inline void
scene_frame(uint64_t number, int64_t time, const char *hex)
{
	struct link_view link;
	const char *reason;
	struct packet *packet = &scene.packet;
	scene.size = scene_digits(scene.octets, hex);
	*packet = (struct packet){.frame = {.number = number,
					    .time = time,
					    .link_type = ETHERNET,
					    .captured = scene.size,
					    .length = scene.size,
					    .octets = scene.octets}};
	assert_true(link_parse(&link, ETHERNET, scene.octets, scene.size));
	packet->network = link.payload;
	uint32_t left = scene.size - link.payload;
	assert_int_equal(
		packet_network(packet, scene.octets + link.payload, left, left, &reason),
		IP_OK);
	assert_int_equal(packet_transport(packet, &reason), PACKET_UDP);
	scene_message((uint32_t)(packet_payload(packet) - scene.octets),
		      packet_captured(packet), packet_length(packet));
}

/* An RPC record between the two hosts of the worked example; `reply`: the other way round. */
static inline void
scene_record(const char *hex, bool reply)
{
	scene_frame(reply ? 2 : 1, reply ? REPLY_TIME : CALL_TIME,
		    reply ? REPLY_FRAME : CALL_FRAME);
	uint32_t size = scene_digits(scene.octets + 64, hex);
	scene_message(64, size, size);
}

/* What exchange.h would have said of a reply. */
static inline void
scene_answers(uint32_t program, uint32_t version, uint32_t procedure)
{
	scene.message.has_procedure = true;
	scene.message.program = program;
	scene.message.version = version;
	scene.message.procedure = procedure;
	scene.message.call_frame = 1;
	scene.message.elapsed = REPLY_TIME - CALL_TIME;
}

static inline const char *
scene_print(const struct output_form *form)
{
	text_reset(&scene.text);
	form->message(&scene.output, &scene.message);
	return text_string(&scene.text);
}

/* Readable on failure: both texts whole. */
static inline void
assert_text(const char *is, const char *expected)
{
	if (strcmp(is, expected) == 0)
		return;
	fprintf(stderr, "expected:\n%s\nis:\n%s\n", expected, is);
	fail();
}

#endif
