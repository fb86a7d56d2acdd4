" SPDX-License-Identifier: Apache-2.0
" :make checks the policy in the buffer and puts errors and warnings into the quickfix list.
if exists('current_compiler')
	finish
endif
let current_compiler = 'mica'

CompilerSet makeprg=mica\ check\ --color=never\ %:S
CompilerSet errorformat=%f:%l:%c:\ %trror\ %m,%f:%l:%c:\ %tarning\ %m,%f:%l:%c:\ %tote:\ %m,%-G%.%#
