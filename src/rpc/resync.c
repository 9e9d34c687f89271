/*
 * How it works: a place is looked at with plausible_mark(), the start of the
 * segment first and then octet by octet. The first octets of a segment are
 * taken for a record when nothing speaks against it; any other place also needs
 * a record that ends with the segment, or one that another follows, or a call
 * that goes on in the next. Where a header may be split, the octets from there
 * on are carried over to the next segment (never more than a header's worth).
 */
#include "resync.h"

#include <string.h>

#include "gather.h"
#include "plausible.h"
#include "unusual.h"

enum { LOOK_OCTETS = 4 + PLAUSIBLE_ENOUGH };

/* The octets carried over and those of the piece as one row. */
struct row {
	const uint8_t *tail, *octets;
	uint32_t tail_length, length; /* of the tail; of both */
	uint64_t tail_starts;         /* see record.h */
	bool piece_start;             /* a segment begins with the piece */
	bool starts_only;
};

static struct row
row_of(const struct record_reader *reader, const struct piece *piece)
{
	return (struct row){
		.tail = reader->buffer ? reader->buffer->octets : NULL,
		.octets = piece->octets,
		.tail_length = gather_used(reader),
		.length = gather_used(reader) + piece->length,
		.tail_starts = reader->tail_starts,
		.piece_start = piece->start,
		.starts_only = reader->state == READER_STARTS,
	};
}

static bool
is_start(const struct row *row, uint32_t at)
{
	if (at < row->tail_length)
		return at < 64 && (row->tail_starts >> at & 1);
	return at == row->tail_length && row->piece_start;
}

static enum plausible
look(const struct row *row, uint32_t at, bool anywhere)
{
	uint8_t both[LOOK_OCTETS];

	if (at >= row->tail_length)
		return plausible_mark(row->octets + (at - row->tail_length), row->length - at,
				      anywhere);
	uint32_t in_tail = row->tail_length - at;
	if (in_tail >= sizeof both)
		return plausible_mark(row->tail + at, in_tail, anywhere);
	uint32_t more = row->length - row->tail_length;
	if (more > sizeof both - in_tail)
		more = (uint32_t)sizeof both - in_tail;
	memcpy(both, row->tail + at, in_tail);
	memcpy(both + in_tail, row->octets, more);
	return plausible_mark(both, in_tail + more, anywhere);
}

static uint8_t
octet_at(const struct row *row, uint32_t at)
{
	return at < row->tail_length ? row->tail[at] : row->octets[at - row->tail_length];
}

static uint32_t
word_at(const struct row *row, uint32_t at)
{
	return (uint32_t)octet_at(row, at) << 24 | (uint32_t)octet_at(row, at + 1) << 16 |
	       (uint32_t)octet_at(row, at + 2) << 8 | octet_at(row, at + 3);
}

/* A plausible record not at a segment's start: does its end bear it out? */
static bool
borne_out(const struct row *row, uint32_t at)
{
	uint32_t left = row->length - at - 4, length = word_at(row, at) & ~RECORD_LAST;

	if (length == left)
		return true;
	if (length > left)
		return word_at(row, at + 8) == 0; /* CALL */
	return look(row, at + 4 + length, true) != PLAUSIBLE_NO;
}

/* The place after `at` that is worth a look; row->length when there is none. */
static uint32_t
place_after(const struct row *row, uint32_t at)
{
	at++;
	while (row->starts_only && at < row->length && !is_start(row, at))
		at = at < row->tail_length ? at + 1 : row->length;
	while (at < row->length && !is_start(row, at) && (octet_at(row, at) & 0xf8) != 0x80)
		at++; /* no sane mark of a last fragment */
	return at;
}

/* Finds a record in the row: its place, or row->length; *perhaps is the first doubtful one. */
static uint32_t
find(const struct row *row, uint32_t *perhaps)
{
	uint32_t at = 0;

	*perhaps = row->length;
	if (row->starts_only && !is_start(row, 0))
		at = place_after(row, 0);
	for (; at < row->length; at = place_after(row, at)) {
		bool start = is_start(row, at);
		enum plausible answer = look(row, at, !start);
		if (answer == PLAUSIBLE_YES && (start || borne_out(row, at)))
			return at;
		if (answer == PLAUSIBLE_MAYBE && *perhaps == row->length)
			*perhaps = at;
	}
	return row->length;
}

/* Octets before a record, or where there is none. */
static void
skipped(struct record_reader *reader, uint32_t count)
{
	reader->skipped += count;
	reader->resync |= count > 0;
}

/* The record begins in the octets carried over: goes on as if they had just been read. */
static void
begin_in_tail(struct record_reader *reader, uint32_t at)
{
	uint32_t in_tail = reader->buffer->used - at;

	skipped(reader, at);
	reader->tail_starts = 0;
	reader->taken = in_tail;
	if (in_tail < 4) {
		memcpy(reader->mark, reader->buffer->octets + at, in_tail);
		reader->mark_octets = (uint8_t)in_tail;
		reader->state = READER_MARK;
		gather_trim(reader, reader->buffer->used); /* whose packet counts still */
		return;
	}
	uint32_t mark = plausible_word(reader->buffer->octets + at);
	gather_trim(reader, at + 4);
	uint32_t used = gather_used(reader);
	reader_fragment(reader, mark); /* it is sane, or plausible_mark() had said no */
	/* A record that lies whole in the tail was found before it was carried over. */
	if (used > reader->remaining) {
		skipped(reader, used - reader->remaining);
		reader->taken -= used - reader->remaining;
		reader->buffer->used = used = reader->remaining;
	}
	reader->remaining -= used;
}

/* Carries the row's octets from `at` on over to the next segment. */
static void
carry(struct record_reader *reader, const struct row *row, struct piece *piece, uint32_t at)
{
	uint64_t starts = 0;

	for (uint32_t i = at; i < row->length && i <= row->tail_length; i++)
		starts |= (uint64_t)is_start(row, i) << (i - at);
	reader->tail_starts = starts;
	skipped(reader, at);
	if (at >= row->tail_length) {
		gather_drop(reader);
		piece_skip(piece, at - row->tail_length);
	} else if (at > 0) {
		gather_trim(reader, at);
	}
	gather_add(reader, piece->octets, piece->length, piece->packet, piece->from);
}

UNUSUAL void
resync_search(struct record_reader *reader, struct piece *piece)
{
	struct row row = row_of(reader, piece);
	uint32_t perhaps, at = find(&row, &perhaps);

	if (at < row.tail_length) {
		begin_in_tail(reader, at);
		return;
	}
	if (at < row.length) {
		skipped(reader, at);
		gather_drop(reader);
		piece_skip(piece, at - row.tail_length);
		reader->state = READER_MARK;
		return;
	}
	if (reader->searched <= LIMIT_SEARCH_OCTETS)
		reader->searched += piece->length;
	if (reader->searched > LIMIT_SEARCH_OCTETS)
		reader->state = READER_STARTS;
	if (perhaps < row.length && row.length - perhaps <= LOOK_OCTETS) {
		carry(reader, &row, piece, perhaps);
	} else {
		gather_drop(reader);
		skipped(reader, row.length);
	}
	piece_skip(piece, piece->length);
}

void
resync_settle(struct record_reader *reader)
{
	uint32_t used = gather_used(reader);

	if (reader->tail_starts & 1 && used >= 4 + PLAUSIBLE_LEAST &&
	    plausible_mark(reader->buffer->octets, used, false) != PLAUSIBLE_NO) {
		begin_in_tail(reader, 0);
		return;
	}
	skipped(reader, used);
	reader->tail_starts = 0;
	gather_drop(reader);
}

/* A plausible single-fragment record that lies whole at `at`. */
static bool
whole_at(const struct row *row, uint32_t at, uint32_t *length)
{
	if (row->length - at < 4 || look(row, at, true) != PLAUSIBLE_YES)
		return false;
	*length = word_at(row, at) & ~RECORD_LAST;
	return *length <= row->length - at - 4;
}

void
record_loose(const struct record_sink *sink, const uint8_t *octets, uint32_t length,
	     const struct packet *packet, uint32_t from)
{
	struct row row = {.octets = octets, .length = length, .piece_start = true};
	uint32_t at = 0, size = 0;
	bool trusted = true; /* the segment's start, or the end of a record */

	while (at < length) {
		if (!whole_at(&row, at, &size) || (!trusted && !borne_out(&row, at))) {
			at = place_after(&row, at);
			trusted = false;
			continue;
		}
		struct piece piece = {octets + at + 4, size, from + at + 4, packet, false};
		reader_emit_whole(sink, piece, 0);
		at += 4 + size;
		trusted = true;
	}
}
