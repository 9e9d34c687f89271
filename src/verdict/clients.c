/*
 * clients: what the clients of one NFS 4 server tell about each other: two that bear
 * one name, or one that keeps its session while another loses its own, which a
 * restarted server would not allow. One summary a pair, made in one pass; names and sessions
 * then stand sorted by their server, so that each is found by halving.
 */
#include "judge.h"
#include "numbers.h"
#include "sorted.h"

#include <stdlib.h>
#include <string.h>

enum { NOBODY = UINT32_MAX };

/* A name that a client bears, or a session that went well. */
struct client {
	struct address server;
	uint64_t owner; /* 0: a session */
	int64_t order;  /* the verifier; of a session since when it is */
	uint32_t pair;
	uint32_t latest[2]; /* the sessions up to here of one server that lasted longest */
};

static void
claim_event(struct claim *claim, const struct event *event)
{
	const struct call *call = event->call;
	if (call == NULL || call->program != PROGRAM_NFS || call->version != 4 ||
	    call->replies == 0 || call->status != STATUS_SUCCESS || call->reply_bad)
		return;
	if (call->more->owner != 0 && call->result == 0) {
		claim->owner = call->more->owner;
		claim->verifier = call->more->verifier;
		claim->named = event->end;
		claim->frame = call->frame;
	}
	/* RFC 8881 section 2.10: each call of a session proves that the server knows it */
	bool session = call->op_count != 0 && call->ops[0] == OP_SEQUENCE;
	claim->failed |= session && call->result != 0 && call->failed_op == OP_SEQUENCE;
	if (!session || call->result != 0)
		return;
	if (claim->begun == 0)
		claim->begun = event->time;
	claim->last = event->end > claim->last ? event->end : claim->last;
	if (event->contact->last_reply_time > claim->last)
		claim->last = event->contact->last_reply_time;
}

static int
compare_clients(const void *a, const void *b)
{
	const struct client *left = a, *right = b;
	int order = memcmp(&left->server, &right->server, sizeof left->server);
	if (order == 0 && left->owner != right->owner)
		order = left->owner < right->owner ? -1 : 1;
	if (order == 0 && left->order != right->order)
		order = left->order < right->order ? -1 : 1;
	if (order == 0 && left->pair != right->pair)
		order = left->pair < right->pair ? -1 : 1;
	return order;
}

static void
add_clients(struct judge *judge, uint32_t pair)
{
	const struct claim *claim = &judge->claims[pair];
	struct client client = {.server = judge->pairs[pair].server, .pair = pair};
	if (claim->owner != 0) {
		client.owner = claim->owner;
		client.order = (int64_t)claim->verifier;
		judge->clients[judge->client_count++] = client;
	}
	if (claim->begun != 0 && !claim->failed) {
		client.owner = 0;
		client.order = claim->begun > claim->named ? claim->begun : claim->named;
		judge->clients[judge->client_count++] = client;
	}
}

static bool
is_session_of(const struct client *client, const struct address *server)
{
	return client->owner == 0 && address_equal(&client->server, server);
}

/* (The one that lasted longest may be the very client that asks.) */
static void
note_latest(struct judge *judge, size_t at)
{
	struct client *client = &judge->clients[at];
	uint32_t later = client->pair;
	client->latest[0] = client->latest[1] = NOBODY;
	if (at > 0 && is_session_of(&client[-1], &client->server))
		memcpy(client->latest, client[-1].latest, sizeof client->latest);
	for (unsigned i = 0; i < 2 && later != NOBODY; i++) {
		uint32_t other = client->latest[i];
		if (other != NOBODY && judge->claims[other].last >= judge->claims[later].last)
			continue;
		client->latest[i] = later;
		later = other;
	}
}

void
clients_make(struct judge *judge)
{
	size_t count = judge->pair_count;
	judge->claims = memory_get((count + 1) * sizeof *judge->claims);
	judge->clients = memory_get((2 * count + 1) * sizeof *judge->clients);
	for (size_t i = 0; i < count; i++) {
		const struct events *events = &judge->pairs[i].events;
		for (size_t e = 0; e < events->count; e++)
			claim_event(&judge->claims[i], &events->at[e]);
		add_clients(judge, (uint32_t)i);
	}
	if (judge->client_count != 0)
		qsort(judge->clients, judge->client_count, sizeof *judge->clients,
		      compare_clients);
	for (size_t i = 0; i < judge->client_count; i++) {
		if (judge->clients[i].owner == 0)
			note_latest(judge, i);
	}
}

void
clients_free(struct judge *judge)
{
	free(judge->claims);
	free(judge->clients);
}

/* How many stand before it? */
static size_t
count_before(const struct judge *judge, const struct client *key)
{
	return sorted_place(key, judge->clients, judge->client_count, sizeof *key,
			    compare_clients);
}

const struct pair *
clients_namesake(const struct judge *judge, const struct pair *pair)
{
	const struct claim *mine = clients_claim(judge, pair);
	struct client key = {.server = pair->server, .owner = mine->owner, .order = INT64_MIN};
	size_t first = count_before(judge, &key);
	key.order = INT64_MAX;
	key.pair = NOBODY;
	size_t end = count_before(judge, &key);
	if (mine->owner == 0 || first == end)
		return NULL;
	/* they stand by verifier: where one has another, the first or the last has */
	const struct client *other = &judge->clients[first];
	if (other->order == (int64_t)mine->verifier)
		other = &judge->clients[end - 1];
	return other->order != (int64_t)mine->verifier ? &judge->pairs[other->pair] : NULL;
}

/* Its session lived on through that time, without a new client id. */
bool
clients_witness(const struct judge *judge, const struct pair *pair, int64_t from, int64_t to)
{
	struct client key = {.server = pair->server, .order = from};
	size_t end = count_before(judge, &key);
	if (end == 0 || !is_session_of(&judge->clients[end - 1], &pair->server))
		return false;
	const uint32_t *latest = judge->clients[end - 1].latest;
	uint32_t other = &judge->pairs[latest[0]] != pair ? latest[0] : latest[1];
	return other != NOBODY && judge->claims[other].last > to;
}

const struct claim *
clients_claim(const struct judge *judge, const struct pair *pair)
{
	return &judge->claims[pair - judge->pairs];
}
