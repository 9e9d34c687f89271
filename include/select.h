/*
 * select: which messages the user wants to see (--program, --host, --xid, --errors).
 */
#ifndef RPCSCOPE_SELECT_H
#define RPCSCOPE_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "decode.h"
#include "error.h"
#include "message.h"
#include "names.h"
#include "options.h"

struct selection {
	bool has_program, has_host, has_xid, errors;
	uint32_t program, xid;
	struct address host;
	const struct names *names;
	struct tape tape; /* to look at a result's status */
};

/* False with *error set when a program or host name is not known. selection_release() in any
 * case. */
bool selection_init(struct selection *selection, const struct options *options,
		    const struct names *names, struct error *error);
void selection_release(struct selection *selection);
bool selection_wants(struct selection *selection, const struct decoder *decoder,
		     const struct message *message);

#endif
