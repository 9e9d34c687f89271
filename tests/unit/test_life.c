/* life: every row of the table, and every life that a connection can have. */
#include "life_support.h"

enum { C, S };
#define SYN          TCP_SYN
#define ACK          TCP_ACK
#define FIN          (TCP_FIN | TCP_ACK)
#define RST          (TCP_RST | TCP_ACK)
#define SYNACK       (TCP_SYN | TCP_ACK)
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* clang-format off */
#define OPEN                                                                                   \
	{C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}, {C, ACK, 1, 1, 0, 2}
#define CROSSED                                                                                \
	{C, SYN, 0, 0, 0, 0}, {S, SYN, 0, 0, 0, 1}, {C, SYNACK, 0, 1, 0, 2}
/* clang-format on */

static struct script
script_of(void **state)
{
	return (struct script){.used = *state};
}

static void
is_states(const struct script *script, const char *client, const char *server)
{
	char text[512];

	life_check(&script->life, script->used);
	life_text(&script->life, C, true, text, sizeof text);
	assert_string_equal(text, client);
	life_text(&script->life, S, true, text, sizeof text);
	assert_string_equal(text, server);
}

/* Plays the segments, ends the capture with the last, and compares. */
static void
lives(void **state, const struct seen *seen, size_t count, const char *client,
      const char *server, enum closed_by closed_by)
{
	struct script script = script_of(state);

	life_play(&script, seen, count);
	life_end(&script.life, script.now, false, MSL2);
	is_states(&script, client, server);
	assert_int_equal(script.life.closed_by, closed_by);
	life_release(&script.life);
}

#define LIVES(client, server, closed_by, ...)                                                  \
	do {                                                                                   \
		const struct seen seen_[] = {__VA_ARGS__};                                     \
		lives(state, seen_, COUNT(seen_), client, server, closed_by);                  \
	} while (0)

#define OPENED_C "CLOSED SYN_SENT ESTABLISHED"
#define OPENED_S "LISTEN SYN_RCVD ESTABLISHED"

static void
test_active_and_passive_close(void **state)
{
	LIVES(OPENED_C, OPENED_S, CLOSED_BY_NONE, OPEN, {C, ACK, 1, 1, 40, 3},
	      {S, ACK, 1, 41, 28, 4}, {C, ACK, 41, 29, 0, 5});
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
	      OPENED_S " CLOSE_WAIT LAST_ACK CLOSED", CLOSED_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4}, {S, FIN, 1, 2, 0, 5},
	      {C, ACK, 2, 2, 0, 6});
	LIVES(OPENED_C " CLOSE_WAIT LAST_ACK CLOSED",
	      OPENED_S " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", CLOSED_BY_SECOND, OPEN,
	      {S, FIN, 1, 1, 0, 3}, {C, ACK, 1, 2, 0, 4}, {C, FIN, 1, 2, 0, 5},
	      {S, ACK, 2, 2, 0, 6});
}

static void
test_fin_with_the_ack(void **state)
{
	LIVES(OPENED_C " FIN_WAIT_1 TIME_WAIT", OPENED_S " CLOSE_WAIT LAST_ACK CLOSED",
	      CLOSED_BY_FIRST, OPEN, {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 2, 0, 4},
	      {C, ACK, 2, 2, 0, 5});
	/* With data, the ACK is as good as one of its own. */
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
	      OPENED_S " CLOSE_WAIT LAST_ACK CLOSED", CLOSED_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 30, 3}, {S, FIN, 1, 32, 20, 4}, {C, ACK, 32, 22, 0, 5});
	/* The FIN came with the ACK, but has not been answered yet. */
	LIVES(OPENED_C " FIN_WAIT_1", OPENED_S " CLOSE_WAIT LAST_ACK", CLOSED_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 2, 0, 4});
}

static void
test_half_close(void **state)
{
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
	      OPENED_S " CLOSE_WAIT LAST_ACK CLOSED", CLOSED_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 10, 3}, {S, ACK, 1, 12, 100, 4}, {C, ACK, 12, 101, 0, 5},
	      {S, ACK, 101, 12, 100, 1500}, {C, ACK, 12, 201, 0, 1501},
	      {S, FIN, 201, 12, 5, 3000}, {C, ACK, 12, 207, 0, 3001});
	/* Its application never closes. */
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2", OPENED_S " CLOSE_WAIT", CLOSED_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4}, {S, ACK, 1, 2, 10, 900000});
}

static void
test_simultaneous_close(void **state)
{
	static const char closing[] = OPENED_C " FIN_WAIT_1 CLOSING TIME_WAIT";
	static const char other[] = OPENED_S " FIN_WAIT_1 CLOSING TIME_WAIT";

	LIVES(closing, other, CLOSED_BY_BOTH, OPEN, {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 1, 0, 3},
	      {C, ACK, 2, 2, 0, 4}, {S, ACK, 2, 2, 0, 4});
	LIVES(closing, other, CLOSED_BY_BOTH, OPEN, {S, FIN, 1, 1, 0, 3}, {C, FIN, 1, 1, 0, 3},
	      {S, ACK, 2, 2, 0, 4}, {C, ACK, 2, 2, 0, 4});
	LIVES(OPENED_C " FIN_WAIT_1 CLOSING", OPENED_S " FIN_WAIT_1", CLOSED_BY_BOTH, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 1, 0, 3}, {C, ACK, 2, 2, 0, 4});
	/* The FIN is repeated, now with the ACK. */
	LIVES(closing, other, CLOSED_BY_BOTH, OPEN, {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 1, 0, 3},
	      {C, FIN, 1, 2, 0, 300}, {S, FIN, 1, 2, 0, 301});
}

static void
test_simultaneous_open(void **state)
{
	LIVES("CLOSED SYN_SENT SYN_RCVD ESTABLISHED", "CLOSED SYN_SENT SYN_RCVD ESTABLISHED",
	      CLOSED_BY_NONE, CROSSED, {S, SYNACK, 0, 1, 0, 3});
	LIVES("CLOSED SYN_SENT SYN_RCVD", "CLOSED SYN_SENT", CLOSED_BY_NONE, CROSSED);
	/* The second SYN, or the first SYN+ACK, captured after what followed it. */
	LIVES("CLOSED SYN_SENT SYN_RCVD ESTABLISHED", "CLOSED SYN_SENT SYN_RCVD ESTABLISHED",
	      CLOSED_BY_NONE, {C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1},
	      {C, SYNACK, 0, 1, 0, 2}, {S, SYN, 0, 0, 0, 3}, {C, ACK, 1, 1, 0, 4});
	LIVES("CLOSED SYN_SENT SYN_RCVD ESTABLISHED", "CLOSED SYN_SENT SYN_RCVD ESTABLISHED",
	      CLOSED_BY_NONE, {C, SYN, 0, 0, 0, 0}, {S, SYN, 0, 0, 0, 1},
	      {S, SYNACK, 0, 1, 0, 2}, {C, ACK, 1, 1, 0, 3}, {C, SYNACK, 0, 1, 0, 4});
}

static void
test_closed_before_established(void **state)
{
	LIVES("CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT", "LISTEN SYN_RCVD FIN_WAIT_1 FIN_WAIT_2",
	      CLOSED_BY_SECOND, {C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1},
	      {S, FIN, 1, 1, 0, 2}, {C, ACK, 1, 2, 0, 3});
	/* The ACK of the SYN alone, captured late: it was established. */
	LIVES("CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT",
	      "LISTEN SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2", CLOSED_BY_SECOND,
	      {C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}, {S, FIN, 1, 1, 0, 2},
	      {C, ACK, 1, 1, 0, 3}, {C, ACK, 1, 2, 0, 4});
}

static void
test_syn_not_answered(void **state)
{
	const struct seen seen[] = {{C, SYN, 0, 0, 0, 0},
				    {C, SYN, 0, 0, 0, 1000},
				    {C, SYN, 0, 0, 0, 3000},
				    {C, SYN, 0, 0, 0, 7000}};
	struct script script = script_of(state);

	life_play(&script, seen, COUNT(seen));
	script.identification--; /* the last of them captured twice */
	life_play(&script, &(struct seen){C, SYN, 0, 0, 0, 7001}, 1);
	is_states(&script, "CLOSED SYN_SENT", "CLOSED");
	assert_int_equal(script.life.syn_repeats[C], 3);
	assert_int_equal(script.life.syn_frame, 1);
	assert_int_equal(script.life.last_syn_frame, 4);
	life_end(&script.life, 8000 * MS, true, MSL2);
	is_states(&script, "CLOSED SYN_SENT CLOSED*", "CLOSED");
	life_release(&script.life);
}

static void
test_syn_ack_repeated(void **state)
{
	const struct seen seen[] = {{C, SYN, 0, 0, 0, 0},
				    {S, SYNACK, 0, 1, 0, 1},
				    {S, SYNACK, 0, 1, 0, 1000},
				    {S, SYNACK, 0, 1, 0, 3000}};
	struct script script = script_of(state);

	life_play(&script, seen, COUNT(seen));
	is_states(&script, "CLOSED SYN_SENT", "LISTEN SYN_RCVD");
	assert_int_equal(script.life.syn_repeats[S], 2);
	assert_int_equal(script.life.syn_repeats[C], 0);
	life_end(&script.life, 8000 * MS, true, MSL2);
	is_states(&script, "CLOSED SYN_SENT CLOSED*", "LISTEN SYN_RCVD CLOSED*");
	life_release(&script.life);
}

static void
test_reset_of_a_syn(void **state)
{
	LIVES("CLOSED SYN_SENT CLOSED", "CLOSED", RESET_BY_SECOND, {C, SYN, 0, 0, 0, 0},
	      {S, RST, 0, 1, 0, 1});
	/* It acknowledges something else: not acceptable. */
	LIVES("CLOSED SYN_SENT", "CLOSED", CLOSED_BY_NONE, {C, SYN, 0, 0, 0, 0},
	      {S, RST, 0, 0x40000000, 0, 1});
	LIVES("CLOSED SYN_SENT", "CLOSED", CLOSED_BY_NONE, {C, SYN, 0, 0, 0, 0},
	      {S, TCP_RST, 0, 0, 0, 1});
	LIVES("CLOSED SYN_SENT", "CLOSED", CLOSED_BY_NONE, {C, SYN, 0, 0, 0, 0},
	      {S, RST, 0, 7777, 0, 1});
	/* An end that is gone refuses the SYN+ACK to its SYN. */
	LIVES("CLOSED SYN_SENT CLOSED", "LISTEN SYN_RCVD LISTEN", RESET_BY_FIRST,
	      {C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}, {C, TCP_RST, 1, 0, 0, 2});
}

static void
test_reset_while_opening(void **state)
{
	LIVES("CLOSED SYN_SENT CLOSED", "LISTEN SYN_RCVD CLOSED", RESET_BY_SECOND,
	      {C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}, {S, RST, 1, 1, 0, 2});
	/* Back in LISTEN, it answers the SYN once more. */
	LIVES("CLOSED SYN_SENT CLOSED", "LISTEN SYN_RCVD LISTEN SYN_RCVD", RESET_BY_FIRST,
	      {C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}, {C, TCP_RST, 1, 0, 0, 2},
	      {S, SYNACK, 0, 1, 0, 2000});
	/* Opened by both: refused, and not back to LISTEN. */
	LIVES("CLOSED SYN_SENT SYN_RCVD CLOSED", "CLOSED SYN_SENT CLOSED", RESET_BY_SECOND,
	      CROSSED, {S, RST, 1, 1, 0, 3});
}

static void
test_reset_in_use(void **state)
{
	LIVES(OPENED_C " CLOSED", OPENED_S " CLOSED", RESET_BY_FIRST, OPEN,
	      {C, RST, 1, 1, 0, 3});
	LIVES(OPENED_C " CLOSED", OPENED_S " CLOSED", RESET_BY_SECOND, OPEN,
	      {C, ACK, 1, 1, 50, 3}, {S, RST, 1, 51, 0, 4});
	/* Outside the window: it is not of this connection. */
	LIVES(OPENED_C, OPENED_S, CLOSED_BY_NONE, OPEN, {C, TCP_RST, 0x20000000, 0, 0, 3});
	LIVES(OPENED_C, OPENED_S, CLOSED_BY_NONE, OPEN, {C, ACK, 1, 1, 500, 3},
	      {S, ACK, 1, 501, 0, 4}, {C, TCP_RST, 100, 0, 0, 5});
}

/* RFC 9293 section 3.10.7.4: the number of an RST has to be in the window, where that is known.
 */
static void
test_reset_outside_the_window(void **state)
{
	LIVES(OPENED_C, OPENED_S, CLOSED_BY_NONE, OPEN, {S, TCP_RST, 3000001, 0, 0, 3});
	LIVES(OPENED_C, OPENED_S, CLOSED_BY_NONE, OPEN, {S, TCP_RST, 64001, 0, 0, 3});
	LIVES(OPENED_C " CLOSED", OPENED_S " CLOSED", RESET_BY_SECOND, OPEN,
	      {S, TCP_RST, 64000, 0, 0, 3});
	/* Octets that were sent had a place in the window, whatever the capture lacks of it. */
	LIVES(OPENED_C " CLOSED", OPENED_S " CLOSED", RESET_BY_SECOND, OPEN,
	      {S, ACK, 1, 1, 60000, 3}, {S, ACK, 60001, 1, 60000, 4},
	      {S, TCP_RST, 90001, 0, 0, 5});
	/* Joined midway, nobody knows how wide it is. */
	LIVES("CLOSED ESTABLISHED* CLOSED", "CLOSED ESTABLISHED* CLOSED", RESET_BY_SECOND,
	      {C, ACK, 500, 900, 40, 0}, {S, ACK, 900, 540, 28, 1}, {C, ACK, 540, 928, 0, 2},
	      {S, TCP_RST, 3000000, 0, 0, 3});
}

/* Both SYNs with the option that octets say: 7 shifts, or none. */
static void
open_with_scale(struct script *script, const uint8_t *option, size_t size)
{
	static const struct seen seen[] = {OPEN};
	uint8_t octets[40] = {0};

	memcpy(octets + 20, option, size);
	for (size_t i = 0; i < COUNT(seen); i++) {
		struct packet packet = life_packet(script, &seen[i]);
		if (seen[i].flags & SYN) {
			packet.datagram = octets;
			packet.payload = packet.datagram_length = packet.datagram_captured = 40;
		}
		life_segment(&script->life, &packet, seen[i].from, MSL2);
	}
}

static void
test_reset_in_a_scaled_window(void **state)
{
	static const struct {
		uint8_t option[6];
		uint32_t sequence;
		bool reset;
	} cases[] = {
		{{1, 3, 3, 7}, 3000001, true},         {{1, 3, 3, 7}, (64000 << 7) + 1, false},
		{{1, 3, 3, 255}, (64000 << 14), true}, {{2, 4, 5, 0xb4}, 3000001, false},
		{{0, 3, 3, 7}, 3000001, false},    /* the list ends before it */
		{{5, 0, 3, 3, 7}, 3000001, false}, /* a length that no option has */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct script script = script_of(state);
		const struct seen rst = {S, TCP_RST, cases[i].sequence, 0, 0, 3};
		open_with_scale(&script, cases[i].option, sizeof cases[i].option);
		life_play(&script, &rst, 1);
		life_end(&script.life, script.now, false, MSL2);
		assert_int_equal(script.life.closed_by,
				 cases[i].reset ? RESET_BY_SECOND : CLOSED_BY_NONE);
		life_release(&script.life);
	}
}

/* Who has sent an RST has no connection to go on with: another has sent it. */
static void
test_reset_that_nobody_took(void **state)
{
	LIVES(OPENED_C, OPENED_S, CLOSED_BY_NONE, OPEN, {S, RST, 1, 1, 0, 3},
	      {C, ACK, 1, 1, 40, 900}, {S, ACK, 1, 41, 28, 901}, {C, ACK, 41, 29, 0, 902});
	LIVES(OPENED_C " FIN_WAIT_1 TIME_WAIT", OPENED_S " CLOSE_WAIT LAST_ACK CLOSED",
	      CLOSED_BY_FIRST, OPEN, {S, RST, 1, 1, 0, 3}, {C, ACK, 1, 1, 40, 900},
	      {S, ACK, 1, 41, 28, 901}, {C, FIN, 41, 29, 0, 902}, {S, FIN, 29, 42, 0, 903},
	      {S, ACK, 30, 42, 0, 904}, {C, ACK, 42, 30, 0, 905});
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2", OPENED_S " CLOSE_WAIT", CLOSED_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4}, {C, RST, 2, 1, 0, 5},
	      {S, ACK, 1, 2, 28, 900}, {C, ACK, 2, 29, 0, 901});
	/* What the other end still sends, it sent before it had the RST; old octets show
	 * nothing. */
	LIVES(OPENED_C " CLOSED", OPENED_S " CLOSED", RESET_BY_SECOND, OPEN,
	      {S, ACK, 1, 1, 28, 3}, {S, RST, 29, 1, 0, 4}, {C, ACK, 1, 29, 40, 900},
	      {S, ACK, 1, 1, 28, 901}, {S, RST, 29, 41, 0, 902});
}

static void
test_reset_while_closing(void **state)
{
	LIVES(OPENED_C " FIN_WAIT_1 CLOSED", OPENED_S " CLOSED", RESET_BY_SECOND, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {S, RST, 1, 1, 0, 4});
	LIVES(OPENED_C " FIN_WAIT_1 CLOSED", OPENED_S " CLOSED", RESET_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {C, RST, 2, 1, 0, 4});
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 CLOSED", OPENED_S " CLOSE_WAIT CLOSED",
	      RESET_BY_SECOND, OPEN, {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4},
	      {S, RST, 1, 2, 0, 5});
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 CLOSED", OPENED_S " CLOSE_WAIT CLOSED",
	      RESET_BY_FIRST, OPEN, {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 50, 4},
	      {C, RST, 2, 1, 0, 5});
}

static void
test_reset_after_both_fins(void **state)
{
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 CLOSED", OPENED_S " CLOSE_WAIT LAST_ACK CLOSED",
	      CLOSED_BY_FIRST, OPEN, {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4},
	      {S, FIN, 1, 2, 0, 5}, {C, RST, 2, 2, 0, 6});
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 CLOSED", OPENED_S " CLOSE_WAIT LAST_ACK CLOSED",
	      CLOSED_BY_FIRST, OPEN, {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4},
	      {S, FIN, 1, 2, 0, 5}, {S, RST, 2, 2, 0, 6});
	LIVES(OPENED_C " FIN_WAIT_1 CLOSING CLOSED", OPENED_S " FIN_WAIT_1 CLOSED",
	      CLOSED_BY_BOTH, OPEN, {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 1, 0, 3},
	      {C, ACK, 2, 2, 0, 4}, {C, RST, 2, 2, 0, 5});
	LIVES(OPENED_C " FIN_WAIT_1 CLOSING CLOSED", OPENED_S " FIN_WAIT_1 CLOSED",
	      CLOSED_BY_BOTH, OPEN, {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 1, 0, 3},
	      {C, ACK, 2, 2, 0, 4}, {S, RST, 2, 1, 0, 5});
}

#define CLOSED_BY_CLIENT                                                                       \
	OPEN, {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4}, {S, FIN, 1, 2, 0, 5},                \
	{                                                                                      \
		C, ACK, 2, 2, 0, 6                                                             \
	}
#define WAITED_C OPENED_C " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT"
#define WAITED_S OPENED_S " CLOSE_WAIT LAST_ACK CLOSED"

static void
test_reset_in_time_wait(void **state)
{
	LIVES(WAITED_C " CLOSED", WAITED_S, CLOSED_BY_FIRST, CLOSED_BY_CLIENT,
	      {S, RST, 2, 2, 0, 7});
	LIVES(WAITED_C " CLOSED", WAITED_S, CLOSED_BY_FIRST, CLOSED_BY_CLIENT,
	      {C, RST, 2, 2, 0, 7});
}

static void
test_2msl(void **state)
{
	const struct seen seen[] = {CLOSED_BY_CLIENT};
	struct script script = script_of(state);

	life_play(&script, seen, COUNT(seen));
	life_end(&script.life, 6 * MS + MSL2 - 1, false, MSL2);
	is_states(&script, WAITED_C, WAITED_S);
	life_end(&script.life, 100000 * MS, false, MSL2);
	is_states(&script, WAITED_C " CLOSED*", WAITED_S);
	const struct transition *last =
		&script.life.transitions[script.life.transition_count - 1];
	assert_int_equal(last->time, 6 * MS + MSL2);
	assert_int_equal(last->frame, 0);
	assert_int_equal(last->after, MSL2);
	life_release(&script.life);
}

static void
test_2msl_starts_again(void **state)
{
	const struct seen seen[] = {
		CLOSED_BY_CLIENT, {S, FIN, 1, 2, 0, 400}, {C, ACK, 2, 2, 0, 401}};
	struct script script = script_of(state);

	life_play(&script, seen, COUNT(seen));
	life_end(&script.life, 401 * MS + MSL2 - 1, false, MSL2);
	is_states(&script, WAITED_C, WAITED_S);
	life_end(&script.life, 401 * MS + MSL2, false, MSL2);
	is_states(&script, WAITED_C " CLOSED*", WAITED_S);
	life_release(&script.life);
}

static void
test_reused(void **state)
{
	static const struct {
		struct seen seen[8];
		const char *client, *server;
	} cases[] = {
		{{CLOSED_BY_CLIENT}, WAITED_C " CLOSED*", WAITED_S},
		{{OPEN}, OPENED_C " CLOSED*", OPENED_S " CLOSED*"},
		{{OPEN, {C, FIN, 1, 1, 0, 3}},
		 OPENED_C " FIN_WAIT_1 CLOSED*",
		 OPENED_S " CLOSED*"},
		{{OPEN, {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4}},
		 OPENED_C " FIN_WAIT_1 FIN_WAIT_2 CLOSED*",
		 OPENED_S " CLOSE_WAIT CLOSED*"},
		{{OPEN, {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 2, 0, 4}},
		 OPENED_C " FIN_WAIT_1 CLOSED*",
		 OPENED_S " CLOSE_WAIT LAST_ACK CLOSED*"},
		{{OPEN, {C, FIN, 1, 1, 0, 3}, {S, FIN, 1, 1, 0, 4}, {C, ACK, 2, 2, 0, 5}},
		 OPENED_C " FIN_WAIT_1 CLOSING CLOSED*",
		 OPENED_S " FIN_WAIT_1 CLOSED*"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct script script = script_of(state);
		size_t count = 0;
		while (count < 8 && cases[i].seen[count].flags)
			count++;
		life_play(&script, cases[i].seen, count);
		life_end(&script.life, 9000 * MS, true, MSL2);
		is_states(&script, cases[i].client, cases[i].server);
		life_release(&script.life);
	}
}

/* Nobody answers, and the next repetition does not come: it gave up then. */
#define SYNS                                                                                   \
	{C, SYN, 0, 0, 0, 0}, {C, SYN, 0, 0, 0, 1000},                                         \
	{                                                                                      \
		C, SYN, 0, 0, 0, 3000                                                          \
	}
static const struct {
	struct seen seen[8];
	int64_t due; /* ms; 0: it stays as last seen */
	const char *client, *server, *before;
} given_up[] = {
	{{SYNS, {C, SYN, 0, 0, 0, 7000}},
	 16000,
	 "CLOSED SYN_SENT CLOSED*",
	 "CLOSED",
	 "SYN_SENT"},
	{{{C, SYN, 0, 0, 0, 0}}, 7000, "CLOSED SYN_SENT CLOSED*", "CLOSED", "SYN_SENT"},
	/* The SYN+ACK was repeated: it was never acknowledged. The client may live. */
	{{{C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}, {S, SYNACK, 0, 1, 0, 1001}},
	 8001,
	 "CLOSED SYN_SENT",
	 "LISTEN SYN_RCVD CLOSED*",
	 "SYN_SENT"},
	/* It was not: its ACK may only not be in the capture. */
	{{{C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}},
	 0,
	 "CLOSED SYN_SENT",
	 "LISTEN SYN_RCVD",
	 "SYN_SENT"},
	{{OPEN, {C, FIN, 1, 1, 0, 3}, {C, FIN, 1, 1, 0, 203}, {C, FIN, 1, 1, 0, 5003}},
	 15603,
	 OPENED_C " FIN_WAIT_1 CLOSED*",
	 OPENED_S,
	 "FIN_WAIT_1"},
	{{OPEN,
	  {C, FIN, 1, 1, 0, 3},
	  {S, FIN, 1, 1, 0, 4},
	  {C, ACK, 2, 2, 0, 5},
	  {C, FIN, 1, 2, 0, 204}},
	 7204,
	 OPENED_C " FIN_WAIT_1 CLOSING CLOSED*",
	 OPENED_S " FIN_WAIT_1",
	 "CLOSING"},
	{{OPEN,
	  {S, FIN, 1, 1, 0, 3},
	  {C, ACK, 1, 2, 0, 4},
	  {C, FIN, 1, 2, 0, 5},
	  {C, FIN, 1, 2, 0, 205}},
	 7205,
	 OPENED_C " CLOSE_WAIT LAST_ACK CLOSED*",
	 OPENED_S " FIN_WAIT_1 FIN_WAIT_2",
	 "LAST_ACK"},
	/* One FIN: it was acknowledged, as far as one knows. And who sends nothing by
	 * itself stays. */
	{{OPEN, {C, FIN, 1, 1, 0, 3}}, 0, OPENED_C " FIN_WAIT_1", OPENED_S, "FIN_WAIT_1"},
	{{OPEN, {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4}},
	 0,
	 OPENED_C " FIN_WAIT_1 FIN_WAIT_2",
	 OPENED_S " CLOSE_WAIT",
	 "FIN_WAIT_2"},
};

static void
test_gives_up(void **state)
{
	for (size_t i = 0; i < COUNT(given_up); i++) {
		for (int64_t early = 1; early >= 0; early--) {
			struct script script = script_of(state);
			size_t count = 0;
			int64_t since, due = given_up[i].due != 0 ? given_up[i].due : 3600000;
			while (count < 8 && given_up[i].seen[count].flags)
				count++;
			life_play(&script, given_up[i].seen, count);
			life_end(&script.life, (due - early) * MS, false, MSL2);
			if (early == 0)
				is_states(&script, given_up[i].client, given_up[i].server);
			else
				for (size_t k = 0; k < script.life.transition_count; k++)
					assert_int_not_equal(script.life.transitions[k].event,
							     TCP_GIVES_UP);
			assert_string_equal(
				tcp_state_name(life_state_seen(&script.life, C, &since)),
				given_up[i].before);
			assert_true(since != INT64_MIN && since < 6 * MS);
			life_release(&script.life);
		}
	}
}

static void
test_challenge_ack(void **state)
{
	const struct seen seen[] = {{C, SYN, 0, 0, 0, 0},
				    {S, ACK, 0x5000000, 0x71234567, 0, 1},
				    {C, TCP_RST, 0x71234567, 0, 0, 2},
				    {C, SYN, 0, 0, 0, 1000},
				    {S, SYNACK, 0, 1, 0, 1001},
				    {C, ACK, 1, 1, 0, 1002}};
	struct script script = script_of(state);

	life_play(&script, seen, COUNT(seen));
	life_end(&script.life, script.now, false, MSL2);
	is_states(&script, OPENED_C, OPENED_S);
	assert_int_equal(script.life.challenge_acks, 1);
	assert_int_equal(script.life.closed_by, CLOSED_BY_NONE);
	life_release(&script.life);
}

/* What is not of a connection that is open: answered by a mere ACK, and it goes on. */
static const struct {
	struct seen seen[14];
	uint32_t challenges;
	bool reset;
} challenged[] = {
	/* An RST in the window, not at the next octet. */
	{{OPEN,
	  {C, ACK, 1, 1, 40, 3},
	  {S, ACK, 1, 41, 0, 4},
	  {C, TCP_RST, 90, 0, 0, 50},
	  {S, ACK, 1, 41, 0, 51},
	  {C, ACK, 41, 1, 40, 900}},
	 1,
	 false},
	/* Three of them, one answer: the rate is limited. */
	{{OPEN,
	  {C, TCP_RST, 90, 0, 0, 50},
	  {C, TCP_RST, 91, 0, 0, 51},
	  {C, TCP_RST, 92, 0, 0, 52},
	  {S, ACK, 1, 1, 0, 53},
	  {C, ACK, 1, 1, 40, 900}},
	 1,
	 false},
	/* It is answered, and then said with the number that the answer asks for. */
	{{OPEN, {C, TCP_RST, 90, 0, 0, 50}, {S, ACK, 1, 1, 0, 51}, {C, TCP_RST, 1, 0, 0, 52}},
	 1,
	 true},
	/* What came before it was captured after it: it was in place. */
	{{OPEN, {C, TCP_RST, 41, 0, 0, 50}, {S, ACK, 1, 1, 0, 51}, {C, ACK, 1, 1, 40, 52}},
	 0,
	 true},
	/* The SYN once more, as an old duplicate. */
	{{OPEN, {C, SYN, 0, 0, 0, 50}, {S, ACK, 1, 1, 0, 51}, {C, ACK, 1, 1, 40, 900}},
	 1,
	 false},
	/* Without an answer, and what comes later is none. */
	{{OPEN,
	  {C, SYN, 0, 0, 0, 50},
	  {C, ACK, 0, 1, 0, 800},
	  {S, ACK, 1, 1, 0, 801},
	  {C, ACK, 1, 1, 40, 900}},
	 0,
	 false},
	/* An ACK of what was never sent. */
	{{OPEN,
	  {C, ACK, 1, 0x20000000, 0, 50},
	  {S, ACK, 1, 1, 0, 51},
	  {C, ACK, 1, 1, 40, 900},
	  {S, ACK, 1, 41, 40, 901}},
	 1,
	 false},
	/* A keep-alive is answered in the same way, and is none. */
	{{OPEN, {C, ACK, 0, 1, 0, 7000}, {S, ACK, 1, 1, 0, 7001}}, 0, false},
};

static void
test_challenge_ack_in_use(void **state)
{
	for (size_t i = 0; i < COUNT(challenged); i++) {
		struct script script = script_of(state);
		size_t count = 0;
		while (count < 14 && challenged[i].seen[count].flags)
			count++;
		life_play(&script, challenged[i].seen, count);
		life_end(&script.life, script.now + 1000 * MS, false, MSL2);
		is_states(&script, challenged[i].reset ? OPENED_C " CLOSED" : OPENED_C,
			  challenged[i].reset ? OPENED_S " CLOSED" : OPENED_S);
		assert_int_equal(script.life.challenge_acks, challenged[i].challenges);
		life_release(&script.life);
	}
}

static void
test_joined_midway(void **state)
{
	LIVES("CLOSED ESTABLISHED*", "CLOSED ESTABLISHED*", CLOSED_BY_NONE,
	      {C, ACK, 500, 900, 40, 0}, {S, ACK, 900, 540, 28, 1});
	LIVES("CLOSED ESTABLISHED* CLOSE_WAIT LAST_ACK CLOSED",
	      "CLOSED ESTABLISHED* FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", CLOSED_BY_SECOND,
	      {C, ACK, 500, 900, 40, 0}, {S, FIN, 900, 540, 28, 1}, {C, ACK, 540, 929, 0, 2},
	      {C, FIN, 540, 929, 0, 3}, {S, ACK, 929, 541, 0, 4});
	LIVES("CLOSED ESTABLISHED* CLOSED", "CLOSED ESTABLISHED* CLOSED", RESET_BY_SECOND,
	      {C, ACK, 500, 900, 40, 0}, {S, RST, 900, 540, 0, 1});
	/* Of an RST alone nothing follows but who sent it. */
	LIVES("CLOSED", "CLOSED", RESET_BY_SECOND, {S, RST, 900, 540, 0, 1});
	/* From the SYN+ACK on. */
	LIVES("CLOSED SYN_SENT* ESTABLISHED", OPENED_S, CLOSED_BY_NONE, {S, SYNACK, 0, 1, 0, 1},
	      {C, ACK, 1, 1, 0, 2});
}

static void
test_first_end_only(void **state)
{
	LIVES(OPENED_C, "LISTEN SYN_RCVD* ESTABLISHED*", CLOSED_BY_NONE, {C, SYN, 0, 0, 0, 0},
	      {C, ACK, 1, 1, 0, 2}, {C, ACK, 1, 1, 40, 3});
	LIVES(OPENED_C " FIN_WAIT_1 TIME_WAIT*",
	      "LISTEN SYN_RCVD* ESTABLISHED* CLOSE_WAIT* LAST_ACK* CLOSED*", CLOSED_BY_FIRST,
	      {C, SYN, 0, 0, 0, 0}, {C, ACK, 1, 1, 0, 2}, {C, ACK, 1, 1, 40, 3},
	      {C, ACK, 41, 29, 0, 5}, {C, FIN, 41, 29, 0, 6}, {C, ACK, 42, 30, 0, 8});
	LIVES(OPENED_C " CLOSE_WAIT* LAST_ACK",
	      "LISTEN SYN_RCVD* ESTABLISHED* FIN_WAIT_1* FIN_WAIT_2*", CLOSED_BY_SECOND,
	      {C, SYN, 0, 0, 0, 0}, {C, ACK, 1, 1, 0, 2}, {C, ACK, 1, 2, 0, 5},
	      {C, FIN, 1, 2, 0, 6});
}

static void
test_second_end_only(void **state)
{
	LIVES("CLOSED SYN_SENT* ESTABLISHED*", "LISTEN SYN_RCVD ESTABLISHED*", CLOSED_BY_NONE,
	      {S, SYNACK, 0, 1, 0, 1}, {S, ACK, 1, 41, 28, 3});
	LIVES("CLOSED SYN_SENT* ESTABLISHED* FIN_WAIT_1* FIN_WAIT_2*",
	      "LISTEN SYN_RCVD ESTABLISHED* CLOSE_WAIT* LAST_ACK", CLOSED_BY_FIRST,
	      {S, SYNACK, 0, 1, 0, 1}, {S, ACK, 1, 41, 28, 3}, {S, ACK, 29, 42, 0, 4},
	      {S, FIN, 29, 42, 0, 5});
	LIVES("CLOSED SYN_SENT*", "LISTEN SYN_RCVD", CLOSED_BY_NONE, {S, SYNACK, 0, 1, 0, 1});
}

static void
test_segments_missing(void **state)
{
	/* All of the client: the FIN that acknowledges its FIN is the second. */
	LIVES("CLOSED SYN_SENT* ESTABLISHED* FIN_WAIT_1*",
	      "LISTEN SYN_RCVD ESTABLISHED* CLOSE_WAIT* LAST_ACK*", CLOSED_BY_FIRST,
	      {S, SYNACK, 0, 1, 0, 1}, {S, ACK, 1, 41, 28, 4}, {S, FIN, 29, 42, 0, 5});
	/* SYN+ACK. */
	LIVES(OPENED_C, "LISTEN SYN_RCVD* ESTABLISHED*", CLOSED_BY_NONE, {C, SYN, 0, 0, 0, 0},
	      {C, ACK, 1, 1, 0, 2}, {C, ACK, 1, 1, 40, 3}, {S, ACK, 1, 41, 28, 4});
	/* The handshake's ACK and the call. */
	LIVES("CLOSED SYN_SENT ESTABLISHED*", "LISTEN SYN_RCVD ESTABLISHED*", CLOSED_BY_NONE,
	      {C, SYN, 0, 0, 0, 0}, {S, SYNACK, 0, 1, 0, 1}, {S, ACK, 1, 41, 28, 4});
	/* A FIN. */
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT*",
	      OPENED_S " CLOSE_WAIT LAST_ACK* CLOSED*", CLOSED_BY_FIRST, OPEN,
	      {C, FIN, 1, 1, 0, 3}, {S, ACK, 1, 2, 0, 4}, {C, ACK, 2, 2, 0, 6});
	/* A hole in the data: nothing of it touches a state. */
	LIVES(OPENED_C " FIN_WAIT_1 FIN_WAIT_2", OPENED_S " CLOSE_WAIT", CLOSED_BY_FIRST, OPEN,
	      {C, ACK, 1, 1, 40, 3}, {C, FIN, 9041, 1, 10, 4}, {S, ACK, 1, 9052, 0, 5000});
}

static void
test_ghosts(void **state)
{
	/* Keep-alive with and without an octet, zero-window probe, data and FIN repeated. */
	LIVES(WAITED_C, WAITED_S, CLOSED_BY_FIRST, OPEN, {C, ACK, 1, 1, 40, 3},
	      {C, ACK, 40, 1, 1, 7000}, {S, ACK, 1, 41, 0, 7001}, {C, ACK, 40, 1, 0, 14000},
	      {S, ACK, 1, 41, 0, 14001}, {C, ACK, 41, 1, 1, 20000}, {S, ACK, 1, 41, 0, 20001},
	      {C, ACK, 41, 1, 40, 20002}, {C, ACK, 1, 1, 40, 20003}, {C, FIN, 81, 1, 0, 21000},
	      {C, FIN, 81, 1, 0, 21200}, {S, ACK, 1, 82, 0, 21201}, {S, FIN, 1, 82, 0, 22000},
	      {C, ACK, 82, 2, 0, 22001}, {C, ACK, 82, 2, 0, 22002});
}

static void
test_out_of_order(void **state)
{
	LIVES(WAITED_C, WAITED_S, CLOSED_BY_FIRST, {S, SYNACK, 0, 1, 0, 0},
	      {C, ACK, 1, 1, 40, 1}, {C, SYN, 0, 0, 0, 2}, {C, FIN, 41, 29, 0, 3},
	      {S, ACK, 29, 42, 0, 4}, {C, ACK, 42, 30, 0, 5}, {S, FIN, 29, 42, 0, 6},
	      {S, ACK, 1, 41, 28, 7}, {C, ACK, 1, 1, 0, 8});
	/* The FIN with the ACK, before the ACK that it followed. */
	LIVES(WAITED_C, WAITED_S, CLOSED_BY_FIRST, OPEN, {C, FIN, 1, 1, 0, 3},
	      {S, FIN, 1, 2, 0, 4}, {C, ACK, 2, 2, 0, 5}, {S, ACK, 1, 2, 0, 6});
	/* An RST is the last of what was under way. */
	LIVES(OPENED_C " FIN_WAIT_1 CLOSED", OPENED_S " CLOSED", RESET_BY_SECOND, OPEN,
	      {S, RST, 1, 1, 0, 3}, {C, FIN, 1, 1, 0, 4});
}

/* A segment waits no longer than LIMIT_LIFE_WAIT, and no more than LIMIT_LIFE_HELD do. */
static void
test_waiting_is_bounded(void **state)
{
	const struct seen open[] = {OPEN, {C, FIN, 101, 1, 0, 10}};
	const unsigned wait = LIMIT_LIFE_WAIT / MS;
	struct script script = script_of(state);

	life_play(&script, open, COUNT(open));
	life_play(&script, &(struct seen){S, ACK, 1, 1, 0, 10 + wait - 1}, 1);
	is_states(&script, OPENED_C, OPENED_S);
	life_play(&script, &(struct seen){S, ACK, 1, 1, 0, 10 + wait}, 1);
	is_states(&script, OPENED_C " FIN_WAIT_1", OPENED_S);
	life_release(&script.life);

	script = script_of(state);
	life_play(&script, open, COUNT(open));
	for (unsigned i = 0; i < LIMIT_LIFE_HELD; i++) {
		is_states(&script, i + 1 < LIMIT_LIFE_HELD ? OPENED_C : OPENED_C " FIN_WAIT_1",
			  OPENED_S);
		life_play(&script, &(struct seen){C, ACK, 200 + 20 * i, 1, 10, 11}, 1);
		assert_true(script.life.held_count < LIMIT_LIFE_HELD);
	}
	life_release(&script.life);
}

/* The list ends at its bound; what is not in it is counted. */
static void
test_transitions_are_bounded(void **state)
{
	struct script script = script_of(state);

	for (unsigned i = 0; i < 100; i++) {
		const struct seen seen[] = {{C, SYN, 0, 0, 0, i * 2000},
					    {S, SYNACK, 0, 1, 0, i * 2000 + 1},
					    {C, TCP_RST, 1, 0, 0, i * 2000 + 2}};
		life_play(&script, seen, COUNT(seen));
	}
	life_end(&script.life, script.now, false, MSL2);
	assert_int_equal(script.life.transition_count, LIMIT_TRANSITIONS);
	assert_int_equal(script.life.untold, 202 - LIMIT_TRANSITIONS);
	life_check(&script.life, script.used);
	life_release(&script.life);
}

static void
test_state_at(void **state)
{
	const struct seen seen[] = {CLOSED_BY_CLIENT};
	struct script script = script_of(state);

	life_play(&script, seen, COUNT(seen));
	static const enum tcp_state client[] = {TCP_SYN_SENT,   TCP_SYN_SENT,   TCP_ESTABLISHED,
						TCP_FIN_WAIT_1, TCP_FIN_WAIT_2, TCP_FIN_WAIT_2,
						TCP_TIME_WAIT};
	static const enum tcp_state server[] = {
		TCP_LISTEN,     TCP_SYN_RCVD, TCP_ESTABLISHED, TCP_ESTABLISHED,
		TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSED};
	for (unsigned i = 0; i < COUNT(client); i++) {
		assert_int_equal(life_state_at(&script.life, C, i * MS), client[i]);
		assert_int_equal(life_state_at(&script.life, S, i * MS + 10), server[i]);
	}
	assert_int_equal(life_state_at(&script.life, C, -1), TCP_CLOSED);
	assert_int_equal(script.life.end[C].since, 6 * MS);
	life_release(&script.life);
}

static void
test_hostile_times(void **state)
{
	struct script script = script_of(state);
	static const int64_t times[] = {INT64_MAX, INT64_MIN, 0,        INT64_MIN,
					INT64_MAX, 1,         INT64_MAX};
	const struct seen seen[] = {CLOSED_BY_CLIENT};

	for (size_t i = 0; i < COUNT(seen); i++) {
		struct packet packet = life_packet(&script, &seen[i]);
		packet.frame.time = times[i];
		life_segment(&script.life, &packet, seen[i].from, INT64_MAX);
	}
	life_end(&script.life, INT64_MIN, true, INT64_MIN);
	life_check(&script.life, script.used);
	life_release(&script.life);
}

static void
test_names(void **state)
{
	(void)state;
	for (int i = 0; i < TCP_STATES; i++)
		assert_true(strlen(tcp_state_name((enum tcp_state)i)) > 5);
	assert_string_equal(tcp_state_name(TCP_FIN_WAIT_1), "FIN_WAIT_1");
	for (size_t i = 0; i < tcp_rule_count; i++) {
		assert_non_null(strstr(tcp_rules[i].source, "RFC 9293 3."));
		for (size_t j = 0; j < i; j++)
			assert_false(tcp_rules[i].from == tcp_rules[j].from &&
				     tcp_rules[i].event == tcp_rules[j].event);
	}
}

/* Last of all: has every row of the table been a transition in a test before? */
static void
test_every_row_was_used(void **state)
{
	const bool *used = *state;
	unsigned missing = 0;

	for (size_t i = 0; i < tcp_rule_count; i++) {
		if (used[i])
			continue;
		missing++;
		print_error("never: %s -> %s (event %d)\n", tcp_state_name(tcp_rules[i].from),
			    tcp_state_name(tcp_rules[i].to), tcp_rules[i].event);
	}
	assert_int_equal(missing, 0);
}

/* What an open connection sends in order, or again, moves two numbers, and never back. */
static void
test_numbers_while_open(void **state)
{
	struct script script = script_of(state);
	const struct seen seen[] = {OPEN,
				    {C, ACK, 1, 1, 40, 3},
				    {S, ACK, 1, 41, 28, 4},
				    {C, ACK, 41, 29, 60, 5},
				    {C, ACK, 1, 1, 40, 6},   /* again, with an old ACK */
				    {C, ACK, 1, 1, 110, 7}}; /* again, and more */
	const struct life_end *client = &script.life.end[C];

	for (size_t i = 0; i < COUNT(seen); i++) {
		life_play(&script, &seen[i], 1);
		static const uint32_t edges[] = {1, 1, 1, 41, 41, 101, 101, 111};
		static const uint32_t acknowledged[] = {0, 0, 1, 1, 1, 29, 29, 29};
		assert_int_equal(client->edge, INITIAL0 + edges[i]);
		if (i >= 2)
			assert_int_equal(client->acknowledged, INITIAL1 + acknowledged[i]);
	}
	assert_true(client->open);
	/* What comes behind a hole waits. */
	life_play(&script, &(struct seen){C, ACK, 112, 29, 10, 8}, 1);
	assert_int_equal(script.life.held_count, 1);
	assert_int_equal(client->edge, INITIAL0 + 111);
	life_release(&script.life);
}

static int
set_up(void **state)
{
	*state = calloc(tcp_rule_count, sizeof(bool));
	return *state ? 0 : -1;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_active_and_passive_close),
		cmocka_unit_test(test_fin_with_the_ack),
		cmocka_unit_test(test_half_close),
		cmocka_unit_test(test_simultaneous_close),
		cmocka_unit_test(test_simultaneous_open),
		cmocka_unit_test(test_closed_before_established),
		cmocka_unit_test(test_syn_not_answered),
		cmocka_unit_test(test_syn_ack_repeated),
		cmocka_unit_test(test_reset_of_a_syn),
		cmocka_unit_test(test_reset_while_opening),
		cmocka_unit_test(test_reset_in_use),
		cmocka_unit_test(test_reset_outside_the_window),
		cmocka_unit_test(test_reset_in_a_scaled_window),
		cmocka_unit_test(test_reset_that_nobody_took),
		cmocka_unit_test(test_reset_while_closing),
		cmocka_unit_test(test_reset_after_both_fins),
		cmocka_unit_test(test_reset_in_time_wait),
		cmocka_unit_test(test_2msl),
		cmocka_unit_test(test_2msl_starts_again),
		cmocka_unit_test(test_reused),
		cmocka_unit_test(test_gives_up),
		cmocka_unit_test(test_challenge_ack),
		cmocka_unit_test(test_challenge_ack_in_use),
		cmocka_unit_test(test_joined_midway),
		cmocka_unit_test(test_first_end_only),
		cmocka_unit_test(test_second_end_only),
		cmocka_unit_test(test_segments_missing),
		cmocka_unit_test(test_ghosts),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_waiting_is_bounded),
		cmocka_unit_test(test_transitions_are_bounded),
		cmocka_unit_test(test_state_at),
		cmocka_unit_test(test_hostile_times),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_numbers_while_open),
		cmocka_unit_test(test_every_row_was_used),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
