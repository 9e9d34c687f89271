/* stream: order, overlap, holes and their bounds, SYN, FIN and RST. */
#include "segment_support.h"

#include "stream.h"

struct world {
	struct stream stream;
	struct streams streams;
	struct counts counts;
	struct collector collector;
	struct record_sink sink;
	struct sent sent;
	uint64_t frame;
	uint8_t octets[SEGMENT_MAX];
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);

	assert_non_null(world);
	world->sink = collector_sink(&world->collector);
	streams_init(&world->streams, &world->counts);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	stream_release(&world->streams, &world->stream);
	assert_int_equal(world->streams.held_octets, 0);
	assert_int_equal(world->streams.store.octets, 0);
	streams_release(&world->streams);
	collector_clear(&world->collector);
	free(world);
	return 0;
}

static struct packet *
make(struct world *world, uint32_t sequence, unsigned flags, const uint8_t *octets,
     uint32_t length)
{
	return segment_make(&world->sent, ++world->frame, sequence, flags, octets, length);
}

static void
push(struct world *world, const struct packet *packet)
{
	stream_push(&world->streams, &world->stream, &world->sink, packet);
}

/* Octets [from, to) of world->octets, the first of which has the number `base`. */
static void
send(struct world *world, uint32_t base, uint32_t from, uint32_t to)
{
	push(world, make(world, base + from, TCP_ACK, world->octets + from, to - from));
}

static void
end(struct world *world)
{
	stream_end(&world->streams, &world->stream, &world->sink);
}

static void
acknowledge(struct world *world, uint32_t number, int64_t time)
{
	stream_acknowledged(&world->streams, &world->stream, &world->sink, number, time);
}

static void
assert_got(const struct world *world, size_t index, uint32_t xid, uint64_t frame,
	   unsigned flags)
{
	assert_int_equal(assert_collected(&world->collector, index, xid, flags)->frame, frame);
}

/* Calls 1 to `count` of 100 octets each, with their marks. */
static uint32_t
calls(struct world *world, uint32_t count)
{
	uint32_t length = 0;

	for (uint32_t xid = 1; xid <= count; xid++)
		length += call_marked(world->octets + length, xid, 56);
	return length;
}

static void
in_order_over_the_wrap(void **state)
{
	struct world *world = *state;
	const uint32_t base = UINT32_MAX - 149;

	calls(world, 4);
	stream_begin(&world->streams, &world->stream, base - 1);
	stream_begin(&world->streams, &world->stream, base - 1);
	for (uint32_t i = 0; i < 4; i++)
		send(world, base, i * 100, i * 100 + 100);
	assert_int_equal(world->collector.count, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_got(world, i, i + 1, i + 1, 0);
	assert_int_equal(world->stream.next, 250);
	assert_int_equal(world->counts.gaps, 0);
}

static void
out_of_order(void **state)
{
	struct world *world = *state;
	const uint32_t base = UINT32_MAX - 149;

	calls(world, 4);
	stream_begin(&world->streams, &world->stream, base - 1);
	send(world, base, 300, 400);
	send(world, base, 100, 200);
	send(world, base, 200, 300);
	assert_int_equal(world->collector.count, 0);
	assert_int_equal(world->stream.held_octets, 300);
	send(world, base, 0, 100);
	assert_int_equal(world->collector.count, 4);
	assert_got(world, 0, 1, 4, 0);
	assert_got(world, 1, 2, 2, 0);
	assert_got(world, 2, 3, 3, 0);
	assert_got(world, 3, 4, 1, 0);
	assert_null(world->stream.held);
	assert_int_equal(world->counts.gaps, 0);
}

/* A record that spans the filled hole and what was held names the higher frame. */
static void
frame_of_a_spanning_record(void **state)
{
	struct world *world = *state;

	calls(world, 3);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 150, 300); /* frame 1: the end of 2, and 3 */
	send(world, 1, 0, 150);   /* frame 2: 1, and the beginning of 2 */
	assert_int_equal(world->collector.count, 3);
	assert_got(world, 0, 1, 2, 0);
	assert_got(world, 1, 2, 2, 0);
	assert_got(world, 2, 3, 1, 0);
	const struct got *got = &world->collector.got[1];
	assert_int_equal(got->extent_count, 2);
	assert_int_equal(got->extents[0].frame, 2);
	assert_int_equal(got->extents[1].frame, 1);
	assert_int_equal(got->extents[1].frame_offset, HEADERS);
}

/* The mark is a part of the record: so is the frame that brought it. */
static void
frame_of_the_mark(void **state)
{
	struct world *world = *state;

	calls(world, 5);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 4, 200);   /* frame 1: 1 without its mark, and 2 */
	send(world, 1, 0, 4);     /* frame 2: the mark */
	send(world, 1, 202, 300); /* frame 3: 3 from the middle of its mark on */
	send(world, 1, 201, 202);
	send(world, 1, 200, 201);
	send(world, 1, 350, 404); /* frame 6: the end of 4, and the mark of 5 */
	send(world, 1, 300, 350);
	send(world, 1, 404, 500);
	assert_int_equal(world->collector.count, 5);
	assert_got(world, 0, 1, 2, 0);
	assert_got(world, 1, 2, 1, 0);
	assert_got(world, 2, 3, 5, 0);
	assert_got(world, 3, 4, 7, 0);
	assert_got(world, 4, 5, 8, 0);
	const struct got *got = &world->collector.got[0];
	assert_int_equal(got->extent_count, 1);
	assert_int_equal(got->extents[0].frame, 1);
}

/* Octets that come to nothing are counted where the direction speaks RPC, and only there. */
static void
skipped_octets(void **state)
{
	struct world *world = *state;
	uint8_t junk[48];

	memset(junk, 0x77, sizeof junk);
	calls(world, 2);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 100);
	push(world, make(world, 101, TCP_ACK, junk, sizeof junk));
	send(world, 49, 100, 200);
	assert_int_equal(world->collector.malformed, 1);
	assert_got(world, 1, 2, 3, RECORD_RESYNC);
	end(world);
	assert_int_equal(world->counts.skipped, 48);
	end(world);
	assert_int_equal(world->counts.skipped, 48);

	struct stream other = {0};
	for (uint32_t i = 0; i < 4; i++)
		stream_push(&world->streams, &other, &world->sink,
			    make(world, i * 48, TCP_ACK, junk, sizeof junk));
	stream_end(&world->streams, &other, &world->sink);
	stream_release(&world->streams, &other);
	assert_int_equal(world->counts.not_rpc, 1);
	assert_int_equal(world->counts.skipped, 48);
}

static void
overlap_keeps_the_first(void **state)
{
	struct world *world = *state;
	uint8_t other[300];

	calls(world, 3);
	memset(other, 0xbb, sizeof other);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 120, 180);
	/* Overlaps what is held from both sides, with other octets inside. */
	memcpy(other, world->octets + 100, 20);
	memcpy(other + 80, world->octets + 180, 20);
	push(world, make(world, 101, TCP_ACK, other, 100));
	/* Fills the hole and covers all that is held. */
	memset(other, 0xbb, sizeof other);
	memcpy(other, world->octets, 100);
	memcpy(other + 200, world->octets + 200, 100);
	push(world, make(world, 1, TCP_ACK, other, 300));
	assert_int_equal(world->collector.count, 3);
	assert_memory_equal(world->collector.got[1].octets, world->octets + 104, 96);
	/* Again, with other octets: all old. */
	world->frame += 100000;
	push(world, make(world, 1, TCP_ACK, other, 300));
	assert_int_equal(world->collector.count, 3);
	assert_int_equal(world->stream.retransmits, 1);
	assert_int_equal(world->collector.malformed, 0);
}

/* What is sent again: octets or a FIN, all of which were sent before. */
static void
sent_again(void **state)
{
	struct world *world = *state;
	const struct stream *stream = &world->stream;

	calls(world, 3);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 100);
	/* A FIN behind a hole, and ACKs. */
	push(world, make(world, 301, TCP_FIN | TCP_ACK, NULL, 0));
	push(world, make(world, 301, TCP_ACK, NULL, 0));
	push(world, make(world, 1, TCP_ACK, NULL, 0));
	assert_int_equal(stream->retransmits, 0);
	world->frame += 100000;
	push(world, make(world, 301, TCP_FIN | TCP_ACK, NULL, 0));
	assert_int_equal(stream->retransmits, 1);
	/* Octets that wait behind the hole; then what fills it. */
	send(world, 1, 200, 300);
	world->frame += 100000;
	send(world, 1, 200, 300);
	assert_int_equal(stream->retransmits, 2);
	send(world, 1, 100, 200);
	assert_int_equal(stream->retransmits, 2);
	assert_true(stream->ended);
	/* Old octets with the FIN, which was sent before; the FIN alone. */
	push(world, make(world, 201, TCP_FIN | TCP_ACK, world->octets + 200, 100));
	push(world, make(world, 301, TCP_FIN | TCP_ACK, NULL, 0));
	assert_int_equal(stream->retransmits, 4);
	/* The same packet captured again, at once. */
	push(world, make(world, 301, TCP_FIN | TCP_ACK, NULL, 0));
	assert_int_equal(stream->retransmits, 4);
}

/* The segment before, which was in order, captured again at once: not sent again. */
static void
captured_twice(void **state)
{
	struct world *world = *state;
	struct packet *packet;

	calls(world, 2);
	stream_begin(&world->streams, &world->stream, 0);
	for (uint32_t i = 0; i < 2; i++) {
		packet = make(world, 1 + i * 100, TCP_ACK, world->octets + i * 100, 100);
		packet->ip.identification = 7 + i;
		push(world, packet);
		packet->frame.time += LIMIT_COPY_AGE;
		push(world, packet);
		assert_int_equal(world->stream.retransmits, 0);
	}
	packet->frame.time += LIMIT_COPY_AGE + 1;
	push(world, packet);
	assert_int_equal(world->stream.retransmits, 1);
	assert_int_equal(world->collector.count, 2);
}

/* The number that a stream which has not begun has for its next octet, 0, is as any other. */
static void
joined_at_zero(void **state)
{
	struct world *world = *state;

	calls(world, 2);
	send(world, 0, 0, 100);
	assert_true(world->stream.started);
	assert_true(world->stream.reader.midway);
	send(world, 0, 100, 200);
	assert_int_equal(world->collector.count, 2);
}

/* Old octets, but a FIN behind them that is new; a SYN is not for the stream to count. */
static void
not_sent_again(void **state)
{
	struct world *world = *state;

	calls(world, 1);
	push(world, make(world, 0, TCP_SYN, world->octets, 60));
	world->frame += 100000;
	push(world, make(world, 0, TCP_SYN, world->octets, 60));
	push(world, make(world, 1, TCP_FIN | TCP_ACK, world->octets, 60));
	assert_int_equal(world->stream.retransmits, 0);
	assert_true(world->stream.ended);
	assert_int_equal(world->collector.count, 1);
}

static void
ghosts_vanish(void **state)
{
	struct world *world = *state;

	calls(world, 2);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 100);
	send(world, 1, 99, 100);
	push(world, make(world, 100, TCP_ACK, NULL, 0));
	send(world, 1, 100, 200);
	assert_int_equal(world->collector.count, 2);
	assert_int_equal(world->stream.retransmits, 0);
	assert_int_equal(world->collector.malformed, 0);
}

static void
syn_fin_rst(void **state)
{
	struct world *world = *state;

	calls(world, 3);
	push(world, make(world, 0, TCP_SYN, world->octets, 100));
	assert_int_equal(world->collector.count, 1);
	assert_true(world->stream.from_syn);
	push(world, make(world, 101, TCP_RST, (const uint8_t *)"go away", 7));
	push(world, make(world, 101, TCP_ACK | TCP_FIN, world->octets + 100, 130));
	assert_true(world->stream.ended);
	assert_int_equal(world->collector.count, 3);
	assert_got(world, 1, 2, 3, 0);
	assert_got(world, 2, 3, 3, RECORD_UNFINISHED);
	send(world, 1, 230, 300); /* text after a FIN */
	end(world);
	assert_int_equal(world->collector.count, 3);
	assert_int_equal(world->counts.gaps, 0);
	assert_int_equal(world->counts.not_rpc, 0);
}

static void
fin_before_its_data(void **state)
{
	struct world *world = *state;

	calls(world, 2);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 100);
	push(world, make(world, 201, TCP_ACK | TCP_FIN, NULL, 0));
	assert_false(world->stream.ended);
	send(world, 1, 100, 200);
	assert_true(world->stream.ended);
	assert_int_equal(world->collector.count, 2);
	end(world);
	assert_int_equal(world->counts.gaps, 0);
}

static void
data_lost_before_the_fin(void **state)
{
	struct world *world = *state;

	calls(world, 2);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 120);
	push(world, make(world, 201, TCP_ACK | TCP_FIN, NULL, 0));
	end(world);
	end(world);
	assert_int_equal(world->counts.gaps, 1);
	assert_int_equal(world->counts.lost_octets, 80);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 2, 1, RECORD_CUT);
}

static void
snap_length(void **state)
{
	struct world *world = *state;

	calls(world, 4);
	stream_begin(&world->streams, &world->stream, 0);
	for (uint32_t i = 0; i < 2; i++) {
		struct packet *packet =
			make(world, 1 + i * 100, TCP_ACK, world->octets + i * 100, 100);
		push(world, segment_cut(packet, 60));
	}
	/* The same held: number 4 before 3. */
	push(world, segment_cut(make(world, 301, TCP_ACK, world->octets + 300, 100), 60));
	push(world, segment_cut(make(world, 201, TCP_ACK, world->octets + 200, 100), 60));
	assert_int_equal(world->collector.count, 4);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(world->collector.got[i].xid, i + 1);
		assert_int_equal(world->collector.got[i].captured, 56);
		assert_int_equal(world->collector.got[i].flags, RECORD_CUT);
	}
	assert_int_equal(world->counts.gaps, 0);
}

static void
hole_acknowledged(void **state)
{
	struct world *world = *state;

	calls(world, 4);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 100);
	send(world, 1, 200, 300);
	int64_t since = world->sent.packet.frame.time;
	assert_int_equal(world->stream.hole_since, since);
	acknowledge(world, 101, since + 10 * SECOND); /* not past it */
	acknowledge(world, 150, since + 10 * SECOND);
	acknowledge(world, 301, since + LIMIT_HOLE_AGE - 1); /* not old enough */
	acknowledge(world, 0x70000000, since + 10 * SECOND); /* nonsense */
	assert_int_equal(world->collector.count, 1);
	acknowledge(world, 301, since + LIMIT_HOLE_AGE);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 3, 2, RECORD_RESYNC);
	assert_int_equal(world->counts.gaps, 1);
	assert_int_equal(world->counts.lost_octets, 100);
	assert_int_equal(world->stream.gaps, 1);
	assert_int_equal(world->counts.evicted.octets, 0);
	/* What was given up comes late, twice: read once. */
	send(world, 1, 100, 200);
	world->frame += 100000;
	send(world, 1, 100, 200);
	assert_int_equal(world->collector.count, 3);
	assert_got(world, 2, 2, 3, 0);
	assert_int_equal(world->stream.retransmits, 1);
	send(world, 1, 300, 400);
	assert_int_equal(world->collector.count, 4);
}

static void
hole_at_the_end(void **state)
{
	struct world *world = *state;

	calls(world, 5);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 150);
	send(world, 1, 200, 300);
	send(world, 1, 400, 500);
	end(world);
	assert_int_equal(world->counts.gaps, 2);
	assert_int_equal(world->counts.lost_octets, 150);
	assert_int_equal(world->collector.count, 4);
	assert_got(world, 1, 2, 1, RECORD_CUT);
	assert_got(world, 2, 3, 2, 0); /* the marks told where it begins */
	assert_got(world, 3, 5, 3, RECORD_RESYNC);
}

static void
direction_bound(void **state)
{
	struct world *world = *state;
	uint32_t length = calls(world, 600);

	stream_begin(&world->streams, &world->stream, 0);
	for (uint32_t i = 0; i < 5; i++) { /* each after a hole of 100 */
		push(world,
		     make(world, 101 + i * (length + 100), TCP_ACK, world->octets, length));
		assert_true(world->stream.held_octets <= LIMIT_HELD_DIRECTION);
	}
	assert_int_equal(world->counts.gaps, 1);
	assert_int_equal(world->counts.evicted.octets, length);
	assert_int_equal(world->collector.count, 600);
	end(world);
	assert_int_equal(world->counts.gaps, 5);
	assert_int_equal(world->counts.lost_octets, 500);
	assert_int_equal(world->collector.count, 3000);
	assert_int_equal(world->counts.evicted.octets, length);
}

/* Tiny segments, each behind its own hole: many, and in falling order. */
static void
segment_bound(void **state)
{
	struct world *world = *state;
	uint8_t octet = 0;

	stream_begin(&world->streams, &world->stream, 0);
	for (uint32_t i = 0; i < 20000; i++) {
		push(world, make(world, 100000 + i * 2, TCP_ACK, &octet, 1));
		assert_true(world->stream.held_count <= 1024);
	}
	assert_int_equal(world->counts.gaps, 20000 - 1024);
	end(world);
	assert_int_equal(world->counts.gaps, 20000);
}

static void
total_bound(void **state)
{
	enum { STREAMS = 400 };
	struct world *world = *state;
	struct stream *streams = calloc(STREAMS, sizeof *streams);

	assert_non_null(streams);
	for (unsigned i = 0; i < STREAMS; i++) {
		stream_begin(&world->streams, &streams[i], 0);
		for (uint32_t j = 0; j < 4; j++)
			stream_push(
				&world->streams, &streams[i], &world->sink,
				make(world, 1000 + j * 60000, TCP_ACK, world->octets, 60000));
		assert_true(world->streams.held_octets <= LIMIT_HELD_OCTETS);
	}
	assert_true(world->counts.evicted.octets > 0);
	for (unsigned i = 0; i < STREAMS; i++)
		stream_release(&world->streams, &streams[i]);
	free(streams);
}

static void
joined_midway(void **state)
{
	struct world *world = *state;

	calls(world, 4);
	send(world, 5000, 200, 300);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 3, 1, 0);
	send(world, 5000, 100, 200); /* from before the capture began */
	send(world, 5000, 100, 200);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 2, 2, 0);
	send(world, 5000, 0, 100);
	send(world, 5000, 300, 400);
	assert_int_equal(world->collector.count, 4);
	assert_got(world, 2, 1, 4, 0);
	assert_got(world, 3, 4, 5, 0);
	end(world);
	assert_int_equal(world->counts.gaps, 0);
}

static void
syn_after_its_data(void **state)
{
	struct world *world = *state;

	calls(world, 2);
	send(world, 1, 0, 100);
	stream_begin(&world->streams, &world->stream, 0);
	assert_true(world->stream.from_syn);
	send(world, 1, 100, 200);
	assert_int_equal(world->collector.count, 2);
}

static void
another_syn_ack_number(void **state)
{
	struct world *world = *state;

	calls(world, 1);
	stream_begin(&world->streams, &world->stream, 0);
	stream_begin(&world->streams, &world->stream, 77777);
	send(world, 77778, 0, 100);
	assert_int_equal(world->collector.count, 1);
	stream_begin(&world->streams, &world->stream, 0); /* too late */
	assert_int_equal(world->stream.next, 77878);
}

static void
far_away(void **state)
{
	struct world *world = *state;

	calls(world, 4);
	stream_begin(&world->streams, &world->stream, 0);
	send(world, 1, 0, 100);
	/* A stray one is read, and changes nothing; captured twice, neither. */
	send(world, 0x60000001, 200, 300);
	send(world, 0x60000001, 200, 300);
	send(world, 1, 100, 200);
	assert_int_equal(world->stream.next, 201);
	assert_int_equal(world->counts.gaps, 0);
	/* One behind it is a stray again, because the stream went on where it was. */
	send(world, 0x60000001, 300, 301);
	assert_int_equal(world->stream.next, 201);
	send(world, 1, 200, 300);
	/* Two in a row, and the stream goes on there. */
	send(world, 0xa0000001, 0, 100);
	send(world, 0xa0000001, 100, 200);
	send(world, 0xa0000001, 200, 300);
	assert_int_equal(world->stream.next, 0xa0000001 + 300);
	/* No hole of a known length, so none is counted. */
	assert_int_equal(world->counts.gaps, 0);
	assert_int_equal(world->stream.gaps, 0);
	assert_int_equal(world->counts.lost_octets, 0);
	assert_int_equal(world->collector.count, 8);
	assert_got(world, 7, 3, 9, 0);
}

static void
not_rpc_counted_once(void **state)
{
	struct world *world = *state;
	static const uint8_t text[] = "220 ready when you are, and then some more\r\n";

	stream_begin(&world->streams, &world->stream, 0);
	for (uint32_t i = 0; i < 50; i++)
		push(world, make(world, 1 + i * 44, TCP_ACK, text, 44));
	end(world);
	end(world);
	assert_int_equal(world->counts.not_rpc, 1);
	assert_int_equal(world->counts.malformed, 0);
	assert_int_equal(world->collector.count, 0);
}

/* A datagram put together from fragments keeps its pieces while it is held. */
static void
held_pieces(void **state)
{
	struct world *world = *state;
	struct extent pieces[] = {{8, 0, 70, 34}, {9, 70, 50, 42}};

	calls(world, 2);
	stream_begin(&world->streams, &world->stream, 0);
	struct packet *packet = make(world, 101, TCP_ACK, world->octets + 100, 100);
	packet->pieces = pieces;
	packet->piece_count = 2;
	push(world, packet);
	memset(pieces, 0xff, sizeof pieces);
	memset(world->sent.frame, 0xff, sizeof world->sent.frame);
	send(world, 1, 0, 100);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 2, 1, 0);
	const struct got *got = &world->collector.got[1];
	assert_int_equal(got->extent_count, 2);
	assert_int_equal(got->extents[0].frame, 8);
	assert_int_equal(got->extents[0].frame_offset, 34 + 24);
	assert_int_equal(got->extents[0].length, 46);
	assert_int_equal(got->extents[1].frame, 9);
	assert_int_equal(got->extents[1].frame_offset, 42);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(in_order_over_the_wrap),
		CASE(out_of_order),
		CASE(frame_of_a_spanning_record),
		CASE(frame_of_the_mark),
		CASE(skipped_octets),
		CASE(overlap_keeps_the_first),
		CASE(sent_again),
		CASE(captured_twice),
		CASE(joined_at_zero),
		CASE(not_sent_again),
		CASE(ghosts_vanish),
		CASE(syn_fin_rst),
		CASE(fin_before_its_data),
		CASE(data_lost_before_the_fin),
		CASE(snap_length),
		CASE(hole_acknowledged),
		CASE(hole_at_the_end),
		CASE(direction_bound),
		CASE(segment_bound),
		CASE(total_bound),
		CASE(joined_midway),
		CASE(syn_after_its_data),
		CASE(another_syn_ack_number),
		CASE(far_away),
		CASE(not_rpc_counted_once),
		CASE(held_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
