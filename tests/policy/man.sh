#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The man pages: groff has nothing to say against them, every command that has a table of options has a page with
# exactly these options, and the overview names every command.
set -u
. tests/policy/lib.sh
pages=docs/man
"$mica" help --words >"$scratch/words"

for page in "$pages"/*; do
	groff -ww -b -man -Tutf8 "$page" >/dev/null 2>"$err"
	that "$page renders" [ ! -s "$err" ]
	[ ! -s "$err" ] || cat "$err"
	groff -man -Tascii "$page" 2>/dev/null | sed 's/.\x08//g; s/\x1b\[[0-9]*m//g' >"$out"
	for section in NAME SYNOPSIS DESCRIPTION; do
		[ "$section" != SYNOPSIS ] || [ "${page%.1}" != "$page" ] || continue
		that "$page has $section" grep -qx "$section" "$out"
	done
done

# Long options that stand first on a line of the page's OPTIONS.
options_of() { groff -man -Tascii "$1" 2>/dev/null | sed 's/.\x08//g; s/\x1b\[[0-9]*m//g' | awk '/^OPTIONS/ { on = 1; next } /^[A-Z]/ { on = 0 } on' |
	sed -n 's/^ \{4,8\}\(-[a-z], \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p' | sort; }

for c in $(awk -F '\t' '$1 == "operands" { print $2 }' "$scratch/words"); do
	page=$pages/mica-$c.1
	that "mica $c has a page" [ -f "$page" ]
	options_of "$page" >"$scratch/page"
	awk -F '\t' -v c="$c" '$1 == "option" && $2 == c && $3 ~ /^--/ { print $3 }' "$scratch/words" | sort >"$scratch/program"
	that "mica $c: options of the page and of the program" diff "$scratch/page" "$scratch/program"
	that "mica.1 names $c" grep -q "^.fBmica.-$c.fR(1)" "$pages/mica.1"
done
for page in "$pages"/mica-*.1; do
	c=${page##*/mica-}
	that "$page is of a command" grep -q "^command	${c%.1}	" "$scratch/words"
done

# Every reserved word and every attribute of the language is in its page.
groff -man -Tascii "$pages/mica-policy.5" 2>/dev/null | sed 's/.\x08//g; s/\x1b\[[0-9]*m//g' >"$out"
for w in $(cat tests/policy/words); do
	that "mica-policy.5 has $w" grep -qw -- "$w" "$out"
done

finish man
