#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# comm.sh BUILD OUT [guard]: messages between two Realms (tests/bench/comm), 64 B to 1 MiB, into OUT. Lines
#   comm WAY SIZE COUNT TICKS P50 P99 EXITS HOSTCALL WAKE IDLE OTHER	one at a time: 1000 messages of each size
#   stream WAY SIZE COUNT TICKS EXITS HOSTCALL WAKE IDLE OTHER		as many as fill the ring 16 times, and 1000 at least
#   memory WHAT GRANULES; parts WAY EL3 MONITOR REALMS HOST; insn WAY AES PMULL
# Under -icount shift=0 a tick is an instruction, and every run gives the same numbers. Two emulators run at a time.
# guard: a few sizes, a few messages, and a host that changes a bit.
set -eu
b=$1 out=$2 what=${3:-full}
d=$out.d	# a file for each run
lanes='' qemu=''
rm -rf "$d"
mkdir -p "$d"
: >"$out"

names='plain aes-gcm chacha-poly copy in-place gate aes-gcm-8'
name() { echo "$names" | cut -d ' ' -f "$(($1 + 1))"; }	# of a way, by number
tamper=64	# added to the number of fills

run() {	# FILE FIRST-WAY LAST-WAY FIRST-LOG LAST-LOG STEP COUNT FILLS [QEMU OPTION...]; FILLS 0: one at a time
	file=$d/$1 job=$(($2 | $3 << 8 | $4 << 16 | $5 << 24 | $7 << 32 | $6 << 48 | $8 << 56))
	shift 8
	timeout "${BENCH_TIMEOUT:-7200}" qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off \
		-cpu max,x-rme=on -m 3G -smp 1 -icount shift=0 -nodefaults -display none -serial stdio -monitor none \
		-bios "$b/fw/bench-comm.bios" -no-reboot -device "loader,addr=0x5ff00000,data=$job,data-len=8,data-be=off" "$@" \
		</dev/null >"$file.raw" 2>&1 &
	qemu=$!
	status=0
	wait "$qemu" || status=$?
	qemu=''
	tr -d '\r' <"$file.raw" >"$file"
	grep -q '^bare comm: [0-9]* passed, 0 failed' "$file" && return
	echo "messages, run $(basename "$file"): emulator ended with $status" >&2
	grep -E '^FAIL|^bare comm' "$file" >&2 || tail -n 5 "$file" >&2
	exit 1
}

one_by_one() { run "comm.$1" "$1" "$1" 6 20 1 1000 0; said "$(name "$1"), one at a time"; }
stream() { run "stream.$1" "$1" "$1" 6 20 1 1000 16; said "$(name "$1"), stream"; }
said() { echo "  $1"; }

# What a cipher executes: 256 messages of 4 KiB and nine more, both sides.
instructions() {
	for way in 1 6 2; do
		run "insn.$way" $way $way 12 12 1 256 0 -plugin "$PWD/$b/tools/icount.so,out=$d/counts.$way"
		od -An -v -t u8 -w8 "$d/counts.$way" | tr -d ' ' | sed -n '7,8p' | paste -s - |
			awk -v name="$(name $way)" '{ print "insn", name, $1, $2 }' >"$d/insn.$way"
	done
	said "instructions of the ciphers"
}

# Whose the instructions of a message of 4 KiB are: EL3, monitor, Realms, host; the slope, so that all else drops out.
parts() {
	for way in 0 4; do
		for count in 200 1200; do
			run "parts.$way" $way $way 12 12 1 $count 0 -plugin "$PWD/$b/tools/icount.so,out=$d/counts.$way"
			od -An -v -t u8 -w8 "$d/counts.$way" | tr -d ' ' | sed -n '1,3p;6p' | paste -s - >"$d/counts.$way.$count"
		done
		paste "$d/counts.$way.200" "$d/counts.$way.1200" | awk -v name="$(name $way)" '
			{ print "parts", name, ($5 - $1) / 1000, ($6 - $2) / 1000, ($7 - $3) / 1000, ($8 - $4) / 1000 }' >"$d/parts.$way"
	done
	said "whose instructions"
}

guard() {
	run guard 0 6 6 18 3 32 0
	run guard.stream 0 6 6 12 6 32 1
	# a host that changes a bit: the reader of plaintext finds a wrong sum, the ciphers refuse
	for fills in 0 1; do
		run "tamper.$fills" 0 2 10 10 1 8 $((fills + tamper))
		run "tamper8.$fills" 6 6 10 10 1 8 $((fills + tamper))
	done
}

both() { for way in "$@"; do one_by_one "$way"; stream "$way"; done; }
# ChaCha20 takes half of the time: the two lanes are about as long.
first() { stream 2; both 6 0 3 4; run comm.5 5 5 6 6 1 1000 0; }
second() { one_by_one 2; both 1; instructions; parts; }

lane() {	# FUNCTION: in a process of its own; if it fails, so does all
	(
		trap '[ $? = 0 ] || kill -s TERM $$' EXIT
		trap 'trap - EXIT; [ -z "$qemu" ] || kill "$qemu"; exit 1' TERM
		"$1"
	) &
	lanes="$lanes $!"
}

stop() {
	trap '' INT TERM HUP
	for pid in $lanes; do kill "$pid" 2>/dev/null || :; done
	wait
	exit 1
}
trap stop INT TERM HUP

if [ "$what" = guard ]; then
	lane guard
	wait
	grep -hE '^(comm|stream) ' "$d/guard" "$d/guard.stream" >"$out"
else
	lane first
	lane second
	wait
	for file in comm.0 comm.3 comm.4 comm.1 comm.6 comm.2 comm.5 stream.0 stream.3 stream.4 stream.1 stream.6 stream.2; do
		grep -E '^(comm|stream) ' "$d/$file" >>"$out"
	done
	grep '^memory ' "$d/comm.0" >>"$out"
	cat "$d"/parts.[04] "$d"/insn.1 "$d"/insn.6 "$d"/insn.2 >>"$out"
fi
rm -r "$d"
