#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# confined.sh FILE: what `make run-confined` shows: the words of a text counted by an ordinary program in a confined Linux.
set -eu
file=$1
out=build/demo/words
mkdir -p build/demo
printf 'Counting words of %s (%s bytes) through examples/confined\n\n' "$file" "$(wc -c <"$file")"
build/bin/mica run examples/confined/confined.mica --in "input=$file" --out "output=$out"
printf '\nThe most frequent words, from %s:\n' "$out"
head -n 8 "$out"
