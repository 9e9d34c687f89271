/*
 * message_names: what the numbers of RPC headers are called, each kind in a table by its
 * number: RFC 5531 sections 8 and 9, RFC 2203 section 5, the registry of IANA.
 */
#include <assert.h>

#include "message.h"

const char *
message_status_name(enum message_status status)
{
	static const char *const names[] = {
		[STATUS_SUCCESS] = "success",
		[STATUS_PROG_UNAVAIL] = "prog_unavail",
		[STATUS_PROG_MISMATCH] = "prog_mismatch",
		[STATUS_PROC_UNAVAIL] = "proc_unavail",
		[STATUS_GARBAGE_ARGS] = "garbage_args",
		[STATUS_SYSTEM_ERR] = "system_err",
		[STATUS_RPC_MISMATCH] = "rpc_mismatch",
		[STATUS_AUTH_ERROR] = "auth_error",
		[STATUS_UNKNOWN] = "unknown",
	};
	static_assert(sizeof names / sizeof names[0] == STATUS_COUNT, "a name for each status");
	return names[status];
}

const char *
message_auth_stat_name(uint32_t auth_stat)
{
	static const char *const names[] = {
		"AUTH_OK",
		"AUTH_BADCRED",
		"AUTH_REJECTEDCRED",
		"AUTH_BADVERF",
		"AUTH_REJECTEDVERF",
		"AUTH_TOOWEAK",
		"AUTH_INVALIDRESP",
		"AUTH_FAILED",
		"AUTH_KERB_GENERIC",
		"AUTH_TIMEEXPIRE",
		"AUTH_TKT_FILE",
		"AUTH_DECODE",
		"AUTH_NET_ADDR",
		"RPCSEC_GSS_CREDPROBLEM",
		"RPCSEC_GSS_CTXPROBLEM",
	};
	return auth_stat < sizeof names / sizeof names[0] ? names[auth_stat] : NULL;
}

const char *
message_flavor_name(uint32_t flavor)
{
	/* IANA, "RPC Authentication Flavor Numbers" */
	static const char *const names[] = {
		"AUTH_NONE", "AUTH_SYS", "AUTH_SHORT", "AUTH_DH",
		"AUTH_KERB", "AUTH_RSA", "RPCSEC_GSS", "AUTH_TLS",
	};
	return flavor < sizeof names / sizeof names[0] ? names[flavor] : NULL;
}
