#!/bin/bash
# demo.sh PROGRAM: the main job on the samples, in a screen or two.
set -euo pipefail
program=$1

show() { # show LINES ARG...: the command as one would type it, and the first lines it prints
	local lines=$1
	shift
	printf '\n$ rpcscope %s%s\n' "$*" "$( ((lines < 99)) && echo " | head -n $lines")"
	# mounts ends with 1 where an attempt failed
	{ "$program" "$@" || true; } | head -n "$lines"
}

echo "A mount that failed, and why:"
show 99 mounts tests/captures/f12a_v3_asked_server_v4_only.pcap
echo
echo "A client asks a portmapper where mountd is, and is told:"
show 99 show samples/portmap-mountd.pcap
echo
echo "The same, octet by octet, as an engineer would mark up a print-out:"
show 99 show -x samples/portmap-mountd.pcap
echo
echo "What a portmapper can refuse, and how it says so:"
show 16 show --errors samples/portmap-errors.pcap
echo
echo "For other programs, one JSON object a line:"
show 2 show --json samples/portmap-mountd.pcap
echo
echo "A program of your own, by its specification:"
show 8 show --spec samples/lighthouse.x samples/lighthouse.pcap
