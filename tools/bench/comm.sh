#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# comm.sh BUILD OUT [guard|aes-gcm-8]: messages between two Realms (tests/bench/comm), lines "comm WAY SIZE COUNT TICKS P50 P99 EXITS
# HOSTCALL WAKE IDLE OTHER" into OUT. Under -icount shift=0 a tick is an instruction, and every run gives the same numbers.
#
# 64 B to 1 MiB, 1000 messages a size. FULL=1: of the ciphers, too; else theirs are at most 8 MiB a size and at least 16
# messages, or a run would take an hour: they are all alike but for those that lie across the end of the ring.
# guard: a few sizes, a few messages. aes-gcm-8: that way alone.
set -eu
b=$1 out=$2 what=${3:-full}
: >"$out"

run() {	# FIRST-WAY LAST-WAY FIRST-LOG LAST-LOG STEP COUNT BUDGET [QEMU OPTION...]
	job=$(($1 | $2 << 8 | $3 << 16 | $4 << 24 | $6 << 32 | $7 << 48 | $5 << 56))
	shift 7
	timeout "${BENCH_TIMEOUT:-3600}" qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off \
		-cpu max,x-rme=on -m 3G -smp 1 -icount shift=0 -nodefaults -display none -serial stdio -monitor none \
		-bios "$b/fw/bench-comm.bios" -no-reboot -device "loader,addr=0x5ff00000,data=$job,data-len=8,data-be=off" "$@" \
		</dev/null 2>&1 | tr -d '\r' >"$out.run" || :
	grep -q '^bare comm: [0-9]* passed, 0 failed' "$out.run" || {
		grep -E '^FAIL|^bare comm' "$out.run" >&2 || tail -n 5 "$out.run" >&2
		exit 1
	}
}
keep() { grep "^$1 " "$out.run" >>"$out"; }

# ways, by number: plain, aes-gcm, chacha-poly, copy, in-place, gate, aes-gcm-8
all=40 some=23	# logarithms of bytes
[ -z "${FULL:-}" ] || some=$all
sizes() {	# WAY: all of them
	budget=$all
	case $1 in 1 | 2 | 6) budget=$some ;; esac
	run "$1" "$1" 6 20 1 1000 $budget
	keep comm
}

# What a cipher executes: 256 messages of 4 KiB and nine more, both sides.
instructions() {	# WAY NAME
	run "$1" "$1" 12 12 1 256 $all -plugin "$PWD/$b/tools/icount.so,out=$out.counts"
	od -An -v -t u8 -w8 "$out.counts" | tr -d ' ' | sed -n '7,8p' | paste -s - | awk -v name="$2" '{ print "insn", name, $1, $2 }' >>"$out"
}

# Whose the instructions of a message of 4 KiB are: EL3, monitor, Realms, host; the slope, so that all else drops out.
parts() {	# WAY NAME
	for count in 200 1200; do
		run "$1" "$1" 12 12 1 $count $all -plugin "$PWD/$b/tools/icount.so,out=$out.counts"
		od -An -v -t u8 -w8 "$out.counts" | tr -d ' ' | sed -n '1,3p;6p' | paste -s - >"$out.$count"
	done
	paste "$out.200" "$out.1200" | awk -v name="$2" '
		{ print "parts", name, ($5 - $1) / 1000, ($6 - $2) / 1000, ($7 - $3) / 1000, ($8 - $4) / 1000 }' >>"$out"
	rm "$out.200" "$out.1200"
}

case $what in
guard)
	run 0 6 6 18 3 32 $all
	keep comm
	# a host that changes a bit: the reader of plaintext finds a wrong sum, the ciphers refuse
	run 0 2 10 10 128 8 $all
	run 6 6 10 10 128 8 $all
	;;
aes-gcm-8)
	sizes 6
	instructions 6 aes-gcm-8
	;;
full)
	for way in 0 3 4 1 6 2; do sizes $way; done
	run 5 5 6 6 1 1000 $all
	keep comm
	keep memory
	parts 0 plain
	parts 4 in-place
	instructions 1 aes-gcm
	instructions 6 aes-gcm-8
	instructions 2 chacha-poly
	;;
esac
rm -f "$out.run" "$out.counts"
