/*
 * findings_path: the way between the hosts, and what a capture of it lacks.
 */
#include "findings.h"

static const struct finding_kind path_mtu_black_hole = {
	.id = "path-mtu-black-hole",
	.severity = SEVERITY_WARNING,
	.title = "large packets vanish, small ones pass",
	.meaning = "Small segments are acknowledged, the large ones never are and are "
		   "repeated without end. Somewhere a link takes only smaller packets, "
		   "and the ICMP message that would tell the sender does not reach it. "
		   "Mounting works and the first READDIR, READ or WRITE hangs.",
	.cause = "A link with a smaller MTU (tunnel, VPN, jumbo frames on one side) and "
		 "a firewall that drops ICMP.",
	.causes = "A firewall drops ICMP type 3 code 4 (fragmentation needed), or ICMPv6 "
		  "packet too big.\n"
		  "Jumbo frames (MTU 9000) on one host and not on the switch or the "
		  "other host: nobody sends an ICMP then.\n"
		  "A tunnel (VPN, GRE, VXLAN, WireGuard) whose overhead the hosts do not "
		  "know.\n"
		  "A cloud network or load balancer with a limit below that of the "
		  "interface.",
	.tell_apart = "Client: `ping -M do -s 1472 SERVER` (MTU 1500) or `-s 8972` (MTU "
		      "9000), smaller until it passes: that number plus 28 is what the path "
		      "carries.\n"
		      "Both: `ip link` (MTU), `ip route get PEER` (a learned mtu), "
		      "`tracepath -n SERVER`.\n"
		      "Both directions: the server's large replies fail or the client's "
		      "large writes; test from both ends.\n"
		      "Wire: compare the MSS in both SYNs with the size of the segments that "
		      "vanish.",
	.remedy = "Let ICMP fragmentation needed (IPv6: Packet Too Big) pass, or set the same "
		  "MTU along the "
		  "path; at once: lower the interface's MTU or clamp the MSS on the "
		  "router, or set net.ipv4.tcp_mtu_probing=1.",
	.prints = "nfs: server SERVER not responding, still trying",
	.source = "RFC 1191, RFC 8201, RFC 2923 section 2.1 (black holes), RFC 4821.",
};

static const struct finding_kind udp_fragment_lost = {
	.id = "udp-fragment-lost",
	.severity = SEVERITY_WARNING,
	.title = "a large UDP message never came together",
	.meaning = "An RPC message over UDP larger than the MTU travels in IP fragments. "
		   "Some of them came and others did not, so the receiver discards all "
		   "and the whole call is repeated. Where the same fragment is lost each "
		   "time, the message never arrives.",
	.cause = "A firewall drops fragments, or the path loses packets.",
	.causes = "A firewall drops fragments other than the first, since they carry no "
		  "port numbers.\n"
		  "Packet loss: one lost fragment costs the whole message, so large "
		  "messages suffer most.\n"
		  "Different MTUs, or an offload fault of a network card or virtual "
		  "switch.\n"
		  "The receiver's memory for fragments is full (many messages at once).",
	.tell_apart = "Wire: the same offset missing each time: a filter. Now this, now "
		      "that: loss.\n"
		      "Receiver: `nstat -az IpReasmFails IpReasmTimeout IpReasmReqds`; ICMP "
		      "time exceeded, code 1, is its complaint.\n"
		      "Both ends captured: do all fragments leave the sender, do all arrive?\n"
		      "`ping -s 4000 SERVER` sends fragments as well.",
	.remedy = "Use TCP (proto=tcp,mountproto=tcp), which needs no fragments; "
		  "otherwise let the firewall reassemble or pass fragments.",
	.prints = "nfs: server SERVER not responding, still trying\n"
		  "mount.nfs: Connection timed out",
	.source = "RFC 791 section 3.2, RFC 1122 section 3.3.2, RFC 8900.",
};

static const struct finding_kind retransmissions = {
	.id = "retransmissions",
	.severity = SEVERITY_WARNING,
	.title = "many calls were sent more than once",
	.meaning = "The client repeated a notable share of its RPC calls because the "
		   "answer did not come in time. A few repeats are normal with UDP. Many "
		   "mean loss, a slow server, or a timeout that is too short, and all of "
		   "them make NFS slow.",
	.cause = "Packets are lost, or the server answers later than the client waits.",
	.causes = "Loss on the path: duplex mismatch, a bad cable or Wi-Fi, congestion.\n"
		  "The server is overloaded or its disk is slow: the answers come, but "
		  "late.\n"
		  "timeo= is set too low for this path or server.\n"
		  "Over TCP: the connection was lost, and all calls that waited were "
		  "sent again.",
	.tell_apart = "Wire: is each repeated call answered twice? Then the first reply was "
		      "late or lost: compare its time with the repeat. Answered once: the "
		      "call was lost.\n"
		      "Client: `nfsstat -rc` (retrans), `mountstats MOUNTPOINT`, `ethtool -S "
		      "IFACE | grep -iE 'err|drop'`.\n"
		      "Server: `nfsstat -rs`, `cat /proc/net/rpc/nfsd`, `iostat -x 1`, "
		      "`nstat -az UdpRcvbufErrors`.\n"
		      "`rpcscope show` has the time from call to reply: replies that come "
		      "later than timeo= are a slow server.",
	.remedy = "Remove the loss or the overload; with a slow but sound server raise "
		  "timeo=, and prefer TCP to UDP.",
	.prints = "nfs: server SERVER not responding, still trying\n"
		  "nfs: server SERVER OK",
	.source = "RFC 5531 section 5 (repeats and execute-once are left to the "
		  "application).",
};

static const struct finding_kind capture_one_sided = {
	.id = "capture-one-sided",
	.severity = SEVERITY_NOTE,
	.title = "the capture has one direction only",
	.meaning = "Of this session only the packets of one end are in the capture. "
		   "Whether the other end answered cannot be seen. So nothing is said "
		   "about missing answers, and every verdict that depends on them is less "
		   "sure.",
	.cause = "The capture was made where only one direction passes.",
	.causes = "A mirror port that mirrors one direction.\n"
		  "A capture filter with src or dst on one side only.\n"
		  "An asymmetric route: the answers take another way.\n"
		  "A capture on one port of a bond, bridge or multipath link.",
	.tell_apart = "Signs that the other end did answer: acknowledgment numbers that "
		      "grow, further calls on the same connection, the next step of the "
		      "mount.\n"
		      "The command line or filter with which the capture was made.",
	.remedy = "Capture again on the client itself: tcpdump -ni any -s 0 -w FILE host "
		  "SERVER.",
	.prints = "nothing",
	.source = "No standard decides this.",
};

static const struct finding_kind capture_cut = {
	.id = "capture-cut",
	.severity = SEVERITY_NOTE,
	.title = "the packets or the file are cut",
	.meaning = "Packets were saved only in part (a snap length), or the file ends in "
		   "the middle of a packet. Headers can be read, what lies behind the cut "
		   "cannot: statuses, paths, names. Verdicts that would need them are "
		   "missing or less sure.",
	.cause = "The capture was made with a short snap length, or was copied while it "
		 "was written.",
	.causes = "tcpdump -s 96, or an old tcpdump without -s, whose default is 68 or "
		  "96 octets.\n"
		  "The disk was full, or the capturing program was killed.\n"
		  "The file was copied before it was complete.",
	.tell_apart = "`capinfos FILE` shows the snap length and whether the file is cut "
		      "short.\n"
		      "`rpcscope show FILE` marks each message that is cut.",
	.remedy = "Capture again with -s 0 (the default of current tcpdump), and end it "
		  "with Ctrl-C so that the file is complete.",
	.prints = "nothing",
	.source = "No standard decides this.",
};

static const struct finding_kind capture_gaps = {
	.id = "capture-gaps",
	.severity = SEVERITY_NOTE,
	.title = "the capture lacks packets that were sent",
	.meaning = "One end acknowledged octets that are not in the capture, so they were "
		   "sent and the capture missed them. Calls or replies may be among them. "
		   "A call that seems unanswered here may have been answered.",
	.cause = "The capturing host could not keep up.",
	.causes = "The kernel dropped packets for the capturing program: a busy link, a "
		  "slow disk.\n"
		  "A mirror port or tap that is overloaded.\n"
		  "Several paths, of which one was captured.\n"
		  "A ring of files of which one is missing.",
	.tell_apart = "The last lines of tcpdump: packets dropped by kernel, dropped by "
		      "interface; `capinfos` shows the same for pcapng.\n"
		      "A hole that nobody acknowledged is loss on the wire; a hole that was "
		      "acknowledged is the capture's own.",
	.remedy = "Capture again with a larger buffer (tcpdump -B 65536), a narrower "
		  "filter (host SERVER), and a fast disk.",
	.prints = "N packets dropped by kernel (tcpdump)",
	.source = "RFC 9293 section 3.4: an acknowledgment covers all octets before it, "
		  "so what it covers did arrive.",
};

static const struct finding_kind capture_clock = {
	.id = "capture-clock",
	.severity = SEVERITY_NOTE,
	.title = "the capture's clock was set while it ran",
	.meaning =
		"The time of the frames went back, or stood seconds forward between a segment "
		"and the very next frame that acknowledges it, with nothing sent again. No "
		"such time passed: the clock was set, or the machine was stopped. All times "
		"behind the step are told as if the clock had run on; what was concluded "
		"from waiting is less sure.",
	.cause = "The clock of the capturing host was set during the capture.",
	.causes =
		"NTP or an administrator set the clock by a step.\n"
		"A virtual machine was stopped, moved or restored.\n"
		"Captures of two hosts, or two captures of one, written one behind the other.\n"
		"The times were changed afterwards.",
	.tell_apart =
		"Host: `journalctl -u chronyd -u systemd-timesyncd` at that time; `dmesg` "
		"for a clock source that was found unstable.\n"
		"File: `capinfos -o FILE` says whether the frames are in order of time; "
		"several files are merged by their times when they are named on one command "
		"line.",
	.remedy = "Capture again with a clock that is not set meanwhile (chrony slews it), and "
		  "merge captures by time.",
	.prints = "Strict time order: False (capinfos)",
	.source = "RFC 6298: what is not acknowledged is sent again after 1 s at most, then "
		  "after "
		  "twice as long each time.",
};

#define ROW(id) ((id)-findings_path_first)

const struct finding_kind *const findings_path[] = {
	[ROW(FINDING_PATH_MTU_BLACK_HOLE)] = &path_mtu_black_hole,
	[ROW(FINDING_UDP_FRAGMENT_LOST)] = &udp_fragment_lost,
	[ROW(FINDING_RETRANSMISSIONS)] = &retransmissions,
	[ROW(FINDING_CAPTURE_ONE_SIDED)] = &capture_one_sided,
	[ROW(FINDING_CAPTURE_CUT)] = &capture_cut,
	[ROW(FINDING_CAPTURE_GAPS)] = &capture_gaps,
	[ROW(FINDING_CAPTURE_CLOCK)] = &capture_clock,
};
