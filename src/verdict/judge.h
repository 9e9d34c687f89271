/*
 * judge: what the rules work with; private to src/verdict.
 *
 * A pair is one client and one server; its events are its openings of connections
 * and its calls, in order of time. A trial is a run of events that one command made;
 * each fault in it may become a finding, unless a later event overcame it.
 */
#ifndef RPCSCOPE_JUDGE_H
#define RPCSCOPE_JUDGE_H

#include "limits.h"
#include "patience.h"
#include "verdict.h"

/* What an event is about. */
enum deed {
	DEED_OPEN,    /* a connection that carried no call, or none that was kept */
	DEED_ASK,     /* the portmapper is asked where a program is */
	DEED_PORTMAP, /* another question to the portmapper */
	DEED_INDIRECT,
	DEED_PROBE,  /* NULL */
	DEED_MNT,    /* mount */
	DEED_UMNT,   /* unmount: UMNT, UMNTALL */
	DEED_EXPORT, /* lists: EXPORT, DUMP */
	DEED_NFS,    /* a call of NFS 2 or 3 */
	DEED_SETUP,  /* NFS 4: client id and session */
	DEED_ROOT,   /* NFS 4: PUTROOTFH */
	DEED_WALK,   /* NFS 4: on the way from the root */
	DEED_USE,    /* NFS 4: anything that only a mounted file system needs */
	DEED_LEAVE,  /* NFS 4: DESTROY_SESSION, DESTROY_CLIENTID */
	DEED_UNREAD, /* NFS 4: the capture has too little of it to tell which of these */
	DEED_HIDDEN, /* NFS 4: encrypted */
	DEED_LOCK,   /* nlockmgr, status */
	DEED_OTHER,
};

struct event {
	int64_t time, end; /* end: of its answer, or of its last repeat */
	uint64_t frame;
	const struct contact *contact;
	const struct call *call; /* NULL: DEED_OPEN */
	enum deed deed;
	uint32_t program; /* that the event is about: of a question the one asked for */
};

struct events {
	struct event *at;
	size_t count, capacity;
};

/* Where a server answered. */
struct service {
	uint16_t port;
	uint8_t transport;
	int64_t since; /* the start of the first conversation that it answered */
};

struct pair {
	struct address client, server;
	struct events events;
	const struct contact **contacts; /* all that concern RPC, by start */
	size_t contact_count;
	struct service *services; /* by port, then transport */
	size_t service_count;
	bool serves; /* the client of this pair is the NFS server of the other: it calls back */
	bool one_sided;     /* nothing of the server's is in the capture, but it was received */
	bool gaps;          /* the capture lost packets that were received */
	bool server_silent; /* no packet of the server is in the capture */
	uint64_t one_sided_frame;
	int64_t blocked;     /* when a lock was first promised for later; 0: none was */
	bool blocked_unread; /* so it may have been: the answer is cut */
	size_t attempt_from, attempt_count; /* in the verdict, until they are sorted */
};

/* How far up the fault is: what overcomes it has to be as far. */
enum level { LEVEL_REACH, LEVEL_CALL, LEVEL_RESULT };

struct fault {
	enum finding_id id;
	enum level level;
	enum confidence confidence;
	const struct event *event;
	bool overcome;
};

struct faults {
	struct fault *at;
	size_t count, capacity;
};

struct trial {
	struct judge *judge;
	struct pair *pair;
	struct attempt *attempt;
	const struct event *events; /* [count] */
	size_t count;
	struct faults faults;
	const struct event *mnt, *mounted, *last_walk; /* the last; NULL for none */
	const struct event *first_use;                 /* when it was mounted */
	bool asked_nfs, probed_nfs, probed_mountd;
	bool setup_done, rooted, used, left;
	bool is_last;    /* nothing more of the same lane was looked at */
	bool followed;   /* by another walk from the root, of the same client id */
	bool unread;     /* the capture has too little of what was asked or answered */
	bool hidden;     /* only what is encrypted shows that it was mounted */
	uint8_t version; /* of NFS: 0 unknown */
};

/* What a client said of itself to an NFS 4 server, and how its session went. */
struct claim {
	uint64_t owner, verifier, frame; /* of the last client id; 0: none was made here */
	int64_t named;                   /* when that was */
	int64_t begun, last;             /* good calls of a session; 0: none */
	bool failed;                     /* the server did not know the session */
};

struct judge {
	const struct facts *facts;
	const struct names *names;
	struct verdict *verdict;
	const struct contact **contacts; /* that concern RPC; the pairs point into it */
	struct pair *pairs;              /* in order of client, then server */
	size_t pair_count, pair_capacity;
	struct claim *claims; /* by pair */
	struct client *clients;
	size_t client_count;
	struct answer *answers;
	size_t answer_count, answer_capacity;
	struct callback *callbacks;
	size_t callback_count, callback_capacity;
	const struct contact **kdcs; /* all to port 88, in order of client, then start */
	size_t kdc_count, kdc_capacity;
};

/* Does the capture go on long enough after it to show that nothing came? Without a clock
 * nothing is known of that: then repeats have to do. */
static inline bool
judge_outlasts(const struct judge *judge, int64_t time)
{
	return judge->facts->last - time >= PATIENCE;
}

/*
 * Is it so near to the bound that ended what is looked at, that what comes of it is behind
 * that? No client waits longer before it goes on.
 */
static inline bool
judge_is_near_bound(const struct judge *judge, int64_t time)
{
	return judge->facts->full != NULL && judge->facts->last - time < PAUSE;
}

static inline bool
judge_has_clock(const struct judge *judge)
{
	return judge->facts->last > judge->facts->first;
}

/* pairs.c */
void pairs_make(struct judge *judge);
void pairs_free(struct judge *judge);
/* What the contact is about: by its calls, its port or the portmapper's word; 0 for unknown. */
uint32_t pairs_program(const struct judge *judge, const struct contact *contact);
/* The pair of these two hosts; NULL for none. */
struct pair *pairs_find(const struct judge *judge, const struct address *client,
			const struct address *server);
/* Where the contact stands, or would stand, among those of the pair. */
/* Events stand in order of time: the first that is not before that. */
size_t events_from(const struct events *events, int64_t time);
size_t pairs_place(const struct pair *pair, const struct contact *contact);
/* The pair with the roles exchanged; NULL for none. */
struct pair *pairs_reverse(const struct judge *judge, const struct pair *pair);
/* Did the capture lose what that end sent, and the other received? */
bool contact_has_gap(const struct contact *contact, unsigned end);
bool contact_concerns(const struct judge *judge, const struct contact *contact);

/* services.c: where a pair's server answered */
void services_make(struct pair *pair);
void services_free(struct pair *pair);
/* Did that port answer a conversation that had begun by then? */
bool services_answer(const struct pair *pair, enum transport transport, uint16_t port,
		     int64_t time);
/* Does a port answer that is not this one? */
bool services_beside(const struct pair *pair, uint16_t port);

/* answers.c: what the portmapper said */
void answers_make(struct judge *judge);
void answers_free(struct judge *judge);
uint32_t answers_program(const struct judge *judge, const struct contact *contact);

/* called_back.c: once the pairs stand */
void called_back_make(struct judge *judge);
void called_back_free(struct judge *judge);
/* The client and server that agreed on that contact; NULL where nobody did. */
const struct pair *called_back_owner(const struct judge *judge, const struct contact *contact);

/* clients.c */
void clients_make(struct judge *judge);
void clients_free(struct judge *judge);
/* A client of the same server that bears the same name; NULL for none. */
const struct pair *clients_namesake(const struct judge *judge, const struct pair *pair);
/* Did another client keep its session from before `from` until after `to`? */
bool clients_witness(const struct judge *judge, const struct pair *pair, int64_t from,
		     int64_t to);
const struct claim *clients_claim(const struct judge *judge, const struct pair *pair);

/* rules_kdc.c */
void kdcs_make(struct judge *judge);
void kdcs_free(struct judge *judge);
/* Did the client of the attempt ask a KDC about then? */
bool kdcs_asked(const struct judge *judge, const struct attempt *attempt);

/* deeds.c */
enum deed deed_of(const struct call *call);

/* trials.c: cuts the events of a pair into trials, and judges each. */
void trials_make(struct judge *judge, struct pair *pair);

/* deciding.c: the last fault that decides, NULL for none */
const struct fault *trial_deciding(const struct trial *trial);

/* NULL when the attempt has it already. */
struct finding *trial_finding(struct trial *trial, const struct fault *fault,
			      enum finding_id id, enum severity severity);
/* Evidence: the same fault in earlier tries. */
void trial_evidence(const struct trial *trial, const struct fault *decided,
		    struct finding *finding);

/* uses.c */
/* The program that was called, or connected to. */
uint32_t event_program(const struct event *event);
/* A mount works without it. */
bool program_is_helper(uint32_t program);
/* Of a COMPOUND: is that operation among those that were kept? */
bool call_has_operation(const struct call *call, uint8_t op);
/* Does the client make itself known: SETCLIENTID, EXCHANGE_ID? */
bool call_begins_client_id(const struct call *call);
/* A call that was answered with success. */
bool event_is_good(const struct event *event);
/* The snap length left too little to say what was asked, or what the answer was. */
bool call_is_unread(const struct call *call);
/* A connection that carried octets both ways, of which the capture has too little to read. */
bool event_is_unread(const struct event *event);
/* ... of the answer. */
bool call_lacks_answer(const struct call *call);
/* What a client calls first with the handle that MNT gave: it shows no mount by itself. */
bool call_is_first_use(const struct call *call);
/* Was NFS spoken before, and the snap length left nothing of it? It may have been mounted. */
bool trial_spoke_unread(const struct trial *trial, const struct event *before);
/* Did the walk to the path end at a directory that the client may not search? */
bool event_is_barred(const struct trial *trial, const struct event *event);

/* mounted.c: what counts as mounted */
/* A call that only a mounted file system needs, and that was answered. */
bool event_needs_mount(const struct event *event);
/* After each event of a trial in turn: `mounted`, `first_use` and what they hang on. */
void mounted_note(struct trial *trial, const struct event *event);
/* After the last. */
void mounted_end(struct trial *trial);
/* ... and whatever follows, that stands: it turned out to be no file (end_at_file()), and was
 * in use for longer than an encrypted refusal takes. */
bool mounted_for_good(const struct trial *trial);
/* Was a file system of the pair mounted? */
bool pair_in_use(const struct judge *judge, const struct pair *pair);

/* kinds.c */
/* Did it only ask, as rpcinfo does? Once its faults are known. */
bool trial_only_asks(const struct trial *trial);
/* mount.nfs asks for mountd as soon as NFS has answered; other tools do not. */
bool trial_looks_like_mount(const struct trial *trial);
enum attempt_kind trial_kind(const struct trial *trial);
void trial_path(struct trial *trial);

/* asides.c: each adds notes and warnings */
void aside_notes(struct trial *trial);
void aside_slow(struct trial *trial);
void aside_helpers(struct trial *trial);

/* Did a service beside this program need several sendings? Then the path loses packets. */
bool trial_others_repeat(const struct trial *trial, uint32_t program);

/* waits.c: the same, of what was overcome, but not at once */
void aside_waits(struct trial *trial);

/* endings.c: each adds its finding and says whether it did */
bool end_of_mnt(struct trial *trial);
bool end_at_file(struct trial *trial);
bool end_by_security(struct trial *trial);
bool end_without_evidence(struct trial *trial);
/* Has the last call no answer? */
bool end_is_awaited(const struct trial *trial);
/* Where the capture ends before what the client did next, which could have overcome it, it is
 * less sure, and says so. */
void end_with_capture(const struct trial *trial, const struct fault *fault,
		      struct finding *finding);

/* faults.c: what is wrong with one event */
bool fault_of_event(const struct trial *trial, const struct event *event, struct fault *fault);
/* fault_contact.c: what is wrong with its connection */
bool fault_of_contact(const struct judge *judge, const struct pair *pair,
		      const struct event *event, struct fault *fault);

/* Did a SYN of the contact meet an old connection of the same ports? */
bool contact_is_reused(const struct pair *pair, const struct contact *contact);

/* steps.c */
void steps_make(struct trial *trial);

/* sentences.c: the sentence and evidence of a fault */
void fault_tell(const struct trial *trial, const struct fault *fault, struct finding *finding);

/* say.c: pieces of sentences */
void say_program(struct text *text, const struct names *names, uint32_t program);
/* "TCP port 20048 of 192.168.56.10 (mountd)" */
void say_service(struct text *text, const struct judge *judge, const struct contact *contact);
void say_path(struct text *text, const struct facts *facts, const struct call *call);
/* "1.204 s" */
void say_time(struct text *text, int64_t nanoseconds);
void say_host(struct text *text, const struct judge *judge, const struct address *address);
const char *say_operation(uint32_t op);
const char *say_transport(enum transport transport);

/* rules of sessions and paths: each adds what it finds */
void rules_tcp(struct judge *judge);
/* rules_stuck.c */
void rules_stuck(struct judge *judge, const struct pair *pair);
void tell_port_reuse(const struct judge *judge, const struct contact *contact,
		     struct finding *finding);
void rules_path(struct judge *judge);
void rules_pieces(struct judge *judge);
/* Did large segments not arrive, for whatever reason? */
bool path_may_be_narrow(const struct judge *judge, const struct pair *pair);
void rules_unheard(struct judge *judge, const struct pair *pair);
void rules_hosts(struct judge *judge);
void rules_kdc(struct judge *judge);
void rules_silence(struct judge *judge);
void rules_callback(struct judge *judge);
void rules_use(struct judge *judge);
void rules_repeats(struct judge *judge);
void rules_capture(struct judge *judge);

/* verdict.c */
void attempt_release(struct attempt *attempt);
struct finding *findings_add(struct findings *findings, enum finding_id id);
bool findings_have(const struct findings *findings, enum finding_id id);
/* Adds it to that attempt, as its deciding error. */
struct finding *attempt_explain(struct attempt *attempt, enum finding_id id);
/*
 * Adds it to the attempt that it explains: the first failed one of that client (NULL:
 * of any) and server that overlaps with the time, as its deciding error; else the one
 * that was going on, as a warning; else to none.
 */
struct finding *verdict_explain(struct judge *judge, enum finding_id id,
				const struct address *client, const struct address *server,
				int64_t from, int64_t to);
/* The same for what is no cause of a failure, only trouble. */
struct finding *verdict_warn(struct judge *judge, enum finding_id id,
			     const struct address *client, const struct address *server,
			     int64_t from, int64_t to);

#endif
