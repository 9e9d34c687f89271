/*
 * pipeline: what happens to one frame, stage after stage.
 *
 * Only this file knows the order of the stages. A stage that has nothing to say
 * about a frame ends its way; what is dropped is counted.
 */
#include "pipeline.h"

#include <stdlib.h>

#include "exchange.h"
#include "flow.h"
#include "fragment.h"
#include "icmp.h"
#include "ip.h"
#include "limits.h"
#include "link.h"
#include "memory.h"
#include "packet.h"
#include "record.h"

enum { RECORD_MARK = 4 }; /* octets in front of a record in a TCP segment */

struct pipeline {
	struct sink sink;
	struct counts counts;
	struct fragments *fragments;
	struct flows flows;
	struct exchanges *exchanges;
	struct extents extents; /* of the datagram at hand */
};

/* Which direction of which flow a record came out of; the record sink's context. */
struct direction {
	struct pipeline *pipeline;
	struct flow *flow;
	enum flow_end from;
};

static void
count_anomalies(struct counts *counts, const struct message *message)
{
	if (message->anomaly_count != 0)
		counts->malformed++;
	if (message->record->flags & (RECORD_CUT | RECORD_UNFINISHED) ||
	    message->record->captured < message->record->length)
		counts->cut++;
}

static void
take_record(void *context, const struct record *record)
{
	struct direction *direction = context;
	struct pipeline *pipeline = direction->pipeline;
	struct message message;
	if (!message_parse(&message, record, direction->flow->rpc)) {
		pipeline->counts.not_rpc++;
		return;
	}
	message.flow = direction->flow;
	message.from = direction->from;
	direction->flow->rpc |= message.kind != MESSAGE_MALFORMED;
	if (message.kind != MESSAGE_MALFORMED)
		exchanges_join(pipeline->exchanges, &message);
	count_anomalies(&pipeline->counts, &message);
	if (pipeline->sink.message != NULL)
		pipeline->sink.message(pipeline->sink.context, &message);
}

/* Octets where a record should begin, in a direction that speaks RPC: a message of its own
 * kind. */
static void
take_malformed(void *context, const struct packet *packet, const char *reason)
{
	struct direction *direction = context;
	struct pipeline *pipeline = direction->pipeline;
	struct record record = {
		.octets = packet_payload(packet), .packet = packet, .anomaly = reason};
	struct message message = {.kind = MESSAGE_MALFORMED,
				  .record = &record,
				  .packet = packet,
				  .flow = direction->flow,
				  .from = direction->from};
	message_anomaly(&message, reason, 0);
	pipeline->counts.malformed++;
	if (pipeline->sink.message != NULL)
		pipeline->sink.message(pipeline->sink.context, &message);
}

static struct record_sink
record_sink(struct direction *direction)
{
	return (struct record_sink){
		.record = take_record, .malformed = take_malformed, .context = direction};
}

static void
retire_flow(void *context, struct flow *flow)
{
	struct pipeline *pipeline = context;
	for (int end = 0; flow->streams != NULL && end < 2; end++) {
		struct direction direction = {pipeline, flow, (enum flow_end)end};
		struct record_sink sink = record_sink(&direction);
		stream_end(&pipeline->flows.streams, &flow->streams[end], &sink);
	}
}

struct pipeline *
pipeline_new(const struct sink *sink, const struct pipeline_options *options)
{
	struct pipeline *pipeline = memory_get(sizeof *pipeline);
	pipeline->sink = *sink;
	pipeline->fragments = fragments_new(&pipeline->counts);
	flows_init(&pipeline->flows, &pipeline->counts, retire_flow, pipeline);
	if (options->flow_limit != 0)
		pipeline->flows.limit = options->flow_limit;
	pipeline->exchanges = exchanges_new(&pipeline->counts, options->call_limit != 0
								       ? options->call_limit
								       : LIMIT_PENDING_CALLS);
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
static void
take_quote(struct pipeline *pipeline, const struct packet *packet)
{
	struct icmp_error error;
	struct packet quoted;
	struct message message;
	if (!icmp_parse(&error, &quoted, packet))
		return;
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
	message.flow = flows_peek(&pipeline->flows, &quoted, &message.from);
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
	struct flow *flow = flows_find(&pipeline->flows, packet, &from);
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
	take_record(&direction, &record);
}

static void
take_tcp(struct pipeline *pipeline, const struct packet *packet)
{
	enum flow_end from;
	struct flow *flow = flows_find(&pipeline->flows, packet, &from);
	if (flow->stale)
		return; /* an old duplicate: its octets were this flow's predecessor's */
	struct streams *streams = &pipeline->flows.streams;
	struct direction direction = {pipeline, flow, from};
	struct record_sink sink = record_sink(&direction);
	if (packet->flags & TCP_SYN)
		stream_begin(&flow->streams[from], packet->sequence);
	stream_push(streams, &flow->streams[from], &sink, packet);
	if (packet->flags & TCP_ACK) {
		struct direction back = {pipeline, flow, (enum flow_end) !from};
		struct record_sink back_sink = record_sink(&back);
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
		take_quote(pipeline, packet);
		break;
	}
}

/* The IP packet in a frame; false when there is none that could be read. */
static bool
find_ip(struct pipeline *pipeline, struct packet *packet, const struct frame *frame)
{
	struct link_view link;
	if (!link_parse(&link, frame->link_type, frame->octets, frame->captured)) {
		pipeline->counts.cut++;
		return false;
	}
	if (link.ethertype != ETHERTYPE_IPV4 && link.ethertype != ETHERTYPE_IPV6_) {
		pipeline->counts.not_ip++;
		return false;
	}
	const char *reason = NULL;
	enum ip_result result =
		ip_parse(&packet->ip, frame->octets + link.payload,
			 frame->captured - link.payload, frame->length - link.payload, &reason);
	if (result == IP_CUT)
		pipeline->counts.cut++;
	else if (result == IP_MALFORMED)
		pipeline->counts.malformed++;
	packet->network = link.payload;
	return result == IP_OK;
}

static void
count_frame(struct counts *counts, const struct frame *frame)
{
	if (counts->frames++ == 0)
		counts->first = counts->last = frame->time;
	counts->octets += frame->length;
	if (frame->time < counts->first)
		counts->first = frame->time;
	if (frame->time > counts->last)
		counts->last = frame->time;
}

void
pipeline_frame(struct pipeline *pipeline, const struct frame *frame)
{
	count_frame(&pipeline->counts, frame);
	struct packet packet = {.frame = *frame};
	if (!find_ip(pipeline, &packet, frame))
		return;
	packet.datagram = frame->octets + packet.network + packet.ip.header_length;
	packet.datagram_captured = packet.ip.captured;
	packet.datagram_length = packet.ip.length;
	if (packet.ip.fragmented && !fragments_push(pipeline->fragments, &packet))
		return;
	take_packet(pipeline, &packet);
}

void
pipeline_finish(struct pipeline *pipeline)
{
	fragments_finish(pipeline->fragments);
	flows_finish(&pipeline->flows);
	exchanges_finish(pipeline->exchanges);
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
	exchanges_free(pipeline->exchanges);
	flows_release(&pipeline->flows);
	fragments_free(pipeline->fragments);
	extents_release(&pipeline->extents);
	free(pipeline);
}
