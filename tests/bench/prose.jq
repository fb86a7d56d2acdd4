# SPDX-License-Identifier: Apache-2.0
#
# prose.jq: what pages say in words about docs/bench/results.json, with the figures of now: lines "FILE", tab, text. A page has to have each,
# wherever its lines end (tests/bench/run.sh): figures that were typed do not stay behind when they are measured again.

def fixed($d): pow(10; $d) as $p | (. * $p | round) as $n |
	if $d == 0 then "\($n)" else "\($n / $p | floor)." + ("000\($n % $p)" | .[-$d:]) end;
def commas: (round | tostring) as $s | if ($s | length) <= 3 then $s else ($s[:-3] | tonumber | commas) + "," + $s[-3:] end;
def hundreds: . / 100 | round * 100 | commas;
def size: if . >= 1048576 then "\(. / 1048576) MiB" elif . >= 1024 then "\(. / 1024) KiB" else "\(.) bytes" end;
def one(f): map(select(f)) | if length == 1 then .[0] else error("not one row") end;
def page($file; text): text | "\($file)\t\(.)";
# what holds only as long as it does
def as_long_as($true): if $true then . else . + " (not any more)" end;

. as $r |
def single($way; $size): $r.messages | one(.way == $way and .size == $size) | .instructions / .count;
def stream($way; $size): $r.streams | one(.way == $way and .size == $size) | .instructions / .count;
def times($way; $size): single($way; $size) / single("in-place"; $size);
def stream_times($way; $size): stream($way; $size) / stream("in-place"; $size);
# the way alone
def bare($size): . - 31 / 64 * $size;
def bare_times($way; $size): (single($way; $size) | bare($size)) / (single("in-place"; $size) | bare($size));
def stream_bare_times($way; $size): (stream($way; $size) | bare($size)) / (stream("in-place"; $size) | bare($size));
def more($way; $size): single($way; $size) - single("plain"; $size);
def stream_more($way; $size): stream($way; $size) - stream("plain"; $size);
# 4 KiB in a stream whose ring is smaller: a switch there and back for so many messages, in place of one for 4 MiB
def ring($way; $bytes): stream($way; 4096) + (single($way; 4096) - stream($way; 4096)) * (4096 / $bytes - 1 / 1024);
def ring_times($bytes): ring("aes-gcm"; $bytes) / ring("in-place"; $bytes);
def byte($work; $way): $r.pipeline | one(.work == $work and .way == $way) | .ticks / .bytes;
def exits_a_mib($way): $r.pipeline | one(.work == "redact" and .way == $way) | .exits / .bytes * 1048576 | fixed(0);
def as_many_exits($rows): [$rows[] | select(.way == "in-place" or .way == "plain")] | group_by(.size) |
	all(.[]; (.[] | select(.way == "in-place") | .exits) <= (.[] | select(.way == "plain") | .exits));
def line($against; $what): $r.scale | one(.against == $against and .what == $what);
def point($against; $what; $x): $r.points | one(.against == $against and .what == $what and .x == $x) | .y;
def tool($series; $command; $roles): $r.policy | one(.series == $series and .command == $command and .roles == $roles);

1048576 as $mib |
[range(6; 21) | pow(2; .)] as $sizes |
($sizes | map(stream_more("in-place"; .))) as $above |
(byte("redact"; "pipes") - byte("pass"; "files")) as $processes |
(byte("redact"; "vmm") - byte("pass"; "sockets")) as $realms |
($r.pipeline | one(.work == "redact" and .way == "vmm")) as $vmm |
def confidentiality($way): (($realms + byte("redact"; $way) - byte("redact"; "channel")) / $processes - 1) * 100 | fixed(0);

page("README.md";
"in a stream a message of 4 KiB through a channel costs \(stream("in-place"; 4096) | commas) instructions in all, as much as plaintext in host memory (\(stream("plain"; 4096) | commas)), and one of 1 MiB \(stream("in-place"; $mib) / 1000 | fixed(0)) thousand (\(stream("plain"; $mib) / 1000 | fixed(0))).",
"AES-256-GCM over host memory costs \(stream_times("aes-gcm"; 4096) | fixed(0)) and \(stream_times("aes-gcm"; $mib) | fixed(0)) times that with Mbed TLS, \(stream_times("aes-gcm-8"; 4096) | fixed(1)) and \(stream_times("aes-gcm-8"; $mib) | fixed(0)) times by the method of the fastest libraries.",
"it is \(times("aes-gcm"; 4096) | fixed(1)) times at 4 KiB and \(times("aes-gcm"; $mib) | fixed(0)) at 1 MiB.",
"costs \(confidentiality("channel")) % more than three plain processes with pipes under the same Linux; were its Realms to encrypt instead, it would be \(confidentiality("aes-gcm")) % (\(confidentiality("aes-gcm-8")) % by the method of the fastest)"),

page("CHANGELOG.md";
"(AES-GCM: \(stream_times("aes-gcm"; 4096) | fixed(0)) times an in-place channel's instructions at 4 KiB in a stream, \(times("aes-gcm"; 4096) | fixed(1)) times one at a time; \(times("aes-gcm"; $mib) | fixed(0)) at 1 MiB, \(times("aes-gcm-8"; $mib) | fixed(0)) with the fastest AES)",
"(\(confidentiality("channel")) % more instructions than pipes between processes under the same Linux; encrypting instead, \(confidentiality("aes-gcm")) % or \(confidentiality("aes-gcm-8")) %)",
"It is about \($r.redact.instructions_per_byte.kernel | fixed(0))."),

page("docs/performance.md";
"QEMU \($r.versions.qemu | split(" ")[0]) (TCG), TF-A \($r.versions["tf-a"] | split("+")[0]), Linux \($r.versions.linux // "7.3.4" | split("-")[0]),",
"it is below, by \(-more("in-place"; 64) | hundreds) instructions, as a signal and a wait are cheaper",
"it is above by at most \($above | max | fixed(0)) instructions a message",
"and below from \([$sizes, $above] | transpose | map(select(.[1] < 0) | .[0]) | min | size) on.",
("Exits are the same: two a message" | as_long_as(as_many_exits($r.messages) and as_many_exits($r.streams))),
"met at every size one at a time, and in a stream from \($sizes | map(select(stream("in-place"; .) / stream("plain"; .) > 1.02)) | max * 2 | size) on (\((stream("in-place"; 4096) / stream("plain"; 4096) - 1) * 100 | fixed(1)) % at 4 KiB, \((stream("in-place"; 64) / stream("plain"; 64) - 1) * 100 | fixed(0)) % at 64 bytes)",
"\(more("aes-gcm"; $mib) / $mib | fixed(1)) instructions a byte with AES-256-GCM, \(more("aes-gcm-8"; $mib) / $mib | fixed(1)) with AES-256-GCM by eights and \(more("chacha-poly"; $mib) / $mib | fixed(1)) with ChaCha20-Poly1305; for the smallest message \(more("aes-gcm"; 64) | hundreds), \(more("aes-gcm-8"; 64) | hundreds) and \(more("chacha-poly"; 64) | hundreds), or \(stream_more("aes-gcm"; 64) | hundreds), \(stream_more("aes-gcm-8"; 64) | hundreds) and \(stream_more("chacha-poly"; 64) | hundreds) in a stream.",
("is met in a stream: \(stream_times("aes-gcm"; 4096) | fixed(0)) times at 4 KiB, \(stream_times("aes-gcm"; $mib) | fixed(0)) at 1 MiB." | as_long_as(stream_times("aes-gcm"; 4096) >= 30)),
"\(ring_times($mib) | fixed(0)) with 1 MiB of ring, \(ring_times(262144) | fixed(0)) with 256 KiB and \(ring_times(65536) | fixed(0)) with 64 KiB.",
"One message at a time it is met from \($sizes | map(select(times("aes-gcm"; .) >= 30)) | min | size) on, and is \(times("aes-gcm"; 4096) | fixed(1)) times at 4 KiB",
"By eights it is not met: \(stream_times("aes-gcm-8"; 4096) | fixed(1)) times at 4 KiB and \(stream_times("aes-gcm-8"; $mib) | fixed(0)) at 1 MiB in a stream.",
"is not met (\(stream_times("aes-gcm"; $mib) | fixed(0)) times in a stream, \(times("aes-gcm"; $mib) | fixed(0)) one at a time; \(times("aes-gcm-8"; $mib) | fixed(0)) by eights)",
"and all of AES-GCM \(single("aes-gcm"; $mib) / $mib | fixed(1)) (\(single("aes-gcm-8"; $mib) / $mib | fixed(1))).",
"it is \(bare_times("aes-gcm"; 4096) | fixed(0)) times at 4 KiB, \(bare_times("aes-gcm"; 32768) | fixed(0)) at 32 KiB and \(bare_times("aes-gcm"; $mib) | fixed(0)) at 1 MiB (\(bare_times("aes-gcm-8"; 4096) | fixed(0)), \(bare_times("aes-gcm-8"; 32768) | fixed(0)) and \(bare_times("aes-gcm-8"; $mib) | fixed(0)) by eights) one at a time; in a stream \(stream_bare_times("aes-gcm"; 4096) | fixed(0)) at 4 KiB (\(stream_bare_times("aes-gcm-8"; 4096) | fixed(0)) by eights)",
("costs less than a fifth of the smallest message through a channel" | as_long_as(single("gate"; 64) < single("in-place"; 64) / 5)),
"is not met here: \(exits_a_mib("channel")) a MiB against \(exits_a_mib("plain")).",
("In instructions channels are not above." | as_long_as(byte("redact"; "channel") <= byte("redact"; "plain"))),
"whose differences the redaction's own \(($r.pipeline | one(.work == "redact" and .way == "channel") | .realms / .bytes) - ($r.pipeline | one(.work == "pass" and .way == "channel") | .realms / .bytes) | fixed(0)) instructions a byte hide otherwise",
("more than twice what monitor and EL3 spend on it" | as_long_as(($vmm.kernel + $vmm.user + $vmm.host - byte("pass"; "sockets") * $vmm.bytes) > 2 * ($vmm.monitor + $vmm.el3))),
"through all grants for each channel; it is \(point("channels"; "wf_create"; 512) / 1e6 | fixed(1)) M now.",
("**Not linear** is one sum: each GATE_INFO" | as_long_as([$r.scale[] | select((.against | IN("gates", "strangers", "channels", "others")) and
	(.what | IN("self", "all_grant_info", "all_gate_info", "peer_info", "signal", "hop", "gate_call", "exit")) and .percent > 10) | .what] == ["all_gate_info"])),
"- The token has \(line("roles"; "token_bytes").each | fixed(0)) bytes for each role",
"\(line("channels"; "signal").each / 2 | fixed(0)) instructions each, so a message costs \(line("channels"; "hop").each | fixed(0)) more for each channel of two, whoever has it: it is \(point("channels"; "hop"; 512) / point("channels"; "hop"; 1) | fixed(1)) times as dear at 512 channels as at one.",
"looks through the gates of the policy: \(line("gates"; "exit").each | fixed(0)) instructions for each",
"- A role costs \(line("roles"; "granules").each | fixed(0)) granules, 64 KiB",
"- A channel of a page costs \(line("channels"; "granules").each * 4096 | fixed(0)) bytes of policy and run-time tables",
"\(tool("both"; "check"; 64).start / 1e6 | fixed(1)) million (\(tool("both"; "verify"; 64).start / 1e6 | fixed(1)) with what OpenSSL tidies up)",
"in \(tool("both"; "verify"; 64).signature / 1e6 | fixed(1)) million instructions whatever the policy",
"the token of 64 roles takes \((tool("both"; "verify"; 64) | .verify - .signature) - (tool("both"; "verify"; 2) | .verify - .signature) | . / 1e6 | fixed(1)) million more than that of two")
