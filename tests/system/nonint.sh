#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Non-interference on the machine (tests/nonint). A host writes down all that it can read of a workflow's life; two runs differ in the secret
# that confined Realms work on and try to leak, and in nothing that the host chooses. The transcripts have to be the same, and the secret
# nowhere that the host can read. Controls: with one right more in the policy, the same programs' transcripts differ, where that right says.
set -eu
. tests/system/lib.sh
seed_a=0x1111222233334444
seed_b=0x5a5a000099887766
variable=0x1 kinds=0x2 short=0x8		# tests/nonint/layout.h, RUN_*
hostcall=0x100 psci=0x200 mmio=0x400 timer=0x800 interrupts=0x1000 audit=0x4000 window=0x10000 grant=0x20000

# The machine's memory stays in FILE: who compares looks at it from outside.
run_recorded() {	# FILE FLAGS SEED
	rm -f "$1"
	timeout 300 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off,memory-backend=dram \
		-object "memory-backend-file,id=dram,size=3G,mem-path=$1,share=on" -cpu max,x-rme=on -m 3G -smp 1 -icount shift=0 -seed 1 \
		-nodefaults -display none -serial stdio -monitor none -bios build/fw/nonint.bios -no-reboot \
		-device "loader,addr=0x6f000000,data=$3,data-len=8" -device "loader,addr=0x6f001000,data=$(($2)),data-len=8" \
		</dev/null 2>&1 | tr -d '\r' >"$scratch/out" || :
	grep -q '^bare nonint: [1-9][0-9]* passed, 0 failed' "$scratch/out"
}

# What the two transcripts show, to $scratch/result
pair() {	# NAME FLAGS
	: >"$scratch/result"
	for s in a b; do
		eval "seed=\$seed_$s"
		if ! run_recorded "$scratch/$s" "$2" "$seed"; then
			fail "$1" "$(grep -E '^FAIL' "$scratch/out" | head -n 1; tail -n 1 "$scratch/out")"
			return 1
		fi
	done
	build/tests/nonint_compare "$scratch/a" $seed_a "$scratch/b" $seed_b >"$scratch/result" || { fail "$1" "$(tail -n 1 "$scratch/result")"; return 1; }
}

has() { grep -qE "$1" "$scratch/result"; }

expect() {	# NAME PATTERN
	if has "$2"; then pass "$1"; else fail "$1" "$(grep '^differs' "$scratch/result" | head -n 3; grep '^secret' "$scratch/result" | head -n 2)"; fi
}

show() { sed -n 's/^\(events\|differs\|secret [AB]\): /          &/p' "$scratch/result"; grep -E '^attempts' "$scratch/out" | sed 's/^/          /' || :; }

closed() {	# NAME: nothing but times may differ
	expect "$1: contents identical" '^contents: identical$'
	expect "$1: every page of either run is the same after teardown" '^pages: 0 differ'
	expect "$1: the first secret is nowhere that the host can read" '^secret A: 0 where the host can read'
	expect "$1: nor is the second" '^secret B: 0 where the host can read'
}

echo "Nothing opened, work that takes the same time for every secret, interrupts of the host:"
if pair "constant time" 0; then
	closed "constant time"
	expect "constant time: every counter identical" '^times: identical$'
	n=$(sed -n 's/^attempts of alpha //p' "$scratch/out")
	if [ "${n:-0}" -ge 60 ]; then pass "alpha made $n attempts, each refused"; else fail "attempts" "${n:-none}"; fi
	show
fi

echo "Nothing opened, work and refusals that depend on the secret, a token over it:"
if pair "variable time" $variable; then
	closed "variable time"
	expect "variable time: the counters differ, so the recorder sees time" '^times: different$'
	show
fi

# One thing opened, and the field in which it must be seen; "secret": that the secret itself must be found, by the search that found none above.
control() {	# NAME FLAGS FIELD [secret]
	pair "$1 opened" $(($2 | short)) || return 0
	expect "$1 opened: seen in $3" "^differs: $3 "
	if [ "${4:-}" = secret ]; then expect "$1 opened: the secret is found" '^secret A: [1-9]'; fi
}
echo "The same with one thing opened:"
control hostcall $hostcall exit.gprs secret
control psci $((psci | variable)) exit.gprs
control mmio $mmio exit.gprs secret
control timer $timer exit.cntv_cval
control interrupts $interrupts exit.gprs
control audit $((audit | variable)) MICA.x1
control window $window "alpha's window" secret
control "a channel's grant to outsider" $grant "outsider's window" secret
echo "Left open on purpose, and used (docs/residual.md):"
control "kind of exit" $kinds exit.exit_reason
summary system-nonint
