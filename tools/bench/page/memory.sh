#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# memory.sh RESULTS: granules of a workflow.
set -eu
json=$1
. tools/bench/page.inc
jq -r '.memory[] | "\(.what) \(.granules)"' "$json" | awk "$commas"'
	BEGIN {
		said["workflow"] = "the workflow: its record, the policy, run-time tables"
		said["rd"] = "Realm descriptors, one a Realm"
		said["rec"] = "RECs with their auxiliary granules"
		said["tables"] = "stage 2 tables: of RAM, channels and windows, both sides"
		said["ram"] = "RAM of the Realms, 4 MiB each"
		said["channel"] = "channel of 4 MiB and its acknowledgement page"
		print ""
		print "| | granules | KiB |"
		print "|---|---:|---:|"
	}
	{ printf "| %s | %s | %s |\n", said[$1], commas($2), commas($2 * 4); sum += $2 }
	END { printf "| sum | %s | %s |\n\n", commas(sum), commas(sum * 4) }'
