/*
 * findings: the parts of the table of findings, one array an area. Each holds the
 * rows of a range of enum finding_id, in that order.
 */
#ifndef RPCSCOPE_REPORT_FINDINGS_H
#define RPCSCOPE_REPORT_FINDINGS_H

#include "finding.h"

/* Rows from `first` up to `end`, the first of the next area. */
#define FINDINGS_AREA(name, first, end)                                                        \
	enum { name##_first = (first), name##_count = (end) - (first) };                       \
	extern const struct finding_kind *const name[name##_count]

FINDINGS_AREA(findings_portmap, FINDING_PORTMAP_NO_ANSWER, FINDING_SERVICE_NO_ANSWER);
FINDINGS_AREA(findings_service, FINDING_SERVICE_NO_ANSWER, FINDING_MOUNT_ACCESS_DENIED);
FINDINGS_AREA(findings_mount, FINDING_MOUNT_ACCESS_DENIED, FINDING_NFS4_WRONG_SECURITY);
FINDINGS_AREA(findings_nfs, FINDING_NFS4_WRONG_SECURITY, FINDING_CALLBACK_BLOCKED);
FINDINGS_AREA(findings_helper, FINDING_CALLBACK_BLOCKED, FINDING_TCP_SYN_FLOOD);
FINDINGS_AREA(findings_tcp, FINDING_TCP_SYN_FLOOD, FINDING_PATH_MTU_BLACK_HOLE);
FINDINGS_AREA(findings_path, FINDING_PATH_MTU_BLACK_HOLE, FINDING_HOST_UNREACHABLE);
FINDINGS_AREA(findings_host, FINDING_HOST_UNREACHABLE, FINDING_SERVER_DELAYS);
FINDINGS_AREA(findings_later, FINDING_SERVER_DELAYS, FINDINGS);

#endif
