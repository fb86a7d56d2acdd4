#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bench-rmm.sh BUILD: instructions of each call of the monitor (tests/bench), beside those of the established open-source
# monitor (1.0, release build, same emulator, minimum of many) and our aim. Asserts nothing.
set -eu
b=$1
mkdir -p "$b/bench"
timeout 300 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 1 \
	-icount shift=0 -nodefaults -display none -serial stdio -monitor none -bios "$b/fw/bench.bios" -no-reboot \
	</dev/null 2>&1 | tr -d '\r' >"$b/bench/rmm.txt" || :
grep -q '^bare bench: [0-9]* passed, 0 failed' "$b/bench/rmm.txt" || {
	grep -E '^FAIL|^bare bench' "$b/bench/rmm.txt" >&2 || tail -n 5 "$b/bench/rmm.txt" >&2
	exit 1
}
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
