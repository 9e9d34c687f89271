/*
 * security: what the security flavors put into credentials and verifiers and
 * around bodies, by the types of rpc.x. Part of decode.h.
 */
#ifndef RPCSCOPE_SECURITY_H
#define RPCSCOPE_SECURITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"
#include "spec.h"
#include "walk.h"

/* Types of rpc.x; a decoder has their ids. */
enum security_type {
	SECURITY_AUTH_SYS,
	SECURITY_SHORTHAND,
	SECURITY_DH_CREDENTIAL,
	SECURITY_DH_CALL,
	SECURITY_DH_REPLY,
	SECURITY_STARTTLS,
	SECURITY_GSS_CREDENTIAL,
	SECURITY_GSS_MIC,
	SECURITY_GSS_INIT,
	SECURITY_GSS_INIT_RESULT,
	SECURITY_GSS_DATA,
	SECURITY_GSS_INTEGRITY,
	SECURITY_GSS_PRIVACY,
	SECURITY_GSS_BIND,
	SECURITY_GSS_BIND_RESULT,
	SECURITY_GSS_CREATE,
	SECURITY_GSS_CREATE_RESULT,
	SECURITY_GSS_LIST,
	SECURITY_GSS_LIST_RESULT,
	SECURITY_TYPES
};

void security_find_types(uint16_t types[static SECURITY_TYPES], const struct spec *spec);

/* What the octets of a call's or a reply's body are (RFC 2203 section 5). */
enum security_form {
	SECURITY_PLAIN,     /* the procedure's arguments or results */
	SECURITY_CONTEXT,   /* creation of a context: rpc_gss_init_arg, rpc_gss_init_res */
	SECURITY_INTEGRITY, /* rpc_gss_integ_data */
	SECURITY_PRIVACY,   /* rpc_gss_priv_data */
	SECURITY_UNCLEAR,   /* the credential does not say */
};

enum security_form security_form(const struct message *message);
/*
 * Walks the body of a message that has one, through whatever is around it. The
 * procedure may be NULL. False: nothing describes the octets left, and that is no
 * fault of theirs.
 */
bool security_walk_body(struct walker *walker, const struct spec_procedure *procedure);

/* Openers (walk.h): of credentials and verifiers, of databody_integ. */
opener security_open_auth, security_open_integrity;

/* "GSS_S_NO_CRED": a major status with one meaning (RFC 2744 section 3.9.1); NULL otherwise. */
const char *security_major_name(uint32_t major);

#endif
