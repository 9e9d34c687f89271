/*
 * session_reuse: sessions of the same ports, one after the other.
 *
 * When a SYN begins the next one, the ends of the one before are taken for closed. But the
 * server may not know: it answers the SYN by a challenge ACK with the numbers of the connection
 * that it still holds (RFC 9293 section 3.10.7.4). Then that end is taken to live on, until the
 * client's answer, an RST with those numbers, ends it, or until it takes a SYN after all.
 */
#include "session_table.h"
#include "unusual.h"

enum { BEFORE_MOST = 8 }; /* sessions looked back: tries that met the same old connection */

void
session_succeed(struct sessions *sessions, struct session *session)
{
	struct session *before = sessions->succeeded;
	sessions->succeeded = NULL;
	if (before == NULL)
		return;
	session->before = before;
	before->after = session;
}

void
session_detach(struct sessions *sessions, struct session *session)
{
	if (sessions->succeeded == session)
		sessions->succeeded = NULL;
	if (session->before != NULL)
		session->before->after = NULL;
	if (session->after != NULL)
		session->after->before = NULL;
}

static bool
is_alive(const struct session *session)
{
	const struct life_end *end = session->life.end;
	return end[0].state > TCP_LISTEN || end[1].state > TCP_LISTEN;
}

/* Which end of its flow sent the packet? */
static unsigned
sender(const struct session *session, const struct packet *packet)
{
	bool client = endpoint_equal(&session->client, &packet->source);
	return client ? session->client_end : !session->client_end;
}

/* The one before it; NULL where its own SYN was taken, which ended all before it. */
static struct session *
further_back(const struct session *old)
{
	return old->opening == OPENING_ANSWERED ? NULL : old->before;
}

UNUSUAL void
session_look_back(const struct sessions *sessions, struct session *session,
		  const struct packet *packet, bool challenge)
{
	int64_t now = packet->frame.time, msl2 = sessions->options.msl2;
	bool rst = packet->flags & TCP_RST;
	bool opened = packet->flags & TCP_SYN && session->opening == OPENING_ANSWERED;
	struct session *old = session->before;
	if (!challenge && !rst && !opened)
		return;
	for (unsigned i = 0; old != NULL && i < BEFORE_MOST; i++, old = further_back(old)) {
		if (challenge && life_outlives(&old->life, packet, sender(old, packet)))
			return;
		if (challenge || !is_alive(old))
			continue;
		if (opened)
			life_end(&old->life, now, true, msl2);
		else
			life_segment(&old->life, packet, sender(old, packet), msl2);
	}
}
