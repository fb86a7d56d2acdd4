#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# results.sh BUILD: what the parts of `make bench` left in BUILD/bench as one JSON object, on the standard output.
set -eu
b=$1
in=$b/bench

lines() {	# NAME FILTER: an array of what awk's FILTER prints of a file, one JSON object a line
	printf '  "%s": [\n' "$1"
	awk "$2" "$3" | sed 's/^/    /; $!s/$/,/'
	printf '  ],\n'
}

source_version() { awk -v p="$1" '$1 == "source" && $2 == p { print $4 }' deps/lock; }

cat <<JSON
{
  "schema": "mica.bench/2",
  "tree": "$(git describe --always --dirty 2>/dev/null || echo unknown)",
  "versions": {
    "qemu": "$(qemu-system-aarch64 --version | sed -n '1s/.*version //p')",
    "compiler": "$(aarch64-linux-gnu-gcc --version | sed -n 1p)",
    "mbedtls": "$(source_version mbedtls)",
    "tf-a": "$(source_version arm-trusted-firmware)"
  },
JSON
lines messages '$1 == "comm" {
	printf "{ \"way\": \"%s\", \"size\": %d, \"count\": %d, \"instructions\": %s, \"p50\": %s, \"p99\": %s, \"exits\": %d, \"hostcall\": %d, \"wake\": %d, \"idle\": %d, \"other\": %d }\n",
		$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 }' "$in/comm.txt"
lines ciphers '$1 == "insn" { printf "{ \"way\": \"%s\", \"messages\": 265, \"size\": 4096, \"aes\": %s, \"pmull\": %s }\n", $2, $3, $4 }' "$in/comm.txt"
lines parts '$1 == "parts" { printf "{ \"way\": \"%s\", \"size\": 4096, \"el3\": %s, \"monitor\": %s, \"realms\": %s, \"host\": %s }\n", $2, $3, $4, $5, $6 }' "$in/comm.txt"
lines memory '$1 == "memory" { printf "{ \"what\": \"%s\", \"granules\": %d }\n", $2, $3 }' "$in/comm.txt"
lines calls '$1 == "bench" && NF == 5 { printf "{ \"name\": \"%s\", \"min\": %s, \"median\": %s, \"max\": %s }\n", $2, $3, $4, $5 }' "$in/rmm.txt"
lines policy 'NR > 1 { printf "{ \"step\": \"%s\", \"roles\": %d, \"channels\": %d, \"bytes\": %d, \"min\": %s, \"median\": %s, \"max\": %s }\n", $1, $2, $3, $4, $5, $6, $7 }' "$in/policy.txt"
printf '  "size": {\n%s\n  },\n' "$(sh tools/tcb.sh "$b" | awk '
	/^base monitor/ { part = "base" } /^extension/ { part = "extension" } /^image/ { part = "image" }
	$1 == "sum" { printf "%s    \"%s_lines\": %d", comma, part, $2; comma = ",\n" }
	/text of/ { printf ",\n    \"%s_text\": %d", $3, $4 }
	$1 == "rmm.img" { printf ",\n    \"image\": %d", $2 }')"
printf '  "redact": %s\n}\n' "$(cat "$in/redact.json")"
