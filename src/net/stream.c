/*
 * How it works: `next` is the number of the octet that is due. A segment that
 * begins there goes straight to the record reader; of one that begins before,
 * only what is new does; one that begins after waits in the list of held.c until
 * the hole before it is filled or given up. Holes given up are remembered as
 * ranges: what still comes for them is read outside the order. Numbers are only
 * ever compared by their distance (RFC 9293 section 3.4).
 */
#include "stream.h"

#include "bounds.h"
#include "held.h"
#include "missing.h"
#include "unusual.h"

/* The largest there is (RFC 7323 section 2.3): nothing on its way is farther from `next`. */
#define WINDOW (UINT32_C(1) << 30)
/* A second segment so close behind a far one shows that the numbers have really moved. */
#define NEAR (UINT32_C(1) << 24)

static bool
within(uint32_t number, uint32_t from, uint32_t length)
{
	return number - from < length;
}

/* The first octet's number is known: nothing was read before. */
static void
start(struct streams *streams, struct stream *stream, uint32_t first)
{
	stream->started = true;
	stream->initial = stream->next = first;
	stream->reader.store = &streams->store;
}

UNUSUAL void
stream_begin(struct streams *streams, struct stream *stream, uint32_t syn_sequence)
{
	uint32_t first = syn_sequence + 1;

	if (stream->started && !stream->from_syn && first == stream->initial) {
		/* The SYN came after its data: nothing was missed before them. */
		stream->from_syn = true;
		if (stream->missing_count > 0 && stream->missing[0].to == first)
			missing_remove(stream, 0);
	}
	/* A SYN+ACK with another number before any data: SYN cookies made anew. */
	bool untouched = stream->from_syn && stream->next == stream->initial && !stream->held &&
			 !stream->finished;
	if (stream->started && !untouched)
		return;
	stream->from_syn = true;
	start(streams, stream, first);
}

/* Reads a segment outside the order: only what stands whole in it. */
static void
read_loose(const struct record_sink *sink, const struct segment *segment)
{
	record_loose(sink, segment->octets, segment->captured, segment->packet, segment->from);
}

/*
 * Reads what a late segment brings of holes given up; false when it brings nothing. The
 * segment lies before `next` and everything held lies behind, so the ranges alone decide:
 * octets in one were never read, all others before `next` were, and the first seen stay.
 */
static bool
read_late(struct stream *stream, const struct record_sink *sink, struct segment segment)
{
	bool found = false;

	for (unsigned i = stream->missing_count; i-- > 0;) {
		struct stream_range range = stream->missing[i];
		uint32_t from = segment.sequence, to = segment.sequence + segment.length;
		if (stream->next - range.to > WINDOW)
			continue; /* so long ago that the numbers mean others by now */
		if (sequence_before(from, range.from))
			from = range.from;
		if (sequence_before(range.to, to))
			to = range.to;
		if (!sequence_before(from, to))
			continue;
		struct segment part = segment_until(
			segment_after(segment, from - segment.sequence), to - from);
		read_loose(sink, &part);
		missing_fill(stream, i, from, to);
		found = true;
	}
	return found;
}

/* Hands on the octets at `next`. */
static void
deliver(struct stream *stream, const struct record_sink *sink, const struct segment *segment)
{
	stream->next += segment->length;
	record_push(&stream->reader, sink, segment->octets, segment->captured, segment->packet,
		    segment->from);
	if (segment->captured < segment->length)
		record_gap(&stream->reader, sink, segment->length - segment->captured);
}

/* Hands on the held segments whose turn it is. */
static void
drain(struct streams *streams, struct stream *stream, const struct record_sink *sink)
{
	struct held *held;

	while ((held = stream->held) && !sequence_before(stream->next, held->sequence)) {
		uint32_t old = stream->next - held->sequence;
		struct segment segment = {held->sequence, held->length, held->captured,
					  held->from,     held->octets, &held->copy.packet};
		if (old < held->length) {
			segment = segment_after(segment, old);
			deliver(stream, sink, &segment);
		}
		held_remove(streams, stream);
	}
}

/* Octets are missing for good. */
static void
count_gap(struct streams *streams, struct stream *stream, const struct record_sink *sink,
	  uint32_t length)
{
	if (length == 0)
		return;
	stream->gaps++;
	streams->counts->gaps++;
	streams->counts->lost_octets += length;
	missing_add(stream, stream->next, stream->next + length);
	stream->next += length;
	record_gap(&stream->reader, sink, length);
}

/* Gives up the hole before the first held segment. */
static void
give_up_hole(struct streams *streams, struct stream *stream, const struct record_sink *sink)
{
	count_gap(streams, stream, sink, stream->held->sequence - stream->next);
	drain(streams, stream, sink);
	/* The next hole is as old as the segment behind it. */
	if (stream->held)
		stream->hole_since = stream->held->copy.packet.frame.time;
}

/* It alone: that is a hole. */
static bool
holds_too_much(const struct streams *streams, const struct stream *stream)
{
	return stream->held_count > LIMIT_HELD_SEGMENTS ||
	       stream->held_octets > bound_or(streams->direction_limit, LIMIT_HELD_DIRECTION);
}

static void
keep_within_limits(struct streams *streams, struct stream *stream,
		   const struct record_sink *sink)
{
	while (stream->held) {
		bool all =
			streams->held_octets > bound_or(streams->held_limit, LIMIT_HELD_OCTETS);
		if (!all && !holds_too_much(streams, stream))
			break;
		uint32_t before = stream->held_octets;
		give_up_hole(streams, stream, sink);
		streams->counts->evicted.octets += before - stream->held_octets;
		if (!all)
			streams->counts->evicted.direction += before - stream->held_octets;
	}
}

/*
 * Hands on a segment that begins at `next`. Where it overlaps held ones theirs were seen
 * first: of this one only the octets in the holes between them are taken.
 */
static void
advance(struct streams *streams, struct stream *stream, const struct record_sink *sink,
	struct segment segment)
{
	uint32_t end = segment.sequence + segment.length;

	while (sequence_before(stream->next, end)) {
		segment = segment_after(segment, stream->next - segment.sequence);
		uint32_t hole = segment.length;
		if (stream->held && stream->held->sequence - stream->next < hole)
			hole = stream->held->sequence - stream->next;
		struct segment part = segment_until(segment, hole);
		deliver(stream, sink, &part);
		drain(streams, stream, sink);
	}
	stream->hole_since = segment.packet->frame.time;
}

/*
 * The first segment of a direction whose beginning was not captured. What came before it
 * is a range like a hole given up: what still comes of it is read loose.
 */
static void
join_midway(struct streams *streams, struct stream *stream, uint32_t sequence)
{
	start(streams, stream, sequence);
	missing_add(stream, sequence - WINDOW, sequence);
	record_join(&stream->reader);
}

/*
 * A segment farther from `next` than any window. One may be a stray, so it is
 * read outside the order; a second one behind it means that the capture lost
 * more than a window: true, and the stream goes on there.
 */
static bool
moved_far(struct streams *streams, struct stream *stream, const struct record_sink *sink,
	  const struct segment *segment)
{
	if (!stream->far_seen || !within(segment->sequence, stream->far_next, NEAR)) {
		stream->far_seen = true;
		stream->far_next = segment->sequence + segment->length;
		read_loose(sink, segment);
		return false;
	}
	while (stream->held)
		give_up_hole(streams, stream, sink);
	/* No gap in the counts: whether octets are missing, and how many, nobody can tell. */
	record_gap(&stream->reader, sink, RECORD_GAP_UNKNOWN);
	stream->missing_count = 0;
	stream->finished = false;
	stream->next = segment->sequence;
	return true;
}

static void
note_last(struct stream *stream, const struct packet *packet)
{
	stream->last = packet->sequence;
	stream->last_identification = packet->ip.identification;
	stream->last_time = packet->frame.time;
}

/* All of it was sent before; unless it is the last one captured twice. */
static void
count_retransmit(struct stream *stream, const struct packet *packet)
{
	uint32_t identification = packet->ip.identification;
	int64_t apart = packet->frame.time - stream->last_time;
	int64_t most = identification != 0 ? LIMIT_COPY_AGE : LIMIT_COPY_AGE_NAMELESS;
	bool copy = packet->sequence == stream->last &&
		    identification == stream->last_identification && apart >= -most &&
		    apart <= most;

	stream->retransmits += !copy && !(packet->flags & TCP_SYN);
}

/* Octets at `next`, before it and after it; `new_fin`: and a FIN behind them. */
static void
take(struct streams *streams, struct stream *stream, const struct record_sink *sink,
     struct segment segment, bool new_fin)
{
	uint32_t old = stream->next - segment.sequence;

	if ((int32_t)old < 0) { /* a hole before it */
		if (stream->ended)
			return; /* RFC 9293 section 3.10.7.4: after a FIN no text */
		if (!stream->held)
			stream->hole_since = segment.packet->frame.time;
		if (segment.length > 0 && !held_insert(streams, stream, segment) && !new_fin)
			count_retransmit(stream, segment.packet);
		keep_within_limits(streams, stream, sink);
		return;
	}
	bool keep_alive = old == 1 && segment.length == 1; /* RFC 9293 section 3.8.4 */
	if (old > segment.length)
		old = segment.length;
	/* Before `next` missing[] decides, from `next` on the held segments do. */
	bool late = old > 0 && read_late(stream, sink, segment_until(segment, old));
	if (old == segment.length && segment.length > 0 && !late && !keep_alive && !new_fin)
		count_retransmit(stream, segment.packet);
	else if (old < segment.length && !stream->ended)
		advance(streams, stream, sink, segment_after(segment, old));
}

static void
take_fin(struct stream *stream, uint32_t fin)
{
	if (stream->finished || sequence_before(fin, stream->next))
		return;
	stream->finished = true;
	stream->fin = fin;
}

/* Anything but the usual segment: see stream_push(). */
UNUSUAL static void
push_slowly(struct streams *streams, struct stream *stream, const struct record_sink *sink,
	    const struct segment *segment, bool fin)
{
	if (!stream->started)
		join_midway(streams, stream, segment->sequence);
	if (!within(segment->sequence, stream->next - WINDOW, 2 * WINDOW)) {
		if (!moved_far(streams, stream, sink, segment))
			return;
	}
	stream->far_seen = false;
	uint32_t end = segment->sequence + segment->length;
	bool fin_again = fin && stream->finished && end == stream->fin;
	take(streams, stream, sink, *segment, fin && !fin_again);
	if (fin_again && segment->length == 0)
		count_retransmit(stream, segment->packet);
	if (fin)
		take_fin(stream, end);
	if (!stream->finished || stream->ended || stream->next != stream->fin)
		return;
	stream->ended = true;
	record_end(&stream->reader, sink);
	while (stream->held)
		held_remove(streams, stream);
}

/* Any other segment: see stream_push(). */
UNUSUAL static void
push_other(struct streams *streams, struct stream *stream, const struct record_sink *sink,
	   const struct packet *packet)
{
	uint32_t length = packet_length(packet), captured = packet_captured(packet);
	struct segment segment = {
		packet->sequence,       length, captured < length ? captured : length, 0,
		packet_payload(packet), packet};

	if (packet->flags & TCP_RST)
		return; /* RFC 9293 section 3.5.3: what it carries is not data */
	if (packet->flags & TCP_SYN) {
		stream_begin(streams, stream, packet->sequence);
		segment.sequence++;
	}
	if (length > 0 || packet->flags & TCP_FIN)
		push_slowly(streams, stream, sink, &segment, (packet->flags & TCP_FIN) != 0);
	note_last(stream, packet);
}

void
stream_push(struct streams *streams, struct stream *stream, const struct record_sink *sink,
	    const struct packet *packet)
{
	uint32_t length = packet_length(packet);
	bool control = packet->flags & (TCP_SYN | TCP_FIN | TCP_RST);

	if (length == 0 && !control)
		return; /* a pure ACK, whose number may be a keep-alive's */
	if (control || packet->sequence != stream->next || !stream->started ||
	    stream->finished || stream->held || packet_is_cut(packet)) {
		push_other(streams, stream, sink, packet);
		return;
	}
	/* just the octets that are due, and nothing waits behind them */
	stream->far_seen = false;
	stream->next += length;
	note_last(stream, packet);
	record_push(&stream->reader, sink, packet_payload(packet), length, packet, 0);
}

UNUSUAL void
stream_acknowledged(struct streams *streams, struct stream *stream,
		    const struct record_sink *sink, uint32_t acknowledgment, int64_t time)
{
	while (stream->held) {
		uint32_t past = acknowledgment - stream->next;
		uint32_t hole = stream->held->sequence - stream->next;
		if (past >= WINDOW || past < hole || time - stream->hole_since < LIMIT_HOLE_AGE)
			return;
		give_up_hole(streams, stream, sink);
	}
}

void
stream_end(struct streams *streams, struct stream *stream, const struct record_sink *sink)
{
	while (stream->held)
		give_up_hole(streams, stream, sink);
	if (stream->finished && sequence_before(stream->next, stream->fin))
		count_gap(streams, stream, sink, stream->fin - stream->next);
	record_end(&stream->reader, sink);
	stream->ended = true;
	if (stream->counted)
		return;
	stream->counted = true;
	if (stream->reader.rpc)
		streams->counts->skipped += stream->reader.skipped;
	else if (stream->reader.foreign)
		streams->counts->not_rpc++;
}

void
stream_release(struct streams *streams, struct stream *stream)
{
	while (stream->held)
		held_remove(streams, stream);
	record_reader_release(&stream->reader);
}

void
streams_init(struct streams *streams, struct counts *counts)
{
	*streams = (struct streams){.counts = counts};
	spares_init(&streams->held, 1);
}

void
streams_release(struct streams *streams)
{
	spares_release(&streams->held);
	record_store_release(&streams->store);
}
