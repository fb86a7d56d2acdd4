#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# all.sh BUILD [RUNS]: `make bench`. The parts' output as they go; then BUILD/bench/results.json, the plots and the tables. If a part fails, or
# somebody ends it, there is no results.json: one that is there is whole.
set -eu
b=$1 runs=${2:-5}
out=$b/bench
mkdir -p "$out"
rm -f "$out/results.json"
trap '[ -e "$out/results.json" ] || echo "make bench: not whole, no results.json" >&2' EXIT
trap 'exit 130' INT TERM HUP

echo "messages between two Realms: plaintext, ciphers, channels, gate, one at a time and as streams (a quarter of an hour on two CPUs)"
sh tools/bench/comm.sh "$b" "$out/comm.txt"
echo "calls of the monitor"
sh tools/bench-rmm.sh "$b"
echo "the extension: gates, signals, hooks; cost against size of the workflow"
sh tools/bench-mica.sh "$b"
echo "examples/redact"
sh tools/bench.sh "$b" "$runs"
echo "examples/redact by channels, by encryption, by plain processes"
sh tools/bench/pipeline.sh "$b" "$out/pipeline.txt"
echo "the tools (minutes)"
sh tests/bench/toolchain.sh "$b" "$out/token.cbor" >"$out/policy.txt"
echo "this machine itself: channel and encryption, paired"
sh tests/bench/silicon/run.sh "$b/tests/bench/silicon/silicon" >"$out/silicon.txt"
sh tools/bench/results.sh "$b" >"$out/results.new"
sh tools/bench/whole.sh "$out/results.new"
mv "$out/results.new" "$out/results.json"
cp docs/performance.md "$out/performance.md"
sh tools/bench/docs.sh "$out/results.json" "$out/performance.md" "$out"
for part in messages streams; do sed -n "/<!-- $part: /,/<!-- end of $part -->/p" "$out/performance.md"; done
echo "$out/results.json, $out/bytes.svg, $out/stream.svg, $out/latency.svg, $out/scale.svg; make bench-record puts them into docs/"
