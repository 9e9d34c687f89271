/* exchange: which reply belongs to which call, what is a repeat, what is a copy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <rpc/auth.h>
#include <string.h>

#include "../../src/rpc/exchange_store.h"
#include "limits.h"

enum { CLIENT = 21, SERVER = 10, OTHER = 11 };

/* One message on its way; everything a test does not set is the same for all. */
struct sent {
	enum message_kind kind;
	enum transport transport;
	uint8_t from, to; /* last octet of the address */
	uint16_t from_port, to_port;
	uint64_t session;
	enum flow_end end;
	uint32_t xid, program, procedure, identification, interface;
	int64_t time;
	const char *body;
	struct security security; /* of a call */
	bool starttls;
	uint32_t minor; /* of a call; 0: it has none */
};

struct fixture {
	struct counts counts;
	struct exchanges *exchanges;
	uint64_t frame;
	struct flow flow;
	struct packet packet;
	struct record record;
	struct message message;
};

static int
set_up(void **state)
{
	static struct fixture fixture;
	fixture = (struct fixture){0};
	fixture.exchanges = exchanges_new(&fixture.counts, &(struct bounds){.calls = 4});
	*state = &fixture;
	return 0;
}

static int
tear_down(void **state)
{
	exchanges_free(((struct fixture *)*state)->exchanges);
	return 0;
}

static struct endpoint
endpoint(uint8_t host, uint16_t port)
{
	struct endpoint endpoint = {.port = port};
	address_from_ipv4(&endpoint.address, (const uint8_t[]){192, 168, 56, host});
	return endpoint;
}

/* Sends it through and gives back the message as it was joined. */
static const struct message *
join(struct fixture *fixture, const struct sent *sent)
{
	const char *body = sent->body != NULL ? sent->body : "";
	fixture->flow = (struct flow){.session = sent->session};
	fixture->packet = (struct packet){.frame = {.number = ++fixture->frame,
						    .time = sent->time,
						    .interface = sent->interface},
					  .ip = {.identification = sent->identification},
					  .transport = sent->transport,
					  .source = endpoint(sent->from, sent->from_port),
					  .destination = endpoint(sent->to, sent->to_port)};
	uint32_t length = (uint32_t)strlen(body);
	fixture->record = (struct record){.octets = (const uint8_t *)body,
					  .captured = length,
					  .length = length,
					  .packet = &fixture->packet};
	fixture->message = (struct message){.kind = sent->kind,
					    .record = &fixture->record,
					    .packet = &fixture->packet,
					    .flow = &fixture->flow,
					    .from = sent->end,
					    .xid = sent->xid,
					    .program = sent->program,
					    .version = 3,
					    .procedure = sent->procedure,
					    .has_procedure = sent->kind == MESSAGE_CALL,
					    .credential.flavor = sent->security.flavor,
					    .security = sent->security,
					    .starttls = sent->starttls,
					    .has_minor = sent->minor != 0,
					    .minor = sent->minor};
	exchanges_join(fixture->exchanges, &fixture->message);
	return &fixture->message;
}

static struct sent
udp_call(uint32_t xid)
{
	return (struct sent){.kind = MESSAGE_CALL,
			     .transport = TRANSPORT_UDP,
			     .from = CLIENT,
			     .to = SERVER,
			     .from_port = 678,
			     .to_port = 111,
			     .xid = xid,
			     .program = 100000,
			     .procedure = 3,
			     .identification = 1,
			     .body = "mountd"};
}

static struct sent
reply_to(const struct sent *call)
{
	struct sent reply = *call;
	reply.kind = MESSAGE_REPLY;
	reply.from = call->to;
	reply.to = call->from;
	reply.from_port = call->to_port;
	reply.to_port = call->from_port;
	reply.end = !call->end;
	reply.time = call->time + SECOND / 1000;
	reply.identification = call->identification + 500;
	reply.body = "";
	reply.security = (struct security){0};
	reply.minor = 0;
	return reply;
}

static void
test_reply_learns_its_call(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	call.minor = 2;
	struct sent reply = reply_to(&call);
	join(f, &call);
	const struct message *message = join(f, &reply);
	assert_true(message->has_minor);
	assert_int_equal(message->minor, 2);
	assert_int_equal(message->call_frame, 1);
	assert_int_equal(message->elapsed, SECOND / 1000);
	assert_true(message->has_procedure);
	assert_int_equal(message->program, 100000);
	assert_int_equal(message->procedure, 3);
	exchanges_finish(f->exchanges, true);
	assert_int_equal(f->counts.calls, 1);
	assert_int_equal(f->counts.replies, 1);
	assert_int_equal(f->counts.unanswered, 0);
	assert_int_equal(f->counts.unmatched_replies, 0);
}

static void
test_unknown_reply_and_unanswered_call(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	struct sent reply = reply_to(&call);
	reply.xid = 8;
	join(f, &call);
	assert_false(join(f, &reply)->has_procedure);
	exchanges_finish(f->exchanges, true);
	assert_int_equal(f->counts.unanswered, 1);
	assert_int_equal(f->counts.unmatched_replies, 1);
}

static void
test_reply_before_its_call(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	struct sent reply = reply_to(&call);
	assert_int_equal(join(f, &reply)->call_frame, 0);
	assert_int_equal(join(f, &call)->reply_frame, 1);
	exchanges_finish(f->exchanges, true);
	assert_int_equal(f->counts.unanswered, 0);
	assert_int_equal(f->counts.unmatched_replies, 0);
}

static void
test_call_sent_again(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	join(f, &call);
	call.time += 2 * SECOND;
	call.identification++;
	const struct message *again = join(f, &call);
	assert_int_equal(again->repeat_of, 1);
	assert_int_equal(again->copy_of, 0);
	struct sent reply = reply_to(&call);
	const struct message *answer = join(f, &reply);
	assert_int_equal(answer->call_frame, 1); /* the first sending is what waited */
	assert_int_equal(answer->elapsed, 2 * SECOND + SECOND / 1000);
	reply.identification++;
	reply.time += SECOND;
	assert_int_equal(join(f, &reply)->repeat_of, 3);
	assert_int_equal(f->counts.repeats, 2);
	assert_int_equal(f->counts.copies, 0);
}

static void
test_one_packet_captured_twice(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	struct sent reply = reply_to(&call);
	join(f, &call);
	call.interface = 1;
	call.time += 50000;
	const struct message *copy = join(f, &call);
	assert_int_equal(copy->copy_of, 1);
	assert_int_equal(copy->repeat_of, 0);
	join(f, &reply);
	reply.interface = 1;
	assert_int_equal(join(f, &reply)->copy_of, 3);
	assert_int_equal(f->counts.repeats, 0);
	assert_int_equal(f->counts.copies, 2);
}

static void
test_late_copy_is_a_repeat(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	join(f, &call);
	call.time += LIMIT_COPY_AGE + 1; /* the same identification, but long after */
	assert_int_equal(join(f, &call)->repeat_of, 1);
}

static void
test_xid_used_anew(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	struct sent reply = reply_to(&call);
	join(f, &call);
	join(f, &reply);
	call.body = "nfs...";
	call.identification = 9;
	call.time += SECOND;
	assert_int_equal(join(f, &call)->repeat_of, 0);
	reply.time = call.time + 5;
	assert_int_equal(join(f, &reply)->call_frame, 3);
	assert_int_equal(f->counts.repeats, 0);
}

static void
test_two_clients_with_one_xid(void **state)
{
	struct fixture *f = *state;
	struct sent one = udp_call(7);
	struct sent two = udp_call(7);
	two.from = OTHER;
	two.procedure = 4;
	join(f, &one);
	join(f, &two);
	struct sent reply = reply_to(&one);
	assert_int_equal(join(f, &reply)->procedure, 3);
	reply = reply_to(&two);
	assert_int_equal(join(f, &reply)->procedure, 4);
}

/* NFSv4.1: the server calls back on the client's connection, with xids of its own (RFC 8881
 * section 2.10.3.1). */
static void
test_both_ends_call_with_one_xid(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	call.transport = TRANSPORT_TCP;
	call.session = 1;
	struct sent back = call;
	back.from = SERVER;
	back.to = CLIENT;
	back.from_port = 111;
	back.to_port = 678;
	back.end = FLOW_SECOND;
	back.procedure = 1;
	join(f, &call);
	assert_int_equal(join(f, &back)->repeat_of, 0);
	struct sent reply = reply_to(&back);
	assert_int_equal(join(f, &reply)->call_frame, 2);
	reply = reply_to(&call);
	assert_int_equal(join(f, &reply)->call_frame, 1);
}

static void
test_next_connection_with_one_xid(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	call.transport = TRANSPORT_TCP;
	call.session = 1;
	join(f, &call);
	call.session = 2; /* the same ports, another incarnation */
	assert_int_equal(join(f, &call)->repeat_of, 0);
}

static void
test_broadcast_has_many_replies(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	call.to = 255;
	join(f, &call);
	for (uint8_t host = 1; host <= LIMIT_REPLIERS; host++) {
		struct sent reply = reply_to(&call);
		reply.from = host;
		reply.identification = 1000U + host;
		const struct message *message = join(f, &reply);
		assert_int_equal(message->call_frame, 1);
		assert_int_equal(message->repeat_of, 0);
	}
	struct sent again = reply_to(&call);
	again.from = 3;
	again.time += SECOND;
	assert_int_equal(join(f, &again)->repeat_of, 4); /* the reply of host 3 was frame 4 */
	assert_int_equal(f->counts.repeats, 1);
}

static void
test_reply_from_another_address_and_port(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	struct sent reply = reply_to(&call);
	reply.from = OTHER;
	reply.from_port = 50111;
	join(f, &call);
	assert_int_equal(join(f, &reply)->call_frame, 1);
}

static void
test_ports_of_one_server_stay_apart(void **state)
{
	struct fixture *f = *state;
	struct sent portmapper = udp_call(7);
	struct sent mountd = udp_call(7);
	mountd.to_port = 20048;
	mountd.program = 100005;
	join(f, &portmapper);
	assert_int_equal(join(f, &mountd)->repeat_of, 0);
	struct sent reply = reply_to(&portmapper);
	assert_int_equal(join(f, &reply)->program, 100000);
	reply = reply_to(&mountd);
	assert_int_equal(join(f, &reply)->program, 100005);
}

static void
test_age_and_eviction(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(1);
	join(f, &call);
	call = udp_call(2);
	/* The first is too old by then. */
	for (; call.time <= LIMIT_CALL_AGE; call.time += LIMIT_CLOCK_STEP) {
		assert_int_equal(f->counts.unanswered, 0);
		join(f, &call);
	}
	join(f, &call);
	assert_int_equal(f->counts.unanswered, 1);
	assert_int_equal(f->counts.evicted.calls, 0);
	for (uint32_t xid = 3; xid <= 6; xid++) { /* there is room for four */
		call.xid = xid;
		join(f, &call);
	}
	assert_int_equal(f->counts.evicted.calls, 1);
	assert_int_equal(f->counts.unanswered, 1); /* what was evicted may have been answered */
}

/* The age of a call is its own, not that of the capture; a call whose reply was seen first is
 * as old as the call. */
static void
test_age_of_a_late_call(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(1), reply = udp_call(2);
	for (; call.time <= 2 * LIMIT_CALL_AGE; call.time += LIMIT_CLOCK_STEP)
		join(f, &call);
	uint64_t unanswered = f->counts.unanswered;
	struct sent other = udp_call(2);
	other.time = call.time;
	join(f, &other);
	for (int i = 0; i < 10; i++, call.time += SECOND)
		join(f, &call);
	assert_int_equal(f->counts.unanswered, unanswered);
	/* Answered before it was seen, and remembered for as long as others. */
	other.xid = 3;
	other.time = call.time;
	reply = reply_to(&other);
	join(f, &reply);
	for (call.xid = 2; call.xid > 0; call.xid--)
		join(f, &call); /* seen later than the reply */
	call.xid = 1;
	other.time += LIMIT_ANSWERED_AGE / 2;
	assert_int_not_equal(join(f, &other)->reply_frame, 0);
	call.time = other.time + LIMIT_ANSWERED_AGE - SECOND;
	join(f, &call);
	other.time = call.time + SECOND / 2;
	other.identification++;
	assert_int_not_equal(join(f, &other)->repeat_of, 0);
}

/* The clock leaps, or is set back: a reply still belongs to its call, and to its repeat. */
static void
test_steps_of_the_clock(void **state)
{
	static const int64_t steps[] = {400 * 86400 * SECOND, -3600 * SECOND, 901 * SECOND};
	struct fixture *f = *state;
	struct sent calls[2] = {udp_call(0), udp_call(0)};
	calls[1].transport = TRANSPORT_TCP;
	for (uint32_t i = 0; i < 3; i++) {
		for (unsigned j = 0; j < 2; j++) {
			calls[j].xid++;
			join(f, &calls[j]);
		}
		for (unsigned j = 0; j < 2; j++) {
			calls[j].time += steps[i];
			struct sent reply = reply_to(&calls[j]);
			const struct message *message = join(f, &reply);
			assert_true(message->has_procedure);
			assert_int_equal(message->elapsed, steps[i] + SECOND / 1000);
		}
	}
	/* On a connection the call is sent again; over UDP it is another. */
	uint64_t repeats = f->counts.repeats;
	for (unsigned j = 0; j < 2; j++) {
		calls[j].xid++;
		join(f, &calls[j]);
		calls[j].time += 901 * SECOND;
		calls[j].identification++;
		assert_int_equal(join(f, &calls[j])->repeat_of != 0, j == 1);
	}
	assert_int_equal(f->counts.repeats, repeats + 1);
	assert_int_equal(f->counts.unanswered, 1);
	/* Answered, and so long ago that the xid is used anew. */
	struct sent reply = reply_to(&calls[1]);
	join(f, &reply);
	calls[1].time += LIMIT_ANSWERED_AGE + SECOND;
	assert_int_equal(join(f, &calls[1])->repeat_of, 0);
	/* An old reply without its call is not that of a call that comes now. */
	calls[1].xid++;
	reply = reply_to(&calls[1]);
	join(f, &reply);
	calls[1].time += LIMIT_ANSWERED_AGE + SECOND;
	assert_int_equal(join(f, &calls[1])->reply_frame, 0);
	assert_int_equal(f->counts.unmatched_replies, 1);
}

/* So many calls over that transport, each answered, from xid 1 on. */
static void
join_answered(struct fixture *f, enum transport transport, uint32_t count)
{
	for (uint32_t xid = 1; xid <= count; xid++) {
		struct sent call = udp_call(xid);
		call.transport = transport;
		struct sent reply = reply_to(&call);
		join(f, &call);
		join(f, &reply);
	}
}

static void
test_answered_calls_give_way_first(void **state)
{
	struct fixture *f = *state;
	const struct {
		enum transport transport;
		uint32_t kept;
	} over[] = {{TRANSPORT_UDP, LIMIT_ANSWERED_CALLS}, {TRANSPORT_TCP, LIMIT_ANSWERED_TCP}};
	for (size_t i = 0; i < 2; i++) {
		exchanges_free(f->exchanges);
		f->exchanges = exchanges_new(
			&f->counts, &(struct bounds){.calls = 2 * LIMIT_ANSWERED_CALLS});
		struct sent waiting = udp_call(0);
		waiting.transport = over[i].transport;
		join(f, &waiting);
		uint64_t frame = f->frame;
		join_answered(f, over[i].transport, over[i].kept + 8);
		assert_int_equal(f->counts.evicted.calls, 0);
		const uint64_t *gone_early =
			i == 0 ? &f->counts.evicted.answered : &f->counts.evicted.answered_tcp;
		assert_int_equal(*gone_early, 8);
		struct sent late = reply_to(&waiting);
		assert_int_equal(join(f, &late)->call_frame, frame);
		struct sent gone = udp_call(1), kept = udp_call(over[i].kept);
		gone.transport = kept.transport = over[i].transport;
		kept.identification = 2; /* else it is the same packet, captured again */
		assert_int_equal(join(f, &kept)->repeat_of, frame + 2 * over[i].kept - 1);
		assert_int_equal(join(f, &gone)->repeat_of, 0);
	}
}

/* A reply whose call was not seen is no call that was given up. */
static void
test_replies_without_room(void **state)
{
	struct fixture *f = *state; /* with room for four */
	for (uint32_t xid = 1; xid <= 10; xid++) {
		struct sent call = udp_call(xid), reply = reply_to(&call);
		join(f, &reply);
	}
	for (uint32_t xid = 11; xid <= 20; xid++) {
		struct sent call = udp_call(xid);
		join(f, &call);
	}
	exchanges_finish(f->exchanges, true);
	assert_int_equal(f->counts.unmatched_replies, 10);
	assert_int_equal(f->counts.evicted.calls, 6);
	assert_int_equal(f->counts.unanswered, 4);
}

/* The room for calls is one for both transports: who was not seen for longest goes. */
static void
test_transports_share_the_room(void **state)
{
	struct fixture *f = *state; /* with room for four */
	struct sent calls[5];
	for (uint32_t i = 0; i < 5; i++) {
		calls[i] = udp_call(i);
		calls[i].transport = i % 2 == 0 ? TRANSPORT_TCP : TRANSPORT_UDP;
		calls[i].time = i * SECOND;
		join(f, &calls[i]);
	}
	assert_int_equal(f->counts.evicted.calls, 1);
	for (uint32_t i = 1; i < 5; i++) {
		struct sent reply = reply_to(&calls[i]);
		reply.time = 5 * SECOND;
		assert_int_equal(join(f, &reply)->call_frame, i + 1);
	}
	struct sent lost = reply_to(&calls[0]);
	lost.time = 5 * SECOND;
	assert_int_equal(join(f, &lost)->call_frame, 0);
}

static void
test_two_servers_are_two_calls(void **state)
{
	struct fixture *f = *state;
	struct sent one = udp_call(7);
	struct sent two = udp_call(7);
	two.to = OTHER;
	two.time = SECOND;
	join(f, &one);
	assert_int_equal(join(f, &two)->repeat_of, 0);
	struct sent reply = reply_to(&two);
	assert_int_equal(join(f, &reply)->call_frame, 2);
	exchanges_finish(f->exchanges, true);
	assert_int_equal(f->counts.unanswered, 1); /* the first server kept silent */
}

static void
test_stopped_early(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	join(f, &call);
	exchanges_finish(f->exchanges, false);
	assert_int_equal(f->counts.unanswered, 0);
}

/* A reply does not carry the credential; a call sent again has another sequence number. */
static void
test_reply_learns_the_security_of_its_call(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	struct sent reply = reply_to(&call);
	call.security = (struct security){.known = true,
					  .flavor = RPCSEC_GSS,
					  .gss = true,
					  .version = 1,
					  .gss_proc = GSS_DATA,
					  .service = GSS_INTEGRITY,
					  .seq_num = 41,
					  .has_handle = true};
	call.body = "one";
	join(f, &call);
	assert_int_equal(f->message.repeat_of, 0);
	assert_int_equal(join(f, &reply)->security.seq_num, 41);
	assert_false(f->message.security.resent);
	call.security.seq_num = 42;
	call.body = "two";
	call.identification++;
	call.time += SECOND;
	assert_int_equal(join(f, &call)->repeat_of, 1);
	reply.time += SECOND;
	reply.identification++;
	const struct security *security = &join(f, &reply)->security;
	call.security.resent = true;
	assert_memory_equal(security, &call.security, sizeof *security);
	reply.xid = 8; /* nobody called so */
	assert_false(join(f, &reply)->security.known);
}

/* STARTTLS is an answer to AUTH_TLS only; where the call was not seen it is believed. */
static void
test_starttls(void **state)
{
	struct fixture *f = *state;
	struct sent call = udp_call(7);
	struct sent reply = reply_to(&call);
	reply.starttls = true;
	assert_true(join(f, &reply)->starttls);
	call.xid = reply.xid = 8;
	call.security = (struct security){.known = true, .flavor = FLAVOR_TLS};
	join(f, &call);
	assert_true(join(f, &reply)->starttls);
	call.xid = reply.xid = 9;
	call.security.flavor = AUTH_NONE;
	join(f, &call);
	assert_false(join(f, &reply)->starttls);
}

/* One caller asks very many servers under one xid: what a search costs does not grow with
 * them, and of those that were kept the right one is found. */
static void
test_many_servers_of_one_xid(void **state)
{
	enum { SERVERS = 20000 };
	struct fixture *f = *state;
	f->exchanges->limit = LIMIT_PENDING_CALLS;
	struct sent call = udp_call(7);
	for (unsigned i = 0; i < SERVERS; i++) {
		call.to = (uint8_t)(i % 250);
		call.to_port = (uint16_t)(1000 + i / 250);
		assert_int_equal(join(f, &call)->repeat_of, 0);
	}
	assert_in_range(f->exchanges->steps, 1, SERVERS * LIMIT_NAMESAKES);
	assert_int_equal(f->exchanges->tables[OVER_UDP].count, LIMIT_NAMESAKES);
	assert_int_equal(f->counts.evicted.calls, SERVERS - LIMIT_NAMESAKES);
	struct sent reply = reply_to(&call);
	assert_int_equal(join(f, &reply)->call_frame, SERVERS);
}

/* Of those that had to go nobody knows any more: their replies are of no call, rather than of
 * another server's, and make none of the others go. */
static void
test_reply_of_one_server_too_many(void **state)
{
	enum { KEPT = 3, SERVERS = 8 };
	struct fixture *f = *state;
	exchanges_free(f->exchanges);
	f->exchanges = exchanges_new(&f->counts, &(struct bounds){.namesakes = KEPT});
	struct sent calls[SERVERS];
	for (uint8_t i = 0; i < SERVERS; i++) {
		calls[i] = udp_call(7);
		calls[i].to = i;
		join(f, &calls[i]);
	}
	assert_int_equal(f->counts.evicted.namesakes, SERVERS - KEPT);
	for (unsigned i = 0; i < SERVERS; i++) {
		struct sent reply = reply_to(&calls[i]);
		assert_int_equal(join(f, &reply)->call_frame, i < SERVERS - KEPT ? 0 : i + 1);
	}
	exchanges_finish(f->exchanges, true);
	assert_int_equal(f->counts.unmatched_replies, SERVERS - KEPT);
	assert_int_equal(f->counts.evicted.calls, SERVERS - KEPT);
	assert_int_equal(f->counts.unanswered, 0);
}

/* The same where the call had to make room for those of others. */
static void
test_reply_of_a_call_given_up(void **state)
{
	struct fixture *f = *state; /* with room for four */
	struct sent first = udp_call(7), second = udp_call(7);
	join(f, &first);
	for (uint32_t xid = 100; xid < 104; xid++) {
		struct sent other = udp_call(xid);
		join(f, &other);
	}
	assert_int_equal(f->counts.evicted.calls, 1);
	second.to = OTHER;
	join(f, &second);
	struct sent reply = reply_to(&first);
	assert_int_equal(join(f, &reply)->call_frame, 0);
	reply = reply_to(&second);
	assert_int_equal(join(f, &reply)->call_frame, 6);
	/* When that reply cannot come any more, one from elsewhere may be of this call again.
	 */
	struct sent last = udp_call(8);
	for (last.time = 0; last.time <= LIMIT_CALL_AGE; last.time += LIMIT_CLOCK_STEP)
		join(f, &last);
	last.xid = 9;
	join(f, &last);
	uint64_t frame = f->frame;
	reply = reply_to(&last);
	reply.from = OTHER;
	assert_int_equal(join(f, &reply)->call_frame, frame);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_reply_learns_its_call),
		TEST(test_unknown_reply_and_unanswered_call),
		TEST(test_reply_before_its_call),
		TEST(test_call_sent_again),
		TEST(test_one_packet_captured_twice),
		TEST(test_late_copy_is_a_repeat),
		TEST(test_xid_used_anew),
		TEST(test_two_clients_with_one_xid),
		TEST(test_both_ends_call_with_one_xid),
		TEST(test_next_connection_with_one_xid),
		TEST(test_broadcast_has_many_replies),
		TEST(test_reply_from_another_address_and_port),
		TEST(test_ports_of_one_server_stay_apart),
		TEST(test_age_and_eviction),
		TEST(test_age_of_a_late_call),
		TEST(test_steps_of_the_clock),
		TEST(test_answered_calls_give_way_first),
		TEST(test_replies_without_room),
		TEST(test_transports_share_the_room),
		TEST(test_two_servers_are_two_calls),
		TEST(test_stopped_early),
		TEST(test_many_servers_of_one_xid),
		TEST(test_reply_of_one_server_too_many),
		TEST(test_reply_of_a_call_given_up),
		TEST(test_reply_learns_the_security_of_its_call),
		TEST(test_starttls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
