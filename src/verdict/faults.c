/*
 * faults: what is wrong with one event, by tables: the RPC header's status first,
 * then the protocol's own. What is only a step on the way (a probe for the versions
 * that a server has) is no fault.
 */
#include "judge.h"
#include "numbers.h"

static bool
from_reserved_port(const struct event *event)
{
	return event->call->source_port < PORT_RESERVED;
}

static const struct {
	enum message_status status;
	enum finding_id portmapper, service;
} statuses[] = {
	{STATUS_PROG_UNAVAIL, FINDING_PROGRAM_UNAVAILABLE, FINDING_PROGRAM_UNAVAILABLE},
	{STATUS_PROG_MISMATCH, FINDING_VERSION_MISMATCH, FINDING_VERSION_MISMATCH},
	{STATUS_PROC_UNAVAIL, FINDING_PROCEDURE_UNAVAILABLE, FINDING_PROCEDURE_UNAVAILABLE},
	{STATUS_GARBAGE_ARGS, FINDING_GARBAGE_ARGS, FINDING_GARBAGE_ARGS},
	{STATUS_SYSTEM_ERR, FINDING_SYSTEM_ERROR, FINDING_SYSTEM_ERROR},
	{STATUS_RPC_MISMATCH, FINDING_PORTMAP_AUTH_REJECTED, FINDING_AUTH_REJECTED},
	{STATUS_AUTH_ERROR, FINDING_PORTMAP_AUTH_REJECTED, FINDING_AUTH_REJECTED},
};

static bool
fault_of_status(const struct event *event, struct fault *fault)
{
	const struct call *call = event->call;
	/* "rpcinfo" asks for a version that cannot be, to be told those that are. */
	if (call->status == STATUS_PROG_MISMATCH && call->procedure == 0 &&
	    (call->version == 0 || call->version > UINT16_MAX))
		return false;
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		if (statuses[i].status != call->status)
			continue;
		fault->id = call->program == PROGRAM_PORTMAPPER ? statuses[i].portmapper
								: statuses[i].service;
		fault->level = LEVEL_CALL;
		return true;
	}
	return false;
}

/* What mountd says (RFC 1813 section 5.2.1), or NFS 4 on the way from the root. */
static const struct {
	uint32_t result;
	enum finding_id mnt, walk;
} results[] = {
	{NFS4ERR_PERM, FINDING_MOUNT_ACCESS_DENIED, FINDING_MOUNT_ACCESS_DENIED},
	{NFS4ERR_NOENT, FINDING_MOUNT_NO_SUCH_PATH, FINDING_MOUNT_NO_SUCH_PATH},
	{NFS4ERR_ACCESS, FINDING_MOUNT_ACCESS_DENIED, FINDING_MOUNT_ACCESS_DENIED},
	{NFS4ERR_NOTDIR, FINDING_MOUNT_NOT_A_DIRECTORY, FINDING_MOUNT_NOT_A_DIRECTORY},
	{NFS4ERR_STALE, FINDING_MOUNT_SERVER_ERROR, FINDING_STALE_HANDLE},
	{NFS4ERR_BADHANDLE, FINDING_MOUNT_SERVER_ERROR, FINDING_STALE_HANDLE},
	{NFS4ERR_DELAY, FINDING_MOUNT_SERVER_ERROR, FINDING_SERVER_DELAYS},
	{NFS4ERR_GRACE, FINDING_MOUNT_SERVER_ERROR, FINDING_SERVER_IN_GRACE},
	{NFS4ERR_WRONGSEC, FINDING_MOUNT_SERVER_ERROR, FINDING_NFS4_WRONG_SECURITY},
	{NFS4ERR_CLID_INUSE, FINDING_MOUNT_SERVER_ERROR, FINDING_CLIENT_ID_IN_USE},
	{NFS4ERR_MINOR_VERS_MISMATCH, FINDING_MOUNT_SERVER_ERROR, FINDING_NFS4_MINOR_VERSION},
	{NFS4ERR_STALE_CLIENTID, FINDING_MOUNT_SERVER_ERROR, FINDING_CLIENT_ID_STALE},
	{NFS4ERR_SYMLINK, FINDING_MOUNT_NOT_A_DIRECTORY, FINDING_MOUNT_NOT_A_DIRECTORY},
	{NFS4ERR_BADSESSION, FINDING_MOUNT_SERVER_ERROR, FINDING_CLIENT_ID_STALE},
};

/* A referral, a question that old servers do not know: the client goes on another way. */
static bool
is_harmless(const struct event *event)
{
	switch (event->call->result) {
	case NFS4ERR_MOVED:
	case NFS4ERR_COMPLETE_ALREADY:
		return event->deed != DEED_MNT;
	case NFS4ERR_NOTSUPP:
	case NFS4ERR_OP_ILLEGAL:
		return event->deed == DEED_SETUP;
	default:
		return false;
	}
}

static bool
fault_of_result(const struct event *event, struct fault *fault)
{
	const struct call *call = event->call;
	if (is_harmless(event))
		return false;
	fault->level = LEVEL_RESULT;
	fault->id = FINDING_MOUNT_SERVER_ERROR;
	for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
		if (results[i].result == call->result)
			fault->id = event->deed == DEED_MNT ? results[i].mnt : results[i].walk;
	}
	if (fault->id == FINDING_MOUNT_ACCESS_DENIED && !from_reserved_port(event))
		fault->id = FINDING_MOUNT_INSECURE_PORT;
	return true;
}

/* A call of context creation (RFC 2203 section 5.2.2). */
static bool
makes_context(const struct call *call)
{
	return call->gss && (call->gss_proc == GSS_INIT || call->gss_proc == GSS_CONTINUE_INIT);
}

/* Both flights of a handshake and one record of data: who sends no more was not let in. */
static bool
fault_of_handshake(const struct event *event, struct fault *fault)
{
	enum { FLIGHTS = 3 };
	const struct contact *contact = event->contact;
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	bool closed = client->fin_frame != 0 || client->rst_frame != 0 ||
		      server->fin_frame != 0 || server->rst_frame != 0;
	fault->id = FINDING_TLS_FAILED;
	if (contact->tls_alert != 0)
		return true;
	fault->confidence = LIKELY;
	return closed && !contact_has_gap(contact, 0) && !contact_has_gap(contact, 1) &&
	       (contact->tls_records[1] == 0 || contact->tls_records[0] < FLIGHTS);
}

static bool
fault_of_security(const struct event *event, struct fault *fault)
{
	const struct call *call = event->call;
	bool answered = call->replies != 0;
	fault->level = LEVEL_RESULT;
	if (call->flavor == FLAVOR_TLS && answered && !call->starttls) {
		fault->id = FINDING_TLS_REFUSED;
		return true;
	}
	if (call->flavor == FLAVOR_TLS && answered && fault_of_handshake(event, fault))
		return true;
	/* CONTINUE_NEEDED is 1: RFC 2744 section 3.9.1; errors stand above bit 16 */
	bool failed = answered && makes_context(call) &&
		      (call->more->gss_major >> 16 != 0 || call->status == STATUS_AUTH_ERROR);
	bool refused = answered && call->gss && call->status == STATUS_AUTH_ERROR;
	fault->id = FINDING_GSS_FAILED;
	return failed || refused;
}

/* RFC 9289, RFC 2203: what goes unanswered while security is set up is that step's fault. */
static void
name_security(const struct event *event, struct fault *fault)
{
	if (event->call == NULL || fault->level != LEVEL_REACH)
		return;
	if (makes_context(event->call) &&
	    (fault->id == FINDING_SERVICE_CLOSED || fault->id == FINDING_SERVICE_HUNG)) {
		fault->id = FINDING_GSS_FAILED;
		fault->level = LEVEL_RESULT;
	}
	if (event->call->flavor == FLAVOR_TLS &&
	    (fault->id == FINDING_SERVICE_CLOSED || fault->id == FINDING_SERVICE_HUNG)) {
		fault->id = FINDING_TLS_REFUSED;
		fault->level = LEVEL_RESULT;
	}
}

/* An end has closed, or the server said no more for long: the capture did not end too early. */
static bool
stays_incomplete(const struct trial *trial, const struct event *event)
{
	const struct contact_end *client = &event->contact->end[0],
				 *server = &event->contact->end[1];
	return server->hole_count == 0 && !server->unseen && !event->contact->joined_midway &&
	       (client->fin_frame != 0 || client->rst_frame != 0 || server->fin_frame != 0 ||
		server->rst_frame != 0 || judge_outlasts(trial->judge, server->last_time));
}

/* Of a call that was done: what its answer says. */
static bool
fault_of_answer(const struct trial *trial, const struct event *event, struct fault *fault)
{
	const struct call *call = event->call;
	bool before_use = event->deed == DEED_ROOT || event->deed == DEED_WALK ||
			  event->deed == DEED_SETUP;
	if (event->deed == DEED_ASK && call->has_answer && call->answer == 0) {
		fault->id = FINDING_NOT_REGISTERED;
		fault->level = LEVEL_RESULT;
		return true;
	}
	if (event->deed == DEED_ASK && call->answer_bad) {
		fault->id = FINDING_PORTMAP_BAD_ANSWER;
		fault->level = LEVEL_RESULT;
		return true;
	}
	if (event_is_barred(trial, event)) {
		fault->id = FINDING_NFS_ERROR;
		fault->level = LEVEL_RESULT;
		fault->confidence = LIKELY;
		return true;
	}
	if (!call->has_result || call->result == 0)
		return false;
	if (event->deed == DEED_MNT || before_use)
		return fault_of_result(event, fault);
	/* The first calls with the handle that MNT gave: RFC 1813 3.3.1, 3.3.19. */
	if (event->deed == DEED_NFS && trial->mounted == NULL && trial->mnt != NULL &&
	    call_is_first_use(call) && fault_of_result(event, fault)) {
		if (fault->id == FINDING_MOUNT_NO_SUCH_PATH)
			fault->id = FINDING_NFS_ERROR;
		return true;
	}
	return false;
}

static bool
fault_of_reply(const struct trial *trial, const struct event *event, struct fault *fault)
{
	const struct call *call = event->call;
	if (call->reply_bad &&
	    trial->judge->facts->good_checksums > 4 * trial->judge->facts->bad_checksums)
		return false; /* its receiver dropped it */
	if (call->elsewhere && !call->indirect) {
		*fault = (struct fault){.id = FINDING_REPLY_FROM_OTHER_ADDRESS,
					.level = LEVEL_REACH,
					.event = event};
		return true;
	}
	if (call->incomplete && !call->cut && stays_incomplete(trial, event)) {
		*fault = (struct fault){
			.id = FINDING_REPLY_INCOMPLETE, .level = LEVEL_REACH, .event = event};
		return true;
	}
	if (fault_of_security(event, fault) || fault_of_status(event, fault))
		return true;
	return call->status == STATUS_SUCCESS && fault_of_answer(trial, event, fault);
}

/* CALLIT and its kin keep silent on errors (RFC 1833 sections 2.2.1, 3.2). */
static bool
fault_of_indirect(const struct trial *trial, const struct event *event, struct fault *fault)
{
	if (event->call->replies != 0 || trial->pair->one_sided)
		return false;
	if (judge_has_clock(trial->judge) && !judge_outlasts(trial->judge, event->call->time))
		return false;
	if (event->contact->icmps != 0 || event->contact->end[1].rst_frame != 0)
		return fault_of_contact(trial->judge, trial->pair, event, fault);
	fault->id = FINDING_INDIRECT_UNANSWERED;
	fault->level = LEVEL_CALL;
	return true;
}

bool
fault_of_event(const struct trial *trial, const struct event *event, struct fault *fault)
{
	const struct call *call = event->call;
	*fault = (struct fault){.event = event};
	if (call != NULL && call->call_bad)
		return false;
	if (call != NULL && event->deed == DEED_INDIRECT && call->replies == 0)
		return fault_of_indirect(trial, event, fault);
	if (call != NULL && call->replies != 0)
		return fault_of_reply(trial, event, fault);
	if (!fault_of_contact(trial->judge, trial->pair, event, fault))
		return false;
	name_security(event, fault);
	return true;
}
