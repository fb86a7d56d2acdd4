#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# kill -9 of mica-vmm at many moments returns every granule: tests/machine/killed.c does it in the machine.
set -eu
. tests/system/lib.sh

# The run itself cannot complete: nobody answers it. What counts is on the console.
kill_runs() {	# name, policy, options...
	name=$1
	policy=$2
	shift 2
	ended=no
	MICA_MACHINE=build/tests/machine "$mica" run "$policy" "$@" --console "$scratch/console" --timeout 900 >"$scratch/log" 2>&1 || :
	tr -d '\r' <"$scratch/console" | sed -n 's/^.*killed: //p' >"$scratch/said"
	while IFS= read -r line; do
		case $line in
		"ok "*) pass "$name: ${line#ok }" ;;
		*" passed, "*) ended=yes ;;
		*) fail "$name" "$line" ;;
		esac
	done <"$scratch/said"
	[ $ended = yes ] || fail "$name" "the test in the machine did not end: $(tail -n 1 "$scratch/console")"
}
kill_runs redact examples/redact/redact.mica --in input=examples/redact/sample.log --out output="$scratch/out"
kill_runs lives examples/vault/lives.mica --in secret=examples/vault/sample.key --in text=examples/vault/sample.txt \
	--out tokens="$scratch/out" --out report="$scratch/report"

summary system-killed
