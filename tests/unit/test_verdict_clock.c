/*
 * The capture's clock is set while a mount is made, or runs while nothing is sent: neither is
 * taken for the other.
 */
#include "verdict_rows.h"

/* A mount of version 3 over that transport, so long after which MNT is answered; is the call
 * acknowledged before? */
static void
mount_with_pause(struct scene *scene, enum transport transport, bool acknowledged,
		 int64_t milliseconds)
{
	struct octets path = string_of("/srv/data"), result = mnt_result(0, 1);
	probe(scene);
	struct wire mountd = new_wire(scene, transport, MOUNTD_PORT);
	mountd.client_port = 900;
	if (transport == TRANSPORT_TCP)
		tcp_accept(scene, &mountd);
	struct octets call = rpc_call(scene, MOUNTD, 3, 1, 0, &path), record = marked(&call);
	if (acknowledged || transport == TRANSPORT_UDP) {
		say(scene, &mountd, true, &call);
	} else {
		segment(scene, &mountd, true, PUSH, &record);
		move_on(&mountd, true, record.size);
	}
	pause_ms(scene, milliseconds);
	struct octets reply = rpc_reply(scene, 0, &result);
	say(scene, &mountd, false, &reply);
	nfs_use(scene);
}

/* The clock is set before MNT is asked, or answered. */
static void
mount_with_step(struct scene *scene, int64_t milliseconds)
{
	mount_with_pause(scene, TRANSPORT_TCP, false, milliseconds);
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
	mount_with_pause(scene, TRANSPORT_UDP, false, 60000);
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
	mount_with_pause(scene, TRANSPORT_TCP, true, 20000);
}

/* A minute between MNT and the first use, or between a client id and its session. */
static void
pause_after_mnt(struct scene *scene)
{
	probe(scene);
	mnt(scene, 900, 0, 1);
	pause_ms(scene, 70000);
	getport(scene, NFS, 3, 6, 2049);
	nfs_use(scene);
}

static void
pause_in_setup(struct scene *scene)
{
	struct octets id = setclientid(45000);
	struct wire wire = setup4(scene, 800);
	pause_ms(scene, 70000);
	confirm_id(scene, &wire, &id);
	walk_and_use(scene, &wire);
}

/* -- the table -- */

static const struct row rows[] = {
	SAYS(clock_back, "nfs3 mounted -"),
	NOTE(clock_back, CAPTURE_CLOCK),
	SAYS(clock_back_a_little, "nfs3 mounted -"),
	SAYS(clock_forward, "nfs3 mounted -"),
	NOTE(clock_forward, CAPTURE_CLOCK),
	SAYS(clock_far_forward, "nfs3 mounted -"),
	SAYS(clock_forward_by_udp, "nfs3 mounted -"),
	SAYS(slow_mountd, "nfs3 mounted mount-slow likely"),
	SAYS(clock_back_in_close, "query answered -"),
	YES(slow_mountd, MOUNT_SLOW),
	NO(slow_mountd, CAPTURE_CLOCK),
	SAYS(pause_after_mnt, "nfs3 mounted -, nfs3 incomplete -"),
	SAYS(pause_in_setup, "nfs4 mounted -"),
};

int
main(void)
{
	return run_rows(rows, sizeof rows / sizeof rows[0], NULL, 0);
}
