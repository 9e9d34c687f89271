/* binding: every way in which a portmapper tells where something is, and what is kept of it. */
#include "correlate_support.h"

#define TCP TRANSPORT_TCP
#define UDP TRANSPORT_UDP

static void
put_words(struct words *words, size_t count, const uint32_t *values)
{
	for (size_t i = 0; i < count; i++)
		word(words, values[i]);
}

#define WORDS(words, ...)                                                                      \
	put_words(words, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t),                 \
		  (uint32_t[]){__VA_ARGS__})

/* Sends a call of program 100000 and its reply over UDP, or over a TCP connection. */
static void
ask(struct world *world, enum transport transport, const struct words *call,
    const struct words *reply)
{
	if (transport == UDP) {
		exchange_udp(world, CLIENT, 700, SERVER, PORTMAP, call, reply);
		return;
	}
	struct connection c = open_tcp(world, CLIENT, 800 + world->xid % 100, PORTMAP);
	send_on(world, &c, 0, TCP_ACK, call);
	send_on(world, &c, 1, TCP_ACK, reply);
	close_tcp(world, &c);
}

static struct words
rpcb_call(struct world *world, uint32_t version, uint32_t procedure, const char *netid,
	  const char *address)
{
	struct words call = call_words(++world->xid, 100000, version, procedure);
	word(&call, 100005);
	word(&call, 3);
	string(&call, netid);
	string(&call, address);
	string(&call, "owner");
	return call;
}

/* An address is asked for, and answered with that. */
static void
ask_address(struct world *world, enum transport transport, const struct words *call,
	    const char *said)
{
	struct words reply = reply_words(world->xid);
	string(&reply, said);
	ask(world, transport, call, &reply);
}

/* GETPORT of mountd version 3 over UDP, and what is answered. */
static struct words
getport_call(struct world *world)
{
	struct words call = call_words(++world->xid, 100000, 2, 3);
	WORDS(&call, 100005, 3, 17, 0);
	return call;
}

static struct words
port_reply(const struct world *world, uint32_t port)
{
	struct words reply = reply_words(world->xid);
	word(&reply, port);
	return reply;
}

/* An item of a list that version 2 gives, and that there is one. */
static void
list_item(struct words *reply, uint32_t protocol, uint32_t port)
{
	WORDS(reply, 1, 100005, 3, protocol, port);
}

static void
finish(struct world *world, size_t bindings)
{
	pipeline_finish(world->pipeline, true);
	assert_int_equal(world->binding_count, bindings);
	assert_int_equal(world->heard, bindings);
}

/* Is it mountd version 3 at that place of the server asked, told to the client? */
static void
assert_told(const struct world *world, size_t at, const char *learned_from, const char *netid,
	    unsigned port)
{
	const struct binding *binding = &world->bindings[at];
	struct address client = host_address(world, CLIENT);
	struct address server = host_address(world, SERVER);
	assert_string_equal(binding->learned_from, learned_from);
	assert_string_equal(binding->netid, netid);
	assert_int_equal(binding->transport, netid[0] == 't' ? TCP : UDP);
	assert_int_equal(binding->port, port);
	assert_int_equal(binding->registered, port != 0);
	assert_int_equal(binding->program, 100005);
	assert_int_equal(binding->version, 3);
	assert_true(address_equal(&binding->client, &client));
	assert_true(address_equal(&binding->server, &server));
	assert_true(binding->call_frame != 0 && binding->call_frame < binding->frame);
}

/* It says no place, but that. */
static void
assert_wrong(const struct world *world, size_t at, enum binding_wrong wrong, const char *said)
{
	const struct binding *binding = &world->bindings[at];
	assert_int_equal(binding->wrong, wrong);
	assert_int_equal(binding->wrong_size, strlen(said));
	assert_memory_equal(binding->wrong_text, said, strlen(said));
	assert_false(binding->registered && wrong != BINDING_RIGHT);
}

static void
test_getport(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, 100005, 3, UDP, 4143);
	getport(world, CLIENT, 100005, 3, TCP, 20048);
	getport(world, CLIENT, 100005, 3, 132, 7);     /* SCTP: no session here is of it */
	getport(world, CLIENT, 100005, 3, TCP, 70000); /* no port */
	getport(world, CLIENT, 100005, 3, TCP, 0);
	finish(world, 4);
	assert_told(world, 0, "GETPORT", "udp", 4143);
	assert_told(world, 1, "GETPORT", "tcp", 20048);
	assert_told(world, 2, "GETPORT", "tcp", 0);
	assert_wrong(world, 2, BINDING_NO_PORT, "70000");
	assert_told(world, 3, "GETPORT", "tcp", 0);
	assert_wrong(world, 3, BINDING_RIGHT, "");
	assert_int_equal(world->bindings[0].call_frame, 1);
	assert_int_equal(world->bindings[0].frame, 2);
}

/* The transport of the request decides, whatever r_netid says. */
static void
test_getaddr(void **state)
{
	struct world *world = *state;
	for (uint32_t version = 3; version <= 4; version++) {
		struct words call = rpcb_call(world, version, 3, "tcp", "0.0.0.0.0.0");
		ask_address(world, UDP, &call, "192.168.56.10.78.80");
		call = rpcb_call(world, version, 3, "udp", "");
		ask_address(world, TCP, &call, "0.0.0.0.78.80");
		call = rpcb_call(world, version, 3, "tcp", "");
		ask_address(world, TCP, &call, "");
	}
	finish(world, 6);
	for (size_t i = 0; i < 6; i += 3) {
		assert_told(world, i, "GETADDR", "udp", 20048);
		assert_told(world, i + 1, "GETADDR", "tcp", 20048);
		assert_told(world, i + 2, "GETADDR", "tcp", 0);
	}
}

/* What is no universal address is told as it stands; each is an answer of its own. */
static void
test_getaddr_senseless(void **state)
{
	static const char *const said[] = {"10.0.0.1.300.1", "10.0.0.1.300.1", "foo", ".1"};
	static const char endless[] = "fedc:ba98:7654:3210:fedc:ba98:7654:3210%a-scope-of-some."
				      "length.300.1";
	struct world *world = *state;
	for (unsigned i = 0; i < 5; i++) {
		struct words call = rpcb_call(world, 4, 3, "udp", "");
		ask_address(world, UDP, &call, i < 4 ? said[i] : endless);
	}
	struct words call = rpcb_call(world, 4, 3, "udp", "");
	ask_address(world, UDP, &call, "/run/rpcbind.sock"); /* a local transport's */
	finish(world, 5);
	for (size_t i = 0; i < 4; i++) {
		assert_told(world, i, "GETADDR", "udp", 0);
		assert_wrong(world, i, BINDING_NO_ADDRESS, said[i]);
		assert_int_equal(world->bindings[i].superseded, i == 0);
	}
	assert_int_equal(world->bindings[4].wrong_size, BINDING_WRONG_MOST);
	assert_memory_equal(world->bindings[4].wrong_text, endless, BINDING_WRONG_MOST);
}

static void
test_getversaddr_ipv6(void **state)
{
	struct world *world = *state;
	world->six = true;
	struct words call = rpcb_call(world, 4, 9, "tcp6", "");
	ask_address(world, TCP, &call, "::.78.80");
	call = rpcb_call(world, 4, 9, "udp6", "");
	ask_address(world, UDP, &call, "fd56::b%eth0.2.1");
	finish(world, 2);
	assert_told(world, 0, "GETVERSADDR", "tcp6", 20048);
	struct address second = host_address(world, SECOND_ADDRESS);
	assert_true(address_equal(&world->bindings[1].server, &second));
	assert_int_equal(world->bindings[1].port, 513);
	assert_string_equal(world->bindings[1].netid, "udp6");
}

/* One server with several addresses: the answer names another than was asked. */
static void
test_another_address(void **state)
{
	struct world *world = *state;
	struct words call = rpcb_call(world, 4, 3, "tcp", "");
	ask_address(world, TCP, &call, "192.168.56.11.78.80");
	finish(world, 1);
	struct address second = host_address(world, SECOND_ADDRESS);
	struct address asked = host_address(world, SERVER);
	assert_true(address_equal(&world->bindings[0].server, &second));
	assert_true(address_equal(&world->bindings[0].told_by, &asked));
}

static void
test_getaddrlist(void **state)
{
	struct world *world = *state;
	static const char *const entries[][2] = {
		{"0.0.0.0.78.80", "udp"}, {"192.168.56.10.78.81", "tcp"}, {"/run/x", "local"}};
	struct words call = rpcb_call(world, 4, 11, "tcp", "");
	struct words reply = reply_words(world->xid);
	for (size_t i = 0; i < 3; i++) {
		word(&reply, 1);
		string(&reply, entries[i][0]);
		string(&reply, entries[i][1]);
		word(&reply, 1);
		string(&reply, "inet");
		string(&reply, entries[i][1]);
	}
	word(&reply, 0);
	ask(world, UDP, &call, &reply);
	finish(world, 2);
	assert_told(world, 0, "GETADDRLIST", "udp", 20048);
	assert_told(world, 1, "GETADDRLIST", "tcp", 20049);
	assert_false(world->bindings[0].listed);
}

static void
test_dump_v2(void **state)
{
	struct world *world = *state;
	struct words call = call_words(++world->xid, 100000, 2, 4);
	struct words reply = reply_words(world->xid);
	for (uint32_t port = 20048; port < 20058; port++)
		list_item(&reply, port % 2 ? 6 : 17, port);
	word(&reply, 0);
	ask(world, TCP, &call, &reply);
	finish(world, 10);
	for (unsigned i = 0; i < 10; i++) {
		assert_told(world, i, "DUMP", i % 2 ? "tcp" : "udp", 20048 + i);
		assert_true(world->bindings[i].listed);
	}
}

/* rpcbind lists local transports under a protocol of its own and port 0: they are left out. */
static void
test_dump_senseless(void **state)
{
	static const uint32_t items[][2] = {{6, 99999}, {132, 20048}, {5, 0}, {132, 65536}};
	struct world *world = *state;
	struct words call = call_words(++world->xid, 100000, 2, 4);
	struct words reply = reply_words(world->xid);
	for (unsigned i = 0; i < 4; i++)
		list_item(&reply, items[i][0], items[i][1]);
	word(&reply, 0);
	ask(world, TCP, &call, &reply);
	finish(world, 3);
	assert_told(world, 0, "DUMP", "tcp", 0);
	assert_wrong(world, 0, BINDING_NO_PORT, "99999");
	assert_wrong(world, 1, BINDING_NO_TRANSPORT, "132");
	assert_int_equal(world->bindings[1].transport, 0);
	assert_wrong(world, 2, BINDING_NO_PORT, "65536");
	assert_string_equal(world->bindings[2].netid, "-");
}

static void
test_dump_v3_and_v4(void **state)
{
	struct world *world = *state;
	static const char *const entries[][2] = {{"tcp6", "::.78.80"},
						 {"udp", "0.0.0.0.78.81"},
						 {"local", "/run/rpcbind.sock"},
						 {"tcp", "127.0.0.1.nonsense"}};
	for (uint32_t version = 3; version <= 4; version++) {
		struct words call = call_words(++world->xid, 100000, version, 4);
		struct words reply = reply_words(world->xid);
		for (size_t i = 0; i < 4; i++) {
			WORDS(&reply, 1, 100005, 3);
			string(&reply, entries[i][0]);
			string(&reply, entries[i][1]);
			string(&reply, "superuser");
		}
		word(&reply, 0);
		ask(world, UDP, &call, &reply);
	}
	finish(world, 6);
	assert_told(world, 0, "DUMP", "tcp6", 20048);
	assert_told(world, 1, "DUMP", "udp", 20049);
	assert_wrong(world, 2, BINDING_NO_ADDRESS, "127.0.0.1.nonsense");
	/* The same to the same client again: an answer of its own, and the first is old. */
	assert_told(world, 4, "DUMP", "udp", 20049);
	assert_true(world->bindings[0].superseded && !world->bindings[3].superseded);
}

/* What is cut off in the middle of a list is told up to there. */
static void
test_dump_cut(void **state)
{
	struct world *world = *state;
	struct words call = call_words(++world->xid, 100000, 2, 4);
	struct words reply = reply_words(world->xid);
	for (uint32_t i = 0; i < 2; i++)
		list_item(&reply, 6, 20048 + i);
	reply.size -= 6;
	ask(world, UDP, &call, &reply);
	finish(world, 1);
	assert_told(world, 0, "DUMP", "tcp", 20048);
}

static void
test_set_and_unset(void **state)
{
	struct world *world = *state;
	static const struct {
		uint32_t version, procedure, done;
	} cases[] = {{2, 1, 1}, {2, 1, 0}, {2, 2, 1}, {2, 2, 0}};
	for (size_t i = 0; i < 4; i++) {
		struct words call =
			call_words(++world->xid, 100000, cases[i].version, cases[i].procedure);
		struct words reply = port_reply(world, cases[i].done);
		WORDS(&call, 100005, 3, 6, 20048);
		ask(world, UDP, &call, &reply);
	}
	struct words call = rpcb_call(world, 4, 1, "tcp", "0.0.0.0.78.80");
	struct words reply = port_reply(world, 1);
	ask(world, UDP, &call, &reply);
	call = rpcb_call(world, 4, 2, "", "");
	reply = port_reply(world, 1);
	ask(world, UDP, &call, &reply);
	finish(world, 4);
	assert_told(world, 0, "SET", "tcp", 20048);
	assert_string_equal(world->bindings[1].learned_from, "UNSET");
	assert_string_equal(world->bindings[1].netid, "*");
	assert_false(world->bindings[1].registered);
	assert_told(world, 2, "SET", "tcp", 20048);
	assert_string_equal(world->bindings[3].netid, "*");
}

/* CALLIT, BCAST and INDIRECT: only the call says which program the port is of. */
static void
test_indirect(void **state)
{
	struct world *world = *state;
	static const struct {
		uint32_t version, procedure;
		const char *name;
	} cases[] = {{2, 5, "CALLIT"}, {3, 5, "CALLIT"}, {4, 5, "BCAST"}, {4, 10, "INDIRECT"}};
	for (size_t i = 0; i < 4; i++) {
		struct words call =
			call_words(++world->xid, 100000, cases[i].version, cases[i].procedure);
		struct words reply = reply_words(world->xid);
		WORDS(&call, 100005, 3, 0, 0);
		if (cases[i].version == 2)
			word(&reply, 20048);
		else
			string(&reply, "192.168.56.10.78.80");
		word(&reply, 0);
		ask(world, UDP, &call, &reply);
	}
	finish(world, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_told(world, i, cases[i].name, "udp", 20048);
		assert_true(world->bindings[i].indirect);
	}
}

/* A broadcast: each host that answers speaks for itself. */
static void
test_broadcast(void **state)
{
	struct world *world = *state;
	struct words call = call_words(++world->xid, 100000, 2, 5);
	WORDS(&call, 100005, 3, 0, 0);
	send_udp(world, CLIENT, 700, 255, PORTMAP, &call);
	for (unsigned server = SERVER; server <= SECOND_ADDRESS; server++) {
		struct words reply = reply_words(world->xid);
		word(&reply, 20040 + server);
		word(&reply, 0);
		send_udp(world, server, PORTMAP, CLIENT, 700, &reply);
	}
	finish(world, 2);
	assert_told(world, 0, "CALLIT", "udp", 20050);
	struct address second = host_address(world, SECOND_ADDRESS);
	assert_true(address_equal(&world->bindings[1].server, &second));
	assert_int_equal(world->bindings[1].port, 20051);
}

/* An answer from another address of the server is about the address that was asked. */
static void
test_reply_from_other_address(void **state)
{
	struct world *world = *state;
	struct words call = getport_call(world), reply = port_reply(world, 4143);
	send_udp(world, CLIENT, 700, SERVER, PORTMAP, &call);
	send_udp(world, SECOND_ADDRESS, PORTMAP, CLIENT, 700, &reply);
	finish(world, 1);
	assert_told(world, 0, "GETPORT", "udp", 4143);
}

/* Nobody is told by a copy, by a quote, by a refusal, or by an answer to what was not seen. */
static void
test_nobody_told(void **state)
{
	struct world *world = *state;
	struct words call = getport_call(world), reply = port_reply(world, 4143);
	send_udp(world, SERVER, PORTMAP, CLIENT, 700, &reply); /* before its call */
	send_icmp(world, CLIENT, SERVER, 3);
	struct words refusal = {.size = 0};
	call = getport_call(world);
	WORDS(&refusal, world->xid, 1, 0, 0, 0, 1);
	exchange_udp(world, CLIENT, 701, SERVER, PORTMAP, &call, &refusal);
	talk_udp(world, CLIENT, 702, 2049, 100003, 3, 3); /* not the portmapper */
	finish(world, 0);
}

static void
test_repeats(void **state)
{
	struct world *world = *state;
	struct words call = getport_call(world), reply = port_reply(world, 4143);
	send_udp(world, CLIENT, 700, SERVER, PORTMAP, &call);
	world->now += SECOND;
	send_udp(world, CLIENT, 700, SERVER, PORTMAP, &call);
	send_udp(world, SERVER, PORTMAP, CLIENT, 700, &reply);
	world->now += SECOND;
	send_udp(world, SERVER, PORTMAP, CLIENT, 700, &reply);
	finish(world, 1);
	assert_told(world, 0, "GETPORT", "udp", 4143);
	assert_int_equal(world->bindings[0].repeats, 1);
	assert_int_equal(world->bindings[0].frame, 3);
}

/* Over the bound of a server the answers given again since go first, then the oldest. */
static void
test_bounds(void **state)
{
	struct world *world = *state;
	struct counts *counts = pipeline_counts(world->pipeline);
	getport(world, CLIENT, 100003, 3, TCP, 2049);
	for (unsigned i = 0; i < LIMIT_BINDINGS; i++)
		getport(world, CLIENT, 100005, 3, TCP, 20048);
	assert_int_equal(world->binding_count, 1);
	assert_int_equal(world->bindings[0].program, 100005);
	assert_int_equal(counts->evicted.bindings, 0);
	for (unsigned i = 0; i < LIMIT_BINDINGS - 1; i++)
		getport(world, CLIENT, 100005, 3, TCP, 30000 + i);
	assert_int_equal(world->binding_count, LIMIT_BINDINGS);
	assert_int_equal(counts->evicted.bindings, 1);
	assert_int_equal(world->bindings[LIMIT_BINDINGS - 1].program, 100003);
	finish(world, 2 * LIMIT_BINDINGS);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_getport),          TEST(test_getaddr),
		TEST(test_getversaddr_ipv6), TEST(test_another_address),
		TEST(test_getaddrlist),      TEST(test_dump_v2),
		TEST(test_dump_v3_and_v4),   TEST(test_dump_cut),
		TEST(test_set_and_unset),    TEST(test_indirect),
		TEST(test_broadcast),        TEST(test_reply_from_other_address),
		TEST(test_nobody_told),      TEST(test_repeats),
		TEST(test_bounds),           TEST(test_getaddr_senseless),
		TEST(test_dump_senseless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
