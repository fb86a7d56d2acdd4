#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every policy in accept/ passes `mica check`; every one in reject/ is refused with exactly the text beside it. Texts are
# read before they are committed: UPDATE=1 writes them.
set -u
mica=${MICA:-$PWD/build/bin/mica}
cd tests/policy
passed=0
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

for f in accept/*.mica; do
	if "$mica" check "$f" >"$out" 2>&1; then passed=$((passed + 1))
	else failed=$((failed + 1)); echo "FAILED $f"; cat "$out"; fi
done
for f in reject/*.mica; do
	"$mica" check "$f" >"$out" 2>&1
	code=$?
	[ -z "${UPDATE:-}" ] || cp "$out" "${f%.mica}.err"
	if [ $code != 1 ]; then failed=$((failed + 1)); echo "FAILED $f: exit $code"; cat "$out"
	elif ! cmp -s "$out" "${f%.mica}.err"; then failed=$((failed + 1)); echo "FAILED $f"; diff "${f%.mica}.err" "$out"
	else passed=$((passed + 1)); fi
done

# A file above the limit, made here.
big=$(mktemp)
{ echo 'workflow w {'; head -c 17825792 /dev/zero | tr '\0' ' '; echo '}'; } >"$big"
if "$mica" check "$big" 2>&1 | grep -q 'error P005: file is larger than 16 MiB'; then passed=$((passed + 1))
else failed=$((failed + 1)); echo "FAILED P005"; fi
rm -f "$big"

# --json is JSON of the promised schema, for every file.
for f in accept/*.mica reject/*.mica ../../examples/redact/redact.mica; do
	"$mica" check --json "$f" >"$out" 2>/dev/null
	if head -c 27 "$out" | grep -q '^{ "schema": "mica.check/1"' && [ "$(tail -c 4 "$out")" = "] }" ]; then passed=$((passed + 1))
	else failed=$((failed + 1)); echo "FAILED --json $f"; fi
done
echo "policy: $passed passed, $failed failed"
[ $failed = 0 ]
