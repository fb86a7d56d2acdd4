#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The monitor under a bare-metal normal world (tests/bare): calls, a Realm, its exits. The program counts for itself.
set -eu
. tests/system/lib.sh

run_bare "$scratch/out"
grep -E '^(bare |FAIL)' "$scratch/out" | grep -v '^bare total' | sed 's/^/  /' || :
if ! grep '^bare total: ' "$scratch/out"; then
	tail -n 5 "$scratch/out"
	echo "bare total: 0 passed, 1 failed"
	exit 1
fi
! grep -q '^FAIL' "$scratch/out"
