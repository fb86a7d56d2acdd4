" SPDX-License-Identifier: Apache-2.0
" Two blanks a brace, as `mica fmt` does.
if exists('b:did_indent')
	finish
endif
let b:did_indent = 1

setlocal indentexpr=MicaIndent(v:lnum)
setlocal indentkeys=0},o,O,!^F
setlocal shiftwidth=2 expandtab

function! s:bare(line)
	return substitute(substitute(a:line, '"[^"]*"', '', 'g'), '#.*', '', '')
endfunction

function! MicaIndent(lnum)
	let l:above = prevnonblank(a:lnum - 1)
	if l:above == 0
		return 0
	endif
	let l:text = s:bare(getline(l:above))
	let l:indent = indent(l:above) + (len(substitute(l:text, '[^{]', '', 'g')) > len(substitute(l:text, '[^}]', '', 'g')) ? 2 : 0)
	return getline(a:lnum) =~# '^\s*}' ? l:indent - 2 : l:indent
endfunction
