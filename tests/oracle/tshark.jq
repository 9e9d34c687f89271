# From tshark's JSON to a line a message: frame xid kind program version procedure.
def nibble: if . >= 97 then . - 87 else . - 48 end;
def hexadecimal: ltrimstr("0x") | explode | reduce .[] as $c (0; . * 16 + ($c | nibble));
def messages: if type == "array" then .[] | messages else . end;

.[]._source.layers
| .frame["frame.number"] as $frame
| .rpc | messages
| select(type == "object" and has("rpc.xid") and has("rpc.msgtyp"))
| [$frame, (.["rpc.xid"] | hexadecimal), (if .["rpc.msgtyp"] == "0" then "call" else "reply" end),
   (.["rpc.program"] // "-"), (.["rpc.programversion"] // "-"), (.["rpc.procedure"] // "-")]
| map(tostring) | join(" ")
