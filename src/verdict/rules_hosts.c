/*
 * rules_hosts: what is wrong below the transports: nobody at the address, two hosts
 * at it, no KDC. A table of rules, each over the whole capture.
 */
#include "judge.h"

#include <string.h>

/* An answer of the KDC may be in a gap, several hardly. */
enum { REQUESTS = 3, KDC_TRIES = 2, KDC_TRIES_IN_GAPS = 5 };

/* Is the address only a client's, whom a server looks for (spoofed, gone)? */
static bool
is_client(const struct judge *judge, const struct address *address)
{
	for (size_t i = 0; i < judge->pair_count; i++) {
		if (address_equal(&judge->pairs[i].client, address))
			return true;
	}
	return false;
}

static bool
is_server(const struct judge *judge, const struct address *address)
{
	for (size_t i = 0; i < judge->pair_count; i++) {
		if (address_equal(&judge->pairs[i].server, address))
			return true;
	}
	return false;
}

static void
find_missing_hosts(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	for (const struct neighbour *neighbour = facts_first_neighbour(facts);
	     neighbour != NULL; neighbour = facts_next_neighbour(neighbour)) {
		if (neighbour->requests < REQUESTS || neighbour->answers != 0 ||
		    facts_speaks(facts, &neighbour->address) ||
		    is_client(judge, &neighbour->address) ||
		    is_server(judge, &neighbour->asker) ||
		    judge_is_near_bound(judge, neighbour->first_time))
			continue;
		struct finding *finding = verdict_explain(
			judge, FINDING_HOST_UNREACHABLE, NULL, &neighbour->address,
			neighbour->first_time, neighbour->last_time);
		if (finding == NULL)
			continue;
		finding->severity = SEVERITY_ERROR;
		struct text *text = &finding->sentence;
		text_format(text, "nobody answers for ");
		say_host(text, judge, &neighbour->address);
		text_format(text, " on the link: ");
		say_host(text, judge, &neighbour->asker);
		text_format(text, " asked %u times in ", neighbour->requests);
		say_time(text, neighbour->last_time - neighbour->first_time);
		finding_frame(finding, neighbour->first_frame);
		finding_frame(finding, neighbour->last_frame);
	}
}

/* Two hardware addresses that take turns, or answer the same question. */
static bool
is_double(const struct neighbour *neighbour)
{
	if (neighbour->hardware_count < 2)
		return false;
	int64_t apart = neighbour->hardware_first_time[1] - neighbour->hardware_time[0];
	return apart < 0 ||
	       (apart < NEARBY && neighbour->hardware_asked[0] && neighbour->hardware_asked[1]);
}

/* The one is heard no more once the other is: a failover, as VRRP and clusters do it, or a host
 * that took the address away. */
static bool
has_moved(const struct neighbour *neighbour)
{
	return neighbour->hardware_count == 2 && !is_double(neighbour) &&
	       neighbour->hardware_first_time[1] - neighbour->hardware_time[0] < MOVING;
}

static void
put_hardware(struct text *text, const uint8_t hardware[6])
{
	for (unsigned i = 0; i < 6; i++)
		text_format(text, "%s%02x", i == 0 ? "" : ":", hardware[i]);
}

static struct finding *
begin_double(struct judge *judge, const struct neighbour *neighbour, bool client)
{
	const struct address *as_client = client ? &neighbour->address : NULL,
			     *as_server = client ? NULL : &neighbour->address;
	int64_t from = neighbour->hardware_first_time[0], to = judge->facts->last;
	if (is_double(neighbour))
		return verdict_explain(judge, FINDING_DUPLICATE_ADDRESS, as_client, as_server,
				       from, to);
	struct finding *finding =
		verdict_warn(judge, FINDING_DUPLICATE_ADDRESS, as_client, as_server, from, to);
	if (finding == NULL)
		return NULL;
	finding->severity = SEVERITY_NOTE;
	finding->confidence = POSSIBLE;
	return finding;
}

static void
find_double_hosts(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	for (const struct neighbour *neighbour = facts_first_neighbour(facts);
	     neighbour != NULL; neighbour = facts_next_neighbour(neighbour)) {
		bool client = is_client(judge, &neighbour->address);
		if ((!is_double(neighbour) && !has_moved(neighbour)) ||
		    (!is_server(judge, &neighbour->address) && !client))
			continue;
		struct finding *finding = begin_double(judge, neighbour, client);
		if (finding == NULL)
			continue;
		struct text *text = &finding->sentence;
		if (!is_double(neighbour)) {
			say_host(text, judge, &neighbour->address);
			text_string_put(text, " moved from ");
		}
		put_hardware(text, neighbour->hardware[0]);
		text_string_put(text, is_double(neighbour) ? " and " : " to ");
		put_hardware(text, neighbour->hardware[1]);
		if (is_double(neighbour)) {
			text_string_put(text, " both answer for ");
			say_host(text, judge, &neighbour->address);
		} else {
			text_string_put(text, ": a failover, or another host that took the "
					      "address; the first was not heard after that");
		}
		finding_frame(finding, neighbour->hardware_frame[0]);
		finding_frame(finding, neighbour->hardware_frame[1]);
		finding_frame(finding, neighbour->hardware_last[0]);
		finding_frame(finding, neighbour->hardware_last[1]);
	}
}

/* RFC 4120 section 7.2: requests go to port 88, by UDP and TCP. */
static void
find_missing_kdc(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	const struct contact *first = NULL, *last = NULL;
	uint64_t asked = 0;
	bool answered = false, refused = false;
	for (size_t i = 0; i < facts->contact_count; i++) {
		const struct contact *contact = facts->contacts[i];
		if (contact->server.port != PORT_KERBEROS)
			continue;
		refused |= contact->icmps != 0 || contact->end[1].rst_frame != 0;
		asked += contact->end[0].packets;
		answered |= contact->end[1].data_frame != 0;
		first = first == NULL ? contact : first;
		last = contact;
	}
	if (first == NULL || asked < KDC_TRIES || answered)
		return;
	if (!refused && asked < REQUESTS && judge_has_clock(judge) &&
	    !judge_outlasts(judge, first->start))
		return;
	for (size_t i = 0; i < judge->pair_count; i++) {
		const struct pair *pair = &judge->pairs[i];
		if (pair->one_sided || (pair->gaps && asked < KDC_TRIES_IN_GAPS))
			return;
	}
	struct finding *finding =
		verdict_explain(judge, FINDING_KDC_UNREACHABLE, &first->client.address, NULL,
				first->start, last->last);
	if (finding == NULL)
		return;
	struct text *text = &finding->sentence;
	say_host(text, judge, &first->client.address);
	text_string_put(text, " asked the KDC at ");
	say_host(text, judge, &first->server.address);
	text_format(text, " port 88 %llu times in ", (unsigned long long)asked);
	say_time(text, last->last - first->start);
	text_string_put(text, refused ? " and was refused" : " and got no answer");
	finding_frame(finding, first->first_frame);
	finding_frame(finding, first->icmp_frame);
	finding_frame(finding, first->end[1].rst_frame);
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

/* The KDC refuses; what it only asks for (25: pre-authentication, 52: TCP) is no refusal. */
static void
find_kdc_refusal(struct judge *judge)
{
	enum { PREAUTH_REQUIRED = 25, RESPONSE_TOO_BIG = 52 };
	const struct facts *facts = judge->facts;
	const struct contact *refused = NULL;
	for (size_t i = 0; i < facts->contact_count; i++) {
		const struct contact *contact = facts->contacts[i];
		if (contact->kdc_error != 0 && contact->kdc_error != PREAUTH_REQUIRED &&
		    contact->kdc_error != RESPONSE_TOO_BIG)
			refused = contact;
	}
	if (refused == NULL || !attempts_unexplained(judge, &refused->client.address))
		return;
	struct finding *finding =
		verdict_explain(judge, FINDING_GSS_FAILED, &refused->client.address, NULL,
				refused->start, refused->last);
	if (finding == NULL)
		return;
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

void
rules_hosts(struct judge *judge)
{
	find_kdc_refusal(judge);
	find_double_hosts(judge);
	find_missing_hosts(judge);
	find_missing_kdc(judge);
}
