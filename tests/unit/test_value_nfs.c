/*
 * test_value_nfs: what values of NFS and of the programs around it look like, type by type;
 * and whole messages of them as lines.
 */
#include "../../src/out/value_rows.h"
#include "out_support.h"

/* Octets as a value of that type; the tape's first field is it. */
static const struct field *
decode(const char *type, const char *hex)
{
	struct tape *tape = &scene.output.tape;
	struct walker walker;
	uint16_t id = spec_find_type(scene.spec, type);
	scene.size = scene_digits(scene.octets, hex);
	tape_reset(tape, scene.spec, scene.octets, scene.size, scene.size);
	walker_init(&walker, tape, 0, NULL);
	assert_int_not_equal(id, TYPE_VOID);
	assert_true(walk(&walker, id, NAME_NONE));
	assert_int_equal(walker_offset(&walker), scene.size);
	return &tape->fields[0];
}

struct saying {
	const char *type, *octets, *text, *line;
};

static void
check(const struct saying *sayings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct field *field = decode(sayings[i].type, sayings[i].octets);
		struct value_context context = {scene.names, &scene.output.tape, NULL};
		text_reset(&scene.text);
		value_text(&scene.text, &context, field);
		assert_text(text_string(&scene.text), sayings[i].text);
		text_reset(&scene.text);
		value_line(&scene.text, &context, field);
		assert_text(text_string(&scene.text), sayings[i].line);
	}
}

#define CHECK(sayings) check(sayings, sizeof sayings / sizeof sayings[0])

static void
test_names_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; value_nfs_name(i) != NULL; i++) {
		const char *name = value_nfs_name(i);
		if (i > 0)
			assert_true(strcmp(value_nfs_name(i - 1), name) < 0);
		assert_int_not_equal(value_nfs_number(name), 0);
		assert_true(value_nfs_number(name) <= value_nfs_count);
		/* A name that no specification has would be a slip of the pen. */
		if (spec_find_type(scene.spec, name) == TYPE_VOID &&
		    strcmp(name, "nfs_fh") != 0)
			fail_msg("no type %s", name);
	}
	assert_int_equal(value_nfs_number(""), 0);
	assert_int_equal(value_nfs_number("fhandl"), 0);
	assert_int_equal(value_nfs_number("zzz"), 0);
	assert_true(value_rpc_count + value_nfs_count <= UINT8_MAX);
}

static void
test_handles(void **state)
{
	/* "123456789" is what CRC-32 is checked with: cbf43926. */
	static const struct saying handles[] = {
		{"nfs_fh3", "00000009 31323334 35363738 39000000",
		 "cbf43926/9: 313233343536373839", "fh cbf43926/9"},
		{"nfs_fh4", "00000009 31323334 35363738 39000000",
		 "cbf43926/9: 313233343536373839", "fh cbf43926/9"},
		{"nlm_fh", "00000000", "00000000/0", "fh 00000000/0"},
		{"fhandle", "0000000000000000000000000000000000000000000000000000000000000000",
		 "190a55ad/32: "
		 "0000000000000000000000000000000000000000000000000000000000000000",
		 "fh 190a55ad/32"},
	};
	(void)state;
	CHECK(handles);
	assert_int_equal(value_hash((const uint8_t *)"123456789", 9), 0xcbf43926);
}

static void
test_modes_and_bits(void **state)
{
	static const struct saying values[] = {
		{"mode3", "000001ed", "0755 (rwxr-xr-x)", "rwxr-xr-x"},
		{"mode4", "00000000", "0000 (---------)", "---------"},
		{"mode2", "000081a4", "0100644 (rw-r--r--)", "rw-r--r--"},
		{"mode3", "00000fff", "07777 (rwsrwsrwt)", "rwsrwsrwt"},
		{"mode3", "00000e00", "07000 (--S--S--T)", "--S--S--T"},
		{"gss_handle", "00000000", "0 octets", ""},
		{"mode2", "ffffffff", "4294967295 (not set)", ""},
		{"access3", "0000001f", "31 (READ LOOKUP MODIFY EXTEND DELETE)",
		 "read|lookup|modify|extend|delete"},
		{"access4", "00000801", "2049 (READ 0x800)", "read|0x800"},
		{"share_access4", "00000403", "1027 (BOTH WANT_NO_DELEG)",
		 "both|want_no_deleg"},
		{"sequence_flags4", "00000000", "0", ""},
		{"sequence_flags4", "00000081", "129 (CB_PATH_DOWN LEASE_MOVED)",
		 "cb_path_down|lease_moved"},
		{"secattr_mask", "00000005", "5 (ACL DFACL)", "acl|dfacl"},
	};
	(void)state;
	CHECK(values);
}

static void
test_times(void **state)
{
	static const struct saying times[] = {
		{"nfstime3", "00000001 00000002", "1970-01-01T00:00:01.000000002Z",
		 "1970-01-01T00:00:01Z"},
		{"nfstime2", "00000001 00000002", "1970-01-01T00:00:01.000002000Z",
		 "1970-01-01T00:00:01Z"},
		{"nfstime4", "ffffffffffffffff 3b9ac9ff", "1969-12-31T23:59:59.999999999Z",
		 "1969-12-31T23:59:59Z"},
		/* No such time: its members have to say it. */
		{"nfstime3", "00000001 3b9aca00", "", ""},
		{"nfstime4", "7fffffffffffffff 00000000", "", ""},
		{"nfstime4", "8000000000000000 00000000", "", ""},
		{"fattr4_time_delta", "0000000000000000 00000001", "1 ns", ""},
		{"nfstimedelta3", "00000001 00000000", "1.000 s", ""},
		{"set_mtime", "00000000", "", ""},
		{"set_mtime", "00000001", "", "now"},
		{"set_mtime", "00000002 00000001 00000002", "", "1970-01-01T00:00:01Z"},
		{"settime4", "00000000", "", "now"},
		{"settime4", "00000001 0000000000000001 00000000", "", "1970-01-01T00:00:01Z"},
	};
	(void)state;
	CHECK(times);
}

static void
test_states_and_owners(void **state)
{
	static const struct saying values[] = {
		{"stateid4", "00000001 313233343536373839303132", "1:5d34eb96",
		 "stateid 1:5d34eb96"},
		{"stateid4", "00000000 000000000000000000000000", "anonymous",
		 "stateid anonymous"},
		{"stateid4", "ffffffff ffffffffffffffffffffffff", "bypass", "stateid bypass"},
		{"stateid4", "00000001 000000000000000000000000", "current", "stateid current"},
		{"stateid4", "ffffffff 000000000000000000000000", "invalid", "stateid invalid"},
		{"clientid4", "0000000100000002", "100000002", "clientid 100000002"},
		{"owner_id4", "00000003 636c3100", "\"cl1\"", "\"cl1\""},
		{"owner_id4", "00000003 636c0100", "3 octets: 636c01", "3 octets"},
		{"nsm_state", "00000005", "5 (up)", "5 up"},
		{"nsm_state", "00000006", "6 (down)", "6 down"},
		{"nlm4_len", "0000000000000000", "0", "to the end"},
		{"nlm_len", "ffffffff", "4294967295", "to the end"},
		{"length4", "0000000000000000", "0", "length 0"},
		{"length4", "ffffffffffffffff", "18446744073709551615", "to the end"},
		{"netaddr4", "00000003 74637000 0000000c 31302e30 2e302e31 2e382e31",
		 "tcp 10.0.0.1 port 2049", "tcp 10.0.0.1 port 2049"},
		{"netaddr4", "00000003 74637000 00000001 78000000", "tcp \"x\"", "tcp \"x\""},
	};
	(void)state;
	CHECK(values);
}

static void
test_text(void **state)
{
	static const struct saying values[] = {
		{"component4", "00000005 6461c3a4 1b000000", "\"da\xc3\xa4\\x1b\"",
		 "\"da\xc3\xa4\\x1b\""},
		{"component4", "00000000", "\"\"", "\"\""},
		{"utf8str_cs", "00000000", "\"\"", ""},
		{"utf8str_cs", "00000002 ff410000", "\"\\xffA\"", "\"\\xffA\""},
	};
	(void)state;
	CHECK(values);
	struct value_context context = {scene.names, &scene.output.tape, NULL};
	const struct field *field = decode("component4", "00000005 6461c3a4 ff000000");
	text_reset(&scene.text);
	value_json(&scene.text, &context, field);
	assert_text(text_string(&scene.text), "\"da\xc3\xa4\\\\xff\"");
	text_reset(&scene.text);
	value_explain(&scene.text, &context, field);
	assert_text(text_string(&scene.text), "component4 \"da\xc3\xa4\\xff\"");
}

static void
test_bitmaps(void **state)
{
	static const struct saying values[] = {
		{"bitmap4", "00000002 00000012 00000002", "type size mode", ""},
		{"bitmap4", "00000002 00000000 00000002", "mode", ""},
		{"bitmap4", "00000003 00000000 00000000 80000001", "layout_types 95", ""},
		{"bitmap4", "00000000", "", ""},
		{"bitmap4_ops", "00000002 0000001a 00000001", "1 ACCESS CLOSE SAVEFH", ""},
		{"bitmap4_io_advise", "00000001 00000005", "NORMAL SEQUENTIAL_BACKWARDS", ""},
		{"bitmap4_notify", "00000001 80000008", "ADD_ENTRY 31", ""},
		{"bitmap4_notify_device", "00000001 00000006", "CHANGE DELETE", ""},
		{"bitmap4_threshold", "00000001 00000009", "READ_SIZE WRITE_IOSIZE", ""},
		{"bitmap4_open_want", "00000001 00000008", "WANT_ANY_DELEG", ""},
		{"bitmap4_recall", "00000001 00000009", "RDATA_DLG FILE_LAYOUT", ""},
		{"acetype4", "00000001", "1 (DENIED)", "denied"},
		{"acetype4", "00000009", "9 (0x9)", "0x9"},
		{"aceflag4", "00000043", "67 (FILE_INHERIT DIRECTORY_INHERIT IDENTIFIER_GROUP)",
		 "file_inherit|directory_inherit|identifier_group"},
		{"acemask4", "00120001", "00120001 (READ_DATA READ_ACL SYNCHRONIZE)",
		 "read_data|read_acl|synchronize"},
		{"acl_support4", "00000003", "3 (ALLOW DENY)", "allow|deny"},
		{"fh_expire4", "00000000", "0 (PERSISTENT)", "persistent"},
		{"fh_expire4", "00000006", "6 (VOLATILE_ANY VOL_MIGRATION)",
		 "volatile_any|vol_migration"},
		{"nfl_util4", "00010003", "65539 (stripe unit 65536 DENSE COMMIT_THRU_MDS)",
		 "65539"},
		{"nfl_util4", "00001000", "4096 (stripe unit 4096)", "4096"},
		{"layouthint_care4", "00000041", "65 (DENSE STRIPE_UNIT_SIZE)",
		 "dense|stripe_unit_size"},
		{"time_span4", "00000000 0000005a 00000000", "90.000 s", ""},
		{"mode2", "ffffffff", "4294967295 (not set)", ""},
		{"set_uid2", "ffffffff", "4294967295 (not set)", ""},
		{"set_uid2", "00000000", "0 (root)", "0"},
		{"set_size2", "ffffffff", "4294967295 (not set)", ""},
		{"size2", "ffffffff", "4294967295", "4294967295"},
		{"set_time2", "ffffffff ffffffff", "not set", ""},
		{"set_time2", "6553f101 000f4240", "now", "now"},
		{"set_time2", "6553f101 00000005", "2023-11-14T22:13:21.000005000Z",
		 "2023-11-14T22:13:21Z"},
	};
	(void)state;
	CHECK(values);
	struct value_context context = {scene.names, &scene.output.tape, NULL};
	const struct field *field = decode("bitmap4", "00000003 00000012 00000000 80000002");
	text_reset(&scene.text);
	value_json(&scene.text, &context, field);
	assert_text(text_string(&scene.text), "[\"type\",\"size\",\"layout_blksize\",95]");
	text_reset(&scene.text);
	value_text(&scene.text, &context, field + 4);
	assert_text(text_string(&scene.text), "80000002 (layout_blksize 95)");
	/* Ten words: numbers, so that no message makes an object of a hundred times its size.
	 */
	field = decode("bitmap4", "0000000a ffffffff 00000000 00000000 00000000 00000000"
				  "00000000 00000000 00000000 00000000 00000001");
	text_reset(&scene.text);
	value_json(&scene.text, &context, field);
	assert_text(text_string(&scene.text), "[4294967295,0,0,0,0,0,0,0,0,1]");
}

static bool
fails(const char *type, const char *hex)
{
	return value_status_failed(scene.spec, decode(type, hex));
}

static void
test_what_success_is(void **state)
{
	(void)state;
	assert_false(fails("nfsstat3", "00000000"));
	assert_true(fails("nfsstat3", "00000002"));
	assert_false(fails("gqr_status", "00000001")); /* Q_OK */
	assert_true(fails("gqr_status", "00000002"));
	assert_false(fails("nlm4_stats", "00000000"));
	assert_true(fails("nlm4_stats", "00000003"));
	assert_false(fails("access3", "00000003")); /* no enumeration */
}

/* Of a user's program the names are all there is. */
static void
test_outcomes_by_name(void **state)
{
	static const char text[] =
		"enum ypstat { YP_TRUE = 1, YP_NOMORE = 2, YP_FALSE = 0, YP_NOMAP = -1 };\n"
		"enum ypbind_resptype { YPBIND_SUCC_VAL = 1, YPBIND_FAIL_VAL = 2 };\n"
		"enum kind { E_A, E_D = 16 };\n"
		"enum lamp_state { LAMP_OFF, LAMP_ON };\n"
		"enum boiler_err { BOILER_FINE, BOILER_HOT };\n"
		"enum pump_result { PUMP_NO_ERROR = 3, PUMP_NOT_OK = 4, PUMP_NO_CHANGE = 0 };\n"
		"typedef ypstat answer;\n";
	static const struct {
		const char *type;
		bool status;
		int64_t value;
		bool failed;
	} rows[] = {
		{"ypstat", true, 1, false},         {"ypstat", true, -1, true},
		{"ypstat", true, 0, true},          {"answer", true, 1, false},
		{"answer", true, 77, true},         {"ypbind_resptype", true, 1, false},
		{"ypbind_resptype", true, 2, true}, {"kind", false, 0, false},
		{"lamp_state", false, 0, false},    {"boiler_err", true, 0, false},
		{"boiler_err", true, 1, true},      {"pump_result", true, 3, false},
		{"pump_result", true, 4, true},     {"pump_result", true, 0, false},
		{"nfsstat4", true, 10003, true},    {"ftype3", false, 1, true},
	};
	struct error error = {{0}};
	(void)state;
	assert_true(spec_load_text(scene.spec, "own.x", text, sizeof text - 1, false, &error));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint16_t type = spec_find_type(scene.spec, rows[i].type);
		assert_int_not_equal(type, TYPE_VOID);
		assert_int_equal(spec_is_status(scene.spec, type), rows[i].status);
		if (rows[i].status)
			assert_int_equal(spec_status_failed(scene.spec, type, rows[i].value),
					 rows[i].failed);
	}
}

#define NFS_CALL(program, version, procedure)                                                  \
	"34a2a6a5 00000000 00000002 " program version procedure                                \
	" 00000000 00000000 00000000 00000000 "
#define SUCCESS "34a2a6a5 00000001 00000000 00000000 00000000 00000000 "

static const char *
line_end(void)
{
	const char *at = strstr(scene_print(&output_line), "0x");
	assert_non_null(at);
	return at + 11;
}

static void
test_calls_in_a_line(void **state)
{
	static const struct {
		const char *record, *line;
	} cases[] = {
		{NFS_CALL("000186a3", "00000004",
			  "00000001") "00000000 00000001 00000001 0000002b "
				      "0000000000000007 00000001 00000002 "
				      "00000000 00100400 00100380 00001000 00000008 00000040 "
				      "00000000 "
				      "00000000 00001000 00001000 00000000 00000002 00000010 "
				      "00000000 "
				      "40000000 00000000",
		 "nfs v4.1 COMPOUND CREATE_SESSION clientid 00000007 conn_back_chan "
		 "64 slots of 1049600/1049472 nfs_callback\n"},
		/* a clone has two offsets */
		{NFS_CALL("000186a3", "00000004",
			  "00000001") "00000000 00000002 00000001 00000047 "
				      "00000000 00000000 00000000 00000000 00000000 00000000 "
				      "00000000 00000000 "
				      "0000000000000001 0000000000000002 0000000000000003",
		 "nfs v4.2 COMPOUND CLONE stateid anonymous stateid anonymous source offset 1 "
		 "target offset 2 length 3\n"},
		{NFS_CALL("000186a3", "00000003", "00000003") "00000004 01020304 00000004 "
							      "64617461",
		 "nfs v3 LOOKUP fh b63cfbcd/4 \"data\"\n"},
		{NFS_CALL("000186a3", "00000003",
			  "00000006") "00000004 01020304 0000000000002000 00001000",
		 "nfs v3 READ fh b63cfbcd/4 offset 8192 count 4096\n"},
		/* CREATE, a mode and nothing else */
		{NFS_CALL("000186a3", "00000003", "00000008") "00000004 01020304 00000001 "
							      "78000000 00000000 00000001 "
							      "000001a4 00000000 00000000 "
							      "00000000 00000000 00000001",
		 "nfs v3 CREATE fh b63cfbcd/4 \"x\" UNCHECKED rw-r--r-- mtime now\n"},
		{NFS_CALL("000186b5", "00000004",
			  "00000002") "00000004 aabbccdd 00000001 00000000 "
				      "00000003 636c3100 00000004 01020304 00000000 00000007 "
				      "0000000000000000 0000000000000000 00000000 00000003",
		 "nlockmgr v4 LOCK block \"cl1\" fh b63cfbcd/4 svid 7 offset 0 to the end\n"},
		/* LOCK_RES: a call that is an answer */
		{NFS_CALL("000186b5", "00000004", "0000000c") "00000001 aa000000 00000000",
		 "nlockmgr v4 LOCK_RES NLM4_GRANTED\n"},
		{NFS_CALL("000186b5", "00000004", "0000000c") "00000001 aa000000 00000001",
		 "nlockmgr v4 LOCK_RES ** NLM4_DENIED (1) **\n"},
		{NFS_CALL("000186b8", "00000001", "00000006") "00000002 68310000 00000005",
		 "status v1 SM_NOTIFY \"h1\" state 5 up\n"},
		/* PUTROOTFH, LOOKUP "srv", GETFH, GETATTR in 4.2, with a tag */
		{NFS_CALL("000186a3", "00000004", "00000001") "00000002 68690000 00000002 "
							      "00000004 00000018 0000000f "
							      "00000003 73727600 0000000a "
							      "00000009 00000001 00000012",
		 "nfs v4.2 COMPOUND tag \"hi\" PUTROOTFH LOOKUP \"srv\" GETFH GETATTR\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		scene_record(cases[i].record, false);
		assert_text(line_end(), cases[i].line);
	}
}

/* A file of 7 octets, uid 1000, gid 100; atime, mtime, ctime 1, 2, 3. */
#define ATTRIBUTES_3                                                                           \
	"00000001 000001a4 00000001 000003e8 00000064 0000000000000007 0000000000000007 "      \
	"00000000 00000000 0000000000000001 0000000000000002 00000001 00000000 "               \
	"00000002 00000000 00000003 00000000 "

#define RELATION " (call in 1, 3.951 ms)\n"
#define FATTR                                                                                  \
	"00000002 000001ed 00000003 00000000 00000000 0000000000001000 0000000000001000 "      \
	"00000000 00000000 0000000000000001 0000000000000002 00000001 00000000 "               \
	"00000001 00000000 00000001 00000000 "
static const struct {
	const char *record;
	uint32_t program, version, procedure;
	const char *line;
} replies[] = {
	{SUCCESS "00000000 " FATTR, 100003, 3, 1,
	 "nfs v3 GETATTR NFS3_OK NF3DIR rwxr-xr-x 0:0 size 4096 "
	 "mtime 1970-01-01T00:00:01Z" RELATION},
	{SUCCESS "00000000 00000004 01020304 00000001 " FATTR "00000000", 100003, 3, 3,
	 "nfs v3 LOOKUP NFS3_OK fh b63cfbcd/4 NF3DIR rwxr-xr-x 0:0 size 4096 "
	 "mtime 1970-01-01T00:00:01Z" RELATION},
	{SUCCESS "00000002 00000000", 100003, 3, 3,
	 "nfs v3 LOOKUP ** NFS3ERR_NOENT (2) **" RELATION},
	/* READDIR of two names, the last */
	{SUCCESS "00000000 00000000 0000000000000000 "
		 "00000001 0000000000000001 00000001 2e000000 0000000000000001 "
		 "00000001 0000000000000002 00000001 61000000 0000000000000002 "
		 "00000000 00000001",
	 100003, 3, 16, "nfs v3 READDIR NFS3_OK 2 entries eof" RELATION},
	{SUCCESS "00000000 00000004 01020304 00000003 00000001 0005f373 00000063", 100005, 3, 1,
	 "mountd v3 MNT MNT3_OK fh b63cfbcd/4 auth_flavors AUTH_SYS,krb5,99" RELATION},
	{SUCCESS "00000001 00000001 2f000000 00000000 00000000", 100005, 3, 5,
	 "mountd v3 EXPORT 1 export" RELATION},
	{SUCCESS "00000004 aabbccdd 00000003", 100021, 4, 2,
	 "nlockmgr v4 LOCK ** NLM4_BLOCKED (3) **" RELATION},
	/* SEQUENCE's flags, then a LOOKUP that failed */
	{SUCCESS "00000002 00000000 00000003 00000018 00000000 0000000f 00000002 "
		 "0000000a 00000000 00000001 01000000",
	 100003, 4, 1,
	 "nfs v4 COMPOUND ** NFS4ERR_NOENT (2) ** PUTROOTFH "
	 "** LOOKUP NFS4ERR_NOENT ** GETFH" RELATION},
	{SUCCESS "00000000 00000000 00000002 00000035 00000000 "
		 "01020304050607080102030405060708 00000001 00000000 00000000 00000000 "
		 "00000080 00000009 00000000 00000002 00000012 00000002 00000010 "
		 "00000001 0000000000000007 000001a4",
	 100003, 4, 1,
	 "nfs v4 COMPOUND NFS4_OK SEQUENCE lease_moved "
	 "GETATTR NF4REG size 7 rw-r--r--" RELATION},
	/* owner and group of version 4, bare and quoted */
	{SUCCESS "00000000 00000000 00000001 00000009 00000000 00000002 00000000 00000030 "
		 "00000010 00000003 726f6f00 00000003 61206200",
	 100003, 4, 1, "nfs v4 COMPOUND NFS4_OK GETATTR roo:\"a b\"" RELATION},
	/* a handle has its attributes with it; a directory's are left out */
	{SUCCESS "00000000 00000004 01020304 00000001 " ATTRIBUTES_3 "00000000", 100003, 3, 3,
	 "nfs v3 LOOKUP NFS3_OK fh b63cfbcd/4 NF3REG rw-r--r-- 1000:100 size "
	 "7" RELATION},
	{SUCCESS "00000000 00000001 " ATTRIBUTES_3 "00000003", 100003, 3, 4,
	 "nfs v3 ACCESS NFS3_OK read|lookup" RELATION},
	{SUCCESS "00000000 00000000 00000000", 100003, 3, 4,
	 "nfs v3 ACCESS NFS3_OK nothing granted" RELATION},
	/* rights that are denied stand first */
	{SUCCESS "00000000 00000000 00000001 00000003 00000000 0000001f 00000003", 100003, 4, 1,
	 "nfs v4 COMPOUND NFS4_OK ACCESS denied modify|extend|delete "
	 "granted read|lookup" RELATION},
	{SUCCESS "00000000 00000000 00000001 00000003 00000000 00000003 00000003", 100003, 4, 1,
	 "nfs v4 COMPOUND NFS4_OK ACCESS read|lookup" RELATION},
	/* SECINFO: which flavors */
	{SUCCESS "00000000 00000000 00000001 00000021 00000000 00000003 "
		 "00000006 00000009 2a864886 f7120102 02000000 00000000 00000002 "
		 "00000001 00000006 00000001 2a000000 00000000 00000001",
	 100003, 4, 1,
	 "nfs v4 COMPOUND NFS4_OK SECINFO flavors krb5i,AUTH_SYS,RPCSEC_GSS" RELATION},
	/* who holds the lock */
	{SUCCESS "00000004 aabbccdd 00000001 00000001 00000007 00000005 34406c32 32000000 "
		 "00000000 00000000 00000000 00000000",
	 100021, 4, 1,
	 "nlockmgr v4 TEST ** NLM4_DENIED (1) ** exclusive svid 7 \"4@l22\" offset 0 "
	 "to the end" RELATION},
};

static void
test_replies_in_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
		scene_record(replies[i].record, true);
		scene_answers(replies[i].program, replies[i].version, replies[i].procedure);
		assert_text(line_end(), replies[i].line);
	}
}

/* As many operations as a line cannot hold: the one that failed is never among those left out.
 */
static void
test_long_compound(void **state)
{
	static char hex[4096] = SUCCESS "00002726 00000000 00000010";
	(void)state;
	for (int i = 0; i < 15; i++)
		strcat(hex, " 00000018 00000000");
	strcat(hex, " 00000015 00002726");
	scene_record(hex, true);
	scene_answers(100003, 4, 1);
	const char *line = scene_print(&output_line);
	unsigned stars = 0;
	assert_true(strlen(line) <= 200);
	for (const char *at = line; (at = strstr(at, "**")) != NULL; at += 2)
		stars++;
	assert_int_equal(stars % 2, 0);
	assert_non_null(strstr(line, "more ** OPEN_DOWNGRADE NFS4ERR_STALE_CLIENTID **"));
	assert_non_null(strstr(line, "(call in 1, 3.951 ms)\n"));
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Whatever the octets of a COMPOUND are: one line of bounded width, and every form at peace. */
static void
test_broken_compounds(void **state)
{
	enum { ROUNDS = 3000, CHANGES = 3, BODY = 40 };
	static const struct output_form *const forms[] = {&output_tree, &output_hex,
							  &output_json};
	static const char call[] =
		NFS_CALL("000186a3", "00000004",
			 "00000001") "00000002 68690000 00000002 00000004 00000018 0000000f "
				     "00000003 73727600 "
				     "0000000a 00000009 00000002 00000012 00000002";
	static const char reply[] =
		SUCCESS "00000000 00000000 00000003 00000018 00000000 00000009 00000000 "
			"00000002 00000012 0000003a 00000010 00000001 0000000000000007 "
			"000001a4 00000022 00000000 00000001 00000012";
	uint32_t random = 20261121;
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t seed = random;
		bool is_reply = round % 2 != 0;
		scene_record(is_reply ? reply : call, is_reply);
		uint32_t size = scene.record.length;
		for (int i = 0; i < CHANGES; i++)
			scene.octets[64 + BODY + next_random(&random) % (size - BODY)] =
				(uint8_t)(next_random(&random) % 3 ? next_random(&random) % 80
								   : next_random(&random));
		uint32_t captured = size - next_random(&random) % (size - BODY);
		scene_message(64, next_random(&random) % 2 ? captured : size, size);
		if (is_reply)
			scene_answers(100003, 4, 1);
		const char *line = scene_print(&output_line);
		if (strlen(line) > 200 || strchr(line, '\n') != line + strlen(line) - 1)
			fail_msg("seed %u: %s", seed, line);
		for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
			assert_true(strlen(scene_print(forms[i])) > 0);
	}
}

static void
test_json_of_attributes(void **state)
{
	(void)state;
	scene_record(SUCCESS "00000000 00000000 00000002 00000009 00000000 00000001 00000002 "
			     "00000004 00000001 00000009 00000000 00000000 00000000",
		     true);
	scene_answers(100003, 4, 1);
	const char *body = strstr(scene_print(&output_json), "\"body\"");
	assert_non_null(body);
	assert_text(body, "\"body\":{\"status\":\"NFS4_OK\",\"tag\":\"\",\"resarray\":["
			  "{\"resop\":\"OP_GETATTR\",\"status\":\"NFS4_OK\",\"obj_attributes\":"
			  "{\"attrmask\":[\"type\"],\"attr_vals\":{\"type\":\"NF4REG\"}}},"
			  "{\"resop\":\"OP_GETATTR\",\"status\":\"NFS4_OK\",\"obj_attributes\":"
			  "{\"attrmask\":[],\"attr_vals\":{}}}]}}\n");
}

static void
test_tree_of_a_time(void **state)
{
	(void)state;
	scene_record(SUCCESS "00000000 " FATTR, true);
	scene_answers(100003, 3, 1);
	const char *tree = scene_print(&output_tree);
	assert_non_null(strstr(tree, "      mode = 0755 (rwxr-xr-x)\n"));
	assert_non_null(strstr(tree, "      atime = 1970-01-01T00:00:01.000000000Z\n"));
	assert_non_null(strstr(tree, "        seconds = 1\n"));
}

static void
test_dump_of_a_time(void **state)
{
	(void)state;
	scene_record(SUCCESS "00000000 " FATTR, true);
	scene_answers(100003, 3, 1);
	const char *dump = scene_print(&output_hex);
	assert_non_null(strstr(dump, "\\--- mode 0755 = rwxr-xr-x\n"));
	assert_non_null(strstr(dump, "\\--- seconds 1: 1970-01-01T00:00:01.000000000Z\n"));
	assert_non_null(strstr(dump, "\\--- nseconds 0\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_in_order),
		cmocka_unit_test(test_handles),
		cmocka_unit_test(test_modes_and_bits),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_states_and_owners),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bitmaps),
		cmocka_unit_test(test_what_success_is),
		cmocka_unit_test(test_outcomes_by_name),
		cmocka_unit_test(test_calls_in_a_line),
		cmocka_unit_test(test_replies_in_a_line),
		cmocka_unit_test(test_long_compound),
		cmocka_unit_test(test_broken_compounds),
		cmocka_unit_test(test_json_of_attributes),
		cmocka_unit_test(test_tree_of_a_time),
		cmocka_unit_test(test_dump_of_a_time),
	};
	return cmocka_run_group_tests(tests, scene_begin, scene_end);
}
