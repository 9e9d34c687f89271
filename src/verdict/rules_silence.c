/*
 * rules_silence: a server that stops answering in the middle of work, and calls that
 * are repeated for no other reason.
 */
#include "judge.h"

/* -- silence in the middle of work -- */

static bool
is_explained(const struct judge *judge, const struct pair *pair)
{
	static const enum finding_id causes[] = {
		FINDING_TCP_PORT_REUSE,    FINDING_PATH_MTU_BLACK_HOLE,
		FINDING_PACKET_LOSS,       FINDING_SLOW_PATH,
		FINDING_UDP_FRAGMENT_LOST, FINDING_REPLIES_NOT_RECEIVED,
		FINDING_TCP_HALF_OPEN,
	};
	const struct verdict *verdict = judge->verdict;
	const struct attempt *attempts = verdict->attempts + pair->attempt_from;
	for (size_t c = 0; c < sizeof causes / sizeof causes[0]; c++) {
		if (findings_have(&verdict->findings, causes[c]))
			return true;
		for (size_t i = 0; i < pair->attempt_count; i++) {
			if (findings_have(&attempts[i].findings, causes[c]))
				return true;
		}
	}
	return false;
}

/* Did the server speak again, be it on another connection? */
static bool
comes_back(const struct pair *pair, const struct lull *lull)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		if (pair->contacts[i]->last_reply_time > lull->to)
			return true;
	}
	return lull->ended;
}

/* The whole of a silence: on that connection, on later ones, and on the link. */
struct hush {
	int64_t to;
	uint64_t frame;
	uint32_t syns;
	const struct search *lost; /* nobody answers for the address any more */
};

static void
measure_search(struct hush *hush, const struct neighbour *neighbour, int64_t from)
{
	for (unsigned i = 0; i < SEARCHES; i++) {
		const struct search *search = &neighbour->searches[i];
		if (search->requests < ENOUGH_TRIES || search->last_time <= from)
			continue;
		hush->lost = search;
		if (search->last_time > hush->to)
			hush->to = search->last_time;
	}
}

static struct hush
measure_hush(const struct judge *judge, const struct pair *pair, const struct lull *lull)
{
	struct hush hush = {.to = lull->to, .frame = lull->to_frame};
	const struct facts *facts = judge->facts;
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact_end *client = &pair->contacts[i]->end[0],
					 *server = &pair->contacts[i]->end[1];
		if (client->syn_time <= lull->from || client->syns == 0 || server->packets != 0)
			continue;
		hush.syns += client->syns;
		if (client->last_syn_time > hush.to) {
			hush.to = client->last_syn_time;
			hush.frame = client->last_syn_frame;
		}
	}
	for (const struct neighbour *neighbour = facts_first_neighbour(facts);
	     neighbour != NULL; neighbour = facts_next_neighbour(neighbour)) {
		bool answered = false;
		for (uint32_t h = 0; h < neighbour->hardware_count; h++)
			answered |= neighbour->hardware_time[h] >= lull->from;
		if (!answered && address_equal(&neighbour->address, &pair->server))
			measure_search(&hush, neighbour, lull->from);
	}
	return hush;
}

static void
tell_silence(struct judge *judge, const struct pair *pair, const struct contact *contact,
	     const struct lull *lull, struct finding *finding)
{
	struct text *text = &finding->sentence;
	struct hush hush = {.to = lull->to, .frame = lull->to_frame};
	bool back = comes_back(pair, lull);
	if (!back)
		hush = measure_hush(judge, pair, lull);
	say_service(text, judge, contact);
	text_string_put(text, " stopped answering ");
	say_host(text, judge, &pair->client);
	text_string_put(text, " for ");
	say_time(text, hush.to - lull->from);
	text_format(text, " (%u packets", lull->sent);
	if (hush.syns != 0)
		text_format(text, ", then %u SYN%s,", hush.syns, hush.syns == 1 ? "" : "s");
	text_format(text, " in vain)%s",
		    back ? ", then came back" : " and did not come back in this capture");
	if (hush.lost != NULL)
		text_string_put(text, "; nobody answers for its address on the link either: "
				      "the host is gone, not only the service");
	finding_frame(finding, lull->from_frame);
	finding_frame(finding, lull->to_frame);
	finding_frame(finding, hush.frame);
	if (hush.lost != NULL)
		finding_frame(finding, hush.lost->last_frame);
	else if (path_may_be_narrow(judge, pair) && hush.syns == 0)
		finding->confidence = LIKELY; /* what goes unanswered is large */
}

static void
find_silence(struct judge *judge, struct pair *pair)
{
	enum { SENT = 3 };
	if (pair->one_sided || is_explained(judge, pair) ||
	    (pair->gaps && path_may_be_narrow(judge, pair)))
		return;
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		const struct lull *lull = &contact->lull;
		const struct lull *now = &contact->lull_now;
		if (now->sent != 0 && now->to - now->from > lull->to - lull->from)
			lull = now;
		uint32_t program = pairs_program(judge, contact);
		bool spoke = contact->replies != 0 ||
			     (judge->facts->snapped != 0 && contact->end[1].data_frame != 0);
		if (!spoke || program != PROGRAM_NFS || lull->sent < SENT ||
		    lull->to - lull->from < SILENCE || contact->end[1].data_frame == 0 ||
		    contact->end[1].data_time > lull->from ||
		    (!comes_back(pair, lull) && judge_is_near_bound(judge, lull->from)))
			continue;
		struct finding *finding =
			verdict_warn(judge, FINDING_SERVER_STOPPED_ANSWERING, &pair->client,
				     &pair->server, lull->from, lull->to);
		if (finding == NULL)
			return;
		tell_silence(judge, pair, contact, lull, finding);
		return;
	}
}

/* Connected and acknowledged, but calls get no reply any more. */
static void
find_unanswered(struct judge *judge, struct pair *pair)
{
	if (pair->one_sided || is_explained(judge, pair) || !pair_in_use(judge, pair) ||
	    (pair->gaps && path_may_be_narrow(judge, pair)))
		return;
	enum { SEVERAL = 3 }; /* answers in gaps */
	const struct call *first = NULL;
	uint32_t count = 0;
	for (size_t i = 0; i < pair->events.count; i++) {
		const struct event *event = &pair->events.at[i];
		const struct call *call = event->call;
		if (call == NULL || call->program != PROGRAM_NFS || call->replies != 0 ||
		    event->contact->replies == 0 ||
		    event->contact->last_reply_time > call->time ||
		    event->contact->end[1].unseen ||
		    judge->facts->last - call->time < SILENCE ||
		    judge_is_near_bound(judge, call->time))
			continue;
		count++;
		first = first == NULL ? call : first;
	}
	if (first == NULL || (pair->gaps && count < SEVERAL))
		return;
	struct finding *finding =
		verdict_warn(judge, FINDING_SERVER_STOPPED_ANSWERING, &pair->client,
			     &pair->server, first->time, judge->facts->last);
	if (finding == NULL)
		return;
	say_host(&finding->sentence, judge, &pair->server);
	text_format(&finding->sentence, " had answered, then left %u call%s of ", count,
		    count == 1 ? "" : "s");
	say_host(&finding->sentence, judge, &pair->client);
	text_string_put(&finding->sentence, " without a reply for ");
	say_time(&finding->sentence, judge->facts->last - first->time);
	finding_frame(finding, first->frame);
	finding_frame(finding, first->last_frame);
}

static bool
is_refusal(const struct contact *contact)
{
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	return client->syns != 0 && server->syns == 0 && server->rst_frame != 0;
}

/* In use, then nobody listens any more, to the end of the capture. */
static void
find_refused(struct judge *judge, const struct pair *pair)
{
	enum { TIMES = 3 };
	const struct contact *first = NULL, *last = NULL;
	uint32_t count = 0;
	if (!pair_in_use(judge, pair))
		return;
	bool worked = false;
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		if (contact->transport != TRANSPORT_TCP ||
		    pairs_program(judge, contact) != PROGRAM_NFS)
			continue;
		if (contact->end[1].packets == 0)
			continue; /* nothing came back: neither */
		if (!is_refusal(contact)) {
			worked |= contact->replies != 0;
			count = 0;
			continue;
		}
		first = count++ == 0 ? contact : first;
		last = contact;
	}
	if (!worked || count < TIMES || last->last - first->start < SILENCE ||
	    judge_is_near_bound(judge, first->start))
		return;
	struct finding *finding = verdict_warn(judge, FINDING_SERVICE_REFUSED, &pair->client,
					       &pair->server, first->start, last->last);
	if (finding == NULL)
		return;
	struct text *text = &finding->sentence;
	say_service(text, judge, last);
	text_format(text, " was in use, then refused %u connections of ", count);
	say_host(text, judge, &pair->client);
	text_string_put(text, " in ");
	say_time(text, last->last - first->start);
	finding_frame(finding, first->end[1].rst_frame);
	finding_frame(finding, last->end[0].last_syn_frame);
	finding_frame(finding, last->end[1].rst_frame);
}

/* The server goes on sending to a client that is gone. */
static void
find_half_open(struct judge *judge, struct pair *pair)
{
	enum { TIMES = 3 };
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
		if (contact->transport != TRANSPORT_TCP || server->stuck_count < TIMES ||
		    server->stuck_last_time - server->stuck_time < SILENCE ||
		    client->packets == 0 || client->last_time > server->stuck_time ||
		    client->rst_frame != 0 || is_explained(judge, pair) ||
		    judge_is_near_bound(judge, server->stuck_time))
			continue;
		struct finding *finding =
			verdict_warn(judge, FINDING_TCP_HALF_OPEN, &pair->client, &pair->server,
				     server->stuck_time, server->stuck_last_time);
		if (finding == NULL)
			return;
		struct text *text = &finding->sentence;
		say_service(text, judge, contact);
		text_string_put(text, " goes on sending to ");
		say_host(text, judge, &pair->client);
		text_format(text, " port %u, which says nothing any more: %u times in ",
			    contact->client.port, server->stuck_count);
		say_time(text, server->stuck_last_time - server->stuck_time);
		finding->confidence = LIKELY;
		finding_frame(finding, client->last_frame);
		finding_frame(finding, server->stuck_frame);
		finding_frame(finding, server->stuck_last_frame);
		return;
	}
}

static bool
has_warning(const struct judge *judge, const struct pair *pair)
{
	const struct attempt *attempts = judge->verdict->attempts + pair->attempt_from;
	for (size_t i = 0; i < pair->attempt_count; i++) {
		for (size_t f = 0; f < attempts[i].findings.count; f++) {
			if (attempts[i].findings.at[f].severity != SEVERITY_NOTE)
				return true;
		}
	}
	return false;
}

/* Calls are repeated, and nothing else says why: no segment had to be sent again. */
void
rules_repeats(struct judge *judge)
{
	enum { ENOUGH = 10, SHARE = 10 };
	for (size_t i = 0; i < judge->pair_count; i++) {
		struct pair *pair = &judge->pairs[i];
		uint64_t calls = 0, repeats = 0, lost = 0;
		for (size_t c = 0; c < pair->contact_count; c++) {
			if (pair->contacts[c]->replies == 0)
				continue; /* silence, not slowness */
			calls += pair->contacts[c]->calls;
			repeats += pair->contacts[c]->repeats;
			lost += pair->contacts[c]->end[0].retransmits +
				pair->contacts[c]->end[1].retransmits;
		}
		bool clock = judge->facts->last > judge->facts->first;
		if (!clock || lost != 0 || repeats < ENOUGH || repeats * SHARE < calls ||
		    pair->serves || pair->one_sided || has_warning(judge, pair))
			continue;
		struct finding *finding = verdict_warn(
			judge, FINDING_RETRANSMISSIONS, &pair->client, &pair->server,
			pair->contacts[0]->start, judge->facts->last);
		if (finding == NULL)
			continue;
		finding->severity = SEVERITY_WARNING;
		say_host(&finding->sentence, judge, &pair->client);
		text_format(&finding->sentence, " repeated %llu of %llu calls to ",
			    (unsigned long long)repeats, (unsigned long long)calls);
		say_host(&finding->sentence, judge, &pair->server);
		for (size_t e = 0; e < pair->events.count; e++) {
			const struct call *call = pair->events.at[e].call;
			if (call != NULL && call->sends > 1)
				finding_frame(finding, call->last_frame);
		}
	}
}

void
rules_silence(struct judge *judge)
{
	for (size_t i = 0; i < judge->pair_count; i++) {
		if (judge->pairs[i].serves)
			continue;
		find_silence(judge, &judge->pairs[i]);
		find_unanswered(judge, &judge->pairs[i]);
		find_half_open(judge, &judge->pairs[i]);
		find_refused(judge, &judge->pairs[i]);
	}
}
