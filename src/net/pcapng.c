/*
 * Every block begins with its type and total length and ends with that length
 * again. A whole block is read into one buffer that grows to the largest block
 * seen, never past LIMIT_BLOCK, and is then taken apart in place by a table of
 * block types. Lengths that contradict each other end the file: nothing behind
 * them can be trusted. The byte order is that of the section header (BLOCK_ORDER).
 */
#include "pcapng.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "link.h"
#include "memory.h"

enum {
	BLOCK_HEADER = 8,  /* type and total length */
	BLOCK_TRAILER = 4, /* total length again */
	SECTION_BODY = 16, /* of a section header without options */
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
	LINKTYPE_RAW = 101, /* what a file calls DLT_RAW */
	RAW = 12,
};

#define BLOCK_SECTION  0x0a0d0d0aU /* the same in both byte orders */
#define SECTION_ORDER  0x1a2b3c4dU
#define SECONDS_LIMIT  (INT64_C(1) << 32) /* differences of such times fit int64_t as ns */
#define RESOLUTION_TWO 0x80U              /* if_tsresol: a power of two, not of ten */

struct interface {
	uint32_t number; /* over the whole capture */
	int link_type;
	uint32_t snap_length; /* 0: none */
	uint8_t resolution;   /* if_tsresol */
	int64_t offset;       /* if_tsoffset, s */
	bool told;            /* that its link type is not known */
};

struct pcapng {
	FILE *file;
	uint32_t *numbers;
	bool big_endian, ended;
	bool held; /* *frame was announced by a warning and is still to be given */
	struct frame frame;
	int64_t last_time; /* stands in for a simple packet block's, which has none */
	struct interface *interfaces;
	size_t interface_count, interface_capacity;
	uint32_t type, size; /* of the block at hand; size of its body */
	uint8_t *body;
	size_t body_capacity;
};

static uint16_t
get16(const struct pcapng *pcapng, const uint8_t *at)
{
	return (uint16_t)(pcapng->big_endian ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

static uint32_t
get32(const struct pcapng *pcapng, const uint8_t *at)
{
	uint32_t first = get16(pcapng, at), second = get16(pcapng, at + 2);
	return pcapng->big_endian ? first << 16 | second : second << 16 | first;
}

static uint64_t
get64(const struct pcapng *pcapng, const uint8_t *at)
{
	uint64_t first = get32(pcapng, at), second = get32(pcapng, at + 4);
	return pcapng->big_endian ? first << 32 | second : second << 32 | first;
}

static uint64_t
power_of_ten(unsigned exponent)
{
	uint64_t power = 1;
	while (exponent-- > 0)
		power *= 10;
	return power;
}

/* Units of 10^-exponent s into s and ns. 10^20 does not fit 64 bits, nor do 10^20 units. */
static void
decimal_time(uint64_t units, unsigned exponent, uint64_t *seconds, uint64_t *nanoseconds)
{
	*seconds = 0;
	if (exponent <= 19) {
		uint64_t second = power_of_ten(exponent);
		*seconds = units / second;
		units %= second;
	}
	if (exponent <= 9)
		*nanoseconds = units * power_of_ten(9 - exponent);
	else
		*nanoseconds = exponent - 9 <= 19 ? units / power_of_ten(exponent - 9) : 0;
}

/* Units of 2^-exponent s. 34 bits of a fraction times 10^9 fit 64 bits and are finer than ns.
 */
static void
binary_time(uint64_t units, unsigned exponent, uint64_t *seconds, uint64_t *nanoseconds)
{
	*seconds = exponent < 64 ? units >> exponent : 0;
	uint64_t fraction = exponent < 64 ? units & ((UINT64_C(1) << exponent) - 1) : units;
	if (exponent > 34) {
		fraction = exponent - 34 < 64 ? fraction >> (exponent - 34) : 0;
		exponent = 34;
	}
	*nanoseconds = (fraction * (uint64_t)SECOND) >> exponent;
}

static int64_t
block_time(const struct interface *interface, uint64_t units)
{
	uint64_t seconds, nanoseconds;
	unsigned exponent = interface->resolution & ~RESOLUTION_TWO;
	if (interface->resolution & RESOLUTION_TWO)
		binary_time(units, exponent, &seconds, &nanoseconds);
	else
		decimal_time(units, exponent, &seconds, &nanoseconds);
	int64_t total = seconds > SECONDS_LIMIT ? SECONDS_LIMIT : (int64_t)seconds;
	if (__builtin_add_overflow(total, interface->offset, &total) || total > SECONDS_LIMIT)
		total = SECONDS_LIMIT;
	if (total < -SECONDS_LIMIT)
		total = -SECONDS_LIMIT;
	return total * SECOND + (int64_t)nanoseconds;
}

static enum pcapng_result
broken(struct pcapng *pcapng, struct error *reason, const char *text)
{
	pcapng->ended = true;
	error_set(reason, "%s", text);
	return PCAPNG_BROKEN;
}

static bool
read_octets(struct pcapng *pcapng, uint8_t *to, size_t size)
{
	return fread(to, 1, size, pcapng->file) == size;
}

/* Reads the head of a block. The byte order of a section header stands behind its length. */
static enum pcapng_result
read_header(struct pcapng *pcapng, uint32_t *length, struct error *reason)
{
	uint8_t head[BLOCK_HEADER];
	size_t got = fread(head, 1, sizeof head, pcapng->file);
	if (got == 0 && !ferror(pcapng->file)) {
		pcapng->ended = true;
		return PCAPNG_END;
	}
	if (got < sizeof head)
		return broken(pcapng, reason, "the file ends inside a block");
	pcapng->type = get32(pcapng, head);
	pcapng->size = 0;
	if (pcapng->type == BLOCK_SECTION) {
		pcapng->body = memory_grow(pcapng->body, &pcapng->body_capacity, 4, 1);
		if (!read_octets(pcapng, pcapng->body, 4))
			return broken(pcapng, reason, "the file ends inside a section header");
		pcapng->big_endian = pcapng->body[0] == 0x1a;
		pcapng->size = 4;
		if (get32(pcapng, pcapng->body) != SECTION_ORDER)
			return broken(pcapng, reason, "a section header without byte order");
	}
	*length = get32(pcapng, head + 4);
	return PCAPNG_FRAME;
}

/* PCAPNG_FRAME says that a block is at hand. */
static enum pcapng_result
read_block(struct pcapng *pcapng, struct error *reason)
{
	uint32_t length = 0;
	enum pcapng_result result = read_header(pcapng, &length, reason);
	if (result != PCAPNG_FRAME)
		return result;
	uint32_t had = pcapng->size;
	if (length % 4 != 0 || length < BLOCK_HEADER + BLOCK_TRAILER + had ||
	    length > LIMIT_BLOCK)
		return broken(pcapng, reason, "a block of impossible length");
	uint32_t need = length - BLOCK_HEADER;
	pcapng->body = memory_grow(pcapng->body, &pcapng->body_capacity, need, 1);
	if (!read_octets(pcapng, pcapng->body + had, need - had))
		return broken(pcapng, reason, "the file ends inside a block");
	pcapng->size = need - BLOCK_TRAILER;
	if (get32(pcapng, pcapng->body + pcapng->size) != length)
		return broken(pcapng, reason, "a block whose two lengths differ");
	return PCAPNG_FRAME;
}

/* One block at hand: PCAPNG_END says that it held no packet. */
typedef enum pcapng_result block_reader(struct pcapng *pcapng, struct frame *frame,
					struct error *reason);

static enum pcapng_result
read_section(struct pcapng *pcapng, struct frame *frame, struct error *reason)
{
	(void)frame;
	if (pcapng->size < SECTION_BODY)
		return broken(pcapng, reason, "a section header that is too short");
	if (get16(pcapng, pcapng->body + 4) != 1)
		return broken(pcapng, reason, "a section of a major version other than 1");
	pcapng->interface_count = 0;
	return PCAPNG_END;
}

static void
read_options(const struct pcapng *pcapng, struct interface *interface, uint32_t at)
{
	while (pcapng->size - at >= 4) {
		unsigned code = get16(pcapng, pcapng->body + at);
		uint32_t length = get16(pcapng, pcapng->body + at + 2);
		const uint8_t *value = pcapng->body + at + 4;
		uint32_t padded = (length + 3) & ~3U;
		if (code == 0 || padded > pcapng->size - at - 4)
			return;
		if (code == OPTION_TSRESOL && length == 1)
			interface->resolution = value[0];
		if (code == OPTION_TSOFFSET && length == 8)
			interface->offset = (int64_t)get64(pcapng, value);
		at += 4 + padded;
	}
}

static enum pcapng_result
read_interface(struct pcapng *pcapng, struct frame *frame, struct error *reason)
{
	(void)frame;
	if (pcapng->size < 8)
		return broken(pcapng, reason, "an interface description that is too short");
	if (pcapng->interface_count == LIMIT_INTERFACES)
		return broken(pcapng, reason, "more interfaces than a section can have");
	pcapng->interfaces =
		memory_grow(pcapng->interfaces, &pcapng->interface_capacity,
			    pcapng->interface_count + 1, sizeof *pcapng->interfaces);
	unsigned link_type = get16(pcapng, pcapng->body);
	struct interface *interface = &pcapng->interfaces[pcapng->interface_count++];
	*interface = (struct interface){
		.number = (*pcapng->numbers)++,
		.link_type = link_type == LINKTYPE_RAW ? RAW : (int)link_type,
		.snap_length = get32(pcapng, pcapng->body + 4),
		.resolution = 6,
	};
	read_options(pcapng, interface, 8);
	return PCAPNG_END;
}

/* What the packet blocks have in common: their octets stand at `at` of the body. */
static enum pcapng_result
read_packet(struct pcapng *pcapng, struct frame *frame, struct error *reason, uint32_t index,
	    uint32_t at)
{
	if (index >= pcapng->interface_count)
		return broken(pcapng, reason, "a packet of an interface that is not described");
	if (frame->captured > pcapng->size - at)
		return broken(pcapng, reason, "a packet longer than its block");
	if (frame->captured > LIMIT_FRAME)
		return broken(pcapng, reason, "a packet of impossible length");
	struct interface *interface = &pcapng->interfaces[index];
	frame->interface = interface->number;
	frame->link_type = interface->link_type;
	frame->octets = pcapng->body + at;
	if (frame->length < frame->captured)
		frame->length = frame->captured;
	pcapng->last_time = frame->time;
	if (interface->told || link_known(interface->link_type))
		return PCAPNG_FRAME;
	interface->told = pcapng->held = true;
	pcapng->frame = *frame;
	error_set(reason, "interface %u has link type %d (%s), which is not supported",
		  (unsigned)index, interface->link_type, link_name(interface->link_type));
	return PCAPNG_WARNING;
}

/* Clock, captured and original length stand alike in enhanced and obsolete packet blocks. */
static enum pcapng_result
read_timed(struct pcapng *pcapng, struct frame *frame, struct error *reason, uint32_t index)
{
	const uint8_t *body = pcapng->body;
	uint64_t units = (uint64_t)get32(pcapng, body + 4) << 32 | get32(pcapng, body + 8);
	frame->captured = get32(pcapng, body + 12);
	frame->length = get32(pcapng, body + 16);
	if (index < pcapng->interface_count)
		frame->time = block_time(&pcapng->interfaces[index], units);
	return read_packet(pcapng, frame, reason, index, 20);
}

static enum pcapng_result
read_enhanced(struct pcapng *pcapng, struct frame *frame, struct error *reason)
{
	if (pcapng->size < 20)
		return broken(pcapng, reason, "a packet block that is too short");
	return read_timed(pcapng, frame, reason, get32(pcapng, pcapng->body));
}

static enum pcapng_result
read_obsolete(struct pcapng *pcapng, struct frame *frame, struct error *reason)
{
	if (pcapng->size < 20)
		return broken(pcapng, reason, "a packet block that is too short");
	return read_timed(pcapng, frame, reason, get16(pcapng, pcapng->body));
}

/* No interface, so the first; no captured length, so what the block and the snap length allow.
 */
static enum pcapng_result
read_simple(struct pcapng *pcapng, struct frame *frame, struct error *reason)
{
	if (pcapng->size < 4)
		return broken(pcapng, reason, "a packet block that is too short");
	frame->time = pcapng->last_time;
	frame->length = frame->captured = get32(pcapng, pcapng->body);
	if (pcapng->interface_count > 0 && pcapng->interfaces[0].snap_length > 0 &&
	    frame->captured > pcapng->interfaces[0].snap_length)
		frame->captured = pcapng->interfaces[0].snap_length;
	return read_packet(pcapng, frame, reason, 0, 4);
}

static const struct {
	uint32_t type;
	block_reader *read;
} blocks[] = {
	{6, read_enhanced},
	{3, read_simple},
	{2, read_obsolete},
	{1, read_interface},
	{BLOCK_SECTION, read_section},
};

static enum pcapng_result
take_block(struct pcapng *pcapng, struct frame *frame, struct error *reason)
{
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (blocks[i].type == pcapng->type)
			return blocks[i].read(pcapng, frame, reason);
	return PCAPNG_END;
}

struct pcapng *
pcapng_open(FILE *file, uint32_t *interfaces, struct error *reason)
{
	struct pcapng *pcapng = memory_get(sizeof *pcapng);
	pcapng->file = file;
	pcapng->numbers = interfaces;
	enum pcapng_result result = read_block(pcapng, reason);
	if (result == PCAPNG_FRAME)
		result = read_section(pcapng, NULL, reason);
	if (result == PCAPNG_END)
		return pcapng;
	pcapng_close(pcapng);
	return NULL;
}

enum pcapng_result
pcapng_next(struct pcapng *pcapng, struct frame *frame, struct error *reason)
{
	if (pcapng->held) {
		pcapng->held = false;
		*frame = pcapng->frame;
		return PCAPNG_FRAME;
	}
	while (!pcapng->ended) {
		enum pcapng_result result = read_block(pcapng, reason);
		if (result == PCAPNG_FRAME)
			result = take_block(pcapng, frame, reason);
		if (result != PCAPNG_END)
			return result;
	}
	return PCAPNG_END;
}

void
pcapng_close(struct pcapng *pcapng)
{
	free(pcapng->interfaces);
	free(pcapng->body);
	free(pcapng);
}
