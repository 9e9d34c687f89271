/*
 * line_body: arguments or results in a line: what matters of them, and nothing else.
 *
 * A loop over the tape: value_line() says what a leaf or a structure looks like, or that it
 * does not matter here; arrays and lists are counts, but for the operations of a
 * COMPOUND, which are said one by one. The rows of types (value_rows.h) decide all of
 * that; none of it is about a procedure.
 */
#include <string.h>

#include "forms.h"
#include "limits.h"
#include "line_fit.h"
#include "value_rows.h"

/* A result's own status stands first, and out like RPC's when it is not success. */
static void
put_result_status(struct text *text, const struct value_context *context,
		  const struct field *field)
{
	const char *name = value_plain_name(context, field);
	if (!value_status_failed(context->tape->spec, field)) {
		if (name != NULL)
			text_string_put(text, name);
		return;
	}
	text_string_put(text, "** ");
	value_text(text, context, field);
	text_string_put(text, " **");
}

/* A body on its way into the line. */
struct summary {
	struct text *text;
	struct value_context context;
	size_t start; /* of the line */
	size_t status;
	unsigned items;
	bool names_only; /* operations: the one that failed matters, not the others' details */
	struct line_pieces *pieces; /* where they are noted, should it have to be made to fit */
};

static enum line_weight
weight_of(const struct field *field, const struct value_row *row)
{
	if (field->kind >= FIELD_COUNT)
		return LINE_ITEM;
	return row->minor ? LINE_MINOR : row->bulky ? LINE_BULKY : LINE_ITEM;
}

/* Writes what `put` says with a blank in front; false when that is nothing. */
static bool
put_item(struct summary *summary, size_t index)
{
	struct text *text = summary->text;
	const struct field *field = &summary->context.tape->fields[index];
	size_t before = text->length;
	text_char(text, ' ');
	if (index == summary->status)
		put_result_status(text, &summary->context, field);
	else if (field->kind == FIELD_OPEN_ARRAY || field->kind == FIELD_OPEN_LIST)
		line_array(text, &summary->context, index);
	else
		value_line(text, &summary->context, field);
	if (text->length == before + 1) {
		text_truncate(text, before);
		return false;
	}
	return true;
}

static void
put_rest(struct summary *summary)
{
	if (summary->pieces != NULL)
		summary->pieces->groups[summary->pieces->group_count - 1].cut = true;
	text_string_put(summary->text, " ...");
}

/* One more item, if it says something; false when there are enough without it. */
static bool
add_item(struct summary *summary, size_t index, const struct value_row *row)
{
	const struct field *field = &summary->context.tape->fields[index];
	size_t before = summary->text->length;
	if (!put_item(summary, index))
		return true;
	if (summary->items == LINE_ITEMS) {
		text_truncate(summary->text, before);
		put_rest(summary);
		return false;
	}
	summary->items++;
	if (summary->pieces != NULL)
		line_piece_add(summary->pieces, summary->text, before,
			       index == summary->status ? LINE_KEPT : weight_of(field, row));
	return true;
}

/* Boolean discriminants say what the arm says by being there. */
static bool
is_told_by_its_arm(const struct tape *tape, size_t index)
{
	const struct field *field = &tape->fields[index];
	return field->kind == FIELD_BOOL && index > 0 &&
	       tape->fields[index - 1].kind == FIELD_OPEN_UNION;
}

/* What is inside an opening that a line looks into; what else it is, is an item. */
static bool
is_looked_into(const struct field *field, const struct value_row *row)
{
	return field_is_open(field) && !row->hidden && !row->whole &&
	       field->kind != FIELD_OPEN_ARRAY && field->kind != FIELD_OPEN_LIST;
}

/* The content of an opaque that is a call of its own (CALLIT): it stands behind a colon. */
static bool
is_inner_call(const struct tape *tape, size_t opening)
{
	const struct field *content = &tape->fields[opening + 2]; /* behind the length */
	return tape->fields[opening].kind == FIELD_OPEN_OPAQUE &&
	       (content->name == NAME_ARGUMENTS || content->name == NAME_RESULTS);
}

static void put_operations(struct summary *summary, size_t array);

/* Is there more of it already than a line can hold? It will be made to fit, then. */
static bool
is_too_long(const struct summary *summary)
{
	return summary->text->length - summary->start > LIMIT_LINE_COLUMNS;
}

static void
put_colon(struct summary *summary)
{
	text_char(summary->text, ':');
	if (summary->pieces != NULL)
		line_group_add(summary->pieces, summary->text, summary->text->length - 1,
			       false);
}

static bool
is_essential(const struct tape *tape, const struct field *field, const struct value_row *row)
{
	size_t count = sizeof row->essential_names / sizeof row->essential_names[0];
	for (size_t i = 0; i < count && row->essential_names[i] != NULL; i++) {
		if (strcmp(spec_name(tape->spec, field->name), row->essential_names[i]) == 0)
			return true;
	}
	return row->essential;
}

static void
put_fields(struct summary *summary, size_t from, size_t to)
{
	const struct value_context *context = &summary->context;
	const struct tape *tape = context->tape;
	size_t brief = 0, next; /* up to there only what is essential */
	for (size_t i = from; i < to; i = next) {
		const struct field *field = &tape->fields[i];
		if (field->kind == FIELD_CLOSE) {
			next = i + 1;
			continue;
		}
		const struct value_row *row = value_row(context, field);
		bool into = is_looked_into(field, row);
		if (row->hidden_here != NULL && row->hidden_here(context, field)) {
			next = tape_skip(tape, i);
			continue;
		}
		next = into ? i + 1 : tape_skip(tape, i);
		if (row->brief && into && context->message->kind == MESSAGE_REPLY)
			brief = field->end;
		if (into && is_inner_call(tape, i))
			put_colon(summary);
		if (into || is_told_by_its_arm(tape, i) ||
		    (i < brief && !is_essential(tape, field, row)))
			continue;
		if (field->kind == FIELD_OPEN_ARRAY && line_elements(context, field)->listed)
			put_operations(summary, i);
		else if (!add_item(summary, i, row))
			return;
	}
}

/* The status of an operation's result: its first leaf behind the operation's number. */
static const struct field *
operation_status(const struct value_context *context, size_t operation)
{
	const struct tape *tape = context->tape;
	size_t end = tape->fields[operation].end;
	for (size_t i = operation + 2; i < end; i++) {
		const struct field *field = &tape->fields[i];
		if (field_is_leaf(field))
			return value_row(context, field)->status ? field : NULL;
	}
	return NULL;
}

/* "LOOKUP", "** LOOKUP NFS4ERR_NOENT **"; false where it is cut off in front of its number. */
static bool
put_operation_name(struct summary *summary, const struct field *number,
		   const struct field *status, bool failed)
{
	struct text *text = summary->text;
	size_t start = text->length;
	if (!field_is_leaf(number))
		return false;
	text_string_put(text, failed ? " ** " : " ");
	value_line(text, &summary->context, number);
	if (failed) {
		const char *name = value_plain_name(&summary->context, status);
		text_char(text, ' ');
		if (name != NULL)
			text_string_put(text, name);
		else
			value_number(text, status);
		text_string_put(text, " **");
	}
	if (summary->pieces != NULL)
		line_group_add(summary->pieces, text, start, failed);
	return true;
}

static void
put_operation(struct summary *summary, size_t operation, const struct field *status,
	      bool failed)
{
	const struct tape *tape = summary->context.tape;
	size_t from = status != NULL ? (size_t)(status - tape->fields) + 1 : operation + 2;
	summary->items = 0;
	if (put_operation_name(summary, &tape->fields[operation + 1], status, failed) &&
	    (failed || !summary->names_only))
		put_fields(summary, from, tape->fields[operation].end);
}

/* Is there room to note one more? One place is kept for the first operation that failed. */
static bool
has_place(const struct line_pieces *pieces, bool first_failed)
{
	return pieces->group_count + (first_failed ? 0 : 1) < LINE_GROUPS;
}

/* A COMPOUND is the list of its operations. */
static void
put_operations(struct summary *summary, size_t array)
{
	const struct value_context *context = &summary->context;
	const struct tape *tape = context->tape;
	struct line_pieces *pieces = summary->pieces;
	bool any_failed = false;
	summary->names_only = summary->status != SIZE_MAX &&
			      value_status_failed(tape->spec, &tape->fields[summary->status]);
	for (size_t i = array + 1; i < tape->fields[array].end; i = tape_skip(tape, i)) {
		if (!field_is_open(&tape->fields[i]))
			continue;
		const struct field *status = operation_status(context, i);
		bool failed = status != NULL && value_status_failed(tape->spec, status);
		if (!has_place(pieces, failed && !any_failed)) {
			pieces->more++;
			summary->pieces = NULL;
		}
		if (summary->pieces != NULL || !is_too_long(summary))
			put_operation(summary, i, status, failed);
		summary->pieces = pieces;
		any_failed |= failed;
	}
	summary->items = 0;
}

void
line_body(struct text *text, const struct value_context *context, size_t body, size_t start,
	  struct line_pieces *pieces)
{
	const struct tape *tape = context->tape;
	struct summary summary = {.text = text,
				  .context = *context,
				  .start = start,
				  .status = decode_result_status(tape),
				  .pieces = pieces};
	line_pieces_begin(pieces, text);
	put_fields(&summary, body + 1, tape->fields[body].end);
	if (text->length == 0 || text->at[text->length - 1] != ':')
		return;
	text_truncate(text, text->length - 1);
	pieces->group_count--;
}
