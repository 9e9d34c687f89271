/* pairs_find: a pair by its hosts, a contact by its number: both stand sorted. */
#include "judge.h"

#include <string.h>

struct pair *
pairs_reverse(const struct judge *judge, const struct pair *pair)
{
	return pairs_find(judge, &pair->server, &pair->client);
}

struct pair *
pairs_find(const struct judge *judge, const struct address *client,
	   const struct address *server)
{
	size_t low = 0, high = judge->pair_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct pair *at = &judge->pairs[middle];
		int order = memcmp(&at->client, client, sizeof at->client);
		if (order == 0)
			order = memcmp(&at->server, server, sizeof at->server);
		if (order == 0)
			return at;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

size_t
pairs_place(const struct pair *pair, const struct contact *contact)
{
	size_t low = 0, high = pair->contact_count; /* they stand by number */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (pair->contacts[middle]->number < contact->number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
