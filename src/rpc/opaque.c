/*
 * How it works: one row a type name, and the function that decodes the content of
 * an opaque of that type. The number of a row is its place in the table, 0 is for
 * "no opener"; the loader asks for it once a type (spec_hooks.opener). To open
 * another sort of opaque, give its type a name in the .x file and add a row.
 */
#include <string.h>

#include "decode.h"
#include "fattr4.h"
#include "security.h"
#include "walk.h"

/*
 * The call inside CALLIT, BCAST and INDIRECT (RFC 1833 sections 2.1 and 3.2). Only the
 * message's own: the inner procedure of a call inside that call is not known.
 */
static bool
open_inner(struct walker *walker, enum message_kind kind)
{
	const struct decoding *decoding = walker->context;
	const struct message *message = decoding != NULL ? decoding->message : NULL;
	const struct spec_procedure *procedure;

	if (message == NULL || !message->has_inner || message->kind != kind ||
	    walker->opened > 1 + (security_form(message) == SECURITY_INTEGRITY))
		return false;
	procedure = spec_find_procedure(walker->spec, message->inner_program,
					message->inner_version, message->inner_procedure);
	if (procedure == NULL)
		return false;
	decode_procedure(walker, procedure, kind);
	return true;
}

static bool
open_callit_args(struct walker *walker, size_t opening)
{
	(void)opening;
	return open_inner(walker, MESSAGE_CALL);
}

static bool
open_callit_results(struct walker *walker, size_t opening)
{
	(void)opening;
	return open_inner(walker, MESSAGE_REPLY);
}

static const struct {
	const char *type_name;
	opener *open;
} openers[] = {
	{"", NULL},
	{"auth_body", security_open_auth},
	{"callit_args", open_callit_args},
	{"callit_results", open_callit_results},
	{"attrlist4", fattr4_open_bits},
	{"notifylist4", fattr4_open_bits},
	{"notifylist_device4", fattr4_open_bits},
	{"thi_hintlist4", fattr4_open_bits},
	{"loc_body4", fattr4_open_body},
	{"loh_body4", fattr4_open_body},
	{"lou_body4", fattr4_open_body},
	{"lrf_body4", fattr4_open_body},
	{"da_addr_body4", fattr4_open_body},
	{"gss_integ_body", security_open_integrity},
};

enum { OPENERS = sizeof openers / sizeof openers[0] };

opener *
opaque_opener(uint8_t number)
{
	return number < OPENERS ? openers[number].open : NULL;
}

uint8_t
opaque_number(const char *type_name)
{
	for (size_t i = 1; i < OPENERS; i++) {
		if (strcmp(openers[i].type_name, type_name) == 0)
			return (uint8_t)i;
	}
	return 0;
}
