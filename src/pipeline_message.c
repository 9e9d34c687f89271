/*
 * pipeline_message: from a record to whoever wants to know of its message: its header, the
 * call or reply that it belongs to, what it tells of bindings and sessions, then the sink
 * of the command. A reply that came before its call waits for it (park.h). Here is also
 * what has to be said before a flow or a record is let go.
 */
#include "pipeline_parts.h"

#include "limits.h"
#include "unusual.h"

static void
count_anomalies(struct counts *counts, const struct message *message)
{
	if (message->anomaly_count != 0)
		counts->malformed++;
	if (message->record->flags & (RECORD_CUT | RECORD_UNFINISHED) ||
	    message->record->captured < message->record->length)
		counts->cut++;
}

/* The server said STARTTLS: what follows in both directions is TLS (RFC 9289 section 4.1). */
UNUSUAL static void
begin_tls(struct flow *flow)
{
	for (int end = 0; flow->streams != NULL && end < 2; end++)
		flow->streams[end].reader.secured = true;
}

/* The call went to another address than the reply came from: to another session. */
UNUSUAL static void
correlate_asked(struct pipeline *pipeline, const struct message *reply)
{
	const struct packet call = {.transport = reply->packet->transport,
				    .source = reply->packet->destination,
				    .destination = *reply->asked};
	enum flow_end end;
	const struct flow *flow = flows_peek(&pipeline->flows, &call, &end);
	if (flow != NULL)
		sessions_answered_from(flow, reply);
}

/* What the message tells of other sessions, and of its own. */
static void
correlate(struct pipeline *pipeline, const struct message *message)
{
	if (pipeline->sessions == NULL)
		return;
	if (pipeline->bindings != NULL)
		bindings_learn(pipeline->bindings, message);
	sessions_message(pipeline->sessions, message);
	if (message->asked != NULL && message->quote == NULL && message->copy_of == 0)
		correlate_asked(pipeline, message);
}

static void
deliver(struct pipeline *pipeline, const struct message *message)
{
	correlate(pipeline, message);
	if (pipeline->sink.message != NULL)
		pipeline->sink.message(pipeline->sink.context, message);
}

/* `call` is NULL when it did not come in time. */
UNUSUAL static void
deliver_parked(struct pipeline *pipeline, struct parked *parked, const struct message *call)
{
	unpark(&pipeline->parking, parked);
	if (call != NULL)
		exchanges_explain(&parked->message, call);
	deliver(pipeline, &parked->message);
	parked_free(&pipeline->parking, parked);
}

UNUSUAL void
pipeline_unpark_old(struct pipeline *pipeline, int64_t now)
{
	struct parked *oldest = pipeline->parking.oldest;
	while (oldest != NULL && now - oldest->packet.packet.frame.time > LIMIT_PARK_AGE) {
		deliver_parked(pipeline, oldest, NULL);
		oldest = pipeline->parking.oldest;
	}
}

/* Those of a flow that is about to go. */
static void
deliver_of_flow(struct pipeline *pipeline, const struct flow *flow)
{
	struct parked *next;
	for (struct parked *at = pipeline->parking.oldest; at != NULL; at = next) {
		next = at->newer;
		if (at->message.flow == flow)
			deliver_parked(pipeline, at, NULL);
	}
}

STRAIGHT void
pipeline_record(void *context, const struct record *record)
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
	callbacks_take(pipeline->callbacks, &message);
	if (message.kind != MESSAGE_MALFORMED) {
		direction->flow->rpc = true;
		exchanges_join(pipeline->exchanges, &message);
	}
	if (message.starttls)
		begin_tls(direction->flow);
	count_anomalies(&pipeline->counts, &message);
	if (message.place != NULL && park(&pipeline->parking, &message))
		return;
	deliver(pipeline, &message);
	if (message.waiting != NULL)
		deliver_parked(pipeline, message.waiting, &message);
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

struct record_sink
pipeline_record_sink(struct direction *direction)
{
	return (struct record_sink){
		.record = pipeline_record, .malformed = take_malformed, .context = direction};
}

static void
count_tls(struct counts *counts, const struct flow *flow)
{
	const struct stream *streams = flow->streams;
	if (streams == NULL || (!streams[0].reader.tls && !streams[1].reader.tls))
		return;
	counts->tls.connections++;
	for (int end = 0; end < 2; end++)
		counts->tls.records += streams[end].reader.tls_records;
}

/* Does the next connection of the same ports take its place, or is it only forgotten? */
static bool
is_succeeded(const struct pipeline *pipeline, const struct flow *flow)
{
	const struct packet *packet = pipeline->packet;
	if (packet == NULL || packet->transport != flow->transport)
		return false;
	return (endpoint_equal(&packet->source, &flow->end[0]) &&
		endpoint_equal(&packet->destination, &flow->end[1])) ||
	       (endpoint_equal(&packet->source, &flow->end[1]) &&
		endpoint_equal(&packet->destination, &flow->end[0]));
}

void
pipeline_retire_flow(void *context, struct flow *flow)
{
	struct pipeline *pipeline = context;
	for (int end = 0; flow->streams != NULL && end < 2; end++) {
		struct direction direction = {pipeline, flow, (enum flow_end)end};
		struct record_sink sink = pipeline_record_sink(&direction);
		stream_end(&pipeline->flows.streams, &flow->streams[end], &sink);
	}
	deliver_of_flow(pipeline, flow);
	count_tls(&pipeline->counts, flow);
	if (pipeline->sessions != NULL)
		sessions_retire(pipeline->sessions, flow, is_succeeded(pipeline, flow),
				pipeline->counts.last);
}

/* A record that was being put together is handed on as far as it came. */
void
pipeline_evict_record(void *context, struct flow *flow, enum flow_end from)
{
	struct direction direction = {context, flow, from};
	struct record_sink sink = pipeline_record_sink(&direction);
	record_evict(&flow->streams[from].reader, &sink);
}
