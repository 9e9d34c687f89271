/*
 * session_table: buckets by the lowest bits of a session's number, of which each is given
 * once and in order, so that they are hash enough; a list of all in that order; and
 * two age lists that say what goes first when there are too many.
 */
#include "session_table.h"

#include <stdlib.h>

#include "limits.h"

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
	sessions->bucket_count = 1;
	while (sessions->bucket_count < sessions->options.limit)
		sessions->bucket_count *= 2;
	sessions->buckets = memory_get(sessions->bucket_count * sizeof(struct session *));
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
	free(sessions->buckets);
	free(sessions);
}

static struct session **
bucket_of(const struct sessions *sessions, uint64_t number)
{
	return &sessions->buckets[number & (sessions->bucket_count - 1)];
}

struct session *
sessions_find(const struct sessions *sessions, uint64_t number)
{
	struct session *session = *bucket_of(sessions, number);
	while (session != NULL && session->number != number)
		session = session->chain;
	return session;
}

struct session *
sessions_first(const struct sessions *sessions)
{
	return sessions->oldest;
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

void
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
	struct session **bucket = bucket_of(sessions, number);
	session->number = number;
	session->chain = *bucket;
	*bucket = session;
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
	struct session **at = bucket_of(sessions, session->number);
	while (*at != session)
		at = &(*at)->chain;
	*at = session->chain;
	age_remove(age_list(sessions, session), session);
	list_remove(sessions, session);
	if (session->answer != NULL)
		bindings_drop(sessions->bindings, session->answer);
	life_release(&session->life);
	pool_put(&sessions->pool, session);
}
