/*
 * value_bitmap: sets of bits in words, as NFS version 4 has them (RFC 8881 section 3.3.7).
 *
 * What a bit is called is in the specification: of attributes the arms of the union of their
 * values, of other sets an enumeration whose numbers are the bits (RFC 8881 sections 18.35,
 * 18.39, 20.4, 20.6 and 20.12, RFC 7862 section 15.5, RFC 9754).
 */
#include <string.h>

#include "fattr4.h"
#include "value_rows.h"

enum {
	WORD_BITS = 32,
	BITS_SAID = 128, /* of a bitmap, in a tree; RFC 9754 ends at 86 */
	WORDS_NAMED = 8, /* a longer bitmap is numbers in JSON */
};

/* The enumeration that names the bits of a type, and what its names begin with. */
struct bit_names {
	const char *type, *enumeration, *prefix;
};

static const struct bit_names bit_names[] = {
	{"bitmap4_io_advise", "IO_ADVISE_type4", "IO_ADVISE4_"},
	{"bitmap4_notify", "notify_type4", "NOTIFY4_"},
	{"bitmap4_notify_device", "notify_deviceid_type4", "NOTIFY_DEVICEID4_"},
	{"bitmap4_open_access", "open_args_share_access4", "OPEN_ARGS_SHARE_ACCESS_"},
	{"bitmap4_open_claim", "open_args_open_claim4", "OPEN_ARGS_OPEN_CLAIM_"},
	{"bitmap4_open_create", "open_args_createmode4", "OPEN_ARGS_"},
	{"bitmap4_open_deny", "open_args_share_deny4", "OPEN_ARGS_SHARE_DENY_"},
	{"bitmap4_open_want", "open_args_share_access_want4", "OPEN_ARGS_SHARE_ACCESS_"},
	{"bitmap4_ops", "nfs_opnum4", "OP_"},
	{"bitmap4_recall", "recall_type4", "RCA4_TYPE_MASK_"},
	{"bitmap4_threshold", "threshold_type4", "TH4_"},
};

/* What the bits of an opening are. */
struct bit_set {
	const struct spec *spec;
	bool attributes;
	const struct bit_names *names; /* NULL: numbers */
	uint16_t enumeration;
};

static struct bit_set
set_of(const struct value_context *context, const struct field *opening)
{
	struct bit_set set = {.spec = context->tape->spec};
	const struct value_row *row = value_row(context, opening);
	/* Only bitmap4 itself is of attributes; those of other things have rows without JSON.
	 */
	set.attributes = row->json != NULL;
	for (size_t i = 0; i < sizeof bit_names / sizeof bit_names[0]; i++) {
		uint16_t type = opening->type;
		while (strcmp(spec_name(set.spec, set.spec->types[type].name),
			      bit_names[i].type) != 0 &&
		       set.spec->types[type].kind == SPEC_ALIAS)
			type = set.spec->types[type].element;
		if (strcmp(spec_name(set.spec, set.spec->types[type].name),
			   bit_names[i].type) != 0)
			continue;
		set.names = &bit_names[i];
		set.enumeration = spec_find_type(set.spec, set.names->enumeration);
	}
	return set;
}

static const char *
bit_name(const struct bit_set *set, uint32_t bit)
{
	if (set->attributes) {
		const struct spec_part *arm = fattr4_arm(set->spec, "attrlist4", bit);
		return arm != NULL ? spec_name(set->spec, arm->name) : NULL;
	}
	const char *name =
		set->names != NULL ? spec_enum_name(set->spec, set->enumeration, bit) : NULL;
	size_t prefix = name != NULL ? strlen(set->names->prefix) : 0;
	return name != NULL && strncmp(name, set->names->prefix, prefix) == 0 ? name + prefix
									      : name;
}

static void
put_bit(struct text *out, const struct bit_set *set, uint32_t bit, const char *quote)
{
	const char *name = bit_name(set, bit);
	if (name == NULL) {
		text_unsigned(out, bit);
		return;
	}
	text_string_put(out, quote);
	text_string_put(out, name);
	text_string_put(out, quote);
}

static void
put_word(struct text *out, const struct bit_set *set, uint32_t first_bit, uint32_t word,
	 const char *separator, const char *quote)
{
	size_t start = out->length;
	for (uint32_t bit = 0; word != 0; bit++, word >>= 1) {
		if ((word & 1) == 0)
			continue;
		if (out->length > start)
			text_string_put(out, separator);
		put_bit(out, set, first_bit + bit, quote);
	}
}

void
value_bitmap_text(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	const struct tape *tape = context->tape;
	const struct bit_set set = set_of(context, field);
	size_t start = out->length;
	uint32_t first = 0;
	for (size_t i = (size_t)(field - tape->fields) + 1; i < field->end; i++) {
		if (tape->fields[i].kind != FIELD_UINT)
			continue;
		if (first >= BITS_SAID) {
			text_string_put(out, " ...");
			return;
		}
		if (out->length > start && tape->fields[i].u != 0)
			text_char(out, ' ');
		put_word(out, &set, first, (uint32_t)tape->fields[i].u, " ", "");
		first += WORD_BITS;
	}
}

void
value_bitmap_json(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	const struct tape *tape = context->tape;
	size_t opening = (size_t)(field - tape->fields);
	bool named = field->end - opening <= WORDS_NAMED + 2;
	const struct bit_set set = set_of(context, field);
	uint32_t first = 0;
	text_char(out, '[');
	for (size_t i = opening + 1; i < field->end; i++) {
		if (tape->fields[i].kind != FIELD_UINT)
			continue;
		uint32_t word = (uint32_t)tape->fields[i].u;
		if (out->at[out->length - 1] != '[' && (word != 0 || !named))
			text_char(out, ',');
		if (named)
			put_word(out, &set, first, word, ",", "\"");
		else
			text_unsigned(out, word);
		first += WORD_BITS;
	}
	text_char(out, ']');
}

void
value_bit_word_name(struct text *out, const struct value_context *context,
		    const struct field *field)
{
	const struct tape *tape = context->tape;
	size_t index = (size_t)(field - tape->fields), count = index;
	while (count > 0 && index - count < BITS_SAID / WORD_BITS &&
	       tape->fields[count].kind == FIELD_UINT)
		count--;
	if (count == 0 || tape->fields[count].kind != FIELD_COUNT)
		return;
	const struct bit_set set = set_of(context, &tape->fields[count - 1]);
	put_word(out, &set, (uint32_t)(index - count - 1) * WORD_BITS, (uint32_t)field->u, " ",
		 "");
}

/* "rdata_dlg|file_layout" */
void
value_bitmap_line(struct text *out, const struct value_context *context,
		  const struct field *field)
{
	size_t start = out->length;
	value_bitmap_text(out, context, field);
	value_small_bits(out, start);
}
