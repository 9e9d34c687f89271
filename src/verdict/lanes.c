/*
 * lanes: strands that went on at the same time stand in lanes of their own, those that came
 * one after the other in one, so that NFS 4 refused and NFS 3 tried next stays one command.
 * A strand goes on in the lane whose last ended most recently. One lane is the rule.
 */
#include "lanes.h"

#include <stdlib.h>

#include "strands.h"

enum { LANES = 64 };

struct place {
	uint32_t strand;
	int64_t start, end;
};

static int
compare_places(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return left->strand < right->strand ? -1 : left->strand > right->strand;
}

/* The lane that was free last; a new one where none is; any, when there are too many. */
static size_t
choose_lane(const int64_t ends[LANES], size_t count, int64_t start)
{
	size_t best = LANES, first = 0;
	for (size_t i = 0; i < count; i++) {
		if (ends[i] <= start && (best == LANES || ends[i] > ends[best]))
			best = i;
		if (ends[i] < ends[first])
			first = i;
	}
	if (best != LANES)
		return best;
	return count < LANES ? count : first;
}

/* Fills in lane_of[strand]; how many lanes there are. */
static size_t
place_strands(const struct strands *strands, uint8_t *lane_of)
{
	struct place *places = memory_get((strands->count + 1) * sizeof *places);
	int64_t ends[LANES];
	size_t kept = 0, count = 0;
	for (size_t i = 0; i < strands->count; i++) {
		const struct strand *at = &strands->at[i];
		if (at->into == NO_STRAND && at->start <= at->end)
			places[kept++] = (struct place){(uint32_t)i, at->start, at->end};
	}
	if (kept != 0)
		qsort(places, kept, sizeof *places, compare_places);
	for (size_t i = 0; i < kept; i++) {
		size_t lane = choose_lane(ends, count, places[i].start);
		if (lane == count)
			ends[count++] = places[i].end;
		else if (places[i].end > ends[lane])
			ends[lane] = places[i].end;
		lane_of[places[i].strand] = (uint8_t)lane;
	}
	free(places);
	return count != 0 ? count : 1;
}

void
lanes_make(struct lanes *lanes, const struct judge *judge, const struct pair *pair)
{
	struct strands strands;
	strands_make(&strands, judge, pair);
	uint8_t *lane_of = memory_get(strands.count + 1);
	lanes->count = place_strands(&strands, lane_of);
	lanes->at = memory_get(lanes->count * sizeof *lanes->at);
	lanes->events = memory_get((pair->events.count + 1) * sizeof *lanes->events);
	for (size_t i = 0; i < pair->events.count; i++)
		lanes->at[lane_of[strands_of(&strands, i)]].capacity++;
	for (size_t i = 0, from = 0; i < lanes->count; i++) {
		lanes->at[i].at = lanes->events + from;
		from += lanes->at[i].capacity;
	}
	for (size_t i = 0; i < pair->events.count; i++) {
		struct events *lane = &lanes->at[lane_of[strands_of(&strands, i)]];
		lane->at[lane->count++] = pair->events.at[i];
	}
	free(lane_of);
	strands_free(&strands);
}

void
lanes_free(struct lanes *lanes)
{
	free(lanes->at);
	free(lanes->events);
}
