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

	/* -- in a line -- */
	const char *word; /* in front of the value, in place of the field's name; "": nothing */
	value_writer *elements; /* what such an array says in place of a count, if anything */
	const char *counted;    /* what one element of such an array or list is: "export" */
	bool hidden;            /* left out, with all that is in it */
	/* The same, where it says so. */
	bool (*hidden_here)(const struct value_context *context, const struct field *field);
	bool brief; /* of a reply's, only what is essential in it */
	bool essential;
	const char *essential_names[2]; /* it is, under one of these names */
	bool bulky;  /* cut in a line that is too long, once other items are there */
	bool minor;  /* what a line that is too long does without first */
	bool listed; /* elements of arrays of it are said one by one: operations */

	/* -- openings -- */
	bool whole;   /* `text` and `line` take the opening, and say all that is in it */
	bool members; /* an opaque whose content is an object in JSON, however many there are */

	const struct value_bit *bits; /* a set of bits; ended by a NULL name */
	bool status;                  /* how the procedure, or an operation of it, came out */
};

struct value_bit {
	uint32_t mask, value; /* set when number & mask == value */
	const char *name;
};

enum {
	QUOTED_OCTETS =
		96, /* of a string in a dump, which has its octets; "..." for the rest */
	QUOTED_IN_LINE = 64,
	QUOTED_IN_TREE = 4096, /* PATH_MAX: no name or path of a protocol is cut */
	OPAQUE_OCTETS = 128,   /* of an opaque as hexadecimal: file data goes on and on */
};

/* value.c: the row of a field's type, or an empty one. */
const struct value_row *value_row(const struct value_context *context,
				  const struct field *field);
/* What it is called where its own name is all that is known. */
const char *value_title(const struct value_context *context, const struct field *field);
/* What follows the value in a dump: ": where to reach the service"; often nothing. */
void value_note(struct text *out, const struct value_context *context,
		const struct field *field);
/* Does value_json() take the opening and write all that is in it? */
bool value_json_is_whole(const struct value_context *context, const struct field *field);
/* The same by the number of a row. */
const struct value_row *value_row_of(uint8_t number);
/* value_rpc.c: the rows, [1] to [count]. */
extern const struct value_row value_rpc_rows[];
extern const size_t value_rpc_count;
/* value_bits.c: sets of bits, for rows of value_nfs.c. */
extern const struct value_bit value_access_bits[], value_sequence_bits[], value_exchange_bits[],
	value_session_bits[], value_share_bits[], value_deny_bits[], value_open_bits[],
	value_property_bits[], value_acl_bits[], value_permission_bits[], value_ace_types[],
	value_ace_flags[], value_ace_bits[], value_acl_support_bits[], value_expire_bits[],
	value_stripe_bits[], value_care_bits[];
/* value_nfs.c: the rows, [1] to [count]. */
extern const struct value_row value_nfs_rows[];
extern const size_t value_nfs_count;
/* value_nfs_types.c: the row for a type name, from 1; 0 for none. */
size_t value_nfs_number(const char *type_name);
/* Names of types in their order, for the test; NULL past the last. */
const char *value_nfs_name(size_t index);

/* value_words.c: writers for rows of value_nfs.c. */
value_writer value_bits_name, value_bits_line; /* "READ LOOKUP", "read|lookup" */
/* From there on the second form: the first would look like operations of a COMPOUND. */
void value_small_bits(struct text *out, size_t start);
value_writer value_stripe_name; /* "stripe unit 65536 DENSE" */
value_writer value_handle_text; /* "3f2a91c7/28: 0100..." */
value_writer value_handle_line; /* "fh 3f2a91c7/28" */
value_writer value_handle_explain;
value_writer value_hash_text, value_hash_line; /* a session, a device: "session 3f2a91c7" */
value_writer value_mode_name, value_mode_line; /* "rwxr-xr-x" */
value_writer value_mode_explain;
value_writer value_mode_text; /* "0755 (rwxr-xr-x)" */
value_writer value_utf8_text, value_utf8_line, value_utf8_explain, value_utf8_json;
value_writer value_owner_id_text, value_owner_id_line; /* quoted if it is text */
value_writer value_status_line;    /* nothing for success, "** NFS4ERR_NOENT (2) **" */
value_writer value_operation_line; /* "GETATTR" for OP_GETATTR */
value_writer value_minor_line;
value_writer value_flag_line;   /* its name when it is set */
value_writer value_length_line; /* "to the end" */
value_writer value_hexadecimal_line;
value_writer value_unset_name, value_set_id_name; /* "not set" for all ones */
value_writer value_unless_all_ones, value_unless_zero;
value_writer value_state_name, value_state_line; /* "up", "down" */
value_writer value_root_name;                    /* value_rpc.c */

/* value_attributes.c: what several members say together. */
value_writer value_uid_line, value_gid_line;          /* "1000:100" */
value_writer value_supported_line, value_access_line; /* "denied modify granted read|lookup" */
value_writer value_channel_line;                      /* "64 slots of 1049620/1049480" */
value_writer value_offset_line;                       /* "offset 0", "source offset 0" */
value_writer value_flavors_line;                      /* "flavors AUTH_SYS,krb5" */
/* For row.hidden_here: is it of the message's sender, who is named already? */
bool value_of_caller(const struct value_context *context, const struct field *field);
bool value_has_no_handle(const struct value_context *context, const struct field *field);

/* value_rpc.c: is the message a call? */
bool value_in_call(const struct value_context *context);
/* value_address.c: strings of rpcbind. */
value_writer value_uaddr_text, value_uaddr_line, value_uaddr_explain;
value_writer value_netid_line, value_owner_line;
bool value_uaddr_failed(const struct value_context *context, const struct field *field);
/* value_auth.c: of security flavors. */
value_writer value_starttls_note, value_encrypted_text, value_major_name, value_major_line;
bool value_major_failed(const struct value_context *context, const struct field *field);

/* line_array.c: the row of an array, a list or an optional: its own, or that of what is in it.
 */
const struct value_row *line_elements(const struct value_context *context,
				      const struct field *opening);

/* value_portmap.c: " of the call inside", of its program, version and procedure. */
value_writer value_inner_note;
/* Is the field of a message of that kind beside a call (a result) inside it? */
bool value_is_of_inner(const struct value_context *context, const struct field *field,
		       enum message_kind kind);
value_writer value_calls_note; /* ": of version 4 GETADDR" */

/* value_whole.c: writers that take an opening. */
value_writer value_time_text, value_time_line; /* "2026-11-20T07:01:54.132731000Z" */
value_writer value_interval_text;              /* "1 ns" */
value_writer value_set_time_line;              /* "atime now" */
value_writer value_set_time2_text, value_set_time2_line;
value_writer value_stateid_text, value_stateid_line; /* "1:3f2a91c7" */
value_writer value_netaddr_whole;                    /* "tcp 192.168.56.10 port 2049" */
/* value_bitmap.c: likewise. */
value_writer value_bitmap_text;   /* "type size mode" */
value_writer value_bitmap_line;   /* "rdata_dlg|file_layout" */
value_writer value_bitmap_json;   /* ["type","size","mode"] */
value_writer value_bit_word_name; /* of one word of a bitmap */
/* CRC-32 of octets, as other tools hash file handles. */
uint32_t value_hash(const uint8_t *octets, size_t count);

/* value_plain.c: by kind. */
bool value_is_bytes(const struct field *field);
/* The octets of a string or an opaque, at most what is at hand. */
const uint8_t *value_octets(const struct value_context *context, const struct field *field,
			    uint32_t *size);
/* Its length word, whatever came; the octets at hand where it has none. */
uint32_t value_declared_size(const struct value_context *context, const struct field *field);
/* Does a length word stand in front of it, and is it at hand? */
bool value_has_length_word(const struct value_context *context, const struct field *field);
void value_quoted(struct text *out, const struct value_context *context,
		  const struct field *field, uint32_t limit);
/* "28 octets: 0102..." */
void value_octets_text(struct text *out, const struct value_context *context,
		       const struct field *field);
void value_number(struct text *out, const struct field *field);
void value_plain_text(struct text *out, const struct value_context *context,
		      const struct field *field);
/* `word`: in place of the field's name, if not NULL. */
void value_plain_line(struct text *out, const struct value_context *context,
		      const struct field *field, const char *word);
/* What stands in front of a value in a line: the word, or the field's name; often nothing. */
void value_line_name(struct text *out, const struct value_context *context,
		     const struct field *field, const char *word);
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
