#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# monitor.sh RESULTS: static memory of the monitor; granules of the example.
set -eu
json=$1
. tools/bench/page.inc
jq -r '.redact.workflow_granules as $g | .static | "\(.image) \(.memory) \(.granule_table) \($g)"' "$json" | awk "$commas"'{
	print ""
	print "| | bytes |"
	print "|---|---:|"
	printf "| image in the firmware | %s |\n", commas($1)
	printf "| memory in use, stacks, page tables and the table of all granules included | %s |\n", commas($2)
	printf "| of that, the table: four bytes for each 4 KiB page of the largest machine it is built for, %s of them | %s |\n", commas($3 / 4), commas($3)
	print ""
	printf "The workflow of examples/redact took %s granules (%.1f MiB): three Realms of 16 MiB, their tables, two channels with their\n", commas($4), $4 / 256
	print "acknowledgement pages, and the records of Realms and workflow."
	print ""
}'
