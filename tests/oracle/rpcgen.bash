#!/bin/bash
# rpcgen.bash FILE.x FOLDER: lets rpcgen compile a specification into FOLDER: NAME.h, NAME_xdr.c
# and NAME_table.c, which says what there is as in rpcgen_support.h. Nothing of it is edited.
set -euo pipefail
file=$1 folder=$2 name=$(basename "$1" .x)
mkdir -p "$folder"
cp "$file" "$folder/$name.x"
cd "$folder"
rm -f "$name.h" "${name}_xdr.c" "${name}_tables.i" # rpcgen does not overwrite
rpcgen -h -o "$name.h" "$name.x"
rpcgen -c -o "${name}_xdr.c" "$name.x"
# It fails when procedures are out of order, for the sake of those who go by their place.
rpcgen -t -o "${name}_tables.i" "$name.x" 2>rpcgen.log || grep -q 'out of order' rpcgen.log
{
	echo '#include "rpcgen_support.h"'
	echo "#include \"$name.h\""
	echo '#define RPCGEN_ACTION(name) #name'
	echo "#include \"${name}_tables.i\""
	echo "const char rpcgen_path[] = \"$file\";"
	echo "const int rpcgen_narrow = $(grep -cE 'xdr_(u_)?(char|short)\b' "${name}_xdr.c" || true) != 0;"
	echo 'const struct rpcgen_version rpcgen_versions[] = {'
	sed -n 's/^struct rpcgen_table \(.*_table\)\[\].*/\t{\1, sizeof \1 \/ sizeof \1[0]},/p' \
		"${name}_tables.i"
	echo '};'
	echo 'const size_t rpcgen_version_count = sizeof rpcgen_versions / sizeof rpcgen_versions[0];'
} >"${name}_table.c"
