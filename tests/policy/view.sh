#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# explain, graph and diff print exactly the texts in view/, of the worked policies in examples/policies and of rights.mica; a case in view/diff/ holds an old policy, a
# new one, and what diff says with its exit status. Texts are read before they are committed: UPDATE=1 writes them.
set -u
. tests/policy/lib.sh
cd tests/policy/view
ex=../../../examples/policies

# refused STATUS TEXT ARGUMENTS...: the message, nothing on standard output
refused() {
	want=$1
	text=$2
	shift 2
	"$mica" "$@" >"$scratch/out" 2>"$scratch/err"
	code=$?
	if [ $code = "$want" ] && [ ! -s "$scratch/out" ] && grep -qF -- "$text" "$scratch/err"; then pass
	else fail "$*: exit $code, want $want and '$text'"; cat "$scratch/out" "$scratch/err"; fi
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
printf 'workflow w {\n  realm a { image any }\n  channel c 4KiB a -> nobody\n}\n' >"$scratch/error.mica"
for c in explain graph 'report -o -'; do
	refused 1 'error P601' $c $ex/vendor/aligner.mica
	refused 1 'error P102' $c "$scratch/error.mica"
	refused 2 'cannot read' $c "$scratch/absent.mica"
	refused 2 'missing operand: POLICY' ${c%% *}
	refused 2 "unknown option '--bogus'" ${c%% *} $ex/redact.mica --bogus
done
refused 2 'error P102' diff $ex/redact.mica "$scratch/error.mica"
refused 2 'error P102' diff "$scratch/error.mica" $ex/redact.mica
refused 2 'cannot read' diff $ex/redact.mica "$scratch/absent.mica"
refused 2 'missing operand: POLICY' diff $ex/redact.mica
refused 2 "unexpected '$ex/redact.mica'" diff $ex/redact.mica $ex/redact.mica $ex/redact.mica
refused 2 "is called 'redactr'" explain $ex/redact.mica redactr
refused 2 "is called 'input'" explain $ex/redact.mica input
refused 2 "are both 'sink'" explain $ex/redact.mica sink sink
refused 2 "unexpected 'd'" explain $ex/redact.mica a b d
refused 2 'no claim begins in line 9; there are claims in 27, 28, 29' graph $ex/redact.mica --claim 9
refused 2 'no claim begins in line x' graph $ex/redact.mica --claim x
refused 2 '--dot and --svg: choose one' graph $ex/redact.mica --dot --svg
refused 2 'cannot write' graph $ex/redact.mica --dot -o "$scratch/no/such/dir"
refused 2 'missing option: -o FILE' report $ex/redact.mica
printf 'workflow w {\n  realm a { image any }\n}\n' >"$scratch/any.mica"
refused 2 'cannot read' report "$scratch/any.mica" -o - --token "$scratch/absent"
refused 2 'is not 128 hex digits' report "$scratch/any.mica" -o - --token "$scratch/any.mica" --challenge 00
refused 1 'error P701' report $ex/redact.mica -o - --token $ex/redact.mica
refused 2 "'00' belongs to no --token before it" report $ex/redact.mica -o - --challenge 00
refused 1 'leave --token out' report $ex/webstore.mica -o - --token $ex/redact.mica
mkdir "$scratch/empty"
for c in graph 'report -o -'; do
	if PATH="$scratch/empty" "$mica" $c $ex/redact.mica >"$scratch/out" 2>&1; then fail "$c without dot"
	elif grep -q 'install the package graphviz' "$scratch/out"; then pass
	else fail "$c without dot"; cat "$scratch/out"; fi
done

# ---- diff ----
for f in diff/*.case; do
	awk -v d="$scratch" 'BEGIN { to = d "/old.mica" } /^=== new$/ { to = d "/new.mica"; next } /^=== out$/ { to = d "/want"; next }
		{ print > to }' "$f"
	(cd "$scratch" && : >>want && "$mica" diff old.mica new.mica >out 2>&1; echo "exit $?" >>out)
	if [ -n "${UPDATE:-}" ]; then sed '/^=== out$/q' "$f" >"$scratch/case"; cat "$scratch/out" >>"$scratch/case"; cp "$scratch/case" "$f"; cp "$scratch/out" "$scratch/want"; fi
	if cmp -s "$scratch/want" "$scratch/out"; then pass; else fail "$f"; diff "$scratch/want" "$scratch/out"; fi
	rm -f "$scratch/old.mica" "$scratch/new.mica" "$scratch/want" "$scratch/out"
done

# ---- JSON and SVG are what they say ----
for p in $ex/redact $ex/llm $ex/webstore $ex/fedavg $ex/genomics rights; do
	for a in "explain --json $p.mica" "explain --json $p.mica host" "diff --json $ex/redact.mica $p.mica"; do
		"$mica" $a >"$scratch/out" 2>/dev/null
		if head -c 26 "$scratch/out" | grep -q '^{ "schema": "mica.'"${a%% *}" && [ "$(tail -c 4 "$scratch/out")" = "] }" ]; then pass
		else fail "$a"; fi
	done
	"$mica" graph $p.mica -o "$scratch/out.svg"
	if grep -q '<svg ' "$scratch/out.svg" && [ "$(tail -n 1 "$scratch/out.svg")" = "</svg>" ]; then pass; else fail "graph $p.mica"; fi
done

finish view
