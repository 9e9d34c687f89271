/*
 * deeds: what each call means for a mount: a table of NFS 4's operations, and the
 * procedures of the other programs. Of a COMPOUND that is cut, only what no further
 * operation could change counts; one that is encrypted, or far behind the mount, has
 * a meaning of its own.
 */
#include "judge.h"
#include "numbers.h"

enum { PROC_NULL = 0 };

/* What each operation of NFS 4 says about how far a mount is (RFC 7530 16, RFC 8881 18). */
static const uint8_t operations[UINT8_MAX + 1] = {
	[3] = DEED_WALK,  /* ACCESS */
	[9] = DEED_WALK,  /* GETATTR */
	[10] = DEED_WALK, /* GETFH */
	[15] = DEED_WALK, /* LOOKUP */
	[16] = DEED_WALK, /* LOOKUPP */
	[17] = DEED_WALK, /* NVERIFY */
	[22] = DEED_WALK, /* PUTFH */
	[23] = DEED_WALK, /* PUTPUBFH */
	[OP_PUTROOTFH] = DEED_ROOT,
	[30] = DEED_SETUP, /* RENEW */
	[31] = DEED_WALK,  /* RESTOREFH */
	[32] = DEED_WALK,  /* SAVEFH */
	[OP_SECINFO] = DEED_SETUP,
	[OP_SETCLIENTID] = DEED_SETUP,
	[OP_SETCLIENTID_CONFIRM] = DEED_SETUP,
	[37] = DEED_WALK,  /* VERIFY */
	[40] = DEED_SETUP, /* BACKCHANNEL_CTL */
	[41] = DEED_SETUP, /* BIND_CONN_TO_SESSION */
	[OP_EXCHANGE_ID] = DEED_SETUP,
	[OP_CREATE_SESSION] = DEED_SETUP,
	[OP_DESTROY_SESSION] = DEED_LEAVE,
	[OP_SECINFO_NO_NAME] = DEED_SETUP,
	[OP_SEQUENCE] = DEED_SETUP,
	[OP_DESTROY_CLIENTID] = DEED_LEAVE,
	[OP_RECLAIM_COMPLETE] = DEED_SETUP,
};

static enum deed
deed_of_operations(const struct call *call)
{
	enum deed deed = DEED_SETUP;
	bool security = false;
	for (unsigned i = 0; i < call->op_count; i++) {
		enum deed op = operations[call->ops[i]];
		if (op == DEED_OPEN) /* 0: none of the table */
			return DEED_USE;
		security |= call->ops[i] == OP_SECINFO || call->ops[i] == OP_SECINFO_NO_NAME;
		if (op == DEED_ROOT)
			deed = DEED_ROOT;
		else if (op == DEED_LEAVE)
			return DEED_LEAVE;
		else if (op == DEED_WALK && deed != DEED_ROOT)
			deed = DEED_WALK;
	}
	return security ? DEED_SETUP : deed; /* asks how, does not get further */
}

/* SEQUENCE and a step of the way begin everything; what else there is stands for the whole.
 * No operation is looked at in a minor version that is not there (RFC 8881 section 2.7). */
static enum deed
deed_of_cut(const struct call *call)
{
	if (call->replies != 0 && call->has_result &&
	    call->result == NFS4ERR_MINOR_VERS_MISMATCH)
		return DEED_SETUP;
	enum deed deed = deed_of_operations(call);
	bool vague = deed == DEED_WALK ||
		     (deed == DEED_SETUP &&
		      (call->op_count == 0 || call->ops[call->op_count - 1] == OP_SEQUENCE));
	return vague ? DEED_UNREAD : deed;
}

static enum deed
deed_of_compound(const struct call *call)
{
	switch ((enum operations_read)call->operations_read) {
	case OPERATIONS_CUT:
		return deed_of_cut(call);
	case OPERATIONS_HIDDEN:
		return DEED_HIDDEN;
	case OPERATIONS_SKIPPED: /* a mount is long over by then */
		return DEED_USE;
	case OPERATIONS_WHOLE:
		break;
	}
	return deed_of_operations(call);
}

enum deed
deed_of(const struct call *call)
{
	switch (call->program) {
	case PROGRAM_PORTMAPPER:
		if (call->procedure == PROC_NULL)
			return DEED_PROBE;
		if (call->indirect)
			return DEED_INDIRECT;
		return call->asks ? DEED_ASK : DEED_PORTMAP;
	case PROGRAM_MOUNT:
		if (call->procedure == PROC_NULL)
			return DEED_PROBE;
		if (call->procedure == MOUNT_MNT)
			return DEED_MNT;
		if (call->procedure == MOUNT_UMNT || call->procedure == MOUNT_UMNTALL)
			return DEED_UMNT;
		return DEED_EXPORT;
	case PROGRAM_NFS:
		if (call->procedure == PROC_NULL)
			return DEED_PROBE;
		return call->version == 4 ? deed_of_compound(call) : DEED_NFS;
	case PROGRAM_NLM:
	case PROGRAM_STATUS:
		return DEED_LOCK;
	default:
		return call->procedure == PROC_NULL ? DEED_PROBE : DEED_OTHER;
	}
}
