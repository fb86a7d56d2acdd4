#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A stock kernel in an unbound Realm, with one vCPU and with two: to a shell, its timer, its token through the kernel's
# own interface, vCPUs off and on, power off. The token's RIM is the one computed offline, and that of another boot argument is not.
. tests/system/lib.sh

# Type LINE at the Realm's prompt and wait for the next: the prompt counts, not the time.
prompts() { grep -c '^~ # ' "$log" || true; }
wait_prompt() {	# how many
	n=0
	while [ "$(prompts)" -lt "$1" ]; do
		n=$((n + 1))
		[ $n -lt 3000 ] && kill -0 "$qemu" 2>/dev/null || return 1
		sleep 0.1
	done
}
type_line() {	# line, prompts there have to be afterwards
	printf '%s\n' "$1" >&3
	wait_prompt "$2"
}

hex() { od -An -v -t x1 "$1" | tr -d ' \n'; }

boot() {	# vCPUs
	log=$scratch/log.$1
	: >"$log"
	mkfifo "$scratch/in.$1"
	sh machine/guest/run.sh build "$1" <"$scratch/in.$1" >"$log" 2>&1 &
	exec 3>"$scratch/in.$1"
	qemu=$!
}

lines() { tr -d '\r' <"$log"; }
has() { if lines | grep -q "$2"; then pass "$1"; else fail "$1" "no line like '$2' in the console, which ends: $(lines | tail -n 5)"; fi; }

try() {	# vCPUs
	boot "$1"
	if ! wait_prompt 1; then
		fail "$1 vCPU: boots to a shell" "$(tail -n 3 "$log")"
		kill "$qemu" 2>/dev/null || :
		return
	fi
	pass "$1 vCPU: boots to a shell"
	type_line 'echo cpus=$(nproc) before=$(cut -d. -f1 /proc/uptime)' 2 &&
	type_line 'sleep 3; echo after=$(cut -d. -f1 /proc/uptime)' 3 &&
	type_line 'token mica-challenge >/t && echo BEGIN && cat /t && echo END' 4 || :
	if [ "$1" -gt 1 ]; then
		type_line 'echo 0 >/sys/devices/system/cpu/cpu1/online; echo left=$(nproc)' 5 &&
		type_line 'echo 1 >/sys/devices/system/cpu/cpu1/online; echo back=$(nproc)' 6 &&
		type_line 'for i in 1 2 3 4 5; do for on in 0 1; do echo $on >/sys/devices/system/cpu/cpu1/online; done; done; echo cycled=$(nproc)' 7 &&
		type_line 'echo 2 >/proc/irq/$(sed -n "/uart/s/^ *\([0-9]*\):.*/\1/p" /proc/interrupts)/smp_affinity && echo moved=1' 8 &&
		type_line 'echo still=here' 9 || :
		has "$1 vCPUs: CPU_OFF" '^left=1$'
		has "$1 vCPUs: CPU_ON again" '^back=2$'
		has "$1 vCPUs: off and on five times" '^cycled=2$'
		has "$1 vCPUs: the console's interrupt goes to the other" '^moved=1$'
		has "$1 vCPUs: the console works from there" '^still=here$'
	fi
	has "$1 vCPU: all of them are on" "^cpus=$1 "
	before=$(lines | sed -n 's/^cpus=.* before=//p')
	after=$(lines | sed -n 's/^after=//p')
	if [ "${after:-0}" -ge $((${before:-0} + 3)) ]; then pass "$1 vCPU: the timer runs"
	else fail "$1 vCPU: the timer runs" "3 seconds of sleep from ${before:-?} to ${after:-?}"; fi
	lines | sed -n '/^BEGIN$/,/^END$/p' | sed '1d;$d' | base64 -d >"$scratch/token.$1" 2>/dev/null || :
	printf 'exit\n' >&3
	exec 3>&-
	wait "$qemu" || :
	has "$1 vCPU: powers off" '^mica-vmm: the guest is off$'

	token=$(hex "$scratch/token.$1")
	is_rim() { [ ${#1} = 64 ]; }
	want=$(build/tools/rim "build/machine/guest-$1.img" $(cat "build/machine/guest-$1.img.conf"))
	is_rim "$want" || want='what the tool did not compute'
	case $token in *"19acce5820$want"*) pass "$1 vCPU: RIM in the token is the one computed offline" ;;
	*) fail "$1 vCPU: RIM in the token is the one computed offline" "$want is not in it" ;; esac
	set -- "$1" $(cat "build/machine/guest-$1.img.conf")
	other=$(build/tools/rim "build/machine/guest-$1.img" "$2" "$3" 0x40000000)
	if is_rim "$other" && [ "$other" != "$want" ]; then pass "$1 vCPU: another boot argument is another RIM"
	else fail "$1 vCPU: another boot argument is another RIM" "${other:-none}"; fi
	challenge=$(printf '%-64.64s' mica-challenge | od -An -v -t x1 | tr -d ' \n')
	case $token in *"0a5840$challenge"*) pass "$1 vCPU: the token answers the challenge" ;;
	*) fail "$1 vCPU: the token answers the challenge" 'it is not in it' ;; esac
}

try 1
try 2
summary system-linux
