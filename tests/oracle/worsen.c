/*
 * worsen: makes worse captures from a good one, for variants.test: every packet twice,
 * cut, one direction, the middle only, lost, out of order, coarse times, mixed with
 * another capture. Each kind is a row of a table; chance comes from a seed.
 *
 *   worsen FOLDER CAPTURE OTHER SERVER [KIND...]
 *
 * writes FOLDER/KIND.pcap for each kind that changes something; SERVER is the address
 * of one, or "-". Shares no code with the program.
 */
#include "worsen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t chance = 1;

/* xorshift (Marsaglia, 2003) */
static uint32_t
draw(uint32_t below)
{
	chance ^= chance << 13;
	chance ^= chance >> 17;
	chance ^= chance << 5;
	return chance % below;
}

/* -- the kinds -- */

struct job {
	const struct packets *from, *other;
	struct packets *into;
	const char *server;
	unsigned a, b, seed;
};

static int
compare_times(const void *a, const void *b)
{
	const struct packet *left = a, *right = b;
	return left->time < right->time ? -1 : left->time > right->time;
}

/* qsort() is not stable: equal times keep their order by a nanosecond each. */
static void
sort(struct packets *packets)
{
	for (size_t i = 0; i < packets->count; i++)
		packets->at[i].time = packets->at[i].time / 1000 * 1000 + (int64_t)(i % 1000);
	qsort(packets->at, packets->count, sizeof *packets->at, compare_times);
}

enum { AS_IT_IS, OTHER_LINK, HOP };

/* a: microseconds between the copies, b: what differs */
static void
twice(struct job *job)
{
	for (size_t i = 0; i < job->from->count; i++) {
		add(job->into, &job->from->at[i]);
		struct packet *copy = add(job->into, &job->from->at[i]);
		copy->time += job->a * 1000LL;
		struct view view = view_of(job->from->link, copy);
		if (job->b != AS_IT_IS && job->from->link == DLT_EN10MB &&
		    copy->captured > 12) {
			copy->octets[5] ^= 0x55;
			copy->octets[11] ^= 0x2a;
		}
		if (job->b == HOP && view.ip != NULL)
			age(&view);
	}
	sort(job->into);
}

static void
snap(struct job *job)
{
	for (size_t i = 0; i < job->from->count; i++) {
		struct packet *packet = add(job->into, &job->from->at[i]);
		packet->captured = packet->captured < job->a ? packet->captured : job->a;
	}
}

/* a: 1 only what the server sends, 0 only what goes there */
static void
one_way(struct job *job)
{
	uint8_t server[16];
	int family = strchr(job->server, ':') != NULL ? AF_INET6 : AF_INET;
	if (inet_pton(family, job->server, server) != 1)
		return;
	for (size_t i = 0; i < job->from->count; i++) {
		struct view view = view_of(job->from->link, &job->from->at[i]);
		bool gone = false;
		if (view.ip != NULL && view.family == family) {
			uint32_t size = family == AF_INET ? 4 : 16;
			uint32_t source = family == AF_INET ? 12 : 8;
			gone = memcmp(view.ip + source + (job->a == 1 ? size : 0), server,
				      size) == 0;
		}
		if (!gone)
			add(job->into, &job->from->at[i]);
	}
}

/* From frame a / b on. */
static void
late(struct job *job)
{
	for (size_t i = job->from->count * job->a / job->b; i < job->from->count; i++)
		add(job->into, &job->from->at[i]);
}

static void
early(struct job *job)
{
	for (size_t i = 0; i < job->from->count * job->a / job->b; i++)
		add(job->into, &job->from->at[i]);
}

static void
second_syn(struct job *job)
{
	unsigned syns = 0;
	for (size_t i = 0; i < job->from->count; i++) {
		struct view view = view_of(job->from->link, &job->from->at[i]);
		syns += view.transport != NULL && view.protocol == IPPROTO_TCP &&
			view.transport_size >= 14 && (view.transport[13] & 0x12) == 2;
		if (syns >= 2)
			add(job->into, &job->from->at[i]);
	}
}

/* a: percent */
static void
lose(struct job *job)
{
	chance = job->b + job->seed;
	for (size_t i = 0; i < job->from->count; i++) {
		if (draw(100) >= job->a)
			add(job->into, &job->from->at[i]);
	}
}

/* Packets close in time change places; the times stay. */
static void
swap(struct job *job)
{
	chance = job->b + job->seed;
	for (size_t i = 0; i < job->from->count; i++)
		add(job->into, &job->from->at[i]);
	struct packet *at = job->into->at;
	for (size_t i = 0; i < job->into->count; i++) {
		size_t j = i + 1 + draw(job->a);
		if (j >= job->into->count || draw(3) != 0 ||
		    at[j].time - at[i].time > SECOND / 1000)
			continue;
		struct packet moved = at[i];
		int64_t later = at[j].time;
		at[i] = at[j];
		at[i].time = moved.time;
		at[j] = moved;
		at[j].time = later;
		i = j;
	}
}

/* a: seconds a time is rounded to; 0: all are equal */
static void
blur(struct job *job)
{
	for (size_t i = 0; i < job->from->count; i++) {
		struct packet *packet = add(job->into, &job->from->at[i]);
		packet->time = job->a != 0
				       ? packet->time / (job->a * SECOND) * (job->a * SECOND)
				       : job->from->at[0].time;
	}
}

/* The clock is set back in the middle. a: seconds */
static void
set_back(struct job *job)
{
	for (size_t i = 0; i < job->from->count; i++) {
		struct packet *packet = add(job->into, &job->from->at[i]);
		if (i >= job->from->count / 2)
			packet->time -= job->a * SECOND;
	}
}

/* As "-i any" writes it: the Linux cooked header. */
static void
cooked(struct job *job)
{
	if (job->from->link != DLT_EN10MB)
		return;
	job->into->link = DLT_LINUX_SLL;
	for (size_t i = 0; i < job->from->count; i++) {
		if (job->from->at[i].captured < 14)
			continue;
		struct packet *packet = add(job->into, &job->from->at[i]);
		uint8_t head[16] = {0, 0, 0, 1, 0, 6};
		memcpy(head + 6, packet->octets + 6, 6);
		memcpy(head + 14, packet->octets + 12, 2);
		memmove(packet->octets + 16, packet->octets + 14, packet->captured - 14);
		memcpy(packet->octets, head, 16);
		packet->captured += 2;
		packet->length += 2;
	}
}

/* Other hosts: one bit of every address of the packet's own headers. */
static void
move_hosts(int link, struct packet *packet)
{
	struct view view = view_of(link, packet);
	uint32_t skip = link_size(link, packet);
	if (view.ip == NULL) {
		if (packet->captured >= skip + 28) { /* ARP */
			packet->octets[skip + 15] ^= 0x40;
			packet->octets[skip + 25] ^= 0x40;
		}
		return;
	}
	uint8_t *both[2] = {view.ip + (view.family == AF_INET ? 12 : 8),
			    view.ip + (view.family == AF_INET ? 16 : 24)};
	uint8_t *sum = NULL;
	if (view.transport != NULL && view.protocol == IPPROTO_TCP && view.transport_size >= 18)
		sum = view.transport + 16;
	if (view.transport != NULL && view.protocol == IPPROTO_UDP)
		sum = view.transport + 6;
	for (unsigned i = 0; i < 2; i++) {
		uint32_t before = (uint32_t)both[i][0] << 8 | both[i][1];
		both[i][1] ^= 0x40;
		uint32_t after = (uint32_t)both[i][0] << 8 | both[i][1];
		if (view.family == AF_INET)
			mend_sum(view.ip + 10, before, after);
		if (sum != NULL)
			mend_sum(sum, before, after);
	}
}

/* Another capture's hosts at the same time. */
static void
mix(struct job *job)
{
	if (job->other->link != job->from->link || job->other->count == 0 ||
	    job->from->count == 0)
		return;
	int64_t shift = job->from->at[0].time - job->other->at[0].time + SECOND / 3;
	for (size_t i = 0; i < job->from->count; i++)
		add(job->into, &job->from->at[i]);
	int64_t last = job->from->at[job->from->count - 1].time;
	for (size_t i = 0; i < job->other->count; i++) {
		if (job->other->at[i].time + shift > last)
			continue; /* the capture ends when it did */
		struct packet *packet = add(job->into, &job->other->at[i]);
		packet->time += shift;
		move_hosts(job->other->link, packet);
	}
	sort(job->into);
}

/* Another capture of the same hosts, when this one is half over. */
static void
both(struct job *job)
{
	overlap(job->from, job->other, job->into);
	sort(job->into);
}

static const struct {
	const char *name;
	void (*make)(struct job *job);
	unsigned a, b;
} kinds[] = {
	{"twice-20us", twice, 20, AS_IT_IS},
	{"twice-1ms", twice, 1000, AS_IT_IS},
	{"twice-40ms", twice, 40000, AS_IT_IS},
	{"twice-bridge", twice, 20, OTHER_LINK},
	{"twice-router", twice, 60, HOP},
	{"snap-64", snap, 64, 0},
	{"snap-68", snap, 68, 0},
	{"snap-96", snap, 96, 0},
	{"snap-112", snap, 112, 0},
	{"snap-128", snap, 128, 0},
	{"snap-160", snap, 160, 0},
	{"snap-200", snap, 200, 0},
	{"snap-256", snap, 256, 0},
	{"to-server", one_way, 0, 0},
	{"from-server", one_way, 1, 0},
	{"late-1-4", late, 1, 4},
	{"late-1-3", late, 1, 3},
	{"late-1-2", late, 1, 2},
	{"late-2-3", late, 2, 3},
	{"late-syn", second_syn, 0, 0},
	{"early-1-2", early, 1, 2},
	{"early-2-3", early, 2, 3},
	{"lost-5a", lose, 5, 11},
	{"lost-5b", lose, 5, 12},
	{"lost-20a", lose, 20, 13},
	{"lost-20b", lose, 20, 14},
	{"swapped-a", swap, 3, 15},
	{"swapped-b", swap, 3, 16},
	{"seconds", blur, 1, 0},
	{"no-time", blur, 0, 0},
	{"back-1s", set_back, 1, 0},
	{"back-1h", set_back, 3600, 0},
	{"cooked", cooked, 0, 0},
	{"mixed", mix, 0, 0},
	{"both", both, 0, 0},
};

static bool
is_chosen(const char *name, char **chosen)
{
	if (*chosen == NULL)
		return true;
	for (; *chosen != NULL; chosen++) {
		if (strcmp(*chosen, name) == 0)
			return true;
	}
	return false;
}

int
main(int argc, char **argv)
{
	struct packets from = {0}, other = {0};
	const char *seed = getenv("SEED"); /* for another run of chance */
	if (argc < 5)
		die("usage", "FOLDER CAPTURE OTHER SERVER [KIND...]");
	load(&from, argv[2]);
	load(&other, argv[3]);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct packets into = {.link = from.link};
		struct job job = {&from,
				  &other,
				  &into,
				  argv[4],
				  kinds[i].a,
				  kinds[i].b,
				  seed != NULL ? (unsigned)atoi(seed) * 7919U : 0};
		if (!is_chosen(kinds[i].name, argv + 5))
			continue;
		kinds[i].make(&job);
		if (into.count != 0)
			save(&into, argv[1], kinds[i].name);
		drop_all(&into);
	}
	drop_all(&from);
	drop_all(&other);
	return 0;
}
