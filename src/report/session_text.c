/*
 * session_text: a block a session, for people: one line a question that they ask.
 * At the end the answers of the portmapper that nobody followed.
 */
#include <inttypes.h>
#include <string.h>

#include "limits.h"
#include "session_report.h"
#include "wrap.h"

enum { LABEL_COLUMN = 12 };

void
report_endpoint(struct output *output, const struct endpoint *endpoint)
{
	names_host_text(output->names, output->text, &endpoint->address);
	text_char(output->text, '.');
	text_unsigned(output->text, endpoint->port);
}

void
report_program(struct output *output, uint32_t program, uint32_t version, bool callback)
{
	const char *name = names_program_of(output->names, program, callback);
	if (name != NULL)
		text_string_put(output->text, name);
	else
		text_format(output->text, "program %" PRIu32, program);
	text_format(output->text, " v%" PRIu32, version);
}

const char *
report_opening(uint8_t opening)
{
	static const char *const words[] = {
		[OPENING_UNKNOWN] = NULL,
		[OPENING_ANSWERED] = NULL,
		[OPENING_SILENT] = "never answered",
		[OPENING_REFUSED] = "refused",
		[OPENING_FILTERED] = "filtered",
		[OPENING_UNREACHABLE] = "unreachable",
		[OPENING_CHALLENGED] = "answered by an ACK of an older connection",
	};
	return words[opening];
}

static void
label(struct text *text, const char *word)
{
	size_t start = text->length;
	text_string_put(text, "  ");
	text_string_put(text, word);
	text_pad_to(text, start, LABEL_COLUMN);
}

static void
put_count(struct text *text, uint64_t count, const char *one, const char *many)
{
	text_format(text, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

/* -- which answer -- */

static void
put_no_answer(struct text *text, const struct session *session)
{
	if (session->server.port == 111)
		text_string_put(text, "none needed: 111 is the portmapper's own port");
	else if (session->server.port == 2049)
		text_string_put(text, "none: 2049 is NFS's fixed port");
	else
		text_format(text, "none: nobody told of port %u in this capture",
			    session->server.port);
}

static void
put_link(struct output *output, const struct session *session)
{
	struct text *text = output->text;
	label(text, "answer");
	if (session->answer == NULL) {
		put_no_answer(text, session);
		text_char(text, '\n');
		return;
	}
	if (session->link == LINK_OTHER_CLIENT)
		text_string_put(text, "none to this client, but ");
	report_answer(output, session->answer);
	text_string_put(text, ", ");
	if (session->link == LINK_LATE) {
		text_duration(text, -session->answer_delay);
		text_string_put(text, " after this began: learned late");
	} else {
		text_duration(text, session->answer_delay);
		text_string_put(text, " before");
	}
	if (session->link == LINK_CACHED)
		text_format(text, "; a later session by the same answer, after %" PRIu64,
			    session->answer->session);
	text_char(text, '\n');
}

/* -- what was sent -- */

static void
put_times(struct output *output, const struct session *session)
{
	struct text *text = output->text;
	label(text, "time");
	output->last = output->first;
	output_time(output, session->start);
	text_string_put(text, " to ");
	output_time(output, session->end);
	text_string_put(text, " (");
	text_duration(text, session->end - session->start);
	text_format(text, "), frames %" PRIu64 " to %" PRIu64 "\n", session->first_frame,
		    session->last_frame);
}

static void
put_packets(struct text *text, const struct session *session)
{
	label(text, "packets");
	text_format(text,
		    "%" PRIu64 " by the client (%" PRIu64 " octets), %" PRIu64
		    " by the server (%" PRIu64 " octets)",
		    session->packets[0], session->octets[0], session->packets[1],
		    session->octets[1]);
	if (session_retransmits(session) != 0)
		text_format(text, ", %" PRIu64 " sent again", session_retransmits(session));
	if (session->gaps != 0) {
		text_string_put(text, ", ");
		put_count(text, session->gaps, "gap", "gaps");
	}
	text_char(text, '\n');
}

static void
put_rpc(struct output *output, const struct session *session)
{
	struct text *text = output->text;
	label(text, "rpc");
	if (!session->rpc) {
		text_string_put(text, "nothing\n");
		return;
	}
	put_count(text, session->calls, "call, ", "calls, ");
	put_count(text, session->replies, "reply", "replies");
	if (session->repeats != 0) {
		text_string_put(text, ", ");
		put_count(text, session->repeats, "repeat", "repeats");
	}
	if (session->callbacks != 0) {
		text_string_put(text, ", ");
		put_count(text, session->callbacks, "call by the server",
			  "calls by the server");
	}
	for (unsigned i = 0; i < session->program_count; i++) {
		text_string_put(text, i == 0 ? ": " : ", ");
		report_program(output, session->programs[i].program,
			       session->programs[i].version, session->programs[i].callback);
		if (session->program_count > 1)
			text_format(text, " %" PRIu64 "/%" PRIu64, session->programs[i].calls,
				    session->programs[i].replies);
	}
	text_char(text, '\n');
}

/* -- how it lived -- */

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
	label(text, "opening");
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
	label(text, "closed");
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
	label(text, side == 0 ? "client" : "server");
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

static void
put_life(struct output *output, const struct session *session, int64_t last)
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
		label(text, "note");
		put_count(
			text, life->challenge_acks,
			"challenge ACK: a SYN, RST or ACK was not of the connection still held",
			"challenge ACKs: SYNs, RSTs or ACKs were not of the connection still "
			"held");
		text_char(text, '\n');
	}
}

static void
block_session(struct session_report *report, const struct session *session)
{
	struct output *output = &report->output;
	struct text *text = output->text;
	const struct session_purpose purpose = session_purpose(session);
	size_t start = text->length;
	text_format(text, "session %" PRIu64 "  %s ", session->number,
		    session->transport == TRANSPORT_TCP ? "tcp" : "udp");
	report_endpoint(output, &session->client);
	text_string_put(text, " > ");
	report_endpoint(output, &session->server);
	if (purpose.program != 0) {
		text_string_put(text, "  ");
		report_program(output, purpose.program, purpose.version, purpose.callback);
		if (purpose.by_answer)
			text_string_put(text,
					" (by the portmapper's answer: no call was seen)");
	}
	text_char(text, '\n');
	put_link(output, session);
	put_times(output, session);
	put_packets(text, session);
	put_rpc(output, session);
	put_life(output, session, report->run->counts->last);
	text_char(text, '\n');
	if (report->run->columns != 0)
		wrap_lines(text, start, LABEL_COLUMN,
			   wrap_columns(report->run->columns, LIMIT_LINE_COLUMNS));
}

/* -- the end -- */

void
session_unfollowed(struct session_report *report, const struct binding *binding)
{
	if (binding->sessions != 0 || binding->listed || binding->superseded)
		return;
	if (report->unfollowed.length >=
	    bound_or(report->run->options->bounds.unfollowed, LIMIT_UNFOLLOWED)) {
		report->unfollowed_more++;
		report->run->counts->evicted.bindings++;
		return;
	}
	struct output output = report->output;
	output.text = &report->unfollowed;
	text_string_put(output.text, "  ");
	report_answer(&output, binding);
	text_string_put(output.text, " at ");
	names_host_text(output.names, output.text, &binding->server);
	if (binding->elsewhere != 0)
		text_format(output.text,
			    "; the client went to port %u instead (session %" PRIu64 ")",
			    binding->elsewhere_port, binding->elsewhere);
	text_char(output.text, '\n');
}

static void
blocks_finish(struct session_report *report, const struct counts *counts)
{
	struct text *text = report->output.text;
	size_t start = text->length;
	if (report->unfollowed.length > 0) {
		text_string_put(text, "answers that no session followed:\n");
		text_put(text, report->unfollowed.at, report->unfollowed.length);
		if (report->unfollowed_more != 0)
			text_format(text, "  and %" PRIu64 " more\n", report->unfollowed_more);
		text_char(text, '\n');
	}
	put_count(text, report->shown, "session", "sessions");
	if (report->not_rpc != 0)
		text_format(text, " (%" PRIu64 " more not RPC)", report->not_rpc);
	text_string_put(text, "; ");
	output_summary_text(&report->output, counts);
	if (report->run->columns != 0)
		wrap_lines(text, start, 4,
			   wrap_columns(report->run->columns, LIMIT_LINE_COLUMNS));
}

const struct session_view session_view_blocks = {.session = block_session,
						 .finish = blocks_finish};
