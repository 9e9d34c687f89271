/*
 * facts_secure: what the octets of other protocols tell in the clear: a KDC's refusal,
 * the records of a TLS handshake and the alert that ends it.
 */
#include "facts_store.h"

/* RFC 4120 section 5.9.1: KRB-ERROR is [APPLICATION 30]; its error-code is [6] INTEGER. */
void
facts_kdc(struct contact *contact, const struct packet *packet)
{
	enum { KRB_ERROR = 0x7e, FIELD = 0xa6, SEARCHED = 96 };
	const uint8_t *octets = packet_payload(packet);
	uint32_t captured = packet_captured(packet);
	uint32_t at = packet->transport == TRANSPORT_TCP ? 4 : 0; /* section 7.2.2: a length */
	if (captured <= at || octets[at] != KRB_ERROR)
		return;
	for (; at + 4 < captured && at < SEARCHED; at++) {
		if (octets[at] == FIELD && octets[at + 1] == 3 && octets[at + 2] == 2 &&
		    octets[at + 3] == 1) {
			contact->kdc_error = octets[at + 4];
			contact->kdc_error_frame = packet->frame.number;
			return;
		}
	}
}

/* RFC 8446 sections 5.1, 6: records begin segments as long as the handshake goes on. */
void
facts_tls(struct contact *contact, const struct packet *packet, unsigned from)
{
	enum { ALERT = 21, LAST_TYPE = 24, VERSION = 3, LENGTH = 2, FATAL = 2, WHOLE = 7 };
	const uint8_t *octets = packet_payload(packet);
	if (packet_captured(packet) < WHOLE || octets[0] < ALERT - 1 || octets[0] > LAST_TYPE ||
	    octets[1] != VERSION)
		return;
	contact->tls_records[from]++;
	bool alert = octets[0] == ALERT && octets[3] == 0 && octets[4] == LENGTH &&
		     octets[5] == FATAL && octets[6] < UINT8_MAX;
	if (!alert || contact->tls_alert != 0)
		return;
	contact->tls_alert = (uint8_t)(octets[6] + 1);
	contact->tls_alert_end = (uint8_t)from;
	contact->tls_alert_frame = packet->frame.number;
}
