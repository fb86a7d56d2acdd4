#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# results.sh BUILD: what the parts of `make bench` left in BUILD/bench as one JSON object, on the standard output.
set -eu
b=$1
in=$b/bench

# An array of objects: of each line that begins with TAG (- is any but the first line), the fields that follow, by the names of KEYS.
lines() {	# NAME TAG KEYS FILE
	printf '  "%s": [\n' "$1"
	awk -v tag="$2" -v keys="$3" '
		BEGIN { n = split(keys, key, " ") }
		tag == "-" ? NR > 1 : $1 == tag {
			line = ""
			for (i = 1; i <= n; i++) {
				v = $(tag == "-" ? i : i + 1)
				line = line (i > 1 ? ", " : "") "\"" key[i] "\": " (v ~ /^-?[0-9.]+$/ ? v : "\"" v "\"")
			}
			print "    { " line " }"
		}' "$4" | sed '$!s/$/,/'
	printf '  ],\n'
}

source_version() { awk -v p="$1" '$1 == "source" && $2 == p { print $4 }' deps/lock; }

cat <<JSON
{
  "schema": "mica.bench/3",
  "tree": "$(git describe --always --dirty 2>/dev/null || echo unknown)",
  "versions": {
    "qemu": "$(qemu-system-aarch64 --version | sed -n '1s/.*version //p')",
    "compiler": "$(aarch64-linux-gnu-gcc --version | sed -n 1p)",
    "mbedtls": "$(source_version mbedtls)",
    "tf-a": "$(source_version arm-trusted-firmware)",
    "linux": "$(awk '$1 == "deb" && $2 ~ /^linux-binary-/ { print $5 }' deps/lock)",
    "build_compiler": "$(gcc --version | sed -n 1p)",
    "valgrind": "$(valgrind --version)"
  },
JSON
lines messages comm "way size count instructions p50 p99 exits hostcall wake idle other" "$in/comm.txt"
lines streams stream "way size count instructions exits hostcall wake idle other" "$in/comm.txt"
# of 256 messages of 4 KiB and nine more
lines ciphers insn "way aes pmull" "$in/comm.txt"
# a message of 4 KiB
lines parts parts "way el3 monitor realms host" "$in/comm.txt"
lines memory memory "what granules" "$in/comm.txt"
# examples/redact by every way; instructions between mica_begin() and the end of the output
lines pipeline pipe "work way bytes ticks exits hostcall wake idle other el3 monitor realms user kernel host" "$in/pipeline.txt"
lines calls bench "name min median max" "$in/rmm.txt"
lines pair pair "el3 monitor" "$in/pair.txt"
lines extension bench "name min median max" "$in/mica.txt"
lines hooks hook "name without with" "$in/hooks.txt"
# a figure against how many of what; and its line of least squares: off and percent are those of the worst point
lines points point "against what x y" "$in/mica.txt"
lines scale line "against what from to each base off percent" "$in/lines.txt"
printf '  "static": %s,\n' "$(aarch64-linux-gnu-nm -S "$b/rmm/rmm.elf" | awk -v image="$(stat -c %s "$b/rmm/rmm.img")" '
	{ at[$NF] = $1; size[$NF] = $2 }
	END { print image, at["rmm_image_start"], at["rmm_image_end"], size["granules"] }' |
	while read -r image start end table; do
		echo "{ \"image\": $image, \"memory\": $((0x$end - 0x$start)), \"granule_table\": $((0x$table)) }"
	done)"
lines policy count "series command roles channels claims bytes start tool read parse resolve flow build verify signature" "$in/policy.txt"
lines policy_ratios ratio "command policy unit median p10 p90 pairs" "$in/policy.txt"
lines policy_repeat repeat "pairs difference percent" "$in/policy.txt"
lines silicon silicon "way channel size median p10 p90 pairs" "$in/silicon.txt"
printf '  "silicon_machine": { "cpu": "%s", "library": "%s" },\n' "$(sed -n 's/^machine //p' "$in/silicon.txt")" \
	"$(sed -n 's/^library //p' "$in/silicon.txt")"
printf '  "size": {\n%s\n  },\n' "$(sh tools/tcb.sh "$b" | awk '
	/^base monitor/ { part = "base" } /^extension/ { part = "extension" } /^image/ { part = "image" }
	$1 == "sum" { printf "%s    \"%s_lines\": %d", comma, part, $2; comma = ",\n" }
	/text of/ { printf ",\n    \"%s_text\": %d", $3, $4 }
	$1 == "rmm.img" { printf ",\n    \"image\": %d", $2 }')"
printf '  "redact": %s\n}\n' "$(cat "$in/redact.json")"
