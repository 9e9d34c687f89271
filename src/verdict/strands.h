/*
 * strands: the events of a pair by what ties them together; private to src/verdict.
 */
#ifndef RPCSCOPE_STRANDS_H
#define RPCSCOPE_STRANDS_H

#include "judge.h"

enum {
	NO_STRAND = UINT32_MAX,
	STRAND_WALKS = 4,
	STRAND_CHAIN = 16,
	STRAND_ASKED = 4,
	COMMANDS = 4
};

/* What one mount did, or several that came one after the other. */
struct strand {
	int64_t start, end; /* of the events that it cannot be without */
	int64_t last;       /* of any */
	uint32_t into;      /* it turned out to be part of that one */
	bool used;          /* what it mounted is in use */
	/* portmapper and mountd: one step after the other */
	int64_t busy;                     /* until then the last step went on */
	uint16_t port;                    /* the last that the portmapper named; 0: none */
	uint64_t questions[STRAND_ASKED]; /* that it has answered */
	uint32_t question_count;
	const struct call *mnt; /* the last MNT */
	bool granted;           /* ... gave a handle */
	bool unmounts;          /* what goes before UMNT */
	bool done;              /* ... was refused; lists were given; it was unmounted */
	/* NFS 4 */
	uint32_t home;  /* the strand of its client id: itself, or another */
	bool named;     /* names were looked up, from the root */
	int64_t failed; /* when the last step of that was refused; 0: it was not */
	uint64_t chain[STRAND_CHAIN]; /* the handles that this came to, the last last */
	uint32_t chain_count;
	uint32_t walks[STRAND_WALKS]; /* of a home: its latest other walks, in turn */
	uint32_t walk_count;
};

struct strands {
	const struct judge *judge;
	const struct pair *pair;
	struct strand *at;
	size_t count, capacity;
	uint32_t *of;                /* [events] */
	uint32_t *homes;             /* [contacts] */
	struct tie *ties;            /* [tie_room] */
	size_t tie_room;             /* a power of two */
	uint32_t command;            /* the last that went on of mount.nfs and its like */
	uint32_t commands[COMMANDS]; /* the newest, in turn */
	uint32_t command_count;
	bool rebinds;       /* the event is the kernel's question for NFS, of a mount in use */
	bool mounts;        /* ... that of a mount to come */
	enum deed leads_to; /* what the event's question comes to */
	uint32_t nfs3;      /* the newest of NFS 2 and 3 in use */
	uint32_t nfs4;      /* the newest of NFS 4 */
	uint32_t before;    /* of the event before */
	int64_t heard;      /* the last that the server said where something is in use */
};

void strands_make(struct strands *strands, const struct judge *judge, const struct pair *pair);
void strands_free(struct strands *strands);
/* The strand of the event of that index, by its own index. */
uint32_t strands_of(const struct strands *strands, size_t event);

uint32_t strands_add(struct strands *strands);

/* ties.c: what ties events together */
void ties_make(struct strands *strands);
void ties_free(struct strands *strands);
/* The strand of that handle or session; NO_STRAND where nobody said. */
uint32_t ties_find(const struct strands *strands, uint64_t key);
void ties_add(struct strands *strands, uint64_t key, uint32_t strand);
/* Where the strand of a contact is kept. */
uint32_t *ties_home(const struct strands *strands, const struct contact *contact);
/* The first call of the contact that is no NULL; NULL for none. */
const struct call *ties_lead(const struct strands *strands, const struct contact *contact);

/* commands.c */
/* Since when the event is under way: the first call on a connection began with the SYN. */
int64_t commands_begin(const struct strands *strands, const struct event *event);
/* When the client had its answer, or gave up. */
int64_t commands_end(const struct event *event);
/* May the command go on with that event? It never does two things at a time. */
bool commands_goes_on(const struct strands *strands, uint32_t strand,
		      const struct event *event);
uint32_t commands_strand(struct strands *strands, const struct event *event);

/* walks.c: the strand of an event of NFS 4 */
uint32_t walks_strand(struct strands *strands, const struct event *event);

#endif
