# SPDX-License-Identifier: Apache-2.0
#
# Part of run.sh: the worked policies. `# expect FILE:LINE holds`, or `violated` with the path, for each claim of the
# policy and of the components it uses; every claim is expected and every expectation comes out.

# "redact.mica:27 violated a -> b -> host", from --json
verdicts_of() {
	"$mica" check --json "$1" | sed -n 's/^    { "file": "\([^"]*\)", "line": \([0-9]*\), .*"verdict": "\([a-z]*\)", "path": \(\[.*\]\) }\]*,*$/\1:\2 \3 \4/p' |
		sed -e 's/ \[\]$//' -e 's/^[^ ]*\///' -e 's/ \[{ "from": "\([^"]*\)"/ \1/' -e 's/, "by"[^}]*}\]*//g' \
			-e 's/, "to": "\([^"]*\)"/ -> \1/g' -e 's/, { "from": "[^"]*"//g'
}

for f in "$root"/examples/policies/*.mica; do
	sed -n 's/^# expect //p' "$f" | sort >"$out"
	if [ -s "$out" ] && verdicts_of "$f" | sort | cmp -s - "$out"; then pass
	else fail "verdicts of $f"; verdicts_of "$f" | sort | diff "$out" -; fi
done

# What the language's own page shows is what comes out.
shown() { sed -n "/^\$ mica check $1\$/,/^\$/p" "$spec" | sed -e 1d -e '/^$/d' -e '/^```/,$d'; }
if "$mica" fmt --check "$root"/examples/*/*.mica "$root"/examples/policies/vendor/*.mica >"$out" 2>&1; then pass; else fail "worked policies are not formatted"; cat "$out"; fi
cd "$root/examples/policies"
for f in redact.mica webstore.mica; do
	shown $f >"$out"
	if "$mica" check $f 2>&1 | cmp -s - "$out"; then pass
	else fail "what the page shows of $f"; "$mica" check $f 2>&1 | diff "$out" -; fi
done
cd "$root/tests/policy"
