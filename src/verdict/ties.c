/*
 * ties: which strand a handle, a session or a contact belongs to. Handles and sessions are
 * keyed hashes, which traffic cannot choose, in a table that has room for all of them.
 */
#include <stdlib.h>

#include "strands.h"

struct tie {
	uint64_t key; /* 0: free */
	uint32_t strand;
};

void
ties_make(struct strands *strands)
{
	enum { KEYS_PER_EVENT = 3 };
	size_t most = strands->pair->events.count * KEYS_PER_EVENT;
	strands->tie_room = 16;
	while (strands->tie_room < 2 * most)
		strands->tie_room *= 2;
	strands->ties = memory_get(strands->tie_room * sizeof *strands->ties);
	strands->homes =
		memory_get((strands->pair->contact_count + 1) * sizeof *strands->homes);
	for (size_t i = 0; i <= strands->pair->contact_count; i++)
		strands->homes[i] = NO_STRAND;
}

void
ties_free(struct strands *strands)
{
	free(strands->ties);
	free(strands->homes);
}

static struct tie *
slot_of(const struct strands *strands, uint64_t key)
{
	size_t at = key & (strands->tie_room - 1);
	while (strands->ties[at].key != 0 && strands->ties[at].key != key)
		at = (at + 1) & (strands->tie_room - 1);
	return &strands->ties[at];
}

uint32_t
ties_find(const struct strands *strands, uint64_t key)
{
	const struct tie *tie = slot_of(strands, key);
	return key != 0 && tie->key == key ? tie->strand : NO_STRAND;
}

void
ties_add(struct strands *strands, uint64_t key, uint32_t strand)
{
	if (key != 0)
		*slot_of(strands, key) = (struct tie){key, strand};
}

uint32_t *
ties_home(const struct strands *strands, const struct contact *contact)
{
	return &strands->homes[pairs_place(strands->pair, contact)];
}

const struct call *
ties_lead(const struct strands *strands, const struct contact *contact)
{
	const struct call *calls = strands->judge->facts->calls;
	unsigned left = LIMIT_LEAD_CALLS;
	for (uint32_t i = contact->first_call; i != NO_CALL && left-- != 0; i = calls[i].next) {
		if (calls[i].known && !calls[i].backward && calls[i].procedure != 0)
			return &calls[i];
	}
	return NULL;
}
