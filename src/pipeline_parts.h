/*
 * pipeline_parts: what the two halves of the pipeline share: pipeline.c takes frames to
 * records, pipeline_message.c records to those who want to know. Private to both.
 */
#ifndef RPCSCOPE_PIPELINE_PARTS_H
#define RPCSCOPE_PIPELINE_PARTS_H

#include "callback.h"
#include "exchange.h"
#include "flow.h"
#include "fragment.h"
#include "packet.h"
#include "park.h"
#include "pipeline.h"
#include "record.h"

struct pipeline {
	struct packet at_hand; /* of the latest frame; stays until the next one is looked at */
	struct sink sink;
	struct counts counts;
	struct fragments *fragments;
	struct flows flows;
	struct exchanges *exchanges;
	struct callbacks *callbacks;
	struct bindings *bindings;   /* NULL where nobody asks for answers, or for sessions */
	struct sessions *sessions;   /* NULL when the sink wants neither */
	const struct packet *packet; /* the one whose flow is being found */
	struct extents extents;      /* of the datagram at hand */
	struct parking parking;      /* replies that came before their call */
	struct clock clock;          /* where the sink wants it even */
};

/* Which direction of which flow a record came out of; the record sink's context. */
struct direction {
	struct pipeline *pipeline;
	struct flow *flow;
	enum flow_end from;
};

/* Where the records of that direction go; it has to live as long. */
struct record_sink pipeline_record_sink(struct direction *direction);
/* A record of a direction, or a datagram. The context is a struct direction. */
void pipeline_record(void *context, const struct record *record);
/* Parked replies that have waited long enough by now. */
void pipeline_unpark_old(struct pipeline *pipeline, int64_t now);
/* What struct flows calls: a flow goes; a record gives way. The context is the pipeline. */
void pipeline_retire_flow(void *context, struct flow *flow);
void pipeline_evict_record(void *context, struct flow *flow, enum flow_end from);

#endif
