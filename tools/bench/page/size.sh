#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# size.sh RESULTS: what the extension adds.
set -eu
json=$1
. tools/bench/page.inc
jq -r '.size | "\(.base_lines) \(.extension_lines) \(.base_text) \(.extension_text) \(.library_text) \(.image)"' "$json" | awk "$commas"'{
	print ""
	print "| | base monitor | library | extension | growth by the extension |"
	print "|---|---:|---:|---:|---:|"
	printf "| code lines | %s | | %s | %.1f %% |\n", commas($1), commas($2), $2 / $1 * 100
	printf "| machine code, bytes | %s | %s | %s | %.1f %% of the base, %.1f %% of base and library |\n", commas($3), commas($5), commas($4), $4 / $3 * 100, $4 / ($3 + $5) * 100
	print ""
}'
