/*
 * session_table: a list of all sessions in order of number, and two age lists that say
 * what goes first when there are too many. Nobody looks for one by its number: a
 * flow points to its own.
 */
#include "session_table.h"

#include <stdlib.h>

#include "limits.h"
#include "unusual.h"

#define MSL2_DEFAULT                                                                           \
	(60 * SECOND) /* as Linux has it; RFC 9293 section 3.4.2 says 4 minutes                \
		       */

struct sessions *
sessions_new(struct bindings *bindings, struct counts *counts,
	     const struct sessions_options *options, session_told *told, void *context)
{
	struct sessions *sessions = memory_get(sizeof *sessions);
	sessions->bindings = bindings;
	sessions->counts = counts;
	sessions->options = *options;
	if (sessions->options.msl2 == 0)
		sessions->options.msl2 = MSL2_DEFAULT;
	if (sessions->options.limit == 0)
		sessions->options.limit = LIMIT_SESSIONS;
	sessions->told = told;
	sessions->context = context;
	pool_init(&sessions->pool, sizeof(struct session));
	return sessions;
}

void
sessions_free(struct sessions *sessions)
{
	if (sessions == NULL)
		return;
	for (struct session *session = sessions->oldest; session != NULL;
	     session = session->newer)
		life_release(&session->life);
	pool_release(&sessions->pool);
	free(sessions);
}

static struct session_list *
age_list(struct sessions *sessions, const struct session *session)
{
	return session->ranked ? &sessions->ranked : &sessions->others;
}

static void
age_append(struct session_list *list, struct session *session)
{
	session->age_newer = NULL;
	session->age_older = list->newest;
	if (list->newest != NULL)
		list->newest->age_newer = session;
	else
		list->oldest = session;
	list->newest = session;
	list->count++;
}

static void
age_remove(struct session_list *list, struct session *session)
{
	if (session->age_older != NULL)
		session->age_older->age_newer = session->age_newer;
	else
		list->oldest = session->age_newer;
	if (session->age_newer != NULL)
		session->age_newer->age_older = session->age_older;
	else
		list->newest = session->age_older;
	list->count--;
}

UNUSUAL void
session_rank(struct sessions *sessions, struct session *session)
{
	if (session->ranked || !session_concerns_rpc(session))
		return;
	age_remove(&sessions->others, session);
	session->ranked = true;
	age_append(&sessions->ranked, session);
}

static void
list_remove(struct sessions *sessions, struct session *session)
{
	if (session->older != NULL)
		session->older->newer = session->newer;
	else
		sessions->oldest = session->newer;
	if (session->newer != NULL)
		session->newer->older = session->older;
	else
		sessions->newest = session->older;
}

struct session *
session_add(struct sessions *sessions, uint64_t number)
{
	struct session *session = pool_get(&sessions->pool);
	session->number = number;
	session->older = sessions->newest;
	if (sessions->newest != NULL)
		sessions->newest->newer = session;
	else
		sessions->oldest = session;
	sessions->newest = session;
	age_append(&sessions->others, session);
	return session;
}

void
session_remove(struct sessions *sessions, struct session *session)
{
	session_detach(sessions, session);
	age_remove(age_list(sessions, session), session);
	list_remove(sessions, session);
	if (session->answer != NULL)
		bindings_drop(sessions->bindings, session->answer);
	life_release(&session->life);
	pool_put(&sessions->pool, session);
}
