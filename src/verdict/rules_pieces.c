/*
 * rules_pieces: datagrams that never came together, where a call was repeated or waited
 * for in vain: what only the capture lost is no fault.
 */
#include "judge.h"

enum { SEARCHED = 64 };

static bool
is_torn(const struct judge *judge, const struct pieces *pieces)
{
	return !facts_are_whole(pieces) && judge->facts->last - pieces->last_time > TORN;
}

/* Had it to be sent again, or was it the last and waited for? A client that goes on at once has
 * its answer: the capture only lost a piece of it. */
static bool
is_in_vain(const struct judge *judge, const struct call *call)
{
	int64_t until = call->next == NO_CALL ? judge->facts->last
					      : judge->facts->calls[call->next].time;
	return call->sends > 1 || (call->replies == 0 && until - call->time >= PATIENCE);
}

/* A call between these hosts that went unanswered, or had to be sent again. */
static const struct call *
call_about(const struct judge *judge, const struct pieces *pieces)
{
	const struct facts *facts = judge->facts;
	for (size_t i = 0; i < facts->call_count; i++) {
		const struct call *call = &facts->calls[i];
		if (call->frame == 0)
			continue;
		const struct contact *contact = facts->contacts[call->contact];
		if (contact->transport != TRANSPORT_UDP || !is_in_vain(judge, call) ||
		    call->time > pieces->last_time + NEARBY)
			continue;
		if ((address_equal(&contact->client.address, &pieces->destination) &&
		     address_equal(&contact->server.address, &pieces->source)) ||
		    (address_equal(&contact->client.address, &pieces->source) &&
		     address_equal(&contact->server.address, &pieces->destination)))
			return call;
	}
	return NULL;
}

void
rules_pieces(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	const struct pieces *first = NULL;
	const struct call *call = NULL;
	uint32_t count = 0;
	struct finding *finding = NULL;
	for (size_t i = 0; i < facts->piece_count; i++) {
		if (!is_torn(judge, &facts->pieces[i]))
			continue;
		count++;
		if (count > SEARCHED || call != NULL)
			continue;
		first = &facts->pieces[i];
		call = call_about(judge, first);
	}
	if (first == NULL || call == NULL)
		return;
	const struct contact *contact = facts->contacts[call->contact];
	finding = verdict_explain(judge, FINDING_UDP_FRAGMENT_LOST, &contact->client.address,
				  &contact->server.address, first->time, first->last_time);
	if (finding == NULL)
		return;
	struct text *text = &finding->sentence;
	text_format(text, "%u datagram%s from ", count, count == 1 ? "" : "s");
	say_host(text, judge, &first->source);
	text_string_put(text, " to ");
	say_host(text, judge, &first->destination);
	text_string_put(text, " never came together: a fragment is missing each time");
	for (size_t i = 0; i < facts->piece_count; i++) {
		if (!is_torn(judge, &facts->pieces[i]))
			continue;
		finding_frame(finding, facts->pieces[i].frame);
		finding_frame(finding, facts->pieces[i].last_frame);
	}
}
