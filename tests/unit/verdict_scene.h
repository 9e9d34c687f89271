/*
 * verdict_scene: a capture in the making: what reads it, frame by frame, up to the verdict,
 * and what happens to frames on their way into it.
 */
#ifndef RPCSCOPE_TESTS_VERDICT_SCENE_H
#define RPCSCOPE_TESTS_VERDICT_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "decode.h"
#include "facts.h"
#include "limits.h"
#include "load_support.h"
#include "names.h"
#include "pipeline.h"
#include "spec.h"
#include "value.h"
#include "verdict.h"
#include "walk.h"

struct octets {
	uint8_t at[9000];
	uint32_t size;
};

struct scene {
	struct spec *spec;
	struct decoder decoder;
	struct names *names;
	struct facts *facts;
	struct pipeline *pipeline;
	struct verdict *verdict;
	int64_t time;
	uint64_t frame;
	uint16_t identification, port;
	uint32_t xid;
	bool corrupt;        /* spoil the next packet */
	bool twice;          /* each frame is captured again at once */
	bool deaf;           /* packets of the server are not captured */
	uint32_t snap;       /* octets captured of a frame; 0: all */
	uint32_t piece_lost; /* datagrams go in pieces, the second of which is lost */
	bool six;            /* IPv6: no identification */
	bool stamps;         /* TCP time stamps (RFC 7323) */
	uint32_t echo_ms;    /* each frame is captured again so much later; 0: it is not */
	struct echo {
		int64_t time;
		struct octets frame;
	} echoes[80]; /* that are still to come */
	unsigned echo_count;
	struct octets last; /* the last IP packet of the client: ICMP quotes it */
};

static inline void
scene_begin(struct scene *scene)
{
	struct spec_hooks hooks = {.meaning = value_meaning, .opener = opaque_number};
	struct sink sink = {0};
	*scene = (struct scene){.time = 1700000000 * SECOND, .port = 40000, .xid = 0x1000};
	scene->spec = load_with_built_in(&hooks, NULL);
	decoder_init(&scene->decoder, scene->spec);
	scene->names = names_new(scene->spec, false);
	scene->facts = facts_new(&scene->decoder, &(struct bounds){0});
	facts_listen(&sink, scene->facts);
	scene->pipeline =
		pipeline_new(&sink, &(struct pipeline_options){.decoder = &scene->decoder});
}

/* What was captured a second time until then. */
static inline void
send_echoes(struct scene *scene, int64_t until)
{
	unsigned sent = 0;
	for (; sent < scene->echo_count && scene->echoes[sent].time <= until; sent++) {
		const struct octets *frame = &scene->echoes[sent].frame;
		struct frame captured = {
			.number = ++scene->frame,
			.time = scene->echoes[sent].time,
			.link_type = 1,
			.captured = frame->size,
			.length = frame->size,
			.octets = frame->at,
		};
		pipeline_frame(scene->pipeline, &captured);
	}
	scene->echo_count -= sent;
	memmove(scene->echoes, scene->echoes + sent, scene->echo_count * sizeof(struct echo));
}

static inline const struct verdict *
scene_judge(struct scene *scene)
{
	send_echoes(scene, INT64_MAX);
	const struct counts *counts = pipeline_counts(scene->pipeline);
	pipeline_finish(scene->pipeline, true);
	facts_end(scene->facts, counts);
	scene->verdict = verdict_new(scene->facts, scene->names);
	return scene->verdict;
}

static inline void
scene_end(struct scene *scene)
{
	verdict_free(scene->verdict);
	pipeline_free(scene->pipeline);
	facts_free(scene->facts);
	names_free(scene->names);
	spec_free(scene->spec);
}

static inline void
pause_ms(struct scene *scene, int64_t milliseconds)
{
	scene->time += milliseconds * (SECOND / 1000);
}

static inline void
send_frame(struct scene *scene, const struct octets *frame)
{
	send_echoes(scene, scene->time);
	struct frame captured = {
		.number = ++scene->frame,
		.time = scene->time,
		.link_type = 1,
		.captured = scene->snap != 0 && scene->snap < frame->size ? scene->snap
									  : frame->size,
		.length = frame->size,
		.octets = frame->at,
	};
	pipeline_frame(scene->pipeline, &captured);
	if (scene->twice) {
		captured.number = ++scene->frame;
		captured.time += 20000;
		pipeline_frame(scene->pipeline, &captured);
	}
	if (scene->echo_ms != 0) {
		assert_true(scene->echo_count < sizeof scene->echoes / sizeof scene->echoes[0]);
		scene->echoes[scene->echo_count++] =
			(struct echo){scene->time + scene->echo_ms * (SECOND / 1000), *frame};
	}
	pause_ms(scene, 1);
}

/* -- octets -- */

static inline void
put8(struct octets *octets, uint32_t value)
{
	assert_true(octets->size < sizeof octets->at);
	octets->at[octets->size++] = (uint8_t)value;
}

static inline void
put16(struct octets *octets, uint32_t value)
{
	put8(octets, value >> 8);
	put8(octets, value);
}

static inline void
put32(struct octets *octets, uint32_t value)
{
	put16(octets, value >> 16);
	put16(octets, value);
}

static inline void
put_opaque(struct octets *octets, const void *content, uint32_t size)
{
	put32(octets, size);
	for (uint32_t i = 0; i < size; i++)
		put8(octets, ((const uint8_t *)content)[i]);
	while (octets->size % 4 != 0)
		put8(octets, 0);
}

static inline void
put_string(struct octets *octets, const char *string)
{
	put_opaque(octets, string, (uint32_t)strlen(string));
}

static inline void
put_all(struct octets *octets, const struct octets *from)
{
	for (uint32_t i = 0; i < from->size; i++)
		put8(octets, from->at[i]);
}

#endif
