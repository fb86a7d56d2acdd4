# SPDX-License-Identifier: Apache-2.0
#
# For the suites of this folder: counts, a scratch folder, and runs of `mica` whose exit code is part of the test.
mica=${MICA:-$PWD/build/bin/mica}
scratch=$(mktemp -d)
passed=0
failed=0
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
out=$scratch/.out
err=$scratch/.err

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED $*"; }

# that NAME COMMAND...: the command succeeds
that() {
	name=$1
	shift
	if "$@" >"$scratch/.that" 2>&1; then pass; else fail "$name"; cat "$scratch/.that"; fi
}

# exits NAME CODE ARGUMENTS...: `mica ARGUMENTS` ends so; its streams are in $out and $err
exits() {
	name=$1
	want=$2
	shift 2
	code=0
	"$mica" "$@" >"$out" 2>"$err" || code=$?
	if [ "$code" = "$want" ]; then pass; else fail "$name: exit $code, not $want"; cat "$out" "$err"; fi
}

says() { grep -qF -- "$2" "$err" && pass || { fail "$1: does not say: $2"; cat "$err"; }; }
prints() { grep -qF -- "$2" "$out" && pass || { fail "$1: does not print: $2"; cat "$out"; }; }
silent() { [ ! -s "$out" ] && [ ! -s "$err" ] && pass || { fail "$1: is not silent"; cat "$out" "$err"; }; }

# golden FILE CODE ARGUMENTS...: `mica ARGUMENTS` says on both streams what the file says, and ends so. UPDATE=1 writes the
# file, which is read before it is committed.
golden() {
	file=$1
	want=$2
	shift 2
	code=0
	"$mica" "$@" >"$out" 2>&1 || code=$?
	[ -z "${UPDATE:-}" ] || cp "$out" "$file"
	if [ "$code" != "$want" ]; then fail "mica $*: exit $code, not $want"; cat "$out"
	elif ! cmp -s "$out" "$file"; then fail "mica $*"; diff "$file" "$out"
	else pass; fi
}

# u64 VALUE: eight bytes, the lowest first
u64() { i=0; v=$1; while [ $i -lt 8 ]; do printf "\\$(printf %o $((v & 255)))"; v=$((v >> 8)); i=$((i + 1)); done; }
# kernel FILE IMAGE-SIZE [FLAGS [OFFSET]]: nothing but the header that every arm64 kernel has, and a page of code
kernel() {
	{ printf '\0\0\0\24\0\0\0\0'; u64 "${4:-0}"; u64 "$2"; u64 "${3:-10}"; u64 0; u64 0; u64 0; printf 'ARM\144\0\0\0\0'
	  head -c 5000 /dev/zero | tr '\0' 'k'; } >"$1"
}

# An end that does not hide a failure: finish NAME
finish() {
	echo "$1: $passed passed, $failed failed"
	[ "$failed" = 0 ]
}
