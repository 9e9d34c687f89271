/*
 * sentences_security: sentences about what came of security: a flavor that was denied,
 * a context of RPCSEC_GSS, TLS.
 */
#include "told.h"

static void
put_flavor(struct told *told)
{
	const char *flavor = message_flavor_name(told->call->flavor);
	if (flavor != NULL)
		told_put(told, flavor);
	else
		text_format(told->text, "flavor %u", told->call->flavor);
}

void
tell_denied(struct told *told)
{
	const struct call *call = told->call;
	told_service(told);
	told_put(told, " rejected ");
	told_call(told);
	told_put(told, " with ");
	put_flavor(told);
	told_put(told, " from ");
	told_client(told);
	if (call->status == STATUS_AUTH_ERROR) {
		const char *name = message_auth_stat_name(call->more->auth_stat);
		text_format(told->text, ": MSG_DENIED, AUTH_ERROR, %s (%u)",
			    name != NULL ? name : "auth_stat", call->more->auth_stat);
	} else {
		told_put(told, ": MSG_DENIED");
	}
	told_frames(told);
}

void
tell_flavors(struct told *told)
{
	const struct call *call = told->call;
	told_server(told);
	told_put(told, " allows ");
	if (call->path_length != 0)
		say_path(told->text, told->judge->facts, call);
	told_put(told, " with");
	for (unsigned i = 0; i < call->flavor_count; i++) {
		const char *name = message_flavor_name(call->more->flavors[i]);
		told_put(told, i == 0 ? " " : ", ");
		if (name != NULL)
			told_put(told, name);
		else
			text_format(told->text, "flavor %u", call->more->flavors[i]);
	}
	told_put(told, " only; ");
	told_client(told);
	told_put(told, " went no further, as one does whose sec= is not among them");
	told_frames(told);
}

void
tell_gss(struct told *told)
{
	const struct call *call = told->call;
	told_client(told);
	told_put(told, " asked ");
	told_service(told);
	told_put(told, " for an RPCSEC_GSS context: ");
	if (call->replies == 0) {
		const struct contact_end *server = &told->contact->end[1];
		told_put(told, server->fin_frame != 0   ? "the server closed the connection, "
			       : server->rst_frame != 0 ? "the server reset the connection, "
							: "");
		told_put(told, "no reply came");
		told_frame(told, server->fin_frame);
		told_frame(told, server->rst_frame);
	} else if (call->status == STATUS_AUTH_ERROR) {
		const char *name = message_auth_stat_name(call->more->auth_stat);
		text_format(told->text, "refused with %s (%u)",
			    name != NULL ? name : "auth_stat", call->more->auth_stat);
	} else {
		const char *name = security_major_name(call->more->gss_major);
		text_format(told->text, "gss_major 0x%08x", call->more->gss_major);
		if (name != NULL)
			text_format(told->text, " (%s)", name);
	}
	told_frames(told);
}

void
tell_tls(struct told *told)
{
	told_client(told);
	told_put(told, " asked ");
	told_service(told);
	told_put(told, " for TLS, the answer was no STARTTLS");
	told_frames(told);
	told_frame(told, told->contact->end[1].fin_frame);
}

/* RFC 8446 section 6.2 */
static const char *
alert_name(unsigned alert)
{
	static const char *const names[] = {
		[10] = "unexpected_message",
		[20] = "bad_record_mac",
		[40] = "handshake_failure",
		[42] = "bad_certificate",
		[43] = "unsupported_certificate",
		[44] = "certificate_revoked",
		[45] = "certificate_expired",
		[46] = "certificate_unknown",
		[47] = "illegal_parameter",
		[48] = "unknown_ca",
		[49] = "access_denied",
		[50] = "decode_error",
		[51] = "decrypt_error",
		[70] = "protocol_version",
		[71] = "insufficient_security",
		[80] = "internal_error",
		[112] = "unrecognized_name",
		[116] = "certificate_required",
		[120] = "no_application_protocol",
	};
	return alert < sizeof names / sizeof names[0] ? names[alert] : NULL;
}

void
tell_handshake(struct told *told)
{
	const struct contact *contact = told->contact;
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	bool by_client = client->fin_frame != 0 &&
			 (server->fin_frame == 0 || client->fin_frame < server->fin_frame);
	told_service(told);
	told_put(told, " agreed to TLS with ");
	told_client(told);
	if (contact->tls_alert != 0) {
		const char *name = alert_name(contact->tls_alert - 1U);
		text_format(told->text, ", then the %s ended the handshake with alert %u",
			    contact->tls_alert_end == 0 ? "client" : "server",
			    contact->tls_alert - 1U);
		if (name != NULL)
			text_format(told->text, " (%s)", name);
	} else {
		text_format(told->text,
			    ", then the %s closed the connection before the handshake was "
			    "through",
			    by_client ? "client" : "server");
	}
	told_frames(told);
	told_frame(told, contact->tls_alert_frame);
	told_frame(told, by_client ? client->fin_frame : server->fin_frame);
	told_frame(told, server->rst_frame);
}
