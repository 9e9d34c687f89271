/*
 * sessions: each session with the answer that led to it and its life, in one of
 * four views, each a row of functions: blocks to read, netstat's table at a
 * moment, a line a change of state, the count per state. As JSON all of them are
 * `session` objects.
 */
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "memory.h"
#include "report.h"
#include "session_report.h"

static bool
is_selected(const struct session_report *report, const struct session *session)
{
	const struct selection *selection = &report->selection;
	const struct session_program *programs = session->programs;
	bool program = !selection->has_program ||
		       session_purpose(session).program == selection->program;
	bool host = !selection->has_host;
	for (unsigned i = 0; i < session->program_count; i++)
		program |= programs[i].program == selection->program ||
			   (programs[i].callback && selection->program == NFS_CALLBACK);
	host |= address_equal(&session->client.address, &selection->host) ||
		address_equal(&session->server.address, &selection->host);
	return program && host;
}

static void
take_session(void *context, const struct session *session)
{
	struct session_report *report = context;
	bool concerns = session_concerns_rpc(session);
	report->not_rpc += !concerns;
	if (report->view->every_connection ? session->transport != TRANSPORT_TCP : !concerns)
		return;
	if (!is_selected(report, session))
		return;
	report->output.first = report->run->counts->first;
	report->shown++;
	if (report->json)
		session_json(report, session);
	if (!report->json || report->view == &session_view_states)
		report->view->session(report, session);
	text_drain(report->output.text, LIMIT_OUTPUT_BUFFER);
}

static void
take_binding(void *context, const struct binding *binding)
{
	struct session_report *report = context;
	bool wanted = !report->selection.has_program && !report->selection.has_host;
	if (!report->json && wanted && report->view == &session_view_blocks)
		session_unfollowed(report, binding);
}

static void
sessions_release(void *state)
{
	struct session_report *report = state;
	selection_release(&report->selection);
	text_release(&report->unfollowed);
	free(report->dated);
	free(report);
}

static const struct session_view *
view_of(const struct options *options)
{
	if (options->states)
		return &session_view_states;
	if (options->transitions)
		return &session_view_transitions;
	return options->at.kind != MOMENT_NONE ? &session_view_at : &session_view_blocks;
}

static bool
check_options(const struct options *options, struct error *error)
{
	if (options->transitions && (options->states || options->at.kind != MOMENT_NONE))
		return error_set(error, "--transitions goes with neither --at nor --states");
	return true;
}

static void *
sessions_begin(struct run *run, struct sink *sink, struct error *error)
{
	struct session_report *report = memory_get(sizeof *report);
	report->run = run;
	report->view = view_of(run->options);
	report->json = report_as_json(run);
	report->output = report_output(run);
	text_init(&report->unfollowed);
	*sink = (struct sink){
		.session = take_session, .binding = take_binding, .context = report};
	if (check_options(run->options, error) &&
	    selection_init(&report->selection, run->options, run->names, error)) {
		if (!report->json && report->view->begin != NULL)
			report->view->begin(report);
		return report;
	}
	sessions_release(report);
	return NULL;
}

static int
sessions_end(void *state, const struct counts *counts)
{
	struct session_report *report = state;
	report->output.first = counts->first;
	session_remark_at(report, counts);
	if (report->json) {
		if (report->view == &session_view_states)
			session_states_json(report);
		output_json.summary(&report->output, counts);
	} else if (report->view->finish != NULL) {
		report->view->finish(report, counts);
	}
	return 0;
}

const struct command sessions_command = {
	.name = "sessions",
	.purpose = "each portmapper answer with the session that followed, and how it lived",
	.begin = sessions_begin,
	.finish = sessions_end,
	.free = sessions_release,
};
