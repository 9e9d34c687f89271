/*
 * worsen_overlap: two captures of the same hosts as if both commands had run at once:
 * the second begins where the first is half over. Both get the same link addresses, made
 * of the network addresses. Two captures with a conversation of the same ports cannot be
 * told apart afterwards and make none.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "worsen.h"

enum { PLACES = 1U << 16, HARDWARE = 6, ETHERNET = 14 };

/* Which conversations there are, by protocol and ports. */
static uint32_t
place_of(const struct view *view)
{
	uint32_t a = (uint32_t)view->transport[0] << 8 | view->transport[1],
		 b = (uint32_t)view->transport[2] << 8 | view->transport[3];
	uint32_t low = a < b ? a : b, high = a < b ? b : a;
	return (low * 2654435761U ^ high * 40503U ^ view->protocol) % PLACES;
}

static bool
has_conversation(const struct view *view)
{
	return view->transport != NULL &&
	       (view->protocol == IPPROTO_TCP || view->protocol == IPPROTO_UDP);
}

static bool
share_ports(const struct packets *a, const struct packets *b)
{
	bool *used = calloc(PLACES, sizeof *used), shared = false;
	if (used == NULL)
		die("memory", "none");
	for (size_t i = 0; i < a->count; i++) {
		struct view view = view_of(a->link, &a->at[i]);
		if (has_conversation(&view))
			used[place_of(&view)] = true;
	}
	for (size_t i = 0; i < b->count && !shared; i++) {
		struct view view = view_of(b->link, &b->at[i]);
		shared = has_conversation(&view) && used[place_of(&view)];
	}
	free(used);
	return shared;
}

static void
set_hardware(uint8_t *hardware, const uint8_t *address)
{
	static const uint8_t nobody[HARDWARE] = {0};
	if (hardware[0] & 1 || memcmp(hardware, nobody, HARDWARE) == 0)
		return; /* a group; not known yet */
	hardware[0] = 2;
	hardware[1] = 0;
	memcpy(hardware + 2, address, 4);
}

static void
level(struct packet *packet)
{
	struct view view = view_of(DLT_EN10MB, packet);
	uint32_t skip = link_size(DLT_EN10MB, packet);
	uint8_t *at = packet->octets;
	if (view.ip != NULL && view.family == AF_INET) {
		set_hardware(at, view.ip + 16);
		set_hardware(at + HARDWARE, view.ip + 12);
	} else if (view.ip == NULL && packet->captured >= skip + 28 && at[skip - 2] == 8 &&
		   at[skip - 1] == 6) { /* ARP */
		uint8_t *from = at + skip + 8, *to = at + skip + 18;
		set_hardware(at, to + HARDWARE);
		set_hardware(at + HARDWARE, from + HARDWARE);
		set_hardware(from, from + HARDWARE);
		set_hardware(to, to + HARDWARE);
	}
}

void
overlap(const struct packets *from, const struct packets *other, struct packets *into)
{
	if (from->link != DLT_EN10MB || other->link != DLT_EN10MB || from->count == 0 ||
	    other->count == 0 || share_ports(from, other))
		return;
	int64_t half = (from->at[from->count - 1].time - from->at[0].time) / 2;
	int64_t shift = from->at[0].time + half - other->at[0].time;
	for (size_t i = 0; i < from->count; i++)
		level(add(into, &from->at[i]));
	for (size_t i = 0; i < other->count; i++) {
		struct packet *packet = add(into, &other->at[i]);
		packet->time += shift;
		level(packet);
	}
}
