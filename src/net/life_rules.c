/*
 * How it works: the transitions of RFC 9293 figure 5, and those that only its text
 * has, are the rows of one table. Where two rows of a state can apply to one
 * segment, the first goes first: what an end has received comes before what it
 * sends. Nothing but this table changes a state.
 */
#include "life.h"

#include <assert.h>

#include "life_parts.h"

#define ROW(state, what, next, where)                                                          \
	{                                                                                      \
		.from = TCP_##state, .event = TCP_##what, .to = TCP_##next, .source = (where)  \
	}

const struct tcp_rule tcp_rules[] = {
	ROW(CLOSED, SENDS_SYN, SYN_SENT, "RFC 9293 3.10.1"),
	ROW(CLOSED, JOINED_MIDWAY, ESTABLISHED, "RFC 9293 3.3.2: data only flows once open"),
	ROW(LISTEN, SENDS_SYN_ACK, SYN_RCVD, "RFC 9293 3.10.7.2"),

	ROW(SYN_SENT, SENDS_SYN_ACK, SYN_RCVD, "RFC 9293 3.5 figure 7, 3.10.7.3"),
	ROW(SYN_SENT, ANSWERS_SYN_ACK, ESTABLISHED, "RFC 9293 3.10.7.3"),
	ROW(SYN_SENT, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.3"),
	ROW(SYN_SENT, SENDS_RST, CLOSED, "RFC 9293 3.10.7.1: only who has no TCB refuses"),
	ROW(SYN_SENT, GIVES_UP, CLOSED, "RFC 9293 3.8.3, 3.10.8"),
	ROW(SYN_SENT, REUSED, CLOSED, "RFC 9293 3.10.5"),

	ROW(SYN_RCVD, SYN_ACKED, ESTABLISHED, "RFC 9293 3.10.7.4"),
	ROW(SYN_RCVD, SENDS_FIN, FIN_WAIT_1, "RFC 9293 3.10.4"),
	ROW(SYN_RCVD, LISTENER_RECEIVES_RST, LISTEN, "RFC 9293 3.10.7.4"),
	ROW(SYN_RCVD, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(SYN_RCVD, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(SYN_RCVD, GIVES_UP, CLOSED, "RFC 9293 3.8.3, 3.10.8"),
	ROW(SYN_RCVD, REUSED, CLOSED, "RFC 9293 3.10.7.4"),

	ROW(ESTABLISHED, ACKS_FIN, CLOSE_WAIT, "RFC 9293 3.10.7.4"),
	ROW(ESTABLISHED, SENDS_FIN, FIN_WAIT_1, "RFC 9293 3.10.4"),
	ROW(ESTABLISHED, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(ESTABLISHED, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(ESTABLISHED, REUSED, CLOSED, "RFC 9293 3.5.1"),

	ROW(FIN_WAIT_1, FIN_ACKED, FIN_WAIT_2, "RFC 9293 3.10.7.4"),
	ROW(FIN_WAIT_1, ACKS_FIN_ACK, TIME_WAIT, "RFC 9293 3.10.7.4"),
	ROW(FIN_WAIT_1, ACKS_FIN, CLOSING, "RFC 9293 3.6 figure 13, 3.10.7.4"),
	ROW(FIN_WAIT_1, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(FIN_WAIT_1, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(FIN_WAIT_1, GIVES_UP, CLOSED, "RFC 9293 3.8.3, 3.10.8"),
	ROW(FIN_WAIT_1, REUSED, CLOSED, "RFC 9293 3.5.1"),

	ROW(FIN_WAIT_2, ACKS_FIN, TIME_WAIT, "RFC 9293 3.10.7.4"),
	ROW(FIN_WAIT_2, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(FIN_WAIT_2, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(FIN_WAIT_2, REUSED, CLOSED, "RFC 9293 3.5.1"),

	ROW(CLOSING, FIN_ACKED, TIME_WAIT, "RFC 9293 3.10.7.4"),
	ROW(CLOSING, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(CLOSING, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(CLOSING, GIVES_UP, CLOSED, "RFC 9293 3.8.3, 3.10.8"),
	ROW(CLOSING, REUSED, CLOSED, "RFC 9293 3.5.1"),

	ROW(TIME_WAIT, 2MSL_OVER, CLOSED, "RFC 9293 3.10.8"),
	ROW(TIME_WAIT, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4 (see RFC 1337)"),
	ROW(TIME_WAIT, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(TIME_WAIT, REUSED, CLOSED, "RFC 9293 3.6.1, RFC 6191"),

	ROW(CLOSE_WAIT, SENDS_FIN, LAST_ACK, "RFC 9293 3.10.4"),
	ROW(CLOSE_WAIT, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(CLOSE_WAIT, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(CLOSE_WAIT, REUSED, CLOSED, "RFC 9293 3.5.1"),

	ROW(LAST_ACK, FIN_ACKED, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(LAST_ACK, RECEIVES_RST, CLOSED, "RFC 9293 3.10.7.4"),
	ROW(LAST_ACK, SENDS_RST, CLOSED, "RFC 9293 3.10.5"),
	ROW(LAST_ACK, GIVES_UP, CLOSED, "RFC 9293 3.8.3, 3.10.8"),
	ROW(LAST_ACK, REUSED, CLOSED, "RFC 9293 3.5.1"),
};
const size_t tcp_rule_count = sizeof tcp_rules / sizeof *tcp_rules;

const struct tcp_rule *
tcp_rule_find(enum tcp_state from, enum tcp_event event)
{
	for (size_t i = 0; i < tcp_rule_count; i++)
		if (tcp_rules[i].from == from && tcp_rules[i].event == event)
			return &tcp_rules[i];
	return NULL;
}

static const char *const state_names[] = {
	[TCP_CLOSED] = "CLOSED",           [TCP_LISTEN] = "LISTEN",
	[TCP_SYN_SENT] = "SYN_SENT",       [TCP_SYN_RCVD] = "SYN_RCVD",
	[TCP_ESTABLISHED] = "ESTABLISHED", [TCP_FIN_WAIT_1] = "FIN_WAIT_1",
	[TCP_FIN_WAIT_2] = "FIN_WAIT_2",   [TCP_CLOSING] = "CLOSING",
	[TCP_TIME_WAIT] = "TIME_WAIT",     [TCP_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_LAST_ACK] = "LAST_ACK",
};
static_assert(sizeof state_names / sizeof *state_names == TCP_STATES, "a name for each state");

const char *
tcp_state_name(enum tcp_state state)
{
	return (unsigned)state < TCP_STATES ? state_names[state] : "?";
}
