/*
 * capture: frames from capture files, in order of time.
 *
 * Several files are one capture, merged by time (the head of each file is
 * compared; the order inside a file stays). "-" is standard input. Files
 * compressed with gzip, xz or zstd are read as they are.
 *
 * pcap (micro- and nanoseconds, both byte orders) is read by libpcap. pcapng is
 * read here, because libpcap refuses a file whose interfaces differ in link
 * type and does not say from which interface a packet came.
 */
#ifndef RPCSCOPE_CAPTURE_H
#define RPCSCOPE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct frame {
	uint64_t number;    /* from 1, over all files of the capture */
	int64_t time;       /* ns since 1970-01-01 UTC */
	uint32_t interface; /* from 0; pcapng: one per interface description, over all files */
	int link_type;      /* DLT_ value, as pcap_datalink() gives it */
	uint32_t captured;  /* octets at hand */
	uint32_t length;    /* octets on the wire, >= captured */
	const uint8_t *octets; /* the capture's own; valid until the next frame is asked for */
};

enum capture_result {
	CAPTURE_FRAME,  /* *frame is set */
	CAPTURE_END,    /* every file is read to its end */
	CAPTURE_BROKEN, /* a file is cut or broken: *error says where. The other files go on:
			   call again */
};

struct capture;

/*
 * Opens every file. NULL with *error set ("FILE: what was expected") when the only
 * one cannot be opened, is empty, or is not a capture file; one of several is told
 * of by capture_next() as broken, and the others are read. The paths stay the caller's
 * and have to live until capture_close().
 */
struct capture *capture_open(char *const *paths, size_t count, struct error *error);
enum capture_result capture_next(struct capture *capture, struct frame *frame,
				 struct error *error);
/* Takes a frame, which is gone when it returns; false: no more are wanted. */
typedef bool capture_taker(void *context, const struct frame *frame);
/*
 * Hands on one frame after the other, all that capture_next() would give. What it returns is
 * CAPTURE_FRAME when no more were wanted.
 */
enum capture_result capture_each(struct capture *capture, capture_taker *take, void *context,
				 struct error *error);
void capture_close(struct capture *capture);

#endif
