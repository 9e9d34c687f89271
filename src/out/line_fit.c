/*
 * line_fit: a summary that is too long for its line, made shorter.
 *
 * line_body.c notes its pieces as it writes them: groups, which are what stands in front (the
 * status) and each operation of a COMPOUND, and the items of each group. Names
 * of operations and whatever stands between two stars are kept. The columns left go to the
 * items: names of files first, what matters least (state ids, times) last, one of each group
 * in turn, that of the operation that failed before the others; text and sets of bits are cut
 * to what is left. "..." behind a group says that not all of it is there. Where not even the
 * names find room the first ones stand, how many more there are, and the one that failed.
 */
#include "line_fit.h"

#include <string.h>

enum {
	DOTS = 3,
	MARK = 4,      /* " ..." */
	LEAST_CUT = 8, /* of a text: less says nothing */
};

static const char mark[] = " ...", *const dots = mark + 1;

void
line_pieces_begin(struct line_pieces *pieces, const struct text *text)
{
	pieces->group_count = pieces->count = pieces->more = 0;
	pieces->start = text->length;
	line_group_add(pieces, text, text->length, false);
}

void
line_group_add(struct line_pieces *pieces, const struct text *text, size_t at, bool failed)
{
	if (pieces->group_count < LINE_GROUPS)
		pieces->groups[pieces->group_count++] =
			(struct line_group){.at = at - pieces->start,
					    .end = text->length - pieces->start,
					    .first = pieces->count,
					    .failed = failed};
}

void
line_piece_add(struct line_pieces *pieces, const struct text *text, size_t at,
	       enum line_weight weight)
{
	struct line_group *group = &pieces->groups[pieces->group_count - 1];
	if (pieces->count == LINE_PIECES) {
		group->cut = true;
		return;
	}
	pieces->pieces[pieces->count++] = (struct line_piece){
		.at = at - pieces->start, .length = text->length - at, .weight = weight};
	group->count++;
}

struct fit {
	struct line_pieces *pieces;
	const char *text;
	size_t room; /* columns that are left */
	bool marks;
};

static size_t
group_length(const struct line_group *group)
{
	return group->end - group->at;
}

static struct line_piece *
pieces_of(const struct fit *fit, const struct line_group *group)
{
	return &fit->pieces->pieces[group->first];
}

/* Is something of the group not shown that matters? */
static bool
lacks_some(const struct line_group *group)
{
	return group->cut || group->lacking > 0;
}

static bool
take(struct fit *fit, size_t columns)
{
	if (columns > fit->room)
		return false;
	fit->room -= columns;
	return true;
}

/* Columns of a group without what it may lack. */
static size_t
bare_length(const struct fit *fit, const struct line_group *group)
{
	size_t columns = group_length(group);
	for (size_t i = 0; i < group->count; i++)
		columns += pieces_of(fit, group)[i].shown;
	return columns;
}

static const struct line_group *
first_failed(const struct line_pieces *pieces)
{
	for (size_t i = 0; i < pieces->group_count; i++) {
		if (pieces->groups[i].failed)
			return &pieces->groups[i];
	}
	return NULL;
}

/* Takes the columns of all names, and of what is kept in any case. */
static bool
take_names(struct fit *fit)
{
	const struct line_pieces *pieces = fit->pieces;
	size_t columns = 0;
	for (size_t i = 0; i < pieces->group_count; i++)
		columns += bare_length(fit, &pieces->groups[i]);
	return pieces->more == 0 && take(fit, columns);
}

static void
take_marks(struct fit *fit)
{
	size_t columns = 0;
	for (size_t i = 0; i < fit->pieces->group_count; i++)
		columns += lacks_some(&fit->pieces->groups[i]) ? MARK : 0;
	fit->marks = take(fit, columns);
}

/* How many octets the character at that place has, escaped (`\x1b`) or UTF-8. */
static size_t
character(const char *at, const char *end)
{
	size_t length = *at == '\\' ? (at[1] == 'x' ? 4 : 2) : 1;
	while (at + length < end && ((unsigned char)at[length] & 0xc0) == 0x80)
		length++;
	return length;
}

/* Of ` "text"`: how much of it, without the quotation mark, is at most that long. */
static size_t
cut_quoted(const char *at, size_t length, size_t most)
{
	size_t kept = 2, next = kept;
	while (next < length - 1 && next <= most) {
		kept = next;
		next += character(at + next, at + length);
	}
	return kept >= LEAST_CUT ? kept : 0;
}

/* Of " read|write|more", " flavors krb5,krb5i": whole words; nothing that quotes text. */
static size_t
cut_words(const char *at, size_t most)
{
	while (most > 0 && at[most] != '|' && at[most] != ',')
		most--;
	return memchr(at, '"', most) == NULL ? most : 0;
}

/* How much of a piece that is too long can be shown in the room with a mark behind it. */
static size_t
cut_piece(const struct fit *fit, const struct line_piece *piece)
{
	const char *at = fit->text + piece->at;
	bool quoted = at[1] == '"';
	size_t end = quoted ? DOTS + 1 : DOTS;
	if (fit->room < end || piece->length <= fit->room - end)
		return 0;
	return quoted ? cut_quoted(at, piece->length, fit->room - end)
		      : cut_words(at, fit->room - end);
}

/* What the pieces of a group are, by how they begin; what matters of them is shown later. */
static void
weigh(const struct fit *fit, struct line_group *group)
{
	static const char alarm[] = " **";
	group->lacking = 0;
	for (size_t i = 0; i < group->count; i++) {
		struct line_piece *piece = &pieces_of(fit, group)[i];
		const char *at = fit->text + piece->at;
		if (piece->length >= strlen(alarm) && memcmp(at, alarm, strlen(alarm)) == 0)
			piece->weight = LINE_KEPT;
		else if (piece->weight == LINE_ITEM && at[1] == '"')
			piece->weight = LINE_TEXT;
		piece->shown = piece->weight == LINE_KEPT ? piece->length : 0;
		group->lacking += piece->weight != LINE_KEPT && piece->weight != LINE_MINOR;
	}
}

/* The next one of that weight; NULL behind the last. */
static struct line_piece *
next_piece(const struct fit *fit, struct line_group *group, enum line_weight weight)
{
	while (group->next < group->count) {
		struct line_piece *piece = &pieces_of(fit, group)[group->next++];
		if (piece->weight == weight)
			return piece;
	}
	return NULL;
}

/* One more item of that weight for the group, if it has one; none after one that found no
 * room. */
static bool
give(struct fit *fit, struct line_group *group, enum line_weight weight)
{
	struct line_piece *piece = next_piece(fit, group, weight);
	size_t matters = weight != LINE_MINOR;
	if (piece == NULL || group->full)
		return false;
	bool lacked = lacks_some(group);
	group->lacking -= matters;
	piece->shown = piece->length;
	size_t back = fit->marks && lacked && !lacks_some(group) ? MARK : 0;
	fit->room += back;
	if (take(fit, piece->length))
		return true;
	piece->shown = cut_piece(fit, piece);
	if (piece->shown > 0) {
		take(fit, piece->shown + DOTS + (fit->text[piece->at + 1] == '"'));
	} else {
		fit->room -= back;
		group->lacking += matters;
	}
	group->full = true;
	return true;
}

/* One item for each group in turn, as long as one of them got one. */
static void
give_all(struct fit *fit, enum line_weight weight)
{
	struct line_pieces *pieces = fit->pieces;
	bool given = true, any_failed = first_failed(pieces) != NULL;
	for (size_t i = 0; i < pieces->group_count; i++) {
		pieces->groups[i].next = 0;
		pieces->groups[i].full = false;
	}
	for (unsigned round = 0; given && round < LINE_ITEMS; round++) {
		given = false;
		for (int failed = any_failed; failed >= 0; failed--) {
			for (size_t i = 0; i < pieces->group_count; i++)
				if (pieces->groups[i].failed == failed)
					given |= give(fit, &pieces->groups[i], weight);
		}
	}
}

static void
put_piece(const struct fit *fit, struct text *out, const struct line_piece *piece)
{
	text_put(out, fit->text + piece->at, piece->shown);
	if (piece->shown == 0 || piece->shown == piece->length)
		return;
	text_string_put(out, dots);
	if (fit->text[piece->at + 1] == '"')
		text_char(out, '"');
}

static void
put_group(const struct fit *fit, struct text *out, const struct line_group *group)
{
	text_put(out, fit->text + group->at, group_length(group));
	for (size_t i = 0; i < group->count; i++)
		put_piece(fit, out, &pieces_of(fit, group)[i]);
	bool marked =
		out->length >= DOTS && memcmp(out->at + out->length - DOTS, dots, DOTS) == 0;
	if (fit->marks && !marked && lacks_some(group))
		text_string_put(out, mark);
}

/* "SEQUENCE PUTFH ... +37 more ** LOOKUP NFS4ERR_NOENT **" */
static void
put_first_names(struct fit *fit, struct text *out)
{
	const struct line_pieces *pieces = fit->pieces;
	const struct line_group *failed = first_failed(pieces);
	size_t failure = failed != NULL ? bare_length(fit, failed) : 0;
	size_t kept = strlen(" ... + more") + failure;
	for (size_t all = pieces->more + pieces->group_count; all > 0; all /= 10)
		kept++;
	bool counted = kept <= fit->room || failed == NULL;
	fit->room -= kept < fit->room ? kept : fit->room;
	/* A status is kept in any case. */
	if (take(fit, bare_length(fit, &pieces->groups[0])) || failed == NULL)
		put_group(fit, out, &pieces->groups[0]);
	size_t i = 1;
	for (; i < pieces->group_count && &pieces->groups[i] != failed; i++) {
		if (!take(fit, bare_length(fit, &pieces->groups[i])))
			break;
		put_group(fit, out, &pieces->groups[i]);
	}
	size_t left = pieces->more + pieces->group_count - i - (failed != NULL);
	if (left > 0)
		text_string_put(out, mark);
	if (left > 0 && counted) {
		text_string_put(out, " +");
		text_unsigned(out, left);
		text_string_put(out, " more");
	}
	if (failed != NULL)
		put_group(fit, out, failed);
}

/* At most that much is added: the summary, a mark behind each group, how many more there are.
 */
static size_t
most(const struct text *text, const struct line_pieces *pieces)
{
	enum { COUNTED = 40 };
	return text->length - pieces->start + pieces->group_count * MARK +
	       pieces->count * MARK + COUNTED;
}

void
line_fit(struct text *out, struct line_pieces *pieces, size_t room)
{
	text_reserve(out, most(out, pieces)); /* so that the summary stays where it is */
	struct fit fit = {.pieces = pieces, .text = out->at + pieces->start, .room = room};
	for (size_t i = 0; i < pieces->group_count; i++)
		weigh(&fit, &pieces->groups[i]);
	bool fits = take_names(&fit);
	if (!fits && first_failed(pieces) != NULL) {
		/* The operation that failed says the status once more. */
		pieces->groups[0].count = 0;
		pieces->groups[0].lacking = 0;
		pieces->groups[0].cut = false;
		fits = take_names(&fit);
	}
	if (!fits) {
		put_first_names(&fit, out);
		return;
	}
	take_marks(&fit);
	if (fit.marks) {
		give_all(&fit, LINE_TEXT);
		give_all(&fit, LINE_ITEM);
		give_all(&fit, LINE_BULKY);
		give_all(&fit, LINE_MINOR);
	}
	for (size_t i = 0; i < pieces->group_count; i++)
		put_group(&fit, out, &pieces->groups[i]);
}
