#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# examples/redact end to end on the emulated machine, byte for byte against an independent
# implementation with sed. Each case boots a machine of its own.
set -eu
. tests/system/lib.sh
policy=examples/redact/redact.mica
LC_ALL=C
export LC_ALL

run_case() {	# name, input file, options...
	name=$1
	input=$2
	shift 2
	sed -E -f tests/system/redact.sed <"$input" >"$scratch/want"
	if ! "$mica" run "$policy" --in "input=$input" --out "output=$scratch/got" "$@" >"$scratch/log" 2>&1; then
		fail "$name" "$(tail -n 1 "$scratch/log")"
	elif ! cmp -s "$scratch/want" "$scratch/got"; then
		fail "$name" "$(cmp "$scratch/want" "$scratch/got" 2>&1)"
	elif ! grep -q DEVELOPMENT "$scratch/log"; then
		fail "$name" "the run did not say that the platform is DEVELOPMENT"
	elif [ -n "$(leftovers)" ]; then
		fail "$name" "a process is left"
	else
		pass "$name ($(wc -c <"$input") bytes)"
	fi
	rm -f "$scratch/got"
}

# A real log of this machine, repeated to 10 MB, salted with what must go.
real_log() {
	log=/var/log/dpkg.log
	[ -s "$log" ] && [ -r "$log" ] || log=examples/redact/sample.log
	{ cat "$log" examples/redact/sample.log; } >"$scratch/one"
	while [ "$(wc -c <"$scratch/real")" -lt 10000000 ]; do cat "$scratch/one" >>"$scratch/real"; done
}

: >"$scratch/empty"
run_case "empty file" "$scratch/empty"

printf 'mail bob@example.org from 10.0.0.1' >"$scratch/nonl"
run_case "no trailing newline" "$scratch/nonl"

sed 's/$/\r/' examples/redact/sample.log >"$scratch/crlf"
run_case "CRLF line ends" "$scratch/crlf"

head -c 300000 /dev/urandom >"$scratch/binary"
run_case "arbitrary bytes" "$scratch/binary"

# 200 KB without a newline, three times a channel, then ordinary lines
{ tr '\n' ' ' <examples/redact/sample.log; head -c 200000 /dev/zero | tr '\0' 'x'; echo ' 123456789012'
  cat examples/redact/sample.log; } >"$scratch/long"
run_case "lines longer than a channel" "$scratch/long"

: >"$scratch/real"
real_log
run_case "10 MB of a real log" "$scratch/real"

run_case "one CPU" examples/redact/sample.log --cpus 1 --token "$scratch/token"
if "$mica" report "$policy" -o "$scratch/page" --token "$scratch/token" && grep -q 'accepted, perhaps old' "$scratch/page"; then
	pass "a page about the kept token"
else
	fail "a page about the kept token" "it does not say that the token was accepted"
fi
run_case "eight CPUs" examples/redact/sample.log --cpus 8
run_case "time by instructions" examples/redact/sample.log --icount
summary system-redact
