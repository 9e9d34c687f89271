/*
 * findings_tcp: connections that do not begin, live or end as they should (RFC
 * 9293).
 */
#include "findings.h"

static const struct finding_kind tcp_syn_flood = {
	.id = "tcp-syn-flood",
	.severity = SEVERITY_WARNING,
	.title = "many connections begun and never completed",
	.meaning = "In a short time one server port got many SYNs whose handshake never "
		   "came to an end. Each costs the server a place in its queue of "
		   "half-open connections (SYN_RCVD); when that is full, new clients are "
		   "turned away or have to wait, unless SYN cookies are on.",
	.cause = "An attack or a scanner with forged source addresses.",
	.causes = "A flood with forged addresses; those hosts do not exist, so nobody "
		  "completes the handshake.\n"
		  "A port scan (SYN scan) or a broken load test.\n"
		  "The server's SYN+ACKs are lost: an asymmetric route or a firewall "
		  "that drops them. Then honest clients look like a flood.",
	.tell_apart = "Wire: many source addresses with one SYN each: forged. Few addresses "
		      "with repeated SYNs: clients that do not get the SYN+ACK.\n"
		      "Wire: does the server send SYN+ACKs at all? On the local link, ARP "
		      "requests for the forged addresses go unanswered instead.\n"
		      "Server: `ss -tn state syn-recv 'sport = :PORT' | wc -l`, `nstat -az "
		      "TcpExtSyncookiesSent TcpExtListenOverflows TcpExtListenDrops`.",
	.remedy = "Block the sources at the edge and do not expose ports 111 and 2049 to "
		  "networks that do not need them; keep net.ipv4.tcp_syncookies=1 on the "
		  "server.",
	.prints = "TCP: request_sock_TCP: Possible SYN flooding on port PORT. Sending "
		  "cookies. (server)",
	.source = "RFC 4987.",
};

static const struct finding_kind tcp_port_reuse = {
	.id = "tcp-port-reuse",
	.severity = SEVERITY_WARNING,
	.title = "a reused port met its old connection",
	.meaning = "The client opened a connection from a port that it had used before, "
		   "and the server, or a firewall between, still holds the old one. The "
		   "server answers the SYN with an ACK of the old connection, or with a "
		   "reset, or the SYN is dropped in silence. NFS clients keep their "
		   "reserved port on purpose, so that the server's reply cache knows them "
		   "again.",
	.cause = "The old connection was lost on the client's side only (crash, "
		 "restart, failover), and the server was not told.",
	.causes = "The client crashed or was reset and comes back with the same port. "
		  "The server sends a challenge ACK, the client answers with a reset and "
		  "tries again: that settles it within seconds.\n"
		  "A firewall drops that reset or the challenge ACK; then the client "
		  "cannot connect until the server gives the old connection up.\n"
		  "A firewall or NAT device still has the old connection in its table "
		  "and drops the new SYN as invalid.\n"
		  "The server is in TIME_WAIT for that pair of ports and the new "
		  "sequence number or timestamp is not above the old one.",
	.tell_apart = "Wire: what answers the SYN. An ACK with another number: challenge "
		      "ACK. A reset: the server's own decision or a firewall's. Nothing: "
		      "dropped on the way.\n"
		      "Wire: does the client's reset after the challenge ACK arrive at the "
		      "server? Capture there.\n"
		      "Server: `ss -tno 'sport = :2049'`: the old connection is still "
		      "ESTABLISHED, with its keep-alive timer.\n"
		      "Client: a mount with another port (another server address, or "
		      "noresvport) works at once.\n"
		      "Firewall: its log of invalid packets; on Linux `conntrack -L -p tcp "
		      "--dport 2049`.",
	.remedy = "Let the firewall pass resets and out-of-window ACKs on port 2049 "
		  "(Linux: net.netfilter.nf_conntrack_tcp_be_liberal=1), or close the "
		  "old connection on the server (ss -K dst CLIENT sport = :2049).",
	.prints = "nfs: server SERVER not responding, still trying\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 9293 section 3.10.7 and RFC 5961 section 4 (challenge ACK).",
};

static const struct finding_kind tcp_close_wait_stuck = {
	.id = "tcp-close-wait-stuck",
	.severity = SEVERITY_WARNING,
	.title = "an end does not close though its peer has",
	.meaning = "One end sent FIN, the other acknowledged it and has not closed its "
		   "own side since: it is in CLOSE_WAIT. The kernel waits for the program "
		   "that owns the socket, for ever if need be. Each such connection keeps "
		   "a file descriptor and a port pair.",
	.cause = "A fault of the program at the end in CLOSE_WAIT: it does not close "
		 "its socket.",
	.causes = "The program leaks descriptors: it forgot the socket.\n"
		  "The program hangs: a thread that waits for a disk, a lock or a name "
		  "service never comes to read the end of the stream.\n"
		  "The other direction is still in use on purpose (half-close); rare "
		  "with RPC.",
	.tell_apart = "That end: `ss -tnp state close-wait` names the process; the same list "
		      "a minute later shows whether it grows.\n"
		      "That end: `ls /proc/PID/fd | wc -l` (a leak), `cat "
		      "/proc/PID/task/*/wchan` (a hang). No process: a socket of the kernel, "
		      "such as nfsd or the NFS client.\n"
		      "A Recv-Q that is not 0: the program does not read either, so it hangs "
		      "rather than leaks.",
	.remedy = "Restart the program at that end, update it, and report the leak to "
		  "its maker; no TCP setting ends CLOSE_WAIT.",
	.prints = "nothing; later: Too many open files",
	.source = "RFC 9293 sections 3.3.2 and 3.6.",
};

static const struct finding_kind tcp_fin_wait_2_stuck = {
	.id = "tcp-fin-wait-2-stuck",
	.severity = SEVERITY_WARNING,
	.title = "an end has closed and the peer does not",
	.meaning = "One end closed first and its FIN was acknowledged; the peer's FIN "
		   "never came. It is in FIN_WAIT_2, and the peer in CLOSE_WAIT or gone. "
		   "Most systems end the wait by a timer when nobody holds the socket any "
		   "more.",
	.cause = "The program at the other end does not close its socket.",
	.causes = "The peer's program leaks or hangs: see tcp-close-wait-stuck, which is "
		  "the other half of the same thing.\n"
		  "The peer went away after its ACK: crash, network, or a firewall that "
		  "drops its FIN.\n"
		  "A half-close on purpose: the peer still sends data.",
	.tell_apart = "Peer: `ss -tnp state close-wait`: is it there? Then its program is at "
		      "fault. If the connection is unknown there, the FIN was lost or the "
		      "host restarted.\n"
		      "This end: `ss -tno state fin-wait-2` shows the timer; "
		      "net.ipv4.tcp_fin_timeout (60 s) applies to sockets that no process "
		      "holds.\n"
		      "Wire: does the peer still send anything on it?",
	.remedy = "Repair or restart the program at the other end; the waiting end "
		  "clears itself by its timer.",
	.prints = "nothing",
	.source = "RFC 9293 sections 3.3.2 and 3.6.",
};

static const struct finding_kind tcp_last_ack_stuck = {
	.id = "tcp-last-ack-stuck",
	.severity = SEVERITY_WARNING,
	.title = "the last FIN was never acknowledged",
	.meaning = "The end that closed second sent its FIN and repeats it without an "
		   "answer: LAST_ACK. All data was delivered and the peer had closed "
		   "already, so nothing is lost but a little memory until the repeats "
		   "end.",
	.cause = "The peer went away, or a firewall forgot the connection, in the "
		 "middle of closing.",
	.causes = "A firewall or NAT device dropped the connection from its table after "
		  "the first FIN and drops what follows.\n"
		  "The peer's host crashed, was switched off or lost its network.\n"
		  "The ACK is lost again and again on a bad path.",
	.tell_apart = "Peer: `ss -tn` still has the connection (FIN_WAIT_2): the FIN does "
		      "not arrive. It does not: it forgot, and its reset does not arrive.\n"
		      "Wire, captured at both ends: does the FIN arrive?\n"
		      "This end: `ss -tno state last-ack` shows the repeats; "
		      "net.ipv4.tcp_orphan_retries bounds them.",
	.remedy = "None for a single one; where there are many, look at the firewall "
		  "between (timeouts, invalid packets) and at the path.",
	.prints = "nothing",
	.source = "RFC 9293 sections 3.3.2 and 3.6.",
};

static const struct finding_kind tcp_fin_wait_1_stuck = {
	.id = "tcp-fin-wait-1-stuck",
	.severity = SEVERITY_WARNING,
	.title = "the first FIN was never acknowledged",
	.meaning = "One end closed the connection and its FIN, or the data before it, is "
		   "not acknowledged: FIN_WAIT_1. The peer is not reachable, or it has "
		   "closed its window and does not read.",
	.cause = "The peer is unreachable; many at once mean that a host or a link went "
		 "down with its connections open.",
	.causes = "The peer's host or its link is down.\n"
		  "A firewall dropped the connection from its table.\n"
		  "The peer's window is 0: its program does not read, so data in front "
		  "of the FIN cannot be sent.",
	.tell_apart = "Wire: repeats of the FIN without any answer: unreachable. ACKs with a "
		      "window of 0: the peer's program hangs.\n"
		      "This end: `ss -tno state fin-wait-1`: a Send-Q above 1 is data that "
		      "waits in front of the FIN.\n"
		      "Client or server: `ping` the peer; other connections to it live on: "
		      "then it is a firewall or that one program.",
	.remedy = "Bring the peer or the path back; the kernel gives such connections up "
		  "by itself after its retries (net.ipv4.tcp_orphan_retries).",
	.prints = "nothing; in numbers: TCP: too many orphaned sockets",
	.source = "RFC 9293 sections 3.3.2 and 3.6.",
};

static const struct finding_kind tcp_closing_stuck = {
	.id = "tcp-closing-stuck",
	.severity = SEVERITY_WARNING,
	.title = "both ends closed at once, one FIN unanswered",
	.meaning = "The FINs of both ends crossed, which is legal and rare. This end got "
		   "the peer's FIN while its own is still not acknowledged: CLOSING. It "
		   "stays there until the ACK comes or the repeats end.",
	.cause = "The acknowledgment of the FIN is lost for good.",
	.causes = "The peer, or a firewall between, forgot the connection when it saw "
		  "both FINs.\n"
		  "The path broke at that moment.",
	.tell_apart = "Wire: does the repeated FIN get any answer? A reset would end the "
		      "state.\n"
		      "This end: `ss -tno state closing`.\n"
		      "Wire, captured at both ends: which direction is lost?",
	.remedy = "None for a single one; where there are many, look at the firewall "
		  "between.",
	.prints = "nothing",
	.source = "RFC 9293 sections 3.3.2 and 3.6.",
};

static const struct finding_kind tcp_time_wait_pileup = {
	.id = "tcp-time-wait-pileup",
	.severity = SEVERITY_WARNING,
	.title = "short connections use up the client's ports",
	.meaning = "The client opens and closes so many connections to one port that "
		   "hundreds of its ports are in TIME_WAIT, where each stays for a minute "
		   "or more after the close. Mounts need reserved ports, of which the "
		   "Linux kernel uses 665 to 1023 by default. When they run out, new "
		   "mounts fail before a single packet is sent.",
	.cause = "Something on the client asks the portmapper or mountd in a loop.",
	.causes = "Monitoring that runs rpcinfo, showmount or a mount every few seconds.\n"
		  "An automounter with many maps, short timeouts or wildcard keys; a "
		  "cluster job that mounts and unmounts in a loop.\n"
		  "A mount that fails and is retried in a tight loop.\n"
		  "Many mounts from many servers at the same time (boot).",
	.tell_apart = "Client: `ss -tan state time-wait | awk '{print $4}' | sort | uniq -c "
		      "| sort -rn | head`: which server port?\n"
		      "Client: `sysctl sunrpc.min_resvport sunrpc.max_resvport`; `ss -tan "
		      "'sport < :1024' | wc -l`.\n"
		      "Client: `ps`, crontabs, autofs maps, monitoring agent: what runs at "
		      "that rhythm?\n"
		      "Wire: which program and procedure the short connections ask, and how "
		      "often.",
	.remedy = "Stop the loop or ask over UDP; lower sunrpc.min_resvport for more "
		  "ports, and mount with noresvport where the server allows it.",
	.prints = "mount.nfs: portmap query failed: RPC: Remote system error - Address "
		  "already in use",
	.source = "RFC 9293 section 3.3.2 (TIME-WAIT lasts 2 MSL; Linux 60 s).",
};

static const struct finding_kind tcp_half_open = {
	.id = "tcp-half-open",
	.severity = SEVERITY_WARNING,
	.title = "one end has forgotten the connection",
	.meaning = "One end goes on sending on a connection that the other no longer "
		   "knows: it answers with resets, or not at all. TCP does not notice the "
		   "loss of a peer by itself; only traffic or keep-alive finds out.",
	.cause = "One host crashed or restarted, or a firewall dropped the connection, "
		 "without a FIN.",
	.causes = "A host crashed or was reset, and is back without its old connections: "
		  "it answers with a reset.\n"
		  "A firewall or NAT device timed the idle connection out: nothing comes "
		  "back, while new connections work.\n"
		  "An address moved to another node of a cluster.",
	.tell_apart = "Both: `ss -tn` for this pair of ports: which end still has it?\n"
		      "Wire: a reset answers the first data: restarted. Silence: a firewall, "
		      "or the host is down. Does it come after a long idle time? Then a "
		      "timeout of a firewall: compare the length.\n"
		      "Server: `uptime`.",
	.remedy = "None after a single crash, the client connects again; against idle "
		  "timeouts raise the firewall's limit for port 2049 above the clients' "
		  "keep-alive time.",
	.prints = "nfs: server SERVER not responding, still trying\n"
		  "nfs: server SERVER OK",
	.source = "RFC 9293 sections 3.5.1 (half-open connections) and 3.8.4 "
		  "(keep-alive).",
};

static const struct finding_kind tcp_reset = {
	.id = "tcp-reset",
	.severity = SEVERITY_WARNING,
	.title = "a connection was reset in use",
	.meaning = "One end, or a box in its name, reset a connection while calls were "
		   "waiting for answers, or between two calls of a client that then had to "
		   "connect again. The calls are lost; an NFS client connects again "
		   "and sends them once more. A reset after the last reply is how many "
		   "programs close, and is not meant here.",
	.cause = "The service was stopped or restarted, or its host no longer knew the "
		 "connection.",
	.causes = "The service was restarted, crashed or was killed with connections "
		  "open.\n"
		  "The host restarted, or the address moved to another node, which does "
		  "not know the connection.\n"
		  "A firewall, load balancer or intrusion prevention system cuts "
		  "connections (idle time, policy, restart).\n"
		  "The server closes what it takes for an invalid request: a record mark "
		  "that is too large, a call on a connection it wants to drop.\n"
		  "The server has too many connections (Linux nfsd: max_connections) and "
		  "drops the oldest.",
	.tell_apart = "Wire: who sent the reset. A TTL or IP id that does not fit the other "
		      "packets of that end: a box on the way made it. Capture at both ends "
		      "to be sure.\n"
		      "Server: `journalctl -u nfs-server -u nfs-mountd -k` at that time; "
		      "`uptime`.\n"
		      "Wire: what was the last call before it, and is it the same each time? "
		      "Then the request itself provokes it.",
	.remedy = "Find who sent the reset; for a restarted service nothing is needed, "
		  "for a box on the way allow the connection or raise its timeouts.",
	.prints = "mount.nfs: portmap query failed: RPC: Unable to receive - Connection "
		  "reset by peer\n"
		  "nfs: server SERVER not responding, still trying",
	.source = "RFC 9293 section 3.5.2.",
};

#define ROW(id) ((id)-findings_tcp_first)

const struct finding_kind *const findings_tcp[] = {
	[ROW(FINDING_TCP_SYN_FLOOD)] = &tcp_syn_flood,
	[ROW(FINDING_TCP_PORT_REUSE)] = &tcp_port_reuse,
	[ROW(FINDING_TCP_CLOSE_WAIT_STUCK)] = &tcp_close_wait_stuck,
	[ROW(FINDING_TCP_FIN_WAIT_2_STUCK)] = &tcp_fin_wait_2_stuck,
	[ROW(FINDING_TCP_LAST_ACK_STUCK)] = &tcp_last_ack_stuck,
	[ROW(FINDING_TCP_FIN_WAIT_1_STUCK)] = &tcp_fin_wait_1_stuck,
	[ROW(FINDING_TCP_CLOSING_STUCK)] = &tcp_closing_stuck,
	[ROW(FINDING_TCP_TIME_WAIT_PILEUP)] = &tcp_time_wait_pileup,
	[ROW(FINDING_TCP_HALF_OPEN)] = &tcp_half_open,
	[ROW(FINDING_TCP_RESET)] = &tcp_reset,
};
