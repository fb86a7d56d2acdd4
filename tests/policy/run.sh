#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Inputs with the exact text that `mica` answers with. Texts are read before they are committed: UPDATE=1 writes them.
#     accept/  `mica check` takes it                 warn/   takes it with one warning, that --strict refuses
#     reject/  `mica check` refuses it, one rule a file      build/  `mica build` refuses it, though it checks
#     run/     `mica run` refuses it before any machine starts
#     json/    the whole of `mica check --json`
# Then the worked policies of examples/policies against the verdicts they state, inputs made to break the
# reader, and the catalogue itself: a row without a case is a failure.
set -u
mica=${MICA:-$PWD/build/bin/mica}
root=$PWD
cd tests/policy
passed=0
failed=0
out=$(mktemp)
big=$(mktemp)
trap 'rm -f "$out" "$big"' EXIT

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED $*"; }

# answer WANTED-EXIT FILE-WITH-TEXT COMMAND...
answer() {
	want=$1
	text=$2
	shift 2
	"$mica" "$@" >"$out" 2>&1
	code=$?
	[ -z "${UPDATE:-}" ] || cp "$out" "$text"
	if [ $code != "$want" ]; then fail "mica $*: exit $code"; cat "$out"
	elif ! cmp -s "$out" "$text"; then fail "mica $*"; diff "$text" "$out"
	else pass; fi
}

for f in accept/*.mica; do answer 0 "${f%.mica}.out" check "$f"; done
for f in reject/*.mica; do answer 1 "${f%.mica}.err" check "$f"; done
for f in warn/*.mica; do answer 0 "${f%.mica}.out" check "$f"; done
for f in build/*.mica; do answer 1 "${f%.mica}.err" build "$f"; done
for f in run/P705_*.mica; do answer 1 "${f%.mica}.err" run "$f"; done
answer 1 run/P704_image.err run run/P704_image.mica --image a=build/parts/page.img --image b=build/parts/page.img
answer 0 json/holds.json check --json accept/component_full.mica
answer 1 json/violated.json check --json ../../examples/policies/webstore.mica
answer 1 json/requirement.json check --json reject/P618_never.mica
answer 1 json/errors.json check --json reject/no_cascades.mica
answer 1 json/strict.json check --json --strict warn/W908_twice.mica
answer 0 json/component.json check --json accept/parts/filter.mica

# --json is JSON of the promised schema, for every file.
for f in accept/*.mica reject/*.mica warn/*.mica; do
	"$mica" check --json "$f" >"$out" 2>/dev/null
	if head -c 27 "$out" | grep -q '^{ "schema": "mica.check/1"' && [ "$(tail -c 4 "$out")" = "] }" ]; then pass
	else fail "--json $f"; fi
done

# A warning is an error to --strict, and nothing else changes.
for f in warn/*.mica; do
	"$mica" check --strict "$f" >"$out" 2>&1
	code=$?
	if [ $code = 1 ] && sed 's/: warning W/: error W/' "${f%.mica}.out" | cmp -s - "$out"; then pass
	else fail "--strict $f: exit $code"; fi
done

. ./catalogue.sh
. ./expect.sh
. ./hostile.sh

echo "policy: $passed passed, $failed failed"
[ $failed = 0 ]
