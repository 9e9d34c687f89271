/*
 * findings_later: what happens after a mount, and failures that no packet shows.
 */
#include "findings.h"

static const struct finding_kind server_delays = {
	.id = "server-delays",
	.severity = SEVERITY_WARNING,
	.title = "the server keeps asking the client to wait",
	.meaning = "The server answered JUKEBOX (NFS 3) or DELAY (NFS 4): the request is "
		   "fine and cannot be served now, ask again. The client does so by "
		   "itself, so the program that asked hangs until it works. A few are "
		   "normal; many mean that the server waits for something that does not "
		   "happen.",
	.cause = "The server waits for another client to give a delegation back, or for "
		 "slow storage.",
	.causes = "A delegation has to be recalled from another client, which does not "
		  "answer (gone, or its callback path is blocked).\n"
		  "A file has to come back from tape or from a cloud tier.\n"
		  "The server waits for mountd or for a name service about this client.\n"
		  "The server is short of memory or in a failover.",
	.tell_apart = "Wire: which file and which operation; is there a CB_RECALL from the "
		      "server, and does it get its DELEGRETURN?\n"
		      "Server (Linux 5.3 and later): `grep -H . "
		      "/proc/fs/nfsd/clients/*/states` shows who holds a delegation of the "
		      "file.\n"
		      "Server: does it end after the lease time (90 s)? Then it was a "
		      "delegation that the server took back.\n"
		      "Tiered storage: the state of the file in the HSM.",
	.remedy = "Bring back or expire the client that holds the delegation (Linux: "
		  "echo expire > /proc/fs/nfsd/clients/N/ctl), and open the callback "
		  "path; with tiered storage wait for the recall.",
	.prints = "nothing: the program hangs",
	.source = "RFC 1813 section 2.6 (NFS3ERR_JUKEBOX), RFC 7530 section 13.1.1, RFC "
		  "8881 sections 15.1.1 and 10.4.",
};

static const struct finding_kind server_restarted = {
	.id = "server-restarted",
	.severity = SEVERITY_WARNING,
	.title = "the server came back as a new instance",
	.meaning = "The server no longer knows what it knew before: sessions, client ids "
		   "or state ids of this client are refused, or it sent SM_NOTIFY, and "
		   "the client set them up again. Opens and locks are reclaimed in the "
		   "grace period. Where that is finished, all is well again; the finding "
		   "says why there was a pause.",
	.cause = "The NFS service or its host was restarted, or failed over.",
	.causes = "An administrator or an update restarted the service.\n"
		  "A crash of the host or the service.\n"
		  "A cluster moved the service to another node.",
	.tell_apart = "Server: `uptime`, `systemctl status nfs-server` (since when), "
		      "`journalctl -k -g nfsd`, the cluster's log.\n"
		      "Wire: BADSESSION or STALE_CLIENTID once, then EXCHANGE_ID, "
		      "CREATE_SESSION, reclaims, RECLAIM_COMPLETE: recovery as it should be.\n"
		      "Wire: did every reclaim succeed? NFS4ERR_NO_GRACE or RECLAIM_BAD "
		      "means lost locks.",
	.remedy = "None if the recovery went through; otherwise restart the programs "
		  "whose locks were lost, and find out why the server restarted.",
	.prints = "nfs: server SERVER not responding, still trying\n"
		  "nfs: server SERVER OK",
	.source = "RFC 7530 section 9.6.2, RFC 8881 section 8.4.2; NFS 3: NSM, The Open "
		  "Group C702.",
};

static const struct finding_kind lease_expired = {
	.id = "lease-expired",
	.severity = SEVERITY_WARNING,
	.title = "the lease ran out and state was lost",
	.meaning = "The client did not reach the server for longer than its lease (90 s "
		   "on Linux by default), and the server dropped its opens, locks and "
		   "delegations: NFS4ERR_EXPIRED, BAD_STATEID, ADMIN_REVOKED or "
		   "DELEG_REVOKED. Programs that held locks may get I/O errors and must "
		   "not assume that their files are unchanged.",
	.cause = "The client was asleep or cut off from the server for longer than the "
		 "lease.",
	.causes = "Suspend, a paused or migrated virtual machine, a frozen container.\n"
		  "The network between was down, or a firewall dropped the idle "
		  "connection.\n"
		  "Another client with the same identity took the lease "
		  "(client-id-in-use, client-id-stale).\n"
		  "An administrator expired the client on the server.",
	.tell_apart = "Wire: the gap between the last RENEW, SEQUENCE or other operation and "
		      "the first one after, against the lease time that the server told.\n"
		      "Client: `journalctl -k` for suspend and resume, `ip -s link`.\n"
		      "Server: `cat /proc/fs/nfsd/nfsv4leasetime`; `journalctl -k -g nfsd`.\n"
		      "Clock: a jump of the time of day does not expire leases; a pause "
		      "does.",
	.remedy = "Restart the programs that lost their locks and remove what cut the "
		  "client off; where pauses are expected, raise the lease time on the "
		  "server (nfsv4leasetime).",
	.prints = "NFS: nfs4_reclaim_open_state: Lock reclaim failed!\n"
		  "Input/output error",
	.source = "RFC 7530 sections 9.5 and 9.6.3, RFC 8881 sections 8.3 and 8.4.3.",
};

static const struct finding_kind kdc_unreachable = {
	.id = "kdc-unreachable",
	.severity = SEVERITY_ERROR,
	.title = "the Kerberos server does not answer",
	.meaning = "The client asked a Kerberos KDC (port 88) for a "
		   "ticket and got no answer. Without a ticket there is no RPCSEC_GSS "
		   "context, so a mount with sec=krb5 fails or hangs, though the NFS "
		   "server is well.",
	.cause = "The KDC is down, or a firewall drops port 88.",
	.causes = "A firewall drops UDP 88, TCP 88 or both.\n"
		  "The KDC is down, or its address in /etc/krb5.conf or in DNS (SRV "
		  "records) is an old one.\n"
		  "Large tickets need TCP 88, and only UDP is open.",
	.tell_apart = "Client: `KRB5_TRACE=/dev/stderr kinit -k` shows each KDC it tries, "
		      "and how.\n"
		      "Client: `nc -vz KDC 88`; `dig SRV _kerberos._udp.REALM`; [realms] in "
		      "/etc/krb5.conf.\n"
		      "KDC: `tcpdump -ni any port 88`: do the questions arrive?\n"
		      "Client: `journalctl -u rpc-gssd`: \"Cannot contact any KDC for realm\".",
	.remedy = "Open port 88 for UDP and TCP to the KDC, start it, or name a KDC that "
		  "works in /etc/krb5.conf.",
	.prints = "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: Connection timed out\n"
		  "kinit: Cannot contact any KDC for realm 'REALM' while getting initial "
		  "credentials",
	.source = "RFC 4120 section 7.2 (transport and port 88).",
};

static const struct finding_kind nfs_error = {
	.id = "nfs-error",
	.severity = SEVERITY_WARNING,
	.title = "operations were refused after the mount",
	.meaning = "The mount succeeded and the server then refused single operations: "
		   "read-only file system, access denied, no space, quota exceeded and "
		   "the like. This is about rights and resources on the server, not about "
		   "reaching it. The finding says which status and how often. A mount of "
		   "NFS 4 fails in the same way where a directory on the way to the path "
		   "may not be searched.",
	.cause = "The export's options or the rights of the files do not allow the "
		 "operation.",
	.causes = "ROFS: the export is ro, or its file system is mounted read-only on "
		  "the server.\n"
		  "ACCES or PERM: root_squash makes root to nobody; the modes or ACLs "
		  "deny; user ids differ between client and server; more than 16 groups "
		  "with AUTH_SYS.\n"
		  "NOSPC, DQUOT: the file system is full, or a quota is used up.\n"
		  "Files that belong to nobody (NFS 4): the id mapping domain differs.",
	.tell_apart = "Wire: `rpcscope show -V` on the refused call: operation, file, uid, "
		      "gid and groups of the credential.\n"
		      "Server: `exportfs -v` (ro, root_squash, all_squash, anonuid), "
		      "`findmnt -T PATH`, `ls -ln`, `getfacl`, `df -h`, `df -i`, `repquota "
		      "-a`.\n"
		      "Client: `id`, `nfsidmap -d` and Domain in /etc/idmapd.conf on both.",
	.remedy = "Change what denies: rw or no_root_squash in the export (then exportfs "
		  "-ra), the modes on the server, the user ids, or make space.",
	.prints = "Read-only file system\n"
		  "Permission denied\n"
		  "No space left on device\n"
		  "Disk quota exceeded",
	.source = "RFC 1813 section 2.6, RFC 7530 section 13.1, RFC 8881 section 15.1.",
};

static const struct finding_kind no_evidence = {
	.id = "no-evidence",
	.severity = SEVERITY_ERROR,
	.title = "the mount failed and no packet shows why",
	.meaning = "Every call that was seen got a good answer, and then the client "
		   "stopped. What made it stop is not on the wire, so it lies on the "
		   "client (or in packets that are not in the capture). The message of "
		   "mount may blame the server all the same.",
	.cause = "The client gave up by itself.",
	.causes = "sec=krb5 without a ticket: rpc.gssd does not run, or the client has "
		  "no keytab.\n"
		  "rpc.statd does not run and NFS 3 locking needs it.\n"
		  "A mount option that this kernel does not support (proto=udp on "
		  "kernels built without it, vers= of a version not built in).\n"
		  "The client's address is changed, a module is missing, a security "
		  "module (SELinux, AppArmor, seccomp in a container) forbids the mount.\n"
		  "No reserved port was free.\n"
		  "The mount point does not exist, is busy, or is already mounted.",
	.tell_apart = "Client: `mount -v ...` and its message; `dmesg | tail`, `journalctl "
		      "-b -g 'nfs|rpc'`.\n"
		      "Client: `systemctl status rpc-gssd rpc-statd`, `klist -k`, `ausearch "
		      "-m avc -ts recent`.\n"
		      "Client: `rpcdebug -m nfs -s mount` and `rpcdebug -m rpc -s auth`, try "
		      "again, read dmesg, then `rpcdebug -m nfs -c` and `rpcdebug -m rpc "
		      "-c`.\n"
		      "Client: `ss -tan 'sport < :1024' | wc -l`; `cat /proc/filesystems | "
		      "grep nfs`.\n"
		      "Was all traffic captured? Also ports 88, 749 and DNS (53), and every "
		      "interface.",
	.remedy = "Look at the client's log (dmesg, journalctl -u rpc-gssd -u rpc-statd) "
		  "at the time of the last packet, and start what is missing there.",
	.prints = "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: an incorrect mount option was specified\n"
		  "mount.nfs: rpc.statd is not running but is required for remote "
		  "locking.",
	.source = "No standard decides this.",
};

#define ROW(id) ((id)-findings_later_first)

const struct finding_kind *const findings_later[] = {
	[ROW(FINDING_SERVER_DELAYS)] = &server_delays,
	[ROW(FINDING_SERVER_RESTARTED)] = &server_restarted,
	[ROW(FINDING_LEASE_EXPIRED)] = &lease_expired,
	[ROW(FINDING_KDC_UNREACHABLE)] = &kdc_unreachable,
	[ROW(FINDING_NFS_ERROR)] = &nfs_error,
	[ROW(FINDING_NO_EVIDENCE)] = &no_evidence,
};
