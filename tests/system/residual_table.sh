#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs/residual.md held against the tree: each row has all columns and a state that the page defines; every file:function that it names is
# there; it names a test, or says why there is none; what is bounded has a measured figure, or says by which other row.
# RESIDUAL=FILE looks at another page.
set -eu
. tests/system/lib.sh
page=${RESIDUAL:-docs/residual.md}

# Rows of the tables of channels, fields separated by tabs, without blanks at their ends.
awk -F'|' '
	/^\| Key / { in_table = 1; next }
	/^\|---/ { next }
	!/^\|/ { in_table = 0 }
	in_table {
		for (i = 2; i < NF; i++) { gsub(/^ +| +$/, "", $i); printf "%s%s", $i, i < NF - 1 ? "\t" : "\n" }
	}' "$page" >"$scratch/rows"
sed -n 's/^| `\([a-z-]*\)` (`\([a-z-]*\)`) |.*/\1 \2/p' "$page" >"$scratch/measured"

# A name in a file: path:name, all that stands in quotes. Attempts of tests/attack are topic/name; none of them alone makes a row.
exists() {	# REFERENCE
	file=${1%%:*} name=${1#*:}
	case $1 in
	tests/attack/*)
		[ -d tests/attack ] || return 0
		name=${1#tests/attack/}
		grep -qE "^ATTEMPT\(${name%%/*}, ${name#*/}," tests/attack/*.c ;;
	*:*)	[ -f "$file" ] && grep -qw "$name" "$file" ;;
	*)	return 1 ;;
	esac
}

missing() {	# CELL: the first reference that is not there
	printf '%s\n' "$1" | grep -o '`[^`]*[/:][^`]*`' | tr -d '`' | while read -r ref; do
		exists "$ref" || { echo "$ref"; break; }
	done
}

judge() {	# KEY CHANNEL DIRECTION STATE WHERE TESTS: what is wrong, if anything
	[ -n "$6" ] || { echo "a column is missing"; return; }
	case $3 in "Realm to host"|"host to Realm"|"both ways"|"Realm to Realm") ;; *) echo "direction $3"; return ;; esac
	case $4 in
	closed*|"by policy"*|bounded*|open*|declared*|availability*|"out of scope"*|"not known"*) ;;
	*) echo "state $4"; return ;;
	esac
	case $5 in *'`rmm/'*|*'`lib/'*|architecture*) ;; *) echo "no place in the code"; return ;; esac
	m=$(missing "$5 $6")
	[ -z "$m" ] || { echo "$m is not there"; return; }
	case $6 in
	"none: "?*" "?*" "?*) ;;
	none*) echo "no test, and no reason"; return ;;
	*) printf '%s\n' "$6" | grep -o '`tests/[^`]*:[^`]*`' >/dev/null || { echo "no test of this tree"; return; } ;;
	esac
	case $4 in
	bounded*", by "*|bounded*", as "*)
		by=$(printf '%s\n' "$4" | sed -E 's/.*, (by|as) ([a-z-]+).*/\2/')
		grep -q "^$by	" "$scratch/rows" || echo "bounded by $by, which is no row" ;;
	bounded*) grep -qx "[a-z-]* $1" "$scratch/measured" || echo "bounded, and no figure" ;;
	esac
}

while IFS='	' read -r key channel direction state where tests rest; do
	why=$(judge "$key" "$channel" "$direction" "$state" "$where" "$tests")
	if [ -z "$why$rest" ]; then passed=$((passed + 1)); else fail "$key" "${why:-too many columns}"; fi
done <"$scratch/rows"

[ "$passed" -ge 60 ] || fail "number of rows" "fewer than 60"
double=$(cut -f 1 "$scratch/rows" | sort | uniq -d)
if [ -z "$double" ]; then pass "no key twice"; else fail "keys" "$double"; fi
# Figures are of programs that there are, for rows that there are.
while read -r name key; do
	if grep -q "\"$name\"" tests/nonint/residual.c && grep -q "^$key	" "$scratch/rows"; then pass "figure $name"
	else fail "figure $name" "no such program, or no row $key"; fi
done <"$scratch/measured"
# And every program has its figure.
sed -n 's/^	*\(show\|lives\)("\([a-z-]*\)".*/\2/p' tests/nonint/residual.c | while read -r name; do
	grep -q "^$name " "$scratch/measured" || echo "$name"
done >"$scratch/unrecorded"
if [ -s "$scratch/unrecorded" ]; then fail "figures" "none of $(tr '\n' ' ' <"$scratch/unrecorded")"; else pass "every measured channel is in the page"; fi
summary system-residual-table
