/*
 * say: the pieces that sentences and steps are made of. What comes from the wire
 * goes through text_escape().
 */
#include "judge.h"

void
say_program(struct text *text, const struct names *names, uint32_t program)
{
	const char *name = names_program(names, program);
	if (name != NULL)
		text_string_put(text, name);
	else
		text_format(text, "program %u", program);
}

const char *
say_transport(enum transport transport)
{
	return transport == TRANSPORT_TCP ? "TCP" : "UDP";
}

void
say_host(struct text *text, const struct judge *judge, const struct address *address)
{
	names_host_text(judge->names, text, address);
}

void
say_service(struct text *text, const struct judge *judge, const struct contact *contact)
{
	uint32_t program = pairs_program(judge, contact);
	text_format(text, "%s port %u of ", say_transport(contact->transport),
		    contact->server.port);
	say_host(text, judge, &contact->server.address);
	if (program != 0) {
		text_string_put(text, " (");
		say_program(text, judge->names, program);
		text_char(text, ')');
	}
}

void
say_path(struct text *text, const struct facts *facts, const struct call *call)
{
	text_char(text, '"');
	text_escape(text, facts->octets + call->path, call->path_length);
	text_char(text, '"');
}

void
say_time(struct text *text, int64_t nanoseconds)
{
	if (nanoseconds >= SECOND)
		text_format(text, "%lld.%lld s", (long long)(nanoseconds / SECOND),
			    (long long)(nanoseconds % SECOND / (SECOND / 10)));
	else
		text_format(text, "%lld ms", (long long)(nanoseconds / (SECOND / 1000)));
}

/* RFC 7530 section 16, RFC 8881 section 18, RFC 7862: in order of number, from 3. */
static const char *const operations[] = {
	[3] = "ACCESS",
	[4] = "CLOSE",
	[5] = "COMMIT",
	[6] = "CREATE",
	[8] = "DELEGRETURN",
	[9] = "GETATTR",
	[10] = "GETFH",
	[11] = "LINK",
	[12] = "LOCK",
	[15] = "LOOKUP",
	[16] = "LOOKUPP",
	[18] = "OPEN",
	[22] = "PUTFH",
	[23] = "PUTPUBFH",
	[24] = "PUTROOTFH",
	[25] = "READ",
	[26] = "READDIR",
	[28] = "REMOVE",
	[29] = "RENAME",
	[30] = "RENEW",
	[33] = "SECINFO",
	[34] = "SETATTR",
	[35] = "SETCLIENTID",
	[36] = "SETCLIENTID_CONFIRM",
	[38] = "WRITE",
	[40] = "BACKCHANNEL_CTL",
	[41] = "BIND_CONN_TO_SESSION",
	[42] = "EXCHANGE_ID",
	[43] = "CREATE_SESSION",
	[44] = "DESTROY_SESSION",
	[45] = "FREE_STATEID",
	[50] = "LAYOUTGET",
	[52] = "SECINFO_NO_NAME",
	[53] = "SEQUENCE",
	[55] = "TEST_STATEID",
	[57] = "DESTROY_CLIENTID",
	[58] = "RECLAIM_COMPLETE",
};

const char *
say_operation(uint32_t op)
{
	const char *name =
		op < sizeof operations / sizeof operations[0] ? operations[op] : NULL;
	return name != NULL ? name : "operation";
}
