# SPDX-License-Identifier: Apache-2.0
#
# whole.jq: what is missing in results.json, or is no figure, a line each; nothing if it is whole. A part of `make bench`
# that failed must not become a table with a hole, or a zero in a sum. For whole.sh.

def words: split(" ");
def cross(a; b): [a[] as $x | b[] as $y | "\($x) \($y)"];
# NAME is an array with exactly one row of each key
def rows(name; key; want):
	(.[name] // [] | map(key)) as $have |
	(want - $have | .[] | "\(name): no row \(.)"),
	($have - want | .[] | "\(name): a row too many, \(.)"),
	($have | group_by(.) | .[] | select(length > 1) | "\(name): \(length) rows \(.[0])");
# some rows, and these among them
def some_rows(name; key; want):
	(if (.[name] // [] | length) == 0 then "\(name): empty" else empty end),
	(want - (.[name] // [] | map(key)) | .[] | "\(name): no row \(.)");
def numbers(name; texts):
	.[name] // [] | to_entries[] | .key as $i | .value | to_entries[] | .key as $key |
	select((.value | type) != "number" and (texts | index($key) | not)) |
	"\(name): row \($i): \(.key) is no number";
def over(name; least; field):
	.[name] // [] | to_entries[] | select((.value | field) < least) | "\(name): row \(.key): less than \(least)";
def object(name; want): want - (.[name] // {} | to_entries | map(select(.value | type == "number") | .key)) | .[] | "\(name): no \(.)";

[range(6; 21) | pow(2; .) | tostring] as $sizes |
("plain aes-gcm chacha-poly copy in-place aes-gcm-8" | words) as $ways |
("channel channel-eager plain aes-gcm aes-gcm-8 pipes pipes-mops rings vmm" | words) as $pipelines |
(if .schema == "mica.bench/3" then empty else "not mica.bench/3" end),
rows("messages"; "\(.way) \(.size)"; cross($ways; $sizes) + ["gate 64"]),
rows("streams"; "\(.way) \(.size)"; cross($ways; $sizes)),
over("messages"; 1000; .count), over("streams"; 1000; .count),
over("messages"; 1; .instructions), over("streams"; 1; .instructions),
rows("ciphers"; .way; "aes-gcm aes-gcm-8 chacha-poly" | words),
rows("parts"; .way; "plain in-place" | words),
rows("memory"; .what; "workflow rd rec tables ram channel" | words),
rows("pipeline"; "\(.work) \(.way)"; cross(["redact", "pass"]; $pipelines) + ["pass files", "pass sockets"]),
over("pipeline"; 1; .ticks), over("pipeline"; 1; .bytes),
some_rows("calls"; .name; "rmi_version granule_delegate granule_undelegate data_create_measured rec_enter_host_call token" | words),
rows("hooks"; .name; .calls // [] | map(.name)),
some_rows("extension"; .name; ("exit_bound call_by_host gate_call_0_words gate_call_8_words chain_of_1 chain_of_2 chain_of_3 chain_of_4 " +
	"signal_no_waiter signal_1024_grants wait_finds_bit wait_nowait_no_bit signal_to_wake_up channel_64_mib_pages_up " +
	"channel_64_mib_blocks_down ram_64_mib_pages_up ram_64_mib_blocks_down") | words),
some_rows("points"; "\(.against) \(.x)"; ("roles 1,roles 64,channels 1,channels 512,pages 512,pages 2048,others 512,gates 62,all 1,strangers 256," +
	"ram_mib_by_pages 32,channel_mib_by_blocks 32") | split(",")),
# a line for each figure of two points or more
rows("scale"; "\(.against) \(.what)"; .points // [] | group_by([.against, .what]) | map(select(length > 1) | "\(.[0].against) \(.[0].what)")),
some_rows("policy"; "\(.series) \(.command)"; cross("both roles channels claims redact" | words; "check build verify" | words) +
	["run verify", "beyond check", "must check"]),
some_rows("policy_ratios"; .command; ["check", "build"]),
rows("policy_repeat"; "one"; ["one"]), rows("pair"; "one"; ["one"]),
some_rows("silicon"; "\(.way) \(.channel) \(.size)"; cross("in-place copy mbedtls openssl" | words;
	["65536 64", "65536 16384", "4194304 64", "4194304 1048576"])),
object("static"; "image memory granule_table" | words),
object("size"; "base_lines extension_lines base_text extension_text library_text image" | words),
(.redact // {} | object("instructions_per_byte"; "el3 monitor components vmm kernel" | words)),
(if .redact.workflow_granules? then empty else "redact: no granules" end),
(("messages streams ciphers parts pipeline" | words)[] as $name | numbers($name; ["way", "work"])),
(("memory calls hooks extension" | words)[] as $name | numbers($name; ["what", "name"])),
(("points scale pair policy policy_ratios policy_repeat silicon" | words)[] as $name |
	numbers($name; ["against", "what", "series", "command", "policy", "unit", "way"])),
(["qemu", "compiler", "mbedtls", "tf-a"] - (.versions // {} | to_entries | map(select(.value != "") | .key)) | .[] | "versions: no \(.)"),
(if (.tree // "") == "" then "no tree" else empty end)
