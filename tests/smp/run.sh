#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# CPUs as threads against the model, under the address and undefined-behaviour sanitizers and under the thread sanitizer.
set -u
b=${B:-build}
passed=0 failed=0
for run in "smp 4000" "smp_tsan 2000" "smp 1500 --workflows" "smp_tsan 600 --workflows"; do
	set -- $run
	if "$b/tests/$1" --rounds "${ROUNDS:-$2}" ${3:-} 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
printf 'smp: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
