#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# conformance.sh [table]: every row of tests/conformance on the machine, held against the list of what RMM 1.0 says can
# fail or happen (tests/conformance/conditions). A condition without a row is missing, and that is a failure.
set -eu
. tests/system/lib.sh

run_bare "$scratch/out" conformance
grep -q '^rows end$' "$scratch/out" || fail "the run" "it did not reach its end: $(tail -n 1 "$scratch/out")"
sed -n 's/^row //p' "$scratch/out" >"$scratch/rows"

awk -v table="${1:-}" '
	function condition(id) { sub(/__.*/, "", id); return id }
	FNR == NR {
		key = $1 " " condition($2)
		rows[$1]++
		if ($3 == "ok") { ok[key]++; good++ }
		else { bad[key]++; failed++; print "  FAILED  " $0 }
		next
	}
	/^#/ { next }
	{
		if (!($1 in known)) { known[$1]; order[++n] = $1 }
		for (i = 2; i <= NF; i++) {
			key = $1 " " $i
			named[key]
			if (!(key in ok) && !(key in bad)) { failed++; cell = "MISSING" }
			else if (key in bad) cell = "FAILED"
			else cell = ok[key]
			if (cell == "MISSING") print "  MISSING " $1 " " $i
			cells[$1] = cells[$1] sprintf("    %-42s %7s\n", $i, cell)
		}
	}
	END {
		for (key in ok) if (!(key in named)) { split(key, p, " "); also[p[1]] += ok[key] }
		for (i = 1; i <= n; i++) {
			c = order[i]
			printf "  %-44s %5d rows\n", c, rows[c]
			if (table == "table") printf "%s", cells[c]
			if (table == "table" && c in also) printf "    %-42s %7d\n", "(more pairs and cases)", also[c]
		}
		for (c in rows) if (!(c in known)) { failed++; print "  FAILED  " c " is not in the list of conditions" }
		printf "%d %d\n", good, failed >"'"$scratch"'/counts"
	}' "$scratch/rows" tests/conformance/conditions
read -r good bad <"$scratch/counts"
passed=$((passed + good))
failed=$((failed + bad))
summary system-conformance
