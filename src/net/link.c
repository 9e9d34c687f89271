/*
 * One table: link type -> the function that reads its header. What they leave is
 * an ethertype, or the length word of 802.3, and the place behind it; VLAN tags
 * and LLC/SNAP behind that are read in one place for all of them.
 */
#include "link.h"
#include "unusual.h"

#include <pcap/pcap.h>
#include <stddef.h>

enum {
	TYPE_SLL_LLC = 0x0004, /* ETH_P_802_2: an LLC header follows */
	TYPE_MINIMUM = 0x0600, /* less is a length: IEEE 802.3 section 3.2.6 */
	TYPE_VLAN = 0x8100,    /* IEEE 802.1Q */
	TYPE_QINQ = 0x88a8,    /* IEEE 802.1ad */
	TYPE_QINQ_OLD = 0x9100,
	TYPE_QINQ_OLDER = 0x9200,
	SNAP_SIZE = 8,
	TAG_SIZE = 4,
	SLL_ADDRESS = 8, /* octets that SLL has room for */
	LINKTYPE_RAW_ = 101,
};

struct octets {
	const uint8_t *at;
	uint32_t size;
};

typedef bool link_reader(struct link_view *view, struct octets frame);

static uint16_t
get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static bool
is_tag(unsigned type)
{
	return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD ||
	       type == TYPE_QINQ_OLDER;
}

/* IEEE 802.2 LLC; with SNAP (RFC 1042) and an OUI of Ethernet an ethertype stands in it. */
static bool
read_llc(struct link_view *view, struct octets frame)
{
	static const uint8_t bridge_tunnel = 0xf8; /* OUI 0000f8, IEEE 802.1H */
	view->ethertype = 0;
	if (frame.size - view->payload < 3)
		return false;
	const uint8_t *llc = frame.at + view->payload;
	if (llc[0] != 0xaa || llc[1] != 0xaa || llc[2] != 0x03)
		return true;
	if (frame.size - view->payload < SNAP_SIZE)
		return false;
	if (llc[3] != 0 || llc[4] != 0 || (llc[5] != 0 && llc[5] != bridge_tunnel))
		return true;
	view->ethertype = get16(llc + 6);
	view->payload += SNAP_SIZE;
	return true;
}

/* The type stands in view->ethertype, view->payload is behind it. */
static bool
read_tags(struct link_view *view, struct octets frame)
{
	while (is_tag(view->ethertype) && view->tag_count < LIMIT_VLAN_TAGS) {
		if (frame.size - view->payload < TAG_SIZE)
			return false;
		const uint8_t *tag = frame.at + view->payload;
		view->tags[view->tag_count++] = get16(tag);
		view->ethertype = get16(tag + 2);
		view->payload += TAG_SIZE;
	}
	return true;
}

static bool
read_ethernet(struct link_view *view, struct octets frame)
{
	if (frame.size < 14)
		return false;
	view->destination = 0;
	view->source = 6;
	view->address_length = 6;
	view->ethertype = get16(frame.at + 12);
	view->payload = 14;
	if (!read_tags(view, frame))
		return false;
	return view->ethertype >= TYPE_MINIMUM || read_llc(view, frame);
}

static bool
read_cooked(struct link_view *view, struct octets frame, uint32_t header, uint32_t type,
	    uint32_t length, uint32_t address)
{
	view->address_length = frame.at[length] < SLL_ADDRESS ? frame.at[length] : SLL_ADDRESS;
	if (view->address_length > 0)
		view->source = (int16_t)address;
	view->ethertype = get16(frame.at + type);
	view->payload = header;
	if (!read_tags(view, frame))
		return false;
	if (view->ethertype == TYPE_SLL_LLC)
		return read_llc(view, frame);
	if (view->ethertype < TYPE_MINIMUM)
		view->ethertype = 0; /* Linux's own numbers of protocols without ethertype */
	return true;
}

static bool
read_sll(struct link_view *view, struct octets frame)
{
	/* The low octet of the 16-bit address length is at 5; nothing has 256. */
	return frame.size >= 16 && read_cooked(view, frame, 16, 14, 5, 6);
}

static bool
read_sll2(struct link_view *view, struct octets frame)
{
	return frame.size >= 20 && read_cooked(view, frame, 20, 0, 11, 12);
}

/* Address families of the systems that write these headers. */
static uint16_t
family_type(uint32_t family)
{
	switch (family) {
	case 2: /* everywhere */
		return ETHERTYPE_IPV4;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return ETHERTYPE_IPV6_;
	default:
		return 0;
	}
}

/* The family in network order. */
static bool
read_loop(struct link_view *view, struct octets frame)
{
	if (frame.size < 4)
		return false;
	view->payload = 4;
	view->ethertype = get16(frame.at) == 0 ? family_type(get16(frame.at + 2)) : 0;
	return true;
}

/* The family in the order of the machine that wrote the file, whichever that was. */
static bool
read_null(struct link_view *view, struct octets frame)
{
	if (!read_loop(view, frame))
		return false;
	if (view->ethertype == 0 && frame.at[1] == 0 && frame.at[2] == 0 && frame.at[3] == 0)
		view->ethertype = family_type(frame.at[0]);
	return true;
}

static bool
read_raw(struct link_view *view, struct octets frame)
{
	if (frame.size == 0)
		return false;
	unsigned version = frame.at[0] >> 4;
	view->ethertype = version == 4 ? ETHERTYPE_IPV4 : version == 6 ? ETHERTYPE_IPV6_ : 0;
	return true;
}

static bool
read_ipv4(struct link_view *view, struct octets frame)
{
	view->ethertype = ETHERTYPE_IPV4;
	return frame.size > 0;
}

static bool
read_ipv6(struct link_view *view, struct octets frame)
{
	view->ethertype = ETHERTYPE_IPV6_;
	return frame.size > 0;
}

/* The most frequent first. */
static const struct {
	int type;
	link_reader *read;
} links[] = {
	{DLT_EN10MB, read_ethernet}, {DLT_LINUX_SLL, read_sll}, {DLT_LINUX_SLL2, read_sll2},
	{DLT_RAW, read_raw},         {LINKTYPE_RAW_, read_raw}, {DLT_NULL, read_null},
	{DLT_LOOP, read_loop},       {DLT_IPV4, read_ipv4},     {DLT_IPV6, read_ipv6},
};

static link_reader *
reader(int link_type)
{
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (links[i].type == link_type)
			return links[i].read;
	return NULL;
}

bool
link_known(int link_type)
{
	return reader(link_type) != NULL;
}

const char *
link_name(int link_type)
{
	if (link_type == LINKTYPE_RAW_)
		link_type = DLT_RAW;
	const char *name = pcap_datalink_val_to_name(link_type);
	return name != NULL ? name : "no name";
}

UNUSUAL bool
link_parse(struct link_view *view, int link_type, const uint8_t *octets, uint32_t captured)
{
	*view = (struct link_view){.source = -1, .destination = -1};
	link_reader *read = reader(link_type);
	return read != NULL && read(view, (struct octets){octets, captured});
}
