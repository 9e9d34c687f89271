/* flow: which connection a packet belongs to, and when the next one begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow.h"
#include "limits.h"
#include "plausible.h"

struct world {
	struct flows flows;
	struct counts counts;
	uint64_t frame;
	int64_t time;
	uint64_t retired[64];
	unsigned retired_count;
	uint32_t identification;
	uint32_t records, record_flags, record_captured, calls_expected, evicted;
};

static void
put_word(uint8_t *at, uint32_t word)
{
	at[0] = (uint8_t)(word >> 24);
	at[1] = (uint8_t)(word >> 16);
	at[2] = (uint8_t)(word >> 8);
	at[3] = (uint8_t)word;
}

static void
retire(void *context, struct flow *flow)
{
	struct world *world = context;

	assert_true(world->retired_count < 64);
	world->retired[world->retired_count++] = flow->session;
}

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);

	assert_non_null(world);
	flows_init(&world->flows, &world->counts, retire, world);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	flows_finish(&world->flows);
	flows_release(&world->flows);
	free(world);
	return 0;
}

enum { CLIENT, SERVER };

static struct packet
packet_of(struct world *world, unsigned sender, uint16_t port)
{
	struct packet packet = {.transport = TRANSPORT_TCP};
	struct endpoint client = {.port = port}, server = {.port = 2049};

	client.address.octets[15] = 1;
	server.address.octets[15] = 2;
	packet.source = sender == CLIENT ? client : server;
	packet.destination = sender == CLIENT ? server : client;
	packet.frame.number = ++world->frame;
	packet.frame.time = world->time += 1000000;
	packet.ip.identification = ++world->identification;
	packet.payload = 20;
	packet.datagram_length = packet.datagram_captured = 20;
	return packet;
}

/* One packet of the connection from port 900; the session it was found to be of. */
static struct flow *
see(struct world *world, unsigned sender, unsigned flags, uint32_t sequence,
    uint32_t acknowledgment, uint32_t length)
{
	struct packet packet = packet_of(world, sender, 900);
	enum flow_end end;

	packet.flags = (uint8_t)flags;
	packet.sequence = sequence;
	packet.acknowledgment = acknowledgment;
	packet.datagram_length += length;
	struct flow *flow = flows_find(&world->flows, &packet, &end);
	assert_int_equal(flow->end[end].port, packet.source.port);
	assert_int_equal(flow->end[!end].port, packet.destination.port);
	return flow;
}

static void
assert_session(const struct flow *flow, uint64_t session, bool stale)
{
	assert_int_equal(flow->session, session);
	assert_int_equal(flow->stale, stale);
}

/* SYN, SYN+ACK, ACK, a call and a reply of 100 octets. */
static struct flow *
open_session(struct world *world, uint32_t client, uint32_t server)
{
	see(world, CLIENT, TCP_SYN, client, 0, 0);
	see(world, SERVER, TCP_SYN | TCP_ACK, server, client + 1, 0);
	see(world, CLIENT, TCP_ACK, client + 1, server + 1, 0);
	see(world, CLIENT, TCP_ACK, client + 1, server + 1, 100);
	return see(world, SERVER, TCP_ACK, server + 1, client + 101, 100);
}

static void
close_session(struct world *world, uint32_t client, uint32_t server)
{
	see(world, CLIENT, TCP_FIN | TCP_ACK, client + 101, server + 101, 0);
	see(world, SERVER, TCP_FIN | TCP_ACK, server + 101, client + 102, 0);
	see(world, CLIENT, TCP_ACK, client + 102, server + 102, 0);
}

static void
one_connection(void **state)
{
	struct world *world = *state;
	const struct flow *flow = open_session(world, 1000, 2000);

	assert_session(flow, 1, false);
	assert_int_equal(flow->end[0].port, 900);
	assert_false(flow->joined_midway);
	assert_false(flow->reset);
	assert_int_equal(flow->first_frame, 1);
	assert_non_null(flow->streams);
	assert_int_equal(world->retired_count, 0);
}

static struct packet
segment(struct world *world, unsigned sender, uint16_t port, uint32_t sequence,
	const uint8_t *octets, uint32_t length)
{
	struct packet packet = packet_of(world, sender, port);

	packet.flags = TCP_ACK;
	packet.sequence = sequence;
	packet.datagram = octets;
	packet.payload = 0;
	packet.datagram_length = packet.datagram_captured = length;
	packet.frame.octets = octets;
	packet.frame.captured = packet.frame.length = length;
	return packet;
}

/* Only what carries something costs streams; they begin where the SYNs said. */
static void
streams_when_needed(void **state)
{
	struct world *world = *state;
	const uint32_t first = UINT32_MAX;

	assert_null(see(world, CLIENT, TCP_SYN, first, 0, 0)->streams);
	assert_null(see(world, SERVER, TCP_SYN | TCP_ACK, 7, first + 1, 0)->streams);
	assert_null(see(world, SERVER, TCP_SYN | TCP_ACK, 9, first + 1, 0)->streams);
	assert_null(see(world, CLIENT, TCP_ACK, first + 1, 10, 0)->streams);
	assert_null(see(world, CLIENT, TCP_RST, first + 1, 10, 5)->streams);
	const struct flow *flow = see(world, CLIENT, TCP_FIN | TCP_ACK, first + 101, 10, 0);
	assert_non_null(flow->streams);
	for (unsigned end = 0; end < 2; end++) {
		assert_true(flow->streams[end].from_syn);
		assert_ptr_equal(flow->streams[end].reader.owner, flow);
	}
	assert_int_equal(flow->streams[FLOW_FIRST].next, 0);
	assert_int_equal(flow->streams[FLOW_SECOND].next, 10);
	assert_int_equal(world->flows.stream_pool.used, 1);
	/* The next incarnation has none yet; what is old gives none. */
	flow = see(world, CLIENT, TCP_SYN, 5000000, 0, 0);
	assert_session(flow, 2, false);
	assert_null(flow->streams);
	flow = see(world, SERVER, TCP_SYN | TCP_ACK, 9, first + 1, 40);
	assert_true(flow->stale);
	assert_null(flow->streams);
	assert_int_equal(world->flows.stream_pool.used, 0);
	/* Without a SYN the stream finds its beginning by itself. */
	world->flows.limit = 1;
	const uint8_t octets[40] = {0};
	struct packet packet = segment(world, CLIENT, 901, 77, octets, sizeof octets);
	enum flow_end end;
	flow = flows_find(&world->flows, &packet, &end);
	assert_non_null(flow->streams);
	assert_false(flow->streams[FLOW_FIRST].started);
}

/* What a SYN flood and a UDP flood may take: LIMIT_FLOWS of them and their slots. */
static void
small_flows(void **state)
{
	struct world *world = *state;

	see(world, CLIENT, TCP_SYN, 1, 0, 0);
	size_t flow = world->flows.pool.size + world->flows.track_pool.size;
	assert_true((flow + 4 * sizeof(struct table_entry *)) * LIMIT_FLOWS <= 56U << 20);
	assert_int_equal(world->flows.pool.used, 1);
	assert_int_equal(world->flows.track_pool.used, 1);
	assert_int_equal(world->flows.stream_pool.used, 0);
}

static void
take_record(void *context, const struct record *record)
{
	struct world *world = context;

	world->records++;
	world->record_flags = record->flags;
	world->record_captured = record->captured;
	assert_int_equal(plausible_word(record->octets), world->calls_expected);
}

static void
take_malformed(void *context, const struct packet *packet, const char *reason)
{
	(void)context;
	(void)packet;
	fail_msg("%s", reason);
}

static void
push(struct world *world, uint16_t port, uint32_t sequence, const uint8_t *octets,
     uint32_t length)
{
	struct record_sink sink = {take_record, take_malformed, world};
	struct packet packet = segment(world, CLIENT, port, sequence, octets, length);
	enum flow_end end;
	struct flow *flow = flows_find(&world->flows, &packet, &end);

	stream_push(&world->flows.streams, &flow->streams[end], &sink, &packet);
}

enum { EVICT_FLOWS = 3400, EVICT_SENT = 28000, EVICT_LENGTH = 3900000 };

/* The flow of each port from 1 on has the session and the xid of that number. */
static void
evict(void *context, struct flow *flow, enum flow_end from)
{
	struct world *world = context;
	struct record_sink sink = {take_record, take_malformed, world};

	/* In order of their latest octets: the second one's came after the thousandth's. */
	uint32_t n = ++world->evicted;
	world->calls_expected = n == 1 || n > 1000 ? n : n == 1000 ? 2 : n + 1;
	assert_int_equal(flow->session, world->calls_expected);
	assert_int_equal(from, FLOW_FIRST);
	record_evict(&flow->streams[from].reader, &sink);
	assert_int_equal(world->records, world->evicted);
	assert_int_equal(world->record_flags, RECORD_OVER_LIMIT);
	assert_int_equal(world->record_captured, EVICT_SENT);
	assert_null(flow->streams[from].reader.buffer);
}

static void
retire_streams(void *context, struct flow *flow)
{
	struct world *world = context;
	struct record_sink sink = {take_record, take_malformed, world};

	world->calls_expected = (uint32_t)flow->session;
	stream_end(&world->flows.streams, &flow->streams[FLOW_FIRST], &sink);
	stream_end(&world->flows.streams, &flow->streams[FLOW_SECOND], &sink);
}

/* Records that stand still give way, the oldest first, and their calls are told. */
static void
records_give_way(void **state)
{
	struct world *world = *state;
	const uint32_t words[] = {
		0x80000000U | EVICT_LENGTH, 0, 0, 2, 100000, 2, 3, 0, 0, 0, 0};
	uint8_t *octets = calloc(1, EVICT_SENT + 4), next[44];

	assert_non_null(octets);
	for (unsigned i = 0; i < 11; i++)
		put_word(octets + 4 * i, words[i]);
	world->flows.evict = evict;
	world->flows.retire = retire_streams;
	for (uint16_t port = 1; port <= EVICT_FLOWS; port++) {
		put_word(octets + 4, port);
		push(world, port, 1, octets, 20000);
		push(world, port, 20001, octets + 20000, EVICT_SENT + 4 - 20000 - (port == 2));
		if (port == 1000)
			push(world, 2, EVICT_SENT + 4, octets, 1);
		assert_true(world->flows.streams.store.octets <= LIMIT_GATHER_OCTETS);
	}
	assert_in_range(world->evicted, 1001, EVICT_FLOWS / 2);
	assert_int_equal(world->counts.evicted.records, world->evicted);
	/* The rest of one is passed over by its mark; the next call is read. */
	memset(octets, 0, EVICT_SENT);
	uint32_t at = EVICT_SENT + 4, records = world->records;
	while (at < EVICT_LENGTH + 4) {
		uint32_t left = EVICT_LENGTH + 4 - at;
		uint32_t count = left < EVICT_SENT ? left : EVICT_SENT;
		push(world, 1, 1 + at, octets, count);
		at += count;
	}
	assert_int_equal(world->records, records);
	for (unsigned i = 0; i < 11; i++)
		put_word(next + 4 * i, i == 0 ? 0x80000000U | 40 : i == 1 ? 1 : words[i]);
	world->calls_expected = 1;
	push(world, 1, 1 + at, next, sizeof next);
	assert_int_equal(world->records, records + 1);
	assert_int_equal(world->record_flags, 0);
	flows_finish(&world->flows);
	assert_int_equal(world->records, EVICT_FLOWS + 1);
	assert_int_equal(world->counts.not_rpc, 0);
	assert_int_equal(world->counts.gaps, 0);
	assert_int_equal(world->counts.skipped, 0);
	assert_int_equal(world->flows.streams.store.octets, 0);
	free(octets);
}

static void
syn_ack_first(void **state)
{
	struct world *world = *state;
	const struct flow *flow = see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0);

	assert_int_equal(flow->end[0].port, 900);
	assert_false(flow->joined_midway);
	/* The SYN, captured after its answer, and again. */
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 1, false);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0), 1, false);
}

static void
repeated_handshake(void **state)
{
	struct world *world = *state;

	see(world, CLIENT, TCP_SYN, 1000, 0, 0);
	world->time += 3 * SECOND;
	see(world, CLIENT, TCP_SYN, 1000, 0, 0);
	see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0);
	see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0);
	/* SYN cookies: another number for the same SYN. */
	see(world, SERVER, TCP_SYN | TCP_ACK, 99000, 1001, 0);
	assert_session(see(world, CLIENT, TCP_ACK, 1001, 99001, 10), 1, false);
}

static void
simultaneous_open(void **state)
{
	struct world *world = *state;

	see(world, CLIENT, TCP_SYN, 1000, 0, 0);
	see(world, SERVER, TCP_SYN, 2000, 0, 0);
	see(world, CLIENT, TCP_SYN | TCP_ACK, 1000, 2001, 0);
	see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0);
	assert_session(see(world, CLIENT, TCP_ACK, 1001, 2001, 10), 1, false);
}

/* The 4-tuple comes back within a second, after FIN, RST or nothing at all. */
static void
port_reuse(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	close_session(world, 1000, 2000);
	open_session(world, 501000, 502000);
	struct flow *flow = see(world, CLIENT, TCP_RST | TCP_ACK, 501101, 502101, 0);
	assert_session(flow, 2, false);
	assert_true(flow->reset);
	flow = open_session(world, 801000, 802000);
	assert_session(flow, 3, false);
	assert_false(flow->reset);
	assert_session(open_session(world, 901000, 902000), 4, false);
	assert_int_equal(world->retired_count, 3);
	assert_int_equal(world->retired[0], 1);
	assert_int_equal(world->retired[2], 3);
	assert_int_equal(world->flows.table.count, 1);
}

static void
reuse_with_roles_swapped(void **state)
{
	enum { OLD = 0x40002000 };
	struct world *world = *state;

	open_session(world, 1000, OLD);
	close_session(world, 1000, OLD);
	struct flow *flow = see(world, SERVER, TCP_SYN, 0x20000000, 0, 0);
	assert_session(flow, 2, false);
	assert_int_equal(flow->end[0].port, 2049);
	/* A copy of the last segment of each direction. */
	assert_session(see(world, SERVER, TCP_FIN | TCP_ACK, OLD + 101, 1102, 0), 2, true);
	assert_session(see(world, CLIENT, TCP_ACK, 1102, OLD + 102, 0), 2, true);
	assert_session(see(world, CLIENT, TCP_SYN | TCP_ACK, 0x60000000, 0x20000001, 0), 2,
		       false);
}

/* Packets of the incarnation before, right after the new SYN. */
/* RFC 7413: the SYN has data, and the SYN+ACK acknowledges them, or has some too. */
static void
fast_open(void **state)
{
	struct world *world = *state;

	see(world, CLIENT, TCP_SYN, UINT32_MAX - 20, 0, 44);
	const struct flow *flow = see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 24, 28);
	assert_session(flow, 1, false);
	assert_int_equal(flow->end[0].port, 900);
	assert_session(see(world, CLIENT, TCP_ACK, 24, 2029, 0), 1, false);
	assert_session(see(world, SERVER, TCP_ACK, 2029, 24, 28), 1, false);
	/* The next one: it is refused, or only its SYN is taken. */
	assert_session(see(world, CLIENT, TCP_SYN, 700000, 0, 44), 2, false);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 90000, 700001, 0), 2, false);
	assert_session(see(world, CLIENT, TCP_ACK, 700001, 90001, 44), 2, false);
	/* The SYN was captured after what follows it. */
	close_session(world, 700000 - 56, 90000 - 100);
	see(world, CLIENT, TCP_ACK, 5000045, 300001, 0);
	see(world, CLIENT, TCP_ACK, 5000045, 300001, 10);
	flow = see(world, CLIENT, TCP_SYN, 5000000, 0, 44);
	assert_session(flow, 3, false);
	/* What acknowledges more than the SYN had is of another connection. */
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 7000000, 5000100, 0), 4, false);
}

/* RFC 9293 section 3.10.7.3: an RST that does not acknowledge the SYN refuses nothing. */
static void
wrong_refusal(void **state)
{
	struct world *world = *state;

	see(world, CLIENT, TCP_SYN, 1000, 0, 0);
	assert_false(see(world, SERVER, TCP_RST | TCP_ACK, 0, 7777, 0)->reset);
	world->time += 3 * SECOND;
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 1, false);
	assert_true(see(world, SERVER, TCP_RST | TCP_ACK, 0, 1001, 0)->reset);
	world->time += 3 * SECOND;
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 2, false);
}

static void
old_duplicates(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	close_session(world, 1000, 2000);
	see(world, CLIENT, TCP_SYN, 501000, 0, 0);
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 2, true);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0), 2, true);
	assert_session(see(world, CLIENT, TCP_ACK, 1001, 2001, 100), 2, true);
	assert_session(see(world, SERVER, TCP_ACK, 2001, 1101, 100), 2, true);
	assert_session(see(world, SERVER, TCP_RST, 2101, 0, 0), 2, true);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 502000, 501001, 0), 2, false);
	assert_session(see(world, CLIENT, TCP_SYN, 501000, 0, 0), 2, false);
	assert_session(see(world, SERVER, TCP_ACK, 2001, 1101, 100), 2, true);
	struct flow *flow = see(world, CLIENT, TCP_ACK, 501001, 502001, 100);
	assert_session(flow, 2, false);
	assert_false(flow->reset);
	assert_int_equal(world->retired_count, 1);
}

/* New numbers just above the old ones are not old (RFC 6191, BSD's clock). */
static void
numbers_close_by(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	close_session(world, 1000, 2000);
	assert_session(open_session(world, 1200, 2200), 2, false);
	/* One-sided: only the server's half, whose numbers are close too. */
	see(world, SERVER, TCP_SYN | TCP_ACK, 2500, 1501, 0);
	assert_session(see(world, CLIENT, TCP_ACK, 1501, 2501, 10), 3, false);
	assert_session(see(world, SERVER, TCP_ACK, 2501, 1511, 10), 3, false);
}

/* The SYN+ACK was not captured; the server's data acknowledge the new SYN. */
static void
lost_syn_ack_close_by(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	close_session(world, 1000, 2000);
	see(world, CLIENT, TCP_SYN, 9000, 0, 0);
	assert_session(see(world, SERVER, TCP_ACK, 5001, 9101, 100), 2, false);
}

static void
same_number_after_close(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	close_session(world, 1000, 2000);
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 2, false);
	assert_session(see(world, SERVER, TCP_RST | TCP_ACK, 0, 1001, 0), 2, false);
	world->time += SECOND;
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 3, false);
}

/* A refused SYN and its answer, each captured twice in the worst order. */
static void
refused_and_copied(void **state)
{
	struct world *world = *state;

	see(world, CLIENT, TCP_SYN, 1000, 0, 0);
	assert_true(see(world, SERVER, TCP_RST | TCP_ACK, 0, 1001, 0)->reset);
	world->identification = 0;
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 1, false);
	assert_session(see(world, SERVER, TCP_RST | TCP_ACK, 0, 1001, 0), 1, false);
}

/* RFC 5961: a stray RST ends nothing; a challenge ACK begins nothing. */
static void
strays(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	assert_false(see(world, SERVER, TCP_RST, 0x55555555, 0, 0)->reset);
	assert_session(see(world, CLIENT, TCP_ACK, 1101, 2101, 10), 1, false);
	/* The client has restarted: its SYN begins the next, the challenge belongs to the
	 * last one. */
	assert_session(see(world, CLIENT, TCP_SYN, 0x70000000, 0, 0), 2, false);
	assert_session(see(world, SERVER, TCP_ACK, 2101, 1111, 0), 2, true);
	assert_session(see(world, CLIENT, TCP_RST, 1111, 0, 0), 2, true);
	struct flow *flow = see(world, CLIENT, TCP_SYN, 0x70000000, 0, 0);
	assert_session(flow, 2, false);
	assert_false(flow->reset);
}

static void
midway(void **state)
{
	struct world *world = *state;
	struct flow *flow = see(world, SERVER, TCP_ACK, 2001, 1001, 100);

	assert_true(flow->joined_midway);
	assert_int_equal(flow->end[0].port, 2049);
	assert_session(see(world, CLIENT, TCP_ACK, 1001, 2101, 100), 1, false);
	/* A SYN into it is another connection. */
	flow = see(world, CLIENT, TCP_SYN, 400000, 0, 0);
	assert_session(flow, 2, false);
	assert_false(flow->joined_midway);
}

static void
syn_after_its_data(void **state)
{
	struct world *world = *state;

	see(world, CLIENT, TCP_ACK, 1001, 2001, 100);
	assert_session(see(world, CLIENT, TCP_SYN, 1000, 0, 0), 1, false);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0), 1, false);
}

/* Only one direction is captured. */
static void
one_sided(void **state)
{
	struct world *world = *state;

	see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0);
	see(world, SERVER, TCP_ACK, 2001, 1101, 100);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0), 1, false);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 802000, 801001, 0), 2, false);
	assert_session(see(world, SERVER, TCP_SYN | TCP_ACK, 2000, 1001, 0), 2, true);
	assert_session(see(world, SERVER, TCP_ACK, 802001, 801101, 100), 2, false);
}

static void
data_after_the_end(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	close_session(world, 1000, 2000);
	assert_session(see(world, SERVER, TCP_ACK, 2001, 1101, 100), 1, false);
	assert_session(see(world, CLIENT, TCP_ACK, 0x60000000, 1, 0), 1, false);
	struct flow *flow = see(world, CLIENT, TCP_ACK, 0x60000000, 0x50000000, 100);
	assert_session(flow, 2, false);
	assert_true(flow->joined_midway);
	assert_session(see(world, SERVER, TCP_ACK, 0x50000000, 0x60000064, 100), 2, false);
	assert_session(see(world, SERVER, TCP_ACK, 2001, 1101, 100), 2, true);
}

static void
open_connection_jumps(void **state)
{
	struct world *world = *state;

	open_session(world, 1000, 2000);
	/* Not closed: the numbers may have moved while the capture lost frames. */
	assert_session(see(world, CLIENT, TCP_ACK, 0x60000000, 2001, 100), 1, false);
}

static void
conversations(void **state)
{
	struct world *world = *state;
	enum flow_end end;
	struct packet packet = packet_of(world, SERVER, 900);

	packet.transport = TRANSPORT_UDP;
	packet.datagram_length += 50;
	struct flow *flow = flows_find(&world->flows, &packet, &end);
	assert_int_equal(end, FLOW_FIRST);
	assert_null(flow->streams);
	assert_false(flow->joined_midway);
	packet = packet_of(world, CLIENT, 900);
	packet.transport = TRANSPORT_UDP;
	assert_ptr_equal(flows_find(&world->flows, &packet, &end), flow);
	assert_int_equal(end, FLOW_SECOND);
	assert_session(see(world, CLIENT, TCP_SYN, 1, 0, 0), 2, false);
}

static uint64_t
udp(struct world *world, uint16_t port)
{
	enum flow_end end;
	struct packet packet = packet_of(world, CLIENT, port);

	packet.transport = TRANSPORT_UDP;
	return flows_find(&world->flows, &packet, &end)->session;
}

static void
eviction(void **state)
{
	struct world *world = *state;

	world->flows.limit = 3;
	udp(world, 1);
	udp(world, 2);
	udp(world, 3);
	udp(world, 1);
	assert_int_equal(udp(world, 4), 4);
	assert_int_equal(world->counts.evicted.flows, 1);
	assert_int_equal(world->retired_count, 1);
	assert_int_equal(world->retired[0], 2);
	assert_int_equal(udp(world, 1), 1);
	assert_int_equal(udp(world, 2), 5);
	assert_int_equal(world->retired[1], 3);
	flows_finish(&world->flows);
	assert_int_equal(world->retired_count, 5);
	assert_int_equal(world->retired[2], 4);
	assert_int_equal(world->retired[3], 1);
	assert_int_equal(world->retired[4], 5);
	assert_int_equal(world->counts.evicted.flows, 2);
}

/* A busy flow stays, though it is moved on the age list only now and then. */
static void
busy_flow_stays(void **state)
{
	struct world *world = *state;

	world->flows.limit = 40;
	world->flows.retire = NULL;
	udp(world, 1);
	for (uint16_t port = 2; port < 2000; port++) {
		udp(world, port);
		if (port % 30 == 0)
			assert_int_equal(udp(world, 1), 1);
	}
	assert_int_equal(world->counts.evicted.flows, 1999 - 40);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(one_connection),
		CASE(streams_when_needed),
		CASE(small_flows),
		CASE(records_give_way),
		CASE(syn_ack_first),
		CASE(repeated_handshake),
		CASE(simultaneous_open),
		CASE(port_reuse),
		CASE(reuse_with_roles_swapped),
		CASE(fast_open),
		CASE(wrong_refusal),
		CASE(old_duplicates),
		CASE(numbers_close_by),
		CASE(lost_syn_ack_close_by),
		CASE(same_number_after_close),
		CASE(refused_and_copied),
		CASE(strays),
		CASE(midway),
		CASE(syn_after_its_data),
		CASE(one_sided),
		CASE(data_after_the_end),
		CASE(open_connection_jumps),
		CASE(conversations),
		CASE(eviction),
		CASE(busy_flow_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
