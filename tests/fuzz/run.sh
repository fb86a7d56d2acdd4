#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Sequences of calls, machine against model: the corpus, and random ones (STEPS, SEED).
set -eu
exec "${B:-build}/tests/rmi_sequence" --steps "${STEPS:-100000}" --seed "${SEED:-1}" tests/fuzz/corpus/rmi_sequence/* 2>&1
