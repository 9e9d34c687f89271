/*
 * rules_capture: what the capture itself lacks, so what cannot be concluded. Notes:
 * they lower the confidence of what was found, and never are a fault.
 */
#include "judge.h"

/* What was concluded from such a capture is not certain. */
static void
lower(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->at[i].severity != SEVERITY_NOTE &&
		    findings->at[i].confidence == CERTAIN)
			findings->at[i].confidence = LIKELY;
	}
}

/* A finding that belongs to the whole pair's attempts, or to none. */
static struct finding *
add_note(struct judge *judge, const struct pair *pair, enum finding_id id)
{
	struct verdict *verdict = judge->verdict;
	if (pair->attempt_count != 0) {
		struct attempt *attempt = &verdict->attempts[pair->attempt_from];
		if (findings_have(&attempt->findings, id))
			return NULL;
		for (size_t i = 0; i < pair->attempt_count && id != FINDING_CAPTURE_CUT; i++)
			lower(&attempt[i].findings);
		struct finding *finding = findings_add(&attempt->findings, id);
		finding->severity = SEVERITY_NOTE;
		return finding;
	}
	if (findings_have(&verdict->findings, id))
		return NULL;
	struct finding *finding = findings_add(&verdict->findings, id);
	finding->severity = SEVERITY_NOTE;
	return finding;
}

static void
find_one_sided(struct judge *judge, struct pair *pair)
{
	uint64_t client = 0, server = 0;
	for (size_t i = 0; i < pair->contact_count; i++) {
		client += pair->contacts[i]->end[0].packets;
		server += pair->contacts[i]->end[1].packets;
	}
	if (!pair->one_sided && (client != 0 || server == 0))
		return;
	struct finding *finding = add_note(judge, pair, FINDING_CAPTURE_ONE_SIDED);
	if (finding == NULL)
		return;
	text_string_put(&finding->sentence, "the capture has nothing of what ");
	say_host(&finding->sentence, judge, client == 0 ? &pair->client : &pair->server);
	text_string_put(&finding->sentence, " sent to ");
	say_host(&finding->sentence, judge, client == 0 ? &pair->server : &pair->client);
	text_string_put(&finding->sentence, ", so what was answered cannot be told");
	finding_frame(finding, pair->contacts[0]->first_frame);
}

static void
find_cut(struct judge *judge, struct pair *pair)
{
	if (!judge->facts->snapped)
		return;
	struct finding *finding = add_note(judge, pair, FINDING_CAPTURE_CUT);
	if (finding == NULL)
		return;
	text_string_put(
		&finding->sentence,
		"packets are cut by the snap length of the capture: what their ends said is "
		"not known");
	for (unsigned i = 0; i < judge->facts->snapped; i++)
		finding_frame(finding, judge->facts->snapped_frames[i]);
}

static void
tell_gap(const struct judge *judge, const struct contact *contact, unsigned end,
	 struct finding *finding)
{
	const struct contact_end *this = &contact->end[end], *other = &contact->end[!end];
	struct text *text = &finding->sentence;
	if (this->hole_count != 0)
		text_format(text, "%u octet%s", this->holes[0].to - this->holes[0].from,
			    this->holes[0].to - this->holes[0].from == 1 ? "" : "s");
	else
		text_string_put(text, "packets");
	text_string_put(text, " from ");
	say_host(text, judge, end == 0 ? &contact->client.address : &contact->server.address);
	text_string_put(text, " were received but are not in the capture");
	finding_frame(finding,
		      this->hole_count != 0 ? this->holes[0].frame : other->last_frame);
}

static void
find_gaps(struct judge *judge, struct pair *pair)
{
	for (size_t i = 0; i < pair->contact_count; i++) {
		const struct contact *contact = pair->contacts[i];
		for (unsigned end = 0; end < 2; end++) {
			if (!contact_has_gap(contact, end))
				continue;
			struct finding *finding = add_note(judge, pair, FINDING_CAPTURE_GAPS);
			if (finding != NULL)
				tell_gap(judge, contact, end, finding);
			return;
		}
	}
}

/* Times were made even; how long it really was across the step, nobody knows. */
static void
find_steps(struct judge *judge)
{
	const struct clock_steps *steps = &judge->facts->steps;
	struct verdict *verdict = judge->verdict;
	if (steps->count == 0)
		return;
	for (size_t i = 0; i < verdict->attempt_count; i++)
		lower(&verdict->attempts[i].findings);
	lower(&verdict->findings);
	struct finding *finding = findings_add(&verdict->findings, FINDING_CAPTURE_CLOCK);
	struct text *text = &finding->sentence;
	text_string_put(text, "the capture's clock went ");
	text_string_put(text, steps->by < 0 ? "back by " : "forward by ");
	say_time(text, steps->by < 0 ? -steps->by : steps->by);
	text_format(text, " before frame %llu", (unsigned long long)steps->frame);
	if (steps->count > 1)
		text_format(text, ", and %u times more", steps->count - 1);
	text_string_put(text, ": times behind it are told as if it had run on, and how long "
			      "anything took across it is not known");
	finding_frame(finding, steps->frame - 1);
	finding_frame(finding, steps->frame);
}

void
rules_capture(struct judge *judge)
{
	find_steps(judge);
	for (size_t i = 0; i < judge->pair_count; i++) {
		find_one_sided(judge, &judge->pairs[i]);
		find_cut(judge, &judge->pairs[i]);
		find_gaps(judge, &judge->pairs[i]);
	}
}
