#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# policy.sh RESULTS: check, build and verify against the size of the policy.
set -eu
json=$1
. tools/bench/page.inc
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
jq -r '.policy[] | [.series, .command, .roles, .channels, .claims, .bytes, .start, .tool, .read, .parse, .resolve, .flow, .build, .verify,
	.signature] | join(" ")' "$json" >"$d/counts"

jq -r '.versions | if .valgrind then "", "\(.valgrind); \(.build_compiler)." else empty end' "$json"
echo
awk "$commas"'
	# least squares of tool over x; the deviation is that of the worst point from the line
	function line(key, text,   k, n, sx, sy, sxx, sxy, each, base, off, worst) {
		n = count[key]
		for (k = 1; k <= n; k++) { sx += x[key, k]; sy += y[key, k]; sxx += x[key, k] ^ 2; sxy += x[key, k] * y[key, k] }
		each = (n * sxy - sx * sy) / (n * sxx - sx * sx)
		base = (sy - each * sx) / n
		for (k = 1; k <= n; k++) {
			off = (base + each * x[key, k] - y[key, k]) / y[key, k]
			if (off < 0) off = -off
			if (off > worst) worst = off
		}
		split(key, part, " ")
		printf "| %s | %s | %s | %s | %.1f %% |\n", part[2], text, commas(each), commas(base), worst * 100
	}
	{
		key = $1 " " $2
		count[key]++
		x[key, count[key]] = $1 == "channels" ? $4 : $1 == "claims" ? $5 : $3
		y[key, count[key]] = $8
	}
	END {
		print "| `mica` | against | each | base | deviation |"
		print "|---|---|---:|---:|---:|"
		split("both roles channels claims", series, " ")
		split("roles with four channels each, 2 to 64;roles, 2 to 64, of 64 channels;channels, 64 to 256, of 64 roles;" \
			"claims, 4 to 67, of 64 roles and 256 channels", text, ";")
		split("check build verify", command, " ")
		for (c = 1; c <= 3; c++) for (s = 1; s <= 4; s++) line(series[s] " " command[c], text[s])
		line("beyond check", "roles with five channels each, 100 to 10,000")
	}' "$d/counts"

echo
echo "Where they are:"
echo
echo "| \`mica\` | roles, channels | read | parse | resolve | prove claims | build | verify | print, write | sum | start and end of the program | the signature |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas"'
	function cell(v) { return v ? commas(v) : "" }
	($1 == "both" && ($3 == 2 || $3 == 64)) || $1 == "redact" || $1 == "run" {
		verify = $14 - $15
		printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", $2,
			$1 == "both" ? $3 ", " $4 : $1 == "run" ? "redact, its own token" : "redact",
			commas($9), commas($10), commas($11), commas($12), cell($13), cell(verify), commas($8 - $9 - $10 - $11 - $12 - $13 - verify),
			commas($8), commas($7), cell($15)
	}' "$d/counts"

echo
echo "Far beyond what the monitor takes, and claims at their worst:"
echo
echo "| \`mica check\` | roles | channels | text, bytes | instructions | a byte of text | prove claims | of the row above |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|"
awk "$commas"'
	$1 == "beyond" || $1 == "must" {
		printf "| %s | %s | %s | %s | %s | %.0f | %s | %s |\n", $1 == "must" ? "`must {` half `} ~> {` half `}` by way of one" : "",
			commas($3), commas($4), commas($6), commas($8), $8 / $6, commas($12), was == $1 ? sprintf("%.2f", $12 / flow) : ""
		was = $1
		flow = $12
	}' "$d/counts"

echo
echo "Time, paired: the policy of twice as many roles and channels against the one before, and against examples/redact; median, and p10 to p90."
echo
echo "| roles | check / half as many | in instructions | build / half as many | in instructions | check / redact | in instructions | build / redact | in instructions |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
jq -r '.policy_ratios[] | "ratio \(.command) \(.policy) \(.unit) \(.median) \(.p10) \(.p90)"' "$json" | awk '
	function name(p) { gsub(/.*\/|roles|\.mica/, "", p); return p }
	function figure(c, p, u) { return sprintf("%.2f (%.2f to %.2f)", median[c, p, u], low[c, p, u], high[c, p, u]) }
	function counted(c, p, u) { return sprintf("%.2f", insns[c, p] / insns[c, u]) }
	function pair(c, p, u) { return " " ((c, p, u) in median ? figure(c, p, u) " | " counted(c, p, u) : "|") " |" }
	$1 == "ratio" {
		p = name($3); u = name($4)
		median[$2, p, u] = $5; low[$2, p, u] = $6; high[$2, p, u] = $7
		next
	}
	$1 == "both" || $1 == "redact" { insns[$2, $1 == "both" ? $3 : "redact"] = $9 + $10 + $11 + $12 + $13 }
	END {
		printf "| redact itself | | | | |%s%s\n", pair("check", "redact", "redact"), pair("build", "redact", "redact")
		for (n = 2; n <= 64; n *= 2)
			printf "| %d |%s%s%s%s\n", n, pair("check", n, n / 2), pair("build", n, n / 2), pair("check", n, "redact"),
				pair("build", n, "redact")
	}' "$d/counts" -
echo
jq -r '.policy_repeat[0] | "Each count was taken twice, the second time with a larger environment: the largest difference of the sums in \(.pairs) pairs is \(.difference) instructions, \(.percent) %."' "$json"
echo
