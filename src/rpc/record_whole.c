/* record_whole: hands on a record that lies whole in one segment, where it stands. */
#include "resync.h"
#include "unusual.h"

static void
emit_one(const struct record_sink *sink, struct piece piece, unsigned flags,
	 const struct extents *extents)
{
	struct record record = {
		.octets = piece.octets,
		.captured = piece.length,
		.length = piece.length,
		.extents = extents->at,
		.extent_count = extents->count,
		.packet = piece.packet,
		.fragments = 1,
		.flags = flags,
	};
	sink->record(sink->context, &record);
}

/* Of a datagram that was put together. */
UNUSUAL static void
emit_of_pieces(const struct record_sink *sink, struct piece piece, unsigned flags)
{
	struct extents extents = {0};
	extents_add(&extents, 0, piece.packet, piece.from, piece.length);
	emit_one(sink, piece, flags, &extents);
	extents_release(&extents);
}

void
reader_emit_whole(const struct record_sink *sink, struct piece piece, unsigned flags)
{
	struct extent extent;
	if (piece.packet->pieces) {
		emit_of_pieces(sink, piece, flags);
		return;
	}
	extent_set(&extent, 0, piece.packet, piece.from, piece.length);
	emit_one(sink, piece, flags, &(struct extents){&extent, 1, 1});
}
