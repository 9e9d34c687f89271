/*
 * line_fit: the pieces of a summary, and the choice of those that find room in a line; private
 * to line*.c.
 */
#ifndef RPCSCOPE_LINE_FIT_H
#define RPCSCOPE_LINE_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum {
	LINE_ITEMS = 8,   /* of a body, or of one operation */
	LINE_GROUPS = 50, /* the names of more operations have no room in a line */
	LINE_PIECES = LINE_GROUPS * (LINE_ITEMS + 1), /* and the status */
};

enum line_weight {
	LINE_MINOR, /* the first to go, without a mark */
	LINE_BULKY, /* cut to what is left by the next two */
	LINE_ITEM,
	LINE_TEXT, /* names of files say most */
	LINE_KEPT, /* a status, and whatever is an alarm */
};

struct line_piece {
	size_t at, length; /* in the summary, with the blank in front */
	size_t shown;      /* so much of it */
	enum line_weight weight;
};

/* An operation, or what stands in front of the first one. */
struct line_group {
	size_t at, end;      /* its name */
	size_t first, count; /* pieces */
	bool failed;         /* the operation that did */
	bool cut;            /* it had more items than are said */
	bool full;           /* no more of it finds room */
	size_t next;         /* of its pieces, to be looked at */
	size_t lacking;      /* how many that matter are not shown */
};

struct line_pieces {
	struct line_group groups[LINE_GROUPS];
	struct line_piece pieces[LINE_PIECES];
	size_t group_count, count;
	size_t more;  /* operations that are no group */
	size_t start; /* of the summary in its text */
};

/* The summary begins where the text ends now, with a group without a name: the status is
 * there. */
void line_pieces_begin(struct line_pieces *pieces, const struct text *text);

/* A group whose name is what was added to the text from there on. */
void line_group_add(struct line_pieces *pieces, const struct text *text, size_t at,
		    bool failed);
/* What was added to the text from there on is one more item of the last group. */
void line_piece_add(struct line_pieces *pieces, const struct text *text, size_t at,
		    enum line_weight weight);
/* Of the summary in the text, as the pieces tell, what finds room in that many columns; adds
 * it behind the text. */
void line_fit(struct text *out, struct line_pieces *pieces, size_t room);

#endif
