/*
 * binding_table: where bindings are kept, for what learns them; private to src/rpc.
 */
#ifndef RPCSCOPE_BINDING_TABLE_H
#define RPCSCOPE_BINDING_TABLE_H

#include "binding.h"
#include "memory.h"

/* Ages of the bindings of one server: those that still count, those said again since. */
struct binding_ages {
	struct binding *oldest, *newest;
};

struct binding_server {
	struct table_entry entry; /* first: see table.h */
	struct address address;
	struct binding_ages current, superseded;
	uint32_t count;
};

struct bindings {
	struct table table, servers;
	struct pool pool, server_pool;
	struct bindings_sink sink;
	struct counts *counts;
	struct bounds bounds;
	struct questions *questions;
};

/* Adds a copy of the answer, unless it is one of the same reply again. */
void bindings_add(struct bindings *bindings, const struct binding *answer);

/* Questions asked of the portmapper that wait for their answers (question.c). */
struct questions *questions_new(const struct decoder *decoder, struct counts *counts,
				const struct bounds *bounds);
void questions_free(struct questions *questions);
void questions_learn(struct questions *questions, struct bindings *bindings,
		     const struct message *message);

#endif
