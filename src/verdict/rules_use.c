/*
 * rules_use: what goes wrong after the mount: a server that stops answering, comes
 * back as another instance, delays, refuses; callbacks and locks that cannot work.
 */
#include "judge.h"
#include "numbers.h"

/* What a status is evidence of. */
enum mark {
	MARK_NONE,
	MARK_DELAY,
	MARK_GRACE,
	MARK_STALE,
	MARK_LOST, /* state that the server does not know */
	MARK_EXPIRED,
	MARK_REFUSED,
	MARKS
};

static const struct {
	uint32_t status;
	enum mark mark;
} marks[] = {
	{NFS4ERR_PERM, MARK_REFUSED},        {NFS4ERR_IO, MARK_REFUSED},
	{NFS4ERR_ACCESS, MARK_REFUSED},      {NFS4ERR_NOSPC, MARK_REFUSED},
	{NFS4ERR_ROFS, MARK_REFUSED},        {NFS4ERR_DQUOT, MARK_REFUSED},
	{NFS4ERR_STALE, MARK_STALE},         {NFS4ERR_BADHANDLE, MARK_STALE},
	{NFS4ERR_SERVERFAULT, MARK_REFUSED}, {NFS4ERR_DELAY, MARK_DELAY},
	{NFS4ERR_EXPIRED, MARK_EXPIRED},     {NFS4ERR_GRACE, MARK_GRACE},
	{NFS4ERR_WRONGSEC, MARK_REFUSED},    {NFS4ERR_STALE_CLIENTID, MARK_LOST},
	{NFS4ERR_STALE_STATEID, MARK_LOST},  {NFS4ERR_BADSESSION, MARK_LOST},
};

static enum mark
mark_of(const struct call *call)
{
	if (call->replies == 0 || call->status != STATUS_SUCCESS || !call->has_result ||
	    call->result == 0 || call->reply_bad)
		return MARK_NONE;
	if (call->program == PROGRAM_NLM)
		return call->result == NLM_DENIED_GRACE_PERIOD ? MARK_GRACE : MARK_NONE;
	if (call->program != PROGRAM_NFS && call->program != PROGRAM_NFS_ACL)
		return MARK_NONE;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (marks[i].status == call->result)
			return marks[i].mark == MARK_REFUSED && call_is_unread(call)
				       ? MARK_NONE
				       : marks[i].mark;
	}
	return MARK_NONE;
}

/* What a pair's calls show, by mark. */
struct tally {
	uint32_t count[MARKS];
	const struct call *first[MARKS], *last[MARKS];
	bool renewed;   /* a client id was made after something was lost */
	int64_t silent; /* the longest time between two calls before something was lost */
	bool notified;
	uint64_t notify_frame;
	int64_t notify_time;
};

static void
tally_event(struct tally *tally, const struct event *event, int64_t *before)
{
	const struct call *call = event->call;
	if (call == NULL)
		return;
	enum mark mark = mark_of(call);
	if (mark != MARK_NONE) {
		if (tally->count[mark]++ == 0)
			tally->first[mark] = call;
		tally->last[mark] = call;
	}
	int64_t idle = call->idle >= 0 ? call->idle : *before != 0 ? call->time - *before : 0;
	if ((mark == MARK_LOST || mark == MARK_EXPIRED) && idle > tally->silent)
		tally->silent = idle;
	if (event->contact->last_reply_time > *before)
		*before = event->contact->last_reply_time;
	tally->renewed |= tally->first[MARK_LOST] != NULL && call_begins_client_id(call) &&
			  call->replies != 0 && call->result == 0;
}

static void
put_status(struct text *text, const struct call *call)
{
	if (call->result_name != NULL)
		text_format(text, "%s (%u)", call->result_name, call->result);
	else
		text_format(text, "status %u", call->result);
}

static void
put_procedure(struct text *text, const struct judge *judge, const struct call *call)
{
	const char *name = call->failed_op != 0
				   ? say_operation(call->failed_op)
				   : names_procedure(judge->names, call->program, call->version,
						     call->procedure);
	text_string_put(text, name != NULL ? name : "a call");
}

/* "192.168.56.10 answered 5 calls of 192.168.56.21 with NFS3ERR_ROFS (30), first SETATTR" */
static void
tell_mark(struct judge *judge, const struct pair *pair, const struct tally *tally,
	  enum mark mark, enum finding_id id)
{
	const struct call *first = tally->first[mark], *last = tally->last[mark];
	if (first == NULL || last == NULL)
		return;
	struct finding *finding =
		verdict_warn(judge, id, &pair->client, &pair->server, first->time, last->time);
	if (finding == NULL)
		return;
	struct text *text = &finding->sentence;
	say_host(text, judge, &pair->server);
	text_format(text, " answered %u call%s of ", tally->count[mark],
		    tally->count[mark] == 1 ? "" : "s");
	say_host(text, judge, &pair->client);
	text_string_put(text, " with ");
	put_status(text, first);
	text_string_put(text, ", first ");
	put_procedure(text, judge, first);
	if (tally->count[mark] > 1) {
		text_string_put(text, ", for ");
		say_time(text, last->time - first->time);
	}
	for (size_t i = 0; i < pair->events.count; i++) {
		const struct call *call = pair->events.at[i].call;
		if (call != NULL && mark_of(call) == mark)
			finding_frame(finding, call->reply_frame);
	}
}

/* Did the server close, reset or refuse in that silence? It then was not there itself. */
static bool
server_closed(const struct pair *pair, const struct call *lost, int64_t silent)
{
	if (lost == NULL)
		return false;
	int64_t from = lost->time - silent - NEARBY, to = lost->reply_time;
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact_end *client = &pair->contacts[i]->end[0],
					 *server = &pair->contacts[i]->end[1];
		bool fin = server->fin_frame != 0 && server->fin_time > from &&
			   server->fin_time < to &&
			   (client->fin_frame == 0 || server->fin_frame < client->fin_frame);
		bool rst = server->rst_frame != 0 && server->rst_time > from &&
			   server->rst_time < to;
		if (fin || rst)
			return true;
	}
	return false;
}

/* That it came back is seen from its closing, its word or its grace period; else a lease that
 * ran out looks the same, until others of its clients are heard. */
static void
tell_doubt(const struct judge *judge, const struct pair *pair, const struct tally *tally,
	   struct finding *finding)
{
	const struct call *lost = tally->first[MARK_LOST];
	if (tally->notified || tally->count[MARK_GRACE] != 0 ||
	    server_closed(pair, lost, NEARBY))
		return;
	finding->confidence = LIKELY;
	if (tally->renewed || judge_outlasts(judge, lost->reply_time))
		return;
	finding->confidence = POSSIBLE;
	text_string_put(&finding->sentence, "; the capture ends ");
	say_time(&finding->sentence, judge->facts->last - lost->reply_time);
	text_string_put(&finding->sentence, " later, before the client could recover");
}

static void
tell_restart(struct judge *judge, const struct pair *pair, const struct tally *tally)
{
	const struct call *lost = tally->first[MARK_LOST];
	int64_t time = lost != NULL ? lost->time : tally->notify_time;
	struct finding *finding = verdict_warn(judge, FINDING_SERVER_RESTARTED, &pair->client,
					       &pair->server, time, judge->facts->last);
	if (finding == NULL)
		return;
	struct text *text = &finding->sentence;
	say_host(text, judge, &pair->server);
	if (lost != NULL) {
		text_string_put(text, " no longer knew the state of ");
		say_host(text, judge, &pair->client);
		text_string_put(text, " (");
		put_status(text, lost);
		text_string_put(text, tally->renewed
					      ? "), which made a new client id: the server "
						"had restarted"
					      : ")");
		finding_frame(finding, lost->frame);
		finding_frame(finding, lost->reply_frame);
		finding_frame(finding, tally->last[MARK_LOST]->reply_frame);
		tell_doubt(judge, pair, tally, finding);
	} else {
		text_string_put(text, " told ");
		say_host(text, judge, &pair->client);
		text_string_put(text, " by SM_NOTIFY that it has restarted");
		finding_frame(finding, tally->notify_frame);
	}
}

/* SM_NOTIFY comes from the server: the pair with the roles exchanged. */
static void
tally_notify(const struct judge *judge, const struct pair *pair, struct tally *tally)
{
	const struct pair *reverse = pairs_reverse(judge, pair);
	for (size_t i = 0; reverse != NULL && i < reverse->events.count; i++) {
		const struct call *call = reverse->events.at[i].call;
		if (call == NULL || call->program != PROGRAM_STATUS ||
		    call->procedure != SM_NOTIFY || tally->notified)
			continue;
		tally->notified = true;
		tally->notify_frame = call->frame;
		tally->notify_time = call->time;
	}
}

static bool
kept_coming(const struct tally *tally, enum mark mark)
{
	const struct call *first = tally->first[mark], *last = tally->last[mark];
	return first != NULL && last != NULL && last->time - first->time > NEARBY;
}

static void
tell_namesake(struct judge *judge, const struct pair *pair, const struct pair *other,
	      const struct call *lost)
{
	struct finding *finding = verdict_warn(judge, FINDING_CLIENT_ID_IN_USE, &pair->client,
					       &pair->server, lost->time, judge->facts->last);
	if (finding == NULL)
		return;
	struct text *text = &finding->sentence;
	say_host(text, judge, &pair->client);
	text_string_put(text, " and ");
	say_host(text, judge, &other->client);
	text_string_put(text, " name themselves to ");
	say_host(text, judge, &pair->server);
	text_string_put(text, " with the same client owner: the new client id of one takes the "
			      "state of the other (");
	put_status(text, lost);
	text_char(text, ')');
	finding_frame(finding, clients_claim(judge, pair)->frame);
	finding_frame(finding, clients_claim(judge, other)->frame);
	finding_frame(finding, lost->frame);
	finding_frame(finding, lost->reply_frame);
}

/* Who cannot read the operations, lacks some, or has no times, cannot tell it from an expired
 * lease, unless the server closed. */
static bool
may_restart(const struct judge *judge, const struct pair *pair, const struct call *lost)
{
	bool clock = judge->facts->last > judge->facts->first;
	return lost != NULL && ((clock && !pair->gaps && !call_is_unread(lost)) ||
				server_closed(pair, lost, NEARBY));
}

/* State was lost: to a namesake, to the end of the lease, or with the server. */
static void
judge_loss(struct judge *judge, const struct pair *pair, const struct tally *tally)
{
	enum { LOOP = 4 };
	const struct call *lost = tally->first[MARK_LOST];
	bool expired =
		tally->count[MARK_EXPIRED] != 0 || (lost != NULL && tally->silent > LEASE &&
						    !server_closed(pair, lost, tally->silent));
	const struct pair *namesake = lost != NULL ? clients_namesake(judge, pair) : NULL;
	bool lives = lost != NULL &&
		     clients_witness(judge, pair, lost->time - tally->silent, lost->reply_time);
	if (namesake != NULL)
		tell_namesake(judge, pair, namesake, lost);
	else if (expired || (lives && tally->silent > SHORT_LEASE))
		tell_mark(judge, pair, tally,
			  tally->count[MARK_EXPIRED] != 0 ? MARK_EXPIRED : MARK_LOST,
			  FINDING_LEASE_EXPIRED);
	else if (!pair->gaps && (lives || (tally->count[MARK_LOST] >= LOOP && !tally->renewed)))
		tell_mark(judge, pair, tally, MARK_LOST, FINDING_CLIENT_ID_STALE);
	else if (tally->notified || may_restart(judge, pair, lost))
		tell_restart(judge, pair, tally);
}

static void
judge_use(struct judge *judge, struct pair *pair)
{
	struct tally tally = {0};
	int64_t before = 0;
	for (size_t i = 0; i < pair->events.count; i++)
		tally_event(&tally, &pair->events.at[i], &before);
	tally_notify(judge, pair, &tally);
	if (!pair_in_use(judge, pair))
		return;
	bool grace = kept_coming(&tally, MARK_GRACE);
	if (grace)
		tell_mark(judge, pair, &tally, MARK_GRACE, FINDING_SERVER_IN_GRACE);
	judge_loss(judge, pair, &tally);
	if (tally.count[MARK_GRACE] != 0 && !grace)
		tell_mark(judge, pair, &tally, MARK_GRACE, FINDING_SERVER_IN_GRACE);
	if (kept_coming(&tally, MARK_DELAY))
		tell_mark(judge, pair, &tally, MARK_DELAY, FINDING_SERVER_DELAYS);
	if (tally.count[MARK_STALE] != 0)
		tell_mark(judge, pair, &tally, MARK_STALE, FINDING_STALE_HANDLE);
	if (tally.count[MARK_REFUSED] != 0)
		tell_mark(judge, pair, &tally, MARK_REFUSED, FINDING_NFS_ERROR);
}

void
rules_use(struct judge *judge)
{
	for (size_t i = 0; i < judge->pair_count; i++) {
		struct pair *pair = &judge->pairs[i];
		if (pair->serves)
			continue;
		judge_use(judge, pair);
	}
}
