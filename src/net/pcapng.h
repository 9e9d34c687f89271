/*
 * pcapng: packets from a pcapng file (draft-ietf-opsawg-pcapng), block by block.
 *
 * Sections of either byte order, one link type, snap length, clock resolution
 * and clock offset per interface; enhanced, simple and obsolete packet blocks;
 * other blocks and options are passed over. Private to src/net.
 */
#ifndef RPCSCOPE_NET_PCAPNG_H
#define RPCSCOPE_NET_PCAPNG_H

#include <stdio.h>

#include "capture.h"
#include "error.h"

struct pcapng;

enum pcapng_result {
	PCAPNG_FRAME,   /* *frame is set, but for its number */
	PCAPNG_END,     /* also after PCAPNG_BROKEN */
	PCAPNG_BROKEN,  /* *reason says how; nothing more comes */
	PCAPNG_WARNING, /* *reason says what; call again for the frame that it is about */
};

/*
 * Reads the first section header. NULL with *reason set when it cannot. *interfaces
 * is the number that the next interface gets; it is counted up. The file stays the
 * caller's.
 */
struct pcapng *pcapng_open(FILE *file, uint32_t *interfaces, struct error *reason);
/* The frame's octets are valid until the next call. */
enum pcapng_result pcapng_next(struct pcapng *pcapng, struct frame *frame,
			       struct error *reason);
void pcapng_close(struct pcapng *pcapng);

#endif
