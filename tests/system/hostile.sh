#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Hostile runs. A redactor that tries to leak: each attempt has to be refused under redact.mica, and what a policy can open
# has to succeed under control.mica, from the same image. A host that cheats: each act has to be refused with the whole
# state unchanged, and its control has to be granted; a run that shows otherwise ends with an error.
set -eu
. tests/system/lib.sh
input=examples/redact/sample.log
hostile=examples/redact/hostile.bin

# ---- a redactor that tries to leak ----
echo "The redactor tries to leak, under examples/redact/redact.mica:"
if ! "$mica" run examples/redact/redact.mica --image redactor=$hostile --in input=$input \
		--out output="$scratch/refused" >"$scratch/log" 2>&1; then
	fail "hostile redactor" "$(tail -n 1 "$scratch/log")"
fi
touch "$scratch/refused"
while read -r word name rest; do
	case "$word $rest" in
	"attempt refused ("*) pass "$name $rest" ;;
	*) fail "$word $name" "$rest" ;;
	esac
done <"$scratch/refused"
[ "$(grep -c '^attempt ' "$scratch/refused")" -ge 60 ] || fail "number of attempts" "fewer than 60"
# what the host received is the report and nothing of the log
if head -c 8 $input | grep -qf - "$scratch/refused"; then
	fail "the log's beginning" "it is in what the host received"
else
	pass "nothing of the log is in what the host received"
fi

# ---- the control: the same image, a policy that opens what can be opened ----
opened="window-write window-read window-atomic host-call channel-write channel-write-byte channel-unaligned
channel-atomic channel-exclusive channel-zero-block channel-signal channel-of-others"
echo "The same image under examples/redact/control.mica, which opens the act:"
if ! "$mica" run examples/redact/control.mica --image redactor=$hostile --in input=$input --in leak=/dev/null \
		--out leak="$scratch/leak" --out output="$scratch/opened" >"$scratch/log" 2>&1; then
	fail "control" "$(tail -n 1 "$scratch/log")"
fi
touch "$scratch/opened"
for name in $opened; do
	if grep -q "^attempt $name: SUCCEEDED" "$scratch/opened"; then pass "$name SUCCEEDED"
	else fail "$name" "$(grep "^attempt $name:" "$scratch/opened" || echo missing)"; fi
done

# ---- the control of what no policy opens: RIPAS changes, memory that is not there, devices, late buffers, losing memory ----
echo "The same acts by an unbound Realm, which no policy binds (tests/bare, scenario unbound):"
run_bare "$scratch/bare"
if grep -Eq '^bare unbound: [1-9][0-9]* passed, 0 failed' "$scratch/bare"; then
	pass "each SUCCEEDED: $(grep '^bare unbound' "$scratch/bare" | sed 's/^bare unbound: //')"
else
	fail "unbound Realm" "$(grep -E '^FAIL|^bare unbound' "$scratch/bare" | head -n 1)"
fi

# ---- a host that cheats ----
echo "The host cheats (state compared by digest before and after):"
code=0
"$mica" run examples/redact/redact.mica --in input=$input --out output="$scratch/out" --hostile-host all \
	>"$scratch/log" 2>&1 || code=$?
sed -n 's/^.*hostile-host \([a-z-]*: .*\)$/\1/p' "$scratch/log" >"$scratch/acts"
while IFS= read -r line; do
	case $line in
	*"state unchanged") pass "$line" ;;
	*"control: "*) printf '          %s\n' "$line" ;;
	*) fail "hostile host" "$line" ;;
	esac
done <"$scratch/acts"
[ "$code" = 0 ] || fail "hostile host" "$(tail -n 1 "$scratch/log")"
[ "$(grep -c 'state unchanged$' "$scratch/acts")" -ge 35 ] || fail "number of acts" "fewer than 35"
[ "$(grep -c 'control: ' "$scratch/acts")" -ge 35 ] || fail "number of controls" "fewer than 35"
sed -E -f tests/system/redact.sed <$input >"$scratch/want"
if cmp -s "$scratch/want" "$scratch/out"; then pass "after all that the workflow still does its work"
else fail "the workflow after the attempts" "wrong output"; fi

# ---- another workflow's blob: the monitor cannot know, the verifier must ----
code=0
"$mica" run examples/redact/redact.mica --in input=$input --out output="$scratch/replayed" \
	--hostile-host replay-blob >"$scratch/log" 2>&1 || code=$?
if [ "$code" = 1 ] && tail -n 1 "$scratch/log" | grep -q 'attestation refused: workflow ID' &&
   [ ! -e "$scratch/replayed" ]; then
	pass "replay-blob: $(tail -n 1 "$scratch/log" | sed 's/^mica run: error: //')"
else
	fail "replay-blob" "exit $code: $(tail -n 1 "$scratch/log")"
fi
summary system-hostile
