/*
 * rules_stuck: connections that stay half closed (RFC 9293 section 3.3.2). An end that
 * rests in such a state is told of once for each server port, with every connection that
 * shares its fault; what the other end then waits for is a note, because it only follows.
 */
#include "judge.h"

#include <string.h>

enum { PORTS_NAMED = 12, TOLD_MOST = 32 };

struct stuck {
	enum finding_id id;
	unsigned end; /* the stuck one */
	const char *state, *words;
};

/* Server ports of a pair that were told of already; beyond TOLD_MOST the rest keeps silent. */
struct stuck_told {
	struct {
		enum finding_id id;
		unsigned end;
		uint16_t port;
	} at[TOLD_MOST];
	size_t count;
};

/* Its FIN is repeated and nobody acknowledges it. */
static bool
repeats_fin(const struct contact *contact, unsigned end)
{
	const struct contact_end *this = &contact->end[end];
	return this->fins > 1 && !this->fin_acked;
}

static bool
find_state(const struct pair *pair, const struct contact *contact, unsigned end,
	   struct stuck *stuck)
{
	static const struct {
		enum tcp_state state;
		enum finding_id id;
		bool repeats;
		const char *words;
	} states[] = {
		{TCP_CLOSE_WAIT, FINDING_TCP_CLOSE_WAIT_STUCK, false,
		 "got the other end's FIN and never closed"},
		{TCP_LAST_ACK, FINDING_TCP_LAST_ACK_STUCK, true,
		 "closed too, but its FIN is never acknowledged"},
		{TCP_FIN_WAIT_1, FINDING_TCP_FIN_WAIT_1_STUCK, true,
		 "closed, but its FIN is never acknowledged"},
		{TCP_CLOSING, FINDING_TCP_CLOSING_STUCK, true,
		 "closed at the same time as the other end, and its FIN is never acknowledged"},
	};
	const struct contact_end *this = &contact->end[end];
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		if (pair->gaps && !states[i].repeats)
			continue; /* its FIN may be in one */
		if (!this->has_state || this->state != states[i].state ||
		    this->state_since == INT64_MIN ||
		    (states[i].repeats && !repeats_fin(contact, end)))
			continue;
		*stuck = (struct stuck){states[i].id, end, tcp_state_name(states[i].state),
					states[i].words};
		return true;
	}
	return false;
}

/* Of RPC, both ends in the capture from their SYNs on. */
static bool
is_whole(const struct judge *judge, const struct contact *contact)
{
	return contact->transport == TRANSPORT_TCP && contact_concerns(judge, contact) &&
	       contact->end[0].packets != 0 && contact->end[1].packets != 0 &&
	       !contact->joined_midway && !contact->end[0].unseen && !contact->end[1].unseen;
}

/* -- what is said -- */

/* The connections of that server port which share the fault. */
struct alike {
	uint32_t count;
	int64_t longest; /* ns in that state */
	struct text ports;
};

static void
add_alike(struct alike *alike, const struct judge *judge, const struct contact *contact,
	  const struct stuck *stuck, struct finding *finding)
{
	int64_t age = judge->facts->last - contact->end[stuck->end].state_since;
	alike->count++;
	alike->longest = age > alike->longest ? age : alike->longest;
	finding_frame(finding, contact->end[!stuck->end].fin_frame);
	finding_frame(finding, contact->end[stuck->end].fin_frame);
	if (alike->count <= PORTS_NAMED)
		text_format(&alike->ports, "%s%u", alike->count == 1 ? "" : ", ",
			    contact->client.port);
	else if (alike->count == PORTS_NAMED + 1)
		text_string_put(&alike->ports, ", ...");
}

static void
find_alike(struct alike *alike, const struct judge *judge, const struct pair *pair,
	   const struct contact *first, const struct stuck *stuck, struct finding *finding)
{
	*alike = (struct alike){.count = 0};
	text_init(&alike->ports);
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		struct stuck other;
		if (contact->server.port == first->server.port && is_whole(judge, contact) &&
		    find_state(pair, contact, stuck->end, &other) && other.id == stuck->id)
			add_alike(alike, judge, contact, stuck, finding);
	}
}

/* What the other ends wait for meanwhile. */
static void
note_waiting(struct judge *judge, const struct pair *pair, const struct contact *contact,
	     const struct stuck *stuck, const struct finding *first, uint32_t count)
{
	const struct contact_end *other = &contact->end[!stuck->end];
	const struct finding evidence = *first; /* adding may move it */
	if (stuck->id != FINDING_TCP_CLOSE_WAIT_STUCK || !other->has_state ||
	    other->state != TCP_FIN_WAIT_2)
		return;
	struct finding *finding =
		verdict_warn(judge, FINDING_TCP_FIN_WAIT_2_STUCK, &pair->client, &pair->server,
			     contact->start, judge->facts->last);
	if (finding == NULL)
		return;
	finding->severity = SEVERITY_NOTE;
	text_format(&finding->sentence, "so the other end of %s, ",
		    count == 1 ? "it" : "each of them");
	say_host(&finding->sentence, judge, stuck->end == 1 ? &pair->client : &pair->server);
	text_string_put(&finding->sentence, ", waits in FIN_WAIT_2 for a FIN that never comes");
	for (size_t i = 0; i < evidence.frame_count; i++)
		finding_frame(finding, evidence.frames[i]);
}

static void
tell_stuck(struct judge *judge, const struct pair *pair, const struct contact *contact,
	   const struct stuck *stuck)
{
	struct alike alike;
	struct finding *finding = verdict_warn(judge, stuck->id, &pair->client, &pair->server,
					       contact->start, judge->facts->last);
	if (finding == NULL)
		return;
	struct text *text = &finding->sentence;
	find_alike(&alike, judge, pair, contact, stuck, finding);
	text_format(text, "the %s end of %u connection%s from ",
		    stuck->end == 1 ? "server" : "client", alike.count,
		    alike.count == 1 ? "" : "s");
	say_host(text, judge, &pair->client);
	text_format(text, " (port%s ", alike.count == 1 ? "" : "s");
	text_put(text, alike.ports.at, alike.ports.length);
	text_string_put(text, ") to ");
	say_service(text, judge, contact);
	text_format(text, " %s: in %s for ", stuck->words, stuck->state);
	if (alike.count > 1)
		text_string_put(text, "up to ");
	say_time(text, alike.longest);
	text_string_put(text, " when the capture ends (told from ");
	say_time(text, STUCK);
	text_string_put(text, " on)");
	if (alike.longest < STUCK_FOR_SURE)
		finding->confidence = LIKELY;
	text_release(&alike.ports);
	note_waiting(judge, pair, contact, stuck, finding, alike.count);
}

/* -- what is told -- */

static bool
is_new(struct stuck_told *told, const struct contact *contact, const struct stuck *stuck)
{
	for (size_t i = 0; i < told->count; i++) {
		if (told->at[i].id == stuck->id && told->at[i].end == stuck->end &&
		    told->at[i].port == contact->server.port)
			return false;
	}
	if (told->count == TOLD_MOST)
		return false;
	told->at[told->count].id = stuck->id;
	told->at[told->count].end = stuck->end;
	told->at[told->count++].port = contact->server.port;
	return true;
}

void
rules_stuck(struct judge *judge, const struct pair *pair)
{
	struct stuck_told told = {.count = 0};
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		struct stuck stuck;
		if (!is_whole(judge, contact))
			continue;
		for (unsigned end = 2; end-- > 0;) {
			if (find_state(pair, contact, end, &stuck) &&
			    judge->facts->last - contact->end[end].state_since >=
				    STUCK + facts_blur(judge->facts) &&
			    !judge_is_near_bound(judge, contact->end[end].state_since) &&
			    is_new(&told, contact, &stuck))
				tell_stuck(judge, pair, contact, &stuck);
		}
	}
}
