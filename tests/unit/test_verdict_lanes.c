/*
 * Mounts of one client at one server at the same time: each is an attempt of its own, and
 * what one is refused the other does not take back. Beside each a capture close to it, where
 * one command did all of it.
 */
#include "verdict_support.h"

typedef void play(struct scene *scene);

enum { GETFH = 10, PUTFH = 22, NOENT = 2, ACCESS_DENIED = 13 };

static void
judged(struct scene *scene, play *player)
{
	scene_begin(scene);
	player(scene);
	pause_ms(scene, 4000);
	arp(scene, 1, CLIENT, CLIENT, ROUTER);
	scene_judge(scene);
}

/* -- NFS 4.0 walks: handles are 16 octets of one letter, '/' is the root -- */

static void
put_handle(struct octets *octets, char handle)
{
	char whole[16];
	memset(whole, handle, sizeof whole);
	put_opaque(octets, whole, sizeof whole);
}

/* PUTROOTFH GETFH, or PUTFH LOOKUP GETFH: from a handle by a name to another. */
static void
step(struct scene *scene, struct wire *wire, char from, const char *name, char to,
     uint32_t status)
{
	struct octets operations = {0}, result = words(3, status, 0, status == 0 ? 3 : 2);
	put32(&operations, from == 0 ? PUTROOTFH : PUTFH);
	put32(&result, from == 0 ? PUTROOTFH : PUTFH);
	put32(&result, 0);
	if (from == 0) {
		result.at[11] = 2;
	} else {
		put_handle(&operations, from);
		put32(&operations, LOOKUP);
		put_string(&operations, name);
		put32(&result, LOOKUP);
		put32(&result, status);
	}
	put32(&operations, GETFH);
	if (status == 0) {
		put32(&result, GETFH);
		put32(&result, 0);
		put_handle(&result, to);
	}
	struct octets call = compound(from == 0 ? 2 : 3, &operations);
	ask_words(scene, wire, NFS, 4, 1, &call, result);
}

/* Something that only a mounted file system needs: READLINK, of no link. */
static void
use(struct scene *scene, struct wire *wire, char handle)
{
	struct octets operations = words(1, PUTFH);
	put_handle(&operations, handle);
	put32(&operations, READLINK);
	struct octets call = compound(2, &operations);
	ask_words(scene, wire, NFS, 4, 1, &call, words(7, 22, 0, 2, PUTFH, 0, READLINK, 22));
}

static struct wire
mounted4(struct scene *scene, uint16_t port)
{
	struct wire wire = setup4(scene, port);
	step(scene, &wire, 0, NULL, '/', 0);
	step(scene, &wire, '/', "srv", 's', 0);
	use(scene, &wire, 's');
	return wire;
}

/* -- NFS 4 in use -- */

static void
denied3_beside_4(struct scene *scene)
{
	struct wire wire = mounted4(scene, 800);
	probe(scene);
	mnt(scene, 901, ACCESS_DENIED, 0);
	use(scene, &wire, 's');
}

/* mount.nfs goes from 4 down to 3 by itself. */
static void
falls_back(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	step(scene, &wire, 0, NULL, '/', NOENT);
	tcp_close(scene, &wire);
	mount3(scene);
}

static void
missing4_beside_4(struct scene *scene)
{
	struct wire wire = mounted4(scene, 800);
	pause_ms(scene, 3000);
	step(scene, &wire, 0, NULL, '/', 0);
	use(scene, &wire, 's');
	step(scene, &wire, '/', "none", 0, NOENT);
	for (unsigned i = 0; i < 3; i++) {
		pause_ms(scene, 500);
		use(scene, &wire, 's');
	}
}

/* A user looks for a name that is not there. */
static void
looks_for_name(struct scene *scene)
{
	struct wire wire = mounted4(scene, 800);
	pause_ms(scene, 3000);
	step(scene, &wire, 's', "none", 0, NOENT);
	use(scene, &wire, 's');
}

static void
two_walks(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	step(scene, &wire, 0, NULL, '/', 0);
	step(scene, &wire, '/', "a", 'a', 0);
	step(scene, &wire, 0, NULL, '/', 0);
	step(scene, &wire, 'a', "deep", 'd', 0);
	step(scene, &wire, '/', "b", 0, ACCESS_DENIED);
	use(scene, &wire, 'd');
}

static void
test_beside_4(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, denied3_beside_4);
	assert_int_equal(scene.verdict->attempt_count, 2);
	assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_MOUNTED);
	assert_int_equal(scene.verdict->attempts[0].kind, ATTEMPT_NFS4);
	assert_int_equal(scene.verdict->attempts[0].findings.count, 0);
	assert_int_equal(scene.verdict->attempts[1].outcome, OUTCOME_FAILED);
	assert_int_equal(scene.verdict->attempts[1].findings.at[0].id,
			 FINDING_MOUNT_ACCESS_DENIED);
	scene_end(&scene);
	judged(&scene, falls_back);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_MOUNTED);
	assert_false(scene.verdict->trouble);
	scene_end(&scene);
}

static void
test_walk_beside_walk(void **state)
{
	static play *const plays[] = {missing4_beside_4, two_walks};
	static const enum finding_id ids[] = {FINDING_MOUNT_NO_SUCH_PATH,
					      FINDING_MOUNT_ACCESS_DENIED};
	struct scene scene;
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		judged(&scene, plays[i]);
		assert_int_equal(scene.verdict->attempt_count, 2);
		assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_MOUNTED);
		assert_int_equal(scene.verdict->attempts[1].outcome, OUTCOME_FAILED);
		assert_int_equal(scene.verdict->attempts[1].findings.at[0].id, ids[i]);
		scene_end(&scene);
	}
	judged(&scene, looks_for_name);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_MOUNTED);
	assert_false(scene.verdict->trouble);
	scene_end(&scene);
}

/* -- NFS 3 -- */

static void
unregistered_beside_3(struct scene *scene)
{
	struct wire wire = mount3(scene);
	getport(scene, MOUNTD, 3, 6, 0);
	nfs3(scene, &wire, 1, attributes(2));
	nfs3(scene, &wire, 1, attributes(2));
}

static void
missing4_beside_3(struct scene *scene)
{
	struct wire wire = mount3(scene), other = setup4(scene, 801);
	step(scene, &other, 0, NULL, '/', 0);
	nfs3(scene, &wire, 1, attributes(2));
	step(scene, &other, '/', "none", 0, NOENT);
	nfs3(scene, &wire, 1, attributes(2));
	nfs3(scene, &wire, 1, attributes(2));
}

/* The kernel asks again where NFS is, for a connection of what is mounted. */
static void
rebinds(struct scene *scene)
{
	struct wire wire = mount3(scene);
	tcp_close(scene, &wire);
	getport(scene, NFS, 3, 6, 2049);
	struct wire again = nfs_connect(scene);
	nfs3(scene, &again, 1, attributes(2));
}

static void
test_beside_3(void **state)
{
	static play *const plays[] = {unregistered_beside_3, missing4_beside_3};
	static const enum finding_id ids[] = {FINDING_NOT_REGISTERED,
					      FINDING_MOUNT_NO_SUCH_PATH};
	struct scene scene;
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		judged(&scene, plays[i]);
		assert_int_equal(scene.verdict->attempt_count, 2);
		assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_MOUNTED);
		assert_int_equal(scene.verdict->attempts[0].kind, ATTEMPT_NFS3);
		assert_int_equal(scene.verdict->attempts[1].outcome, OUTCOME_FAILED);
		assert_int_equal(scene.verdict->attempts[1].findings.at[0].id, ids[i]);
		scene_end(&scene);
	}
	judged(&scene, rebinds);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_int_equal(scene.verdict->attempts[0].outcome, OUTCOME_MOUNTED);
	assert_false(scene.verdict->trouble);
	scene_end(&scene);
}

/* Nobody goes from NFS 3 back to 4: what MNT refused stays refused. */
static void
denied3_then_4(struct scene *scene)
{
	probe(scene);
	mnt(scene, 901, ACCESS_DENIED, 0);
	pause_ms(scene, 1000);
	mounted4(scene, 800);
}

/* The lease ended; a version it is not that was refused. */
static void
expires(struct scene *scene)
{
	struct wire wire = mounted4(scene, 800);
	pause_ms(scene, 90000);
	nfs4(scene, &wire, 0, RENEW, &(struct octets){.size = 8}, 10011);
	struct octets arguments = setclientid(40000);
	nfs4(scene, &wire, 0, SETCLIENTID, &arguments, 0);
	nfs4(scene, &wire, 0, CONFIRM, &(struct octets){.size = 16}, 0);
	nfs4(scene, &wire, 0, PUTROOTFH, NULL, 0);
	use(scene, &wire, 's');
}

static void
test_one_after_the_other(void **state)
{
	struct scene scene;
	(void)state;
	judged(&scene, denied3_then_4);
	assert_int_equal(scene.verdict->attempt_count, 2);
	assert_int_equal(scene.verdict->attempts[0].findings.at[0].id,
			 FINDING_MOUNT_ACCESS_DENIED);
	assert_int_equal(scene.verdict->attempts[1].outcome, OUTCOME_MOUNTED);
	scene_end(&scene);
	judged(&scene, expires);
	assert_int_equal(scene.verdict->attempt_count, 1);
	assert_null(any_of(scene.verdict, FINDING_NFS_VERSION_FALLBACK));
	assert_non_null(any_of(scene.verdict, FINDING_LEASE_EXPIRED));
	scene_end(&scene);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beside_4),
		cmocka_unit_test(test_walk_beside_walk),
		cmocka_unit_test(test_beside_3),
		cmocka_unit_test(test_one_after_the_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
