/*
 * binding: what the portmapper said is where (RFC 1833).
 *
 * Made from every exchange that tells of one: GETPORT, GETADDR, GETVERSADDR,
 * GETADDRLIST, DUMP of all versions, SET, UNSET, and the answers to CALLIT,
 * BCAST and INDIRECT. A binding annotates; nothing is taken for RPC, or not,
 * because of one. Each answer is a binding of its own, also when it says what
 * was said before: which session it led to is not the same.
 *
 * Local transports are left out: nothing of them is ever on the wire.
 */
#ifndef RPCSCOPE_BINDING_H
#define RPCSCOPE_BINDING_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "address.h"
#include "bounds.h"
#include "counts.h"
#include "decode.h"
#include "message.h"
#include "table.h"

/* What an answer says that says no place: it is nobody's, and told as it stands. */
enum binding_wrong {
	BINDING_RIGHT,
	BINDING_NO_PORT,      /* a number over 65535 */
	BINDING_NO_TRANSPORT, /* a protocol that RPC does not go by, with a port */
	BINDING_NO_ADDRESS,   /* text that is no universal address */
};

enum { BINDING_WRONG_MOST = 56 }; /* octets of it kept: the longest address, a scope, a port */

/* One answer about one program on one transport of one server. */
struct binding {
	struct table_entry entry; /* first: see table.h; by server, transport and port */
	struct address server;    /* 0.0.0.0 and :: in an answer mean the server asked */
	struct address client;    /* who asked */
	struct address told_by;   /* who was asked: an answer may name another address */
	enum transport
		transport; /* 0 for an UNSET of every transport, and where none is said */
	uint16_t port;     /* 0: not registered */
	uint32_t program, version;
	bool registered;    /* false for port 0, an empty address, or after UNSET */
	bool listed;        /* not asked for by name: DUMP, SET, UNSET */
	uint8_t wrong;      /* enum binding_wrong; never registered then */
	uint8_t wrong_size; /* of what it says instead, as on the wire, cut: */
	char wrong_text[BINDING_WRONG_MOST];
	bool indirect;            /* learned from CALLIT, BCAST or INDIRECT */
	bool superseded;          /* the same client was told the same again */
	const char *learned_from; /* "GETPORT", "GETADDR", "DUMP", ... constant */
	const char *netid; /* "tcp", "udp6", ...; "*" for an UNSET of every one; "-": none */
	uint64_t call_frame, frame; /* of the question and the answer */
	int64_t time;               /* of the answer */
	uint64_t session;           /* the first of this client that followed; 0: none yet */
	int64_t session_delay;      /* ns from the answer to that session */
	uint8_t session_opening;    /* enum session_opening of it, once it is over */
	uint32_t sessions;          /* how many of this client followed */
	uint64_t elsewhere; /* none followed: a session in which the client called that program
			       of that server at another port; 0: none */
	uint16_t elsewhere_port;
	uint32_t repeats; /* the same reply again */
	uint32_t holders; /* who still points to it after the table has let it go */
	struct binding *server_older, *server_newer; /* private: age list of its server */
	struct binding_server *home;                 /* private; NULL: the table let it go */
};

/* Do both say a place, or the same that is none? */
static inline bool
binding_same_wrong(const struct binding *a, const struct binding *b)
{
	return a->wrong == b->wrong && a->wrong_size == b->wrong_size &&
	       memcmp(a->wrong_text, b->wrong_text, a->wrong_size) == 0;
}

struct bindings;

struct bindings_sink {
	/* A new answer. */
	void (*heard)(void *context, struct binding *binding);
	/* It leaves the table: what came of it is known as far as it will be. */
	void (*told)(void *context, const struct binding *binding);
	void *context;
};

/* What is searched for: which answer led a client to that port of that server? */
struct binding_search {
	const struct address *client;
	const struct endpoint *server;
	enum transport transport;
	uint32_t program; /* what it turned out to be; 0: not known */
	uint64_t frame;   /* the first of the session */
};

enum binding_match {
	BINDING_NONE,
	BINDING_OWN,          /* this client was told before */
	BINDING_OTHER_CLIENT, /* only another one was */
	BINDING_LATER,        /* somebody was told, but afterwards */
};

struct bindings *bindings_new(const struct decoder *decoder, struct counts *counts,
			      const struct bounds *bounds, const struct bindings_sink *sink);
void bindings_free(struct bindings *bindings);
/* Looks at a message of program 100000 (others are ignored) and learns from it. */
void bindings_learn(struct bindings *bindings, const struct message *message);
/*
 * The answer that fits best. This client's before another's before a later one;
 * of these one about the program, if known; then one to a question for the program by
 * name before a list of everything; then the newest (the first, of those that came later).
 */
enum binding_match bindings_find(const struct bindings *bindings,
				 const struct binding_search *search, struct binding **found);
/* A pointer to it is kept, or is not any longer. */
void bindings_hold(struct binding *binding);
void bindings_drop(struct bindings *bindings, struct binding *binding);
/* Every binding kept, oldest first. */
struct binding *bindings_first(const struct bindings *bindings);
struct binding *bindings_next(const struct binding *binding);
/* Tells of every binding kept, oldest first; at the end. They stay until bindings_free(). */
void bindings_finish(struct bindings *bindings);

#endif
