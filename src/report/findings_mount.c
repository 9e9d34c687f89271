/*
 * findings_mount: what mountd says (RFC 1813 section 5), and a client that
 * cannot use it.
 */
#include "findings.h"

static const struct finding_kind mount_access_denied = {
	.id = "mount-access-denied",
	.severity = SEVERITY_ERROR,
	.title = "the path is not exported to this client",
	.meaning = "mountd answered the MNT call with ACCES (or PERM), and the call came "
		   "from a reserved port, so the port was not the reason. The server "
		   "looked for an export of this path to this client's address and found "
		   "none. Linux gives the same answer for a path that is outside every "
		   "export, whether it exists or not.",
	.cause = "No export of that path covers the client's address.",
	.causes = "The client's address or name is not in the export's list, or is "
		  "matched by a wrong netmask.\n"
		  "/etc/exports was edited and exportfs -ra not run.\n"
		  "The server sees the client under another address than expected: "
		  "address translation, IPv6, a second interface.\n"
		  "The list has names or netgroups and the server's reverse lookup of "
		  "the address gives another name, or none.\n"
		  "The path is mistyped, or was never exported.\n"
		  "nfs-ganesha: Access_Type is None where the export does not set it. "
		  "NetApp: the export policy of a volume above in the path denies, not "
		  "only the one of the volume itself.",
	.tell_apart = "Client: `showmount -e SERVER`: is the path there, and for whom? (Some "
		      "servers hide or shorten the list.)\n"
		      "Server: `exportfs -v` shows what holds now, /etc/exports only what "
		      "was meant.\n"
		      "Server: `journalctl -u nfs-mountd` has a line \"refused mount request "
		      "from CLIENT for PATH\": \"unmatched host\" is an address no export "
		      "knows, \"no export entry\" or \"not exported\" a path problem for this "
		      "client.\n"
		      "Server: `getent hosts ADDRESS` with the source address of the MNT "
		      "call: the name that the list has to have.\n"
		      "NetApp: `vserver export-policy check-access`. Windows: "
		      "`Get-NfsSharePermission`. Solaris: `share`. FreeBSD: /etc/exports, "
		      "then `service mountd reload`.",
	.remedy = "Add the client's address as the server sees it to the export of that "
		  "path (Linux: edit /etc/exports, then exportfs -ra), or correct the "
		  "path.",
	.prints = "mount.nfs: mount(2): Permission denied\n"
		  "mount.nfs: access denied by server while mounting SERVER:PATH",
	.source = "RFC 1813 sections 5.1.5 and 5.2.1 (MNT3ERR_ACCES is 13).",
};

static const struct finding_kind mount_insecure_port = {
	.id = "mount-insecure-port",
	.severity = SEVERITY_ERROR,
	.title = "refused, and the port was above 1023",
	.meaning = "The MNT call, or the first NFS call, was refused, and it came from a "
		   "port of 1024 or above. Servers by default take calls from reserved "
		   "ports only (export option secure), as only root can use those. What "
		   "the client sent matters less than what arrived: address translation "
		   "often changes the port.",
	.cause = "The client did not use a reserved port, or something on the way "
		 "replaced it.",
	.causes = "A router, container host, hypervisor or VPN translates addresses and "
		  "gives the call a high port.\n"
		  "The client mounts with noresvport, or by a program without root "
		  "rights (libnfs, FUSE clients, file managers, some Windows and macOS "
		  "clients).\n"
		  "The client had no reserved port left and took another.",
	.tell_apart = "Wire: capture at both ends. The port below 1024 at the client and "
		      "above at the server: translated on the way. Above at both: the "
		      "client.\n"
		      "Server: `journalctl -u nfs-mountd`: \"refused mount request from "
		      "CLIENT for PATH: illegal port N\".\n"
		      "Client: `mount` options (noresvport), `sysctl sunrpc.min_resvport "
		      "sunrpc.max_resvport`.\n"
		      "The refused call may well be denied for its address too; after the "
		      "change look whether mount-access-denied follows.",
	.remedy = "Set insecure on the export (Linux, then exportfs -ra; NetApp: vserver "
		  "nfs modify -mount-rootonly disabled; nfs-ganesha: PrivilegedPort = "
		  "false), or let the client use a reserved port (resvport; no address "
		  "translation between).",
	.prints = "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: mount(2): Operation not permitted",
	.source = "RFC 2623 section 2.1 (reserved ports are a habit of servers, no rule "
		  "of the protocol); exports(5), option secure.",
};

static const struct finding_kind mount_no_such_path = {
	.id = "mount-no-such-path",
	.severity = SEVERITY_ERROR,
	.title = "the path does not exist on the server",
	.meaning = "mountd answered NOENT to the MNT call, or an NFS 4 LOOKUP on the way "
		   "to the path got NFS4ERR_NOENT. With NFS 4 that also stands for an "
		   "export that exists but not for this client: the server leaves it out "
		   "of the tree that it shows.",
	.cause = "The path is wrong for this server and this NFS version.",
	.causes = "Mistyped, wrong case, or moved.\n"
		  "NFS 4 and fsid=0: the export marked so is the root, and paths are "
		  "relative to it (/data, not /export/data).\n"
		  "NFS 4: the export is not for this client, so it is not in the tree.\n"
		  "A file system is not mounted on the server, so the directory below is "
		  "missing.\n"
		  "The export is there and a directory below it was never made.\n"
		  "NetApp: the volume is not junctioned at that path.",
	.tell_apart = "Server: `ls -ld PATH`, `findmnt -T PATH`, `exportfs -v` (look for "
		      "fsid=0 and the client lists).\n"
		      "Client: `showmount -e SERVER` lists the paths as NFS 3 has them.\n"
		      "Client: `mount -t nfs4 SERVER:/ /mnt; ls /mnt` shows the tree as NFS "
		      "4 has it, for this client.\n"
		      "Wire: the component at which the LOOKUP failed is the one that is "
		      "missing.",
	.remedy = "Mount the path as this NFS version has it (with fsid=0, without the "
		  "root's own path), make or mount the directory on the server, or "
		  "export it to this client.",
	.prints = "mount.nfs: mounting SERVER:PATH failed, reason given by server: No "
		  "such file or directory",
	.source = "RFC 1813 section 5.1.5 (MNT3ERR_NOENT), RFC 7530 section 7 (the "
		  "pseudo file system).",
};

static const struct finding_kind mount_not_a_directory = {
	.id = "mount-not-a-directory",
	.severity = SEVERITY_ERROR,
	.title = "the path on the server is not a directory",
	.meaning = "The server's path leads to something that is not a directory: mountd "
		   "answered NOTDIR, or handed out a handle whose attributes are of a "
		   "file. The message of mount is easily misread: it is the server's path "
		   "that is meant, not the mount point.",
	.cause = "The path names a file, or goes through one.",
	.causes = "The path is that of a file.\n"
		  "A component in the middle of the path is a file or a dangling link.\n"
		  "The export was a directory once and a file of that name replaced it.",
	.tell_apart = "Server: `namei -l PATH` shows the type of every component.\n"
		      "Wire: Linux mountd gives handles of regular files too; then the "
		      "attributes in the next reply show the type.",
	.remedy = "Mount the directory that holds the file.",
	.prints = "mount.nfs: mount spec SERVER:PATH or point DIR is not a directory",
	.source = "RFC 1813 section 5.1.5 (MNT3ERR_NOTDIR), RFC 7530 section 13.1.2 "
		  "(NFS4ERR_NOTDIR).",
};

static const struct finding_kind mount_server_error = {
	.id = "mount-server-error",
	.severity = SEVERITY_ERROR,
	.title = "mountd failed by itself",
	.meaning = "mountd answered the MNT call with a status that is neither a denial "
		   "nor a wrong path: an I/O error, an invalid argument, a name too long, "
		   "not supported, a server fault. The client is not at fault; the server "
		   "could not make a file handle for the path.",
	.cause = "The server cannot export that file system in its present state.",
	.causes = "IO (5), SERVERFAULT (10006): the disk or the file system under the "
		  "path fails or hangs.\n"
		  "INVAL (22), NOTSUPP (10004): the file system cannot be exported, such "
		  "as overlayfs, FUSE or another NFS mount without fsid=, or the server "
		  "does not support the request.\n"
		  "NAMETOOLONG (63): the path or a component of it is longer than the "
		  "server allows.\n"
		  "The kernel and mountd disagree: nfsd is not running while mountd is.",
	.tell_apart = "Server: `journalctl -u nfs-mountd -k` at the time of the finding; "
		      "`exportfs -ra` prints \"does not support NFS export\" or \"requires "
		      "fsid=\".\n"
		      "Server: `ls PATH`, `dmesg`, `findmnt -T PATH`: is the file system "
		      "healthy and of a kind that can be exported?\n"
		      "Server: `cat /proc/fs/nfsd/threads`: 0 means that nfsd is down.",
	.remedy = "Repair the file system or give its export a fsid= on the server, then "
		  "run exportfs -ra.",
	.prints = "mount.nfs: mount(2): Input/output error\n"
		  "mount.nfs: mount(2): Remote I/O error\n"
		  "mount.nfs: mount system call failed",
	.source = "RFC 1813 section 5.1.5 (mountstat3).",
};

static const struct finding_kind mount_flavor_mismatch = {
	.id = "mount-flavor-mismatch",
	.severity = SEVERITY_ERROR,
	.title = "client and export share no security flavor",
	.meaning = "MNT succeeded and its reply lists the security flavors that the "
		   "export allows. The flavor that the client was told to use is not "
		   "among them, so the client gives up. No packet denies anything, though "
		   "mount prints that the server did.",
	.cause = "The sec= of the mount and the sec= of the export have no flavor in "
		 "common.",
	.causes = "The client mounts with sec=krb5 (or krb5i, krb5p) and the export has "
		  "sec=sys, the default.\n"
		  "The export demands Kerberos and the client mounts with sec=sys, or "
		  "cannot do Kerberos (rpc.gssd not running).\n"
		  "Two export entries match the client, and the one that decides has "
		  "another sec= than the one looked at.",
	.tell_apart = "Wire: the flavors in the MNT reply: 1 is sys, 390003 krb5, 390004 "
		      "krb5i, 390005 krb5p.\n"
		      "Server: `exportfs -v` shows sec= of each entry.\n"
		      "Client: the mount options, /etc/nfsmount.conf, the automounter's map.\n"
		      "Client, where krb5 is offered: `systemctl status rpc-gssd`, `klist "
		      "-k`.",
	.remedy = "Mount with a flavor that the reply lists, or add the client's flavor "
		  "to the export (sec=sys:krb5, then exportfs -ra).",
	.prints = "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: mount(2): Permission denied",
	.source = "RFC 1813 section 5.2.1 (auth_flavors), RFC 2623.",
};

static const struct finding_kind mount_slow = {
	.id = "mount-slow",
	.severity = SEVERITY_WARNING,
	.title = "mountd answered late",
	.meaning = "The MNT call was answered, but only after seconds or after the client "
		   "had asked again. The mount works, or works at a second try, and feels "
		   "broken. Something that mountd waits for is slow.",
	.cause = "mountd waits for a name lookup of the client's address.",
	.causes = "Reverse DNS of the client's address times out, typically after 5, 10 "
		  "or 15 s.\n"
		  "Netgroups or users in LDAP or NIS, and that server is slow or down.\n"
		  "A disk in standby, an automounted or hanging file system among the "
		  "exports (mountd looks at each).\n"
		  "mountd is busy: many clients mount at once (a cluster boots) and it "
		  "has one thread.\n"
		  "Packets are lost on the way, so the client had to repeat.",
	.tell_apart = "Wire: the same call several times, then answers to all of them at "
		      "once: mountd was blocked. One repeat and one answer: a packet was "
		      "lost.\n"
		      "Server: `time getent hosts CLIENT-ADDRESS`.\n"
		      "Server: `strace -fttp $(pidof rpc.mountd)` while a client mounts: "
		      "connect() to port 53, or a stat() that takes long.\n"
		      "Server: `ls` of every exported path: does one hang?",
	.remedy = "Give the server a reverse entry for the clients (DNS or /etc/hosts) "
		  "or export to addresses only, and give mountd more threads (threads= "
		  "in the [mountd] section of /etc/nfs.conf).",
	.prints = "nothing, or mount.nfs: portmap query failed: RPC: Timed out, then "
		  "success",
	.source = "Practice; RFC 5531 sets no time limits.",
};

#define ROW(id) ((id)-findings_mount_first)

const struct finding_kind *const findings_mount[] = {
	[ROW(FINDING_MOUNT_ACCESS_DENIED)] = &mount_access_denied,
	[ROW(FINDING_MOUNT_INSECURE_PORT)] = &mount_insecure_port,
	[ROW(FINDING_MOUNT_NO_SUCH_PATH)] = &mount_no_such_path,
	[ROW(FINDING_MOUNT_NOT_A_DIRECTORY)] = &mount_not_a_directory,
	[ROW(FINDING_MOUNT_SERVER_ERROR)] = &mount_server_error,
	[ROW(FINDING_MOUNT_FLAVOR_MISMATCH)] = &mount_flavor_mismatch,
	[ROW(FINDING_MOUNT_SLOW)] = &mount_slow,
};
