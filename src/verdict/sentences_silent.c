/*
 * sentences_silent: sentences about what did not come: calls and SYNs that nobody
 * answered, refused, closed or answered with something else.
 */
#include "told.h"

void
tell_silent(struct told *told)
{
	const struct contact_end *client = &told->contact->end[0];
	told_service(told);
	told_put(told, " never answered ");
	told_client(told);
	if (told->contact->transport == TRANSPORT_TCP && told->contact->end[1].syns == 0) {
		text_format(told->text, ": %u SYN%s in ", client->syns,
			    client->syns == 1 ? "" : "s");
		say_time(told->text, client->last_syn_time - client->syn_time);
		told_put(told, ", nothing came back");
		told_frame(told, client->syn_frame);
		told_frame(told, client->last_syn_frame);
	} else if (told->contact->transport == TRANSPORT_TCP &&
		   told->contact->end[1].syns != 0 && !client->has_acked) {
		told_put(told, " behind the SYN+ACK: what was sent was not even acknowledged");
		told_frame(told, told->contact->end[1].syn_frame);
		told_frame(told, client->last_retransmit_frame);
	} else if (told->call != NULL) {
		text_format(told->text, ": the call was sent %u time%s in ", told->call->sends,
			    told->call->sends == 1 ? "" : "s");
		say_time(told->text, told->call->last_time - told->call->time);
		told_put(told, ", nothing came back");
		if (services_beside(told->trial->pair, told->contact->server.port))
			told_put(told,
				 ", though other ports of it answer: a filter drops that "
				 "port, or the daemon hangs, which look the same over UDP");
	}
	told_frames(told);
}

void
tell_refused(struct told *told)
{
	const struct contact *contact = told->contact;
	told_service(told);
	if (contact->icmps != 0) {
		text_format(told->text, " is refused: ICMP %s from ",
			    icmp_name(&contact->icmp));
		say_host(told->text, told->judge, &contact->icmp.reporter);
	} else {
		told_put(told, " answered the SYN of ");
		told_client(told);
		told_put(told, " with RST: nothing listens there");
	}
	told_frame(told, contact->end[0].syn_frame);
	told_frames(told);
	told_frame(told, contact->end[1].rst_frame);
	told_frame(told, contact->icmp_frame);
}

void
tell_filtered(struct told *told)
{
	told_put(told, "a packet filter at ");
	say_host(told->text, told->judge, &told->contact->icmp.reporter);
	told_put(told, " turns away what goes to ");
	told_service(told);
	text_format(told->text, ": ICMP %s", icmp_name(&told->contact->icmp));
	told_frame(told, told->contact->end[0].syn_frame);
	told_frames(told);
	told_frame(told, told->contact->icmp_frame);
	told_frame(told, told->contact->last_icmp_frame);
}

void
tell_unreachable(struct told *told)
{
	say_host(told->text, told->judge, &told->contact->icmp.reporter);
	told_put(told, " says that ");
	told_server(told);
	text_format(told->text, " cannot be reached: ICMP %s", icmp_name(&told->contact->icmp));
	told_frame(told, told->contact->end[0].syn_frame);
	told_frames(told);
	told_frame(told, told->contact->icmp_frame);
	told_frame(told, told->contact->last_icmp_frame);
}

void
tell_hung(struct told *told)
{
	told_service(told);
	told_put(told, told->contact->transport == TRANSPORT_TCP ? " accepts connections"
								 : " had answered before");
	told_put(told, ", but ");
	told_call(told);
	told_put(told, " got no reply in ");
	say_time(told->text,
		 (told->contact->last > told->call->time ? told->contact->last
							 : told->judge->facts->last) -
			 told->call->time);
	told_frame(told, told->contact->end[1].syn_frame);
	told_frames(told);
	told_frame(told, told->contact->end[0].fin_frame);
}

void
tell_closed(struct told *told)
{
	const struct contact_end *server = &told->contact->end[1];
	told_service(told);
	told_put(told, server->fin_frame != 0 ? " closed the connection of "
					      : " reset the connection of ");
	told_client(told);
	told_put(told,
		 told->call != NULL ? " instead of answering" : " as soon as it was made");
	told_frame(told, server->syn_frame);
	told_frames(told);
	told_frame(told, server->fin_frame != 0 ? server->fin_frame : server->rst_frame);
}

void
tell_dropped(struct told *told)
{
	const struct contact_end *client = &told->contact->end[0],
				 *server = &told->contact->end[1];
	told_service(told);
	told_put(told, " answered, but ");
	told_client(told);
	text_format(told->text,
		    " goes on asking (%u SYNs, %u SYN+ACKs, no ACK): the answers are dropped "
		    "behind the place of capture",
		    client->syns, server->syns);
	told_frame(told, client->syn_frame);
	told_frame(told, server->syn_frame);
	told_frame(told, client->last_syn_frame);
	told_frame(told, server->last_syn_frame);
}

void
tell_not_rpc(struct told *told)
{
	told_put(told, "what answers at ");
	told_service(told);
	told_put(told, " does not speak RPC");
	told_frames(told);
	told_frame(told, told->contact->end[1].foreign_frame);
}

void
tell_mismatch(struct told *told)
{
	told_service(told);
	text_format(told->text,
		    " answered with another xid than the call's (0x%08x): %llu replies belong "
		    "to no call",
		    told->call != NULL ? told->call->xid : 0,
		    (unsigned long long)told->contact->unmatched);
	told_frames(told);
	told_frame(told, told->contact->unmatched_frame);
}

void
tell_incomplete(struct told *told)
{
	told_put(told, "the reply of ");
	told_service(told);
	told_put(told, " stops in the middle of its record");
	told_frames(told);
	told_frame(told, told->contact->end[1].data_frame);
	told_frame(told, told->contact->end[1].fin_frame);
}

void
tell_reuse(struct told *told)
{
	tell_port_reuse(told->judge, told->contact, told->finding);
}
