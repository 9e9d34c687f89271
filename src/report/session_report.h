/*
 * session_report: what the views of the command `sessions` share; private to src/report.
 */
#ifndef RPCSCOPE_SESSION_REPORT_H
#define RPCSCOPE_SESSION_REPORT_H

#include "command.h"
#include "output.h"
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

/* -- report_words.c -- */

/* "192.168.56.21.712", with a name for the host where there is one. */
void report_endpoint(struct output *output, const struct endpoint *endpoint);
/* "mountd v3" */
void report_program(struct output *output, uint32_t program, uint32_t version, bool callback);
/* "refused", "never answered", ... of what a session's opening came to; NULL: answered. */
const char *report_opening(uint8_t opening);
/* Does the answer name another address than the one that was asked? */
bool report_told_elsewhere(const struct binding *binding);
/* "port 70000: not a port": what an answer says that says no place; `put` puts its octets. */
void report_wrong(struct text *text, const struct binding *binding,
		  void (*put)(struct text *text, const void *octets, size_t count));
/* Whom the portmapper told what, in which frame. */
void report_answer(struct output *output, const struct binding *binding);

#endif
