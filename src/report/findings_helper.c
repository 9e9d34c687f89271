/*
 * findings_helper: the services that NFS leans on: callbacks, locks, Kerberos,
 * TLS.
 */
#include "findings.h"

static const struct finding_kind callback_blocked = {
	.id = "callback-blocked",
	.severity = SEVERITY_WARNING,
	.title = "the server cannot reach the callback port",
	.meaning = "An NFS 4.0 server opens a connection of its own to the client to "
		   "recall delegations. That connection failed. The mount works; the "
		   "server grants no delegations to this client, so it is slower than it "
		   "could be, and a delegation that was granted before the path broke "
		   "delays other clients.",
	.cause = "A firewall on the client, or address translation between, blocks the "
		 "connection from the server.",
	.causes = "The client's firewall drops incoming connections to the callback "
		  "port, which is a new one at each start unless fixed.\n"
		  "The client is behind address translation, so the address it gave in "
		  "SETCLIENTID cannot be reached.\n"
		  "The client gave a wrong address (clientaddr=, several interfaces).\n"
		  "The callback service of the client does not run (FreeBSD: nfscbd).",
	.tell_apart = "Wire: the callback address in SETCLIENTID (r_netid, r_addr), and what "
		      "comes back to the server's SYN there: nothing (dropped), a reset (no "
		      "listener), ICMP (rejected).\n"
		      "Client: `ss -ltnp` for that port, `nft list ruleset`, `cat "
		      "/sys/module/nfs/parameters/callback_tcpport`.\n"
		      "NFS 4.1 and later use the client's own connection: no such trouble.",
	.remedy = "Mount with vers=4.1 or later, or fix the callback port on the client "
		  "(nfs.callback_tcpport=) and open it to the server.",
	.prints = "nothing",
	.source = "RFC 7530 sections 10.2 and 16.33.",
};

static const struct finding_kind lock_service_unreachable = {
	.id = "lock-service-unreachable",
	.severity = SEVERITY_WARNING,
	.title = "the lock service cannot be reached",
	.meaning = "NFS 3 keeps locks in a protocol of its own: lockd (nlockmgr, 100021) "
		   "with the help of rpc.statd (status, 100024). One of them is not "
		   "registered or its port is closed or silent. The mount and plain reads "
		   "and writes work; a program that locks a file hangs or fails.",
	.cause = "A firewall blocks the port of lockd or statd, or they do not run.",
	.causes = "lockd's port is dynamic and the firewall does not allow it.\n"
		  "lockd or rpc.statd is not running on the server.\n"
		  "The server calls the client back (GRANTED, SM_NOTIFY) and the "
		  "client's firewall blocks that.\n"
		  "The server offers no NLM (NFS 4 only, some user-space servers and "
		  "appliances).",
	.tell_apart = "Client: `rpcinfo -p SERVER | grep -E 'nlockmgr|status'`, then "
		      "`rpcinfo -t SERVER nlockmgr 4`.\n"
		      "Server: `systemctl status rpc-statd`, `sysctl fs.nfs.nlm_tcpport "
		      "fs.nfs.nlm_udpport`, `nft list ruleset`.\n"
		      "Server to client: `rpcinfo -t CLIENT nlockmgr 4` has to work as well.\n"
		      "Wire: which direction fails: the client's LOCK call, or the server's "
		      "call to the client.",
	.remedy = "Fix the ports of lockd and statd (port= and udp-port= in [lockd], "
		  "port= in [statd] of /etc/nfs.conf) and open them both ways, or use "
		  "NFS 4, which needs neither, or nolock where locks need not be seen by "
		  "others.",
	.prints = "lockd: server SERVER not responding, still trying\n"
		  "flock: No locks available\n"
		  "mount.nfs: rpc.statd is not running but is required for remote "
		  "locking.",
	.source = "The Open Group C702 (NLM, NSM); RFC 1813 section 6.",
};

static const struct finding_kind gss_failed = {
	.id = "gss-failed",
	.severity = SEVERITY_ERROR,
	.title = "the Kerberos context with the server failed",
	.meaning = "The client tried to set up an RPCSEC_GSS (Kerberos) context with the "
		   "server, or used one, and the server refused it: an error in the reply "
		   "(gss_major is not 0), a rejection of the credential, or a connection "
		   "closed instead of an answer. Without a context no call with sec=krb5 "
		   "is possible.",
	.cause = "The server cannot accept the client's ticket: keytab, clock, or no "
		 "GSS daemon on the server.",
	.causes = "The server runs neither gssproxy nor rpc.svcgssd, so nobody can "
		  "accept the context; Linux then closes the connection.\n"
		  "The server's keytab lacks nfs/FULL.NAME, or holds an old key (kvno) "
		  "after the account was reset.\n"
		  "The clocks differ by more than 5 minutes.\n"
		  "The names do not fit: the client asks for nfs/NAME with a name from "
		  "reverse DNS, an alias or a short name.\n"
		  "Encryption types: the ticket has one that the server's keytab or "
		  "policy lacks.\n"
		  "CREDPROBLEM or CTXPROBLEM in a loop: the server was restarted or its "
		  "context cache is full, or the ticket has expired.",
	.tell_apart = "Wire: gss_major and gss_minor in the INIT reply, or the auth_stat "
		      "(13, 14), or the FIN after the INIT call.\n"
		      "Server: `systemctl status gssproxy rpc-svcgssd`, `klist -ke "
		      "/etc/krb5.keytab`, `journalctl -u gssproxy -u rpc-svcgssd`.\n"
		      "Client: `klist -ke`, `journalctl -u rpc-gssd` (run rpc.gssd with "
		      "-vvv), `kvno nfs/FULL.NAME` fetches the ticket by hand: its number "
		      "has to be in the server's keytab.\n"
		      "Both: `timedatectl` or `chronyc tracking`; `getent hosts` of each "
		      "other's address.\n"
		      "NetApp: event log, secd.kerberos messages.",
	.remedy = "Start gssproxy (or rpc.svcgssd) on the server, put a current "
		  "nfs/FULL.NAME key into its keytab, set both clocks, and mount by the "
		  "server's full name.",
	.prints = "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: mount(2): Permission denied",
	.source = "RFC 2203 sections 5.2.2, 5.2.3 and 5.3.3, RFC 4121.",
};

static const struct finding_kind tls_refused = {
	.id = "tls-refused",
	.severity = SEVERITY_ERROR,
	.title = "TLS was asked for, the server offers none",
	.meaning = "The client sent the AUTH_TLS probe (a NULL call with flavor 7) and "
		   "the reply did not contain STARTTLS. The server does not do RPC with "
		   "TLS, or not for this client. A client told to use TLS (xprtsec=tls or "
		   "mtls) then gives up rather than go on in the clear.",
	.cause = "The server does not support RPC with TLS, or its TLS daemon does not "
		 "run.",
	.causes = "The server's kernel has no support (Linux before 6.4) or its tlshd is "
		  "not running.\n"
		  "The server is of a kind that does not know AUTH_TLS at all: it "
		  "ignores or rejects the flavor.\n"
		  "A proxy or a load balancer between answers without TLS.",
	.tell_apart = "Wire: the verifier of the reply to the probe: STARTTLS in it means "
		      "offered. AUTH_ERROR: the server does not know the flavor.\n"
		      "Server: `systemctl status tlshd`, `uname -r`, certificate and key in "
		      "/etc/tlshd.conf, xprtsec= in `exportfs -v`.\n"
		      "Client: xprtsec= among the mount options; `journalctl -u tlshd`.\n"
		      "STARTTLS is there and the connection ends in a TLS alert: tls-failed.",
	.remedy = "Start tlshd with a certificate on the server, or mount without "
		  "xprtsec= where plain transport is allowed.",
	.prints = "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: mount(2): Permission denied",
	.source = "RFC 9289 section 4.1.",
};

static const struct finding_kind tls_failed = {
	.id = "tls-failed",
	.severity = SEVERITY_ERROR,
	.title = "TLS was agreed on, its handshake failed",
	.meaning =
		"The server answered the AUTH_TLS probe with STARTTLS, then one end ended the "
		"TLS handshake with an alert, or closed the connection before the handshake "
		"was through. No call was made on it. Behind the handshake everything is "
		"encrypted: a refusal there cannot be seen.",
	.cause = "One end does not accept the certificate of the other, or has none to show.",
	.causes =
		"The client does not trust the server's certificate: signed by an authority "
		"that it does not know, expired, or for another name than was mounted "
		"(unknown_ca, certificate_expired, bad_certificate).\n"
		"The server wants a certificate of the client (xprtsec=mtls in the export) and "
		"the client has none (certificate_required, handshake_failure).\n"
		"The clocks of both ends differ, so that a good certificate is not valid yet.\n"
		"The tlshd of one end does not run or has no key: the connection is closed "
		"without an alert.",
	.tell_apart =
		"Wire: who sent the alert did not like the other; its name says why. From "
		"TLS 1.3 on most alerts are encrypted: then only the close is seen.\n"
		"Both ends: `journalctl -u tlshd`, with debug.loglevel and debug.tls in "
		"/etc/tlshd.conf; `openssl x509 -in CERT -noout -dates -subject -ext "
		"subjectAltName`; `date`.\n"
		"Server: xprtsec= in `exportfs -v`.",
	.remedy = "Give both ends certificates that the other one trusts (x509.truststore, "
		  "x509.certificate and x509.private_key in /etc/tlshd.conf), and mount by the "
		  "name that is in the server's certificate.",
	.prints = "mount.nfs: access denied by server while mounting SERVER:PATH\n"
		  "mount.nfs: mount(2): Permission denied",
	.source = "RFC 9289 sections 4.1 and 5; RFC 8446 section 6.",
};

#define ROW(id) ((id)-findings_helper_first)

const struct finding_kind *const findings_helper[] = {
	[ROW(FINDING_CALLBACK_BLOCKED)] = &callback_blocked,
	[ROW(FINDING_LOCK_SERVICE_UNREACHABLE)] = &lock_service_unreachable,
	[ROW(FINDING_GSS_FAILED)] = &gss_failed,
	[ROW(FINDING_TLS_REFUSED)] = &tls_refused,
	[ROW(FINDING_TLS_FAILED)] = &tls_failed,
};
