" SPDX-License-Identifier: Apache-2.0
" Policies of Mica. The words are those of docs/spec/policy-language.md, section 1 and 2.
if exists('b:current_syntax')
	finish
endif

syn case match

syn keyword micaTodo contained TODO FIXME XXX
syn match micaComment /#.*$/ contains=micaTodo,@Spell
syn match micaDoc /^\s*##.*$/ contains=micaTodo,@Spell

" What begins a file or an item.
syn keyword micaFile workflow component
syn keyword micaItem const set realm channel window gate control peer
syn keyword micaClaim never must require except via

" Attributes and rights. They are names elsewhere, so a name that reads like one is shown as one.
syn keyword micaAttribute image measurement memory vcpus native linux restart declassifies from sha256 sha512
syn keyword micaFlag ack signal keep args results
syn keyword micaRight hostcall psci timer audit mmio at interrupts
syn keyword micaDirection in out inout calls serves
syn keyword micaSpecial any host self

syn match micaArrow /<->\|->\|=>\|\~>/
syn match micaNumber /\<\%(0x[0-9a-f]\+\|[0-9]\+\)\%(KiB\|MiB\|GiB\)\?\>/
syn match micaConst /\<[A-Z][A-Z0-9_]*\>/
syn match micaHash /\<\%(sha256:[0-9a-f]\{64}\|sha512:[0-9a-f]\{128}\)\>/
syn region micaString start=/"/ end=/"/ oneline

hi def link micaTodo Todo
hi def link micaComment Comment
hi def link micaDoc SpecialComment
hi def link micaFile Structure
hi def link micaItem Statement
hi def link micaClaim Exception
hi def link micaAttribute Type
hi def link micaFlag StorageClass
hi def link micaRight PreProc
hi def link micaDirection StorageClass
hi def link micaSpecial Special
hi def link micaArrow Operator
hi def link micaNumber Number
hi def link micaConst Constant
hi def link micaHash Number
hi def link micaString String

let b:current_syntax = 'mica'
