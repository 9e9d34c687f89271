/*
 * What is taken in few steps, because nearly all of a capture is like that: the next segment of
 * a settled connection, an ordinary call and its reply, the bodies of NFS 2 and 3. And what
 * gives way when there is too much of it: connections that carry no RPC, or nothing.
 */
#include "../../src/verdict/facts_store.h"
#include "verdict_support.h"

enum { GETATTR = 1, ACCESS = 4, READ = 6, WRITE = 7 };

static struct contact *
last_contact(const struct scene *scene)
{
	return scene->facts->contacts[scene->facts->contact_count - 1];
}

static const struct call *
last_call(const struct scene *scene)
{
	const struct contact *contact = last_contact(scene);
	assert_int_not_equal(contact->last_call, NO_CALL);
	return &scene->facts->calls[contact->last_call];
}

/* A mount in use, of which no more calls are kept. */
static struct wire
busy_mount(struct scene *scene)
{
	struct wire nfs = mount3(scene);
	for (unsigned i = 0; i < LIMIT_FACTS_KEPT + 10; i++)
		nfs3(scene, &nfs, GETATTR, attributes(2));
	assert_true(last_contact(scene)->settled);
	assert_true(last_contact(scene)->filled);
	return nfs;
}

/* A box on the way may give all its packets one identification: what brings new octets is no
 * copy for that. */
static void
test_one_identification(void **state)
{
	enum { SEGMENTS = 50, SIZE = 100 };
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	struct octets data = {.size = SIZE};
	const struct contact_end *client = &last_contact(&scene)->end[0];
	uint64_t before = client->packets;
	for (unsigned i = 0; i < SEGMENTS; i++) {
		scene.identification = 7;
		segment(&scene, &nfs, true, PUSH, &data);
		move_on(&nfs, true, SIZE);
	}
	assert_int_equal(client->packets, before + SEGMENTS);
	assert_int_equal(client->edge, nfs.client_sequence);
	assert_int_equal(client->retransmits, 0);
	scene_end(&scene);
}

/* Few checksums of a settled connection are looked at until one is wrong, then all. */
static void
test_few_checksums(void **state)
{
	enum { MANY = 64, MORE = 10 };
	struct scene scene;
	struct octets data = {.size = 8};
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	for (unsigned i = 0; i < MANY; i++) {
		scene.corrupt = true;
		tcp_send(&scene, &nfs, true, &data);
	}
	uint64_t bad = scene.facts->bad_checksums;
	assert_in_range(bad, 1, MANY);
	for (unsigned i = 0; i < MORE; i++) {
		scene.corrupt = true;
		tcp_send(&scene, &nfs, true, &data);
	}
	assert_int_equal(scene.facts->bad_checksums, bad + MORE);
	scene_end(&scene);
}

/* What failed among ordinary calls says what it was, and when. */
static void
test_failed_call(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	uint32_t kept = last_contact(&scene)->kept;
	int64_t asked = scene.time;
	uint64_t frame = scene.frame + 1;
	nfs3(&scene, &nfs, READ, words(2, 5, 0));
	const struct call *call = last_call(&scene);
	assert_int_equal(last_contact(&scene)->kept, kept + 1);
	assert_int_equal(call->procedure, READ);
	assert_int_equal(call->version, 3);
	assert_int_equal(call->result, 5);
	assert_string_equal(call->result_name, "NFS3ERR_IO");
	assert_int_equal(call->frame, frame);
	assert_int_equal(call->time, asked);
	assert_int_equal(call->sends, 1);
	assert_int_equal(call->source_port, nfs.client_port);
	assert_true(call->idle > 0);
	scene_end(&scene);
}

/* Where the capture has only the beginning of packets, that is said of what failed. */
static void
test_cut_call(void **state)
{
	enum { HEADERS = 14 + 20 + 20 + 4, REPLY = 24, STATUS = 4 };
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	scene.snap = HEADERS + REPLY + STATUS;
	nfs3(&scene, &nfs, GETATTR, words(3, 70, 0, 0));
	assert_int_equal(last_call(&scene)->result, 70);
	assert_true(last_call(&scene)->call_cut);
	assert_true(last_call(&scene)->cut);
	assert_int_not_equal(scene.facts->snapped, 0);
	scene_end(&scene);
}

/* What the pipeline gives up ends the view at once, also amid ordinary packets. */
static void
test_evicted(void **state)
{
	struct scene scene;
	struct octets data = {.size = 8};
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	pipeline_counts(scene.pipeline)->evicted.records = 1;
	segment(&scene, &nfs, true, PUSH, &data);
	assert_string_equal(scene.facts->full, "records");
	assert_int_equal(scene.facts->last_frame, scene.frame);
	scene_end(&scene);
}

/* The next octets, with the acknowledgment of some that the capture does not have. */
static void
test_unseen(void **state)
{
	enum { LOST = 100 };
	struct scene scene;
	struct octets data = {.size = 8};
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	move_on(&nfs, false, LOST);
	segment(&scene, &nfs, true, PUSH, &data);
	assert_true(last_contact(&scene)->end[1].unseen);
	scene_end(&scene);
}

static struct octets
getattr_call(struct scene *scene)
{
	struct octets handle = {0};
	put_opaque(&handle, "0123456789abcdef", 16);
	return rpc_call(scene, NFS, 3, GETATTR, 0, &handle);
}

/* Calls under way at the same time, so that one to be used again is always at hand. */
static void
ask_at_once(struct scene *scene, struct wire *wire, unsigned count)
{
	uint32_t xid = scene->xid;
	for (unsigned i = 0; i < count; i++) {
		struct octets call = getattr_call(scene);
		say(scene, wire, true, &call);
	}
	for (unsigned i = 0; i < count; i++) {
		struct octets result = attributes(2);
		scene->xid = xid + 1 + i;
		struct octets reply = rpc_reply(scene, 0, &result);
		say(scene, wire, false, &reply);
	}
}

/* A call sent again is no other call. */
static void
test_repeated_call(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	ask_at_once(&scene, &nfs, 4);
	uint64_t calls = last_contact(&scene)->calls;
	struct octets call = getattr_call(&scene);
	say(&scene, &nfs, true, &call);
	say(&scene, &nfs, true, &call);
	assert_int_equal(last_contact(&scene)->calls, calls + 1);
	assert_int_equal(last_contact(&scene)->repeats, 1);
	scene_end(&scene);
}

/* A reply captured long before its call has answered it. */
static void
test_late_call(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	struct wire nfs = busy_mount(&scene);
	struct octets call = getattr_call(&scene), result = attributes(2);
	struct octets reply = rpc_reply(&scene, 0, &result);
	say(&scene, &nfs, false, &reply);
	pause_ms(&scene, 500);
	uint32_t spare = scene.facts->spare_call;
	say(&scene, &nfs, true, &call);
	assert_int_not_equal(spare, NO_CALL);
	assert_int_equal(scene.facts->calls[spare].xid, scene.xid);
	assert_int_equal(scene.facts->calls[spare].replies, 1);
	scene_end(&scene);
}

/* -- bodies -- */

struct body_row {
	const char *name;
	uint32_t version, procedure, first, second; /* of the results, behind the status */
	uint8_t type;
};

static const struct body_row bodies[] = {
	{"version 3 GETATTR, a directory", 3, GETATTR, 2, 0755, 2},
	{"version 3 GETATTR, a file", 3, GETATTR, 1, 0644, 1},
	{"version 3 ACCESS with attributes", 3, ACCESS, 1, 2, 2},
	{"version 3 ACCESS without", 3, ACCESS, 0, 2, 0},
	{"version 3 WRITE, whose attributes stand elsewhere", 3, WRITE, 1, 1, 0},
	{"version 3 GETATTR, no such type", 3, GETATTR, 77, 0, 0},
	{"version 2 GETATTR, a file", 2, GETATTR, 1, 0644, 1},
	{"version 2 READ, a file", 2, READ, 1, 0644, 1},
};

static void
test_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		const struct body_row *row = &bodies[i];
		struct scene scene;
		struct octets handle = {.size = 32},
			      result = words(3, 0, row->first, row->second);
		scene_begin(&scene);
		struct wire nfs = new_wire(&scene, TRANSPORT_UDP, 2049);
		struct octets arguments = row->version == 3 ? words(1, 32) : (struct octets){0};
		memset(handle.at, 0xab, handle.size);
		put_all(&arguments, &handle);
		put_all(&result, &(struct octets){.size = 100});
		struct octets reply = rpc_reply(&scene, 0, &result);
		ask(&scene, &nfs, NFS, row->version, row->procedure, &arguments, &reply);
		print_message("%s\n", row->name);
		assert_int_equal(last_call(&scene)->file_type, row->type);
		assert_true(last_call(&scene)->has_result);
		assert_int_equal(last_call(&scene)->result, 0);
		assert_int_not_equal(last_call(&scene)->handle, 0);
		scene_end(&scene);
	}
}

/* Of what is secured the body does not begin with the arguments. */
static void
test_secured_body(void **state)
{
	const uint8_t octets[24] = {0, 0, 0, 16};
	const struct record record = {.octets = octets, .captured = 24, .length = 24};
	struct message message = {.kind = MESSAGE_CALL,
				  .record = &record,
				  .program = NFS,
				  .version = 3,
				  .procedure = GETATTR,
				  .security = {.known = true}};
	struct scene scene;
	struct call call = {0};
	(void)state;
	scene_begin(&scene);
	assert_true(facts_read_handle(scene.facts, &message, &call));
	message.security.gss = true;
	assert_false(facts_read_handle(scene.facts, &message, &call));
	scene_end(&scene);
}

/* The handle that MNT gave, which is decoded, and the one of the first call, which is not. */
static void
test_handle_of_mount(void **state)
{
	struct scene scene;
	(void)state;
	scene_begin(&scene);
	mount3(&scene);
	uint64_t handle = last_call(&scene)->handle;
	const struct call *mnt = NULL;
	for (size_t i = 0; i < scene.facts->call_count; i++) {
		if (scene.facts->calls[i].program == MOUNTD &&
		    scene.facts->calls[i].procedure == 1)
			mnt = &scene.facts->calls[i];
	}
	assert_non_null(mnt);
	assert_int_not_equal(handle, 0);
	assert_int_equal(mnt->handle, handle);
	scene_end(&scene);
}

/* -- strangers -- */

enum { PLACES = 20, STRANGERS = 205, DNS = 53, HTTP = 8080 };

/* A datagram and its like in return. */
static void
exchange(struct scene *scene, uint16_t port, const struct octets *question)
{
	struct wire wire = new_wire(scene, TRANSPORT_UDP, port);
	udp(scene, &wire, true, question);
	udp(scene, &wire, false, question);
}

/* ... that are no RPC messages. */
static void
query(struct scene *scene, uint16_t port)
{
	struct octets question = words(4, 0x12340100, 0x10000, 0, 0x03777777);
	exchange(scene, port, &question);
}

static void
begin_crowded(struct scene *scene)
{
	scene_begin(scene);
	scene->facts->contact_limit = PLACES;
}

/* A mount is found behind any number of other connections. */
static void
test_strangers_give_way(void **state)
{
	struct scene scene;
	(void)state;
	begin_crowded(&scene);
	for (unsigned i = 0; i < STRANGERS; i++)
		query(&scene, DNS);
	struct wire nfs = mount3(&scene);
	struct octets call = getattr_call(&scene), stale = words(1, 70);
	struct octets reply = rpc_reply(&scene, 0, &stale);
	say(&scene, &nfs, true, &call);
	for (unsigned i = 0; i < STRANGERS; i++)
		query(&scene, DNS);
	say(&scene, &nfs, false, &reply);
	for (size_t i = 0; i < scene.facts->contact_count; i++)
		assert_int_equal(scene.facts->contacts[i]->borrowed, 0);
	assert_null(scene.facts->full);
	assert_true(scene.facts->contact_count <= PLACES);
	const struct verdict *verdict = scene_judge(&scene);
	assert_int_equal(verdict->attempt_count, 1);
	assert_non_null(find_in(&verdict->attempts[0].findings, FINDING_STALE_HANDLE));
	scene_end(&scene);
}

/* What looks like a call or a reply for eight octets is neither for that. */
static void
test_lookalikes_give_way(void **state)
{
	static const uint32_t beginnings[][3] = {
		{0xe30006ec, 0, 0}, /* NTP */
		{7, 0, 3},
		{7, 1, 2},
	};
	(void)state;
	for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
		const uint32_t *word = beginnings[i];
		struct octets question = words(3, word[0], word[1], word[2]);
		struct scene scene;
		put_all(&question, &(struct octets){.size = 36});
		begin_crowded(&scene);
		for (unsigned k = 0; k < STRANGERS; k++)
			exchange(&scene, DNS, &question);
		assert_null(scene.facts->full);
		scene_end(&scene);
	}
}

/* -- connections that carried nothing -- */

static struct wire
idle_wire(struct scene *scene)
{
	struct wire wire = new_wire(scene, TRANSPORT_TCP, HTTP);
	wire.server = OTHER;
	return wire;
}

static void
be_open(struct scene *scene, struct wire *wire)
{
	tcp_accept(scene, wire);
}

static void
be_half_closed(struct scene *scene, struct wire *wire)
{
	tcp_accept(scene, wire);
	tcp_fin(scene, wire, true);
}

static void
be_closed(struct scene *scene, struct wire *wire)
{
	tcp_accept(scene, wire);
	tcp_close(scene, wire);
}

/* Another's service has no part in RPC for the port of one of its clients. */
static void
be_closed_at_any_port(struct scene *scene, struct wire *wire)
{
	wire->client_port = (uint16_t)(PORT_NFS - PLACES / 2 + scene->port % STRANGERS);
	be_closed(scene, wire);
}

static void
be_given_up(struct scene *scene, struct wire *wire)
{
	tcp_accept(scene, wire);
	segment(scene, wire, true, RST, NULL);
}

/* The capture began behind its mark, so that it may have been RPC. */
static void
be_used(struct scene *scene, struct wire *wire)
{
	struct octets octets = words(2, 1, 2);
	tcp_send(scene, wire, true, &octets);
	tcp_close(scene, wire);
}

static void
be_refused_knocking(struct scene *scene, struct wire *wire)
{
	wire->client_port = (uint16_t)(700 + scene->port % 300);
	tcp_refuse(scene, wire);
}

static void
be_asked_for(struct scene *scene, struct wire *wire)
{
	segment(scene, wire, true, SYN, NULL);
}

static void
be_in_vain(struct scene *scene, struct wire *wire)
{
	segment(scene, wire, true, SYN, NULL);
	pause_ms(scene, 1000);
}

/* A connection to a host where RPC is spoken may be what a mount failed with. */
static void
be_refused_by_server(struct scene *scene, struct wire *wire)
{
	wire->server = SERVER;
	tcp_refuse(scene, wire);
}

/* ... and one to the client may be what a server called back in vain. */
static void
be_refused_by_client(struct scene *scene, struct wire *wire)
{
	wire->client = OTHER;
	wire->server = CLIENT;
	tcp_refuse(scene, wire);
}

static void
test_idle_ones(void **state)
{
	static const struct {
		const char *name;
		void (*play)(struct scene *scene, struct wire *wire);
		bool stays;
	} rows[] = {
		{"open", be_open, true},
		{"half closed", be_half_closed, true},
		{"closed", be_closed, false},
		{"closed, from any port", be_closed_at_any_port, false},
		{"given up", be_given_up, false},
		{"refused", tcp_refuse, false},
		{"in vain", be_in_vain, false},
		{"just asked for", be_asked_for, true},
		{"used", be_used, true},
		{"refused from a reserved port", be_refused_knocking, true},
		{"refused by the server", be_refused_by_server, true},
		{"refused by the client", be_refused_by_client, true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct scene scene;
		begin_crowded(&scene);
		struct wire nfs = new_wire(&scene, TRANSPORT_UDP, PORT_NFS);
		null_call(&scene, &nfs, NFS, 3);
		for (unsigned k = 0; k < STRANGERS; k++) {
			struct wire wire = idle_wire(&scene);
			rows[i].play(&scene, &wire);
		}
		print_message("%s\n", rows[i].name);
		assert_int_equal(scene.facts->full != NULL, rows[i].stays);
		assert_true(scene.facts->contacts[0]->rpc);
		scene_end(&scene);
	}
}

/* Octets that are no RPC do not make a stranger of what carries some as well. */
static void
test_mixed_ones_stay(void **state)
{
	struct scene scene;
	(void)state;
	begin_crowded(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_UDP, HTTP);
	struct octets other = words(4, 0x12340100, 0x10000, 0, 0);
	udp(&scene, &wire, true, &other);
	null_call(&scene, &wire, NFS, 3);
	for (unsigned i = 0; i < STRANGERS; i++)
		query(&scene, DNS);
	assert_true(scene.facts->contacts[0]->rpc);
	assert_int_equal(scene.facts->contacts[0]->server.port, HTTP);
	scene_end(&scene);
}

/* What stands where a portmapper said that mountd is says why the mount failed. */
static void
test_answered_port_stays(void **state)
{
	struct scene scene;
	(void)state;
	begin_crowded(&scene);
	getport(&scene, MOUNTD, 3, TRANSPORT_UDP, MOUNTD_PORT);
	query(&scene, MOUNTD_PORT);
	for (unsigned i = 0; i < STRANGERS; i++)
		query(&scene, DNS);
	assert_null(scene.facts->full);
	assert_int_equal(scene.facts->contacts[0]->server.port, PORT_PORTMAPPER);
	assert_int_equal(scene.facts->contacts[1]->server.port, MOUNTD_PORT);
	scene_end(&scene);
}

/* A client may have any port, also one that servers are known by. */
static void
test_client_of_known_port(void **state)
{
	struct scene scene;
	struct octets question = words(4, 0x12340100, 0x10000, 0, 0x03777777);
	(void)state;
	scene_begin(&scene);
	struct wire wire = new_wire(&scene, TRANSPORT_UDP, DNS);
	wire.client_port = PORT_NFS;
	udp(&scene, &wire, true, &question);
	assert_int_equal(last_contact(&scene)->server.port, DNS);
	wire = new_wire(&scene, TRANSPORT_UDP, PORT_NFS);
	udp(&scene, &wire, false, &question);
	assert_int_equal(last_contact(&scene)->server.port, PORT_NFS);
	scene_end(&scene);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_identification),
		cmocka_unit_test(test_few_checksums),
		cmocka_unit_test(test_failed_call),
		cmocka_unit_test(test_cut_call),
		cmocka_unit_test(test_evicted),
		cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_repeated_call),
		cmocka_unit_test(test_late_call),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_secured_body),
		cmocka_unit_test(test_handle_of_mount),
		cmocka_unit_test(test_strangers_give_way),
		cmocka_unit_test(test_lookalikes_give_way),
		cmocka_unit_test(test_idle_ones),
		cmocka_unit_test(test_mixed_ones_stay),
		cmocka_unit_test(test_answered_port_stays),
		cmocka_unit_test(test_client_of_known_port),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
