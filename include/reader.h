/*
 * reader: the frames of a capture, read ahead by a thread of its own.
 *
 * Files that do not make anybody wait are read on one processor while another decodes;
 * pipes, and everything on a machine with one processor, are read frame by frame. What
 * comes, and in which order, is the same. The capture is the reader's from open to close.
 */
#ifndef RPCSCOPE_READER_H
#define RPCSCOPE_READER_H

#include "capture.h"

struct reader;

/* Frames after which it is plain whether a thread is worth its while. */
enum { READER_TRIAL = 8192 };

/*
 * After so many frames a thread reads ahead, if they are small on average; 0: never. Large
 * ones cost more to hand over than is won, and a short capture ends before. Where no thread
 * can be had, it goes without.
 */
struct reader *reader_open(struct capture *capture, uint32_t trial);
/* As capture_next(): the frame and its octets are valid until the next call. */
enum capture_result reader_next(struct reader *reader, const struct frame **frame,
				struct error *error);
void reader_close(struct reader *reader);

/* Can a thread be of use for this capture here? */
bool reader_useful(const struct capture *capture);

#endif
