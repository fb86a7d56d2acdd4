#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bench-rmm.sh BUILD: instructions of each call of the monitor (tests/bench), beside those of the established open-source
# monitor (1.0, release build, same emulator, minimum of many) and our aim. What EL3 has of a pair of granule calls is
# counted by a plugin: the slope between two numbers of pairs. Asserts nothing.
set -eu
b=$1
mkdir -p "$b/bench"

machine() {	# OUTPUT [QEMU OPTION...]
	output=$1
	shift
	timeout 300 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 1 \
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
	BEGIN {
		split("rmi_version 1293 1290 granule_delegate 2886 2600 granule_undelegate 2332 2300 rtt_create_level3 3464 3000 " \
		      "rtt_destroy_level3 3063 2800 rtt_init_ripas_1 17335 4000 rtt_init_ripas_512 7510000 600000 " \
		      "data_create_measured 198641 25000 data_create_unmeasured 20499 6000 data_create_unknown 2730 2700 " \
		      "data_destroy 3340 3000 rec_enter_host_call 13081 6000 rsi_version 278 220 rsi_ipa_state_get 1352 700 " \
		      "rsi_measurement_read 568 400 rsi_measurement_extend 7296 1500 realm_create 184108 60000 " \
		      "rec_create 203398 25000 realm_activate 1597 1500 token 20600000 10000000", t, " ")
		for (i = 1; i in t; i += 3) { ref[t[i]] = t[i + 1]; aim[t[i]] = t[i + 2] }
		printf "%-26s %12s %12s %12s %12s %12s\n", "instructions", "minimum", "median", "maximum", "reference", "aim"
	}
	$1 == "bench" && NF == 5 {
		above = ($2 in aim) && $3 > aim[$2] ? "  above" : ""
		printf "%-26s %12d %12d %12d %12s %12s%s\n", $2, $3, $4, $5, ref[$2], aim[$2], above
	}' "$b/bench/rmm.txt"
paste "$b/bench/small" "$b/bench/large" | awk -v n=$((large - small)) '
	{ share[NR] = ($2 - $1) / n }
	END { printf "\ngranule delegate and undelegate, a pair: EL3 %d, monitor %d\n", share[1], share[2] }'
