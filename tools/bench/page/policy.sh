#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# policy.sh RESULTS: CPU time of the tools.
set -eu
json=$1
jq -r '.policy[] | "| \(.step) | \(.roles) | \(.channels) | \(.bytes) | \(.min) | \(.median) | \(.max) |"' "$json" | {
	echo
	echo "| \`mica\` | roles | channels | text, bytes | shortest | median, CPU ms | longest |"
	echo "|---|---:|---:|---:|---:|---:|---:|"
	cat
	echo
}
