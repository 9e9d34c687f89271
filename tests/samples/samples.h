/*
 * samples: one function a sample capture; make_samples.c has the table.
 */
#ifndef RPCSCOPE_TESTS_SAMPLES_H
#define RPCSCOPE_TESTS_SAMPLES_H

#include "wire.h"

/* samples_portmap.c: what the portmapper and rpcbind say */
void sample_portmap_mountd(struct wire *wire);
void sample_rpcbind_getaddr(struct wire *wire);
void sample_callit(struct wire *wire);
void sample_portmap_errors(struct wire *wire);

/* samples_transport.c: how messages come in pieces */
void sample_tcp_records(struct wire *wire);
void sample_fragments(struct wire *wire);
void sample_links(struct wire *wire);

/* samples_lighthouse.c: a program of nobody's, described by samples/lighthouse.x */
void sample_lighthouse(struct wire *wire);

extern const struct host client4, server4, client6, server6;

enum { PORTMAP = 100000, NFS = 100003, MOUNTD = 100005, UDP = 17, TCP = 6, RPCBIND_PORT = 111 };

/* Results of a DUMP: a chain of that many mappings (RFC 1833 section 3). */
void put_pmaplist(struct bytes *bytes, unsigned count);
void put_rpcblist(struct bytes *bytes, unsigned count);

#endif
