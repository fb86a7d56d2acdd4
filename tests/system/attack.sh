#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# attack.sh [table]: every attempt of tests/attack on the machine, held against the list of what has to be attempted
# (tests/attack/required): a row of the residual table, a call or an invariant without an attempt is a failure.
set -eu
. tests/system/lib.sh

run_bare "$scratch/out" attack
grep -q '^attacks end: ' "$scratch/out" || fail "the run" "it did not reach its end: $(tail -n 1 "$scratch/out")"
grep '^FAIL' "$scratch/out" | sed 's/^/  /' || :
sed -n 's/^attack //p' "$scratch/out" >"$scratch/attempts"

# every operation of the extension is in the list
sed -n 's/^#define MICA_\([A-Z_]*\)[[:space:]]*[0-9]*[[:space:]]*\/\* .*/op\/\1/p; s/^#define SMC_RSI_MICA_\([A-Z_]*\)[[:space:]].*/rsi\/\1/p' abi/mica.h |
	grep -v -e '/LAST$' -e '/BASE$' -e '/INFO_' -e '/SELF_' >"$scratch/calls"
echo op/FEATURES >>"$scratch/calls"
# and every row of the residual table, unless it names an attempt itself or is open on purpose
awk -F'|' '/^\| Key / { t = 1; next } !/^\|/ { t = 0 } t && $5 ~ /^ (closed|by policy|declared|availability)/ && !/tests\/attack\// { gsub(/ /, "", $2); print "row/" $2 }' \
	docs/residual.md >"$scratch/rows"
[ -s "$scratch/rows" ] || fail "docs/residual.md" "no rows found"

awk -F ' [|] ' -v table="${1:-}" '
	FILENAME ~ /required$/ {
		if ($0 ~ /^#/ || $0 == "") next
		split($0, w, /[ \t]+/)
		if (w[1] == "-") { without["row/" w[2]]; next }
		need[w[1]] = 1; order[++n] = w[1]
		next
	}
	FILENAME ~ /calls$/ { if (!($0 in need)) { failed++; print "  MISSING " $0 " is not in tests/attack/required" }; next }
	FILENAME ~ /rows$/ {
		if (!($0 in need) && !($0 in without)) { failed++; print "  MISSING a row of docs/residual.md is not in tests/attack/required: " $0 }
		next
	}
	{
		split($1, p, ": ")
		if (p[1] in seen) { failed++; print "  FAILED  " p[1] " is there twice" }
		seen[p[1]]
		ok = p[2] == "held / control ok"
		if (ok) good++; else { failed++; print "  FAILED  attack " $1 " (" $3 ")" }
		if (table == "table")
			printf "  attack %-42s %s   %s [control: %s]\n", p[1] ":", p[2], $3, $4
		k = split($2, keys, " ")
		for (i = 1; i <= k; i++) {
			if (!(keys[i] in need)) { failed++; print "  FAILED  " p[1] ": " keys[i] " is not in tests/attack/required" }
			if (ok) covered[keys[i]]++
		}
	}
	END {
		for (i = 1; i <= n; i++) if (!(order[i] in covered)) { failed++; print "  MISSING " order[i] ": no attempt holds" }
		if (good < 150) { failed++; print "  FAILED  fewer than 150 attempts" }
		printf "  %d attempts held, each with its control; %d rows, calls and rules of tests/attack/required\n", good, n
		printf "%d %d\n", good, failed >"'"$scratch"'/counts"
	}' tests/attack/required "$scratch/calls" "$scratch/rows" "$scratch/attempts"
read -r good bad <"$scratch/counts"
passed=$((passed + good))
failed=$((failed + bad))
summary system-attack
