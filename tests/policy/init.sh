#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `mica init`: what it writes checks without a warning, is formatted, compiles and can be built; what is there is
# never touched.
set -u
. tests/policy/lib.sh
cd "$scratch"

exits "init" 0 init hello
prints "init" "cd hello"
prints "init: a program that the shell does not find, by its path" "  $(realpath "$mica") check hello.mica"
mkdir bin
ln -s "$mica" bin/mica
(PATH=$scratch/bin:$PATH exec "$mica" init found) >"$out" 2>"$err"
prints "init: one that it finds" "  mica check found.mica"
rm -r found
that "the five files" [ "$(ls hello | tr '\n' ' ')" = "Makefile hello.mica intake.c release.c worker.c " ]
exits "check --strict" 0 check --strict hello/hello.mica
prints "check" "2 of 2 claims hold"
exits "is formatted" 0 fmt --check hello/hello.mica
exits "build needs the images" 1 build hello/hello.mica
says "build needs the images" "P701"
that "make" make -C hello all
exits "build" 0 build hello/hello.mica -o blob
exits "and back" 0 inspect blob
sed 's/n < 0 ? n/n < -1 ? n/' hello/release.c >other.c
that "other code in a pinned role" sh -c '! cmp -s other.c hello/release.c && cp hello/release.c kept.c && cp other.c hello/release.c && make -C hello'
exits "builds, too" 0 build hello/hello.mica -o other.blob
that "but is another workflow" sh -c '! cmp -s blob other.blob'
that "the old code again" sh -c 'cp kept.c hello/release.c && make -C hello'
exits "the old code again" 0 build hello/hello.mica -o other.blob
that "is the old workflow" cmp blob other.blob
exits "measure" 0 measure hello/hello.mica intake
that "no mark is left" sh -c '! grep -q "@[A-Z][A-Z]*@" hello/*.c hello/*.mica hello/Makefile'

# A worker with a way out is found.
sed 's/control { intake, release }/control { intake, worker, release }/' hello/hello.mica >hello/leak.mica
exits "the claim is worth something" 1 check hello/leak.mica
prints "the claim is worth something" "VIOLATED"

# Nothing is overwritten, whatever is there; nothing is written beside it.
cp -r hello copy
exits "a second time" 2 init hello
says "a second time" "is there already; nothing was written"
that "nothing changed" diff -r hello copy
mkdir half
echo mine >half/worker.c
exits "one file is there" 2 init half
that "it stays alone" [ "$(ls half)" = worker.c ]
mkdir dangling
ln -s nowhere dangling/Makefile
exits "a dangling link" 2 init dangling
that "it stays alone" [ "$(ls dangling)" = Makefile ]
echo text >file
exits "a file in the way" 2 init file
exits "no way to it" 2 init none/there
that "no folder was made" [ ! -e none ]

# The disk is full: nothing stays.
(ulimit -f 0; trap '' XFSZ; "$mica" init full) >/dev/null 2>"$err"
that "a full disk" [ ! -e full ]

# Names.
exits "capitals and dashes" 0 init My-App.2
that "their name" [ -e My-App.2/my_app_2.mica ]
exits "their policy" 0 check My-App.2/my_app_2.mica
exits "nothing but digits" 0 init 2026
that "their name" [ -e 2026/hello.mica ]
exits "a reserved word" 0 init realm
exits "its policy" 0 check realm/hello.mica
long=$(printf 'x%.0s' $(seq 100))
exits "a long name" 0 init "$long"
exits "its policy" 0 check "$long"/*.mica
mkdir here
cd here
exits "here" 0 init
that "here" [ -e here.mica ]
cd ..
mkdir alone
cp "$mica" alone/mica
alone/mica init stranded >"$out" 2>"$err"
says "a program alone" "set MICA_HOME in stranded/Makefile"
exits "two operands" 2 init a b
exits "an option" 2 init --force

finish init
