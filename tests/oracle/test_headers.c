/*
 * libtirpc as the oracle for headers: calls and replies of every form as
 * xdr_callmsg() and xdr_replymsg() write them, credentials of AUTH_SYS opened.
 */
#include "oracle_support.h"

enum { ROUNDS = 1200 };

/* A credential's or verifier's octets: AUTH_SYS, or of a flavor that stays closed (libtirpc
 * encodes no others; test_security.c has them). */
static struct opaque_auth
an_auth(struct fixture *fixture, char *body, bool sys)
{
	static const int flavors[] = {AUTH_NONE, 4, 5}; /* AUTH_KERB, AUTH_RSA */
	struct opaque_auth auth = {.oa_base = body};
	struct authunix_parms parms;
	uid_t groups[16];
	XDR xdr;

	auth.oa_flavor = sys ? AUTH_SYS : flavors[random_below(&fixture->random, 3)];
	expect_number(fixture, (uint64_t)auth.oa_flavor);
	if (!sys) {
		auth.oa_length = random_below(&fixture->random, 60);
		for (u_int i = 0; i < auth.oa_length; i++)
			body[i] = (char)random_below(&fixture->random, 256);
		expect_bytes(fixture, body, auth.oa_length);
		return auth;
	}
	parms.aup_time = a_number(fixture);
	parms.aup_machname = a_string(fixture);
	parms.aup_uid = a_number(fixture);
	parms.aup_gid = a_number(fixture);
	parms.aup_len = random_below(&fixture->random, 17);
	parms.aup_gids = groups;
	for (u_int i = 0; i < parms.aup_len; i++)
		groups[i] = a_number(fixture);
	xdrmem_create(&xdr, body, MAX_AUTH_BYTES, XDR_ENCODE);
	assert_true(xdr_authunix_parms(&xdr, &parms));
	auth.oa_length = XDR_GETPOS(&xdr);
	return auth;
}

/* Parses and decodes what was encoded, header and body; compares. */
static void
check_message(struct fixture *fixture, const char *what, struct message *message)
{
	uint32_t size = XDR_GETPOS(&fixture->encoder);
	struct record record = {.octets = guarded_put(&fixture->guarded, fixture->octets, size),
				.captured = size,
				.length = size};

	assert_true(message_parse(message, &record, true));
	assert_int_equal(message->anomaly_count, 0);
	message->record = &record;
	decode_message(&fixture->decoder, message, DECODE_HEADER | DECODE_BODY, &fixture->tape);
	message->record = NULL; /* it ends here */
	compare(fixture, what, 0, size);
}

static void
test_calls(void **state)
{
	struct fixture *fixture = *state;
	char credential[MAX_AUTH_BYTES], verifier[MAX_AUTH_BYTES];
	struct message message;

	for (int round = 0; round < ROUNDS; round++) {
		struct rpc_msg call = {.rm_direction = CALL};

		begin(fixture);
		call.rm_xid = a_number(fixture);
		expect_number(fixture, CALL);
		call.rm_call.cb_rpcvers = RPC_MSG_VERSION;
		expect_number(fixture, RPC_MSG_VERSION);
		call.rm_call.cb_prog = PMAPPROG;
		expect_number(fixture, PMAPPROG);
		call.rm_call.cb_vers = 2;
		expect_number(fixture, 2);
		call.rm_call.cb_proc = PMAPPROC_GETPORT;
		expect_number(fixture, PMAPPROC_GETPORT);
		call.rm_call.cb_cred = an_auth(fixture, credential, round % 2 == 0);
		call.rm_call.cb_verf = an_auth(fixture, verifier, false);
		assert_true(xdr_callmsg(&fixture->encoder, &call));
		put_mapping(fixture);
		check_message(fixture, "call", &message);
		assert_int_equal(message.xid, call.rm_xid);
		assert_int_equal(message.credential.length, call.rm_call.cb_cred.oa_length);
	}
}

/* No results: only the header is of interest. */
static bool_t
encode_nothing(XDR *xdr, ...)
{
	(void)xdr;
	return TRUE;
}

/* Fills in a reply of one of the eight forms (RFC 5531 section 9). */
static void
fill_reply(struct fixture *fixture, struct rpc_msg *reply, uint32_t form, char *verifier)
{
	struct accepted_reply *accepted = &reply->acpted_rply;
	struct rejected_reply *rejected = &reply->rjcted_rply;

	reply->rm_xid = a_number(fixture);
	expect_number(fixture, REPLY);
	reply->rm_reply.rp_stat = form < 6 ? MSG_ACCEPTED : MSG_DENIED;
	expect_number(fixture, reply->rm_reply.rp_stat);
	if (form < 6) {
		accepted->ar_verf = an_auth(fixture, verifier, false);
		accepted->ar_stat = (enum accept_stat)form;
		expect_number(fixture, form);
		accepted->ar_results.proc = encode_nothing;
		if (form == PROG_MISMATCH) {
			accepted->ar_vers.low = a_number(fixture);
			accepted->ar_vers.high = a_number(fixture);
		}
		return;
	}
	rejected->rj_stat = form == 6 ? RPC_MISMATCH : AUTH_ERROR;
	expect_number(fixture, rejected->rj_stat);
	if (form == 6) {
		rejected->rj_vers.low = a_number(fixture);
		rejected->rj_vers.high = a_number(fixture);
		return;
	}
	rejected->rj_why = (enum auth_stat)random_below(&fixture->random, 8);
	expect_number(fixture, rejected->rj_why);
}

static void
test_replies(void **state)
{
	struct fixture *fixture = *state;
	char verifier[MAX_AUTH_BYTES];
	struct message message;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct rpc_msg reply = {.rm_direction = REPLY};

		begin(fixture);
		fill_reply(fixture, &reply, round % 8, verifier);
		assert_true(xdr_replymsg(&fixture->encoder, &reply));
		check_message(fixture, "reply", &message);
		assert_int_equal(message.kind, MESSAGE_REPLY);
		assert_int_equal(message.body, fixture->tape.length);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_replies, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
