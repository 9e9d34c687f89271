/*
 * rules_hosts: what is wrong below the transports: nobody at the address, two hosts
 * at it. Each rule is over the whole capture.
 */
#include "judge.h"

#include <string.h>

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

/* Were packets sent to it after all? Then the capture lacks the answers. */
static bool
is_found(const struct judge *judge, const struct address *address, const struct search *search)
{
	const struct pair *pair = pairs_find(judge, &search->asker, address);
	for (size_t i = 0; pair != NULL && i < pair->contact_count; i++) {
		if (pair->contacts[i]->end[0].last_time > search->first_time)
			return true;
	}
	return false;
}

/* NULL: nobody missed it, as far as the capture can tell. */
static const struct search *
find_search(const struct judge *judge, const struct neighbour *neighbour)
{
	for (unsigned i = 0; i < SEARCHES; i++) {
		const struct search *search = &neighbour->searches[i];
		if (search->requests >= ENOUGH_TRIES &&
		    facts_overhears(judge->facts, &search->asker) &&
		    !is_server(judge, &search->asker) &&
		    !is_found(judge, &neighbour->address, search) &&
		    !judge_is_near_bound(judge, search->first_time))
			return search;
	}
	return NULL;
}

static void
find_missing_hosts(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	for (const struct neighbour *neighbour = facts_first_neighbour(facts);
	     neighbour != NULL; neighbour = facts_next_neighbour(neighbour)) {
		const struct search *search = find_search(judge, neighbour);
		if (search == NULL || neighbour->answers != 0 ||
		    facts_speaks(facts, &neighbour->address) ||
		    is_client(judge, &neighbour->address))
			continue;
		struct finding *finding = verdict_explain(
			judge, FINDING_HOST_UNREACHABLE, NULL, &neighbour->address,
			search->first_time, search->last_time);
		if (finding == NULL)
			continue;
		finding->severity = SEVERITY_ERROR;
		struct text *text = &finding->sentence;
		text_format(text, "nobody answers for ");
		say_host(text, judge, &neighbour->address);
		text_format(text, " on the link: ");
		say_host(text, judge, &search->asker);
		text_format(text, " asked %u times in ", search->requests);
		say_time(text, search->last_time - search->first_time);
		finding_frame(finding, search->first_frame);
		finding_frame(finding, search->last_frame);
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

void
rules_hosts(struct judge *judge)
{
	find_double_hosts(judge);
	find_missing_hosts(judge);
}
