/*
 * value: what a field means, in words. Keyed by the name of its type: a table
 * of formatters (value.c) knows rpcprog, rpcprot, rpcport, uaddr, netid, ...;
 * a user's specification gets the same service by using the same type names.
 */
#ifndef RPCSCOPE_VALUE_H
#define RPCSCOPE_VALUE_H

#include "message.h"
#include "names.h"
#include "tape.h"
#include "text.h"

/* Where a value is printed: what is needed to say what it means. */
struct value_context {
	const struct names *names;
	const struct tape *tape;
	const struct message *message;
};

/* spec_hooks.meaning: number of the row for a type name, 0 for none. */
uint8_t value_meaning(const char *type_name);

/*
 * The bare value: 4143, 17 (UDP), "192.168.56.10.78.80", MNT3ERR_ACCES (13). For the tree. Of
 * an opening what it means as a whole (a time, a state id), or nothing; so do value_line() and
 * value_json().
 */
void value_text(struct text *out, const struct value_context *context,
		const struct field *field);
/* As it stands in a one-line summary: mountd, v3, udp, port 4143. Nothing when it does not
 * matter there. */
void value_line(struct text *out, const struct value_context *context,
		const struct field *field);
/* As an engineer writes it beside the word: "program 100005 = mountd", "port 4143: where to
 * reach the service". */
void value_explain(struct text *out, const struct value_context *context,
		   const struct field *field);
/* Does it say that the procedure came to nothing: port 0 in an answer, an error status? */
bool value_is_failure(const struct value_context *context, const struct field *field);
/*
 * Is a status (an enumeration) other than success, as spec_status_failed() says?
 */
bool value_status_failed(const struct spec *spec, const struct field *field);
/* As a JSON value: number, string, true. 64-bit integers are strings, opaques hex, enums their
 * names. */
void value_json(struct text *out, const struct value_context *context,
		const struct field *field);

#endif
