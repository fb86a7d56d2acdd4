#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# toolchain.sh BUILD [TOKEN]: what `mica check`, `build` and `verify` cost against the size of the policy, in instructions counted by
# callgrind. Lines "count SERIES COMMAND ROLES CHANNELS CLAIMS BYTES START TOOL READ PARSE RESOLVE FLOW BUILD VERIFY SIGNATURE" on the
# standard output:
# START is all before and after main(), nearly all of it the dynamic linker's; TOOL is main() without SIGNATURE, and that is what the
# library takes to check one, with numbers drawn at random (which cost a thousandth more or less). Each is run twice, the second time with
# a larger environment: "repeat N DIFFERENCE PERCENT" is the largest difference of TOOL in N pairs.
#
# Lines "ratio COMMAND POLICY UNIT MEDIAN P10 P90 PAIRS" are of policy_pairs.c: time, in one process.
#
# verify gets a token that BUILD/tests/bench/token makes for the policy, or the one that a run of examples/redact kept (TOKEN). A command
# that does not end with 0 ends the whole.
set -eu
b=$PWD/$1 token=${2:+$PWD/$2} root=$PWD
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
ln -s "$b/bin/mica" "$d/mica"
cp -r examples/redact "$d/"
cd "$d"
challenge=$(printf '%0128x' 1)
: >repeats
: >blob		# the first build replaces one, as all others do: that takes other calls than to make one

# What callgrind_annotate says of the functions that are wanted, in their order, inclusive; it fails if there is no main().
functions="main source_read parse resolve flow_check policy_build verify_token ECDSA_do_verify"
profile() {	# PAD COMMAND...
	pad=$1
	shift
	env -i LC_ALL=C PATH="$PATH" PAD="$pad" valgrind --tool=callgrind --callgrind-out-file=profile "$@" >out 2>err ||
		{ echo "toolchain.sh: $* ends with $?" >&2; grep -v '^==' err >&2; exit 1; }
	callgrind_annotate --inclusive=yes --threshold=100 profile | awk -v names="$functions" '
		BEGIN { n = split(names, name, " ") }
		/PROGRAM TOTALS/ { total = $1; gsub(/,/, "", total) }
		/=>/ { next }
		match($0, /:[A-Za-z_0-9]+ \[/) {
			f = substr($0, RSTART + 1, RLENGTH - 3)
			if (!(f in v)) { v[f] = $1; gsub(/,/, "", v[f]) }
		}
		END {
			if (!("main" in v)) exit 1
			printf "%.0f %.0f", total - v["main"], v["main"] - v["ECDSA_do_verify"]
			for (i = 2; i <= n; i++) printf " %.0f", v[name[i]]
			print ""
		}'
}

row() {	# SERIES COMMAND ROLES CHANNELS CLAIMS FILE ARGUMENT...
	what="count $1 $2 $3 $4 $5 $(wc -c <"$6")"
	command=$2
	shift 5
	first=$(profile '' ./mica "$command" "$@")
	second=$(profile 'a longer environment: the stack begins elsewhere' ./mica "$command" "$@")
	echo "$first $second" | awk '{ print $2, $2 - $11 }' >>repeats
	if [ "$command" = verify ] && [ "${first##* }" = 0 ]; then echo "toolchain.sh: no signature was checked" >&2; exit 1; fi
	echo "$what $first"
}

three() {	# SERIES ROLES CHANNELS CLAIMS FILE: check, build, verify
	row "$1" check "$2" "$3" "$4" "$5"
	row "$1" build "$2" "$3" "$4" "$5" -o blob
	"$b/tests/bench/token" blob "$challenge" >token
	row "$1" verify "$2" "$3" "$4" "$5" token --challenge "$challenge"
}

# The claim that is violated out, and more claims in: each is a search of its own.
policy() {	# ROLES CHANNELS MORE-CLAIMS
	(cd "$root" && sh tests/policy/large.sh "$1" "$2") | awk -v more="$3" -v roles="$1" '
		/never host ~>/ { next }
		/^}/ { for (i = 0; i < more; i++) printf "  never r%d ~> host except via r0\n", 1 + i % (roles - 1) }
		{ print }'
}

# ---- as far as the monitor goes: both at once, then roles, channels and claims alone ----
for n in 2 4 8 16 32 64; do
	policy $n $((4 * n)) 0 >roles$n.mica
	three both $n $((4 * n)) 3 roles$n.mica
done
"$b/tests/bench/policy_pairs" 301 redact/redact.mica roles2.mica roles4.mica roles8.mica roles16.mica roles32.mica roles64.mica
for n in 2 4 8 16 32 64; do
	policy $n 64 0 >p.mica
	three roles $n 64 3 p.mica
done
for n in 64 96 128 192 256; do
	policy 64 $n 0 >p.mica
	three channels 64 $n 3 p.mica
done
for n in 1 2 4 8 16 32 64; do
	policy 64 256 $n >p.mica
	three claims 64 256 $((3 + n)) p.mica
done
three redact 3 2 4 redact/redact.mica
if [ -n "$token" ]; then
	# the challenge as the token has it: what is counted is the check, not whether it is the right one
	challenge=$(od -An -v -t x1 "$token" | tr -d ' \n' | sed 's/.*0a5840\([0-9a-f]\{128\}\).*/\1/')
	row run verify 3 2 4 redact/redact.mica "$token" --challenge "$challenge"
fi

# ---- and beyond ----
for n in 100 300 1000 3000 10000; do
	policy $n $((5 * n)) 0 >p.mica
	row beyond check $n $((5 * n)) 3 p.mica
done
# must claims at their worst: everyone of half the roles to everyone of the other half, by way of one that is in neither
for n in 100 200 400 800 1600; do
	awk -v n=$n 'BEGIN {
		print "workflow star {\n  realm hub { measurement sha256:" sprintf("%064x", n) " }"
		for (i = 0; i < n; i++) printf "  realm r%d { measurement sha256:%064x }\n", i, i
		for (i = 0; i < n; i++) printf (i < n / 2 ? "  channel c%d 4KiB r%d -> hub\n" : "  channel c%d 4KiB hub -> r%d\n"), i, i
		printf "  must {"
		for (i = 0; i < n; i++) printf "%s r%d", i == n / 2 ? " } ~> {" : i ? "," : "", i
		print " }\n}" }' >p.mica
	row must check $((n + 1)) $n 1 p.mica
done
awk '{ d = $2 < 0 ? -$2 : $2; if (d > most) most = d; if (d / $1 > part) part = d / $1 }
	END { printf "repeat %d %.0f %.5f\n", NR, most, part * 100 }' repeats
