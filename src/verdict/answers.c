/*
 * answers: which program the portmapper said is at a port. Each answer stands once,
 * in an array sorted by port and host, so that a port is found by halving.
 */
#include "judge.h"
#include "sorted.h"

#include <stdlib.h>
#include <string.h>

struct answer {
	struct address host;
	uint16_t port;
	uint8_t transport; /* 0: any */
	uint32_t program;
	int64_t time; /* of the first that said so */
};

static int
compare_places(const struct answer *a, const struct answer *b)
{
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return memcmp(&a->host, &b->host, sizeof a->host);
}

static int
compare_answers(const void *a, const void *b)
{
	const struct answer *left = a, *right = b;
	int order = compare_places(left, right);
	if (order == 0 && left->transport != right->transport)
		return left->transport < right->transport ? -1 : 1;
	if (order == 0 && left->program != right->program)
		return left->program < right->program ? -1 : 1;
	if (order == 0 && left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return order;
}

static void
add_answer(struct judge *judge, const struct call *call, const struct address *host)
{
	judge->answers = memory_grow(judge->answers, &judge->answer_capacity,
				     judge->answer_count + 1, sizeof *judge->answers);
	judge->answers[judge->answer_count++] =
		(struct answer){.host = *host,
				.port = call->answer,
				.transport = call->asked_transport,
				.program = call->asked,
				.time = call->reply_time};
}

void
answers_make(struct judge *judge)
{
	static const struct address nobody = {{0}};
	const struct facts *facts = judge->facts;
	size_t kept = 0;
	for (size_t i = 0; i < facts->call_count; i++) {
		const struct call *call = &facts->calls[i];
		if (call->frame == 0 || !call->has_answer || call->answer == 0)
			continue;
		const struct address *asked = &facts->contacts[call->contact]->server.address;
		add_answer(judge, call, asked);
		if (!address_equal(&call->more->answer_host, &nobody) &&
		    !address_equal(&call->more->answer_host, asked))
			add_answer(judge, call, &call->more->answer_host);
	}
	if (judge->answer_count != 0)
		qsort(judge->answers, judge->answer_count, sizeof *judge->answers,
		      compare_answers);
	for (size_t i = 0; i < judge->answer_count; i++) {
		const struct answer *last = kept != 0 ? &judge->answers[kept - 1] : NULL;
		const struct answer *at = &judge->answers[i];
		if (last == NULL || compare_places(last, at) != 0 ||
		    last->transport != at->transport || last->program != at->program)
			judge->answers[kept++] = *at;
	}
	judge->answer_count = kept;
}

void
answers_free(struct judge *judge)
{
	free(judge->answers);
}

static int
compare_to_place(const void *key, const void *item)
{
	return compare_places(key, item);
}

uint32_t
answers_program(const struct judge *judge, const struct contact *contact)
{
	struct answer key = {.host = contact->server.address, .port = contact->server.port};
	size_t low = sorted_place(&key, judge->answers, judge->answer_count, sizeof key,
				  compare_to_place);
	const struct answer *best = NULL;
	for (size_t i = low; i < judge->answer_count && i < low + LIMIT_PORT_ANSWERS; i++) {
		const struct answer *at = &judge->answers[i];
		if (compare_places(at, &key) != 0)
			break;
		if (at->transport != 0 && at->transport != (uint8_t)contact->transport)
			continue;
		/* the newest of those before it, else any */
		if (best == NULL || (at->time <= contact->start && at->time > best->time))
			best = at;
	}
	return best != NULL ? best->program : 0;
}
