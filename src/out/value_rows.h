/*
 * value_rows: private to value*.c. What is known of a type by its name, and
 * what is said of a field by its kind where its type has no row.
 */
#ifndef RPCSCOPE_VALUE_ROWS_H
#define RPCSCOPE_VALUE_ROWS_H

#include "value.h"

/* Writes a part of what is said of a field; nothing where there is nothing to say. */
typedef void value_writer(struct text *out, const struct value_context *context,
			  const struct field *field);

/* Every member but the type may be left out; what is left out goes by the field's kind. */
struct value_row {
	const char *type;   /* name of the type in a specification */
	const char *title;  /* the words in front of the number: "program version" */
	value_writer *name; /* what the number is called: mountd, UDP */
	value_writer *note; /* what follows the value in the dump: ": where to reach ..." */
	value_writer *text, *line, *explain,
		*json; /* in place of what is built from the above */
	/* Does the value say that the procedure came to nothing? */
	bool (*failed)(const struct value_context *context, const struct field *field);
	bool hexadecimal; /* the number stands as eight hexadecimal digits */
	bool owned;       /* "credential" or "verifier" stands in front of the title */
};

enum {
	QUOTED_OCTETS = 96, /* of a string, in a tree or a dump; more is cut with "..." */
	QUOTED_IN_LINE = 64,
	OPAQUE_OCTETS = 32, /* of an opaque shown as hexadecimal */
};

/* value.c: the row of a field's type, or an empty one. */
const struct value_row *value_row(const struct value_context *context,
				  const struct field *field);
/* What it is called where its own name is all that is known. */
const char *value_title(const struct value_context *context, const struct field *field);
/* What follows the value in a dump: ": where to reach the service"; often nothing. */
void value_note(struct text *out, const struct value_context *context,
		const struct field *field);
/* value_rpc.c: the rows, [1] to [count]. */
extern const struct value_row value_rpc_rows[];
extern const size_t value_rpc_count;

/* value_plain.c: by kind. */
bool value_is_bytes(const struct field *field);
bool value_is_signed(const struct field *field);
/* The octets of a string or an opaque, at most what is at hand. */
const uint8_t *value_octets(const struct value_context *context, const struct field *field,
			    uint32_t *size);
void value_quoted(struct text *out, const struct value_context *context,
		  const struct field *field, uint32_t limit);
/* "28 octets: 0102..." */
void value_octets_text(struct text *out, const struct value_context *context,
		       const struct field *field);
void value_number(struct text *out, const struct field *field);
void value_plain_text(struct text *out, const struct value_context *context,
		      const struct field *field);
void value_plain_line(struct text *out, const struct value_context *context,
		      const struct field *field);
/* What the specification calls the number, or NULL. */
const char *value_plain_name(const struct value_context *context, const struct field *field);
/* Counts, lengths, padding and the like, which no row describes; false for other kinds. */
bool value_structure_explain(struct text *out, const struct value_context *context,
			     const struct field *field);
/* A string, or how many octets. */
void value_bytes_explain(struct text *out, const struct value_context *context,
			 const struct field *field, const char *title);

/* "credential ", "verifier " or nothing, by the opening that the field stands in. */
void value_owner(struct text *out, const struct value_context *context,
		 const struct field *field);

#endif
