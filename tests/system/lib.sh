# SPDX-License-Identifier: Apache-2.0
# Sourced by the system tests: counting, a scratch folder that goes away, and what must not be
# left behind by a run.

mica=${MICA:-build/bin/mica}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

pass() { passed=$((passed + 1)); printf '  ok      %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf '  FAILED  %s: %s\n' "$1" "$2"; }

# The suite's closing line; the exit code says the same.
summary() {
	printf '%s: %d passed, %d failed\n' "$1" "$passed" "$failed"
	[ "$failed" = 0 ]
}

# Processes of ours that are still there: by the socket-fed emulator's own argument, and by what this suite gave it to
# inherit, for others may be running theirs.
MICA_SUITE=$$
export MICA_SUITE
leftovers() {
	for pid in $(pgrep -f 'virtserialport,chardev=ctl,name=mica.ctl'); do
		! tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "MICA_SUITE=$$" || echo "$pid"
	done
}

# The monitor under a bare-metal normal world (tests/bare); what it prints, to FILE.
run_bare() {	# FILE [FIRMWARE]
	timeout 300 qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off \
		-cpu max,x-rme=on -m 3G -smp 2 -nodefaults -display none -serial stdio -monitor none \
		-bios "build/fw/${2:-bare}.bios" -no-reboot </dev/null 2>&1 | tr -d '\r' >"$1" || :
}
