#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bench.sh [record]: instructions of messages between Realms and of the monitor's calls, a reduced run, beside those of
# tests/bench/baseline. A change of more than 3 % is printed, and is no failure: the run says what changed, a person whether
# that is good. What fails is a run that does not come to its end, and a figure that is in one of the two only.
set -eu
. tests/system/lib.sh
baseline=tests/bench/baseline

# seal.c has a function of that name; libmica's first instruction is what a Realm is entered at all the same
entry=$(aarch64-linux-gnu-nm build/tests/bench/comm/producer.elf | awk '$1 ~ /^0*40000000$/ && $3 == "_start"')
if [ -n "$entry" ]; then pass "a component with a function start"; else fail "a component with a function start" "entered there"; fi

BENCH_TIMEOUT=900
export BENCH_TIMEOUT
if ! sh tools/bench/comm.sh build "$scratch/comm" guard 2>"$scratch/err"; then
	fail "messages" "$(tail -n 3 "$scratch/err")"
fi
timeout 300 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 1 \
	-icount shift=0 -nodefaults -display none -serial stdio -monitor none -bios build/fw/bench.bios -no-reboot \
	</dev/null 2>&1 | tr -d '\r' >"$scratch/rmm" || :
if ! grep -q '^bare bench: [0-9]* passed, 0 failed' "$scratch/rmm"; then
	fail "calls" "$(tail -n 3 "$scratch/rmm")"
fi
# "message/WAY/SIZE INSTRUCTIONS EXITS", of a message; "stream/WAY/SIZE INSTRUCTIONS EXITS", exits of all of it; "call/NAME
# INSTRUCTIONS": a token's signature is blinded, so it is not there
awk '$1 == "comm" { printf "message/%s/%d %.0f %.2f\n", $2, $3, $5 / $4, $8 / $4 }
     $1 == "stream" { printf "stream/%s/%d %.0f %d\n", $2, $3, $5 / $4, $6 }
     $1 == "bench" && NF == 5 && $2 != "token" { printf "call/%s %.0f\n", $2, $4 }' "$scratch/comm" "$scratch/rmm" >"$scratch/now"
if [ "${1:-}" = record ]; then
	cp "$scratch/now" $baseline
	echo "$baseline: $(wc -l <$baseline) figures"
	exit "$failed"
fi
awk '
	FNR == NR { was[$1] = $2; exits[$1] = $3; next }
	!($1 in was) { print "  FAILED  " $1 " is not in the baseline"; bad++; next }
	{
		seen[$1]
		good++
		change = was[$1] ? ($2 - was[$1]) / was[$1] * 100 : 0
		if (change > 3 || change < -3) { printf "  changed %s: %d instructions, were %d (%+.1f %%)\n", $1, $2, was[$1], change; changed++ }
		if ($3 != exits[$1]) { printf "  changed %s: %s exits, were %s\n", $1, $3, exits[$1]; changed++ }
	}
	END {
		for (f in was) if (!(f in seen)) { print "  FAILED  " f " was not measured"; bad++ }
		printf "  %d figures, %d changed by more than 3 %%\n", good, changed
		printf "%d %d\n", good, bad >"'"$scratch"'/counts"
	}' $baseline "$scratch/now"
read -r good bad <"$scratch/counts"
passed=$((passed + good))
failed=$((failed + bad))
summary system-bench
