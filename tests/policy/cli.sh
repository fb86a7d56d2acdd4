#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What is the same for every command: help, exit codes, options, colour; and the promised JSON of each.
set -u
. tests/policy/lib.sh
good=examples/redact/redact.mica
bad=tests/policy/reject/P102_unknown.mica
hex=$(printf '0%.0s' $(seq 128))

json() {	# name, jq expression that must be true of standard output
	jq -e "$2" "$out" >"$scratch/.jq" 2>&1 && pass || { fail "$1: not so: $2"; cat "$scratch/.jq" "$out"; }
}

# ---- help ----

exits "no command" 2
says "no command" "usage: mica COMMAND"
for a in help --help -h; do
	exits "$a" 0 $a
	prints "$a" "usage: mica COMMAND"
done
exits "an unknown command" 2 chekc
says "an unknown command" "no command is called 'chekc': did you mean check?"
exits "help of an unknown command" 2 help nothing
says "help of an unknown command" "no command is called 'nothing'"

"$mica" help --words >"$scratch/words"
commands=$(awk -F '\t' '$1 == "operands" { print $2 }' "$scratch/words")
for c in $commands; do
	exits "$c --help" 0 $c --help
	cp "$out" "$scratch/help"
	[ ! -s "$err" ] && pass || fail "$c --help: writes to standard error"
	for part in "usage: mica $c" "Exit status: 0" "Example:" "--color WHEN" "-h, --help"; do prints "$c --help" "$part"; done
	that "$c --help: lines of a terminal's width" awk 'length > 100 { exit 1 }' "$scratch/help"
	exits "$c -h" 0 $c -h
	that "$c -h" cmp "$scratch/help" "$out"
	exits "help $c" 0 help $c
	that "help $c" cmp "$scratch/help" "$out"
	exits "$c with an unknown option" 2 $c --no-such-option
	says "$c with an unknown option" "mica $c: unknown option '--no-such-option'"
	says "$c with an unknown option" "try \`mica $c --help\`"
	exits "$c with an unknown letter" 2 $c -Z
	says "$c with an unknown letter" "unknown option '-Z'"
	exits "$c with a bad colour" 2 $c --color=blue
	says "$c with a bad colour" "--color: 'blue' is not auto, always or never"
done

# ---- options ----

exits "a near miss" 2 check --jsn $good
says "a near miss" "did you mean --json?"
exits "no operand" 2 check
says "no operand" "missing operand: POLICY"
exits "one too many" 2 check a b
says "one too many" "unexpected 'b'"
exits "a flag with a value" 2 check --json=yes $good
says "a flag with a value" "no value is taken by '--json=yes'"
exits "a value that is missing" 2 build $good -o
says "a value that is missing" "option '-o' needs a value: FILE"
for n in 0 9 -1 1x 99999999999999999999 ''; do
	exits "a number '$n'" 2 measure --image $good --vcpus "$n"
	says "a number '$n'" "--vcpus: '$n' is not a number from 1 to 8"
done
exits "-- ends options" 2 check -- --json
says "-- ends options" "cannot read '--json'"
exits "options behind operands" 0 check $good --json
exits "the last one counts" 0 measure --image $good --memory 1 --memory=16
cp "$out" "$scratch/16"
exits "the default" 0 measure --image $good
that "the last one counts" cmp "$scratch/16" "$out"
exits "-oFILE" 0 build $good -o"$scratch/one"
exits "--output FILE" 0 build $good --output "$scratch/two"
that "-o and --output" cmp "$scratch/one" "$scratch/two"
exits "a blob on standard output" 0 build $good -o -
that "a blob on standard output" cmp "$scratch/one" "$out"
exits "blob and JSON on one stream" 2 build $good -o - --json
exits "run: NAME=FILE" 2 run $good --in input
says "run: NAME=FILE" "--in: 'input' is not NAME=FILE"
exits "run: twice" 2 run $good --in input=/dev/null --in input=/dev/null
says "run: twice" "--in: 'input' is given twice"
exits "measure without anything" 2 measure
exits "measure with both" 2 measure --image $good $good ingest
exits "verify without a challenge" 2 verify $good $good
says "verify without a challenge" "--challenge HEX"
exits "verify with a short one" 2 verify $good $good --challenge 00
says "verify with a short one" "not 128 hex digits"

# ---- standard input ----

exits "check of standard input" 0 check - <$good
prints "check of standard input" "<stdin>"
exits "check of standard input in error" 1 check --json - <$bad
json "check of standard input in error" '.file == "<stdin>" and .diagnostics[0].file == "<stdin>"'
exits "check of a component on standard input" 0 check - <examples/policies/vendor/aligner.mica
exits "check of nothing" 1 check - </dev/null
prints "check of nothing" "<stdin>:1:1"
(cd examples/policies && exec "$mica" check - <genomics.mica) >"$out" 2>"$err"
prints "component files of a policy on standard input" "vendor/aligner.mica"
exits "a component file called -" 1 check - <<-END
	workflow w { realm a from "-" }
END
prints "a component file called -" "cannot read '-'"
exits "explain of standard input" 0 explain - ingest <$good
exits "graph of standard input" 0 graph --dot - <$good
exits "diff with standard input" 0 diff $good - <$good
exits "diff of standard input twice" 2 diff - - <$good
says "diff of standard input twice" "one of the two policies"
exits "run with standard input twice" 2 run - --in input=- <$good
says "run with standard input twice" "standard input can be read once"
exits "run with two windows from standard input" 2 run $good --in a=- --in b=- </dev/null
says "run with two windows from standard input" "standard input can be read once"

# ---- exit codes of what holds, is refused, cannot be read ----

exits "check holds" 0 check $good
exits "check refused" 1 check $bad
exits "check unreadable" 2 check "$scratch/none"
exits "build refused" 1 build $bad
exits "build unreadable" 2 build "$scratch/none"
exits "build unwritable" 2 build $good -o "$scratch/none/blob"
that "no blob of a refused policy" sh -c '! "$0" build "$1" -o "$2" 2>/dev/null && [ ! -e "$2" ]' "$mica" $bad "$scratch/never"
exits "measure of any" 1 measure $good redactor
exits "measure of nobody" 2 measure $good nobody
exits "verify refused" 1 verify $good $good --challenge "$hex"
exits "verify unreadable" 2 verify $good "$scratch/none" --challenge "$hex"
if [ -w /dev/full ]; then
	for c in "help" "version --json" "check $good" "build $good" "fmt - "; do
		code=0
		"$mica" $c <$good >/dev/full 2>"$err" || code=$?
		[ $code = 2 ] && pass || fail "mica $c on a full disk: exit $code"
	done
fi


# ---- a closed stream, and files that are not to be replaced ----

for c in "version" "check $good" "build $good" "build $good -o -" "graph --dot $good" "fmt -"; do
	code=0
	"$mica" $c <$good >&- 2>"$err" || code=$?
	[ $code = 2 ] && pass || fail "mica $c with standard output closed: exit $code"
	says "mica $c with standard output closed" "cannot write"
done
code=0
"$mica" check - <&- >"$out" 2>"$err" || code=$?
[ $code = 2 ] && pass || fail "check of a closed standard input: exit $code"
says "check of a closed standard input" "cannot read"
{ echo first; "$mica" graph --dot $good -o /proc/self/fd/1; } >"$scratch/both"
that "-o a descriptor: behind what is there" grep -q first "$scratch/both"
that "-o a descriptor" grep -q digraph "$scratch/both"
ln -s blob "$scratch/link"
: >"$scratch/blob"
chmod 600 "$scratch/blob"
exits "-o LINK" 0 build $good -o "$scratch/link"
that "-o LINK: it is still a link" test -L "$scratch/link"
that "-o LINK: what it leads to" cmp "$scratch/one" "$scratch/blob"
that "-o over a file: as private as it was" test "$(stat -c %a "$scratch/blob")" = 600

# A result that would replace what it is made of.
cp $good "$scratch/own.mica"
for c in "build $scratch/own.mica" "graph --dot $scratch/own.mica" "report $scratch/own.mica" "pack $scratch/own.mica" \
	"pack $good --initrd $scratch/own.mica"; do
	exits "mica $c over it" 2 $c -o "$scratch/./own.mica"
	says "mica $c over it" "own.mica' would replace what it is made of"
done
cp examples/redact/redactor.bin examples/redact/ingest.bin examples/redact/sink.bin "$scratch"
exits "a console over an input" 2 run $good --in input="$scratch/own.mica" --out output="$scratch/x" --console "$scratch/own.mica"
says "a console over an input" "would overwrite input 'input'"
exits "a console over the policy" 2 run "$scratch/own.mica" --in input=$good --out output="$scratch/x" --console "$scratch/own.mica"
says "a console over the policy" "would overwrite the policy"
that "it is as it was" cmp $good "$scratch/own.mica"

# ---- colour: of messages, on request only where no terminal is ----

esc=$(printf '\033')
coloured() { grep -qF "$esc" "$out" || grep -qF "$esc" "$err"; }
exits "no terminal" 1 check $bad
coloured && fail "colour without a terminal" || pass
exits "--color=always" 1 check $bad --color=always
coloured && pass || fail "no colour with --color=always"
NO_COLOR=1; export NO_COLOR
exits "NO_COLOR" 1 check $bad
coloured && fail "colour with NO_COLOR" || pass
exits "NO_COLOR and always" 1 check $bad --color always
coloured && pass || fail "--color=always is more than NO_COLOR"
unset NO_COLOR
if script -qec true /dev/null >/dev/null 2>&1; then
	script -qec "$mica check $bad" /dev/null >"$out" 2>"$err" </dev/null
	coloured && pass || fail "no colour on a terminal"
	NO_COLOR=1 script -qec "$mica check $bad" /dev/null >"$out" 2>"$err" </dev/null
	coloured && fail "colour on a terminal with NO_COLOR" || pass
	script -qec "$mica check --color=never $bad" /dev/null >"$out" 2>"$err" </dev/null
	coloured && fail "colour on a terminal with --color=never" || pass
fi

# ---- JSON ----

for f in tests/policy/accept/*.mica tests/policy/reject/*.mica; do
	"$mica" check --json "$f" >"$out" 2>/dev/null
	json "check --json $f" '.schema == "mica.check/1" and (.ok | type) == "boolean" and (.claims | type) == "array" and
		(.roles | type) == "array" and all(.diagnostics[]; has("code", "severity", "file", "line", "col", "end_line", "end_col",
		"message", "hints", "related"))' 2>/dev/null ||
	true
done
exits "build --json" 0 build --json $good
json "build --json" '.schema == "mica.build/1" and .ok and (.workflow_id | test("^[0-9a-f]{64}$")) and .blob_bytes == 1920 and
	(.roles | length) == 3 and .roles[1].rim == null and (.roles[0].rim | startswith("sha256:")) and .diagnostics == []'
exits "build --json, refused" 1 build --json $bad
json "build --json, refused" '.ok == false and .workflow_id == null and .roles == [] and .diagnostics[0].code == "P102"'
exits "measure --json" 0 measure --json $good ingest
json "measure --json" '.schema == "mica.measure/1" and .role == "ingest" and (.rim | test("^sha256:[0-9a-f]{64}$"))'
exits "measure --json --sha512" 0 measure --json --image $good --sha512
json "measure --json --sha512" '.role == null and (.rim | test("^sha512:[0-9a-f]{128}$"))'
exits "measure --json of any" 1 measure --json $good redactor
json "measure --json of any" '.schema == "mica.measure/1" and .ok == false and .rim == null and (.error | contains("image any"))'
: >"$scratch/nothing"
exits "measure --json of an empty image" 1 measure --json --image "$scratch/nothing"
json "measure --json of an empty image" '.ok == false and .rim == null and (.error | contains("is empty")) and .diagnostics == []'

# A policy in error: every command with --json gives its object, with the diagnostics.
in_error() {	# schema, ARGUMENTS...
	schema=$1
	shift
	exits "$* in error" "$want" "$@"
	json "$* in error" '.schema == "'"$schema"'" and .ok == false and .diagnostics[0].code == "P102" and
		(.diagnostics[0].line | type) == "number"'
}
want=1
in_error mica.check/1 check --json $bad
in_error mica.build/1 build --json $bad
in_error mica.explain/1 explain --json $bad
in_error mica.measure/1 measure --json $bad a
in_error mica.verify/1 verify --json $bad $good --challenge "$hex"
in_error mica.run/1 run --json $bad
want=2
in_error mica.diff/1 diff --json $bad $good
in_error mica.diff/1 diff --json $good $bad
exits "diff --json of two in error" 2 diff --json $bad tests/policy/reject/P101_twice.mica
json "diff --json of two in error" '[.diagnostics[].file] | unique | length == 2'
exits "explain --json" 0 explain --json $good
json "explain --json" '.schema == "mica.explain/1" and .ok'
exits "diff --json" 0 diff --json $good $good
json "diff --json" '.schema == "mica.diff/1" and .ok and .widened == false'
exits "run --json before a machine" 2 run --json $good --in input="$scratch/none" --out output="$scratch/x"
json "run --json before a machine" '.schema == "mica.run/1" and .ok == false and (.error | contains("cannot read input")) and
	.workflow_id == null and .challenge == null and .diagnostics == []'
exits "run --json and an output on one stream" 2 run --json $good --in input=$good --out output=-
says "run --json and an output on one stream" "standard output takes one of"
exits "two outputs on one stream" 2 run $good --in input=$good --out output=- --token -
exits "version --json" 0 version --json
json "version --json" '.schema == "mica.version/1" and .language == 1 and .blob == 1 and (.mica | type) == "string"'
exits "verify --json, refused" 1 verify --json $good $good --challenge "$hex"
json "verify --json, refused" '.schema == "mica.verify/1" and .ok == false and (.error | length) > 0'
exits "inspect --json" 0 inspect --json "$scratch/one"
json "inspect --json" '.schema == "mica.inspect/1" and .ok and .workflow == "redact" and (.channels | length) == 4 and
	(.channels[] | select(.name == "raw") | .ends | map(select(.writes).role)) == ["ingest"] and (.policy | contains("workflow redact"))'
exits "help --json" 0 help --json
json "help --json" '.schema == "mica.help/1" and ([.commands[].name] | index("check")) != null and
	all(.commands[]; has("name", "what", "operands", "options"))'
exits "help COMMAND --json" 0 help check --json
json "help COMMAND --json" '[.commands[].name] == ["check"]'
exits "help of an unknown command --json" 2 help --json nothing
exits "help COMMAND --words" 0 help check --words
that "help COMMAND --words" awk -F '\t' '$2 != "check" { exit 1 }' "$out"
exits "help --json" 0 help --json
for c in $commands; do
	json "help --json has $c" ".commands[] | select(.name == \"$c\") | .options | map(.name) | contains([\"--color\", \"--help\"])"
done

finish cli
