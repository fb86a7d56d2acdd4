#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bench.sh BUILD [RUNS]: figures of examples/redact, on the standard output and as BUILD/bench/redact.json. Wall time is of
# this machine and noisy: shortest, median and longest of RUNS runs (default 5). Instructions are counted by a plugin
# under -icount: the slope between two sizes, so that boot, set-up and teardown drop out. Asserts nothing.
set -eu
b=$1 runs=${2:-5}
out=$b/bench
mkdir -p "$out"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

log() {	# BYTES: a log of that size
	awk -v n="$1" '{ l[NR] = $0 "\n" } END { while (n > 0) for (i = 1; i <= NR; i++) { printf "%s", l[i]; n -= length(l[i]) } }' \
		examples/redact/sample.log | head -c "$1"
}

field() {	# NAME <JSON
	sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p"
}

spread() {	# FILE: shortest, median and longest of its numbers
	sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%s %s %s", v[1], v[int((NR + 1) / 2)], v[NR] }'
}

big=10000000
log $big >"$scratch/big"
for i in $(seq "$runs"); do
	[ -t 2 ] && printf '\r  run %d of %d' "$i" "$runs" >&2
	"$b/bin/mica" run examples/redact/redact.mica --in "input=$scratch/big" --out "output=$scratch/out" --token "$out/token.cbor" --json --quiet \
		>"$scratch/json"
	attested=$(field seconds_to_attested <"$scratch/json")
	last=$(field seconds_to_last_byte <"$scratch/json")
	echo "$attested" >>"$scratch/attested"
	echo "$last" >>"$scratch/last"
	awk -v n=$big -v a="$attested" -v l="$last" 'BEGIN { printf "%.0f\n", n / (l - a) }' >>"$scratch/rate"
done
granules=$(field granules <"$scratch/json")

# ---- instructions ----
# The kernel puts half a second of its boot off, which a run over a few MB does not outlast: the smaller one has to.
small=5000000 large=13000000
counts() {	# BYTES: instructions by part, in the plugin's order
	log "$1" >"$scratch/in"
	printf '#!/bin/sh\nexec qemu-system-aarch64 -plugin %s,out=%s "$@"\n' "$PWD/$b/tools/icount.so" "$scratch/counts" \
		>"$scratch/qemu"
	chmod +x "$scratch/qemu"
	"$b/bin/mica" run examples/redact/redact.mica --in "input=$scratch/in" --out "output=$scratch/out" --icount --quiet \
		--qemu "$scratch/qemu"
	od -An -v -t u8 -w8 "$scratch/counts" | tr -d ' '
}
[ -t 2 ] && printf '\r  counting instructions' >&2
counts $small >"$scratch/small"
counts $large >"$scratch/large"
[ -t 2 ] && printf '\r\033[K' >&2
slopes=$(paste "$scratch/small" "$scratch/large" | awk -v n=$((large - small)) '{ printf "%.2f ", ($2 - $1) / n }')

# shellcheck disable=SC2086 # a list of numbers
set -- $(spread "$scratch/attested") $(spread "$scratch/last") $(spread "$scratch/rate") $slopes
image=$(stat -c %s "$b/rmm/rmm.img")
memory=$(aarch64-linux-gnu-nm "$b/rmm/rmm.elf" |
	awk '$3 == "rmm_image_start" { s = $1 } $3 == "rmm_image_end" { e = $1 } END { print s, e }' |
	{ read -r s e; echo $((0x$e - 0x$s)); })
sum=$(awk -v a="${10}" -v b="${11}" -v c="${12}" -v d="${13}" -v e="${14}" -v f="${15}" 'BEGIN { printf "%.2f", a + b + c + d + e + f }')

cat <<TABLE
examples/redact, $big bytes, $runs runs          shortest     median    longest
  seconds to attested                     $(printf '%10s %10s %10s' "$1" "$2" "$3")
  seconds to the last byte                $(printf '%10s %10s %10s' "$4" "$5" "$6")
  bytes a second                          $(printf '%10s %10s %10s' "$7" "$8" "$9")
instructions a byte, -icount, slope between $small and $large bytes
  three components                        $(printf '%10s' "${12}")
  monitor                                 $(printf '%10s' "${11}")
  EL3                                     $(printf '%10s' "${10}")
  host: VMM                               $(printf '%10s' "${13}")
  host: kernel                            $(printf '%10s' "${14}")
  sum                                     $(printf '%10s' "$sum")
monitor
  image, bytes                            $(printf '%10s' "$image")
  memory in use, granule table included   $(printf '%10s' "$memory")
  granules of the workflow (4 KiB each)   $(printf '%10s' "$granules")
TABLE
cat >"$out/redact.json" <<JSON
{ "bytes": $big, "runs": $runs,
  "seconds_to_attested": { "min": $1, "median": $2, "max": $3 },
  "seconds_to_last_byte": { "min": $4, "median": $5, "max": $6 },
  "bytes_per_second": { "min": $7, "median": $8, "max": $9 },
  "instructions_per_byte": { "el3": ${10}, "monitor": ${11}, "components": ${12}, "vmm": ${13}, "kernel": ${14}, "other": ${15} },
  "rmm_image_bytes": $image, "rmm_memory_bytes": $memory, "workflow_granules": $granules }
JSON
