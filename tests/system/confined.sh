#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A stock kernel in a confined role. The example: output of an ordinary program, nothing but interrupts, idling and wake-ups
# seen by the host, the RIM in the token is the one computed offline. Then a hostile program in it, root with a module: each act
# refused under closed.mica, and done under open.mica, which differs in two rights.
. tests/system/lib.sh
LC_ALL=C
export LC_ALL
dir=build/tests/confined

# run NAME ARGUMENTS: `mica run`; its text is in $log
run() {
	log=$scratch/log.$1
	shift
	"$mica" run "$@" --timeout 300 >"$log" 2>&1
}
that() {	# what, command...
	what=$1
	shift
	if "$@" >"$scratch/that" 2>&1; then pass "$what"; else fail "$what" "$(head -n 3 "$scratch/that") $(tail -n 1 "$log")"; fi
}
hex() { od -An -v -t x1 "$1" | tr -d ' \n'; }
seen() { sed -n "s/.*all this host saw of 'worker': //p" "$log"; }

# ---- the example ----

policy=examples/confined/confined.mica
cat README.md docs/*.md >"$scratch/text"
tr -cs A-Za-z '\n' <"$scratch/text" | tr A-Z a-z | sort | uniq -c | sort -k1,1nr -k2 >"$scratch/want"
that "the example runs" run example $policy --in "input=$scratch/text" --out "output=$scratch/got" --token "$scratch/token"
that "output is that of the same commands here ($(wc -l <"$scratch/want") lines)" cmp "$scratch/want" "$scratch/got"
that "and it is not empty" [ "$(wc -l <"$scratch/got")" -gt 100 ]
set -- $(seen | tr -dc '0-9 ')
that "interrupts ($1) were seen" [ "${1:-0}" -gt 0 ]
that "it switched itself off" [ "${4:-}" = 1 ]
that "no other exit was seen" [ "${6:-}" = 0 ]
"$mica" measure $policy worker >"$scratch/rim"
rim=$(sed 's/^sha256://' "$scratch/rim")
that "a measurement has 64 digits" [ ${#rim} = 64 ]
that "it is in the token" sh -c 'case $1 in *$2*) ;; *) exit 1 ;; esac' sh "$(hex "$scratch/token")" "$rim"
"$mica" pack build/machine/Image --initrd build/realm/initramfs.cpio.gz --cmdline other -o "$scratch/other.linux"
other=$("$mica" measure --image "$scratch/other.linux" --linux --memory 128 | sed 's/^sha256://')
that "that of another command line is not" sh -c '[ ${#2} = 64 ] && case $1 in *$2*) exit 1 ;; esac' sh "$(hex "$scratch/token")" "$other"

# ---- a program that fails in the middle: never taken for complete ----

mkdir "$scratch/cut"
cp examples/confined/*.bin $policy "$scratch/cut"
"$mica" pack build/machine/Image --initrd build/realm/initramfs.cpio.gz -o "$scratch/cut/worker.linux" \
	--cmdline 'quiet panic=-1 cma=0 mica.in=raw mica.out=clean mica.run="echo begun; kill -9 $$"'
if run cut "$scratch/cut/confined.mica" --in "input=$scratch/text" --out "output=$scratch/part"; then
	fail "a killed program's output is not complete" "the run says that it is"
else
	that "a killed program's output is not complete" grep -q "a peer stopped before the end of the stream" "$log"
fi
that "and there is no file of it" [ ! -e "$scratch/part" ]

# ---- the hostile one ----

printf 'a secret\n' >"$scratch/secret"
that "closed: the run is complete" run closed $dir/closed.mica --in "input=$scratch/secret" --out "output=$scratch/closed"
set -- $(seen | tr -dc '0-9 ')
that "closed: idling ($2) was seen" [ "${2:-0}" -gt 0 ]
that "closed: no other exit was seen" [ "${4:-}" = 1 -a "${6:-}" = 0 ]
that "open: the run is complete" run open $dir/open.mica --in "input=$scratch/secret" --out "output=$scratch/open" --out "leak=$scratch/leak" \
	--out "console_text=$scratch/console"
set -- $(seen | tr -dc '0-9 ')
that "open: the two host calls were seen" [ "${6:-}" = 2 ]
that "open: the kernel's messages are in the console's channel" grep -q "Linux version 7" "$scratch/console"
that "open: and those of programs" grep -q "^init: .*between 'raw' and 'clean'" "$scratch/console"
printf 'MICA!\n' >"$scratch/leaked"
that "open: the host has what was leaked" cmp "$scratch/leaked" "$scratch/leak"

outcome() {	# act, result under closed, result under open
	that "closed: $1: $2" grep -qx "$1: $2" "$scratch/closed"
	that "open: $1: $3" grep -qx "$1: $3" "$scratch/open"
}
outcome "store to host memory" refused done
outcome "store to host memory, again" refused done
outcome "host call: take 6 bytes" "refused 34d" done
outcome "host call: that was all" "refused 34d" done
# what no right opens: here the control is the same act where the grant allows it
outcome "store to raw-ack, its own" done done
outcome "store to raw, another's" refused refused
outcome "store to clean-ack, another's" refused refused
outcome "load from raw" done done
outcome "signal by raw-ack" done done
outcome "signal by raw" "refused d4d" "refused d4d"
outcome "RAM stays RAM" done done
outcome "RAM becomes shared" "refused 1" "refused 1"
# the guest driver's own rules: a program that keeps to them works
outcome "poll and read to the end" done done
outcome "open raw to write" refused refused
outcome "map raw to read" done done
outcome "find there what was read" done done
outcome "make that map writable" refused refused
outcome "map raw to execute" refused refused
outcome "map raw privately" refused refused
outcome "map raw-ack to write" done done
# and the monitor counted what it refused
outcome "audit 1" counted none
outcome "audit 3" counted none
outcome "audit 5" counted counted
outcome "audit d" counted counted
outcome "sleep" done done
outcome "input" "9 bytes" "9 bytes"
that "every act has a result" [ "$(wc -l <"$scratch/closed")" = 26 ]
summary system-confined
