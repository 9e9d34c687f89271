/*
 * wire: frames made octet by octet, and capture files to hold them. For the
 * makers of samples and of synthetic traffic; independent of the program under
 * test on purpose, so that both cannot share a mistake.
 *
 * Everything is deterministic: identifications, sequence numbers and times come
 * from the caller or from counters, and files are little-endian on any machine.
 */
#ifndef RPCSCOPE_TESTS_WIRE_H
#define RPCSCOPE_TESTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { BYTES_MAX = 72 * 1024 };

/* Octets being put together. */
struct bytes {
	size_t length;
	uint8_t at[BYTES_MAX];
};

void bytes_reset(struct bytes *bytes);
/* Writes over two octets that stand already. */
void set16(uint8_t *at, unsigned value);
void put_octets(struct bytes *bytes, const void *octets, size_t count);
void put8(struct bytes *bytes, unsigned value);
void put16(struct bytes *bytes, unsigned value);
void put32(struct bytes *bytes, uint32_t value);
/* XDR opaque<> and string<> (RFC 4506 sections 4.10, 4.11). */
void put_opaque(struct bytes *bytes, const void *octets, size_t count);
void put_string(struct bytes *bytes, const char *string);
void put_words(struct bytes *bytes, const uint32_t *words, size_t count);

/* A host on the wire. */
struct host {
	uint8_t mac[6];
	uint8_t ip[16]; /* the first four octets for IPv4 */
	bool ipv6;
};

enum wire_format { WIRE_MICROSECONDS, WIRE_NANOSECONDS, WIRE_PCAPNG };
enum { LINK_ETHERNET = 1, LINK_SLL = 113 };

/* A capture file being written. */
struct wire {
	FILE *file;
	enum wire_format format;
	int64_t time; /* ns since 1970 UTC; each frame is stamped with it, then `step` on */
	int64_t step;
	uint64_t frames;
	uint16_t ip_id; /* of the next IPv4 packet; counts up */
	uint8_t ttl;
	uint32_t interface; /* pcapng: of the next frames */
	bool nanosecond_interface[4];
	int link_type[4]; /* per interface */
	uint16_t vlan;    /* 802.1Q tag of the next frames; 0 none */
};

/* "-" is standard output. Exits with a line on standard error when the file cannot be made. */
void wire_open(struct wire *wire, const char *path, enum wire_format format);
void wire_close(struct wire *wire);
/* A count that the command line gives. False, and *count as it was: it is no decimal number
 * from 1 to UINT32_MAX. */
bool wire_count(const char *text, uint32_t *count);
/* pcapng: one more interface; its number. */
uint32_t wire_interface(struct wire *wire, const char *name, int link_type, bool nanoseconds);
/* One frame as it stands. */
void wire_frame(struct wire *wire, const uint8_t *octets, size_t length);

/* Which way, in front of every datagram and segment. */
struct path {
	const struct host *from, *to;
	uint16_t from_port, to_port;
};

struct path path_back(const struct path *path);
/* A UDP datagram in one frame. */
void wire_udp(struct wire *wire, const struct path *path, const struct bytes *payload);
/*
 * A UDP datagram in fragments of at most `size` octets of IP payload (a
 * multiple of eight), sent in the order that `order` names; a piece whose place
 * in `order` is missing is lost.
 */
void wire_udp_fragments(struct wire *wire, const struct path *path, const struct bytes *payload,
			size_t size, const unsigned *order, size_t count);

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

/* One end of a connection and what it has sent. */
struct connection {
	struct path path;     /* from the client */
	uint32_t sequence[2]; /* next of the client, of the server */
};

enum { CLIENT, SERVER };

/* SYN, SYN+ACK, ACK. */
void wire_connect(struct wire *wire, struct connection *connection, uint32_t client_initial,
		  uint32_t server_initial);
/* One segment with the sequence number given; the connection's numbers stay. */
void wire_segment(struct wire *wire, const struct connection *connection, int from,
		  uint32_t sequence, unsigned flags, const uint8_t *octets, size_t length);
/* The octets in segments of at most 1448. Returns how many. */
unsigned wire_send(struct wire *wire, struct connection *connection, int from,
		   const struct bytes *payload);
/* An acknowledgment without octets. */
void wire_acknowledge(struct wire *wire, const struct connection *connection, int from);
/* FIN, FIN, ACK; that end begins. */
void wire_finish(struct wire *wire, struct connection *connection, int from);
void wire_reset(struct wire *wire, struct connection *connection, int from);

/* RPC headers (RFC 5531 section 9). */
struct call {
	uint32_t xid, program, version, procedure;
};

void put_call(struct bytes *bytes, const struct call *call);     /* AUTH_NONE */
void put_call_sys(struct bytes *bytes, const struct call *call); /* AUTH_SYS of root */
/* An accepted reply with that accept_stat. */
void put_accepted(struct bytes *bytes, uint32_t xid, uint32_t status);
/* Begins a record of one fragment; record_end() fills the mark in (RFC 5531 section 11). */
size_t put_mark(struct bytes *bytes);
void end_mark(struct bytes *bytes, size_t mark);

#endif
