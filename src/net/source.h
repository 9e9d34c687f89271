/*
 * source: one file of a capture: an input (input.h) under libpcap or under pcapng.h, and the
 * frame at its head. Private to src/net.
 */
#ifndef RPCSCOPE_NET_SOURCE_H
#define RPCSCOPE_NET_SOURCE_H

#include <pcap/pcap.h>
#include <stdio.h>

#include "capture.h"
#include "input.h"
#include "pcapng.h"

struct source;
/* Sets the next frame but for its number, or says what there is instead. */
typedef enum capture_result source_filler(struct source *source, struct frame *frame,
					  struct error *error);

struct source {
	struct input *input;
	FILE *file;   /* until libpcap owns it */
	pcap_t *pcap; /* one of these two reads it */
	struct pcapng *pcapng;
	uint32_t interface; /* pcap: of the whole file */
	int link_type;
	source_filler *fill; /* its next frame */
	uint64_t last;       /* number of the last frame that it gave, 0 for none */
	struct frame head;
	struct error *refused; /* why it could not be opened, until that is told */
};

/* False with *error set; source_close() it all the same. `interfaces` counts those of all. */
bool source_open(struct source *source, const char *path, uint32_t *interfaces,
		 struct error *error);
/* It could not be opened: that is what it says when it is asked for a frame. */
void source_refuse(struct source *source, const struct error *why);
/* Does libpcap read it? Then source_each() is to be had. */
bool source_is_pcap(const struct source *source);
/* As capture_each(); `frames` are numbered on from there. */
enum capture_result source_each(struct source *source, uint64_t *frames, capture_taker *take,
				void *context, struct error *error);
void source_close(struct source *source);

#endif
