#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# policy.sh MICA: memory of `mica check` on policies of growing size; it grows with the text.
set -eu
mica=$1
f=$(mktemp)
trap 'rm -f "$f"' EXIT

printf '%8s %9s %9s %9s\n' roles channels bytes KiB
for n in 100 1000 10000 20000; do
	sh tests/policy/large.sh $n $((5 * n)) >"$f"
	# the least address space it runs in, to 1 MiB: what it takes, by halving
	low=0
	high=4096
	while [ $((high - low)) -gt 1 ]; do
		mid=$(((low + high) / 2))
		code=0
		sh -c "ulimit -v $((mid * 1024)); exec $mica check $f" >/dev/null 2>&1 || code=$?
		if [ $code = 1 ]; then high=$mid; else low=$mid; fi
	done
	printf '%8d %9d %9d %9d\n' $n $((5 * n)) "$(wc -c <"$f")" $((high * 1024))
done
