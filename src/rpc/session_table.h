/*
 * session_table: where sessions are kept, for what links them; private to src/rpc.
 */
#ifndef RPCSCOPE_SESSION_TABLE_H
#define RPCSCOPE_SESSION_TABLE_H

#include "memory.h"
#include "session.h"

enum { PORTMAPPER_PORT = 111, NFS_PORT = 2049 }; /* IANA; RFC 1833 section 1, RFC 7530 3.1 */

struct session_list {
	struct session *oldest, *newest;
	uint32_t count;
};

struct sessions {
	struct bindings *bindings;
	struct counts *counts;
	struct sessions_options options;
	session_told *told;
	void *context;
	struct pool pool;
	struct session *oldest, *newest; /* in order of number */
	struct session_list ranked, others;
	struct session *succeeded; /* whose ports the next one takes; NULL: none */
};

static inline bool
session_has_known_port(const struct session *session)
{
	return session->server.port == PORTMAPPER_PORT || session->server.port == NFS_PORT;
}

/* That end of the flow is the client. */
void session_set_client(struct session *session, unsigned end);
/* Tells of the one whose turn it is to go, and forgets it. */
void sessions_evict(struct sessions *sessions, int64_t now);
/* Makes one, the newest; it does not concern RPC yet. */
struct session *session_add(struct sessions *sessions, uint64_t number);
/* Its turn to go comes later, once it has to do with RPC. */
void session_rank(struct sessions *sessions, struct session *session);
void session_remove(struct sessions *sessions, struct session *session);
/* session_reuse.c: it takes the ports of the one before. */
void session_succeed(struct sessions *sessions, struct session *session);
/* Nobody points to it any more. */
void session_detach(struct sessions *sessions, struct session *session);
/* A packet that may tell of an end which still holds a connection before: the server's
 * challenge ACK; the client's RST that ends it; the SYN+ACK after which it is gone. */
void session_look_back(const struct sessions *sessions, struct session *session,
		       const struct packet *packet, bool challenge);
/* Looks for the answer that led to it; again once its program is known. */
void session_link(struct sessions *sessions, struct session *session);
/* The session is about to be told of: its answer learns what came of it. */
void session_link_done(const struct session *session);
/* For each answer that nothing followed: did its client call the program at another port? */
void sessions_search_elsewhere(struct sessions *sessions);

#endif
