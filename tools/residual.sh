#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# residual.sh BUILD: how much a confined Realm tells the host over what is left open, and the host a Realm (tests/nonint/residual.c), measured
# on the emulated machine: virtual time, one instruction a tick. Figures are recorded in docs/residual.md; a wrong symbol is an error.
set -eu
b=$1
mkdir -p "$b/bench"
timeout 300 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 1 \
	-icount shift=0 -seed 1 -nodefaults -display none -serial stdio -monitor none -bios "$b/fw/nonint.bios" -no-reboot \
	-device loader,addr=0x6f001000,data=4,data-len=8 </dev/null 2>&1 | tr -d '\r' >"$b/bench/residual.txt" || :
awk '
	/^FAIL/ { print; bad = 1 }
	/^residual-frequency/ { hz = $2 }
	/^bare nonint: [1-9][0-9]* passed, 0 failed/ { good = 1 }
	/^residual / {
		if (!rows++)
			printf "%-18s %-11s %8s %7s %7s %14s %14s %16s %14s\n", "channel", "direction", "symbols", "errors", "bits",
			       "instructions", "symbols/s", "bits/s", "bits/M instr."
		bits = $5 / 100
		printf "%-18s %-11s %8d %7d %7.2f %14d %14.0f %16.0f %14.2f\n", $2, $3, $4, $6, bits, $7 / $4, $4 * hz / $7,
		       bits * $4 * hz / $7, bits * $4 * 1e6 / ($7 * 1e9 / hz)
	}
	END { exit !good || bad }' "$b/bench/residual.txt" || { tail -n 5 "$b/bench/residual.txt" >&2; exit 1; }
