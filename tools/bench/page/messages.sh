#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# messages.sh RESULTS: messages between two Realms, seven ways, one at a time.
set -eu
json=$1
. tools/bench/page.inc
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
message_lines "$json" >"$messages"

echo
jq -r '"Tree \(.tree); QEMU \(.versions.qemu); \(.versions.compiler); Mbed TLS \(.versions.mbedtls); TF-A \(.versions["tf-a"])\(if .versions.linux then "; Linux \(.versions.linux)" else "" end)."' "$json"
echo
echo "| size, bytes | plaintext in host memory | AES-256-GCM | AES-256-GCM by eights | ChaCha20-Poly1305 | channel, copying | channel, in place | gate |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas"'{ v[$1, $2] = $4 / $3; if (!($2 in seen)) { seen[$2]; size[++n] = $2 } }
	function cell(w, s) { return (w, s) in v ? commas(v[w, s]) : "" }
	END { for (i = 1; i <= n; i++) { s = size[i]
		printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", commas(s), cell("plain", s), cell("aes-gcm", s),
			cell("aes-gcm-8", s), cell("chacha-poly", s), cell("copy", s), cell("in-place", s), cell("gate", s) } }' "$messages"
echo
echo "Instructions a message, all of the machine: both Realms, monitor, EL3, host. (Throughput is below, with the streams.) In proportion; the"
echo "same without the payload (31 instructions for 64 bytes, written and read), which is the way alone; and in instructions above or below the"
echo "plaintext:"
echo
echo "| size, bytes | in place / plaintext | AES-GCM / in place | by eights / in place | ChaCha20 / in place | without payload: AES-GCM / in place | by eights / in place | AES-GCM - plaintext | in place - plaintext | copying - plaintext |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas"'{ v[$1, $2] = $4 / $3; if (!($2 in seen)) { seen[$2]; size[++n] = $2 } }
	function round(x) { return x < 0 ? x - 0.5 : x + 0.5 }
	END { for (i = 1; i <= n; i++) { s = size[i]; p = v["plain", s]; m = v["in-place", s]; a = v["aes-gcm", s]
		e = v["aes-gcm-8", s]; payload = 31 / 64 * s
		printf "| %s | %.3f | %.1f | %.1f | %.1f | %.1f | %.1f | %s | %s | %s |\n", commas(s), m / p, a / m, e / m,
			v["chacha-poly", s] / m, (a - payload) / (m - payload), (e - payload) / (m - payload),
			commas(round(a - p)), commas(round(m - p)), commas(round(v["copy", s] - p)) } }' "$messages"
echo
heads="plaintext in host memory | AES-256-GCM | AES-256-GCM by eights | ChaCha20-Poly1305 | channel, copying | channel, in place | gate |"
echo "Latency, median and, where it is another, the 99th percentile:"
echo
echo "| size, bytes | messages | $heads"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas"'{ k = $1 SUBSEP $2; n50[k] = $5; n99[k] = $6; c[k] = $3; if (!($2 in seen)) { seen[$2]; size[++n] = $2 } }
	function two(w,   k) { k = w SUBSEP s; return (k in n50 ? commas(n50[k]) (n99[k] != n50[k] ? ", " commas(n99[k]) : "") : "") " |" }
	END { for (i = 1; i <= n; i++) { s = size[i]
		printf "| %s | %s | %s %s %s %s %s %s %s\n", commas(s), commas(c["in-place", s]), two("plain"), two("aes-gcm"),
			two("aes-gcm-8"), two("chacha-poly"), two("copy"), two("in-place"), two("gate") } }' "$messages"
echo
echo "Exits to the host, a message:"
echo
echo "| size, bytes | $heads"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas"'{ x[$1, $2] = $7 / $3; if (!($2 in seen)) { seen[$2]; size[++n] = $2 } }
	function ex(w) { return ((w, s) in x ? sprintf("%.3f", x[w, s]) : "") " |" }
	END { for (i = 1; i <= n; i++) { s = size[i]
		printf "| %s | %s %s %s %s %s %s %s\n", commas(s), ex("plain"), ex("aes-gcm"), ex("aes-gcm-8"), ex("chacha-poly"), ex("copy"),
			ex("in-place"), ex("gate") } }' "$messages"
echo
jq -r '.parts[] | "\(.way) \(.el3) \(.monitor) \(.realms) \(.host)"' "$json" | awk "$commas"'
	BEGIN { print "| whose, of a message of 4 KiB | EL3 | monitor | Realms | host |"; print "|---|---:|---:|---:|---:|" }
	{ printf "| %s | %s | %s | %s | %s |\n", $1 == "plain" ? "plaintext in host memory" : "channel, in place", commas($2), commas($3), commas($4), commas($5) }'
echo
jq -r '.ciphers[] | "\(.way) \(.aes) \(.pmull)"' "$json" | awk "$commas"'
	BEGIN {
		blocks = 265 * 4096 / 16 * 2
		print "| 265 messages of 4 KiB, both sides | AES instructions executed | a block of 16 bytes | PMULL | a block |"
		print "|---|---:|---:|---:|---:|"
	}
	{ printf "| %s | %s | %.1f | %s | %.1f |\n", $1, commas($2), $2 / blocks, commas($3), $3 / blocks }'
echo
