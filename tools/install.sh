#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# install.sh BUILD PREFIX: the program, its man pages, completion and editor files, libmica for `mica init`, and the
# emulated machine's images and the user space of Linux roles if they were built. DESTDIR is put before everything.
set -eu
build=$1
to=${DESTDIR:-}$2
share=$to/share/mica

put() { install -D -m "$1" "$2" "$3"; }

put 755 "$build/bin/mica" "$to/bin/mica"
for f in docs/man/*.[1-9]; do put 644 "$f" "$to/share/man/man${f##*.}/${f##*/}"; done
put 644 completions/mica.bash "$to/share/bash-completion/completions/mica"
put 644 completions/_mica "$to/share/zsh/site-functions/_mica"
for f in $(cd editors && find . -type f); do put 644 "editors/$f" "$share/editors/$f"; done
# what the Makefile of `mica init` compiles components with
for f in realm/*.[chS] realm/component.lds realm/include/*.h abi/*.h; do put 644 "$f" "$share/$f"; done
if [ -f "$build/fw/qemu_fw.bios" ] && [ -f "$build/machine/Image" ] && [ -f "$build/machine/initramfs.cpio.gz" ]; then
	for f in fw/qemu_fw.bios machine/Image machine/initramfs.cpio.gz; do put 644 "$build/$f" "$share/$f"; done
else
	echo "NOTE: the machine's images are not built, so \`mica run\` will not find any (\`make\` builds them)" >&2
fi
# what `mica pack` makes a role of, beside machine/Image
if [ -f "$build/realm/initramfs.cpio.gz" ]; then
	put 644 "$build/realm/initramfs.cpio.gz" "$share/realm/initramfs.cpio.gz"
else
	echo "NOTE: the user space of Linux roles is not built (\`make linux-role\` builds it)" >&2
fi
