/*
 * session_views: the tables that users of netstat and tcpstates read. They are
 * about TCP as such, so they show every connection, whatever it carried.
 */
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "memory.h"
#include "session_report.h"

enum { LOCAL_COLUMN = 6, FOREIGN_COLUMN = 32, STATE_COLUMN = 58 };

enum tcp_state
session_state(const struct session_report *report, const struct session *session, unsigned side)
{
	const struct moment *at = &report->run->options->at;
	unsigned end = side == 0 ? session->client_end : !session->client_end;
	if (at->kind == MOMENT_NONE)
		return (enum tcp_state)session->life.end[end].state;
	return life_state_at(&session->life, end,
			     moment_resolve(at, report->run->counts->first));
}

/* What netstat -a shows of connections: a socket that is closed is gone, one that listens is
 * none. */
static bool
is_live(enum tcp_state state)
{
	return state != TCP_CLOSED && state != TCP_LISTEN;
}

/* -- --at -- */

void
session_remark_at(struct session_report *report, const struct counts *counts)
{
	const struct moment *at = &report->run->options->at;
	struct text words;
	if (at->kind == MOMENT_NONE || counts->frames == 0)
		return;
	int64_t time = moment_resolve(at, counts->first);
	bool before = time < counts->first;
	if (!before && time <= counts->last)
		return;
	text_init(&words);
	text_time_rfc3339(&words, before ? counts->first : counts->last);
	error_set(&report->run->remark,
		  before ? "--at: that is before the first frame (%s): nothing is known"
			 : "--at: that is after the last frame (%s): time has run on from "
			   "there, but what was sent since is not known",
		  text_string(&words));
	text_release(&words);
}

static void
at_begin(struct session_report *report)
{
	struct text *text = report->output.text;
	size_t start = text->length;
	text_string_put(text, "Proto");
	text_pad_to(text, start, LOCAL_COLUMN);
	text_string_put(text, "Local-Address");
	text_pad_to(text, start, FOREIGN_COLUMN);
	text_string_put(text, "Foreign-Address");
	text_pad_to(text, start, STATE_COLUMN);
	text_string_put(text, "State\n");
}

static void
at_row(struct session_report *report, const struct endpoint *local,
       const struct endpoint *foreign, enum tcp_state state)
{
	struct text *text = report->output.text;
	size_t start = text->length;
	if (!is_live(state))
		return;
	text_string_put(text, address_is_ipv4(&local->address) ? "tcp" : "tcp6");
	text_pad_to(text, start, LOCAL_COLUMN);
	report_endpoint(&report->output, local);
	text_char(text, ' ');
	text_pad_to(text, start, FOREIGN_COLUMN);
	report_endpoint(&report->output, foreign);
	text_char(text, ' ');
	text_pad_to(text, start, STATE_COLUMN);
	text_string_put(text, tcp_state_name(state));
	text_char(text, '\n');
}

static void
at_session(struct session_report *report, const struct session *session)
{
	at_row(report, &session->client, &session->server, session_state(report, session, 0));
	at_row(report, &session->server, &session->client, session_state(report, session, 1));
}

const struct session_view session_view_at = {
	.every_connection = true, .begin = at_begin, .session = at_session};

/* -- --states -- */

static void
states_session(struct session_report *report, const struct session *session)
{
	for (unsigned side = 0; side < 2; side++)
		report->states[session_state(report, session, side)]++;
}

static void
states_finish(struct session_report *report, const struct counts *counts)
{
	struct text *text = report->output.text;
	uint64_t live = 0;
	(void)counts;
	for (unsigned state = 0; state < TCP_STATES; state++) {
		if (!is_live((enum tcp_state)state) || report->states[state] == 0)
			continue;
		live += report->states[state];
		text_format(text, "%s %llu\n", tcp_state_name((enum tcp_state)state),
			    (unsigned long long)report->states[state]);
	}
	if (report->shown == 0)
		text_string_put(text, "no TCP connection\n");
	else if (live == 0)
		text_string_put(text, "no TCP connection that is not CLOSED\n");
}

const struct session_view session_view_states = {
	.every_connection = true, .session = states_session, .finish = states_finish};

/* -- --transitions -- */

static int
dated_order(const void *a, const void *b)
{
	const struct dated *left = a, *right = b;
	if (left->transition.time != right->transition.time)
		return left->transition.time < right->transition.time ? -1 : 1;
	return (left->order > right->order) - (left->order < right->order);
}

static void
put_dated(struct session_report *report, const struct dated *dated)
{
	const struct transition *transition = &dated->transition;
	struct output *output = &report->output;
	struct text *text = output->text;
	output_time(output, transition->time);
	output->last = transition->time;
	text_format(text, " %7llu ", (unsigned long long)dated->session);
	size_t start = text->length;
	report_endpoint(output, &dated->local);
	text_char(text, ' ');
	text_pad_to(text, start, FOREIGN_COLUMN - LOCAL_COLUMN);
	report_endpoint(output, &dated->remote);
	text_char(text, ' ');
	text_pad_to(text, start, STATE_COLUMN - LOCAL_COLUMN);
	text_format(text, "%s %-11s -> %-11s ", dated->client ? "client" : "server",
		    tcp_state_name((enum tcp_state)transition->from),
		    tcp_state_name((enum tcp_state)transition->to));
	if (transition->after < 0)
		text_string_put(text, "-");
	else
		text_format(text, "%lld.%03lld", (long long)(transition->after / 1000000),
			    (long long)(transition->after / 1000 % 1000));
	text_string_put(text, transition->inferred ? " (inferred)\n" : "\n");
	text_drain(text, LIMIT_OUTPUT_BUFFER);
}

static void
put_all_dated(struct session_report *report)
{
	if (report->output.last == INT64_MIN) /* nothing was printed yet */
		report->output.last = report->output.first;
	if (report->dated_count > 0)
		qsort(report->dated, report->dated_count, sizeof *report->dated, dated_order);
	for (size_t i = 0; i < report->dated_count; i++)
		put_dated(report, &report->dated[i]);
	report->dated_count = 0;
}

static void
transitions_begin(struct session_report *report)
{
	text_format(report->output.text, "%-15s %7s %-25s %-25s %-6s %-11s -> %-11s %s\n",
		    "TIME", "SESSION", "LADDR.LPORT", "RADDR.RPORT", "END", "OLDSTATE",
		    "NEWSTATE", "MS");
}

static void
transitions_session(struct session_report *report, const struct session *session)
{
	const struct life *life = &session->life;
	uint32_t most = bound_or(report->run->options->bounds.changes, LIMIT_CHANGES);
	report->dated = memory_grow(report->dated, &report->dated_capacity,
				    report->dated_count + life->transition_count,
				    sizeof *report->dated);
	for (size_t i = 0; i < life->transition_count; i++) {
		bool client = life->transitions[i].end == session->client_end;
		report->dated[report->dated_count++] =
			(struct dated){.transition = life->transitions[i],
				       .session = session->number,
				       .order = report->dated_total++,
				       .local = client ? session->client : session->server,
				       .remote = client ? session->server : session->client,
				       .client = client};
	}
	if (report->dated_count >= most) {
		report->run->counts->evicted.changes += report->dated_count;
		put_all_dated(report);
	}
}

static void
transitions_finish(struct session_report *report, const struct counts *counts)
{
	(void)counts;
	put_all_dated(report);
	if (counts->evicted.changes != 0)
		text_format(report->output.text,
			    "%llu changes of state stand before their turn; see --limit "
			    "changes\n",
			    (unsigned long long)counts->evicted.changes);
}

const struct session_view session_view_transitions = {.every_connection = true,
						      .begin = transitions_begin,
						      .session = transitions_session,
						      .finish = transitions_finish};
