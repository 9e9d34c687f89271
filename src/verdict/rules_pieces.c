/*
 * rules_pieces: datagrams that never came together, where a call was repeated or waited
 * for in vain: what only the capture lost is no fault.
 */
#include "judge.h"
#include "sorted.h"

#include <stdlib.h>
#include <string.h>

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

/* A call between two hosts that went unanswered, or had to be sent again. */
struct vain {
	struct address hosts[2]; /* the lower first */
	int64_t time;
	const struct contact *contact;
};

struct vains {
	struct vain *at; /* by hosts, then time */
	size_t count;
};

static void
set_hosts(struct vain *vain, const struct address *one, const struct address *other)
{
	bool lower = memcmp(one, other, sizeof *one) <= 0;
	vain->hosts[0] = *(lower ? one : other);
	vain->hosts[1] = *(lower ? other : one);
}

static int
compare_vains(const void *a, const void *b)
{
	const struct vain *left = a, *right = b;
	int order = memcmp(left->hosts, right->hosts, sizeof left->hosts);
	if (order == 0 && left->time != right->time)
		order = left->time < right->time ? -1 : 1;
	return order;
}

static void
vains_make(struct vains *vains, const struct judge *judge)
{
	const struct facts *facts = judge->facts;
	*vains = (struct vains){.at = memory_get((facts->call_count + 1) * sizeof *vains->at)};
	for (size_t i = 0; i < facts->call_count; i++) {
		const struct call *call = &facts->calls[i];
		if (call->frame == 0)
			continue;
		const struct contact *contact = facts->contacts[call->contact];
		if (contact->transport != TRANSPORT_UDP || !is_in_vain(judge, call))
			continue;
		struct vain *vain = &vains->at[vains->count++];
		*vain = (struct vain){.time = call->time, .contact = contact};
		set_hosts(vain, &contact->client.address, &contact->server.address);
	}
	if (vains->count != 0)
		qsort(vains->at, vains->count, sizeof *vains->at, compare_vains);
}

/* The contact of the first between the same hosts, if that was not long after. */
static const struct contact *
contact_about(const struct vains *vains, const struct pieces *pieces)
{
	struct vain key = {.time = INT64_MIN};
	set_hosts(&key, &pieces->source, &pieces->destination);
	size_t low = sorted_place(&key, vains->at, vains->count, sizeof key, compare_vains);
	const struct vain *vain = &vains->at[low];
	bool found = low < vains->count &&
		     memcmp(vain->hosts, key.hosts, sizeof key.hosts) == 0 &&
		     vain->time <= pieces->last_time + NEARBY;
	return found ? vain->contact : NULL;
}

void
rules_pieces(struct judge *judge)
{
	const struct facts *facts = judge->facts;
	const struct pieces *first = NULL;
	const struct contact *contact = NULL;
	uint32_t count = 0;
	struct vains vains;
	struct finding *finding = NULL;
	if (facts->piece_count == 0)
		return;
	vains_make(&vains, judge);
	for (size_t i = 0; i < facts->piece_count; i++) {
		if (!is_torn(judge, &facts->pieces[i]))
			continue;
		count++;
		if (contact != NULL)
			continue;
		first = &facts->pieces[i];
		contact = contact_about(&vains, first);
	}
	free(vains.at);
	if (contact == NULL)
		return;
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
