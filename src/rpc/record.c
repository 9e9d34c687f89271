/*
 * How it works: a state machine over the octets that were pushed (resync.h has a
 * table of its states). A record that lies whole in one segment as one fragment is
 * handed on where it stands; any other is put together in a buffer (gather.h).
 * A record's first octets decide whether it is RPC: strictly while the
 * direction is unknown; in one that has been RPC a sane mark and a message type
 * are enough, since the marks vouch for the rest and message.h tells what is
 * wrong inside. Whatever cannot be read leads to the search in resync.c.
 */
#include "record.h"

#include "gather.h"
#include "plausible.h"
#include "resync.h"
#include "tls.h"
#include "unusual.h"

static const char impossible_mark[] = "a record mark that cannot be one";
static const char not_rpc[] = "octets that are not RPC where a record should begin";

/* The record that was being read is over, handed on or not. */
static void
forget(struct record_reader *reader)
{
	gather_drop(reader);
	reader->state = READER_MARK;
	reader->last = reader->empty = reader->judged = false;
	reader->lost = reader->handed = false;
	reader->skipped += reader->taken;
	reader->taken = 0;
	reader->mark_octets = 0;
	reader->remaining = reader->fragments = reader->length = 0;
}

/* The place of the next mark is not known any more. */
static void
lose_place(struct record_reader *reader)
{
	forget(reader);
	reader->state = READER_SEARCH;
	reader->midway = reader->resync = true;
	reader->tail_starts = 0;
	reader->searched = 0;
}

/* What was read is no record. */
UNUSUAL static void
reject(struct record_reader *reader, const struct record_sink *sink,
       const struct packet *packet, const char *reason)
{
	if (reader->rpc)
		sink->malformed(sink->context, packet, reason);
	bool search = reader->rpc || reader->midway;
	if (!search)
		reader->foreign = true;
	uint32_t searched = reader->rpc ? 0 : reader->searched;
	lose_place(reader);
	reader->searched = searched;
	if (!search || searched > LIMIT_SEARCH_OCTETS)
		reader->state = READER_STARTS;
}

/* Do these first octets of the present record let it pass? */
static bool
acceptable(const struct record_reader *reader, const uint8_t *octets, uint32_t captured,
	   uint32_t length, bool complete)
{
	if (!reader->rpc)
		return plausible_header(octets, captured, length, complete) != PLAUSIBLE_NO;
	if (captured < PLAUSIBLE_TYPE)
		return !complete || length >= PLAUSIBLE_TYPE;
	return plausible_word(octets + 4) <= 1; /* CALL or REPLY */
}

static void
passed(struct record_reader *reader)
{
	reader->rpc = true;
	reader->resync = false;
	reader->searched = 0;
}

/* Hands on what was gathered; `packet` is of the last octets read, NULL when they are lost. */
static void
emit_gathered(struct record_reader *reader, const struct record_sink *sink,
	      const struct packet *packet, unsigned flags)
{
	const struct record_buffer *buffer = reader->buffer;
	const struct packet *latest = &buffer->latest.packet;

	if (!packet || latest->frame.number > packet->frame.number)
		packet = latest;
	if (reader->resync)
		flags |= RECORD_RESYNC;
	if (buffer->over)
		flags |= RECORD_OVER_LIMIT;
	struct record record = {
		.octets = buffer->octets,
		.captured = buffer->used,
		.length = reader->length,
		.extents = buffer->extents.at,
		.extent_count = buffer->extents.count,
		.packet = packet,
		.fragments = reader->fragments,
		.flags = flags,
		.anomaly = reader->empty ? "a record fragment of no octets" : NULL,
	};
	passed(reader);
	reader->handed = true;
	reader->taken = 0;
	sink->record(sink->context, &record);
}

bool
reader_fragment(struct record_reader *reader, uint32_t mark)
{
	uint32_t length = mark & ~RECORD_LAST;

	reader->mark_octets = 0;
	if (length > LIMIT_RECORD_SANE - reader->length)
		return false;
	reader->last = (mark & RECORD_LAST) != 0;
	reader->fragments++;
	reader->length += length;
	reader->remaining = length;
	reader->empty |= length == 0;
	reader->state = READER_BODY;
	return reader->fragments <= reader->length + LIMIT_RECORD_EMPTY;
}

/* The present fragment is read to its end. */
static void
end_fragment(struct record_reader *reader, const struct record_sink *sink,
	     const struct packet *packet)
{
	if (!reader->last) {
		reader->state = READER_MARK;
		return;
	}
	if (!reader->lost && gather_used(reader) == 0) {
		reject(reader, sink, packet, "a record of no octets");
		return;
	}
	if (!reader->lost)
		emit_gathered(reader, sink, packet, 0);
	forget(reader);
}

/* Looks at the gathered octets once, when enough are there. */
static bool
judge(struct record_reader *reader)
{
	uint32_t used = gather_used(reader);
	bool over = reader->remaining == 0 && reader->last;

	if (reader->judged || reader->lost || (used < PLAUSIBLE_ENOUGH && !over))
		return true;
	reader->judged = used > 0 && acceptable(reader, reader->buffer->octets, used,
						reader->length, reader->last);
	return reader->judged;
}

UNUSUAL static void
take_body(struct record_reader *reader, const struct record_sink *sink, struct piece *piece)
{
	uint32_t count = reader->remaining < piece->length ? reader->remaining : piece->length;
	const struct packet *packet = piece->packet;

	if (!reader->lost)
		gather_add(reader, piece->octets, count, packet, piece->from);
	if (!reader->handed)
		reader->taken += count;
	reader->remaining -= count;
	piece_skip(piece, count);
	if (!judge(reader))
		reject(reader, sink, packet, not_rpc);
	else if (reader->remaining == 0)
		end_fragment(reader, sink, packet);
}

/* The octets of the mark, still in reader->mark, are the first of TLS. */
static void
go_over_to_tls(struct record_reader *reader)
{
	reader->taken = 0;
	gather_drop(reader);
	tls_enter(reader);
}

/* A mark that comes in pieces, or whose record does. */
UNUSUAL static void
take_mark(struct record_reader *reader, const struct record_sink *sink, struct piece *piece)
{
	if (!reader->lost)
		gather_note(reader, piece->packet);
	while (reader->mark_octets < 4 && piece->length > 0) {
		reader->mark[reader->mark_octets++] = piece->octets[0];
		reader->taken++;
		piece_skip(piece, 1);
	}
	if (reader->mark_octets < 4)
		return;
	if (reader->fragments == 0 && tls_begins(reader, reader->mark)) {
		go_over_to_tls(reader);
		return;
	}
	if (!reader_fragment(reader, plausible_word(reader->mark))) {
		reject(reader, sink, piece->packet, impossible_mark);
		return;
	}
	if (reader->handed)
		reader->taken = 0; /* a good mark of a record that is known */
	if (reader->remaining == 0)
		take_body(reader, sink, piece);
}

/* A record that lies whole in the piece. False: it does not. */
static bool
take_whole(struct record_reader *reader, const struct record_sink *sink, struct piece *piece)
{
	if (piece->length < 4 || reader->mark_octets > 0 || reader->fragments > 0)
		return false;
	uint32_t mark = plausible_word(piece->octets);
	uint32_t length = mark & ~RECORD_LAST;
	if (!(mark & RECORD_LAST) || length > piece->length - 4)
		return false;
	const struct packet *packet = piece->packet;
	if (!acceptable(reader, piece->octets + 4, length, length, true)) {
		piece_skip(piece, 1); /* so that the search begins after it */
		reader->taken = 1;
		reject(reader, sink, packet, not_rpc);
		return true;
	}
	piece_skip(piece, 4);
	unsigned flags = reader->resync ? RECORD_RESYNC : 0;
	passed(reader);
	reader_emit_whole(sink, piece_until(*piece, length), flags);
	piece_skip(piece, length);
	return true;
}

/* While the place of the next record is not known: a segment that begins with TLS. */
UNUSUAL static bool
take_tls(struct record_reader *reader, const struct piece *piece)
{
	if (!reader->secured || !piece->start || piece->length < TLS_BEGINNING ||
	    !tls_begins(reader, piece->octets))
		return false;
	reader->skipped += gather_used(reader);
	forget(reader);
	reader->tail_starts = 0;
	tls_enter(reader);
	return true;
}

/* The usual case, in a direction that has been RPC: a record is all there is. */
static bool
is_one_record(const struct record_reader *reader, const uint8_t *octets, uint32_t length)
{
	return reader->state == READER_MARK && reader->mark_octets == 0 && reader->rpc &&
	       !reader->resync && reader->fragments == 0 && length >= 4 + PLAUSIBLE_TYPE &&
	       plausible_word(octets) == (RECORD_LAST | (length - 4)) &&
	       plausible_word(octets + 8) <= 1; /* CALL or REPLY */
}

/* Anything else. */
UNUSUAL static void
take_pieces(struct record_reader *reader, const struct record_sink *sink, struct piece piece)
{
	/* One octet into an unknown place may be a keep-alive's. */
	if (piece.length > 1 || !reader->midway)
		reader->seen = true;
	while (piece.length > 0) {
		switch ((enum reader_state)reader->state) {
		case READER_MARK:
			if (!take_whole(reader, sink, &piece))
				take_mark(reader, sink, &piece);
			break;
		case READER_BODY:
			take_body(reader, sink, &piece);
			break;
		case READER_SEARCH:
		case READER_STARTS:
			if (!take_tls(reader, &piece))
				resync_search(reader, &piece);
			break;
		case READER_TLS:
			tls_push(reader, &piece);
			break;
		case READER_ENDED:
			return;
		}
	}
}

void
record_push(struct record_reader *reader, const struct record_sink *sink, const uint8_t *octets,
	    uint32_t length, const struct packet *packet, uint32_t from)
{
	if (is_one_record(reader, octets, length))
		reader_emit_whole(
			sink, (struct piece){octets + 4, length - 4, from + 4, packet, false},
			0);
	else
		take_pieces(reader, sink, (struct piece){octets, length, from, packet, true});
}

/*
 * Octets of the record being read are missing: hands on those at hand. False
 * when they are not enough to say that it is RPC.
 */
static bool
cut(struct record_reader *reader, const struct record_sink *sink, unsigned flag, uint32_t least)
{
	uint32_t used = gather_used(reader);

	if (reader->lost)
		return true;
	if (used == 0)
		return reader->rpc;
	if (!reader->judged &&
	    !acceptable(reader, reader->buffer->octets, used, reader->length, reader->last))
		return false;
	if (!reader->judged && !reader->rpc && used < least)
		return false;
	if (used >= PLAUSIBLE_TYPE)
		emit_gathered(reader, sink, NULL, flag);
	return true;
}

UNUSUAL void
record_gap(struct record_reader *reader, const struct record_sink *sink, uint32_t length)
{
	if (length == 0 || reader->state == READER_ENDED)
		return;
	if (reader->state == READER_TLS) {
		tls_gap(reader, length);
		return;
	}
	if (reader->state == READER_SEARCH || reader->state == READER_STARTS)
		resync_settle(reader);
	if (reader->state == READER_SEARCH || reader->state == READER_STARTS)
		return;
	bool inside = reader->state == READER_BODY && length <= reader->remaining;
	bool rpc = reader->fragments == 0 || cut(reader, sink, RECORD_CUT, PLAUSIBLE_LEAST);
	if (!inside || !rpc) {
		lose_place(reader);
		return;
	}
	gather_drop(reader);
	reader->lost = true;
	reader->remaining -= length;
	if (reader->remaining == 0)
		end_fragment(reader, sink, NULL);
}

void
record_evict(struct record_reader *reader, const struct record_sink *sink)
{
	if (reader->state == READER_SEARCH || reader->state == READER_STARTS)
		resync_settle(reader);
	if (reader->state != READER_MARK && reader->state != READER_BODY)
		return;
	if (gather_used(reader) > 0 && !cut(reader, sink, RECORD_OVER_LIMIT, PLAUSIBLE_TYPE)) {
		lose_place(reader);
		return;
	}
	reader->lost |= gather_used(reader) > 0;
	gather_drop(reader);
}

void
record_end(struct record_reader *reader, const struct record_sink *sink)
{
	if (reader->state == READER_ENDED)
		return;
	if (reader->state == READER_SEARCH || reader->state == READER_STARTS)
		resync_settle(reader);
	if (reader->fragments > 0)
		cut(reader, sink, RECORD_UNFINISHED, PLAUSIBLE_TYPE);
	if (reader->seen && !reader->rpc && !reader->tls)
		reader->foreign = true;
	forget(reader);
	reader->state = READER_ENDED;
}

void
record_join(struct record_reader *reader)
{
	reader->state = READER_SEARCH;
	reader->midway = true;
}
