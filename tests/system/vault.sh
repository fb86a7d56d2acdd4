#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Gates, vCPUs, timers and restarts in `mica run`: examples/vault as it is, with a vault that dies, and with thieves on both
# sides of the gate. The tokens are compared with what another implementation says; vault.want was made with
#   openssl mac -macopt hexkey:$(od -An -v -t x1 sample.key | tr -d ' ') -macopt size:8 SIPHASH
# of each number (the eight bytes of its result are little-endian).
set -eu
. tests/system/lib.sh
dir=examples/vault

run() {	# policy, options...
	file=$dir/$1.mica
	shift
	code=0
	"$mica" run "$file" --in secret=$dir/sample.key --in text=$dir/sample.txt --out tokens="$scratch/tokens" "$@" \
		>"$scratch/log" 2>&1 || code=$?
	[ "$code" = 0 ] || fail "$file" "$(tail -n 1 "$scratch/log")"
	[ -z "$(leftovers)" ] || fail "$file" "a process is left"
	touch "$scratch/tokens" "$scratch/report"
}
same() { if cmp -s tests/system/vault.want "$scratch/tokens"; then pass "$1"; else fail "$1" "other tokens than they should be"; fi; }
restarts() { grep -c " restart  *$1 .*reset and loaded again" "$scratch/log" || true; }

# ---- as it is ----
run vault
same "tokens by a gate"
if [ "$(restarts vault)" = 0 ]; then pass "nothing is restarted"; else fail "nothing is restarted" "it was"; fi
if "$mica" run $dir/vault.mica --in secret=$dir/sample.key --in text=$dir/sample.txt --out tokens="$scratch/none" \
	--image vault=$dir/leaky.bin >"$scratch/log" 2>&1; then fail "a leaky vault in the pinned one's place" "it ran"
elif tail -n 1 "$scratch/log" | grep -q 'RIM'; then pass "a leaky vault in the pinned one's place is refused"
else fail "a leaky vault in the pinned one's place" "$(tail -n 1 "$scratch/log")"; fi

# ---- roles that die and live again; vCPUs and timers ----
run lives --out report="$scratch/report"
same "tokens by a vault that dies in a call, twice"
for role in vault probe; do
	if [ "$(restarts $role)" = 2 ]; then pass "$role was restarted twice"
	else fail "$role was restarted twice" "$(restarts $role) times"; fi
done
while read -r word what; do
	if [ "$word" = ok ]; then pass "$what"; else fail "$what" "the probe says so"; fi
done <"$scratch/report"
[ "$(wc -l <"$scratch/report")" = 16 ] || fail "the probe's report" "$(wc -l <"$scratch/report") lines"

# ---- a vault that does not live ----
code=0
"$mica" run $dir/mortal.mica --in secret=$dir/sample.key --in text=$dir/sample.txt --out tokens="$scratch/none" \
	>"$scratch/log" 2>&1 || code=$?
if [ "$code" = 1 ] && [ "$(restarts vault)" = 5 ] && [ ! -e "$scratch/none" ] &&
   tail -n 1 "$scratch/log" | grep -q "'front' ended with status 2"; then
	pass "a role that dies in every life is given up, and its caller is told"
else
	fail "a role that dies in every life" "exit $code, $(restarts vault) restarts: $(tail -n 1 "$scratch/log")"
fi

# ---- thieves ----
acts="more-results key-channel other-gate serve-in-its-place"
outcome() { sed -n "s/^attempt $1: //p" "$scratch/tokens"; }
for policy in hostile control; do
	[ $policy = hostile ] && want=refused || want=SUCCEEDED
	run $policy --image front=$dir/thief.bin --image vault=$dir/leaky.bin
	if [ "$(outcome ask)" = SUCCEEDED ]; then pass "$policy: the call that both policies permit"
	else fail "$policy: the call that both policies permit" "$(outcome ask)"; fi
	for act in $acts; do
		if [ "$(outcome $act)" = $want ]; then pass "$policy: $act $want"
		else fail "$policy: $act" "$(outcome $act)"; fi
	done
done
summary system-vault
