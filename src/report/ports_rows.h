/*
 * ports_rows: answers gathered into the rows of a table; private to src/report.
 */
#ifndef RPCSCOPE_PORTS_ROWS_H
#define RPCSCOPE_PORTS_ROWS_H

#include "binding.h"
#include "memory.h"
#include "table.h"

enum { SOURCE_SESSIONS = 6 };

/* Answers that say the same to the same client, by the same procedure. */
struct port_source {
	struct port_source *next;
	struct binding first;
	uint64_t answers, sessions_total;
	uint64_t sessions[SOURCE_SESSIONS]; /* the first ones */
	unsigned session_count;
	int64_t delay;   /* of the first */
	uint8_t opening; /* of the first, or of the first that came to nothing */
	uint64_t elsewhere;
	uint16_t elsewhere_port;
};

/* A line of `rpcinfo -p`. */
struct port_row {
	struct table_entry entry; /* first: see table.h */
	struct port_row *next;    /* of the same server, in order of learning */
	struct port_row *before;  /* where it was until this answer; NULL: the same place */
	struct port_source *sources, *last_source;
	uint32_t source_count;
};

struct port_server {
	struct table_entry entry; /* first: see table.h */
	struct port_server *next;
	struct address address;
	struct port_row *rows, *last_row;
};

/* The newest row of a program's version on a transport of a server. */
struct port_latest {
	struct table_entry entry; /* first: see table.h */
	struct port_row *row;
};

struct port_rows {
	struct table servers_table, rows_table, latest_table;
	struct pool servers_pool, rows_pool, sources_pool, latest_pool;
	struct port_server *servers, *last_server;
	uint32_t row_limit, source_limit; /* LIMIT_ROWS and LIMIT_SOURCES unless changed */
};

void port_rows_init(struct port_rows *rows, const struct bounds *bounds);
void port_rows_release(struct port_rows *rows);
/* Counts it as given up where there is no room for it. */
void port_rows_add(struct port_rows *rows, struct counts *counts,
		   const struct binding *binding);

#endif
