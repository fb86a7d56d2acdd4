#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `mica fmt` as a program: the layout that was read before it was committed (fmt/*.out), files in place, refusals that
# leave the file alone. That tokens, comments and workflow IDs stay is the matter of tests/unit/fmt.c.
set -u
. tests/policy/lib.sh
cases=tests/policy/fmt

for f in $cases/*.mica; do
	[ -z "${UPDATE:-}" ] || "$mica" fmt - <"$f" >"${f%.mica}.out"
	"$mica" fmt - <"$f" >"$out" 2>"$err"
	that "$f" diff "${f%.mica}.out" "$out"
	"$mica" fmt - <"${f%.mica}.out" >"$out" 2>&1
	that "$f again" cmp "${f%.mica}.out" "$out"
done

# The example that the README shows is formatted.
exits "examples" 0 fmt --check examples/redact/*.mica
silent "examples"

# The whole corpus: what check refuses by its form (P0xx but the two that fmt repairs) is refused with the same words,
# the rest is a fixed point.
for f in tests/policy/accept/*.mica tests/policy/reject/*.mica; do
	name=$(basename "$f")
	want=0
	# an error of form, of this file and not of one it names; P003 and P004 are repaired, P027 may need more than form
	[ ! -f "${f%.mica}.err" ] || ! sed 's/error P0\(03\|04\|27\)//' "${f%.mica}.err" | grep -q "^reject/$name:[0-9:]* error P0" || want=1
	code=0
	(cd tests/policy && "$mica" fmt - <"${f#tests/policy/}" >"$out" 2>"$err") || code=$?
	if [ $code = 1 ]; then
		rule=$(sed -n 's/^<stdin>:[0-9]*:[0-9]*: error \(P[0-9]*\).*/\1/p' "$err" | head -n 1)
		grep -q "error $rule" "${f%.mica}.err" && pass || fail "$name: refused by $rule, which check does not raise"
	elif [ $want = 0 ]; then
		cp "$out" "$scratch/once"
		"$mica" fmt - <"$scratch/once" >"$out" 2>&1
		that "$name: a fixed point" cmp "$scratch/once" "$out"
	else
		fail "$name: exit $code"
	fi
done

# In place: content, mode, link; the name is printed once and a second run is silent.
cp $cases/layout.mica "$scratch/a.mica"
chmod 640 "$scratch/a.mica"
ln -s a.mica "$scratch/link.mica"
exits "in place" 0 fmt "$scratch/link.mica"
prints "in place" "$scratch/link.mica"
that "the content" cmp "$scratch/a.mica" $cases/layout.out
that "the mode" [ "$(stat -c %a "$scratch/a.mica")" = 640 ]
that "a link stays a link" [ -L "$scratch/link.mica" ]
exits "a second time" 0 fmt "$scratch/a.mica"
silent "a second time"
that "nothing else is left" [ "$(ls -A "$scratch" | grep -c '\.a\.mica')" = 0 ]

# --check changes nothing and names what would change.
cp $cases/layout.mica "$scratch/b.mica"
exits "--check" 1 fmt --check "$scratch/b.mica" "$scratch/a.mica"
that "--check names the one file" [ "$(cat "$out")" = "$scratch/b.mica" ]
that "--check changes nothing" cmp "$scratch/b.mica" $cases/layout.mica

# Repairs.
printf '\357\273\277workflow w {\r\n  # c\rd\r\n  realm a { image any }\r\n}\r\n' >"$scratch/crlf.mica"
exits "CR and BOM" 0 fmt "$scratch/crlf.mica"
printf 'workflow w {\n  # c d\n  realm a { image any }\n}\n' >"$scratch/lf.mica"
that "CR and BOM are gone" cmp "$scratch/crlf.mica" "$scratch/lf.mica"
printf 'workflow w { realm a { image "x\ry" } }\n' >"$scratch/str.mica"
exits "a CR in a string is not repaired" 1 fmt "$scratch/str.mica"
says "a CR in a string" "P009"

# One bad file does not keep the others from being formatted, and stays as it is.
printf 'workflow w { realm a { image anny } }\n' >"$scratch/bad.mica"
cp "$scratch/bad.mica" "$scratch/bad.copy"
exits "one bad file" 1 fmt "$scratch/bad.mica" "$scratch/b.mica"
says "one bad file" "bad.mica:1:30: error P020"
that "the bad file stays" cmp "$scratch/bad.mica" "$scratch/bad.copy"
that "the good file is formatted" cmp "$scratch/b.mica" $cases/layout.out

# I/O.
exits "no file" 2 fmt "$scratch/none.mica"
says "no file" "cannot read '$scratch/none.mica'"
exits "a folder" 2 fmt "$scratch"
says "a folder" "Is a directory"
mkfifo "$scratch/pipe"
exits "a pipe" 2 fmt "$scratch/pipe"
says "a pipe" "not a regular file"
exits "no operand" 2 fmt
says "no operand" "missing operand"
exits "- with others" 2 fmt - "$scratch/a.mica"
if [ "$(id -u)" != 0 ]; then
	cp $cases/layout.mica "$scratch/ro.mica"
	chmod 444 "$scratch/ro.mica"
	exits "a file that is write-protected" 2 fmt "$scratch/ro.mica"
	that "it stays" cmp "$scratch/ro.mica" $cases/layout.mica
fi

# The disk is full: the file stays, and nothing is beside it.
if [ -w /dev/full ]; then
	code=0
	"$mica" fmt - <$cases/layout.mica >/dev/full 2>"$err" || code=$?
	that "a full disk" [ $code = 2 ]
fi
mkdir "$scratch/full"
cp $cases/layout.mica "$scratch/full/"
(ulimit -f 0; trap '' XFSZ; "$mica" fmt "$scratch/full/layout.mica") >/dev/null 2>"$scratch/.full"
that "a file that cannot grow stays" cmp "$scratch/full/layout.mica" $cases/layout.mica
that "and nothing is beside it" [ "$(ls -A "$scratch/full")" = layout.mica ]

finish fmt
