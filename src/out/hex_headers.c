/*
 * hex_headers: what stands in front of the RPC octets, header by header.
 *
 * The stages have read these headers and kept the few words they need; here all of
 * them are read again from the frame's octets (or the first ones, where the packet was
 * kept past its frame). Every reader asks for the octets that it needs first.
 */
#include <string.h>

#include "forms.h"
#include "link.h"

enum {
	IPV4_HEADER = 20, /* RFC 791 section 3.1 */
	IPV6_HEADER = 40, /* RFC 8200 section 3 */
	UDP_HEADER = 8,   /* RFC 768 */
	TCP_HEADER = 20,  /* RFC 9293 section 3.1 */
	TITLE_COLUMNS = 10,
	VLAN_ID = 0x0fff, /* IEEE 802.1Q: three bits of priority, one DEI, twelve of id */
};

static uint32_t
word16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t
word32(const uint8_t *at)
{
	return word16(at) << 16 | word16(at + 2);
}

/* The names stand in a column of their own; a line that goes on leaves it blank. */
static void
put_title(struct text *text, const char *title)
{
	size_t start = text->length;
	text_string_put(text, title);
	text_pad_to(text, start, TITLE_COLUMNS);
	if (strlen(title) >= TITLE_COLUMNS)
		text_char(text, ' ');
}

static void
put_item(struct text *text, const char *words, uint64_t number)
{
	text_string_put(text, words);
	text_unsigned(text, number);
}

static void
put_frame(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	const struct frame *frame = &message->packet->frame;
	put_title(text, "frame");
	text_unsigned(text, frame->number);
	put_item(text, ": ", frame->length);
	text_string_put(text, " octets on the wire");
	/* Of a packet that was kept, no more than this is known. */
	if (frame->captured != PACKET_HEAD || frame->length == PACKET_HEAD)
		put_item(text, ", captured ", frame->captured);
	put_item(text, ", interface ", frame->interface);
	if (message->record->extent_count > 1) {
		text_string_put(text, "; the message is in frames ");
		output_frames(output, message, ", ");
	}
	text_char(text, '\n');
	put_title(text, "time");
	text_time_rfc3339(text, frame->time);
	if (output->time_form != TIME_OF_DAY) {
		text_string_put(text, ", ");
		output_time(output, frame->time);
	}
	text_char(text, '\n');
}

static void
put_hardware(struct text *text, const uint8_t *octets, uint8_t length)
{
	for (uint8_t i = 0; i < length; i++) {
		if (i > 0)
			text_char(text, ':');
		text_hex(text, octets[i], 2);
	}
}

static void
put_ethertype(struct text *text, uint16_t ethertype)
{
	text_string_put(text, "ethertype ");
	text_hex(text, ethertype, 4);
	if (ethertype == ETHERTYPE_IPV4)
		text_string_put(text, " (IPv4)");
	else if (ethertype == ETHERTYPE_IPV6_)
		text_string_put(text, " (IPv6)");
}

static void
put_link(struct output *output, const struct frame *frame)
{
	struct text *text = output->text;
	struct link_view view;
	if (!link_parse(&view, frame->link_type, frame->octets, frame->captured))
		return;
	put_title(text, strcmp(link_name(frame->link_type), "EN10MB") == 0
				? "Ethernet"
				: link_name(frame->link_type));
	if (view.source >= 0 &&
	    (uint32_t)view.source + view.address_length <= frame->captured) {
		text_string_put(text, view.destination < 0 ? "from " : "");
		put_hardware(text, frame->octets + view.source, view.address_length);
		if (view.destination < 0)
			text_string_put(text, ", ");
	}
	if (view.destination >= 0 &&
	    (uint32_t)view.destination + view.address_length <= frame->captured) {
		text_string_put(text, " > ");
		put_hardware(text, frame->octets + view.destination, view.address_length);
		text_string_put(text, ", ");
	}
	for (uint8_t i = 0; i < view.tag_count; i++) {
		put_item(text, "VLAN ", view.tags[i] & VLAN_ID);
		put_item(text, " priority ", (uint64_t)view.tags[i] >> 13);
		text_string_put(text, ", ");
	}
	put_ethertype(text, view.ethertype);
	text_char(text, '\n');
}

static void
put_host(struct output *output, const struct address *address)
{
	const char *name = names_host(output->names, address);
	address_text(output->text, address);
	if (name == NULL)
		return;
	text_string_put(output->text, " (");
	text_escape(output->text, name, strlen(name));
	text_char(output->text, ')');
}

/* Sum of 16-bit words with the carries folded in (RFC 1071); 0xffff when a sum is right. */
static uint32_t
add_words(uint32_t sum, const uint8_t *octets, uint32_t length)
{
	uint64_t total = sum;
	for (uint32_t i = 0; i + 1 < length; i += 2)
		total += word16(octets + i);
	if (length & 1)
		total += (uint64_t)octets[length - 1] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint32_t)total;
}

static void
put_checksum(struct text *text, uint32_t checksum, const char *verdict)
{
	text_string_put(text, ", checksum ");
	text_hex(text, checksum, 4);
	text_string_put(text, verdict);
}

static void
put_protocol(struct text *text, uint8_t protocol)
{
	text_unsigned(text, protocol);
	if (protocol == TRANSPORT_UDP)
		text_string_put(text, " (UDP)");
	else if (protocol == TRANSPORT_TCP)
		text_string_put(text, " (TCP)");
}

/* RFC 791 section 3.1: "do not fragment", "more fragments", the offset in units of eight. */
static void
put_fragment_word(struct text *text, uint32_t word)
{
	const char *before = ": ";
	text_string_put(text, ", fragment word ");
	text_hex(text, word, word != 0 ? 4 : 1);
	if (word & 0x4000) {
		text_string_put(text, ": do not fragment");
		before = ", ";
	}
	if (word & 0x1fff) {
		text_string_put(text, before);
		put_item(text, "offset ", (uint64_t)(word & 0x1fff) * 8);
		before = ", ";
	}
	if (word & 0x2000) {
		text_string_put(text, before);
		text_string_put(text, "more fragments");
	}
}

static void
put_ipv4(struct text *text, const uint8_t *ip, uint32_t left)
{
	uint32_t header = (ip[0] & 15U) * 4;
	put_title(text, "");
	put_item(text, "version ", ip[0] >> 4);
	put_item(text, ", header length ", header);
	put_item(text, ", TOS ", ip[1]);
	put_item(text, ", total length ", word16(ip + 2));
	put_item(text, ", id ", word16(ip + 4));
	put_fragment_word(text, word16(ip + 6));
	text_char(text, '\n');
	put_title(text, "");
	put_item(text, "TTL ", ip[8]);
	text_string_put(text, ", protocol ");
	put_protocol(text, ip[9]);
	bool whole = header >= IPV4_HEADER && header <= left;
	put_checksum(text, word16(ip + 10),
		     !whole                               ? ""
		     : add_words(0, ip, header) == 0xffff ? " (ok)"
							  : " (BAD)");
	text_char(text, '\n');
}

static void
put_ipv6(struct text *text, const uint8_t *ip, const struct ip_view *view)
{
	uint32_t first = word32(ip);
	put_title(text, "");
	put_item(text, "version ", first >> 28);
	put_item(text, ", traffic class ", first >> 20 & 0xff);
	text_string_put(text, ", flow label ");
	text_hex(text, first & 0xfffff, 5);
	put_item(text, ", payload length ", word16(ip + 4));
	put_item(text, ", hop limit ", ip[7]);
	text_string_put(text, ", next header ");
	put_protocol(text, ip[6]);
	if (view->header_length > IPV6_HEADER) {
		put_item(text, ", extension headers of ", view->header_length - IPV6_HEADER);
		text_string_put(text, " octets to protocol ");
		put_protocol(text, view->protocol);
	}
	text_char(text, '\n');
}

/* Where the header stands and what is at hand from there on; the quoted one's, in an ICMP
 * error. */
static const uint8_t *
ip_header(const struct message *message, uint32_t *left)
{
	const struct packet *packet = message->packet;
	if (message->quote != NULL) {
		*left = packet->ip.header_length;
		return packet->datagram - packet->ip.header_length;
	}
	*left = packet->network < packet->frame.captured
			? packet->frame.captured - packet->network
			: 0;
	return packet->frame.octets + packet->frame.captured - *left;
}

static void
put_quote(struct output *output, const struct icmp_error *error)
{
	struct text *text = output->text;
	put_title(text, error->version == 6 ? "ICMPv6" : "ICMP");
	put_item(text, "type ", error->type);
	put_item(text, " code ", error->code);
	text_string_put(text, ": ");
	output_quote(output, error);
	text_string_put(text, "; it quotes\n");
}

static void
put_ip(struct output *output, const struct message *message)
{
	struct text *text = output->text;
	const struct packet *packet = message->packet;
	uint32_t left;
	put_title(text, packet->ip.version == 6 ? "IPv6" : "IPv4");
	put_host(output, &packet->source.address);
	text_string_put(text, " > ");
	put_host(output, &packet->destination.address);
	text_char(text, '\n');
	const uint8_t *ip = ip_header(message, &left);
	if (packet->ip.version == 6 && left >= IPV6_HEADER)
		put_ipv6(text, ip, &packet->ip);
	else if (packet->ip.version == 4 && left >= IPV4_HEADER)
		put_ipv4(text, ip, left);
}

/* UDP and TCP sum their octets with addresses, length and protocol (RFC 9293 section 3.1, RFC
 * 8200 section 8.1). */
static const char *
judge_checksum(const struct packet *packet, uint32_t checksum)
{
	uint8_t length[8] = {[7] = (uint8_t)packet->transport};
	uint32_t size = packet->datagram_length, sum = 0;
	if (checksum == 0 && packet->transport == TRANSPORT_UDP)
		return " (none)";
	if (packet->datagram_captured < size)
		return " (not checked: not all octets are at hand)";
	length[0] = (uint8_t)(size >> 24);
	length[1] = (uint8_t)(size >> 16);
	length[2] = (uint8_t)(size >> 8);
	length[3] = (uint8_t)size;
	/* The prefix of an IPv4-mapped address does not count. */
	uint32_t skip = packet->ip.version == 4 ? 12 : 0;
	sum = add_words(sum, packet->source.address.octets + skip, 16 - skip);
	sum = add_words(sum, packet->destination.address.octets + skip, 16 - skip);
	sum = add_words(sum, length, sizeof length);
	sum = add_words(sum, packet->datagram, size);
	/* A sending host's own capture comes before the network card fills it in. */
	return sum == 0xffff ? " (ok)" : " (BAD, or left to the network card)";
}

static void
put_udp(struct text *text, const struct packet *packet)
{
	put_title(text, "UDP");
	put_item(text, "port ", packet->source.port);
	put_item(text, " > ", packet->destination.port);
	if (packet->datagram != NULL && packet->datagram_captured >= UDP_HEADER) {
		put_item(text, ", length ", word16(packet->datagram + 4));
		uint32_t checksum = word16(packet->datagram + 6);
		put_checksum(text, checksum, judge_checksum(packet, checksum));
	}
	text_char(text, '\n');
}

static void
put_tcp_flags(struct text *text, uint8_t flags)
{
	static const struct {
		uint8_t bit;
		const char *name;
	} rows[] = {{TCP_FIN, " FIN"}, {TCP_SYN, " SYN"}, {TCP_RST, " RST"},
		    {TCP_PSH, " PSH"}, {TCP_ACK, " ACK"}, {TCP_URG, " URG"}};
	text_string_put(text, ", flags");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (flags & rows[i].bit)
			text_string_put(text, rows[i].name);
	}
}

static void
put_tcp(struct text *text, const struct packet *packet)
{
	put_title(text, "TCP");
	put_item(text, "port ", packet->source.port);
	put_item(text, " > ", packet->destination.port);
	put_item(text, ", sequence ", packet->sequence);
	put_item(text, ", acknowledgment ", packet->acknowledgment);
	text_char(text, '\n');
	put_title(text, "");
	put_item(text, "header length ", packet->payload);
	put_item(text, ", payload ", packet_length(packet));
	put_tcp_flags(text, packet->flags);
	put_item(text, ", window ", packet->window);
	if (packet->datagram != NULL && packet->datagram_captured >= TCP_HEADER) {
		uint32_t checksum = word16(packet->datagram + 16);
		put_checksum(text, checksum, judge_checksum(packet, checksum));
	}
	text_char(text, '\n');
}

void
hex_headers(struct output *output, const struct message *message)
{
	const struct packet *packet = message->packet;
	put_frame(output, message);
	if (packet->frame.captured > 0)
		put_link(output, &packet->frame);
	if (message->quote != NULL)
		put_quote(output, message->quote);
	put_ip(output, message);
	if (packet->transport == TRANSPORT_TCP)
		put_tcp(output->text, packet);
	else
		put_udp(output->text, packet);
}
