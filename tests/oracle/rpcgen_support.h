/*
 * rpcgen_support: what one specification compiled by rpcgen offers. The Makefile
 * generates a source with these for each; rpcgen.c is linked to it. What rpcgen
 * wrote is compiled behind this header.
 */
#ifndef RPCSCOPE_RPCGEN_SUPPORT_H
#define RPCSCOPE_RPCGEN_SUPPORT_H

#include <rpc/rpc.h>
#include <stddef.h>
#include <string.h>

/* Macros of libtirpc that would rename a file's own types. */
#undef xdr_rpcvers
#undef xdr_rpcprog
#undef xdr_rpcproc
#undef xdr_rpcprot
#undef xdr_rpcport

/* rpcgen's own table (-t): a row a procedure, in order of the file; empty ones for gaps. */
struct rpcgen_table {
	char *(*action)(void); /* here the name: "nlm_test_1_svc" */
	xdrproc_t argument;
	unsigned argument_size;
	xdrproc_t result;
	unsigned result_size;
};

struct rpcgen_version {
	const struct rpcgen_table *table;
	size_t count;
};

extern const char rpcgen_path[]; /* of the .x file */
extern const int rpcgen_narrow;  /* 1: it has char and short, which C narrows; 0 */
extern const struct rpcgen_version rpcgen_versions[];
extern const size_t rpcgen_version_count;

/* The row of that name; NULL for none. */
static inline const struct rpcgen_table *
rpcgen_find(const char *name)
{
	for (size_t i = 0; i < rpcgen_version_count; i++) {
		const struct rpcgen_version *rows = &rpcgen_versions[i];
		for (size_t row = 0; row < rows->count; row++) {
			const char *action; /* rpcgen has a function there: see -t */
			memcpy(&action, &rows->table[row].action, sizeof action);
			if (action != NULL && strcmp(action, name) == 0)
				return &rows->table[row];
		}
	}
	return NULL;
}

#endif
