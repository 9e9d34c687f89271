/* record: marks, fragments, gaps, resynchronisation, plausibility. */
#include "segment_support.h"

#include "gather.h"
#include "limits.h"

struct world {
	struct record_reader reader;
	struct record_store store;
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
	world->reader.store = &world->store;
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	record_reader_release(&world->reader);
	assert_int_equal(world->store.octets, 0);
	record_store_release(&world->store);
	collector_clear(&world->collector);
	free(world);
	return 0;
}

static void
push(struct world *world, const uint8_t *octets, uint32_t length)
{
	struct packet *packet =
		segment_make(&world->sent, ++world->frame, 1000, TCP_ACK, octets, length);

	record_push(&world->reader, &world->sink, packet_payload(packet), length, packet, 0);
}

static void
assert_got(const struct world *world, size_t index, uint32_t xid, unsigned flags)
{
	assert_collected(&world->collector, index, xid, flags);
}

static void
one_record_in_place(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 7, 100);

	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 7, 0);
	const struct got *got = &world->collector.got[0];
	assert_int_equal(got->length, 140);
	assert_int_equal(got->fragments, 1);
	assert_int_equal(got->extent_count, 1);
	assert_int_equal(got->extents[0].frame, 1);
	assert_int_equal(got->extents[0].frame_offset, HEADERS + MARK);
	assert_null(world->reader.buffer);
}

/* A segment that looks like a record from its first octet to its last, and is none. */
static uint32_t
lookalike(uint8_t *at)
{
	memset(at, 0, 40);
	put_word(at, 0x80000000U | 36);
	return 40;
}

static void
lookalike_behind_half_a_mark(void **state)
{
	struct world *world = *state;

	push(world, world->octets, call_marked(world->octets, 1, 0));
	push(world, (const uint8_t *)"\x80", 2);
	/* So the mark says 32768, and the record begins with two octets of the other mark. */
	push(world, world->octets, lookalike(world->octets));
	assert_int_equal(world->collector.count, 1);
	memset(world->octets, 0, 32768);
	push(world, world->octets, 32768 - 38);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 36 << 16, 0);
	assert_int_equal(world->collector.got[1].length, 32768);
}

static void
lookalike_inside_a_record(void **state)
{
	struct world *world = *state;
	uint8_t inside[40];

	push(world, world->octets, call_marked(world->octets, 1, 0));
	uint32_t length = call_marked(world->octets, 2, lookalike(inside));
	push(world, world->octets, length - 40);
	push(world, inside, sizeof inside);
	assert_int_equal(world->collector.count, 2);
	assert_int_equal(world->collector.got[1].length, CALL_HEADER + sizeof inside);
}

static void
lookalike_as_the_last_fragment(void **state)
{
	struct world *world = *state;

	push(world, world->octets, call_marked(world->octets, 1, 0));
	put_word(world->octets, call_put(world->octets + MARK, 2, 0));
	push(world, world->octets, MARK + CALL_HEADER);
	push(world, world->octets, lookalike(world->octets));
	assert_int_equal(world->collector.count, 2);
	assert_int_equal(world->collector.got[1].fragments, 2);
	assert_int_equal(world->collector.got[1].length, CALL_HEADER + 36);
}

static void
lookalike_where_no_record_is_due(void **state)
{
	struct world *world = *state;
	uint8_t inside[40];
	uint32_t length = lookalike(inside);

	push(world, world->octets, call_marked(world->octets, 1, 0));
	world->reader.secured = true;
	/* Application data of TLS 1.2, 80 octets, the last 40 of which have not come yet. */
	memset(world->octets, 0x5c, 100);
	memcpy(world->octets, "\x17\x03\x03\0\x50", 5);
	push(world, world->octets, 5 + 80 - length);
	push(world, inside, length);
	assert_true(world->reader.tls);
	record_end(&world->reader, &world->sink);
	push(world, inside, length);
	assert_int_equal(world->collector.count, 1);
}

/* What stands behind its end, octets of the segment before, is not looked at. */
static void
too_short_for_a_type(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 0);

	push(world, world->octets, length);
	for (uint32_t octets = 0; octets < 8; octets++) {
		put_word(world->octets, 0x80000000U | octets);
		push(world, world->octets, MARK + octets);
		assert_int_equal(world->collector.count, 1 + octets);
		assert_int_equal(world->collector.malformed, 1 + octets);
		record_reader_release(&world->reader);
		world->reader = (struct record_reader){.store = &world->store};
		push(world, world->octets, call_marked(world->octets, 1, 0));
	}
}

static void
many_records_a_segment(void **state)
{
	struct world *world = *state;
	uint32_t length = 0;

	for (uint32_t xid = 1; xid <= 20; xid++)
		length += reply_marked(world->octets + length, xid, xid);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 20);
	for (uint32_t xid = 1; xid <= 20; xid++)
		assert_got(world, xid - 1, xid, 0);
}

static void
octet_by_octet(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 33);

	length += reply_marked(world->octets + length, 2, 0);
	for (uint32_t i = 0; i < length; i++)
		push(world, world->octets + i, 1);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 0, 1, 0);
	assert_got(world, 1, 2, 0);
	assert_int_equal(world->collector.got[0].frame, MARK + 73);
	assert_int_equal(world->collector.got[1].frame, length);
	assert_int_equal(world->collector.got[0].extent_count, 73);
	assert_null(world->reader.buffer);
}

/* Fragments of 0, 1, 3, 36, 10 and, as the last, 0 octets. */
static void
odd_fragments(void **state)
{
	struct world *world = *state;
	static const uint32_t sizes[] = {0, 1, 3, 36, 10, 0};
	uint8_t call[64];
	uint32_t at = 0, from = 0;

	assert_int_equal(call_put(call, 9, 10), 50);
	for (size_t i = 0; i < 6; i++) {
		put_word(world->octets + at, sizes[i] | (i == 5 ? 0x80000000U : 0));
		memcpy(world->octets + at + MARK, call + from, sizes[i]);
		at += MARK + sizes[i];
		from += sizes[i];
	}
	push(world, world->octets, at - MARK);
	assert_int_equal(world->collector.count, 0);
	push(world, world->octets + at - MARK, MARK);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 9, 0);
	const struct got *got = &world->collector.got[0];
	assert_int_equal(got->length, 50);
	assert_int_equal(got->fragments, 6);
	assert_int_equal(got->frame, 2);
	assert_memory_equal(got->octets, call, 50);
}

static void
endless_empty_fragments(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 0);

	memset(world->octets + length, 0, 4000);
	push(world, world->octets, length + 4000);
	assert_int_equal(world->collector.count, 1);
	assert_int_equal(world->collector.malformed, 1);
}

static void
gap_inside_a_record(void **state)
{
	struct world *world = *state;
	uint32_t first = call_marked(world->octets, 1, 500);
	uint32_t second = call_marked(world->octets + first, 2, 10);

	push(world, world->octets, 200);
	assert_int_equal(world->collector.count, 0);
	record_gap(&world->reader, &world->sink, 300);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 1, RECORD_CUT);
	assert_int_equal(world->collector.got[0].captured, 196);
	assert_int_equal(world->collector.got[0].length, 540);
	assert_int_equal(world->collector.got[0].frame, 1);
	assert_null(world->reader.buffer);
	push(world, world->octets + 500, first - 500 + second);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 2, 0); /* the marks stayed in step */
}

/* A snap length of 96: header at hand, body not, and one gap to the record's very end. */
static void
gap_to_the_end(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 500);

	for (unsigned i = 0; i < 3; i++) {
		push(world, world->octets, 30);
		record_gap(&world->reader, &world->sink, length - 30);
		assert_int_equal(world->collector.count, i + 1);
		assert_got(world, i, 1, RECORD_CUT);
		assert_int_equal(world->collector.got[i].captured, 26);
	}
}

static void
gap_between_fragments(void **state)
{
	struct world *world = *state;
	uint8_t call[64];

	call_put(call, 5, 20);
	put_word(world->octets, 44);
	memcpy(world->octets + 4, call, 44);
	push(world, world->octets, 48);
	record_gap(&world->reader, &world->sink, 2);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 5, RECORD_CUT);
	assert_int_equal(world->collector.got[0].length, 44);
	uint32_t length = call_marked(world->octets, 6, 0);
	push(world, world->octets, length);
	assert_got(world, 1, 6, RECORD_RESYNC);
}

/* After a gap over a mark: in the middle of a segment, borne out by its end. */
static void
resync_inside_a_segment(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 0);

	push(world, world->octets, length);
	record_gap(&world->reader, &world->sink, 100);
	memset(world->octets, 0x5a, 300);
	length = 300 + reply_marked(world->octets + 300, 2, 50);
	length += reply_marked(world->octets + length, 3, 50);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 3);
	assert_got(world, 1, 2, RECORD_RESYNC);
	assert_got(world, 2, 3, 0);
	assert_int_equal(world->collector.malformed, 0);
}

/* A record inside file data is not taken for one when nothing follows it. */
static void
no_find_without_evidence(void **state)
{
	struct world *world = *state;

	record_join(&world->reader);
	memset(world->octets, 0x5a, 1000);
	reply_marked(world->octets + 300, 2, 50);
	push(world, world->octets, 1000);
	assert_int_equal(world->collector.count, 0);
}

/* The header of the first record found is split at every place, one segment or two. */
static void
resync_split_header(void **state)
{
	struct world *world = *state;
	uint8_t octets[400];

	memset(octets, 0x5a, sizeof octets);
	uint32_t end = 40 + call_marked(octets + 40, 77, 60);
	end += call_marked(octets + end, 78, 0);
	for (uint32_t split = 30; split < end; split++) {
		struct record_reader reader = {.store = &world->store};
		size_t before = world->collector.count;
		record_join(&reader);
		struct packet *packet =
			segment_make(&world->sent, 1, 0, TCP_ACK, octets, split);
		record_push(&reader, &world->sink, packet_payload(packet), split, packet, 0);
		packet = segment_make(&world->sent, 2, split, TCP_ACK, octets + split,
				      end - split);
		record_push(&reader, &world->sink, packet_payload(packet), end - split, packet,
			    0);
		record_end(&reader, &world->sink);
		assert_int_equal(world->collector.count, before + 2);
		assert_got(world, before, 77, RECORD_RESYNC);
		assert_got(world, before + 1, 78, 0);
		assert_memory_equal(world->collector.got[before].octets, octets + 44, 100);
	}
}

static void
joined_at_a_record(void **state)
{
	struct world *world = *state;

	record_join(&world->reader);
	push(world, world->octets, call_marked(world->octets, 1, 20));
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 1, 0); /* nothing was left out */
}

/* Joined at a record that the snap length cut inside its header. */
static void
joined_and_cut(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 20);

	record_join(&world->reader);
	push(world, world->octets, 24);
	record_gap(&world->reader, &world->sink, length - 24);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 1, RECORD_CUT);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 1, 0);
}

/* A segment that begins in a call's header: its words from the program on could be a reply. */
static void
joined_inside_a_header(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 200);

	length += call_marked(world->octets + length, 2, 0);
	record_join(&world->reader);
	push(world, world->octets + 16, length - 16);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 2, RECORD_RESYNC);
}

static void
search_gives_up(void **state)
{
	struct world *world = *state;

	record_join(&world->reader);
	memset(world->octets, 0x5a, 60000);
	push(world, world->octets, 60000);
	push(world, world->octets, 60000);
	uint32_t length = 100 + call_marked(world->octets + 100, 1, 0);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 0);
	push(world, world->octets + 100, length - 100);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 1, RECORD_RESYNC);
	/* From here on the direction is known and searched anew. */
	record_gap(&world->reader, &world->sink, 10);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 2);
}

static void
not_rpc(void **state)
{
	static const char *const banners[] = {
		"GET / HTTP/1.1\r\nHost: example\r\n\r\n",
		"SSH-2.0-OpenSSH_9.2p1\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"220 mail ESMTP\r\n",
	};
	struct world *world = *state;

	for (size_t i = 0; i < 4; i++) {
		struct record_reader reader = {.store = &world->store};
		uint32_t length = (uint32_t)strlen(banners[i]);
		if (i == 2)
			length = 11;
		struct packet *packet = segment_make(&world->sent, 1, 0, TCP_ACK,
						     (const uint8_t *)banners[i], length);
		record_push(&reader, &world->sink, packet_payload(packet), length, packet, 0);
		assert_true(reader.foreign);
		assert_null(reader.buffer);
		record_end(&reader, &world->sink);
		assert_false(reader.rpc);
	}
	assert_int_equal(world->collector.count, 0);
	assert_int_equal(world->collector.malformed, 0);
}

/* A sane mark and a message type are not enough for the first record of a direction. */
static void
strict_at_first(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 40);

	put_word(world->octets + 12, 3); /* RPC version */
	push(world, world->octets, 30);
	push(world, world->octets + 30, length - 30);
	assert_true(world->reader.foreign);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 0);
	assert_int_equal(world->collector.malformed, 0);
}

/* Records that turn out to be none do not make the search begin anew. */
static void
false_finds_are_bounded(void **state)
{
	struct world *world = *state;

	record_join(&world->reader);
	for (unsigned i = 0; i < 20; i++) {
		/* A header as far as it is at hand, then a verifier that cannot be. */
		memset(world->octets, 0x5a, 6000);
		call_marked(world->octets + 6000, 1, 4);
		put_word(world->octets + 6000 + MARK + 32, 0xffff);
		push(world, world->octets, 6000 + MARK + 20);
		push(world, world->octets + 6000 + MARK + 20, 24);
	}
	assert_int_equal(world->collector.count, 0);
	memset(world->octets, 0x5a, 100);
	uint32_t length = 100 + call_marked(world->octets + 100, 1, 0);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 0); /* only starts of segments by now */
	push(world, world->octets + 100, length - 100);
	assert_int_equal(world->collector.count, 1);
}

static void
impossible_mark_tells_once(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 0);

	push(world, world->octets, length);
	push(world, (const uint8_t *)"\x17\x03\x03\x40\x00 application data", 22);
	push(world, (const uint8_t *)"\x17\x03\x03\x40\x00 application data", 22);
	assert_int_equal(world->collector.malformed, 1);
	assert_int_equal(world->collector.malformed_frame, 2);
	push(world, world->octets, length);
	assert_got(world, 1, 1, RECORD_RESYNC);
}

/* In a direction known to be RPC a call of another RPC version is one (RPC_MISMATCH). */
static void
other_rpc_version(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 0);

	push(world, world->octets, length);
	put_word(world->octets + 12, 3);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 2);
	assert_int_equal(world->collector.malformed, 0);
	put_word(world->octets + 8, 5); /* neither call nor reply */
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 2);
	assert_int_equal(world->collector.malformed, 1);
}

static void
unfinished(void **state)
{
	struct world *world = *state;

	call_marked(world->octets, 1, 100);
	push(world, world->octets, 12);
	record_end(&world->reader, &world->sink);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 1, RECORD_UNFINISHED);
	assert_int_equal(world->collector.got[0].captured, 8);
	assert_int_equal(world->collector.got[0].length, 140);
	assert_false(world->reader.foreign);
	record_end(&world->reader, &world->sink);
	push(world, world->octets, 50);
	assert_int_equal(world->collector.count, 1);
}

static void
over_limit(void **state)
{
	struct world *world = *state;
	uint32_t body = LIMIT_RECORD + 100000, left = MARK + CALL_HEADER + body;

	call_marked(world->octets, 1, 60000);
	put_word(world->octets, 0x80000000U | (CALL_HEADER + body));
	while (left > 0) {
		uint32_t length = left < 60000 ? left : 60000;
		push(world, world->octets, length);
		left -= length;
	}
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 1, RECORD_OVER_LIMIT);
	assert_int_equal(world->collector.got[0].captured, LIMIT_RECORD);
	assert_int_equal(world->collector.got[0].length, CALL_HEADER + body);
	push(world, world->octets, call_marked(world->octets, 2, 0));
	assert_got(world, 1, 2, 0);
}

/* All directions together keep within LIMIT_GATHER_OCTETS. */
static void
gathered_in_all(void **state)
{
	enum { READERS = 200 };
	struct world *world = *state;
	struct record_reader *readers = calloc(READERS, sizeof *readers);

	assert_non_null(readers);
	call_marked(world->octets, 1, 60000);
	put_word(world->octets, 0x80000000U | 5000000);
	struct packet *packet = segment_make(&world->sent, 1, 0, TCP_ACK, world->octets, 60000);
	for (unsigned i = 0; i < READERS; i++) {
		readers[i].store = &world->store;
		for (unsigned j = 0; j < 40; j++)
			record_push(&readers[i], &world->sink, packet_payload(packet), 60000,
				    packet, 0);
		assert_true(world->store.octets <= LIMIT_GATHER_OCTETS + 65536);
	}
	for (unsigned i = 0; i < READERS; i++)
		record_reader_release(&readers[i]);
	free(readers);
}

static void
evict(struct world *world)
{
	record_evict(&world->reader, &world->sink);
	assert_null(world->reader.buffer);
	assert_int_equal(world->store.octets, 0);
}

/* Wherever a reader stands when its record gives way, it finds the next one. */
static void
evicted_anywhere(void **state)
{
	struct world *world = *state;
	uint8_t call[400];

	call_put(call, 1, 200);
	put_word(world->octets, 100);
	memcpy(world->octets + 4, call, 100);
	put_word(world->octets + 104, 0x80000000U | 140);
	memcpy(world->octets + 108, call + 100, 140);
	uint32_t length = 248 + call_marked(world->octets + 248, 2, 30);
	for (uint32_t at = 0; at <= length; at++) {
		/* Its first record, which tells that it is RPC. */
		push(world, call, reply_marked(call, 9, 0));
		push(world, world->octets, at);
		evict(world);
		push(world, world->octets + at, length - at);
		size_t count = world->collector.count;
		/* Of each record the first eight octets are told of, or nothing. */
		bool first = at <= 4 || at >= 12, second = at <= 252 || at >= 260;
		assert_int_equal(count, 1 + first + second);
		assert_got(world, 0, 9, 0);
		if (first) {
			bool cut = at >= 12 && at < 248;
			assert_got(world, 1, 1, cut ? RECORD_OVER_LIMIT : 0);
			uint32_t body = at < 104 ? at - 4 : at < 108 ? 100 : at - 8;
			assert_int_equal(world->collector.got[1].captured, cut ? body : 240);
			assert_int_equal(world->collector.got[1].length,
					 cut && at < 108 ? 100 : 240);
		}
		if (second)
			assert_got(world, count - 1, 2,
				   at > 252 && at < length ? RECORD_OVER_LIMIT : 0);
		assert_int_equal(world->collector.malformed, 0);
		assert_int_equal(world->reader.skipped, !first ? 248 : !second ? 74 : 0);
		world->reader.skipped = 0;
		collector_clear(&world->collector);
	}
}

/* A mark that was carried over while searching: its frame counts like any other. */
static void
frame_of_a_carried_mark(void **state)
{
	struct world *world = *state;

	for (uint32_t at = 1; at <= 8; at++) {
		struct record_reader reader = {.store = &world->store};
		uint32_t length = call_marked(world->octets, 1, 60);
		record_join(&reader);
		struct packet *packet =
			segment_make(&world->sent, 5, 0, TCP_ACK, world->octets, at);
		record_push(&reader, &world->sink, packet_payload(packet), at, packet, 0);
		packet = segment_make(&world->sent, 3, 0, TCP_ACK, world->octets + at,
				      length - at);
		record_push(&reader, &world->sink, packet_payload(packet), length - at, packet,
			    0);
		assert_int_equal(world->collector.count, at);
		assert_got(world, at - 1, 1, 0);
		assert_int_equal(world->collector.got[at - 1].frame, 5);
		assert_null(reader.buffer);
	}
}

/* The same while searching, and before it is known that the direction is RPC. */
static void
evicted_while_searching(void **state)
{
	struct world *world = *state;
	uint32_t length = call_marked(world->octets, 1, 100);

	record_join(&world->reader);
	push(world, (const uint8_t *)"zzzzz\x80\0\0", 8);
	evict(world);
	assert_int_equal(world->reader.skipped, 8);
	push(world, world->octets, 24); /* a record as far as it goes */
	assert_int_equal(world->collector.count, 0);
	evict(world);
	assert_int_equal(world->collector.count, 1);
	assert_got(world, 0, 1, RECORD_OVER_LIMIT | RECORD_RESYNC);
	push(world, world->octets + 24, length - 24);
	push(world, world->octets, length);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 1, 1, 0);
	assert_int_equal(world->reader.skipped, 8);
	record_end(&world->reader, &world->sink);
	evict(world);
}

static void
loose(void **state)
{
	struct world *world = *state;
	uint32_t at = 200;

	memset(world->octets, 0x5a, 300);
	at += reply_marked(world->octets + at, 1, 30);
	at += call_marked(world->octets + at, 2, 30);
	uint32_t end = at + call_marked(world->octets + at, 3, 100) - 1; /* cut */
	struct packet *packet = segment_make(&world->sent, 4, 0, TCP_ACK, world->octets, end);
	record_loose(&world->sink, packet_payload(packet), end, packet, 0);
	assert_int_equal(world->collector.count, 2);
	assert_got(world, 0, 1, 0);
	assert_got(world, 1, 2, 0);
	assert_int_equal(world->collector.got[0].extents[0].frame_offset, HEADERS + 204);
}

struct judged {
	const char *what;
	uint32_t words[12];
	uint32_t captured, length;
	bool plausible;
};

static const struct judged judged[] = {
	{"call", {1, 0, 2, 100000, 2, 3, 0, 0, 0, 0}, 40, 40, true},
	{"call, cut to 12", {1, 0, 2}, 12, 400, true},
	{"call, cut to 11", {1, 0, 2}, 11, 400, false},
	{"call of RPC version 3", {1, 0, 3, 100000, 2, 3}, 40, 40, false},
	{"call of program 0", {1, 0, 2, 0, 2, 3}, 40, 40, false},
	{"call of a wild version", {1, 0, 2, 1, 0x10000, 3}, 40, 40, false},
	{"call of a wild procedure", {1, 0, 2, 1, 1, 0x10000}, 40, 40, false},
	{"call too short", {1, 0, 2, 1, 1, 1}, 36, 36, false},
	{"call with a wild flavor", {1, 0, 2, 1, 1, 1, 16, 0, 0, 0}, 40, 40, false},
	{"call with a krb5 flavor", {1, 0, 2, 1, 1, 1, 390003, 0, 0, 0}, 40, 40, true},
	{"credential of 401", {1, 0, 2, 1, 1, 1, 1, 401, 0, 0}, 40, 500, false},
	{"credential of 400", {1, 0, 2, 1, 1, 1, 1, 400, 0, 0}, 40, 440, true},
	{"credential past the end", {1, 0, 2, 1, 1, 1, 1, 400, 0, 0}, 40, 439, false},
	{"verifier past the end", {1, 0, 2, 1, 1, 1, 0, 0, 0, 4}, 40, 40, false},
	{"wild verifier", {1, 0, 2, 1, 1, 1, 0, 0, 99, 0}, 40, 40, false},
	{"reply", {1, 1, 0, 0, 0, 0}, 24, 24, true},
	{"reply, cut", {1, 1, 0}, 12, 24, true},
	{"reply too short", {1, 1, 0, 0, 0}, 20, 20, false},
	{"reply_stat 2", {1, 1, 2, 0, 0, 0}, 24, 24, false},
	{"accept_stat 6", {1, 1, 0, 0, 0, 6}, 24, 24, false},
	{"PROG_UNAVAIL", {1, 1, 0, 0, 0, 1}, 24, 24, true},
	{"PROG_UNAVAIL with a body", {1, 1, 0, 0, 0, 1, 0}, 28, 28, false},
	{"PROG_MISMATCH", {1, 1, 0, 0, 0, 2, 2, 4}, 32, 32, true},
	{"PROG_MISMATCH, no range", {1, 1, 0, 0, 0, 2}, 24, 24, false},
	{"RPC_MISMATCH", {1, 1, 1, 0, 2, 2}, 24, 24, true},
	{"RPC_MISMATCH, short", {1, 1, 1, 0, 2}, 20, 20, false},
	{"AUTH_ERROR", {1, 1, 1, 1, 5}, 20, 20, true},
	{"AUTH_ERROR, long", {1, 1, 1, 1, 5, 0}, 24, 24, false},
	{"reject_stat 2", {1, 1, 1, 2, 5}, 20, 20, false},
	{"message type 2", {1, 2, 2, 1, 1, 1}, 40, 40, false},
	{"wild length", {1, 0, 2, 1, 1, 1}, 40, (64 << 20) + 1, false},
};

static void
plausible_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof judged / sizeof judged[0]; i++) {
		const struct judged *row = &judged[i];
		uint8_t *octets = malloc(row->captured);
		assert_non_null(octets);
		for (uint32_t at = 0; at < row->captured; at++)
			octets[at] = (uint8_t)(row->words[at / 4] >> (24 - at % 4 * 8));
		if (record_plausible(octets, row->captured, row->length) != row->plausible)
			fail_msg("%s", row->what);
		free(octets);
	}
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(one_record_in_place),
		CASE(lookalike_behind_half_a_mark),
		CASE(lookalike_inside_a_record),
		CASE(lookalike_as_the_last_fragment),
		CASE(lookalike_where_no_record_is_due),
		CASE(too_short_for_a_type),
		CASE(many_records_a_segment),
		CASE(octet_by_octet),
		CASE(odd_fragments),
		CASE(endless_empty_fragments),
		CASE(gap_inside_a_record),
		CASE(gap_to_the_end),
		CASE(gap_between_fragments),
		CASE(resync_inside_a_segment),
		CASE(no_find_without_evidence),
		CASE(resync_split_header),
		CASE(joined_at_a_record),
		CASE(joined_and_cut),
		CASE(joined_inside_a_header),
		CASE(search_gives_up),
		CASE(not_rpc),
		CASE(strict_at_first),
		CASE(false_finds_are_bounded),
		CASE(impossible_mark_tells_once),
		CASE(other_rpc_version),
		CASE(unfinished),
		CASE(over_limit),
		CASE(gathered_in_all),
		CASE(evicted_anywhere),
		CASE(evicted_while_searching),
		CASE(frame_of_a_carried_mark),
		CASE(loose),
		cmocka_unit_test(plausible_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
