/*
 * pipeline: what happens to one frame, stage after stage.
 *
 * Only this file and pipeline_message.c, which goes on from the records, know the order
 * of the stages. A stage that has nothing to say about a frame ends its way; what is
 * dropped is counted.
 */
#include "pipeline.h"

#include <stdlib.h>

#include "icmp.h"
#include "ip.h"
#include "limits.h"
#include "link.h"
#include "memory.h"
#include "pipeline_parts.h"
#include "unusual.h"

enum { RECORD_MARK = 4 }; /* octets in front of a record in a TCP segment */

static void
begin_sessions(struct pipeline *pipeline, const struct pipeline_options *options)
{
	const struct sink *sink = &pipeline->sink;
	if (sink->answer == NULL && sink->session == NULL && sink->binding == NULL)
		return;
	const struct bindings_sink bindings_sink = {
		.heard = sink->answer, .told = sink->binding, .context = sink->context};
	/* A life goes back to no answer, and those of a long capture are many. */
	if (!sink->lives_only || sink->answer != NULL || sink->binding != NULL)
		pipeline->bindings = bindings_new(options->decoder, &pipeline->counts,
						  &options->bounds, &bindings_sink);
	const struct sessions_options sessions = {.msl2 = options->msl2,
						  .until = options->until,
						  .lives_only = sink->lives_only,
						  .limit = options->bounds.sessions};
	pipeline->sessions = sessions_new(pipeline->bindings, &pipeline->counts, &sessions,
					  sink->session, sink->context);
}

/* The flow of a packet; the one before it may be retired for it. */
static struct flow *
find_flow(struct pipeline *pipeline, const struct packet *packet, enum flow_end *from)
{
	pipeline->packet = packet;
	struct flow *flow = flows_find(&pipeline->flows, packet, from);
	pipeline->packet = NULL;
	if (pipeline->sessions != NULL)
		sessions_packet(pipeline->sessions, flow, *from, packet);
	if (pipeline->sink.packet != NULL)
		pipeline->sink.packet(pipeline->sink.context, packet, flow, *from);
	return flow;
}

struct pipeline *
pipeline_new(const struct sink *sink, const struct pipeline_options *options)
{
	struct pipeline *pipeline = memory_get(sizeof *pipeline);
	const struct bounds *bounds = &options->bounds;
	pipeline->sink = *sink;
	pipeline->clock.steps = &pipeline->counts.clock;
	pipeline->fragments = fragments_new(&pipeline->counts,
					    bound_or(bounds->fragments, LIMIT_FRAGMENT_OCTETS));
	flows_init(&pipeline->flows, &pipeline->counts, pipeline_retire_flow, pipeline);
	pipeline->flows.evict = pipeline_evict_record;
	pipeline->flows.limit = bound_or(bounds->flows, LIMIT_FLOWS);
	pipeline->flows.streams.held_limit = bounds->held;
	pipeline->flows.streams.direction_limit = bounds->direction;
	pipeline->flows.streams.store.record_limit = bounds->record;
	pipeline->flows.streams.store.limit = bounds->records;
	parking_init(&pipeline->parking, bounds);
	pipeline->exchanges = exchanges_new(&pipeline->counts, bounds);
	pipeline->callbacks = callbacks_new(options->decoder, &pipeline->counts, bounds);
	begin_sessions(pipeline, options);
	if (sink->begin != NULL)
		sink->begin(sink->context, &pipeline->counts);
	return pipeline;
}

/* Of a UDP datagram its payload; of a TCP segment the record that its mark announces (RFC 5531
 * section 11). */
static uint32_t
quoted_length(const struct packet *quoted)
{
	const uint8_t *mark = packet_payload(quoted);
	if (quoted->transport == TRANSPORT_UDP)
		return packet_length(quoted);
	return (mark[0] & 0x7fU) << 24 | (uint32_t)mark[1] << 16 | (uint32_t)mark[2] << 8 |
	       mark[3];
}

/*
 * The RPC message that an ICMP error quotes: shown, because it says which call
 * came to nothing, but it was not sent anew. Of a TCP segment only a record that
 * begins with the segment is found.
 */
UNUSUAL static void
take_quote(struct pipeline *pipeline, const struct packet *packet)
{
	struct icmp_error error;
	struct packet quoted;
	struct message message;
	enum flow_end end = FLOW_FIRST;
	if (!icmp_parse(&error, &quoted, packet)) {
		pipeline->counts.other_ip++;
		if (pipeline->sink.other != NULL)
			pipeline->sink.other(pipeline->sink.context, packet);
		return;
	}
	struct flow *flow = flows_peek(&pipeline->flows, &quoted, &end);
	if (pipeline->sink.icmp != NULL)
		pipeline->sink.icmp(pipeline->sink.context, &error, &quoted, flow, end);
	if (flow != NULL && pipeline->sessions != NULL)
		sessions_icmp(flow, &error, &quoted);
	uint32_t mark = quoted.transport == TRANSPORT_TCP ? RECORD_MARK : 0;
	uint32_t captured = packet_captured(&quoted);
	if (captured <= mark)
		return;
	pipeline->extents.count = 0;
	extents_add(&pipeline->extents, 0, &quoted, mark, captured - mark);
	struct record record = {.octets = packet_payload(&quoted) + mark,
				.captured = captured - mark,
				.length = quoted_length(&quoted),
				.extents = pipeline->extents.at,
				.extent_count = pipeline->extents.count,
				.packet = &quoted,
				.flags = RECORD_CUT};
	if (record.length < record.captured)
		record.captured = record.length;
	if (record.captured == record.length)
		record.flags = 0;
	if (!message_parse(&message, &record, false))
		return;
	message.quote = &error;
	message.flow = flow;
	message.from = end;
	callbacks_take(pipeline->callbacks, &message);
	exchanges_quote(pipeline->exchanges, &message);
	pipeline->counts.quoted++;
	if (pipeline->sink.message != NULL)
		pipeline->sink.message(pipeline->sink.context, &message);
}

/* One UDP datagram is one record (RFC 5531 section 10). */
static void
take_udp(struct pipeline *pipeline, const struct packet *packet)
{
	enum flow_end from;
	struct flow *flow = find_flow(pipeline, packet, &from);
	uint32_t captured = packet_captured(packet);
	struct record record = {
		.octets = packet_payload(packet),
		.captured = captured,
		.length = packet_length(packet),
		.packet = packet,
		.flags = captured < packet_length(packet) ? RECORD_CUT : 0,
	};
	pipeline->extents.count = 0;
	extents_add(&pipeline->extents, 0, packet, 0, captured);
	record.extents = pipeline->extents.at;
	record.extent_count = pipeline->extents.count;
	struct direction direction = {pipeline, flow, from};
	pipeline_record(&direction, &record);
}

static void
take_tcp(struct pipeline *pipeline, const struct packet *packet)
{
	enum flow_end from;
	struct flow *flow = find_flow(pipeline, packet, &from);
	if (flow->stale)
		return; /* an old duplicate: its octets were this flow's predecessor's */
	if (flow->streams == NULL)
		return; /* it carried nothing yet */
	struct streams *streams = &pipeline->flows.streams;
	struct direction direction = {pipeline, flow, from};
	struct record_sink sink = pipeline_record_sink(&direction);
	stream_push(streams, &flow->streams[from], &sink, packet);
	if (streams->held_octets != 0 && packet->flags & TCP_ACK &&
	    flow->streams[!from].held != NULL) {
		struct direction back = {pipeline, flow, (enum flow_end) !from};
		struct record_sink back_sink = pipeline_record_sink(&back);
		stream_acknowledged(streams, &flow->streams[!from], &back_sink,
				    packet->acknowledgment, packet->frame.time);
	}
}

static void
take_packet(struct pipeline *pipeline, struct packet *packet)
{
	const char *reason = NULL;
	switch (packet_transport(packet, &reason)) {
	case PACKET_UDP:
		take_udp(pipeline, packet);
		break;
	case PACKET_TCP:
		take_tcp(pipeline, packet);
		break;
	case PACKET_MALFORMED:
		pipeline->counts.malformed++;
		break;
	case PACKET_CUT:
		pipeline->counts.cut++;
		break;
	case PACKET_OTHER:
		packet_no_transport(packet);
		take_quote(pipeline, packet);
		break;
	}
}

/* A frame that carries no IP. */
static void
take_other_frame(struct pipeline *pipeline, const struct frame *captured, int64_t time,
		 const struct link_view *link)
{
	struct frame frame = *captured;
	frame.time = time;
	pipeline->counts.not_ip++;
	if (pipeline->sink.frame != NULL)
		pipeline->sink.frame(pipeline->sink.context, &frame, link);
}

/* Where the network packet of a frame stands; false when it has none of IP. */
static bool
find_network(struct pipeline *pipeline, const struct frame *frame, int64_t time, uint32_t *at)
{
	struct link_view link;
	*at = LINK_PLAIN;
	if (link_is_plain(frame->link_type, frame->octets, frame->captured))
		return true;
	if (!link_parse(&link, frame->link_type, frame->octets, frame->captured)) {
		pipeline->counts.cut++;
		return false;
	}
	*at = link.payload;
	if (link.ethertype == ETHERTYPE_IPV4 || link.ethertype == ETHERTYPE_IPV6_)
		return true;
	take_other_frame(pipeline, frame, time, &link);
	return false;
}

/* The IP packet in a frame; false when there is none that could be read. */
static bool
find_ip(struct pipeline *pipeline, struct packet *packet, const struct frame *frame,
	int64_t time)
{
	uint32_t at;
	if (!find_network(pipeline, frame, time, &at))
		return false;
	const char *reason = NULL;
	enum ip_result result = packet_network(packet, frame->octets + at, frame->captured - at,
					       frame->length - at, &reason);
	if (result == IP_CUT)
		pipeline->counts.cut++;
	else if (result == IP_MALFORMED)
		pipeline->counts.malformed++;
	packet->network = at;
	return result == IP_OK;
}

/* True when the datagram is whole with it, and stands in the packet. */
UNUSUAL static bool
take_fragment(struct pipeline *pipeline, struct packet *packet)
{
	packet_no_transport(packet);
	if (pipeline->sink.fragment != NULL)
		pipeline->sink.fragment(pipeline->sink.context, packet);
	return fragments_push(pipeline->fragments, packet);
}

/* A frame of which all headers were read in one look. */
static void
take_usual(struct pipeline *pipeline, struct packet *packet, const struct frame *frame,
	   int64_t time)
{
	packet->network = LINK_PLAIN;
	packet->frame = *frame;
	packet->frame.time = time;
	take_tcp(pipeline, packet);
}

/* Any frame that packet_usual() does not take: stage after stage. IPv6 is looked at here, for a
 * second way to the same flow would cost every frame of IPv4. */
UNUSUAL static void
take_frame(struct pipeline *pipeline, struct packet *packet, const struct frame *frame,
	   int64_t time)
{
	if (packet_usual_ipv6(packet, frame)) {
		take_usual(pipeline, packet, frame, time);
		return;
	}
	packet->transport = 0;
	if (!find_ip(pipeline, packet, frame, time))
		return;
	packet->frame = *frame;
	packet->frame.time = time;
	if (packet->ip.fragmented && !take_fragment(pipeline, packet))
		return;
	take_packet(pipeline, packet);
}

/* Frames of several interfaces change places by less. */
#define STEP_BACK SECOND
/* A mount at rest sends something every few minutes. */
#define STEP_FORWARD (600 * SECOND)

UNUSUAL static void
count_step(struct counts *counts, int64_t captured)
{
	counts->steps.back += captured < counts->latest;
	counts->steps.forward += captured > counts->latest;
}

static void
count_frame(struct counts *counts, const struct frame *frame, int64_t time)
{
	int64_t captured = frame->time;
	if (counts->frames++ == 0) {
		counts->first = counts->last = time;
		counts->latest = captured;
	}
	counts->octets += frame->length;
	uint64_t apart = (uint64_t)captured - (uint64_t)counts->latest; /* back: it wraps */
	if (apart + STEP_BACK > STEP_BACK + STEP_FORWARD)
		count_step(counts, captured);
	counts->latest = captured;
	if (time > counts->last)
		counts->last = time;
	else if (time < counts->first)
		counts->first = time;
}

STRAIGHT void
pipeline_frame(struct pipeline *pipeline, const struct frame *frame)
{
	struct packet *packet = &pipeline->at_hand; /* still of the frame before */
	int64_t time = frame->time;
	if (pipeline->sink.even_clock)
		time = clock_even(&pipeline->clock, frame, packet);
	/* What follows fills the rest: it is large, and frames are many. */
	packet->pieces = NULL;
	packet->piece_count = 0;
	count_frame(&pipeline->counts, frame, time);
	if (pipeline->parking.oldest != NULL)
		pipeline_unpark_old(pipeline, time);
	if (!packet_usual(packet, frame)) {
		take_frame(pipeline, packet, frame, time);
		return;
	}
	take_usual(pipeline, packet, frame, time);
}

void
pipeline_finish(struct pipeline *pipeline, bool whole)
{
	fragments_finish(pipeline->fragments);
	flows_finish(&pipeline->flows);
	exchanges_finish(pipeline->exchanges, whole);
	if (pipeline->sessions == NULL)
		return;
	sessions_finish(pipeline->sessions, pipeline->counts.last);
	if (pipeline->bindings != NULL)
		bindings_finish(pipeline->bindings);
}

struct counts *
pipeline_counts(struct pipeline *pipeline)
{
	return &pipeline->counts;
}

void
pipeline_free(struct pipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	sessions_free(pipeline->sessions);
	bindings_free(pipeline->bindings);
	parking_release(&pipeline->parking);
	exchanges_free(pipeline->exchanges);
	callbacks_free(pipeline->callbacks);
	flows_release(&pipeline->flows);
	fragments_free(pipeline->fragments);
	extents_release(&pipeline->extents);
	free(pipeline);
}
