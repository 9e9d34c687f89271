/*
 * bound_rows: the one table of what --limit can bound: reading the option, --help and what it
 * says of a mistake come from it.
 */
#include "bounds.h"

#include "limits.h"

#define ROW(name, member, usual, what)                                                         \
	{                                                                                      \
		name, offsetof(struct bounds, member), usual, 1, what                          \
	}

const struct bound_row bound_rows[BOUND_ROWS] = {
	ROW("flows", flows, LIMIT_FLOWS, "TCP connections and UDP conversations"),
	ROW("held", held, LIMIT_HELD_OCTETS, "octets of segments that came before their turn"),
	ROW("direction", direction, LIMIT_HELD_DIRECTION, "of these, of one direction"),
	/* The header at least has to fit, or it could not be told from anything else. */
	{"record", offsetof(struct bounds, record), LIMIT_RECORD, 65536,
	 "octets of one record over several segments"},
	{"records", offsetof(struct bounds, records), LIMIT_GATHER_OCTETS, 65536,
	 "octets of records over several segments"},
	ROW("fragments", fragments, LIMIT_FRAGMENT_OCTETS, "octets of IP fragments"),
	ROW("calls", calls, LIMIT_PENDING_CALLS, "calls, answered or not"),
	ROW("namesakes", namesakes, LIMIT_NAMESAKES, "calls of one caller under one xid"),
	ROW("answered", answered, LIMIT_ANSWERED_CALLS,
	    "calls over UDP from where answered ones go early"),
	ROW("answered-tcp", answered_tcp, LIMIT_ANSWERED_TCP, "the same over TCP"),
	ROW("parked", parked, LIMIT_PARKED, "replies that wait for a call captured later"),
	ROW("callbacks", callbacks, LIMIT_CALLBACKS, "callback programs of NFS clients"),
	ROW("sessions", sessions, LIMIT_SESSIONS, "sessions told at the end, not early"),
	ROW("servers", servers, LIMIT_SERVERS, "servers with a portmapper"),
	ROW("answers", answers, LIMIT_BINDINGS, "answers of one of these"),
	ROW("questions", questions, LIMIT_QUESTIONS, "questions to portmappers"),
	ROW("contacts", contacts, LIMIT_FACTS_CONTACTS, "connections that mounts looks at"),
	ROW("facts", facts, LIMIT_FACTS_CALLS, "calls that mounts keeps"),
	ROW("hosts", hosts, LIMIT_FACTS_HOSTS, "hosts that sent something, for mounts"),
	ROW("neighbours", neighbours, LIMIT_FACTS_NEIGHBOURS, "hosts looked for on the link"),
	ROW("datagrams", datagrams, LIMIT_FACTS_DATAGRAMS, "datagrams that lack fragments"),
	ROW("paths", paths, LIMIT_FACTS_OCTETS, "octets of paths, for mounts"),
	ROW("attempts", attempts, LIMIT_ATTEMPTS, "mount attempts that mounts tells"),
	ROW("rows", rows, LIMIT_ROWS, "lines of the table of ports"),
	ROW("sources", sources, LIMIT_SOURCES, "answers told in these"),
	ROW("changes", changes, LIMIT_CHANGES, "changes of state put in order of time"),
	ROW("unfollowed", unfollowed, LIMIT_UNFOLLOWED,
	    "octets of sessions' list of answers that nobody followed"),
};
