#!/bin/bash
# bench.sh [LOOPS]: the program against libpcap's own bare read loop over the same file, in
# turn, five times each; medians, their ratio, and the most memory used. No pass or fail:
# machines differ, the ratio hardly does.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build} program=${PROGRAM:-build/rpcscope} rounds=5
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rpcscope-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
capture=$scratch/storm.pcap

read -r frames calls replies connections < <("$build"/tests/bench/make_storm "$capture" "${1:-1500}")
printf '%d frames, %d calls, %d replies, %d connections, %d MiB\n' "$frames" "$calls" \
	"$replies" "$connections" $(($(stat -c %s "$capture") >> 20))

names=("libpcap loop" "join only, print none" "show" "show -V" "show -x" "show --json")
run() {
	case $1 in
	0) "$build"/tests/bench/pcap_loop "$capture" ;;
	1) "$program" show -q --xid 0xffffffff "$capture" ;;
	2) "$program" show -q "$capture" ;;
	3) "$program" show -q -V "$capture" ;;
	4) "$program" show -q -x "$capture" ;;
	5) "$program" show -q --json "$capture" ;;
	esac
}
export -f run
export build program capture

cat "$capture" >/dev/null # into the page cache, for both
for ((round = 0; round < rounds; round++)); do
	for kind in "${!names[@]}"; do
		# shellcheck disable=SC2016 # the inner shell expands
		/usr/bin/time -f '%e %M' -o "$scratch/time" bash -c 'run "$1" >/dev/null' run "$kind"
		cat "$scratch/time" >>"$scratch/kind-$kind"
	done
done

printf '%-24s %9s %7s %14s %9s\n' "" "median s" "ratio" "frames/s" "peak MiB"
for kind in "${!names[@]}"; do
	seconds=$(sort -n "$scratch/kind-$kind" | sed -n $((rounds / 2 + 1))p | cut -d ' ' -f 1)
	memory=$(cut -d ' ' -f 2 "$scratch/kind-$kind" | sort -n | tail -n 1)
	((kind > 0)) || base=$seconds
	awk -v name="${names[kind]}" -v s="$seconds" -v base="$base" -v frames="$frames" \
		-v kib="$memory" 'BEGIN {
		printf "%-24s %9.2f %7.1f %14.0f %9.1f\n", name, s, s / base, frames / s, kib / 1024 }'
done
"$program" show --json -q "$capture" | tail -n 1 >"$scratch/summary"
echo "summary: $(grep -oE '"(calls|replies|unanswered|unmatched_replies)":[0-9]+' "$scratch/summary" | head -n 4 | tr '\n' ' ')"
