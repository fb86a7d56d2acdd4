#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What `make bench-pipeline` measures works: examples/redact over channels, over host memory plain and sealed, each output
# compared; and a host that changes a bit of its memory, which plaintext does not notice and a sealed stream refuses.
set -eu
. tests/system/lib.sh

BENCH_TIMEOUT=300
export BENCH_TIMEOUT
if ! sh tools/bench/pipeline.sh build "$scratch/pipeline" guard 2>"$scratch/err"; then
	fail "the pipeline" "$(tail -n 6 "$scratch/err")"
fi
while read -r _ what; do pass "$what"; done <"$scratch/pipeline"
summary system-pipeline
