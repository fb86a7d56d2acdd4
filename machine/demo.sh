#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# demo.sh LOG: what `make run` shows: the log goes through the workflow, then some lines before and after.
set -eu
log=$1
out=build/demo/clean.log
mkdir -p build/demo
printf 'Redacting %s (%s bytes) through examples/redact\n\n' "$log" "$(wc -c <"$log")"
build/bin/mica run examples/redact/redact.mica --in "input=$log" --out "output=$out"
printf '\nThe last lines, as they went in:\n'
tail -n 4 "$log" | cut -c 1-110 | sed 's/^/  < /'
printf 'and as they came out, to %s:\n' "$out"
tail -n 4 "$out" | cut -c 1-110 | sed 's/^/  > /'
[ "$log" = examples/redact/sample.log ] || {
	printf '\nA log with something to hide: try\n'
	printf '  build/bin/mica run examples/redact/redact.mica --in input=examples/redact/sample.log --out output=-\n'
}
