/*
 * value_bits: the names of sets of bits of NFS and the programs around it.
 *
 * A table a set, of which a row of value_nfs.c points to one; a NULL name ends it. A bit of
 * which only some values have names is its mask with each of them. What is in none of the rows
 * stands as a number (value_words.c).
 */
#include "value_rows.h"

/* RFC 1813 section 3.3.4, RFC 8881 section 18.1, RFC 8276 section 8.5. */
const struct value_bit value_access_bits[] = {
	{0x001, 0x001, "READ"},   {0x002, 0x002, "LOOKUP"},
	{0x004, 0x004, "MODIFY"}, {0x008, 0x008, "EXTEND"},
	{0x010, 0x010, "DELETE"}, {0x020, 0x020, "EXECUTE"},
	{0x040, 0x040, "XAREAD"}, {0x080, 0x080, "XAWRITE"},
	{0x100, 0x100, "XALIST"}, {0, 0, NULL},
};

/* RFC 8881 section 18.46.3. */
const struct value_bit value_sequence_bits[] = {
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
const struct value_bit value_exchange_bits[] = {
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
const struct value_bit value_session_bits[] = {
	{1, 1, "PERSIST"}, {2, 2, "CONN_BACK_CHAN"}, {4, 4, "CONN_RDMA"}, {0, 0, NULL}};

/* RFC 8881 section 18.16.1, RFC 9754 sections 4 and 5: the access and what is wanted beside. */
const struct value_bit value_share_bits[] = {
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

const struct value_bit value_deny_bits[] = {
	{3, 1, "DENY_READ"}, {3, 2, "DENY_WRITE"}, {3, 3, "DENY_BOTH"}, {0, 0, NULL}};

/* RFC 8881 section 18.16.2, RFC 9754 section 4. */
const struct value_bit value_open_bits[] = {
	{0x02, 0x02, "CONFIRM"},           {0x04, 0x04, "LOCKTYPE_POSIX"},
	{0x08, 0x08, "PRESERVE_UNLINKED"}, {0x10, 0x10, "NO_OPEN_STATEID"},
	{0x20, 0x20, "MAY_NOTIFY_LOCK"},   {0, 0, NULL},
};

/* RFC 1813 section 3.3.19. */
const struct value_bit value_property_bits[] = {{0x01, 0x01, "LINK"},
						{0x02, 0x02, "SYMLINK"},
						{0x08, 0x08, "HOMOGENEOUS"},
						{0x10, 0x10, "CANSETTIME"},
						{0, 0, NULL}};

const struct value_bit value_acl_bits[] = {
	{1, 1, "ACL"}, {2, 2, "ACLCNT"}, {4, 4, "DFACL"}, {8, 8, "DFACLCNT"}, {0, 0, NULL}};

const struct value_bit value_permission_bits[] = {
	{4, 4, "read"}, {2, 2, "write"}, {1, 1, "execute"}, {0, 0, NULL}};

/* Access control lists: RFC 8881 sections 6.2.1 and 6.2.2. */
const struct value_bit value_ace_types[] = {{UINT32_MAX, 0, "ALLOWED"},
					    {UINT32_MAX, 1, "DENIED"},
					    {UINT32_MAX, 2, "AUDIT"},
					    {UINT32_MAX, 3, "ALARM"},
					    {0, 0, NULL}};

const struct value_bit value_ace_flags[] = {
	{0x01, 0x01, "FILE_INHERIT"},
	{0x02, 0x02, "DIRECTORY_INHERIT"},
	{0x04, 0x04, "NO_PROPAGATE_INHERIT"},
	{0x08, 0x08, "INHERIT_ONLY"},
	{0x10, 0x10, "SUCCESSFUL_ACCESS"},
	{0x20, 0x20, "FAILED_ACCESS"},
	{0x40, 0x40, "IDENTIFIER_GROUP"},
	{0x80, 0x80, "INHERITED"},
	{0, 0, NULL},
};

/* The first three are LIST_DIRECTORY, ADD_FILE, ADD_SUBDIRECTORY of a directory. */
const struct value_bit value_ace_bits[] = {
	{0x000001, 0x000001, "READ_DATA"},
	{0x000002, 0x000002, "WRITE_DATA"},
	{0x000004, 0x000004, "APPEND_DATA"},
	{0x000008, 0x000008, "READ_NAMED_ATTRS"},
	{0x000010, 0x000010, "WRITE_NAMED_ATTRS"},
	{0x000020, 0x000020, "EXECUTE"},
	{0x000040, 0x000040, "DELETE_CHILD"},
	{0x000080, 0x000080, "READ_ATTRIBUTES"},
	{0x000100, 0x000100, "WRITE_ATTRIBUTES"},
	{0x000200, 0x000200, "WRITE_RETENTION"},
	{0x000400, 0x000400, "WRITE_RETENTION_HOLD"},
	{0x010000, 0x010000, "DELETE"},
	{0x020000, 0x020000, "READ_ACL"},
	{0x040000, 0x040000, "WRITE_ACL"},
	{0x080000, 0x080000, "WRITE_OWNER"},
	{0x100000, 0x100000, "SYNCHRONIZE"},
	{0, 0, NULL},
};

const struct value_bit value_acl_support_bits[] = {
	{1, 1, "ALLOW"}, {2, 2, "DENY"}, {4, 4, "AUDIT"}, {8, 8, "ALARM"}, {0, 0, NULL}};

/* RFC 8881 section 5.8.1.3. */
const struct value_bit value_expire_bits[] = {
	{UINT32_MAX, 0, "PERSISTENT"}, {1, 1, "NOEXPIRE_WITH_OPEN"}, {2, 2, "VOLATILE_ANY"},
	{4, 4, "VOL_MIGRATION"},       {8, 8, "VOL_RENAME"},         {0, 0, NULL},
};

/* RFC 8881 sections 13.3 and 13.4.4, RFC 7862 section 15.5. */
const struct value_bit value_stripe_bits[] = {
	{1, 1, "DENSE"}, {2, 2, "COMMIT_THRU_MDS"}, {4, 4, "IO_ADVISE_THRU_MDS"}, {0, 0, NULL}};

const struct value_bit value_care_bits[] = {
	{0x01, 0x01, "DENSE"},
	{0x02, 0x02, "COMMIT_THRU_MDS"},
	{0x04, 0x04, "IO_ADVISE_THRU_MDS"},
	{0x40, 0x40, "STRIPE_UNIT_SIZE"},
	{0x80, 0x80, "STRIPE_COUNT"},
	{0, 0, NULL},
};
