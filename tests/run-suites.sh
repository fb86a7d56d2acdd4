#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run-suites.sh SUITE...: runs each suite, shows its output only if it fails, prints one line a suite and the sum.
# A suite is a cmocka program, or a script whose last line is "NAME: N passed, N failed". A suite that dies
# without that line counts as one failure; one that runs no test at all does, too.
set -u
passed=0
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# "PASSED FAILED" of the output in $out
counts_of() {
	case $1 in
	*.sh)	sed -n 's/^.*: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$out" | tail -n 1 ;;
	*)	awk '/^\[  PASSED  \]/ { p = $4 } /^\[  FAILED  \] [0-9]+ test/ { f = $4 }
		     /^\[==========\] .*run\./ { end = 1 } END { if (end) print p + 0, f + 0 }' "$out" ;;
	esac
}

for suite; do
	name=$(basename "$suite" .sh)
	case $suite in
	*/run.sh) name=$(basename "$(dirname "$suite")") ;;
	*/policy/*) name=policy/$name ;;
	*/system/*) name=system/$name ;;
	*) name=unit/$name ;;
	esac
	case $suite in
	*/system/*) sh "$suite" 2>&1 | tee "$out"; code=0 ;;	# long: show it as it goes
	*.sh)	sh "$suite" >"$out" 2>&1; code=$? ;;
	*)	"$suite" >"$out" 2>&1; code=$? ;;
	esac
	set -- $(counts_of "$suite")
	p=${1:-0}
	f=${2:-0}
	[ "$((p + f))" -gt 0 ] || f=1
	[ "$code" = 0 ] || [ "$f" -gt 0 ] || f=1
	passed=$((passed + p))
	failed=$((failed + f))
	printf '%-28s %4d passed, %d failed\n' "$name" "$p" "$f"
	case $suite in
	*/system/*) ;;
	*) [ "$f" = 0 ] || cat "$out" ;;
	esac
done
echo
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
