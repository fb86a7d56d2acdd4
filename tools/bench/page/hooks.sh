#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# hooks.sh RESULTS: calls of an unbound Realm by a monitor without and with the extension; those that differ. A token is never the same twice.
set -eu
json=$1
. tools/bench/page.inc
jq -r '.hooks[] | select(.with != .without and .name != "token") | "\(.name) \(.without) \(.with)"' "$json" | awk "$commas"'
	BEGIN {
		print ""
		print "| the median | without | with | |"
		print "|---|---:|---:|---:|"
	}
	{ name = $1; gsub(/_/, " ", name); printf "| %s | %s | %s | %.1f %% |\n", name, commas($2), commas($3), 100 * ($3 - $2) / $2 }
	END { print "" }'
