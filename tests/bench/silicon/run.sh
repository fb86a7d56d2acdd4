#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh PROGRAM [PAIRS]: the native benchmark, and "machine CPU" before it, on the standard output.
set -eu
program=$1 pairs=${2:-501}
awk -F '[[:space:]]*: *' '
	$1 == "model name" && !model { model = $2 }
	$1 == "flags" && !flags { flags = " " $2 " " }
	END {
		printf "machine %s%s%s\n", model, flags ~ / vaes / ? ", VAES" : "", flags ~ / hypervisor / ? ", in a virtual machine" : ""
	}' /proc/cpuinfo
"$program" "$pairs"
