#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `mica inspect` as a program: the accept corpus there and back, damaged blobs by the rule that fails, JSON.
set -u
. tests/policy/lib.sh

id_of() { sed -n 's/^  ID   sha256://p' "$1"; }

# Every policy of the corpus that can be built: same workflow ID from the text that was read back.
built=0
for f in tests/policy/accept/*.mica examples/*/*.mica; do
	rm -rf "$scratch/p"
	mkdir "$scratch/p"
	cp "$f" "$scratch/p/p.mica"
	for image in a b c d s x ingest redactor sink; do echo "code of $image" >"$scratch/p/$image.bin"; done
	"$mica" build "$scratch/p/p.mica" -o "$scratch/p/blob" >"$scratch/p/id" 2>&1 || continue
	built=$((built + 1))
	exits "$f" 0 inspect "$scratch/p/blob"
	cp "$out" "$scratch/p/again.mica"
	exits "$f: is formatted" 0 fmt --check "$scratch/p/again.mica"
	"$mica" build "$scratch/p/again.mica" -o "$scratch/p/again" >"$scratch/p/id2" 2>&1
	that "$f: same bytes" cmp "$scratch/p/blob" "$scratch/p/again"
	that "$f: same ID" [ "$(id_of "$scratch/p/id")" = "$(id_of "$scratch/p/id2")" ]
	exits "$f: --json" 0 inspect --json "$scratch/p/blob"
	prints "$f: --json" "\"workflow_id\": \"$(id_of "$scratch/p/id")\""
done
that "enough of the corpus was built ($built)" [ $built -ge 8 ]

# What the rest of this file is about.
rm -rf "$scratch/p"
mkdir "$scratch/p"
cp examples/redact/redact.mica "$scratch/p"
for image in ingest sink; do echo "code of $image" >"$scratch/p/$image.bin"; done
"$mica" build "$scratch/p/redact.mica" -o "$scratch/p/blob" >"$scratch/id" 2>&1
"$mica" inspect "$scratch/p/blob" >"$scratch/p/again.mica"

# Every record of gates, devices and interrupts, as it should be. Texts are read before they are committed: UPDATE=1 writes them.
for f in tests/policy/records/*.json; do
	"$mica" build "${f%.json}.mica" -o "$scratch/records" >"$out" 2>&1
	"$mica" inspect --json - <"$scratch/records" >"$out" 2>"$err"
	[ -z "${UPDATE:-}" ] || cp "$out" "$f"
	that "$f" diff "$f" "$out"
done

# Names that component files gave: several files.
"$mica" build tests/policy/records/ports.mica -o "$scratch/ports" >"$scratch/id" 2>&1
exits "component files, one stream" 1 inspect "$scratch/ports"
says "component files, one stream" "is a policy of 4 files"
says "component files, one stream" "hint: -o DIR"
that "component files, one stream: no half of it" [ ! -s "$out" ]
exits "component files" 0 inspect "$scratch/ports" -o "$scratch/dir"
prints "component files" "$scratch/dir/workflow.mica"
for part in workflow asker keeper other; do exits "component files: $part is formatted" 0 fmt --check "$scratch/dir/$part.mica"; done
"$mica" build "$scratch/dir/workflow.mica" -o "$scratch/again" >"$scratch/id2" 2>&1
that "component files: same bytes" cmp "$scratch/ports" "$scratch/again"
exits "component files: twice" 2 inspect "$scratch/ports" -o "$scratch/dir"
says "component files: twice" "workflow.mica' is there already; nothing was written"
rm "$scratch/dir/workflow.mica" "$scratch/dir/asker.mica"
exits "component files: one is there" 2 inspect "$scratch/ports" --output-dir "$scratch/dir"
that "component files: one is there, nothing written" [ ! -e "$scratch/dir/workflow.mica" ]
exits "component files, --json" 0 inspect --json "$scratch/ports"
that "component files, --json" jq -e '.ok and ([.components[].file] == ["asker.mica", "keeper.mica", "other.mica"])' "$out"
exits "--json and -o" 2 inspect --json "$scratch/ports" -o "$scratch/dir2"
exits "a folder that cannot be made" 2 inspect "$scratch/ports" -o "$scratch/none/dir"
says "a folder that cannot be made" "cannot make folder"
exits "a file for a folder" 2 inspect "$scratch/ports" -o "$scratch/ports"
says "a file for a folder" "cannot write into"
exits "one file into a folder" 0 inspect "$scratch/p/blob" -o "$scratch/dir3"
that "one file into a folder" cmp "$scratch/p/again.mica" "$scratch/dir3/workflow.mica"

# Claims do not hold by themselves: `check` of what was read back says that there are none.
exits "check of the text" 0 check "$scratch/p/again.mica"
prints "check of the text" "W912"

blob=$scratch/p/blob
damage() {	# name, offset, octal byte, rule
	cp "$blob" "$scratch/bad"
	printf "\\$3" | dd of="$scratch/bad" bs=1 seek="$2" conv=notrunc 2>/dev/null
	exits "$1" 1 inspect "$scratch/bad"
	says "$1" "rule $4 fails"
	exits "$1, --json" 1 inspect --json "$scratch/bad"
	prints "$1, --json" "\"ok\": false, \"rule\": $4"
}
damage "magic" 0 101 1
damage "version" 12 011 1
damage "a zero field" 100 1 1
damage "a name" 352 101 2
damage "order of roles" 352 172 3
damage "address space" 264 100 4
damage "device pages without their timer" 412 1 5
damage "memory above the address space" 276 377 6
head -c 1000 "$blob" >"$scratch/bad"
exits "cut short" 1 inspect "$scratch/bad"
says "cut short" "rule 1 fails"
cat "$blob" "$blob" >"$scratch/bad"
exits "too long" 1 inspect "$scratch/bad"
: >"$scratch/bad"
exits "empty" 1 inspect "$scratch/bad"
exits "a policy" 1 inspect examples/redact/redact.mica
says "a policy" "it looks like text"
exits "no file" 2 inspect "$scratch/none"
says "no file" "cannot read '$scratch/none'"
exits "no operand" 2 inspect
"$mica" inspect - <"$blob" >"$out" 2>&1
that "standard input" cmp "$scratch/p/again.mica" "$out"

# Canonical, but what no text gives: a Realm with two breakpoints.
cp "$blob" "$scratch/other"
printf '\002' | dd of="$scratch/other" bs=1 seek=268 conv=notrunc 2>/dev/null
exits "another layout" 1 inspect "$scratch/other"
says "another layout" "(breakpoints) differs"
exits "another layout, --json" 1 inspect --json "$scratch/other"
prints "another layout, --json" '"policy": null'

finish inspect
