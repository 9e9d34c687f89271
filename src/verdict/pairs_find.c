/* pairs_find: a pair by its hosts, a contact by its number, an event by its time: each stands
 * sorted. */
#include "judge.h"
#include "sorted.h"

#include <stdlib.h>
#include <string.h>

struct pair *
pairs_reverse(const struct judge *judge, const struct pair *pair)
{
	return pairs_find(judge, &pair->server, &pair->client);
}

static int
compare_hosts(const void *key, const void *item)
{
	const struct pair *left = key, *right = item;
	int order = memcmp(&left->client, &right->client, sizeof left->client);
	return order != 0 ? order : memcmp(&left->server, &right->server, sizeof left->server);
}

struct pair *
pairs_find(const struct judge *judge, const struct address *client,
	   const struct address *server)
{
	const struct pair key = {.client = *client, .server = *server};
	return judge->pair_count == 0 ? NULL
				      : bsearch(&key, judge->pairs, judge->pair_count,
						sizeof key, compare_hosts);
}

size_t
pairs_place(const struct pair *pair, const struct contact *contact)
{
	return contacts_place(pair->contacts, pair->contact_count, contact->number);
}

static int
compare_time(const void *key, const void *item)
{
	const int64_t *time = key;
	const struct event *event = item;
	return *time < event->time ? -1 : *time > event->time;
}

size_t
events_from(const struct events *events, int64_t time)
{
	return sorted_place(&time, events->at, events->count, sizeof *events->at, compare_time);
}
