/*
 * facts_store: how the collectors reach the calls; private to src/verdict.
 */
#ifndef RPCSCOPE_FACTS_STORE_H
#define RPCSCOPE_FACTS_STORE_H

#include "facts.h"

/* Four octets in network order. */
static inline uint32_t
word_at(const uint8_t *octets)
{
	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	       (uint32_t)octets[2] << 8 | octets[3];
}

/* That bound of --limit is met: nothing more is looked at. */
void facts_full(struct facts *facts, const char *limit);
/* The call of a repeat or reply: NULL where there is none; valid until the next
 * facts_new_call(). */
struct call *facts_call_of(const struct facts *facts, const struct message *message,
			   uint64_t frame);
/* Clear, but for what is known of it from the message. NULL when there are too many. Not in the
 * contact's list yet. */
struct call *facts_new_call(struct facts *facts, struct contact *contact,
			    const struct message *message);
/* To be written to. */
struct call_more *facts_call_more(struct facts *facts, struct call *call);
void facts_keep_call(struct facts *facts, struct contact *contact, struct call *call);
/* Nobody needs it any more. `ordinary`: nothing of a reply is in it but that there was one. */
void facts_drop_call(struct facts *facts, struct call *call, bool ordinary);

/* Was the same packet captured before? Remembers it. */
bool facts_is_copy(struct contact_end *end, const struct packet *packet);

/* TCP: the numbers of a segment. */
void facts_segment(struct facts *facts, struct contact *contact, const struct packet *packet,
		   unsigned from);
/* True where it was the next of a settled connection: then nothing else is to be done. */
bool facts_next_segment(struct contact *contact, const struct packet *packet, unsigned from);
/* Both ends have said something and heard each other, and nothing is open or missing. */
bool facts_settled(const struct contact *contact);
/* An ACK that may say that the server still holds an old connection. */
void facts_challenge(struct contact *contact, const struct packet *packet);

/* What was taken for the client is the server. */
void facts_turn_round(struct contact *contact);

/* What a packet of port 88, or one behind STARTTLS, tells of its contact. */
void facts_kdc(struct contact *contact, const struct packet *packet);
void facts_tls(struct contact *contact, const struct packet *packet, unsigned from);

#endif
