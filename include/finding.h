/*
 * finding: what can be found wrong, and one thing found.
 *
 * Everything that is said about a kind of fault, whatever the case, stands in one
 * table (src/report/findings_*.c): the verdict of `mounts`, `explain ID` and
 * docs/findings.md all read it. A struct finding adds what is particular: the
 * sentence with its addresses and times, the frames that prove it, how sure it is.
 */
#ifndef RPCSCOPE_FINDING_H
#define RPCSCOPE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "text.h"

enum severity {
	SEVERITY_ERROR,   /* made an attempt fail */
	SEVERITY_WARNING, /* trouble in an attempt that worked, or in a session */
	SEVERITY_NOTE,    /* worth knowing, no fault */
};

enum confidence { CERTAIN, LIKELY, POSSIBLE };

/* The order of the table; ids are these names in lower case with hyphens. */
enum finding_id {
	/* findings_portmap.c: at port 111 */
	FINDING_PORTMAP_NO_ANSWER,
	FINDING_PORTMAP_REFUSED,
	FINDING_PORTMAP_FILTERED,
	FINDING_PORTMAP_HUNG,
	FINDING_PORTMAP_AUTH_REJECTED,
	FINDING_PORTMAP_VERSION_FALLBACK,
	FINDING_NOT_REGISTERED,
	FINDING_REPLY_FROM_OTHER_ADDRESS,
	FINDING_PORTMAP_BAD_ANSWER,
	/* findings_service.c: at the port of the service, and in the RPC header */
	FINDING_SERVICE_NO_ANSWER,
	FINDING_SERVICE_REFUSED,
	FINDING_SERVICE_FILTERED,
	FINDING_SERVICE_HUNG,
	FINDING_PROGRAM_UNAVAILABLE,
	FINDING_VERSION_MISMATCH,
	FINDING_PROCEDURE_UNAVAILABLE,
	FINDING_GARBAGE_ARGS,
	FINDING_SYSTEM_ERROR,
	FINDING_AUTH_REJECTED,
	/* findings_mount.c: what mountd said */
	FINDING_MOUNT_ACCESS_DENIED,
	FINDING_MOUNT_INSECURE_PORT,
	FINDING_MOUNT_NO_SUCH_PATH,
	FINDING_MOUNT_NOT_A_DIRECTORY,
	FINDING_MOUNT_SERVER_ERROR,
	FINDING_MOUNT_FLAVOR_MISMATCH,
	FINDING_MOUNT_SLOW,
	/* findings_nfs.c: what the NFS server said */
	FINDING_NFS4_WRONG_SECURITY,
	FINDING_NFS4_MINOR_VERSION,
	FINDING_NFS_VERSION_FALLBACK,
	FINDING_SERVER_IN_GRACE,
	FINDING_CLIENT_ID_IN_USE,
	FINDING_CLIENT_ID_STALE,
	FINDING_STALE_HANDLE,
	FINDING_SERVER_STOPPED_ANSWERING,
	/* findings_helper.c: the services that NFS leans on */
	FINDING_CALLBACK_BLOCKED,
	FINDING_LOCK_SERVICE_UNREACHABLE,
	FINDING_GSS_FAILED,
	FINDING_TLS_REFUSED,
	FINDING_TLS_FAILED,
	/* findings_tcp.c: connections */
	FINDING_TCP_SYN_FLOOD,
	FINDING_TCP_PORT_REUSE,
	FINDING_TCP_CLOSE_WAIT_STUCK,
	FINDING_TCP_FIN_WAIT_2_STUCK,
	FINDING_TCP_LAST_ACK_STUCK,
	FINDING_TCP_FIN_WAIT_1_STUCK,
	FINDING_TCP_CLOSING_STUCK,
	FINDING_TCP_TIME_WAIT_PILEUP,
	FINDING_TCP_HALF_OPEN,
	FINDING_TCP_RESET,
	/* findings_path.c: the way between, and the capture itself */
	FINDING_PATH_MTU_BLACK_HOLE,
	FINDING_UDP_FRAGMENT_LOST,
	FINDING_RETRANSMISSIONS,
	FINDING_CAPTURE_ONE_SIDED,
	FINDING_CAPTURE_CUT,
	FINDING_CAPTURE_GAPS,
	FINDING_CAPTURE_CLOCK,
	/* findings_host.c: hosts, and answers that are none */
	FINDING_HOST_UNREACHABLE,
	FINDING_DUPLICATE_ADDRESS,
	FINDING_SERVICE_CLOSED,
	FINDING_NOT_RPC,
	FINDING_REPLY_MISMATCH,
	FINDING_REPLY_INCOMPLETE,
	FINDING_REPLIES_NOT_RECEIVED,
	FINDING_INDIRECT_UNANSWERED,
	FINDING_SLOW_PATH,
	FINDING_PACKET_LOSS,
	/* findings_later.c: after the mount, and where no packet tells */
	FINDING_SERVER_DELAYS,
	FINDING_SERVER_RESTARTED,
	FINDING_LEASE_EXPIRED,
	FINDING_KDC_UNREACHABLE,
	FINDING_NFS_ERROR,
	FINDING_NO_EVIDENCE,
	FINDINGS,
};

/* One row of the table. No member is NULL; a list has one item a line, without a last '\n'. */
struct finding_kind {
	const char *id;         /* "not-registered" */
	enum severity severity; /* the usual one; a finding may differ */
	const char *title;      /* one short line: what it says */
	const char *meaning;    /* 2 to 4 sentences */
	const char *cause;      /* one sentence: the usual cause */
	const char *causes;     /* list, the most frequent first */
	const char *tell_apart; /* list: what to look at, on the wire, the client, the server */
	const char *remedy;     /* one sentence */
	const char *prints;     /* list: what mount or the kernel log prints then */
	const char *source;     /* the standard and section that decide */
};

const struct finding_kind *finding_kind(enum finding_id id);
/* The row of that name; NULL where there is none. */
const struct finding_kind *finding_find(const char *id);
/* Everything about it for people, in at most 80 columns, or as one JSON object and '\n'. */
void finding_explain(struct text *out, const struct finding_kind *kind);
void finding_explain_json(struct text *out, const struct finding_kind *kind);

const char *severity_name(enum severity severity);       /* "error" */
const char *confidence_name(enum confidence confidence); /* "certain" */

/* Evidence kept: the first so many frames are enough to look at. */
enum { FINDING_FRAMES = 32 };

/* One thing found. Owns its sentence; finding_release() frees it. */
struct finding {
	enum finding_id id;
	enum severity severity;
	enum confidence confidence;
	/* One sentence, concrete; what is from the wire has gone through text_escape(). */
	struct text sentence;
	uint64_t frames[FINDING_FRAMES]; /* ascending, none twice */
	size_t frame_count;
	struct address hosts[2]; /* that it is about, as far as the rule said */
	unsigned host_count;
};

/* The usual severity, CERTAIN, no sentence yet, no frames. */
void finding_init(struct finding *finding, enum finding_id id);
void finding_release(struct finding *finding);
/* Adds a frame to the evidence; 0 is none. Of more than FINDING_FRAMES the lowest are kept. */
void finding_frame(struct finding *finding, uint64_t frame);
/*
 * The members of the contract's JSON object from "id" to "confidence", without
 * the braces, so that "type" can stand in front.
 */
void finding_json(struct text *out, const struct finding *finding);

#endif
