/*
 * clock: of each frame the first octets are kept until the next one comes. When the time
 * between the two is one that a clock's step would make, the headers of both are read:
 * a segment that carries something, and what the other end says next, cannot be seconds
 * apart with nothing sent again between them (RFC 9293 section 3.8.1, RFC 6298); nor can a UDP
 * call and its answer be, for longer than any client waits.
 */
#include "clock.h"

#include <string.h>

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

/* Does the second frame come from whom the first one asked for something? */
static bool
is_answered_by(const struct frame *first, const struct frame *second, int64_t passed)
{
	struct packet sent, answer;
	if (!read_headers(&sent, first) || !read_headers(&answer, second) ||
	    sent.transport != answer.transport ||
	    !endpoint_equal(&sent.source, &answer.destination) ||
	    !endpoint_equal(&sent.destination, &answer.source))
		return false;
	if (sent.transport == TRANSPORT_UDP)
		return passed > PATIENT;
	return packet_length(&sent) != 0 || (sent.flags & (TCP_SYN | TCP_FIN)) != 0;
}

static bool
is_step(const struct clock *clock, const struct frame *frame)
{
	int64_t passed = frame->time - clock->before.time;
	return passed < -BACK ||
	       (passed > FORWARD && is_answered_by(&clock->before, frame, passed));
}

int64_t
clock_even(struct clock *clock, const struct frame *frame)
{
	if (clock->begun && is_step(clock, frame)) {
		int64_t by = frame->time - clock->before.time;
		if (clock->steps->count++ == 0) {
			clock->steps->frame = frame->number;
			clock->steps->by = by;
		}
		clock->shift -= by;
	}
	clock->begun = true;
	clock->before = *frame;
	clock->before.captured =
		frame->captured < CLOCK_OCTETS ? frame->captured : CLOCK_OCTETS;
	clock->before.octets = clock->octets;
	memcpy(clock->octets, frame->octets, clock->before.captured);
	return frame->time + clock->shift;
}
