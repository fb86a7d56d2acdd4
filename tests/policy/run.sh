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
. tests/policy/lib.sh
root=$PWD
big=$scratch/.big
cd tests/policy

for f in accept/*.mica; do golden "${f%.mica}.out" 0 check "$f"; done
for f in reject/*.mica; do golden "${f%.mica}.err" 1 check "$f"; done
for f in warn/*.mica; do golden "${f%.mica}.out" 0 check "$f"; done
for f in build/*.mica; do golden "${f%.mica}.err" 1 build "$f"; done
for f in run/P705_*.mica; do golden "${f%.mica}.err" 1 run "$f"; done
golden run/P704_image.err 1 run run/P704_image.mica --image a=build/parts/page.img --image b=build/parts/page.img
golden json/holds.json 0 check --json accept/component_full.mica
golden json/violated.json 1 check --json ../../examples/policies/webstore.mica
golden json/requirement.json 1 check --json reject/P618_never.mica
golden json/errors.json 1 check --json reject/no_cascades.mica
golden json/strict.json 1 check --json --strict warn/W908_twice.mica
golden json/component.json 0 check --json accept/parts/filter.mica

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

finish policy
