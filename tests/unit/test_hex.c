/*
 * test_hex: the annotated dump, character by character.
 */
#include "out_support.h"

#include <stdlib.h>
#include <unistd.h>

static const char extra[] =
	"struct pair { opaque three[3]; string name<>; opaque data<>; };"
	"typedef int size;"
	"struct lists { int plain<>; size typed<>; int *perhaps; };"
	"program TEST { version ONE { void TEST_PUT(pair) = 1; void TEST_LIST(lists) = "
	"2;"
	"} = 1; } = 0x20000099;";

static const char *
dump(void)
{
	return scene_print(&output_hex);
}

/* From the line of octets at that offset on. */
static const char *
dump_from(const char *offset)
{
	const char *at = dump();
	while (at != NULL && strncmp(at, offset, strlen(offset)) != 0) {
		at = strchr(at, '\n');
		at = at != NULL ? at + 1 : NULL;
	}
	assert_non_null(at);
	return at;
}

static void
test_call(void **state)
{
	(void)state;
	scene_frame(1, CALL_TIME, CALL_FRAME);
	scene.message.reply_frame = 0;
	assert_text(dump(),
		    "frame     1: 98 octets on the wire, captured 98, interface 0\n"
		    "time      1970-01-01T20:33:07.654070784Z\n"
		    "Ethernet  02:60:8c:2c:97:ec > 02:60:8c:f5:35:92, ethertype 0800 (IPv4)\n"
		    "IPv4      192.168.56.252 > 192.168.56.65\n"
		    "          version 4, header length 20, TOS 0, total length 84, id 16174, "
		    "fragment word 0\n"
		    "          TTL 30, protocol 17 (UDP), checksum 6add (ok)\n"
		    "UDP       port 678 > 111, length 64, checksum 2120 (ok)\n"
		    "RPC       call, 56 octets, session 1\n"
		    "00000000 34a2a6a5 00000000 00000002 000186a0 |4...............|\n"
		    "         -------- -------- -------- --------\n"
		    "         |        |        |        \\--- program 100000 = portmapper\n"
		    "         |        |        \\--- RPC version 2\n"
		    "         |        \\--- message type 0 = CALL\n"
		    "         \\--- xid 34a2a6a5: the reply bears the same\n"
		    "00000010 00000002 00000003 00000000 00000000 |................|\n"
		    "         -------- -------- -------- --------\n"
		    "         |        |        |        \\--- credential length 0: no octets\n"
		    "         |        |        \\--- credential flavor 0 = AUTH_NONE\n"
		    "         |        \\--- procedure 3 = GETPORT\n"
		    "         \\--- program version 2\n"
		    "00000020 00000000 00000000 000186a5 00000003 |................|\n"
		    "         -------- -------- -------- --------\n"
		    "         |        |        |        \\--- program version 3 asked for\n"
		    "         |        |        \\--- program 100005 = mountd\n"
		    "         |        \\--- verifier length 0: no octets\n"
		    "         \\--- verifier flavor 0 = AUTH_NONE\n"
		    "00000030 00000011 00000000                   |........        |\n"
		    "         -------- --------\n"
		    "         |        \\--- port 0: not used in a request\n"
		    "         \\--- protocol 17 = UDP\n"
		    "\n");
}

static void
test_reply(void **state)
{
	(void)state;
	scene_frame(2, REPLY_TIME, REPLY_FRAME);
	scene_answers(100000, 2, 3);
	assert_text(dump(),
		    "frame     2: 70 octets on the wire, captured 70, interface 0\n"
		    "time      1970-01-01T20:33:07.658021888Z\n"
		    "Ethernet  02:60:8c:f5:35:92 > 02:60:8c:2c:97:ec, ethertype 0800 (IPv4)\n"
		    "IPv4      192.168.56.65 > 192.168.56.252\n"
		    "          version 4, header length 20, TOS 0, total length 56, id 51339, "
		    "fragment word 0\n"
		    "          TTL 30, protocol 17 (UDP), checksum e19b (ok)\n"
		    "UDP       port 111 > 678, length 36, checksum 1e8b (ok)\n"
		    "RPC       reply, 28 octets, session 1 (call in 1, 3.951 ms)\n"
		    "00000000 34a2a6a5 00000001 00000000 00000000 |4...............|\n"
		    "         -------- -------- -------- --------\n"
		    "         |        |        |        \\--- verifier flavor 0 = AUTH_NONE\n"
		    "         |        |        \\--- reply state 0 = MSG_ACCEPTED\n"
		    "         |        \\--- message type 1 = REPLY\n"
		    "         \\--- xid 34a2a6a5: the same as the call's\n"
		    "00000010 00000000 00000000 0000102f          |.........../    |\n"
		    "         -------- -------- --------\n"
		    "         |        |        \\--- port 4143: where to reach the service\n"
		    "         |        \\--- accept state 0 = SUCCESS\n"
		    "         \\--- verifier length 0: no octets\n"
		    "\n");
}

static void
test_bad_checksums_are_said(void **state)
{
	(void)state;
	scene_frame(1, CALL_TIME, CALL_FRAME);
	scene.octets[14 + 10] ^= 1;
	scene.octets[14 + 20 + 6] ^= 1;
	assert_non_null(strstr(dump(), "checksum 6bdd (BAD)\n"));
	assert_non_null(strstr(dump(), "checksum 2020 (BAD, or left to the network card)\n"));
}

#define PUT                                                                                    \
	"34a2a6a5 00000000 00000002 20000099 00000001 00000001 00000000 00000000 00000000 "    \
	"00000000 "

/* A field of several words, one over a line's end, and one that ends inside a word. */
static void
test_long_fields(void **state)
{
	(void)state;
	scene_record(PUT "01020300 00000006 61626364 65660000 0000000d 00112233 44556677 "
			 "8899aabb cc000000",
		     false);
	assert_text(dump_from("00000020"),
		    "00000020 00000000 00000000 01020300 00000006 |................|\n"
		    "         -------- -------- -------- -------->\n"
		    "         |        |        |        \\--- name \"abcdef\"\n"
		    "         |        |        \\--- three, 3 octets\n"
		    "         |        \\--- verifier length 0: no octets\n"
		    "         \\--- verifier flavor 0 = AUTH_NONE\n"
		    "00000030 61626364 65660000 0000000d 00112233 |abcdef........\"3|\n"
		    "        >----------------- ----------------->\n"
		    "                           \\--- data, 13 octets\n"
		    "00000040 44556677 8899aabb cc000000          |DUfw........    |\n"
		    "        >--------------------------\n"
		    "\n");
}

static void
test_host_names(void **state)
{
	static const char hosts[] = "192.168.56.252 patgate.patent.ibm.com\n"
				    "192.168.56.65 as0000e1.patent.ibm.com\n";
	char path[] = "/tmp/test_hex.XXXXXX";
	struct error error = {""};
	(void)state;
	int file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, hosts, strlen(hosts)), strlen(hosts));
	close(file);
	bool loaded = names_load_hosts(scene.names, path, &error);
	unlink(path);
	assert_true(loaded);
	scene_frame(1, CALL_TIME, CALL_FRAME);
	assert_non_null(strstr(dump(), "\nIPv4      192.168.56.252 (patgate.patent.ibm.com) > "
				       "192.168.56.65 (as0000e1.patent.ibm.com)\n"));
	names_free(scene.names);
	scene.names = names_new(scene.spec, false);
	scene.output.names = scene.names;
}

static void
test_quoted_by_an_icmp_error(void **state)
{
	struct icmp_error error = {.version = 4, .type = 3, .code = 3};
	(void)state;
	scene_frame(1, CALL_TIME, CALL_FRAME);
	error.reporter = scene.packet.destination.address;
	scene.message.quote = &error;
	scene.message.copy_of = 7;
	const char *text = dump();
	assert_non_null(strstr(text, "\nICMP      type 3 code 3: "
				     "** port unreachable, says 192.168.56.65 **; it quotes\n"
				     "IPv4      192.168.56.252 > 192.168.56.65\n"
				     "          version 4, header length 20, "));
	assert_non_null(strstr(text, "\nRPC       call, 56 octets, session 1 (sent in 7)\n"));
}

/* A tag, a header with options, and IPv6. */
static void
test_other_headers(void **state)
{
	(void)state;
	scene_frame(1, CALL_TIME,
		    "02608cf53592 02608c2c97ec 8100 6007 0800"
		    "46000058 3f2e4000 1e1128d5 c0a838fc c0a83841 01010101"
		    "02a6006f 00400000" CALL_RECORD);
	const char *text = dump();
	assert_non_null(strstr(text, ", VLAN 7 priority 3, ethertype 0800 (IPv4)\n"));
	assert_non_null(strstr(text, "header length 24, TOS 0, total length 88, id 16174, "
				     "fragment word 4000: do not fragment\n"));
	assert_non_null(strstr(text, ", length 64, checksum 0000 (none)\n"));
	/* RFC 8200 section 4.6: eight octets of destination options. */
	scene_frame(1, CALL_TIME,
		    "02608cf53592 02608c2c97ec 86dd 60000000 002c 3c 40"
		    "fe800000000000000000000000000001 fe800000000000000000000000000002"
		    "11000104 00000000 006f02a6 00240000" REPLY_RECORD);
	assert_non_null(strstr(dump(), ", next header 60, extension headers of 8 octets to "
				       "protocol 17 (UDP)\n"));
	scene_frame(1, CALL_TIME,
		    "02608cf53592 02608c2c97ec 86dd 6abcdef0 0024 11 40"
		    "fe800000000000000000000000000001 fe800000000000000000000000000002"
		    "006f02a6 00240000" REPLY_RECORD);
	text = dump();
	assert_non_null(strstr(text,
			       "IPv6      fe80::1 > fe80::2\n"
			       "          version 6, traffic class 171, flow label cdef0, "
			       "payload length 36, hop limit 64, next header 17 (UDP)\n"));
}

/* Lines inside a long field have no mark: there is nothing to see but its octets. */
static void
test_long_field(void **state)
{
	(void)state;
	scene_record("34a2a6a5 00000000 00000002 000186a5 00000003 00000001 00000000 00000000 "
		     "00000000 00000000 00000028 2f616161 61616161 61616161 61616161 61616161 "
		     "61616161 61616161 61616161 61616161 61616161",
		     false);
	assert_text(dump_from("00000020"),
		    "00000020 00000000 00000000 00000028 2f616161 |...........(/aaa|\n"
		    "         -------- -------- ----------------->\n"
		    "         |        |        \\--- dirpath "
		    "\"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n"
		    "         |        \\--- verifier length 0: no octets\n"
		    "         \\--- verifier flavor 0 = AUTH_NONE\n"
		    "00000030 61616161 61616161 61616161 61616161 |aaaaaaaaaaaaaaaa|\n"
		    "00000040 61616161 61616161 61616161 61616161 |aaaaaaaaaaaaaaaa|\n"
		    "00000050 61616161                            |aaaa            |\n"
		    "        >--------\n"
		    "\n");
}

/* Elements have no name of their own. */
static void
test_elements(void **state)
{
	(void)state;
	scene_record("34a2a6a5 00000000 00000002 20000099 00000001 00000002 00000000 00000000 "
		     "00000000 00000000 00000001 ffffffff 00000001 00000005 00000000",
		     false);
	assert_text(dump_from("00000020"),
		    "00000020 00000000 00000000 00000001 ffffffff |................|\n"
		    "         -------- -------- -------- --------\n"
		    "         |        |        |        \\--- element: -1\n"
		    "         |        |        \\--- 1 element of plain\n"
		    "         |        \\--- verifier length 0: no octets\n"
		    "         \\--- verifier flavor 0 = AUTH_NONE\n"
		    "00000030 00000001 00000005 00000000          |............    |\n"
		    "         -------- -------- --------\n"
		    "         |        |        \\--- 0: it is left out\n"
		    "         |        \\--- size 5\n"
		    "         \\--- 1 element of typed\n"
		    "\n");
}

static void
test_flags_and_cut(void **state)
{
	(void)state;
	scene_record(PUT "01020301 00000006 61626364 65660000 00000000", false);
	assert_non_null(strstr(dump(), "\\--- three, 3 octets ** padding is not zero **\n"));
	scene_frame(1, CALL_TIME, CALL_FRAME);
	scene_message(42, 46, 56);
	assert_non_null(strstr(dump(), "          ** cut: 46 of 56 octets captured **\n"));
	assert_text(dump_from("00000020"),
		    "00000020 00000000 00000000 000186a5 0000     |..............  |\n"
		    "         -------- -------- -------- ----\n"
		    "         |        |        |        \\--- 2 octets not decoded "
		    "** cut: the capture ends in it **\n"
		    "         |        |        \\--- program 100005 = mountd\n"
		    "         |        \\--- verifier length 0: no octets\n"
		    "         \\--- verifier flavor 0 = AUTH_NONE\n"
		    "\n");
}

static void
test_credential(void **state)
{
	(void)state;
	scene_record("34a2a6a5 00000000 00000002 20000099 00000001 00000000 00000001 0000001c "
		     "00000001 00000003 61626300 00000000 00000005 00000001 00000006 "
		     "00000000 00000000",
		     false);
	assert_text(dump_from("00000010"),
		    "00000010 00000001 00000000 00000001 0000001c |................|\n"
		    "         -------- -------- -------- --------\n"
		    "         |        |        |        \\--- credential length 28\n"
		    "         |        |        \\--- credential flavor 1 = AUTH_SYS\n"
		    "         |        \\--- procedure 0 = NULL\n"
		    "         \\--- program version 1\n"
		    "00000020 00000001 00000003 61626300 00000000 |........abc.....|\n"
		    "         -------- ----------------- --------\n"
		    "         |        |                 \\--- uid 0 = root\n"
		    "         |        \\--- machinename \"abc\"\n"
		    "         \\--- stamp 1\n"
		    "00000030 00000005 00000001 00000006 00000000 |................|\n"
		    "         -------- -------- -------- --------\n"
		    "         |        |        |        \\--- verifier flavor 0 = AUTH_NONE\n"
		    "         |        |        \\--- gid 6\n"
		    "         |        \\--- 1 element of gids\n"
		    "         \\--- gid 5\n"
		    "00000040 00000000                            |....            |\n"
		    "         --------\n"
		    "         \\--- verifier length 0: no octets\n"
		    "\n");
}

static void
test_frames_of_a_record(void **state)
{
	static const struct extent extents[] = {
		{.frame = 7, .offset = 0, .length = 20, .frame_offset = 70},
		{.frame = 9, .offset = 20, .length = 8, .frame_offset = 66},
	};
	(void)state;
	scene_frame(9, REPLY_TIME, REPLY_FRAME);
	scene.record.extents = extents;
	scene.record.extent_count = 2;
	scene.record.fragments = 3;
	const char *text = dump();
	assert_non_null(strstr(text,
			       "RPC       reply, 28 octets in 3 record fragments, "
			       "session 1 (call not seen)\n"
			       "          00000000 to 00000013 from frame 7, octet 70\n"
			       "          00000014 to 0000001b from frame 9, octet 66\n"));
	assert_non_null(strstr(text, "; the message is in frames 7, 9\n"));
}

/* Every prefix of the call: the dump has each octet at hand once and ends. */
static void
test_every_prefix(void **state)
{
	(void)state;
	for (uint32_t size = 0; size <= 56; size++) {
		scene_frame(1, CALL_TIME, CALL_FRAME);
		scene_message(42, size, 56);
		const char *text = dump();
		assert_int_equal(text[strlen(text) - 1], '\n');
		if (size > 16)
			assert_non_null(strstr(text, "\n00000010 "));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_bad_checksums_are_said),
		cmocka_unit_test(test_long_fields),
		cmocka_unit_test(test_host_names),
		cmocka_unit_test(test_quoted_by_an_icmp_error),
		cmocka_unit_test(test_other_headers),
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_long_field),
		cmocka_unit_test(test_flags_and_cut),
		cmocka_unit_test(test_credential),
		cmocka_unit_test(test_frames_of_a_record),
		cmocka_unit_test(test_every_prefix),
	};
	specification = extra;
	return cmocka_run_group_tests(tests, scene_begin, scene_end);
}
