#!/bin/bash
# bench.sh [LOOPS]: the program beside libpcap's own bare read loop, tcpdump and tshark, and
# nfstrace and tcptrace where they are installed, over captures made here: in turn, five times
# each. Prints medians of the processor time and of the time by the clock, their ratios to the
# bare loop, and the most memory used, as Markdown: `make bench` puts it into docs/performance.md. No pass or fail: machines
# differ, the ratios hardly do. LOOPS is the length of the storm; the others follow it.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build} program=${PROGRAM:-build/rpcscope} rounds=${BENCH_ROUNDS:-5}
loops=${1:-1500}
bound=${BENCH_SECONDS:-120} # of one run of a slow tool
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rpcscope-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# part COUNT: as much of it as LOOPS is of 1500.
part() { echo $(($1 * loops / 1500 > 0 ? $1 * loops / 1500 : 1)); }

# make KIND: the capture and, for the slow tools, one a thirtieth as long. Sets frames, few.
make_capture() {
	local kind=$1 count=$2
	if [[ $kind == storm ]]; then
		read -r frames _ < <("$build"/tests/bench/make_storm "$scratch/long.pcap" "$loops")
		read -r few _ < <("$build"/tests/bench/make_storm "$scratch/short.pcap" \
			$((loops / 30 > 0 ? loops / 30 : 1)))
		return
	fi
	frames=$("$build"/tests/bench/make_bulk "$kind" "$scratch/long.pcap" "$(part "$count")")
	few=$("$build"/tests/bench/make_bulk "$kind" "$scratch/short.pcap" \
		$(($(part "$count") / 30 + 1)))
}

# measure LABEL COMMAND...: one run; its times and peak memory go to a file of its own.
measure() {
	local label=$1
	shift
	/usr/bin/time -q -f '%U %S %e %M' -o "$scratch/time" timeout "$bound" "$@" >/dev/null \
		2>"$scratch/error" || true
	awk '{ print $1 + $2, $3, $4 }' "$scratch/time" >>"$scratch/run-$label"
}

# median LABEL COLUMN: of its runs.
median() { sort -n -k "$2" "$scratch/run-$1" | awk -v c="$2" '{ at[NR] = $c } END { print at[int((NR + 1) / 2)] }'; }

# row LABEL NAME FRAMES: a line of the table; FRAMES is what was read of all `frames`.
row() {
	local memory
	[[ -f $scratch/run-$1 ]] || return 0
	memory=$(sort -n -k 3 "$scratch/run-$1" | tail -n 1 | cut -d ' ' -f 3)
	awk -v name="$2" -v s="$(median "$1" 1)" -v e="$(median "$1" 2)" -v read="$3" -v all="$frames" \
		-v kib="$memory" -v base="$base" -v clock="$clock" 'BEGIN {
		scale = all / read
		printf "| `%s`%s | %.2f | %.1f | %.2f | %.1f | %.0f |\n", name, read < all ? " (scaled)" : "",
			s * scale, (base > 0 ? s * scale / base : 0), e * scale,
			(clock > 0 ? e * scale / clock : 0), kib / 1024 }'
}

own=(sessions ports mounts show "show --json")
bench_capture() {
	local kind=$1 count=$2 title=$3 round command
	rm -f "$scratch"/run-*
	make_capture "$kind" "$count"
	cat "$scratch/long.pcap" "$scratch/short.pcap" >/dev/null # into the page cache
	for ((round = 0; round < rounds; round++)); do
		measure loop "$build"/tests/bench/pcap_loop "$scratch/long.pcap"
		for command in "${own[@]}"; do
			# shellcheck disable=SC2086 # a command and its options
			measure "${command// /}" "$program" $command -q "$scratch/long.pcap"
		done
		! command -v tcpdump >/dev/null || measure tcpdump tcpdump -n -r "$scratch/long.pcap"
	done
	if command -v nfstrace >/dev/null; then
		measure nfstrace nfstrace -m stat --log="$scratch/nfstrace.log" -I "$scratch/short.pcap"
	fi
	if command -v tcptrace >/dev/null; then
		measure tcptrace tcptrace -n "$scratch/short.pcap"
	fi
	if command -v tshark >/dev/null; then
		measure programs tshark -n -q -z rpc,programs -r "$scratch/short.pcap"
		measure ek tshark -n -T ek -r "$scratch/short.pcap"
	fi
	base=$(median loop 1) clock=$(median loop 2)
	printf '\n## %s\n\n%d frames, %d MiB.\n\n' "$title" "$frames" \
		$(($(stat -c %s "$scratch/long.pcap") >> 20))
	printf '| | seconds | times the bare loop | by the clock | times the bare loop | peak MiB |\n'
	printf '|---|---:|---:|---:|---:|---:|\n'
	row loop 'bare libpcap loop' "$frames"
	for command in "${own[@]}"; do row "${command// /}" "rpcscope $command" "$frames"; done
	row tcpdump 'tcpdump -n' "$frames"
	row nfstrace 'nfstrace -m stat' "$few"
	row tcptrace 'tcptrace -n' "$few"
	row programs 'tshark -z rpc,programs' "$few"
	row ek 'tshark -T ek' "$few"
}

cat <<END
# Performance

Written by \`make bench\` (\`tests/bench/bench.sh $loops\`) on: $(sed -n 's/^model name[^:]*: //p' \
	/proc/cpuinfo | head -n 1), $(uname -sr), $(command -v tcpdump >/dev/null &&
	tcpdump --version 2>&1 | grep -oE '(tcpdump|libpcap) version [0-9.]+' | paste -sd ',' | sed 's/,/, /'), $(
	command -v tshark >/dev/null && tshark --version 2>/dev/null | head -n 1 | cut -d ' ' -f 1-3).

Seconds are processor time (user and system) of the whole process, the median of $rounds
runs, with the file in the page cache and the output thrown away. The time by the clock is
less where a thread reads ahead, and more where the machine has other work to do: it has $(nproc)
processors, and when this began $(cut -d ' ' -f 1 /proc/loadavg) processes wanted them. The bare
loop reads every packet with \`pcap_next_ex()\` and does nothing: what a program built on
libpcap costs at least. What is marked as scaled was run once, over a capture of the same kind a thirtieth as
long.
END
bench_capture storm 0 '(a) NFSv3, portmapper and mountd: small operations, ports used again'
bench_capture large 8000 '(b) READ and WRITE of 64 KiB over TCP'
bench_capture connections 200000 '(c) 200,000 connections at the same time'
bench_capture syns 1000000 '(d) a million SYNs that nobody answers'
bench_capture fragments 60000 '(e) READ of 8 KiB over UDP, in IP fragments'
bench_capture compounds 750000 '(f) NFSv4.1 COMPOUNDs'
