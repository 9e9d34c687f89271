/*
 * clients: what the clients of one NFS 4 server tell about each other: two that bear
 * one name, or one that keeps its session while another loses its own, which a
 * restarted server would not allow. One summary a pair, made in one pass.
 */
#include "judge.h"
#include "numbers.h"

#include <stdlib.h>

enum { SEARCHED = 256 };

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

void
clients_make(struct judge *judge)
{
	judge->claims = memory_get((judge->pair_count + 1) * sizeof *judge->claims);
	for (size_t i = 0; i < judge->pair_count; i++) {
		const struct events *events = &judge->pairs[i].events;
		for (size_t e = 0; e < events->count; e++)
			claim_event(&judge->claims[i], &events->at[e]);
	}
}

void
clients_free(struct judge *judge)
{
	free(judge->claims);
}

/* Another client of the same server, by its index; the count of pairs where there is none. */
static size_t
search(const struct judge *judge, const struct pair *pair,
       bool (*fits)(const struct claim *mine, const struct claim *other, int64_t from,
		    int64_t to),
       int64_t from, int64_t to)
{
	const struct claim *mine = &judge->claims[pair - judge->pairs];
	for (size_t i = 0; i < judge->pair_count && i < SEARCHED; i++) {
		if (&judge->pairs[i] != pair &&
		    address_equal(&judge->pairs[i].server, &pair->server) &&
		    fits(mine, &judge->claims[i], from, to))
			return i;
	}
	return judge->pair_count;
}

static bool
is_namesake(const struct claim *mine, const struct claim *other, int64_t from, int64_t to)
{
	(void)from;
	(void)to;
	return mine->owner != 0 && mine->owner == other->owner &&
	       mine->verifier != other->verifier;
}

/* Its session lived on through that time, without a new client id. */
static bool
is_witness(const struct claim *mine, const struct claim *other, int64_t from, int64_t to)
{
	(void)mine;
	return other->begun != 0 && other->begun < from && other->last > to &&
	       other->named < from && !other->failed;
}

const struct pair *
clients_namesake(const struct judge *judge, const struct pair *pair)
{
	size_t found = search(judge, pair, is_namesake, 0, 0);
	return found < judge->pair_count ? &judge->pairs[found] : NULL;
}

bool
clients_witness(const struct judge *judge, const struct pair *pair, int64_t from, int64_t to)
{
	return search(judge, pair, is_witness, from, to) < judge->pair_count;
}

const struct claim *
clients_claim(const struct judge *judge, const struct pair *pair)
{
	return &judge->claims[pair - judge->pairs];
}
