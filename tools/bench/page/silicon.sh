#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# silicon.sh RESULTS: the bytes' way on the machine that measured, as paired ratios; beside them the same in instructions.
set -eu
json=$1
. tools/bench/page.inc

echo
jq -r '"\(.silicon_machine.cpu); \(.silicon_machine.library); Mbed TLS \(.versions.mbedtls); \(.silicon[0].pairs) pairs each. The channel in place is 1; median, and p10 to p90:"' "$json"
echo
echo "| ring | message, bytes | in place again | copying | AES-256-GCM, Mbed TLS | AES-256-GCM, OpenSSL |"
echo "|---:|---:|---:|---:|---:|---:|"
jq -r '.silicon[] | "\(.way) \(.channel) \(.size) \(.median) \(.p10) \(.p90)"' "$json" | awk "$commas"'
	function figure(v) { return v < 10 ? sprintf("%.2f", v) : sprintf("%.0f", v) }
	{
		row = $2 " " $3
		if (!(row in cells)) order[++n] = row
		cells[row] = cells[row] sprintf(" %s (%s to %s) |", figure($4), figure($5), figure($6))
	}
	END {
		for (i = 1; i <= n; i++) {
			split(order[i], part, " ")
			printf "| %s | %s |%s\n", part[1] < 1048576 ? part[1] / 1024 " KiB" : part[1] / 1048576 " MiB", commas(part[2]), cells[order[i]]
		}
	}'
# between two sizes: what the switches and the set-up of a record cost is in both
message_lines "$json" | awk '
	{ v[$1, $2] = $4 / $3 }
	function slope(w) { return v[w, 1048576] - v[w, 524288] }
	END {
		printf "| 4 MiB, **instructions** between Realms | slope from 512 KiB to 1 MiB | 1.00 | %.2f | %.0f | by eights: %.0f |\n", slope("copy") / slope("in-place"),
			slope("aes-gcm") / slope("in-place"), slope("aes-gcm-8") / slope("in-place")
	}'
echo
