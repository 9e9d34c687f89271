/*
 * test_callback: a program is an NFS callback where a client announced its number, whatever the
 * number and whatever a specification of the user's says of it; nowhere else.
 */
#include "correlate_support.h"

#include "callback.h"
#include "names.h"

enum { NFS = 100003, OURS = 0x40001234, YPPUSH = NFS_CALLBACK };

struct seen {
	struct message last;
};

static void
take(void *context, const struct message *message)
{
	struct seen *seen = context;
	seen->last = *message;
}

static struct pipeline *
begin(struct world *world, struct seen *seen)
{
	const struct sink sink = {.message = take, .context = seen};
	const struct pipeline_options options = {.decoder = &world->decoder};
	pipeline_free(world->pipeline);
	world->pipeline = pipeline_new(&sink, &options);
	return world->pipeline;
}

/* A COMPOUND of that minor version up to its first operation. */
static struct words
compound(struct world *world, uint32_t minor, uint32_t operations)
{
	struct words call = call_words(++world->xid, NFS, 4, 1);
	string(&call, "");
	word(&call, minor);
	word(&call, operations);
	return call;
}

static void
words_of(struct words *words, size_t count, uint32_t value)
{
	for (size_t i = 0; i < count; i++)
		word(words, value);
}

static struct words
create_session(struct world *world, uint32_t program)
{
	struct words call = compound(world, 1, 1);
	word(&call, 43);
	words_of(&call, 4, 0);
	words_of(&call, 6, 4096); /* channels without RDMA */
	word(&call, 0);
	words_of(&call, 6, 4096);
	word(&call, 0);
	word(&call, program);
	word(&call, 0);
	return call;
}

static struct words
setclientid(struct world *world, uint32_t program, const char *uaddr)
{
	struct words call = compound(world, 0, 1);
	word(&call, 35);
	words_of(&call, 2, 7);
	string(&call, "id");
	word(&call, program);
	string(&call, "tcp");
	string(&call, uaddr);
	word(&call, 1);
	return call;
}

/* CB_COMPOUND of nothing. */
static struct words
call_back(struct world *world, uint32_t program)
{
	struct words call = call_words(++world->xid, program, 1, 1);
	string(&call, "");
	words_of(&call, 3, 0);
	return call;
}

static bool
is_described(const struct world *world, const struct seen *seen)
{
	const struct spec_procedure *procedure =
		decode_find_procedure(world->spec, &seen->last);
	return procedure != NULL &&
	       strcmp(spec_name(world->spec, procedure->short_name), "CB_COMPOUND") == 0;
}

static void
test_on_the_connection_of_the_client(void **state)
{
	struct world *world = *state;
	struct seen seen;
	begin(world, &seen);
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	struct words early = call_back(world, OURS), reply = reply_words(world->xid);
	send_on(world, &c, 1, TCP_ACK, &early);
	assert_false(seen.last.callback); /* nobody announced it yet */
	struct words call = create_session(world, OURS);
	send_on(world, &c, 0, TCP_ACK, &call);
	struct words back = call_back(world, OURS);
	reply = reply_words(world->xid);
	send_on(world, &c, 1, TCP_ACK, &back);
	assert_true(seen.last.callback);
	assert_true(is_described(world, &seen));
	assert_int_equal(seen.last.program, OURS);
	send_on(world, &c, 0, TCP_ACK, &reply);
	assert_int_equal(seen.last.kind, MESSAGE_REPLY);
	assert_true(seen.last.callback); /* as its call */
	back = call_back(world, OURS + 1);
	send_on(world, &c, 1, TCP_ACK, &back);
	assert_false(seen.last.callback);
}

/* Behind a SEQUENCE, as clients send it. */
static void
test_backchannel_ctl(void **state)
{
	struct world *world = *state;
	struct seen seen;
	begin(world, &seen);
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	struct words call = compound(world, 1, 2);
	word(&call, 53);
	words_of(&call, 8, 0);
	word(&call, 40);
	word(&call, OURS);
	word(&call, 0);
	send_on(world, &c, 0, TCP_ACK, &call);
	struct words back = call_back(world, OURS);
	send_on(world, &c, 1, TCP_ACK, &back);
	assert_true(is_described(world, &seen));
}

static void
test_at_the_announced_address(void **state)
{
	struct world *world = *state;
	struct seen seen;
	begin(world, &seen);
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	struct words call = setclientid(world, OURS, "192.168.56.22.200.1");
	send_on(world, &c, 0, TCP_ACK, &call);
	/* The server's other address calls the client's other address. */
	struct words back = call_back(world, OURS);
	send_udp(world, SECOND_ADDRESS, 700, OTHER, 200 * 256 + 1, &back);
	assert_true(is_described(world, &seen));
	/* Not at another port of it, which the client did not name. */
	back = call_back(world, OURS);
	send_udp(world, SECOND_ADDRESS, 700, OTHER, 900, &back);
	assert_false(seen.last.callback);
	/* The server itself calls the client, wherever. */
	back = call_back(world, OURS);
	send_udp(world, SERVER, 700, CLIENT, 900, &back);
	assert_true(seen.last.callback);
}

/* yp.x has a program of its own under the number that Linux announces. */
static void
test_against_a_specification(void **state)
{
	static const char yp[] =
		"program YPPUSH_XFRRESPPROG { version YPPUSH_XFRRESPVERS {\n"
		"void YPPUSHPROC_NULL(void) = 0; int XFRRESP(int) = 1; } = 1;\n"
		"} = 0x40000000;\n";
	struct world *world = *state;
	struct seen seen;
	struct error error = {{0}};
	begin(world, &seen);
	assert_true(spec_load_text(world->spec, "yp.x", yp, sizeof yp - 1, false, &error));
	struct words push = call_back(world, YPPUSH);
	send_udp(world, SECOND_ADDRESS, 700, CLIENT, 900, &push);
	assert_false(is_described(world, &seen));
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	struct words call = create_session(world, NFS_CALLBACK);
	send_on(world, &c, 0, TCP_ACK, &call);
	struct words back = call_back(world, NFS_CALLBACK);
	send_on(world, &c, 1, TCP_ACK, &back);
	assert_true(is_described(world, &seen));
	struct names *names = names_new(world->spec, false);
	assert_string_equal(names_message_program(names, &seen.last), "nfs_callback");
	assert_string_equal(names_message_procedure(names, &seen.last), "CB_COMPOUND");
	assert_string_equal(names_program(names, YPPUSH), "YPPUSH_XFRRESPPROG");
	names_free(names);
	push = call_back(world, YPPUSH); /* still the other master's */
	send_udp(world, SECOND_ADDRESS, 700, CLIENT, 900, &push);
	assert_false(is_described(world, &seen));
}

/* A client that announces ever new ones has the oldest forgotten, which is counted. */
static void
test_limit(void **state)
{
	struct world *world = *state;
	struct seen seen;
	struct pipeline *pipeline = begin(world, &seen);
	for (uint32_t i = 0; i <= LIMIT_CALLBACKS; i++) {
		struct words call = create_session(world, OURS + i);
		send_udp(world, CLIENT, 800, SERVER, 2049, &call);
	}
	assert_int_equal(pipeline_counts(pipeline)->evicted.callbacks, 1);
	struct words back = call_back(world, OURS);
	send_udp(world, SERVER, 700, CLIENT, 900, &back);
	assert_false(seen.last.callback);
	back = call_back(world, OURS + 1);
	send_udp(world, SERVER, 700, CLIENT, 900, &back);
	assert_true(seen.last.callback);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_on_the_connection_of_the_client),
		TEST(test_backchannel_ctl),
		TEST(test_at_the_announced_address),
		TEST(test_against_a_specification),
		TEST(test_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
