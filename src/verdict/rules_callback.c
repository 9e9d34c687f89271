/*
 * rules_callback: a server that cannot call its client back: to recall a delegation of
 * NFS 4.0 (RFC 7530 section 10.4), to grant a lock or to tell of a restart. Linux servers
 * try as soon as a client id is made, and go without when that fails.
 */
#include "judge.h"

static bool
is_unreached(const struct facts *facts, const struct contact *contact, bool gaps)
{
	const struct contact_end *caller = &contact->end[0], *called = &contact->end[1];
	uint64_t asked = contact->transport == TRANSPORT_TCP ? caller->syns : caller->packets;
	bool waited = facts->last - contact->start >= PATIENCE || asked >= ENOUGH_TRIES ||
		      facts->last == facts->first;
	if (contact->icmps != 0)
		return true;
	if (contact->transport == TRANSPORT_UDP)
		return contact->calls != 0 && contact->replies == 0 && called->packets == 0 &&
		       ((contact->repeats != 0 && waited) ||
			(!gaps && facts->last - contact->start > SILENCE));
	return caller->syns != 0 && called->syns == 0 && !caller->sent_ack &&
	       ((caller->syns > 1 && waited) || called->rst_frame != 0);
}

/* What a server asks its clients for: to tell of a restart, to grant a lock. */
static bool
is_lock_program(uint32_t program)
{
	return program == PROGRAM_PORTMAPPER || program == PROGRAM_NLM ||
	       program == PROGRAM_STATUS;
}

static void
tell_callback(struct judge *judge, const struct pair *forward, const struct contact *contact,
	      bool locks, bool sure)
{
	enum finding_id id =
		locks ? FINDING_LOCK_SERVICE_UNREACHABLE : FINDING_CALLBACK_BLOCKED;
	struct finding *finding = verdict_warn(judge, id, &forward->client, &forward->server,
					       contact->start, contact->last);
	if (finding == NULL)
		return;
	if (!sure)
		finding->confidence = LIKELY;
	struct text *text = &finding->sentence;
	text_string_put(text, "the server ");
	say_host(text, judge, &contact->client.address);
	text_string_put(text, " cannot call back its client ");
	if (!address_equal(&forward->client, &contact->server.address)) {
		say_host(text, judge, &forward->client);
		text_string_put(text,
				", which named another address than its own packets bear, ");
	}
	text_string_put(text, "at ");
	say_service(text, judge, contact);
	if (contact->transport == TRANSPORT_TCP)
		text_format(text, ": %u SYN%s, ", contact->end[0].syns,
			    contact->end[0].syns == 1 ? "" : "s");
	else
		text_format(text, ": %llu datagrams, ",
			    (unsigned long long)contact->end[0].packets);
	text_string_put(text, contact->icmps != 0 || contact->end[1].rst_frame != 0
				      ? "refused"
				      : "nothing came back");
	finding_frame(finding, contact->first_frame);
	finding_frame(finding, contact->end[0].last_syn_frame);
	finding_frame(finding, contact->end[1].rst_frame);
	finding_frame(finding, contact->icmp_frame);
}

/* Something was said of which the snap length left nothing: it may have been about locks. */
static bool
has_unread(const struct pair *pair)
{
	for (size_t i = 0; i < pair->events.count; i++) {
		if (event_is_unread(&pair->events.at[i]))
			return true;
	}
	return false;
}

/* A lock was promised before: the server calls to grant it. Where the capture has gaps, any
 * question about locks may have had that answer. */
static bool
may_be_promised(const struct pair *forward, const struct contact *contact)
{
	if (forward->blocked != 0)
		return forward->blocked <= contact->start;
	for (size_t i = 0; i < forward->events.count && forward->gaps; i++) {
		const struct event *event = &forward->events.at[i];
		if (event->program == PROGRAM_NLM && event->time < contact->start)
			return true;
	}
	return false;
}

/* Contacts from a server to its client, whatever they are about. */
static void
judge_contact(struct judge *judge, const struct contact *contact)
{
	struct pair key = {.client = contact->client.address,
			   .server = contact->server.address};
	const struct pair *named = called_back_owner(judge, contact);
	const struct pair *forward = named != NULL ? named : pairs_reverse(judge, &key);
	if (forward == NULL || forward->serves || !pair_in_use(judge, forward) ||
	    !is_unreached(judge->facts, contact, forward->gaps))
		return;
	if (named != NULL)
		tell_callback(judge, forward, contact, false, true);
	else if (is_lock_program(pairs_program(judge, contact)) && !has_unread(forward))
		tell_callback(judge, forward, contact, !may_be_promised(forward, contact),
			      !forward->blocked_unread && !forward->gaps);
}

void
rules_callback(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	for (size_t i = 0; i < facts->contact_count; i++)
		judge_contact(judge, facts->contacts[i]);
}
