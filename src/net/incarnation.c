/*
 * How it works: each direction remembers its initial sequence number, how far it
 * has come, and both for the incarnation before. A SYN whose number is neither
 * this incarnation's nor the last one's begins the next (RFC 9293 section
 * 3.10.7.4; RFC 6191); so does data on a closed connection far from all its
 * numbers. Packets are captured more than once and out of order, so a number of
 * the previous incarnation never begins anything.
 */
#include "incarnation.h"

#include "limits.h"
#include "stream.h"

/* Octets around a known number that a window, or what is still on the way, can explain. */
#define NEAR (UINT32_C(1) << 22)
/* RFC 7323 section 2.3: no window is larger. */
#define WINDOW (UINT32_C(1) << 30)

static bool
near(uint32_t a, uint32_t b)
{
	return a - b + NEAR < 2 * NEAR;
}

/* The same SYN captured again: moments later, and the same IP packet. */
static bool
syn_copied(const struct flow_track *track, const struct packet *packet)
{
	return packet->frame.time - track->syn_time < LIMIT_COPY_AGE &&
	       packet->ip.identification == track->syn_identification;
}

/* Does the number acknowledge the SYN, or the SYN with data that it had (RFC 7413
 * section 4.2.2)?
 */
static bool
acknowledges_syn(const struct flow_side *side, uint32_t number)
{
	enum { DATAGRAM = 65535 };
	uint32_t data = side->has_edge ? side->edge - side->initial - 1 : 0;

	return number - side->initial - 1 <= (data < DATAGRAM ? data : DATAGRAM);
}

/* Are these the octets behind the SYN, its own data counted? */
static bool
follows_syn(uint32_t first, const struct packet *packet)
{
	return first - packet->sequence - 1 <= packet_length(packet);
}

static bool
previous_syn(const struct flow_side *side, uint32_t number)
{
	return side->has_previous_initial && number == side->previous_initial;
}

/* A SYN without ACK. */
static enum incarnation
of_syn(const struct flow_track *track, const struct packet *packet, unsigned from)
{
	const struct flow_side *side = &track->side[from], *other = &track->side[!from];

	if (side->has_initial && packet->sequence == side->initial) {
		if (track->closed && side->syn && !syn_copied(track, packet))
			return INCARNATION_NEXT;
		return INCARNATION_SAME;
	}
	if (previous_syn(side, packet->sequence))
		return INCARNATION_STALE;
	/* The RST that refused it came before it. */
	if (!side->has_initial && side->refused && side->initial == packet->sequence)
		return INCARNATION_SAME;
	if (side->has_initial || track->closed)
		return INCARNATION_NEXT;
	/* Its first data came before it. */
	if (side->has_low && follows_syn(side->low, packet))
		return INCARNATION_SAME;
	/* RFC 9293 section 3.5, figure 7: both ends open at the same time. */
	return other->syn && !track->data ? INCARNATION_SAME : INCARNATION_NEXT;
}

static enum incarnation
of_syn_ack(const struct flow_track *track, const struct packet *packet, unsigned from)
{
	const struct flow_side *side = &track->side[from], *other = &track->side[!from];
	uint32_t answered = packet->acknowledgment - 1;

	if (side->has_initial && packet->sequence == side->initial)
		return INCARNATION_SAME;
	/* Another number for the same SYN: SYN cookies, or a listener that began anew. */
	if (other->has_initial && acknowledges_syn(other, packet->acknowledgment))
		return INCARNATION_SAME;
	if (previous_syn(side, packet->sequence) || previous_syn(other, answered))
		return INCARNATION_STALE;
	if (side->has_initial || other->has_initial)
		return INCARNATION_NEXT;
	bool ours = (side->has_low && follows_syn(side->low, packet)) ||
		    (other->has_low && other->low == packet->acknowledgment);
	return ours ? INCARNATION_SAME : INCARNATION_NEXT;
}

/* Is the number in what this side has sent, or may send next? */
static bool
sent(const struct flow_side *side, uint32_t number)
{
	uint32_t length = side->has_edge ? side->edge - side->initial : 0;

	return number - side->initial < length + NEAR;
}

/* Are the numbers this incarnation's, though they are near the one before? */
static bool
belongs(const struct flow_side *side, const struct flow_side *other,
	const struct packet *packet)
{
	if (side->has_initial)
		return sent(side, packet->sequence);
	if (side->has_edge)
		return near(packet->sequence, side->edge);
	return packet->flags & TCP_ACK && other->has_initial &&
	       sent(other, packet->acknowledgment);
}

/* A mere ACK, or an RST, with just the numbers at which the incarnation before ended: the
 * challenge ACK of the end that still holds it, and the answer to that (RFC 5961 section 4.2).
 * Initial numbers may lie near those (RFC 9293 section 3.4.1). */
static bool
is_challenge(const struct flow_side *side, const struct flow_side *other,
	     const struct packet *packet)
{
	if (!side->has_previous_edge || packet->sequence != side->previous_edge ||
	    (side->has_edge && packet->sequence == side->edge) || packet_length(packet) != 0)
		return false;
	return packet->flags & TCP_ACK ? other->has_previous_edge &&
						 packet->acknowledgment == other->previous_edge
				       : (packet->flags & TCP_RST) != 0;
}

static enum incarnation
of_other(const struct flow_track *track, const struct packet *packet, unsigned from)
{
	const struct flow_side *side = &track->side[from], *other = &track->side[!from];

	if (track->has_previous && is_challenge(side, other, packet))
		return INCARNATION_STALE;
	if (track->has_previous && side->has_previous_edge &&
	    near(packet->sequence, side->previous_edge) && !belongs(side, other, packet))
		return INCARNATION_STALE;
	if (!track->closed || packet->flags & TCP_RST || packet_length(packet) == 0)
		return INCARNATION_SAME;
	if (side->has_edge)
		return near(packet->sequence, side->edge) ? INCARNATION_SAME : INCARNATION_NEXT;
	/* A direction that was not captured before: the other one's numbers have to do. */
	if (packet->flags & TCP_ACK && other->has_edge)
		return near(packet->acknowledgment, other->edge) ? INCARNATION_SAME
								 : INCARNATION_NEXT;
	return INCARNATION_SAME;
}

enum incarnation
incarnation_of(const struct flow_track *track, const struct packet *packet, unsigned from)
{
	if (!(packet->flags & TCP_SYN) || packet->flags & TCP_RST)
		return of_other(track, packet, from);
	return packet->flags & TCP_ACK ? of_syn_ack(track, packet, from)
				       : of_syn(track, packet, from);
}

/* Does an RST fit the connection (RFC 5961 section 3)? A stray one ends nothing. */
static bool
reset_fits(const struct flow_track *track, const struct packet *packet, unsigned from)
{
	const struct flow_side *side = &track->side[from], *other = &track->side[!from];

	if (side->has_edge && near(packet->sequence, side->edge))
		return true;
	/* RFC 9293 section 3.10.7.3: in SYN-SENT its acknowledgment has to be of the SYN. */
	if (packet->flags & TCP_ACK && !side->has_edge && other->syn && !track->data)
		return acknowledges_syn(other, packet->acknowledgment);
	if (packet->flags & TCP_ACK && other->has_edge)
		return near(packet->acknowledgment, other->edge);
	return !side->has_edge;
}

static void
follow_syn(struct flow_track *track, const struct packet *packet, unsigned from)
{
	struct flow_side *side = &track->side[from], *other = &track->side[!from];

	if (!track->side[0].syn && !track->side[1].syn) {
		track->syn_time = packet->frame.time;
		track->syn_identification = packet->ip.identification;
	}
	side->syn = side->has_initial = true;
	side->initial = packet->sequence;
	if (packet->flags & TCP_ACK && !other->has_initial) {
		other->has_initial = true;
		other->initial = packet->acknowledgment - 1;
	}
}

bool
incarnation_follow(struct flow_track *track, const struct packet *packet, unsigned from)
{
	struct flow_side *side = &track->side[from], *other = &track->side[!from];
	bool syn = (packet->flags & TCP_SYN) != 0, fin = (packet->flags & TCP_FIN) != 0;

	if (packet->flags & TCP_RST) {
		bool fits = reset_fits(track, packet, from);
		if (packet->flags & TCP_ACK && !other->has_edge && !other->has_initial) {
			other->refused = true;
			other->initial = packet->acknowledgment - 1;
		}
		track->closed |= fits;
		return fits;
	}
	if (syn) {
		follow_syn(track, packet, from);
	} else {
		track->data = true;
		if (!side->has_low)
			side->low = packet->sequence;
		side->has_low = true;
	}
	/* What takes no number (a pure ACK, a keep-alive) moves nothing. */
	uint32_t length = packet_length(packet) + syn + fin, end = packet->sequence + length;
	uint32_t ahead = end - side->edge;
	if (!side->has_edge || (length > 0 && (ahead < WINDOW || 0 - ahead > WINDOW)))
		side->edge = end;
	side->has_edge = true;
	if (fin && end == side->edge) {
		side->fin = true;
		track->closed |= track->side[!from].fin;
	}
	return false;
}

void
incarnation_succeed(struct flow_track *track, const struct flow_track *before, bool swapped)
{
	*track = (struct flow_track){.has_previous = true};
	for (unsigned i = 0; i < 2; i++) {
		const struct flow_side *old = &before->side[swapped ? !i : i];
		track->side[i] = (struct flow_side){
			.previous_initial = old->initial,
			.has_previous_initial = old->has_initial,
			.previous_edge = old->edge,
			.has_previous_edge = old->has_edge,
		};
	}
}
