/*
 * forms: what the forms of output share among themselves, private to src/out.
 */
#ifndef RPCSCOPE_FORMS_H
#define RPCSCOPE_FORMS_H

#include "output.h"
#include "value.h"

enum { HOST_COLUMNS = 40 /* of a host name in a line; an IPv6 address has at most 39 */ };

/*
 * "portmapper v2 GETPORT", "program 100099 v1 procedure 3", "nfs v4.1 COMPOUND". `procedure` is
 * what describes it, as the tape of a decoded body says, or NULL.
 */
void output_procedure(struct output *output, const struct message *message,
		      const struct spec_procedure *procedure);
/* The call inside a call: what that function and the like need of it. */
struct message output_inner(const struct message *message);
/* "call", "reply", "malformed"; "udp", "tcp". */
const char *output_kind(const struct message *message);
const char *output_transport(const struct message *message);
/* "PROG_MISMATCH: versions 2 to 3", "AUTH_ERROR AUTH_BADCRED". */
void output_status(struct output *output, const struct message *message);
/* A reply that says that the call failed in RPC itself. */
bool output_is_error(const struct message *message);
/* "** port unreachable, says 192.168.56.10 **": of a message that an ICMP error quotes. */
void output_quote(struct output *output, const struct icmp_error *error);
/* Is less at hand than the sender meant? */
bool output_is_cut(const struct record *record);
/* "cut: 26 of 96 octets captured", "unfinished: 10 of 24 octets came before the stream ended"
 */
void output_cut(struct output *output, const struct record *record);
/* " (call in 1, 3.951 ms, repeat of 2)": which other frames have to do with it. */
void output_relations(struct output *output, const struct message *message);
/* The frames that its octets came from, in order of number. */
void output_frames(struct output *output, const struct message *message, const char *separator);
/* " ** padding is not zero **" for each flag that is a fault. */
void output_field_flags(struct output *output, const struct field *field);
/* Decodes into output->tape; a malformed message leaves it empty. */
void output_decode(struct output *output, const struct message *message, unsigned parts);
struct value_context output_context(const struct output *output, const struct message *message);

struct line_pieces;
/*
 * line_body.c: the arguments or results at that opening, in the line that began at `start`;
 * what they are made of is noted for line_fit().
 */
void line_body(struct text *text, const struct value_context *context, size_t body,
	       size_t start, struct line_pieces *pieces);
/* line_array.c: an array or a list, counted. */
void line_array(struct text *text, const struct value_context *context, size_t opening);
/* json_body.c: the members of an opening, each with a comma in front unless a "{" is there. */
void json_members(struct text *text, const struct value_context *context, size_t opening);
/* "{...}": the arguments or results and what was not decoded of them. */
void json_body(struct text *text, const struct value_context *context);
/* hex_headers.c: the frames, and the headers in front of the RPC octets. */
void hex_headers(struct output *output, const struct message *message);

/* json_auth.c: do the octets of that flavor have members (rpc.x), if the header is decoded? */
bool json_has_members(const struct auth_view *auth);
/* Those members of the message's credential or verifier; false where the tape has none. */
bool json_auth_members(struct output *output, const struct message *message,
		       const struct auth_view *auth);
/* The member "integrity": what RPCSEC_GSS puts around the body; nothing where there is none. */
void json_integrity(struct output *output, const struct value_context *context);

/* The end of an anomaly's line in a tree or a dump: "no such arm (at 0000001c) **". */
void output_anomaly(struct output *output, const struct anomaly *anomaly);

#endif
