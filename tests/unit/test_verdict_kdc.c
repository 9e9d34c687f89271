/*
 * Questions to a KDC explain the mounts of the client that asked, near in time, that stop for
 * want of a ticket; those of others, and of anything else, change no verdict.
 */
#include "verdict_rows.h"

enum { STRANGER = 150, KDC = 160, SECOND_KDC = 161, KRB5 = 390003 };

static struct wire
kdc_wire(struct scene *scene, uint8_t client, uint8_t kdc, enum transport transport)
{
	struct wire wire = new_wire(scene, transport, 88);
	wire.client = client;
	wire.server = kdc;
	return wire;
}

static void
kdc_refuses(struct scene *scene, uint8_t client, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		struct wire wire = kdc_wire(scene, client, (uint8_t)(KDC + i), TRANSPORT_TCP);
		tcp_refuse(scene, &wire);
	}
}

static void
kdc_silent(struct scene *scene, uint8_t client, uint8_t kdc, unsigned times)
{
	struct wire wire = kdc_wire(scene, client, kdc, TRANSPORT_UDP);
	for (unsigned i = 0; i < times; i++) {
		udp(scene, &wire, true, &(struct octets){.at = {0x6a, 0x10}, .size = 18});
		pause_ms(scene, 900);
	}
}

/* RFC 4120 section 5.9.1; code 0: a ticket. */
static void
kdc_answers(struct scene *scene, uint8_t client, uint8_t code)
{
	struct wire wire = kdc_wire(scene, client, KDC, TRANSPORT_UDP);
	struct octets ticket = {.at = {0x6b, 0x10}, .size = 18},
		      error = {.at = {0x7e, 0x10, 0xa6, 3, 2, 1, code}, .size = 18};
	udp(scene, &wire, true, &(struct octets){.at = {0x6a, 0x10}, .size = 18});
	udp(scene, &wire, false, code == 0 ? &ticket : &error);
}

/* Set up, and then nothing: for want of a ticket, if the client asked for one. */
static void
stops_after_setup(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	tcp_close(scene, &wire);
}

static void
alone(struct scene *scene)
{
	stops_after_setup(scene);
	kdc_silent(scene, CLIENT, KDC, 3);
}

static void
stranger_is_refused(struct scene *scene)
{
	stops_after_setup(scene);
	kdc_refuses(scene, STRANGER, 4);
	later(scene, 3000);
}

static void
stranger_gets_error(struct scene *scene)
{
	stops_after_setup(scene);
	kdc_answers(scene, STRANGER, 6);
	later(scene, 3000);
}

static void
stranger_gets_ticket(struct scene *scene)
{
	kdc_answers(scene, STRANGER, 0);
	alone(scene);
}

static void
both_get_errors(struct scene *scene)
{
	stops_after_setup(scene);
	kdc_answers(scene, CLIENT, 7);
	kdc_answers(scene, STRANGER, 6);
	later(scene, 3000);
}

/* Once by each is not often by anybody. */
static void
asked_by_many(struct scene *scene)
{
	stops_after_setup(scene);
	for (uint8_t i = 0; i < 4; i++)
		kdc_silent(scene, i == 0 ? CLIENT : (uint8_t)(STRANGER + i), KDC, 1);
	later(scene, 3000);
}

static void
long_before(struct scene *scene)
{
	kdc_silent(scene, CLIENT, KDC, 4);
	pause_ms(scene, 120000);
	stops_after_setup(scene);
	kdc_silent(scene, CLIENT, KDC, 1);
	later(scene, 3000);
}

static void
long_after(struct scene *scene)
{
	stops_after_setup(scene);
	pause_ms(scene, 20000);
	kdc_refuses(scene, CLIENT, 4);
	later(scene, 3000);
}

static void
asked_two(struct scene *scene)
{
	stops_after_setup(scene);
	kdc_silent(scene, CLIENT, KDC, 2);
	kdc_silent(scene, CLIENT, SECOND_KDC, 3);
}

static void
second_answers(struct scene *scene)
{
	stops_after_setup(scene);
	kdc_silent(scene, CLIENT, SECOND_KDC, 3);
	kdc_answers(scene, CLIENT, 0);
	later(scene, 3000);
}

/* What is refused to AUTH_SYS wants no ticket. */
static void
refused_query(struct scene *scene)
{
	tcp_refused_at(scene, 111);
	kdc_refuses(scene, CLIENT, 4);
	later(scene, 3000);
}

static void
refused_client_id(struct scene *scene)
{
	enum { CLID_INUSE = 10017 };
	struct wire wire = open_nfs4(scene);
	struct octets id = setclientid(45000);
	nfs4(scene, &wire, 0, SETCLIENTID, &id, CLID_INUSE);
	kdc_refuses(scene, CLIENT, 4);
	later(scene, 3000);
}

static void
mounted(struct scene *scene)
{
	mount4(scene);
	kdc_refuses(scene, CLIENT, 4);
	later(scene, 3000);
}

static void
goes_on_without(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	kdc_refuses(scene, CLIENT, 4);
	pause_ms(scene, 5000);
	nfs4(scene, &wire, 0, RENEW, &(struct octets){.size = 8}, 0);
}

/* Only Kerberos is offered, and the client only looks whether NFS is there. */
static void
offered_krb5(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, KRB5);
	struct wire nfs = nfs_connect(scene);
	tcp_close(scene, &nfs);
	later(scene, 3000);
}

static void
offered_beside_stranger(struct scene *scene)
{
	kdc_answers(scene, STRANGER, 0);
	offered_krb5(scene);
}

static void
offered_and_asked(struct scene *scene)
{
	offered_krb5(scene);
	kdc_answers(scene, CLIENT, 0);
}

/* The export wants Kerberos, which the client can do, but for the KDC. */
static void
offered_in_vain(struct scene *scene)
{
	struct wire mountd = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	struct octets path = string_of("/srv/data");
	probe(scene);
	mnt(scene, 900, 0, KRB5);
	kdc_refuses(scene, CLIENT, 4);
	ask_words(scene, &mountd, MOUNTD, 3, 3, &path, (struct octets){0});
	later(scene, 3000);
}

static void
wrong_security(struct scene *scene)
{
	enum { WRONGSEC = 10016 };
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, &wire, WRONGSEC);
	kdc_refuses(scene, CLIENT, 4);
	later(scene, 3000);
}

/* It sees the root without a ticket. */
static void
walks_without(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, &wire, 0);
	kdc_refuses(scene, CLIENT, 4);
	later(scene, 3000);
}

/* What the server answers does not arrive. */
static void
answers_lost(struct scene *scene)
{
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = tcp_open(scene, 2049);
	null_call(scene, &nfs, NFS, 3);
	struct wire wire = find_mountd(scene, TRANSPORT_UDP);
	struct octets call = rpc_call(scene, MOUNTD, 3, 0, 0, NULL);
	for (unsigned i = 0; i < 3; i++) {
		udp(scene, &wire, true, &call);
		struct octets reply = rpc_reply(scene, 0, NULL);
		udp(scene, &wire, false, &reply);
		kdc_refuses(scene, CLIENT, 2);
		pause_ms(scene, 3000);
	}
	later(scene, 3000);
}

/* A query wants no ticket. */
static void
waits_beside_kdc(struct scene *scene)
{
	struct wire wire = tcp_open(scene, 2049);
	ask(scene, &wire, NFS, 3, 0, NULL, NULL);
	kdc_refuses(scene, CLIENT, 4);
}

/* -- the table -- */

static const struct row rows[] = {
	SAYS(alone, "nfs4 failed kdc-unreachable"),
	SAYS(stranger_is_refused, "nfs4 failed no-evidence possible"),
	SAYS(stranger_gets_error, "nfs4 failed no-evidence possible"),
	SAYS(stranger_gets_ticket, "nfs4 failed kdc-unreachable"),
	SAYS(both_get_errors, "nfs4 failed gss-failed"),
	SAYS(asked_by_many, "nfs4 failed no-evidence possible"),
	SAYS(long_before, "nfs4 failed no-evidence possible"),
	SAYS(long_after, "nfs4 failed no-evidence possible"),
	SAYS(asked_two, "nfs4 failed kdc-unreachable"),
	SAYS(second_answers, "nfs4 failed no-evidence possible"),
	SAYS(refused_query, "query failed portmap-refused"),
	SAYS(refused_client_id, "nfs4 failed client-id-in-use"),
	SAYS(mounted, "nfs4 mounted -"),
	SAYS(goes_on_without, "nfs4 incomplete -"),
	SAYS(offered_krb5, "nfs3 failed mount-flavor-mismatch possible"),
	SAYS(offered_beside_stranger, "nfs3 failed mount-flavor-mismatch possible"),
	SAYS(offered_and_asked, "nfs3 incomplete -"),
	SAYS(offered_in_vain, "nfs3 failed kdc-unreachable"),
	SAYS(wrong_security, "nfs4 failed nfs4-wrong-security"),
	SAYS(walks_without, "nfs4 incomplete -"),
	SAYS(answers_lost, "nfs3 failed replies-not-received likely"),
	SAYS(waits_beside_kdc, "query incomplete -"),
};

/* What one KDC was asked is not told of another. */
static void
test_said(void **state)
{
	static struct scene scene;
	static const char expected[] =
		"10.0.0.21 asked the KDC at 10.0.0.160 port 88 2 times in 901 ms and got no "
		"answer; no other KDC answered it either";
	const struct text *said = &deciding_of(judged(&scene, asked_two))->sentence;
	(void)state;
	assert_int_equal(said->length, sizeof expected - 1);
	assert_memory_equal(said->at, expected, said->length);
	scene_end(&scene);
}

int
main(void)
{
	static const struct CMUnitTest others[] = {cmocka_unit_test(test_said)};
	return RUN_ROWS(rows, others);
}
