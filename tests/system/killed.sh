#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# kill -9 of mica-vmm at many moments returns every granule: tests/machine/killed.c does it in the machine.
set -eu
. tests/system/lib.sh

# The run itself cannot complete: nobody answers it. What counts is on the console.
MICA_MACHINE=build/tests/machine "$mica" run examples/redact/redact.mica --in input=examples/redact/sample.log \
	--out output="$scratch/out" --console "$scratch/console" --timeout 900 >"$scratch/log" 2>&1 || :
tr -d '\r' <"$scratch/console" | sed -n 's/^.*killed: //p' >"$scratch/said"
while IFS= read -r line; do
	case $line in
	"ok "*) pass "${line#ok }" ;;
	*" passed, "*) ended=yes ;;
	*) fail "killed" "$line" ;;
	esac
done <"$scratch/said"
[ "${ended:-no}" = yes ] || fail "killed" "the test in the machine did not end: $(tail -n 1 "$scratch/console")"

summary system-killed
