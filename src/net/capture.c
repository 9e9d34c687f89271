/*
 * A source is one file: an input (input.h) under libpcap or under pcapng.h, and
 * the frame at its head. With several files a binary heap keeps the source whose
 * head is earliest on top; the source that gave the last frame is refilled only at
 * the next call, so that its octets stay valid and the number of its last frame is
 * known when it turns out to be cut there. A single file goes past the heap, and where
 * libpcap reads it, libpcap hands its frames on itself.
 *
 * What a broken source says is told once; it then ends like any other. One of several
 * that cannot be opened at all is such a source.
 */
#include "capture.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "limits.h"
#include "link.h"
#include "memory.h"
#include "pcapng.h"

struct source;
/* Sets the next frame, or says what there is instead. */
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

enum file_kind { KIND_PCAP, KIND_PCAPNG, KIND_SNOOP, KIND_IPTRACE, KIND_COUNT };

struct file_magic {
	const char *octets;
	size_t size;
	enum file_kind kind;
};

/* pcap: micro- and nanoseconds and Kuznetzov's, both orders (draft-ietf-opsawg-pcap);
 * RFC 1761 section 2; what AIX writes. */
static const struct file_magic magics[] = {
	{"\xa1\xb2\xc3\xd4", 4, KIND_PCAP},   {"\xd4\xc3\xb2\xa1", 4, KIND_PCAP},
	{"\xa1\xb2\x3c\x4d", 4, KIND_PCAP},   {"\x4d\x3c\xb2\xa1", 4, KIND_PCAP},
	{"\xa1\xb2\xcd\x34", 4, KIND_PCAP},   {"\x34\xcd\xb2\xa1", 4, KIND_PCAP},
	{"\x0a\x0d\x0d\x0a", 4, KIND_PCAPNG}, {"snoop\0\0\0", 8, KIND_SNOOP},
	{"iptrace 1.0", 11, KIND_IPTRACE},    {"iptrace 2.0", 11, KIND_IPTRACE},
};

static const char *const unsupported[KIND_COUNT] = {
	[KIND_SNOOP] = "snoop",
	[KIND_IPTRACE] = "iptrace",
};

static enum file_kind
file_kind(const uint8_t *head, size_t size)
{
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (size >= magics[i].size &&
		    memcmp(head, magics[i].octets, magics[i].size) == 0)
			return magics[i].kind;
	return KIND_COUNT;
}

/* Nothing comes of it any more. */
static enum capture_result
nothing_fill(struct source *source, struct frame *frame, struct error *error)
{
	(void)source;
	(void)frame;
	(void)error;
	return CAPTURE_END;
}

static enum capture_result
source_end(struct source *source)
{
	source->fill = nothing_fill;
	return CAPTURE_END;
}

static enum capture_result
refused_fill(struct source *source, struct frame *frame, struct error *error)
{
	(void)frame;
	*error = *source->refused;
	source_end(source);
	return CAPTURE_BROKEN;
}

/* The file ends here: "cut off in the record after frame 12: why". */
static enum capture_result
source_broken(struct source *source, const char *why, struct error *error)
{
	const char *failure = input_failure(source->input);
	const char *name = input_name(source->input);
	source_end(source);
	error->text[0] = '\0';
	if (failure != NULL)
		why = failure;
	if (source->last == 0)
		error_set(error, "%s: cut off in its first record: %s", name, why);
	else
		error_set(error, "%s: cut off in the record after frame %llu: %s", name,
			  (unsigned long long)source->last, why);
	return CAPTURE_BROKEN;
}

/* What libpcap says of each frame. */
static void
frame_set(struct frame *frame, const struct pcap_pkthdr *header, const uint8_t *octets)
{
	/* The file's seconds are 32 bits without sign; tv_usec holds ns. */
	frame->time = (int64_t)(uint32_t)header->ts.tv_sec * SECOND + header->ts.tv_usec;
	frame->captured = header->caplen;
	frame->length = header->len < header->caplen ? header->caplen : header->len;
	frame->octets = octets;
}

static enum capture_result
pcap_fill(struct source *source, struct frame *frame, struct error *error)
{
	struct pcap_pkthdr *header;
	const uint8_t *octets;
	int result = pcap_next_ex(source->pcap, &header, &octets);
	if (result == PCAP_ERROR_BREAK)
		return source_end(source);
	if (result != 1)
		return source_broken(source, pcap_geterr(source->pcap), error);
	frame->interface = source->interface;
	frame->link_type = source->link_type;
	frame_set(frame, header, octets);
	return CAPTURE_FRAME;
}

static enum capture_result
pcapng_fill(struct source *source, struct frame *frame, struct error *error)
{
	struct error reason = {""};
	switch (pcapng_next(source->pcapng, frame, &reason)) {
	case PCAPNG_FRAME:
		return CAPTURE_FRAME;
	case PCAPNG_BROKEN:
		return source_broken(source, reason.text, error);
	case PCAPNG_WARNING:
		error->text[0] = '\0';
		error_set(error, "%s: %s", input_name(source->input), reason.text);
		return CAPTURE_BROKEN;
	case PCAPNG_END:
		break;
	}
	return source_end(source);
}

static bool
pcap_begin(struct source *source, struct capture *capture, struct error *error)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	const char *name = input_name(source->input);
	source->pcap = pcap_fopen_offline_with_tstamp_precision(
		source->file, PCAP_TSTAMP_PRECISION_NANO, text);
	if (source->pcap == NULL) {
		const char *failure = input_failure(source->input);
		return error_set(error, "%s: not a readable pcap file: %s", name,
				 failure != NULL ? failure : text);
	}
	source->file = NULL; /* pcap_close() closes it */
	source->fill = pcap_fill;
	source->interface = capture->interfaces++;
	source->link_type = pcap_datalink(source->pcap);
	if (!link_known(source->link_type))
		return error_set(error, "%s: link type %d (%s) is not supported", name,
				 source->link_type, link_name(source->link_type));
	return true;
}

static bool
pcapng_begin(struct source *source, struct capture *capture, struct error *error)
{
	struct error reason = {""};
	source->pcapng = pcapng_open(source->file, &capture->interfaces, &reason);
	source->fill = pcapng_fill;
	if (source->pcapng != NULL)
		return true;
	const char *failure = input_failure(source->input);
	return error_set(error, "%s: not a readable pcapng file: %s", input_name(source->input),
			 failure != NULL ? failure : reason.text);
}

static bool
source_open(struct source *source, struct capture *capture, const char *path,
	    struct error *error)
{
	source->input = input_open(path, error);
	if (source->input == NULL)
		return false;
	source->file = input_file(source->input);
	size_t size;
	const uint8_t *head = input_head(source->input, &size);
	const char *name = input_name(source->input);
	if (size == 0)
		return error_set(error, "%s: empty file, expected a capture file", name);
	enum file_kind kind = file_kind(head, size);
	if (kind == KIND_COUNT)
		return error_set(error, "%s: not a capture file, expected pcap or pcapng",
				 name);
	if (unsupported[kind] != NULL)
		return error_set(error,
				 "%s: %s files are not supported yet, expected pcap or pcapng",
				 name, unsupported[kind]);
	return kind == KIND_PCAP ? pcap_begin(source, capture, error)
				 : pcapng_begin(source, capture, error);
}

static void
source_close(struct source *source)
{
	if (source->pcap != NULL)
		pcap_close(source->pcap);
	if (source->pcapng != NULL)
		pcapng_close(source->pcapng);
	if (source->file != NULL)
		fclose(source->file);
	if (source->input != NULL)
		input_close(source->input);
	free(source->refused);
}

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
		if (!source_open(source, capture, paths[capture->count++], &refusal)) {
			source->refused = memory_get(sizeof refusal);
			*source->refused = refusal;
			source->fill = refused_fill;
		}
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

/* On its way from libpcap to who wants it. */
struct handing {
	pcap_t *pcap;
	capture_taker *take;
	void *context;
	struct frame frame;
	bool enough;
};

static void
hand_on(u_char *context, const struct pcap_pkthdr *header, const u_char *octets)
{
	struct handing *handing = (struct handing *)(void *)context;
	handing->frame.number++;
	frame_set(&handing->frame, header, octets);
	if (handing->take(handing->context, &handing->frame))
		return;
	handing->enough = true;
	pcap_breakloop(handing->pcap);
}

/* libpcap calls for each frame, which costs less than to ask it for each. */
static enum capture_result
pcap_each(struct capture *capture, capture_taker *take, void *context, struct error *error)
{
	struct source *source = &capture->sources[0];
	struct handing handing = {.pcap = source->pcap,
				  .take = take,
				  .context = context,
				  .frame = {.number = capture->frames,
					    .interface = source->interface,
					    .link_type = source->link_type}};
	int result = pcap_loop(source->pcap, -1, hand_on, (u_char *)&handing);
	capture->frames = source->last = handing.frame.number;
	if (handing.enough)
		return CAPTURE_FRAME;
	if (result != 0)
		return source_broken(source, pcap_geterr(source->pcap), error);
	return source_end(source);
}

enum capture_result
capture_each(struct capture *capture, capture_taker *take, void *context, struct error *error)
{
	if (capture->count == 1 && capture->sources[0].fill == pcap_fill)
		return pcap_each(capture, take, context, error);
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
