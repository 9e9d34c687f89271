/*
 * facts: what a capture tells about hosts, connections and calls, collected in
 * one pass for the verdict: what happened, not yet what it means.
 *
 * A contact is a TCP connection or a UDP conversation; a call is an RPC call with
 * what came back. Of each contact the first calls are kept in full, later ones only
 * when they failed or were never answered; the others are counted. Packets
 * captured twice are one. All memory is bounded by the LIMIT_FACTS numbers: where one
 * is met nothing more is looked at, and what comes is counted in the `omitted` members.
 */
#ifndef RPCSCOPE_FACTS_H
#define RPCSCOPE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "bounds.h"
#include "counts.h"
#include "decode.h"
#include "icmp.h"
#include "link.h"
#include "memory.h"
#include "message.h"
#include "pipeline.h"
#include "session.h"

/* Program numbers (RFC 1833, RFC 1813, IANA) that the rules tell apart. */
enum {
	PROGRAM_PORTMAPPER = 100000,
	PROGRAM_NFS = 100003,
	PROGRAM_MOUNT = 100005,
	PROGRAM_RQUOTA = 100011,
	PROGRAM_NLM = 100021,
	PROGRAM_STATUS = 100024,
	PROGRAM_NFS_ACL = 100227,
};

enum { PORT_PORTMAPPER = 111, PORT_KERBEROS = 88, PORT_NFS = 2049, PORT_RESERVED = 1024 };

enum { CALL_OPS = 12, CALL_FLAVORS = 8, CALL_SENDS = 4 };

enum { NO_CALL = UINT32_MAX };

enum { SNAPPED_FRAMES = 4 };

/* What is known of the operations of a COMPOUND. */
enum operations_read {
	OPERATIONS_WHOLE,   /* all of them; also of a call that has none */
	OPERATIONS_CUT,     /* the first of them, or none: the capture has no more */
	OPERATIONS_HIDDEN,  /* encrypted (RFC 2203 section 5.3.3.4.3) */
	OPERATIONS_SKIPPED, /* not looked for: beyond the first calls of its contact */
};

/* What few calls say. */
struct call_more {
	struct address answer_host;             /* of a portmapper's answer */
	struct endpoint callback;               /* of SETCLIENTID; port 0: none */
	uint32_t flavors[CALL_FLAVORS];         /* of MNT */
	uint64_t resent_frames[CALL_SENDS - 1]; /* of the first sendings but one */
	uint32_t low, high, auth_stat;          /* of a reply that is no success */
	uint32_t gss_major;
	struct address answerer;  /* who sent the reply, where that is `elsewhere` */
	uint64_t owner, verifier; /* hashes of what a client names itself; 0: not here */
};

/* An RPC call and what came of it. What rules ask of every call stands first. */
struct call {
	uint32_t contact; /* index */
	uint32_t next;    /* of the same contact; NO_CALL at the end */
	uint32_t xid;
	uint32_t program, version, procedure;
	uint32_t sends, replies; /* copies by the capture are not counted */
	uint32_t result; /* the protocol's own status; 0 is success (also of NLM: granted) */
	bool has_result; /* it is known */
	uint8_t status;  /* enum message_status */
	bool kept;       /* in the list of its contact */
	bool known;      /* program, version and procedure are; else only the reply is */
	bool backward;   /* the server of the contact calls (NFS 4.1 callbacks) */
	bool call_bad, reply_bad; /* the checksum of that packet contradicts its octets */
	bool call_cut;            /* the capture lacks octets of the call */
	bool cut;                 /* ... of the reply */
	bool incomplete;          /* the reply stops in the middle of its record */
	bool elsewhere;           /* replied by another address than was asked */
	bool starttls;            /* the reply agreed to TLS */
	bool gss;
	uint8_t gss_proc;
	uint8_t flavor;          /* of the credential; 255 for larger numbers */
	uint8_t operations_read; /* enum operations_read */
	/* portmapper */
	bool asks;       /* it asks for or is about a program */
	bool indirect;   /* CALLIT, BCAST, INDIRECT */
	bool has_answer; /* the port is known */
	bool answer_bad; /* what was answered is no port, or no address */
	/* mountd, NFS */
	uint8_t flavor_count;
	uint8_t file_type; /* of the attributes in the reply: 1 file, 2 directory; 0 unknown */
	uint8_t minor, op_count;
	uint8_t failed_op;
	bool barred; /* ACCESS does not let the client look up names there */
	uint16_t source_port;
	uint64_t handle; /* a hash of the first file handle in it; 0: none */
	uint64_t frame, last_frame, reply_frame; /* first and last sending; 0: no reply */
	int64_t time, last_time, reply_time;
	int64_t idle;                 /* since the contact's last reply; -1: there was none */
	const struct call_more *more; /* never NULL */
	const char *result_name;      /* constant; NULL for none */
	uint32_t sends_after;         /* after the first reply was seen */
	uint16_t answer;              /* port; 0: not registered */
	uint8_t asked_transport;      /* enum transport; 0: not known */
	uint8_t ops[CALL_OPS];
	uint32_t asked, asked_version;
	uint32_t path, path_length; /* in facts->octets; raw */
	uint64_t given;             /* as `handle`, of the last that a COMPOUND gave */
	uint64_t session;           /* ... of its session (NFS 4.1) */
};

/* The frame of its first sending (0), or of one of the CALL_SENDS - 1 behind it. */
static inline uint64_t
call_sent_frame(const struct call *call, unsigned sending)
{
	return sending == 0 ? call->frame : call->more->resent_frames[sending - 1];
}

enum { CONTACT_HOLES = 4, CONTACT_RECENT = 8 };

/* Octets [from, to) of one direction that were not seen when later ones were. */
struct hole {
	uint32_t from, to;
	uint64_t frame; /* the first behind it */
	int64_t time;
};

/* What one end of a contact did. [0] is the client. What every packet touches stands first. */
struct contact_end {
	uint64_t packets;
	uint64_t last_frame;
	int64_t last_time;
	int64_t acked_time;     /* of the acknowledgment of `acked` */
	uint32_t edge;          /* after the highest octet sent */
	uint32_t acked;         /* the highest the other acknowledged */
	uint32_t largest_acked; /* octets of the largest segment that was acknowledged */
	bool has_edge, has_acked, sent_ack;
	bool unseen; /* the other end acknowledged what the capture does not have */
	bool judged; /* its first octets were looked at */
	bool stamped;
	uint8_t recent_next;             /* counts; where the next of the following goes */
	uint32_t recent[CONTACT_RECENT]; /* IP identifications, to know copies by the capture;
					    0: none */
	uint32_t stamp;                  /* TSval of its newest segment (RFC 7323 section 3) */
	uint32_t hole_count;
	struct hole *holes; /* [CONTACT_HOLES] octets not seen yet, though later ones were */
	uint64_t data_frame;
	int64_t data_time;
	uint64_t syn_frame, last_syn_frame, fin_frame, rst_frame;
	int64_t syn_time, last_syn_time, fin_time, rst_time;
	uint32_t syns;         /* SYN or SYN+ACK, copies not counted */
	uint32_t syn;          /* sequence number of the last */
	uint32_t fin;          /* sequence number of its FIN */
	uint32_t fin_acked_to; /* what its FIN acknowledged */
	uint32_t fins;         /* FINs, copies not counted */
	uint32_t ahead;        /* the highest acknowledgment of what is unseen */
	int64_t ahead_time;    /* of the first such acknowledgment */
	int64_t ack_time;      /* of its first ACK that is no SYN */
	uint32_t retransmits;  /* segments sent again */
	uint32_t vain;         /* of these: acknowledged long before, in the capture */
	uint64_t retransmit_frame, last_retransmit_frame;
	int64_t last_retransmit_time;
	/* the segment that is being sent again without effect */
	uint32_t stuck, stuck_length, stuck_count;
	bool fin_acked;
	bool foreign; /* its first octets are no RPC message */
	bool has_state;
	uint8_t state; /* enum tcp_state at the end, by the session */
	uint64_t stuck_frame, stuck_last_frame;
	int64_t stuck_time, stuck_last_time;
	uint64_t foreign_frame;
	uint64_t bad_checksums;
	int64_t state_since;
};

struct contact {
	uint32_t index; /* in facts->contacts */
	enum transport transport;
	uint64_t number; /* of its session; not the first: see facts_contact.c */
	struct endpoint client, server;
	bool joined_midway;
	uint64_t first_frame;
	int64_t start;
	/* From here up to the ends' own is what every packet and message touches. */
	struct lull {
		int64_t from, to;
		uint64_t from_frame, to_frame; /* the client's first and last packet in it */
		uint32_t sent;                 /* 0: there is none, whatever the others say */
		bool ended;                    /* the server spoke again */
	} lull_now, lull; /* the longest time in which the client kept sending and the server
			     said   nothing */
	uint64_t last_frame;
	int64_t last;
	uint64_t calls, replies, repeats; /* all */
	int64_t last_reply_time;
	uint64_t last_reply_frame;
	uint32_t program, version;      /* the first called; 0: none */
	uint32_t first_call, last_call; /* kept */
	uint32_t kept, kept_before;     /* before the last mount began on it */
	uint8_t client_end;             /* of the flow */
	bool client_known;              /* a SYN or a call says who is the client */
	bool rpc;
	bool tls;     /* STARTTLS was answered */
	bool filled;  /* of the client's NFS calls that go well no more are kept */
	bool settled; /* nothing is open or missing: see facts_segment.c */
	struct contact_end end[2];
	uint32_t challenge_acks;
	uint64_t challenge_frame, last_challenge_frame;
	struct icmp_error icmp; /* the first about a packet of the client; version 0: none */
	uint64_t icmp_frame, last_icmp_frame;
	uint32_t icmps;
	struct icmp_error back_icmp; /* about a packet of the server */
	uint64_t unmatched, unmatched_frame;
	uint64_t borrowed; /* replies to calls of another contact */
	uint8_t tls_alert; /* the first fatal one in the clear, + 1 (RFC 8446 section 6); 0:
			      none */
	uint8_t tls_alert_end;
	uint32_t tls_records[2]; /* segments that begin with a TLS record, by end */
	uint64_t tls_alert_frame;
	uint8_t kdc_error; /* of a KRB-ERROR on port 88; 0: none */
	uint64_t kdc_error_frame;
};

enum { HARDWARE_ADDRESSES = 4, SEARCHES = 4 };

/* What one host asked in a row: who is answered asks no more. */
struct search {
	struct address asker;
	uint32_t requests; /* 0: none */
	uint64_t first_frame, last_frame;
	int64_t first_time, last_time;
};

/* A host that somebody looked for on the link: ARP (RFC 826), neighbour discovery (RFC 4861).
 */
struct neighbour {
	struct table_entry entry; /* first: see table.h */
	struct address address;
	uint32_t answers;
	struct search searches[SEARCHES];
	uint8_t hardware[HARDWARE_ADDRESSES][6];
	uint64_t hardware_frame[HARDWARE_ADDRESSES], hardware_last[HARDWARE_ADDRESSES];
	bool hardware_asked[HARDWARE_ADDRESSES]; /* it answered, not only made itself known */
	int64_t hardware_first_time[HARDWARE_ADDRESSES], hardware_time[HARDWARE_ADDRESSES];
	uint32_t hardware_count;
};

enum { PIECES_PLACES = 48 }; /* the largest datagram has 45 fragments of an Ethernet frame */

/* A fragmented datagram. */
struct pieces {
	struct address source, destination;
	uint32_t identification;
	uint16_t source_port, destination_port; /* where the first piece is there */
	uint64_t frame, last_frame;
	int64_t time, last_time;
	uint32_t octets, end, count;    /* gathered; the total, 0 while the last is missing */
	uint16_t places[PIECES_PLACES]; /* where the latest began: the same again is a copy */
	bool first;
};

/* Of a transport header: OFFLOADED is left to the network card. */
enum checksum { CHECKSUM_UNKNOWN, CHECKSUM_GOOD, CHECKSUM_OFFLOADED, CHECKSUM_BAD };

struct facts {
	/* What every packet and message touches stands first. */
	const struct counts *counts; /* the pipeline's */
	const char *full;            /* the bound behind which was no room for more: `last` and
					`last_frame` are of that time; NULL: there was */
	struct contact **contacts;   /* in the order of their numbers */
	size_t contact_count, contacts_begun; /* ... with those that were let go */
	uint64_t good_checksums;              /* of those that were looked at */
	uint64_t summed_frame;                /* the last whose checksum was looked at, */
	enum checksum summed;                 /* and what was found */
	uint32_t spare_call;                  /* recycled, linked through `next` */
	struct call *calls;
	size_t call_count;
	uint32_t contact_limit, call_limit; /* the LIMIT_FACTS numbers unless changed */
	uint32_t host_limit, neighbour_limit, piece_limit, octet_limit, attempt_limit;
	size_t contact_capacity, call_capacity;
	struct pool contact_pool, hole_pool, more_pool;
	uint8_t *octets; /* paths */
	size_t octet_count, octet_capacity;
	struct table neighbours; /* struct neighbour */
	struct pool neighbour_pool;
	struct pieces *pieces;
	size_t piece_count, piece_capacity;
	size_t piece_next;     /* where the next one goes, if what is there came together */
	struct table speakers; /* hosts that sent IP packets */
	struct pool speaker_pool;
	bool unicast; /* something to one host alone is in the capture */
	uint64_t bad_checksums, retransmits, repeats;
	uint64_t corrupt_frame[4];
	uint64_t frames;
	uint64_t omitted_contacts, omitted_calls;   /* that came when it was full */
	uint64_t omitted_hosts, omitted_neighbours; /* counts.h: evicted */
	/* The first packets cut by the snap length. */
	uint64_t snapped_frames[SNAPPED_FRAMES];
	unsigned snapped;         /* how many of these there are; 0: none was cut */
	struct clock_steps steps; /* of the capture's clock; all times here are even */
	int64_t first, last;
	uint64_t first_frame, last_frame;
	const struct decoder *decoder;
	struct tape tape;
};

static inline const struct neighbour *
facts_first_neighbour(const struct facts *facts)
{
	return (const struct neighbour *)facts->neighbours.oldest;
}

static inline const struct neighbour *
facts_next_neighbour(const struct neighbour *neighbour)
{
	return (const struct neighbour *)neighbour->entry.newer;
}

struct facts *facts_new(const struct decoder *decoder, const struct bounds *bounds);
void facts_free(struct facts *facts);
/* Sets the members of the sink that collect; `context` has to be the facts. */
void facts_listen(struct sink *sink, struct facts *facts);
/* The capture is over. */
void facts_end(struct facts *facts, const struct counts *counts);
/* How many of these contacts, in the order of their numbers, have a lower one? */
size_t contacts_place(const struct contact *const *contacts, size_t count, uint64_t number);
/* The contact of the session of that number; NULL where there is none. */
struct contact *facts_contact(const struct facts *facts, uint64_t number);
/* A SYN from a reserved port to a port that nobody named: only an RPC client does that. */
bool contact_is_knock(const struct contact *contact);
/* By how much times may be wrong: those of some captures are whole seconds, or none. */
int64_t facts_blur(const struct facts *facts);
/* Did the datagram come together? */
bool facts_are_whole(const struct pieces *pieces);
/* Is a packet of that host in the capture, or may be? */
bool facts_speaks(const struct facts *facts, const struct address *address);
/* Would an answer to that host alone be in the capture? At the port of a switch only what goes
 * to everybody is there of others. */
bool facts_overhears(const struct facts *facts, const struct address *address);

/* Collectors in files of their own, called by the sink's functions. */
void facts_message(struct facts *facts, const struct message *message);
void facts_packet(struct facts *facts, struct contact *contact, const struct packet *packet,
		  const struct flow *flow, enum flow_end from);
/* The same of a packet that only brings the next octets of a settled connection, as nearly all
 * do; `from`: the client is 0. False where it does not. */
bool facts_plain_packet(struct facts *facts, struct contact *contact,
			const struct packet *packet, unsigned from);
void facts_icmp(const struct icmp_error *error, const struct packet *quoted,
		const struct flow *flow, enum flow_end from);
/* An error whose quote the snap length cut behind the ports. */
void facts_cut_icmp(struct facts *facts, const struct packet *packet);
void facts_hardware(struct facts *facts, const struct frame *frame,
		    const struct link_view *link);
void facts_neighbour(struct facts *facts, const struct packet *packet);
void facts_piece(struct facts *facts, const struct packet *packet);
/* The body of a message of the call, where the rules need to know it. */
void facts_read_call(struct facts *facts, const struct message *message, struct call *call);
void facts_read_reply(struct facts *facts, const struct message *message, struct call *call);
/* Adds octets to facts->octets and says where they stand; false when there is no room. */
bool facts_keep(struct facts *facts, const void *octets, size_t count, uint32_t *at);

/* Is the transport checksum of the packet wrong (and not just left to the network card)? */
enum checksum checksum_verify(const struct packet *packet);

#endif
