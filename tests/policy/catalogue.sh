# SPDX-License-Identifier: Apache-2.0
#
# Part of run.sh: the catalogue of docs/spec/policy-language.md against the cases and against the compiler.

spec=$root/docs/spec/policy-language.md
rows=$(sed -n 's/^| \([PW][0-9][0-9][0-9]\) | .*/\1/p' "$spec" | sort)

# Every row stands once and has a case that breaks it, and every case breaks the row it is named after, and no other.
for row in $rows; do
	case $row in
	P005 | P028) set -- hostile.sh ;;	# files too large to keep
	*) set -- $(ls reject/"$row"_*.mica build/"$row"_*.mica run/"$row"_*.mica warn/"$row"_*.mica 2>/dev/null) ;;
	esac
	if [ $# -gt 0 ]; then pass
	else fail "no case for $row"; fi
done
if [ -z "$(echo "$rows" | uniq -d)" ]; then pass
else fail "rows that stand twice: $(echo "$rows" | uniq -d | tr '\n' ' ')"; fi
for f in reject/P*.err build/P*.err run/P*.err; do
	row=$(basename "$f" | cut -c 1-4)
	if [ "$(sed -n 's/^.*: error \([PW][0-9]*\): .*/\1/p' "$f" | sort -u)" = "$row" ]; then pass
	else fail "$f: not $row alone"; fi
done
for f in warn/W*.out; do
	row=$(basename "$f" | cut -c 1-4)
	if [ "$(sed -n 's/^.*: [a-z]* \([PW][0-9]*\): .*/\1/p' "$f" | sort -u)" = "$row" ]; then pass
	else fail "$f: not $row alone"; fi
done

# The compiler knows no code that the catalogue does not, and the other way round.
used=$(grep -oh '"[PW][0-9][0-9][0-9]"' "$root"/policy/compiler/*.c | tr -d '"' | sort -u)
for code in $used; do
	if echo "$rows" | grep -q "$code"; then pass
	else fail "$code is in no row"; fi
done
for row in $rows; do
	if echo "$used" | grep -q "$row"; then pass
	else fail "nothing in the compiler says $row"; fi
done
