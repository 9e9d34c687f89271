/*
 * message_support: whole messages around random arguments and results, and the tape
 * of a message held against what was put into it, leaf by leaf.
 */
#ifndef RPCSCOPE_MESSAGE_SUPPORT_H
#define RPCSCOPE_MESSAGE_SUPPORT_H

#include "content_support.h"

#include <rpc/rpc.h>

/* -- headers: RFC 5531 section 9 -- */

static inline void
put_enum(struct encoder *encoder, uint32_t number)
{
	encode_number(encoder, FIELD_ENUM, TYPE_ANY, NAME_ANY, number);
}

static inline void
put_uint(struct encoder *encoder, uint32_t number)
{
	encode_number(encoder, FIELD_UINT, TYPE_ANY, NAME_ANY, number);
}

/* A credential or verifier with a value of that type; NULL for an empty body. */
static inline void
put_auth(struct encoder *encoder, uint32_t flavor, const char *type)
{
	uint32_t start, size;
	size_t first;

	put_enum(encoder, flavor);
	start = encoder->size;
	first = encoder->count;
	encode_number(encoder, FIELD_LENGTH, TYPE_ANY, NAME_ANY, 0);
	if (type == NULL) {
		encoder->count = first;
		expect(encoder, FIELD_OPAQUE, TYPE_ANY, NAME_ANY, start)->at = start + 4;
		return;
	}
	encoder->opened++;
	encode(encoder,
	       content_type(encoder->spec, spec_find_type(encoder->spec, "rpc_msg"), "", type),
	       NAME_ANY);
	encoder->opened--;
	size = encoder->size - start - 4;
	encoder->size = start;
	encode_word(encoder, size);
	encoder->size += size;
	encoder->expected[first].u = size;
}

static inline void
put_call_header(struct encoder *encoder, const struct subject *subject)
{
	static const struct {
		uint32_t flavor;
		const char *credential, *verifier;
	} rows[] = {
		{AUTH_NONE, NULL, NULL},
		{AUTH_SYS, "authsys_parms", NULL},
		{AUTH_DH, "authdh_cred", "authdh_call_verf"},
	};
	uint32_t row = random_below(&encoder->random, COUNT_OF(rows));

	put_uint(encoder, (uint32_t)random_next(&encoder->random));
	put_enum(encoder, CALL);
	put_uint(encoder, RPC_MSG_VERSION);
	put_uint(encoder, subject->program->number);
	put_uint(encoder, subject->version->number);
	put_uint(encoder, subject->procedure->number);
	put_auth(encoder, rows[row].flavor, rows[row].credential);
	put_auth(encoder, rows[row].verifier != NULL ? rows[row].flavor : (uint32_t)AUTH_NONE,
		 rows[row].verifier);
}

static inline void
put_reply_header(struct encoder *encoder)
{
	bool dh = random_below(&encoder->random, 2) != 0;

	put_uint(encoder, (uint32_t)random_next(&encoder->random));
	put_enum(encoder, REPLY);
	put_enum(encoder, MSG_ACCEPTED);
	put_auth(encoder, dh ? AUTH_DH : AUTH_NONE, dh ? "authdh_reply_verf" : NULL);
	put_enum(encoder, SUCCESS);
}

/* False where it got too long, by the nature of its fixed arrays. */
static inline bool
put_message(struct encoder *encoder, const struct subject *subject, const struct subject *inner)
{
	encoder_begin(encoder);
	encoder->inner = inner;
	if (subject->kind == MESSAGE_CALL)
		put_call_header(encoder, subject);
	else
		put_reply_header(encoder);
	encode_subject(encoder, subject);
	return !encoder->overflow;
}

/* -- what came back -- */

/* NULL when the leaf is the one expected; else what is wrong with it. */
static inline const char *
leaf_fault(const struct encoder *encoder, const struct tape *tape, const struct field *field,
	   const struct expected *leaf)
{
	bool octets = leaf->kind == FIELD_OPAQUE || leaf->kind == FIELD_STRING ||
		      leaf->kind == FIELD_QUADRUPLE;

	if (field->kind != leaf->kind)
		return "of another kind";
	if (field->offset != leaf->offset || field->length != leaf->length)
		return "in another place";
	if (leaf->name != NAME_ANY && field->name != leaf->name)
		return "under another name";
	if (leaf->type != TYPE_ANY && leaf->name != NAME_ANY && field->type != leaf->type)
		return "of another type";
	if (field->flags != (leaf->from_opener ? FIELD_FROM_OPENER : 0))
		return "with other flags";
	if (!octets)
		return field->u == leaf->u ? NULL : "of another value";
	if (field->bytes.at != leaf->at || field->bytes.size != leaf->size)
		return "with other octets";
	return memcmp(tape->octets + field->bytes.at, encoder->octets + leaf->at, leaf->size) ==
			       0
		       ? NULL
		       : "with octets of another value";
}

/* The first fault of a tape; *at is the number of the leaf. */
static inline const char *
message_fault(const struct encoder *encoder, const struct tape *tape, size_t *at)
{
	const char *fault = tape_fault(tape, 0, encoder->size);

	*at = 0;
	if (fault == NULL && tape->anomaly_count != 0)
		fault = tape->anomalies[0].reason;
	for (size_t i = 0; fault == NULL && i < tape->count; i++) {
		if (!field_is_leaf(&tape->fields[i]))
			continue;
		if (*at == encoder->count)
			return "a leaf too many";
		fault = leaf_fault(encoder, tape, &tape->fields[i], &encoder->expected[*at]);
		*at += fault == NULL;
	}
	if (fault == NULL && *at != encoder->count)
		fault = "a leaf is missing";
	return fault;
}

/* Says where it happened, with the octets from a little in front of it. */
static inline void
fail_at(const struct encoder *encoder, const struct subject *subject, size_t at,
	const char *fault)
{
	const struct spec *spec = encoder->spec;
	const struct expected *leaf = &encoder->expected[at < encoder->count ? at : 0];
	uint32_t from = leaf->offset > 32 ? leaf->offset - 32 : 0;
	char hex[3 * 96 + 1] = "";

	for (uint32_t i = from, out = 0; i < encoder->size && i < from + 96; i++)
		out += (uint32_t)snprintf(hex + out, sizeof hex - out, "%02x%s",
					  encoder->octets[i], i % 4 == 3 ? " " : "");
	fail_msg("%s %u %s %s: leaf %zu of %zu, %s at octet %u of %u: %s\noctets from %u: %s",
		 spec_name(spec, subject->program->name), (unsigned)subject->version->number,
		 spec_name(spec, subject->procedure->name),
		 subject->kind == MESSAGE_CALL ? "arguments" : "results", at, encoder->count,
		 leaf->name != NAME_ANY ? spec_name(spec, leaf->name) : "?",
		 (unsigned)leaf->offset, (unsigned)encoder->size, fault, (unsigned)from, hex);
}

/* -- every procedure -- */

typedef void subject_visitor(void *context, const struct subject *subject);

static inline void
for_procedures(const struct spec *spec, const struct spec_program *program,
	       subject_visitor *visit, void *context)
{
	struct subject subject = {.program = program};

	for (uint32_t v = 0; v < program->count; v++) {
		subject.version = &spec->versions[program->first + v];
		for (uint32_t i = 0; i < subject.version->count; i++) {
			subject.procedure = &spec->procedures[subject.version->first + i];
			subject.kind = MESSAGE_CALL;
			visit(context, &subject);
			subject.kind = MESSAGE_REPLY;
			visit(context, &subject);
		}
	}
}

#endif
