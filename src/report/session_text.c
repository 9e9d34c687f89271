/*
 * session_text: a block a session, for people: one line a question that they ask.
 * At the end the answers of the portmapper that nobody followed.
 */
#include <inttypes.h>

#include "limits.h"
#include "session_report.h"
#include "wrap.h"

enum { LABEL_COLUMN = 12 };

void
session_label(struct text *text, const char *word)
{
	size_t start = text->length;
	text_string_put(text, "  ");
	text_string_put(text, word);
	text_pad_to(text, start, LABEL_COLUMN);
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
	session_label(text, "answer");
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
	session_label(text, "time");
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
	session_label(text, "packets");
	text_format(text,
		    "%" PRIu64 " by the client (%" PRIu64 " octets), %" PRIu64
		    " by the server (%" PRIu64 " octets)",
		    session->packets[0], session->octets[0], session->packets[1],
		    session->octets[1]);
	if (session_retransmits(session) != 0)
		text_format(text, ", %" PRIu64 " sent again", session_retransmits(session));
	if (session->gaps != 0) {
		text_string_put(text, ", ");
		text_count(text, session->gaps, "gap", "gaps");
	}
	text_char(text, '\n');
}

static void
put_rpc(struct output *output, const struct session *session)
{
	struct text *text = output->text;
	session_label(text, "rpc");
	if (!session->rpc) {
		text_string_put(text, "nothing\n");
		return;
	}
	text_count(text, session->calls, "call, ", "calls, ");
	text_count(text, session->replies, "reply", "replies");
	if (session->repeats != 0) {
		text_string_put(text, ", ");
		text_count(text, session->repeats, "repeat", "repeats");
	}
	if (session->callbacks != 0) {
		text_string_put(text, ", ");
		text_count(text, session->callbacks, "call by the server",
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
	session_life_text(output, session, report->run->counts->last);
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
		report->run->counts->evicted.unfollowed++;
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
	text_count(text, report->shown, "session", "sessions");
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
