# SPDX-License-Identifier: Apache-2.0
#
# Completion of `mica` for bash. What there is to complete it asks the program (`mica help --words`), so it fits the
# version that is installed. Source this file, or put it into bash-completion's folder under the name mica.

# What may stand for a metavariable.
_mica_value() {	# metavariable, word so far
	case $1 in
	*POLICY*)	compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -d -- "$2"; compgen -f -X '!*.mica' -- "$2") ;;
	*=FILE)		case $2 in
			*=*)	compopt -o filenames 2>/dev/null
				mapfile -t COMPREPLY < <(compgen -f -- "${2#*=}") ;;
			esac ;;
	*FILE*|*BLOB*|*TOKEN*|*PROGRAM*)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	DIR)		compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	COMMAND)	mapfile -t COMPREPLY < <(compgen -W "$(awk -F '\t' '$1 == "command" { print $2 }' <<<"$3")" -- "$2") ;;
	[a-z]*)		mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2") ;;
	esac
}

_mica() {
	local cur=${COMP_WORDS[COMP_CWORD]} words command='' value='' operands='' i w eq
	COMPREPLY=()
	words=$("${COMP_WORDS[0]}" help --words 2>/dev/null) || return 0
	command=${COMP_WORDS[1]-}
	if [ "$COMP_CWORD" = 1 ]; then
		_mica_value COMMAND "$cur" "$words"
		return 0
	fi
	# bash cuts words at `=`: put together what was cut
	eq=
	i=$COMP_CWORD
	if [ "$cur" = = ]; then
		eq=${COMP_WORDS[i - 1]}
		cur=
	elif [ "${COMP_WORDS[i - 1]}" = = ]; then
		eq=${COMP_WORDS[i - 2]}
		i=$((i - 1))
	fi
	# the option before the cursor that wants a value
	case $eq in
	'')	w=${COMP_WORDS[COMP_CWORD - 1]} ;;
	-*)	w=$eq ;;
	*)	w=${COMP_WORDS[i - 2]} ;;	# --in WINDOW=FILE
	esac
	case $w in
	-*)	value=$(awk -F '\t' -v c="$command" -v o="$w" '$1 == "option" && $2 == c && $3 == o { print $4 }' <<<"$words") ;;
	esac
	if [ -n "$value" ] && [ "$value" != - ]; then
		case $eq in
		''|-*)	_mica_value "$value" "$cur" "$words" ;;
		*)	_mica_value FILE "$cur" "$words" ;;
		esac
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(awk -F '\t' -v c="$command" '$1 == "option" && $2 == c { print $3 }' <<<"$words")" -- "$cur")
	else
		operands=$(awk -F '\t' -v c="$command" '$1 == "operands" && $2 == c { print $5 }' <<<"$words")
		_mica_operand "$cur" "$command" "$operands" "$words"
	fi
	return 0
}

# The operand at the cursor: the first, the second .. of what the command takes.
_mica_operand() {	# word so far, command, operands, words
	local n=0 i w skip=0 v
	local -a takes
	read -r -a takes <<<"$3"
	for ((i = 2; i < COMP_CWORD; i++)); do
		w=${COMP_WORDS[i]}
		if [ $skip = 1 ]; then
			skip=0
			continue
		fi
		case $w in
		-?*)	v=$(awk -F '\t' -v c="$2" -v o="$w" '$1 == "option" && $2 == c && $3 == o { print $4 }' <<<"$4")
			[ -z "$v" ] || [ "$v" = - ] || [ "${COMP_WORDS[i + 1]}" = = ] || skip=1 ;;
		=)	skip=1 ;;
		*)	n=$((n + 1)) ;;
		esac
	done
	[ $n -lt ${#takes[@]} ] || n=$((${#takes[@]} - 1))
	[ $n -lt 0 ] || _mica_value "${takes[n]}" "$1" "$4"
}

complete -F _mica mica
