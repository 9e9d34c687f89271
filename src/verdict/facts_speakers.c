/*
 * facts_speakers: which hosts are heard: who sent anything, and whose packets to one host alone
 * are in the capture.
 */
#include "facts_store.h"

/* A host that sent something, or was sent something alone. */
struct speaker {
	struct table_entry entry; /* first: see table.h */
	struct address address;
	bool spoke, unicast;
};

void
facts_speakers_begin(struct facts *facts)
{
	table_init(&facts->speakers);
	pool_init(&facts->speaker_pool, sizeof(struct speaker));
}

static struct speaker *
find_speaker(const struct facts *facts, const struct address *address, uint64_t hash)
{
	for (struct table_entry *entry = table_first(&facts->speakers, hash); entry != NULL;
	     entry = table_next(entry)) {
		struct speaker *speaker = (struct speaker *)entry;
		if (address_equal(&speaker->address, address))
			return speaker;
	}
	return NULL;
}

bool
facts_speaks(const struct facts *facts, const struct address *address)
{
	uint64_t hash = table_hash(&facts->speakers, address, sizeof *address);
	const struct speaker *speaker = find_speaker(facts, address, hash);
	return facts->omitted_hosts != 0 || (speaker != NULL && speaker->spoke);
}

bool
facts_overhears(const struct facts *facts, const struct address *address)
{
	uint64_t hash = table_hash(&facts->speakers, address, sizeof *address);
	const struct speaker *speaker = find_speaker(facts, address, hash);
	return !facts->unicast || (speaker != NULL && speaker->unicast);
}

/* NULL: there is no room for it. */
static struct speaker *
speaker_of(struct facts *facts, const struct address *address)
{
	uint64_t hash = table_hash(&facts->speakers, address, sizeof *address);
	struct speaker *speaker = find_speaker(facts, address, hash);
	if (speaker != NULL)
		return speaker;
	if (facts->speakers.count >= facts->host_limit) {
		facts->omitted_hosts++;
		return NULL;
	}
	speaker = pool_get(&facts->speaker_pool);
	speaker->address = *address;
	table_insert(&facts->speakers, &speaker->entry, hash);
	return speaker;
}

void
facts_note_unicast(struct facts *facts, const struct address *address)
{
	struct speaker *speaker = speaker_of(facts, address);
	facts->unicast = true;
	if (speaker != NULL)
		speaker->unicast = true;
}

void
facts_note_spoke(struct facts *facts, const struct address *address)
{
	struct speaker *speaker = speaker_of(facts, address);
	if (speaker != NULL)
		speaker->spoke = true;
}

/* Once a flow and direction is enough; more cost a look-up each. */
void
facts_speaker(struct facts *facts, const struct packet *packet)
{
	facts_note_spoke(facts, &packet->source.address);
	if (!address_is_group(&packet->destination.address))
		facts_note_unicast(facts, &packet->source.address);
}
