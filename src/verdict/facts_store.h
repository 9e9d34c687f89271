/*
 * facts_store: how the collectors reach the calls; private to src/verdict.
 */
#ifndef RPCSCOPE_FACTS_STORE_H
#define RPCSCOPE_FACTS_STORE_H

#include "facts.h"
#include "flow.h"

/* Four octets in network order. */
static inline uint32_t
word_at(const uint8_t *octets)
{
	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	       (uint32_t)octets[2] << 8 | octets[3];
}

/* That bound of --limit is met: nothing more is looked at. What is in hand is judged as if the
 * capture ended here: with some of what follows, but not all, a mount would be found to lack
 * what is only not kept. */
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

/* facts_speakers.c */
void facts_speakers_begin(struct facts *facts);
/* The source of a packet; once a flow and direction is enough. */
void facts_speaker(struct facts *facts, const struct packet *packet);
void facts_note_spoke(struct facts *facts, const struct address *address);
/* A packet to or from that host alone was captured. */
void facts_note_unicast(struct facts *facts, const struct address *address);

/* Was the same packet captured before? Remembers it. */
bool facts_is_copy(struct contact_end *end, const struct packet *packet);
/* The same for a segment that brings what was not there before. First its time stamp: false
 * where its TCP options are not as usual. */
bool facts_plain_stamp(struct contact_end *end, const struct packet *packet);
void facts_note_identity(struct contact_end *end, const struct packet *packet);

/* TCP: the numbers of a segment. */
void facts_segment(struct facts *facts, struct contact *contact, const struct packet *packet,
		   unsigned from);
/* True where it was the next of a settled connection: then nothing else is to be done. */
bool facts_next_segment(struct contact *contact, const struct packet *packet, unsigned from);
/* Both ends have said something and heard each other, and nothing is open or missing. */
bool facts_settled(const struct contact *contact);
/* An ACK that may say that the server still holds an old connection. */
void facts_challenge(struct contact *contact, const struct packet *packet);

/* The body of a call, or of a good reply, of NFS 2 and 3 where it says at once what is needed;
 * false: it has to be decoded. */
bool facts_read_handle(struct facts *facts, const struct message *message, struct call *call);
bool facts_read_success(const struct message *message, struct call *call);

/* The contact of a flow; NULL where it has none, or none any more. */
static inline struct contact *
facts_of_flow(const struct flow *flow)
{
	struct contact *contact = flow->note;
	return contact != NULL && contact->number == flow->session ? contact : NULL;
}

/* The same for a packet of it: made with the first. NULL: it was let go, or there is no room.
 */
struct contact *facts_contact_of(struct facts *facts, const struct packet *packet,
				 struct flow *flow);
/* What was taken for the client is the server. The two of `end` change places, so that a `from`
 * that was worked out before, from client_end, has to be worked out again. */
void facts_turn_round(struct contact *contact);

/* What a packet of port 88, or one behind STARTTLS, tells of its contact. */
void facts_kdc(struct contact *contact, const struct packet *packet);
void facts_tls(struct contact *contact, const struct packet *packet, unsigned from);

#endif
