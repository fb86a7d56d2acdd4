#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Shell completion, driven in the shells themselves: bash through the variables that readline sets, zsh on a terminal
# of its own. Every command and option that the program has must be offered.
set -u
. tests/policy/lib.sh
top=$PWD
"$mica" help --words >"$scratch/words"

# What bash offers for a line: its words, the last one the one to complete. readline cuts at `=`.
cat >"$scratch/offer.bash" <<'END'
. "$TOP/completions/mica.bash"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
_mica
printf '%s\n' "${COMPREPLY[@]}"
END
offer() { (cd "$scratch/files" && TOP=$top bash "$scratch/offer.bash" "$mica" "$@") >"$out" 2>"$err"; [ ! -s "$err" ] || fail "bash says something: $(cat "$err")"; }
offered() { grep -qxF -- "$2" "$out" && pass || { fail "$1: '$2' is not offered"; cat "$out"; }; }
not_offered() { grep -qxF -- "$2" "$out" && fail "$1: '$2' is offered" || pass; }

mkdir -p "$scratch/files/sub"
touch "$scratch/files/a.mica" "$scratch/files/b.blob" "$scratch/files/with space.mica"

that "bash -n" bash -n completions/mica.bash
offer ''
for c in $(awk -F '\t' '$1 == "command" { print $2 }' "$scratch/words"); do offered "commands" "$c"; done
offer che
that "a prefix gives one command" [ "$(cat "$out")" = check ]

# Every option of every command, by its first letters.
awk -F '\t' '$1 == "option" { print $2, $3 }' "$scratch/words" >"$scratch/options"
while read -r c o; do
	offer "$c" "${o%?}"
	offered "$c" "$o"
done <"$scratch/options"
that "there are options" [ "$(wc -l <"$scratch/options")" -gt 40 ]
offer check --j
that "no option of another command" [ "$(cat "$out")" = --json ]

# Operands and values.
offer check ''
offered "a policy" a.mica
offered "a policy" "with space.mica"
offered "a folder" sub
not_offered "a policy" b.blob
offer inspect ''
offered "a blob" b.blob
offer measure a.mica ''
that "a role is free text" [ -z "$(cat "$out")" ]
offer fmt a.mica ''
offered "a second policy" a.mica
offer init ''
that "a folder only" [ "$(cat "$out")" = sub ]
offer help m
that "a command" [ "$(cat "$out")" = measure ]
offer build -o ''
offered "a value that is a file" b.blob
offer build a.mica --output = ''
offered "the same behind =" b.blob
offer check --color ''
for w in auto always never; do offered "--color" $w; done
offer check --color = al
that "--color=al" [ "$(cat "$out")" = always ]
offer run --in input = ''
offered "WINDOW=FILE" b.blob
offer run --in input = b
that "WINDOW=FILE, begun" [ "$(cat "$out")" = b.blob ]
offer run --cpus ''
that "a number is free text" [ -z "$(cat "$out")" ]
offer run --cpus 2 ''
offered "a policy behind an option" a.mica
offer nonsense ''
that "an unknown command" [ -z "$(cat "$out")" ]

# A terminal: what zsh puts on the line.
cat >"$scratch/line.zsh" <<'END'
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "PS1=READY; PS2=; unset zle_bracketed_paste; LISTMAX=0; fpath=($TOP/completions \$fpath); path=(${MICA:h} \$path); cd $FILES; autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' menu no; print LOADED"
while zpty -r shell line '*LOADED*'; do break; done
sleep 0.3
zpty -w -n shell "$1"$'\t'
sleep 0.6
zpty -w -n shell $'\t'
sleep 0.6
zpty -w -n shell $'\x15print E''ND\n'
zpty -r shell line '*END*'
print -r -- $line
zpty -d shell
END
on_line() {	# what was typed, what must be there then
	TOP=$top MICA=$mica FILES=$scratch/files zsh -f "$scratch/line.zsh" "$1" >"$out" 2>&1 </dev/null
	grep -qF -- "$2" "$out" && pass || { fail "zsh: '$1' does not give '$2'"; cat -v "$out"; }
}
that "zsh -n" zsh -n completions/_mica
on_line 'mica che' 'mica check'
on_line 'mica check --js' '--json'
on_line 'mica inspect b.b' 'b.blob'
on_line 'mica fmt a.' 'a.mica'
on_line 'mica check --color=al' 'always'
on_line 'mica run --in input=b.' 'b.blob'
on_line 'mica run --' '--hostile-host'

finish completion
