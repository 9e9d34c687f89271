/*
 * rules_path: the way between client and server: slow, lossy, too narrow, or cut
 * behind the place of capture. Each rule weighs one pair as a whole, because one
 * repeated packet proves nothing.
 */
#include "judge.h"

/* -- how long a turn takes -- */

struct turns {
	int64_t least;
	uint32_t count;
	uint64_t frames[4]; /* of the first two: question, answer */
};

static void
add_turn(struct turns *turns, int64_t turn, uint64_t from, uint64_t to)
{
	if (turn < 0)
		return;
	if (turns->count < 2) {
		size_t at = 2 * (size_t)turns->count;
		turns->frames[at] = from;
		turns->frames[at + 1] = to;
	}
	if (turns->count++ == 0 || turn < turns->least)
		turns->least = turn;
}

static struct turns
measure(const struct judge *judge, const struct pair *pair)
{
	struct turns turns = {0};
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
		if (client->syns != 0 && server->syns != 0 && client->sent_ack)
			add_turn(&turns, client->ack_time - client->syn_time, client->syn_frame,
				 server->syn_frame);
		if (contact->transport != TRANSPORT_UDP)
			continue;
		for (uint32_t at = contact->first_call; at != NO_CALL;
		     at = judge->facts->calls[at].next) {
			const struct call *call = &judge->facts->calls[at];
			if (call->replies != 0)
				add_turn(&turns, call->reply_time - call->time, call->frame,
					 call->reply_frame);
		}
	}
	return turns;
}

static bool
find_slow(struct judge *judge, struct pair *pair)
{
	enum { ENOUGH = 3 };
	struct turns turns = measure(judge, pair);
	if (turns.count < ENOUGH || turns.least < SLOW_TURN || pair->one_sided)
		return false;
	struct finding *finding =
		verdict_explain(judge, FINDING_SLOW_PATH, &pair->client, &pair->server,
				pair->contacts[0]->start, judge->facts->last);
	if (finding == NULL)
		return true;
	say_host(&finding->sentence, judge, &pair->server);
	text_string_put(&finding->sentence, " answers everything, but never before ");
	say_time(&finding->sentence, turns.least);
	text_format(&finding->sentence, " (%u turns): later than ", turns.count);
	say_host(&finding->sentence, judge, &pair->client);
	text_string_put(&finding->sentence, " waits");
	for (unsigned i = 0; i < 4; i++)
		finding_frame(finding, turns.frames[i]);
	return true;
}

/* -- loss -- */

struct losses {
	uint32_t contacts; /* that recovered from a loss */
	uint32_t programs; /* of them, as bits */
	uint64_t repeats, packets;
	uint64_t frames[6];
	unsigned frame_count;
};

static void
add_loss(struct losses *losses, uint64_t frame)
{
	if (losses->frame_count < 6 && frame != 0)
		losses->frames[losses->frame_count++] = frame;
}

static uint32_t
program_bit(uint32_t program)
{
	return program == PROGRAM_PORTMAPPER ? 1 : program == PROGRAM_MOUNT ? 2 : 4;
}

/* What a contact that got its answers in the end had to send again. */
static void
weigh_contact(const struct judge *judge, const struct contact *contact, struct losses *losses)
{
	const struct contact_end *client = &contact->end[0], *server = &contact->end[1];
	uint64_t repeats = (uint64_t)client->retransmits + server->retransmits;
	losses->packets += client->packets + server->packets;
	if (client->syns > 1 && server->syns != 0) {
		repeats += client->syns - 1;
		add_loss(losses, client->last_syn_frame);
	}
	if (contact->transport == TRANSPORT_UDP) {
		for (uint32_t at = contact->first_call; at != NO_CALL;
		     at = judge->facts->calls[at].next) {
			const struct call *call = &judge->facts->calls[at];
			if (call->replies == 0)
				continue;
			repeats += call->sends - 1;
			if (call->sends > 1)
				add_loss(losses, call->last_frame);
		}
	}
	add_loss(losses, client->retransmit_frame);
	add_loss(losses, server->retransmit_frame);
	if (repeats == 0 || contact->replies == 0)
		return;
	losses->repeats += repeats;
	losses->contacts++;
	losses->programs |= program_bit(pairs_program(judge, contact));
}

static struct finding *
begin_loss(struct judge *judge, const struct pair *pair)
{
	return verdict_explain(judge, FINDING_PACKET_LOSS, &pair->client, &pair->server,
			       pair->contacts[0]->start, judge->facts->last);
}

static bool
find_corruption(struct judge *judge, struct pair *pair)
{
	enum { ENOUGH = 3, MAJORITY = 3 };
	const struct facts *facts = judge->facts;
	uint64_t bad = 0;
	for (size_t i = 0; i < pair->contact_count; i++)
		bad += pair->contacts[i]->end[0].bad_checksums +
		       pair->contacts[i]->end[1].bad_checksums;
	if (facts->bad_checksums < ENOUGH || bad == 0 ||
	    facts->good_checksums < MAJORITY * facts->bad_checksums ||
	    facts->retransmits + facts->repeats == 0)
		return false;
	struct finding *finding = begin_loss(judge, pair);
	if (finding == NULL)
		return true;
	text_format(&finding->sentence, "%llu packets between ",
		    (unsigned long long)facts->bad_checksums);
	say_host(&finding->sentence, judge, &pair->client);
	text_string_put(&finding->sentence, " and ");
	say_host(&finding->sentence, judge, &pair->server);
	text_format(
		&finding->sentence,
		" arrived with a wrong checksum (%llu of those looked at were right): they are "
		"corrupted on the way, dropped and sent again",
		(unsigned long long)facts->good_checksums);
	for (unsigned i = 0; i < 4; i++)
		finding_frame(finding, facts->corrupt_frame[i]);
	return true;
}

static bool
find_loss(struct judge *judge, struct pair *pair)
{
	enum { CONTACTS = 3, REPEATS = 6, SHARE = 25 };
	struct losses losses = {0};
	for (size_t i = 0; i < pair->contact_count; i++)
		weigh_contact(judge, pair->contacts[i], &losses);
	bool several = (losses.programs & (losses.programs - 1)) != 0;
	if (judge->facts->last == judge->facts->first)
		return true; /* no times: slow and lost look alike */
	if (losses.contacts < CONTACTS || !several || losses.repeats < REPEATS ||
	    losses.repeats * SHARE < losses.packets || pair->one_sided)
		return find_corruption(judge, pair);
	struct finding *finding = begin_loss(judge, pair);
	if (finding == NULL)
		return true;
	text_format(&finding->sentence, "%llu of %llu packets between ",
		    (unsigned long long)losses.repeats, (unsigned long long)losses.packets);
	say_host(&finding->sentence, judge, &pair->client);
	text_string_put(&finding->sentence, " and ");
	say_host(&finding->sentence, judge, &pair->server);
	text_format(&finding->sentence,
		    " had to be sent again, on %u connections to several services: the path "
		    "loses packets",
		    losses.contacts);
	for (unsigned i = 0; i < losses.frame_count; i++)
		finding_frame(finding, losses.frames[i]);
	return true;
}

/* -- large packets vanish -- */

enum { LARGE = 576, TIMES = 3 }; /* RFC 1122 section 3.3.3: 576 passes everywhere */

/* What one side's segments came to, on all TCP connections of a pair. */
struct passage {
	uint32_t largest_acked;
	uint32_t stuck;     /* connections whose large segment never arrives */
	int64_t last_heard; /* of the other side */
};

static struct passage
measure_passage(const struct pair *pair, unsigned side)
{
	struct passage passage = {.last_heard = INT64_MIN};
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		const struct contact_end *end = &contact->end[side],
					 *other = &contact->end[!side];
		if (contact->transport != TRANSPORT_TCP)
			continue;
		if (end->largest_acked > passage.largest_acked)
			passage.largest_acked = end->largest_acked;
		if (other->last_time > passage.last_heard)
			passage.last_heard = other->last_time;
		/* (of a connection joined midway, its SYN+ACK is not there) */
		passage.stuck +=
			end->stuck_count >= TIMES && end->stuck_length > LARGE &&
			(other->syns != 0 || (contact->joined_midway && other->packets != 0));
	}
	return passage;
}

static bool
is_stuck(const struct contact_end *end, const struct contact_end *other)
{
	return end->stuck_count >= TIMES && end->stuck_length > LARGE &&
	       end->largest_acked < end->stuck_length && end->has_acked &&
	       end->stuck_last_time - end->stuck_time > NEARBY &&
	       other->last_time > end->stuck_time;
}

/* Each of several connections gets stuck with its first large segment, and the other end still
 * opens new ones: a server that was away would answer there. */
static bool
is_stuck_again(const struct passage *passage, const struct contact_end *end)
{
	return end->stuck_count >= TIMES && end->stuck_length > LARGE &&
	       passage->largest_acked < end->stuck_length &&
	       passage->last_heard > end->stuck_time && passage->stuck > 1;
}

/* The connection was made, and the first thing sent, a large segment, is all that is ever sent:
 * a host that is up would acknowledge it, whatever its service does. */
static bool
is_stuck_at_once(const struct passage *passage, const struct contact_end *end,
		 const struct contact_end *other)
{
	bool first = end->syns != 0 && other->syns != 0 && end->stuck == end->syn + 1 &&
		     (!end->has_acked || end->acked == end->stuck);
	return first && end->stuck_count >= TIMES && end->stuck_length > LARGE &&
	       end->stuck_last_time - end->stuck_time > NEARBY &&
	       passage->largest_acked < end->stuck_length;
}

/* Captured behind the narrow place: the large ones never come, small ones after them do. */
static const struct hole *
lasting_hole(const struct judge *judge, const struct contact_end *end)
{
	for (uint32_t i = 0; i < end->hole_count; i++) {
		const struct hole *hole = &end->holes[i];
		if (hole->to - hole->from > LARGE && end->has_acked &&
		    (int32_t)(end->acked - hole->from) <= 0 &&
		    judge_outlasts(judge, hole->time))
			return hole;
	}
	return NULL;
}

bool
path_may_be_narrow(const struct judge *judge, const struct pair *pair)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		if (contact->end[0].stuck_length > LARGE ||
		    lasting_hole(judge, &contact->end[1]) != NULL)
			return true;
	}
	return false;
}

static bool
find_narrow(struct judge *judge, const struct pair *pair, const struct contact *contact,
	    const struct passage passages[2])
{
	for (unsigned i = 0; i < 2; i++) {
		const struct contact_end *end = &contact->end[i];
		const struct hole *hole = pair->gaps ? NULL : lasting_hole(judge, end);
		const struct contact_end *other = &contact->end[!i];
		bool sure = is_stuck(end, other) || is_stuck_again(&passages[i], end);
		bool stuck = sure || is_stuck_at_once(&passages[i], end, other);
		if (!stuck && hole == NULL)
			continue;
		struct finding *finding = verdict_explain(
			judge, FINDING_PATH_MTU_BLACK_HOLE, &contact->client.address,
			&contact->server.address, stuck ? end->stuck_time : hole->time,
			judge->facts->last);
		if (finding == NULL)
			return true;
		struct text *text = &finding->sentence;
		text_string_put(text, "small packets pass, large ones from ");
		say_host(text, judge,
			 i == 0 ? &contact->client.address : &contact->server.address);
		text_string_put(text, " to ");
		say_host(text, judge,
			 i == 0 ? &contact->server.address : &contact->client.address);
		if (stuck)
			text_format(
				text,
				" do not: a segment of %u octets was sent %u times and never "
				"acknowledged",
				end->stuck_length, end->stuck_count + 1);
		else
			text_format(text,
				    " do not: %u octets that were sent before frame %llu never "
				    "came",
				    hole->to - hole->from, (unsigned long long)hole->frame);
		finding->confidence = sure ? CERTAIN : LIKELY;
		finding_frame(finding, stuck ? end->stuck_frame : hole->frame);
		finding_frame(finding, end->stuck_last_frame);
		return true;
	}
	return false;
}

void
rules_path(struct judge *judge)
{
	rules_pieces(judge);
	for (size_t i = 0; i < judge->pair_count; i++) {
		struct pair *pair = &judge->pairs[i];
		if (find_slow(judge, pair) || find_loss(judge, pair))
			continue;
		rules_unheard(judge, pair);
		const struct passage passages[2] = {measure_passage(pair, 0),
						    measure_passage(pair, 1)};
		for (size_t c = 0; c < pair->contact_count; c++) {
			if (find_narrow(judge, pair, pair->contacts[c], passages))
				break;
		}
	}
}
