#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What `make bench` measures natively with does what it says: the token maker's tokens are accepted, and no other; the ways of
# tests/bench/silicon find flipped bits (they end with 0 only then); policies are accepted before they are timed. No figure is looked at.
set -eu
b=build/tests/bench mica=build/bin/mica
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
passed=0
failed=0
check() {	# NAME COMMAND...
	name=$1
	shift
	if "$@" >"$d/out" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $name"; fi
}
refused() {
	code=0
	"$@" || code=$?
	[ $code = 1 ]
}
challenge=$(printf '%0128x' 1)
other=$(printf '%0128x' 2)

for n in 2 64; do
	sh tests/policy/large.sh $n $((4 * n)) | grep -v 'never host ~>' >"$d/p$n"
	$mica build "$d/p$n" -o "$d/b$n" >/dev/null
	$b/token "$d/b$n" "$challenge" >"$d/t$n"
	check "a token of $n roles" $mica verify "$d/p$n" "$d/t$n" --challenge "$challenge"
	check "another challenge" refused $mica verify "$d/p$n" "$d/t$n" --challenge "$other"
done
check "the token of another policy" refused $mica verify "$d/p2" "$d/t64" --challenge "$challenge"
$b/token "$d/b2" "$challenge" >"$d/again"
check "the same input, the same token" cmp "$d/t2" "$d/again"
head -c -1 "$d/t2" >"$d/cut"
printf '\377' >>"$d/cut"
cmp -s "$d/t2" "$d/cut" && printf '\376' | dd of="$d/cut" bs=1 seek=$(($(wc -c <"$d/cut") - 1)) conv=notrunc 2>/dev/null
check "its last byte" refused $mica verify "$d/p2" "$d/cut" --challenge "$challenge"
check "policies in pairs" $b/policy_pairs 1 "$d/p2" "$d/p64"
sh tests/policy/large.sh 2 8 >"$d/violated"
check "a violated policy in pairs" refused $b/policy_pairs 1 "$d/p2" "$d/violated"
check "channel and encryption in pairs" $b/silicon/silicon 1
check "all ways and sizes" [ "$(grep -c ^silicon "$d/out")" = 52 ]
echo "bench-native: $passed passed, $failed failed"
[ "$failed" = 0 ]
