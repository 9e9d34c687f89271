/*
 * facts_packet: what the headers of a connection's segments tell.
 *
 * Per end: its SYNs, its FIN and RST, how far it has sent and was acknowledged,
 * what it sent again, and what the capture never saw of it. Copies by the capture
 * (facts_copy.c) are no packets.
 */
#include "facts_store.h"

#include "flow.h"
#include "limits.h"
#include "patience.h"

enum { REPLY = 1, CALL = 0, SMALL = 4, HEAD = 12 };

static void
note_syn(struct contact_end *end, const struct packet *packet)
{
	enum { AHEAD = 65536 };
	if (end->syns++ == 0 || end->syn != packet->sequence) {
		if (end->syn_frame == 0) {
			end->syn_frame = packet->frame.number;
			end->syn_time = packet->frame.time;
		}
	}
	end->syn = packet->sequence;
	end->last_syn_frame = packet->frame.number;
	end->last_syn_time = packet->frame.time;
	/* (its data may have been captured before it) */
	if (!end->has_edge || end->edge - packet->sequence - 1 >= AHEAD)
		end->edge = packet->sequence + 1;
	end->has_edge = true;
}

/* Octets from `edge` on are missing before this packet. */
static void
note_hole(struct facts *facts, struct contact_end *end, const struct packet *packet)
{
	if (end->holes == NULL)
		end->holes = pool_get(&facts->hole_pool);
	if (end->hole_count < CONTACT_HOLES)
		end->holes[end->hole_count++] = (struct hole){
			end->edge, packet->sequence, packet->frame.number, packet->frame.time};
}

/* The octets [from, to) arrived; true when they fill a hole. */
static bool
fill_hole(struct contact_end *end, uint32_t from, uint32_t to, int64_t time, bool *late)
{
	for (uint32_t i = 0; i < end->hole_count; i++) {
		struct hole *hole = &end->holes[i];
		if (!sequence_before(from, hole->to) || !sequence_before(hole->from, to))
			continue;
		*late = time - hole->time > LATE_HOLE;
		if (!sequence_before(hole->from, from) && !sequence_before(to, hole->to))
			end->holes[i] = end->holes[--end->hole_count];
		else if (!sequence_before(hole->from, from))
			hole->from = to;
		else
			hole->to = from;
		return true;
	}
	return false;
}

static void
note_retransmit(struct facts *facts, struct contact_end *end, const struct packet *packet)
{
	if (end->retransmits++ == 0) {
		end->retransmit_frame = packet->frame.number;
		end->retransmit_time = packet->frame.time;
	}
	end->last_retransmit_frame = packet->frame.number;
	end->last_retransmit_time = packet->frame.time;
	facts->retransmits++;
}

/* A segment sent again from the lowest octet not acknowledged. */
static void
note_stuck(struct contact_end *end, const struct packet *packet, uint32_t length)
{
	if (end->stuck_count == 0 || end->stuck != packet->sequence) {
		end->stuck = packet->sequence;
		end->stuck_count = 0;
		end->stuck_length = 0;
		end->stuck_frame = packet->frame.number;
		end->stuck_time = packet->frame.time;
	}
	end->stuck_count++;
	if (length > end->stuck_length)
		end->stuck_length = length;
	end->stuck_last_frame = packet->frame.number;
	end->stuck_last_time = packet->frame.time;
}

static void
note_data(struct facts *facts, struct contact_end *end, const struct packet *packet)
{
	uint32_t length = packet_length(packet);
	uint32_t from = packet->sequence, to = from + length;
	bool late = false;
	if (!end->has_edge) {
		end->edge = to;
		end->has_edge = true;
	} else if (sequence_before(end->edge, from)) {
		note_hole(facts, end, packet);
		end->edge = to;
	} else if (sequence_before(end->edge, to)) {
		end->edge = to;
	} else if (fill_hole(end, from, to, packet->frame.time, &late)) {
		if (late)
			note_retransmit(facts, end, packet);
	} else if (length > 1 || !end->has_acked || end->acked != from + 1) {
		/* (one old octet is a keep-alive: RFC 9293 section 3.8.4) */
		note_retransmit(facts, end, packet);
		if (!end->has_acked || !sequence_before(from, end->acked))
			note_stuck(end, packet, length);
		else
			end->vain += packet->frame.time - end->acked_time > LATE_HOLE;
	}
	if (end->data_frame == 0) {
		end->data_frame = packet->frame.number;
		end->data_time = packet->frame.time;
	}
}

/* A bare ACK or FIN bears the number of the next octet: those before it that the capture never
 * had were sent (RFC 9293 section 3.4). */
static void
note_number(struct facts *facts, struct contact_end *end, const struct packet *packet)
{
	if (!end->has_edge || !sequence_before(end->edge, packet->sequence))
		return;
	note_hole(facts, end, packet);
	end->edge = packet->sequence;
}

/* Do its first octets begin an RPC message (RFC 5531 sections 9, 11)? */
static void
judge_octets(struct contact_end *end, const struct contact_end *other,
	     const struct packet *packet)
{
	const uint8_t *octets = packet_payload(packet);
	uint32_t captured = packet_captured(packet);
	uint32_t skip = packet->transport == TRANSPORT_TCP ? 4 : 0;
	if (end->judged || packet_length(packet) == 0)
		return;
	/* Where its SYN+ACK is not there, the other end's first ACK has its number. */
	bool known = end->syns != 0 || (other->syns != 0 && end->has_acked);
	uint32_t first = end->syns != 0 ? end->syn + 1 : end->acked;
	if (packet->transport == TRANSPORT_TCP && (!known || packet->sequence != first)) {
		end->judged = true; /* its beginning is not here */
		return;
	}
	if (captured < packet_length(packet) && captured < skip + HEAD)
		return;
	end->judged = true;
	const uint8_t *kind = octets + skip + 4;
	bool message = captured >= skip + 8 && kind[0] == 0 && kind[1] == 0 && kind[2] == 0 &&
		       kind[3] <= REPLY;
	/* A record in pieces shows less. */
	if (packet_length(packet) < skip + 8)
		message = packet->transport == TRANSPORT_TCP &&
			  (captured == 0 || (octets[0] & 0x7f) == 0);
	end->foreign = !message;
	end->foreign_frame = packet->frame.number;
}

/* Octets before `acked` have arrived. */
static void
take_acknowledgment(struct contact_end *end, uint32_t acked, int64_t time)
{
	if (end->has_acked && acked - end->acked > end->largest_acked)
		end->largest_acked = acked - end->acked;
	end->acked = acked;
	end->acked_time = time;
	end->has_acked = true;
	if (end->stuck_count != 0 && sequence_before(end->stuck, acked))
		end->stuck_count = 0;
	if (end->fin_frame != 0 && !sequence_before(acked, end->fin + 1))
		end->fin_acked = true;
}

static void
note_acknowledgment(struct contact_end *end, struct contact_end *other,
		    const struct packet *packet)
{
	uint32_t acked = packet->acknowledgment;
	if (!end->sent_ack)
		end->ack_time = packet->frame.time;
	end->sent_ack = true;
	if (other->has_acked && !sequence_before(other->acked, acked))
		return;
	if (other->has_edge && sequence_before(other->edge, acked)) {
		if (!other->unseen)
			other->ahead_time = packet->frame.time;
		other->unseen = true;
		other->ahead = acked;
		return;
	}
	take_acknowledgment(other, acked, packet->frame.time);
}

/* The octets of an acknowledgment that was captured before them. */
static void
catch_up(struct contact_end *end, const struct packet *packet)
{
	if (!end->unseen || end->hole_count != 0 || sequence_before(end->edge, end->ahead) ||
	    packet->frame.time - end->ahead_time > LATE_HOLE)
		return;
	end->unseen = false;
	take_acknowledgment(end, end->ahead, packet->frame.time);
}

/* RFC 9293 section 3.10.7.4, RFC 5961 section 4: an ACK that is no SYN answers a SYN when the
 * old connection is still held. */
static void
note_challenge(struct contact *contact, const struct packet *packet)
{
	enum { NEAR = 65535 };
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	/* What it acknowledges is of this connection: the capture lacks the SYN+ACK. */
	if (packet->acknowledgment - (client->syn + 1) < NEAR)
		return;
	if (client->syns == 0 || server->syns != 0 || client->sent_ack ||
	    packet_length(packet) != 0 || (packet->flags & (TCP_SYN | TCP_RST | TCP_FIN)) != 0)
		return;
	if (contact->challenge_acks++ == 0)
		contact->challenge_frame = packet->frame.number;
	contact->last_challenge_frame = packet->frame.number;
}

static void
note_fin(struct contact_end *end, const struct packet *packet)
{
	bool late;
	end->fins++;
	if (end->fin_frame != 0)
		return;
	end->fin_frame = packet->frame.number;
	end->fin_time = packet->frame.time;
	end->fin = packet->sequence + packet_length(packet);
	end->fin_acked_to = packet->acknowledgment;
	if (!end->has_edge || !sequence_before(end->fin, end->edge))
		end->edge = end->fin + 1;
	end->has_edge = true;
	fill_hole(end, end->fin, end->fin + 1, packet->frame.time, &late);
	end->fin_acked = end->has_acked && !sequence_before(end->acked, end->fin + 1);
}

/* It has said something and heard the other end, but not its last, and nothing that it sent is
 * missing or sent again. */
static bool
is_settled(const struct contact_end *end)
{
	return end->has_edge && end->has_acked && end->sent_ack && end->judged &&
	       end->data_frame != 0 && end->fin_frame == 0 && !end->unseen &&
	       end->hole_count == 0 && end->stuck_count == 0 &&
	       !sequence_before(end->edge, end->acked);
}

/* Nearly every segment: the next octets of a settled connection, or none, and an acknowledgment
 * of what the other end has sent; there is nothing else that take_other() would note. */
static bool
take_next(struct contact *contact, const struct packet *packet, unsigned from)
{
	struct contact_end *end = &contact->end[from], *other = &contact->end[!from];
	uint32_t acked = packet->acknowledgment - other->acked;
	if (!contact->settled || packet->sequence != end->edge ||
	    (packet->flags & (TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK)) != TCP_ACK ||
	    acked > other->edge - other->acked)
		return false;
	end->edge += packet_length(packet);
	if (acked == 0)
		return true;
	if (acked > other->largest_acked)
		other->largest_acked = acked;
	other->acked += acked;
	other->acked_time = packet->frame.time;
	return true;
}

static void
take_segment(struct facts *facts, struct contact *contact, const struct packet *packet,
	     unsigned from)
{
	struct contact_end *end = &contact->end[from], *other = &contact->end[!from];
	if (from == 1 && packet->flags & TCP_ACK)
		note_challenge(contact, packet);
	if (packet->flags & TCP_SYN)
		note_syn(end, packet);
	if ((packet->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) && !other->has_edge) {
		other->edge = packet->acknowledgment; /* the SYN that it answers was sent */
		other->has_edge = true;
	}
	if (packet_length(packet) != 0 && !(packet->flags & TCP_SYN))
		note_data(facts, end, packet);
	if (packet_length(packet) == 0 &&
	    (packet->flags & (TCP_ACK | TCP_SYN | TCP_RST)) == TCP_ACK)
		note_number(facts, end, packet);
	if (packet->flags & TCP_FIN)
		note_fin(end, packet);
	catch_up(end, packet);
	if (packet->flags & TCP_ACK && !(packet->flags & (TCP_SYN | TCP_RST)))
		note_acknowledgment(end, other, packet);
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

static void
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

/* The client asks, the server is silent: how long? */
static void
note_lull(struct contact *contact, const struct packet *packet, unsigned from)
{
	struct lull *now = &contact->lull_now;
	if (from == 1 && now->sent == 0)
		return;
	if (from == 1) {
		now->ended = true;
		now->to = packet->frame.time;
		if (now->to - now->from > contact->lull.to - contact->lull.from)
			contact->lull = *now;
		*now = (struct lull){0};
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
	facts->kerberos |= kerberos;
	if (kerberos && from == 1)
		facts_kdc(contact, packet);
	if (contact->tls && !copy)
		facts_tls(contact, packet, from);
	if (tcp && !copy) {
		note_reset(end, packet, flow, flow_from);
		take_segment(facts, contact, packet, from);
	} else if (packet_length(packet) != 0 && end->data_frame == 0) {
		end->data_frame = packet->frame.number;
		end->data_time = packet->frame.time;
	}
	contact->settled = tcp && !kerberos && !contact->tls && is_settled(end) &&
			   is_settled(&contact->end[!from]);
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
			note_challenge(contact, packet);
		return;
	}
	bool copy = facts_is_copy(end, packet);
	if (!copy) {
		end->packets++;
		facts->segments++;
		count_checksum(facts, end, packet);
		note_lull(contact, packet, from);
	}
	end->octets += packet_length(packet);
	if (copy || !take_next(contact, packet, from))
		take_other(facts, contact, packet, flow, flow_from, copy);
	end->last_frame = packet->frame.number;
	end->last_time = packet->frame.time;
}
