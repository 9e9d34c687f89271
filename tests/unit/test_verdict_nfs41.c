/*
 * Mounts of NFS 4.1 and 4.2: how far they got on the way to the path, by what their COMPOUNDs
 * asked and were granted (RFC 8881).
 */
#include "verdict_rows.h"

enum {
	NOENT = 2,
	ACCESS = 3,
	PUTFH = 22,
	EXCHANGE_ID = 42,
	CREATE_SESSION = 43,
	DESTROY_SESSION = 44,
	SEQUENCE = 53,
	DESTROY_CLIENTID = 57,
};

/* One operation, with what came before it in its COMPOUND (0: nothing) but SEQUENCE. */
static void
session_call(struct scene *scene, struct wire *wire, uint32_t first, uint32_t operation,
	     const struct octets *arguments, const struct octets *answer, uint32_t status)
{
	bool bare = operation == EXCHANGE_ID || operation == CREATE_SESSION ||
		    operation >= DESTROY_CLIENTID || operation == DESTROY_SESSION;
	uint32_t count = (bare ? 0U : 1U) + (first != 0) + 1;
	struct octets call = words(3, 0, 2, count), result = words(3, status, 0, count);
	if (!bare) {
		put32(&call, SEQUENCE);
		put_all(&call, &(struct octets){.size = 32});
		put32(&result, SEQUENCE);
		put_all(&result, &(struct octets){.size = 40});
	}
	if (first != 0) {
		put32(&call, first);
		if (first == PUTFH)
			put_opaque(&call, "0123456789abcdef", 16);
		put32(&result, first);
		put32(&result, 0);
	}
	put32(&call, operation);
	if (arguments != NULL)
		put_all(&call, arguments);
	put32(&result, operation);
	put32(&result, status);
	if (answer != NULL)
		put_all(&result, answer);
	ask_words(scene, wire, NFS, 4, 1, &call, result);
}

static struct wire
session(struct scene *scene, uint16_t port)
{
	struct wire wire = open_nfs4_from(scene, CLIENT, port);
	struct octets owner = {.size = 8};
	put_string(&owner, "Linux NFSv4.2");
	put_all(&owner, &(struct octets){.size = 12});
	session_call(scene, &wire, 0, EXCHANGE_ID, &owner, &(struct octets){.size = 40}, 0);
	session_call(scene, &wire, 0, CREATE_SESSION, &(struct octets){.size = 84},
		     &(struct octets){.size = 80}, 0);
	session_call(scene, &wire, 0, PUTROOTFH, NULL, NULL, 0);
	return wire;
}

static void
leave(struct scene *scene, struct wire *wire)
{
	session_call(scene, wire, 0, DESTROY_SESSION, &(struct octets){.size = 16}, NULL, 0);
	session_call(scene, wire, 0, DESTROY_CLIENTID, &(struct octets){.size = 8}, NULL, 0);
	tcp_close(scene, wire);
}

static void
look(struct scene *scene, struct wire *wire, const char *name, uint32_t status)
{
	struct octets arguments = {0};
	put_string(&arguments, name);
	session_call(scene, wire, PUTFH, LOOKUP, &arguments, NULL, status);
}

/* ACCESS4_LOOKUP is 2: RFC 8881 section 18.1. */
static void
may(struct scene *scene, struct wire *wire, uint32_t granted)
{
	struct octets asked = words(1, 0x1f), answer = words(2, 0x1f, granted);
	session_call(scene, wire, PUTFH, ACCESS, &asked, &answer, 0);
}

static void
missing_then_right(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "wrong", NOENT);
	leave(scene, &wire);
	pause_ms(scene, 900);
	wire = session(scene, 801);
	look(scene, &wire, "right", 0);
	leave(scene, &wire);
}

static void
barred_on_the_way(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	may(scene, &wire, 0x1f);
	look(scene, &wire, "priv", 0);
	may(scene, &wire, 0);
	pause_ms(scene, 30);
	leave(scene, &wire);
}

static void
read_but_not_search(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "list", 0);
	may(scene, &wire, 1);
	leave(scene, &wire);
}

static void
search_but_not_read(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "x", 0);
	may(scene, &wire, 2);
	leave(scene, &wire);
}

static void
barred_after_the_mount(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "own", 0);
	pause_ms(scene, 600);
	may(scene, &wire, 0);
	pause_ms(scene, 100);
	leave(scene, &wire);
}

static void
barred_and_went_on(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "own", 0);
	may(scene, &wire, 0);
	session_call(scene, &wire, PUTFH, READLINK, NULL, NULL, 22);
	leave(scene, &wire);
}

static void
never_listed(struct scene *scene)
{
	struct wire wire = session(scene, 800);
	look(scene, &wire, "data", 0);
	struct octets call = words(5, 0, 2, 1, READLINK, 0);
	ask(scene, &wire, NFS, 4, 1, &call, NULL);
}

/* -- the table -- */

static const struct row rows[] = {
	SAYS(missing_then_right, "nfs4 failed mount-no-such-path, nfs4 mounted -"),
	SAYS(barred_on_the_way, "nfs4 failed nfs-error likely"),
	SAYS(read_but_not_search, "nfs4 failed nfs-error likely"),
	SAYS(search_but_not_read, "nfs4 mounted -"),
	SAYS(barred_after_the_mount, "nfs4 mounted -"),
	SAYS(barred_and_went_on, "nfs4 mounted -"),
	SAYS(never_listed, "nfs4 mounted -"),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
