/* session: which conversation is one, who its client is, which answer led to it. */
#include "correlate_support.h"

enum { MOUNTD = 100005, NFS = 100003 };
#define TCP TRANSPORT_TCP
#define UDP TRANSPORT_UDP

static void
finish(struct world *world, size_t sessions)
{
	pipeline_finish(world->pipeline, true);
	assert_int_equal(world->session_count, sessions);
	for (size_t i = 1; i < sessions; i++)
		assert_true(world->sessions[i - 1].number < world->sessions[i].number);
}

static void
assert_linked(const struct world *world, uint64_t number, enum session_link link,
	      uint64_t answer_frame)
{
	const struct session *session = session_at(world, number);
	assert_int_equal(session->link, link);
	assert_int_equal(answer_of(world, number)->frame, answer_frame);
	if (link == LINK_NONE)
		assert_null(session->answer);
	else
		assert_int_equal(session->answer_delay,
				 session->start - answer_of(world, number)->time);
}

/* -- what a session is -- */

static void
test_connection(void **state)
{
	struct world *world = *state;
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	talk_on(world, &c, NFS, 3, 0);
	talk_on(world, &c, 100227, 3, 1);
	talk_on(world, &c, NFS, 3, 1);
	close_tcp(world, &c);
	finish(world, 1);
	const struct session *session = &world->sessions[0];
	assert_int_equal(session->client.port, 800);
	assert_int_equal(session->server.port, 2049);
	assert_true(session->rpc && !session->joined_midway);
	assert_int_equal(session->calls, 3);
	assert_int_equal(session->replies, 3);
	assert_int_equal(session->packets[0], 7);
	assert_int_equal(session->packets[1], 5);
	assert_int_equal(session->octets[0], 3 * 44);
	assert_int_equal(session->octets[1], 3 * 28);
	assert_int_equal(session->program_count, 2);
	assert_int_equal(session->programs[0].calls, 2);
	assert_int_equal(session->programs[0].replies, 2);
	assert_int_equal(session_program(session)->program, NFS);
	assert_int_equal(session->opening, OPENING_ANSWERED);
	assert_int_equal(session->opening_frame, 2);
	assert_int_equal(session->first_frame, 1);
	assert_int_equal(session->last_frame, world->frame);
	assert_int_equal(session->end - session->start,
			 (int64_t)(world->frame - 1) * MILLISECOND);
	assert_int_equal(session_closed_by(session), CLOSER_CLIENT);
	assert_int_equal(session->life.end[session->client_end].state, TCP_TIME_WAIT);
}

/* Where only lives are asked for, they are the same. */
static void
test_lives_only(void **state)
{
	struct world *world = *state;
	const struct pipeline_options options = {.decoder = &world->decoder};
	struct life lives[2];
	for (int only = 0; only < 2; only++) {
		const struct sink sink = {
			.session = world_session, .context = world, .lives_only = only != 0};
		pipeline_free(world->pipeline);
		world->pipeline = pipeline_new(&sink, &options);
		world->session_count = 0;
		struct connection c = open_tcp(world, CLIENT, 800, 2049);
		talk_on(world, &c, NFS, 3, 1);
		talk_on(world, &c, NFS, 3, 1);
		close_tcp(world, &c);
		finish(world, 1);
		lives[only] = world->sessions[0].life;
		assert_true(world->sessions[0].rpc);
		assert_int_equal(world->sessions[0].calls, only ? 1 : 2);
	}
	for (unsigned end = 0; end < 2; end++) {
		assert_int_equal(lives[1].end[end].state, lives[0].end[end].state);
		assert_int_equal(lives[1].end[end].edge - lives[1].end[end].syn,
				 lives[0].end[end].edge - lives[0].end[end].syn);
	}
	assert_int_equal(lives[1].transition_count, lives[0].transition_count);
	assert_int_equal(lives[1].closed_by, lives[0].closed_by);
}

/* A mere NULL of another program does not say what the session is for. */
static void
test_program_after_null(void **state)
{
	struct world *world = *state;
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 1, 0);
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	talk_udp(world, CLIENT, 801, 20048, MOUNTD, 2, 0);
	finish(world, 2);
	assert_int_equal(session_program(&world->sessions[0])->version, 3);
	assert_int_equal(session_program(&world->sessions[1])->version, 2);
}

static void
test_joined_midway(void **state)
{
	struct world *world = *state;
	/* A reply is the first thing seen: who gets it has called. */
	struct connection c = {CLIENT, 800, 2049, {7000, 9000}};
	struct words reply = reply_words(77);
	send_on(world, &c, 1, TCP_ACK, &reply);
	talk_on(world, &c, NFS, 3, 1);
	/* NFSv4.1: the server calls back first. */
	struct connection back = {CLIENT, 801, 2049, {7000, 9000}};
	struct words call = call_words(78, 0x40000000, 1, 1);
	send_on(world, &back, 1, TCP_ACK, &call);
	/* Nothing but ports: 2049 is a server's, and the lower one is. */
	struct connection known = {CLIENT, 802, 2049, {7000, 9000}};
	send_on(world, &known, 1, TCP_ACK, NULL);
	struct connection low = {CLIENT, 40000, 20048, {7000, 9000}};
	send_on(world, &low, 1, TCP_ACK, NULL);
	finish(world, 4);
	for (size_t i = 0; i < 4; i++) {
		struct address client = host_address(world, CLIENT);
		assert_true(address_equal(&world->sessions[i].client.address, &client));
		assert_true(world->sessions[i].joined_midway);
	}
	assert_int_equal(world->sessions[0].packets[0], 1);
	assert_int_equal(world->sessions[0].packets[1], 2);
	assert_int_equal(world->sessions[1].callbacks, 1);
	assert_null(session_program(&world->sessions[1]));
}

static void
test_callbacks(void **state)
{
	struct world *world = *state;
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	talk_on(world, &c, NFS, 4, 1);
	struct words call = call_words(500, 0x40000000, 1, 1);
	struct words reply = reply_words(500);
	send_on(world, &c, 1, TCP_ACK, &call);
	send_on(world, &c, 0, TCP_ACK, &reply);
	finish(world, 1);
	assert_int_equal(world->sessions[0].callbacks, 1);
	assert_int_equal(world->sessions[0].program_count, 1);
	assert_int_equal(world->sessions[0].calls, 2);
	assert_int_equal(world->sessions[0].replies, 2);
}

/* A copy is no call, a repeat is one. */
static void
test_repeats_and_copies(void **state)
{
	struct world *world = *state;
	struct words call = call_words(9, MOUNTD, 3, 1);
	struct words reply = reply_words(9);
	send_udp(world, CLIENT, 800, SERVER, 20048, &call);
	world->again = true;
	send_udp(world, CLIENT, 800, SERVER, 20048, &call);
	world->now += SECOND;
	send_udp(world, CLIENT, 800, SERVER, 20048, &call);
	send_udp(world, SERVER, 20048, CLIENT, 800, &reply);
	finish(world, 1);
	assert_int_equal(world->sessions[0].calls, 2);
	assert_int_equal(world->sessions[0].repeats, 1);
	assert_int_equal(world->sessions[0].replies, 1);
}

/* The same ports again are a session of their own, each with its own answer. */
static void
test_reused_ports(void **state)
{
	struct world *world = *state;
	for (unsigned i = 0; i < 3; i++) {
		getport(world, CLIENT, MOUNTD, 3, TCP, 20048);
		struct connection c = open_tcp(world, CLIENT, 800, 20048);
		talk_on(world, &c, MOUNTD, 3, 1);
		send_on(world, &c, 0, TCP_RST | TCP_ACK, NULL);
	}
	finish(world, 4); /* the GETPORTs are one conversation */
	assert_linked(world, 2, LINK_ANSWERED, 2);
	assert_linked(world, 3, LINK_ANSWERED, 10);
	assert_linked(world, 4, LINK_ANSWERED, 18);
	for (uint64_t i = 2; i <= 4; i++) {
		assert_int_equal(session_closed_by(session_at(world, i)),
				 CLOSER_RESET_BY_CLIENT);
		assert_int_equal(session_at(world, i)->succeeded, i < 4);
		assert_int_equal(world->bindings[i - 2].session, i);
		assert_int_equal(world->bindings[i - 2].sessions, 1);
		assert_int_equal(world->bindings[i - 2].session_delay, MILLISECOND);
	}
}

/* -- what came of its opening -- */

static void
test_openings(void **state)
{
	struct world *world = *state;
	static const struct {
		unsigned answer; /* 0: none, 1: RST, 2: ICMP */
		uint8_t code;
		enum session_opening opening;
	} cases[] = {
		{0, 0, OPENING_SILENT},      {1, 0, OPENING_REFUSED},
		{2, 3, OPENING_REFUSED},     {2, 13, OPENING_FILTERED},
		{2, 1, OPENING_UNREACHABLE}, {2, 0, OPENING_UNREACHABLE},
		{2, 10, OPENING_FILTERED},   {2, 4, OPENING_SILENT},
	};
	enum { CASES = sizeof cases / sizeof cases[0] };
	getport(world, CLIENT, MOUNTD, 3, TCP, 20048);
	getport(world, CLIENT, MOUNTD, 3, UDP, 20048);
	struct words call = call_words(99, MOUNTD, 3, 0);
	for (unsigned i = 0; i < CASES; i++) {
		send_tcp(world, CLIENT, 800 + i, SERVER, 20048, TCP_SYN, 5, 0, NULL);
		if (cases[i].answer == 1)
			send_tcp(world, SERVER, 20048, CLIENT, 800 + i, TCP_RST | TCP_ACK, 0, 6,
				 NULL);
		if (cases[i].answer == 2)
			send_icmp(world, SERVER, CLIENT, cases[i].code);
		if (cases[i].answer == 1)
			continue;
		send_udp(world, CLIENT, 900 + i, SERVER, 20048, &call);
		if (cases[i].answer == 2)
			send_icmp(world, SERVER, CLIENT, cases[i].code);
	}
	finish(world, 2 * CASES);
	for (unsigned i = 0, number = 2; i < CASES; i++) {
		const struct session *session = session_at(world, number++);
		assert_int_equal(session->opening, cases[i].opening);
		assert_int_equal(session->icmp_count, cases[i].answer == 2);
		assert_true(session_concerns_rpc(session));
		assert_int_equal(session->link, i == 0 ? LINK_ANSWERED : LINK_CACHED);
		if (cases[i].answer == 1)
			continue;
		assert_int_equal(session_at(world, number)->transport, UDP);
		assert_int_equal(session_at(world, number++)->opening, cases[i].opening);
	}
	assert_int_equal(world->bindings[0].session_opening, OPENING_SILENT);
	assert_int_equal(world->bindings[0].sessions, CASES);
}

/* Filtered at first, then answered: what counts is that it was. */
static void
test_answered_in_the_end(void **state)
{
	struct world *world = *state;
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_SYN, 5, 0, NULL);
	send_icmp(world, SERVER, CLIENT, 13);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_SYN, 5, 0, NULL);
	send_tcp(world, SERVER, 2049, CLIENT, 800, TCP_SYN | TCP_ACK, 9, 6, NULL);
	send_tcp(world, SERVER, 2049, CLIENT, 800, TCP_RST | TCP_ACK, 10, 6, NULL);
	finish(world, 1);
	assert_int_equal(world->sessions[0].opening, OPENING_ANSWERED);
	assert_int_equal(world->sessions[0].opening_frame, 4);
}

/* Only what the client sent is in the capture. */
static void
test_one_direction(void **state)
{
	struct world *world = *state;
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_SYN, 5, 0, NULL);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_ACK, 6, 10, NULL);
	finish(world, 1);
	assert_int_equal(world->sessions[0].opening, OPENING_ANSWERED);
	assert_int_equal(world->sessions[0].opening_frame, 0);
}

/* Another address of the server answers, first for one call, then for two. */
static void
test_wrong_source(void **state)
{
	struct world *world = *state;
	const struct address second = host_address(world, SECOND_ADDRESS);
	struct words call = call_words(++world->xid, MOUNTD, 3, 1);
	struct words reply = reply_words(world->xid);
	send_udp(world, CLIENT, 800, SERVER, 20048, &call);
	send_udp(world, SECOND_ADDRESS, 20048, CLIENT, 800, &reply);
	send_udp(world, CLIENT, 800, SERVER, 20048, &call);
	send_udp(world, SECOND_ADDRESS, 20048, CLIENT, 800, &reply);
	talk_udp(world, CLIENT, 801, 20048, MOUNTD, 3, 1);
	finish(world, 3);
	const struct session *session = session_at(world, 1);
	assert_int_equal(session->opening, OPENING_SILENT);
	assert_int_equal(session->answered_frame, 2);
	assert_true(address_equal(&session->answered_from.address, &second));
	assert_int_equal(session->answered_from.port, 20048);
	assert_int_equal(session_at(world, 2)->answered_frame, 0);
	assert_int_equal(session_at(world, 3)->answered_frame, 0);
}

/* The server holds the connection before: a mere ACK with its old numbers. */
static void
test_challenge(void **state)
{
	struct world *world = *state;
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	talk_on(world, &c, NFS, 3, 1);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_SYN, 0x70000000, 0, NULL);
	send_on(world, &c, 1, TCP_ACK, NULL);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_RST, c.sequence[0], 0, NULL);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_SYN, 0x70000000, 0, NULL);
	finish(world, 2);
	assert_int_equal(world->sessions[1].opening, OPENING_CHALLENGED);
	/* the ACK and the RST that answers it are counted with the SYN that led to them */
	assert_int_equal(world->sessions[1].packets[0], 3);
	assert_int_equal(world->sessions[1].packets[1], 1);
	assert_int_equal(world->sessions[1].life.end[world->sessions[1].client_end].state,
			 TCP_SYN_SENT);
	assert_int_equal(world->sessions[1].life.challenge_acks, 1);
}

static void
assert_ends(const struct world *world, size_t at, enum tcp_state client, enum tcp_state server)
{
	const struct session *session = &world->sessions[at];
	assert_int_equal(session->life.end[session->client_end].state, client);
	assert_int_equal(session->life.end[!session->client_end].state, server);
}

/* The challenge ACK proves that the server's end of the connection before still lives: until a
 * SYN+ACK, or until the RST that answers it. */
static void
test_challenge_of_a_living_end(void **state)
{
	static const struct {
		unsigned from, flags;
		enum tcp_state server;
	} cases[] = {
		{0, TCP_SYN, TCP_ESTABLISHED},
		{0, TCP_RST, TCP_CLOSED},
		{1, TCP_SYN | TCP_ACK, TCP_CLOSED},
	};
	struct world *world = *state;
	for (unsigned i = 0; i < 3; i++) {
		unsigned port = 800 + i;
		struct connection c = open_tcp(world, CLIENT, port, 2049);
		talk_on(world, &c, NFS, 3, 1);
		/* Two tries meet it, with numbers of their own. */
		for (uint32_t number = 0x70000000; number < 0x70000002; number++) {
			send_tcp(world, CLIENT, port, SERVER, 2049, TCP_SYN, number, 0, NULL);
			send_on(world, &c, 1, TCP_ACK, NULL);
		}
		if (cases[i].from == 1)
			send_tcp(world, SERVER, 2049, CLIENT, port, cases[i].flags, 0x30000000,
				 0x70000002, NULL);
		else
			send_tcp(world, CLIENT, port, SERVER, 2049, cases[i].flags,
				 cases[i].flags == TCP_SYN ? 0x70000001 : c.sequence[0], 0,
				 NULL);
	}
	finish(world, 9);
	for (unsigned i = 0; i < 3; i++) {
		assert_ends(world, 3 * i, TCP_CLOSED, cases[i].server);
		assert_int_equal(world->sessions[3 * i + 1].life.challenge_acks, 1);
		assert_int_equal(world->sessions[3 * i + 2].life.challenge_acks, 1);
	}
	assert_int_equal(session_closed_by(&world->sessions[0]), CLOSER_NONE);
	assert_int_equal(session_closed_by(&world->sessions[3]), CLOSER_RESET_BY_CLIENT);
	assert_int_equal(session_closed_by(&world->sessions[6]), CLOSER_NONE);
}

/* Those that took each other's place are let go in any order. */
static void
test_reuse_within_the_limit(void **state)
{
	struct world *world = *state;
	world_begin(world, 4);
	for (unsigned i = 0; i < 40; i++) {
		struct connection c = open_tcp(world, CLIENT, 800 + i % 2, 2049);
		if (i % 3 == 0)
			talk_on(world, &c, NFS, 3, 1);
		send_tcp(world, CLIENT, 800 + i % 2, SERVER, 2049, TCP_SYN, 0x70000000 + i, 0,
			 NULL);
		send_on(world, &c, 1, TCP_ACK, NULL);
	}
	finish(world, 80);
}

/* The same with a SYN whose number is near those of the connection before, but lower. */
static void
test_challenge_near(void **state)
{
	struct world *world = *state;
	struct connection c = open_tcp(world, CLIENT, 800, 2049);
	talk_on(world, &c, NFS, 3, 1);
	uint32_t initial = c.sequence[0] - 500;
	close_tcp(world, &c);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_SYN, initial, 0, NULL);
	send_on(world, &c, 1, TCP_ACK, NULL);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_RST, c.sequence[0], 0, NULL);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_SYN, initial, 0, NULL);
	send_tcp(world, SERVER, 2049, CLIENT, 800, TCP_SYN | TCP_ACK, 0x30000000, initial + 1,
		 NULL);
	send_tcp(world, CLIENT, 800, SERVER, 2049, TCP_ACK, initial + 1, 0x30000001, NULL);
	finish(world, 2);
	const struct session *second = &world->sessions[1];
	assert_int_equal(second->opening, OPENING_ANSWERED);
	assert_int_equal(second->life.challenge_acks, 1);
	assert_int_equal(second->life.end[second->client_end].state, TCP_ESTABLISHED);
	assert_int_equal(second->packets[0], 4);
	assert_int_equal(second->packets[1], 2);
}

/* -- links -- */

static void
test_answered_and_cached(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, MOUNTD, 3, UDP, 20048);
	getport(world, CLIENT, NFS, 3, TCP, 2049);
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	struct connection c = open_tcp(world, CLIENT, 801, 2049);
	talk_on(world, &c, NFS, 3, 1);
	talk_udp(world, CLIENT, 802, 20048, MOUNTD, 3, 3);
	finish(world, 4);
	assert_linked(world, 1, LINK_NONE, 0); /* to the portmapper */
	assert_linked(world, 2, LINK_ANSWERED, 2);
	assert_linked(world, 3, LINK_ANSWERED, 4);
	assert_linked(world, 4, LINK_CACHED, 2);
	assert_int_equal(world->bindings[0].sessions, 2);
	assert_int_equal(world->bindings[0].session, 2);
	assert_int_equal(world->bindings[1].session, 3);
}

/* The transport has to be the one of the answer, and so has the server. */
static void
test_other_transport(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, NFS, 3, UDP, 2049);
	struct connection c = open_tcp(world, CLIENT, 801, 2049);
	talk_on(world, &c, NFS, 3, 1);
	finish(world, 2);
	assert_linked(world, 2, LINK_NONE, 0);
	assert_int_equal(world->bindings[0].session, 0);
	assert_int_equal(world->bindings[0].elsewhere, 0);
}

static void
test_other_client(void **state)
{
	struct world *world = *state;
	getport(world, OTHER, MOUNTD, 3, UDP, 20048);
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	finish(world, 2);
	assert_linked(world, 2, LINK_OTHER_CLIENT, 2);
	assert_int_equal(world->bindings[0].session, 0);
	assert_int_equal(world->bindings[0].sessions, 0);
}

static void
test_learned_late(void **state)
{
	struct world *world = *state;
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	send_tcp(world, CLIENT, 801, SERVER, 20048, TCP_SYN, 5, 0, NULL);
	getport(world, OTHER, MOUNTD, 3, UDP, 20048);
	getport(world, CLIENT, MOUNTD, 3, TCP, 20048);
	finish(world, 4);
	assert_linked(world, 1, LINK_LATE, 5);
	assert_linked(world, 2, LINK_LATE, 7);
	assert_true(session_at(world, 1)->answer_delay < 0);
	assert_int_equal(world->bindings[1].session, 0);
}

/* An answer about the program that the session turns out to carry. */
static void
test_program_decides(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, NFS, 3, TCP, 2049);
	getport(world, CLIENT, 100227, 3, TCP, 2049);
	struct connection c = open_tcp(world, CLIENT, 801, 2049);
	talk_on(world, &c, NFS, 3, 1);
	finish(world, 2);
	assert_linked(world, 2, LINK_ANSWERED, 2);
	assert_int_equal(world->bindings[0].session, 2);
	assert_int_equal(world->bindings[1].session, 0);
	assert_int_equal(world->bindings[1].sessions, 0);
}

/* A question for the program by name leads there, a list that came later does not. */
static void
test_list_and_question(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, MOUNTD, 3, UDP, 20048);
	struct words call = call_words(++world->xid, 100000, 2, 4);
	struct words reply = reply_words(world->xid);
	const uint32_t rows[] = {1, MOUNTD, 3, 17, 20048, 1, 100000, 2, 17, 111, 0};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		word(&reply, rows[i]);
	exchange_udp(world, CLIENT, 700, SERVER, PORTMAP, &call, &reply);
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	/* Port 111 is nothing that one learns from the portmapper's list. */
	talk_udp(world, CLIENT, 801, PORTMAP, 100000, 2, 0);
	finish(world, 3);
	assert_linked(world, 2, LINK_ANSWERED, 2);
	assert_linked(world, 3, LINK_NONE, 0);
}

static void
test_elsewhere(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, MOUNTD, 3, UDP, 20048);
	getport(world, CLIENT, NFS, 3, TCP, 0);
	getport(world, OTHER, MOUNTD, 3, UDP, 20048);
	talk_udp(world, CLIENT, 800, 32767, MOUNTD, 3, 1);
	struct connection c = open_tcp(world, CLIENT, 801, 2049);
	talk_on(world, &c, NFS, 3, 1);
	finish(world, 4); /* the portmapper was asked by two clients */
	assert_int_equal(world->bindings[0].elsewhere, 3);
	assert_int_equal(world->bindings[0].elsewhere_port, 32767);
	assert_int_equal(world->bindings[1].elsewhere, 4);
	assert_int_equal(world->bindings[2].elsewhere, 0);
}

/* A port that changed: sessions before and after go back to their own answers. */
static void
test_changed_port(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, MOUNTD, 3, UDP, 20048);
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	getport(world, CLIENT, MOUNTD, 3, UDP, 32767);
	talk_udp(world, CLIENT, 801, 32767, MOUNTD, 3, 1);
	finish(world, 3);
	assert_linked(world, 2, LINK_ANSWERED, 2);
	assert_linked(world, 3, LINK_ANSWERED, 6);
}

/* -- bounds -- */

/* What has nothing to do with RPC goes first; what does keeps its place. */
static void
test_limit(void **state)
{
	struct world *world = *state;
	enum { LIMIT = 8, JUNK = 100 };
	const struct words junk = {.at = "junk", .size = 4};
	world_begin(world, LIMIT);
	struct counts *counts = pipeline_counts(world->pipeline);
	getport(world, CLIENT, MOUNTD, 3, UDP, 20048);
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	for (unsigned i = 0; i < JUNK; i++)
		send_udp(world, CLIENT, 1000 + i, SERVER, 53, &junk);
	assert_int_equal(world->session_count, JUNK + 2 - LIMIT);
	assert_int_equal(counts->evicted.sessions, 0);
	for (size_t i = 0; i < world->session_count; i++)
		assert_int_equal(world->sessions[i].number, 3 + i);
	for (unsigned i = 0; i < JUNK; i++)
		talk_udp(world, CLIENT, 2000 + i, 20048, MOUNTD, 3, 1);
	assert_true(counts->evicted.sessions > 0);
	pipeline_finish(world->pipeline, true);
	assert_int_equal(world->session_count, 2 * JUNK + 2);
	for (unsigned i = 0; i < JUNK; i++) {
		const struct session *session = session_at(world, JUNK + 3 + i);
		assert_int_equal(session->link, LINK_CACHED);
		assert_int_equal(session->replies, 1);
	}
}

/* Answers that are let go stay as long as a session points to them. */
static void
test_answer_outlives_its_table(void **state)
{
	struct world *world = *state;
	getport(world, CLIENT, MOUNTD, 3, UDP, 20048);
	talk_udp(world, CLIENT, 800, 20048, MOUNTD, 3, 1);
	for (unsigned i = 0; i < LIMIT_BINDINGS + 10; i++)
		getport(world, CLIENT, NFS, 3, TCP, 3000 + i);
	assert_int_equal(world->bindings[0].session, 2);
	finish(world, 2);
	assert_linked(world, 2, LINK_ANSWERED, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_connection),
		TEST(test_lives_only),
		TEST(test_program_after_null),
		TEST(test_joined_midway),
		TEST(test_callbacks),
		TEST(test_repeats_and_copies),
		TEST(test_reused_ports),
		TEST(test_openings),
		TEST(test_answered_in_the_end),
		TEST(test_one_direction),
		TEST(test_wrong_source),
		TEST(test_challenge),
		TEST(test_challenge_near),
		TEST(test_challenge_of_a_living_end),
		TEST(test_reuse_within_the_limit),
		TEST(test_answered_and_cached),
		TEST(test_other_transport),
		TEST(test_other_client),
		TEST(test_learned_late),
		TEST(test_program_decides),
		TEST(test_list_and_question),
		TEST(test_elsewhere),
		TEST(test_changed_port),
		TEST(test_limit),
		TEST(test_answer_outlives_its_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
