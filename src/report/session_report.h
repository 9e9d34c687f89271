/*
 * session_report: what the views of the command `sessions` share; private to src/report.
 */
#ifndef RPCSCOPE_SESSION_REPORT_H
#define RPCSCOPE_SESSION_REPORT_H

#include "report_words.h"
#include "select.h"
#include "session.h"

/* A change of state that waits for its place in the order of time. */
struct dated {
	struct transition transition;
	uint64_t session, order;
	struct endpoint local, remote;
	bool client;
};

struct session_report {
	struct run *run;
	struct output output;
	struct selection selection;
	const struct session_view *view;
	bool json;
	uint64_t shown, not_rpc;
	uint64_t states[TCP_STATES]; /* --states */
	struct dated *dated;         /* --transitions */
	size_t dated_count, dated_capacity;
	uint64_t dated_total;
	struct text unfollowed; /* answers after which nothing came, for the end */
	uint64_t unfollowed_more;
};

/* One way to show sessions. */
struct session_view {
	bool every_connection; /* of TCP, also without RPC; else what concerns RPC */
	void (*begin)(struct session_report *report);
	void (*session)(struct session_report *report, const struct session *session);
	void (*finish)(struct session_report *report, const struct counts *counts);
};

extern const struct session_view session_view_blocks, session_view_at, session_view_states,
	session_view_transitions;

/* The object of interface "session", for any view (session_json.c). */
void session_json(struct session_report *report, const struct session *session);
/* {"type":"states", ...} */
void session_states_json(struct session_report *report);
/* State of an end at --at, or at the end of the capture; end 0 is the client's. */
enum tcp_state session_state(const struct session_report *report, const struct session *session,
			     unsigned side);
/* Says on standard error when --at is no moment of the capture. */
void session_remark_at(struct session_report *report, const struct counts *counts);
/* A line of a block begins: "  answer    ". */
void session_label(struct text *text, const char *word);
/* The lines on how it opened, lived and closed (session_life.c); `last`: of the capture. */
void session_life_text(struct output *output, const struct session *session, int64_t last);
/* Answers that led nowhere, for the end of the blocks. */
void session_unfollowed(struct session_report *report, const struct binding *binding);

#endif
