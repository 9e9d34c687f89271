/*
 * json_auth: what security flavors put into a message, as JSON: the members of
 * credentials and verifiers, and what stands around a protected body. The body
 * itself looks as it would without protection.
 */
#include <rpc/auth.h>

#include "decode.h"
#include "forms.h"

bool
json_has_members(const struct auth_view *auth)
{
	return auth->length > 0 && (auth->flavor == AUTH_SYS || auth->flavor == AUTH_DES ||
				    auth->flavor == RPCSEC_GSS);
}

bool
json_auth_members(struct output *output, const struct message *message,
		  const struct auth_view *auth)
{
	enum { BODY = 2, LENGTH, CONTENT }; /* behind the opening and the flavor */
	struct value_context context = output_context(output, message);
	const struct tape *tape = &output->tape;
	size_t opening = SIZE_MAX;
	if (tape->count > 0 && field_is_open(&tape->fields[0]))
		opening = tape_find(tape, 0, auth == &message->credential ? "cred" : "verf");
	if (opening == SIZE_MAX || opening + CONTENT >= tape->count ||
	    tape->fields[opening + BODY].kind != FIELD_OPEN_OPAQUE ||
	    !field_is_open(&tape->fields[opening + CONTENT]))
		return false;
	json_members(output->text, &context, opening + CONTENT);
	return true;
}

void
json_integrity(struct output *output, const struct value_context *context)
{
	enum { DATA = 1, SEQ_NUM = 3 }; /* behind the envelope; data, length, seq_num */
	const struct tape *tape = &output->tape;
	size_t envelope = decode_envelope(tape), checksum;
	if (envelope == SIZE_MAX || tape->fields[envelope + DATA].kind != FIELD_OPEN_OPAQUE ||
	    tape->fields[envelope + SEQ_NUM].kind != FIELD_UINT)
		return;
	text_string_put(output->text, ",\"integrity\":{\"seq_num\":");
	value_json(output->text, context, &tape->fields[envelope + SEQ_NUM]);
	checksum = tape_skip(tape, envelope + DATA);
	if (tape->fields[checksum].kind == FIELD_OPAQUE) {
		text_string_put(output->text, ",\"checksum\":");
		value_json(output->text, context, &tape->fields[checksum]);
	}
	text_char(output->text, '}');
}
