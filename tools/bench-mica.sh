#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bench-mica.sh BUILD: what the extension costs, in instructions (tests/bench/mica*.c): calls through gates against the same by
# way of the host, signals, set-up and teardown against the number of parts; and what its hooks cost a Realm that is not
# bound: the calls of bench-rmm with the monitor and with one built without the extension. Asserts nothing.
set -eu
b=$1
mkdir -p "$b/bench"

machine() {	# FIRMWARE OUTPUT
	timeout 900 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 1 \
		-icount shift=0 -nodefaults -display none -serial stdio -monitor none -bios "$b/fw/$1.bios" -no-reboot \
		</dev/null 2>&1 | tr -d '\r' >"$2" || :
	grep -q '^bare bench: [0-9]* passed, 0 failed' "$2" || {
		grep -E '^FAIL|^bare bench' "$2" >&2 || tail -n 5 "$2" >&2
		exit 1
	}
}

machine bench_mica "$b/bench/mica.txt"
machine bench "$b/bench/with.txt"
machine bench_no_mica "$b/bench/without.txt"

awk '
	BEGIN { printf "%-30s %12s %12s %12s\n", "instructions", "minimum", "median", "maximum" }
	$1 == "bench" && NF == 5 { printf "%-30s %12d %12d %12d\n", $2, $3, $4, $5; median[$2] = $4 }
	END {
		host = median["call_by_host"]
		printf "\na call through a gate: %.0f %% of the same by way of the host (aim: 33), %.0f %% of one exit\n",
			100 * median["gate_call_8_words"] / host, 100 * median["gate_call_8_words"] / median["exit_bound"]
	}' "$b/bench/mica.txt"

# least squares; the deviation is that of the worst point from the line, in parts of the point
awk '
	$1 == "point" && NF == 4 {
		if (!($2 in n)) name[++names] = $2
		k = ++n[$2]; x[$2, k] = $3; y[$2, k] = $4
		sx[$2] += $3; sy[$2] += $4; sxx[$2] += $3 * $3; sxy[$2] += $3 * $4
	}
	END {
		printf "\n%-30s %8s %8s %12s %12s %10s\n", "instructions against parts", "from", "to", "each", "at none", "deviation"
		for (i = 1; i <= names; i++) {
			s = name[i]; m = n[s]
			slope = (m * sxy[s] - sx[s] * sy[s]) / (m * sxx[s] - sx[s] * sx[s])
			base = (sy[s] - slope * sx[s]) / m
			worst = 0
			for (k = 1; k <= m; k++) {
				d = (y[s, k] - base - slope * x[s, k]) / y[s, k]
				if (d < 0) d = -d
				if (d > worst) worst = d
			}
			printf "%-30s %8d %8d %12.1f %12.0f %9.1f%%\n", s, x[s, 1], x[s, m], slope, base, 100 * worst
		}
	}' "$b/bench/mica.txt"

awk '
	$1 != "bench" || NF != 5 { next }
	NR == FNR { without[$2] = $4; next }
	FNR == 1 || !head++ { printf "\n%-30s %12s %12s %10s\n", "unbound, the median", "without", "with", "hooks" }
	{ printf "%-30s %12d %12d %9.1f%%\n", $2, without[$2], $4, 100 * ($4 - without[$2]) / without[$2] }
' "$b/bench/without.txt" "$b/bench/with.txt"
