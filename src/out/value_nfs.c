/*
 * value_nfs: what is known of the types of NFS and the programs around it.
 *
 * Many types mean the same: a name leads to a row. The names are in order, so that a
 * specification of a thousand types is asked about in no time; the test holds them to it.
 * Sets of bits have tables of their own. What does the writing is in value_words.c.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "value_rows.h"

/* RFC 1813 section 3.3.4, RFC 8881 section 18.1, RFC 8276 section 8.5. */
static const struct value_bit access_bits[] = {
	{0x001, 0x001, "READ"},   {0x002, 0x002, "LOOKUP"},
	{0x004, 0x004, "MODIFY"}, {0x008, 0x008, "EXTEND"},
	{0x010, 0x010, "DELETE"}, {0x020, 0x020, "EXECUTE"},
	{0x040, 0x040, "XAREAD"}, {0x080, 0x080, "XAWRITE"},
	{0x100, 0x100, "XALIST"}, {0, 0, NULL},
};

/* RFC 8881 section 18.46.3. */
static const struct value_bit sequence_bits[] = {
	{0x0001, 0x0001, "CB_PATH_DOWN"},
	{0x0002, 0x0002, "CB_GSS_CONTEXTS_EXPIRING"},
	{0x0004, 0x0004, "CB_GSS_CONTEXTS_EXPIRED"},
	{0x0008, 0x0008, "EXPIRED_ALL_STATE_REVOKED"},
	{0x0010, 0x0010, "EXPIRED_SOME_STATE_REVOKED"},
	{0x0020, 0x0020, "ADMIN_STATE_REVOKED"},
	{0x0040, 0x0040, "RECALLABLE_STATE_REVOKED"},
	{0x0080, 0x0080, "LEASE_MOVED"},
	{0x0100, 0x0100, "RESTART_RECLAIM_NEEDED"},
	{0x0200, 0x0200, "CB_PATH_DOWN_SESSION"},
	{0x0400, 0x0400, "BACKCHANNEL_FAULT"},
	{0x0800, 0x0800, "DEVID_CHANGED"},
	{0x1000, 0x1000, "DEVID_DELETED"},
	{0, 0, NULL},
};

/* RFC 8881 section 18.35.1, RFC 7862 section 14.1. */
static const struct value_bit exchange_bits[] = {
	{0x00000001, 0x00000001, "SUPP_MOVED_REFER"},
	{0x00000002, 0x00000002, "SUPP_MOVED_MIGR"},
	{0x00000004, 0x00000004, "SUPP_FENCE_OPS"},
	{0x00000100, 0x00000100, "BIND_PRINC_STATEID"},
	{0x00010000, 0x00010000, "USE_NON_PNFS"},
	{0x00020000, 0x00020000, "USE_PNFS_MDS"},
	{0x00040000, 0x00040000, "USE_PNFS_DS"},
	{0x40000000, 0x40000000, "UPD_CONFIRMED_REC_A"},
	{0x80000000, 0x80000000, "CONFIRMED_R"},
	{0, 0, NULL},
};

/* RFC 8881 section 18.36.1. */
static const struct value_bit session_bits[] = {
	{1, 1, "PERSIST"}, {2, 2, "CONN_BACK_CHAN"}, {4, 4, "CONN_RDMA"}, {0, 0, NULL}};

/* RFC 8881 section 18.16.1, RFC 9754 sections 4 and 5: the access and what is wanted beside. */
static const struct value_bit share_bits[] = {
	{0x00000003, 0x00000001, "READ"},
	{0x00000003, 0x00000002, "WRITE"},
	{0x00000003, 0x00000003, "BOTH"},
	{0x0000ff00, 0x00000100, "WANT_READ_DELEG"},
	{0x0000ff00, 0x00000200, "WANT_WRITE_DELEG"},
	{0x0000ff00, 0x00000300, "WANT_ANY_DELEG"},
	{0x0000ff00, 0x00000400, "WANT_NO_DELEG"},
	{0x0000ff00, 0x00000500, "WANT_CANCEL"},
	{0x00010000, 0x00010000, "WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL"},
	{0x00020000, 0x00020000, "WANT_PUSH_DELEG_WHEN_UNCONTENDED"},
	{0x00100000, 0x00100000, "WANT_DELEG_TIMESTAMPS"},
	{0x00200000, 0x00200000, "WANT_OPEN_XOR_DELEGATION"},
	{0, 0, NULL},
};

static const struct value_bit deny_bits[] = {
	{3, 1, "DENY_READ"}, {3, 2, "DENY_WRITE"}, {3, 3, "DENY_BOTH"}, {0, 0, NULL}};

/* RFC 8881 section 18.16.2, RFC 9754 section 4. */
static const struct value_bit open_bits[] = {
	{0x02, 0x02, "CONFIRM"},           {0x04, 0x04, "LOCKTYPE_POSIX"},
	{0x08, 0x08, "PRESERVE_UNLINKED"}, {0x10, 0x10, "NO_OPEN_STATEID"},
	{0x20, 0x20, "MAY_NOTIFY_LOCK"},   {0, 0, NULL},
};

/* RFC 1813 section 3.3.19. */
static const struct value_bit property_bits[] = {{0x01, 0x01, "LINK"},
						 {0x02, 0x02, "SYMLINK"},
						 {0x08, 0x08, "HOMOGENEOUS"},
						 {0x10, 0x10, "CANSETTIME"},
						 {0, 0, NULL}};

static const struct value_bit acl_bits[] = {
	{1, 1, "ACL"}, {2, 2, "ACLCNT"}, {4, 4, "DFACL"}, {8, 8, "DFACLCNT"}, {0, 0, NULL}};

static const struct value_bit permission_bits[] = {
	{4, 4, "read"}, {2, 2, "write"}, {1, 1, "execute"}, {0, 0, NULL}};

enum nfs_row {
	NONE,
	HANDLE,
	TIME,
	INTERVAL,
	SET_TIME,
	MODE,
	UMASK,
	PERMISSION,
	UID,
	GID,
	SIZE,
	SIZE2,
	FILE_TYPE,
	ACCESS,
	SUPPORTED,
	STATEID,
	CLIENTID,
	SESSION,
	DEVICE,
	COOKIE,
	OFFSET,
	LENGTH,
	LOCK_LENGTH,
	FLAG,
	TEXT,
	NAME,
	OWNER_ID,
	ADDRESS,
	ATTRIBUTES,
	ATTRIBUTE_LIST,
	BITMAP,
	BITMAP_WORD,
	BITS,
	BIT_WORD,
	STATUS,
	OPERATION,
	OPERATION_NUMBER,
	MINOR,
	SEQUENCE,
	SEQUENCE_FLAGS,
	EXCHANGE_FLAGS,
	SESSION_FLAGS,
	SHARE_ACCESS,
	SHARE_DENY,
	OPEN_FLAGS,
	FS_PROPERTIES,
	ACL_MASK,
	STATE,
	ENTRY,
	EXPORTS,
	MOUNTS,
	LAYOUTS,
	FLAVORS,
	DEFAULT_IS_ZERO,
	HIDDEN,
	NFS_ROWS
};

static const struct {
	const char *type;
	uint8_t row;
} names[] = {
	{"CB_SEQUENCE4args", HIDDEN},
	{"CB_SEQUENCE4resok", HIDDEN},
	{"SEQUENCE4args", HIDDEN},
	{"SEQUENCE4resok", SEQUENCE},
	{"access2", ACCESS},
	{"access3", ACCESS},
	{"access4", ACCESS},
	{"acl_count", HIDDEN},
	{"ascii_REQUIRED4", TEXT},
	{"attr_notice4", INTERVAL},
	{"attribute_word4", BITMAP_WORD},
	{"attrlist4", ATTRIBUTE_LIST},
	{"bit_word4", BIT_WORD},
	{"bitmap4", BITMAP},
	{"bitmap4_io_advise", BITS},
	{"bitmap4_notify", BITS},
	{"bitmap4_notify_device", BITS},
	{"bitmap4_open_access", BITS},
	{"bitmap4_open_claim", BITS},
	{"bitmap4_open_create", BITS},
	{"bitmap4_open_deny", BITS},
	{"bitmap4_open_want", BITS},
	{"bitmap4_ops", BITS},
	{"bitmap4_recall", BITS},
	{"bitmap4_threshold", BITS},
	{"callback_ident4", HIDDEN},
	{"callback_sec_parms4", HIDDEN},
	{"change_info4", HIDDEN},
	{"channel_attrs4", HIDDEN},
	{"clientaddr4", ADDRESS},
	{"clientid4", CLIENTID},
	{"component4", NAME},
	{"cookie3", COOKIE},
	{"cookieverf3", HIDDEN},
	{"copy_requirements4", HIDDEN},
	{"create_session_flags4", SESSION_FLAGS},
	{"createverf3", HIDDEN},
	{"deviceid4", DEVICE},
	{"entry", ENTRY},
	{"entry3", ENTRY},
	{"entry4", ENTRY},
	{"entryplus3", ENTRY},
	{"exchange_id_flags4", EXCHANGE_FLAGS},
	{"exports", EXPORTS},
	{"fattr", ATTRIBUTES},
	{"fattr3", ATTRIBUTES},
	{"fattr4", ATTRIBUTES},
	{"fattr4_dir_notif_delay", INTERVAL},
	{"fattr4_dirent_notif_delay", INTERVAL},
	{"fattr4_size", SIZE},
	{"fattr4_time_delta", INTERVAL},
	{"fattr4_type", FILE_TYPE},
	{"fhandle", HANDLE},
	{"fhandle3", HANDLE},
	{"flag", FLAG},
	{"fsproperties3", FS_PROPERTIES},
	{"ftype", FILE_TYPE},
	{"ftype3", FILE_TYPE},
	{"gid2", GID},
	{"gid3", GID},
	{"gqr_status", STATUS},
	{"layout4", LAYOUTS},
	{"length4", LENGTH},
	{"linktext4", NAME},
	{"minorversion4", MINOR},
	{"mode2", MODE},
	{"mode3", MODE},
	{"mode4", MODE},
	{"mountlist", MOUNTS},
	{"mountstat", STATUS},
	{"mountstat3", STATUS},
	{"netaddr4", ADDRESS},
	{"nfs_argop4", OPERATION},
	{"nfs_cb_argop4", OPERATION},
	{"nfs_cb_opnum4", OPERATION_NUMBER},
	{"nfs_cb_resop4", OPERATION},
	{"nfs_cookie4", COOKIE},
	{"nfs_fh", HANDLE},
	{"nfs_fh3", HANDLE},
	{"nfs_fh4", HANDLE},
	{"nfs_impl_id4", HIDDEN},
	{"nfs_opnum4", OPERATION_NUMBER},
	{"nfs_resop4", OPERATION},
	{"nfsace4", HIDDEN},
	{"nfscookie", HIDDEN},
	{"nfsstat", STATUS},
	{"nfsstat3", STATUS},
	{"nfsstat4", STATUS},
	{"nfstime2", TIME},
	{"nfstime3", TIME},
	{"nfstime4", TIME},
	{"nfstimedelta3", INTERVAL},
	{"nlm4_len", LOCK_LENGTH},
	{"nlm4_offset", OFFSET},
	{"nlm4_stats", STATUS},
	{"nlm_cookie", HIDDEN},
	{"nlm_fh", HANDLE},
	{"nlm_len", LOCK_LENGTH},
	{"nlm_offset", OFFSET},
	{"nlm_oh", HIDDEN},
	{"nlm_state", HIDDEN},
	{"nlm_stats", STATUS},
	{"notifylist4", ATTRIBUTE_LIST},
	{"notifylist_device4", ATTRIBUTE_LIST},
	{"nsm_state", STATE},
	{"o_mode", PERMISSION},
	{"offset2", OFFSET},
	{"offset3", OFFSET},
	{"offset4", OFFSET},
	{"open_claim_type4", DEFAULT_IS_ZERO},
	{"open_delegation_type4", DEFAULT_IS_ZERO},
	{"open_rflags4", OPEN_FLAGS},
	{"opentype4", HIDDEN},
	{"owner_id4", OWNER_ID},
	{"post_op_attr", HIDDEN},
	{"pre_op_attr", HIDDEN},
	{"secattr_mask", ACL_MASK},
	{"secinfo4", FLAVORS},
	{"secinfo_style4", DEFAULT_IS_ZERO},
	{"seqid4", HIDDEN},
	{"sequence_flags4", SEQUENCE_FLAGS},
	{"sequenceid4", HIDDEN},
	{"server_owner4", HIDDEN},
	{"sessionid4", SESSION},
	{"set_atime", SET_TIME},
	{"set_mtime", SET_TIME},
	{"settime4", SET_TIME},
	{"share_access4", SHARE_ACCESS},
	{"share_deny4", SHARE_DENY},
	{"size2", SIZE2},
	{"size3", SIZE},
	{"slotid4", HIDDEN},
	{"state_owner4", HIDDEN},
	{"state_protect4_a", HIDDEN},
	{"state_protect4_r", HIDDEN},
	{"stateid4", STATEID},
	{"supported4", SUPPORTED},
	{"thi_hintlist4", ATTRIBUTE_LIST},
	{"transfer_hint3", HIDDEN},
	{"uid2", UID},
	{"uid3", UID},
	{"umask4", UMASK},
	{"unix_uid", UID},
	{"unused2", HIDDEN},
	{"used3", HIDDEN},
	{"utf8str_cis", TEXT},
	{"utf8str_cs", TEXT},
	{"utf8str_mixed", TEXT},
	{"utf8string", TEXT},
	{"verifier4", HIDDEN},
	{"wcc_attr", HIDDEN},
	{"wcc_data", HIDDEN},
	{"writeverf3", HIDDEN},
};

/* A set of bits: its names behind the number, and in a line instead of it. */
#define BIT_SET(table) .bits = (table), .name = value_bits_name, .line = value_bits_line

const struct value_row value_nfs_rows[] = {
	[HANDLE] = {.title = "file handle",
		    .text = value_handle_text,
		    .line = value_handle_line,
		    .explain = value_handle_explain},
	[TIME] = {.whole = true, .text = value_time_text, .line = value_time_line},
	[INTERVAL] = {.whole = true, .text = value_interval_text, .hidden = true},
	[SET_TIME] = {.whole = true, .line = value_set_time_line},
	[MODE] = {.text = value_mode_text,
		  .name = value_mode_name,
		  .line = value_mode_line,
		  .explain = value_mode_explain,
		  .essential = true},
	[UMASK] = {.text = value_mode_text, .name = value_mode_name, .hidden = true},
	[PERMISSION] = {BIT_SET(permission_bits)},
	[UID] = {.name = value_root_name, .line = value_unless_all_ones},
	[GID] = {.name = value_root_name, .line = value_unless_all_ones},
	[SIZE] = {.essential = true},
	[SIZE2] = {.essential = true, .line = value_unless_all_ones},
	[FILE_TYPE] = {.essential = true},
	[ACCESS] = {BIT_SET(access_bits)},
	[SUPPORTED] = {.hidden = true, BIT_SET(access_bits)},
	[STATEID] = {.whole = true, .text = value_stateid_text, .line = value_stateid_line},
	[CLIENTID] = {.hexadecimal = true, .word = "clientid", .line = value_hexadecimal_line},
	[SESSION] = {.word = "session", .text = value_hash_text, .line = value_hash_line},
	[DEVICE] = {.word = "device", .text = value_hash_text, .line = value_hash_line},
	[COOKIE] = {.word = "cookie"},
	[OFFSET] = {.word = "offset"},
	[LENGTH] = {.word = "length", .line = value_length_line},
	[LOCK_LENGTH] = {.word = "len", .line = value_length_line},
	[FLAG] = {.line = value_flag_line},
	[TEXT] = {.text = value_utf8_text,
		  .line = value_utf8_line,
		  .explain = value_utf8_explain,
		  .json = value_utf8_json},
	[NAME] = {.word = "",
		  .text = value_utf8_text,
		  .line = value_utf8_line,
		  .explain = value_utf8_explain,
		  .json = value_utf8_json},
	[OWNER_ID] = {.text = value_owner_id_text, .line = value_owner_id_line},
	[ADDRESS] = {.whole = true, .text = value_netaddr_whole, .line = value_netaddr_whole},
	[ATTRIBUTES] = {.brief = true},
	[ATTRIBUTE_LIST] = {.members = true},
	[BITMAP] = {.whole = true,
		    .hidden = true,
		    .text = value_bitmap_text,
		    .json = value_bitmap_json},
	[BITMAP_WORD] = {.title = "attributes",
			 .name = value_bit_word_name,
			 .hexadecimal = true,
			 .hidden = true},
	[BITS] = {.whole = true, .hidden = true, .text = value_bitmap_text},
	[BIT_WORD] = {.title = "bits",
		      .name = value_bit_word_name,
		      .hexadecimal = true,
		      .hidden = true},
	[STATUS] = {.status = true, .line = value_status_line},
	[OPERATION] = {.listed = true},
	[OPERATION_NUMBER] = {.line = value_operation_line},
	[MINOR] = {.line = value_minor_line},
	[SEQUENCE] = {.brief = true},
	[SEQUENCE_FLAGS] = {.essential = true, BIT_SET(sequence_bits)},
	[EXCHANGE_FLAGS] = {.hexadecimal = true, BIT_SET(exchange_bits)},
	[SESSION_FLAGS] = {BIT_SET(session_bits)},
	[SHARE_ACCESS] = {BIT_SET(share_bits)},
	[SHARE_DENY] = {BIT_SET(deny_bits)},
	[OPEN_FLAGS] = {.hidden = true, BIT_SET(open_bits)},
	[FS_PROPERTIES] = {BIT_SET(property_bits)},
	[ACL_MASK] = {BIT_SET(acl_bits)},
	[STATE] = {.name = value_state_name, .line = value_state_line},
	[ENTRY] = {.counted = "entry"},
	[EXPORTS] = {.counted = "export"},
	[MOUNTS] = {.counted = "mount"},
	[LAYOUTS] = {.counted = "layout"},
	[FLAVORS] = {.counted = "flavor"},
	[DEFAULT_IS_ZERO] = {.line = value_unless_zero},
	[HIDDEN] = {.hidden = true},
};

const size_t value_nfs_count = NFS_ROWS - 1;

static_assert(sizeof value_nfs_rows / sizeof value_nfs_rows[0] == NFS_ROWS, "a row each");

static int
compare(const void *type_name, const void *row)
{
	return strcmp(type_name, *(const char *const *)row);
}

size_t
value_nfs_number(const char *type_name)
{
	const void *found = bsearch(type_name, names, sizeof names / sizeof names[0],
				    sizeof names[0], compare);
	size_t at = found != NULL ? (size_t)((const char *)found - (const char *)names) : 0;
	return found != NULL ? names[at / sizeof names[0]].row : 0;
}

const char *
value_nfs_name(size_t index)
{
	return index < sizeof names / sizeof names[0] ? names[index].type : NULL;
}
