/*
 * decode: a message as a tape: its RPC header by rpc.x, its body by the
 * specification of its program. Openers (opaque.c) reach the message through
 * walker->context, which is a struct decoding.
 */
#ifndef RPCSCOPE_DECODE_H
#define RPCSCOPE_DECODE_H

#include "message.h"
#include "security.h"
#include "spec.h"
#include "tape.h"
#include "walk.h"

enum { NFS_CALLBACK = 0x40000000 }; /* in nfs4.x (RFC 7531, RFC 5662), and of Linux */

enum decode_parts {
	DECODE_HEADER = 1,
	DECODE_BODY = 2,
};

struct decoder {
	const struct spec *spec;
	/* Of the built-in rpc.x, whatever a user's file calls so; TYPE_VOID where there is
	 * none. */
	uint16_t header_type; /* rpc_msg */
	uint16_t security[SECURITY_TYPES];
};

/* What openers see. */
struct decoding {
	const struct decoder *decoder;
	const struct message *message;
};

void decoder_init(struct decoder *decoder, const struct spec *spec);
/* Type by name, of a built-in file only; TYPE_VOID where there is none. */
uint16_t decoder_find_type(const struct spec *spec, const char *name);
/*
 * What describes the message's procedure; NULL where nothing does. That of an announced
 * callback program is nfs4.x's, under whatever number.
 */
const struct spec_procedure *decode_find_procedure(const struct spec *spec,
						   const struct message *message);
/*
 * Fills the tape (reset here). With both parts its leaves tile the record at
 * hand. The header, when asked for, is the first opening (name rpc_msg); the body
 * is one opening named arguments or results, or a FIELD_REST when the program,
 * version or procedure has no specification (no anomaly) or the call was not seen.
 *
 * Under RPCSEC_GSS the arguments or results are those of its own procedures
 * (rpc_gss_init_arg, ...), or encrypted (rpc_gss_priv_data); with integrity the
 * procedure's own stand inside an opening rpc_gss_integ_data (decode_envelope()).
 */
void decode_message(const struct decoder *decoder, const struct message *message,
		    unsigned parts, struct tape *tape);
/*
 * Walks a procedure's arguments or results as one opening named so. A single
 * struct or union is that opening itself; anything else is a member of it.
 * False once the walker has stopped.
 */
bool decode_procedure(struct walker *walker, const struct spec_procedure *procedure,
		      enum message_kind kind);
/* Index of the body's opening, inside its envelope if it has one; SIZE_MAX where there is none.
 */
size_t decode_body(const struct tape *tape);
/* Index of the rpc_gss_integ_data around the body: databody_integ {seq_num, body}, checksum. */
size_t decode_envelope(const struct tape *tape);
/*
 * The protocol's own status: index of one of a result's first leaves, when that is an
 * enum which says how it came out (MNT3ERR_ACCES), SIZE_MAX otherwise.
 */
size_t decode_result_status(const struct tape *tape);

#endif
