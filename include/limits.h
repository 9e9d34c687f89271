/*
 * limits: every bound of the program, with its reason.
 *
 * All memory that the traffic can make the tool use is bounded by a number in
 * this file. What is given up because of one is counted (counts.h) and told, where nothing
 * else is said here. Those that a name of --limit can change stand in bounds.h; the others
 * follow from a protocol, hold a few KiB, or are of one message, direction or connection: how
 * many of these there are is what a name bounds.
 */
#ifndef RPCSCOPE_LIMITS_H
#define RPCSCOPE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#define SECOND 1000000000LL /* all times are nanoseconds */

enum {
	/* -- net -- */
	LIMIT_DECOMPRESSOR_LOG = 28, /* 2^28 octets: memory a compressed file may ask for */
	LIMIT_BLOCK = 16 << 20, /* octets of a pcapng block: no writer makes one this long */
	LIMIT_INTERFACES =
		1 << 16, /* of a pcapng section: an obsolete packet block can name no more */
	LIMIT_FRAME =
		256 * 1024,  /* octets of a frame looked at: libpcap's own largest snapshot */
	LIMIT_VLAN_TAGS = 4, /* QinQ needs two; more than four is a loop made by hand */
	LIMIT_IPV6_EXTENSIONS = 16, /* extension headers walked; RFC 8200 names seven */
	LIMIT_DATAGRAM =
		65535, /* octets of a reassembled IP datagram: the length field's range */
	LIMIT_DATAGRAM_PIECES = 8192,    /* fragments of one datagram: 65535 / 8 */
	LIMIT_FRAGMENT_OCTETS = 4 << 20, /* octets held in incomplete datagrams, all together */
	LIMIT_FLOWS = 262144,            /* TCP connections and UDP conversations held */
	LIMIT_HELD_OCTETS =
		64 << 20, /* out-of-order TCP octets held, all directions together */
	LIMIT_HELD_DIRECTION = 256
			       << 10, /* the same, one direction: more than that is a hole */
	LIMIT_MISSING_RANGES =
		4, /* holes a direction remembers, so that a late segment is known */
	LIMIT_HELD_SEGMENTS =
		1024, /* of one direction: keeps the search for a place in the list short */
	LIMIT_FINISHED_DATAGRAMS =
		1024, /* remembered to know their copies; LIMIT_COPY_AGE holds a few */
	LIMIT_SEARCH_OCTETS =
		64 << 10, /* searched for a record before only segment starts are tried */

	LIMIT_LIFE_HELD =
		32, /* segments of a connection that wait for those captured after them */
	LIMIT_TRANSITIONS =
		64, /* changes of state kept of one connection; a usual life has nine */

	/* -- rpc -- */
	LIMIT_RECORD =
		4
		<< 20, /* octets of one RPC record kept; NFS transfers at most 1 MiB + header */
	LIMIT_RECORD_EMPTY =
		64, /* fragments of a record beyond one an octet; more are no record's */
	LIMIT_GATHER_OCTETS =
		64 << 20, /* of records over several segments, all directions together */
	LIMIT_GATHER_EXTENTS = 16384, /* of one record: LIMIT_RECORD in segments of 256 */
	LIMIT_RECORD_SANE = 64 << 20, /* a longer record mark is taken for "not RPC" */
	LIMIT_AUTH_OCTETS = 400, /* body of a credential or verifier (RFC 5531 section 8.2) */
	LIMIT_ANSWERED_CALLS = 16384, /* from there on answered calls are forgotten early */
	/* The same over TCP, where what was answered is not asked again on its connection (RFC
	 * 7530 section 3.1.1); the processor's cache holds so many. Every long capture has
	 * more, and one is missed only when it comes again all the same: so those forgotten are
	 * counted (in JSON), but no line for people, and no verdict ends there. */
	LIMIT_ANSWERED_TCP = 512,
	LIMIT_PENDING_CALLS = 262144, /* calls remembered until their reply or LIMIT_CALL_AGE */
	LIMIT_NAMESAKES = 256, /* of those, of one caller and xid: a /24 asked one by one */
	LIMIT_PARKED = 256,    /* replies that wait for a call captured after them */
	LIMIT_PARKED_OCTETS = 16 << 10, /* of each on an average: LIMIT_PARKED times that */
	LIMIT_CALLBACKS =
		1024, /* announced callback programs of NFS clients; a client has one or two */
	LIMIT_REPLIERS = 16, /* distinct answerers told apart for one broadcast call */

	LIMIT_SERVERS = 4096,    /* whose answers from the portmapper are remembered */
	LIMIT_BINDINGS = 256,    /* of one server */
	LIMIT_QUESTIONS = 16384, /* asked of portmappers and remembered, because answers do not
				    repeat them */
	LIMIT_SESSIONS = 16384,  /* sessions kept to the end, so that what is learned late
				    explains them */

	/* -- report -- */
	LIMIT_ROWS = 1 << 18,    /* of the table of `ports`: LIMIT_SERVERS with 64 ports each */
	LIMIT_SOURCES = 1 << 18, /* answers told in these */
	LIMIT_ROW_SOURCES = 256, /* of one row: they are searched one by one */
	LIMIT_CHANGES = 1 << 20, /* changes of state that wait for their place in time */
	LIMIT_UNFOLLOWED = 64 << 10, /* octets that tell of answers nobody followed: a page */

	/* -- verdict -- */
	LIMIT_FACTS_CONTACTS =
		12288,             /* connections and conversations looked at for a verdict */
	LIMIT_FACTS_CALLS = 49152, /* calls kept for it, all together */
	LIMIT_FACTS_KEPT = 64, /* of one contact in full: a mount has some forty to a server */
	/* The same when LIMIT_FACTS_AMPLE are in use: the NFS calls of a mount, of version 2 or
	 * 3 and of version 4, whose client looks at each directory of the path. */
	LIMIT_FACTS_FIRST = 16,
	LIMIT_FACTS_FIRST_4 = 40,
	LIMIT_FACTS_AMPLE = 16384,
	LIMIT_FACTS_HOSTS = 24576,     /* that spoke: two of a contact */
	LIMIT_FACTS_NEIGHBOURS = 4096, /* looked for on the link */
	LIMIT_FACTS_DATAGRAMS = 4096,  /* in pieces, of which some never came */
	LIMIT_ATTEMPTS = 8192,         /* judged of one capture: nobody reads more */
	LIMIT_FACTS_OCTETS = 4 << 20,  /* of paths, all together */
	/* Looked through one by one, from the nearest or newest on, where every one of as many
	 * may have to be: what lies farther off is taken for absent, which is not told. */
	LIMIT_NEXT_CONTACTS = 256,  /* of a pair, before or after one, or before now */
	LIMIT_OPEN_DATAGRAMS = 256, /* in pieces at one time */
	LIMIT_NEXT_STRANDS = 64,    /* mounts that an unmount may be of */
	LIMIT_NEXT_FAULTS = 64,     /* of one attempt, before one */
	LIMIT_LEAD_CALLS = 16,      /* of a contact: probes before what it is for */
	LIMIT_PORT_ANSWERS = 64,    /* about one port: more are no portmapper's */

	/* -- xdr -- */
	LIMIT_DEPTH = 64,       /* nesting of a decoded message */
	LIMIT_FIELDS_BASE = 64, /* a message of n octets has at most 3 n + 64 fields: five
				   nested structs around every word */
	LIMIT_FIELDS_PER_OCTET = 3,

	/* -- spec -- */
	LIMIT_SPEC_OCTETS = 8 << 20, /* size of one .x file; NFSv4.2's is 100 KiB */
	LIMIT_SPEC_NESTING = 64,     /* brackets and conditionals inside each other */
	LIMIT_SPEC_NAMES = 65535,    /* ids of names and types are 16 bits wide */

	/* -- out -- */
	LIMIT_LINE_COLUMNS = 200,       /* a line for people stays under this */
	LIMIT_OUTPUT_BUFFER = 64 << 10, /* written out when it holds that much */
};

/* A datagram's fragments are waited for: RFC 8200 section 4.5 says 60 s, Linux waits 30 s. */
#define LIMIT_FRAGMENT_AGE (30 * SECOND)
/* A segment waits this long for those captured after it. */
#define LIMIT_LIFE_WAIT (SECOND / 2)
/* A hole that the receiver has acknowledged past is waited for this long. */
#define LIMIT_HOLE_AGE (2 * SECOND)
/* A reply waits that long for a call captured after it. */
#define LIMIT_PARK_AGE (SECOND / 10)
/* A call without reply is then "never answered": hard mounts wait for minutes. */
#define LIMIT_CALL_AGE (900 * SECOND)
/* ... not counting what a pause of the capture, or a step of its clock, has over that. */
#define LIMIT_CLOCK_STEP (60 * SECOND)
/* An answered call is known that long, to know its repeats. */
#define LIMIT_ANSWERED_AGE (60 * SECOND)
/*
 * Two captures of one path, merged, have each packet twice, as far apart as the path is long;
 * one that was sent again bears another IP identification or time stamp (RFC 7323). Where
 * neither is at hand only time tells: no client repeats a call, nor TCP a SYN or FIN (RFC 6298
 * section 2.4; in practice 200 ms), so soon. ...
 */
#define LIMIT_COPY_AGE (SECOND / 10)
/* ... A datagram without an IP identification is sent again later than this ... */
#define LIMIT_COPY_AGE_NAMELESS (SECOND / 20)
/* ... and a segment with neither may be sent again as soon as three others arrived (RFC 5681).
 */
#define LIMIT_COPY_AGE_BARE (5 * SECOND / 1000)

#endif
