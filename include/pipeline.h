/*
 * pipeline: the stages wired together: a frame in, messages out.
 *
 *   link -> ip -> fragment -> udp -----------------------> message -> exchange -> sink
 *                          \-> flow -> stream -> record -^
 *
 * Forward only, one pass, packet time only. Plain calls from stage to stage; a
 * table of function pointers only at the end. A pipeline fed the same frames gives
 * the same calls to its sink, whatever the machine's clock says.
 */
#ifndef RPCSCOPE_PIPELINE_H
#define RPCSCOPE_PIPELINE_H

#include "capture.h"
#include "counts.h"
#include "message.h"

/* What is told of; every member may be NULL. */
struct sink {
	void (*message)(void *context, const struct message *message);
	void *context;
};

struct pipeline_options {
	uint32_t flow_limit, call_limit; /* 0: the defaults of limits.h */
};

struct pipeline;

struct pipeline *pipeline_new(const struct sink *sink, const struct pipeline_options *options);
void pipeline_frame(struct pipeline *pipeline, const struct frame *frame);
/* The capture is over: everything still waiting is handed on and counted. */
void pipeline_finish(struct pipeline *pipeline);
struct counts *pipeline_counts(struct pipeline *pipeline);
void pipeline_free(struct pipeline *pipeline);

#endif
