#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# pipeline.sh BUILD OUT [guard]: examples/redact from end to end (tests/bench/pipe), the same objects by different ways: as three
# Realms with channels, as three Realms over host memory (plain, AES-256-GCM), as three plain processes (pipes, shared memory). Lines
#   pipe WORK WAY BYTES TICKS EXITS HOSTCALL WAKE IDLE OTHER EL3 MONITOR REALMS USER KERNEL HOST
# into OUT; WORK is redact or, to see the carrying alone, pass; TICKS is what the clock says, an instruction each, the last six
# are a plugin's count, whose they are; all between the marks at mica_begin() and the output's end. USER is at the addresses of
# Linux programs, HOST what is left: the bare-metal host. Input and output lie in memory. Every output is compared with what
# sed makes of the same log (tests/system/redact.sed).
# On the standard output the table of docs/performance.md.
# guard: the Realm ways with a small log, and a host that changes a bit; a line "checked WHAT" for each, no figures.
set -eu
b=$1 out=$2 what=${3:-full}
work=$out.d
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
: >"$out"

repeats=3000
[ "$what" != guard ] || repeats=100
awk -v n=$repeats '{ l = l $0 "\n" } END { while (n--) printf "%s", l }' examples/redact/sample.log >"$work/log"
LC_ALL=C sed -E -f tests/system/redact.sed "$work/log" >"$work/redactor.want"
cp "$work/log" "$work/pass.want"
bytes=$(wc -c <"$work/log")

# --foreground: in a process group of its own the emulator would not hear of Ctrl-C
machine() {	# FIRMWARE [QEMU OPTION...]: its console into $work/run
	bios=$1
	shift
	timeout --foreground "${BENCH_TIMEOUT:-3600}" qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off \
		-cpu max,x-rme=on -m 3G -smp 1 -icount "shift=0,${IDLE:-sleep=on}" -nodefaults -display none -serial stdio -monitor none \
		-bios "$b/fw/$bios.bios" -no-reboot "$@" </dev/null 2>&1 | tr -d '\r' >"$work/run" || :
}
bad() {
	echo "pipeline: $*" >&2
	tail -n "${TAIL:-5}" "$work/run" >&2
	exit 1
}
counted() {
	set -- -plugin "$PWD/$b/tools/icount.so,out=$work/counts"
	echo "$*"
}

# Three Realms. The machine's memory is a file, so that what it puts out can be read there; it costs the machine nothing.
ram=0x40000000 at_log=0xb0000000 at_output=0xc0000000
realms() {	# WAY FLAGS [QEMU OPTION...]
	job=$(($1 | $2 << 8))
	shift 2
	rm -f "$work/ram"
	machine bench-pipe "$@" -object "memory-backend-file,id=ram,size=3G,share=on,mem-path=$work/ram" -machine memory-backend=ram \
		-device "loader,addr=0x5ff00000,data=$job,data-len=8,data-be=off" \
		-device "loader,addr=0x5ff00008,data=$bytes,data-len=8,data-be=off" \
		-device "loader,file=$work/log,addr=$at_log,force-raw=on"
	grep -q '^bare pipe: [0-9]* passed, 0 failed' "$work/run" || bad "way $job"
}
output() {	# of the last run, so many bytes
	tail -c +$((at_output - ram + 1)) "$work/ram" | head -c "$1"
}
delivered() {	# WANT
	written=$(awk '$1 == "pipe" { print $4 }' "$work/run")
	case $written in '' | refused | *[!0-9]*) return 1 ;; esac
	output "$written" | cmp -s - "$1"
}

# Between the marks
parts() {
	od -An -v -t u8 -w8 "$work/counts" | awk '{ v[NR - 1] = $1 }
		END { for (i = 0; i < 6; i++) d[i] = v[16 + i] - v[8 + i]; print d[0], d[1], d[2], d[3], d[4], d[5] }'
}

by_realms() {	# WORK NAME WAY FLAGS
	# shellcheck disable=SC2046 # words
	realms "$3" "$4" $(counted)
	want=redactor
	[ "$1" = redact ] || want=pass
	delivered "$work/$want.want" || bad "$2: not what sed makes of the log"
	awk -v work="$1" -v name="$2" -v parts="$(parts)" \
		'$1 == "pipe" { print "pipe", work, name, $3, $5, $6, $7, $8, $9, $10, parts }' "$work/run" >>"$out"
}

# ---- under Linux: plain processes, and Realms once more. arm64.nomops: the kernel copies by loads and stores, as Realms do ----
initramfs() {
	root=$work/root
	mkdir -p "$root/dev" "$root/proc" "$root/sys"
	cp -r "$b/tests/bench/pipe/linux/pipes" "$b/tests/bench/pipe/linux/rings" "$b/tests/bench/pipe/linux/init" "$root"
	cp "$work/log" "$work/redactor.want" "$work/pass.want" "$b/host/mica.ko" "$b/host/mica-vmm" "$root"
	cp examples/redact/ingest.bin examples/redact/redactor.bin examples/redact/sink.bin "$b/tests/bench/pipe/channel/pass.bin" \
		"$b/tests/bench/pipe/redact.blob" "$root"
	(cd "$root" && find . | cpio --quiet -o -H newc --owner 0:0) >"$work/initrd"
}
by_linux() {	# WORK NAME WAY [KERNEL OPTION...]
	task=$1 name=$2 way=$3
	shift 3
	IDLE=sleep=off	# idle time passes at once
	binary=redactor
	[ "$task" = redact ] || binary=pass
	# shellcheck disable=SC2046
	machine qemu_fw $(counted) -kernel /dev/null \
		-append "console=ttyAMA0 quiet panic=-1 initrd=0x78000000,$(wc -c <"$work/initrd") WAY=$way WORK=$binary $*" \
		-device "loader,file=$b/machine/Image,addr=0x60000000,force-raw=on" \
		-device "loader,file=$work/initrd,addr=0x78000000,force-raw=on"
	want=$(wc -c <"$work/$binary.want")
	[ "$way" != sockets ] || want=0		# no file there
	[ "$(awk '$1 == "linux" { print $4 }' "$work/run")" = "$want" ] || bad "$name"
	awk -v work="$task" -v name="$name" -v parts="$(parts)" \
		'$1 == "linux" { print "pipe", work, name, $3, $5, $2 == "vmm" ? $6 : 0, 0, 0, 0, 0, parts }' "$work/run" >>"$out"
}

# ways of tests/bench/pipe/pipe.h, by number: channel, plain, aes-gcm, aes-gcm-8; flags: 1 pass, 2 eager, 4 tamper
case $what in
guard)
	checked() { echo "checked $*" >>"$out"; }
	for way in 0:channels 1:plaintext 2:AES-256-GCM 3:AES-256-GCM-by-eights; do
		realms "${way%:*}" 0
		delivered "$work/redactor.want" || bad "${way#*:}: not what sed makes of the log"
		checked "${way#*:}: the output is what sed makes of the log"
	done
	realms 1 4
	delivered "$work/redactor.want" && bad "a bit changed, and the output did not"
	grep -q '^pipe plain [0-9]' "$work/run" || bad "plaintext with a bit changed has to be delivered"
	checked "plaintext: the host changes a bit, the output is wrong, and nobody knows"
	for way in 2:AES-256-GCM 3:AES-256-GCM-by-eights; do
		realms "${way%:*}" 4
		grep -q '^pipe [a-z0-9-]* refused by redactor 3$' "$work/run" || bad "${way#*:}: a forged record was not refused"
		checked "${way#*:}: the host changes a bit, the reader refuses"
	done
	;;
full)
	initramfs
	for task in redact:0 pass:1; do
		flag=${task#*:} task=${task%:*}
		by_realms "$task" channel 0 "$flag"
		by_realms "$task" channel-eager 0 $((flag | 2))
		by_realms "$task" plain 1 "$flag"
		by_realms "$task" aes-gcm 2 "$flag"
		by_realms "$task" aes-gcm-8 3 "$flag"
		by_linux "$task" pipes pipes arm64.nomops
		by_linux "$task" pipes-mops pipes
		by_linux "$task" rings rings arm64.nomops
		by_linux "$task" vmm vmm arm64.nomops
	done
	by_linux pass files files arm64.nomops
	by_linux pass sockets sockets arm64.nomops
	# as in results.json, for the table
	jq -Rn '{ pipeline: [inputs / " " | [["work way bytes ticks exits hostcall wake idle other el3 monitor realms user kernel host" / " ", .[1:]]
		| transpose[] | { key: .[0], value: (.[1] | tonumber? // .) }] | from_entries] }' "$out" >"$work/json"
	sh tools/bench/page/pipeline.sh "$work/json"
	;;
esac
