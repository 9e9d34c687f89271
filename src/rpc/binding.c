/*
 * binding: a table of answers by server, transport and port, and for each server
 * two age lists. An answer that says the same to the same client again puts the
 * one before on the second list, whose members go first when a server has too
 * many; so what led to a cached port stays as long as anything does.
 */
#include "binding.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "binding_table.h"
#include "limits.h"

/* What is hashed: no padding. */
struct key {
	struct address server;
	uint16_t port;
	uint16_t transport;
};
static_assert(sizeof(struct key) == 20, "padding would be hashed");

struct bindings *
bindings_new(const struct decoder *decoder, struct counts *counts, const struct bounds *bounds,
	     const struct bindings_sink *sink)
{
	struct bindings *bindings = memory_get(sizeof *bindings);
	bindings->counts = counts;
	bindings->bounds = *bounds;
	bindings->sink = *sink;
	bindings->questions = questions_new(decoder, counts, bounds);
	table_init(&bindings->table);
	table_init(&bindings->servers);
	pool_init(&bindings->pool, sizeof(struct binding));
	pool_init(&bindings->server_pool, sizeof(struct binding_server));
	return bindings;
}

void
bindings_free(struct bindings *bindings)
{
	if (bindings == NULL)
		return;
	questions_free(bindings->questions);
	table_release(&bindings->table);
	table_release(&bindings->servers);
	pool_release(&bindings->pool);
	pool_release(&bindings->server_pool);
	free(bindings);
}

void
bindings_learn(struct bindings *bindings, const struct message *message)
{
	questions_learn(bindings->questions, bindings, message);
}

static uint64_t
hash_of(const struct bindings *bindings, const struct address *server, enum transport transport,
	uint16_t port)
{
	struct key key = {.server = *server, .port = port, .transport = (uint16_t)transport};
	return table_hash(&bindings->table, &key, sizeof key);
}

static bool
is_at(const struct binding *binding, const struct address *server, enum transport transport,
      uint16_t port)
{
	return binding->port == port && binding->transport == transport &&
	       address_equal(&binding->server, server);
}

/* -- age lists of a server -- */

static struct binding_ages *
ages_of(const struct binding *binding)
{
	return binding->superseded ? &binding->home->superseded : &binding->home->current;
}

static void
age_append(struct binding *binding)
{
	struct binding_ages *ages = ages_of(binding);
	binding->server_newer = NULL;
	binding->server_older = ages->newest;
	if (ages->newest != NULL)
		ages->newest->server_newer = binding;
	else
		ages->oldest = binding;
	ages->newest = binding;
}

static void
age_remove(struct binding *binding)
{
	struct binding_ages *ages = ages_of(binding);
	if (binding->server_older != NULL)
		binding->server_older->server_newer = binding->server_newer;
	else
		ages->oldest = binding->server_newer;
	if (binding->server_newer != NULL)
		binding->server_newer->server_older = binding->server_older;
	else
		ages->newest = binding->server_older;
}

/* -- letting go -- */

static void
let_go(struct bindings *bindings, struct binding *binding)
{
	if (bindings->sink.told != NULL)
		bindings->sink.told(bindings->sink.context, binding);
	age_remove(binding);
	table_remove(&bindings->table, &binding->entry);
	binding->home->count--;
	binding->home = NULL;
	if (binding->holders == 0)
		pool_put(&bindings->pool, binding);
}

/* An answer that was given again since is only told of early: nothing is lost with it. */
static void
evict_binding(struct bindings *bindings, struct binding_server *server)
{
	struct binding *oldest = server->superseded.oldest;
	if (oldest == NULL) {
		oldest = server->current.oldest;
		bindings->counts->evicted.bindings++;
	}
	let_go(bindings, oldest);
}

static void
evict_server(struct bindings *bindings)
{
	struct binding_server *server =
		(struct binding_server *)(void *)bindings->servers.oldest;
	while (server->count > 0)
		evict_binding(bindings, server);
	table_remove(&bindings->servers, &server->entry);
	pool_put(&bindings->server_pool, server);
}

void
bindings_hold(struct binding *binding)
{
	binding->holders++;
}

void
bindings_drop(struct bindings *bindings, struct binding *binding)
{
	if (--binding->holders == 0 && binding->home == NULL)
		pool_put(&bindings->pool, binding);
}

/* -- adding -- */

static struct binding_server *
server_of(struct bindings *bindings, const struct address *address)
{
	uint64_t hash = table_hash(&bindings->servers, address, sizeof *address);
	struct table_entry *entry = table_first(&bindings->servers, hash);
	for (; entry != NULL; entry = table_next(entry)) {
		struct binding_server *server = (struct binding_server *)(void *)entry;
		if (!address_equal(&server->address, address))
			continue;
		table_touch(&bindings->servers, entry);
		return server;
	}
	if (bindings->servers.count >= bound_or(bindings->bounds.servers, LIMIT_SERVERS))
		evict_server(bindings);
	struct binding_server *server = pool_get(&bindings->server_pool);
	server->address = *address;
	table_insert(&bindings->servers, &server->entry, hash);
	return server;
}

/* Does it say the same to the same client? The key is equal already. */
static bool
says_the_same(const struct binding *a, const struct binding *b)
{
	return a->program == b->program && a->version == b->version &&
	       a->learned_from == b->learned_from && a->netid == b->netid &&
	       a->registered == b->registered && address_equal(&a->client, &b->client) &&
	       address_equal(&a->told_by, &b->told_by) && binding_same_wrong(a, b);
}

static struct binding *
find_same(const struct bindings *bindings, const struct binding *answer, uint64_t hash)
{
	struct table_entry *entry = table_first(&bindings->table, hash);
	for (; entry != NULL; entry = table_next(entry)) {
		struct binding *binding = (struct binding *)(void *)entry;
		if (!binding->superseded &&
		    is_at(binding, &answer->server, answer->transport, answer->port) &&
		    says_the_same(binding, answer))
			return binding;
	}
	return NULL;
}

void
bindings_add(struct bindings *bindings, const struct binding *answer)
{
	uint64_t hash = hash_of(bindings, &answer->server, answer->transport, answer->port);
	struct binding *before = find_same(bindings, answer, hash);
	if (before != NULL && before->call_frame == answer->call_frame) {
		before->repeats++;
		return;
	}
	struct binding_server *server = server_of(bindings, &answer->server);
	if (before != NULL) {
		age_remove(before);
		before->superseded = true;
		age_append(before);
	}
	if (server->count >= bound_or(bindings->bounds.answers, LIMIT_BINDINGS))
		evict_binding(bindings, server);
	struct binding *binding = pool_get(&bindings->pool);
	*binding = *answer;
	binding->home = server;
	server->count++;
	age_append(binding);
	table_insert(&bindings->table, &binding->entry, hash);
	if (bindings->sink.heard != NULL)
		bindings->sink.heard(bindings->sink.context, binding);
}

/* -- searching -- */

static enum binding_match
match_of(const struct binding *binding, const struct binding_search *search)
{
	if (binding->frame > search->frame)
		return BINDING_LATER;
	return address_equal(&binding->client, search->client) ? BINDING_OWN
							       : BINDING_OTHER_CLIENT;
}

/* Higher is better; of equals the nearest in time. */
static unsigned
rank_of(const struct binding *binding, const struct binding_search *search)
{
	static const unsigned by_match[] = {
		[BINDING_OWN] = 3, [BINDING_OTHER_CLIENT] = 2, [BINDING_LATER] = 1};
	bool about = search->program != 0 && binding->program == search->program;
	return by_match[match_of(binding, search)] * 4 + about * 2U + !binding->listed;
}

static bool
is_better(const struct binding *binding, const struct binding *best,
	  const struct binding_search *search)
{
	if (best == NULL)
		return true;
	unsigned rank = rank_of(binding, search), best_rank = rank_of(best, search);
	if (rank != best_rank)
		return rank > best_rank;
	bool later = match_of(binding, search) == BINDING_LATER;
	return later ? binding->frame < best->frame : binding->frame > best->frame;
}

enum binding_match
bindings_find(const struct bindings *bindings, const struct binding_search *search,
	      struct binding **found)
{
	const struct endpoint *server = search->server;
	uint64_t hash = hash_of(bindings, &server->address, search->transport, server->port);
	struct table_entry *entry = table_first(&bindings->table, hash);
	*found = NULL;
	for (; entry != NULL; entry = table_next(entry)) {
		struct binding *binding = (struct binding *)(void *)entry;
		if (binding->registered &&
		    is_at(binding, &server->address, search->transport, server->port) &&
		    is_better(binding, *found, search))
			*found = binding;
	}
	return *found != NULL ? match_of(*found, search) : BINDING_NONE;
}

struct binding *
bindings_first(const struct bindings *bindings)
{
	return (struct binding *)(void *)bindings->table.oldest;
}

struct binding *
bindings_next(const struct binding *binding)
{
	return (struct binding *)(void *)binding->entry.newer;
}

void
bindings_finish(struct bindings *bindings)
{
	struct binding *binding = bindings_first(bindings);
	for (; binding != NULL && bindings->sink.told != NULL; binding = bindings_next(binding))
		bindings->sink.told(bindings->sink.context, binding);
}
