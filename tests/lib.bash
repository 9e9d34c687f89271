# lib.bash: what the test scripts share. A script reports each case as a TAP line; tests/run
# counts them. PROGRAM and BUILD come from the environment; scripts run in the project's folder.
# shellcheck shell=bash
set -uo pipefail
shopt -s lastpipe # fail() counts in this shell, whatever is piped into it
export LC_ALL=C.UTF-8 TZ=UTC
PROGRAM=${PROGRAM:-build/rpcscope}
BUILD=${BUILD:-build}
cases=0
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/rpcscope-test.XXXXXX")
trap 'rm -rf "$SCRATCH"' EXIT

pass() {
	cases=$((cases + 1))
	printf 'ok %d - %s\n' "$cases" "$1"
}

# fail NAME: what standard input says is why.
fail() {
	cases=$((cases + 1))
	printf 'not ok %d - %s\n' "$cases" "$1"
	head -n 40 | sed 's/^/# /'
}

# skip NAME REASON
skip() {
	cases=$((cases + 1))
	printf 'ok %d - %s # SKIP %s\n' "$cases" "$1" "$2"
}

# same NAME WANTED GOT: two files have to be equal.
same() {
	if diff -u --label expected --label got "$2" "$3" >"$SCRATCH/diff"; then
		pass "$1"
	else
		fail "$1" <"$SCRATCH/diff"
	fi
}

# equal NAME WANTED GOT: two strings have to be equal.
equal() {
	if [[ $2 == "$3" ]]; then
		pass "$1"
	else
		printf 'expected: %s\ngot:      %s\n' "$2" "$3" | fail "$1"
	fi
}
