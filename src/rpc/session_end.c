/*
 * session_end: what a session is once nothing more comes of it: which end was the client
 * where no packet said so, what came of its opening, how its life ended. It is told of
 * when the capture is over, or early when there are too many.
 */
#include "session_table.h"

/*
 * No packet said which end is the client. UDP: who sent first. TCP: a known port, or
 * one that the portmapper told of, is a server's; else the lower one is.
 */
static void
guess_client(struct sessions *sessions, struct session *session)
{
	if (session->transport == TRANSPORT_UDP || session_has_known_port(session))
		return;
	session_link(sessions, session);
	if (session->link != LINK_NONE)
		return;
	bool lower = session->server.port <= session->client.port;
	session_set_client(session, !session->client_end);
	session_link(sessions, session);
	if (session->link == LINK_NONE && !session_has_known_port(session) && lower)
		session_set_client(session, !session->client_end);
}

/* What came of its opening where no packet back shows it. */
static enum session_opening
unseen_opening(const struct session *session)
{
	const struct life *life = &session->life;
	if (session->transport == TRANSPORT_UDP)
		return session->calls > 0 && session->packets[1] == 0 ? OPENING_SILENT
								      : OPENING_UNKNOWN;
	if (session->joined_midway)
		return OPENING_UNKNOWN;
	/* One direction only: it goes on as it can only after a SYN+ACK. */
	for (size_t i = 0; i < life->transition_count; i++) {
		if (life->transitions[i].end == session->client_end &&
		    life->transitions[i].to == TCP_ESTABLISHED)
			return OPENING_ANSWERED;
	}
	/* RFC 5961 section 4.2 */
	return session->packets[1] == 0 ? OPENING_SILENT : OPENING_CHALLENGED;
}

/* The capture is over then: time goes on to the moment that was asked for. */
static int64_t
end_of_time(const struct sessions *sessions, int64_t now)
{
	const struct moment *until = &sessions->options.until;
	if (until->kind == MOMENT_NONE)
		return now;
	int64_t then = moment_resolve(until, sessions->counts->first);
	return then > now ? then : now;
}

static void
settle(struct sessions *sessions, struct session *session, int64_t now)
{
	if (!session->client_known)
		guess_client(sessions, session);
	if (session->transport == TRANSPORT_TCP)
		life_end(&session->life, end_of_time(sessions, now), false,
			 sessions->options.msl2);
	if (session->opening == OPENING_UNKNOWN)
		session->opening = (uint8_t)unseen_opening(session);
	if (session->link == LINK_NONE)
		session_link(sessions, session);
	session_link_done(session);
}

static void
let_go(struct sessions *sessions, struct session *session)
{
	if (sessions->told != NULL)
		sessions->told(sessions->context, session);
	if (session->flow != NULL)
		session->flow->kept = NULL;
	session_remove(sessions, session);
}

static void
take_streams(struct session *session, const struct flow *flow)
{
	session->retransmits = session->gaps = 0;
	for (int end = 0; flow->streams != NULL && end < 2; end++) {
		session->retransmits += flow->streams[end].retransmits;
		session->gaps += flow->streams[end].gaps;
	}
}

/*
 * Those without RPC go first, but a quarter of the room is theirs: a session is
 * one of them until its first message.
 */
void
sessions_evict(struct sessions *sessions, int64_t now)
{
	struct session *session = sessions->ranked.oldest;
	if (session == NULL || sessions->others.count > sessions->options.limit / 4)
		session = sessions->others.oldest;
	if (session->flow != NULL)
		take_streams(session, session->flow);
	settle(sessions, session, now);
	if (session_concerns_rpc(session))
		sessions->counts->evicted.sessions++;
	let_go(sessions, session);
}

void
sessions_retire(struct sessions *sessions, const struct flow *flow, bool reused, int64_t now)
{
	struct session *session = flow->kept;
	if (session == NULL)
		return;
	take_streams(session, flow);
	session->flow = NULL;
	session->over = true;
	session->succeeded = reused;
	sessions->succeeded = reused ? session : NULL;
	if (reused && session->transport == TRANSPORT_TCP)
		life_end(&session->life, now, true, sessions->options.msl2);
}

void
sessions_finish(struct sessions *sessions, int64_t now)
{
	for (struct session *session = sessions->oldest; session != NULL;
	     session = session->newer)
		settle(sessions, session, now);
	if (sessions->bindings != NULL)
		sessions_search_elsewhere(sessions);
	while (sessions->oldest != NULL)
		let_go(sessions, sessions->oldest);
}
