/*
 * hex: the annotated dump: octets, and under them arrows to what each field means.
 *
 * The leaves of the tape tile the record, so the dump walks both at once: for
 * every sixteen octets, the leaves that have octets there become marks with a
 * first and a last column. One row underlines all of them, but for lines inside a long
 * field; then each leaf that begins in the line has a row with its arrow, the
 * right-most first, so that the arrows of those still to come pass on its left as bars.
 */
#include "forms.h"

enum {
	PER_LINE = 16,
	WORD = 4,
	FIRST_COLUMN = 9,  /* after eight digits of offset and a blank */
	WORD_COLUMNS = 9,  /* eight digits and a blank */
	BAR_COLUMN = 45,   /* of the characters at the right */
	LIST_EXTENTS = 16, /* frames listed with the octets that came from them */
};

/* A leaf's share of one line. Columns from the start of the line, the last not included. */
struct mark {
	const struct field *field;
	size_t from, to;
	bool begins, goes_on;
};

struct line_marks {
	struct mark at[PER_LINE]; /* a leaf has an octet at least */
	size_t count;
};

static size_t
column(uint32_t octet)
{
	return FIRST_COLUMN + octet / WORD * WORD_COLUMNS + octet % WORD * 2;
}

static void
put_octets(struct text *text, const uint8_t *octets, uint32_t offset, uint32_t count)
{
	size_t start = text->length;
	text_hex(text, offset, 8);
	for (uint32_t i = 0; i < count; i++) {
		text_pad_to(text, start, column(i));
		text_hex(text, octets[i], 2);
	}
	text_pad_to(text, start, BAR_COLUMN);
	text_char(text, '|');
	for (uint32_t i = 0; i < PER_LINE; i++) {
		uint8_t octet = i < count ? octets[i] : ' ';
		text_char(text, octet >= ' ' && octet <= '~' ? (char)octet : '.');
	}
	text_string_put(text, "|\n");
}

/* The marks of the line at that offset; *next is the first field that may have octets in it. */
static void
find_marks(struct line_marks *marks, const struct tape *tape, size_t *next, uint32_t offset)
{
	uint64_t line_end = (uint64_t)offset + PER_LINE;
	marks->count = 0;
	for (size_t i = *next; i < tape->count && marks->count < PER_LINE; i++) {
		const struct field *field = &tape->fields[i];
		uint64_t end = (uint64_t)field->offset + field->length;
		if (end > tape->captured)
			end = tape->captured;
		if (!field_is_leaf(field) || end <= offset || field->length == 0) {
			/* Behind this line for good, when all before it are. */
			if (i == *next)
				++*next;
			continue;
		}
		if (field->offset >= line_end)
			return;
		uint32_t from = field->offset > offset ? field->offset - offset : 0;
		uint32_t last =
			end < line_end ? (uint32_t)(end - offset) - 1 : (uint32_t)PER_LINE - 1;
		marks->at[marks->count++] = (struct mark){
			.field = field,
			.from = column(from),
			.to = column(last) + 2,
			.begins = field->offset >= offset,
			.goes_on = end > line_end,
		};
	}
}

/* Fields that meet inside a word have no blank between them: "+" is where the next begins. */
static void
put_underline(struct text *text, const struct line_marks *marks)
{
	size_t start = text->length;
	for (size_t i = 0; i < marks->count; i++) {
		const struct mark *mark = &marks->at[i];
		bool joins = i > 0 && marks->at[i - 1].to == mark->from;
		text_pad_to(text, start, mark->from - !mark->begins);
		text_string_put(text, mark->begins ? "" : ">");
		text_char(text, joins ? '+' : '-');
		text_fill(text, '-', mark->to - mark->from - 1);
		text_string_put(text, mark->goes_on ? ">" : "");
	}
	text_char(text, '\n');
}

static void
put_arrow(struct output *output, const struct value_context *context,
	  const struct line_marks *marks, size_t which)
{
	struct text *text = output->text;
	size_t start = text->length;
	for (size_t i = 0; i < which; i++) {
		if (!marks->at[i].begins)
			continue;
		text_pad_to(text, start, marks->at[i].from);
		text_char(text, '|');
	}
	text_pad_to(text, start, marks->at[which].from);
	text_string_put(text, "\\--- ");
	value_explain(text, context, marks->at[which].field);
	output_field_flags(output, marks->at[which].field);
	text_char(text, '\n');
}

/* A line inside one long field, which began before and goes on: there is nothing to say. */
static bool
is_inside(const struct line_marks *marks)
{
	return marks->count == 1 && !marks->at[0].begins && marks->at[0].goes_on;
}

static void
put_record(struct output *output, const struct message *message)
{
	const struct tape *tape = &output->tape;
	struct value_context context = output_context(output, message);
	struct line_marks marks;
	size_t next = 0;
	for (uint32_t offset = 0; offset < tape->captured;) {
		uint32_t left = tape->captured - offset;
		uint32_t count = left < PER_LINE ? left : PER_LINE;
		put_octets(output->text, tape->octets + offset, offset, count);
		find_marks(&marks, tape, &next, offset);
		if (marks.count > 0 && !is_inside(&marks))
			put_underline(output->text, &marks);
		for (size_t i = marks.count; i-- > 0;) {
			if (marks.at[i].begins)
				put_arrow(output, &context, &marks, i);
		}
		offset += count;
	}
}

/* A record over several frames: which of its octets came from which. */
static void
put_origin(struct output *output, const struct record *record)
{
	struct text *text = output->text;
	if (record->extent_count < 2)
		return;
	for (size_t i = 0; i < record->extent_count && i < LIST_EXTENTS; i++) {
		const struct extent *extent = &record->extents[i];
		text_string_put(text, "          ");
		text_hex(text, extent->offset, 8);
		text_string_put(text, " to ");
		text_hex(text, extent->offset + (extent->length > 0 ? extent->length - 1 : 0),
			 8);
		text_string_put(text, " from frame ");
		text_unsigned(text, extent->frame);
		text_string_put(text, ", octet ");
		text_unsigned(text, extent->frame_offset);
		text_char(text, '\n');
	}
	if (record->extent_count <= LIST_EXTENTS)
		return;
	text_string_put(text, "          and ");
	text_unsigned(text, record->extent_count - LIST_EXTENTS);
	text_string_put(text, " pieces more\n");
}

static void
put_rpc(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	const struct record *record = message->record;
	text_string_put(text, "RPC       ");
	text_string_put(text, output_kind(message));
	text_string_put(text, ", ");
	text_unsigned(text, record->length);
	text_string_put(text, " octets");
	if (record->fragments > 0) {
		text_string_put(text, " in ");
		text_count(text, record->fragments, "record fragment", "record fragments");
	}
	if (message->flow != NULL) {
		text_string_put(text, ", session ");
		text_unsigned(text, message->flow->session);
	}
	output_relations(output, message);
	text_char(text, '\n');
	put_origin(output, record);
	if (output_is_cut(record)) {
		text_string_put(text, "          ** ");
		output_cut(output, record);
		text_string_put(text, " **\n");
	}
}

static void
put_anomaly(struct output *output, const struct anomaly *anomaly)
{
	text_string_put(output->text, "          ** ");
	output_anomaly(output, anomaly);
}

static void
hex_message(struct output *output, const struct message *message)
{
	output_decode(output, message, DECODE_HEADER | DECODE_BODY);
	hex_headers(output, message);
	put_rpc(output, message);
	output_anomalies(output, message, put_anomaly);
	put_record(output, message);
	text_char(output->text, '\n');
}

const struct output_form output_hex = {
	.name = "hex", .message = hex_message, .summary = output_summary_text};
