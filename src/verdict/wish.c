/*
 * wish: what of the verdict the user wants to see: whole attempts, with all that is said of
 * them, and findings that belong to none. It decides nothing anew; whether there is trouble
 * is asked of what is left.
 */
#include "judge.h"

static bool
has_trouble(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->at[i].severity != SEVERITY_NOTE)
			return true;
	}
	return false;
}

static bool
attempt_has_trouble(const struct attempt *attempt)
{
	return attempt->outcome == OUTCOME_FAILED || has_trouble(&attempt->findings);
}

static bool
is_about(const struct attempt *attempt, uint32_t program)
{
	for (unsigned i = 0; i < attempt->program_count; i++) {
		if (attempt->programs[i] == program)
			return true;
	}
	return false;
}

static bool
wants_attempt(const struct verdict_wish *wish, const struct attempt *attempt)
{
	if (wish->host != NULL && !address_equal(wish->host, &attempt->client) &&
	    !address_equal(wish->host, &attempt->server))
		return false;
	if (wish->program != NULL && !is_about(attempt, *wish->program))
		return false;
	return !wish->errors || attempt_has_trouble(attempt);
}

static bool
wants_finding(const struct verdict_wish *wish, const struct finding *finding)
{
	bool host = wish->host == NULL || finding->host_count == 0;
	for (unsigned i = 0; i < finding->host_count && !host; i++)
		host = address_equal(wish->host, &finding->hosts[i]);
	return host && wish->program == NULL &&
	       (!wish->errors || finding->severity != SEVERITY_NOTE);
}

static void
keep_attempts(struct verdict *verdict, const struct verdict_wish *wish)
{
	size_t kept = 0;
	for (size_t i = 0; i < verdict->attempt_count; i++) {
		if (wants_attempt(wish, &verdict->attempts[i]))
			verdict->attempts[kept++] = verdict->attempts[i];
		else
			attempt_release(&verdict->attempts[i]);
	}
	verdict->attempt_count = kept;
}

static void
keep_findings(struct findings *findings, const struct verdict_wish *wish)
{
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++) {
		if (wants_finding(wish, &findings->at[i]))
			findings->at[kept++] = findings->at[i];
		else
			finding_release(&findings->at[i]);
	}
	findings->count = kept;
}

void
verdict_keep(struct verdict *verdict, const struct verdict_wish *wish)
{
	keep_attempts(verdict, wish);
	keep_findings(&verdict->findings, wish);
	verdict->trouble = has_trouble(&verdict->findings);
	for (size_t i = 0; i < verdict->attempt_count; i++)
		verdict->trouble |= attempt_has_trouble(&verdict->attempts[i]);
}
