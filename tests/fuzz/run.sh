#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Sequences of calls, machine against model: the corpus and random ones of RMM 1.0, then as many about workflows (STEPS, SEED).
set -u
program=${B:-build}/tests/rmi_sequence
passed=0 failed=0
for mode in "" --workflows; do
	set -- $mode --steps "${STEPS:-100000}" --seed "${SEED:-1}"
	[ -n "$mode" ] || set -- "$@" tests/fuzz/corpus/rmi_sequence/*
	if "$program" "$@" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
printf 'rmi_sequence: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
