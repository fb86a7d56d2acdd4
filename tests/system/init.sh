#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What `mica init` writes runs on the machine as it is: built, attested, data through it; and with another worker in
# the place of the first, for its code is anybody's.
set -eu
. tests/system/lib.sh
LC_ALL=C
export LC_ALL

"$mica" init "$scratch/start" >"$scratch/log"
dir=$scratch/start

if ! make -C "$dir" run >"$scratch/log" 2>&1; then fail "make run" "$(tail -n 1 "$scratch/log")"
elif ! tr a-z A-Z <"$dir/start.mica" | cmp -s - "$dir/result.txt"; then fail "make run" "not the input in capitals"
elif [ -n "$(leftovers)" ]; then fail "make run" "a process is left"
else pass "make run"
fi

sed 's/text\[i\] - .a. + .A./text[i] ^ 1/' "$dir/worker.c" >"$scratch/other.c"
if cmp -s "$dir/worker.c" "$scratch/other.c"; then fail "another worker" "it is the same"; fi
mv "$scratch/other.c" "$dir/worker.c"
rm "$dir/result.txt"
if ! make -C "$dir" run >"$scratch/log" 2>&1; then fail "another worker" "$(tail -n 1 "$scratch/log")"
elif tr a-z A-Z <"$dir/start.mica" | cmp -s - "$dir/result.txt"; then fail "another worker" "the first one ran"
elif [ ! -s "$dir/result.txt" ]; then fail "another worker" "no result"
else pass "another worker"
fi

summary init
