/*
 * clock: when the time between two frames is one that a clock's step would make, the second
 * is looked at before its turn, to be held against the packet of the first:
 * a segment that carries something, and what the other end says next, cannot be seconds
 * apart with nothing sent again between them (RFC 9293 section 3.8.1, RFC 6298); nor can a UDP
 * call and its answer be, for longer than any client waits.
 */
#include "clock.h"

#include "ip.h"
#include "limits.h"
#include "link.h"
#include "packet.h"

#define BACK    (SECOND / 2)  /* farther back than packets of two queues change places */
#define FORWARD (4 * SECOND)  /* TCP has sent again twice: after 1 s and 2 s more at most */
#define PATIENT (30 * SECOND) /* what RPC over UDP asks it asks again: after 15 s at most */

static bool
read_headers(struct packet *packet, const struct frame *frame)
{
	struct link_view link;
	const char *reason;
	*packet = (struct packet){.frame = *frame};
	if (!link_parse(&link, frame->link_type, frame->octets, frame->captured) ||
	    packet_network(packet, frame->octets + link.payload, frame->captured - link.payload,
			   frame->length - link.payload, &reason) != IP_OK ||
	    packet->ip.fragmented)
		return false;
	packet->network = link.payload;
	enum packet_result kind = packet_transport(packet, &reason);
	return kind == PACKET_TCP || kind == PACKET_UDP;
}

/* Does the frame come from whom the packet asked for something? */
static bool
is_answered_by(const struct packet *sent, const struct frame *frame, int64_t passed)
{
	struct packet answer;
	if (!read_headers(&answer, frame) || sent->transport != answer.transport ||
	    !endpoint_equal(&sent->source, &answer.destination) ||
	    !endpoint_equal(&sent->destination, &answer.source))
		return false;
	if (sent->transport == TRANSPORT_UDP)
		return passed > PATIENT;
	return packet_length(sent) != 0 || (sent->flags & (TCP_SYN | TCP_FIN)) != 0;
}

static void
note_step(struct clock *clock, const struct frame *frame, int64_t by)
{
	if (clock->steps->count++ == 0) {
		clock->steps->frame = frame->number;
		clock->steps->by = by;
	}
	clock->shift -= by;
}

int64_t
clock_even(struct clock *clock, const struct frame *frame, const struct packet *before)
{
	int64_t passed = frame->time - clock->latest;
	if (clock->begun && (passed < -BACK ||
			     (passed > FORWARD && before->transport != 0 &&
			      before->pieces == NULL && is_answered_by(before, frame, passed))))
		note_step(clock, frame, passed);
	clock->begun = true;
	clock->latest = frame->time;
	return frame->time + clock->shift;
}
