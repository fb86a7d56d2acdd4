#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# blocks.sh RESULTS: what leaves of 2 MiB save.
set -eu
json=$1
jq -r '(.calls[] | "\(.name) \(.median)"), (.extension[] | "\(.name) \(.median)"), (.points[] | "\(.against)/\(.what)/\(.x) \(.y)")' "$json" | awk '
	function row(text, what, against) {
		printf "| %s | %.1f M | %.1f M | %.3g |\n", text, v[what "_up"] / 1e6, v[what "_down"] / 1e6,
			(v[against "/granules_tables/32"] - v[against "/granules_tables/16"]) / 16
	}
	{ v[$1] = $2 }
	END {
		print ""
		print "| | up | down | tables a MiB |"
		print "|---|---:|---:|---:|"
		row("a channel of two Realms, by pages", "channel_64_mib_pages", "channel_mib_by_pages")
		row("by blocks", "channel_64_mib_blocks", "channel_mib_by_blocks")
		row("RAM of a Realm (one page in eight measured), by pages", "ram_64_mib_pages", "ram_mib_by_pages")
		row("folded into blocks", "ram_64_mib_blocks", "ram_mib_by_blocks")
		print ""
		printf "Of what a channel costs by blocks, up and down, %.1f M are delegation and undelegation, nearly all of it EL3'\''s.\n\n",
			(v["granule_delegate"] + v["granule_undelegate"]) * 16384 / 1e6
	}'
