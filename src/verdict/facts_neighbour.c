/*
 * facts_neighbour: who looked for whom on the link, and who answered: ARP (RFC 826), neighbour
 * discovery (RFC 4861).
 */
#include <netinet/in.h>
#include <string.h>

#include "facts_store.h"
#include "limits.h"
#include "patience.h"

enum {
	ARP_LENGTH = 28,
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
	NEIGHBOUR_SOLICITATION = 135,
	NEIGHBOUR_ADVERTISEMENT = 136,
	NEIGHBOUR_LENGTH = 24,
	OPTION_TARGET_ADDRESS = 2,
	SOLICITED = 0x40, /* RFC 4861 section 4.4 */
};

static struct neighbour *
find_neighbour(const struct facts *facts, const struct address *address, uint64_t hash)
{
	for (struct table_entry *entry = table_first(&facts->neighbours, hash); entry != NULL;
	     entry = table_next(entry)) {
		struct neighbour *neighbour = (struct neighbour *)entry;
		if (address_equal(&neighbour->address, address))
			return neighbour;
	}
	return NULL;
}

/* There is one host, or it was not asked for often enough to be missed: no rule asks for it. */
static bool
tells_nothing(const struct neighbour *neighbour)
{
	bool missed = false;
	for (unsigned i = 0; i < SEARCHES; i++)
		missed |= neighbour->searches[i].requests >= ENOUGH_TRIES;
	return neighbour->hardware_count < 2 && (neighbour->answers != 0 || !missed);
}

/*
 * Room for another: of the oldest the first that tells nothing goes. Those that do become the
 * newest, so that the next search goes on behind them.
 */
static bool
make_room(struct facts *facts)
{
	enum { LOOKED_AT = 16 };
	struct table *table = &facts->neighbours;
	if (table->count < facts->neighbour_limit)
		return true;
	facts->omitted_neighbours++;
	for (unsigned i = 0; i < LOOKED_AT; i++) {
		struct table_entry *oldest = table->oldest;
		if (tells_nothing((struct neighbour *)oldest)) {
			table_remove(table, oldest);
			pool_put(&facts->neighbour_pool, oldest);
			return true;
		}
		table_touch(table, oldest);
	}
	return false;
}

/* NULL: there is no room for it. */
static struct neighbour *
neighbour_of(struct facts *facts, const struct address *address)
{
	uint64_t hash = table_hash(&facts->neighbours, address, sizeof *address);
	struct neighbour *neighbour = find_neighbour(facts, address, hash);
	if (neighbour != NULL)
		return neighbour;
	if (!make_room(facts))
		return NULL;
	neighbour = pool_get(&facts->neighbour_pool);
	neighbour->address = *address;
	table_insert(&facts->neighbours, &neighbour->entry, hash);
	return neighbour;
}

/* Where the questions of that host are kept: those that were enough to be missed stay, others
 * give way when they are over. NULL: there is no room. */
static struct search *
search_of(struct neighbour *neighbour, const struct address *asker, int64_t now)
{
	struct search *room = NULL;
	for (unsigned i = 0; i < SEARCHES; i++) {
		struct search *search = &neighbour->searches[i];
		bool over = search->requests == 0 || now - search->last_time > PATIENCE;
		if (search->requests != 0 && address_equal(&search->asker, asker))
			return search;
		if (room == NULL && over && search->requests < ENOUGH_TRIES)
			room = search;
	}
	if (room != NULL)
		*room = (struct search){.asker = *asker};
	return room;
}

static void
note_request(struct facts *facts, const struct address *target, const struct address *asker,
	     const struct frame *frame)
{
	struct neighbour *neighbour = neighbour_of(facts, target);
	struct search *search =
		neighbour != NULL ? search_of(neighbour, asker, frame->time) : NULL;
	if (search == NULL)
		return;
	int64_t since = frame->time - search->last_time;
	if (search->requests != 0 && since < LIMIT_COPY_AGE)
		return;
	if (search->requests != 0 && since > PATIENCE) {
		if (search->requests >= ENOUGH_TRIES && neighbour->answers == 0)
			return;
		search->requests = 0; /* asked anew */
	}
	if (search->requests++ == 0) {
		search->first_frame = frame->number;
		search->first_time = frame->time;
	}
	search->last_frame = frame->number;
	search->last_time = frame->time;
}

/* `hardware` NULL: it did not say (RFC 4861 section 4.4). */
static void
note_hardware(struct facts *facts, const struct address *address, const uint8_t hardware[6],
	      const struct frame *frame, bool asked)
{
	struct neighbour *neighbour = neighbour_of(facts, address);
	if (neighbour == NULL)
		return;
	neighbour->answers++;
	if (hardware == NULL)
		return;
	uint32_t i = 0;
	while (i < neighbour->hardware_count &&
	       memcmp(neighbour->hardware[i], hardware, 6) != 0)
		i++;
	if (i == HARDWARE_ADDRESSES)
		return;
	if (i == neighbour->hardware_count) {
		memcpy(neighbour->hardware[i], hardware, 6);
		neighbour->hardware_frame[i] = frame->number;
		neighbour->hardware_first_time[i] = frame->time;
		neighbour->hardware_count++;
	}
	neighbour->hardware_asked[i] |= asked;
	neighbour->hardware_last[i] = frame->number;
	neighbour->hardware_time[i] = frame->time;
}

void
facts_hardware(struct facts *facts, const struct frame *frame, const struct link_view *link)
{
	static const uint8_t head[6] = {0, 1, 8, 0, 6, 4}; /* Ethernet, IPv4 */
	static const uint8_t nobody[4] = {0};
	static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	if (link->ethertype != ETHERTYPE_ARP_ || frame->captured < link->payload + ARP_LENGTH)
		return;
	const uint8_t *arp = frame->octets + link->payload;
	if (memcmp(arp, head, sizeof head) != 0 || memcmp(arp + 14, nobody, 4) == 0)
		return; /* another kind, or a probe (RFC 5227) */
	struct address sender, target;
	address_from_ipv4(&sender, arp + 14);
	address_from_ipv4(&target, arp + 24);
	if (arp[7] == ARP_REQUEST && !address_equal(&sender, &target))
		note_request(facts, &target, &sender, frame);
	/* (RFC 5227 section 3: an announcement names itself) */
	bool asked = !address_equal(&sender, &target) && memcmp(arp + 18, everybody, 6) != 0;
	if (arp[7] == ARP_REPLY)
		note_hardware(facts, &sender, arp + 8, frame, asked);
	if (arp[7] == ARP_REPLY && asked)
		facts_note_unicast(facts, &target);
}

void
facts_neighbour(struct facts *facts, const struct packet *packet)
{
	static const struct address nobody = {{0}};
	const uint8_t *icmp = packet->datagram;
	if (packet->ip.version != 6 || packet->ip.protocol != IPPROTO_ICMPV6 ||
	    packet->pieces != NULL || packet->datagram_captured < NEIGHBOUR_LENGTH)
		return;
	struct address target;
	address_from_ipv6(&target, icmp + 8);
	if (icmp[0] == NEIGHBOUR_SOLICITATION &&
	    !address_equal(&packet->source.address, &nobody)) /* else a probe: RFC 4862 5.4.2 */
		note_request(facts, &target, &packet->source.address, &packet->frame);
	if (icmp[0] == NEIGHBOUR_ADVERTISEMENT) {
		bool option = packet->datagram_captured >= NEIGHBOUR_LENGTH + 8 &&
			      icmp[NEIGHBOUR_LENGTH] == OPTION_TARGET_ADDRESS;
		note_hardware(facts, &target, option ? icmp + NEIGHBOUR_LENGTH + 2 : NULL,
			      &packet->frame, (icmp[4] & SOLICITED) != 0);
	}
}
