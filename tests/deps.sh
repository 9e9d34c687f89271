#!/bin/bash
# deps.sh: installs those of $PACKAGES that are missing, with apt-get, and only then.
# As root it needs nothing; otherwise sudo, or it says which command to run.
set -euo pipefail

read -r -a wanted <<<"${PACKAGES:?}"

if ! command -v dpkg-query >/dev/null; then
	echo "deps: this is no Debian system; needed are what these packages hold: ${wanted[*]}" >&2
	exit 0
fi

missing=()
for package in "${wanted[@]}"; do
	status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
	case $status in
	installed*) ;;
	*) missing+=("$package") ;;
	esac
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
	if ! command -v sudo >/dev/null; then
		echo "deps: run as root: apt-get install ${missing[*]}" >&2
		exit 1
	fi
	as_root=(sudo)
fi
echo "  APT   ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update &&
		"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
			apt-get -q install -y --no-install-recommends "${missing[@]}"
} </dev/null >"$log" 2>&1; then
	cat "$log" >&2
	echo "deps: apt-get could not install: ${missing[*]}" >&2
	exit 1
fi
