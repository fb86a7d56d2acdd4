#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `mica run` going wrong: each way ends with a non-zero exit code, one error line that names what failed, no
# output file and no process left behind.
set -eu
. tests/system/lib.sh
policy=examples/redact/redact.mica
input=examples/redact/sample.log

# After a failed run: code, message, nothing left. The run's code is in $code, its output in $scratch/log.
judge() {	# name, what the last line must match
	last=$(tail -n 1 "$scratch/log")
	if [ "$code" = 0 ]; then fail "$1" "exit code 0"
	elif ! printf '%s\n' "$last" | grep -Eq "^mica run: error: .*$2"; then fail "$1" "last line: $last"
	elif [ -e "$scratch/got" ]; then fail "$1" "an output file was left"
	elif [ -n "$(leftovers)" ]; then fail "$1" "a process was left"
	elif ls "$scratch"/got.* "$scratch"/.got* >/dev/null 2>&1; then fail "$1" "a temporary file was left"
	else pass "$1 (exit $code)"
	fi
	rm -f "$scratch/got"
}

run() {	# name, pattern, arguments...
	name=$1
	pattern=$2
	shift 2
	code=0
	"$mica" run "$@" >"$scratch/log" 2>&1 || code=$?
	judge "$name" "$pattern"
}

set_io="--in input=$input --out output=$scratch/got"

# What is wrong before a machine runs is usage or I/O.
before() {
	run "$@"
	[ "$code" = 2 ] && pass "$1: before any machine" || fail "$1" "exit code $code, not 2"
}

before "no emulator" "cannot find no-such-qemu: install QEMU" --qemu no-such-qemu $policy $set_io
before "a token that has no place" "cannot write token to .*No such file" $policy $set_io --token "$scratch/none/token"
before "a console that has no place" "cannot write console to .*No such file" $policy $set_io --console "$scratch/none/console"
before "two results in one file" "'output' and '--token' would be the same file" $policy $set_io --token "$scratch/./got"
run "an emulator that is none" "." --qemu /bin/false $policy $set_io
run "no policy file" "no-such.mica" no-such.mica $set_io
run "no input file" "no-such.log" $policy --in input=no-such.log --out output="$scratch/got"
run "an input that is a folder" "cannot read input .*Is a directory" $policy --in input="$scratch" --out output="$scratch/got"
run "an unknown window" "nowhere" $policy --in nowhere=$input --out output="$scratch/got"
run "an input window not fed" "input" $policy --out output="$scratch/got"

mkdir -p "$scratch/p"
cp examples/redact/redact.mica examples/redact/redactor.bin examples/redact/sink.bin "$scratch/p/"
run "a missing image" "ingest.bin" "$scratch/p/redact.mica" $set_io
cp examples/redact/ingest.bin "$scratch/p/"
rm "$scratch/p/redactor.bin"
run "a missing image of anybody's role" "redactor.bin" "$scratch/p/redact.mica" $set_io

sed 's/image any/image any memory 2GiB/; s/"sink.bin"/"sink.bin" memory 1GiB/' examples/redact/redact.mica >"$scratch/p/large.mica"
cp examples/redact/redactor.bin "$scratch/p/"
run "roles larger than the machine" "need 3088 MiB, the emulated machine has" "$scratch/p/large.mica" $set_io

mkdir "$scratch/m" "$scratch/m/fw" "$scratch/m/machine"
code=0
MICA_MACHINE=$scratch/m "$mica" run $policy $set_io >"$scratch/log" 2>&1 || code=$?
judge "no machine images" "missing image .*qemu_fw.bios"

# The image that runs is not the image the policy pins: the monitor refuses activation.
cp examples/redact/ingest.bin "$scratch/other.bin"
printf 'x' >>"$scratch/other.bin"
run "RIM mismatch" "[Rr][Ii][Mm]|measure" $policy $set_io --image ingest="$scratch/other.bin"

run "a component that is empty" "redactor" $policy $set_io --image redactor=/dev/null
run "a component that gives up" "a peer stopped" $policy $set_io --image redactor=examples/redact/ingest.bin
head -c 4096 /dev/zero >"$scratch/zeros.bin"
run "a component that hangs" "no sign of life" $policy $set_io --image redactor="$scratch/zeros.bin" --timeout 5

# A full disk, and a reader that left: said, and nothing of the run is left.
run "a console that is full" "cannot write console to '/dev/full': No space left" $policy $set_io --console /dev/full
run "an output that is full" "cannot write output 'output': No space left" $policy --in input=$input --out output=/dev/full \
	--token "$scratch/got"
{ code=0; "$mica" run $policy --in input=$input --out output=- --token "$scratch/got" 2>"$scratch/log" || code=$?; echo $code >"$scratch/code"; } | :
code=$(cat "$scratch/code")
judge "a reader that left" "cannot write output 'output': Broken pipe"

# Nothing comes for longer than the time-out: it is the input that is late, not the workflow that is stuck. The same time
# has to do for booting, so on a busy machine there is a second try.
mkfifo "$scratch/late"
late() {	# TIMEOUT
	: >"$scratch/log"
	(n=0
	 while [ $n -lt 3000 ] && ! grep -Eq 'attested|error' "$scratch/log"; do sleep 0.2; n=$((n + 1)); done
	 grep -q error "$scratch/log" || sleep $(($1 + 5))
	 timeout 60 sh -c 'cat "$1" >"$2"' sh $input "$scratch/late") &
	feeder=$!
	code=0
	"$mica" run $policy --in input="$scratch/late" --out output="$scratch/got" --timeout "$1" >"$scratch/log" 2>&1 || code=$?
	grep -q 'does not boot' "$scratch/log" && kill $feeder 2>/dev/null
	wait $feeder || :
}
late 30
grep -q 'does not boot' "$scratch/log" && late 150
if [ "$code" = 0 ] && [ "$(wc -l <"$scratch/got")" = "$(wc -l <$input)" ]; then pass "an input that is late"
else fail "an input that is late" "exit code $code: $(tail -n 1 "$scratch/log")"
fi
rm -f "$scratch/got"

# Ctrl-C in the middle of the stream
mkfifo "$scratch/slow"
(exec 9>"$scratch/slow"; sleep 60) &
feeder=$!
code=0
"$mica" run $policy --in input="$scratch/slow" --out output="$scratch/got" >"$scratch/log" 2>&1 &
run_pid=$!
n=0
while [ $n -lt 300 ] && ! grep -qi 'attest' "$scratch/log"; do sleep 0.2; n=$((n + 1)); done
kill -INT $run_pid
wait $run_pid || code=$?
judge "Ctrl-C" "[Ii]nterrupt"

# Ctrl-C while a reader does not read what comes out
mkfifo "$scratch/stuck"
seq 200000 >"$scratch/much"
sleep 300 <"$scratch/stuck" &
reader=$!
code=0
"$mica" run $policy --in input="$scratch/much" --out output="$scratch/stuck" >"$scratch/log" 2>&1 &
run_pid=$!
n=0
while [ $n -lt 300 ] && ! grep -q 'caution' "$scratch/log"; do sleep 0.2; n=$((n + 1)); done
sleep 3
kill -INT $run_pid
wait $run_pid || code=$?
judge "Ctrl-C while a reader does not read" "[Ii]nterrupt"
kill $reader 2>/dev/null || :
wait $reader 2>/dev/null || :

# kill -9 of `mica run` itself: the emulator goes with it
"$mica" run $policy --in input="$scratch/slow" --out output="$scratch/got" >"$scratch/log" 2>&1 &
run_pid=$!
n=0
while [ $n -lt 300 ] && ! grep -qi 'attest' "$scratch/log"; do sleep 0.2; n=$((n + 1)); done
kill -KILL $run_pid
wait $run_pid 2>/dev/null || :
sleep 1
if [ -n "$(leftovers)" ]; then fail "kill -9" "a process was left"; else pass "kill -9 leaves no process"; fi
rm -f "$scratch"/got*
kill $feeder 2>/dev/null || :
wait $feeder 2>/dev/null || :

summary system-failures
