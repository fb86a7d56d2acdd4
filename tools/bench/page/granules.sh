#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# granules.sh RESULTS: memory of the monitor against the size of a workflow.
set -eu
json=$1
. tools/bench/page.inc
jq -r '.scale[] | select(.what | startswith("granules")) | "\(.against)/\(.what) \(.from) \(.to) \(.each) \(.base) \(.off)"' "$json" | awk "$commas"'
	function number(v) { return v == int(v) ? v "" : sprintf("%.3f", v) }
	function row(against, text,   s) {
		s = against "/granules"
		printf "| %s, %d to %d | %s | %s | %.1f | %s | %s | %s | %s | %.1f |\n", text, from[s], to[s], number(each[s]), commas(each[s] * 4096),
			base[s], number(each[s "_rd"]), number(each[s "_rec"]), number(each[s "_tables"]), number(each[s "_wf"]), off[s]
	}
	{ from[$1] = $2; to[$1] = $3; each[$1] = $4; base[$1] = $5; off[$1] = $6 }
	END {
		print ""
		print "| against | each: granules | bytes | base, granules | each: RD | REC | stage 2 tables | workflow | worst point off by, granules |"
		print "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
		row("roles", "roles, one REC each")
		row("channels", "channels of a page between two roles")
		row("ram_mib_by_pages", "MiB of RAM of one role, by pages")
		row("ram_mib_by_blocks", "folded into blocks")
		row("channel_mib_by_pages", "MiB of one channel between two roles, by pages")
		row("channel_mib_by_blocks", "by blocks")
		print ""
	}'
