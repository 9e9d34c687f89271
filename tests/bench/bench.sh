#!/bin/bash
# bench.sh [LOOPS]: the program beside libpcap's own bare read loop, and beside tcpdump, tcptrace,
# nfstrace and tshark where they are installed, over captures made here: in turn, BENCH_ROUNDS
# (five) times each. Prints medians of the processor time and of the time by the clock, their
# ratios to the bare loop, and the most memory used, as Markdown; then the memory for ten times
# the length. `make bench` puts it into docs/performance.md. No pass or fail: machines differ, the
# ratios hardly do. LOOPS is the length of the storm; the others follow it.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build} program=${PROGRAM:-build/rpcscope} rounds=${BENCH_ROUNDS:-5}
loops=${1:-1500}
bound=${BENCH_SECONDS:-120}         # of one run
few_rounds=$((rounds < 3 ? rounds : 3)) # of tshark
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rpcscope-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# -- captures --------------------------------------------------------------------------------

# part COUNT: as much of it as LOOPS is of 1500.
part() { echo $(($1 * loops / 1500 > 0 ? $1 * loops / 1500 : 1)); }

# generate KIND LENGTH FILE: a capture, of LENGTH loops of the storm or units of a bulk.
generate() {
	if [[ $1 == storm ]]; then
		"$build"/tests/bench/make_storm "$3" "$2"
	else
		"$build"/tests/bench/make_bulk "$1" "$3" "$2"
	fi
}

# make_captures KIND LENGTH: the capture, for tshark one a thirtieth as long, and one without any
# frame. Sets frames, few.
make_captures() {
	read -r frames _ < <(generate "$1" "$2" "$scratch/long.pcap")
	read -r few _ < <(generate "$1" $(($2 / 30 > 0 ? $2 / 30 : 1)) "$scratch/short.pcap")
	head -c 24 "$scratch/long.pcap" >"$scratch/empty.pcap"
	cat "$scratch"/*.pcap >/dev/null # into the page cache
}

# -- measuring -------------------------------------------------------------------------------

# measure LABEL COMMAND...: one run; its times and peak memory go to a file of its own. What took
# too long, or failed, is not run again.
measure() {
	local label=$1 status=0 TIMEFORMAT='%3U %3S %3R' user system clock
	shift
	[[ ! -f $scratch/over-$label && ! -f $scratch/failed-$label ]] || return 0
	{ time /usr/bin/time -q -f %M -o "$scratch/memory" timeout "$bound" "$@" >/dev/null \
		2>"$scratch/error" || status=$?; } 2>"$scratch/time"
	read -r user system clock <"$scratch/time"
	awk -v u="$user" -v s="$system" -v e="$clock" '{ print u + s, e, $1 }' "$scratch/memory" \
		>>"$scratch/run-$label"
	if ((status == 124)); then
		touch "$scratch/over-$label"
	elif ((status > 1)); then # 1: mounts found something
		touch "$scratch/failed-$label"
		echo "bench.sh: $label: failed, status $status: $(tail -n 1 "$scratch/error")" >&2
	fi
}

# median LABEL COLUMN: of its runs.
median() {
	sort -n -k "$2,$2" "$scratch/run-$1" |
		awk -v c="$2" '{ at[NR] = $c } END { print at[int((NR + 1) / 2)] }'
}

# most LABEL: memory of its runs, in KiB.
most() { cut -d ' ' -f 3 "$scratch/run-$1" | sort -n | tail -n 1; }

# row LABEL NAME: a line of the table. What was run over the short capture is scaled; its start,
# the run over no frames, is not.
row() {
	local note='' start=0 start_clock=0 scale=1 base=0 clock=0
	[[ -f $scratch/run-$1 ]] || return 0
	if [[ -f $scratch/failed-$1 || -f $scratch/failed-$1-start ]]; then
		echo "| \`$2\` | failed | | | | |"
		return
	fi
	[[ -f $scratch/failed-loop ]] || base=$(median loop 1) clock=$(median loop 2)
	if [[ -f $scratch/run-$1-start ]]; then
		note=' (scaled)' scale=$frames/$few
		start=$(median "$1-start" 1) start_clock=$(median "$1-start" 2)
	fi
	[[ ! -f $scratch/over-$1 ]] || note=" (stopped after $bound s)"
	awk -v name="\`$2\`$note" -v s="$(median "$1" 1)" -v e="$(median "$1" 2)" -v kib="$(most "$1")" \
		-v s0="$start" -v e0="$start_clock" -v scale="$scale" \
		-v base="$base" -v clock="$clock" '
	function whole(part, start) { return part > start ? (part - start) * times + start : part }
	function ratio(value, of) { return of > 0 ? sprintf("%.1f", value / of) : "-" }
	BEGIN {
		times = split(scale, ends, "/") == 2 ? ends[1] / ends[2] : 1
		s = whole(s, s0)
		e = whole(e, e0)
		printf "| %s | %.2f | %s | %.2f | %s | %.0f |\n", name, s, ratio(s, base), e,
			ratio(e, clock), kib / 1024
	}'
}

# -- sections --------------------------------------------------------------------------------

own=(sessions ports mounts show "show --json")

# Each once, over the whole capture.
measure_round() {
	local command
	measure loop "$build"/tests/bench/pcap_loop "$scratch/long.pcap"
	for command in "${own[@]}"; do
		# shellcheck disable=SC2086 # a command and its options
		measure "${command// /}" "$program" $command -q "$scratch/long.pcap"
	done
	! command -v tcpdump >/dev/null || measure tcpdump tcpdump -n -r "$scratch/long.pcap"
	! command -v tcptrace >/dev/null || measure tcptrace tcptrace -n "$scratch/long.pcap"
	! command -v nfstrace >/dev/null ||
		measure nfstrace nfstrace -m stat --log="$scratch/nfstrace.log" -I "$scratch/long.pcap"
}

measure_tshark() {
	local suffix capture
	for suffix in '' -start; do
		capture=$scratch/short.pcap
		[[ -z $suffix ]] || capture=$scratch/empty.pcap
		measure "programs$suffix" tshark -n -q -z rpc,programs -r "$capture"
		measure "ek$suffix" tshark -n -T ek -r "$capture"
	done
}

bench_capture() { # bench_capture KIND LENGTH TITLE
	local round command
	rm -f "$scratch"/{run,over,failed}-*
	make_captures "$1" "$2"
	for ((round = 0; round < rounds; round++)); do measure_round; done
	if command -v tshark >/dev/null; then
		for ((round = 0; round < few_rounds; round++)); do measure_tshark; done
	fi
	printf '\n## %s\n\n%d frames, %d MiB.\n\n' "$3" "$frames" \
		$(($(stat -c %s "$scratch/long.pcap") >> 20))
	printf '| | seconds | times the bare loop | by the clock | times the bare loop | peak MiB |\n'
	printf '|---|---:|---:|---:|---:|---:|\n'
	row loop 'bare libpcap loop'
	for command in "${own[@]}"; do row "${command// /}" "rpcscope $command"; done
	row tcpdump 'tcpdump -n'
	row tcptrace 'tcptrace -n'
	row nfstrace 'nfstrace -m stat'
	row programs 'tshark -z rpc,programs'
	row ek 'tshark -T ek'
}

# piped KIND LENGTH COMMAND...: "FRAMES KIB": how many frames the program has read of a capture
# that comes through a pipe while it is made, as its summary says, and its peak memory; "failed"
# where it, or what makes the capture, failed.
piped() {
	local kind=$1 length=$2 status=0
	shift 2
	generate "$kind" "$length" - 2>"$scratch/error" | {
		/usr/bin/time -q -f %M -o "$scratch/memory" "$program" "$@" -q - 2>"$scratch/error-own" ||
			(($? == 1)) # mounts found something
	} | tail -n 1 >"$scratch/summary" || status=$?
	if ((status != 0)); then
		echo "bench.sh: $kind $length, $*: failed: $(tail -qn 1 "$scratch"/error{,-own} | paste -sd ' ')" >&2
		echo failed
		return
	fi
	echo "$(sed -E 's/.*"frames":([0-9]+).*/\1/; s/.*\b([0-9]+) frames.*/\1/' "$scratch/summary")" \
		"$(tail -n 1 "$scratch/memory")"
}

bench_length() { # bench_length KIND LENGTH NAME: rows of the table of lengths
	local command frames kib long_frames long_kib
	for command in sessions ports "mounts --json" show; do
		# shellcheck disable=SC2086 # a command and its options
		read -r frames kib < <(piped "$1" "$2" $command)
		# shellcheck disable=SC2086
		read -r long_frames long_kib < <(piped "$1" $(($2 * 10)) $command)
		if [[ $frames == failed || $long_frames == failed ]]; then
			echo "| $3 | \`rpcscope $command\` | failed | | | | |"
			continue
		fi
		awk -v name="$3" -v command="$command" -v f="$frames" -v k="$kib" -v lf="$long_frames" \
			-v lk="$long_kib" 'BEGIN { printf "| %s | `rpcscope %s` | %d | %.0f | %d | %.0f | %.2f |\n",
			name, command, f, k / 1024, lf, lk / 1024, (k > 0 ? lk / k : 0) }'
	done
}

cat <<END
# Performance

Written by \`make bench\` (\`tests/bench/bench.sh $loops\`) on: $(sed -n 's/^model name[^:]*: //p' \
	/proc/cpuinfo | head -n 1), $(uname -sr), $(command -v tcpdump >/dev/null &&
	tcpdump --version 2>&1 | grep -oE '(tcpdump|libpcap) version [0-9.]+' | paste -sd ',' | sed 's/,/, /'), $(
	command -v tshark >/dev/null && tshark --version 2>/dev/null | head -n 1 | cut -d ' ' -f 1-3).

Seconds are processor time (user and system) of the whole process, the median of $rounds
runs, with the file in the page cache and the output thrown away; peak memory is the most of
them. All are run in turn, each once a round. The time by the clock is more where the machine has
other work to do: it has $(nproc) processors, and when this began $(cut -d ' ' -f 1 /proc/loadavg) processes
wanted them. The bare loop reads every packet with \`pcap_next_ex()\` and touches one octet of it: a
measure that is the same for all, not the least that is possible. The program reads with
\`pcap_loop()\`, which costs less a packet, so that it may stand under 1.0 where there is little else
to do. What is marked as scaled is the median of $few_rounds runs over a capture of the same kind a
thirtieth as long, times as many frames as the whole has, its start (a run over no frames) counted
once. A run that failed has no figures.
END
bench_capture storm "$loops" '(a) NFSv3, portmapper and mountd: small operations, ports used again'
bench_capture large "$(part 8000)" '(b) READ and WRITE of 64 KiB over TCP'
bench_capture connections "$(part 200000)" "(c) $(part 200000) connections at the same time"
bench_capture syns "$(part 1000000)" "(d) $(part 1000000) SYNs that nobody answers"
bench_capture fragments "$(part 60000)" '(e) READ of 8 KiB over UDP, in IP fragments'
bench_capture compounds "$(part 750000)" '(f) NFSv4.1 COMPOUNDs'
cat <<END

## (g) Ten times the length

The same traffic for as long, and for ten times as long, through a pipe while it is made: the
frames that the program says it has read, and its peak memory. What is kept grows until it
reaches its bound (\`--limit\` in docs/output.md), and not with the length from there on. At the
usual length (1500) (d) has met its bounds in the shorter capture already.

| | | frames | peak MiB | frames | peak MiB | ratio |
|---|---|---:|---:|---:|---:|---:|
END
bench_length storm "$loops" '(a)'
bench_length large "$(part 8000)" '(b)'
bench_length connections "$(part 200000)" '(c)'
bench_length syns "$(part 1000000)" '(d)'
bench_length fragments "$(part 60000)" '(e)'
bench_length compounds "$(part 750000)" '(f)'
