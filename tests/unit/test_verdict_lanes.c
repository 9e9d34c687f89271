/*
 * Mounts of one client at one server at the same time: each is an attempt of its own, and
 * what one is refused the other does not take back. Beside each a capture close to it, where
 * one command did all of it.
 */
#include "verdict_rows.h"

enum { GETFH = 10, PUTFH = 22, NOENT = 2, ACCESS_DENIED = 13 };

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
	later(scene, 4000);
}

/* mount.nfs goes from 4 down to 3 by itself. */
static void
falls_back(struct scene *scene)
{
	struct wire wire = setup4(scene, 800);
	step(scene, &wire, 0, NULL, '/', NOENT);
	tcp_close(scene, &wire);
	mount3(scene);
	later(scene, 4000);
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
	later(scene, 4000);
}

/* A user looks for a name that is not there. */
static void
looks_for_name(struct scene *scene)
{
	struct wire wire = mounted4(scene, 800);
	pause_ms(scene, 3000);
	step(scene, &wire, 's', "none", 0, NOENT);
	use(scene, &wire, 's');
	later(scene, 4000);
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
	later(scene, 4000);
}

/* -- NFS 3 -- */

static void
unregistered_beside_3(struct scene *scene)
{
	struct wire wire = mount3(scene);
	getport(scene, MOUNTD, 3, 6, 0);
	nfs3(scene, &wire, 1, attributes(2));
	nfs3(scene, &wire, 1, attributes(2));
	later(scene, 4000);
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
	later(scene, 4000);
}

/* The kernel asks again where NFS is, for a connection of what is mounted. */
static void
rebinds(struct scene *scene)
{
	struct wire wire = mount3(scene);
	tcp_close(scene, &wire);
	getport(scene, NFS, 3, 6, 2049);
	nfs_use(scene);
	later(scene, 4000);
}

/* Nobody goes from NFS 3 back to 4: what MNT refused stays refused. */
static void
denied3_then_4(struct scene *scene)
{
	probe(scene);
	mnt(scene, 901, ACCESS_DENIED, 0);
	pause_ms(scene, 1000);
	mounted4(scene, 800);
	later(scene, 4000);
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
	later(scene, 4000);
}

static const struct row rows[] = {
	SAYS(denied3_beside_4, "nfs4 mounted -, nfs3 failed mount-access-denied"),
	SAYS(falls_back, "nfs3 mounted -"),
	SAYS(missing4_beside_4, "nfs4 mounted -, nfs4 failed mount-no-such-path"),
	SAYS(two_walks, "nfs4 mounted -, nfs4 failed mount-access-denied"),
	SAYS(looks_for_name, "nfs4 mounted -"),
	SAYS(unregistered_beside_3, "nfs3 mounted -, query failed not-registered"),
	SAYS(missing4_beside_3, "nfs3 mounted -, nfs4 failed mount-no-such-path"),
	SAYS(rebinds, "nfs3 mounted -"),
	SAYS(denied3_then_4, "nfs3 failed mount-access-denied, nfs4 mounted -"),
	SAYS(expires, "nfs4 mounted lease-expired"),
	YES(expires, LEASE_EXPIRED),
	NO(expires, NFS_VERSION_FALLBACK),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
