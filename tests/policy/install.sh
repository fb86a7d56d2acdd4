#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `make install` into a folder of its own: what is there works without the tree.
set -u
. tests/policy/lib.sh
to=$scratch/usr

that "make install" make install PREFIX="$to"
that "DESTDIR" make install PREFIX=/opt/mica DESTDIR="$scratch/stage"
that "the same files" [ "$(cd "$to" && find . -type f | sort)" = "$(cd "$scratch/stage/opt/mica" && find . -type f | sort)" ]
mica=$to/bin/mica
for f in bin/mica share/man/man1/mica.1 share/man/man1/mica-fmt.1 share/man/man5/mica-policy.5 share/bash-completion/completions/mica \
	share/zsh/site-functions/_mica share/mica/editors/vim/syntax/mica.vim share/mica/realm/include/mica.h share/mica/abi/mica.h; do
	that "$f" [ -f "$to/$f" ]
done
exits "version" 0 version
(cd "$scratch" && "$mica" init start) >"$out" 2>&1
that "init takes libmica from there" grep -q "^MICA_HOME ?= $to/share/mica$" "$scratch/start/Makefile"
that "and its program" grep -q "^MICA_BIN ?= $to/bin/mica$" "$scratch/start/Makefile"
that "components build over it" make -C "$scratch/start"
exits "build" 0 build "$scratch/start/start.mica"
that "completion is the installed program's" bash -c 'PATH=$1/bin:$PATH; . "$1/share/bash-completion/completions/mica"
	COMP_WORDS=(mica che); COMP_CWORD=1; _mica; [ "${COMPREPLY[*]}" = check ]' sh "$to"

# The images are installed if they were built, and each part that was not is said. They stand for themselves here: a kernel's
# header, and an archive that nobody unpacks.
built=$scratch/built
mkdir -p "$built/bin" "$built/fw" "$built/machine" "$built/realm"
cp "$mica" "$built/bin/mica"
sh tools/install.sh "$built" "$scratch/none" >"$out" 2>"$err"
says "nothing of the machine was built" "the machine's images are not built"
says "nothing of a Linux role was built" "the user space of Linux roles is not built"
that "so it is not there" [ ! -e "$scratch/none/share/mica/realm/initramfs.cpio.gz" ]
echo firmware >"$built/fw/qemu_fw.bios"
echo host >"$built/machine/initramfs.cpio.gz"
kernel "$built/machine/Image" $((4 << 20))
echo role >"$built/realm/initramfs.cpio.gz"
sh tools/install.sh "$built" "$scratch/all" >"$out" 2>"$err"
silent "all was built"
exits "a Linux role from what was installed" 0 pack "$scratch/all/share/mica/machine/Image" \
	--initrd "$scratch/all/share/mica/realm/initramfs.cpio.gz" --cmdline quiet -o "$scratch/role.linux"

# The machine's images: looked for in share/mica if they were installed, else the error says which is missing.
mkdir -p "$to/share/mica/fw"
rm -rf "$to/share/mica/fw/"* "$to/share/mica/machine"
exits "run without images" 2 run "$scratch/start/start.mica" --in input=/dev/null --out output="$scratch/o"
says "run without images" "$to/share/mica/fw/qemu_fw.bios"

finish install
