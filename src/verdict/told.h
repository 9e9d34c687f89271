/*
 * told: what a sentence is made from; private to the files sentences*.c.
 */
#ifndef RPCSCOPE_TOLD_H
#define RPCSCOPE_TOLD_H

#include "judge.h"

struct told {
	const struct judge *judge;
	const struct trial *trial;
	const struct fault *fault;
	const struct event *event;
	const struct contact *contact;
	const struct call *call; /* may be NULL */
	struct finding *finding;
	struct text *text;
};

typedef void teller(struct told *told);

/* The pieces: sentences.c */
void told_put(struct told *told, const char *string);
void told_client(struct told *told);
void told_server(struct told *told);
void told_service(struct told *told);
void told_frame(struct told *told, uint64_t frame);
/* The sendings of the call, and its reply. */
void told_frames(struct told *told);
/* "MNT of mountd v3" */
void told_call(struct told *told);

/* What did not come: sentences_silent.c */
teller tell_silent, tell_refused, tell_filtered, tell_unreachable, tell_hung, tell_closed,
	tell_dropped, tell_not_rpc, tell_mismatch, tell_incomplete, tell_reuse;
/* What was said: sentences_said.c */
teller tell_unregistered, tell_bad_answer, tell_elsewhere, tell_status, tell_result,
	tell_denied_access, tell_refusal, tell_insecure, tell_file, tell_slow, tell_minor,
	tell_fallback, tell_indirect, tell_helper, tell_nothing;
/* What came of security: sentences_security.c */
teller tell_denied, tell_flavors, tell_gss, tell_tls, tell_handshake;

#endif
