/*
 * What is an attempt and what is not, how far it goes, and rules that look at several
 * connections: each with a capture close to it where they must keep silent.
 */
#include "verdict_support.h"

typedef void play(struct scene *scene);

static void
judged(struct scene *scene, play *player)
{
	scene_begin(scene);
	player(scene);
	scene_judge(scene);
}

static void
opened_only(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	tcp_accept(scene, &wire);
	pause_ms(scene, 500);
}

static void
test_opening_is_no_attempt(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, opened_only);
	assert_int_equal(scene.verdict->attempt_count, 0);
	assert_false(scene.verdict->trouble);
	scene_end(&scene);
}

/* rpcinfo: a list, then a ping. */
static void
rpcinfo(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	tcp_accept(scene, &wire);
	ask_words(scene, &wire, PORTMAP, 2, 4, NULL, words(1, 0));
	tcp_close(scene, &wire);
	struct wire nfs = new_wire(scene, TRANSPORT_TCP, 2049);
	tcp_accept(scene, &nfs);
	null_call(scene, &nfs, NFS, 4);
	tcp_close(scene, &nfs);
}

static void
ping_of_v4(struct scene *scene)
{
	struct wire nfs = new_wire(scene, TRANSPORT_TCP, 2049);
	tcp_accept(scene, &nfs);
	null_call(scene, &nfs, NFS, 4);
}

static void
test_pings_are_a_query(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, rpcinfo);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_int_equal(scene.verdict->attempts[0].kind, ATTEMPT_QUERY);
	assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_ANSWERED);
	scene_end(&scene);
	judged(&scene, ping_of_v4);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_int_equal(scene.verdict->attempts[0].kind, ATTEMPT_NFS4);
	assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_INCOMPLETE);
	scene_end(&scene);
}

static void
list_exports(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	ask_words(scene, &wire, MOUNTD, 3, 5, NULL, words(1, 0));
}

/* libnfs: MNT, EXPORT, then NFS. */
static void
exports_amid(struct scene *scene)
{
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	mnt(scene, 900, 0, 1);
	list_exports(scene);
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(2));
}

/* showmount, then a mount. */
static void
exports_before(struct scene *scene)
{
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	list_exports(scene);
	mount3(scene);
}

static void
test_exports(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, exports_amid);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_MOUNTED);
	assert_int_equal(scene.verdict->attempts[0].path.length, 9);
	assert_memory_equal(scene.verdict->attempts[0].path.at, "/srv/data", 9);
	scene_end(&scene);
	judged(&scene, exports_before);
	assert_int_equal(scene.verdict->attempt_count, 2);
	assert_int_equal(scene.verdict->attempts[0].kind, ATTEMPT_QUERY);
	assert_int_equal(scene.verdict->attempts[1].outcome, OUTCOME_MOUNTED);
	scene_end(&scene);
}

/* The same packet, with and without a wrong checksum, to a host that nobody asked. */
static void
astray(struct scene *scene, bool corrupt)
{
	mount3(scene);
	mount3(scene);
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets mapping = words(4, NFS, 3, 17, 0);
	struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
	wire.server = OTHER;
	scene->corrupt = corrupt;
	udp(scene, &wire, true, &call);
}

static void
test_corrupt_is_no_attempt(void **state)
{
	(void)state;
	for (unsigned corrupt = 0; corrupt < 2; corrupt++) {
		struct scene scene;
		scene_begin(&scene);
		astray(&scene, corrupt);
		scene_judge(&scene);
		assert_int_equal(scene.verdict->attempt_count, corrupt ? 2 : 3);
		scene_end(&scene);
	}
}

/* The reply comes from another port of the server. */
static void
second_socket(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111), other = wire;
	struct octets mapping = words(4, NFS, 3, 17, 0);
	struct octets call = rpc_call(scene, PORTMAP, 2, 3, 0, &mapping);
	struct octets port = words(1, 2049), reply = rpc_reply(scene, 0, &port);
	udp(scene, &wire, true, &call);
	other.server = OTHER;
	udp(scene, &other, false, &reply);
}

static void
test_reply_is_no_attempt(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, second_socket);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_int_equal(scene.verdict->attempts[0].server.octets[15], SERVER);
	assert_null(any_of(scene.verdict, FINDING_CAPTURE_ONE_SIDED));
	scene_end(&scene);
}

static void
unanswered(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	struct octets mapping = words(4, NFS, 3, 6, 0);
	tcp_accept(scene, &wire);
	ask(scene, &wire, PORTMAP, 2, 3, &mapping, NULL);
	pause_ms(scene, 10000);
	tcp_fin(scene, &wire, true);
}

static void
test_unanswered_lasts(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, unanswered);
	const struct attempt *attempt = &scene.verdict->attempts[0];
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_true(attempt->end - attempt->start >= 10 * SECOND);
	scene_end(&scene);
}

/* -- findings -- */

static void
knocks(struct scene *scene, uint16_t from)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2050);
	wire.client_port = from;
	segment(scene, &wire, true, SYN, NULL);
	move_on(&wire, true, 1);
	segment(scene, &wire, false, RST | ACK, NULL);
}

static void
knock(struct scene *scene)
{
	knocks(scene, 853);
}

static void
knock_from_above(struct scene *scene)
{
	knocks(scene, 35353);
}

/* Mounted; then the server refuses, as often as said. */
static void
refusals(struct scene *scene, unsigned count, bool back)
{
	struct wire nfs = mount3(scene);
	tcp_close(scene, &nfs);
	for (unsigned i = 0; i < count; i++) {
		struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
		pause_ms(scene, 3000);
		segment(scene, &wire, true, SYN, NULL);
		move_on(&wire, true, 1);
		segment(scene, &wire, false, RST | ACK, NULL);
	}
	if (!back)
		return;
	struct wire again = nfs_connect(scene);
	nfs3(scene, &again, 1, attributes(2));
}

static void
refused_in_use(struct scene *scene)
{
	refusals(scene, 4, false);
}

static void
refused_for_a_while(struct scene *scene)
{
	refusals(scene, 4, true);
}

/* The client repeats an acknowledged call, the server its reply, `times` each. */
static void
repeats(struct scene *scene, unsigned times)
{
	struct wire nfs = new_wire(scene, TRANSPORT_TCP, 2049);
	tcp_accept(scene, &nfs);
	struct octets call = rpc_call(scene, NFS, 4, 0, 0, NULL), none = {0};
	struct octets reply = rpc_reply(scene, 0, &none);
	call = marked(&call);
	reply = marked(&reply);
	struct wire start = nfs;
	segment(scene, &start, true, PUSH, &call);
	move_on(&nfs, true, call.size);
	segment(scene, &nfs, false, PUSH, &reply);
	for (unsigned i = 0; i < times; i++) {
		pause_ms(scene, 400LL << i);
		segment(scene, &start, true, PUSH, &call);
		segment(scene, &nfs, false, PUSH, &reply);
	}
	if (times == 1) { /* it got through in the end */
		move_on(&nfs, false, reply.size);
		segment(scene, &nfs, true, ACK, NULL);
	}
}

static void
deaf_client(struct scene *scene)
{
	repeats(scene, 5);
}

static void
deaf_for_a_moment(struct scene *scene)
{
	repeats(scene, 1);
}

/* MNT gives Kerberos only, and nothing follows but a look for NFS. */
static void
kerberos_only(struct scene *scene)
{
	enum { KRB5 = 390003 };
	probe(scene);
	mnt(scene, 900, 0, KRB5);
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = nfs_connect(scene);
	null_call(scene, &nfs, NFS, 3);
	pause_ms(scene, 2000);
	tcp_close(scene, &nfs);
}

/* The same with a flavor that everybody has: why it ends there is not known. */
static void
plain_export(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = nfs_connect(scene);
	null_call(scene, &nfs, NFS, 3);
	pause_ms(scene, 2000);
	tcp_close(scene, &nfs);
}

/* The server counts on as if it had sent a large reply, which never comes. */
static void
counts_on(struct scene *scene, bool comes)
{
	struct wire nfs = mount3(scene);
	struct octets handle = {0};
	put_opaque(&handle, "0123456789abcdef", 16);
	ask(scene, &nfs, NFS, 3, 1, &handle, NULL);
	move_on(&nfs, false, 1448);
	for (unsigned i = 0; i < 4; i++) {
		pause_ms(scene, 1500);
		segment(scene, &nfs, false, ACK, NULL);
	}
	if (comes) /* the capture missed it: the client has it */
		segment(scene, &nfs, true, ACK, NULL);
}

static void
large_reply_vanishes(struct scene *scene)
{
	counts_on(scene, false);
}

static void
large_reply_not_captured(struct scene *scene)
{
	counts_on(scene, true);
}

struct row {
	const char *name;
	play *play;
	enum finding_id id;
	bool expected;
};

static const struct row rows[] = {
	{"a refused SYN from a reserved port", knock, FINDING_SERVICE_REFUSED, true},
	{"a refused SYN from any port", knock_from_above, FINDING_SERVICE_REFUSED, false},
	{"refused after use", refused_in_use, FINDING_SERVICE_REFUSED, true},
	{"refused, then back", refused_for_a_while, FINDING_SERVICE_REFUSED, false},
	{"a deaf client", deaf_client, FINDING_REPLIES_NOT_RECEIVED, true},
	{"one repeat", deaf_for_a_moment, FINDING_REPLIES_NOT_RECEIVED, false},
	{"Kerberos only", kerberos_only, FINDING_MOUNT_FLAVOR_MISMATCH, true},
	{"a plain export", plain_export, FINDING_MOUNT_FLAVOR_MISMATCH, false},
	{"a large reply vanishes", large_reply_vanishes, FINDING_PATH_MTU_BLACK_HOLE, true},
	{"a large reply not captured", large_reply_not_captured, FINDING_PATH_MTU_BLACK_HOLE,
	 false},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct scene scene;
	judged(&scene, row->play);
	const struct finding *found = any_of(scene.verdict, row->id);
	if (row->expected &&
	    (found == NULL || found->frame_count == 0 || found->sentence.length == 0 ||
	     deciding_of(scene.verdict) != found))
		fail_msg("%s: %s does not decide", row->name, finding_kind(row->id)->id);
	if (!row->expected && found != NULL)
		fail_msg("%s: %s", row->name, finding_kind(row->id)->id);
	scene_end(&scene);
}

int
main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(test_opening_is_no_attempt),
		cmocka_unit_test(test_pings_are_a_query),
		cmocka_unit_test(test_exports),
		cmocka_unit_test(test_corrupt_is_no_attempt),
		cmocka_unit_test(test_reply_is_no_attempt),
		cmocka_unit_test(test_unanswered_lasts),
	};
	enum { FIXED = sizeof fixed / sizeof fixed[0] };
	static struct CMUnitTest tests[FIXED + ROWS];
	memcpy(tests, fixed, sizeof fixed);
	for (size_t i = 0; i < ROWS; i++)
		tests[FIXED + i] = (struct CMUnitTest){.name = rows[i].name,
						       .test_func = test_row,
						       .initial_state = (void *)&rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
