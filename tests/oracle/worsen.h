/* worsen: captures as arrays of packets, for the maker of worse ones; shares no code with the
 * program. */
#ifndef RPCSCOPE_TESTS_WORSEN_H
#define RPCSCOPE_TESTS_WORSEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND 1000000000LL

struct packet {
	int64_t time;
	uint32_t captured, length;
	uint8_t *octets;
};

struct packets {
	struct packet *at;
	size_t count, capacity;
	int link;
};

/* What is in a packet. */
struct view {
	uint8_t *ip; /* NULL: none */
	uint32_t size;
	int family;
	uint8_t protocol;
	uint8_t *transport; /* NULL: not captured, or a later fragment */
	uint32_t transport_size;
};

_Noreturn void die(const char *what, const char *why);
/* A copy, with room for another link header. */
struct packet *add(struct packets *packets, const struct packet *packet);
void drop_all(struct packets *packets);
void load(struct packets *packets, const char *name);
void save(const struct packets *packets, const char *folder, const char *kind);

uint32_t link_size(int link, const struct packet *packet);
struct view view_of(int link, const struct packet *packet);
/* RFC 1624: what a changed word does to a checksum. */
void mend_sum(uint8_t *sum, uint32_t before, uint32_t after);
/* Two captures of the same hosts at once; none where their ports are the same. */
void overlap(const struct packets *from, const struct packets *other, struct packets *into);
/* One hop more. */
void age(struct view *view);

#endif
