#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The grammars of the editors know every word that the lexer and the parser know, and no other; their JSON is JSON.
set -u
. tests/policy/lib.sh
vim=editors/vim/syntax/mica.vim
code=editors/vscode/syntaxes/mica.tmLanguage.json

tr ' ' '\n' <tests/policy/words | sort >"$scratch/words"

# The words of the compiler: reserved ones, and the lists of what is known in a place.
{
	sed -n '/^bool is_reserved/,/^}/p' policy/compiler/lex.c
	sed -n '/known\[\] = {/,/};/p' policy/compiler/parse*.c
} | grep -o '"[a-z0-9]*"' | tr -d '"' | sort -u >"$scratch/compiler"
that "the compiler's words were found" [ "$(wc -l <"$scratch/compiler")" -ge 30 ]
comm -23 "$scratch/compiler" "$scratch/words" >"$scratch/missing"
that "tests/policy/words has them all" [ ! -s "$scratch/missing" ]
[ ! -s "$scratch/missing" ] || cat "$scratch/missing"

# What vim knows: the keywords, and the units in the number's pattern.
{
	sed -n 's/^syn keyword mica[A-Z][a-z]* //p' "$vim" | grep -v TODO | tr ' ' '\n'
	grep -o '[KMG]iB' "$vim"
} | sort -u >"$scratch/vim"
that "vim" diff "$scratch/words" "$scratch/vim"

jq -r '.repository | .word.patterns[].match, .number.match, (.declaration.match | sub("\\(\\?!.*"; ""))' "$code" |
	grep -oE '[a-zA-Z0-9]+' | grep -vxE 'b|s|x|0x|0|9|9a|f' | sort -u >"$scratch/code"
that "vscode" diff "$scratch/words" "$scratch/code"

for f in editors/vscode/*.json editors/vscode/syntaxes/*.json; do that "$f" jq -e . "$f"; done
that "the grammar that package.json names" [ -f "editors/vscode/$(jq -r '.contributes.grammars[0].path' editors/vscode/package.json)" ]
that "the configuration that it names" [ -f "editors/vscode/$(jq -r '.contributes.languages[0].configuration' editors/vscode/package.json)" ]

# The problem matcher takes what check prints.
"$mica" check tests/policy/reject/P102_unknown.mica >"$out" 2>&1
pattern=$(jq -r '.contributes.problemMatchers[0].pattern.regexp' editors/vscode/package.json | sed 's/\\d/[0-9]/g')
that "the problem matcher" grep -qE "$pattern" "$out"

finish editors
