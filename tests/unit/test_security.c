/*
 * Security flavors: credentials and verifiers as members, bodies inside what
 * RPCSEC_GSS puts around them, and the same when lengths lie.
 */
#include "decode_support.h"

#include "security.h"

/* -- messages -- */

/* A call with that credential; the verifier is to be put next. */
static void
begin_secured(struct fixture *fixture, uint32_t procedure, uint32_t flavor, uint32_t size)
{
	fixture->size = 0;
	PUT(fixture, 0x1234, CALL, 2, 555555, 1, procedure, flavor, size);
}

/* A whole call header: RPCSEC_GSS with a handle of four octets and a MIC of four. */
static void
begin_gss(struct fixture *fixture, uint32_t procedure, uint32_t gss_proc, uint32_t service)
{
	begin_secured(fixture, procedure, RPCSEC_GSS, 24);
	PUT(fixture, 1, gss_proc, 7, service, 4, 0xaabbccdd);
	PUT(fixture, RPCSEC_GSS, 4, 0x11223344);
}

static void
begin_gss_reply(struct fixture *fixture)
{
	fixture->size = 0;
	PUT(fixture, 0x1234, REPLY, MSG_ACCEPTED, RPCSEC_GSS, 4, 0x11223344, SUCCESS);
}

/* What exchange.h brings to a reply. */
static void
answer_gss(struct fixture *fixture, uint32_t procedure, uint8_t gss_proc, uint8_t service)
{
	answer(fixture, 555555, 1, procedure);
	fixture->message.security = (struct security){.known = true,
						      .flavor = RPCSEC_GSS,
						      .gss = true,
						      .version = 1,
						      .gss_proc = gss_proc,
						      .service = service,
						      .seq_num = 7};
}

static void
expect(struct fixture *fixture, unsigned parts, const char *expected, const char *anomaly)
{
	decode(fixture, parts);
	render(&fixture->text, &fixture->tape);
	if (strstr(text_string(&fixture->text), expected) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", expected, text_string(&fixture->text));
	assert_anomaly(&fixture->tape, anomaly);
}

static void
expect_call(struct fixture *fixture, unsigned parts, const char *expected, const char *anomaly)
{
	parse(fixture, fixture->size, fixture->size);
	expect(fixture, parts, expected, anomaly);
}

static void
expect_reply(struct fixture *fixture, uint8_t gss_proc, uint8_t service, const char *expected,
	     const char *anomaly)
{
	parse(fixture, fixture->size, fixture->size);
	answer_gss(fixture, 1, gss_proc, service);
	expect(fixture, DECODE_BODY, expected, anomaly);
}

/* -- credentials and verifiers -- */

static void
test_short(void **state)
{
	struct fixture *fixture = *state;

	begin_secured(fixture, 0, AUTH_SHORT, 6);
	PUT(fixture, 0x01020304, 0x05060000, 0, 0);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "body| length=L6 auth_shorthand=x010203040506!O padding=P0000 }", NULL);
	assert_true(fixture->message.security.known);
	assert_int_equal(fixture->message.security.flavor, AUTH_SHORT);
	assert_false(fixture->message.security.gss);
	/* The server gives one out in its verifier. */
	fixture->size = 0;
	PUT(fixture, 1, REPLY, MSG_ACCEPTED, AUTH_SHORT, 4, 0x01020304, SUCCESS);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "flavor=e2 body| length=L4 auth_shorthand=x01020304!O } }", NULL);
}

static void
test_dh(void **state)
{
	struct fixture *fixture = *state;

	begin_secured(fixture, 0, AUTH_DES, 28);
	PUT(fixture, 0, 5, 0x6e657440, 0x61000000, 1, 2, 0xcafe);
	PUT(fixture, AUTH_DES, 12, 3, 4, 0xbeef);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "authdh_cred<!O namekind=e0!O fullname{!O name=snet@a!O "
		    "key=x0000000100000002!O window=x0000cafe!O } } }",
		    NULL);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "authdh_call_verf{!O timestamp=x0000000300000004!O winverf=x0000beef!O } }",
		    NULL);

	begin_secured(fixture, 0, AUTH_DES, 8);
	PUT(fixture, 1, 42, AUTH_DES, 12, 3, 4, 0);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "authdh_cred<!O namekind=e1!O nickname=u42!O } }", NULL);

	fixture->size = 0;
	PUT(fixture, 1, REPLY, MSG_ACCEPTED, AUTH_DES, 12, 3, 4, 42, SUCCESS);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "authdh_reply_verf{!O timeverf=x0000000300000004!O nickname=u42!O } }",
		    NULL);
}

/* The lengths inside lie; the message goes on behind the credential. */
static void
test_dh_broken(void **state)
{
	struct fixture *fixture = *state;

	begin_secured(fixture, 0, AUTH_DES, 12);
	PUT(fixture, 0, 300, 0x6e657440, 0, 0);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY, "} arguments{ }",
		    "longer than the specification allows");
	begin_secured(fixture, 0, AUTH_DES, 8);
	PUT(fixture, 2, 42, 0, 0);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY, "namekind=e2!VO rest=R0000002a!O",
		    "value not in the enumeration");
	assert_int_not_equal(decode_body(&fixture->tape), SIZE_MAX);
}

static void
test_tls_probe(void **state)
{
	struct fixture *fixture = *state;

	begin_secured(fixture, 0, FLAVOR_TLS, 0);
	PUT(fixture, 0, 0);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY, "cred{ flavor=e7 body=x }", NULL);
	assert_int_equal(fixture->message.security.flavor, FLAVOR_TLS);
	assert_false(fixture->message.starttls);

	fixture->size = 0;
	PUT(fixture, 1, REPLY, MSG_ACCEPTED, AUTH_NONE, 8, 0x53544152, 0x54544c53, SUCCESS);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "flavor=e0 body| length=L8 starttls=x5354415254544c53!O } }", NULL);
	assert_true(fixture->message.starttls);

	fixture->octets[27] = 'T'; /* "STARTTLT" */
	expect_call(fixture, DECODE_HEADER | DECODE_BODY, "body=x5354415254544c54 }", NULL);
	assert_false(fixture->message.starttls);
	fixture->octets[27] = 'S';
	fixture->octets[15] = AUTH_SYS;
	parse(fixture, fixture->size, fixture->size);
	assert_false(fixture->message.starttls);
	fixture->octets[15] = AUTH_NONE;
	fixture->octets[31] = SYSTEM_ERR;
	parse(fixture, fixture->size, fixture->size);
	assert_false(fixture->message.starttls);
	fixture->octets[31] = SUCCESS;
	parse(fixture, 24, fixture->size); /* the verifier is cut */
	assert_false(fixture->message.starttls);
}

/* -- RPCSEC_GSS: the credential -- */

static void
test_gss_credential(void **state)
{
	struct fixture *fixture = *state;
	const struct security *security = &fixture->message.security;

	begin_gss(fixture, 0, GSS_DATA, GSS_NONE);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "cred{ flavor=e6 body| length=L24 rpc_gss_cred_t<!O version=u1!O cred{!O "
		    "gss_proc=e0!O seq_num=u7!O service=e1!O handle=xaabbccdd!O } } } } "
		    "verf{ flavor=e6 body| length=L4 gss_mic=x11223344!O } }",
		    NULL);
	assert_true(security->known && security->gss && security->has_handle);
	assert_int_equal(security->version, 1);
	assert_int_equal(security->gss_proc, GSS_DATA);
	assert_int_equal(security->seq_num, 7);
	assert_int_equal(security->service, GSS_NONE);
	for (uint8_t version = 2; version <= 4; version++) {
		fixture->octets[35] = version;
		parse(fixture, fixture->size, fixture->size);
		assert_int_equal(security->gss, version <= 3);
	}
	expect(fixture, DECODE_HEADER | DECODE_BODY, "version=u4!VO rest=R",
	       "no such arm in the union");
}

/* Handles cut, credentials too short for their own words. */
static void
test_gss_credential_broken(void **state)
{
	struct fixture *fixture = *state;

	begin_gss(fixture, 1, GSS_DATA, GSS_NONE);
	PUT(fixture, 5, 6);
	fixture->octets[51] = 9; /* the handle ends outside of the credential */
	expect_call(fixture, DECODE_HEADER | DECODE_BODY, "handle=xaabbccdd!SO",
		    "the opaque ends inside an opaque");
	assert_true(fixture->message.security.gss);

	begin_secured(fixture, 1, RPCSEC_GSS, 16);
	PUT(fixture, 1, GSS_DATA, 7, GSS_INTEGRITY, 0, 0, 5, 6);
	expect_call(fixture, DECODE_BODY, "rest=R0000000500000006",
		    "the credential does not tell how the body is protected");
	assert_true(fixture->message.security.known);
	assert_false(fixture->message.security.gss);

	for (uint32_t captured = 0; captured < 56; captured++) {
		begin_gss(fixture, 1, GSS_DATA, GSS_NONE);
		parse(fixture, captured, fixture->size);
		decode(fixture, DECODE_HEADER | DECODE_BODY);
		assert_int_equal(fixture->tape.anomaly_count, 0);
		assert_false(fixture->message.security.known);
	}
}

/* -- RPCSEC_GSS: contexts -- */

static void
test_context(void **state)
{
	struct fixture *fixture = *state;

	/* Any service: none counts before there is a context. */
	for (uint32_t service = 0; service < 5; service++) {
		begin_secured(fixture, 0, RPCSEC_GSS, 20);
		PUT(fixture, 1, GSS_INIT + service % 2, 0, service, 0, 0, 0);
		PUT(fixture, 6, 0x60820203, 0x04050000);
		expect_call(fixture, DECODE_BODY, "arguments{ gss_token=x608202030405 }", NULL);
		assert_false(fixture->message.security.has_handle);
	}
	begin_gss_reply(fixture);
	PUT(fixture, 4, 0xaabbccdd, 0, 0, 128, 4, 0x60010203);
	expect_reply(fixture, GSS_INIT, 0,
		     "results{ handle=xaabbccdd gss_major=u0 gss_minor=u0 seq_window=u128 "
		     "gss_token=x60010203 }",
		     NULL);
	assert_int_equal(decode_result_status(&fixture->tape), SIZE_MAX);
	begin_gss_reply(fixture);
	PUT(fixture, 0, 13 << 16, 0x96c73a25, 0);
	expect_reply(fixture, GSS_CONTINUE_INIT, GSS_INTEGRITY, "gss_major=u851968",
		     "the record ends inside an opaque");
}

static void
test_destroy(void **state)
{
	struct fixture *fixture = *state;

	for (uint32_t service = GSS_NONE; service <= GSS_PRIVACY; service++) {
		begin_gss(fixture, 0, GSS_DESTROY, service);
		expect_call(fixture, DECODE_BODY, "arguments{ }", NULL);
	}
	begin_gss(fixture, 0, GSS_DESTROY, GSS_INTEGRITY); /* in an envelope */
	PUT(fixture, 4, 7, 4, 0x01020304);
	expect_call(fixture, DECODE_BODY, "seq_num=u7!O arguments{!O }", NULL);
	begin_gss(fixture, 0, GSS_DESTROY, GSS_NONE);
	PUT(fixture, 4);
	expect_call(fixture, DECODE_BODY, "arguments{ } rest=R00000004",
		    "octets left over after the arguments");
}

/* -- RPCSEC_GSS: bodies -- */

static void
test_plain(void **state)
{
	struct fixture *fixture = *state;

	begin_gss(fixture, 1, GSS_DATA, GSS_NONE);
	PUT(fixture, 5, 6);
	expect_call(fixture, DECODE_BODY, "arguments{ x=i5 y=i6 }", NULL);
	begin_gss(fixture, 1, GSS_DATA, GSS_CHANNEL_PROT);
	PUT(fixture, 5, 6);
	expect_call(fixture, DECODE_BODY, "arguments{ x=i5 y=i6 }", NULL);
	begin_gss_reply(fixture);
	PUT(fixture, 13);
	expect_reply(fixture, GSS_DATA, GSS_NONE, "results< stat=e13 }", NULL);
	/* Services and procedures that there are not. */
	begin_gss(fixture, 1, GSS_DATA, 9);
	PUT(fixture, 5);
	expect_call(fixture, DECODE_BODY, "rest=R00000005",
		    "the credential does not tell how the body is protected");
	begin_gss(fixture, 1, 999, GSS_NONE);
	PUT(fixture, 5);
	expect_call(fixture, DECODE_BODY, "rest=R00000005",
		    "the credential does not tell how the body is protected");
}

static void
test_integrity(void **state)
{
	struct fixture *fixture = *state;
	const struct tape *tape = &fixture->tape;
	size_t body;

	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 12, 7, 5, 6, 3, 0x01020300);
	expect_call(fixture, DECODE_HEADER | DECODE_BODY,
		    "rpc_gss_integ_data{ databody_integ| length=L12 seq_num=u7!O arguments{!O "
		    "x=i5!O y=i6!O } } checksum=x010203 }",
		    NULL);
	body = decode_body(tape);
	assert_int_not_equal(body, SIZE_MAX);
	assert_int_equal(tape->fields[body].name, NAME_ARGUMENTS);
	assert_int_equal(decode_envelope(tape), tape_skip(tape, 0));

	begin_gss_reply(fixture);
	PUT(fixture, 16, 7, 0, 5, 6, 4, 0x01020304);
	expect_reply(fixture, GSS_DATA, GSS_INTEGRITY,
		     "seq_num=u7!O results<!O stat=e0!O where{!O x=i5!O y=i6!O } } } checksum=",
		     NULL);
	assert_int_equal(decode_envelope(tape), 0);
	assert_int_equal(decode_result_status(tape), 5);
	/* A program that nobody describes. */
	begin_gss(fixture, 77, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 8, 7, 5, 4, 0x01020304);
	expect_call(fixture, DECODE_BODY, "seq_num=u7!O rest=R00000005!O } checksum=x01020304",
		    NULL);
	assert_int_equal(decode_body(tape), SIZE_MAX);
}

/* RFC 2203 sections 5.3.2.2 and 5.3.3.4.2: 7 is the credential's, and the call's. */
static void
test_sequence_numbers(void **state)
{
	struct fixture *fixture = *state;

	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 12, 8, 5, 6, 3, 0x01020300);
	expect_call(fixture, DECODE_BODY, "seq_num=u8",
		    "sequence number is not the credential's");
	assert_int_equal(fixture->tape.anomalies[0].offset, fixture->message.body + 4);
	begin_gss_reply(fixture);
	PUT(fixture, 16, 9, 0, 5, 6, 4, 0x01020304);
	expect_reply(fixture, GSS_DATA, GSS_INTEGRITY, "seq_num=u9",
		     "sequence number is not the call's");
	/* Sent again, it has another number each time: which of them is answered? */
	fixture->message.security.resent = true;
	expect(fixture, DECODE_BODY, "seq_num=u9", NULL);
	assert_int_equal(fixture->tape.anomaly_count, 0);
}

static void
test_integrity_broken(void **state)
{
	struct fixture *fixture = *state;

	/* Shorter than its sequence number, empty, shorter or longer than the arguments. */
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 2, 0x00070000, 4, 0x01020304);
	expect_call(fixture, DECODE_BODY, "length=L2 rest=R0007!SO padding=P0000 } checksum=",
		    "the opaque ends inside an integer");
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 0, 4, 0x01020304);
	expect_call(fixture, DECODE_BODY, "databody_integ=x checksum=x01020304",
		    "protected data without a sequence number");
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 8, 7, 5, 4, 0x01020304);
	expect_call(fixture, DECODE_BODY, "arguments{!O x=i5!O } } checksum=x01020304",
		    "the opaque ends inside an integer");
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 16, 7, 5, 6, 8, 4, 0x01020304);
	expect_call(fixture, DECODE_BODY,
		    "y=i6!O } rest=R00000008!O } checksum=", "octets left over in an opaque");
	/* Longer than the record; nothing behind it; something behind the checksum. */
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 0xfffffffc, 7, 5, 6);
	expect_call(fixture, DECODE_BODY, "databody_integ=x000000070000000500000006!S",
		    "the record ends inside an opaque");
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 12, 7, 5, 6);
	expect_call(fixture, DECODE_BODY, "y=i6!O } } }", "the record ends inside an opaque");
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 12, 7, 5, 6, 0, 99);
	expect_call(fixture, DECODE_BODY, "checksum=x } rest=R00000063",
		    "octets left over after the arguments");
	/* No body at all. */
	begin_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
	expect_call(fixture, DECODE_BODY, "", "the record ends inside an opaque");
}

/* Cut by the capture, the arguments at hand are shown and nothing is to blame. */
static void
check_cut(struct fixture *fixture, uint32_t procedure)
{
	begin_gss(fixture, procedure, GSS_DATA, GSS_INTEGRITY);
	PUT(fixture, 12, 7, 5, 6, 4, 0x01020304);
	for (uint32_t captured = 0; captured < fixture->size; captured++) {
		parse(fixture, captured, fixture->size);
		decode(fixture, DECODE_HEADER | DECODE_BODY);
		if (fixture->tape.anomaly_count != 0)
			fail_msg("cut to %u octets: %s", (unsigned)captured,
				 fixture->tape.anomalies[0].reason);
	}
}

static void
test_integrity_cut(void **state)
{
	struct fixture *fixture = *state;

	check_cut(fixture, 77); /* that nobody describes */
	check_cut(fixture, 1);
	parse(fixture, fixture->size - 12, fixture->size);
	expect(fixture, DECODE_BODY, "seq_num=u7!O arguments{!O x=i5!O } }", NULL);
}

static void
test_privacy(void **state)
{
	struct fixture *fixture = *state;

	begin_gss(fixture, 1, GSS_DATA, GSS_PRIVACY);
	PUT(fixture, 6, 0x01020304, 0x05060000);
	expect_call(fixture, DECODE_BODY, "arguments{ databody_priv=x010203040506 }", NULL);
	assert_string_equal(spec_name(fixture->spec,
				      fixture->spec->types[fixture->tape.fields[1].type].name),
			    "gss_private");
	begin_gss_reply(fixture);
	PUT(fixture, 4, 0x01020304);
	expect_reply(fixture, GSS_DATA, GSS_PRIVACY, "results{ databody_priv=x01020304 }",
		     NULL);
	begin_gss_reply(fixture);
	PUT(fixture, 0x7fffffff, 0x01020304);
	expect_reply(fixture, GSS_DATA, GSS_PRIVACY, "databody_priv=x01020304!S",
		     "the record ends inside an opaque");
}

/* A reply that failed is plain, whatever its call was. */
static void
test_failures_are_plain(void **state)
{
	struct fixture *fixture = *state;

	for (uint32_t why = 13; why <= 14; why++) { /* CREDPROBLEM, CTXPROBLEM */
		fixture->size = 0;
		PUT(fixture, 1, REPLY, MSG_DENIED, AUTH_ERROR, why);
		parse(fixture, fixture->size, fixture->size);
		answer_gss(fixture, 1, GSS_DATA, GSS_INTEGRITY);
		expect(fixture, DECODE_HEADER | DECODE_BODY, "auth_stat=e1", NULL);
		assert_int_equal(decode_body(&fixture->tape), SIZE_MAX);
		assert_int_equal(fixture->message.auth_stat, why);
	}
	fixture->size = 0;
	PUT(fixture, 1, REPLY, MSG_ACCEPTED, RPCSEC_GSS, 4, 1, GARBAGE_ARGS);
	expect_reply(fixture, GSS_DATA, GSS_INTEGRITY, "", NULL);
	assert_int_equal(fixture->tape.count, 0);
	/* Its call was not seen: nothing says what the octets are. */
	begin_gss_reply(fixture);
	PUT(fixture, 8, 7, 5, 4, 1);
	expect_call(fixture, DECODE_BODY, "rest=R", NULL);
}

/* CALLIT protected: the call inside is still found. */
static void
test_inner_call_in_envelope(void **state)
{
	struct fixture *fixture = *state;

	fixture->size = 0;
	PUT(fixture, 1, CALL, 2, 100000, 2, 5, RPCSEC_GSS, 20, 1, GSS_DATA, 7, GSS_INTEGRITY, 0,
	    0, 0);
	PUT(fixture, 28, 7, 555555, 1, 1, 8, 5, 6, 0);
	parse(fixture, fixture->size, fixture->size);
	assert_true(fixture->message.has_inner);
	assert_int_equal(fixture->message.inner_program, 555555);
	expect(fixture, DECODE_BODY, "arguments{!O x=i5!O y=i6!O } } } } checksum=x }", NULL);
	fixture->octets[47] = GSS_PRIVACY;
	parse(fixture, fixture->size, fixture->size);
	assert_false(fixture->message.has_inner);
}

/* -- versions 2 and 3 -- */

static void
test_bind_channel(void **state)
{
	struct fixture *fixture = *state;

	begin_secured(fixture, 0, RPCSEC_GSS, 24);
	PUT(fixture, 2, GSS_BIND_CHANNEL, 7, GSS_NONE, 4, 0xaabbccdd);
	PUT(fixture, RPCSEC_GSS, 24, 4, 0x746c733a, 4, 0x2a030405, 4, 0x01020304);
	expect_call(
		fixture, DECODE_HEADER | DECODE_BODY,
		"rgss2_bind_chan_verf_args{!O rbcva_chan_bind_prefix=x746c733a!O "
		"rbcva_chan_bind_oid_hash=x2a030405!O rbcva_chan_mic=x01020304!O } } } } } } "
		"arguments{ }",
		NULL);
	fixture->size = 0;
	PUT(fixture, 1, REPLY, MSG_ACCEPTED, RPCSEC_GSS, 20, 1, 1, 0, 4, 1, SUCCESS);
	parse(fixture, fixture->size, fixture->size);
	answer_gss(fixture, 0, GSS_BIND_CHANNEL, GSS_NONE);
	expect(fixture, DECODE_HEADER | DECODE_BODY,
	       "rgss2_bind_chan_verf_res{!O rbcvr_res<!O rbcr_stat=e1!O "
	       "rbcr_pref_list[!O count=#1!O =x!O } } rbcvr_mic=x00000001!O }",
	       NULL);
}

static void
test_create_and_list(void **state)
{
	struct fixture *fixture = *state;

	begin_secured(fixture, 0, RPCSEC_GSS, 24);
	PUT(fixture, 3, GSS_CREATE, 7, GSS_INTEGRITY, 4, 0xaabbccdd, 0, 0);
	PUT(fixture, 32, 7, 0, 0, 1, 0, 5, 6, 0, 0);
	expect_call(fixture, DECODE_BODY,
		    "arguments{!O rca_mp_auth?!O follows=?0!O } rca_chan_bind_mic?!O "
		    "follows=?0!O } rca_assertions[!O count=#1!O <!O atype=e0!O rau_label{!O "
		    "rl_lfs{!O rlf_lfs_id=u5!O rlf_pi_id=u6!O } rl_label=x!O } } } } }",
		    NULL);
	begin_gss_reply(fixture);
	PUT(fixture, 4, 0x01020304, 0, 0, 0);
	expect_reply(fixture, GSS_CREATE, GSS_NONE, "results{ rcr_handle=x01020304", NULL);
	begin_gss_reply(fixture);
	PUT(fixture, 4, 0x01020304);
	expect_reply(fixture, GSS_LIST, GSS_PRIVACY, "results{ databody_priv=x01020304", NULL);
	begin_gss_reply(fixture);
	PUT(fixture, 1, 1, 1, 2, 0x61620000, 0);
	expect_reply(fixture, GSS_LIST, GSS_NONE,
		     "results{ rlr_items[ count=#1 < itype=e1 rli_privs[ count=#1 { "
		     "rp_name=sab rp_privilege=x }",
		     NULL);
}

/* -- names -- */

static void
test_major_names(void **state)
{
	(void)state;
	assert_string_equal(security_major_name(0), "GSS_S_COMPLETE");
	assert_string_equal(security_major_name(1), "GSS_S_CONTINUE_NEEDED");
	assert_string_equal(security_major_name(16), "GSS_S_GAP_TOKEN");
	assert_null(security_major_name(3));
	assert_null(security_major_name(17));
	assert_string_equal(security_major_name(1 << 16), "GSS_S_BAD_MECH");
	assert_string_equal(security_major_name(7 << 16), "GSS_S_NO_CRED");
	assert_string_equal(security_major_name(13 << 16), "GSS_S_FAILURE");
	assert_string_equal(security_major_name(18 << 16), "GSS_S_NAME_NOT_MN");
	assert_null(security_major_name(19 << 16));
	assert_null(security_major_name(13 << 16 | 1));
	assert_string_equal(security_major_name(3U << 24), "GSS_S_CALL_BAD_STRUCTURE");
	assert_null(security_major_name(4U << 24));
	assert_null(security_major_name(UINT32_MAX));
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_short),
		TEST(test_dh),
		TEST(test_dh_broken),
		TEST(test_tls_probe),
		TEST(test_gss_credential),
		TEST(test_gss_credential_broken),
		TEST(test_context),
		TEST(test_destroy),
		TEST(test_plain),
		TEST(test_integrity),
		TEST(test_sequence_numbers),
		TEST(test_integrity_broken),
		TEST(test_integrity_cut),
		TEST(test_privacy),
		TEST(test_failures_are_plain),
		TEST(test_inner_call_in_envelope),
		TEST(test_bind_channel),
		TEST(test_create_and_list),
		cmocka_unit_test(test_major_names),
	};

	return cmocka_run_group_tests_name("security", tests, NULL, NULL);
}
