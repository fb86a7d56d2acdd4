#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [NAME...]: proofs of this folder, all or those named. Each is checked for its assertions, with the unwinding
# of every loop asserted, then for its cover goals: a goal that cannot be reached is a failure, since what it stands
# for was not proved about anything.
set -u
build=${B:-build}
cbmc=$build/deps/cbmc/cbmc
[ $# -gt 0 ] || set -- $(for f in tests/proof/*.c; do basename "$f" .c; done)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

pass() { passed=$((passed + 1)); printf ' ok      %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf ' FAILED  %s\n' "$1"; [ ! -f "$2" ] || grep -E 'FAIL|error|rror:|no body' "$2" | head -n 20; }

# Beyond what is checked by default: bounds, pointers, division, shifts, signed overflow, loops.
checks=--pointer-overflow-check

prove() {	# name, options: the prover's report
	name=$1
	shift
	"$cbmc" "tests/proof/$name.c" --function proof -DFAKE_ARCH -Itests/fake -I. -I"$build/deps/mbedtls/include" -Irmm/attest \
		-DMBEDTLS_CONFIG_FILE='"crypto_config.h"' \
		$(sed -n 's/^ \* Options: //p' "tests/proof/$name.c") "$@" 2>&1
}

for name; do
	report=$scratch/$name.prove
	if prove "$name" $checks >"$report" && grep -q '^VERIFICATION SUCCESSFUL' "$report"; then
		pass "$name: $(sed -n 's/^\*\* 0 of \([0-9]*\) failed.*/\1/p' "$report") properties hold"
	else
		fail "$name: a property does not hold" "$report"
	fi
	report=$scratch/$name.cover
	if prove "$name" -DPROOF_COVER --cover cover >"$report" && grep -q '^\*\* \([1-9][0-9]*\) of \1 covered' "$report"; then
		pass "$name: $(sed -n 's/^\*\* \([0-9]*\) of .*/\1/p' "$report") cover goals reached"
	else
		fail "$name: a cover goal is out of reach" "$report"
	fi
done
printf 'proof: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
