# What the .json of a capture says of its TCP connections: a line each,
# "frame client server opening closed-by answer". The answer is the frame of the newest reply of
# the portmapper that gave this client that port of that server over TCP; "-" where there is none.
# GETADDR is about the transport by which it is asked (RFC 1833 section 2.2.1).
def host: sub(":[0-9]+$"; "");
def port: capture(":(?<port>[0-9]+)$").port;
def told_port:
	if test("Port:[0-9]+") then capture("Port:(?<port>[0-9]+)").port
	elif test("uaddr '.*\\.[0-9]+\\.[0-9]+'") then
		capture("\\.(?<high>[0-9]+)\\.(?<low>[0-9]+)'") |
		((.high | tonumber) * 256 + (.low | tonumber) | tostring)
	else "-" end;
def opening:
	if test("^established|^SYN\\+ACK") then "answered"
	elif test("^no answer") then "no-answer"
	elif test("^refused") then "refused"
	elif test("administratively") then "filtered"
	elif test("^ICMP") then "unreachable"
	elif test("challenge") then "challenged"
	else "-" end;
def closer:
	. as $c
	| def side: if . == $c.from then "client" else "server" end;
	if $c.reset_by != [] and ($c.closed_by | unique | length) < 2 then
		"reset-by-" + ($c.reset_by[0] | side)
	elif $c.closed_by != [] then ($c.closed_by[0] | side)
	else "-" end;
[.ground_truth.steps[]? | select(.step == "portmap query" and (.reply_frames | length) > 0)
	| select(if .call | test("GETADDR") then .transport == "tcp" else .call | test("TCP") end)
	| {client: (.from | host), server: (.to | host), frame: .reply_frames[0],
		port: (.reply // "" | told_port)}] as $answers
| .ground_truth.steps[]? | select(.step == "connection" and .transport == "tcp") | . as $c
| [$answers[] | select(.frame < $c.frame and .client == ($c.from | host) and
	.server == ($c.to | host) and .port == ($c.to | port) and .port != "111") | .frame]
| [$c.frame, $c.from, $c.to, ($c.result | opening), ($c | closer), (max // "-")]
| map(tostring) | join(" ")
