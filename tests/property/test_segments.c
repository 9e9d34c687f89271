/*
 * Whatever way a stream of records is cut into segments, shuffled, repeated and
 * overlapped, the same records come out; with a hole only those it touches are
 * missing; and no prefix or damage makes anything read past its octets. The seed
 * of a failing round is printed.
 */
#include "../unit/segment_support.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stream.h"

enum {
	RECORDS_MAX = 12,
	BODY_MAX = 5000,
	OCTETS_MAX = RECORDS_MAX * (2 * BODY_MAX + 600),
	SENDS_MAX = 1400,
};

struct random {
	uint64_t state;
};

/* splitmix64 */
static uint64_t
random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static uint32_t
below(struct random *random, uint32_t bound)
{
	return (uint32_t)(random_next(random) % bound);
}

/* What is sent, and what has to come out. */
struct expected {
	uint32_t xid, length, fragments;
	uint32_t from, to;    /* where it stands in the stream, marks included */
	uint8_t *octets;      /* without marks */
	uint32_t body_at[64]; /* where its fragments' octets begin in the stream */
	uint32_t body_size[64];
};

struct row {
	uint8_t octets[OCTETS_MAX];
	uint32_t length;
	struct expected records[RECORDS_MAX];
	uint32_t count;
};

static uint32_t
odd_size(struct random *random, uint32_t most)
{
	switch (below(random, 4)) {
	case 0:
		return below(random, 8) % (most + 1);
	case 1:
		return below(random, 200) % (most + 1);
	default:
		return below(random, most + 1);
	}
}

/* Appends the record in fragments, some of them empty. */
static void
put_fragments(struct random *random, struct row *row, struct expected *record, bool single)
{
	uint32_t at = 0;
	bool last = false;

	while (!last) {
		uint32_t left = record->length - at, size = left, n = record->fragments;
		if (!single && n < 50 && below(random, 3) > 0)
			size = odd_size(random, left);
		last = size == left && (single || n >= 50 || below(random, 4) > 0);
		put_word(row->octets + row->length, size | (last ? 0x80000000U : 0));
		row->length += MARK;
		record->body_at[n] = row->length;
		record->body_size[n] = size;
		memcpy(row->octets + row->length, record->octets + at, size);
		row->length += size;
		at += size;
		record->fragments++;
	}
}

static void
row_make(struct random *random, struct row *row, uint32_t most_body, bool single)
{
	memset(row->records, 0, sizeof row->records);
	row->length = 0;
	row->count = 1 + below(random, RECORDS_MAX);
	for (uint32_t i = 0; i < row->count; i++) {
		struct expected *record = &row->records[i];
		uint32_t body = odd_size(random, most_body);
		record->octets = malloc(CALL_HEADER + body);
		assert_non_null(record->octets);
		record->xid = (uint32_t)random_next(random) & 0x7fffff00U;
		record->xid |= i;
		record->length = below(random, 2)
					 ? call_put(record->octets, record->xid, body)
					 : reply_put(record->octets, record->xid, body);
		record->from = row->length;
		put_fragments(random, row, record, single);
		record->to = row->length;
	}
}

static void
row_clear(struct row *row)
{
	for (uint32_t i = 0; i < row->count; i++)
		free(row->records[i].octets);
	row->count = 0;
}

/* The frames of one round, kept to compare extents with. */
struct wire {
	struct stream stream;
	struct streams streams;
	struct counts counts;
	struct collector collector;
	struct record_sink sink;
	uint8_t *frames[2 * SENDS_MAX];
	uint32_t frame_size[2 * SENDS_MAX];
	uint32_t frame_count;
	uint32_t base;
	uint32_t origin[OCTETS_MAX]; /* the frame that had this octet first; 0: none yet */
};

static void
wire_begin(struct wire *wire, struct random *random)
{
	memset(wire, 0, sizeof *wire);
	wire->sink = collector_sink(&wire->collector);
	streams_init(&wire->streams, &wire->counts);
	wire->base = 0 - below(random, 3 * BODY_MAX);
	stream_begin(&wire->streams, &wire->stream, wire->base - 1);
}

static void
wire_send(struct wire *wire, uint32_t from, unsigned flags, const uint8_t *octets,
	  uint32_t length)
{
	struct packet packet;
	uint32_t number = wire->frame_count++;

	assert_true(number < 2 * SENDS_MAX);
	wire->frames[number] = malloc(HEADERS + length);
	wire->frame_size[number] = HEADERS + length;
	assert_non_null(wire->frames[number]);
	segment_fill(&packet, wire->frames[number], number + 1, wire->base + from, flags,
		     octets, length);
	for (uint32_t at = from; at < from + length; at++) {
		if (wire->origin[at] == 0)
			wire->origin[at] = number + 1;
	}
	stream_push(&wire->streams, &wire->stream, &wire->sink, &packet);
}

static void
wire_end(struct wire *wire)
{
	stream_end(&wire->streams, &wire->stream, &wire->sink);
	assert_int_equal(wire->streams.held_octets, 0);
	assert_int_equal(wire->streams.store.octets, 0);
}

static void
wire_clear(struct wire *wire)
{
	stream_release(&wire->streams, &wire->stream);
	streams_release(&wire->streams);
	collector_clear(&wire->collector);
	for (uint32_t i = 0; i < wire->frame_count; i++)
		free(wire->frames[i]);
	memset(wire, 0, sizeof *wire);
}

/* Every octet of the record stands in the frame that its extent names. */
static void
check_origin(const struct wire *wire, const struct got *got)
{
	uint64_t highest = 0;

	assert_tiled(got);
	for (size_t i = 0; i < got->extent_count; i++) {
		const struct extent *extent = &got->extents[i];
		assert_in_range(extent->frame, 1, wire->frame_count);
		assert_true(extent->frame_offset >= HEADERS);
		assert_true(extent->frame_offset + extent->length <=
			    wire->frame_size[extent->frame - 1]);
		assert_memory_equal(wire->frames[extent->frame - 1] + extent->frame_offset,
				    got->octets + extent->offset, extent->length);
		if (extent->frame > highest)
			highest = extent->frame;
	}
	assert_true(got->frame >= highest);
}

/* The frame that completed it: the highest one that had an octet of it or of its marks first.
 */
static uint32_t
completed_by(const struct wire *wire, const struct expected *record)
{
	uint32_t highest = 0;

	for (uint32_t at = record->from; at < record->to; at++) {
		if (wire->origin[at] > highest)
			highest = wire->origin[at];
	}
	return highest;
}

static void
check_whole(const struct expected *record, const struct got *got)
{
	assert_int_equal(got->xid, record->xid);
	assert_int_equal(got->length, record->length);
	assert_int_equal(got->captured, record->length);
	assert_int_equal(got->fragments, record->fragments);
	assert_memory_equal(got->octets, record->octets, record->length);
}

struct range {
	uint32_t from, to;
};

/* Cuts the stream into segments of a kind of size chosen once. */
static uint32_t
cut_up(struct random *random, uint32_t length, struct range *ranges, uint32_t most)
{
	static const uint32_t sizes[] = {1, 7, 60, 536, 1460, 9000, 65000};
	uint32_t size = sizes[below(random, 7)], count = 0;

	while (length / size > most / 4)
		size *= 2;
	for (uint32_t at = 0; at < length; count++) {
		uint32_t step = 1 + below(random, 2 * size);
		if (count == most - 1 || step > length - at)
			step = length - at;
		ranges[count] = (struct range){at, at + step};
		at += step;
	}
	return count;
}

/* Moves ranges away from their places, by a distance that is chosen once. */
static void
shuffle(struct random *random, struct range *ranges, uint32_t count)
{
	uint32_t distance = below(random, 3) ? 1 + below(random, 10) : count;

	for (uint32_t i = 0; i + 1 < count; i++) {
		uint32_t other = i + below(random, distance < count - i ? distance : count - i);
		struct range range = ranges[i];
		ranges[i] = ranges[other];
		ranges[other] = range;
	}
}

/* Octets that were seen already, with other values; a keep-alive among them. */
static void
send_ghosts(struct random *random, struct wire *wire)
{
	uint8_t garbage[100];
	uint32_t done = wire->stream.next - wire->base;
	uint32_t length = below(random, 2) ? 1 : 1 + below(random, sizeof garbage);

	if (done < length)
		return;
	memset(garbage, 0xa5, sizeof garbage);
	uint32_t from = below(random, 2) ? done - length : below(random, done - length + 1);
	wire_send(wire, from, TCP_ACK, garbage, length);
}

static void
shuffled_round(uint64_t seed, struct row *row, struct wire *wire)
{
	struct random random = {seed};
	struct range ranges[SENDS_MAX];

	row_make(&random, row, BODY_MAX, false);
	wire_begin(wire, &random);
	uint32_t count = cut_up(&random, row->length, ranges, 700);
	for (uint32_t extra = below(&random, 20); extra > 0; extra--) {
		uint32_t from = below(&random, row->length);
		uint32_t size = 1 + below(&random, 3000);
		ranges[count++] = (struct range){from, size < row->length - from ? from + size
										 : row->length};
	}
	shuffle(&random, ranges, count);
	for (uint32_t i = 0; i < count; i++) {
		bool fin = ranges[i].to == row->length && below(&random, 2);
		wire_send(wire, ranges[i].from, TCP_ACK | (fin ? TCP_FIN : 0U),
			  row->octets + ranges[i].from, ranges[i].to - ranges[i].from);
		if (below(&random, 8) == 0)
			send_ghosts(&random, wire);
	}
	assert_int_equal(wire->collector.count, row->count);
	wire_end(wire);
	assert_int_equal(wire->collector.count, row->count);
	for (uint32_t i = 0; i < row->count; i++) {
		check_whole(&row->records[i], &wire->collector.got[i]);
		check_origin(wire, &wire->collector.got[i]);
		assert_int_equal(wire->collector.got[i].flags, 0);
		assert_int_equal(wire->collector.got[i].frame,
				 completed_by(wire, &row->records[i]));
	}
	assert_int_equal(wire->counts.skipped, 0);
	assert_int_equal(wire->collector.malformed, 0);
	assert_int_equal(wire->counts.gaps, 0);
	assert_int_equal(wire->counts.evicted.octets, 0);
	assert_int_equal(wire->counts.not_rpc, 0);
}

/* The marks stay in step over a hole that lies inside one fragment. */
static bool
keeps_step(const struct row *row, struct range hole)
{
	for (uint32_t i = 0; i < row->count; i++) {
		const struct expected *record = &row->records[i];
		/* Nothing of the record at hand: then what its mark says is trusted only
		 * once the direction is known. */
		for (uint32_t n = 0; n < record->fragments; n++) {
			uint32_t body = record->body_at[n];
			if (hole.from >= body && hole.to <= body + record->body_size[n])
				return i > 0 || hole.from >= body + 12;
		}
	}
	return false;
}

/* The first record after the hole that begins a segment in a way that is always found. */
static uint32_t
found_again(const struct row *row, const struct range *ranges, uint32_t count,
	    struct range hole)
{
	for (uint32_t i = 0; i < row->count; i++) {
		const struct expected *record = &row->records[i];
		bool reply = record->octets[7] == 1;
		if (record->from < hole.to || (reply && record->fragments > 1))
			continue;
		for (uint32_t j = 0; j < count; j++) {
			if (ranges[j].from == record->from)
				return i;
		}
	}
	return row->count;
}

static void
hole_round(uint64_t seed, struct row *row, struct wire *wire)
{
	struct random random = {seed};
	struct range ranges[SENDS_MAX];

	bool single = below(&random, 4) > 0;
	row_make(&random, row, below(&random, 2) ? BODY_MAX : 300, single);
	/* Nearly every record is one fragment or begins with its header in one. */
	for (uint32_t i = 0; i < row->count; i++) {
		if (row->records[i].fragments > 1 && row->records[i].body_size[0] < 32) {
			row_clear(row);
			return;
		}
	}
	wire_begin(wire, &random);
	uint32_t count = cut_up(&random, row->length, ranges, 700);
	uint32_t victim = below(&random, count);
	struct range hole = ranges[victim];
	bool step = keeps_step(row, hole);
	uint32_t again = found_again(row, ranges, count, hole);

	for (uint32_t i = 0; i < count; i++) {
		if (i != victim)
			wire_send(wire, ranges[i].from, TCP_ACK, row->octets + ranges[i].from,
				  ranges[i].to - ranges[i].from);
	}
	wire_send(wire, row->length, TCP_ACK | TCP_FIN, NULL, 0);
	wire_end(wire);
	assert_int_equal(wire->counts.gaps, 1);
	assert_int_equal(wire->counts.lost_octets, hole.to - hole.from);
	assert_int_equal(wire->collector.malformed, 0);

	bool seen[RECORDS_MAX] = {false};
	for (size_t i = 0; i < wire->collector.count; i++) {
		const struct got *got = &wire->collector.got[i];
		uint32_t index = got->xid & 0xff;
		assert_true(index < row->count);
		const struct expected *record = &row->records[index];
		check_origin(wire, got);
		assert_false(seen[index]);
		seen[index] = true;
		if (record->to <= hole.from || record->from >= hole.to) {
			check_whole(record, got);
			assert_int_equal(got->frame, completed_by(wire, record));
			continue;
		}
		assert_true(got->flags & RECORD_CUT);
		/* The hole may have swallowed the marks of empty fragments only. */
		assert_true(got->captured < record->length || record->fragments > 1);
		assert_true(got->captured <= record->length);
		assert_memory_equal(got->octets, record->octets, got->captured);
	}
	for (uint32_t i = 0; i < row->count; i++) {
		const struct expected *record = &row->records[i];
		if (record->to <= hole.from || (step && record->from >= hole.to) || i >= again)
			assert_true(seen[i]);
	}
}

/* Octets that end where the next page cannot be touched. */
struct guarded {
	uint8_t *map;
	size_t size;
};

static struct guarded
guarded_make(size_t most)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (most + page - 1) / page * page;
	uint8_t *map = mmap(NULL, size + page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(map != MAP_FAILED);
	assert_int_equal(mprotect(map + size, page, PROT_NONE), 0);
	return (struct guarded){map, size};
}

static void
guarded_free(struct guarded guarded)
{
	munmap(guarded.map, guarded.size + (size_t)sysconf(_SC_PAGESIZE));
}

/* A packet whose payload is these octets and nothing behind them. */
static void
guarded_packet(struct guarded guarded, struct packet *packet, const uint8_t *octets,
	       uint32_t length)
{
	segment_fill(packet, guarded.map + guarded.size - HEADERS - length, 1, 0, TCP_ACK,
		     octets, length);
}

static void
read_all_ways(struct guarded guarded, struct wire *wire, const uint8_t *octets, uint32_t length)
{
	struct packet packet;

	guarded_packet(guarded, &packet, octets, length);
	const uint8_t *at = packet_payload(&packet);
	for (unsigned way = 0; way < 4; way++) {
		struct record_reader reader = {.store = &wire->streams.store};
		reader.rpc = way == 1;
		if (way >= 2)
			record_join(&reader);
		if (way == 3) /* something before it, to be carried over */
			record_push(&reader, &wire->sink, (const uint8_t *)"\x80\0", 2, &packet,
				    0);
		record_push(&reader, &wire->sink, at, length, &packet, 0);
		record_gap(&reader, &wire->sink, length % 50);
		record_end(&reader, &wire->sink);
		record_reader_release(&reader);
	}
	record_loose(&wire->sink, at, length, &packet, 0);
	record_plausible(at, length, length);
	record_plausible(at, length, length + 100);
}

static void
prefix_round(uint64_t seed, struct row *row, struct wire *wire)
{
	struct random random = {seed};
	struct guarded guarded = guarded_make(HEADERS + OCTETS_MAX);
	struct collector whole = {0};

	row_make(&random, row, 60, below(&random, 2));
	wire_begin(wire, &random);
	for (uint32_t length = 0; length <= row->length; length++) {
		uint32_t from = below(&random, 3) ? 0 : below(&random, length + 1);
		read_all_ways(guarded, wire, row->octets + from, length - from);
		collector_clear(&wire->collector);
	}
	/* Every prefix of the stream gives what is whole in it, and nothing else whole. */
	for (uint32_t length = 0; length <= row->length; length++) {
		struct packet packet;
		struct record_reader reader = {.store = &wire->streams.store};
		struct record_sink sink = collector_sink(&whole);
		guarded_packet(guarded, &packet, row->octets, length);
		record_push(&reader, &sink, packet_payload(&packet), length, &packet, 0);
		size_t expected = 0;
		while (expected < row->count && row->records[expected].to <= length)
			expected++;
		assert_int_equal(whole.count, expected);
		record_end(&reader, &sink);
		assert_true(whole.count <= expected + 1);
		if (whole.count > expected)
			assert_int_equal(whole.got[expected].flags, RECORD_UNFINISHED);
		assert_int_equal(reader.state, 4);
		collector_clear(&whole);
	}
	guarded_free(guarded);
}

/* Damaged octets, wild numbers, cut captures: nothing is asked of what comes out. */
static void
damage_round(uint64_t seed, struct row *row, struct wire *wire)
{
	struct random random = {seed};
	struct guarded guarded = guarded_make(HEADERS + OCTETS_MAX);

	bool single = below(&random, 2);
	row_make(&random, row, below(&random, 2) ? 60 : 1000, single);
	wire_begin(wire, &random);
	for (uint32_t damage = below(&random, 30); damage > 0; damage--)
		row->octets[below(&random, row->length)] = (uint8_t)(below(&random, 4) * 0x55);
	for (uint32_t i = 0; i < 300; i++) {
		struct packet packet;
		uint32_t from = below(&random, row->length);
		uint32_t length = odd_size(&random, row->length - from), missing = 0;
		if (below(&random, 4) == 0)
			missing = odd_size(&random, length);
		guarded_packet(guarded, &packet, row->octets + from, length - missing);
		packet.datagram_length += missing;
		packet.frame.length += missing;
		packet.frame.number = i + 1;
		packet.frame.time = (int64_t)i * SECOND / 10;
		packet.sequence = wire->base + from;
		if (below(&random, 40) == 0)
			packet.sequence += (uint32_t)random_next(&random);
		if (below(&random, 60) == 0)
			packet.flags |= (uint8_t)(1U << below(&random, 3));
		stream_push(&wire->streams, &wire->stream, &wire->sink, &packet);
		stream_acknowledged(&wire->streams, &wire->stream, &wire->sink,
				    wire->stream.next + odd_size(&random, 5000),
				    packet.frame.time);
		collector_clear(&wire->collector);
	}
	wire_end(wire);
	guarded_free(guarded);
}

/*
 * Every octet that is read in order is one of a record that was handed on, or of its
 * marks, or it is counted as skipped; whatever they are.
 */
static void
conserved_round(uint64_t seed, struct row *row, struct wire *wire)
{
	struct random random = {seed};
	struct record_reader reader = {.store = &wire->streams.store};
	struct sent *sent = malloc(sizeof *sent);
	struct range ranges[SENDS_MAX] = {{0, 0}};

	assert_non_null(sent);
	row_make(&random, row, below(&random, 2) ? 60 : 1000, below(&random, 2));
	wire->sink = collector_sink(&wire->collector);
	if (below(&random, 2))
		record_join(&reader);
	for (uint32_t damage = below(&random, 10); damage > 0; damage--) {
		uint32_t at = below(&random, row->length);
		uint32_t size = below(&random, 2) ? 1 : odd_size(&random, row->length - at);
		memset(row->octets + at, (int)below(&random, 4) * 0x55, size);
	}
	uint32_t count = cut_up(&random, row->length, ranges, 700);
	assert_in_range(count, 1, SENDS_MAX);
	if (count > 1)
		count -= below(&random, 2);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t length = ranges[i].to - ranges[i].from;
		const struct packet *packet = segment_make(
			sent, i + 1, 0, TCP_ACK, row->octets + ranges[i].from, length);
		record_push(&reader, &wire->sink, packet_payload(packet), length, packet, 0);
	}
	uint32_t in_mark = reader.mark_octets;
	uint64_t sum = 0;
	record_end(&reader, &wire->sink);
	for (size_t i = 0; i < wire->collector.count; i++) {
		const struct got *got = &wire->collector.got[i];
		sum += got->captured + MARK * got->fragments;
		if (got->flags & RECORD_UNFINISHED)
			sum += in_mark;
	}
	assert_int_equal(sum + reader.skipped, ranges[count - 1].to);
	assert_int_equal(wire->streams.store.octets, 0);
	free(sent);
}

struct round {
	uint64_t seed;
	bool failed;
};

static void
run(void **state, void (*round)(uint64_t, struct row *, struct wire *), uint64_t first,
    uint64_t rounds)
{
	struct round *now = *state;
	struct row *row = calloc(1, sizeof *row);
	struct wire *wire = calloc(1, sizeof *wire);
	const char *chosen = getenv("SEED");

	assert_non_null(row);
	assert_non_null(wire);
	if (chosen) {
		first = strtoull(chosen, NULL, 0);
		rounds = 1;
	}
	now->failed = true;
	for (now->seed = first; now->seed < first + rounds; now->seed++) {
		round(now->seed, row, wire);
		row_clear(row);
		wire_clear(wire);
	}
	now->failed = false;
	free(row);
	free(wire);
}

static int
set_up(void **state)
{
	*state = calloc(1, sizeof(struct round));
	return *state ? 0 : -1;
}

static int
tear_down(void **state)
{
	struct round *now = *state;

	if (now->failed)
		print_error("failed with SEED=%llu\n", (unsigned long long)now->seed);
	free(now);
	return 0;
}

static void
shuffled(void **state)
{
	run(state, shuffled_round, 1, 800);
}

static void
holes(void **state)
{
	run(state, hole_round, 100000, 6000);
}

static void
prefixes(void **state)
{
	run(state, prefix_round, 200000, 20);
}

static void
damage(void **state)
{
	run(state, damage_round, 300000, 300);
}

static void
conserved(void **state)
{
	run(state, conserved_round, 400000, 1500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(conserved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(shuffled, set_up, tear_down),
		cmocka_unit_test_setup_teardown(holes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(prefixes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damage, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
