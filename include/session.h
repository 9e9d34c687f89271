/*
 * session: one TCP connection or UDP conversation, what it carried, which answer
 * of the portmapper led to it, and how it lived.
 *
 * A session is made with its flow and outlives it: it is kept, oldest first out,
 * up to LIMIT_SESSIONS, because what explains it may be learned late. Those that
 * have nothing to do with RPC so far go before the others.
 */
#ifndef RPCSCOPE_SESSION_H
#define RPCSCOPE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "binding.h"
#include "counts.h"
#include "flow.h"
#include "icmp.h"
#include "life.h"
#include "message.h"
#include "moment.h"

enum {
	SESSION_PROGRAMS = 6
}; /* programs of one session told apart: nfs and nfs_acl share a connection */

/* How the portmapper's answer and this session belong together. */
enum session_link {
	LINK_NONE,         /* nobody told of this port */
	LINK_ANSWERED,     /* the first session after an answer to this client */
	LINK_CACHED,       /* a later one by the same answer */
	LINK_OTHER_CLIENT, /* another client was told */
	LINK_LATE,         /* told only after the session had begun */
};

struct session_program {
	uint32_t program, version;
	uint64_t calls, replies; /* by the client; answers to it */
	bool callback;           /* a number that an NFS client announced for its callbacks */
	bool used;               /* more than its procedure 0 was called */
};

/* What came of a session's opening. */
enum session_opening {
	OPENING_UNKNOWN,     /* joined midway; UDP that is not RPC */
	OPENING_ANSWERED,    /* SYN+ACK, or a packet back */
	OPENING_SILENT,      /* nothing came back */
	OPENING_REFUSED,     /* RST to the SYN, or ICMP port unreachable */
	OPENING_FILTERED,    /* ICMP: administratively prohibited */
	OPENING_UNREACHABLE, /* ICMP: host or network unreachable */
	OPENING_CHALLENGED, /* the server still holds a connection of these ports: a mere ACK */
};

enum session_closer {
	CLOSER_NONE,
	CLOSER_CLIENT,
	CLOSER_SERVER,
	CLOSER_BOTH,
	CLOSER_RESET_BY_CLIENT,
	CLOSER_RESET_BY_SERVER
};

struct session {
	uint64_t number;
	struct flow *flow; /* while it lives; else NULL */
	struct life life;  /* TCP; ends are flow ends: see client_end */
	uint64_t first_frame, last_frame;
	int64_t start, end;
	uint64_t packets[2], octets[2]; /* [0] by the client, [1] by the server */
	struct endpoint client, server;
	enum transport transport;
	uint8_t client_end; /* which of flow.end is the client */
	bool client_known;  /* a SYN or a message said so */
	bool joined_midway;
	bool rpc;        /* carried RPC */
	bool over;       /* its flow is gone */
	bool succeeded;  /* the next connection of the same ports took its place */
	uint8_t opening; /* enum session_opening */
	uint8_t link;    /* enum session_link */
	uint8_t program_count;
	struct session_program programs[SESSION_PROGRAMS]; /* in order of first call */
	uint64_t calls, replies, repeats; /* of both ends; repeats are among them */
	uint64_t callbacks;               /* calls by the server */
	struct endpoint answered_from;    /* UDP: another than was asked; port 0: none */
	uint64_t answered_frame;          /* the first reply from there */
	uint64_t opening_frame;           /* the frame that shows it; 0: none does */
	struct icmp_error icmp;           /* the first error that quotes it; version 0: none */
	uint64_t icmp_frame;
	uint32_t icmp_count;
	uint32_t retransmits, gaps;    /* of its streams: see session_retransmits() */
	struct binding *answer;        /* NULL for LINK_NONE */
	int64_t answer_delay;          /* ns from the answer to the session's first packet */
	struct session *older, *newer; /* all sessions in order of number */
	struct session *before,
		*after; /* the same ports, one after the other; NULL: not kept */
	struct session *age_older, *age_newer; /* private: what goes first */
	bool ranked;                           /* private: on which of two age lists */
};

struct sessions;

/* Told of a session when it leaves the table: at the end in order of number, or early when
 * there are too many. */
typedef void session_told(void *context, const struct session *session);

struct sessions_options {
	int64_t msl2;        /* 2 MSL in ns; 0: 60 s */
	struct moment until; /* time goes on to there after the last frame */
	uint32_t limit;      /* sessions kept; 0: LIMIT_SESSIONS */
	bool lives_only;     /* only `life` is asked for: packets, and messages behind the first
				of a session, are not counted, and their programs not noted */
};

/* `bindings`: NULL where no session is to be linked to an answer. */
struct sessions *sessions_new(struct bindings *bindings, struct counts *counts,
			      const struct sessions_options *options, session_told *told,
			      void *context);
void sessions_free(struct sessions *sessions);
/* A packet of a flow, before its octets are looked at; also one that is stale there. */
void sessions_packet(struct sessions *sessions, struct flow *flow, enum flow_end from,
		     const struct packet *packet);
void sessions_message(struct sessions *sessions, const struct message *message);
/* A reply to a call of that flow came from another address or port than was asked. */
void sessions_answered_from(const struct flow *flow, const struct message *reply);
/* An ICMP error that quotes a packet of a flow. */
void sessions_icmp(const struct flow *flow, const struct icmp_error *error,
		   const struct packet *quoted);
/* The flow is gone; `reused` when the next incarnation takes its place. */
void sessions_retire(struct sessions *sessions, const struct flow *flow, bool reused,
		     int64_t now);
/* The capture is over: links what was learned late and tells of every session. */
void sessions_finish(struct sessions *sessions, int64_t now);

/* What it was for: the first program that more than procedure 0 of was called, else the first
 * called; NULL when none was. */
const struct session_program *session_program(const struct session *session);
/* What it was for when it carried nothing: the program of the answer that led there, or
 * explains the port. 0 where none is known. */
struct session_purpose {
	uint32_t program, version;
	bool by_answer; /* known by that only: no call is in the capture */
	bool callback;  /* as in session_program */
};
struct session_purpose session_purpose(const struct session *session);
/* Has it to do with RPC: it carried it, an answer named its port, or its port is 111 or 2049?
 */
bool session_concerns_rpc(const struct session *session);
enum session_closer session_closed_by(const struct session *session);
/* Segments sent again: their octets, their SYN or their FIN. */
static inline uint64_t
session_retransmits(const struct session *session)
{
	const uint32_t *syns = session->life.syn_repeats;
	return (uint64_t)session->retransmits + syns[0] + syns[1];
}
/* What the portmapper's answer led to: the client went on by it. */
static inline bool
session_followed(const struct session *session)
{
	return session->link == LINK_ANSWERED || session->link == LINK_CACHED;
}

#endif
