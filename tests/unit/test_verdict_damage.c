/*
 * Captures that lack something: octets behind the snap length, what came after the last
 * frame, what is encrypted. What they still show is found, what they do not show is not
 * concluded.
 */
#include "../../src/verdict/facts_store.h"
#include "verdict_rows.h"

/* -- the snap length -- */

enum { STATUS_SEEN = 110, WORDS_SEEN = 90, DESTROY_SESSION = 44, NOENT = 2, VERSION = 10021 };

static void
nfs4_padded(struct scene *scene, struct wire *wire, uint32_t operation, uint32_t status)
{
	nfs4(scene, wire, PUTROOTFH, operation, &(struct octets){.size = 80}, status);
}

/* COMPOUNDs of which only the status is there. */
static struct wire
compounds(struct scene *scene, uint32_t snap, uint32_t last)
{
	scene->snap = snap;
	struct wire wire = open_nfs4(scene);
	for (unsigned i = 0; i < 20; i++)
		nfs4_padded(scene, &wire, LOOKUP, i < 19 ? 0 : last);
	return wire;
}

static void
cut_success(struct scene *scene)
{
	compounds(scene, STATUS_SEEN, 0);
}

static void
cut_refusal(struct scene *scene)
{
	struct wire wire = compounds(scene, STATUS_SEEN, NOENT);
	tcp_close(scene, &wire);
}

static void
cut_before_status(struct scene *scene)
{
	compounds(scene, WORDS_SEEN, NOENT);
}

/* No operation is looked at in a minor version that is not there: the status says all. */
static void
cut_version(struct scene *scene)
{
	scene->snap = STATUS_SEEN;
	struct wire wire = tcp_open(scene, 2049);
	nfs4_padded(scene, &wire, LOOKUP, VERSION);
	tcp_close(scene, &wire);
	later(scene, 4000);
}

/* Nothing of RPC is left. */
static void
cut_to_headers(struct scene *scene)
{
	compounds(scene, 60, NOENT);
}

/* Operations that only a mounted file system needs are there, what follows them is not. */
static void
cut_behind_use(struct scene *scene)
{
	scene->snap = 126;
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, READLINK, NULL, 22);
	nfs4(scene, &wire, READLINK, LOOKUP, &(struct octets){.size = 80}, 0);
}

/* What the portmapper was asked, or said, is cut off; then the client goes no further. */
static void
cut_question(struct scene *scene, uint32_t snap)
{
	scene->snap = snap;
	getport(scene, MOUNTD, 3, 6, MOUNTD_PORT);
	later(scene, 4000);
}

static void
cut_asked(struct scene *scene)
{
	cut_question(scene, 84);
}

static void
cut_answer(struct scene *scene)
{
	cut_question(scene, 68);
}

/* The handle that MNT gave is of a file or of a directory: the attributes are cut off. */
static void
cut_attributes(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
	struct wire nfs = nfs_connect(scene);
	scene->snap = 98;
	nfs3(scene, &nfs, 1, attributes(1));
	tcp_close(scene, &nfs);
}

/* Calls of version 3, and a connection to NFS of which nothing can be read. */
static void
cut_version_3(struct scene *scene)
{
	tcp_open(scene, 2049);
	struct wire mountd = find_mountd(scene, TRANSPORT_UDP);
	ask(scene, &mountd, MOUNTD, 3, 0, NULL, NULL);
	later(scene, 4000);
}

/* -- the end of the capture -- */

static void
connect_in_vain(struct scene *scene, int64_t pause)
{
	getport(scene, NFS, 3, 6, 2049);
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	segment(scene, &wire, true, SYN, NULL);
	pause_ms(scene, 1000);
	segment(scene, &wire, true, SYN, NULL);
	later(scene, pause);
}

static void
ends_after_second_syn(struct scene *scene)
{
	connect_in_vain(scene, 1000);
}

static void
goes_on_after_second_syn(struct scene *scene)
{
	connect_in_vain(scene, 3000);
}

/* A new connection meets the old one: RST and another SYN would follow (RFC 5961 section 4.2).
 */
static void
ends_after_challenge(struct scene *scene)
{
	mount3(scene);
	getport(scene, NLM, 4, 6, 33333);
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 33333);
	segment(scene, &wire, true, SYN, NULL);
	segment(scene, &wire, false, ACK, NULL);
}

static void
ends_after_refusal(struct scene *scene)
{
	tcp_refused_at(scene, 111);
}

static void
goes_on_after_refusal(struct scene *scene)
{
	tcp_refused_at(scene, 111);
	later(scene, 4000);
}

/* The refusal is old, but the next try is under way. */
static void
ends_in_next_try(struct scene *scene)
{
	tcp_refused_at(scene, 111);
	pause_ms(scene, 4000);
	struct octets mapping = words(4, NFS, 3, 6, 0);
	struct wire wire = tcp_open(scene, 111);
	ask(scene, &wire, PORTMAP, 2, 3, &mapping, NULL);
}

static void
ends_before_answer(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	struct octets call = rpc_call(
		scene, NFS, 4, 1, 0, &(struct octets){.at = {[11] = 1, [15] = 24}, .size = 16});
	say(scene, &wire, true, &call);
	later(scene, 300);
}

static void
ends_before_next_call(struct scene *scene)
{
	setup4(scene, 800);
	later(scene, 1000);
}

static void
lose_client(struct scene *scene)
{
	struct octets id = {.size = 8};
	struct wire wire = mount4(scene);
	nfs4(scene, &wire, 0, RENEW, &id, 10022);
}

static void
ends_before_recovery(struct scene *scene)
{
	lose_client(scene);
}

static void
call_back(struct scene *scene, int64_t pause)
{
	mount4(scene);
	struct wire back = wire_back(CLIENT, 45000);
	segment(scene, &back, true, SYN, NULL);
	pause_ms(scene, 1000);
	segment(scene, &back, true, SYN, NULL);
	later(scene, pause);
}

static void
ends_calling_back(struct scene *scene)
{
	call_back(scene, 500);
}

static void
goes_on_calling_back(struct scene *scene)
{
	call_back(scene, 3000);
}

/* The KDC is asked twice; how long does the capture go on? */
static void
ask_kdc(struct scene *scene, int64_t pause)
{
	struct wire wire = setup4(scene, 800), kdc = new_wire(scene, TRANSPORT_UDP, 88);
	udp(scene, &kdc, true, &(struct octets){.size = 40});
	pause_ms(scene, 900);
	udp(scene, &kdc, true, &(struct octets){.size = 40});
	tcp_close(scene, &wire);
	later(scene, pause);
}

static void
ends_asking_kdc(struct scene *scene)
{
	ask_kdc(scene, 500);
}

static void
goes_on_asking_kdc(struct scene *scene)
{
	ask_kdc(scene, 3000);
}

/* -- encrypted -- */

/* RFC 2203 section 5.3.1: a call whose body is encrypted. */
static void
hidden_call(struct scene *scene, struct wire *wire, uint32_t procedure)
{
	enum { GSS = 6, PRIVACY = 3 };
	struct octets call = words(14, ++scene->xid, 0, 2, NFS, 4, procedure, GSS, 20, 1, 0, 1,
				   PRIVACY, 0, GSS);
	put_opaque(&call, "verifier of call", 16);
	put_opaque(&call, "what nobody can read", 20);
	say(scene, wire, true, &call);
	struct octets reply = words(4, scene->xid, 1, 0, GSS);
	put_opaque(&reply, "verifier of reply", 16);
	put32(&reply, 0);
	put_opaque(&reply, "neither the answer.", 20);
	say(scene, wire, false, &reply);
}

static struct wire
hidden_calls(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	for (unsigned i = 0; i < 8; i++)
		hidden_call(scene, &wire, 1);
	return wire;
}

static void
hidden_then(struct scene *scene, int64_t pause)
{
	struct octets session = {.size = 16};
	struct wire wire = hidden_calls(scene);
	pause_ms(scene, pause);
	nfs4(scene, &wire, 0, DESTROY_SESSION, &session, 0);
	tcp_close(scene, &wire);
}

static void
hidden_use(struct scene *scene)
{
	hidden_then(scene, 5000);
}

static void
hidden_and_left(struct scene *scene)
{
	hidden_then(scene, 0);
}

/* Where the room of the verdict ends, it may have been left the next moment. */
static void
hidden_then_no_room(struct scene *scene, int64_t pause)
{
	hidden_calls(scene);
	pause_ms(scene, pause);
	arp_resolve(scene);
	facts_full(scene->facts, "contacts");
}

static void
hidden_use_then_no_room(struct scene *scene)
{
	hidden_then_no_room(scene, 5000);
}

static void
hidden_then_at_once_no_room(struct scene *scene)
{
	hidden_then_no_room(scene, 0);
}

/* -- the table -- */

static const struct row rows[] = {
	SAYS(cut_success, "nfs4 incomplete -"),
	SAYS(cut_refusal, "nfs4 incomplete -"),
	SAYS(cut_before_status, "nfs4 incomplete -"),
	SAYS(cut_version, "nfs4 failed nfs4-minor-version"),
	SAYS(cut_to_headers, "nfs4 incomplete -"),
	SAYS(cut_behind_use, "nfs4 mounted -"),
	SAYS(cut_asked, "query incomplete -"),
	SAYS(cut_answer, "query incomplete -"),
	SAYS(cut_attributes, "nfs3 incomplete -"),
	SAYS(cut_version_3, "nfs3 failed service-no-answer"),
	SAYS(hidden_use, "nfs4 mounted -"),
	SAYS(hidden_and_left, "nfs4 incomplete -"),
	SAYS(hidden_use_then_no_room, "nfs4 mounted -"),
	SAYS(hidden_then_at_once_no_room, "nfs4 incomplete -"),
	SAYS(ends_after_second_syn, "nfs3 incomplete -"),
	SAYS(goes_on_after_second_syn, "nfs3 failed service-no-answer"),
	SAYS(ends_after_challenge, "nfs3 mounted -"),
	SAYS(ends_after_refusal, "query failed portmap-refused likely"),
	SAYS(goes_on_after_refusal, "query failed portmap-refused"),
	SAYS(ends_in_next_try, "nfs3 failed portmap-refused possible"),
	SAYS(ends_before_answer, "nfs4 incomplete -"),
	SAYS(ends_before_next_call, "nfs4 incomplete -"),
	SAYS(ends_before_recovery, "nfs4 mounted server-restarted possible"),
	SAYS(ends_calling_back, "nfs4 mounted -"),
	SAYS(goes_on_calling_back, "nfs4 mounted callback-blocked"),
	NO(ends_asking_kdc, KDC_UNREACHABLE),
	SAYS(goes_on_asking_kdc, "nfs4 failed kdc-unreachable"),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
