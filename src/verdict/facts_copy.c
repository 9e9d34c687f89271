/*
 * facts_copy: one packet captured twice: by `-i any`, a mirror port, or at both ends
 * of the path and then merged.
 *
 * A copy bears the same IP identification. Where IP has none, the numbers, the
 * checksum and with it the TCP time stamp are the same. Copies that come after
 * many others are known by the time stamp too: what is sent again is stamped anew,
 * so that octets which were there before, under an older stamp, were not.
 */
#include "facts_store.h"

#include <string.h>

#include "flow.h"
#include "limits.h"

enum { TCP_HEADER = 20, OPTION_END = 0, OPTION_NOP = 1, OPTION_STAMP = 8, STAMP_LENGTH = 10 };

/* The TSval of a segment (RFC 7323 section 3.2); false where there is none. */
static bool
read_stamp(const struct packet *packet, uint32_t *stamp)
{
	const uint8_t *octets = packet->datagram;
	uint32_t end = packet->payload < packet->datagram_captured ? packet->payload
								   : packet->datagram_captured;
	for (uint32_t at = TCP_HEADER; at < end && octets[at] != OPTION_END;) {
		if (octets[at] == OPTION_NOP) {
			at++;
			continue;
		}
		if (end - at < 2 || octets[at + 1] < 2)
			return false;
		if (octets[at] == OPTION_STAMP && octets[at + 1] == STAMP_LENGTH &&
		    end - at >= STAMP_LENGTH) {
			*stamp = word_at(octets + at + 2);
			return true;
		}
		at += octets[at + 1];
	}
	return false;
}

/* Nothing in it that was not there before: neither SYN, FIN nor octets. */
static bool
is_known(const struct contact_end *end, const struct packet *packet)
{
	uint32_t from = packet->sequence, to = from + packet_length(packet);
	if (packet->flags & TCP_RST)
		return false;
	if (packet->flags & TCP_SYN)
		return end->syns != 0 && end->syn == from;
	if (packet->flags & TCP_FIN)
		return end->fin_frame != 0 && end->fin == to;
	if (!end->has_edge || sequence_before(end->edge, to))
		return false;
	for (uint32_t i = 0; i < end->hole_count; i++) {
		if (sequence_before(from, end->holes[i].to) &&
		    sequence_before(end->holes[i].from, to))
			return false;
	}
	return true;
}

/* Where IP has no identification: numbers and checksum of the transport header. */
static uint32_t
digest(const struct packet *packet)
{
	uint32_t at = packet->transport == TRANSPORT_UDP ? 6 : 16;
	uint32_t sum = packet->datagram_captured >= at + 2
			       ? (uint32_t)packet->datagram[at] << 8 | packet->datagram[at + 1]
			       : 0;
	sum = (packet->sequence * 31 + packet->acknowledgment) * 31 + (sum << 8) +
	      packet->flags + packet_length(packet) + 1;
	return sum != 0 ? sum : 1;
}

/* What the copies of a packet have in common. */
static inline uint32_t
identity(struct contact_end *end, const struct packet *packet, bool stamped)
{
	if (packet->ip.version == 4 && packet->ip.identification != 0)
		return packet->ip.identification;
	bool tcp = packet->transport == TRANSPORT_TCP;
	int64_t age = !tcp      ? LIMIT_COPY_AGE_NAMELESS
		      : stamped ? LIMIT_COPY_AGE
				: LIMIT_COPY_AGE_BARE;
	if (packet->frame.time - end->last_time > age)
		memset(end->recent, 0, sizeof end->recent);
	return digest(packet);
}

static bool
was_seen(const struct contact_end *end, uint32_t id)
{
	for (unsigned i = 0; i < CONTACT_RECENT; i++) {
		if (end->recent[i] == id)
			return true;
	}
	return false;
}

static inline void
note_identity(struct contact_end *end, uint32_t id)
{
	end->recent[end->recent_next++ % CONTACT_RECENT] = id;
}

static inline void
note_stamp(struct contact_end *end, uint32_t stamp)
{
	if (end->stamped && !sequence_before(end->stamp, stamp))
		return;
	end->stamp = stamp;
	end->stamped = true;
}

bool
facts_is_copy(struct contact_end *end, const struct packet *packet)
{
	uint32_t stamp = 0;
	bool stamped = packet->transport == TRANSPORT_TCP && read_stamp(packet, &stamp);
	if (stamped)
		note_stamp(end, stamp);
	uint32_t id = identity(end, packet, stamped);
	/* (a copy from long ago takes no place among the latest) */
	if ((stamped && sequence_before(stamp, end->stamp) && is_known(end, packet)) ||
	    was_seen(end, id))
		return true;
	note_identity(end, id);
	return false;
}

void
facts_note_identity(struct contact_end *end, const struct packet *packet)
{
	note_identity(end, identity(end, packet, packet->payload != TCP_HEADER));
}

/* What RFC 7323 appendix A recommends, and nearly all send; or none. */
bool
facts_plain_stamp(struct contact_end *end, const struct packet *packet)
{
	enum { USUAL = OPTION_NOP << 24 | OPTION_NOP << 16 | OPTION_STAMP << 8 | STAMP_LENGTH };
	const uint8_t *options = packet->datagram + TCP_HEADER;
	if (packet->payload == TCP_HEADER)
		return true;
	if (packet->payload != TCP_HEADER + 2 + STAMP_LENGTH || word_at(options) != USUAL)
		return false;
	note_stamp(end, word_at(options + 4));
	return true;
}
