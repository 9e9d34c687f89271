/*
 * message: an RPC call or reply (RFC 5531 section 9), by a fast path over its
 * fixed header words. Bodies are left alone; decode.h goes over them when asked.
 */
#ifndef RPCSCOPE_MESSAGE_H
#define RPCSCOPE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "flow.h"
#include "icmp.h"
#include "record.h"
#include "tape.h"

enum message_kind {
	MESSAGE_CALL,
	MESSAGE_REPLY,
	MESSAGE_MALFORMED, /* on a flow that speaks RPC, but neither call nor reply */
};

/* A reply's outcome, accept_stat and reject_stat in one (RFC 5531 section 9). */
enum message_status {
	STATUS_SUCCESS,
	STATUS_PROG_UNAVAIL,
	STATUS_PROG_MISMATCH, /* with low and high */
	STATUS_PROC_UNAVAIL,
	STATUS_GARBAGE_ARGS,
	STATUS_SYSTEM_ERR,
	STATUS_RPC_MISMATCH, /* denied; with low and high */
	STATUS_AUTH_ERROR,   /* denied; with auth_stat */
	STATUS_UNKNOWN,      /* a number that RFC 5531 does not have, or cut off before it */
	STATUS_COUNT
};

/* A credential or verifier. */
struct auth_view {
	uint32_t flavor;
	uint32_t body, length; /* offset in the record, octets without padding */
	bool present;          /* whole in the octets at hand */
};

enum { FLAVOR_TLS = 7 }; /* RFC 9289; <rpc/auth.h> has the older ones */

/* Of an RPCSEC_GSS credential (RFC 2203 section 5, RFC 5403, RFC 7861). */
enum gss_procedure {
	GSS_DATA,
	GSS_INIT,
	GSS_CONTINUE_INIT,
	GSS_DESTROY,
	GSS_BIND_CHANNEL,
	GSS_CREATE,
	GSS_LIST,
	GSS_PROCEDURES
};

enum gss_service {
	GSS_NONE = 1,
	GSS_INTEGRITY,
	GSS_PRIVACY,
	GSS_CHANNEL_PROT,
};

/* How the call is secured; a reply knows it from its call. */
struct security {
	uint32_t flavor;                    /* of the credential */
	uint32_t seq_num;                   /* of a repeated call: the last that was seen */
	uint8_t version, gss_proc, service; /* 255 for what is larger */
	bool resent; /* the call was sent more than once: which one a reply answers is open */
	bool known;  /* `flavor` is; false for a reply whose call was not seen */
	bool gss;    /* RPCSEC_GSS, and its credential could be read: the four above are */
	bool has_handle; /* the credential names a context */
};

enum { MESSAGE_ANOMALIES = 6 };

struct message {
	enum message_kind kind; /* first: what message_parse() always sets */
	uint32_t xid;
	uint32_t body; /* offset of the arguments or results; the record's length when there are
			  none */
	const struct record *record;
	const struct packet *packet; /* of the frame that completed it: record->packet */

	struct flow *flow;  /* NULL for a quoted message whose flow was not seen */
	enum flow_end from; /* which end of the flow sent it */
	const struct icmp_error
		*quote; /* an ICMP error quotes it: not sent anew; mostly NULL */

	uint32_t rpc_version, program, version, procedure; /* a reply's come from its call */
	bool has_procedure;                                /* the three above are known */
	bool has_minor; /* the next is: of a COMPOUND of NFS version 4; a reply's from its call
			 */
	uint32_t minor;
	bool announces; /* a call that may announce a callback program (callback.h) */
	bool callback;  /* the program is one that was announced; a reply's from its call */
	struct auth_view credential, verifier;
	struct security security;
	bool starttls;              /* reply: TLS begins behind it (RFC 9289 section 4.1) */
	enum message_status status; /* replies */
	bool has_range;             /* low and high are on the wire */
	uint32_t low, high;
	uint32_t auth_stat; /* STATUS_AUTH_ERROR */

	/* What exchange.h adds. Frame 0 means "none". */
	uint64_t call_frame, reply_frame, repeat_of,
		copy_of; /* copy_of: also of what is quoted */
	int64_t elapsed; /* reply: ns since its call */
	/* reply: what was called, where that is not what answered; until the next message */
	const struct endpoint *asked;
	struct parking_place *place; /* reply without a call: where it may wait for it */
	struct parked *waiting;      /* call: the reply that came before it and waits */
	uint32_t *note; /* a number that a sink may keep with the exchange: 0 with a new call,
			   given again with its repeats and replies; NULL: no exchange */
	bool has_inner; /* CALLIT, BCAST, INDIRECT: the call inside; also known for their
			   replies */
	uint32_t inner_program, inner_version, inner_procedure;

	unsigned anomaly_count;
	struct anomaly anomalies[MESSAGE_ANOMALIES]; /* last: message_parse() */
};

/*
 * Reads the header of a record. False when the octets are not RPC (decided by
 * record_plausible() unless `known` says that the flow speaks RPC already);
 * a record of a known flow that is neither call nor reply is MESSAGE_MALFORMED.
 */
bool message_parse(struct message *message, const struct record *record, bool known);
void message_anomaly(struct message *message, const char *reason, uint32_t offset);

/* An answer to AUTH_TLS without STARTTLS: the server has no TLS (RFC 9289 section 4.1). */
bool message_lacks_starttls(const struct message *message);

/* "success", "prog_unavail", ... as in the JSON. */
const char *message_status_name(enum message_status status);
/* "AUTH_BADCRED" (RFC 5531 section 9; RFC 2203); NULL for a number without a name. */
const char *message_auth_stat_name(uint32_t auth_stat);
/* "AUTH_SYS"; NULL for a number without a name. */
const char *message_flavor_name(uint32_t flavor);

#endif
