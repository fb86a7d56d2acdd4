" SPDX-License-Identifier: Apache-2.0
if exists('b:did_ftplugin')
	finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:##,:#
setlocal formatprg=mica\ fmt\ -
compiler mica
