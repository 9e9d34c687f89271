/*
 * How it works: one table over both transports, keyed by the two endpoints in a
 * fixed order, so that one look-up finds the flow of either direction. Only the
 * newest incarnation of a 4-tuple is in it; incarnation.c says when the next
 * begins. A flow moves to the front of the age list only when enough others have
 * moved there since it last did: its place is exact to an eighth of the limit,
 * and a packet of a busy flow touches nobody else's memory.
 */
#include "flow.h"

#include <assert.h>
#include <string.h>

#include "incarnation.h"

/* What a 4-tuple is found by: no padding. */
struct key {
	uint8_t low[16], high[16];
	uint16_t low_port, high_port;
	uint32_t transport;
};
static_assert(sizeof(struct key) == 40, "padding would be hashed");

/* What a TCP flow has besides. */
struct tcp {
	struct stream streams[2];
	struct flow_track track;
};

void
flows_init(struct flows *flows, struct counts *counts,
	   void (*retire)(void *context, struct flow *flow), void *context)
{
	*flows = (struct flows){
		.streams.counts = counts,
		.counts = counts,
		.limit = LIMIT_FLOWS,
		.retire = retire,
		.context = context,
	};
	table_init(&flows->table);
	pool_init(&flows->pool, sizeof(struct flow));
	pool_init(&flows->stream_pool, sizeof(struct tcp));
}

/* Some order of endpoints, the same on every look: not that of the addresses' octets. */
static bool
precedes(const struct endpoint *a, const struct endpoint *b)
{
	uint64_t left[2], right[2];

	memcpy(left, a->address.octets, sizeof left);
	memcpy(right, b->address.octets, sizeof right);
	if (left[1] != right[1])
		return left[1] < right[1];
	if (left[0] != right[0])
		return left[0] < right[0];
	return a->port < b->port;
}

static uint64_t
hash_of(const struct flows *flows, const struct packet *packet)
{
	const struct endpoint *low = &packet->source, *high = &packet->destination;
	struct key key;

	if (precedes(high, low)) {
		low = &packet->destination;
		high = &packet->source;
	}
	memcpy(key.low, low->address.octets, sizeof key.low);
	memcpy(key.high, high->address.octets, sizeof key.high);
	key.low_port = low->port;
	key.high_port = high->port;
	key.transport = packet->transport;
	return table_hash(&flows->table, &key, sizeof key);
}

/* Is it this flow's packet, and whose? */
static bool
matches(const struct flow *flow, const struct packet *packet, enum flow_end *end)
{
	if (flow->transport != packet->transport)
		return false;
	if (endpoint_equal(&flow->end[0], &packet->source) &&
	    endpoint_equal(&flow->end[1], &packet->destination)) {
		*end = FLOW_FIRST;
		return true;
	}
	*end = FLOW_SECOND;
	return endpoint_equal(&flow->end[1], &packet->source) &&
	       endpoint_equal(&flow->end[0], &packet->destination);
}

static struct flow *
look_up(const struct flows *flows, uint64_t hash, const struct packet *packet,
	enum flow_end *end)
{
	struct table_entry *entry = table_first(&flows->table, hash);

	for (; entry; entry = table_next(entry)) {
		struct flow *flow = (struct flow *)(void *)entry;
		if (matches(flow, packet, end))
			return flow;
	}
	return NULL;
}

static void
retire(struct flows *flows, struct flow *flow)
{
	if (flows->retire)
		flows->retire(flows->context, flow);
	table_remove(&flows->table, &flow->entry);
	if (flow->streams) {
		stream_release(&flows->streams, &flow->streams[0]);
		stream_release(&flows->streams, &flow->streams[1]);
		pool_put(&flows->stream_pool, flow->streams);
	}
	pool_put(&flows->pool, flow);
}

/* Does the packet's receiver come first? A SYN+ACK answers the SYN of end[0]. */
static bool
sent_by_second(const struct packet *packet)
{
	return packet->transport == TRANSPORT_TCP &&
	       (packet->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
}

static struct flow *
flow_add(struct flows *flows, uint64_t hash, const struct packet *packet, enum flow_end *end)
{
	while (flows->table.count > 0 && flows->table.count >= flows->limit) {
		retire(flows, (struct flow *)(void *)flows->table.oldest);
		flows->counts->evicted.flows++;
	}
	struct flow *flow = pool_get(&flows->pool);
	*end = sent_by_second(packet) ? FLOW_SECOND : FLOW_FIRST;
	flow->session = ++flows->sessions;
	flow->transport = packet->transport;
	flow->end[*end] = packet->source;
	flow->end[!*end] = packet->destination;
	flow->first_frame = packet->frame.number;
	flow->start = packet->frame.time;
	if (packet->transport == TRANSPORT_TCP) {
		struct tcp *tcp = pool_get(&flows->stream_pool);
		flow->streams = tcp->streams;
		flow->track = &tcp->track;
		flow->joined_midway = true;
	}
	table_insert(&flows->table, &flow->entry, hash);
	flow->touched = ++flows->moves;
	return flow;
}

/* The next incarnation takes the place of this one. */
static struct flow *
flow_succeed(struct flows *flows, struct flow *flow, const struct packet *packet,
	     enum flow_end *end)
{
	struct flow_track before = *flow->track;
	struct endpoint first = flow->end[0];
	uint64_t hash = flow->entry.hash;

	retire(flows, flow);
	flow = flow_add(flows, hash, packet, end);
	incarnation_succeed(flow->track, &before, !endpoint_equal(&first, &flow->end[0]));
	return flow;
}

static void
flow_touch(struct flows *flows, struct flow *flow)
{
	if (flows->moves - flow->touched <= flows->limit / 8)
		return;
	table_touch(&flows->table, &flow->entry);
	flow->touched = ++flows->moves;
}

/* The flow of this incarnation, made where the one known is over. */
static struct flow *
present_incarnation(struct flows *flows, struct flow *flow, const struct packet *packet,
		    enum flow_end *end)
{
	enum incarnation answer = incarnation_of(flow->track, packet, *end);

	if (answer == INCARNATION_NEXT)
		return flow_succeed(flows, flow, packet, end);
	flow->stale = answer == INCARNATION_STALE;
	return flow;
}

static void
follow_tcp(struct flow *flow, const struct packet *packet, enum flow_end end)
{
	if (packet->flags & TCP_SYN && !(packet->flags & TCP_RST))
		flow->joined_midway = false;
	flow->reset |= incarnation_follow(flow->track, packet, end);
}

struct flow *
flows_find(struct flows *flows, const struct packet *packet, enum flow_end *end)
{
	uint64_t hash = hash_of(flows, packet);
	struct flow *flow = look_up(flows, hash, packet, end);

	if (!flow) {
		flow = flow_add(flows, hash, packet, end);
	} else {
		flow_touch(flows, flow);
		if (flow->track)
			flow = present_incarnation(flows, flow, packet, end);
	}
	if (flow->track && !flow->stale)
		follow_tcp(flow, packet, *end);
	flow->last_frame = packet->frame.number;
	flow->last = packet->frame.time;
	flow->packets[*end]++;
	flow->octets[*end] += packet_length(packet);
	return flow;
}

void
flows_finish(struct flows *flows)
{
	while (flows->table.oldest)
		retire(flows, (struct flow *)(void *)flows->table.oldest);
}

void
flows_release(struct flows *flows)
{
	while (flows->table.oldest) {
		struct flow *flow = (struct flow *)(void *)flows->table.oldest;
		table_remove(&flows->table, &flow->entry);
		if (!flow->streams)
			continue;
		stream_release(&flows->streams, &flow->streams[0]);
		stream_release(&flows->streams, &flow->streams[1]);
	}
	streams_release(&flows->streams);
	pool_release(&flows->stream_pool);
	pool_release(&flows->pool);
	table_release(&flows->table);
}

struct flow *
flows_peek(const struct flows *flows, const struct packet *packet, enum flow_end *end)
{
	return look_up(flows, hash_of(flows, packet), packet, end);
}
