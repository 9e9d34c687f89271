/*
 * called_back: where clients of NFS 4.0 want to be called back (RFC 7530 section 16.33),
 * sorted by server and place. The address is the client's own word: behind a NAT it is
 * not the one that its packets bear, and the server calls the one that it was told.
 */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

struct callback {
	struct address server, address;
	uint16_t port;
	const struct pair *pair; /* of the client; the first that named it */
};

static int
compare_callbacks(const void *a, const void *b)
{
	const struct callback *left = a, *right = b;
	int order = memcmp(&left->server, &right->server, sizeof left->server);
	if (order == 0)
		order = memcmp(&left->address, &right->address, sizeof left->address);
	if (order == 0)
		order = (int)left->port - (int)right->port;
	return order;
}

static void
add_callback(struct judge *judge, const struct pair *pair, const struct address *address,
	     uint16_t port)
{
	judge->callbacks = memory_grow(judge->callbacks, &judge->callback_capacity,
				       judge->callback_count + 1, sizeof *judge->callbacks);
	judge->callbacks[judge->callback_count++] = (struct callback){
		.server = pair->server, .address = *address, .port = port, .pair = pair};
}

static void
add_pair(struct judge *judge, const struct pair *pair)
{
	for (size_t i = 0; i < pair->events.count; i++) {
		const struct call *call = pair->events.at[i].call;
		if (call == NULL || call->more->callback.port == 0)
			continue;
		add_callback(judge, pair, &call->more->callback.address,
			     call->more->callback.port);
		if (!address_equal(&call->more->callback.address, &pair->client))
			add_callback(judge, pair, &pair->client, call->more->callback.port);
	}
}

void
called_back_make(struct judge *judge)
{
	for (size_t i = 0; i < judge->pair_count; i++)
		add_pair(judge, &judge->pairs[i]);
	if (judge->callback_count != 0)
		qsort(judge->callbacks, judge->callback_count, sizeof *judge->callbacks,
		      compare_callbacks);
}

void
called_back_free(struct judge *judge)
{
	free(judge->callbacks);
}

const struct pair *
called_back_owner(const struct judge *judge, const struct contact *contact)
{
	struct callback key = {.server = contact->client.address,
			       .address = contact->server.address,
			       .port = contact->server.port};
	if (judge->callback_count == 0)
		return NULL;
	const struct callback *found = bsearch(&key, judge->callbacks, judge->callback_count,
					       sizeof key, compare_callbacks);
	return found != NULL ? found->pair : NULL;
}
