/*
 * facts_segment: what the numbers of a connection's segments tell: how far each end has sent
 * and was acknowledged, what it sent again, and what the capture never saw of it.
 *
 * Nearly every segment brings the next octets of a connection on which nothing is open. One
 * test finds these; all others go through facts_segment().
 */
#include "facts_store.h"

#include "flow.h"
#include "patience.h"

static void
note_syn(struct contact_end *end, const struct packet *packet)
{
	enum { AHEAD = 65536 };
	if (end->syns++ == 0) {
		end->syn_frame = packet->frame.number;
		end->syn_time = packet->frame.time;
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
	if (end->retransmits++ == 0)
		end->retransmit_frame = packet->frame.number;
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
void
facts_challenge(struct contact *contact, const struct packet *packet)
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
 * missing or sent again. Its first octets were judged: of a settled connection nobody looks at
 * octets any more. */
static bool
is_settled(const struct contact_end *end)
{
	return end->has_edge && end->has_acked && end->sent_ack && end->judged &&
	       end->data_frame != 0 && end->fin_frame == 0 && !end->unseen &&
	       end->hole_count == 0 && end->stuck_count == 0 &&
	       !sequence_before(end->edge, end->acked);
}

/* Nearly every segment: the next octets of a settled connection, or none, and an acknowledgment
 * of what the other end has sent; nothing else of it has to be noted. */
bool
facts_next_segment(struct contact *contact, const struct packet *packet, unsigned from)
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

void
facts_segment(struct facts *facts, struct contact *contact, const struct packet *packet,
	      unsigned from)
{
	struct contact_end *end = &contact->end[from], *other = &contact->end[!from];
	if (from == 1 && packet->flags & TCP_ACK)
		facts_challenge(contact, packet);
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

bool
facts_settled(const struct contact *contact)
{
	return contact->transport == TRANSPORT_TCP && is_settled(&contact->end[0]) &&
	       is_settled(&contact->end[1]);
}
