/*
 * findings_service: what goes wrong at the port of a service, and the refusals
 * that the RPC header itself can carry (RFC 5531 section 9).
 */
#include "findings.h"

static const struct finding_kind service_no_answer = {
	.id = "service-no-answer",
	.severity = SEVERITY_ERROR,
	.title = "the service's port is silent",
	.meaning = "The portmapper named a port, or the client went to a fixed one such "
		   "as 2049, and nothing came back from it: no reply, no reset, no ICMP "
		   "error. The server answers on other ports or is at least not reported "
		   "as unreachable. So packets to this one port are thrown away.",
	.cause = "A firewall drops the port of the service.",
	.causes = "The server's firewall allows 111 and 2049 but not mountd's port. "
		  "Where mountd's port is not fixed it changes at each start, so the "
		  "rule that fitted yesterday does not fit today.\n"
		  "A firewall or security group between the two does.\n"
		  "Containers and address translation: the port that is registered "
		  "inside is not forwarded to the outside.\n"
		  "UDP is dropped where TCP passes (or the reverse): mountd is asked "
		  "over UDP with some clients and options.\n"
		  "The client reuses its old port and a firewall drops the SYN as out of "
		  "state; a new port would pass.",
	.tell_apart = "Client: `nc -vz SERVER PORT` for the port in the finding, for TCP; "
		      "`rpcinfo -u SERVER mountd 3` and `rpcinfo -t SERVER mountd 3` for "
		      "both.\n"
		      "Server: `tcpdump -ni any port PORT`. Nothing arrives: lost before. It "
		      "arrives and nothing leaves: the server's firewall. An answer leaves: "
		      "lost on the way back.\n"
		      "Server: `rpcinfo -p | grep mountd` before and after a restart of the "
		      "service: does the port change? `nfsconf --get mountd port`.\n"
		      "Server: `nft list ruleset`, `iptables -S`, `firewall-cmd --list-all`.",
	.remedy = "Fix the port of the service (mountd: port=20048 in the [mountd] "
		  "section of /etc/nfs.conf) and open it for TCP and UDP, or mount with "
		  "NFS 4, which uses 2049 alone.",
	.prints = "mount.nfs: portmap query failed: RPC: Remote system error - "
		  "Connection timed out\n"
		  "mount.nfs: Connection timed out\n"
		  "nfs: server SERVER not responding, still trying",
	.source = "RFC 9293 section 3.5.2 and RFC 1122 section 4.1.3.1: a closed port is "
		  "not silent.",
};

static const struct finding_kind service_refused = {
	.id = "service-refused",
	.severity = SEVERITY_ERROR,
	.title = "the service's port is closed",
	.meaning = "The port that the portmapper named, or the fixed port 2049, answered "
		   "with a TCP reset or ICMP port unreachable. The host is up; nothing "
		   "listens on that port at that address. If the portmapper named it, its "
		   "entry is out of date or true for another address only.",
	.cause = "The service has stopped or died and its registration was left behind, "
		 "or it listens on another address.",
	.causes = "The daemon crashed or was killed; rpcbind never removes an entry by "
		  "itself.\n"
		  "nfsd is not running: NFS 4 goes to 2049 without asking anybody.\n"
		  "The service is bound to another address of the server (host= in "
		  "/etc/nfs.conf, Bind_addr of nfs-ganesha), or to IPv4 only.\n"
		  "Containers: the port is registered inside and not published outside.\n"
		  "A firewall rejects with a reset or with port unreachable.\n"
		  "port= or mountport= names the wrong port.",
	.tell_apart = "Server: `ss -lntup 'sport = :PORT'`. No line: the daemon is gone. "
		      "Another address: the binding. 0.0.0.0 or *: then it is a firewall, or "
		      "the packets went to another host.\n"
		      "Server: `systemctl status nfs-server nfs-mountd`, `cat "
		      "/proc/fs/nfsd/threads` (0: no nfsd).\n"
		      "Server: `rpcinfo -t localhost mountd 3` works while the client is "
		      "refused: firewall or binding.\n"
		      "Wire: a reset whose TTL differs from the server's other packets was "
		      "made by a box on the way.",
	.remedy = "Start the service again on the server (systemctl restart nfs-server "
		  "nfs-mountd), which also renews its registration; check the address it "
		  "listens on.",
	.prints = "mount.nfs: portmap query failed: RPC: Remote system error - "
		  "Connection refused\n"
		  "mount.nfs: Connection refused",
	.source = "RFC 9293 section 3.5.2 (reset for a closed port), RFC 792 and RFC "
		  "4443 section 3.1 (port unreachable).",
};

static const struct finding_kind service_filtered = {
	.id = "service-filtered",
	.severity = SEVERITY_ERROR,
	.title = "a firewall rejects the service's port",
	.meaning = "The call to the service's port was answered by an ICMP error that "
		   "says: administratively prohibited. Or the refusal came from an "
		   "address other than the server's. A filter forbids this port and says "
		   "so.",
	.cause = "A firewall with a reject rule forbids the service's port to this "
		 "client.",
	.causes = "The server's own firewall: 2049 or mountd's port was not opened, or "
		  "mountd changed its port.\n"
		  "An access list on a router between the two; the ICMP comes from its "
		  "address.\n"
		  "A host policy in a virtual or container network.",
	.tell_apart = "Wire: the source address of the ICMP error is the box to look at.\n"
		      "Server: `firewall-cmd --list-all`, `nft list ruleset`, `iptables -S`: "
		      "look for reject with admin-prohibited.\n"
		      "Client: `traceroute -T -p PORT SERVER` ends at the box that rejects.",
	.remedy = "Allow the port from the client on the box that sent the error "
		  "(firewalld: --add-service=nfs, mountd and rpc-bind), with mountd's "
		  "port fixed in /etc/nfs.conf.",
	.prints = "mount.nfs: mount(2): No route to host\n"
		  "mount.nfs: No route to host",
	.source = "RFC 1812 section 5.2.7.1 (codes 9, 10 and 13), RFC 4443 section 3.1 "
		  "(code 1).",
};

static const struct finding_kind service_hung = {
	.id = "service-hung",
	.severity = SEVERITY_ERROR,
	.title = "the port accepts, but no RPC reply comes",
	.meaning = "The TCP connection was made and the call was acknowledged, but no "
		   "reply came. The server's kernel does both without the program. So the "
		   "way is clear, and the program behind the port is stuck or has too few "
		   "threads.",
	.cause = "The daemon is hung, most often waiting for a name service or for a "
		 "disk.",
	.causes = "mountd waits for a reverse DNS, LDAP or NIS answer about the client's "
		  "address.\n"
		  "mountd or nfsd waits for a disk or a file system that hangs; all nfsd "
		  "threads are taken.\n"
		  "The daemon is stopped (SIGSTOP, debugger, frozen container) or "
		  "deadlocked.\n"
		  "nfsd waits for mountd: the kernel asks it whether the client may, so "
		  "a hung mountd hangs NFS calls too.\n"
		  "A proxy or a load balancer accepts and has nobody behind it.",
	.tell_apart = "Server: `ss -ntp 'sport = :PORT'`: a Recv-Q that is not 0 is what the "
		      "program has not read.\n"
		      "Server: `ps -o pid,stat,wchan:30,cmd -C rpc.mountd,nfsd`: T is "
		      "stopped, D waits for a disk. `strace -fp PID` shows a mountd that "
		      "waits for DNS.\n"
		      "Server: `getent hosts CLIENT-ADDRESS`: does it take seconds?\n"
		      "Server: `rpcinfo -t localhost mountd 3`: it hangs too: the daemon. It "
		      "answers: the path or a proxy.\n"
		      "NULL is answered and other procedures are not: the thread pool works, "
		      "what the call needs does not.",
	.remedy = "Restart the daemon on the server, then remove what it waited for "
		  "(name service, disk, too few threads).",
	.prints = "mount.nfs: portmap query failed: RPC: Timed out\n"
		  "mount.nfs: Connection timed out\n"
		  "nfs: server SERVER not responding, still trying",
	.source = "RFC 5531 section 9: a call that reached its program is answered, if "
		  "only with an error.",
};

static const struct finding_kind program_unavailable = {
	.id = "program-unavailable",
	.severity = SEVERITY_ERROR,
	.title = "another program listens on that port",
	.meaning = "The port answered in correct RPC and said PROG_UNAVAIL: the program "
		   "asked for is not here. The client was sent to the wrong port, or the "
		   "right server does not have that program.",
	.cause = "The registration is out of date and another RPC service now has that "
		 "port.",
	.causes = "The daemon died or moved, and another one got its dynamic port; "
		  "rpcbind kept the old entry.\n"
		  "port= or mountport= names the port of another service.\n"
		  "A server that has one port for several programs was built or "
		  "configured without this one (nfs-ganesha without MNT or NLM, NFS_ACL "
		  "on a server that has none).",
	.tell_apart = "Server: `ss -lntup 'sport = :PORT'` names the process; `rpcinfo -p` "
		      "names the program that should be there.\n"
		      "Client: the options of the mount: port=, mountport=.\n"
		      "If the program is NFS_ACL (100227) or RQUOTA (100011): an optional "
		      "service; Linux clients go on without it.",
	.remedy = "Restart the service on the server so that it registers its true port, "
		  "or correct port= and mountport=.",
	.prints = "mount.nfs: portmap query failed: RPC: Program unavailable\n"
		  "mount.nfs: mount to NFS server 'SERVER:PATH' failed: RPC Error: "
		  "Program unavailable",
	.source = "RFC 5531 section 9 (PROG_UNAVAIL).",
};

static const struct finding_kind version_mismatch = {
	.id = "version-mismatch",
	.severity = SEVERITY_ERROR,
	.title = "the program is there, the version is not",
	.meaning = "The service answered PROG_MISMATCH and named the lowest and the "
		   "highest version it has; the one asked for is outside. A portmapper of "
		   "version 2 gives the port of any version of a program, so that it "
		   "named a port is no promise about the version.",
	.cause = "The server does not serve the version that the client insists on.",
	.causes = "NFS 3 was asked of a server that serves NFS 4 only (low 4, high 4), "
		  "or vers=4 of one that serves 3 only (high 3).\n"
		  "NFS 2 was asked; current Linux servers do not have it, and had it off "
		  "by default for years before.\n"
		  "mountd has the version off (its --no-nfs-version option).\n"
		  "A broken server that mixes low and high up.",
	.tell_apart = "Wire: low and high in the reply are what the server has.\n"
		      "Server: `cat /proc/fs/nfsd/versions` shows +3 -4.2 and so on; "
		      "`nfsconf --dump` has vers3=, vers4=.\n"
		      "NetApp: `vserver nfs show -fields v3,v4.0,v4.1`. Solaris: `sharectl "
		      "get nfs`. Windows: `Get-NfsServerConfiguration`.\n"
		      "Client: the vers= option, /etc/nfsmount.conf, what autofs adds.",
	.remedy = "Mount with a version between low and high (vers=), or switch the "
		  "version on at the server.",
	.prints = "mount.nfs: portmap query failed: RPC: Program/version mismatch\n"
		  "mount.nfs: Protocol not supported\n"
		  "rpcinfo: RPC: Program/version mismatch; low version = 4, high version "
		  "= 4",
	.source = "RFC 5531 section 9 (PROG_MISMATCH).",
};

static const struct finding_kind procedure_unavailable = {
	.id = "procedure-unavailable",
	.severity = SEVERITY_ERROR,
	.title = "the service does not have that procedure",
	.meaning = "Program and version are right, and the service said PROC_UNAVAIL: it "
		   "has no procedure of that number. An optional procedure may be missing "
		   "without harm. A missing MNT, FSINFO or COMPOUND means that something "
		   "else than a full server answers.",
	.cause = "The server does not implement the procedure.",
	.causes = "An optional procedure: DUMP or EXPORT of a small mountd, the "
		  "statistics of a portmapper.\n"
		  "A gateway, test server or incomplete implementation.\n"
		  "A server that should have said PROG_MISMATCH: some say PROC_UNAVAIL "
		  "for versions they do not have, and the client does not fall back.",
	.tell_apart = "Wire: which procedure, and whether NULL (0) of the same version is "
		      "answered.\n"
		      "Client: `rpcinfo -t SERVER PROGRAM VERSION` makes a NULL call.\n"
		      "The server's software and its version: a fault of the server, not of "
		      "the network.",
	.remedy = "Ask with another version (vers=), or update the server's software; "
		  "where the procedure is optional, nothing is needed.",
	.prints = "mount.nfs: portmap query failed: RPC: Procedure unavailable\n"
		  "mount.nfs: mount to NFS server 'SERVER:PATH' failed: RPC Error: "
		  "Procedure unavailable",
	.source = "RFC 5531 section 9 (PROC_UNAVAIL).",
};

static const struct finding_kind garbage_args = {
	.id = "garbage-args",
	.severity = SEVERITY_ERROR,
	.title = "the service could not decode the arguments",
	.meaning = "The service answered GARBAGE_ARGS: the arguments did not fit what the "
		   "procedure expects. It never looked at what they ask for. Client and "
		   "server disagree on the protocol, or the message was damaged.",
	.cause = "A defect in the client or the server.",
	.causes = "A client that encodes wrongly, or uses another draft or dialect of "
		  "the protocol.\n"
		  "A server that limits strings, group lists or sizes more than the "
		  "protocol does and reports it so.\n"
		  "RPCSEC_GSS: the server could not verify or decrypt the arguments; RFC "
		  "2203 has it answer so.\n"
		  "A middlebox that rewrites the payload.",
	.tell_apart = "Wire: `rpcscope show -V` on the call. If it decodes here without a "
		      "malformed mark, suspect the server; if not, the client.\n"
		      "The same call from another client, the same client to another server.\n"
		      "With sec=krb5i or krb5p: try sec=krb5, which leaves the arguments in "
		      "the clear.",
	.remedy = "Update the side that is at fault; as a way around it, use another NFS "
		  "version.",
	.prints = "mount.nfs: portmap query failed: RPC: Server can't decode arguments\n"
		  "mount.nfs: mount(2): Input/output error",
	.source = "RFC 5531 section 9 (GARBAGE_ARGS), RFC 2203 section 5.3.3.",
};

static const struct finding_kind system_error = {
	.id = "system-error",
	.severity = SEVERITY_ERROR,
	.title = "the service reported an internal error",
	.meaning = "The service answered SYSTEM_ERR: it understood the call and failed by "
		   "itself, for instance for want of memory. The protocol tells no more; "
		   "the reason is in the server's log.",
	.cause = "The server is short of memory or of another resource, or its program "
		 "failed.",
	.causes = "Out of memory, out of file descriptors, a failed allocation.\n"
		  "The daemon could not start a thread or a process.\n"
		  "A defect in the service.",
	.tell_apart = "Server: `journalctl -u nfs-server -u nfs-mountd`, `dmesg`, at the "
		      "time of the finding; nfs-ganesha: /var/log/ganesha/ganesha.log.\n"
		      "Server: `free -m`, `cat /proc/sys/fs/file-nr`, `systemctl status "
		      "nfs-mountd`.\n"
		      "Only one procedure or one export fails: what it needs. All fail: the "
		      "daemon.",
	.remedy = "Read the server's log at that time, restart the service, and add what "
		  "it lacked.",
	.prints = "mount.nfs: portmap query failed: RPC: Remote system error\n"
		  "mount.nfs: mount to NFS server 'SERVER:PATH' failed: System Error\n"
		  "mount.nfs: mount(2): Input/output error",
	.source = "RFC 5531 section 9 (SYSTEM_ERR).",
};

static const struct finding_kind auth_rejected = {
	.id = "auth-rejected",
	.severity = SEVERITY_ERROR,
	.title = "the service rejected the caller's credential",
	.meaning = "The service answered MSG_DENIED: it refuses the caller before looking "
		   "at the procedure, and auth_stat says why. It is a refusal by the RPC "
		   "layer, not by the export list, though servers use it for clients they "
		   "do not know.",
	.cause = "The server does not accept this client, or not this kind of "
		 "credential.",
	.causes = "AUTH_BADCRED (1) from a Linux nfsd: the client's address is in no "
		  "export at all.\n"
		  "AUTH_TOOWEAK (5): the server wants Kerberos and got AUTH_SYS or "
		  "AUTH_NONE.\n"
		  "AUTH_FAILED (7) from a Linux mountd: TCP wrappers refuse the client's "
		  "address (mountd in /etc/hosts.deny).\n"
		  "RPCSEC_GSS_CREDPROBLEM (13), CTXPROBLEM (14): a Kerberos context that "
		  "the server no longer knows; the client makes a new one. Only a loop "
		  "is a fault (gss-failed).\n"
		  "RPC_MISMATCH: RPC version other than 2, a broken client or a scanner.",
	.tell_apart = "Wire: the auth_stat, and the flavor of the call it answers. NULL is "
		      "answered and the rest is refused with AUTH_BADCRED: the client is in "
		      "no export.\n"
		      "Server: `exportfs -v`, `cat /etc/hosts.allow /etc/hosts.deny`, "
		      "`journalctl -u nfs-mountd`.\n"
		      "Client: sec= among the mount options; `nfsstat -m` for mounts that "
		      "work.\n"
		      "NetApp: `vserver export-policy rule show -fields "
		      "clientmatch,rorule,rwrule`.",
	.remedy = "Export the path to this client, or use the flavor that the server "
		  "wants (sec=), or allow the client in the server's hosts.allow.",
	.prints = "mount.nfs: portmap query failed: RPC: Authentication error\n"
		  "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: mount(2): Permission denied",
	.source = "RFC 5531 section 9 (reject_stat, auth_stat).",
};

#define ROW(id) ((id)-findings_service_first)

const struct finding_kind *const findings_service[] = {
	[ROW(FINDING_SERVICE_NO_ANSWER)] = &service_no_answer,
	[ROW(FINDING_SERVICE_REFUSED)] = &service_refused,
	[ROW(FINDING_SERVICE_FILTERED)] = &service_filtered,
	[ROW(FINDING_SERVICE_HUNG)] = &service_hung,
	[ROW(FINDING_PROGRAM_UNAVAILABLE)] = &program_unavailable,
	[ROW(FINDING_VERSION_MISMATCH)] = &version_mismatch,
	[ROW(FINDING_PROCEDURE_UNAVAILABLE)] = &procedure_unavailable,
	[ROW(FINDING_GARBAGE_ARGS)] = &garbage_args,
	[ROW(FINDING_SYSTEM_ERROR)] = &system_error,
	[ROW(FINDING_AUTH_REJECTED)] = &auth_rejected,
};
