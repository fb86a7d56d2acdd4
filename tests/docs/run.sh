#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs/invariants.md names tests as FILE:FUNCTION. Each has to be defined in its file; each invariant has to have one.
set -u
cd "$(dirname "$0")/../.." || exit
page=docs/invariants.md
passed=0
failed=0

pass() { passed=$((passed + 1)); printf ' ok      %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf ' FAILED  %s\n' "$1"; }

# a C function or one of a model: its name, then "(", at the start of a line
defined() { grep -qE "^[a-z].*\b$2\(" "$1" 2>/dev/null; }

for at in $(grep -oE '`tests/[a-z0-9_/]+\.(c|pml):[a-z0-9_]+`' "$page" | tr -d '`' | sort -u); do
	if ! defined "${at%%:*}" "${at#*:}"; then
		fail "$at: no such test"
	elif [ "${at#tests/unit/}" != "$at" ] && ! grep -q "cmocka_unit_test.*(${at#*:}\b" "${at%%:*}"; then
		fail "$at: not run"
	else
		pass "$at"
	fi
done

for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
	if grep "^| I$n " "$page" | grep -q '`tests/unit/'; then pass "I$n has a test"; else fail "I$n has no test"; fi
done

printf 'docs: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
