/*
 * What a broken source says is told once; it then ends like any other. One of several
 * that cannot be opened at all is such a source.
 */
#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "link.h"
#include "memory.h"

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
pcap_begin(struct source *source, uint32_t *interfaces, struct error *error)
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
	source->interface = (*interfaces)++;
	source->link_type = pcap_datalink(source->pcap);
	if (!link_known(source->link_type))
		return error_set(error, "%s: link type %d (%s) is not supported", name,
				 source->link_type, link_name(source->link_type));
	return true;
}

static bool
pcapng_begin(struct source *source, uint32_t *interfaces, struct error *error)
{
	struct error reason = {""};
	source->pcapng = pcapng_open(source->file, interfaces, &reason);
	source->fill = pcapng_fill;
	if (source->pcapng != NULL)
		return true;
	const char *failure = input_failure(source->input);
	return error_set(error, "%s: not a readable pcapng file: %s", input_name(source->input),
			 failure != NULL ? failure : reason.text);
}

bool
source_open(struct source *source, const char *path, uint32_t *interfaces, struct error *error)
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
	return kind == KIND_PCAP ? pcap_begin(source, interfaces, error)
				 : pcapng_begin(source, interfaces, error);
}

void
source_refuse(struct source *source, const struct error *why)
{
	source->refused = memory_get(sizeof *why);
	*source->refused = *why;
	source->fill = refused_fill;
}

void
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

bool
source_is_pcap(const struct source *source)
{
	return source->fill == pcap_fill;
}

/* libpcap calls for each frame, which costs less than to ask it for each. */
enum capture_result
source_each(struct source *source, uint64_t *frames, capture_taker *take, void *context,
	    struct error *error)
{
	struct handing handing = {.pcap = source->pcap,
				  .take = take,
				  .context = context,
				  .frame = {.number = *frames,
					    .interface = source->interface,
					    .link_type = source->link_type}};
	int result = pcap_loop(source->pcap, -1, hand_on, (u_char *)&handing);
	*frames = source->last = handing.frame.number;
	if (handing.enough)
		return CAPTURE_FRAME;
	if (result != 0)
		return source_broken(source, pcap_geterr(source->pcap), error);
	return source_end(source);
}
