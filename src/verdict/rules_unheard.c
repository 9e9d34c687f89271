/*
 * rules_unheard: answers that are in the capture and do not reach the client: it
 * repeats what was answered, over UDP the call, over TCP octets that were acknowledged.
 */
#include "judge.h"

static bool
find_unheard(struct judge *judge, const struct pair *pair)
{
	enum { AFTER = 2 };
	const struct facts *facts = judge->facts;
	uint32_t after = 0;
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		if (contact->transport != TRANSPORT_UDP)
			continue;
		for (uint32_t at = contact->first_call; at != NO_CALL;
		     at = facts->calls[at].next) {
			const struct call *call = &facts->calls[at];
			if (call->elsewhere || call->indirect || call->reply_bad)
				continue;
			after += call->sends_after;
			if (call->sends_after == 0 || after < AFTER)
				continue;
			struct finding *finding = verdict_explain(
				judge, FINDING_REPLIES_NOT_RECEIVED, &pair->client,
				&pair->server, call->time, call->last_time);
			if (finding == NULL)
				return true;
			say_host(&finding->sentence, judge, &pair->server);
			text_format(&finding->sentence, " answered %u times, but ",
				    call->replies);
			say_host(&finding->sentence, judge, &pair->client);
			text_format(
				&finding->sentence,
				" sent the call %u times: the replies are dropped behind the "
				"place of capture",
				call->sends);
			finding->confidence = LIKELY;
			for (unsigned s = 0; s < CALL_SENDS && s < call->sends; s++)
				finding_frame(finding, call_sent_frame(call, s));
			finding_frame(finding, call->reply_frame);
			return true;
		}
	}
	return false;
}

/* Both ends send the same again and again: the server has, and says so, what the client does
 * not know that it has. */
static void
find_deaf(struct judge *judge, const struct pair *pair)
{
	enum { TIMES = 3 };
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
		if (contact->transport != TRANSPORT_TCP || client->vain < TIMES ||
		    server->stuck_count < TIMES ||
		    server->stuck_last_time - server->stuck_time < NEARBY ||
		    client->last_retransmit_time < server->stuck_time)
			continue;
		struct finding *finding =
			verdict_explain(judge, FINDING_REPLIES_NOT_RECEIVED, &pair->client,
					&pair->server, server->stuck_time, contact->last);
		if (finding == NULL)
			return;
		struct text *text = &finding->sentence;
		say_service(text, judge, contact);
		text_format(text, " acknowledged and answered, %u times, but ",
			    server->stuck_count + 1);
		say_host(text, judge, &pair->client);
		text_format(text,
			    " went on sending what was acknowledged (%u times): what the "
			    "server sends is dropped behind the place of capture",
			    client->vain);
		finding->confidence = LIKELY;
		finding_frame(finding, server->data_frame);
		finding_frame(finding, client->retransmit_frame);
		finding_frame(finding, server->stuck_last_frame);
		finding_frame(finding, client->last_retransmit_frame);
		return;
	}
}

void
rules_unheard(struct judge *judge, const struct pair *pair)
{
	if (!find_unheard(judge, pair))
		find_deaf(judge, pair);
}
