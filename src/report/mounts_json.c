/* mounts_json: attempts with their findings, then the findings that belong to none; see
 * docs/output.md for the members. */
#include "mounts_json.h"

#include "object.h"

static void
step_json(struct text *text, const struct step *step, size_t number)
{
	text_format(text, "{\"step\":%zu", number);
	object_key(text, "frames");
	text_char(text, '[');
	for (unsigned i = 0; i < step->frame_count; i++)
		text_format(text, "%s%llu", i == 0 ? "" : ",",
			    (unsigned long long)step->frames[i]);
	text_char(text, ']');
	object_time(text, "time", step->time);
	if (step->elapsed >= 0)
		object_signed(text, "elapsed_ns", step->elapsed);
	else
		object_string(text, "elapsed_ns", NULL);
	object_string(text, "result", step_result_name(step->result));
	object_number(text, "times", step->times);
	object_escaped(text, "text", &step->text);
	text_char(text, '}');
}

static void
attempt_json(struct text *text, const struct attempt *attempt, size_t number)
{
	object_begin(text, "attempt");
	object_number(text, "attempt", number);
	object_string(text, "kind", attempt_kind_name(attempt->kind));
	object_address(text, "client", &attempt->client);
	object_address(text, "server", &attempt->server);
	if (attempt->path.length != 0)
		object_escaped(text, "path", &attempt->path);
	else
		object_string(text, "path", NULL);
	object_time(text, "start", attempt->start);
	object_time(text, "end", attempt->end);
	object_string(text, "outcome", attempt_outcome_name(attempt->outcome));
	object_key(text, "steps");
	text_char(text, '[');
	for (size_t i = 0; i < attempt->step_count; i++) {
		if (i != 0)
			text_char(text, ',');
		step_json(text, &attempt->steps[i], i + 1);
	}
	text_char(text, ']');
	object_number(text, "later_calls", attempt->later);
	object_key(text, "findings");
	text_char(text, '[');
	for (size_t i = 0; i < attempt->findings.count; i++) {
		text_string_put(text, i == 0 ? "{" : ",{");
		finding_json(text, &attempt->findings.at[i]);
		text_char(text, '}');
	}
	text_char(text, ']');
	object_end(text);
}

void
mounts_json(struct text *text, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->attempt_count; i++)
		attempt_json(text, &verdict->attempts[i], i + 1);
	for (size_t i = 0; i < verdict->findings.count; i++) {
		text_string_put(text, "{\"type\":\"finding\",");
		finding_json(text, &verdict->findings.at[i]);
		object_end(text);
	}
	const char *limit = verdict->omitted.limit;
	if (limit == NULL && verdict->omitted.attempts == 0)
		return;
	object_begin(text, "omitted");
	object_number(text, "count",
		      verdict->omitted.connections + verdict->omitted.calls +
			      verdict->omitted.attempts);
	object_number(text, "connections", verdict->omitted.connections);
	object_number(text, "calls", verdict->omitted.calls);
	object_number(text, "attempts", verdict->omitted.attempts);
	object_string(text, "limit", limit != NULL ? limit : "attempts");
	object_number(text, "frame", verdict->omitted.frame);
	object_end(text);
}
