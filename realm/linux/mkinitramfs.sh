#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# mkinitramfs.sh BUILD OUT [FILE...]: the user space of a Linux role: busybox, the guest driver, init, and the FILEs in its root. Same
# inputs, same bytes.
set -eu
b=$1 out=$2
shift 2
root=$out.d
rm -rf "$root"
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp"
cp "$b/deps/linux/busybox.arm64" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$b/realm/mica-realm.ko" "$root/mica-realm.ko"
install -m 755 realm/linux/init "$root/init"
for f; do cp "$f" "$root/"; done
find "$root" -exec touch -h -d @0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc --owner 0:0) | gzip -n -9 >"$out.new"
mv "$out.new" "$out"
rm -rf "$root"
