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

#include "hash.h"
#include "incarnation.h"
#include "unusual.h"

/* What a 4-tuple is found by: whole words, written as they are hashed. */
struct key {
	uint64_t low[2], high[2];
	uint64_t rest; /* ports and transport */
};
static_assert(sizeof(struct key) == 40, "padding would be hashed");

/* A record that waits for its rest makes room for others. */
static void
evict_record(void *context, struct record_reader *reader)
{
	struct flows *flows = context;
	struct flow *flow = reader->owner;
	bool first = reader == &flow->streams[FLOW_FIRST].reader;

	flows->counts->evicted.records++;
	if (flows->evict)
		flows->evict(flows->context, flow, first ? FLOW_FIRST : FLOW_SECOND);
}

void
flows_init(struct flows *flows, struct counts *counts,
	   void (*retire)(void *context, struct flow *flow), void *context)
{
	*flows = (struct flows){
		.counts = counts,
		.limit = LIMIT_FLOWS,
		.retire = retire,
		.context = context,
	};
	streams_init(&flows->streams, counts);
	flows->streams.store.evict = evict_record;
	flows->streams.store.context = flows;
	table_init(&flows->table);
	pool_init(&flows->pool, sizeof(struct flow));
	pool_init(&flows->track_pool, sizeof(struct flow_track));
	pool_init(&flows->stream_pool, 2 * sizeof(struct stream));
}

static uint64_t
hash_of(const struct flows *flows, const struct packet *packet)
{
	const struct endpoint *a = &packet->source, *b = &packet->destination;
	struct key key;

	memcpy(key.low, a->address.octets, sizeof key.low);
	memcpy(key.high, b->address.octets, sizeof key.high);
	key.rest = (uint64_t)packet->transport << 32;
	/* Some order of endpoints, the same on every look: not that of the addresses' octets.
	 */
	bool swap = key.low[1] != key.high[1]   ? key.high[1] < key.low[1]
		    : key.low[0] != key.high[0] ? key.high[0] < key.low[0]
						: b->port < a->port;
	if (swap) {
		memcpy(key.low, b->address.octets, sizeof key.low);
		memcpy(key.high, a->address.octets, sizeof key.high);
		key.rest |= (uint64_t)b->port << 16 | a->port;
	} else {
		key.rest |= (uint64_t)a->port << 16 | b->port;
	}
	return hash_key(&flows->table, &key, sizeof key);
}

static bool
sent_by(const struct flow *flow, enum flow_end end, const struct packet *packet)
{
	const struct endpoint *source = &flow->end[end], *destination = &flow->end[!end];

	return source->port == packet->source.port &&
	       destination->port == packet->destination.port &&
	       address_equal(&source->address, &packet->source.address) &&
	       address_equal(&destination->address, &packet->destination.address);
}

/* Is it this flow's packet, and whose? */
static bool
matches(const struct flow *flow, const struct packet *packet, enum flow_end *end)
{
	*end = sent_by(flow, FLOW_FIRST, packet) ? FLOW_FIRST : FLOW_SECOND;
	return flow->transport == packet->transport &&
	       (*end == FLOW_FIRST || sent_by(flow, FLOW_SECOND, packet));
}

UNUSUAL static struct flow *
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
	if (flows->latest == flow)
		flows->latest = NULL;
	if (flow->streams) {
		stream_release(&flows->streams, &flow->streams[0]);
		stream_release(&flows->streams, &flow->streams[1]);
		pool_put(&flows->stream_pool, flow->streams);
	}
	if (flow->track)
		pool_put(&flows->track_pool, flow->track);
	pool_put(&flows->pool, flow);
}

/* Does the packet's receiver come first? A SYN+ACK answers the SYN of end[0]. */
static bool
sent_by_second(const struct packet *packet)
{
	return packet->transport == TRANSPORT_TCP &&
	       (packet->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
}

UNUSUAL static struct flow *
flow_add(struct flows *flows, uint64_t hash, const struct packet *packet, enum flow_end *end)
{
	while (flows->table.count > 0 && flows->table.count >= flows->limit) {
		/* (first: who hears of its messages has to know that they are not whole) */
		flows->counts->evicted.flows++;
		retire(flows, (struct flow *)(void *)flows->table.oldest);
	}
	struct flow *flow = pool_get(&flows->pool);
	*end = sent_by_second(packet) ? FLOW_SECOND : FLOW_FIRST;
	flow->session = ++flows->sessions;
	flow->transport = packet->transport;
	flow->end[*end] = packet->source;
	flow->end[!*end] = packet->destination;
	flow->first_frame = packet->frame.number;
	if (packet->transport == TRANSPORT_TCP) {
		flow->track = pool_get(&flows->track_pool);
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
UNUSUAL static struct flow *
present_incarnation(struct flows *flows, struct flow *flow, const struct packet *packet,
		    enum flow_end *end)
{
	enum incarnation answer = incarnation_of(flow->track, packet, *end);

	if (answer == INCARNATION_NEXT)
		return flow_succeed(flows, flow, packet, end);
	flow->stale = answer == INCARNATION_STALE;
	return flow;
}

UNUSUAL static void
follow_tcp(struct flow *flow, const struct packet *packet, enum flow_end end)
{
	if (packet->flags & TCP_SYN && !(packet->flags & TCP_RST))
		flow->joined_midway = false;
	flow->reset |= incarnation_follow(flow->track, packet, end);
}

/* Is there anything for a stream in it? */
static bool
has_content(const struct packet *packet)
{
	return !(packet->flags & TCP_RST) &&
	       (packet_length(packet) > 0 || packet->flags & TCP_FIN);
}

/* Both directions, as far as their SYNs were seen. */
UNUSUAL static struct stream *
streams_new(struct flows *flows, struct flow *flow)
{
	struct stream *streams = pool_get(&flows->stream_pool);

	for (unsigned i = 0; i < 2; i++) {
		streams[i].reader.owner = flow;
		if (flow->track->side[i].syn)
			stream_begin(&flows->streams, &streams[i],
				     flow->track->side[i].initial);
	}
	return streams;
}

/* The flow of these ports. The last one comes again more often than not: an answer follows its
 * question. */
static struct flow *
known_flow(struct flows *flows, const struct packet *packet, enum flow_end *end, uint64_t *hash)
{
	if (flows->latest && matches(flows->latest, packet, end))
		return flows->latest; /* nothing else has moved */
	*hash = hash_of(flows, packet);
	struct flow *flow = look_up(flows, *hash, packet, end);
	if (flow)
		flow_touch(flows, flow);
	return flow;
}

/* A TCP segment in the flow of its ports, or in the one that follows that. */
static struct flow *
take_segment(struct flows *flows, struct flow *flow, bool known, const struct packet *packet,
	     enum flow_end *end)
{
	if (incarnation_goes_on(flow->track, packet, *end)) {
		flow->stale = false;
	} else {
		if (known)
			flow = present_incarnation(flows, flow, packet, end);
		if (flow->stale)
			return flow;
		follow_tcp(flow, packet, *end);
	}
	if (!flow->streams && has_content(packet))
		flow->streams = streams_new(flows, flow);
	return flow;
}

struct flow *
flows_find(struct flows *flows, const struct packet *packet, enum flow_end *end)
{
	uint64_t hash = 0;
	struct flow *flow = known_flow(flows, packet, end, &hash);
	bool known = flow != NULL;

	if (!known)
		flow = flow_add(flows, hash, packet, end);
	if (flow->track)
		flow = take_segment(flows, flow, known, packet, end);
	flows->latest = flow;
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
	pool_release(&flows->track_pool);
	pool_release(&flows->pool);
	table_release(&flows->table);
}

struct flow *
flows_peek(const struct flows *flows, const struct packet *packet, enum flow_end *end)
{
	return look_up(flows, hash_of(flows, packet), packet, end);
}
