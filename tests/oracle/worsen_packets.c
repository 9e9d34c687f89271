/*
 * worsen_packets: reads and writes captures, and finds the addresses and ports of a
 * packet, just enough to turn them into others.
 */
#include "worsen.h"

#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void
die(const char *what, const char *why)
{
	fprintf(stderr, "worsen: %s: %s\n", what, why);
	exit(1);
}

struct packet *
add(struct packets *packets, const struct packet *packet)
{
	if (packets->count == packets->capacity) {
		packets->capacity = packets->capacity != 0 ? 2 * packets->capacity : 256;
		packets->at = realloc(packets->at, packets->capacity * sizeof *packets->at);
		if (packets->at == NULL)
			die("memory", "none left");
	}
	struct packet *new = &packets->at[packets->count++];
	*new = *packet;
	new->octets = malloc(packet->captured + 32); /* room for another link header */
	if (new->octets == NULL)
		die("memory", "none left");
	memcpy(new->octets, packet->octets, packet->captured);
	return new;
}

void
drop_all(struct packets *packets)
{
	for (size_t i = 0; i < packets->count; i++)
		free(packets->at[i].octets);
	free(packets->at);
	*packets = (struct packets){.link = packets->link};
}

void
load(struct packets *packets, const char *name)
{
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const uint8_t *octets;
	pcap_t *file =
		pcap_open_offline_with_tstamp_precision(name, PCAP_TSTAMP_PRECISION_NANO, why);
	if (file == NULL)
		die(name, why);
	packets->link = pcap_datalink(file);
	while (pcap_next_ex(file, &header, &octets) == 1)
		add(packets,
		    &(struct packet){.time = header->ts.tv_sec * SECOND + header->ts.tv_usec,
				     .captured = header->caplen,
				     .length = header->len,
				     .octets = (uint8_t *)octets});
	pcap_close(file);
}

void
save(const struct packets *packets, const char *folder, const char *kind)
{
	char name[4096];
	snprintf(name, sizeof name, "%s/%s.pcap", folder, kind);
	pcap_t *form = pcap_open_dead_with_tstamp_precision(packets->link, 262144,
							    PCAP_TSTAMP_PRECISION_NANO);
	pcap_dumper_t *file = pcap_dump_open(form, name);
	if (file == NULL)
		die(name, pcap_geterr(form));
	for (size_t i = 0; i < packets->count; i++) {
		const struct packet *packet = &packets->at[i];
		struct pcap_pkthdr header = {.caplen = packet->captured, .len = packet->length};
		header.ts.tv_sec = packet->time / SECOND;
		header.ts.tv_usec = packet->time % SECOND;
		pcap_dump((uint8_t *)file, &header, packet->octets);
	}
	pcap_dump_close(file);
	pcap_close(form);
}

/* -- what is in a packet -- */

uint32_t
link_size(int link, const struct packet *packet)
{
	switch (link) {
	case DLT_EN10MB:
		return packet->captured > 18 && packet->octets[12] == 0x81 ? 18 : 14;
	case DLT_LINUX_SLL:
		return 16;
	case DLT_LINUX_SLL2:
		return 20;
	case DLT_NULL:
	case DLT_LOOP:
		return 4;
	default:
		return 0;
	}
}

struct view
view_of(int link, const struct packet *packet)
{
	struct view view = {0};
	uint32_t skip = link_size(link, packet);
	if (packet->captured < skip + 20)
		return view;
	uint8_t *ip = packet->octets + skip;
	uint32_t size = packet->captured - skip, head = 40;
	if (link == DLT_EN10MB && packet->octets[skip - 2] == 8 &&
	    packet->octets[skip - 1] == 6)
		return view;
	if (ip[0] >> 4 == 4) {
		head = (ip[0] & 15U) * 4;
		view.family = AF_INET;
		view.protocol = ip[9];
	} else if (ip[0] >> 4 == 6 && size >= head) {
		view.family = AF_INET6;
		view.protocol = ip[6];
	} else {
		return view;
	}
	view.ip = ip;
	view.size = size;
	bool later = view.family == AF_INET && ((ip[6] & 0x1f) != 0 || ip[7] != 0);
	if (size >= head + 8 && !later) {
		view.transport = ip + head;
		view.transport_size = size - head;
	}
	return view;
}

void
mend_sum(uint8_t *sum, uint32_t before, uint32_t after)
{
	uint32_t value = (uint32_t)sum[0] << 8 | sum[1];
	value = (~value & 0xffff) + (~before & 0xffff) + after;
	value = (value & 0xffff) + (value >> 16);
	value = (value & 0xffff) + (value >> 16);
	value = ~value & 0xffff;
	sum[0] = (uint8_t)(value >> 8);
	sum[1] = (uint8_t)value;
}

void
age(struct view *view)
{
	if (view->family == AF_INET && view->ip[8] > 1) {
		mend_sum(view->ip + 10, (uint32_t)view->ip[8] << 8, (view->ip[8] - 1U) << 8);
		view->ip[8]--;
	} else if (view->family == AF_INET6 && view->ip[7] > 1) {
		view->ip[7]--;
	}
}
