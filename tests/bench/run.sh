#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs/performance.md and its plots are what docs/bench/results.json says: written again, they are the same bytes. With one figure
# changed they are not.
set -eu
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
passed=0
failed=0
check() {	# NAME COMMAND...
	name=$1
	shift
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $name"; fi
}
differ() { ! cmp -s "$1" "$2"; }

cp docs/performance.md "$d/page.md"
sh tools/bench/docs.sh docs/bench/results.json "$d/page.md" "$d"
check "the page is not what is recorded: make bench-docs" cmp -s docs/performance.md "$d/page.md"
for plot in bytes latency; do
	check "$plot.svg is not what is recorded: make bench-docs" cmp -s docs/bench/$plot.svg "$d/$plot.svg"
done
jq '(.messages[] | select(.way == "in-place" and .size == 4096)) |= (.instructions *= 2 | .p50 *= 2)' docs/bench/results.json >"$d/other.json"
cp docs/performance.md "$d/other.md"
mkdir "$d/other"
sh tools/bench/docs.sh "$d/other.json" "$d/other.md" "$d/other"
check "a figure changed and the page did not" differ docs/performance.md "$d/other.md"
for plot in bytes latency; do check "a figure changed and $plot.svg did not" differ docs/bench/$plot.svg "$d/other/$plot.svg"; done
echo "bench: $passed passed, $failed failed"
[ "$failed" = 0 ]
