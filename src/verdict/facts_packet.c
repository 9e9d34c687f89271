/*
 * facts_packet: what each packet of a contact tells: whether it arrived whole, whether its
 * first octets are RPC, how long the server was silent, who is the client. Copies by the
 * capture (facts_copy.c) are no packets; the numbers of TCP are facts_segment.c's.
 */
#include "facts_store.h"

#include "flow.h"
#include "plausible.h"
#include "record.h"
#include "unusual.h"

enum { MARK = 4 };

/* Do its first octets begin an RPC message (RFC 5531 sections 9, 11)? A record in pieces shows
 * less, and the first of these may be as short as it likes. */
static bool
begins_message(const struct packet *packet)
{
	const uint8_t *octets = packet_payload(packet);
	uint32_t captured = packet_captured(packet);
	if (packet->transport != TRANSPORT_TCP)
		return record_plausible(octets, captured, packet_length(packet));
	if (captured < MARK)
		return captured == 0 || (octets[0] & 0x7f) == 0;
	uint32_t piece = plausible_word(octets) & ~RECORD_LAST;
	uint32_t at_hand = captured - MARK < piece ? captured - MARK : piece;
	return plausible_header(octets + MARK, at_hand, piece, false) != PLAUSIBLE_NO;
}

static void
judge_octets(struct contact_end *end, const struct contact_end *other,
	     const struct packet *packet)
{
	uint32_t captured = packet_captured(packet);
	uint32_t skip = packet->transport == TRANSPORT_TCP ? MARK : 0;
	if (end->judged || packet_length(packet) == 0)
		return;
	/* Where its SYN+ACK is not there, the other end's first ACK has its number. */
	bool known = end->syns != 0 || (other->syns != 0 && end->has_acked);
	uint32_t first = end->syns != 0 ? end->syn + 1 : end->acked;
	if (packet->transport == TRANSPORT_TCP && (!known || packet->sequence != first)) {
		end->judged = true; /* its beginning is not here */
		return;
	}
	if (captured < packet_length(packet) && captured < skip + PLAUSIBLE_LEAST)
		return;
	end->judged = true;
	end->foreign = !begins_message(packet);
	end->foreign_frame = packet->frame.number;
}

/* An RST that the other end would not take is none. */
static void
note_reset(struct contact_end *end, const struct packet *packet, const struct flow *flow,
	   enum flow_end from)
{
	if (!(packet->flags & TCP_RST) || end->rst_frame != 0 ||
	    (flow->kept != NULL && !life_takes_reset(&flow->kept->life, packet, from)))
		return;
	end->rst_frame = packet->frame.number;
	end->rst_time = packet->frame.time;
}

UNUSUAL static void
count_checksum(struct facts *facts, struct contact_end *end, const struct packet *packet)
{
	facts->summed_frame = packet->frame.number;
	facts->summed = checksum_verify(packet);
	switch (facts->summed) {
	case CHECKSUM_GOOD:
		facts->good_checksums++;
		break;
	case CHECKSUM_BAD:
		if (facts->bad_checksums++ < 4)
			facts->corrupt_frame[facts->bad_checksums - 1] = packet->frame.number;
		end->bad_checksums++;
		break;
	default:
		break;
	}
}

UNUSUAL static void
keep_lull(struct contact *contact, int64_t ended)
{
	contact->lull = contact->lull_now;
	contact->lull.ended = true;
	contact->lull.to = ended;
}

/* The client asks, the server is silent: how long? */
static void
note_lull(struct contact *contact, const struct packet *packet, unsigned from)
{
	struct lull *now = &contact->lull_now;
	if (from == 1 && now->sent == 0)
		return;
	if (from == 1) {
		if (packet->frame.time - now->from > contact->lull.to - contact->lull.from)
			keep_lull(contact, packet->frame.time);
		now->sent = 0;
		return;
	}
	if (packet_length(packet) == 0 && !(packet->flags & (TCP_SYN | TCP_FIN)))
		return;
	if (now->sent++ == 0) {
		now->from = packet->frame.time;
		now->from_frame = packet->frame.number;
	}
	now->to = packet->frame.time;
	now->to_frame = packet->frame.number;
}

static void
note_snapped(struct facts *facts, uint64_t frame)
{
	if (facts->snapped < SNAPPED_FRAMES)
		facts->snapped_frames[facts->snapped++] = frame;
}

/* A SYN says who the client is, even where a packet behind it was captured before it. */
static void
note_opening(struct contact *contact, const struct packet *packet, enum flow_end from)
{
	bool first = (packet->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
	if (!first || packet->transport != TRANSPORT_TCP || contact->end[0].syns != 0 ||
	    contact->end[1].syns != 0)
		return;
	contact->joined_midway = false;
	if (!contact->client_known && (unsigned)from != contact->client_end)
		facts_turn_round(contact);
	contact->client_known = true;
}

/* What is more than the next segment. */
static void
take_other(struct facts *facts, struct contact *contact, const struct packet *packet,
	   const struct flow *flow, enum flow_end flow_from, bool copy)
{
	unsigned from = (unsigned)flow_from ^ contact->client_end;
	struct contact_end *end = &contact->end[from];
	bool tcp = packet->transport == TRANSPORT_TCP;
	judge_octets(end, &contact->end[!from], packet);
	bool kerberos = contact->server.port == PORT_KERBEROS;
	if (kerberos && from == 1)
		facts_kdc(contact, packet);
	if (contact->tls && !copy)
		facts_tls(contact, packet, from);
	if (tcp && !copy) {
		note_reset(end, packet, flow, flow_from);
		facts_segment(facts, contact, packet, from);
	} else if (packet_length(packet) != 0 && end->data_frame == 0) {
		end->data_frame = packet->frame.number;
		end->data_time = packet->frame.time;
	}
	contact->settled = !kerberos && !contact->tls && facts_settled(contact);
}

void
facts_packet(struct facts *facts, struct contact *contact, const struct packet *packet,
	     const struct flow *flow, enum flow_end flow_from)
{
	if (packet->flags & TCP_SYN && !flow->stale)
		note_opening(contact, packet, flow_from);
	unsigned from = (unsigned)flow_from ^ contact->client_end;
	struct contact_end *end = &contact->end[from];
	contact->last_frame = packet->frame.number;
	contact->last = packet->frame.time;
	if (packet->frame.captured < packet->frame.length)
		note_snapped(facts, packet->frame.number);
	if (packet->transport == TRANSPORT_TCP && flow->stale) {
		/* of the connection before: an answer to this one's SYN all the same */
		if (from == 1 && packet->flags & TCP_ACK)
			facts_challenge(contact, packet);
		return;
	}
	bool copy = facts_is_copy(end, packet);
	if (!copy) {
		end->packets++;
		count_checksum(facts, end, packet);
		note_lull(contact, packet, from);
	}
	if (copy || !facts_next_segment(contact, packet, from))
		take_other(facts, contact, packet, flow, flow_from, copy);
	end->last_frame = packet->frame.number;
	end->last_time = packet->frame.time;
}

/* Of these one in so many has its checksum looked at, until one is found wrong: what a receiver
 * did not take is sent again, and then is not the next. */
enum { PLAIN_SUMMED = 32 };

bool
facts_plain_packet(struct facts *facts, struct contact *contact, const struct packet *packet,
		   unsigned from)
{
	struct contact_end *end = &contact->end[from];
	if (packet->frame.captured < packet->frame.length || facts->bad_checksums != 0 ||
	    packet_length(packet) == 0 || !facts_plain_stamp(end, packet) ||
	    !facts_next_segment(contact, packet, from))
		return false;
	facts_note_identity(end, packet);
	note_lull(contact, packet, from);
	contact->last_frame = end->last_frame = packet->frame.number;
	contact->last = end->last_time = packet->frame.time;
	if (end->packets++ % PLAIN_SUMMED == 0)
		count_checksum(facts, end, packet);
	return true;
}
