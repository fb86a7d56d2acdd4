#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tcb.sh BUILD: what everybody has to trust at Realm EL2, in code lines (neither blank nor comment), folder by
# folder (the extension: file by file), and in bytes. Third party: the files of Mbed TLS that the linker kept something of.
set -eu
b=$1

code_lines() {	# FILE...
	[ $# = 0 ] && { echo 0; return; }
	cat "$@" | awk '
	{
		line = $0; out = ""
		while (line != "") {
			if (in_comment) {
				i = index(line, "*/")
				if (!i) { line = ""; break }
				line = substr(line, i + 2); in_comment = 0
			} else {
				i = index(line, "/*")
				if (!i) { out = out line; break }
				out = out substr(line, 1, i - 1); line = substr(line, i + 2); in_comment = 1
			}
		}
		sub(/\/\/.*/, "", out)
		if (out ~ /[^ \t]/) n++
	}
	END { print n + 0 }'
}

total=0
row() {	# what, file...
	what=$1
	shift
	n=$(code_lines "$@")
	total=$((total + n))
	printf '  %-34s %6d\n' "$what" "$n"
}

files() { find "$@" -name '*.[chS]' -o -name '*.def' | LC_ALL=C sort; }

echo "base monitor"
for d in core granule s2tt realm rmi rsi attest arch plat; do row "rmm/$d" $(files rmm/$d); done
for d in hash measure cbor; do row "lib/$d" $(files lib/$d); done
base=$total
printf '  %-34s %6d\n' "sum" "$base"
echo "extension"
total=0
for f in $(files rmm/mica lib/blob); do row "$f" "$f"; done
printf '  %-34s %6d\n' "sum" "$total"
awk -v e="$total" -v b="$base" 'BEGIN { printf "  %-34s %6.1f %% more lines\n", "growth", e / b * 100 }'
echo "boundary (layouts only)"
row abi $(files abi)
echo "third party (Mbed TLS, linked files)"
total=0
kept=$(sed -n '/^Linker script and memory map/,$p' "$b/rmm/rmm.map" |
	awk '$2 ~ /^0x/ && $3 !~ /^0x0$/ && $4 ~ /mbedtls\/.*\.o$/ { n = split($4, p, "/"); print p[n] }
	     $1 ~ /^0x/ && $2 !~ /^0x0$/ && $3 ~ /mbedtls\/.*\.o$/ { n = split($3, p, "/"); print p[n] }' |
	LC_ALL=C sort -u | sed "s|^|$b/deps/mbedtls/library/|; s|o\$|c|")
row "library ($(echo $kept | wc -w) files)" $kept
echo "image"
printf '  %-34s %6d bytes\n' "rmm.img" "$(stat -c %s "$b/rmm/rmm.img")"
aarch64-linux-gnu-size -A "$b/rmm/rmm.elf" | awk '
	/^\.text/ { t += $2 } /^\.rodata/ { r += $2 } /^\.data/ { d += $2 } /^\.bss|stack/ { z += $2 }
	END { printf "  text %d, read-only %d, data %d, zeroed %d bytes\n", t, r, d, z }'
# What each part has of .text, from the linker's map: a section's size and file stand on its line, or on the next if its name is long.
sed -n '/^Linker script and memory map/,$p' "$b/rmm/rmm.map" | awk '
	/^ \.text[^ ]*$/ { next_line = 1; next }
	next_line || /^ \.text/ {
		size = next_line ? $2 : $3; file = next_line ? $3 : $4
		next_line = 0
		print size, file
	}' | while read -r size file; do
	[ "${size#0x}" != "$size" ] || continue
	case $file in
	*/rmm/mica/*|*/lib/blob/*) echo "extension $((size))" ;;
	*/mbedtls/*) echo "library $((size))" ;;
	*.o) echo "base $((size))" ;;
	esac
done | awk '
	{ n[$1] += $2 }
	END {
		printf "  text of base %27d bytes\n  text of extension %22d bytes\n  text of library %24d bytes\n", n["base"], n["extension"], n["library"]
		printf "  %-34s %6.1f %% more text than the base, %.1f %% than base and library\n", "growth", n["extension"] / n["base"] * 100,
			n["extension"] / (n["base"] + n["library"]) * 100
	}'
