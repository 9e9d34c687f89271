/*
 * make_samples DIRECTORY: writes every sample capture into the directory. The
 * same octets on every machine and every run; a test holds samples/ against it.
 */
#include "samples.h"

#include <stdio.h>

static const struct sample {
	const char *name;
	enum wire_format format;
	void (*make)(struct wire *wire);
} samples[] = {
	{"portmap-mountd.pcap", WIRE_NANOSECONDS, sample_portmap_mountd},
	{"rpcbind-getaddr.pcap", WIRE_MICROSECONDS, sample_rpcbind_getaddr},
	{"callit.pcap", WIRE_MICROSECONDS, sample_callit},
	{"portmap-errors.pcap", WIRE_MICROSECONDS, sample_portmap_errors},
	{"tcp-records.pcap", WIRE_MICROSECONDS, sample_tcp_records},
	{"fragments.pcap", WIRE_MICROSECONDS, sample_fragments},
	{"links.pcapng", WIRE_PCAPNG, sample_links},
	{"lighthouse.pcap", WIRE_MICROSECONDS, sample_lighthouse},
};

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: make_samples DIRECTORY\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char path[4096];
		struct wire wire;
		snprintf(path, sizeof path, "%s/%s", argv[1], samples[i].name);
		wire_open(&wire, path, samples[i].format);
		wire.time = 1767258000LL * 1000000000; /* 2026-01-01 09:00:00 UTC */
		samples[i].make(&wire);
		wire_close(&wire);
	}
	return 0;
}
