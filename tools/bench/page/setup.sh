#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# setup.sh RESULTS: set-up and teardown against the number of parts.
set -eu
json=$1
. tools/bench/page.inc
jq -r '.scale[] | "\(.against) \(.what) \(.from) \(.to) \(.each) \(.base) \(.percent)"' "$json" | awk "$commas"'
	function row(against, what, text,   f) {
		split(line[against "/" what], f)
		printf "| %s | %s, %s to %s | %s | %s | %.1f %% |\n", text, parts[against], commas(f[1]), commas(f[2]),
			f[3] < 100 ? sprintf("%.1f", f[3]) : commas(f[3]), commas(f[4]), f[5]
	}
	{ line[$1 "/" $2] = $3 " " $4 " " $5 " " $6 " " $7 }
	END {
		parts["roles"] = "roles"; parts["channels"] = "channels of a page"; parts["pages"] = "pages of a channel"
		print ""
		print "| | parts | each | base | deviation |"
		print "|---|---|---:|---:|---:|"
		row("roles", "wf_create", "WF_CREATE")
		row("roles", "realm_create", "REALM_CREATE, bound")
		row("roles", "realm_activate", "REALM_ACTIVATE")
		row("roles", "wf_activate", "WF_ACTIVATE")
		row("roles", "all_of_set_up", "all of the set-up")
		row("roles", "wf_stop", "WF_STOP")
		row("roles", "realm_destroy", "REALM_DESTROY")
		row("roles", "wf_destroy", "WF_DESTROY")
		row("roles", "all_of_teardown", "all of the teardown")
		row("channels", "wf_create", "WF_CREATE")
		row("channels", "chan_add", "CHAN_ADD")
		row("channels", "chan_map", "CHAN_MAP")
		row("channels", "realm_activate", "REALM_ACTIVATE")
		row("channels", "wf_activate", "WF_ACTIVATE")
		row("channels", "all_of_set_up", "all of the set-up")
		row("channels", "chan_unmap", "CHAN_UNMAP")
		row("channels", "chan_remove", "CHAN_REMOVE")
		row("channels", "wf_destroy", "WF_DESTROY")
		row("channels", "all_of_teardown", "all of the teardown")
		row("pages", "chan_add", "CHAN_ADD")
		row("pages", "chan_map_block", "CHAN_MAP, blocks")
		row("pages", "chan_unmap_block", "CHAN_UNMAP, blocks")
		row("pages", "chan_remove", "CHAN_REMOVE")
		row("pages", "chan_map_page", "CHAN_MAP, pages")
		row("pages", "chan_unmap_page", "CHAN_UNMAP, pages")
		print ""
	}'
