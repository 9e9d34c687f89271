#!/bin/bash
# rpcgen.bash FILE.x FOLDER: lets rpcgen compile a specification into FOLDER: NAME.h, NAME_xdr.c
# and NAME_table.c, which says what there is as in rpcgen_support.h. Nothing of it is edited.
# A NAME that ends in new_style has procedures of several arguments, for which -N is needed.
set -euo pipefail
file=$1 folder=$2 name=$(basename "$1" .x)
mkdir -p "$folder"
cp "$file" "$folder/$name.x"
cd "$folder"
rm -f "$name.h" "${name}_xdr.c" "${name}_tables.i" # rpcgen does not overwrite

# It makes no tables of them, so the rows are put together from its client's calls.
table_of_calls() {
	echo 'static const struct rpcgen_table calls_table[] = {'
	awk '/^[a-z_0-9]+_[0-9]+\(/ { name = $0; sub(/\(.*/, "", name) }
		/xdrproc_t\) xdr_/ {
			while (match($0, /xdrproc_t\) xdr_[a-z_0-9]+/)) {
				coder = substr($0, RSTART + 11, RLENGTH - 11)
				$0 = substr($0, RSTART + RLENGTH)
				if (++coders % 2) argument = coder
				else printf "\t{(char *(*)(void))\"%s_svc\", (xdrproc_t)%s, 4096, " \
					"(xdrproc_t)%s, 4096},\n", name, argument, coder
			}
		}' "${name}_clnt.c"
	echo '};'
}

new_style=
[[ $name == *new_style ]] && new_style=-N
rm -f "${name}_clnt.c"
rpcgen $new_style -h -o "$name.h" "$name.x"
rpcgen $new_style -c -o "${name}_xdr.c" "$name.x"
if [[ $new_style ]]; then
	rpcgen -N -l -o "${name}_clnt.c" "$name.x"
	table_of_calls >table
	mv table "${name}_tables.i"
else
	# It fails when procedures are out of order, for the sake of those who go by their place.
	rpcgen -t -o "${name}_tables.i" "$name.x" 2>rpcgen.log || grep -q 'out of order' rpcgen.log
fi
{
	echo '#include "rpcgen_support.h"'
	echo "#include \"$name.h\""
	echo '#define RPCGEN_ACTION(name) #name'
	echo "#include \"${name}_tables.i\""
	echo "const char rpcgen_path[] = \"$file\";"
	echo "const int rpcgen_narrow = $(grep -cE 'xdr_(u_)?(char|short)\b' "${name}_xdr.c" || true) != 0;"
	echo 'const struct rpcgen_version rpcgen_versions[] = {'
	sed -n 's/^.*struct rpcgen_table \(.*_table\)\[\].*/\t{\1, sizeof \1 \/ sizeof \1[0]},/p' \
		"${name}_tables.i"
	echo '};'
	echo 'const size_t rpcgen_version_count = sizeof rpcgen_versions / sizeof rpcgen_versions[0];'
} >"${name}_table.c"
