/*
 * How it works: octets are appended to one block that doubles as it grows, their
 * origin to a list of extents. The packet of the highest frame is copied,
 * because frames that were held out of order come after the one that filled
 * their hole and yet have lower numbers. Buffers go back to a short list in the
 * store, or to the heap.
 */
#include "gather.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { FIRST_CAPACITY = 512 };

static struct record_buffer *
buffer_take(struct record_store *store)
{
	if (!store || !store->spare)
		return memory_get(sizeof(struct record_buffer));
	struct record_buffer *buffer = store->spare;
	store->spare = buffer->next;
	store->spares--;
	store->octets += buffer->charge;
	return buffer;
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
	uint32_t charge =
		buffer->capacity + (uint32_t)(buffer->extents.capacity * sizeof(struct extent));

	if (store)
		store->octets += charge - buffer->charge;
	buffer->charge = charge;
}

/* How many of `length` octets more there is room for; grows the block to hold them. */
static uint32_t
buffer_room(struct record_buffer *buffer, struct record_store *store, uint32_t length)
{
	uint32_t left = LIMIT_RECORD - buffer->used;
	uint32_t wanted = buffer->used + (length < left ? length : left);

	if (buffer->extents.count >= LIMIT_GATHER_EXTENTS)
		return 0;
	if (wanted <= buffer->capacity)
		return wanted - buffer->used;
	uint32_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
	while (capacity < wanted)
		capacity *= 2;
	if (store && store->octets + (capacity - buffer->capacity) > LIMIT_GATHER_OCTETS)
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
	if (!reader->buffer)
		reader->buffer = buffer_take(reader->store);
	struct record_buffer *buffer = reader->buffer;
	/* After octets that were let go nothing more may be appended. */
	uint32_t room = buffer->over ? 0 : buffer_room(buffer, reader->store, length);
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
	if (store)
		store->octets -= buffer->charge;
	if (!store || store->spares == GATHER_SPARES || buffer->charge > GATHER_SPARE_OCTETS) {
		buffer_free(buffer);
		return;
	}
	buffer->used = 0;
	buffer->over = false;
	buffer->extents.count = 0;
	buffer->latest.packet.frame.number = 0;
	buffer->next = store->spare;
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
		store->spare = buffer->next;
		buffer_free(buffer);
	}
	store->spares = 0;
}
