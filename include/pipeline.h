/*
 * pipeline: the stages wired together: a frame in, messages out.
 *
 *   link -> ip -> fragment -> udp -----------------------> message -> exchange -> binding ->
 * sink
 *                          \-> flow -> stream -> record -^        \-> session -> sink
 *
 * Forward only, one pass, packet time only. Plain calls from stage to stage; a
 * table of function pointers only at the end. A pipeline fed the same frames gives
 * the same calls to its sink, whatever the machine's clock says.
 */
#ifndef RPCSCOPE_PIPELINE_H
#define RPCSCOPE_PIPELINE_H

#include "binding.h"
#include "bounds.h"
#include "capture.h"
#include "counts.h"
#include "decode.h"
#include "message.h"
#include "session.h"

struct link_view;

/*
 * What is told of; every member may be NULL. Sessions are made only when `answer`, `session` or
 * `binding` is not; bindings too, but for `session` alone with `lives_only` set.
 */
struct sink {
	/* Before the first frame: what the pipeline counts, at any time up to then. */
	void (*begin)(void *context, const struct counts *counts);
	void (*message)(void *context, const struct message *message);
	/* An answer of a portmapper, as it is given. */
	void (*answer)(void *context, struct binding *binding);
	/* A session, at the end in order of number (early when there are too many). */
	void (*session)(void *context, const struct session *session);
	/* Every answer, after the sessions (early likewise), with what came of it. */
	void (*binding)(void *context, const struct binding *binding);
	/* A UDP or TCP packet, before its octets are looked at; that end of the flow sent it.
	 */
	void (*packet)(void *context, const struct packet *packet, struct flow *flow,
		       enum flow_end from);
	/* An ICMP error; the flow of the packet that it quotes, NULL where none was seen. */
	void (*icmp)(void *context, const struct icmp_error *error, const struct packet *quoted,
		     const struct flow *flow, enum flow_end from);
	/* Another IP packet: neither UDP nor TCP nor an error (neighbour discovery). */
	void (*other)(void *context, const struct packet *packet);
	/* A fragment of an IP datagram, before it is put together. */
	void (*fragment)(void *context, const struct packet *packet);
	/* A frame that carries no IP (ARP). */
	void (*frame)(void *context, const struct frame *frame, const struct link_view *link);
	void *context;
	bool lives_only; /* nobody asks what the sessions carried: see session.h */
	bool even_clock; /* times go on evenly where the capture's clock was set (clock.h) */
};

struct pipeline_options {
	struct bounds bounds;
	const struct decoder *decoder; /* needed where bindings are; without it callbacks are
					  not known by what announces them */
	int64_t msl2;                  /* 2 MSL in ns; 0: 60 s */
	struct moment until;           /* sessions live on to there after the last frame */
};

struct pipeline;

struct pipeline *pipeline_new(const struct sink *sink, const struct pipeline_options *options);
void pipeline_frame(struct pipeline *pipeline, const struct frame *frame);
/*
 * Everything still waiting is handed on and counted. `whole`: the capture was read
 * to its end; otherwise a call whose reply was not seen is not called unanswered.
 */
void pipeline_finish(struct pipeline *pipeline, bool whole);
struct counts *pipeline_counts(struct pipeline *pipeline);
void pipeline_free(struct pipeline *pipeline);

#endif
