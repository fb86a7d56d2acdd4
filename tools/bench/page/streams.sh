#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# streams.sh RESULTS: messages between two Realms as streams, six ways.
set -eu
json=$1
. tools/bench/page.inc
streams=$(mktemp)
trap 'rm -f "$streams"' EXIT
stream_lines "$json" >"$streams"
values='{ v[$1, $2] = $4 / $3; c[$1, $2] = $3; x[$1, $2] = $5; if (!($2 in seen)) { seen[$2]; size[++n] = $2 } }'

echo
echo "| size, bytes | messages | plaintext in host memory | AES-256-GCM | AES-256-GCM by eights | ChaCha20-Poly1305 | channel, copying | channel, in place |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas$values"'
	END { for (i = 1; i <= n; i++) { s = size[i]
		printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", commas(s), commas(c["in-place", s]), commas(v["plain", s]), commas(v["aes-gcm", s]),
			commas(v["aes-gcm-8", s]), commas(v["chacha-poly", s]), commas(v["copy", s]), commas(v["in-place", s]) } }' "$streams"
echo
echo "Instructions a message, all of the machine. **Throughput**: MB a second at one instruction a nanosecond (bytes for 1,000 instructions), and in"
echo "brackets instructions a byte:"
echo
echo "| size, bytes | plaintext in host memory | AES-256-GCM | AES-256-GCM by eights | ChaCha20-Poly1305 | channel, copying | channel, in place |"
echo "|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas$values"'
	function rate(w) { return commas(1000 * s / v[w, s]) sprintf(" (%.2f)", v[w, s] / s) }
	END { for (i = 1; i <= n; i++) { s = size[i]
		printf "| %s | %s | %s | %s | %s | %s | %s |\n", commas(s), rate("plain"), rate("aes-gcm"), rate("aes-gcm-8"), rate("chacha-poly"),
			rate("copy"), rate("in-place") } }' "$streams"
echo
echo "In proportion, as above, and exits for 1,000 messages:"
echo
echo "| size, bytes | in place / plaintext | AES-GCM / in place | by eights / in place | ChaCha20 / in place | without payload: AES-GCM / in place | by eights / in place | in place - plaintext | exits: plaintext | AES-GCM | by eights | ChaCha20 | copying | in place |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas$values"'
	function exits(w) { return sprintf("%.2f", x[w, s] / c[w, s] * 1000) }
	END { for (i = 1; i <= n; i++) { s = size[i]; p = v["plain", s]; m = v["in-place", s]; a = v["aes-gcm", s]
		e = v["aes-gcm-8", s]; payload = 31 / 64 * s
		printf "| %s | %.3f | %.1f | %.1f | %.1f | %.1f | %.1f | %s | %s | %s | %s | %s | %s | %s |\n", commas(s), m / p, a / m, e / m,
			v["chacha-poly", s] / m, (a - payload) / (m - payload), (e - payload) / (m - payload), commas(m - p),
			exits("plain"), exits("aes-gcm"), exits("aes-gcm-8"), exits("chacha-poly"), exits("copy"), exits("in-place") } }' "$streams"
echo
