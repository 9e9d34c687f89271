/*
 * services: the ports of a pair's server that answered, each once, sorted, so that one is found
 * by halving.
 */
#include "judge.h"

#include <stdlib.h>

static int
compare_places(const struct service *left, const struct service *right)
{
	if (left->port != right->port)
		return left->port < right->port ? -1 : 1;
	if (left->transport != right->transport)
		return left->transport < right->transport ? -1 : 1;
	return 0;
}

static int
compare_services(const void *a, const void *b)
{
	const struct service *left = a, *right = b;
	int order = compare_places(left, right);
	if (order == 0 && left->since != right->since)
		return left->since < right->since ? -1 : 1;
	return order;
}

void
services_make(struct pair *pair)
{
	struct service *all = memory_get((pair->contact_count + 1) * sizeof *all);
	size_t count = 0, kept = 0;
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		if (contact->replies != 0)
			all[count++] =
				(struct service){.port = contact->server.port,
						 .transport = (uint8_t)contact->transport,
						 .since = contact->start};
	}
	if (count != 0)
		qsort(all, count, sizeof *all, compare_services);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || compare_places(&all[kept - 1], &all[i]) != 0)
			all[kept++] = all[i];
	}
	pair->services = all;
	pair->service_count = kept;
}

void
services_free(struct pair *pair)
{
	free(pair->services);
}

static int
compare_keys(const void *key, const void *at)
{
	return compare_places(key, at);
}

bool
services_answer(const struct pair *pair, enum transport transport, uint16_t port, int64_t time)
{
	const struct service key = {.port = port, .transport = (uint8_t)transport};
	const struct service *found = bsearch(&key, pair->services, pair->service_count,
					      sizeof *pair->services, compare_keys);
	return found != NULL && found->since <= time;
}

bool
services_beside(const struct pair *pair, uint16_t port)
{
	return pair->service_count != 0 &&
	       (pair->services[0].port != port ||
		pair->services[pair->service_count - 1].port != port);
}
