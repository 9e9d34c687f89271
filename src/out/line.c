/*
 * line: one line a message, after tcpdump's manner.
 *
 * A line is head (frame, time, endpoints, kind, xid), procedure, what went
 * wrong, a summary of the body (line_body.c), tail (the call, repeats, anomalies). When
 * the line is too long the summary gives way (line_fit.c), then the reasons of anomalies.
 */
#include <string.h>

#include "forms.h"
#include "limits.h"
#include "line_fit.h"
#include "value_rows.h"

enum {
	TOLD = 2, /* anomalies said in full */
	KIND_WIDTH = 6,
};

#define RED   "\033[1;31m"
#define PLAIN "\033[0m"

/* In five columns, while it fits. */
static void
put_frame(struct text *text, uint64_t frame)
{
	enum { WIDEST = 10000 }; /* the least number that fills the columns */
	for (uint64_t least = WIDEST; frame < least && least > 1; least /= 10)
		text_char(text, ' ');
	text_unsigned(text, frame);
}

static void
put_head(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	put_frame(text, message->packet->frame.number);
	text_char(text, ' ');
	output_time(output, message->packet->frame.time);
	text_char(text, ' ');
	text_string_put(text, output_transport(message));
	text_char(text, ' ');
	output_endpoints(output, message);
	text_string_put(text, ": ");
	if (message->quote != NULL) {
		output_quote(output, message->quote);
		text_string_put(text, " quoted ");
	}
	if (message->kind == MESSAGE_MALFORMED)
		return;
	size_t kind = text->length;
	text_string_put(text, output_kind(message));
	text_pad_to(text, kind, KIND_WIDTH);
	text_string_put(text, "0x");
	text_hex(text, message->xid, 8);
}

static void
put_body(struct output *output, const struct message *message, size_t start,
	 struct line_pieces *pieces)
{
	struct value_context context = output_context(output, message);
	const struct tape *tape = &output->tape;
	size_t body = decode_body(tape);
	if (body != SIZE_MAX) {
		line_body(output->text, &context, body, start, pieces);
		return;
	}
	/* Octets that no specification describes. */
	for (size_t i = 0; i < tape->count; i++) {
		if (tape->fields[i].length == 0)
			continue;
		text_string_put(output->text, ", ");
		text_unsigned(output->text, tape->fields[i].length);
		text_string_put(output->text, " octets");
		return;
	}
}

static void
put_anomalies(struct output *output, const struct message *message, bool brief)
{
	struct text *text = output->text;
	size_t count = message->anomaly_count + output->tape.anomaly_count;
	unsigned told = 0, most = brief ? 1 : TOLD;
	for (; told < message->anomaly_count && told < most; told++) {
		text_string_put(text, " [malformed: ");
		text_string_put(text, message->anomalies[told].reason);
		text_char(text, ']');
	}
	for (size_t i = 0; told < most && i < output->tape.anomaly_count; i++, told++) {
		text_string_put(text, " [malformed: ");
		text_string_put(text, output->tape.anomalies[i].reason);
		text_char(text, ']');
	}
	if (count <= told)
		return;
	text_string_put(text, " [");
	text_unsigned(text, count - told);
	text_string_put(text, " more]");
}

/* "[gss integrity seq 41]": how RPCSEC_GSS protects it (RFC 2203 section 5). */
static void
put_protection(struct text *text, const struct message *message)
{
	static const char *const services[] = {
		[GSS_INTEGRITY] = " integrity",
		[GSS_PRIVACY] = " privacy",
		[GSS_CHANNEL_PROT] = " channel",
	};
	const struct security *security = &message->security;
	/* A context that is being made protects nothing yet (RFC 2203 section 5.2.2). */
	if (!security->gss || security->gss_proc == GSS_INIT ||
	    security->gss_proc == GSS_CONTINUE_INIT)
		return;
	text_string_put(text, " [gss");
	if (security->service < sizeof services / sizeof services[0] &&
	    services[security->service] != NULL)
		text_string_put(text, services[security->service]);
	if (message->kind == MESSAGE_CALL) {
		text_string_put(text, " seq ");
		text_unsigned(text, security->seq_num);
	}
	text_char(text, ']');
}

/* `brief`: only the first reason of anomalies. */
static void
put_tail(struct output *output, const struct message *message, bool brief)
{
	struct text *text = output->text;
	put_protection(text, message);
	output_relations(output, message);
	if (output_is_cut(message->record)) {
		text_string_put(text, " [");
		output_cut(output, message->record);
		text_char(text, ']');
	}
	put_anomalies(output, message, brief);
}

/* Is what stands between two stars still open at the end of [from, to)? */
static bool
is_alarm_open(const struct text *text, size_t from, size_t to)
{
	bool open = false;
	for (size_t i = from; i + 1 < to; i++) {
		if (text->at[i] != '*' || text->at[i + 1] != '*')
			continue;
		open = !open;
		i++;
	}
	return open;
}

/* Up to there, but not in the middle of a UTF-8 sequence, nor of two stars. */
static size_t
keep_whole(const struct text *text, size_t keep)
{
	while (((uint8_t)text->at[keep] & 0xc0) == 0x80 || text->at[keep] == '*' ||
	       text->at[keep - 1] == '*')
		keep--;
	return keep;
}

/* What is still too long, with two long addresses: the end of the line goes. */
static void
cut_end(struct text *text, size_t start)
{
	static const char dots[] = "...", closing_dots[] = "... **";
	if (text->length - start < LIMIT_LINE_COLUMNS)
		return;
	size_t end = start + LIMIT_LINE_COLUMNS - 1;
	size_t keep = keep_whole(text, end - strlen(dots));
	bool open = is_alarm_open(text, start, keep);
	if (open)
		keep = keep_whole(text, end - strlen(closing_dots));
	open = open && is_alarm_open(text, start, keep);
	text_truncate(text, keep);
	text_string_put(text, open ? closing_dots : dots);
}

/* Where the parts of a line begin. */
struct parts {
	size_t start, summary, tail;
};

/* Of the summary in [from, to) what has room in that many columns takes its place. */
static void
fit_summary(struct text *text, const struct parts *at, struct line_pieces *pieces, size_t room)
{
	text_truncate(text, at->tail);
	if (at->tail > at->summary)
		line_fit(text, pieces, room);
	size_t length = text->length - at->tail;
	memmove(text->at + at->summary, text->at + at->tail, length);
	text_truncate(text, at->summary + length);
}

/* The line is too long: arguments and results give way, then the reasons of anomalies. */
static void
shorten(struct output *output, const struct message *message, const struct parts *at,
	struct line_pieces *pieces)
{
	enum { ROOM = 40 }; /* for the body: less is not worth two reasons */
	struct text *text = output->text;
	size_t outside = at->summary - at->start, fixed = text->length - at->tail + outside;
	bool brief = fixed + ROOM >= LIMIT_LINE_COLUMNS;
	if (brief) {
		text_truncate(text, at->tail);
		put_tail(output, message, true);
		fixed = text->length - at->tail + outside;
	}
	if (decode_body(&output->tape) == SIZE_MAX || output_is_error(message))
		text_truncate(text, at->summary);
	else
		fit_summary(text, at, pieces,
			    fixed < LIMIT_LINE_COLUMNS ? LIMIT_LINE_COLUMNS - 1 - fixed : 0);
	put_tail(output, message, brief);
	cut_end(text, at->start);
}

/* What stands between two stars is red on a terminal that has colours. */
static void
color_alarms(struct text *text, size_t start)
{
	char line[LIMIT_LINE_COLUMNS + 1];
	size_t length = text->length - start;
	bool red = false;
	if (length >= sizeof line)
		return;
	memcpy(line, text->at + start, length);
	text_truncate(text, start);
	for (size_t i = 0; i < length; i++) {
		bool stars = i + 1 < length && line[i] == '*' && line[i + 1] == '*';
		if (stars && !red)
			text_string_put(text, RED);
		text_char(text, line[i]);
		if (!stars)
			continue;
		text_char(text, line[++i]);
		if (red)
			text_string_put(text, PLAIN);
		red = !red;
	}
	if (red)
		text_string_put(text, PLAIN);
}

/* The question whether the server speaks TLS, and its answer (RFC 9289 section 4.1). */
static void
put_tls(struct text *text, const struct message *message)
{
	if (message->kind == MESSAGE_CALL && message->security.flavor == FLAVOR_TLS)
		text_string_put(text, " AUTH_TLS probe");
	else if (message->starttls)
		text_string_put(text, " STARTTLS");
	else if (message_lacks_starttls(message))
		text_string_put(text, " ** no STARTTLS: TLS is not offered **");
}

/* What it does to a context of RPCSEC_GSS in place of the procedure (RFC 2203 section 5.2). */
static void
put_context(struct text *text, const struct message *message)
{
	enum {
		HANDLE = 16,
		WORD = 4
	}; /* behind four words of the credential (RFC 2203 section 5) */
	static const char *const procedures[GSS_PROCEDURES] = {
		[GSS_INIT] = " GSS INIT",       [GSS_CONTINUE_INIT] = " GSS CONTINUE_INIT",
		[GSS_DESTROY] = " GSS DESTROY", [GSS_BIND_CHANNEL] = " GSS BIND_CHANNEL",
		[GSS_CREATE] = " GSS CREATE",   [GSS_LIST] = " GSS LIST",
	};
	const struct security *security = &message->security;
	const uint8_t *credential = message->record->octets + message->credential.body;
	if (!security->gss || security->gss_proc >= GSS_PROCEDURES ||
	    procedures[security->gss_proc] == NULL)
		return;
	text_string_put(text, procedures[security->gss_proc]);
	if (message->kind != MESSAGE_CALL || !security->has_handle)
		return;
	uint32_t left = message->credential.length - HANDLE - WORD;
	const uint8_t *word = credential + HANDLE;
	uint32_t size = (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 |
			(uint32_t)word[2] << 8 | word[3];
	text_string_put(text, " context ");
	text_hex(text, value_hash(word + WORD, size < left ? size : left), 8);
}

static void
put_call_or_reply(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	if (message->has_procedure) {
		text_char(text, ' ');
		output_procedure(output, message, output->tape.procedure);
	}
	put_context(text, message);
	put_tls(text, message);
	if (message->has_inner && message->kind == MESSAGE_REPLY) {
		const struct message inner = output_inner(message);
		text_char(text, ' ');
		output_procedure(output, &inner,
				 decode_find_procedure(output->decoder->spec, &inner));
	}
	if (output_is_error(message)) {
		text_string_put(text, " ** ");
		output_status(output, message);
		text_string_put(text, " **");
	}
}

static void
line_message(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	struct parts at = {.start = text->length};
	struct line_pieces pieces;
	output_decode(output, message, DECODE_BODY);
	put_head(output, message);
	if (message->kind == MESSAGE_MALFORMED) {
		text_string_put(text, "** no RPC message ** ");
		text_unsigned(text, message->record->length);
		text_string_put(text, " octets");
	} else {
		put_call_or_reply(output, message);
	}
	at.summary = text->length;
	if (message->kind != MESSAGE_MALFORMED && !output_is_error(message))
		put_body(output, message, at.start, &pieces);
	at.tail = text->length;
	put_tail(output, message, false);
	if (text->length - at.start >= LIMIT_LINE_COLUMNS)
		shorten(output, message, &at, &pieces);
	if (output->color)
		color_alarms(text, at.start);
	text_char(text, '\n');
}

const struct output_form output_line = {
	.name = "line", .message = line_message, .summary = output_summary_text};
