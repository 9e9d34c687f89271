/*
 * session_life: how a session opened, lived and closed at both ends: lines of its block.
 */
#include <inttypes.h>

#include "session_report.h"

/* How wide a network is no packet says: an IPv4 address that ends in 255 can be a broadcast's.
 */
static bool
is_broadcast(const struct address *address)
{
	return address_is_group(address) ||
	       (address_is_ipv4(address) && address->octets[15] == 255);
}

/* A group is asked to be answered by others; of another server it is the wrong source: clients
 * drop it. */
static void
put_answered_from(struct output *output, const struct session *session)
{
	struct text *text = output->text;
	bool group = is_broadcast(&session->server.address);
	text_string_put(text, group ? "answered by " : "an answer came from ");
	names_host_text(output->names, text, &session->answered_from.address);
	text_format(text, " port %u in frame %" PRIu64 "%s", session->answered_from.port,
		    session->answered_frame, group ? "" : " (wrong source)");
}

static void
put_trouble(struct text *text, const struct session *session, const char *trouble)
{
	text_format(text, "** %s **", trouble);
	if (session->opening_frame != 0)
		text_format(text, " in frame %" PRIu64, session->opening_frame);
	if (session->icmp_count != 0) {
		text_format(text, " (ICMP %s from ", icmp_name(&session->icmp));
		address_text(text, &session->icmp.reporter);
		text_char(text, ')');
	} else if (session->opening == OPENING_REFUSED) {
		text_string_put(text, " (RST)");
	}
}

static void
put_opening(struct output *output, const struct session *session)
{
	struct text *text = output->text;
	const char *trouble = report_opening(session->opening);
	bool elsewhere = session->answered_frame != 0;
	if (elsewhere && is_broadcast(&session->server.address))
		trouble = NULL;
	if (trouble == NULL && !session->joined_midway && !elsewhere)
		return;
	session_label(text, "opening");
	if (session->joined_midway && trouble == NULL)
		text_string_put(text, "before the capture began");
	if (trouble != NULL)
		put_trouble(text, session, trouble);
	if (elsewhere && trouble != NULL)
		text_string_put(text, ", but ");
	if (elsewhere)
		put_answered_from(output, session);
	text_char(text, '\n');
}

static bool
has_given_up(const struct life *life)
{
	int64_t since;
	return life_state_seen(life, 0, &since) != life->end[0].state ||
	       life_state_seen(life, 1, &since) != life->end[1].state;
}

static void
put_closing(struct text *text, const struct session *session)
{
	static const char *const words[] = {
		[CLOSER_NONE] = "not closed in this capture",
		[CLOSER_CLIENT] = "by the client",
		[CLOSER_SERVER] = "by the server",
		[CLOSER_BOTH] = "by both at once",
		[CLOSER_RESET_BY_CLIENT] = "reset by the client",
		[CLOSER_RESET_BY_SERVER] = "reset by the server",
	};
	enum session_closer closer = session_closed_by(session);
	session_label(text, "closed");
	if (closer == CLOSER_NONE && has_given_up(&session->life))
		text_string_put(text, "given up: not acknowledged, and not repeated any more");
	else
		text_string_put(text, words[closer]);
	if (session->succeeded)
		text_string_put(text, "; then its ports were used again");
	text_char(text, '\n');
}

/* No packet ends these states, and systems do so after a time of their own choice: half-closed
 * connections after a minute (Linux) or ten (AIX). */
static void
put_silence(struct text *text, const struct session *session, enum tcp_state state,
	    int64_t last)
{
	static const int64_t shortest = 60 * SECOND;
	if (state == TCP_CLOSED || state == TCP_LISTEN || state == TCP_TIME_WAIT ||
	    last - session->end < shortest)
		return;
	text_string_put(text, " (last seen ");
	text_duration(text, last - session->end);
	text_string_put(text, " before the end of the capture)");
}

/* "06:53:49.123456 SYN_SENT 312 us, ESTABLISHED 25 ms, ..., TIME_WAIT" */
static void
put_end(struct output *output, const struct session *session, unsigned side, int64_t last)
{
	struct text *text = output->text;
	const struct life *life = &session->life;
	unsigned end = side == 0 ? session->client_end : !session->client_end;
	bool first = true;
	session_label(text, side == 0 ? "client" : "server");
	for (size_t i = 0; i < life->transition_count; i++) {
		const struct transition *transition = &life->transitions[i];
		if (transition->end != end)
			continue;
		if (first) {
			output_time(output, transition->time);
			text_char(text, ' ');
		} else {
			if (transition->after >= 0) {
				text_char(text, ' ');
				text_duration(text, transition->after);
			}
			text_string_put(text, ", ");
		}
		text_string_put(text, tcp_state_name((enum tcp_state)transition->to));
		if (transition->inferred)
			text_string_put(text, " (inferred)");
		first = false;
	}
	if (first)
		text_string_put(text, tcp_state_name((enum tcp_state)life->end[end].state));
	if (life->untold != 0)
		text_string_put(text, ", ...");
	put_silence(text, session, (enum tcp_state)life->end[end].state, last);
	text_char(text, '\n');
}

void
session_life_text(struct output *output, const struct session *session, int64_t last)
{
	struct text *text = output->text;
	const struct life *life = &session->life;
	put_opening(output, session);
	if (session->transport != TRANSPORT_TCP)
		return;
	put_closing(text, session);
	put_end(output, session, 0, last);
	put_end(output, session, 1, last);
	if (life->challenge_acks != 0) {
		session_label(text, "note");
		text_count(
			text, life->challenge_acks,
			"challenge ACK: a SYN, RST or ACK was not of the connection still held",
			"challenge ACKs: SYNs, RSTs or ACKs were not of the connection still "
			"held");
		text_char(text, '\n');
	}
}
