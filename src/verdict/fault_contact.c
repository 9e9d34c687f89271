/*
 * fault_contact: why a call, or an opening, got no answer from its connection: a
 * table of rules, tried in order. What the capture cannot show is no fault: an
 * answer that may lie past its end, or in the direction that it does not hold.
 */
#include "judge.h"

struct silence {
	const struct judge *judge;
	const struct pair *pair;
	const struct event *event;
	const struct contact *contact;
	bool udp;
	bool portmapper; /* the connection goes to port 111 */
	bool waited;     /* long enough, or the client gave up */
};

enum icmp_class { ICMP_NONE, ICMP_REFUSED, ICMP_FILTERED, ICMP_UNREACHABLE };

/* RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1, RFC 4443 section 3. */
static enum icmp_class
classify(const struct icmp_error *icmp)
{
	static const uint8_t codes4[] = {
		ICMP_UNREACHABLE, ICMP_UNREACHABLE, ICMP_REFUSED,     ICMP_REFUSED,
		ICMP_NONE,        ICMP_UNREACHABLE, ICMP_UNREACHABLE, ICMP_UNREACHABLE,
		ICMP_UNREACHABLE, ICMP_FILTERED,    ICMP_FILTERED,    ICMP_UNREACHABLE,
		ICMP_UNREACHABLE, ICMP_FILTERED,
	};
	static const uint8_t codes6[] = {
		ICMP_UNREACHABLE, ICMP_FILTERED, ICMP_UNREACHABLE, ICMP_UNREACHABLE,
		ICMP_REFUSED,     ICMP_FILTERED, ICMP_FILTERED,
	};
	if (icmp->version == 4 && icmp->type == 3)
		return icmp->code < sizeof codes4 ? codes4[icmp->code] : ICMP_UNREACHABLE;
	if (icmp->version == 6 && icmp->type == 1)
		return icmp->code < sizeof codes6 ? codes6[icmp->code] : ICMP_UNREACHABLE;
	if ((icmp->version == 4 && icmp->type == 11 && icmp->code == 0) ||
	    (icmp->version == 6 && icmp->type == 3 && icmp->code == 0))
		return ICMP_UNREACHABLE; /* a routing loop */
	return ICMP_NONE;
}

static bool
is_filtered(const struct silence *s)
{
	return classify(&s->contact->icmp) == ICMP_FILTERED;
}

static bool
is_unreachable(const struct silence *s)
{
	return classify(&s->contact->icmp) == ICMP_UNREACHABLE;
}

static bool
is_refused(const struct silence *s)
{
	const struct contact_end *client = &s->contact->end[0], *server = &s->contact->end[1];
	if (classify(&s->contact->icmp) == ICMP_REFUSED)
		return true;
	/* (a client that acknowledges got a SYN+ACK, though the capture may not have it) */
	return !s->udp && client->syns != 0 && server->syns == 0 && server->rst_frame != 0 &&
	       !client->sent_ack && s->contact->challenge_acks == 0;
}

static bool
is_to_same_port(const struct contact *other, const struct contact *contact)
{
	return other->transport == TRANSPORT_TCP && other->server.port == contact->server.port;
}

/* Was there a connection of the same ports before, which carried something? */
static bool
used_before(const struct pair *pair, const struct contact *contact)
{
	size_t at = pairs_place(pair, contact);
	size_t end = at > LIMIT_NEXT_CONTACTS ? at - LIMIT_NEXT_CONTACTS : 0;
	while (at-- > end) {
		const struct contact *other = pair->contacts[at];
		if (is_to_same_port(other, contact) &&
		    other->client.port == contact->client.port && other->end[1].data_frame != 0)
			return true;
	}
	return false;
}

/* Did the server meanwhile answer others? */
static bool
works_beside(const struct pair *pair, const struct contact *contact)
{
	size_t from = pairs_place(pair, contact);
	for (size_t i = from; i < pair->contact_count && i - from < LIMIT_NEXT_CONTACTS; i++) {
		const struct contact *other = pair->contacts[i];
		if (is_to_same_port(other, contact) &&
		    other->client.port != contact->client.port && other->end[1].syns != 0 &&
		    other->start >= contact->start && other->start < contact->last + NEARBY)
			return true;
	}
	return false;
}

/* The server, or a firewall, takes the SYN for one of the old connection: it answers with a
 * challenge ACK (RFC 5961 section 4), an RST, or nothing, while other ports get through. */
bool
contact_is_reused(const struct pair *pair, const struct contact *contact)
{
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	if (contact->transport != TRANSPORT_TCP || server->syns != 0 || client->syns == 0 ||
	    server->data_frame != 0) /* then it was made: the capture lacks the SYN+ACK */
		return false;
	return contact->challenge_acks != 0 ||
	       ((client->syns > 2 || server->rst_frame != 0) && used_before(pair, contact) &&
		works_beside(pair, contact));
}

/* (one challenge ACK is how it should be: RST and another SYN follow at once) */
static bool
is_reused(const struct silence *s)
{
	return s->waited && contact_is_reused(s->pair, s->contact);
}

/* The answer to the SYN is in the capture, and the client goes on asking. */
static bool
is_dropped_before_client(const struct silence *s)
{
	const struct contact_end *client = &s->contact->end[0], *server = &s->contact->end[1];
	return !s->udp && server->syns > 1 && client->syns > 1 && !client->sent_ack &&
	       client->rst_frame == 0 && client->last_syn_time > server->syn_time;
}

static bool
is_not_rpc(const struct silence *s)
{
	return s->contact->end[1].foreign && s->contact->replies == 0 &&
	       s->contact->unmatched == 0 && !s->contact->tls;
}

static bool
is_mismatched(const struct silence *s)
{
	const struct contact_end *client = &s->contact->end[0], *server = &s->contact->end[1];
	const struct call *call = s->event->call;
	/* Who has an answer neither asks again nor waits: then it is the capture that lacks the
	 * answer, and the call of the other. */
	bool waits = call != NULL && (call->sends > 1 ||
				      (call->next == NO_CALL && s->waited && !s->pair->gaps));
	return s->contact->unmatched != 0 && call != NULL && (waits || !s->udp) &&
	       (!s->pair->gaps || waits) && !s->contact->joined_midway && !client->unseen &&
	       !server->unseen && client->hole_count == 0 && server->hole_count == 0 &&
	       s->event->call->replies == 0 && s->contact->unmatched_frame > s->event->frame;
}

static bool
is_incomplete(const struct silence *s)
{
	const struct contact_end *server = &s->contact->end[1];
	return !s->udp && !s->contact->joined_midway && server->data_frame != 0 &&
	       server->judged && !server->foreign && s->contact->replies == 0 &&
	       s->contact->unmatched == 0 && server->hole_count == 0 && s->waited &&
	       !s->judge->facts->snapped && server->data_frame > s->event->frame;
}

/* Its FIN or RST; 0 where the client was first. */
static uint64_t
closed_by_server(const struct contact *contact)
{
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	uint64_t closed = server->fin_frame != 0 ? server->fin_frame : server->rst_frame;
	/* what acknowledges the client's FIN came after it, whatever the capture says */
	bool after = client->fin_frame != 0 &&
		     (client->fin_frame < closed || server->fin_acked_to == client->fin + 1);
	after |= client->fin_frame == 0 && client->unseen &&
		 server->fin_acked_to == client->ahead;
	return after ? 0 : closed;
}

static bool
is_closed(const struct silence *s)
{
	const struct contact_end *client = &s->contact->end[0], *server = &s->contact->end[1];
	bool made = server->syns != 0 || (client->syns != 0 && client->sent_ack);
	if (s->udp || !made || server->data_frame != 0 || client->packets == 0)
		return false;
	if (s->event->call == NULL && client->data_frame != 0)
		return false; /* what it sent could not be read */
	uint64_t closed = closed_by_server(s->contact);
	bool client_reset = client->rst_frame != 0 && client->rst_frame < closed;
	return closed != 0 && !client_reset && server->has_edge && server->hole_count == 0;
}

/* Closed after it had answered others on the same connection. */
static bool
is_closed_later(const struct silence *s)
{
	return !s->udp && s->event->call != NULL && s->contact->end[1].hole_count == 0 &&
	       closed_by_server(s->contact) > s->event->call->frame &&
	       (s->event->call->program != PROGRAM_NFS || s->event->call->procedure == 0);
}

static bool
is_hung(const struct silence *s)
{
	const struct contact_end *server = &s->contact->end[1];
	if (!s->waited || s->event->call == NULL)
		return false;
	if (s->udp)
		return services_answer(s->pair, TRANSPORT_UDP, s->contact->server.port,
				       s->contact->last);
	const struct contact_end *client = &s->contact->end[0];
	/* (what nobody acknowledges is sent again within a second or so: RFC 6298) */
	bool acked =
		client->has_acked || client->unseen ||
		(client->retransmits == 0 && judge_outlasts(s->judge, s->event->call->time));
	return (server->syns != 0 && acked) || s->contact->replies != 0;
}

static bool
is_silent(const struct silence *s)
{
	const struct contact_end *client = &s->contact->end[0], *server = &s->contact->end[1];
	/* With nothing of the server in the capture, only what was repeated in vain counts. */
	bool silent = s->pair->server_silent;
	if (s->udp)
		return s->event->call != NULL && server->packets == 0 && s->waited &&
		       (!silent || s->event->call->sends > 1);
	if (client->syns == 0 || server->packets != 0)
		return s->event->call != NULL && s->waited && server->syns != 0;
	return s->waited && client->syns > (silent ? 2 : 1);
}

static const struct {
	bool (*applies)(const struct silence *);
	enum finding_id portmapper, service;
	enum confidence confidence;
} rules[] = {
	{is_filtered, FINDING_PORTMAP_FILTERED, FINDING_SERVICE_FILTERED, CERTAIN},
	{is_unreachable, FINDING_HOST_UNREACHABLE, FINDING_HOST_UNREACHABLE, CERTAIN},
	{is_reused, FINDING_TCP_PORT_REUSE, FINDING_TCP_PORT_REUSE, CERTAIN},
	{is_refused, FINDING_PORTMAP_REFUSED, FINDING_SERVICE_REFUSED, CERTAIN},
	{is_dropped_before_client, FINDING_REPLIES_NOT_RECEIVED, FINDING_REPLIES_NOT_RECEIVED,
	 LIKELY},
	{is_not_rpc, FINDING_NOT_RPC, FINDING_NOT_RPC, CERTAIN},
	{is_mismatched, FINDING_REPLY_MISMATCH, FINDING_REPLY_MISMATCH, CERTAIN},
	{is_incomplete, FINDING_REPLY_INCOMPLETE, FINDING_REPLY_INCOMPLETE, LIKELY},
	{is_closed, FINDING_SERVICE_CLOSED, FINDING_SERVICE_CLOSED, CERTAIN},
	{is_closed_later, FINDING_SERVICE_CLOSED, FINDING_SERVICE_CLOSED, CERTAIN},
	{is_hung, FINDING_PORTMAP_HUNG, FINDING_SERVICE_HUNG, CERTAIN},
	{is_silent, FINDING_PORTMAP_NO_ANSWER, FINDING_SERVICE_NO_ANSWER, CERTAIN},
};

enum { RULES = sizeof rules / sizeof rules[0] };

/* Where the capture has gaps, an answer may be in one: then the client soon goes on, or closes.
 */
static bool
has_clung(const struct judge *judge, const struct event *event)
{
	const struct contact *contact = event->contact;
	const struct contact_end *client = &contact->end[0];
	int64_t until = client->fin_frame != 0   ? client->fin_time
			: client->rst_frame != 0 ? client->rst_time
						 : judge->facts->last;
	return contact->transport == TRANSPORT_TCP && event->call->next == NO_CALL &&
	       until - event->call->time >= PATIENCE;
}

/* Did the client give up on it, or has it waited for long? */
static bool
has_waited(const struct judge *judge, const struct pair *pair, const struct event *event)
{
	const struct contact *contact = event->contact;
	const struct contact_end *client = &contact->end[0];
	int64_t last = event->call != NULL ? event->call->time : contact->start;
	if (pair->gaps && event->call != NULL && event->call->sends == 1)
		return has_clung(judge, event);
	if (judge_outlasts(judge, last))
		return true;
	uint32_t asked = event->call != NULL ? event->call->sends : client->syns;
	if (asked >= ENOUGH_TRIES || (!judge_has_clock(judge) && asked > 1))
		return true;
	return client->fin_frame > event->frame || client->rst_frame > event->frame;
}

bool
fault_of_contact(const struct judge *judge, const struct pair *pair, const struct event *event,
		 struct fault *fault)
{
	const struct contact *contact = event->contact;
	struct silence silence = {
		.judge = judge,
		.pair = pair,
		.event = event,
		.contact = contact,
		.udp = contact->transport == TRANSPORT_UDP,
		.portmapper = contact->server.port == PORT_PORTMAPPER,
		.waited = has_waited(judge, pair, event),
	};
	if (address_is_group(&contact->server.address))
		return false;
	for (size_t i = 0; i < RULES; i++) {
		if (!rules[i].applies(&silence))
			continue;
		enum finding_id id =
			silence.portmapper ? rules[i].portmapper : rules[i].service;
		bool silent = rules[i].applies == is_silent || rules[i].applies == is_hung ||
			      rules[i].applies == is_closed ||
			      rules[i].applies == is_closed_later ||
			      rules[i].applies == is_incomplete;
		bool gap =
			contact_has_gap(contact, 1) || (pair->gaps && contact->unmatched != 0);
		if (silent && (pair->one_sided || gap))
			return false;
		*fault = (struct fault){.id = id,
					.level = LEVEL_REACH,
					.confidence = rules[i].confidence,
					.event = event};
		if (rules[i].applies == is_silent && pair->server_silent)
			fault->confidence = LIKELY;
		return true;
	}
	return false;
}
