#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs/performance.md and its plots are what docs/bench/results.json says: written again, they are the same bytes. With one figure
# changed they are not. What pages say in words is what it says, too (prose.jq); and results that are not whole are refused.
set -eu
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
passed=0
failed=0
check() {	# NAME COMMAND...
	name=$1
	shift
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $name"; fi
}
differ() { ! cmp -s "$1" "$2"; }

cp docs/performance.md "$d/page.md"
sh tools/bench/docs.sh docs/bench/results.json "$d/page.md" "$d"
check "the page is not what is recorded: make bench-docs" cmp -s docs/performance.md "$d/page.md"
for plot in bytes latency stream pipeline scale; do
	check "$plot.svg is not what is recorded: make bench-docs" cmp -s docs/bench/$plot.svg "$d/$plot.svg"
done
# Slopes are those of the points.
jq -r '.points[] | "point \(.against) \(.what) \(.x) \(.y)"' docs/bench/results.json | awk -f tools/bench/line.awk |
	awk '{ printf "%s %s %d %d %.4f %.2f %.2f %.2f\n", $2, $3, $4, $5, $6, $7, $8, $9 }' >"$d/lines"
jq -r '.scale[] | "\(.against) \(.what) \(.from) \(.to) \(.each) \(.base) \(.off) \(.percent)"' docs/bench/results.json |
	awk '{ printf "%s %s %d %d %.4f %.2f %.2f %.2f\n", $1, $2, $3, $4, $5, $6, $7, $8 }' >"$d/recorded"
check "slopes are not those of the points" cmp -s "$d/lines" "$d/recorded"

# What is said in words. Where a line ends does not matter.
stale() {	# RESULTS: texts that are not there
	jq -r -f tests/bench/prose.jq "$1" >"$d/prose" || echo "prose.jq fails"
	while IFS='	' read -r file text; do
		tr -s ' \n' '  ' <"$file" | grep -qF -- "$text" || echo "$file does not say: $text"
	done <"$d/prose"
}
stale docs/bench/results.json >"$d/stale"
check "$(cat "$d/stale")" [ ! -s "$d/stale" ]
for change in '(.streams[] | select(.way == "in-place")).instructions |= . * 1.2' '(.messages[] | select(.way == "in-place")).exits |= . + 1' \
	'(.pipeline[] | select(.way == "vmm" and .work == "redact")).ticks |= . * 1.1' '(.points[] | select(.what == "hop" and .x == 512)).y |= . * 2' \
	'(.scale[] | select(.against == "gates" and .what == "self")).percent = 600'; do
	jq "$change" docs/bench/results.json >"$d/other.json"
	stale "$d/other.json" >"$d/stale"
	check "words stay when figures change: $change" [ -s "$d/stale" ]
done

# Results with a hole are neither shown nor recorded.
holed() { ! sh tools/bench/whole.sh "$1" 2>/dev/null && ! sh tools/bench/docs.sh "$1" "$d/other.md" "$d/other" 2>/dev/null; }
cp docs/performance.md "$d/other.md"
for hole in 'del(.messages[3])' 'del(.pipeline[] | select(.way == "sockets"))' '.streams[4].instructions = ""' '.points[7].y = ""' '.hooks[2].without = ""' \
	'.silicon = []' '.messages += [.messages[0]]' '.messages[0].count = 999' 'del(.scale[5])' 'del(.redact)' 'del(.size.image)' 'del(.versions.qemu)'; do
	jq "$hole" docs/bench/results.json >"$d/other.json"
	check "not whole, and taken: $hole" holed "$d/other.json"
done
head -c 20000 docs/bench/results.json >"$d/other.json"
check "cut off, and taken" holed "$d/other.json"
check "a page by results that are not whole" cmp -s docs/performance.md "$d/other.md"

# One figure of each part changed: the page changes between the marks of that part, and so does each plot that has it.
part() { sed -n "/<!-- $2: /,/<!-- end of $2 -->/p" "$1"; }
changed() {	# PART FILTER [PLOT...]
	part=$1
	jq "$2" docs/bench/results.json >"$d/other.json"
	shift 2
	cp docs/performance.md "$d/other.md"
	rm -rf "$d/other"
	mkdir "$d/other"
	sh tools/bench/docs.sh "$d/other.json" "$d/other.md" "$d/other"
	part docs/performance.md "$part" >"$d/part"
	part "$d/other.md" "$part" >"$d/other.part"
	check "a figure of $part changed and the page did not" differ "$d/part" "$d/other.part"
	for plot; do check "a figure of $part changed and $plot.svg did not" differ docs/bench/$plot.svg "$d/other/$plot.svg"; done
}
changed short '.size.extension_lines += 1'
changed messages '(.messages[] | select(.way == "in-place" and .size == 4096)) |= (.instructions *= 2 | .p50 *= 2)' bytes latency
changed streams '(.streams[] | select(.way == "in-place" and .size == 4096)) |= (.instructions *= 2)' stream
changed calls '(.calls[] | select(.name == "data_destroy")) |= (.median *= 2)'
changed extension '(.extension[] | select(.name == "gate_call_8_words")) |= (.median *= 2)'
changed setup '(.scale[] | select(.against == "roles" and .what == "wf_create")) |= (.each *= 2)'
changed blocks '(.extension[] | select(.name == "channel_64_mib_blocks_up")) |= (.median *= 2)'
changed hooks '(.hooks[] | select(.name == "data_destroy")) |= (.with *= 2)'
changed pipeline '(.pipeline[] | select(.work == "redact" and .way == "vmm")) |= (.ticks *= 2 | .kernel *= 2)' pipeline
changed scale '(.scale[] | select(.what == "hop")) |= (.each *= 2) | (.points[] | select(.what == "hop")) |= (.y *= 2)' scale
changed granules '(.scale[] | select(.against == "roles" and .what == "granules")) |= (.each *= 2)'
changed monitor '.static.granule_table *= 2'
changed memory '.memory[0].granules += 1'
changed redact '.redact.instructions_per_byte.kernel += 1'
changed policy '(.policy[] | select(.series == "both" and .command == "check" and .roles == 64)) |= (.tool *= 2)'
changed silicon '.silicon[5].median *= 2'
changed size '.size.extension_text += 1'
echo "bench: $passed passed, $failed failed"
[ "$failed" = 0 ]
