/*
 * sentences: one concrete sentence and the frames that prove it, by a table: which
 * finding is told by which function. What a kind of finding means in general stands
 * in the table of findings, not here.
 */
#include "numbers.h"
#include "told.h"

void
told_put(struct told *told, const char *string)
{
	text_string_put(told->text, string);
}

void
told_client(struct told *told)
{
	say_host(told->text, told->judge, &told->contact->client.address);
}

void
told_server(struct told *told)
{
	say_host(told->text, told->judge, &told->contact->server.address);
}

void
told_service(struct told *told)
{
	say_service(told->text, told->judge, told->contact);
}

void
told_frame(struct told *told, uint64_t frame)
{
	finding_frame(told->finding, frame);
}

void
told_frames(struct told *told)
{
	if (told->call == NULL)
		return;
	for (unsigned i = 0; i < CALL_SENDS && i < told->call->sends; i++)
		told_frame(told, call_sent_frame(told->call, i));
	told_frame(told, told->call->reply_frame);
}

void
told_call(struct told *told)
{
	const struct call *call = told->call;
	const char *procedure = names_procedure(told->judge->names, call->program,
						call->version, call->procedure);
	if (call->program == PROGRAM_NFS && call->version == 4 && call->op_count != 0) {
		unsigned at = call->op_count > 1 && call->ops[0] == OP_SEQUENCE ? 1 : 0;
		procedure =
			say_operation(call->failed_op != 0 ? call->failed_op : call->ops[at]);
	}
	if (procedure != NULL)
		told_put(told, procedure);
	else
		text_format(told->text, "procedure %u", call->procedure);
	told_put(told, " of ");
	say_program(told->text, told->judge->names, call->program);
	text_format(told->text, " v%u", call->version);
	if (call->program == PROGRAM_NFS && call->version == 4)
		text_format(told->text, ".%u", call->minor);
}

static teller *const tellers[FINDINGS] = {
	[FINDING_PORTMAP_NO_ANSWER] = tell_silent,
	[FINDING_PORTMAP_REFUSED] = tell_refused,
	[FINDING_PORTMAP_FILTERED] = tell_filtered,
	[FINDING_PORTMAP_HUNG] = tell_hung,
	[FINDING_PORTMAP_AUTH_REJECTED] = tell_denied,
	[FINDING_PORTMAP_VERSION_FALLBACK] = tell_fallback,
	[FINDING_NOT_REGISTERED] = tell_unregistered,
	[FINDING_REPLY_FROM_OTHER_ADDRESS] = tell_elsewhere,
	[FINDING_PORTMAP_BAD_ANSWER] = tell_bad_answer,
	[FINDING_SERVICE_NO_ANSWER] = tell_silent,
	[FINDING_SERVICE_REFUSED] = tell_refused,
	[FINDING_SERVICE_FILTERED] = tell_filtered,
	[FINDING_SERVICE_HUNG] = tell_hung,
	[FINDING_PROGRAM_UNAVAILABLE] = tell_status,
	[FINDING_VERSION_MISMATCH] = tell_status,
	[FINDING_PROCEDURE_UNAVAILABLE] = tell_status,
	[FINDING_GARBAGE_ARGS] = tell_status,
	[FINDING_SYSTEM_ERROR] = tell_status,
	[FINDING_AUTH_REJECTED] = tell_denied,
	[FINDING_MOUNT_ACCESS_DENIED] = tell_denied_access,
	[FINDING_NFS_ERROR] = tell_refusal,
	[FINDING_MOUNT_INSECURE_PORT] = tell_insecure,
	[FINDING_MOUNT_NOT_A_DIRECTORY] = tell_file,
	[FINDING_MOUNT_FLAVOR_MISMATCH] = tell_flavors,
	[FINDING_MOUNT_SLOW] = tell_slow,
	[FINDING_NFS4_MINOR_VERSION] = tell_minor,
	[FINDING_NFS_VERSION_FALLBACK] = tell_fallback,
	[FINDING_LOCK_SERVICE_UNREACHABLE] = tell_helper,
	[FINDING_GSS_FAILED] = tell_gss,
	[FINDING_TLS_REFUSED] = tell_tls,
	[FINDING_TLS_FAILED] = tell_handshake,
	[FINDING_TCP_PORT_REUSE] = tell_reuse,
	[FINDING_HOST_UNREACHABLE] = tell_unreachable,
	[FINDING_SERVICE_CLOSED] = tell_closed,
	[FINDING_NOT_RPC] = tell_not_rpc,
	[FINDING_REPLY_MISMATCH] = tell_mismatch,
	[FINDING_REPLY_INCOMPLETE] = tell_incomplete,
	[FINDING_REPLIES_NOT_RECEIVED] = tell_dropped,
	[FINDING_INDIRECT_UNANSWERED] = tell_indirect,
	[FINDING_NO_EVIDENCE] = tell_nothing,
};

void
fault_tell(const struct trial *trial, const struct fault *fault, struct finding *finding)
{
	struct told told = {
		.judge = trial->judge,
		.trial = trial,
		.fault = fault,
		.event = fault->event,
		.contact = fault->event->contact,
		.call = fault->event->call,
		.finding = finding,
		.text = &finding->sentence,
	};
	teller *tell = tellers[finding->id] != NULL ? tellers[finding->id] : tell_result;
	if (told.call == NULL && tell == tell_result)
		tell = tell_silent;
	tell(&told);
}
