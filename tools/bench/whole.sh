#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# whole.sh RESULTS: fails, and says what is missing, unless it has all that the parts of `make bench` leave.
set -eu
missing=$([ -s "$1" ] && jq -r -f tools/bench/whole.jq "$1" 2>&1) || missing="no JSON: $missing"
[ -n "$missing" ] || exit 0
echo "$1 is not whole:" >&2
echo "$missing" | awk 'NR <= 10 { print "  " $0 } END { if (NR > 10) printf "  and %d more\n", NR - 10 }' >&2
exit 1
