/*
 * session_link: which answer of the portmapper a session goes back to.
 *
 * Looked for when the session begins, again when it turns out what it carries,
 * and at the end for what was learned late. The first session after an answer
 * followed it; those after that went by a port that the client had kept. Port
 * 111 is the same everywhere: nobody learns it from a list.
 */
#include <stdlib.h>
#include <string.h>

#include "session_table.h"
#include "sorted.h"
#include "unusual.h"

enum { ELSEWHERE_STEPS = 64 }; /* sessions looked at for one answer */

/* Takes back what was said of the session and its answer. */
static void
forget(struct sessions *sessions, struct session *session)
{
	struct binding *answer = session->answer;
	if (answer == NULL)
		return;
	if (session_followed(session)) {
		answer->sessions--;
		if (answer->session == session->number)
			answer->session = 0;
	}
	bindings_drop(sessions->bindings, answer);
	session->answer = NULL;
	session->link = LINK_NONE;
}

static void
follow(struct session *session, struct binding *answer)
{
	session->link = answer->session == 0 ? LINK_ANSWERED : LINK_CACHED;
	answer->sessions++;
	if (answer->session != 0)
		return;
	answer->session = session->number;
	answer->session_delay = session->answer_delay;
}

UNUSUAL void
session_link(struct sessions *sessions, struct session *session)
{
	if (sessions->bindings == NULL)
		return;
	const struct session_program *program = session_program(session);
	const struct binding_search search = {.client = &session->client.address,
					      .server = &session->server,
					      .transport = session->transport,
					      .program = program != NULL ? program->program : 0,
					      .frame = session->first_frame};
	struct binding *answer;
	enum binding_match match = bindings_find(sessions->bindings, &search, &answer);
	if (answer == NULL || answer == session->answer)
		return;
	if (session->server.port == PORTMAPPER_PORT &&
	    (match != BINDING_OWN || answer->listed || answer->sessions != 0))
		return;
	forget(sessions, session);
	session->answer = answer;
	session->answer_delay = session->start - answer->time;
	bindings_hold(answer);
	if (match == BINDING_OWN)
		follow(session, answer);
	else
		session->link = match == BINDING_OTHER_CLIENT ? LINK_OTHER_CLIENT : LINK_LATE;
}

void
session_link_done(const struct session *session)
{
	if (session->answer != NULL && session->answer->session == session->number)
		session->answer->session_opening = session->opening;
}

/* -- answers that nothing followed -- */

/* A session under what it carried, in the order of `key`, then of the capture. */
struct carried {
	struct {
		struct address client, server;
		uint32_t program, transport;
	} key;
	uint64_t frame;
	const struct session *session;
};

static int
carried_order(const void *a, const void *b)
{
	const struct carried *left = a, *right = b;
	int order = memcmp(&left->key, &right->key, sizeof left->key);
	if (order != 0)
		return order;
	return (left->frame > right->frame) - (left->frame < right->frame);
}

static struct carried *
list_carried(const struct sessions *sessions, size_t *count)
{
	struct carried *list = NULL;
	size_t capacity = 0;
	*count = 0;
	for (const struct session *session = sessions->oldest; session != NULL;
	     session = session->newer) {
		list = memory_grow(list, &capacity, *count + session->program_count,
				   sizeof *list);
		for (unsigned i = 0; i < session->program_count; i++) {
			struct carried *carried = &list[(*count)++];
			*carried = (struct carried){.frame = session->first_frame,
						    .session = session};
			carried->key.client = session->client.address;
			carried->key.server = session->server.address;
			carried->key.program = session->programs[i].program;
			carried->key.transport = session->transport;
		}
	}
	if (*count > 0)
		qsort(list, *count, sizeof *list, carried_order);
	return list;
}

static void
search_for(struct binding *binding, const struct carried *list, size_t count)
{
	struct carried wanted = {.frame = binding->frame};
	wanted.key.client = binding->client;
	wanted.key.server = binding->server;
	wanted.key.program = binding->program;
	wanted.key.transport = (uint32_t)binding->transport;
	size_t low = sorted_place(&wanted, list, count, sizeof wanted, carried_order);
	size_t end = count - low < ELSEWHERE_STEPS ? count : low + ELSEWHERE_STEPS;
	for (size_t i = low; i < end; i++) {
		if (memcmp(&list[i].key, &wanted.key, sizeof wanted.key) != 0)
			return;
		if (list[i].session->server.port == binding->port)
			continue;
		binding->elsewhere = list[i].session->number;
		binding->elsewhere_port = list[i].session->server.port;
		return;
	}
}

void
sessions_search_elsewhere(struct sessions *sessions)
{
	size_t count;
	struct carried *list = list_carried(sessions, &count);
	for (struct binding *binding = bindings_first(sessions->bindings); binding != NULL;
	     binding = bindings_next(binding)) {
		if (binding->sessions == 0 && !binding->listed)
			search_for(binding, list, count);
	}
	free(list);
}
