/*
 * rules_kdc: a KDC that refuses, or that nobody answers for: RFC 4120. What a client asks a KDC
 * explains only its own attempts, near in time, that stop as they do for want of a ticket.
 */
#include "judge.h"
#include "sorted.h"

#include <stdlib.h>
#include <string.h>

/* An answer of the KDC may be in a gap, several hardly. */
enum { REQUESTS = 3, KDC_TRIES = 2, KDC_TRIES_IN_GAPS = 5 };

/* -- who asked one -- */

/* By client, then by time. */
static int
compare_asked(const void *a, const void *b)
{
	const struct contact *left = *(const struct contact *const *)a,
			     *right = *(const struct contact *const *)b;
	int order = memcmp(&left->client.address, &right->client.address,
			   sizeof left->client.address);
	if (order == 0 && left->start != right->start)
		order = left->start < right->start ? -1 : 1;
	return order;
}

static int
compare_kdcs(const void *a, const void *b)
{
	const struct contact *left = *(const struct contact *const *)a,
			     *right = *(const struct contact *const *)b;
	int order = compare_asked(a, b);
	if (order == 0)
		order = left->index < right->index ? -1 : left->index > right->index;
	return order;
}

/* RFC 4120 section 7.2: requests go to port 88, by UDP and TCP. */
void
kdcs_make(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	for (size_t i = 0; i < facts->contact_count; i++) {
		const struct contact *contact = facts->contacts[i];
		if (contact->server.port != PORT_KERBEROS)
			continue;
		judge->kdcs = memory_grow(judge->kdcs, &judge->kdc_capacity,
					  judge->kdc_count + 1, sizeof(void *));
		judge->kdcs[judge->kdc_count++] = contact;
	}
	if (judge->kdc_count != 0)
		qsort(judge->kdcs, judge->kdc_count, sizeof(void *), compare_kdcs);
}

void
kdcs_free(struct judge *judge)
{
	free(judge->kdcs);
}

bool
kdcs_asked(const struct judge *judge, const struct attempt *attempt)
{
	int64_t from = attempt->start - PAUSE, to = attempt->end + PAUSE;
	const struct contact key = {.client.address = attempt->client, .start = from},
			     *at = &key;
	size_t low =
		sorted_place(&at, judge->kdcs, judge->kdc_count, sizeof(void *), compare_asked);
	return low < judge->kdc_count && judge->kdcs[low]->start <= to &&
	       address_equal(&judge->kdcs[low]->client.address, &attempt->client);
}

/* -- what came of it -- */

/* What one client asked without a long pause. */
struct asking {
	const struct contact *first; /* the KDC that it asked first */
	const struct contact *last;  /* ... and the last time that it asked that one */
	const struct contact *error; /* the last that said no; NULL for none */
	uint64_t asked, asked_first; /* of all, of the first */
	uint64_t icmp_frame, rst_frame;
	int64_t from, to;
	bool answered, refused;
};

static void
note_asked(struct asking *asking, const struct contact *contact)
{
	enum { PREAUTH_REQUIRED = 25, RESPONSE_TOO_BIG = 52 };
	bool refused = contact->icmps != 0 || contact->end[1].rst_frame != 0;
	asking->to = contact->last > asking->to ? contact->last : asking->to;
	asking->asked += contact->end[0].packets;
	asking->answered |= contact->end[1].data_frame != 0;
	asking->refused |= refused;
	/* what it only asks for is no refusal */
	if (contact->kdc_error != 0 && contact->kdc_error != PREAUTH_REQUIRED &&
	    contact->kdc_error != RESPONSE_TOO_BIG)
		asking->error = contact;
	if (!address_equal(&contact->server.address, &asking->first->server.address))
		return;
	asking->asked_first += contact->end[0].packets;
	asking->last = contact;
	if (asking->icmp_frame == 0)
		asking->icmp_frame = contact->icmp_frame;
	if (asking->rst_frame == 0)
		asking->rst_frame = contact->end[1].rst_frame;
}

/* How many of the contacts are of the same client and follow without a long pause. */
static size_t
next_asking(const struct judge *judge, size_t from, struct asking *asking)
{
	const struct contact *first = judge->kdcs[from];
	*asking = (struct asking){.first = first, .from = first->start, .to = first->last};
	size_t i = from;
	for (; i < judge->kdc_count; i++) {
		const struct contact *contact = judge->kdcs[i];
		if (!address_equal(&contact->client.address, &first->client.address) ||
		    contact->start - asking->to > PAUSE)
			break;
		note_asked(asking, contact);
	}
	return i - from;
}

/* Long and often enough that an answer would have come, and been captured? */
static bool
is_unanswered(const struct judge *judge, const struct pair *pair, const struct asking *asking)
{
	if (asking->answered || asking->asked < KDC_TRIES)
		return false;
	if (!asking->refused && asking->asked < REQUESTS && judge_has_clock(judge) &&
	    !judge_outlasts(judge, asking->from))
		return false;
	return !pair->one_sided && (!pair->gaps || asking->asked >= KDC_TRIES_IN_GAPS);
}

/* -- which attempt that explains -- */

/* Did the client get into the tree with the credentials that it has without a ticket? What is
 * asked first may be asked so in any case: RFC 2623 section 2.3.2. */
static bool
needs_no_ticket(const struct pair *pair, const struct attempt *attempt)
{
	size_t low = events_from(&pair->events, attempt->start);
	for (; low < pair->events.count && pair->events.at[low].time <= attempt->end; low++) {
		const struct event *event = &pair->events.at[low];
		bool inside = event->deed == DEED_ROOT || event->deed == DEED_WALK ||
			      event->deed == DEED_USE ||
			      (event->deed == DEED_NFS && !call_is_first_use(event->call));
		if (inside && !event->call->gss && event_is_good(event))
			return true;
	}
	return false;
}

/* Does it stop while the KDC is asked, and nothing else says why? */
static bool
wants_ticket(const struct judge *judge, const struct pair *pair, const struct attempt *attempt,
	     const struct asking *asking)
{
	int64_t blur = facts_blur(judge->facts);
	if (attempt->kind == ATTEMPT_QUERY || attempt->start > asking->to + blur ||
	    attempt->end + NEARBY < asking->from - blur)
		return false;
	if (findings_have(&attempt->findings, FINDING_NO_EVIDENCE))
		return !needs_no_ticket(pair, attempt);
	return attempt->outcome == OUTCOME_INCOMPLETE &&
	       attempt->end <= asking->to + NEARBY + blur && !needs_no_ticket(pair, attempt);
}

static void
tell_missing(struct judge *judge, struct attempt *attempt, const struct asking *asking)
{
	const struct contact *first = asking->first, *last = asking->last;
	struct finding *finding = attempt_explain(attempt, FINDING_KDC_UNREACHABLE);
	struct text *text = &finding->sentence;
	bool refused = asking->icmp_frame != 0 || asking->rst_frame != 0;
	say_host(text, judge, &first->client.address);
	text_string_put(text, " asked the KDC at ");
	say_host(text, judge, &first->server.address);
	text_format(text, " port 88 %llu time%s in ", (unsigned long long)asking->asked_first,
		    asking->asked_first == 1 ? "" : "s");
	say_time(text, last->last - first->start);
	text_string_put(text, refused ? " and was refused" : " and got no answer");
	if (asking->asked != asking->asked_first)
		text_string_put(text, "; no other KDC answered it either");
	finding_frame(finding, first->first_frame);
	finding_frame(finding, asking->icmp_frame);
	finding_frame(finding, asking->rst_frame);
	finding_frame(finding, last->first_frame);
}

/* RFC 4120 section 7.5.9 */
static const char *
kdc_error_name(unsigned code)
{
	static const char *const names[] = {
		[6] = "client not found in the Kerberos database",
		[7] = "server not found in the Kerberos database",
		[14] = "no support for the encryption type",
		[18] = "the client's credentials have been revoked",
		[23] = "the password has expired",
		[24] = "pre-authentication failed",
		[31] = "integrity check failed",
		[37] = "clock skew too great",
		[68] = "wrong realm",
	};
	return code < sizeof names / sizeof names[0] ? names[code] : NULL;
}

static void
tell_refusal(struct judge *judge, struct attempt *attempt, const struct asking *asking)
{
	const struct contact *refused = asking->error;
	struct finding *finding = attempt_explain(attempt, FINDING_GSS_FAILED);
	struct text *text = &finding->sentence;
	const char *name = kdc_error_name(refused->kdc_error);
	text_string_put(text, "the KDC at ");
	say_host(text, judge, &refused->server.address);
	text_string_put(text, " refused ");
	say_host(text, judge, &refused->client.address);
	text_format(text, " with KRB-ERROR %u", refused->kdc_error);
	if (name != NULL)
		text_format(text, " (%s)", name);
	finding_frame(finding, refused->first_frame);
	finding_frame(finding, refused->kdc_error_frame);
}

static void
explain_pair(struct judge *judge, const struct pair *pair, const struct asking *asking)
{
	bool missing = is_unanswered(judge, pair, asking);
	for (size_t i = 0; i < pair->attempt_count; i++) {
		struct attempt *attempt = &judge->verdict->attempts[pair->attempt_from + i];
		if ((asking->error == NULL && !missing) ||
		    !wants_ticket(judge, pair, attempt, asking))
			continue;
		if (asking->error != NULL)
			tell_refusal(judge, attempt, asking);
		else
			tell_missing(judge, attempt, asking);
	}
}

static int
compare_client(const void *key, const void *item)
{
	return memcmp(key, &((const struct pair *)item)->client, sizeof(struct address));
}

/* The pairs stand in order of client. */
static size_t
first_pair(const struct judge *judge, const struct address *client)
{
	return sorted_place(client, judge->pairs, judge->pair_count, sizeof *judge->pairs,
			    compare_client);
}

void
rules_kdc(struct judge *judge)
{
	struct asking asking;
	for (size_t i = 0; i < judge->kdc_count;) {
		i += next_asking(judge, i, &asking);
		const struct address *client = &asking.first->client.address;
		for (size_t at = first_pair(judge, client);
		     at < judge->pair_count && address_equal(&judge->pairs[at].client, client);
		     at++)
			explain_pair(judge, &judge->pairs[at], &asking);
	}
}
