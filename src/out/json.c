/*
 * json: one object a message, for scripts (RFC 8259). Members stand in a fixed
 * order, "type" first; json_body.c writes what the specification describes.
 */
#include <string.h>

#include "forms.h"
#include "object.h"

/* A name, or the number where there is none. */
static void
put_name_or_number(struct text *text, const char *name, uint32_t number)
{
	if (name != NULL)
		object_quoted(text, name);
	else
		text_unsigned(text, number);
}

static void
put_anomaly(struct output *output, const struct anomaly *anomaly)
{
	struct text *text = output->text;
	if (text->at[text->length - 1] != '[')
		text_char(text, ',');
	text_char(text, '"');
	text_escape_json(text, anomaly->reason, strlen(anomaly->reason));
	text_string_put(text, " at octet ");
	text_unsigned(text, anomaly->offset);
	text_char(text, '"');
}

static void
put_record_anomalies(struct output *output, const struct record *record)
{
	static const struct {
		unsigned flag;
		const char *reason;
	} rows[] = {
		{RECORD_OVER_LIMIT, "longer than is kept"},
		{RECORD_RESYNC, "the first after octets that could not be read"},
	};
	struct text *text = output->text;
	if (output_is_cut(record)) {
		text_char(text, '"');
		output_cut(output, record);
		text_char(text, '"');
	}
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!(record->flags & rows[i].flag))
			continue;
		if (text->at[text->length - 1] != '[')
			text_char(text, ',');
		object_quoted(text, rows[i].reason);
	}
}

static void
put_anomalies(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	size_t start = text->length;
	object_key(text, "anomalies");
	text_char(text, '[');
	size_t first = text->length;
	put_record_anomalies(output, message->record);
	output_anomalies(output, message, put_anomaly);
	if (text->length == first)
		text_truncate(text, start);
	else
		text_char(text, ']');
}

static void
put_frames(struct output *output, const struct message *message)
{
	object_number(output->text, "frame", message->packet->frame.number);
	object_key(output->text, "frames");
	text_char(output->text, '[');
	output_frames(output, message, ",");
	text_char(output->text, ']');
	object_time(output->text, "time", message->packet->frame.time);
}

static void
put_ends(struct output *output, const struct message *message)
{
	object_string(output->text, "transport", output_transport(message));
	object_endpoint(output->text, "src", &message->packet->source);
	object_endpoint(output->text, "dst", &message->packet->destination);
	if (message->flow != NULL)
		object_number(output->text, "session", message->flow->session);
}

/* An ICMP error (RFC 792, RFC 4443) brought the message back: it was not sent anew. */
static void
put_quote(struct text *text, const struct icmp_error *error)
{
	object_key(text, "quoted_by");
	text_string_put(text, "{\"addr\":\"");
	address_text(text, &error->reporter);
	text_string_put(text, "\",\"icmp_type\":");
	text_unsigned(text, error->type);
	object_number(text, "icmp_code", error->code);
	object_string(text, "reason", icmp_name(error));
	text_char(text, '}');
}

static void
put_procedure(struct output *output, const struct message *message,
	      const struct spec_procedure *procedure)
{
	const struct names *names = output->names;
	text_string_put(output->text, "\"program\":");
	text_unsigned(output->text, message->program);
	object_string(output->text, "program_name", names_message_program(names, message));
	object_number(output->text, "version", message->version);
	object_number(output->text, "procedure", message->procedure);
	object_string(output->text, "procedure_name",
		      names_found_procedure(names, procedure, message->procedure));
}

static void
put_auth(struct output *output, const struct message *message, const char *key,
	 const struct auth_view *auth)
{
	struct text *text = output->text;
	const struct record *record = message->record;
	object_key(text, key);
	text_string_put(text, "{\"flavor\":");
	put_name_or_number(text, message_flavor_name(auth->flavor), auth->flavor);
	if (json_has_members(auth) && json_auth_members(output, message, auth)) {
		text_char(text, '}');
		return;
	}
	if (auth->length > 0) {
		uint32_t left =
			auth->body < record->captured ? record->captured - auth->body : 0;
		object_number(text, "length", auth->length);
		object_key(text, "octets");
		text_char(text, '"');
		text_octets(text, record->octets + record->captured - left,
			    auth->length < left ? auth->length : left);
		text_char(text, '"');
	}
	text_char(text, '}');
}

static void
put_call(struct output *output, const struct message *message)
{
	const struct auth_view *credential = &message->credential;
	if (credential->present || credential->length > 0)
		put_auth(output, message, "auth", credential);
}

static void
put_reply(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	if (message->call_frame != 0) {
		object_number(text, "call_frame", message->call_frame);
		object_signed(text, "elapsed_ns", message->elapsed);
	}
	object_string(text, "status", message_status_name(message->status));
	if (message->has_range) {
		object_number(text, "low", message->low);
		object_number(text, "high", message->high);
	}
	if (message->status == STATUS_AUTH_ERROR) {
		object_key(text, "auth_stat");
		put_name_or_number(text, message_auth_stat_name(message->auth_stat),
				   message->auth_stat);
	}
	size_t status = decode_result_status(&output->tape);
	if (status != SIZE_MAX) {
		struct value_context context = output_context(output, message);
		object_key(text, "result_status");
		value_json(text, &context, &output->tape.fields[status]);
	}
}

static void
put_relations(struct text *text, const struct message *message)
{
	if (message->repeat_of != 0)
		object_number(text, "repeat_of", message->repeat_of);
	if (message->copy_of != 0)
		object_number(text, "copy_of", message->copy_of);
	if (message->kind == MESSAGE_CALL && message->reply_frame != 0)
		object_number(text, "reply_frame", message->reply_frame);
}

static void
put_inner(struct output *output, const struct message *message)
{
	const struct message inner = output_inner(message);
	if (!message->has_inner)
		return;
	object_key(output->text, "inner");
	text_char(output->text, '{');
	put_procedure(output, &inner, decode_find_procedure(output->decoder->spec, &inner));
	text_char(output->text, '}');
}

static void
put_body(struct output *output, const struct message *message)
{
	struct value_context context = output_context(output, message);
	/* Where RPC itself failed there are neither arguments nor results. */
	if (message->kind == MESSAGE_REPLY && message->status != STATUS_SUCCESS)
		return;
	json_integrity(output, &context);
	object_key(output->text, "body");
	json_body(output->text, &context);
}

static void
put_message(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	text_string_put(text, "{\"type\":\"message\",\"kind\":");
	object_quoted(text, output_kind(message));
	put_frames(output, message);
	put_ends(output, message);
	if (message->quote != NULL)
		put_quote(text, message->quote);
	object_number(text, "xid", message->xid);
	if (message->has_procedure) {
		text_char(text, ',');
		put_procedure(output, message, output->tape.procedure);
	}
	object_number(text, "length", message->record->length);
	if (message->kind == MESSAGE_CALL)
		put_call(output, message);
	else
		put_reply(output, message);
	if (message->verifier.flavor != 0 || message->verifier.length != 0)
		put_auth(output, message, "verf", &message->verifier);
	put_relations(text, message);
	put_inner(output, message);
	put_body(output, message);
}

static void
put_malformed(struct output *output, const struct message *message)
{
	text_string_put(output->text, "{\"type\":\"malformed\"");
	put_frames(output, message);
	put_ends(output, message);
	object_number(output->text, "length", message->record->length);
	put_relations(output->text, message);
}

static void
json_message(struct output *output, const struct message *message)
{
	/* The walker goes over the header only for what the fast path leaves undecoded. */
	bool header =
		json_has_members(&message->credential) || json_has_members(&message->verifier);
	output_decode(output, message, header ? DECODE_HEADER | DECODE_BODY : DECODE_BODY);
	if (message->kind == MESSAGE_MALFORMED)
		put_malformed(output, message);
	else
		put_message(output, message);
	put_anomalies(output, message);
	text_string_put(output->text, "}\n");
}

static void
put_evicted(struct text *text, const struct counts *counts)
{
	object_inside(text, "evicted", "flows", counts->evicted.flows);
	object_number(text, "calls", counts->evicted.calls);
	object_number(text, "datagrams", counts->evicted.datagrams);
	object_number(text, "octets", counts->evicted.octets);
	object_number(text, "records", counts->evicted.records);
	object_number(text, "bindings", counts->evicted.bindings);
	object_number(text, "questions", counts->evicted.questions);
	object_number(text, "callbacks", counts->evicted.callbacks);
	object_number(text, "sessions", counts->evicted.sessions);
	object_number(text, "namesakes", counts->evicted.namesakes);
	object_number(text, "direction", counts->evicted.direction);
	object_number(text, "answered", counts->evicted.answered);
	object_number(text, "answered_tcp", counts->evicted.answered_tcp);
	object_number(text, "parked", counts->evicted.parked);
	object_number(text, "fragments", counts->evicted.fragments);
	object_number(text, "attempts", counts->evicted.attempts);
	object_number(text, "hosts", counts->evicted.hosts);
	object_number(text, "neighbours", counts->evicted.neighbours);
	object_number(text, "changes", counts->evicted.changes);
	object_number(text, "rows", counts->evicted.rows);
	object_number(text, "sources", counts->evicted.sources);
	object_number(text, "unfollowed", counts->evicted.unfollowed);
	text_char(text, '}');
}

/* Connections that went over from RPC to TLS, and what they carried then. */
static void
put_tls(struct text *text, const struct counts *counts)
{
	object_inside(text, "tls", "connections", counts->tls.connections);
	object_number(text, "records", counts->tls.records);
	text_char(text, '}');
}

static void
json_summary(struct output *output, const struct counts *counts)
{
	struct text *text = output->text;
	text_string_put(text, "{\"type\":\"summary\"");
	object_number(text, "files", counts->files);
	object_number(text, "frames", counts->frames);
	object_number(text, "octets", counts->octets);
	if (counts->frames > 0) {
		object_time(text, "first", counts->first);
		object_time(text, "last", counts->last);
	} else {
		object_string(text, "first", NULL);
		object_string(text, "last", NULL);
	}
	object_inside(text, "time_steps", "back", counts->steps.back);
	object_number(text, "forward", counts->steps.forward);
	text_char(text, '}');
	object_number(text, "messages", counts->messages);
	object_number(text, "calls", counts->calls);
	object_number(text, "replies", counts->replies);
	object_number(text, "unanswered", counts->unanswered);
	object_number(text, "unmatched_replies", counts->unmatched_replies);
	object_number(text, "repeats", counts->repeats);
	object_number(text, "copies", counts->copies);
	object_number(text, "quoted", counts->quoted);
	object_number(text, "not_rpc", counts->not_rpc);
	object_number(text, "not_ip", counts->not_ip);
	object_number(text, "other_ip", counts->other_ip);
	put_tls(text, counts);
	object_number(text, "cut", counts->cut);
	object_number(text, "gaps", counts->gaps);
	object_number(text, "lost_octets", counts->lost_octets);
	object_number(text, "skipped", counts->skipped);
	put_evicted(text, counts);
	object_number(text, "malformed", counts->malformed);
	text_string_put(text, "}\n");
}

const struct output_form output_json = {
	.name = "json", .message = json_message, .summary = json_summary};
