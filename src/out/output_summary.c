/*
 * output_summary: the last line of every text form: how much there was, and whatever is wrong
 * or was given up, from the counts of the pipeline. What is zero is not mentioned.
 */
#include <string.h>

#include "limits.h"
#include "output.h"

static void
gaps(struct text *text, const struct counts *counts)
{
	text_count(text, counts->gaps, "gap", "gaps");
	text_string_put(text, " of ");
	text_count(text, counts->lost_octets, "octet", "octets");
}

/* What is not UDP or TCP is in every capture; it matters where it is most of one, or all. */
static uint64_t
count_told(const struct counts *counts, uint64_t count)
{
	return counts->messages == 0 || count > counts->frames / 2 ? count : 0;
}

struct line {
	struct text *text;
	size_t start;
	const char *before; /* what joins the next note to those in front */
};

/* Puts what joins it in front of the note that begins there: a new line where the old is full.
 */
static void
join(struct line *line, size_t at)
{
	static const char fresh[] = ",\n    ";
	struct text *text = line->text;
	size_t length = text->length - at;
	char note[LIMIT_LINE_COLUMNS];
	if (length > sizeof note)
		return;
	memcpy(note, text->at + at, length);
	text_truncate(text, at);
	if (at - line->start + strlen(line->before) + length + 1 < LIMIT_LINE_COLUMNS) {
		text_string_put(text, line->before);
	} else {
		text_string_put(text, fresh);
		line->start = text->length - (strlen(fresh) - 2);
	}
	text_put(text, note, length);
	line->before = ", ";
}

struct note {
	uint64_t count;
	const char *one, *many;
};

static void
put_notes(struct line *line, const struct note *notes, size_t count)
{
	struct text *text = line->text;
	for (size_t i = 0; i < count; i++) {
		size_t at = text->length;
		if (notes[i].count == 0)
			continue;
		text_count(text, notes[i].count, notes[i].one, notes[i].many);
		join(line, at);
	}
}

/* What was given up to stay within the bounds on memory. */
static void
put_evicted(struct line *line, const struct counts *counts)
{
	const struct note notes[] = {
		{counts->evicted.records, "record handed on before it was whole",
		 "records handed on before they were whole"},
		{counts->evicted.flows, "connection evicted", "connections evicted"},
		{counts->evicted.calls, "call evicted", "calls evicted"},
		{counts->evicted.answered, "answered call forgotten early",
		 "answered calls forgotten early"},
		{counts->evicted.parked, "reply that did not wait for its call",
		 "replies that did not wait for their calls"},
		{counts->evicted.datagrams - counts->evicted.fragments,
		 "datagram never complete", "datagrams never complete"},
		{counts->evicted.fragments, "incomplete datagram evicted",
		 "incomplete datagrams evicted"},
		{counts->evicted.octets, "octet handed on out of order",
		 "octets handed on out of order"},
		{counts->evicted.bindings, "answer of a portmapper evicted",
		 "answers of portmappers evicted"},
		{counts->evicted.questions, "question to a portmapper evicted",
		 "questions to portmappers evicted"},
		{counts->evicted.callbacks, "callback program forgotten",
		 "callback programs forgotten"},
		{counts->evicted.sessions, "session told early", "sessions told early"},
		{counts->evicted.attempts, "mount attempt not told", "mount attempts not told"},
		{counts->evicted.hosts, "host not remembered", "hosts not remembered"},
		{counts->evicted.neighbours, "neighbour not remembered",
		 "neighbours not remembered"},
		{counts->evicted.changes, "change of state told early",
		 "changes of state told early"},
		{counts->evicted.rows, "answer of a portmapper without a row",
		 "answers of portmappers without a row"},
		{counts->evicted.sources, "answer of a portmapper not told in its row",
		 "answers of portmappers not told in their rows"},
		{counts->evicted.unfollowed, "answer that nobody followed not listed",
		 "answers that nobody followed not listed"},
	};
	put_notes(line, notes, sizeof notes / sizeof notes[0]);
}

void
output_evicted_text(struct output *output, const struct counts *counts)
{
	struct text *text = output->text;
	struct line line = {text, text->length, ""};
	put_evicted(&line, counts);
	if (text->length != line.start)
		text_char(text, '\n');
}

void
output_summary_text(struct output *output, const struct counts *counts)
{
	struct text *text = output->text;
	size_t start = text->length;
	const struct note notes[] = {
		{counts->unanswered, "never answered", "never answered"},
		{counts->unmatched_replies, "reply without its call",
		 "replies without their calls"},
		{counts->repeats, "repeat", "repeats"},
		{counts->copies, "captured twice", "captured twice"},
		{counts->quoted, "quoted by an ICMP error", "quoted by ICMP errors"},
		{counts->cut, "cut short", "cut short"},
		{counts->malformed, "malformed", "malformed"},
		{counts->not_rpc, "stream or datagram that is not RPC",
		 "streams and datagrams that are not RPC"},
		{counts->tls.connections, "connection went over to TLS",
		 "connections went over to TLS"},
		{counts->tls.records, "record of TLS", "records of TLS"},
		{count_told(counts, counts->not_ip), "not IP", "not IP"},
		{count_told(counts, counts->other_ip), "of other IP protocols",
		 "of other IP protocols"},
		{counts->skipped, "octet between records skipped",
		 "octets between records skipped"},
		{counts->steps.back, "step back of the clock", "steps back of the clock"},
		{counts->steps.forward, "clock step or pause of over 10 minutes",
		 "clock steps or pauses of over 10 minutes"},
	};
	text_count(text, counts->frames, "frame, ", "frames, ");
	text_count(text, counts->messages, "message: ", "messages: ");
	text_count(text, counts->calls, "call, ", "calls, ");
	text_count(text, counts->replies, "reply", "replies");
	struct line line = {text, start, "; "};
	put_notes(&line, notes, sizeof notes / sizeof notes[0]);
	put_evicted(&line, counts);
	if (counts->gaps != 0) {
		size_t at = text->length;
		gaps(text, counts);
		join(&line, at);
	}
	text_char(text, '\n');
}
