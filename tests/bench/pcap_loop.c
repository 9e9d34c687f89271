/*
 * pcap_loop FILE: libpcap's own read loop and nothing else: what the benchmark
 * measures the program against. Touches one octet a frame.
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const u_char *octets;
	uint64_t frames = 0, sum = 0;
	if (argc != 2) {
		fputs("usage: pcap_loop FILE\n", stderr);
		return 2;
	}
	pcap_t *pcap = pcap_open_offline(argv[1], error);
	if (!pcap) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	while (pcap_next_ex(pcap, &header, &octets) == 1) {
		frames++;
		sum += header->caplen > 0 ? octets[0] : 0;
	}
	pcap_close(pcap);
	printf("%llu frames, %llu\n", (unsigned long long)frames, (unsigned long long)sum);
	return 0;
}
