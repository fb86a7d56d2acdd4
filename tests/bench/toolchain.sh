#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# toolchain.sh MICA [TOKEN]: CPU milliseconds (user and system, so other load does not count) of one `mica check`, `mica build` and, of
# examples/redact, `mica verify` of a token that a run kept. Nine samples of sixty runs each: shortest, median, longest.
set -eu
mica=$1 token=${2:-}
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
runs=60

sample() {	# COMMAND...
	sh -c 'n=$1; shift; while [ $n -gt 0 ]; do "$@" >/dev/null 2>&1 || exit 1; n=$((n - 1)); done; times' sh $runs "$@" |
		awk -v n=$runs 'NR == 2 { split($1, u, /[ms]/); split($2, v, /[ms]/)
			printf "%.2f\n", (60 * (u[1] + v[1]) + u[2] + v[2]) * 1000 / n }'
}

row() {	# STEP ROLES CHANNELS BYTES COMMAND...
	what="$1 $2 $3 $4"
	shift 4
	for _ in 1 2 3 4 5 6 7 8 9; do sample "$@"; done | sort -n >"$d/times"
	[ "$(wc -l <"$d/times")" = 9 ] || { echo "failed: $*" >&2; exit 1; }
	echo "$what $(awk '{ v[NR] = $1 } END { print v[1], v[5], v[9] }' "$d/times")"
}

echo "step roles channels bytes min median max"
for roles in 2 8 32 64; do
	channels=$((roles * 4))
	# the claim that is violated out: build takes none
	sh tests/policy/large.sh $roles $channels | grep -v 'never host ~>' >"$d/p.mica"
	bytes=$(wc -c <"$d/p.mica")
	row check $roles $channels "$bytes" "$mica" check "$d/p.mica"
	row build $roles $channels "$bytes" "$mica" build "$d/p.mica" -o "$d/p.blob"
done
redact=examples/redact/redact.mica
row check 3 2 "$(wc -c <$redact)" "$mica" check $redact
row build 3 2 "$(wc -c <$redact)" "$mica" build $redact -o "$d/p.blob"
[ -n "$token" ] || exit 0
# the challenge as the token has it: what is timed is the check, not whether it is the right one
challenge=$(od -An -v -t x1 "$token" | tr -d ' \n' | sed 's/.*0a5840\([0-9a-f]\{128\}\).*/\1/')
row verify 3 2 "$(wc -c <$redact)" "$mica" verify $redact "$token" --challenge "$challenge"
