/*
 * How it works: octets are appended to one block that doubles as it grows, their
 * origin to a list of extents. The packet of the highest frame is copied,
 * because frames that were held out of order come after the one that filled
 * their hole and yet have lower numbers. Buffers in use stand on a list by when
 * octets last came, so that records which have come to a halt give way to those
 * that move. Buffers go back to a short list in the store, or to the heap.
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
	if (store)
		store_room(store, NULL, sizeof *buffer);
	if (store && store->spare) {
		buffer = store->spare;
		store->spare = buffer->older;
		store->spares--;
		store->octets += buffer->charge;
	} else {
		buffer = memory_get(sizeof *buffer);
		buffer_charge(buffer, store);
	}
	if (store)
		store_append(store, buffer);
	buffer->reader = reader;
	reader->buffer = buffer;
	return buffer;
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
	uint32_t left = LIMIT_RECORD - buffer->used;
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
	struct record_buffer *buffer = buffer_of(reader);
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
	struct record_store *store = reader->store;

	if (!buffer)
		return;
	reader->buffer = NULL;
	if (store) {
		store_unlink(store, buffer);
		store->octets -= buffer->charge;
	}
	if (!store || store->spares == GATHER_SPARES || buffer->charge > GATHER_SPARE_OCTETS) {
		buffer_free(buffer);
		return;
	}
	buffer->used = 0;
	buffer->over = false;
	buffer->extents.count = 0;
	buffer->latest.packet.frame.number = 0;
	buffer->older = store->spare;
	store->spare = buffer;
	store->spares++;
}

void
record_reader_release(struct record_reader *reader)
{
	gather_drop(reader);
}

void
record_store_release(struct record_store *store)
{
	while (store->spare) {
		struct record_buffer *buffer = store->spare;
		store->spare = buffer->older;
		buffer_free(buffer);
	}
	store->spares = 0;
}
