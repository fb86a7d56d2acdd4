#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [FILE...]: proofs of this folder, all or those named (granule for granule.c). Each function proof*() is checked
# for its assertions, with the unwinding of every loop asserted, then for its cover goals: a goal that cannot be reached
# is a failure, since what it stands for was not proved about anything. As many at once as there are CPUs.
set -u
build=${B:-build}
cbmc=$build/deps/cbmc/cbmc

pass() { printf ' ok      %s\n' "$1"; }
fail() { printf ' FAILED  %s\n' "$1"; grep -E 'FAIL|error|rror:|no body|^\*\* 0 of 0' "$2" | head -n 20; }

# Beyond what is checked by default: bounds, pointers, division, shifts, signed overflow, loops.
checks=--pointer-overflow-check

# A file may say " * Replaced: f:g ..": calls of f are calls of g then, which the file has.
prove() {	# file, function, options: the prover's report
	file=tests/proof/$1.c function=$2
	shift 2
	defs="-DFAKE_ARCH -Itests/fake -I. -I$build/deps/mbedtls/include -Irmm/attest -DMBEDTLS_CONFIG_FILE=\"crypto_config.h\""
	options=$(sed -n 's/^ \* Options: //p' "$file")
	replaced=$(sed -n 's/^ \* Replaced: //p' "$file")
	if [ -z "$replaced" ]; then
		"$cbmc" "$file" --function "$function" $defs $options "$@" 2>&1
		return
	fi
	case " $* " in *" -DPROOF_COVER "*) defs="$defs -DPROOF_COVER" ;; esac
	"$(dirname "$cbmc")/goto-cc" $defs --function "$function" -o "$scratch/whole" "$file" 2>&1 &&
		"$(dirname "$cbmc")/goto-instrument" $(printf -- ' --replace-calls %s' $replaced) "$scratch/whole" "$scratch/parts" 2>&1 &&
		"$cbmc" "$scratch/parts" $options $(printf '%s\n' "$@" | grep -v '^-D') 2>&1
}

holds() {	# file, function, report
	if prove "$1" "$2" $checks >"$3" && grep -q '^VERIFICATION SUCCESSFUL' "$3"; then
		pass "$1 $2: $(sed -n 's/^\*\* 0 of \([0-9]*\) failed.*/\1/p' "$3") properties hold"
	else
		fail "$1 $2: a property does not hold" "$3"
	fi
}

covers() {	# file, function, report
	if prove "$1" "$2" -DPROOF_COVER --cover cover --drop-unused-functions >"$3" && grep -q '^\*\* \([1-9][0-9]*\) of \1 covered' "$3"; then
		pass "$1 $2: $(sed -n 's/^\*\* \([0-9]*\) of .*/\1/p' "$3") cover goals reached"
	else
		fail "$1 $2: a cover goal is out of reach" "$3"
	fi
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ "${1-}" = --one ]; then	# --one holds|covers FILE FUNCTION: its lines, together
	"$2" "$3" "$4" "$scratch/report" >"$scratch/lines"
	cat "$scratch/lines"
	exit
fi

[ $# -gt 0 ] || set -- $(for f in tests/proof/*.c; do basename "$f" .c; done)
for file; do
	functions=$(sed -n 's/^void \(proof[a-z0-9_]*\)(void)\( {.*\)\{0,1\}$/\1/p' "tests/proof/$file.c")
	[ -n "$functions" ] || echo "holds $file proof"		# which is not there: the prover says so
	for function in $functions; do
		echo "holds $file $function"
		echo "covers $file $function"
	done
done | xargs -P "$(nproc)" -n 3 sh "$0" --one | tee "$scratch/all"
passed=$(grep -c '^ ok ' "$scratch/all") failed=$(grep -c '^ FAILED ' "$scratch/all")
printf 'proof: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
