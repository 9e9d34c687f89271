/*
 * How it works: five octets of header say how long a TLS record is; they are put
 * together in the place of a record mark, and what they announce is let go. Once
 * a header cannot be one, or a hole swallowed some, the place of the next is not
 * known: then only the starts of segments are tried.
 */
#include "tls.h"

#include <assert.h>

#include "limits.h"
#include "unusual.h"

enum {
	CHANGE_CIPHER_SPEC = 20, /* RFC 8446 section 5.1: the lowest content type */
	HANDSHAKE = 22,
	HEARTBEAT = 24, /* RFC 6520: the highest */
	VERSION_MAJOR = 3,
	VERSION_MINOR_LAST = 4,
	LENGTH_LAST = (1 << 14) + 2048, /* RFC 5246 section 6.2.3 */
};

static_assert((uint32_t)CHANGE_CIPHER_SPEC << 24 > LIMIT_RECORD_SANE,
	      "TLS is no sane record mark");

static bool
is_header(const uint8_t *octets)
{
	return octets[0] >= CHANGE_CIPHER_SPEC && octets[0] <= HEARTBEAT &&
	       octets[1] == VERSION_MAJOR && octets[2] <= VERSION_MINOR_LAST &&
	       octets[3] <= LENGTH_LAST >> 8;
}

bool
tls_begins(const struct record_reader *reader, const uint8_t *octets)
{
	if (!is_header(octets))
		return false;
	return reader->secured || (reader->rpc && octets[0] == HANDSHAKE);
}

void
tls_enter(struct record_reader *reader)
{
	reader->state = READER_TLS;
	reader->tls = true;
	reader->lost = false;
	reader->remaining = 0;
}

/* The header is whole: how long is its record? */
static void
begin_record(struct record_reader *reader)
{
	uint32_t length = (uint32_t)reader->mark[3] << 8 | reader->mark[4];

	reader->mark_octets = 0;
	if (!is_header(reader->mark) || length > LENGTH_LAST) {
		reader->lost = true;
		return;
	}
	reader->remaining = length;
	reader->tls_records++;
}

UNUSUAL void
tls_push(struct record_reader *reader, struct piece *piece)
{
	if (reader->lost && piece->start && piece->length >= TLS_HEADER &&
	    is_header(piece->octets))
		reader->lost = false;
	if (reader->lost) {
		piece_skip(piece, piece->length);
		return;
	}
	while (piece->length > 0 && reader->remaining == 0 && !reader->lost) {
		reader->mark[reader->mark_octets++] = piece->octets[0];
		piece_skip(piece, 1);
		if (reader->mark_octets == TLS_HEADER)
			begin_record(reader);
	}
	uint32_t count = reader->remaining < piece->length ? reader->remaining : piece->length;
	reader->remaining -= count;
	piece_skip(piece, count);
}

void
tls_gap(struct record_reader *reader, uint32_t length)
{
	if (length <= reader->remaining) {
		reader->remaining -= length;
		return;
	}
	reader->remaining = 0;
	reader->mark_octets = 0;
	reader->lost = true;
}
