#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bench-rmm.sh BUILD: instructions of each call of the monitor (tests/bench), beside those of the established open-source
# monitor (1.0, release build, same emulator, minimum of many) and our aim. What EL3 has of a pair of granule calls is
# counted by a plugin: the slope between two numbers of pairs. Asserts nothing.
set -eu
b=$1
mkdir -p "$b/bench"

# --foreground: in a process group of its own the emulator would not hear of Ctrl-C
machine() {	# OUTPUT [QEMU OPTION...]
	output=$1
	shift
	timeout --foreground 300 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 1 \
		-icount shift=0 -nodefaults -display none -serial stdio -monitor none -bios "$b/fw/bench.bios" -no-reboot "$@" \
		</dev/null 2>&1 | tr -d '\r' >"$output" || :
	grep -q '^bare bench: [0-9]* passed, 0 failed' "$output" || {
		grep -E '^FAIL|^bare bench' "$output" >&2 || tail -n 5 "$output" >&2
		exit 1
	}
}

counts() {	# PAIRS: instructions of EL3, then of the monitor
	machine "$b/bench/pairs.txt" -plugin "$b/tools/icount.so,out=$b/bench/counts" \
		-device "loader,addr=0x5ff00000,data=$1,data-len=8,data-be=off"
	od -An -v -t u8 -w8 "$b/bench/counts" | tr -d ' ' | head -n 2
}

machine "$b/bench/rmm.txt"
small=200 large=1200
counts $small >"$b/bench/small"
counts $large >"$b/bench/large"
awk '
	BEGIN { printf "%-26s %12s %12s %12s %12s %12s\n", "instructions", "minimum", "median", "maximum", "reference", "aim" }
	NR == FNR { if (!/^#/) { ref[$1] = $2; aim[$1] = $3 } next }
	$1 == "bench" && NF == 5 {
		above = ($2 in aim) && $3 > aim[$2] ? "  above" : ""
		printf "%-26s %12d %12d %12d %12s %12s%s\n", $2, $3, $4, $5, ref[$2], aim[$2], above
	}' tools/bench/aims "$b/bench/rmm.txt"
# "pair EL3 MONITOR"
paste "$b/bench/small" "$b/bench/large" | awk -v n=$((large - small)) '
	{ share[NR] = ($2 - $1) / n }
	END { printf "pair %d %d\n", share[1], share[2] }' >"$b/bench/pair.txt"
awk '{ printf "\ngranule delegate and undelegate, a pair: EL3 %d, monitor %d\n", $2, $3 }' "$b/bench/pair.txt"
