#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# mkinitramfs.sh BUILD OUT: the host's whole user space. Same inputs, same bytes.
set -eu
root=$1/machine/root
rm -rf "$root"
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys"
cp "$1/deps/linux/busybox.arm64" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$1/host/mica.ko" "$root/mica.ko"
aarch64-linux-gnu-strip -o "$root/mica-vmm" "$1/host/mica-vmm"
install -m 755 machine/init "$root/init"
find "$root" -exec touch -h -d @0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc --owner 0:0) | gzip -n -9 >"$2.new"
mv "$2.new" "$2"
