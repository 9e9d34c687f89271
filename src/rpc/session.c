/*
 * session: its flow points to it. A packet adds to its session and goes
 * to its life cycle; a message says who the client is where no SYN did, and what
 * the session is for. When its flow is gone it waits for the end, because what
 * explains it may be learned late.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "session_table.h"
#include "unusual.h"

bool
session_concerns_rpc(const struct session *session)
{
	return session->rpc || session->answer != NULL || session_has_known_port(session);
}

UNUSUAL void
session_set_client(struct session *session, unsigned end)
{
	session->client_known = true;
	if (session->client_end == end)
		return;
	struct endpoint client = session->server;
	session->server = session->client;
	session->client = client;
	session->client_end = (uint8_t)end;
	uint64_t packets = session->packets[0], octets = session->octets[0];
	session->packets[0] = session->packets[1];
	session->octets[0] = session->octets[1];
	session->packets[1] = packets;
	session->octets[1] = octets;
}

/* -- packets -- */

UNUSUAL static struct session *
add(struct sessions *sessions, struct flow *flow, const struct packet *packet)
{
	if (sessions->ranked.count + sessions->others.count >= sessions->options.limit)
		sessions_evict(sessions, packet->frame.time);
	struct session *session = session_add(sessions, flow->session);
	session->flow = flow;
	flow->kept = session;
	session->transport = flow->transport;
	session->client = flow->end[0];
	session->server = flow->end[1];
	session->first_frame = packet->frame.number;
	session->start = session->end = packet->frame.time;
	session->joined_midway = flow->transport == TRANSPORT_TCP;
	session_succeed(sessions, session);
	return session;
}

static void
open_as(struct session *session, enum session_opening opening, uint64_t frame)
{
	session->opening = (uint8_t)opening;
	session->opening_frame = frame;
}

/* SYN and RST of a TCP segment (RFC 9293 section 3.5). */
UNUSUAL static void
take_control(struct sessions *sessions, struct session *session, unsigned from,
	     const struct packet *packet)
{
	bool syn = packet->flags & TCP_SYN, ack = packet->flags & TCP_ACK;
	if (packet->flags & TCP_RST) {
		if (session->client_known && from != session->client_end &&
		    !session->joined_midway && session->opening != OPENING_ANSWERED &&
		    life_takes_reset(&session->life, packet, from))
			open_as(session, OPENING_REFUSED, packet->frame.number);
		return;
	}
	if (syn && !session->client_known) {
		session_set_client(session, ack ? !from : from);
		session_link(sessions, session);
		session_rank(sessions, session);
	}
	session->joined_midway = false;
	/* SYN+ACK; or the other end's own SYN, when both open at once. */
	if (from != session->client_end && session->opening != OPENING_ANSWERED)
		open_as(session, OPENING_ANSWERED, packet->frame.number);
}

/*
 * A packet with numbers of the connection before is nothing of this one, but for the
 * ACK by which a server that still holds that one answers the SYN (RFC 5961 section 4.2).
 */
static bool
is_challenge(const struct session *session, unsigned from, const struct packet *packet)
{
	return (packet->flags & (TCP_SYN | TCP_RST | TCP_FIN | TCP_ACK)) == TCP_ACK &&
	       packet_length(packet) == 0 && from != session->client_end &&
	       session->client_known && !session->joined_midway &&
	       session->opening != OPENING_ANSWERED;
}

/* The RST by which the client answers such an ACK (RFC 9293 section 3.10.7.3): it has that
 * one's numbers and ends it, but was sent for this one's sake. */
static bool
answers_challenge(const struct session *session, unsigned from, const struct packet *packet)
{
	return packet->flags & TCP_RST && from == session->client_end &&
	       session->life.challenge_acks != 0 && session->opening != OPENING_ANSWERED;
}

void
sessions_packet(struct sessions *sessions, struct flow *flow, enum flow_end from,
		const struct packet *packet)
{
	struct session *session = flow->kept;
	if (session == NULL) {
		if (flow->first_frame != packet->frame.number)
			return; /* it was told of already */
		session = add(sessions, flow, packet);
	}
	if (flow->stale) {
		bool challenge = is_challenge(session, from, packet);
		if (!challenge && !answers_challenge(session, from, packet))
			return;
		session->life.challenge_acks += challenge;
		session_look_back(sessions, session, packet, challenge);
	} else if (session->transport == TRANSPORT_TCP) {
		if (packet->flags & (TCP_SYN | TCP_RST))
			take_control(sessions, session, from, packet);
		uint32_t challenges = session->life.challenge_acks;
		life_segment(&session->life, packet, from, sessions->options.msl2);
		bool challenge = session->life.challenge_acks != challenges;
		if (session->before != NULL &&
		    (challenge || packet->flags & (TCP_SYN | TCP_RST)))
			session_look_back(sessions, session, packet, challenge);
	}
	if (sessions->options.lives_only)
		return;
	unsigned side = from != session->client_end;
	session->packets[side]++;
	session->octets[side] += packet_length(packet);
	session->last_frame = packet->frame.number;
	if (packet->frame.time > session->end)
		session->end = packet->frame.time;
}

/* -- messages -- */

/*
 * Who called first is the client, unless it is the server of an NFSv4.1
 * connection that calls back (RFC 8881 section 2.10.3.1).
 */
static unsigned
client_by(const struct session *session, const struct message *message)
{
	unsigned caller = message->kind == MESSAGE_CALL ? message->from : !message->from;
	const struct endpoint *end =
		caller == session->client_end ? &session->client : &session->server;
	bool back = message->has_procedure && end->port == NFS_PORT &&
		    (message->callback || message->program == NFS_CALLBACK);
	return back ? !caller : caller;
}

static struct session_program *
program_of(struct session *session, const struct message *message)
{
	for (unsigned i = 0; i < session->program_count; i++) {
		struct session_program *program = &session->programs[i];
		if (program->program == message->program &&
		    program->version == message->version)
			return program;
	}
	if (session->program_count == SESSION_PROGRAMS || message->kind != MESSAGE_CALL)
		return NULL;
	struct session_program *program = &session->programs[session->program_count++];
	program->program = message->program;
	program->version = message->version;
	program->callback = message->callback;
	return program;
}

static void
take_call(struct session *session, const struct message *message)
{
	session->calls++;
	if (message->from != session->client_end) {
		session->callbacks++;
		return;
	}
	if (!message->has_procedure)
		return;
	struct session_program *program = program_of(session, message);
	if (program == NULL)
		return;
	program->calls++;
	program->used |= message->procedure != 0;
}

static void
take_reply(struct session *session, const struct message *message)
{
	session->replies++;
	if (message->from == session->client_end)
		return;
	if (session->transport == TRANSPORT_UDP && session->opening != OPENING_ANSWERED)
		open_as(session, OPENING_ANSWERED, message->packet->frame.number);
	struct session_program *program =
		message->has_procedure ? program_of(session, message) : NULL;
	if (program != NULL)
		program->replies++;
}

void
sessions_message(struct sessions *sessions, const struct message *message)
{
	if (message->flow == NULL || message->quote != NULL || message->copy_of != 0 ||
	    message->kind == MESSAGE_MALFORMED)
		return;
	struct session *session = message->flow->kept;
	if (session == NULL)
		return;
	bool first = !session->rpc;
	if (!first && sessions->options.lives_only)
		return;
	session->rpc = true;
	if (!session->client_known)
		session_set_client(session, client_by(session, message));
	session->repeats += message->repeat_of != 0;
	uint8_t programs = session->program_count;
	if (message->kind == MESSAGE_CALL)
		take_call(session, message);
	else
		take_reply(session, message);
	if (first || session->program_count != programs)
		session_link(sessions, session);
	if (!session->ranked)
		session_rank(sessions, session);
}

void
sessions_answered_from(const struct flow *flow, const struct message *reply)
{
	struct session *session = flow->kept;
	if (session == NULL || session->answered_frame != 0)
		return;
	session->answered_from = reply->packet->source;
	session->answered_frame = reply->packet->frame.number;
}

const struct session_program *
session_program(const struct session *session)
{
	for (unsigned i = 0; i < session->program_count; i++) {
		if (session->programs[i].used)
			return &session->programs[i];
	}
	return session->program_count > 0 ? &session->programs[0] : NULL;
}

struct session_purpose
session_purpose(const struct session *session)
{
	const struct session_program *called = session_program(session);
	if (called != NULL)
		return (struct session_purpose){.program = called->program,
						.version = called->version,
						.callback = called->callback};
	if (session->answer == NULL)
		return (struct session_purpose){.program = 0};
	return (struct session_purpose){.program = session->answer->program,
					.version = session->answer->version,
					.by_answer = true};
}

/* -- ICMP errors -- */

/* RFC 792, RFC 1812 section 5.2.7.1; RFC 4443 section 3.1. */
static enum session_opening
opening_of(const struct icmp_error *error)
{
	enum { UNREACHABLE_4 = 3, UNREACHABLE_6 = 1 };
	if (error->type != (error->version == 4 ? UNREACHABLE_4 : UNREACHABLE_6))
		return OPENING_UNKNOWN;
	if (error->version == 6) {
		static const uint8_t by_code[] = {OPENING_UNREACHABLE, OPENING_FILTERED,
						  OPENING_UNREACHABLE, OPENING_UNREACHABLE,
						  OPENING_REFUSED,     OPENING_FILTERED,
						  OPENING_FILTERED};
		return error->code < sizeof by_code ? by_code[error->code]
						    : OPENING_UNREACHABLE;
	}
	switch (error->code) {
	case 2: /* protocol unreachable */
	case 3: /* port unreachable */
		return OPENING_REFUSED;
	case 4: /* fragmentation needed: too long, nothing else */
		return OPENING_UNKNOWN;
	case 9:
	case 10:
	case 13:
		return OPENING_FILTERED;
	default:
		return OPENING_UNREACHABLE;
	}
}

void
sessions_icmp(const struct flow *flow, const struct icmp_error *error,
	      const struct packet *quoted)
{
	struct session *session = flow->kept;
	if (session == NULL)
		return;
	if (session->icmp_count++ == 0) {
		session->icmp = *error;
		session->icmp_frame = quoted->frame.number;
	}
	enum session_opening opening = opening_of(error);
	bool of_client = endpoint_equal(&quoted->source, &session->client);
	if (opening != OPENING_UNKNOWN && of_client && session->opening == OPENING_UNKNOWN &&
	    !session->joined_midway)
		open_as(session, opening, quoted->frame.number);
}

enum session_closer
session_closed_by(const struct session *session)
{
	bool first_is_client = session->client_end == 0;
	switch (session->life.closed_by) {
	case CLOSED_BY_FIRST:
		return first_is_client ? CLOSER_CLIENT : CLOSER_SERVER;
	case CLOSED_BY_SECOND:
		return first_is_client ? CLOSER_SERVER : CLOSER_CLIENT;
	case CLOSED_BY_BOTH:
		return CLOSER_BOTH;
	case RESET_BY_FIRST:
		return first_is_client ? CLOSER_RESET_BY_CLIENT : CLOSER_RESET_BY_SERVER;
	case RESET_BY_SECOND:
		return first_is_client ? CLOSER_RESET_BY_SERVER : CLOSER_RESET_BY_CLIENT;
	default:
		return CLOSER_NONE;
	}
}
