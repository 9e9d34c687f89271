/*
 * How it works: octets are appended to one block that doubles as it grows, their
 * origin to a list of extents. The packet of the highest frame is copied,
 * because frames that were held out of order come after the one that filled
 * their hole and yet have lower numbers. Buffers in use stand on a list by when
 * octets last came, so that records which have come to a halt give way to those
 * that move. Buffers go back to a short list in the store, on which those that nobody
 * took for longest give way to others, or to the heap.
 */
#include "gather.h"

#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "memory.h"

enum { FIRST_CAPACITY = 512 };

static void
store_append(struct record_store *store, struct record_buffer *buffer)
{
	buffer->older = store->newest;
	buffer->newer = NULL;
	if (store->newest)
		store->newest->newer = buffer;
	else
		store->oldest = buffer;
	store->newest = buffer;
}

static void
store_unlink(struct record_store *store, struct record_buffer *buffer)
{
	if (buffer->older)
		buffer->older->newer = buffer->newer;
	else
		store->oldest = buffer->newer;
	if (buffer->newer)
		buffer->newer->older = buffer->older;
	else
		store->newest = buffer->older;
}

static void
buffer_free(struct record_buffer *buffer)
{
	extents_release(&buffer->extents);
	free(buffer->octets);
	free(buffer);
}

/* Keeps account of what the buffer holds. */
static void
buffer_charge(struct record_buffer *buffer, struct record_store *store)
{
	uint32_t charge = (uint32_t)sizeof *buffer + buffer->capacity +
			  (uint32_t)(buffer->extents.capacity * sizeof(struct extent));

	if (store)
		store->octets = store->octets + charge - buffer->charge;
	buffer->charge = charge;
}

/* Makes room in the store for that many octets more: others give way, oldest first. */
static bool
store_room(struct record_store *store, const struct record_buffer *buffer, size_t more)
{
	while (store->octets + more > bound_or(store->limit, LIMIT_GATHER_OCTETS)) {
		struct record_buffer *oldest = store->oldest;
		if (!store->evict || !oldest || oldest == buffer)
			return false;
		struct record_reader *reader = oldest->reader;
		store->evict(store->context, reader);
		gather_drop(reader); /* whatever was made of it */
	}
	return true;
}

/* Takes it from the spares; `place` is what points to it. */
static struct record_buffer *
spare_unlink(struct record_store *store, struct record_buffer **place)
{
	struct record_buffer *spare = *place;
	*place = spare->older;
	store->spares--;
	store->spare_octets -= spare->charge;
	return spare;
}

static bool
spares_too_many(const struct record_store *store)
{
	return store->spares > GATHER_SPARES || store->spare_octets > GATHER_SPARES_OCTETS;
}

static void
spare_add(struct record_store *store, struct record_buffer *buffer)
{
	buffer->older = store->spare;
	store->spare = buffer;
	store->spares++;
	store->spare_octets += buffer->charge;
	while (store->spare && spares_too_many(store)) {
		struct record_buffer **last = &store->spare;
		while ((*last)->older)
			last = &(*last)->older;
		buffer_free(spare_unlink(store, last));
	}
}

/* Does this one suit a record of that length better than the other, NULL for none? */
static bool
spare_better(const struct record_buffer *one, const struct record_buffer *other,
	     uint32_t length)
{
	if (!other || (one->capacity >= length) != (other->capacity >= length))
		return !other || one->capacity >= length;
	return one->capacity >= length ? one->capacity < other->capacity
				       : one->capacity > other->capacity;
}

/* A spare for what is known of the reader's record, one that suits it better than the
 * buffer that it has: the smallest that holds it, or else the largest. */
static struct record_buffer *
spare_take(struct record_store *store, const struct record_reader *reader)
{
	const struct record_buffer *best = reader->buffer;
	struct record_buffer **place = NULL;
	for (struct record_buffer **at = &store->spare; *at; at = &(*at)->older) {
		bool common = (*at)->charge <= GATHER_SPARE_COMMON;
		if (!common && (*at)->capacity / 2 > reader->length)
			continue;
		if (spare_better(*at, best, reader->length)) {
			best = *at;
			place = at;
		}
	}
	return place ? spare_unlink(store, place) : NULL;
}

/* Makes it the reader's, and the newest. */
static void
buffer_use(struct record_reader *reader, struct record_buffer *buffer)
{
	struct record_store *store = reader->store;

	if (store) {
		store->octets += buffer->charge;
		store_append(store, buffer);
	}
	buffer->reader = reader;
	reader->buffer = buffer;
}

/* What the reader leaves, to be used again where there is a place for it. */
static void
buffer_put(struct record_store *store, struct record_buffer *buffer)
{
	if (store) {
		store_unlink(store, buffer);
		store->octets -= buffer->charge;
	}
	if (!store || buffer->charge > GATHER_SPARES_OCTETS) {
		buffer_free(buffer);
		return;
	}
	buffer->used = 0;
	buffer->over = false;
	buffer->extents.count = 0;
	buffer->latest.packet.frame.number = 0;
	spare_add(store, buffer);
}

/* The reader's buffer, made the newest. */
static struct record_buffer *
buffer_of(struct record_reader *reader)
{
	struct record_store *store = reader->store;
	struct record_buffer *buffer = reader->buffer;

	if (buffer && store && store->newest != buffer) {
		store_unlink(store, buffer);
		store_append(store, buffer);
	}
	if (buffer)
		return buffer;
	buffer = store ? spare_take(store, reader) : NULL;
	if (!buffer) {
		buffer = memory_get(sizeof *buffer);
		buffer_charge(buffer, NULL);
	}
	if (store)
		store_room(store, NULL, buffer->charge);
	buffer_use(reader, buffer);
	return buffer;
}

/* The buffer was taken for the mark, when the record's length was not known: now that it is,
 * and nothing has come yet, a spare that suits it better takes its place. */
static void
buffer_fit(struct record_reader *reader)
{
	struct record_buffer *noted = reader->buffer;
	bool fits = noted->over || noted->used > 0 || noted->capacity >= reader->length;
	struct record_buffer *spare =
		fits || !reader->store ? NULL : spare_take(reader->store, reader);

	if (!spare)
		return;
	packet_copy(&spare->latest, &noted->latest.packet);
	buffer_put(reader->store, noted);
	buffer_use(reader, spare);
}

/* How large a block becomes to hold `wanted` octets of the reader's record. */
static uint32_t
capacity_for(const struct record_reader *reader, uint32_t wanted)
{
	uint32_t capacity =
		reader->buffer->capacity ? reader->buffer->capacity : FIRST_CAPACITY;

	while (capacity < wanted)
		capacity *= 2;
	/* Once the record's length is known it need not be larger than that. */
	if (reader->last && capacity > reader->length && reader->length >= wanted)
		capacity = reader->length;
	return capacity;
}

/* How many of `length` octets more there is room for; grows the block to hold them. */
static uint32_t
buffer_room(const struct record_reader *reader, uint32_t length)
{
	struct record_buffer *buffer = reader->buffer;
	uint32_t most = bound_or(reader->store ? reader->store->record_limit : 0, LIMIT_RECORD);
	uint32_t left = most - buffer->used;
	uint32_t wanted = buffer->used + (length < left ? length : left);

	if (buffer->extents.count >= LIMIT_GATHER_EXTENTS)
		return 0;
	if (wanted <= buffer->capacity)
		return wanted - buffer->used;
	uint32_t capacity = capacity_for(reader, wanted);
	if (reader->store && !store_room(reader->store, buffer, capacity - buffer->capacity))
		return buffer->capacity - buffer->used;
	buffer->octets = memory_resize(buffer->octets, capacity);
	buffer->capacity = capacity;
	return wanted - buffer->used;
}

void
gather_add(struct record_reader *reader, const uint8_t *octets, uint32_t length,
	   const struct packet *packet, uint32_t from)
{
	if (length == 0)
		return;
	buffer_of(reader);
	buffer_fit(reader);
	struct record_buffer *buffer = reader->buffer;
	/* After octets that were let go nothing more may be appended. */
	uint32_t room = buffer->over ? 0 : buffer_room(reader, length);
	if (packet->frame.number > buffer->latest.packet.frame.number)
		packet_copy(&buffer->latest, packet);
	if (room < length)
		buffer->over = true;
	if (room == 0)
		return;
	memcpy(buffer->octets + buffer->used, octets, room);
	extents_add(&buffer->extents, buffer->used, packet, from, room);
	buffer->used += room;
	buffer_charge(buffer, reader->store);
	if (reader->store)
		store_room(reader->store, buffer, 0); /* for what the extents take */
}

void
gather_note(struct record_reader *reader, const struct packet *packet)
{
	struct record_buffer *buffer = buffer_of(reader);

	if (packet->frame.number > buffer->latest.packet.frame.number)
		packet_copy(&buffer->latest, packet);
}

void
gather_trim(struct record_reader *reader, uint32_t count)
{
	struct record_buffer *buffer = reader->buffer;
	size_t kept = 0;

	memmove(buffer->octets, buffer->octets + count, buffer->used - count);
	buffer->used -= count;
	for (size_t i = 0; i < buffer->extents.count; i++) {
		struct extent extent = buffer->extents.at[i];
		uint32_t end = extent.offset + extent.length;
		if (end <= count)
			continue;
		uint32_t cut = extent.offset < count ? count - extent.offset : 0;
		extent.offset += cut - count;
		extent.length -= cut;
		extent.frame_offset += cut;
		buffer->extents.at[kept++] = extent;
	}
	buffer->extents.count = kept;
}

void
gather_drop(struct record_reader *reader)
{
	struct record_buffer *buffer = reader->buffer;

	reader->buffer = NULL;
	if (buffer)
		buffer_put(reader->store, buffer);
}

void
record_reader_release(struct record_reader *reader)
{
	gather_drop(reader);
}

void
record_store_release(struct record_store *store)
{
	while (store->spare)
		buffer_free(spare_unlink(store, &store->spare));
}
