# golden.bash: which outputs are kept, and how one is made. For golden.test and update.
# shellcheck shell=bash

declare -A form=([line]="" [tree]="-V" [hex]="-x" [json]="--json")
# Captures kept in every form; of the others only the lines.
whole=(f03a_111_icmp_admin_prohibited f12a_v3_asked_server_v4_only v01_snaplen96 w09_rpcinfo
	w21_udp_fragments_export_list w29_callit)

# outputs: "capture form file" a line.
outputs() {
	local capture name kind
	for capture in samples/*.pcap*; do
		name=${capture##*/}
		for kind in line tree hex json; do
			echo "$capture $kind tests/golden/samples/${name%%.*}.$kind"
		done
	done
	for capture in tests/captures/*.pcap*; do
		name=${capture##*/}
		name=${name%%.*}
		echo "$capture line tests/golden/captures/$name.line"
		if [[ " ${whole[*]} " == *" $name "* ]]; then
			for kind in tree hex json; do
				echo "$capture $kind tests/golden/captures/$name.$kind"
			done
		fi
	done
}

# output CAPTURE FORM: standard output, then what went to standard error and the exit status.
output() {
	local status=0 errors spec=${1%%.pcap*}.x words=()
	errors=$(mktemp)
	[[ ! -e $spec ]] || words=(--spec "$spec") # a program of nobody's
	# shellcheck disable=SC2086 # no option is no word
	"$PROGRAM" show ${form[$2]} "${words[@]}" -q "$1" 2>"$errors" || status=$?
	sed 's/^/[stderr] /' "$errors"
	rm -f "$errors"
	((status == 0)) || echo "[exit status $status]"
}
