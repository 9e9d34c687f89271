/*
 * With several files a binary heap keeps the source whose head is earliest on top;
 * the source that gave the last frame is refilled only at the next call, so that its
 * octets stay valid and the number of its last frame is known when it turns out to
 * be cut there. A single file goes past the heap, and where
 * libpcap reads it, libpcap hands its frames on itself.
 */
#include "capture.h"

#include <stdlib.h>

#include "memory.h"
#include "source.h"

struct capture {
	struct source *sources;
	size_t count;
	struct source **heap; /* earliest head on top */
	size_t heap_count;
	size_t primed; /* sources that have had their first frame read */
	bool taken;    /* the top's head was given to the caller: refill it */
	uint64_t frames;
	uint32_t interfaces;
};

/* Of the same time, the file named first goes first. */
static bool
goes_before(const struct source *a, const struct source *b)
{
	return a->head.time != b->head.time ? a->head.time < b->head.time : a < b;
}

static void
heap_swap(struct source **heap, size_t a, size_t b)
{
	struct source *source = heap[a];
	heap[a] = heap[b];
	heap[b] = source;
}

static void
heap_sink(struct source **heap, size_t count)
{
	size_t at = 0, child;
	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && goes_before(heap[child + 1], heap[child]))
			child++;
		if (!goes_before(heap[child], heap[at]))
			return;
		heap_swap(heap, at, child);
		at = child;
	}
}

static void
heap_add(struct capture *capture, struct source *source)
{
	size_t at = capture->heap_count++;
	capture->heap[at] = source;
	while (at > 0 && goes_before(capture->heap[at], capture->heap[(at - 1) / 2])) {
		heap_swap(capture->heap, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

/* Reads the first frame of every source, and the next one of the source that gave the last.
 * A source that says CAPTURE_BROKEN is asked again at the next call. */
static bool
heap_prepare(struct capture *capture, struct error *error)
{
	for (; capture->primed < capture->count; capture->primed++) {
		struct source *source = &capture->sources[capture->primed];
		enum capture_result result = source->fill(source, &source->head, error);
		if (result == CAPTURE_BROKEN)
			return false;
		if (result == CAPTURE_FRAME)
			heap_add(capture, source);
	}
	if (!capture->taken)
		return true;
	struct source *top = capture->heap[0];
	enum capture_result result = top->fill(top, &top->head, error);
	if (result == CAPTURE_BROKEN)
		return false;
	capture->taken = false;
	if (result == CAPTURE_END)
		capture->heap[0] = capture->heap[--capture->heap_count];
	heap_sink(capture->heap, capture->heap_count);
	return true;
}

static enum capture_result
merged_next(struct capture *capture, struct frame *frame, struct error *error)
{
	if (!heap_prepare(capture, error))
		return CAPTURE_BROKEN;
	if (capture->heap_count == 0)
		return CAPTURE_END;
	struct source *top = capture->heap[0];
	capture->taken = true;
	*frame = top->head;
	frame->number = top->last = ++capture->frames;
	return CAPTURE_FRAME;
}

struct capture *
capture_open(char *const *paths, size_t count, struct error *error)
{
	struct capture *capture = memory_get(sizeof *capture);
	capture->sources = memory_get((count + 1) * sizeof *capture->sources);
	capture->heap = memory_get((count + 1) * sizeof(struct source *));
	while (capture->count < count) {
		struct source *source = &capture->sources[capture->count];
		struct error refusal = {""};
		if (!source_open(source, paths[capture->count++], &capture->interfaces,
				 &refusal))
			source_refuse(source, &refusal);
	}
	if (count == 1 && capture->sources[0].refused != NULL) {
		*error = *capture->sources[0].refused;
		capture_close(capture);
		return NULL;
	}
	return capture;
}

enum capture_result
capture_next(struct capture *capture, struct frame *frame, struct error *error)
{
	if (capture->count != 1)
		return merged_next(capture, frame, error);
	struct source *source = &capture->sources[0];
	enum capture_result result = source->fill(source, frame, error);
	if (result == CAPTURE_FRAME)
		frame->number = source->last = ++capture->frames;
	return result;
}

enum capture_result
capture_each(struct capture *capture, capture_taker *take, void *context, struct error *error)
{
	if (capture->count == 1 && source_is_pcap(&capture->sources[0]))
		return source_each(&capture->sources[0], &capture->frames, take, context,
				   error);
	struct frame frame;
	enum capture_result result;
	do
		result = capture_next(capture, &frame, error);
	while (result == CAPTURE_FRAME && take(context, &frame));
	return result;
}

void
capture_close(struct capture *capture)
{
	if (capture == NULL)
		return;
	for (size_t i = 0; i < capture->count; i++)
		source_close(&capture->sources[i]);
	free(capture->sources);
	free(capture->heap);
	free(capture);
}
