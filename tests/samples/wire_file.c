/*
 * Capture files. pcap: a 24-octet header, and 16 octets in front of each frame.
 * pcapng: an interface description a link type, an enhanced packet block a frame
 * (draft-ietf-opsawg-pcapng). Always little-endian, on any machine.
 */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND = 1000000000 };

static void
little(struct wire *wire, uint64_t value, size_t octets)
{
	for (size_t i = 0; i < octets; i++)
		putc((int)(value >> (8 * i) & 0xff), wire->file);
}

static void
section_header(struct wire *wire)
{
	little(wire, 0x0a0d0d0a, 4);
	little(wire, 28, 4);
	little(wire, 0x1a2b3c4d, 4);
	little(wire, 1, 2);
	little(wire, 0, 2);
	little(wire, UINT64_MAX, 8); /* length of the section: not given */
	little(wire, 28, 4);
}

static void
file_header(struct wire *wire)
{
	little(wire, wire->format == WIRE_NANOSECONDS ? 0xa1b23c4d : 0xa1b2c3d4, 4);
	little(wire, 2, 2);
	little(wire, 4, 2);
	little(wire, 0, 8);
	little(wire, 262144, 4); /* snap length */
	little(wire, LINK_ETHERNET, 4);
}

void
wire_open(struct wire *wire, const char *path, enum wire_format format)
{
	*wire = (struct wire){.format = format,
			      .step = 100000,
			      .ip_id = 1,
			      .ttl = 64,
			      .link_type = {LINK_ETHERNET}};
	wire->file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
	if (!wire->file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	if (format == WIRE_PCAPNG)
		section_header(wire);
	else
		file_header(wire);
}

bool
wire_count(const char *text, uint32_t *count)
{
	errno = 0;
	unsigned long long number = strtoull(text, NULL, 10);
	if (strspn(text, "0123456789") != strlen(text) || errno != 0 || number == 0 ||
	    number > UINT32_MAX)
		return false;
	*count = (uint32_t)number;
	return true;
}

void
wire_close(struct wire *wire)
{
	bool bad = ferror(wire->file) != 0;
	if (fclose(wire->file) != 0 || bad) {
		perror("wire: writing a capture");
		exit(1);
	}
	wire->file = NULL;
}

uint32_t
wire_interface(struct wire *wire, const char *name, int link_type, bool nanoseconds)
{
	uint32_t number = wire->interface++;
	size_t length = strlen(name), padded = (length + 3) / 4 * 4;
	uint32_t block = (uint32_t)(20 + 4 + padded + 8 + 4);
	wire->link_type[number] = link_type;
	wire->nanosecond_interface[number] = nanoseconds;
	little(wire, 1, 4);
	little(wire, block, 4);
	little(wire, (uint64_t)link_type, 2);
	little(wire, 0, 2);
	little(wire, 262144, 4);
	little(wire, 2, 2); /* if_name */
	little(wire, length, 2);
	fwrite(name, 1, length, wire->file);
	little(wire, 0, padded - length);
	little(wire, 9, 2); /* if_tsresol */
	little(wire, 1, 2);
	little(wire, nanoseconds ? 9 : 6, 4);
	little(wire, 0, 4); /* opt_endofopt */
	little(wire, block, 4);
	return number;
}

static void
packet_block(struct wire *wire, const uint8_t *octets, size_t length)
{
	uint64_t stamp = (uint64_t)wire->time;
	size_t padded = (length + 3) / 4 * 4;
	uint32_t block = (uint32_t)(32 + padded);
	if (!wire->nanosecond_interface[wire->interface])
		stamp /= 1000;
	little(wire, 6, 4);
	little(wire, block, 4);
	little(wire, wire->interface, 4);
	little(wire, stamp >> 32, 4);
	little(wire, stamp & UINT32_MAX, 4);
	little(wire, length, 4);
	little(wire, length, 4);
	fwrite(octets, 1, length, wire->file);
	little(wire, 0, padded - length);
	little(wire, block, 4);
}

void
wire_frame(struct wire *wire, const uint8_t *octets, size_t length)
{
	if (wire->format == WIRE_PCAPNG) {
		packet_block(wire, octets, length);
	} else {
		uint64_t part = (uint64_t)(wire->time % SECOND);
		little(wire, (uint64_t)(wire->time / SECOND), 4);
		little(wire, wire->format == WIRE_NANOSECONDS ? part : part / 1000, 4);
		little(wire, length, 4);
		little(wire, length, 4);
		fwrite(octets, 1, length, wire->file);
	}
	wire->frames++;
	wire->time += wire->step;
}
