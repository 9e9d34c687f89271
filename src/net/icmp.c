/*
 * icmp: one table names the errors of both versions; the quote goes through the
 * same two functions as any packet, with "what is at hand" ending at the quote's end.
 */
#include "icmp.h"

#include <netinet/in.h>
#include <stddef.h>

enum { ICMP_HEADER = 8, ANY_CODE = 256 };

static const struct {
	uint8_t version, type;
	uint16_t code;
	const char *name;
} errors[] = {
	/* RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1 */
	{4, 3, 0, "network unreachable"},
	{4, 3, 1, "host unreachable"},
	{4, 3, 2, "protocol unreachable"},
	{4, 3, 3, "port unreachable"},
	{4, 3, 4, "fragmentation needed"},
	{4, 3, 5, "source route failed"},
	{4, 3, 6, "network unknown"},
	{4, 3, 7, "host unknown"},
	{4, 3, 8, "source host isolated"},
	{4, 3, 9, "network administratively prohibited"},
	{4, 3, 10, "host administratively prohibited"},
	{4, 3, 11, "network unreachable for this type of service"},
	{4, 3, 12, "host unreachable for this type of service"},
	{4, 3, 13, "communication administratively prohibited"},
	{4, 3, 14, "host precedence violation"},
	{4, 3, 15, "precedence cutoff in effect"},
	{4, 3, ANY_CODE, "destination unreachable"},
	{4, 4, ANY_CODE, "source quench"},
	{4, 5, ANY_CODE, "redirect"},
	{4, 11, 0, "time to live exceeded in transit"},
	{4, 11, 1, "fragment reassembly time exceeded"},
	{4, 11, ANY_CODE, "time exceeded"},
	{4, 12, ANY_CODE, "parameter problem"},
	/* RFC 4443 section 3 */
	{6, 1, 0, "no route to destination"},
	{6, 1, 1, "communication administratively prohibited"},
	{6, 1, 2, "beyond scope of source address"},
	{6, 1, 3, "address unreachable"},
	{6, 1, 4, "port unreachable"},
	{6, 1, 5, "source address failed ingress/egress policy"},
	{6, 1, 6, "reject route to destination"},
	{6, 1, ANY_CODE, "destination unreachable"},
	{6, 2, ANY_CODE, "packet too big"},
	{6, 3, 0, "hop limit exceeded in transit"},
	{6, 3, 1, "fragment reassembly time exceeded"},
	{6, 3, ANY_CODE, "time exceeded"},
	{6, 4, ANY_CODE, "parameter problem"},
};

const char *
icmp_name(const struct icmp_error *error)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		if (errors[i].version == error->version && errors[i].type == error->type &&
		    (errors[i].code == error->code || errors[i].code == ANY_CODE))
			return errors[i].name;
	}
	return NULL; /* not an error */
}

bool
icmp_parse(struct icmp_error *error, struct packet *quoted, const struct packet *packet)
{
	bool icmp4 = packet->ip.version == 4 && packet->ip.protocol == IPPROTO_ICMP;
	bool icmp6 = packet->ip.version == 6 && packet->ip.protocol == IPPROTO_ICMPV6;
	if ((!icmp4 && !icmp6) || packet->datagram_captured <= ICMP_HEADER)
		return false;
	if (packet->pieces !=
	    NULL) /* an error fits its packet: RFC 1812 section 4.3.2.3, RFC 4443 section 2.4 */
		return false;
	*error = (struct icmp_error){.version = packet->ip.version,
				     .type = packet->datagram[0],
				     .code = packet->datagram[1],
				     .reporter = packet->source.address};
	if (icmp_name(error) == NULL)
		return false;
	const char *reason = NULL;
	const uint8_t *quote = packet->datagram + ICMP_HEADER;
	uint32_t captured = packet->datagram_captured - ICMP_HEADER;
	*quoted = (struct packet){.frame = packet->frame, .network = packet->network};
	if (packet_network(quoted, quote, captured, packet->datagram_length - ICMP_HEADER,
			   &reason) != IP_OK ||
	    quoted->ip.fragment_offset != 0)
		return false;
	enum packet_result result = packet_transport(quoted, &reason);
	return result == PACKET_UDP || result == PACKET_TCP;
}
