/*
 * Findings that take two hosts, two connections or what came before: each with a capture that
 * makes the finding appear and one, close to it, that must not.
 */
#include "verdict_rows.h"

enum { BADSESSION = 10052, STALE_CLIENTID = 10022, SEQUENCE = 53 };

/* (between CLIENT and SECOND_CLIENT there is room for many) */
enum { FIRST_OF_MANY = 0x100, MANY = 600, SECOND_CLIENT = 0xf00 };

/* They only look whether the server is there. */
static void
many_others(struct scene *scene)
{
	for (uint16_t i = 0; i < MANY; i++)
		open_nfs4_from(scene, (uint16_t)(FIRST_OF_MANY + i), 0);
}

/* -- two clients of one name -- */

static struct wire
mount4_of(struct scene *scene, uint16_t client, const char *owner, uint32_t verifier)
{
	struct wire wire = open_nfs4_from(scene, client, 0);
	struct octets id = client_id(verifier, owner, "0.0.0.0.0.0");
	confirm_id(scene, &wire, &id);
	walk_and_use(scene, &wire);
	return wire;
}

static void
two_clients(struct scene *scene, const char *owner)
{
	struct octets id = {.size = 8};
	struct wire wire = mount4_of(scene, CLIENT, "Linux NFSv4.0", 1);
	mount4_of(scene, SECOND_CLIENT, owner, 7);
	nfs4(scene, &wire, 0, RENEW, &id, STALE_CLIENTID);
}

static void
namesakes(struct scene *scene)
{
	two_clients(scene, "Linux NFSv4.0");
}

static void
namesakes_among_many(struct scene *scene)
{
	many_others(scene);
	namesakes(scene);
}

static void
own_names(struct scene *scene)
{
	two_clients(scene, "Linux NFSv4.0 2");
}

/* -- sessions of version 4.1 -- */

/* What SEQUENCE says, and where that is good, what is said to the operation behind it, if
 * anything is. */
static void
session_use(struct scene *scene, struct wire *wire, uint32_t status, uint32_t use)
{
	struct octets operations = words(1, SEQUENCE);
	struct octets result = words(3, status != 0 ? status : use, 0, use != 0 ? 2 : 1);
	put_all(&operations, &(struct octets){.size = 32});
	put32(&operations, READLINK);
	struct octets call = words(3, 0, 1, 2);
	put_all(&call, &operations);
	put32(&result, SEQUENCE);
	put32(&result, status);
	if (status == 0)
		put_all(&result, &(struct octets){.size = 36});
	if (use != 0) {
		put32(&result, READLINK);
		put32(&result, use);
	}
	ask_words(scene, wire, NFS, 4, 1, &call, result);
}

static void
session_call(struct scene *scene, struct wire *wire, uint32_t status)
{
	session_use(scene, wire, status, 0);
}

static struct wire
session_of(struct scene *scene, uint16_t client)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	wire.client = client;
	tcp_accept(scene, &wire);
	session_call(scene, &wire, 0);
	return wire;
}

/* One client is away for ten seconds; what does the other's session say then? */
static void
away(struct scene *scene, uint32_t other_status)
{
	struct wire other = session_of(scene, SECOND_CLIENT);
	struct wire wire = session_of(scene, CLIENT);
	for (unsigned i = 0; i < 5; i++) {
		pause_ms(scene, 2000);
		session_call(scene, &other, i < 3 ? 0 : other_status);
	}
	session_call(scene, &wire, BADSESSION);
	pause_ms(scene, 100);
	session_call(scene, &other, other_status);
}

static void
away_alone(struct scene *scene)
{
	away(scene, 0);
}

static void
away_among_many(struct scene *scene)
{
	many_others(scene);
	away(scene, 0);
}

/* Its own session is no witness of what else it lost. */
static void
away_without_witness(struct scene *scene)
{
	struct wire wire = session_of(scene, CLIENT);
	session_call(scene, &wire, 0);
	pause_ms(scene, 10000);
	session_use(scene, &wire, 0, STALE_CLIENTID);
	pause_ms(scene, 100);
	session_call(scene, &wire, 0);
}

static void
all_lost(struct scene *scene)
{
	away(scene, BADSESSION);
}

/* -- locks -- */

static void
lock_and_call_back(struct scene *scene, uint32_t status)
{
	enum { NLM_LOCK = 2 };
	mount3(scene);
	getport(scene, NLM, 4, 17, 33333);
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 33333);
	ask_words(scene, &wire, NLM, 4, NLM_LOCK, NULL, words(2, 0, status));
	struct wire back = wire_back(CLIENT, 111);
	syns(scene, &back, 3);
}

static void
lock_promised(struct scene *scene)
{
	lock_and_call_back(scene, 3);
}

static void
lock_granted(struct scene *scene)
{
	lock_and_call_back(scene, 0);
}

/* -- large segments -- */

static void
send_data(struct scene *scene, const struct wire *wire, uint32_t size)
{
	struct octets call = rpc_call(scene, NFS, 3, 7, 0, NULL), data = marked(&call);
	data.at[2] = 0x20; /* the record is longer */
	data.size = size;
	send_in_vain(scene, wire, true, ACK, &data, 5, 400);
}

static void
twice_in_vain(struct scene *scene, uint32_t size)
{
	struct wire first = mount3(scene);
	send_data(scene, &first, size);
	struct wire second = tcp_open(scene, 2049);
	send_data(scene, &second, size);
}

static void
narrow_twice(struct scene *scene)
{
	twice_in_vain(scene, 1448);
}

static void
small_in_vain(struct scene *scene)
{
	twice_in_vain(scene, 200);
}

/* The capture begins with the second connection. */
static void
narrow_at_once(struct scene *scene)
{
	struct wire wire = tcp_open(scene, 2049);
	send_data(scene, &wire, 1448);
}

/* -- TLS -- */

static struct wire
start_tls(struct scene *scene)
{
	struct wire wire = tcp_open(scene, 2049);
	struct octets call = rpc_call(scene, NFS, 4, 0, 7, NULL);
	say(scene, &wire, true, &call);
	struct octets reply = words(4, scene->xid, 1, 0, 0);
	put_string(&reply, "STARTTLS");
	put32(&reply, 0);
	say(scene, &wire, false, &reply);
	return wire;
}

static void
tls_record(struct scene *scene, struct wire *wire, bool by_client, uint8_t type, uint8_t size)
{
	struct octets record = {.at = {type, 3, 3, 0, size, 2, 40}, .size = 5U + size};
	tcp_send(scene, wire, by_client, &record);
}

enum { ALERT = 21, HANDSHAKE = 22, DATA = 23 };

static void
tls_alert(struct scene *scene)
{
	struct wire wire = start_tls(scene);
	tls_record(scene, &wire, true, HANDSHAKE, 200);
	tls_record(scene, &wire, false, ALERT, 2);
	tcp_close(scene, &wire);
}

static void
tls_closed(struct scene *scene)
{
	struct wire wire = start_tls(scene);
	tls_record(scene, &wire, true, HANDSHAKE, 200);
	tcp_fin(scene, &wire, false);
	tcp_fin(scene, &wire, true);
}

static void
tls_used(struct scene *scene)
{
	struct wire wire = start_tls(scene);
	tls_record(scene, &wire, true, HANDSHAKE, 200);
	tls_record(scene, &wire, false, HANDSHAKE, 100);
	for (unsigned i = 0; i < 6; i++) {
		tls_record(scene, &wire, true, DATA, 120);
		tls_record(scene, &wire, false, DATA, 120);
	}
	tcp_close(scene, &wire);
}

/* -- over UDP -- */

static void
mnt_in_vain(struct scene *scene, bool probed)
{
	struct wire probe = find_mountd(scene, TRANSPORT_UDP);
	if (probed)
		null_call(scene, &probe, MOUNTD, 3);
	struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	struct octets path = string_of("/srv");
	struct octets call = rpc_call(scene, MOUNTD, 3, 1, 0, &path);
	udp_in_vain(scene, &wire, &call, 3);
}

static void
udp_hung(struct scene *scene)
{
	mnt_in_vain(scene, true);
}

static void
udp_silent(struct scene *scene)
{
	mnt_in_vain(scene, false);
}

/* -- an address that another host has -- */

static void
address_of(struct scene *scene, uint8_t second, uint8_t told)
{
	arp_resolve(scene);
	mount3(scene);
	arp(scene, 2, SERVER, second, told);
	pause_ms(scene, 3000);
	mount3(scene);
}

/* It announces itself, and the first is heard no more. */
static void
failover(struct scene *scene)
{
	address_of(scene, OTHER, SERVER);
}

static void
failover_and_back(struct scene *scene)
{
	address_of(scene, OTHER, SERVER);
	arp(scene, 2, SERVER, SERVER, CLIENT);
}

/* -- a host that is gone -- */

static struct wire
stop(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	struct octets record = getattr_record(scene);
	send_in_vain(scene, &nfs, true, PUSH, &record, 4, 1000);
	return nfs;
}

static void
gone(struct scene *scene)
{
	stop(scene);
	struct wire again = new_wire(scene, TRANSPORT_TCP, 2049);
	syns(scene, &again, 3);
	for (unsigned i = 0; i < 3; i++) {
		arp(scene, 1, CLIENT, CLIENT, SERVER);
		pause_ms(scene, 1000);
	}
}

/* -- the table -- */

static const struct row rows[] = {
	YES(namesakes, CLIENT_ID_IN_USE),
	YES(namesakes_among_many, CLIENT_ID_IN_USE),
	NO(own_names, CLIENT_ID_IN_USE),
	YES(own_names, SERVER_RESTARTED),
	YES(away_alone, LEASE_EXPIRED),
	YES(away_among_many, LEASE_EXPIRED),
	NO(away_without_witness, LEASE_EXPIRED),
	YES(away_without_witness, SERVER_RESTARTED),
	NO(all_lost, LEASE_EXPIRED),
	YES(lock_promised, CALLBACK_BLOCKED),
	NO(lock_granted, CALLBACK_BLOCKED),
	YES(lock_granted, LOCK_SERVICE_UNREACHABLE),
	YES(narrow_twice, PATH_MTU_BLACK_HOLE),
	YES(narrow_at_once, PATH_MTU_BLACK_HOLE),
	NO(small_in_vain, PATH_MTU_BLACK_HOLE),
	YES(tls_alert, TLS_FAILED),
	YES(tls_closed, TLS_FAILED),
	NO(tls_used, TLS_FAILED),
	NO(tls_used, NOT_RPC),
	YES(udp_hung, SERVICE_HUNG),
	NO(udp_silent, SERVICE_HUNG),
	YES(udp_silent, SERVICE_NO_ANSWER),
	NOTE(failover, DUPLICATE_ADDRESS),
	YES(failover_and_back, DUPLICATE_ADDRESS),
	YES(gone, SERVER_STOPPED_ANSWERING),
};

/* The silence lasts to the last sign of it, and the link says that it is the host. */
static void
test_silence_to_the_end(void **state)
{
	struct scene scene;
	(void)state;
	const struct verdict *verdict = judged(&scene, gone);
	const struct finding *found = any_of(verdict, FINDING_SERVER_STOPPED_ANSWERING);
	assert_non_null(found);
	const char *sentence = found->sentence.at;
	assert_non_null(strstr(sentence, "for 24.0 s (4 packets, then 3 SYNs, in vain)"));
	assert_non_null(strstr(sentence, "the host is gone"));
	scene_end(&scene);
}

/* A step that an ICMP error ended was not left without an answer. */
static void
test_step_refused(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_TCP, 111);
	segment(&scene, &wire, true, SYN, NULL);
	icmp(&scene, SERVER, 3, 10);
	const struct verdict *verdict = scene_judge(&scene);
	const struct step *step = &verdict->attempts[0].steps[0];
	assert_int_equal(step->result, STEP_FAILED);
	assert_non_null(strstr(step->text.at, ": prohibited"));
	scene_end(&scene);
}

/* "/a/a" is two directories, the same name looked up twice in one of them is one. */
static void
test_path_of_equal_names(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire wire = setup4(&scene, 800);
	nfs4(&scene, &wire, 0, PUTROOTFH, NULL, 0);
	for (uint32_t i = 0; i < 4; i++) {
		struct octets operations = words(1, 22), result = words(3, 0, 0, 0);
		put_opaque(&operations, i < 2 ? "0123456789abcdef" : "fedcba9876543210", 16);
		put32(&operations, LOOKUP);
		put_string(&operations, "a");
		struct octets call = compound(2, &operations);
		ask_words(&scene, &wire, NFS, 4, 1, &call, result);
	}
	const struct verdict *verdict = scene_judge(&scene);
	assert_int_equal(verdict->attempts[0].path.length, 4);
	assert_memory_equal(verdict->attempts[0].path.at, "/a/a", 4);
	scene_end(&scene);
}

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_path_of_equal_names),
		cmocka_unit_test(test_silence_to_the_end),
		cmocka_unit_test(test_step_refused),
	};
	return RUN_ROWS(rows, others);
}
