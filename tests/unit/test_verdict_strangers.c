/*
 * Questions on the link that others ask, whose answers the capture does not have, show no host
 * to be missing. And what is still to be answered is not answered.
 */
#include "verdict_rows.h"

enum { STRANGER = 150, MISSED = 160 };

/* -- questions on the link -- */

static void
ask_often(struct scene *scene, uint8_t asker, unsigned times, int64_t pause)
{
	for (unsigned i = 0; i < times; i++) {
		arp(scene, 1, asker, asker, MISSED);
		pause_ms(scene, pause);
	}
}

/* Each once: they were answered, where the capture does not see it. */
static void
many_ask(struct scene *scene)
{
	for (uint8_t i = 0; i < 9; i++)
		ask_often(scene, (uint8_t)(STRANGER + i), 1, 1000);
}

static void
asks_seldom(struct scene *scene)
{
	ask_often(scene, CLIENT, 5, 30000);
}

static void
asks_in_row(struct scene *scene)
{
	mount3(scene);
	ask_often(scene, CLIENT, 3, 1000);
}

static void
asks_among_others(struct scene *scene)
{
	mount3(scene);
	for (uint8_t i = 0; i < 3; i++) {
		ask_often(scene, (uint8_t)(STRANGER + i), 1, 500);
		ask_often(scene, CLIENT, 1, 500);
	}
}

static void
asks_after_seldom(struct scene *scene)
{
	asks_seldom(scene);
	ask_often(scene, CLIENT, 3, 1000);
}

/* Of the stranger there is only what everybody gets. */
static void
stranger_asks(struct scene *scene)
{
	mount3(scene);
	ask_often(scene, STRANGER, 5, 1000);
}

static void
stranger_is_overheard(struct scene *scene)
{
	mount3(scene);
	arp(scene, 2, SERVER, SERVER, STRANGER);
	ask_often(scene, STRANGER, 5, 1000);
}

/* What goes to everybody does not show that the capture has what goes to one. */
static void
asks_beside_broadcast(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 137);
	wire.client = STRANGER;
	wire.server = 255;
	udp(scene, &wire, true, &(struct octets){.size = 50});
	ask_often(scene, CLIENT, 3, 1000);
}

/* It was answered something once, but says nothing. */
static void
asks_for_answered(struct scene *scene)
{
	mount3(scene);
	arp(scene, 2, SERVER, SERVER, MISSED);
	ask_often(scene, CLIENT, 3, 1000);
}

static void
is_sent_to(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets call = rpc_call(scene, PORTMAP, 2, 0, 0, NULL);
	wire.server = MISSED;
	ask_often(scene, CLIENT, 3, 1000);
	udp(scene, &wire, true, &call);
}

/* -- what is still to be answered -- */

static void
wait_for(struct scene *scene, bool answered, int64_t pause)
{
	struct wire wire = tcp_open(scene, 2049);
	if (answered)
		null_call(scene, &wire, NFS, 3);
	ask(scene, &wire, NFS, 3, 0, NULL, NULL);
	later(scene, pause);
}

static void
waits(struct scene *scene)
{
	wait_for(scene, false, 1000);
}

static void
waits_long(struct scene *scene)
{
	wait_for(scene, false, 100000);
}

static void
waits_for_second(struct scene *scene)
{
	wait_for(scene, true, 1000);
}

static void
waits_for_indirect(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, 111);
	struct octets arguments = words(4, MOUNTD, 3, 0, 0);
	ask(scene, &wire, PORTMAP, 2, 5, &arguments, NULL);
	later(scene, 1000);
}

/* -- the table -- */

static const struct row rows[] = {
	NO(many_ask, HOST_UNREACHABLE),
	NO(asks_seldom, HOST_UNREACHABLE),
	YES(asks_in_row, HOST_UNREACHABLE),
	YES(asks_among_others, HOST_UNREACHABLE),
	YES(asks_after_seldom, HOST_UNREACHABLE),
	NO(stranger_asks, HOST_UNREACHABLE),
	YES(stranger_is_overheard, HOST_UNREACHABLE),
	YES(asks_beside_broadcast, HOST_UNREACHABLE),
	YES(asks_for_answered, HOST_UNREACHABLE),
	NO(is_sent_to, HOST_UNREACHABLE),
	SAYS(waits, "query incomplete -"),
	SAYS(waits_long, "query failed service-hung"),
	SAYS(waits_for_second, "query incomplete -"),
	SAYS(waits_for_indirect, "query incomplete -"),
};

/* Who was answered asks anew. */
static void
test_asks_anew(void **state)
{
	static struct scene scene;
	(void)state;
	scene_begin(&scene);
	ask_often(&scene, CLIENT, 3, 1000);
	arp(&scene, 2, MISSED, MISSED, CLIENT);
	pause_ms(&scene, 30000);
	ask_often(&scene, CLIENT, 2, 1000);
	assert_int_equal(facts_first_neighbour(scene.facts)->searches[0].requests, 2);
	scene_end(&scene);
}

int
main(void)
{
	static const struct CMUnitTest others[] = {cmocka_unit_test(test_asks_anew)};
	return RUN_ROWS(rows, others);
}
