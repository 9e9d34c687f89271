/* session_json: a session as one object; see docs/output.md for its members. */
#include "object.h"
#include "session_report.h"

static const char *
closed_by_name(enum session_closer closer)
{
	static const char *const names[] = {
		[CLOSER_CLIENT] = "client",
		[CLOSER_SERVER] = "server",
		[CLOSER_BOTH] = "both",
		[CLOSER_RESET_BY_CLIENT] = "reset by client",
		[CLOSER_RESET_BY_SERVER] = "reset by server",
	};
	return closer == CLOSER_NONE ? NULL : names[closer];
}

static const char *
link_word(uint8_t link)
{
	static const char *const names[] = {
		[LINK_NONE] = "none",     [LINK_ANSWERED] = "answered",
		[LINK_CACHED] = "cached", [LINK_OTHER_CLIENT] = "other client",
		[LINK_LATE] = "late",
	};
	return names[link];
}

static const char *
opening_name(uint8_t opening)
{
	static const char *const names[] = {
		[OPENING_UNKNOWN] = NULL,
		[OPENING_ANSWERED] = "answered",
		[OPENING_SILENT] = "no answer",
		[OPENING_REFUSED] = "refused",
		[OPENING_FILTERED] = "filtered",
		[OPENING_UNREACHABLE] = "unreachable",
		[OPENING_CHALLENGED] = "challenged",
	};
	return names[opening];
}

static void
put_pair(struct text *text, const char *key, const uint64_t pair[static 2])
{
	object_inside(text, key, "client", pair[0]);
	object_number(text, "server", pair[1]);
	text_char(text, '}');
}

static void
put_program(struct session_report *report, const struct session *session)
{
	const struct session_purpose purpose = session_purpose(session);
	struct text *text = report->output.text;
	if (purpose.program == 0) {
		text_string_put(text, ",\"program\":null,\"program_name\":null,"
				      "\"version\":null,\"program_known_by\":null");
		return;
	}
	object_number(text, "program", purpose.program);
	object_string(
		text, "program_name",
		names_program_of(report->output.names, purpose.program, purpose.callback));
	object_number(text, "version", purpose.version);
	object_string(text, "program_known_by", purpose.by_answer ? "answer" : "calls");
}

static void
put_answer(struct text *text, const char *key, const struct session *session)
{
	object_inside(text, key, "frame", session->answer->frame);
	object_number(text, "call_frame", session->answer->call_frame);
	object_signed(text, "delay_ns", session->answer_delay);
	object_string(text, "learned_from", session->answer->learned_from);
	if (report_told_elsewhere(session->answer))
		object_address(text, "told_by", &session->answer->told_by);
	text_char(text, '}');
}

/* What led here is `answered_by`; what only explains the port is `explained_by`. */
static void
put_link(struct text *text, const struct session *session)
{
	if (session_followed(session))
		put_answer(text, "answered_by", session);
	else
		object_string(text, "answered_by", NULL);
	object_string(text, "link", link_word(session->link));
	if (session->answer != NULL && !session_followed(session))
		put_answer(text, "explained_by", session);
}

static void
put_transition(struct text *text, const struct session *session,
	       const struct transition *transition)
{
	bool client = transition->end == session->client_end;
	text_string_put(text, "{\"time\":\"");
	text_time_rfc3339(text, transition->time);
	text_char(text, '"');
	object_ordinal(text, "frame", transition->frame);
	object_string(text, "end", client ? "client" : "server");
	object_string(text, "from", tcp_state_name((enum tcp_state)transition->from));
	object_string(text, "to", tcp_state_name((enum tcp_state)transition->to));
	if (transition->after < 0)
		object_string(text, "after_ns", NULL);
	else
		object_signed(text, "after_ns", transition->after);
	object_bool(text, "inferred", transition->inferred);
	text_char(text, '}');
}

static void
put_life(struct session_report *report, const struct session *session)
{
	struct text *text = report->output.text;
	const struct life *life = &session->life;
	bool tcp = session->transport == TRANSPORT_TCP;
	object_string(text, "closed_by",
		      tcp ? closed_by_name(session_closed_by(session)) : NULL);
	object_string(text, "client_state",
		      tcp ? tcp_state_name(session_state(report, session, 0)) : NULL);
	object_string(text, "server_state",
		      tcp ? tcp_state_name(session_state(report, session, 1)) : NULL);
	object_key(text, "transitions");
	text_char(text, '[');
	for (size_t i = 0; i < life->transition_count; i++) {
		if (i > 0)
			text_char(text, ',');
		put_transition(text, session, &life->transitions[i]);
	}
	text_char(text, ']');
	if (life->untold != 0)
		object_number(text, "transitions_untold", life->untold);
	if (life->challenge_acks != 0)
		object_number(text, "challenge_acks", life->challenge_acks);
}

static void
put_icmp(struct text *text, const struct session *session)
{
	if (session->icmp_count == 0)
		return;
	object_inside(text, "icmp", "frame", session->icmp_frame);
	object_address(text, "addr", &session->icmp.reporter);
	object_string(text, "reason", icmp_name(&session->icmp));
	object_number(text, "count", session->icmp_count);
	text_char(text, '}');
}

static void
put_answered_from(struct text *text, const struct session *session)
{
	if (session->answered_frame == 0)
		return;
	object_endpoint(text, "answered_from", &session->answered_from);
	object_number(text, "answered_frame", session->answered_frame);
}

void
session_json(struct session_report *report, const struct session *session)
{
	struct text *text = report->output.text;
	const struct moment *at = &report->run->options->at;
	object_begin(text, "session");
	object_number(text, "session", session->number);
	object_string(text, "transport", names_protocol(session->transport));
	object_endpoint(text, "client", &session->client);
	object_endpoint(text, "server", &session->server);
	put_program(report, session);
	object_number(text, "first_frame", session->first_frame);
	object_number(text, "last_frame", session->last_frame);
	object_time(text, "start", session->start);
	object_time(text, "end", session->end);
	put_pair(text, "packets", session->packets);
	put_pair(text, "octets", session->octets);
	object_number(text, "calls", session->calls);
	object_number(text, "replies", session->replies);
	object_number(text, "repeats", session->repeats);
	if (session->callbacks != 0)
		object_number(text, "callbacks", session->callbacks);
	put_link(text, session);
	object_bool(text, "joined_midway", session->joined_midway);
	object_string(text, "opening", opening_name(session->opening));
	put_answered_from(text, session);
	put_icmp(text, session);
	if (at->kind != MOMENT_NONE)
		object_time(text, "at", moment_resolve(at, report->run->counts->first));
	put_life(report, session);
	object_number(text, "retransmits", session_retransmits(session));
	object_number(text, "gaps", session->gaps);
	object_end(text);
}

void
session_states_json(struct session_report *report)
{
	struct text *text = report->output.text;
	object_begin(text, "states");
	if (report->run->options->at.kind != MOMENT_NONE)
		object_time(
			text, "at",
			moment_resolve(&report->run->options->at, report->run->counts->first));
	for (unsigned state = TCP_SYN_SENT; state < TCP_STATES; state++)
		object_number(text, tcp_state_name((enum tcp_state)state),
			      report->states[state]);
	object_end(text);
}
