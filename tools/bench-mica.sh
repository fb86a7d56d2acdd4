#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bench-mica.sh BUILD: what the extension costs, in instructions (tests/bench/mica*.c): calls through gates against the same by
# way of the host, signals; set-up, token, steady state and granules of the monitor against the number of parts; and what its hooks
# cost a Realm that is not bound: the calls of bench-rmm with the monitor and with one built without the extension. Leaves
# BUILD/bench/mica.txt, lines.txt, hooks.txt. Asserts nothing but that each granule is accounted for.
set -eu
b=$1
mkdir -p "$b/bench"

# --foreground: in a process group of its own the emulator would not hear of Ctrl-C
machine() {	# FIRMWARE OUTPUT
	timeout --foreground 1800 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 1 \
		-icount shift=0 -nodefaults -display none -serial stdio -monitor none -bios "$b/fw/$1.bios" -no-reboot \
		</dev/null 2>&1 | tr -d '\r' >"$2" || :
	grep -q '^bare bench: [0-9]* passed, 0 failed' "$2" || {
		grep -E '^FAIL|^bare bench' "$2" >&2 || tail -n 5 "$2" >&2
		exit 1
	}
}

machine bench_mica "$b/bench/mica.txt"
machine bench "$b/bench/with.txt"
machine bench_no_mica "$b/bench/without.txt"

awk '
	BEGIN { printf "%-30s %12s %12s %12s\n", "instructions", "minimum", "median", "maximum" }
	$1 == "bench" && NF == 5 { printf "%-30s %12d %12d %12d\n", $2, $3, $4, $5; median[$2] = $4 }
	END {
		host = median["call_by_host"]
		printf "\na call through a gate: %.0f %% of the same by way of the host (aim: 33), %.0f %% of one exit\n",
			100 * median["gate_call_8_words"] / host, 100 * median["gate_call_8_words"] / median["exit_bound"]
	}' "$b/bench/mica.txt"

awk -f tools/bench/line.awk "$b/bench/mica.txt" >"$b/bench/lines.txt"
awk '
	BEGIN { printf "\n%-22s %-24s %6s %6s %12s %12s %12s %10s\n", "against", "what", "from", "to", "each", "at none", "off by", "deviation" }
	{ printf "%-22s %-24s %6d %6d %12.3f %12.0f %12.1f %9.1f%%\n", $2, $3, $4, $5, $6, $7, $8, $9 }' "$b/bench/lines.txt"

# "hook NAME without with", medians
awk '
	$1 != "bench" || NF != 5 { next }
	NR == FNR { without[$2] = $4; next }
	{ print "hook", $2, without[$2], $4 }' "$b/bench/without.txt" "$b/bench/with.txt" >"$b/bench/hooks.txt"
awk '
	BEGIN { printf "\n%-30s %12s %12s %10s\n", "unbound, the median", "without", "with", "hooks" }
	{ printf "%-30s %12d %12d %9.1f%%\n", $2, $3, $4, 100 * ($4 - $3) / $3 }' "$b/bench/hooks.txt"
