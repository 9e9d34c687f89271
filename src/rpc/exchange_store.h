/*
 * exchange_store: what is remembered of calls and their replies, and how it is found again;
 * private to exchange*.c.
 */
#ifndef RPCSCOPE_RPC_EXCHANGE_STORE_H
#define RPCSCOPE_RPC_EXCHANGE_STORE_H

#include <assert.h>

#include "exchange.h"
#include "memory.h"
#include "park.h"
#include "table.h"

/* What is hashed and compared: whole words, written as they are read. */
struct exchange_key {
	uint64_t caller[2]; /* UDP: its address; TCP: the connection's number, 0 */
	uint64_t rest;      /* xid; UDP: the caller's port, TCP: which end calls; transport */
};
static_assert(sizeof(struct exchange_key) == 24, "padding would be hashed");

/* The packet in which something was last seen, to know the same packet captured again. */
struct sight {
	uint64_t frame;
	int64_t time;
	uint32_t identification;
};

struct replier {
	struct address address;
	struct sight sight;
	uint64_t frame; /* of its first answer */
};

/* What a search and forgetting look at stands first: the rest of an old one is mostly not in
 * the processor's cache. */
struct exchange {
	struct table_entry entry; /* first: see table.h */
	struct exchange_key key;
	bool called, answered, has_inner, has_minor, callback;
	bool crowded; /* others of its key were given up for want of room */
	uint8_t replier_count;
	uint32_t note; /* the sink's */
	uint32_t length;
	struct parking_place place; /* for a reply that came before the call */
	struct replier *more; /* LIMIT_REPLIERS - 1 of them, for a broadcast's other answers */
	struct endpoint server; /* that was called, or answered */
	uint32_t program, version, procedure;
	uint64_t digest;     /* of the call's octets: the same call again, or the xid anew */
	struct sight call;   /* the last sight of the call */
	uint64_t call_frame; /* the first */
	int64_t call_time;
	int64_t seen; /* when last, on the clock of struct exchanges */
	struct security security;
	uint32_t inner_program, inner_version, inner_procedure;
	uint32_t minor;
	struct replier first_replier;
};

enum { OVER_UDP, OVER_TCP, EXCHANGE_TABLES };

struct exchanges {
	struct table tables[EXCHANGE_TABLES];
	struct pool pool;
	struct pool replier_pool; /* what exchange->more points to */
	struct counts *counts;
	struct exchange *latest; /* that the last call was of; NULL when it is gone */
	int64_t clock;           /* goes on with the packets, but never back, nor in a leap */
	int64_t latest_time;     /* of the packet that it went on with */
	int64_t due;             /* on the clock: when the old ones are looked for again */
	uint32_t limit;          /* calls remembered: LIMIT_PENDING_CALLS unless changed */
	uint32_t namesakes;      /* of one key: LIMIT_NAMESAKES unless changed */
	uint32_t answered[EXCHANGE_TABLES]; /* from so many on answered ones go early:
					       LIMIT_ANSWERED_CALLS, LIMIT_ANSWERED_TCP */
	int64_t doubtful; /* on the clock: until then a reply may be of a call given up */
	uint64_t steps;   /* exchanges compared so far: what searching costs */
};

/* What a message's exchange is looked for by. */
struct exchange_place {
	struct exchange_key key;
	uint64_t hash;
	struct table *table;
	bool crowded; /* set by a search: what it is of may have been given up */
};

/* Why an exchange is forgotten: what it lacked is counted by that. */
enum exchange_end {
	TOO_OLD, /* or the capture is over: it will never be complete */
	NO_ROOM,
	STOPPED, /* the user wanted to see no more */
};

/* The exchange of the last message, where this reply belongs to it. Sets the key of the place.
 */
struct exchange *exchange_latest(const struct exchanges *exchanges,
				 struct exchange_place *place, const struct message *message);
/* Sets the place, and has the processor fetch what a search there will need. */
void exchange_seek(struct exchanges *exchanges, struct exchange_place *place,
		   const struct message *message);
/*
 * The exchange of that key whose server fits best, the newest of several; NULL: none. Where
 * calls of that key were given up only the very server will do: another one may answer one of
 * those, and none is better than a wrong one.
 */
struct exchange *exchange_find(struct exchanges *exchanges, struct exchange_place *place,
			       const struct message *message);
/* A new one, seen just now; others are forgotten where there is no room. */
struct exchange *exchange_add(struct exchanges *exchanges, const struct exchange_place *place,
			      const struct message *message);
/* It was seen just now. */
void exchange_touch(struct exchanges *exchanges, struct exchange *exchange);
void exchange_forget(struct exchanges *exchanges, struct exchange *exchange,
		     enum exchange_end why);
/* Time has come to there; forgets those whose time is over. */
void exchange_forget_old(struct exchanges *exchanges, int64_t now);

#endif
