/*
 * test_tree: every field on a line of its own, faults marked at the field.
 */
#include "out_support.h"

static const char extra[] = "struct point { int x; int y; };"
			    "struct shape { point points<>; string name<4>; };"
			    "program TEST { version ONE { void TESTPROC_DRAW(shape) = "
			    "1; } = 1; } = 0x20000099;";

static const char *
tree(void)
{
	return scene_print(&output_tree);
}

static void
test_worked_example(void **state)
{
	(void)state;
	scene_frame(2, REPLY_TIME, REPLY_FRAME);
	scene_answers(100000, 2, 3);
	assert_text(tree(), "frame 2  1970-01-01T20:33:07.658021888Z  udp 192.168.56.65.111 > "
			    "192.168.56.252.678  28 octets  session 1\n"
			    "reply portmapper v2 GETPORT (call in 1, 3.951 ms)\n"
			    "  00000000  rpc_msg\n"
			    "  00000000    xid = 34a2a6a5: the same as the call's\n"
			    "  00000004    body\n"
			    "  00000004      mtype = REPLY (1)\n"
			    "  00000008      rbody\n"
			    "  00000008        reply_stat = MSG_ACCEPTED (0)\n"
			    "  0000000c        areply\n"
			    "  0000000c          verf\n"
			    "  0000000c            flavor = AUTH_NONE (0)\n"
			    "  00000010            body = 0 octets\n"
			    "  00000014          reply_data\n"
			    "  00000014            stat = SUCCESS (0)\n"
			    "  00000018  results\n"
			    "  00000018    port = 4143: where to reach the service\n"
			    "\n");
}

#define DRAW                                                                                   \
	"34a2a6a5 00000000 00000002 20000099 00000001 00000001 00000000 00000000 00000000 "    \
	"00000000 "

static void
test_elements_and_faults(void **state)
{
	(void)state;
	scene_record(DRAW
		     "00000002 00000001 ffffffff 00000003 00000004 00000005 61626364 65000001",
		     false);
	const char *at = strstr(tree(), "  00000028  arguments");
	assert_non_null(at);
	assert_text(at, "  00000028  arguments\n"
			"  00000028    points\n"
			"  00000028      count = 2\n"
			"  0000002c      [0]\n"
			"  0000002c        x = 1\n"
			"  00000030        y = -1\n"
			"  00000034      [1]\n"
			"  00000034        x = 3\n"
			"  00000038        y = 4\n"
			"  0000003c    name = \"abcde\" ** padding is not zero ** "
			"** longer than the specification allows **\n"
			"  ** longer than the specification allows (at 0000003c) **\n"
			"  ** padding is not zero (at 00000047) **\n"
			"\n");
}

static void
test_errors_stand_in_the_head(void **state)
{
	(void)state;
	scene_record("34a2a6a5 00000001 00000001 00000001 00000001", true);
	const char *text = tree();
	assert_non_null(
		strstr(text, "\nreply ** AUTH_ERROR AUTH_BADCRED ** (call not seen)\n"));
	assert_non_null(strstr(text, "auth_stat = AUTH_BADCRED (1)\n"));
}

static void
test_cut_and_malformed(void **state)
{
	(void)state;
	scene_frame(1, CALL_TIME, CALL_FRAME);
	scene_message(42, 46, 56);
	assert_non_null(strstr(tree(), "  ** cut: 46 of 56 octets captured **\n"));
	scene_record("34a2a6a5 00000007 00000000", true);
	const char *at = strstr(tree(), "malformed");
	assert_non_null(at);
	assert_text(at,
		    "malformed\n"
		    "  00000000  rest = 12 octets: 34a2a6a50000000700000000\n"
		    "  ** message type is neither CALL (0) nor REPLY (1) (at 00000004) **\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worked_example),
		cmocka_unit_test(test_elements_and_faults),
		cmocka_unit_test(test_errors_stand_in_the_head),
		cmocka_unit_test(test_cut_and_malformed),
	};
	specification = extra;
	return cmocka_run_group_tests(tests, scene_begin, scene_end);
}
