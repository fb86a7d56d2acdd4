#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# calls.sh RESULTS: calls of the monitor, beside tools/bench/aims.
set -eu
json=$1
. tools/bench/page.inc
jq -r '(.calls[] | "\(.name) \(.median) \(.min) \(.max)"), (.pair[] | "pair \(.el3) \(.monitor)")' "$json" | awk "$commas"'
	function cell(v) { return v == "" ? "" : commas(v) }
	BEGIN {
		while ((getline line <"tools/bench/aims") > 0)
			if (line !~ /^#/) { split(line, f); ref[f[1]] = f[2]; aim[f[1]] = f[3] }
		print ""
		print "| | instructions | reference | aim |"
		print "|---|---:|---:|---:|"
	}
	$1 == "pair" { el3 = $2; monitor = $3; next }
	{
		name = $1; gsub(/_/, " ", name)
		printf "| %s | %s | %s | %s |\n", name, commas($2), cell(ref[$1]), cell(aim[$1])
		if ($3 != $4) varies = varies (varies ? "; " : "") "`" name "`, " commas($3) " to " commas($4)
		if (aim[$1] != "" && $2 > aim[$1]) above = above (above ? ", " : "") "`" name "`"
	}
	END {
		print ""
		printf "Above its aim: %s. Minimum and maximum are the same but for %s.\n", above ? above : "none", varies ? varies : "none"
		printf "Of a granule'\''s way to the Realm world and back, %s instructions, EL3 takes %s and the monitor %s, the wipe among them (counted by the\n",
			commas(el3 + monitor), commas(el3), commas(monitor)
		print "plugin, slope between 200 and 1,200 pairs)."
		print ""
	}'
