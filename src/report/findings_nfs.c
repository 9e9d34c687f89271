/*
 * findings_nfs: what an NFS server says (RFC 1813, 7530, 8881), at the mount and
 * after it.
 */
#include "findings.h"

static const struct finding_kind nfs4_wrong_security = {
	.id = "nfs4-wrong-security",
	.severity = SEVERITY_ERROR,
	.title = "NFS 4 wants another security flavor there",
	.meaning = "The server answered NFS4ERR_WRONGSEC: the path exists and the client "
		   "may not enter it with the flavor it used. The client may ask SECINFO "
		   "which flavors are allowed and go on with one of them; it did not, or "
		   "could not.",
	.cause = "The export demands Kerberos and the client uses sec=sys, or the other "
		 "way round.",
	.causes = "The export has sec=krb5, krb5i or krb5p only and the mount was made "
		  "with sec=sys.\n"
		  "The mount was made with sec=krb5 and the export, or a directory above "
		  "it, allows sys only.\n"
		  "The client can do Kerberos but has no rpc.gssd running or no keytab, "
		  "so it never tries.\n"
		  "The export demands TLS (xprtsec=) and the client did not use it.",
	.tell_apart = "Wire: the reply to SECINFO or SECINFO_NO_NAME lists what the server "
		      "takes.\n"
		      "Server: `exportfs -v`: sec= and xprtsec= of the path and of what is "
		      "above it.\n"
		      "Client: `systemctl status rpc-gssd`, `klist -k /etc/krb5.keytab`, the "
		      "mount options.",
	.remedy = "Mount with the flavor that the export demands (sec=krb5), or add sys "
		  "to the export's sec= list and run exportfs -ra.",
	.prints = "mount.nfs: mount(2): Operation not permitted\n"
		  "mount.nfs: Operation not permitted",
	.source = "RFC 7530 sections 3.3 and 13.1.6, RFC 8881 sections 2.6 and 15.1.6.",
};

static const struct finding_kind nfs4_minor_version = {
	.id = "nfs4-minor-version",
	.severity = SEVERITY_ERROR,
	.title = "the server lacks that minor version of NFS 4",
	.meaning = "The server answered NFS4ERR_MINOR_VERS_MISMATCH: it has NFS 4, but "
		   "not the minor version asked for (4.2, 4.1 or 4.0). A client without "
		   "vers= steps down by itself; one that was told a minor version stops "
		   "here.",
	.cause = "The mount insists on a minor version that the server lacks or has "
		 "switched off.",
	.causes = "vers=4.2 or 4.1 was asked for and the server is older.\n"
		  "The minor version is off: vers4.2=n in /etc/nfs.conf, -v4.1 disabled "
		  "on an appliance, Minor_Versions in nfs-ganesha.\n"
		  "vers=4 or vers=4.0 was asked for and the server has 4.1 and above "
		  "only.",
	.tell_apart = "Server: `cat /proc/fs/nfsd/versions` shows +4.1 -4.2 and so on.\n"
		      "NetApp: `vserver nfs show -fields v4.0,v4.1`. Windows Server has only "
		      "4.1 of these.\n"
		      "Client: the vers= or minorversion= option, /etc/nfsmount.conf.",
	.remedy = "Mount with a minor version that the server has, or without vers= so "
		  "that the client finds it.",
	.prints = "mount.nfs: mount(2): Protocol not supported\n"
		  "mount.nfs: Protocol not supported",
	.source = "RFC 7530 section 13.1.3, RFC 8881 section 15.1.3.",
};

static const struct finding_kind nfs_version_fallback = {
	.id = "nfs-version-fallback",
	.severity = SEVERITY_NOTE,
	.title = "a newer NFS version refused, an older worked",
	.meaning = "The client began with a newer NFS version, the server refused that, "
		   "and an older one was used. This is what mount does when no version is "
		   "given. It costs a few round trips; it is a surprise only if the newer "
		   "version was wanted.",
	.cause = "The server does not have, or does not offer to this client, the "
		 "newest version that the client knows.",
	.causes = "The server has the newer version switched off or is too old for it.\n"
		  "NFS 4 is on, but the path is not in its tree or not for this client, "
		  "and NFS 3 has it.\n"
		  "A firewall rejects 2049 over one address family, and the other works.",
	.tell_apart = "Wire: how the newer version was refused: PROG_MISMATCH (not there), "
		      "NFS4ERR_MINOR_VERS_MISMATCH (that minor version is not), "
		      "NFS4ERR_NOENT or an AUTH_ERROR (path or client).\n"
		      "Client: `nfsstat -m` shows the version in use.\n"
		      "Server: `cat /proc/fs/nfsd/versions`, `exportfs -v`.",
	.remedy = "None needed; to save the detour, name the version in the mount "
		  "options (vers=), or switch the newer one on at the server.",
	.prints = "nothing",
	.source = "RFC 5531 section 9 (PROG_MISMATCH), RFC 8881 section 15.1.3.",
};

static const struct finding_kind server_in_grace = {
	.id = "server-in-grace",
	.severity = SEVERITY_WARNING,
	.title = "the server is in its grace period",
	.meaning = "The server has restarted and waits for its old clients to reclaim "
		   "their locks and opens. Until that time is over it refuses new ones: "
		   "NFS4ERR_GRACE, or NLM4_DENIED_GRACE_PERIOD for NFS 3 locks. Clients "
		   "repeat by themselves, so opens and locks hang and then go on.",
	.cause = "The server, or its NFS service, was restarted less than about 90 s "
		 "ago.",
	.causes = "A restart or a failover: the usual wait, 90 s on Linux by default.\n"
		  "The service restarts again and again (a crash loop, a cluster that "
		  "moves it to and fro), so the grace period never ends.\n"
		  "Clients on the server's list no longer exist, so it waits for the "
		  "full time each time.\n"
		  "A client that does not send RECLAIM_COMPLETE (4.1 and later) keeps "
		  "the server waiting.",
	.tell_apart = "Wire: one server restart before it (connection closed, BADSESSION or "
		      "STALE_CLIENTID, SM_NOTIFY) and an end after the grace time: normal. "
		      "Beyond two minutes: something restarts it.\n"
		      "Server: `journalctl -k -g 'grace period'`: start and end are logged; "
		      "`systemctl status nfs-server` shows since when it runs.\n"
		      "Server: `cat /proc/fs/nfsd/nfsv4gracetime`, `ls /var/lib/nfs/nfsdcld "
		      "/var/lib/nfs/v4recovery`.\n"
		      "NetApp: `vserver nfs show -fields v4-grace-seconds`; nfs-ganesha: "
		      "Grace_Period.",
	.remedy = "Wait for the grace period to end; on Linux, where no client has "
		  "anything to reclaim, end it with: echo Y > "
		  "/proc/fs/nfsd/v4_end_grace.",
	.prints = "NFSD: starting 90-second grace period (server)\n"
		  "nothing on the client: opens and locks wait",
	.source = "RFC 7530 section 9.6.2, RFC 8881 section 8.4.2; NLM: The Open Group "
		  "C702.",
};

static const struct finding_kind client_id_in_use = {
	.id = "client-id-in-use",
	.severity = SEVERITY_ERROR,
	.title = "another client has this client's identity",
	.meaning = "The server answered NFS4ERR_CLID_INUSE: the name by which this client "
		   "introduces itself belongs to another owner that holds state. Each NFS "
		   "4 client needs a name of its own. Two clients with one name take each "
		   "other's leases, or one is shut out.",
	.cause = "Two clients present the same identity string, mostly cloned machines "
		 "with one host name.",
	.causes = "Clones or containers with the same host name (localhost), from which "
		  "Linux makes the identity.\n"
		  "Several clients behind one address translation, with NFS 4.0, whose "
		  "identity contains addresses.\n"
		  "The same client first with Kerberos and then with sys (or another "
		  "keytab) while its old lease is still alive.\n"
		  "nfs4_unique_id set to the same value on several machines by an image.",
	.tell_apart = "Wire: `rpcscope show -V` on SETCLIENTID or EXCHANGE_ID of each "
		      "client: the same owner string from different addresses.\n"
		      "Client: `hostname`, `cat /sys/module/nfs/parameters/nfs4_unique_id`, "
		      "`cat /sys/fs/nfs/net/nfs_client/identifier`.\n"
		      "Server (Linux 5.3 and later): `grep -H . "
		      "/proc/fs/nfsd/clients/*/info` shows name and address of each.\n"
		      "One client only, after a change of sec=: wait for the lease to end "
		      "(90 s).",
	.remedy = "Give each client a unique host name or set nfs4_unique_id on each to "
		  "a value of its own, then unmount everything from that server and "
		  "mount again.",
	.prints = "mount.nfs: mount(2): Operation not permitted\n"
		  "NFS: Server SERVER reports our clientid is in use",
	.source = "RFC 7530 sections 9.1.1 and 13.1.10, RFC 8881 sections 2.4 and 18.35.",
};

static const struct finding_kind client_id_stale = {
	.id = "client-id-stale",
	.severity = SEVERITY_ERROR,
	.title = "the server keeps forgetting this client",
	.meaning = "The server answers NFS4ERR_STALE_CLIENTID or NFS4ERR_BADSESSION again "
		   "and again: the client sets up a new identity or session and the "
		   "server does not know it a moment later. Once is what follows a "
		   "server's restart (server-restarted); a loop means that the recovery "
		   "itself fails.",
	.cause = "The client's requests reach different servers, or another client with "
		 "the same name takes its lease away.",
	.causes = "Two clients with one identity: each new one makes the server drop the "
		  "other's state (cloned machines).\n"
		  "A load balancer, floating address or cluster without shared state "
		  "sends connections to different nodes.\n"
		  "The server restarts in a loop.\n"
		  "A defect of the server in its session or client table.",
	.tell_apart = "Wire: who else sends EXCHANGE_ID or SETCLIENTID with the same owner "
		      "string? `rpcscope show -V --program nfs`.\n"
		      "Wire: compare the server's owner and scope in the EXCHANGE_ID "
		      "replies: do they change?\n"
		      "Server: `systemctl status nfs-server` (since when), `journalctl -k`; "
		      "(Linux 5.3 and later) `grep -H . /proc/fs/nfsd/clients/*/info`.\n"
		      "Client: `hostname`, `cat /sys/module/nfs/parameters/nfs4_unique_id`.",
	.remedy = "Make the clients' identities unique (host name, nfs4_unique_id), and "
		  "let all connections of a client reach the same server.",
	.prints = "nothing: the mount hangs\n"
		  "NFS: state manager: check lease failed on NFSv4 server SERVER with "
		  "error 5",
	.source = "RFC 7530 section 9.6, RFC 8881 sections 8.4 and 15.1.11.",
};

static const struct finding_kind stale_handle = {
	.id = "stale-handle",
	.severity = SEVERITY_WARNING,
	.title = "the server no longer knows a file handle",
	.meaning = "The server answered STALE or BADHANDLE: the client holds a handle of "
		   "a file, directory or file system that is gone or no longer exported. "
		   "For a single file that is normal when somebody removed it on the "
		   "server. For the root of a mount, nothing below it works until it is "
		   "mounted again.",
	.cause = "The file, or the export it is in, was removed or changed on the "
		 "server.",
	.causes = "The file or directory was removed or replaced on the server or by "
		  "another client.\n"
		  "The file system was unmounted, made anew, or mounted at another "
		  "place.\n"
		  "The export was withdrawn (exportfs -u) or its fsid changed; after a "
		  "failover, the other node numbers its devices differently.\n"
		  "An exported file system without a stable identity: overlayfs, tmpfs, "
		  "btrfs subvolumes, a container's root, another NFS mount.\n"
		  "Right after MNT: mountd and the kernel disagree about the export.",
	.tell_apart = "Wire: is it one handle or all? The one that MNT gave is the root of "
		      "the mount.\n"
		      "Server: `exportfs -v` (path, fsid=), `findmnt` (is the file system "
		      "mounted?), `ls -i PATH`.\n"
		      "Client: `stat MOUNTPOINT`; a new mount of the same path elsewhere "
		      "works: only old handles are stale.\n"
		      "Server: uptime, failover, or a restore of the file system at the time "
		      "the errors began.",
	.remedy = "Unmount and mount again (umount -l where it is busy); where it comes "
		  "back at each failover or restart, give the export a fixed fsid= on "
		  "every node.",
	.prints = "ls: cannot open directory '.': Stale file handle\n"
		  "mount.nfs: mount(2): Stale file handle",
	.source = "RFC 1813 section 2.6 (NFS3ERR_STALE, BADHANDLE), RFC 7530 sections "
		  "4.2 and 13.1.2.",
};

static const struct finding_kind server_stopped_answering = {
	.id = "server-stopped-answering",
	.severity = SEVERITY_WARNING,
	.title = "the server answered and then no longer did",
	.meaning = "Calls on this session were answered, and from one moment on none "
		   "were, though the client repeated them. With a hard mount, every "
		   "process that touches it waits until the server is back. If it came "
		   "back inside the capture, the finding says after how long.",
	.cause = "The server, or the path to it, went down in the middle of work.",
	.causes = "The server crashed, was restarted or lost its network.\n"
		  "A switch, cable, VPN or firewall between failed; or a firewall lost "
		  "its state table and now drops the connection.\n"
		  "All nfsd threads wait for a disk that hangs.\n"
		  "The client's address changed or its interface went down.",
	.tell_apart = "Wire: acknowledgments without replies: the host is alive, the service "
		      "hangs. No acknowledgment: host or path. ARP requests without answer: "
		      "the host is gone.\n"
		      "Client: `ping SERVER`, `nc -vz SERVER 2049` (a new connection works: "
		      "only the old one is dropped on the way), `ss -tno dport = :2049`.\n"
		      "Server: `uptime`, `dmesg`, `cat /proc/fs/nfsd/threads`, `ps -o "
		      "stat,wchan:30,cmd -C nfsd` (D: they wait for a disk).\n"
		      "Several clients at the same moment: the server or its link. One "
		      "client: its own path.",
	.remedy = "Bring the server, its disk or the path back; the clients go on by "
		  "themselves, no restart and no unmount is needed.",
	.prints = "nfs: server SERVER not responding, still trying\n"
		  "nfs: server SERVER OK",
	.source = "RFC 5531 section 5 (repeats are the client's matter), RFC 8881 "
		  "section 2.9.",
};

#define ROW(id) ((id)-findings_nfs_first)

const struct finding_kind *const findings_nfs[] = {
	[ROW(FINDING_NFS4_WRONG_SECURITY)] = &nfs4_wrong_security,
	[ROW(FINDING_NFS4_MINOR_VERSION)] = &nfs4_minor_version,
	[ROW(FINDING_NFS_VERSION_FALLBACK)] = &nfs_version_fallback,
	[ROW(FINDING_SERVER_IN_GRACE)] = &server_in_grace,
	[ROW(FINDING_CLIENT_ID_IN_USE)] = &client_id_in_use,
	[ROW(FINDING_CLIENT_ID_STALE)] = &client_id_stale,
	[ROW(FINDING_STALE_HANDLE)] = &stale_handle,
	[ROW(FINDING_SERVER_STOPPED_ANSWERING)] = &server_stopped_answering,
};
