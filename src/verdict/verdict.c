/*
 * verdict: pairs, their trials, then the rules that look at connections, paths and
 * the capture as a whole. A cause that lies below the service (the path, the host)
 * takes the place of what the trial alone could say.
 */
#include "judge.h"

#include <stdlib.h>

struct finding *
findings_add(struct findings *findings, enum finding_id id)
{
	findings->at = memory_grow(findings->at, &findings->capacity, findings->count + 1,
				   sizeof *findings->at);
	struct finding *finding = &findings->at[findings->count++];
	finding_init(finding, id);
	return finding;
}

bool
findings_have(const struct findings *findings, enum finding_id id)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->at[i].id == id)
			return true;
	}
	return false;
}

static void
release_findings(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		finding_release(&findings->at[i]);
	free(findings->at);
}

void
attempt_release(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->step_count; i++)
		text_release(&attempt->steps[i].text);
	free(attempt->steps);
	text_release(&attempt->path);
	release_findings(&attempt->findings);
}

/* -- which attempt a cause belongs to -- */

static bool
is_bad(const struct attempt *attempt)
{
	return attempt->outcome == OUTCOME_FAILED || attempt->outcome == OUTCOME_INCOMPLETE;
}

/* Did a service say why it refused? That is its cause, whatever else went on. */
static bool
is_refused(const struct attempt *attempt)
{
	static const enum finding_id said[] = {
		FINDING_MOUNT_ACCESS_DENIED,   FINDING_MOUNT_NO_SUCH_PATH,
		FINDING_MOUNT_NOT_A_DIRECTORY, FINDING_MOUNT_INSECURE_PORT,
		FINDING_MOUNT_FLAVOR_MISMATCH, FINDING_NFS4_WRONG_SECURITY,
		FINDING_MOUNT_SERVER_ERROR,
	};
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		if (attempt->findings.count != 0 && attempt->findings.at[0].id == said[i])
			return true;
	}
	return false;
}

enum choice {
	CHOOSE_UNEXPLAINED, /* the first that failed and overlaps, and was not refused in words
			     */
	CHOOSE_BESIDE,      /* the last that overlaps, if it was not refused in words */
	CHOOSE_FAILED,      /* the first that failed and overlaps */
	CHOOSE_BEGUN,       /* the last that had begun */
};

static bool
may_be(const struct attempt *attempt, int64_t from, enum choice choice)
{
	bool overlaps = attempt->end + SECOND >= from;
	switch (choice) {
	case CHOOSE_UNEXPLAINED:
		return is_bad(attempt) && overlaps && !is_refused(attempt);
	case CHOOSE_BESIDE:
		return overlaps && !is_refused(attempt);
	case CHOOSE_FAILED:
		return is_bad(attempt) && overlaps;
	case CHOOSE_BEGUN:
		return true;
	}
	return false;
}

/* Whose attempt is meant, and when it was; NULL: anybody's. */
struct meant {
	const struct address *client, *server;
	int64_t from, to;
};

static struct attempt *
search(struct attempt *attempts, size_t count, const struct meant *meant, enum choice choice)
{
	bool first = choice == CHOOSE_UNEXPLAINED || choice == CHOOSE_FAILED;
	struct attempt *found = NULL;
	for (size_t i = 0; i < count; i++) {
		struct attempt *attempt = &attempts[i];
		if ((meant->client != NULL &&
		     !address_equal(&attempt->client, meant->client)) ||
		    (meant->server != NULL &&
		     !address_equal(&attempt->server, meant->server)) ||
		    attempt->start > meant->to || !may_be(attempt, meant->from, choice))
			continue;
		if (found == NULL ||
		    (first ? attempt->start < found->start : attempt->start >= found->start))
			found = attempt;
	}
	return found;
}

static struct attempt *
find_attempt(struct judge *judge, struct meant meant, enum choice choice)
{
	struct verdict *verdict = judge->verdict;
	size_t first = 0, count = verdict->attempt_count;
	meant.from -= facts_blur(judge->facts);
	meant.to += facts_blur(judge->facts);
	if (meant.client != NULL && meant.server != NULL) {
		const struct pair *pair = pairs_find(judge, meant.client, meant.server);
		if (pair == NULL || pair->attempt_count == 0)
			return NULL;
		first = pair->attempt_from;
		count = pair->attempt_count;
	}
	if (count == 0)
		return NULL;
	return search(verdict->attempts + first, count, &meant, choice);
}

/* What lies below the services: one such cause does not take the place of another. */
static bool
is_below(enum finding_id id)
{
	static const enum finding_id below[] = {
		FINDING_DUPLICATE_ADDRESS,   FINDING_HOST_UNREACHABLE,
		FINDING_SLOW_PATH,           FINDING_PACKET_LOSS,
		FINDING_PATH_MTU_BLACK_HOLE, FINDING_UDP_FRAGMENT_LOST,
		FINDING_KDC_UNREACHABLE,     FINDING_REPLIES_NOT_RECEIVED,
		FINDING_TCP_PORT_REUSE,
	};
	for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
		if (below[i] == id)
			return true;
	}
	return false;
}

/* Makes room for the deciding finding; what only followed from it goes. */
static struct finding *
put_first(struct attempt *attempt, enum finding_id id)
{
	struct findings *findings = &attempt->findings;
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->at[i].severity != SEVERITY_NOTE)
			finding_release(&findings->at[i]);
		else
			findings->at[kept++] = findings->at[i];
	}
	findings->count = kept;
	findings_add(findings, id);
	struct finding deciding = findings->at[kept];
	for (size_t i = kept; i > 0; i--)
		findings->at[i] = findings->at[i - 1];
	findings->at[0] = deciding;
	return &findings->at[0];
}

struct finding *
verdict_warn(struct judge *judge, enum finding_id id, const struct address *client,
	     const struct address *server, int64_t from, int64_t to)
{
	struct attempt *attempt =
		find_attempt(judge, (struct meant){client, server, from, to}, CHOOSE_BEGUN);
	struct findings *findings =
		attempt != NULL ? &attempt->findings : &judge->verdict->findings;
	if (findings_have(findings, id) && attempt != NULL)
		return NULL;
	struct finding *finding = findings_add(findings, id);
	if (finding->severity == SEVERITY_ERROR)
		finding->severity = SEVERITY_WARNING;
	if (client != NULL)
		finding->hosts[finding->host_count++] = *client;
	if (server != NULL)
		finding->hosts[finding->host_count++] = *server;
	return finding;
}

struct finding *
attempt_explain(struct attempt *attempt, enum finding_id id)
{
	struct finding *finding = put_first(attempt, id);
	finding->severity = SEVERITY_ERROR;
	attempt->outcome = OUTCOME_FAILED;
	return finding;
}

/* How it ended is behind the bound of what is looked at: it may have been well. */
static bool
goes_on_unseen(const struct judge *judge, const struct attempt *attempt)
{
	return attempt->outcome == OUTCOME_INCOMPLETE &&
	       judge_is_near_bound(judge, attempt->end);
}

struct finding *
verdict_explain(struct judge *judge, enum finding_id id, const struct address *client,
		const struct address *server, int64_t from, int64_t to)
{
	static const enum choice choices[] = {CHOOSE_UNEXPLAINED, CHOOSE_BESIDE, CHOOSE_FAILED,
					      CHOOSE_BEGUN};
	const struct meant meant = {client, server, from, to};
	struct attempt *attempt = NULL;
	for (size_t i = 0; i < sizeof choices / sizeof choices[0] && attempt == NULL; i++)
		attempt = find_attempt(judge, meant, choices[i]);
	bool failed = attempt != NULL && is_bad(attempt) && !goes_on_unseen(judge, attempt) &&
		      attempt->end + SECOND >= from - facts_blur(judge->facts);
	if (attempt == NULL)
		return verdict_warn(judge, id, client, server, from, to);
	if (findings_have(&attempt->findings, id))
		return NULL;
	struct finding *finding =
		attempt->findings.count != 0 && is_below(attempt->findings.at[0].id)
			? findings_add(&attempt->findings, id)
			: put_first(attempt, id);
	finding->severity = failed ? SEVERITY_ERROR : SEVERITY_WARNING;
	if (failed)
		attempt->outcome = OUTCOME_FAILED;
	return finding;
}

/* Notes stand behind what decides. */
static void
put_notes_last(struct findings *findings)
{
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++) {
		struct finding finding = findings->at[i];
		if (finding.severity == SEVERITY_NOTE)
			continue;
		for (size_t at = i; at > kept; at--)
			findings->at[at] = findings->at[at - 1];
		findings->at[kept++] = finding;
	}
}

/* -- the whole -- */

static int
compare_attempts(const void *a, const void *b)
{
	const struct attempt *left = a, *right = b;
	return left->first_frame < right->first_frame ? -1
						      : left->first_frame > right->first_frame;
}

struct verdict *
verdict_new(const struct facts *facts, const struct names *names)
{
	struct verdict *verdict = memory_get(sizeof *verdict);
	struct judge judge = {.facts = facts, .names = names, .verdict = verdict};
	verdict->omitted.connections = facts->omitted_contacts;
	verdict->omitted.calls = facts->omitted_calls;
	verdict->omitted.limit = facts->full;
	verdict->omitted.contacts = facts->contacts_begun;
	verdict->omitted.frame = facts->last_frame;
	pairs_make(&judge);
	kdcs_make(&judge);
	for (size_t i = 0; i < judge.pair_count; i++) {
		struct pair *pair = &judge.pairs[i];
		pair->attempt_from = verdict->attempt_count;
		if (!pair->serves)
			trials_make(&judge, pair);
		pair->attempt_count = verdict->attempt_count - pair->attempt_from;
	}
	rules_hosts(&judge);
	rules_path(&judge);
	rules_kdc(&judge);
	rules_tcp(&judge);
	rules_silence(&judge);
	rules_callback(&judge);
	rules_use(&judge);
	rules_repeats(&judge);
	rules_capture(&judge);
	for (size_t i = 0; i < verdict->attempt_count; i++)
		put_notes_last(&verdict->attempts[i].findings);
	if (verdict->attempt_count != 0)
		qsort(verdict->attempts, verdict->attempt_count, sizeof *verdict->attempts,
		      compare_attempts);
	kdcs_free(&judge);
	pairs_free(&judge);
	verdict_keep(verdict, &(struct verdict_wish){.host = NULL});
	return verdict;
}

void
verdict_free(struct verdict *verdict)
{
	if (verdict == NULL)
		return;
	for (size_t i = 0; i < verdict->attempt_count; i++)
		attempt_release(&verdict->attempts[i]);
	free(verdict->attempts);
	release_findings(&verdict->findings);
	free(verdict);
}

const char *
attempt_kind_name(enum attempt_kind kind)
{
	static const char *const names[] = {
		[ATTEMPT_NFS3] = "nfs3",
		[ATTEMPT_NFS4] = "nfs4",
		[ATTEMPT_NFS2] = "nfs2",
		[ATTEMPT_QUERY] = "query",
	};
	return names[kind];
}

const char *
attempt_outcome_name(enum attempt_outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_MOUNTED] = "mounted",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_INCOMPLETE] = "incomplete",
		[OUTCOME_ANSWERED] = "answered",
	};
	return names[outcome];
}

const char *
step_result_name(enum step_result result)
{
	static const char *const names[] = {
		[STEP_OK] = "ok",
		[STEP_FAILED] = "failed",
		[STEP_NO_ANSWER] = "no answer",
		[STEP_RETRIED] = "retried",
	};
	return names[result];
}
