/*
 * Captures that lack something: octets behind the snap length, what came after the last
 * frame, a clock that runs evenly. What they still show is found, what they do not show is
 * not concluded.
 */
#include "verdict_support.h"

typedef void play(struct scene *scene);

/* The capture goes on for that long: somebody else says something then. */
static void
later(struct scene *scene, int64_t milliseconds)
{
	pause_ms(scene, milliseconds);
	arp(scene, 1, ROUTER, ROUTER, OTHER);
}

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
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	tcp_accept(scene, &wire);
	null_call(scene, &wire, NFS, 4);
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
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 2049);
	tcp_accept(scene, &wire);
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
	struct wire opened = new_wire(scene, TRANSPORT_TCP, 2049);
	tcp_accept(scene, &opened);
	getport(scene, MOUNTD, 3, 17, MOUNTD_PORT);
	struct wire mountd = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
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
refused(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	segment(scene, &wire, true, SYN, NULL);
	move_on(&wire, true, 1);
	segment(scene, &wire, false, RST | ACK, NULL);
}

static void
ends_after_refusal(struct scene *scene)
{
	refused(scene);
}

static void
goes_on_after_refusal(struct scene *scene)
{
	refused(scene);
	later(scene, 4000);
}

/* The refusal is old, but the next try is under way. */
static void
ends_in_next_try(struct scene *scene)
{
	refused(scene);
	pause_ms(scene, 4000);
	struct octets mapping = words(4, NFS, 3, 6, 0);
	struct wire wire = new_wire(scene, TRANSPORT_TCP, 111);
	tcp_accept(scene, &wire);
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
	struct wire back = {.protocol = TRANSPORT_TCP,
			    .client = SERVER,
			    .server = CLIENT,
			    .client_port = 999,
			    .server_port = 45000,
			    .client_sequence = 77,
			    .server_sequence = 99};
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

/* -- the clock of the capture -- */

/* It is set while a mount of version 3 is made: before MNT is asked, or answered. */
static void
mount_with_step(struct scene *scene, int64_t milliseconds)
{
	struct octets path = {0}, result = words(1, 0);
	probe(scene);
	struct wire mountd = new_wire(scene, TRANSPORT_TCP, MOUNTD_PORT);
	mountd.client_port = 900;
	tcp_accept(scene, &mountd);
	put_string(&path, "/srv/data");
	put_opaque(&result, "0123456789abcdef", 16);
	put32(&result, 1);
	put32(&result, 1);
	struct octets call = rpc_call(scene, MOUNTD, 3, 1, 0, &path), record = marked(&call);
	segment(scene, &mountd, true, PUSH, &record);
	move_on(&mountd, true, record.size);
	pause_ms(scene, milliseconds);
	struct octets reply = rpc_reply(scene, 0, &result);
	say(scene, &mountd, false, &reply);
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(2));
}

static void
clock_back(struct scene *scene)
{
	mount_with_step(scene, -3600000);
}

static void
clock_back_a_little(struct scene *scene)
{
	mount_with_step(scene, -1000);
}

static void
clock_forward(struct scene *scene)
{
	mount_with_step(scene, 60000);
}

static void
clock_far_forward(struct scene *scene)
{
	mount_with_step(scene, 1000000);
}

/* No client waits so long for a datagram without asking again. */
static void
clock_forward_by_udp(struct scene *scene)
{
	struct octets path = {0}, result = words(1, 0);
	probe(scene);
	struct wire mountd = new_wire(scene, TRANSPORT_UDP, MOUNTD_PORT);
	mountd.client_port = 900;
	put_string(&path, "/srv/data");
	put_opaque(&result, "0123456789abcdef", 16);
	put32(&result, 1);
	put32(&result, 1);
	struct octets call = rpc_call(scene, MOUNTD, 3, 1, 0, &path);
	say(scene, &mountd, true, &call);
	pause_ms(scene, 60000);
	struct octets reply = rpc_reply(scene, 0, &result);
	say(scene, &mountd, false, &reply);
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(2));
}

/* An hour back after the server's FIN: nothing is half closed for an hour. */
static void
clock_back_in_close(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, MOUNTD_PORT);
	pause_ms(scene, 3600000);
	tcp_accept(scene, &wire);
	null_call(scene, &wire, MOUNTD, 3);
	tcp_fin(scene, &wire, false);
	pause_ms(scene, -3600000);
	tcp_fin(scene, &wire, true);
}

/* The same pause, but the call was acknowledged at once: the server took its time. */
static void
slow_mountd(struct scene *scene)
{
	struct octets path = {0}, result = words(1, 0);
	probe(scene);
	struct wire mountd = new_wire(scene, TRANSPORT_TCP, MOUNTD_PORT);
	mountd.client_port = 900;
	tcp_accept(scene, &mountd);
	put_string(&path, "/srv/data");
	put_opaque(&result, "0123456789abcdef", 16);
	put32(&result, 1);
	put32(&result, 1);
	struct octets call = rpc_call(scene, MOUNTD, 3, 1, 0, &path);
	say(scene, &mountd, true, &call);
	pause_ms(scene, 20000);
	struct octets reply = rpc_reply(scene, 0, &result);
	say(scene, &mountd, false, &reply);
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(2));
}

/* A minute between MNT and the first use, or between a client id and its session. */
static void
pause_after_mnt(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
	pause_ms(scene, 70000);
	getport(scene, NFS, 3, 6, 2049);
	struct wire nfs = nfs_connect(scene);
	nfs3(scene, &nfs, 1, attributes(2));
}

static void
pause_in_setup(struct scene *scene)
{
	struct octets id = setclientid(45000), confirm = {.size = 16};
	struct wire wire = setup4(scene, 800);
	pause_ms(scene, 70000);
	nfs4(scene, &wire, 0, SETCLIENTID, &id, 0);
	nfs4(scene, &wire, 0, CONFIRM, &confirm, 0);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	lookup(scene, &wire, 0);
	nfs4(scene, &wire, PUTROOTFH, READLINK, NULL, 22);
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

static void
hidden_then(struct scene *scene, int64_t pause)
{
	struct octets session = {.size = 16};
	struct wire wire = setup4(scene, 800);
	for (unsigned i = 0; i < 8; i++)
		hidden_call(scene, &wire, 1);
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

/* -- the table -- */

enum { ANY = -1 };

static struct row {
	const char *name;
	play *play;
	int outcome;        /* of the first attempt; ANY: not looked at */
	int kind;           /* the same */
	enum finding_id id; /* FINDINGS: none but notes */
	int confidence;     /* ANY: not looked at */
	bool absent;        /* it is not there */
} rows[] = {
#define ROW(play, ...)                                                                         \
	{                                                                                      \
#play, play, __VA_ARGS__                                                       \
	}
	ROW(cut_success, OUTCOME_INCOMPLETE, ATTEMPT_NFS4, FINDINGS, ANY, false),
	ROW(cut_refusal, OUTCOME_INCOMPLETE, ATTEMPT_NFS4, FINDINGS, ANY, false),
	ROW(cut_before_status, OUTCOME_INCOMPLETE, ATTEMPT_NFS4, FINDINGS, ANY, false),
	ROW(cut_version, OUTCOME_FAILED, ATTEMPT_NFS4, FINDING_NFS4_MINOR_VERSION, ANY, false),
	ROW(cut_to_headers, OUTCOME_INCOMPLETE, ATTEMPT_NFS4, FINDINGS, ANY, false),
	ROW(cut_behind_use, OUTCOME_MOUNTED, ATTEMPT_NFS4, FINDINGS, ANY, false),
	ROW(cut_asked, OUTCOME_INCOMPLETE, ANY, FINDINGS, ANY, false),
	ROW(cut_answer, OUTCOME_INCOMPLETE, ANY, FINDINGS, ANY, false),
	ROW(cut_attributes, OUTCOME_INCOMPLETE, ATTEMPT_NFS3, FINDINGS, ANY, false),
	ROW(cut_version_3, OUTCOME_FAILED, ATTEMPT_NFS3, FINDING_SERVICE_NO_ANSWER, ANY, false),
	ROW(hidden_use, OUTCOME_MOUNTED, ATTEMPT_NFS4, FINDINGS, ANY, false),
	ROW(hidden_and_left, OUTCOME_INCOMPLETE, ATTEMPT_NFS4, FINDINGS, ANY, false),
	ROW(ends_after_second_syn, OUTCOME_INCOMPLETE, ANY, FINDINGS, ANY, false),
	ROW(goes_on_after_second_syn, OUTCOME_FAILED, ANY, FINDING_SERVICE_NO_ANSWER, ANY,
	    false),
	ROW(ends_after_challenge, OUTCOME_MOUNTED, ANY, FINDINGS, ANY, false),
	ROW(ends_after_refusal, OUTCOME_FAILED, ANY, FINDING_PORTMAP_REFUSED, LIKELY, false),
	ROW(goes_on_after_refusal, OUTCOME_FAILED, ANY, FINDING_PORTMAP_REFUSED, CERTAIN,
	    false),
	ROW(ends_in_next_try, OUTCOME_FAILED, ANY, FINDING_PORTMAP_REFUSED, POSSIBLE, false),
	ROW(ends_before_answer, OUTCOME_INCOMPLETE, ANY, FINDINGS, ANY, false),
	ROW(ends_before_next_call, OUTCOME_INCOMPLETE, ANY, FINDINGS, ANY, false),
	ROW(ends_before_recovery, OUTCOME_MOUNTED, ANY, FINDING_SERVER_RESTARTED, POSSIBLE,
	    false),
	ROW(ends_calling_back, OUTCOME_MOUNTED, ANY, FINDINGS, ANY, false),
	ROW(goes_on_calling_back, OUTCOME_MOUNTED, ANY, FINDING_CALLBACK_BLOCKED, ANY, false),
	ROW(ends_asking_kdc, ANY, ANY, FINDING_KDC_UNREACHABLE, ANY, true),
	ROW(goes_on_asking_kdc, ANY, ANY, FINDING_KDC_UNREACHABLE, ANY, false),
	ROW(clock_back, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDINGS, ANY, false),
	ROW(clock_back, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDING_CAPTURE_CLOCK, ANY, false),
	ROW(clock_back_a_little, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDINGS, ANY, false),
	ROW(clock_forward, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDINGS, ANY, false),
	ROW(clock_forward, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDING_CAPTURE_CLOCK, ANY, false),
	ROW(clock_far_forward, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDINGS, ANY, false),
	ROW(clock_forward_by_udp, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDINGS, ANY, false),
	ROW(clock_back_in_close, ANY, ANY, FINDINGS, ANY, false),
	ROW(slow_mountd, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDING_MOUNT_SLOW, ANY, false),
	ROW(slow_mountd, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDING_CAPTURE_CLOCK, ANY, true),
	ROW(pause_after_mnt, OUTCOME_MOUNTED, ATTEMPT_NFS3, FINDINGS, ANY, false),
	ROW(pause_in_setup, OUTCOME_MOUNTED, ATTEMPT_NFS4, FINDINGS, ANY, false),
#undef ROW
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void
check_finding(const struct verdict *verdict, const struct row *row)
{
	const struct finding *first = deciding_of(verdict);
	const char *decides = first != NULL ? finding_kind(first->id)->id : "nothing";
	if (row->id == FINDINGS && first != NULL)
		fail_msg("%s: %s", row->name, decides);
	if (row->id == FINDINGS)
		return;
	const struct finding *found = any_of(verdict, row->id);
	if (row->absent && found != NULL)
		fail_msg("%s: %s", row->name, finding_kind(row->id)->id);
	if (row->absent)
		return;
	if (found == NULL)
		fail_msg("%s: no %s; %s decides", row->name, finding_kind(row->id)->id,
			 decides);
	if (row->confidence != ANY && (int)found->confidence != row->confidence)
		fail_msg("%s: confidence %d", row->name, (int)found->confidence);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct scene scene;
	scene_begin(&scene);
	row->play(&scene);
	const struct verdict *verdict = scene_judge(&scene);
	check_finding(verdict, row);
	if (row->outcome != ANY) {
		assert_true(verdict->attempt_count > 0);
		if ((int)verdict->attempts[0].outcome != row->outcome)
			fail_msg("%s: %s", row->name,
				 attempt_outcome_name(verdict->attempts[0].outcome));
	}
	if (row->kind != ANY)
		assert_string_equal(attempt_kind_name(verdict->attempts[0].kind),
				    attempt_kind_name((enum attempt_kind)row->kind));
	scene_end(&scene);
}

int
main(void)
{
	static struct CMUnitTest tests[ROWS];
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name, .test_func = test_row, .initial_state = &rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
