#!/bin/bash
# fuzz.bash BUILD SECONDS: every fuzz target for that long, from the samples, captures and
# specifications as seeds. What it finds stays in BUILD/corpus, crashes in BUILD/crashes.
set -euo pipefail
build=$1 seconds=$2
mkdir -p "$build/crashes" "$build/corpus/fuzz_capture" "$build/corpus/fuzz_spec" "$build/seeds"

find tests/captures samples -name '*.pcap*' -size -64k -exec cp -t "$build/seeds" {} +
status=0
for target in "$build"/fuzz/fuzz_*; do
	[[ -x $target && $target != *.* ]] || continue
	name=${target##*/}
	seeds=$build/seeds
	[[ $name == fuzz_spec ]] && seeds=src/spec
	echo "== $name, $seconds s"
	log=$build/$name.log
	if "$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -verbosity=0 -artifact_prefix="$build/crashes/$name-" \
		"$build/corpus/$name" "$seeds" >"$log" 2>&1; then
		grep '^stat::' "$log"
	else
		grep -v '^"' "$log"
		status=1
	fi
done
exit $status
