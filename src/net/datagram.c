/*
 * The octets of a fragment go to their place in the buffer at once. There is a bit
 * for every eight octets, and the pieces stand in order of arrival: the runs of
 * units that a fragment was the first to bring. So a fragment costs its own length,
 * whatever came before it, and the pieces are sorted once, when all bits up to the
 * end are set (the idea of RFC 815, with bits for its holes).
 *
 * What the snap length cut lowers `cut`, the first octet that is not at hand; it
 * counts as come all the same, also when a longer copy of it comes later.
 */
#include "datagram.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT = DATAGRAM_UNIT };

/* A fragment's place in its datagram. */
struct part {
	const uint8_t *octets;
	uint32_t begin, end;   /* by its header's word */
	uint32_t at_hand;      /* end of what was captured */
	uint32_t frame_offset; /* of its first octet */
	uint64_t frame;
};

void
datagram_store_init(struct datagram_store *store)
{
	spares_init(&store->octets, 1);
	spares_init(&store->pieces, sizeof(struct extent));
}

void
datagram_store_release(struct datagram_store *store)
{
	spares_release(&store->octets);
	spares_release(&store->pieces);
}

void
datagram_release(struct datagram *datagram)
{
	struct datagram_store *store = datagram->store;
	spares_put(&store->octets, datagram->octets, datagram->capacity);
	spares_put(&store->pieces, datagram->pieces, datagram->piece_capacity);
}

size_t
datagram_size(const struct datagram *datagram)
{
	return sizeof *datagram + datagram->capacity +
	       datagram->piece_capacity * sizeof *datagram->pieces;
}

bool
datagram_whole(const struct datagram *datagram)
{
	return datagram->ends && datagram->units == (datagram->length + UNIT - 1) / UNIT;
}

static bool
unit_come(const struct datagram *datagram, uint32_t unit)
{
	return (datagram->come[unit / 64] >> unit % 64 & 1) != 0;
}

/* Units from there that are alike: the end of the run, and whether they had come. */
static uint32_t
unit_run(const struct datagram *datagram, uint32_t from, uint32_t to, bool *come)
{
	*come = unit_come(datagram, from);
	do
		from++;
	while (from < to && unit_come(datagram, from) == *come);
	return from;
}

/* Octets [begin, end) that nobody has brought yet. */
static void
take_run(struct datagram *datagram, const struct part *part, uint32_t begin, uint32_t end)
{
	uint32_t stop = part->at_hand < end ? part->at_hand : end;
	for (uint32_t unit = begin / UNIT; unit * UNIT < end; unit++, datagram->units++)
		datagram->come[unit / 64] |= UINT64_C(1) << unit % 64;
	if (stop < begin)
		stop = begin;
	if (stop < end && stop < datagram->cut)
		datagram->cut = stop;
	/* Grown even for no octets: pieces that are NULL say "all in the frame". */
	datagram->pieces = spares_grow(&datagram->store->pieces, datagram->pieces,
				       &datagram->piece_capacity, datagram->piece_count + 1);
	if (stop == begin)
		return;
	memcpy(datagram->octets + begin, part->octets + (begin - part->begin), stop - begin);
	datagram->pieces[datagram->piece_count++] = (struct extent){
		part->frame, begin, stop - begin, part->frame_offset + (begin - part->begin)};
}

/* Do octets [begin, end), which came before, come otherwise now? Behind `cut` nobody asks. */
static bool
differs(const struct datagram *datagram, const struct part *part, uint32_t begin, uint32_t end)
{
	if (end > datagram->cut)
		end = datagram->cut;
	if (end > part->at_hand)
		end = part->at_hand;
	return begin < end && memcmp(datagram->octets + begin,
				     part->octets + (begin - part->begin), end - begin) != 0;
}

/* False when it overlaps what came before with other octets. */
static bool
take_part(struct datagram *datagram, const struct part *part)
{
	uint32_t last = (part->end + UNIT - 1) / UNIT;
	bool same = true;
	datagram->octets = spares_grow(&datagram->store->octets, datagram->octets,
				       &datagram->capacity, part->end);
	for (uint32_t unit = part->begin / UNIT; unit < last;) {
		bool come;
		uint32_t next = unit_run(datagram, unit, last, &come);
		uint32_t end = next * UNIT < part->end ? next * UNIT : part->end;
		if (!come)
			take_run(datagram, part, unit * UNIT, end);
		else if (differs(datagram, part, unit * UNIT, end))
			same = false;
		unit = next;
	}
	return same;
}

/* Two ends, or octets behind the end, cannot both be true: what came first stays. */
static bool
part_fits(const struct datagram *datagram, const struct packet *packet, uint32_t end)
{
	if (packet->ip.more_fragments)
		return !datagram->ends || end <= datagram->length;
	return datagram->ends ? end == datagram->length : end >= datagram->reach;
}

bool
datagram_take(struct datagram *datagram, const struct packet *packet)
{
	uint32_t length = packet->datagram_length, captured = packet->datagram_captured;
	uint32_t begin = packet->ip.fragment_offset, end = begin + length;
	if (!part_fits(datagram, packet, end))
		return false;
	if (!packet->ip.more_fragments) {
		datagram->ends = true;
		datagram->length = end;
	}
	if (end > datagram->reach)
		datagram->reach = end;
	if (begin == 0)
		datagram->protocol = packet->ip.protocol;
	const struct part part = {
		.octets = packet->datagram,
		.begin = begin,
		.end = end,
		.at_hand = begin + (captured < length ? captured : length),
		.frame_offset = (uint32_t)(packet->datagram - packet->frame.octets),
		.frame = packet->frame.number,
	};
	return begin == end || take_part(datagram, &part);
}

static int
piece_order(const void *a, const void *b)
{
	const struct extent *one = a, *other = b;
	return one->offset < other->offset ? -1 : one->offset > other->offset;
}

void
datagram_sort(struct datagram *datagram)
{
	qsort(datagram->pieces, datagram->piece_count, sizeof *datagram->pieces, piece_order);
	while (datagram->piece_count > 0) {
		struct extent *last = &datagram->pieces[datagram->piece_count - 1];
		if (last->offset + last->length <= datagram->cut)
			return;
		if (last->offset < datagram->cut) {
			last->length = datagram->cut - last->offset;
			return;
		}
		datagram->piece_count--;
	}
}
