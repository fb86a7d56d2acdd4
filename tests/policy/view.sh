#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# explain, graph and diff print exactly the texts in view/, of the worked policies in examples/policies and of rights.mica; a case in view/diff/ holds an old policy, a
# new one, and what diff says with its exit status. Texts are read before they are committed: UPDATE=1 writes them.
set -u
mica=${MICA:-$PWD/build/bin/mica}
cd tests/policy/view
ex=../../../examples/policies
passed=0
failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED $*"; }

# golden FILE STATUS ARGUMENTS...: both outputs and the exit status
golden() {
	file=$1
	want=$2
	shift 2
	"$mica" "$@" >"$tmp/out" 2>&1
	code=$?
	[ -z "${UPDATE:-}" ] || cp "$tmp/out" "$file"
	if [ $code != "$want" ]; then bad "$*: exit $code, want $want"; cat "$tmp/out"
	elif ! cmp -s "$tmp/out" "$file"; then bad "$*"; diff "$file" "$tmp/out"
	else ok; fi
}

# refused STATUS TEXT ARGUMENTS...: the message, nothing on standard output
refused() {
	want=$1
	text=$2
	shift 2
	"$mica" "$@" >"$tmp/out" 2>"$tmp/err"
	code=$?
	if [ $code = "$want" ] && [ ! -s "$tmp/out" ] && grep -qF -- "$text" "$tmp/err"; then ok
	else bad "$*: exit $code, want $want and '$text'"; cat "$tmp/out" "$tmp/err"; fi
}

for p in redact llm webstore fedavg genomics; do
	golden $p.explain 0 explain $ex/$p.mica
	golden $p.dot 0 graph --dot $ex/$p.mica
done
golden redact.redactor.explain 0 explain $ex/redact.mica redactor
golden redact.host.explain 0 explain $ex/redact.mica host
golden redact.raw.explain 0 explain $ex/redact.mica raw
golden webstore.store.tls.explain 0 explain $ex/webstore.mica store tls
golden llm.weights.host.explain 0 explain $ex/llm.mica weights host
golden llm.logger.events.explain 0 explain $ex/llm.mica logger events
golden fedavg.door1.data2.explain 0 explain $ex/fedavg.mica door1 data2
golden genomics.genome_db.host.explain 0 explain $ex/genomics.mica genome_db host
golden genomics.requirement.dot 0 graph --dot --claim 13 $ex/genomics.mica
golden rights.explain 0 explain rights.mica
golden rights.lonely.a.explain 0 explain rights.mica lonely a
golden rights.sink.a.explain 0 explain rights.mica sink a
golden rights.dot 0 graph --dot --residual rights.mica
golden redact.residual.dot 0 graph --dot --residual $ex/redact.mica
golden llm.38.dot 0 graph --dot --claim 38 $ex/llm.mica
golden webstore.claim.dot 0 graph --dot --claim 26 $ex/webstore.mica
golden webstore.app.json 0 explain --json $ex/webstore.mica app

# ---- refusals ----
printf 'workflow w {\n  realm a { image any }\n  channel c 4KiB a -> nobody\n}\n' >"$tmp/error.mica"
for c in explain graph 'report -o -'; do
	refused 1 'error P601' $c $ex/vendor/aligner.mica
	refused 1 'error P102' $c "$tmp/error.mica"
	refused 2 'cannot read' $c "$tmp/absent.mica"
	refused 2 'missing operand: POLICY' ${c%% *}
	refused 2 "unknown option '--bogus'" ${c%% *} $ex/redact.mica --bogus
done
refused 2 'error P102' diff $ex/redact.mica "$tmp/error.mica"
refused 2 'error P102' diff "$tmp/error.mica" $ex/redact.mica
refused 2 'cannot read' diff $ex/redact.mica "$tmp/absent.mica"
refused 2 'missing operand: POLICY' diff $ex/redact.mica
refused 2 "unexpected '$ex/redact.mica'" diff $ex/redact.mica $ex/redact.mica $ex/redact.mica
refused 2 "is called 'redactr'" explain $ex/redact.mica redactr
refused 2 "is called 'input'" explain $ex/redact.mica input
refused 2 "are both 'sink'" explain $ex/redact.mica sink sink
refused 2 "unexpected 'd'" explain $ex/redact.mica a b d
refused 2 'no claim begins in line 9; there are claims in 27, 28, 29' graph $ex/redact.mica --claim 9
refused 2 'no claim begins in line x' graph $ex/redact.mica --claim x
refused 2 '--dot and --svg: choose one' graph $ex/redact.mica --dot --svg
refused 2 'cannot write' graph $ex/redact.mica --dot -o "$tmp/no/such/dir"
refused 2 'missing option: -o FILE' report $ex/redact.mica
printf 'workflow w {\n  realm a { image any }\n}\n' >"$tmp/any.mica"
refused 2 'cannot read' report "$tmp/any.mica" -o - --token "$tmp/absent"
refused 2 'is not 128 hex digits' report "$tmp/any.mica" -o - --token "$tmp/any.mica" --challenge 00
refused 1 'error P701' report $ex/redact.mica -o - --token $ex/redact.mica
refused 2 "'00' belongs to no --token before it" report $ex/redact.mica -o - --challenge 00
refused 1 'leave --token out' report $ex/webstore.mica -o - --token $ex/redact.mica
mkdir "$tmp/empty"
for c in graph 'report -o -'; do
	if PATH="$tmp/empty" "$mica" $c $ex/redact.mica >"$tmp/out" 2>&1; then bad "$c without dot"
	elif grep -q 'install the package graphviz' "$tmp/out"; then ok
	else bad "$c without dot"; cat "$tmp/out"; fi
done

# ---- diff ----
for f in diff/*.case; do
	awk -v d="$tmp" 'BEGIN { to = d "/old.mica" } /^=== new$/ { to = d "/new.mica"; next } /^=== out$/ { to = d "/want"; next }
		{ print > to }' "$f"
	(cd "$tmp" && : >>want && "$mica" diff old.mica new.mica >out 2>&1; echo "exit $?" >>out)
	if [ -n "${UPDATE:-}" ]; then sed '/^=== out$/q' "$f" >"$tmp/case"; cat "$tmp/out" >>"$tmp/case"; cp "$tmp/case" "$f"; cp "$tmp/out" "$tmp/want"; fi
	if cmp -s "$tmp/want" "$tmp/out"; then ok; else bad "$f"; diff "$tmp/want" "$tmp/out"; fi
	rm -f "$tmp/old.mica" "$tmp/new.mica" "$tmp/want" "$tmp/out"
done

# ---- JSON and SVG are what they say ----
for p in $ex/redact $ex/llm $ex/webstore $ex/fedavg $ex/genomics rights; do
	for a in "explain --json $p.mica" "explain --json $p.mica host" "diff --json $ex/redact.mica $p.mica"; do
		"$mica" $a >"$tmp/out" 2>/dev/null
		if head -c 26 "$tmp/out" | grep -q '^{ "schema": "mica.'"${a%% *}" && [ "$(tail -c 4 "$tmp/out")" = "] }" ]; then ok
		else bad "$a"; fi
	done
	"$mica" graph $p.mica -o "$tmp/out.svg"
	if grep -q '<svg ' "$tmp/out.svg" && [ "$(tail -n 1 "$tmp/out.svg")" = "</svg>" ]; then ok; else bad "graph $p.mica"; fi
done
echo "view: $passed passed, $failed failed"
[ $failed = 0 ]
