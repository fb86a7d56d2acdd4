#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# redact.sh RESULTS: instructions for each byte of examples/redact.
set -eu
json=$1
jq -r '.redact.instructions_per_byte | "\(.components) \(.monitor) \(.el3) \(.vmm) \(.kernel)"' "$json" | awk '{
	print ""
	print "| Instructions for each byte of the log | |"
	print "|---|---:|"
	printf "| the three components | %.1f |\n| the monitor | %.1f |\n| EL3 | %.1f |\n| VMM | %.1f |\n| host kernel | %.1f |\n| sum | %.1f |\n", $1, $2, $3, $4, $5, $1 + $2 + $3 + $4 + $5
	print ""
}'
