#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The monitor under a bare-metal normal world (tests/bare): calls, a Realm, its exits. The program counts for itself.
set -eu
. tests/system/lib.sh

timeout 120 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off \
	-cpu max,x-rme=on -m 3G -smp 2 -nodefaults -display none -serial stdio -monitor none \
	-bios build/fw/bare.bios -no-reboot </dev/null 2>&1 | tr -d '\r' >"$scratch/out" || :
grep -E '^(bare |FAIL)' "$scratch/out" | grep -v '^bare total' | sed 's/^/  /' || :
if ! grep '^bare total: ' "$scratch/out"; then
	tail -n 5 "$scratch/out"
	echo "bare total: 0 passed, 1 failed"
	exit 1
fi
! grep -q '^FAIL' "$scratch/out"
