/*
 * findings_host: hosts that are not there or there twice, and answers that are
 * none.
 */
#include "findings.h"

static const struct finding_kind host_unreachable = {
	.id = "host-unreachable",
	.severity = SEVERITY_ERROR,
	.title = "the server's host cannot be reached",
	.meaning = "Nobody answers ARP or neighbour solicitation for the server's address "
		   "(or for the router to it), or a router says that the host or the "
		   "network is unreachable. The question never got as far as a port, so "
		   "nothing is known about services.",
	.cause = "The server is down, or its address or the route to it is wrong.",
	.causes = "The server is switched off, still booting, or its network cable or "
		  "interface is down.\n"
		  "The address is wrong: an old DNS entry, a typing error, a server that "
		  "has moved.\n"
		  "A wrong netmask or VLAN: the client looks for the server on its own "
		  "link, where it is not.\n"
		  "A router has no route, or cannot find the host on its last link.\n"
		  "A failed failover: the floating address is on no node.",
	.tell_apart = "Client: `ip neigh show SERVER` (FAILED or INCOMPLETE: no answer to "
		      "ARP), `ip route get SERVER`, `getent hosts SERVER`.\n"
		      "Wire: ARP without an answer: on the client's own link. ICMP from a "
		      "router: its address is where the trouble is.\n"
		      "Client: `ping` of another host in the server's network: that works, "
		      "so it is the server alone.\n"
		      "Server console: `ip -br address`, `ip route`, link lights.",
	.remedy = "Bring the server or its interface up, or correct its address in DNS, "
		  "/etc/hosts or fstab, or the route.",
	.prints = "mount.nfs: No route to host\n"
		  "mount.nfs: Network is unreachable",
	.source = "RFC 826 (ARP), RFC 4861 section 7.2, RFC 1122 section 2.3.2, RFC 792 "
		  "(unreachable codes 0 and 1).",
};

static const struct finding_kind duplicate_address = {
	.id = "duplicate-address",
	.severity = SEVERITY_ERROR,
	.title = "two hosts have the server's address",
	.meaning = "Two hardware addresses answer for one IP address. Packets go now to "
		   "the one, now to the other, as the ARP entries change. So connections "
		   "are refused, reset or silent at random, depending on who answered "
		   "last.",
	.cause = "Another machine was given the server's address.",
	.causes = "A static address inside a DHCP range, or typed in twice.\n"
		  "A cloned virtual machine or container.\n"
		  "A failover where the old node still holds the floating address.\n"
		  "Harmless: proxy ARP, two interfaces of one server in the same network "
		  "(arp_ignore not set), a virtual router (VRRP) that moves.",
	.tell_apart = "Client: `arping -D -I IFACE SERVER` or `arping -c 3 SERVER` shows "
		      "every hardware address that answers.\n"
		      "The first three octets of each hardware address name its maker; "
		      "52:54:00 is QEMU/KVM, 00:50:56 VMware.\n"
		      "Switch: at which port each hardware address is.\n"
		      "Server: `ip link` shows which one is its own; both are: then it is "
		      "one host with two interfaces.",
	.remedy = "Take the address away from the wrong host, then clear the entry on "
		  "the client (ip neigh flush to SERVER).",
	.prints = "mount.nfs: Connection refused\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 5227 (address conflict), RFC 826.",
};

static const struct finding_kind service_closed = {
	.id = "service-closed",
	.severity = SEVERITY_ERROR,
	.title = "the service closed instead of answering",
	.meaning = "The TCP connection was made, and the server then closed or reset it, "
		   "at once or after the call, without any reply. So something listens "
		   "there and does not want this client or this call, or fails over it.",
	.cause = "The service refuses the client before it reads the call, or crashes "
		 "over the call.",
	.causes = "The program crashes or restarts when it gets the call.\n"
		  "A proxy, load balancer or port forward accepts and finds nobody "
		  "behind it.\n"
		  "TCP wrappers or a limit of connections in a program that closes "
		  "rather than answers.\n"
		  "The port belongs to a program that is not RPC and dislikes what it "
		  "got.\n"
		  "RPCSEC_GSS calls that nobody on the server can check (gss-failed).",
	.tell_apart = "Wire: closed before the call was sent: refused by policy or proxy. "
		      "After the call: by the program, or a crash.\n"
		      "Server: `systemctl status` of the service (does its PID change?), "
		      "`coredumpctl list`, `journalctl -u nfs-mountd`.\n"
		      "Server: `ss -lntp 'sport = :PORT'` names the program; `rpcinfo -t "
		      "localhost PROGRAM VERSION`.\n"
		      "One client only: access rules. All: the service.",
	.remedy = "Look at the program behind that port on the server and restart it; "
		  "where a proxy stands between, look at what it forwards to.",
	.prints = "mount.nfs: portmap query failed: RPC: Unable to receive - Connection "
		  "reset by peer\n"
		  "mount.nfs: Connection reset by peer",
	.source = "RFC 5531 section 9: a refusal is a reply; closing is none.",
};

static const struct finding_kind not_rpc = {
	.id = "not-rpc",
	.severity = SEVERITY_ERROR,
	.title = "what answers there does not speak RPC",
	.meaning = "The port accepted the call and answered with octets that are no RPC: "
		   "no valid record mark, or text of another protocol. The client waits "
		   "for a reply or gives up. Something else has this port.",
	.cause = "Another program listens on the port that was asked.",
	.causes = "The port that is registered now belongs to another program (the "
		  "daemon is gone, its entry was left).\n"
		  "mountport= or port= names the wrong port.\n"
		  "A proxy, captive portal or security appliance answers in the server's "
		  "place.\n"
		  "TLS is expected there: the answer is a TLS alert.",
	.tell_apart = "Wire: `rpcscope show -x` or `tcpdump -A`: HTTP and SSH begin with "
		      "readable text; TLS with 15 03 or 16 03.\n"
		      "Server: `ss -lntp 'sport = :PORT'` names the program.\n"
		      "Server: `rpcinfo -p` says who should be there; restart that service.",
	.remedy = "Restart the RPC service so that it registers its true port, or "
		  "correct port= and mountport=.",
	.prints = "mount.nfs: portmap query failed: RPC: Unable to receive - Connection "
		  "reset by peer\n"
		  "mount.nfs: portmap query failed: RPC: Timed out",
	.source = "RFC 5531 sections 9 (message format) and 11 (record marking).",
};

static const struct finding_kind reply_mismatch = {
	.id = "reply-mismatch",
	.severity = SEVERITY_ERROR,
	.title = "replies bear an xid that was never asked",
	.meaning = "Replies come back on the right connection, but none carries the "
		   "transaction id of a call in the capture. The client throws them away "
		   "and waits. If the capture began before the calls did, this is a "
		   "defect at the server or on the way.",
	.cause = "The server, or something that rewrites messages, returns wrong "
		 "transaction ids.",
	.causes = "A defect of the server: byte order, a constant, a reply to another "
		  "client's call.\n"
		  "A proxy or load balancer that mixes connections up.\n"
		  "Replies to calls of a former connection, from a port that is used "
		  "anew.\n"
		  "A damaged or spliced capture.",
	.tell_apart = "Wire: compare the xids of call and reply: octets reversed, off by "
		      "one, constant, or those of another connection?\n"
		      "Another client to the same server: the same fault? Another server "
		      "with the same client: none?\n"
		      "The server's software and version.",
	.remedy = "Update or replace the server's software, or take the proxy out of the "
		  "way.",
	.prints = "mount.nfs: portmap query failed: RPC: Timed out\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 5531 section 9: the xid of a reply matches that of its call.",
};

static const struct finding_kind reply_incomplete = {
	.id = "reply-incomplete",
	.severity = SEVERITY_ERROR,
	.title = "a reply stops in the middle of its record",
	.meaning = "The server began a reply, its record mark says how long it has to be, "
		   "and the rest never came: the connection was closed or reset, or "
		   "simply went silent. The client cannot use a part of a reply.",
	.cause = "The server's program failed while it sent the reply.",
	.causes = "The program crashed or gave up in the middle of a long reply (an "
		  "EXPORT or DUMP list is the usual one).\n"
		  "The connection was cut by a firewall or proxy, for instance by a size "
		  "limit.\n"
		  "Large segments are lost: path-mtu-black-hole looks alike, but repeats "
		  "the segment.\n"
		  "A wrong record mark: the reply was complete, its length was not true.",
	.tell_apart = "Wire: FIN or reset right after the part: the program, or a box. "
		      "Repeats of the next segment: the path.\n"
		      "Wire: is the cut at the same octet each time? Then it is the program "
		      "or a limit.\n"
		      "Server: `coredumpctl list`, the service's log at that time.\n"
		      "The same question over UDP, or by another client.",
	.remedy = "Update or restart the service; shorten what it has to list, or ask "
		  "over UDP, as a way around it.",
	.prints = "clnt_create: RPC: Unable to receive\n"
		  "rpc mount export: RPC: Unable to receive; errno = Connection reset by "
		  "peer",
	.source = "RFC 5531 section 11 (record marking).",
};

static const struct finding_kind replies_not_received = {
	.id = "replies-not-received",
	.severity = SEVERITY_ERROR,
	.title = "the replies do not get through to the client",
	.meaning = "The server answered and its answers are in the capture, yet the "
		   "client goes on asking as if nothing had come. Where the capture was "
		   "made on the client, its own firewall drops them after the capture "
		   "point. Where it was made elsewhere, they are lost between there and "
		   "the client.",
	.cause = "The client's own firewall drops the answers.",
	.causes = "A firewall on the client without a rule for established connections, "
		  "or with connection tracking broken or full.\n"
		  "The reverse path filter of the client: the answer comes in by another "
		  "interface than the route to the server.\n"
		  "The capture was made at the server or in between, and the answers are "
		  "lost after it.\n"
		  "The answers arrive damaged: a wrong checksum, and the kernel drops "
		  "them (packet-loss).\n"
		  "The answer goes to a socket that is already closed: the client waited "
		  "too short (slow-path).",
	.tell_apart = "Client: `nft list ruleset`, `iptables -S INPUT`, `conntrack -S` "
		      "(drop, insert_failed), `dmesg | grep conntrack` (\"table full\").\n"
		      "Client: `nstat -az TcpExtIPReversePathFilter TcpInCsumErrors "
		      "UdpInCsumErrors`: which one grows?\n"
		      "Client: `dropwatch` or `perf trace -e skb:kfree_skb` shows where the "
		      "kernel drops.\n"
		      "Where was the capture made? If not on the client, capture there too.",
	.remedy = "Accept established and related packets in the client's firewall (nft: "
		  "ct state established,related accept), or correct what else drops "
		  "them.",
	.prints = "mount.nfs: portmap query failed: RPC: Timed out\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 9293 section 3.5: a SYN+ACK that arrives is acknowledged or "
		  "reset, never ignored.",
};

static const struct finding_kind indirect_unanswered = {
	.id = "indirect-unanswered",
	.severity = SEVERITY_WARNING,
	.title = "a call through the portmapper got no answer",
	.meaning = "The client asked the portmapper to pass a call on to another program "
		   "(CALLIT, BCAST, INDIRECT), and no reply came. For CALLIT and BCAST "
		   "the protocol demands silence when the call does not succeed. So "
		   "silence here does not mean that the portmapper is down.",
	.cause = "The portmapper does not pass calls on; most have that switched off.",
	.causes = "rpcbind runs without -r, so remote calls are off: the default of "
		  "current versions.\n"
		  "The program is not registered, or answered with an error: then "
		  "nothing is sent.\n"
		  "The program has no UDP port; version 2 passes calls on by UDP only.\n"
		  "For a broadcast: no host on this link offers the program.\n"
		  "A firewall drops broadcasts, or the reply that comes from another "
		  "port than 111.",
	.tell_apart = "Client: `rpcinfo -p SERVER` answers: the portmapper is fine.\n"
		      "Client: `rpcinfo -u SERVER PROGRAM VERSION` asks the program without "
		      "the detour.\n"
		      "Server: `ps -C rpcbind -o args` shows whether -r is there.",
	.remedy = "Ask the program directly (rpcinfo -u or -t); only where broadcast is "
		  "really needed, start rpcbind with -r, which also lets it be misused "
		  "for reflection.",
	.prints = "rpcinfo -b: no lines",
	.source = "RFC 1833 sections 2.2.1 (CALLIT) and 3.2: no reply unless the call "
		  "succeeds; section 2.2.2: INDIRECT reports errors.",
};

static const struct finding_kind slow_path = {
	.id = "slow-path",
	.severity = SEVERITY_WARNING,
	.title = "everything is answered, but too late",
	.meaning = "Every question got its answer, and nothing is blocked or lost; but "
		   "the answers take longer than the client's timeouts, so it repeats its "
		   "calls or gives connections up before they are complete. Answers then "
		   "arrive for sockets that are closed, and are met by resets or port "
		   "unreachable.",
	.cause = "The round trip is longer than the mount's timeouts.",
	.causes = "A path with a very long delay: satellite, an overloaded VPN, a full "
		  "queue on a slow uplink.\n"
		  "A server, or a host for virtual machines, that is so overloaded that "
		  "even its handshake is late.\n"
		  "timeo= is set too low (it counts tenths of a second: timeo=20 is 2 "
		  "s).",
	.tell_apart = "Wire: the time from SYN to SYN+ACK is the path's; the time from a "
		      "call's acknowledgment to its reply is the server's.\n"
		      "Client: `ping SERVER`: does the round trip fit? Under load: does it "
		      "rise?\n"
		      "Client: timeo= and retrans= in `nfsstat -m`.",
	.remedy = "Raise timeo= (600 is the default for TCP) and use TCP, and clear the "
		  "delay: the queue, the VPN or the overloaded host.",
	.prints = "mount.nfs: mount(2): Connection timed out\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 6298 (the first TCP timeout is 1 s), RFC 5531 section 5.",
};

static const struct finding_kind packet_loss = {
	.id = "packet-loss",
	.severity = SEVERITY_WARNING,
	.title = "the path loses or damages packets",
	.meaning = "Segments and datagrams of all kinds are repeated, or arrive with "
		   "wrong checksums and are dropped. It hits every service alike, so it "
		   "is the path and not one of them. Mounts are slow, or fail now and "
		   "then.",
	.cause = "A bad link, cable, port or network card, or congestion.",
	.causes = "A bad cable or optic, a duplex mismatch, Wi-Fi.\n"
		  "A link or queue that is full.\n"
		  "A network card, driver or virtual switch that damages packets (wrong "
		  "checksums at the receiver).\n"
		  "A rate limit or policer in a cloud or firewall.",
	.tell_apart = "Both and each switch: `ip -s link`, `ethtool -S IFACE | grep -iE "
		      "'err|crc|drop'`: which counter grows?\n"
		      "Client: `ping -c 200 -i 0.2 SERVER`, `mtr -rwc 100 SERVER`: how much, "
		      "and from which hop on?\n"
		      "`nstat -az TcpRetransSegs TcpInCsumErrors UdpInCsumErrors "
		      "IpInHdrErrors`.\n"
		      "Wire: wrong checksums on packets that the capturing host sends itself "
		      "are no fault: its card fills them in later.",
	.remedy = "Find the link whose error counters grow and repair it (cable, port, "
		  "duplex, driver); until then use TCP.",
	.prints = "nfs: server SERVER not responding, still trying\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 9293 sections 3.1 (checksum) and 3.8.1 (retransmission).",
};

#define ROW(id) ((id)-findings_host_first)

const struct finding_kind *const findings_host[] = {
	[ROW(FINDING_HOST_UNREACHABLE)] = &host_unreachable,
	[ROW(FINDING_DUPLICATE_ADDRESS)] = &duplicate_address,
	[ROW(FINDING_SERVICE_CLOSED)] = &service_closed,
	[ROW(FINDING_NOT_RPC)] = &not_rpc,
	[ROW(FINDING_REPLY_MISMATCH)] = &reply_mismatch,
	[ROW(FINDING_REPLY_INCOMPLETE)] = &reply_incomplete,
	[ROW(FINDING_REPLIES_NOT_RECEIVED)] = &replies_not_received,
	[ROW(FINDING_INDIRECT_UNANSWERED)] = &indirect_unanswered,
	[ROW(FINDING_SLOW_PATH)] = &slow_path,
	[ROW(FINDING_PACKET_LOSS)] = &packet_loss,
};
