# From `show --json` to lines "frame field value", as tshark has them. $table: fields.tsv;
# $names: {field: {name: number}} from `tshark -G values`.
def keys_of: map(select(type == "string"))
	| [.[-1], (.[-2:] | join("."))];
def row($program; $version; $path): ($path | keys_of) as $keys
	| first($table[] | select(.program == $program and
		(.version == "*" or .version == $version) and
		(.key as $key | $keys | any(test("^(" + $key + ")$")))));
def value($row; $value): ($row.value | split(" ")) as $kind
	| if $kind[0] == "name"
	then ($value | tostring | sub("^(" + ($row.prefix // "") + ")"; "")) as $name
		| ($names[$kind[1] // $row.field][$name] // ("unknown name " + $name))
	else $value end;

select(.type == "message" and (.body | type) == "object")
| . as $message
| .body
| paths(type != "object" and type != "array") as $path
| row($message.program_name; $message.version | tostring; $path) as $row
| [$message.frame, $row.field, value($row; getpath($path))]
| map(tostring | select(. != "")) | select(length == 3) | join("\t")
