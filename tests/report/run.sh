#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The page of `mica report` in a browser: clicks, keys, widths, colours, print. Not part of `make check`: it needs a
# Chromium and node.
set -u
mica=${MICA:-$PWD/build/bin/mica}
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || echo)}
if [ -z "$chromium" ] || ! command -v node >/dev/null; then
	echo "check-report needs the packages chromium and nodejs" >&2
	echo "report: 0 passed, 1 failed"
	exit 1
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Sixty-four roles in eight like groups.
big() {
	echo 'workflow big {'
	for i in 0 1 2 3 4 5 6 7; do
		echo "realm door$i { image \"door.bin\" declassifies } realm a$i, b$i, c$i, d$i, e$i, f$i, g$i { image any }"
		echo "window net$i 4KiB host <-> door$i"
		echo "channel in$i 4KiB door$i -> { a$i, b$i, c$i }"
		echo "channel mid$i 4KiB { a$i, b$i, c$i } -> d$i (ack)"
		echo "channel more$i 4KiB d$i <-> { e$i, f$i, g$i }"
		echo "channel back$i 4KiB g$i -> door$i (ack)"
		echo "never { a$i, g$i } ~> host except via door$i"
	done
	echo '}'
}

big >"$tmp/big.mica"
for p in examples/policies/redact.mica examples/policies/webstore.mica examples/policies/fedavg.mica "$tmp/big.mica"; do
	"$mica" report "$p" -o "$tmp/$(basename "$p" .mica).html" || exit 1
done
node tests/report/clicks.js "$chromium" "$tmp/profile" "$tmp"
