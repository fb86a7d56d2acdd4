# SPDX-License-Identifier: Apache-2.0
#
# Part of run.sh: files that are made to break the reader. Each is answered, with a clear error and in bounded memory.

# said CODES NAME: the file in $big is refused by those rules alone, in 1 GiB of address space and 20 seconds
said() {
	(ulimit -v 1048576; timeout 20 "$mica" check "$big") >"$out" 2>&1
	code=$?
	if [ $code = 1 ] && [ "$(sed -n 's/^.*: error \([PW][0-9]*\): .*/\1/p' "$out" | sort -u | xargs)" = "$1" ]; then pass
	else fail "$2: exit $code"; head -n 5 "$out" | cut -c 1-200; fi
}

blanks() { head -c "$1" /dev/zero | tr '\0' "$2"; }
many() { yes "$1" | head -n "$2" | tr -d '\n'; }

{ echo 'workflow w {'; blanks 17825792 ' '; echo '}'; } >"$big"
said P005 'a file of 17 MiB'
blanks 104857600 x >"$big"
said P005 'a file of 100 MB'
blanks 16777216 '{' >"$big"
said P020 '16 MiB of braces'
{ echo 'workflow w {'; many '{' 1000000; } >"$big"
said 'P020 P022' 'a million braces in a workflow'
{ echo 'workflow w { realm a {'; many 'image any { ' 100000; } >"$big"
said 'P020 P022' 'nested realms'
{ printf 'workflow w { realm a { image any vcpus '; blanks 1000000 9; echo ' } }'; } >"$big"
said P010 'a number of a million digits'
{ printf 'workflow w { realm '; blanks 1000000 n; echo ' { image any } }'; } >"$big"
said P012 'a name of a million letters'
{ printf 'workflow w { realm a { image "'; blanks 1000000 n; echo '" } }'; } >"$big"
said P009 'a path of a million letters'
{ printf 'workflow w { realm a { image "'; blanks 1000000 n; } >"$big"
said P008 'a string that never ends'
{ printf 'workflow w { realm a { measurement sha256:'; blanks 1000000 0; echo ' } }'; } >"$big"
said P013 'a hash of a million digits'
{ echo 'workflow w { realm a { image any } realm b { image any }'; many 'never x ~> y ' 300000; echo '}'; } >"$big"
said P102 'half a million unknown names on one line'
{ echo 'workflow w { realm a { image any } realm b { image any } never { a'; many ', a' 1000000; echo ' } ~> b }'; } >"$big"
said P105 'a role a million times'
{ echo 'workflow w { realm a { image any } realm b { image any } control a { hostcall'; many ', hostcall' 300000; echo ' } }'; } >"$big"
said P402 'a right many times'
{ printf 'workflow w { # '; many '\303\251' 1000000 | sed 's/\\303\\251/é/g'; echo; many '@ ' 100000; echo '}'; } >"$big"
said P006 'many errors on one line'
printf 'workflow w {\n  realm a { image any }\n}\n\000' >"$big"
said P002 'a NUL byte at the end'
{ printf '\357\273\277'; printf '\357\273\277workflow w { realm a { image any } }\n'; } >"$big"
"$mica" check "$big" >"$out" 2>&1
if [ $? = 1 ] && grep -q 'error P003' "$out"; then pass
else fail 'two byte-order marks'; fi
for n in 1 2 3 5 8 13 21 34 55 89 144 233; do		# a true blob, cut or not, is no policy
	"$mica" build -o "$out.blob" "$root/tests/policy/json/blob.mica" >/dev/null 2>&1
	head -c $((n * 4)) "$out.blob" >"$big"
	"$mica" check "$big" >/dev/null 2>&1
	if [ $? = 1 ]; then pass
	else fail "a blob cut after $((n * 4)) bytes"; fi
done
rm -f "$out.blob"

# A component that is a pipe, and one of 17 MiB.
rm -f "$out.pipe"
mkfifo "$out.pipe"
echo "workflow w { realm a from \"$(basename "$out").pipe\" }" >"$big"
said P601 'a component that is a pipe'
rm -f "$out.pipe"
{ echo 'component k {'; blanks 17825792 ' '; echo '}'; } >"$out.large"
echo "workflow w { realm a from \"$(basename "$out").large\" }" >"$big"
said P005 'a component of 17 MiB'
rm -f "$out.large"

# Few bytes that mean much: a set of 20,000 in 3000 channels, and in as many claims.
roles() { seq -f 'r%.0f' -s ', ' 0 $(($1 - 1)); }
{ echo "workflow w { realm $(roles 20000) { image any } set s = { $(roles 20000) }"; seq -f 'channel c%.0f 4KiB s -> s' 3000; echo '}'; } >"$big"
said P028 'channels between sets'
{ echo "workflow w { realm $(roles 20000) { image any } realm z { image any } set s = { $(roles 20000) }"; many 'never s ~> z ' 3000; echo '}'; } >"$big"
said P028 'claims about sets'
{ echo "workflow w { realm $(roles 20000) { image any }"; many 'never any ~> host ' 3000; echo '}'; } >"$big"
said P028 'claims about any'
# A ring of 20,000: the paths of all claims would be millions of hops. Each verdict is told, the paths as far as there is room.
{ echo "workflow w { realm $(roles 20000) { image \"x\" }"; seq 0 19999 | awk '{ printf "channel c%d 4KiB r%d -> r%d\n", $1, $1, ($1 + 1) % 20000 }'
	seq 500 | awk '{ printf "never r0 ~> r%d\n", 20000 - $1 }'; echo '}'; } >"$big"
said P500 'paths of a ring'

# Far beyond the limits of the monitor: 10,000 roles, 50,000 channels. The page promises a second; a loaded machine gets five.
sh large.sh 10000 50000 >"$big"
(ulimit -v 1048576; timeout 5 "$mica" check "$big") >"$out" 2>&1
if [ $? = 1 ] && grep -q '  3 of 4 claims hold.$' "$out"; then pass
else fail '10,000 roles'; fi
