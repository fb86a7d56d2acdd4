#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [MODEL...]: the models of this folder, all or those named (signal for signal.pml), every interleaving of each. In
# a model's head:
#   Holds:  NAME OPTIONS	no assertion can fail, no process is stuck
#   Live:   NAME OPTIONS	the formula NAME holds, processes being scheduled fairly
#   Starves: NAME OPTIONS	the same with steps left out: the checker must find how it fails
#   Reach:  N... OPTIONS	COVER(N) is reached: what holds was not proved about nothing
#   Broken: NAME OPTIONS	steps exchanged or left out: the checker must find the failure
# and each function of the monitor that a step names, as FILE:FUNCTION, must be there. As many at once as there are CPUs.
set -u
here=$(cd "$(dirname "$0")" && pwd)

pass() { printf ' ok      %s\n' "$1"; }
fail() { printf ' FAILED  %s\n' "$1"; tail -n 25 "$2"; }

# model, pan's options, spin's options: a search that was complete, or the failure it found; output in ./report
search() {
	model=$1 pan=$2
	shift 2
	spin -a "$@" "$here/$model.pml" >report 2>&1 &&
		gcc -w -O2 -DMEMLIM=4000 -DVECTORSZ=2048 $defs -o pan pan.c >>report 2>&1 &&
		./pan -m2000000 $pan >>report 2>&1
}
complete() { grep -q 'errors: 0$' report && ! grep -qE 'max search depth too small|Search not completed|out of memory' report; }
failure() { grep -qE 'assertion violated|invalid end state' report && grep -q 'errors: 1$' report; }
states() { awk '/states, stored/ && !n { n = $1 } END { print n + 0 }' report; }

one() {	# KIND MODEL NAME OPTION...
	kind=$1 model=$2 name=$3
	shift 3
	defs=-DSAFETY
	case $kind in
	Holds)	search "$model" '' "$@" && complete && pass "$model $name: holds in all $(states) states" ||
			fail "$model $name: does not hold" report ;;
	Live)	defs=-DNFAIR=8
		search "$model" '-a -f' -DLIVE "$@" && complete && pass "$model $name: holds for ever, in $(states) states" ||
			fail "$model $name: does not hold for ever" report ;;
	Starves) defs=-DNFAIR=8
		search "$model" '-a -f' -DLIVE "$@" && grep -q 'acceptance cycle' report && pass "$model $name: the failure is found" ||
			fail "$model $name: broken, and no failure found" report ;;
	Reach)	search "$model" '' -DREACH="$name" "$@" && failure && pass "$model: goal $name is reached" ||
			fail "$model: goal $name is out of reach" report ;;
	Broken)	search "$model" '' "$@" && failure && pass "$model $name: the failure is found" ||
			fail "$model $name: broken, and no failure found" report ;;
	esac
}

# Steps stand for functions that are there.
named() {
	for at in $(grep -oE '\b[a-z_]+\.c:[a-z_0-9]+' "$here/$1.pml" | sort -u); do
		file=$(find rmm -name "${at%%:*}")
		[ -n "$file" ] && grep -qE "^[a-z].*\b${at#*:}\(" $file || echo "$at"
	done >"$dir/report"
	[ ! -s "$dir/report" ] && pass "$1: names functions of the monitor" || fail "$1: no such function" "$dir/report"
}

if [ "${1-}" = --one ]; then
	shift
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	if [ "$1" = Named ]; then cd "$here/../.." && named "$2" >"$dir/lines"; cat "$dir/lines"; exit; fi
	cd "$dir" || exit
	one "$@" >lines
	cat lines
	exit
fi

command -v spin >/dev/null || { echo 'the model checker spin is not installed: deps/tools.sh does it'; exit 1; }
cd "$here/../.." || exit
[ $# -gt 0 ] || set -- $(for f in tests/spin/*.pml; do basename "$f" .pml; done)
all=$(mktemp)
trap 'rm -f "$all"' EXIT
for model; do
	echo "Named $model"
	sed -n 's/^ \* \(Holds\|Live\|Starves\|Broken\): *\([a-z0-9_]*\)[ \t]*/\1 '"$model"' \2 /p' "tests/spin/$model.pml"
	sed -n 's/^ \* Reach: *\([0-9 ]*\)[ \t]*/\1:/p' "tests/spin/$model.pml" | while IFS=: read -r goals options; do
		for n in $goals; do echo "Reach $model $n $options"; done
	done
done | sed 's/[ \t]*$//' | xargs -P "$(nproc)" -L 1 sh "$here/run.sh" --one | tee "$all"
passed=$(grep -c '^ ok ' "$all") failed=$(grep -c '^ FAILED ' "$all")
printf 'spin: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
