/*
 * sentences_said: sentences about what an answer said: a status of RPC, of the
 * portmapper, of mountd or NFS.
 */
#include "told.h"

void
tell_unregistered(struct told *told)
{
	const struct call *call = told->call;
	told_put(told, "the portmapper of ");
	told_server(told);
	told_put(told, " has no ");
	say_program(told->text, told->judge->names, call->asked);
	if (names_program(told->judge->names, call->asked) != NULL)
		text_format(told->text, " (%u)", call->asked);
	if (call->asked_version != 0)
		text_format(told->text, " version %u", call->asked_version);
	if (call->asked_transport != 0)
		text_format(told->text, " over %s",
			    say_transport((enum transport)call->asked_transport));
	told_put(told, call->version == 2 ? ": it answered port 0"
					  : ": it answered with an empty address");
	told_frames(told);
}

void
tell_bad_answer(struct told *told)
{
	const struct call *call = told->call;
	told_client(told);
	told_put(told, " asked the portmapper of ");
	told_server(told);
	told_put(told, " for ");
	say_program(told->text, told->judge->names, call->asked);
	text_format(told->text, " version %u: ", call->asked_version);
	told_put(told, call->version == 2 ? "it answered a number that is no port (over 65535)"
					  : "it answered what is no address with a port");
	told_frames(told);
}

void
tell_elsewhere(struct told *told)
{
	told_client(told);
	told_put(told, " asked ");
	told_server(told);
	told_put(told, " over UDP, the reply came from ");
	say_host(told->text, told->judge, &told->call->more->answerer);
	told_put(told, ", which a connected socket drops");
	told_frames(told);
}

void
tell_status(struct told *told)
{
	const struct call *call = told->call;
	told_service(told);
	switch ((enum message_status)call->status) {
	case STATUS_PROG_UNAVAIL:
		text_format(told->text, " does not have program %u: PROG_UNAVAIL to ",
			    call->program);
		break;
	case STATUS_PROG_MISMATCH:
		text_format(told->text, " has versions %u to %u only: PROG_MISMATCH to ",
			    call->more->low, call->more->high);
		break;
	case STATUS_PROC_UNAVAIL:
		told_put(told, " does not have that procedure: PROC_UNAVAIL to ");
		break;
	case STATUS_GARBAGE_ARGS:
		told_put(told, " could not read the arguments: GARBAGE_ARGS to ");
		break;
	case STATUS_SYSTEM_ERR:
		told_put(told, " had an error of its own: SYSTEM_ERR to ");
		break;
	default:
		told_put(told, " answered wrongly to ");
		break;
	}
	told_call(told);
	told_frames(told);
}

static void
put_result(struct told *told)
{
	const struct call *call = told->call;
	if (call->result_name != NULL)
		text_format(told->text, "%s (%u)", call->result_name, call->result);
	else
		text_format(told->text, "status %u", call->result);
}

/* "192.168.56.10 answered MNT of mountd v3 for "/srv" from 192.168.56.21 port 985 with ..." */
void
tell_result(struct told *told)
{
	const struct call *call = told->call;
	told_server(told);
	told_put(told, " answered ");
	told_call(told);
	if (call->path_length != 0) {
		told_put(told, " for ");
		say_path(told->text, told->judge->facts, call);
	}
	told_put(told, " from ");
	told_client(told);
	text_format(told->text, " port %u with ", call->source_port);
	put_result(told);
	told_frames(told);
}

void
tell_denied_access(struct told *told)
{
	tell_result(told);
	told_put(told, ": not exported to this client, or no such export");
}

void
tell_refusal(struct told *told)
{
	if (told->call->result != 0 || !told->call->barred) {
		tell_result(told);
		return;
	}
	told_server(told);
	told_put(told, " does not let ");
	told_client(told);
	told_put(told, " look up names in ");
	if (told->trial->attempt->path.length != 0)
		text_format(told->text, "\"%s\"", text_string(&told->trial->attempt->path));
	else
		told_put(told, "a directory");
	told_put(told, ", on the way to the path: ACCESS was answered without that right, and "
		       "the client gave up");
	told_frames(told);
}

void
tell_insecure(struct told *told)
{
	tell_result(told);
	told_put(told, ": the port is not below 1024");
}

void
tell_file(struct told *told)
{
	if (told->call != NULL && told->call->result != 0) {
		tell_result(told);
		return;
	}
	told_put(told, "the path ");
	if (told->trial->attempt->path.length != 0)
		text_format(told->text, "\"%s\" ", text_string(&told->trial->attempt->path));
	told_put(told, "on ");
	told_server(told);
	told_put(told, " is no directory: its attributes say that it is a regular file");
	told_frames(told);
}

void
tell_slow(struct told *told)
{
	const struct call *call = told->call;
	told_put(told, "mountd of ");
	told_server(told);
	if (call->replies != 0) {
		told_put(told, " answered only after ");
		say_time(told->text, call->reply_time - call->time);
		text_format(told->text, " and %u sending%s", call->sends,
			    call->sends == 1 ? "" : "s");
	} else {
		told_put(told, " left calls unanswered before the mount worked");
	}
	told_frames(told);
}

void
tell_minor(struct told *told)
{
	told_server(told);
	text_format(told->text, " does not do NFS 4.%u: ", told->call->minor);
	put_result(told);
	told_put(told, " to ");
	told_call(told);
	told_frames(told);
}

void
tell_fallback(struct told *told)
{
	told_put(told,
		 told->trial->mounted != NULL
			 ? "a newer version was refused, an older one worked: "
			 : "a newer version was refused, the client went on with an older "
			   "one: ");
	if (told->call->status == STATUS_AUTH_ERROR ||
	    told->call->status == STATUS_RPC_MISMATCH)
		tell_denied(told);
	else if (told->call->status != STATUS_SUCCESS)
		tell_status(told);
	else
		tell_result(told);
}

void
tell_indirect(struct told *told)
{
	told_put(told, "the portmapper at ");
	told_server(told);
	told_put(told, " did not answer an indirect call for ");
	say_program(told->text, told->judge->names, told->call->asked);
	text_format(told->text, " from ");
	told_client(told);
	told_frames(told);
}

void
tell_helper(struct told *told)
{
	told_put(told, "locks of ");
	told_client(told);
	told_put(told, " cannot work: ");
	if (told->call != NULL && told->call->replies != 0 && told->event->deed == DEED_ASK)
		tell_unregistered(told);
	else if (told->call != NULL && told->call->replies != 0)
		tell_status(told);
	else if (told->contact->icmps != 0 || told->contact->end[1].rst_frame != 0)
		tell_refused(told);
	else if (told->call != NULL && told->contact->end[0].has_acked)
		tell_hung(told);
	else
		tell_silent(told);
}

void
tell_nothing(struct told *told)
{
	told_put(told, "no packet says why: ");
	told_server(told);
	told_put(told, " answered everything, then ");
	told_client(told);
	told_put(
		told,
		told->trial->setup_done
			? " gave up without asking for the path: look at rpc.gssd, the keytab "
			  "and sec= on the client"
			: " asked no more: look at the mount options, rpc.statd and the kernel "
			  "log on the client");
	told_frames(told);
}
