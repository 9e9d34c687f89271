/*
 * findings_portmap: what goes wrong at port 111 (RFC 1833), and what the
 * portmapper says.
 */
#include "findings.h"

static const struct finding_kind portmap_no_answer = {
	.id = "portmap-no-answer",
	.severity = SEVERITY_ERROR,
	.title = "nothing came back from port 111",
	.meaning = "The client asked the server's portmapper (rpcbind, port 111) where a "
		   "service is, asked again, and nothing came back: no reply, no reset, "
		   "no ICMP error. A host that is up refuses a closed port aloud, so "
		   "silence means that the questions or the answers are thrown away on "
		   "the way.",
	.cause = "A firewall on the server, or between, drops packets to port 111.",
	.causes = "A firewall on the server drops port 111; many rule sets let only 2049 "
		  "through.\n"
		  "A firewall or a cloud security group between client and server drops "
		  "it.\n"
		  "The server is down or the address is wrong, and the routers between "
		  "keep silent about it.\n"
		  "The answers are lost: they leave by another interface, a stateful "
		  "firewall sees only one direction, or the reverse path filter drops "
		  "the questions.\n"
		  "UDP only: rpcbind is hung or its queue is full. Over TCP the kernel "
		  "would still accept the connection (portmap-hung).",
	.tell_apart = "Client: `ping SERVER` and `nc -vz SERVER 2049`. If 2049 opens, the "
		      "host is fine and only port 111 is blocked; if nothing answers, look "
		      "for the host and the route first.\n"
		      "Server: `tcpdump -ni any port 111` while the client tries. Nothing "
		      "arrives: lost before the server. It arrives and no answer leaves: a "
		      "firewall on the server (tcpdump sees what comes in before the "
		      "firewall does) or a hung rpcbind. An answer leaves: lost on the way "
		      "back.\n"
		      "Server: `nft list ruleset`, `iptables -S`, `firewall-cmd --list-all`: "
		      "a drop rule that covers 111. Rules with counters count each try.\n"
		      "Server: `ss -lntup 'sport = :111'` shows rpcbind or systemd; `nstat "
		      "-az TcpExtIPReversePathFilter` grows when the reverse path filter "
		      "drops.",
	.remedy = "Open port 111 for TCP and UDP to the client, or do without it: NFS 4 "
		  "uses port 2049 alone, and an NFS 3 mount asks no portmapper when "
		  "port= and mountport= are given.",
	.prints = "mount.nfs: portmap query failed: RPC: Timed out\n"
		  "mount.nfs: Connection timed out\n"
		  "clnt_create: RPC: Port mapper failure - Timed out",
	.source = "RFC 9293 section 3.5.2 and RFC 1122 section 4.1.3.1: a closed TCP "
		  "port answers with a reset, a closed UDP port with ICMP port "
		  "unreachable.",
};

static const struct finding_kind portmap_refused = {
	.id = "portmap-refused",
	.severity = SEVERITY_ERROR,
	.title = "port 111 is closed: rpcbind does not run",
	.meaning = "The server's address answered the questions to port 111 at once with "
		   "a TCP reset or with ICMP port unreachable. The host is up and "
		   "reachable, but nothing listens there for this address. NFS 3 cannot "
		   "find mountd and NFS without it; NFS 4 does not need it.",
	.cause = "rpcbind is not running on the server, or not on this address.",
	.causes = "rpcbind is not installed, not started, or has crashed.\n"
		  "The server is meant to serve NFS 4 only, where rpcbind is often "
		  "switched off on purpose.\n"
		  "rpcbind listens on 127.0.0.1 only (rpcbind -h, or ListenStream in "
		  "rpcbind.socket).\n"
		  "A firewall rejects with a reset or with port unreachable, which on "
		  "the wire looks the same.\n"
		  "The address belongs to another host, a load balancer or a container "
		  "that does not forward 111.",
	.tell_apart = "Server: `systemctl status rpcbind.socket rpcbind.service`, `ss -lntup "
		      "'sport = :111'`. No line: it does not run; 127.0.0.1:111 only: it is "
		      "bound to the wrong address.\n"
		      "Server: `rpcinfo -p localhost` works while the client is refused: a "
		      "firewall, or the binding.\n"
		      "Server: `nft list ruleset`, `iptables -S`: a rule with reject.\n"
		      "Wire: a reset whose TTL differs from that of the server's other "
		      "packets was made by a box on the way.\n"
		      "Solaris: `svcs -x rpc/bind` and `svcprop -p config/local_only "
		      "rpc/bind`. FreeBSD: rpcbind_enable in /etc/rc.conf.",
	.remedy = "Start rpcbind on the server (on Linux: systemctl enable --now "
		  "rpcbind.socket, then restart the NFS services so that they register), "
		  "or mount with NFS 4.",
	.prints = "mount.nfs: portmap query failed: RPC: Unable to receive - Connection "
		  "refused\n"
		  "mount.nfs: Connection refused\n"
		  "clnt_create: RPC: Port mapper failure - Unable to receive: errno 111 "
		  "(Connection refused)",
	.source = "RFC 9293 section 3.5.2 (reset for a closed port), RFC 792 and RFC "
		  "4443 section 3.1 (port unreachable); port 111: RFC 1833 section 2.",
};

static const struct finding_kind portmap_filtered = {
	.id = "portmap-filtered",
	.severity = SEVERITY_ERROR,
	.title = "a firewall rejects port 111",
	.meaning = "The question to port 111 was answered, but not by the portmapper: an "
		   "ICMP error says that it is administratively prohibited, or the "
		   "refusal came from a third address. A filter between client and "
		   "rpcbind forbids it, and says so.",
	.cause = "A firewall with a reject rule forbids port 111 to this client.",
	.causes = "The server's own firewall rejects what is not allowed (firewalld does "
		  "so by default, with ICMP type 3 code 13 on some systems and code 10 "
		  "on others).\n"
		  "A router or a security appliance between the two has an access list; "
		  "the ICMP comes from its address.\n"
		  "An intrusion prevention system answers in the server's name.",
	.tell_apart = "Wire: the source address of the ICMP error. The server's address: its "
		      "own firewall. Another address: that box.\n"
		      "Server: `firewall-cmd --list-all`, `nft list ruleset`, `iptables -S`: "
		      "look for reject with admin-prohibited.\n"
		      "Client: `traceroute -T -p 111 SERVER` ends at the box that rejects; "
		      "mark !X means prohibited.",
	.remedy = "Allow port 111 for TCP and UDP from the client on the box that sent "
		  "the error (firewalld: --add-service=rpc-bind, with mountd and nfs), "
		  "or mount with NFS 4.",
	.prints = "mount.nfs: portmap query failed: RPC: Unable to receive - No route to "
		  "host\n"
		  "mount.nfs: No route to host",
	.source = "RFC 1812 section 5.2.7.1 (codes 9, 10 and 13), RFC 4443 section 3.1 "
		  "(code 1).",
};

static const struct finding_kind portmap_hung = {
	.id = "portmap-hung",
	.severity = SEVERITY_ERROR,
	.title = "port 111 accepts, but sends no RPC reply",
	.meaning = "The TCP connection to port 111 was made and the question was "
		   "acknowledged, but no RPC reply came. The server's kernel does both by "
		   "itself; the program that should read the question does not.",
	.cause = "rpcbind is hung, stopped, or far too busy.",
	.causes = "rpcbind waits for a name service (NIS, LDAP, DNS behind hosts.allow "
		  "rules) that does not answer.\n"
		  "rpcbind is stopped, blocked on a full disk or log, or out of file "
		  "descriptors.\n"
		  "systemd holds the socket and cannot start rpcbind.service.\n"
		  "A proxy, a load balancer or a port forward accepts in the server's "
		  "place and has nobody behind it.\n"
		  "Rarely: a firewall lets the handshake pass and drops what carries "
		  "data.",
	.tell_apart = "Server: `rpcinfo -p localhost`. It hangs too: the daemon. It works: "
		      "the path or a proxy.\n"
		      "Server: `ss -ntp 'sport = :111'`: a Recv-Q that is not 0 is what "
		      "rpcbind has not read; in LISTEN it counts the connections not yet "
		      "accepted.\n"
		      "Server: `systemctl status rpcbind`, `cat /proc/$(pidof "
		      "rpcbind)/wchan`, `strace -p $(pidof rpcbind)`: where it waits. State "
		      "T is stopped, D waits for a disk.\n"
		      "Wire: an acknowledgment of the question from the server proves that "
		      "its kernel, or a proxy, has it.",
	.remedy = "Restart rpcbind on the server, keeping its registrations (rpcbind -w, "
		  "the default of most distributions) or restarting the NFS services "
		  "after it; then look for what it waited for.",
	.prints = "mount.nfs: portmap query failed: RPC: Timed out\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 5531 section 9: a call that reached its program is answered, if "
		  "only with an error.",
};

static const struct finding_kind portmap_auth_rejected = {
	.id = "portmap-auth-rejected",
	.severity = SEVERITY_ERROR,
	.title = "the portmapper denied the call",
	.meaning = "Port 111 answered with MSG_DENIED: it understood the call and refuses "
		   "this caller before looking at the question. Mostly that is an access "
		   "rule by address. The answer says nothing on whether the service is "
		   "registered.",
	.cause = "An access rule of rpcbind (/etc/hosts.allow and hosts.deny, or its "
		 "own policy) excludes this client.",
	.causes = "TCP wrappers: /etc/hosts.deny has rpcbind: ALL or ALL: ALL, and "
		  "hosts.allow does not name the client.\n"
		  "A call that only the local host may make (SET, UNSET) was made from "
		  "outside, or from a port above 1023.\n"
		  "The client sent RPC version other than 2, or a credential that the "
		  "server cannot read (RPC_MISMATCH, AUTH_BADCRED): a broken client or a "
		  "scanner.",
	.tell_apart = "Wire: the auth_stat. AUTH_TOOWEAK (5) is what rpcbind gives for a "
		      "refused address; RPC_MISMATCH is no matter of access.\n"
		      "Server: `cat /etc/hosts.allow /etc/hosts.deny`; `ldd $(command -v "
		      "rpcbind)` names libwrap where they count.\n"
		      "Server: `rpcinfo -p localhost` works, `journalctl -u rpcbind` has a "
		      "line for the refused caller.\n"
		      "Solaris: `svcprop -p config/enable_tcpwrappers rpc/bind`.",
	.remedy = "Allow the client in the server's /etc/hosts.allow under the name "
		  "rpcbind (older systems: portmap), by address rather than by name; "
		  "nothing needs a restart.",
	.prints = "mount.nfs: portmap query failed: RPC: Authentication error\n"
		  "mount.nfs: access denied by server while mounting SERVER:PATH",
	.source = "RFC 5531 section 9 (rejected_reply, auth_stat).",
};

static const struct finding_kind portmap_version_fallback = {
	.id = "portmap-version-fallback",
	.severity = SEVERITY_NOTE,
	.title = "an older portmapper version was used",
	.meaning = "The client asked with a newer version of the rpcbind protocol (4 or "
		   "3), the server refused that with PROG_MISMATCH, and the client asked "
		   "again with an older one, which worked. This is how the versions are "
		   "meant to be negotiated. It costs a round trip and is no fault.",
	.cause = "The server's portmapper knows fewer versions than the client's "
		 "library asks for.",
	.causes = "The server runs the old portmap daemon or an appliance or an embedded "
		  "system with version 2 only.\n"
		  "A firewall or a proxy with a portmapper of its own answers in the "
		  "server's place.",
	.tell_apart = "Client: `rpcinfo -p SERVER | grep 100000`: the versions that the "
		      "portmapper has registered for itself.\n"
		      "Wire: PROG_MISMATCH carries the lowest and the highest version.\n"
		      "It matters only over IPv6: version 2 knows port numbers, not "
		      "addresses, and cannot name an IPv6 service.",
	.remedy = "None needed; for IPv6 the server needs an rpcbind with version 3 or "
		  "4.",
	.prints = "nothing",
	.source = "RFC 1833 section 2.2.2 (version 4) and section 3 (version 2), RFC "
		  "5531 section 9 (PROG_MISMATCH).",
};

static const struct finding_kind not_registered = {
	.id = "not-registered",
	.severity = SEVERITY_ERROR,
	.title = "the portmapper does not know the service",
	.meaning = "The portmapper answered that it knows no such service: GETPORT gave "
		   "port 0, or GETADDR gave an empty address. The portmapper itself "
		   "works. Nothing with that program, and for that version or transport "
		   "as far as it distinguishes them, has announced itself since rpcbind "
		   "started.",
	.cause = "The service is not running on the server, or does not offer this "
		 "version or transport.",
	.causes = "The service is not started, or died before it registered (nfs-server, "
		  "rpc.mountd, rpc.statd).\n"
		  "The version is switched off: vers3=n in /etc/nfs.conf, an NFS 4 only "
		  "server, an appliance with NFS 3 disabled.\n"
		  "The transport is not served: NFS over UDP is off by default in "
		  "current Linux servers.\n"
		  "rpcbind was restarted and lost the list; services that ran before are "
		  "not in it.\n"
		  "The registration is for IPv4 and the question for IPv6, or the other "
		  "way round.",
	.tell_apart = "Client: `rpcinfo -p SERVER` (IPv4), `rpcinfo -s SERVER` (all "
		      "transports): is the program there at all, with another version, with "
		      "another transport?\n"
		      "Server: the daemon runs, yet is not in `rpcinfo -p localhost`: "
		      "rpcbind lost the list. `ss -lntup` shows the daemon's port.\n"
		      "Server: `systemctl status nfs-server nfs-mountd rpc-statd`, `cat "
		      "/proc/fs/nfsd/versions`, `nfsconf --dump`.\n"
		      "Solaris: `svcs -x nfs/server`, `sharectl get nfs`. NetApp: `vserver "
		      "nfs show -fields v3,v4.0,v4.1`. Windows: "
		      "`Get-NfsServerConfiguration`.",
	.remedy = "Start or restart the service on the server so that it registers, or "
		  "mount with a version and transport that rpcinfo lists; NFS 4 needs no "
		  "registration.",
	.prints = "mount.nfs: portmap query failed: RPC: Program not registered\n"
		  "mount.nfs: requested NFS version or transport protocol is not "
		  "supported\n"
		  "clnt_create: RPC: Program not registered",
	.source = "RFC 1833 section 3.2 (GETPORT: a port of zero), section 2.2.1 "
		  "(GETADDR: an empty string).",
};

static const struct finding_kind reply_from_other_address = {
	.id = "reply-from-other-address",
	.severity = SEVERITY_ERROR,
	.title = "the UDP reply came from another address",
	.meaning = "The client sent a UDP call to one address of the server and the reply "
		   "came back from another address. Client sockets that are connected, as "
		   "those of mount.nfs are, take only what comes from the address asked: "
		   "the reply is dropped, often with ICMP port unreachable, and the "
		   "client goes on as if nothing had come. Some tools take the reply all "
		   "the same, so rpcinfo may work where mount fails.",
	.cause = "The server has several addresses and its service replies from the one "
		 "its routing table prefers.",
	.causes = "A multi-homed server whose daemon does not reply from the address it "
		  "was asked at (old portmap, user-space NFS servers).\n"
		  "A cluster or floating address: the reply leaves with the node's own "
		  "address.\n"
		  "Address translation in one direction only, or a load balancer that "
		  "the reply goes around.",
	.tell_apart = "Wire: same xid, other source address; ICMP port unreachable from the "
		      "client follows it.\n"
		      "Server: `ip -br address` has both addresses: multi-homed. It has not: "
		      "address translation or another host between.\n"
		      "Server: `ip route get CLIENT` shows the source address that "
		      "unconnected replies get.",
	.remedy = "Ask the address that replies, use TCP (proto=tcp,mountproto=tcp), or "
		  "bind the service to the wanted address (rpcbind -h ADDRESS).",
	.prints = "mount.nfs: portmap query failed: RPC: Timed out\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 1122 section 4.1.3.5: a UDP server can and should reply from the "
		  "address that was asked.",
};

static const struct finding_kind portmap_bad_answer = {
	.id = "portmap-bad-answer",
	.severity = SEVERITY_ERROR,
	.title = "the portmapper named no valid port or address",
	.meaning =
		"The portmapper answered, with success, and what it named cannot be: GETPORT "
		"gave a number above 65535, or GETADDR a universal address that is none (an "
		"octet above 255, letters, too few parts). The client cannot go there and "
		"gives up, or reads the number as another port.",
	.cause = "A service registered a wrong port or address, or the portmapper is faulty.",
	.causes = "A program registered itself with pmap_set or rpcb_set and a number that is "
		  "no port.\n"
		  "A portmapper of its own in an appliance or a user-space server, with a "
		  "fault.\n"
		  "A device in between that rewrites portmapper answers for address "
		  "translation.",
	.tell_apart =
		"Client: `rpcinfo -p SERVER` and `rpcinfo -s SERVER` show the same nonsense "
		"for one program: that program registered it; for all: the portmapper or "
		"what is in between.\n"
		"Server: `rpcinfo -p localhost` is right where the client's is wrong: "
		"something in between.",
	.remedy =
		"Restart the service that registered it, or update it; or give the client the "
		"port (port=, mountport=), or mount with NFS 4, which asks no portmapper.",
	.prints = "mount.nfs: portmap query failed: RPC: Program not registered\n"
		  "mount.nfs: requested NFS version or transport protocol is not supported",
	.source = "RFC 1833 section 3.2 (GETPORT), section 2.1 with RFC 5665 section 5.2.3 "
		  "(universal addresses).",
};

#define ROW(id) ((id)-findings_portmap_first)

const struct finding_kind *const findings_portmap[] = {
	[ROW(FINDING_PORTMAP_NO_ANSWER)] = &portmap_no_answer,
	[ROW(FINDING_PORTMAP_REFUSED)] = &portmap_refused,
	[ROW(FINDING_PORTMAP_FILTERED)] = &portmap_filtered,
	[ROW(FINDING_PORTMAP_HUNG)] = &portmap_hung,
	[ROW(FINDING_PORTMAP_AUTH_REJECTED)] = &portmap_auth_rejected,
	[ROW(FINDING_PORTMAP_VERSION_FALLBACK)] = &portmap_version_fallback,
	[ROW(FINDING_NOT_REGISTERED)] = &not_registered,
	[ROW(FINDING_REPLY_FROM_OTHER_ADDRESS)] = &reply_from_other_address,
	[ROW(FINDING_PORTMAP_BAD_ANSWER)] = &portmap_bad_answer,
};
