/*
 * value_words: what the rows of value_nfs.c write of a single value.
 *
 * Each writer knows one way to say something: a set of bits by their names, octets by a
 * short hash, a mode as ls(1) has it. Which types are said so is in value_nfs.c.
 */
#include <lzma.h>
#include <string.h>

#include "value_rows.h"

uint32_t
value_hash(const uint8_t *octets, size_t count)
{
	/* CRC-32 (ISO 3309). zlib has it as well, but takes so few octets one by one. */
	return lzma_crc32(octets, count, 0);
}

/* -- numbers -- */

void
value_bits_name(struct text *out, const struct value_context *context,
		const struct field *field)
{
	const struct value_bit *bits = value_row(context, field)->bits;
	uint32_t number = (uint32_t)field->u, rest = number;
	size_t start = out->length;
	for (; bits->name != NULL; bits++) {
		if ((number & bits->mask) != bits->value)
			continue;
		rest &= ~bits->mask;
		if (out->length > start)
			text_char(out, ' ');
		text_string_put(out, bits->name);
	}
	if (rest == 0)
		return;
	text_string_put(out, out->length > start ? " 0x" : "0x");
	text_hex(out, rest, 1);
}

void
value_small_bits(struct text *out, size_t start)
{
	for (size_t i = start; i < out->length; i++) {
		char c = out->at[i];
		out->at[i] = c == ' ' ? '|' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
}

void
value_bits_line(struct text *out, const struct value_context *context,
		const struct field *field)
{
	size_t start = out->length;
	value_bits_name(out, context, field);
	value_small_bits(out, start);
}

/* The stripe unit stands above the flags (RFC 8881 section 13.3). */
void
value_stripe_name(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	enum { FLAGS = 0x3f };
	text_string_put(out, "stripe unit ");
	text_unsigned(out, field->u & ~(uint64_t)FLAGS);
	size_t flags = out->length;
	struct field small = *field;
	small.u &= FLAGS;
	text_char(out, ' ');
	value_bits_name(out, context, &small);
	if (out->length == flags + 1)
		text_truncate(out, flags);
}

/* All bits set in NFS version 2: leave it as it is (RFC 1094 section 2.3.6). */
static bool
is_all_ones(const struct field *field)
{
	return field->u == (field->kind == FIELD_UHYPER ? UINT64_MAX : UINT32_MAX);
}

void
value_unset_name(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	(void)context;
	if (is_all_ones(field))
		text_string_put(out, "not set");
}

void
value_set_id_name(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	value_unset_name(out, context, field);
	value_root_name(out, context, field);
}

/* As ls(1) does it; set-uid, set-gid and sticky bits show in the place of an x. */
void
value_mode_name(struct text *out, const struct value_context *context,
		const struct field *field)
{
	static const char letters[] = "rwxrwxrwx";
	uint32_t mode = (uint32_t)field->u;
	char name[sizeof letters];
	if (is_all_ones(field)) {
		value_unset_name(out, context, field);
		return;
	}
	for (unsigned i = 0; i < 9; i++)
		name[i] = mode & 0400U >> i ? letters[i] : '-';
	if (mode & 04000)
		name[2] = mode & 0100 ? 's' : 'S';
	if (mode & 02000)
		name[5] = mode & 0010 ? 's' : 'S';
	if (mode & 01000)
		name[8] = mode & 0001 ? 't' : 'T';
	text_put(out, name, 9);
}

void
value_mode_text(struct text *out, const struct value_context *context,
		const struct field *field)
{
	text_format(out, is_all_ones(field) ? "%u (" : "0%03o (", (unsigned)field->u);
	value_mode_name(out, context, field);
	text_char(out, ')');
}

void
value_mode_explain(struct text *out, const struct value_context *context,
		   const struct field *field)
{
	text_string_put(out, value_title(context, field));
	text_format(out, is_all_ones(field) ? " %u = " : " 0%03o = ", (unsigned)field->u);
	value_mode_name(out, context, field);
}

void
value_mode_line(struct text *out, const struct value_context *context,
		const struct field *field)
{
	if (!is_all_ones(field))
		value_mode_name(out, context, field);
}

void
value_unless_all_ones(struct text *out, const struct value_context *context,
		      const struct field *field)
{
	if (!is_all_ones(field))
		value_plain_line(out, context, field, NULL);
}

void
value_unless_zero(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	if (field->u != 0)
		value_plain_line(out, context, field, NULL);
}

void
value_hexadecimal_line(struct text *out, const struct value_context *context,
		       const struct field *field)
{
	text_string_put(out, value_row(context, field)->word);
	text_char(out, ' ');
	text_hex(out, field->u, 8);
}

/* "len" is a lock manager's, where 0 is to the end, too (RFC 1813 section 6.3.2). */
void
value_length_line(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	const char *word = value_row(context, field)->word;
	if (is_all_ones(field) || (field->u == 0 && strcmp(word, "len") == 0))
		text_string_put(out, "to the end");
	else
		value_plain_line(out, context, field, word);
}

void
value_flag_line(struct text *out, const struct value_context *context,
		const struct field *field)
{
	if (field->u != 0)
		text_string_put(out, value_title(context, field));
}

/* The minor version stands in the version of a call (line.c); of callbacks it does not. */
void
value_minor_line(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	if (field->u == 0 || (context->message != NULL && context->message->version == 4))
		return;
	text_string_put(out, "minor ");
	text_unsigned(out, field->u);
}

/* C702 section 11.2.1: the state of a host is odd while it is up. */
void
value_state_name(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	(void)context;
	text_string_put(out, field->u & 1 ? "up" : "down");
}

void
value_state_line(struct text *out, const struct value_context *context,
		 const struct field *field)
{
	value_plain_line(out, context, field, NULL);
	text_char(out, ' ');
	value_state_name(out, context, field);
}

void
value_status_line(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	if (!value_status_failed(context->tape->spec, field)) {
		/* In a call it is the answer to another one: NLM's ..._RES. */
		if (context->message != NULL && context->message->kind == MESSAGE_CALL)
			value_plain_line(out, context, field, "");
		return;
	}
	text_string_put(out, "** ");
	value_plain_text(out, context, field);
	text_string_put(out, " **");
}

void
value_operation_line(struct text *out, const struct value_context *context,
		     const struct field *field)
{
	static const char *const prefixes[] = {"OP_CB_", "OP_"};
	const char *name = value_plain_name(context, field);
	if (name == NULL) {
		text_string_put(out, "operation ");
		value_number(out, field);
		return;
	}
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		size_t length = strlen(prefixes[i]);
		if (strncmp(name, prefixes[i], length) == 0) {
			name += length;
			break;
		}
	}
	text_string_put(out, name);
}

/* -- octets -- */

/* "3f2a91c7/28": the same octets always have the same hash, in every capture. */
static void
put_handle(struct text *out, const uint8_t *octets, uint32_t size)
{
	text_hex(out, value_hash(octets, size), 8);
	text_char(out, '/');
	text_unsigned(out, size);
}

void
value_handle_line(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	text_string_put(out, "fh ");
	put_handle(out, octets, size);
}

void
value_handle_text(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	put_handle(out, octets, size);
	text_string_put(out, size != 0 ? ": " : "");
	text_octets(out, octets, size);
}

void
value_handle_explain(struct text *out, const struct value_context *context,
		     const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	text_string_put(out, value_title(context, field));
	text_string_put(out, ": file handle ");
	put_handle(out, octets, size);
}

void
value_hash_line(struct text *out, const struct value_context *context,
		const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	if (size == 0) /* no context came of it */
		return;
	text_string_put(out, value_row(context, field)->word);
	text_char(out, ' ');
	text_hex(out, value_hash(octets, size), 8);
}

void
value_hash_text(struct text *out, const struct value_context *context,
		const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	if (size == 0) {
		value_octets_text(out, context, field);
		return;
	}
	text_hex(out, value_hash(octets, size), 8);
	text_string_put(out, ": ");
	text_octets(out, octets, size);
}

void
value_utf8_text(struct text *out, const struct value_context *context,
		const struct field *field)
{
	value_quoted(out, context, field, QUOTED_IN_TREE);
}

/* A name stands alone, and even when it is empty; other text has the field's name in front. */
void
value_utf8_line(struct text *out, const struct value_context *context,
		const struct field *field)
{
	bool alone = value_row(context, field)->word != NULL;
	if (!alone && field->bytes.size == 0)
		return;
	value_line_name(out, context, field, alone ? "" : NULL);
	value_quoted(out, context, field, QUOTED_IN_LINE);
}

void
value_utf8_explain(struct text *out, const struct value_context *context,
		   const struct field *field)
{
	text_string_put(out, value_title(context, field));
	text_char(out, ' ');
	value_quoted(out, context, field, QUOTED_OCTETS);
}

/* What clients call themselves is opaque, and text more often than not. */
static bool
is_text(const uint8_t *octets, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++) {
		if (octets[i] < ' ' || octets[i] > '~')
			return false;
	}
	return size > 0;
}

void
value_owner_id_text(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	if (is_text(octets, size))
		value_quoted(out, context, field, QUOTED_IN_TREE);
	else
		value_octets_text(out, context, field);
}

void
value_owner_id_line(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	uint32_t size;
	const uint8_t *octets = value_octets(context, field, &size);
	if (is_text(octets, size))
		value_quoted(out, context, field, QUOTED_IN_LINE);
	else
		value_plain_line(out, context, field, NULL);
}
